"""Comments that suppress what a file is reported for, written as Ruff (0.17) writes them.

They stand where they have an effect, or are not written at all: never inside a literal, and not
behind a ``noqa`` that is malformed.  Other than with Ruff, what stands behind a list of codes stays
when codes are added to it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from flake8_runsdir.diagnostic import Diagnostic
from flake8_runsdir.directives import Directive
from flake8_runsdir.layout import LongString
from flake8_runsdir.pragmas import has_shebang
from flake8_runsdir.source import Source
from flake8_runsdir.suppression import Suppressions

_LINE_END = re.compile(r"\r\n|\n|\r")
_BLANK = " \t\f"


class Annotated(NamedTuple):
    """A text with comments added to it, and to how many lines."""

    text: str
    added: int


def add_noqa(
    source: Source, suppressions: Suppressions, diagnostics: Iterable[Diagnostic], reason: str = ""
) -> Annotated:
    """Return a text with ``# noqa: ...`` for diagnostics that no comment suppresses yet.

    ``reason`` is written behind the codes; it has to be one line.
    """
    lines = _Lines(source, "# noqa: ", "", reason)
    for diagnostic in diagnostics:
        row = suppressions.noqa_row(diagnostic.span)
        if suppressions.takes_noqa(row) and not lines.ends_in_literal(row):
            lines.add(row, diagnostic.code, suppressions.noqa_at(row))
    return lines.written()


def add_ignore(
    source: Source, suppressions: Suppressions, diagnostics: Iterable[Diagnostic], reason: str = ""
) -> Annotated:
    """Return a text with ``# ruff: ignore[...]`` for diagnostics, as :func:`add_noqa` does it."""
    lines = _Lines(source, "# ruff: ignore[", "]", reason)
    for diagnostic in diagnostics:
        start = diagnostic.span.start
        directive = suppressions.ignore_at(start)
        if directive is not None:
            lines.add(source.lines.place(directive.span.start)[0], diagnostic.code, directive)
            continue
        row = suppressions.noqa_row(diagnostic.span)
        if lines.ends_in_literal(row):
            row = lines.row_of_line_end(row)
        if not lines.ends_in_literal(row) and lines.speak_from(row) <= start:
            lines.add(row, diagnostic.code, None)
    return lines.written()


class _Addition:
    """The codes that come to the end of a row, into a directive if there is one."""

    def __init__(self) -> None:
        self.codes: set[str] = set()
        self.directive: Directive | None = None


class _Lines:
    """The lines of a source, and what is to be added to them.  Rows are 1-based."""

    def __init__(self, source: Source, before: str, behind: str, reason: str) -> None:
        self._source = source
        self._before = before
        self._behind = behind
        self._reason = reason
        self._additions: dict[int, _Addition] = {}
        self._speech: dict[int, int] = {}

    def add(self, row: int, code: str, directive: Directive | None) -> None:
        """Add a code to a row, or to a directive on it."""
        addition = self._additions.setdefault(row, _Addition())
        addition.codes.add(code)
        addition.directive = addition.directive or directive

    def ends_in_literal(self, row: int) -> bool:
        """Tell whether a row ends inside a literal."""
        literal = self._literal(row)
        return literal is not None and self._source.lines.line(row).end < literal.end

    def row_of_line_end(self, row: int) -> int:
        """Return the row where the line ends that goes on behind the literal that a row ends in."""
        layout, literal = self._source.layout, self._literal(row)
        end = literal.end if literal is not None else self._source.lines.line(row).end
        number = bisect_left(layout.line_ends, end)
        return self._source.lines.place(layout.line_ends[number])[0]

    def speak_from(self, row: int) -> int:
        """Return the offset from which a ``# ruff: ignore[...]`` at the end of a row speaks."""
        if row not in self._speech:
            line = self._source.lines.line(row)
            line_ends = self._source.layout.line_ends
            number = bisect_left(line_ends, line.end) - 1
            before = line_ends[number] if number >= 0 else 0
            text = self._source.text[line.start : line.end]
            if not text.strip(_BLANK):  # then it speaks for what follows
                before = 0 if row == 2 and has_shebang(self._source) else line.end
            self._speech[row] = before
        return self._speech[row]

    def _literal(self, row: int) -> LongString | None:
        """Return the last literal of several rows that begins on a row or above it."""
        strings, line = self._source.layout.long_strings, self._source.lines.line(row)
        number = bisect_left(strings, LongString(line.end, 0, False)) - 1
        return strings[number] if number >= 0 else None

    def written(self) -> Annotated:
        """Return the text with all additions."""
        text = self._source.text
        first = _LINE_END.search(text)
        line_end = first[0] if first is not None else "\n"
        pieces: list[str] = []
        position = 0
        for row in sorted(self._additions):
            line = self._source.lines.line(row)
            written = self._line(row, text[line.start : line.end])
            pieces += [text[position : line.start], written, line_end]
            ending = _LINE_END.match(text, line.end)
            position = ending.end() if ending is not None else line.end
        pieces.append(text[position:])
        return Annotated("".join(pieces), len(self._additions))

    def _line(self, row: int, line: str) -> str:
        """Return a line with its additions, without its end."""
        addition = self._additions[row]
        directive, codes, rest = addition.directive, list(addition.codes), ""
        if directive is not None:
            start = self._source.lines.line_start(row)
            codes += [code.text for code in directive.codes or ()]
            line, rest = line[: directive.span.start - start], line[directive.end - start :]
        reason = f" {self._reason}" if self._reason else ""
        comment = f"{self._before}{', '.join(sorted(codes))}{self._behind}{reason}{rest.rstrip()}"
        if directive is not None and not line.strip(_BLANK):
            return line + comment
        line = line.rstrip()
        return f"{line}  {comment}" if line else comment
