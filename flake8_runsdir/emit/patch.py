"""What a fix would change, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from flake8_runsdir.emit.cells import displayed
from flake8_runsdir.emit.paint import BRIGHT_BLUE, DIM_GREEN, DIM_RED, GREEN, RED, Paint
from flake8_runsdir.report import Edit, Excerpt, Fix

_LINE_END = re.compile(r"\r\n?|\n")
_RULER = "-" * 80


class _Change(NamedTuple):
    """Whole rows that give way to others; ``row`` is the first of them."""

    row: int
    old: tuple[str, ...]
    new: tuple[str, ...]


class _Line(NamedTuple):
    """A line of the patch: its row in the new text, 0 if it is gone, and the sign before it."""

    row: int
    sign: str
    text: str


def patch(fix: Fix, excerpt: Excerpt, paint: Paint) -> Iterator[str]:
    """Yield the lines of a patch with one line of context, without line ends.

    There are none if the excerpt does not show what the fix would change.
    """
    changes = _changes(fix.edits, excerpt)
    if not changes:
        return
    lines = list(_lines(changes, excerpt))
    digits = len(str(max((line.row for line in lines), default=0)))
    bar = paint("|", BRIGHT_BLUE)
    margin = f"{paint(' ' * digits, BRIGHT_BLUE)} {bar}"
    yield margin
    for row, sign, text in lines:
        label = paint((str(row) if row else "").ljust(digits), BRIGHT_BLUE)
        if sign == " ":
            yield f"{label} {bar} {text}" if text else f"{label} {bar}"
        elif sign:
            bold, dim = (RED, DIM_RED) if sign == "-" else (GREEN, DIM_GREEN)
            yield f"{label} {paint(sign, bold)}" + (f" {paint(text, dim)}" if text else "")
        else:
            yield _RULER
    yield margin


def _lines(changes: Sequence[_Change], excerpt: Excerpt) -> Iterator[_Line]:
    """Yield the changed rows and their neighbours; a gap in the text is a line without a sign."""
    shift = following = 0
    for change in changes:
        before = change.row - 1
        if 0 < following < before:
            yield from _context(following, shift, excerpt)
        if 0 < following < before - 1:
            yield _Line(0, "", "")
        if following <= before:
            yield from _context(before, shift, excerpt)
        for text in change.old:
            yield _Line(0, "-", displayed(text))
        for index, text in enumerate(change.new):
            yield _Line(change.row + shift + index, "+", displayed(text))
        shift += len(change.new) - len(change.old)
        following = change.row + len(change.old)
    yield from _context(following, shift, excerpt)


def _context(row: int, shift: int, excerpt: Excerpt) -> Iterator[_Line]:
    text = _row(excerpt, row)
    is_end = row == excerpt.row + len(excerpt.lines) - 1 and text == ""
    if text is not None and not is_end:
        yield _Line(row + shift, " ", displayed(text))


def _changes(edits: Sequence[Edit], excerpt: Excerpt) -> list[_Change]:
    """Return what edits do to whole rows; nothing if that cannot be told of one of them."""
    changes: list[_Change] = []
    for group in _groups(sorted(edits, key=lambda edit: edit[1:])):
        change = _change(group, excerpt)
        if change is None:
            return []
        if change.old or change.new:
            changes.append(change)
    return changes


def _groups(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """Yield the edits that share rows."""
    group: list[Edit] = []
    for edit in edits:
        if group and edit.row > group[-1].end_row:
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _change(group: Sequence[Edit], excerpt: Excerpt) -> _Change | None:
    first, last = group[0].row, max(edit.end_row for edit in group)
    rows = [_row(excerpt, row) for row in range(first, last + 1)]
    if rows[-1] is None and _leaves_next_row(group[-1]):
        rows[-1] = ""
    lines = [row for row in rows if row is not None]
    if len(lines) < len(rows) or excerpt.skipped:
        return None
    pieces, row, column = [], first, 1
    for edit in group:
        if (edit.row, edit.column) < (row, column):
            return None  # edits that overlap have no outcome
        pieces += [_between(lines, first, (row, column), (edit.row, edit.column)), edit.content]
        row, column = edit.end_row, edit.end_column
    pieces.append(lines[row - first][column - 1 :])
    return _trimmed(_Change(first, tuple(lines), tuple(_LINE_END.split("".join(pieces)))))


def _leaves_next_row(edit: Edit) -> bool:
    """Tell whether the row that an edit ends on stays a row, whatever its text."""
    starts_row = edit.content.endswith(("\n", "\r")) or (not edit.content and edit.column == 1)
    return edit.end_column == 1 and starts_row


def _between(lines: Sequence[str], first: int, start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return the text from one row and column to another; ``first`` is the row of the lines."""
    rows = list(lines[start[0] - first : end[0] - first + 1])
    rows[-1] = rows[-1][: end[1] - 1]
    rows[0] = rows[0][start[1] - 1 :]
    return "\n".join(rows)


def _trimmed(change: _Change) -> _Change:
    """Return a change without the rows at its ends that stay as they are."""
    row, old, new = change
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new))))
    row, old, new = row + same, old[same:], new[same:]
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old[::-1], new[::-1]))))
    return _Change(row, old[: len(old) - same], new[: len(new) - same])


def _row(excerpt: Excerpt, row: int) -> str | None:
    index = row - excerpt.row
    return excerpt.lines[index] if 0 <= index < len(excerpt.lines) else None
