"""The lines of the source around a finding, with carets below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flake8_runsdir.emit.cells import CUT, displayed, width
from flake8_runsdir.emit.paint import BRIGHT_BLUE, BRIGHT_RED, Paint
from flake8_runsdir.report import Excerpt, Located

#: How many rows are shown before a finding and after it.
_CONTEXT = 2
#: How many characters of a line are shown, and how many of them before a finding far to the right.
_WIDEST = 140
_BEFORE = 60


def frame(found: Located, location: str, paint: Paint) -> Iterator[str]:
    """Yield the lines of a frame, without line ends; the first names the location.

    Without an excerpt that line is all.
    """
    excerpt = _narrowed(_context(found), found)
    last = excerpt.row + len(excerpt.lines) - 1
    digits = len(str(last)) if excerpt.lines else 0
    yield " " * digits + paint("--> ", BRIGHT_BLUE) + location
    if not excerpt.lines:
        return
    bar = paint("|", BRIGHT_BLUE)
    yield f"{' ' * digits} {bar}"
    body = _several_rows if found.end_row > found.row else _one_row
    for row, text in body(found, excerpt, paint):
        label = paint(str(row).rjust(digits), BRIGHT_BLUE) if row else " " * digits
        yield f"{label} {bar} {text}" if text else f"{label} {bar}"
    if last > found.end_row:
        yield f"{' ' * digits} {bar}"


class _Line(NamedTuple):
    """A line of the frame: the row that it shows, 0 if none, and what stands behind the bar."""

    row: int
    text: str


def _context(found: Located) -> Excerpt:
    """Return the rows to be shown: no blank ones at either end."""
    row, lines, skipped = found.excerpt
    first = max(found.row - _CONTEXT, row)
    last = min(found.end_row + _CONTEXT, row + len(lines) - 1)
    if not row <= found.row <= last:
        return Excerpt(row, ())
    while first < found.row and not lines[first - row].strip():
        first += 1
    while last > found.end_row and not lines[last - row].strip():
        last -= 1
    return Excerpt(first, lines[first - row : last - row + 1], skipped)


def _narrowed(excerpt: Excerpt, found: Located) -> Excerpt:
    """Return the part of long lines that holds the finding, with a sign at the right of a cut."""
    start = found.column - 1 - excerpt.skipped
    end = found.end_column - 1 - excerpt.skipped if found.end_row == found.row else start
    too_wide = any(len(line) > _WIDEST for line in excerpt.lines)
    left = max(0, start - _BEFORE) if too_wide and end > _WIDEST - _BEFORE else 0
    lines = (
        line[left : left + _WIDEST] + CUT if len(line) > left + _WIDEST else line[left:]
        for line in excerpt.lines
    )
    return Excerpt(excerpt.row, tuple(lines), excerpt.skipped + left)


def _one_row(found: Located, excerpt: Excerpt, paint: Paint) -> Iterator[_Line]:
    for row, line in enumerate(excerpt.lines, excerpt.row):
        yield _Line(row, _text(line, excerpt))
        if row == found.row:
            start = _cells_before(line, found.column, excerpt)
            end = _cells_before(line, found.end_column, excerpt)
            yield _Line(0, " " * start + paint("^" * max(end - start, 1), BRIGHT_RED))


def _several_rows(found: Located, excerpt: Excerpt, paint: Paint) -> Iterator[_Line]:
    """Yield the lines with a bracket at their left that leads from the start to the end."""
    bracket = paint("|", BRIGHT_RED)
    for row, line in enumerate(excerpt.lines, excerpt.row):
        text = _text(line, excerpt)
        mark = bracket if found.row < row <= found.end_row else " "
        start = _cells_before(line, found.column, excerpt)
        from_margin = row == found.row and not line[: found.column - 1 - excerpt.skipped].strip()
        if from_margin:
            mark = paint("/", BRIGHT_RED)
        yield _Line(row, f"{mark} {text}" if text else mark.strip())
        if row == found.row and not from_margin:
            yield _Line(0, paint(" " + "_" * (start + 1) + "^", BRIGHT_RED))
        if row == found.end_row:
            end = max(_cells_before(line, found.end_column, excerpt), 1)
            yield _Line(0, paint("|" + "_" * end + "^", BRIGHT_RED))


def _text(line: str, excerpt: Excerpt) -> str:
    return (CUT if excerpt.skipped else "") + displayed(line)


def _cells_before(line: str, column: int, excerpt: Excerpt) -> int:
    """Return how many cells stand before a column, 1-based; a place that is cut off is the cut."""
    cut = len(CUT) if excerpt.skipped else 0
    return cut + width(displayed(line[: max(0, column - 1 - excerpt.skipped)]))
