"""The rows of a source, as one who inserts whole lines sees them."""

from __future__ import annotations

import ast
from bisect import bisect_left

from flake8_runsdir.source import Source

_BLANKS = " \t\f"


class Rows:
    """The rows (1-based) of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._text = source.text
        self._lines = source.lines

    @property
    def end(self) -> int:
        """The row behind the last one; a row that holds nothing, not even a line end, is none."""
        count = len(self._lines)
        return count if self._lines.line_start(count) == len(self._text) else count + 1

    def start(self, row: int) -> int:
        """Return the offset where a row begins, the end of the text for a row behind it."""
        if row > len(self._lines):
            return len(self._text)
        return self._lines.line_start(row)

    def at(self, offset: int) -> int:
        """Return the row of an offset."""
        return self._lines.place(offset)[0]

    def text(self, row: int) -> str:
        """Return a row without its line end."""
        return self._text[self.start(row) : self._lines.line(row).end]

    def newline(self, row: int) -> str:
        r"""Return how a row ends, or else the one before or behind it, or else ``\n``."""
        for near in (row, row - 1, row + 1):
            if 0 < near < len(self._lines):
                return self._text[self._lines.line(near).end : self._lines.line_start(near + 1)]
        return "\n"

    def is_open(self, offset: int) -> bool:
        """Tell whether an offset is the end of a last row that no line end ends."""
        return offset == len(self._text) > 0 and self._text[-1] not in "\r\n"

    def is_blank(self, row: int) -> bool:
        """Tell whether a row holds nothing."""
        return not self.text(row).strip(_BLANKS)

    def is_comment(self, row: int) -> bool:
        """Tell whether a row holds a comment and nothing else."""
        text = self.text(row)
        if not text.lstrip(_BLANKS).startswith("#"):
            return False  # to read the layout takes long
        start = self.start(row) + len(text) - len(text.lstrip(_BLANKS))
        comments = self.source.layout.comments
        found = bisect_left(comments, (start, 0))
        return found < len(comments) and comments[found][0] == start

    def first(self, statement: ast.stmt) -> int:
        """Return the row where a statement begins, its decorators included."""
        return min(node.lineno for node in _beginnings(statement))

    def last(self, statement: ast.stmt) -> int:
        """Return the row where a statement ends."""
        return statement.end_lineno or statement.lineno

    def indentation(self, statement: ast.stmt) -> str | None:
        """Return what stands in front of a statement in its row; none if it begins no line."""
        row = self.first(statement)
        start = min(self.source.span(node).start for node in _beginnings(statement))
        text = self._text[self.start(row) : start]
        indentation = text[: len(text) - len(text.lstrip(_BLANKS))]
        sign = "@" if row < statement.lineno else ""
        begins = text.strip(_BLANKS) == sign and not self._is_continued(row - 1)
        return indentation if begins else None

    def ends_row(self, statement: ast.stmt) -> bool:
        """Tell whether nothing but a comment stands behind a statement in its last row."""
        end = self.source.span(statement).end
        rest = self._text[end : self._lines.line(self.last(statement)).end].strip(_BLANKS)
        return not rest or rest.startswith("#")

    def has_comment(self, statement: ast.stmt) -> bool:
        """Tell whether a comment stands in a statement, or behind it in its last row."""
        start = self.source.span(statement).start
        stop = self._lines.line(self.last(statement)).end
        if "#" not in self._text[start:stop]:
            return False
        comments = self.source.layout.comments
        return bisect_left(comments, (start, 0)) < bisect_left(comments, (stop, 0))

    def _is_continued(self, row: int) -> bool:
        """Tell whether a backslash joins a row to the next one."""
        if row < 1 or not self.text(row).endswith("\\"):
            return False
        end = self._lines.line(row).end - 1
        continuations = self.source.layout.continuations
        found = bisect_left(continuations, end)
        return found < len(continuations) and continuations[found] == end


def _beginnings(statement: ast.stmt) -> list[ast.stmt | ast.expr]:
    """Return the nodes of which one begins a statement."""
    return [statement, *getattr(statement, "decorator_list", ())]
