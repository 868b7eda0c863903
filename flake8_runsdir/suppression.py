"""Suppression comments in Ruff's own notation, which flake8 does not know.

``# ruff: noqa`` and ``# ruff: file-ignore[...]`` speak for a file, ``# ruff: ignore[...]`` for a
line, ``# ruff: disable[...]`` and ``# ruff: enable[...]`` for a range.  They mean here what they
mean to Ruff (0.17): codes are spelled in full and in capitals, a malformed comment has no effect,
and one inside a string is no comment at all.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from flake8_runsdir.diagnostic import Diagnostic
from flake8_runsdir.source import Comment, Source

_FILE_NOQA = re.compile(r"#[ \t]*ruff[ \t]*:[ \t]*(?i:noqa)(?P<colon>[ \t]*:)?(?P<codes>[^#]*)")
_PRAGMA = re.compile(
    r"#[ \t]*ruff[ \t]*:[ \t]*(?P<verb>ignore|disable|enable|file-ignore)"
    r"[ \t]*\[(?P<codes>[^\]#]*)\]"
)
_CODE = re.compile(r"[A-Z]+[0-9]+\Z")
_INNER = ("body", "orelse", "finalbody", "handlers", "cases", "decorator_list")
_NOQA_CODE = re.compile(r"[A-Z]+[0-9]+(?![^\s,#])")


@dataclass(frozen=True)
class _Range:
    """Rows, 1-based and both included, in which some codes are suppressed; ``None`` means all."""

    first: int
    last: int
    codes: frozenset[str] | None

    def covers(self, code: str, first: int, last: int) -> bool:
        inside = self.first <= first and last <= self.last
        return inside and (self.codes is None or code in self.codes)


class Suppressions:
    """The suppressions that the comments of one source ask for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines: dict[int, list[_Range]] = {}
        self._ranges: list[_Range] = []
        if "ruff" in source.text:
            self._rows = _Rows(source)
            self._read([comment for comment in source.comments if "ruff" in comment.text])
        self._ranges.sort(key=lambda found: found.first)
        self._starts = [found.first for found in self._ranges]
        self._reach = list(accumulate((found.last for found in self._ranges), max))

    def cover(self, diagnostic: Diagnostic) -> bool:
        """Tell whether a diagnostic is suppressed."""
        first, _ = self._source.lines.place(diagnostic.span.start)
        last, _ = self._source.lines.place(max(diagnostic.span.end - 1, diagnostic.span.start))
        code = diagnostic.code
        if any(found.covers(code, first, first) for found in self._lines.get(first, ())):
            return True
        number = bisect_right(self._starts, first) - 1
        while number >= 0 and self._reach[number] >= last:
            if self._ranges[number].covers(code, first, last):
                return True
            number -= 1
        return False

    def _read(self, comments: Iterable[Comment]) -> None:
        end = len(self._source.lines)
        open_ranges: dict[tuple[int, tuple[str, ...]], list[int]] = {}
        for comment in comments:
            row, column = self._source.lines.place(comment.span.start)
            own_line = self._rows.is_own_line(comment)
            noqa = _FILE_NOQA.search(comment.text)
            if noqa is not None and own_line:
                self._file_noqa(noqa, end)
            pragma = _PRAGMA.search(comment.text)
            codes = _codes(pragma["codes"]) if pragma is not None else None
            if pragma is None or codes is None:
                continue
            verb = pragma["verb"]
            if verb == "ignore":
                self._add_line(self._rows.target(row, own_line, frozenset(codes)))
            elif verb == "file-ignore":
                if own_line and column == 0:
                    self._ranges.append(_Range(1, end, frozenset(codes)))
            elif own_line and not self._rows.is_inside(row):
                self._pair(verb, row, open_ranges.setdefault((column, codes), []), column, codes)
        for (column, codes), rows in open_ranges.items():
            for row in rows:
                self._ranges.append(
                    _Range(row, self._rows.block_end(row, column), frozenset(codes))
                )

    def _add_line(self, found: _Range) -> None:
        for row in range(found.first, found.last + 1):
            self._lines.setdefault(row, []).append(found)

    def _file_noqa(self, noqa: re.Match[str], end: int) -> None:
        if noqa["colon"] is None:
            if not noqa["codes"].strip() or noqa["codes"][0].isspace():
                self._ranges.append(_Range(1, end, None))
            return
        codes = frozenset(_NOQA_CODE.findall(noqa["codes"]))
        if codes:
            self._ranges.append(_Range(1, end, codes))

    def _pair(
        self, verb: str, row: int, opened: list[int], column: int, codes: tuple[str, ...]
    ) -> None:
        """Open a range, or close the first open one with the same codes and indentation."""
        if verb == "disable":
            opened.append(row)
        elif opened and self._rows.block_end(opened[0], column) >= row:
            self._ranges.append(_Range(opened.pop(0), row, frozenset(codes)))


class _Rows:
    """The logical lines of a source, by row."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._headers: dict[int, int] = {}
        self._inner: set[int] = set()
        self._dedents: dict[int, list[int]] = {}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.stmt):
                last = _header_end(node)
                self._headers[node.lineno] = max(last, self._headers.get(node.lineno, 0))
        for first, last in self._headers.items():
            self._inner.update(range(first + 1, last + 1))
        self._firsts = sorted(self._headers)
        texts = ((row, self._text(row).strip()) for row in range(1, len(source.lines) + 1))
        self._coded = [row for row, text in texts if text and not text.startswith("#")]
        self._string_starts: dict[int, int] = {}
        for first, last in source.long_strings:
            self._string_starts.setdefault(last, first)

    def _text(self, row: int) -> str:
        lines = self._source.lines
        end = lines.line_start(row + 1) if row < len(lines) else len(self._source.text)
        return self._source.text[lines.line_start(row) : end]

    def is_own_line(self, comment: Comment) -> bool:
        """Tell whether nothing but white space stands before a comment."""
        row, column = self._source.lines.place(comment.span.start)
        return not self._text(row)[:column].strip()

    def is_inside(self, row: int) -> bool:
        """Tell whether a row stands inside a logical line that began above it."""
        return row in self._inner

    def target(self, row: int, own_line: bool, codes: frozenset[str]) -> _Range:
        """Return the rows that a comment on a row speaks for."""
        if not own_line:
            return _Range(self._string_start(row), row, codes)
        following = self._following(row)
        last = following if self.is_inside(row) else self._headers.get(following, following)
        return _Range(following, last, codes)

    def _following(self, row: int) -> int:
        """Return the next row that holds code."""
        number = bisect_right(self._coded, row)
        return self._coded[number] if number < len(self._coded) else row

    def _string_start(self, row: int) -> int:
        """Return the row where the string literal begins that ends on a row."""
        return self._string_starts.get(row, row)

    def block_end(self, row: int, column: int) -> int:
        """Return the last row of the block that a comment at a column stands in."""
        if column not in self._dedents:
            texts = ((first, self._text(first)) for first in self._firsts)
            self._dedents[column] = [
                first for first, text in texts if len(text) - len(text.lstrip()) < column
            ]
        dedents = self._dedents[column]
        number = bisect_right(dedents, row)
        return dedents[number] - 1 if number < len(dedents) else len(self._source.lines)


def _header_end(node: ast.stmt) -> int:
    """Return the last row of a simple statement, or of the header of a compound one."""
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not isinstance(body, list):
        return node.end_lineno or node.lineno
    inside = {id(part) for name in _INNER for part in getattr(node, name, ())}
    ends = [
        getattr(part, "end_lineno", 0) or 0
        for child in ast.iter_child_nodes(node)
        if id(child) not in inside
        for part in ast.walk(child)
    ]
    return max([node.lineno, *ends])


def _codes(text: str) -> tuple[str, ...] | None:
    """Return the codes of a list, in its order; ``None`` if it is empty or malformed."""
    codes = [code.strip() for code in text.split(",")]
    if codes and not codes[-1]:
        codes.pop()
    return tuple(codes) if codes and all(map(_CODE.match, codes)) else None
