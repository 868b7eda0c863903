"""One source text, parsed, with its comments and its coordinates."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from flake8_runsdir.diagnostic import LineIndex, Span

#: Comments, and what may hold a ``#`` that begins none.  Every alternative is linear.
_LEXEME = re.compile(
    r"""(?P<comment>\#[^\r\n]*)"""
    r'''|"""(?:[^"\\]|\\.|"(?!""))*(?:"""|\Z)'''
    r"""|'''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z)"""
    r'''|"(?:[^"\\\r\n]|\\.)*"'''
    r"""|'(?:[^'\\\r\n]|\\.)*'""",
    re.DOTALL,
)

_LONGEST_LINE = 5_000


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
        return cls(path, text, ast.parse(text))

    @cached_property
    def lines(self) -> LineIndex:
        """The line index of the text."""
        return LineIndex(self.text)

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """All comments, in order."""
        if sys.version_info >= (3, 12) and self._is_tame:
            # Only a tokenizer sees through an f-string in which its own quotes stand again.
            readline = io.StringIO(self.text).readline
            with suppress(tokenize.TokenError, SyntaxError):
                tokens = list(tokenize.generate_tokens(readline))
                found = (token for token in tokens if token.type == tokenize.COMMENT)
                return tuple(self._comment(*token.start, token.string) for token in found)
        return tuple(
            Comment(match["comment"], Span(match.start(), match.end()))
            for match in self._lexemes
            if match["comment"] is not None
        )

    @property
    def _is_tame(self) -> bool:
        """Whether the tokenizer, which copies a line for every token, is fast with the text."""
        return "\r" not in self.text and max(map(len, self.text.split("\n"))) < _LONGEST_LINE

    def _comment(self, row: int, column: int, text: str) -> Comment:
        start = self.lines.line_start(row) + column
        return Comment(text, Span(start, start + len(text)))

    @cached_property
    def long_strings(self) -> tuple[tuple[int, int], ...]:
        """The first and the last row (1-based) of every literal that spans several rows."""
        rows = (
            (self.lines.place(match.start())[0], self.lines.place(match.end())[0])
            for match in self._lexemes
            if match["comment"] is None
        )
        return tuple((first, last) for first, last in rows if first != last)

    @cached_property
    def _lexemes(self) -> tuple[re.Match[str], ...]:
        return tuple(_LEXEME.finditer(self.text))

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """Return where a node stands."""
        start = self.lines.offset(node.lineno, node.col_offset)
        if node.end_lineno is None or node.end_col_offset is None:
            return Span(start, start)
        return Span(start, self.lines.offset(node.end_lineno, node.end_col_offset))
