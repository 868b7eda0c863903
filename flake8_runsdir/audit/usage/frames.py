"""The constructs that are open at a place: calls, substitutions, lists and strings.

What decides about a mention is the command or call that it is an argument of, and not what else is
on its line.  No language is parsed here: strings are paired within a line, brackets are counted,
and what they cannot explain changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from flake8_runsdir.audit.languages import Kind

_CLOSERS = {"`": "`", "(": ")", "[": "]", "{": "}"}
#: What opens a construct inside of a string.
_INTERPOLATIONS = ("$(", "$((", "${", "#{", "`")


class Frame(NamedTuple):
    """A construct that is open: what has opened it, and what is in it in front of the place.

    ``opener`` is a quote or a bracket with what belongs to it (``$(``), and empty for the line
    itself.  ``text`` begins behind the last separator in the construct and leaves out what is in
    brackets that are closed; ``whole`` is all of it.
    """

    opener: str
    text: str
    whole: str
    is_string: bool = False


class Command(NamedTuple):
    """The simple command around a mention, as far as it goes in front of it.

    ``opener`` is what has opened the construct that it is in, ``quote`` that of the string that the
    mention is in, if it is in one.
    """

    opener: str
    words: str
    quote: str


class _Syntax(NamedTuple):
    """What opens, closes and parts constructs in a kind of languages.

    ``raw`` are the quotes of strings in which nothing is replaced; ``listing`` are separators that
    count in brackets only, ``ending`` those that count outside of lists and arguments only.
    """

    tokens: re.Pattern[str]
    raw: str = ""
    listing: str = ""
    ending: str = ""


def _syntax(escape: str, quotes: str, opens: str, ends: str, **more: str) -> _Syntax:
    tokens = rf"{escape}.|(?P<quote>{quotes})|(?P<open>{opens})|(?P<close>[)\]}}`])|(?P<end>{ends})"
    return _Syntax(re.compile(tokens, re.DOTALL), **more)


_SHELL = _syntax(
    r"\\",
    "[\"']",
    r"\$\(\(?|\$\{|[<>]\(|\(|\{(?=\s)|`",
    r";;|;|&&|\|\||\|&|\||(?<![<>])&(?!>)",
    raw="'",
)
_POWERSHELL = _syntax("`", "[\"']", r"[$@]?\(|@?\{|\$\{", r";|&&|\|\|?", raw="'")
_PROGRAM = _syntax(r"\\", "[\"'`]", r"[$#]?\{|[(\[]", r"[,;\n]", ending="\n")
_DATA = _syntax(r"\\", "[\"']", r"[(\[{]", ",", raw="\"'", listing=",")
_SYNTAXES = {
    Kind.SHELL: _SHELL,
    Kind.MAKE: _SHELL,
    Kind.DOCKER: _SHELL,
    Kind.BATCH: _syntax(r"\^", '"', r"\(", r"&&?|\|\|?", raw='"'),
    Kind.POWERSHELL: _POWERSHELL,
    Kind.SCRIPT: _PROGRAM,
    Kind.CODE: _PROGRAM,
}
#: In front of a bracket that is a part of the command: a list that is assigned, a condition.
_LISTS = re.compile(r"(?:=\s*|^\s*ifn?eq\s*)\Z", re.MULTILINE)
_PROSE = re.compile(r"\w[.,;:!?)]?\s+[(\w]")


def is_prose(around: Sequence[Frame], left: str, right: str) -> bool:
    """Tell whether the string that a place is in is made of words.

    ``around`` are the constructs that are open there, ``left`` and ``right`` the line around what
    stands in the place, which is all in a string if none is open.
    """
    if around[0].is_string:
        left, right = around[0].whole, right.partition(around[0].opener)[0]
    return _PROSE.search(f"{left}x{right}") is not None


def frames(kind: Kind, rows: Sequence[str], left: str, right: str) -> list[Frame]:
    """Return the constructs that are open at the end of ``left``, the innermost first.

    ``rows`` are lines above that the place is a part of, the uppermost first; ``right`` is what
    follows in the line.  The last frame is that of the line or, if there are, the rows.
    """
    scan = _Scan(_SYNTAXES.get(kind, _DATA))
    for row in rows:
        scan.read(row + "\n", "")
    scan.read(left, right)
    return scan.frames()


def simple_command(around: Sequence[Frame]) -> Command:
    """Return the simple command that the innermost of some constructs are a part of."""
    words, quote = "", ""
    for number, one in enumerate(around):
        words = one.text + words
        outer = around[number + 1].text if number + 1 < len(around) else ""
        is_list = one.opener == "@(" or (one.opener == "(" and _LISTS.search(outer))
        if not (one.is_string or is_list or one.opener in ("${", "@{")):
            return Command(one.opener, words, quote)
        quote = quote or (one.opener if one.is_string else "")
        words = one.opener + words
    return Command("", words, quote)


class _Open:
    """A frame in the making: where its parts are, as offsets in all that has been read."""

    def __init__(self, opener: str, start: int, is_string: bool = False) -> None:
        self.opener = opener
        self.start = self.since = start
        self.is_string = is_string
        #: The stretches in brackets that are closed, since the last separator.
        self.closed: list[tuple[int, int]] = []

    @property
    def closer(self) -> str:
        """What closes it; nothing closes the line."""
        return self.opener if self.is_string else _CLOSERS.get(self.opener[-1:], "")


class _Scan:
    """A reader of lines that keeps what is open."""

    def __init__(self, syntax: _Syntax) -> None:
        self._syntax = syntax
        self._read = ""
        self._stack = [_Open("", 0)]

    def read(self, line: str, rest: str) -> None:
        """Read a line as far as it is given; a string that it opens ends in it or in the rest."""
        start = len(self._read)
        self._read += line
        for token in self._syntax.tokens.finditer(self._read, start):
            top, word = self._stack[-1], token[0]
            if token.lastgroup is None:
                continue
            if word == top.closer:
                self._close(token.start())
            elif top.is_string:
                if word in _INTERPOLATIONS and top.opener not in self._syntax.raw:
                    self._stack.append(_Open(word, token.end()))
            elif token.lastgroup == "quote":
                if word in rest or self._read.find(word, token.end()) >= 0:
                    self._stack.append(_Open(word, token.end(), is_string=True))
            elif token.lastgroup == "open":
                self._stack.append(_Open(word, token.end()))
            elif self._is_end(word, top):
                top.since, top.closed = token.end(), []

    def frames(self) -> list[Frame]:
        """Return what is open, the innermost first."""
        found, end = [], len(self._read)
        for one in reversed(self._stack):
            whole = self._read[one.start : end]
            found.append(Frame(one.opener, self._text(one, end), whole, one.is_string))
            end = one.start - len(one.opener)
        return found

    def _close(self, end: int) -> None:
        """Close the innermost construct, which ends at an offset."""
        one = self._stack.pop()
        if not one.is_string:
            self._stack[-1].closed.append((one.start, end))

    def _is_end(self, word: str, top: _Open) -> bool:
        """Tell whether a word parts what is in a construct; a lone bracket does (in ``case``)."""
        if word in self._syntax.listing:
            return top.opener != ""
        if word in self._syntax.ending:
            return top.opener in ("", "{")
        return word not in "]}`"

    def _text(self, one: _Open, end: int) -> str:
        """Return what is in a construct since the last separator, without what is closed in it."""
        parts, start = [], one.since
        for first, last in one.closed:
            parts.append(self._read[start:first])
            start = last
        return "".join([*parts, self._read[start:end]])
