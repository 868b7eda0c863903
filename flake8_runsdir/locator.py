"""From offsets in a text to rows, columns and excerpts: the edge where coordinates change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from flake8_runsdir import diagnostic as inside
from flake8_runsdir.diagnostic import Diagnostic, LineIndex
from flake8_runsdir.notebook import Notebook
from flake8_runsdir.report import Edit, Excerpt, Fix, Located
from flake8_runsdir.rules import find

#: How many lines stand around a finding in its excerpt, and around an edit in those of its fix; how
#: many an excerpt has at most, and how much of a long one is quoted.
_AROUND, _AROUND_EDIT, _MOST_ROWS, _WIDTH = 2, 1, 24, 400

_IN_NOTEBOOK = "fixes are not made in notebooks"


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
        fix, obstacle = diagnostic.remedy.fix, diagnostic.remedy.obstacle
        if fix is not None and self._notebook is not None:
            fix, obstacle = None, _IN_NOTEBOOK
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
            excerpt=self._excerpt(self._around(row, end_row), column),
            fix=None if fix is None else self._fix(fix),
            obstacle=obstacle,
            fingerprint=diagnostic.fingerprint,
        )

    def _fix(self, fix: inside.Fix) -> Fix:
        edits = tuple(map(self._edit, fix.edits))
        return Fix(fix.applicability.value, fix.message, edits, tuple(self._changed(edits)))

    def _edit(self, edit: inside.Edit) -> Edit:
        row, column = self.lines.place(edit.span.start)
        end_row, end_column = self.lines.place(edit.span.end)
        return Edit(edit.content, row, column + 1, end_row, end_column + 1)

    def _changed(self, edits: Sequence[Edit]) -> Iterator[Excerpt]:
        """Yield the rows that edits touch, and their neighbours; stretches that meet are one."""
        # What stands behind the last line end is no row to its readers.
        bottom = len(self.lines) - self._text.endswith(("\n", "\r"))
        rows = range(0)
        left = 0
        for edit in edits:
            first = max(edit.row - _AROUND_EDIT, 1)
            last = min(edit.end_row + _AROUND_EDIT, bottom)
            if rows and first > rows.stop:
                yield self._excerpt(rows, left)
                rows = range(0)
            left = min(left, edit.column - 1) if rows else edit.column - 1
            rows = range(rows.start if rows else first, max(rows.stop, last + 1))
        if rows:
            yield self._excerpt(rows, left)

    def _cell(self, row: int) -> tuple[int | None, int]:
        """Return the number of the cell that a row is in, and how many rows stand before it."""
        if self._notebook is None:
            return None, 0
        cell, row_in_cell = self._notebook.cell_of(row)
        return cell, row - row_in_cell

    def _around(self, row: int, end_row: int) -> range:
        """Return the rows around a finding, of which none is in another cell."""
        _, shift = self._cell(row)
        first, last = max(row - _AROUND, 1 + shift), min(end_row + _AROUND, len(self.lines))
        while self._cell(last)[1] != shift and last > row:
            last -= 1
        return range(first, last + 1)

    def _excerpt(self, rows: range, column: int) -> Excerpt:
        """Return what is quoted of some rows, if what matters begins at a column (0-based)."""
        skipped = column - _WIDTH // 4 if column > _WIDTH // 2 else 0
        _, shift = self._cell(rows.start)
        quoted = (self._line(row, skipped) for row in rows[:_MOST_ROWS])
        return Excerpt(rows.start - shift, tuple(quoted), skipped)

    def _line(self, row: int, skipped: int) -> str:
        """Return what is quoted of a line, without its end."""
        line = self.lines.line(row)
        start = min(line.start + skipped, line.end)
        return self._text[start : min(start + _WIDTH, line.end)]
