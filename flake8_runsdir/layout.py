"""The layout of a Python text: its comments, long strings, logical lines and blocks.

It is read by a scanner of its own, in one pass and in linear time, alike on every version of
Python; ``tokenize`` copies a line for every token.  A text that Python cannot parse has a layout,
too, but not one that means much.  All offsets are in characters and 0-based.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

_COMMON = r"""
    (?P<comment>\#[^\r\n]*)
    | (?P<newline>\r\n|\r|\n)
    | (?P<continuation>\\(?:\r\n|\r|\n))
    | (?P<escape>\\.)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<prefix>(?<!\w)(?i:fr?|rf|tr?|rt))?(?P<quote>\"\"\"|'''|"|')
"""
_IN_CODE = re.compile(_COMMON, re.VERBOSE)
_IN_FIELD = re.compile(_COMMON + "| (?P<colon>:)", re.VERBOSE)
_QUOTES = ("'", '"', "'''", '"""')
#: A string behind its quote.  A long one without an end goes on to the end of the text.
_IN_STRING = {
    "'": re.compile(r"[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'", re.DOTALL),
    '"': re.compile(r'[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"', re.DOTALL),
    "'''": re.compile(r"[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'''|\\?\Z)", re.DOTALL),
    '"""': re.compile(r'[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|\\?\Z)', re.DOTALL),
}
_IN_TEMPLATE = {
    quote: re.compile(
        r"(?P<name>\\N\{[^{}'\"\r\n]*\})|\\[^{}]|\{\{|(?P<field>\{)|(?P<end>" + quote + ")",
        re.DOTALL,
    )
    for quote in _QUOTES
}
_IN_FORMAT = {quote: re.compile(r"(?P<field>\{)|(?P<close>\})|" + quote) for quote in _QUOTES}
_INDENTATION = re.compile(r"[ \t\f]*")
_LINE_END = re.compile(r"[\r\n]")
_TAB = 8


class LongString(NamedTuple):
    """A literal that stands on several rows; an f-string is one, whatever its fields hold.

    ``is_open`` tells whether its quotes let a line end stand without a backslash: behind the end
    of such a literal, and of every f-string, is the place of its ``noqa`` comment.
    """

    start: int
    end: int
    is_open: bool


class Step(NamedTuple):
    """A place where a block begins, with its indentation, or where one ends, with none."""

    offset: int
    indentation: str


class Layout(NamedTuple):
    """The layout of a text.  Every list is in the order of the text."""

    #: Where the comments begin and end.
    comments: list[tuple[int, int]]
    #: The outermost literals that stand on several rows.
    long_strings: list[LongString]
    #: The backslashes that join a row to the next one, outside of literals.
    continuations: list[int]
    #: The line ends that are neither joined nor in a literal; the end of the text may be one.
    line_ends: list[int]
    #: Those of them that end more than a comment.
    full_line_ends: list[int]
    #: Where the logical lines begin, and the line ends that end them.
    logical_starts: list[int]
    logical_ends: list[int]
    steps: list[Step]

    def is_inside(self, offset: int) -> bool:
        """Tell whether an offset lies in a logical line that began before it."""
        return bisect_left(self.logical_starts, offset) > bisect_left(self.logical_ends, offset)

    def is_before_step(self, offset: int) -> bool:
        """Tell whether the next logical line behind a place between two begins or ends a block."""
        step = bisect_left(self.steps, Step(offset, ""))
        if step == len(self.steps) or self.is_inside(offset):
            return False
        line = bisect_left(self.logical_starts, offset)
        is_last = line == len(self.logical_starts)
        return is_last or self.steps[step].offset <= self.logical_starts[line]


def read(text: str) -> Layout:
    """Return the layout of a text."""
    return _Scanner(text).scan()


class _Frame(NamedTuple):
    """What the scanner is inside of: a ``bracket``, or a part of an f-string.

    The parts are its literal text (``template``), a replacement field (``field``) and the format
    behind a field's colon (``format``).
    """

    kind: str
    quote: str = ""
    start: int = 0
    is_raw: bool = False


class _Scanner:
    """Reads a text from left to right, with an explicit stack."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._layout = Layout([], [], [], [], [], [], [], [])
        self._frames: list[_Frame] = []
        self._templates = 0
        self._line_start = 0
        self._is_full = False
        self._is_logical = False
        self._columns = [0]

    def scan(self) -> Layout:
        """Read the whole text."""
        position, end = 0, len(self._text)
        while position < end:
            kind = self._frames[-1].kind if self._frames else ""
            if kind == "template":
                position = self._read_template(self._frames[-1], position)
            elif kind == "format":
                position = self._read_format(self._frames[-1], position)
            else:
                position = self._read_code(_IN_FIELD if kind == "field" else _IN_CODE, position)
        self._frames.clear()
        if self._is_logical:
            self._end_line(end, end)
        self._layout.steps.extend(Step(end, "") for _ in self._columns[1:])
        return self._layout

    def _read_code(self, pattern: re.Pattern[str], position: int) -> int:
        match = pattern.search(self._text, position)
        start = len(self._text) if match is None else match.start()
        kind = "" if match is None else match.lastgroup
        if not self._is_full:
            is_code = kind in ("open", "close", "quote", "colon", "escape")
            if is_code or self._text[position:start].strip():
                self._begin_line()
        if match is None:
            return start
        if kind == "quote":
            return self._read_string(match)
        if kind == "comment":
            self._layout.comments.append(match.span())
        elif kind == "newline":
            self._end_line(start, match.end())
        elif kind == "continuation":
            self._layout.continuations.append(start)
        elif kind != "escape":
            self._read_bracket(match[0])
        return match.end()

    def _read_bracket(self, character: str) -> None:
        """Read a bracket, or the colon behind which the format of a field stands."""
        if character in "([{":
            self._frames.append(_Frame("bracket"))
        elif character == ":":
            self._frames[-1] = self._frames[-1]._replace(kind="format")
        elif self._frames and (self._frames[-1].kind == "bracket" or character == "}"):
            self._frames.pop()

    def _read_string(self, match: re.Match[str]) -> int:
        quote = match["quote"]
        if match["prefix"]:
            is_raw = "r" in match["prefix"].lower()
            self._frames.append(_Frame("template", quote, match.start(), is_raw))
            self._templates += 1
            return match.end()
        rest = _IN_STRING[quote].match(self._text, match.end())
        if rest is None:
            return match.end()
        self._add_string(match.start(), rest.end(), len(quote) > 1)
        return rest.end()

    def _read_template(self, frame: _Frame, position: int) -> int:
        match = _IN_TEMPLATE[frame.quote].search(self._text, position)
        if match is None:
            return len(self._text)
        if match.lastgroup == "field":
            self._frames.append(frame._replace(kind="field"))
        elif match.lastgroup == "end":
            self._frames.pop()
            self._templates -= 1
            self._add_string(frame.start, match.end(), True)
        elif match.lastgroup == "name" and frame.is_raw:
            return match.start() + len("\\N")
        return match.end()

    def _read_format(self, frame: _Frame, position: int) -> int:
        match = _IN_FORMAT[frame.quote].search(self._text, position)
        if match is None:
            return len(self._text)
        if match.lastgroup == "field":
            self._frames.append(frame._replace(kind="field"))
            return match.end()
        self._frames.pop()
        return match.end() if match.lastgroup == "close" else match.start()

    def _add_string(self, start: int, end: int, is_open: bool) -> None:
        if not self._templates and _LINE_END.search(self._text, start, end):
            self._layout.long_strings.append(LongString(start, end, is_open))

    def _begin_line(self) -> None:
        """Begin a line that holds more than a comment, and maybe a logical line and a block."""
        self._is_full = True
        if self._is_logical:
            return
        self._is_logical = True
        match = _INDENTATION.match(self._text, self._line_start)
        indentation = match[0] if match else ""
        start = self._line_start + len(indentation)
        self._layout.logical_starts.append(start)
        column = _column(indentation)
        if column > self._columns[-1]:
            self._columns.append(column)
            self._layout.steps.append(Step(start, indentation))
        while column < self._columns[-1]:
            self._columns.pop()
            self._layout.steps.append(Step(start, ""))

    def _end_line(self, start: int, end: int) -> None:
        self._layout.line_ends.append(start)
        if self._is_full:
            self._layout.full_line_ends.append(start)
        if self._is_logical and not self._frames:
            self._layout.logical_ends.append(start)
            self._is_logical = False
        self._line_start = end
        self._is_full = False


def _column(indentation: str) -> int:
    """Return the column (0-based) behind an indentation, as Python counts it."""
    return len(indentation.rpartition("\f")[2].expandtabs(_TAB))
