"""One source text, parsed, with its comments and its coordinates."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, field
from functools import cached_property

from flake8_runsdir import layout
from flake8_runsdir.diagnostic import LineIndex, Span
from flake8_runsdir.layout import Layout


@dataclass(frozen=True)
class Comment:
    """A comment: its text from the ``#`` on, and where it stands."""

    text: str
    span: Span


@dataclass(frozen=True, eq=False)
class Source:
    """A Python source text that has been parsed.

    ``path`` is the name by which the file is known to the user; it is matched against patterns and
    never opened.
    """

    path: str
    text: str
    tree: ast.Module = field(repr=False)

    @classmethod
    def parse(cls, path: str, text: str) -> Source:
        """Parse a text.

        Raises what ``ast.parse`` raises: ``SyntaxError``, ``ValueError``, ``RecursionError`` and
        ``MemoryError``.
        """
        with warnings.catch_warnings():
            # What a compiler would warn of is for its users; turned into errors, it would be ours.
            warnings.simplefilter("ignore")
            return cls(path, text, ast.parse(text))

    @cached_property
    def lines(self) -> LineIndex:
        """The line index of the text."""
        return LineIndex(self.text)

    @cached_property
    def layout(self) -> Layout:
        """The layout of the text."""
        return layout.read(self.text)

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """All comments, in order."""
        return tuple(
            Comment(self.text[start:end], Span(start, end)) for start, end in self.layout.comments
        )

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """Return where a node stands."""
        start = self.lines.offset(node.lineno, node.col_offset)
        if node.end_lineno is None or node.end_col_offset is None:
            return Span(start, start)
        return Span(start, self.lines.offset(node.end_lineno, node.end_col_offset))
