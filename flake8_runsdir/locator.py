"""From offsets in a text to rows, columns and excerpts: the edge where coordinates change."""

from __future__ import annotations

from functools import cached_property

from flake8_runsdir.diagnostic import Diagnostic, LineIndex
from flake8_runsdir.notebook import Notebook
from flake8_runsdir.report import Excerpt, Located
from flake8_runsdir.rules import find

#: How many lines stand around a finding in its excerpt, how many it has at most, and how much of a
#: long one is quoted.
_AROUND, _MOST_ROWS, _WIDTH = 2, 24, 400


class Locator:
    """Locates the diagnostics of one file.

    ``text`` is what the file shows to its readers, ``path`` its absolute name; ``notebook`` is
    given if the text is that of its cells.
    """

    def __init__(self, path: str, text: str, notebook: Notebook | None = None) -> None:
        self._path = path
        self._text = text
        self._notebook = notebook

    @cached_property
    def lines(self) -> LineIndex:
        """The line index of the text."""
        return LineIndex(self._text)

    def locate(self, diagnostic: Diagnostic, noqa_row: int | None = None) -> Located:
        """Return a diagnostic with rows and columns.

        ``noqa_row`` is the row of the text, 1-based, whose end is the place of a ``noqa`` comment;
        by default the last row of the diagnostic.
        """
        row, column = self.lines.place(diagnostic.span.start)
        end_row, end_column = self.lines.place(diagnostic.span.end)
        cell, shift = self._cell(row)
        rule = find(diagnostic.code)
        return Located(
            self._path,
            row - shift,
            column + 1,
            max(end_row - shift, row - shift),
            end_column + 1,
            diagnostic.code,
            rule.name if rule is not None else "",
            diagnostic.message,
            noqa_row=(end_row if noqa_row is None else noqa_row) - shift,
            cell=cell,
            excerpt=self._excerpt(row, column, end_row, shift),
        )

    def _cell(self, row: int) -> tuple[int | None, int]:
        """Return the number of the cell that a row is in, and how many rows stand before it."""
        if self._notebook is None:
            return None, 0
        cell, row_in_cell = self._notebook.cell_of(row)
        return cell, row - row_in_cell

    def _excerpt(self, row: int, column: int, end_row: int, shift: int) -> Excerpt:
        first = max(row - _AROUND, 1 + shift)
        last = min(end_row + _AROUND, len(self.lines), first + _MOST_ROWS - 1)
        skipped = column - _WIDTH // 4 if column > _WIDTH // 2 else 0
        rows = [number for number in range(first, last + 1) if self._cell(number)[1] == shift]
        quoted = (self._line(number, skipped) for number in rows)
        return Excerpt(first - shift, tuple(quoted), skipped)

    def _line(self, row: int, skipped: int) -> str:
        """Return what is quoted of a line, without its end."""
        line = self.lines.line(row)
        start = min(line.start + skipped, line.end)
        return self._text[start : min(start + _WIDTH, line.end)]
