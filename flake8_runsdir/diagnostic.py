"""Where something stands in a text, and what is said of it.

Inside the package there is one coordinate: the offset in characters, 0-based.  Rows, columns and
UTF-8 bytes exist at the edges only, and :class:`LineIndex` converts them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import accumulate

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of a text: offsets in characters, 0-based, ``end`` exclusive."""

    start: int
    end: int


class Applicability(Enum):
    """How far a fix can be trusted."""

    SAFE = "safe"  # the program does what it did, as long as nothing is configured
    UNSAFE = "unsafe"  # it may do something else
    DISPLAY = "display"  # it is to be looked at and never applied


@dataclass(frozen=True, order=True)
class Edit:
    """A replacement of a stretch of a text; where the stretch is empty, an insertion."""

    span: Span
    content: str


@dataclass(frozen=True)
class Fix:
    """What would resolve a finding: edits in the order of the text, of which none overlap."""

    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Remedy:
    """What would resolve a finding, or else what stands in the way of it, in a few words."""

    fix: Fix | None = None
    obstacle: str = ""


#: Nothing is known of a remedy, nor of what stands in its way.
NO_REMEDY = Remedy()


@dataclass(frozen=True)
class Finding:
    """A rule's answer: where, the values that its message is filled with, and what can be done."""

    span: Span
    values: Mapping[str, str] = field(default_factory=dict)
    remedy: Remedy = NO_REMEDY


@dataclass(frozen=True, order=True)
class Diagnostic:
    """A finding as people and tools see it: stamped with its code and its message.

    ``fingerprint`` names what stands there, wherever that is; it is empty for a text that was not
    checked.
    """

    span: Span
    code: str
    message: str
    remedy: Remedy = field(default=NO_REMEDY, compare=False)
    fingerprint: str = field(default="", compare=False)


class LineIndex:
    r"""The lines of one text, as the Python grammar counts them.

    Lines end at ``\n``, ``\r\n`` or ``\r`` and nowhere else (``str.splitlines`` would also split at
    form feeds and at U+2028).
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = _starts(text)
        self._ascii = text.isascii()
        #: Where the characters of one row end, in bytes: the row that was asked for last.
        self._row = 0
        self._bytes: list[int] = []

    def offset(self, row: int, byte_column: int) -> int:
        """Return the offset of a place given as ``ast`` gives it.

        ``row`` is 1-based, ``byte_column`` 0-based and counted in UTF-8 bytes.  A place behind the
        end of its line is the end of the text at most.
        """
        row = min(row, len(self._starts))
        start = self._starts[row - 1]
        if self._ascii:
            return min(start + byte_column, len(self._text))
        if row != self._row:
            end = self._starts[row] if row < len(self._starts) else len(self._text)
            widths = (len(char.encode("utf-8", "surrogatepass")) for char in self._text[start:end])
            self._row, self._bytes = row, list(accumulate(widths))
        return start + bisect_right(self._bytes, byte_column)

    def place(self, offset: int) -> tuple[int, int]:
        """Return the row (1-based) and the column (0-based, in characters) of an offset."""
        row = bisect_right(self._starts, offset)
        return row, offset - self._starts[row - 1]

    def line_start(self, row: int) -> int:
        """Return the offset at which a row (1-based) begins."""
        return self._starts[row - 1]

    def line(self, row: int) -> Span:
        """Return where a row (1-based) stands, its line end left out."""
        start = self._starts[row - 1]
        if row == len(self._starts):
            return Span(start, len(self._text))
        end = self._starts[row]
        return Span(start, end - (2 if self._text.startswith("\r\n", end - 2) else 1))

    def __len__(self) -> int:
        return len(self._starts)


def _starts(text: str) -> list[int]:
    """Return the offsets at which the lines of a text begin."""
    if "\r" not in text:  # nearly always, and three times as fast
        lengths = map(len, text.split("\n")[:-1])
        return list(accumulate((length + 1 for length in lengths), initial=0))
    return [0, *(match.end() for match in _LINE_END.finditer(text))]
