"""What a fix would change, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from flake8_runsdir.emit.cells import CUT, displayed
from flake8_runsdir.emit.paint import BRIGHT_BLUE, DIM_GREEN, DIM_RED, GREEN, RED, Paint
from flake8_runsdir.report import Edit, Fix

_LINE_END = re.compile(r"\r\n?|\n")
_RULER = "-" * 80


class _Line(NamedTuple):
    """A line of the patch: its row in the new text, 0 if it is gone, and the sign before it."""

    row: int
    sign: str
    text: str


class _Row(NamedTuple):
    """What is quoted of a row, and how many characters have been cut off before it."""

    text: str
    skipped: int = 0

    def displayed(self) -> str:
        """Return the row as a terminal shows it, with a sign where it was cut."""
        return (CUT if self.skipped else "") + displayed(self.text)


class _Change(NamedTuple):
    """Whole rows that give way to others; ``row`` is the first of them."""

    row: int
    old: tuple[_Row, ...]
    new: tuple[_Row, ...]


def patch(fix: Fix, paint: Paint) -> Iterator[str]:
    """Yield the lines of a patch with one line of context, without line ends.

    There are none if the excerpts of the fix do not show all that it would change.
    """
    rows = {
        number: _Row(text, excerpt.skipped)
        for excerpt in fix.excerpts
        for number, text in enumerate(excerpt.lines, excerpt.row)
    }
    changes = _changes(fix.edits, rows)
    if not changes:
        return
    lines = list(_lines(changes, rows))
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


def _lines(changes: Sequence[_Change], rows: Mapping[int, _Row]) -> Iterator[_Line]:
    """Yield the changed rows and their neighbours; a gap in the text is a line without a sign."""
    shift = following = 0
    for change in changes:
        before = change.row - 1
        if 0 < following < before:
            yield from _context(following, shift, rows)
        if 0 < following < before - 1:
            yield _Line(0, "", "")
        if following <= before:
            yield from _context(before, shift, rows)
        for row in change.old:
            yield _Line(0, "-", row.displayed())
        for index, row in enumerate(change.new):
            yield _Line(change.row + shift + index, "+", row.displayed())
        shift += len(change.new) - len(change.old)
        following = change.row + len(change.old)
    yield from _context(following, shift, rows)


def _context(number: int, shift: int, rows: Mapping[int, _Row]) -> Iterator[_Line]:
    if number in rows:
        yield _Line(number + shift, " ", rows[number].displayed())


def _changes(edits: Sequence[Edit], rows: Mapping[int, _Row]) -> list[_Change]:
    """Return what edits do to whole rows; nothing if that cannot be told of one of them."""
    changes: list[_Change] = []
    for group in _groups(sorted(edits, key=lambda edit: edit[1:])):
        change = _change(group, rows)
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


def _change(group: Sequence[Edit], rows: Mapping[int, _Row]) -> _Change | None:
    first, last = group[0].row, max(edit.end_row for edit in group)
    old = [rows[number] for number in range(first, last + 1) if number in rows]
    if len(old) == last - first and last not in rows and _leaves_next_row(group[-1]):
        old.append(_Row(""))
    if len(old) <= last - first:
        return None
    skipped = old[0].skipped
    pieces, position = [], (first, 1 + skipped)
    for edit in group:
        start, end = (edit.row, edit.column), (edit.end_row, edit.end_column)
        if start < position or not all(_is_quoted(old, first, place) for place in (start, end)):
            return None  # edits that overlap have no outcome, and what is cut off is not known
        pieces += [_between(old, first, position, start), edit.content]
        position = end
    pieces.append(old[position[0] - first].text[position[1] - 1 - skipped :])
    new = (_Row(text, skipped) for text in _LINE_END.split("".join(pieces)))
    return _trimmed(_Change(first, tuple(old), tuple(new)))


def _leaves_next_row(edit: Edit) -> bool:
    """Tell whether the row that an edit ends on stays a row, whatever its text."""
    starts_row = edit.content.endswith(("\n", "\r")) or (not edit.content and edit.column == 1)
    return edit.end_column == 1 and starts_row


def _is_quoted(rows: Sequence[_Row], first: int, place: tuple[int, int]) -> bool:
    """Tell whether a row and column are in what is quoted; ``first`` is the first of the rows."""
    text, skipped = rows[place[0] - first]
    return 0 < place[1] - skipped <= len(text) + 1


def _between(rows: Sequence[_Row], first: int, start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return the text from one row and column to another; ``first`` is the first of the rows."""
    quoted = list(rows[start[0] - first : end[0] - first + 1])
    texts = [row.text for row in quoted]
    texts[-1] = texts[-1][: end[1] - 1 - quoted[-1].skipped]
    texts[0] = texts[0][start[1] - 1 - quoted[0].skipped :]
    return "\n".join(texts)


def _trimmed(change: _Change) -> _Change:
    """Return a change without the rows at its ends that stay as they are."""
    row, old, new = change
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new))))
    row, old, new = row + same, old[same:], new[same:]
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old[::-1], new[::-1]))))
    return _Change(row, old[: len(old) - same], new[: len(new) - same])
