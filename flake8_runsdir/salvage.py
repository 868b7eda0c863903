"""String literals of a text that Python cannot parse, found by their looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_runsdir.diagnostic import Finding, Span
from flake8_runsdir.needles import Needles

#: A comment or the beginning of a literal; ``blank`` is the indentation of one that begins a line.
_OPENING = re.compile(
    r"\#[^\r\n]*"
    r"|(?P<blank>(?<![^\r\n])[ \t\f]*)?"
    r"(?P<literal>(?:\b[bBfFrRtTuU]{1,2})?"
    r'''(?P<quotes>"""|\'\'\'|["']))'''
)
#: The rest of a literal, by its quotes.  Every pattern is linear.
_REST = {
    '"""': re.compile(r'(?P<inner>[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*)"""'),
    "'''": re.compile(r"(?P<inner>[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*)'''"),
    '"': re.compile(r'(?P<inner>[^"\\\r\n]*(?:\\(?:\r\n|[\s\S])[^"\\\r\n]*)*)"?'),
    "'": re.compile(r"(?P<inner>[^'\\\r\n]*(?:\\(?:\r\n|[\s\S])[^'\\\r\n]*)*)'?"),
}
_LINE_END = re.compile(r"[\r\n]")
_NOTHING_MORE = re.compile(r"[ \t\f]*(?:[;#\r\n]|\Z)")
_SPACE = re.compile(r"\s")


class _Literal(NamedTuple):
    """A literal, from its prefix to its quotes; a bare one is a statement of its own."""

    span: Span
    inner: str
    is_bare: bool


def findings(text: str, needles: Needles) -> Iterator[Finding]:
    """Yield a finding for each literal that names the runs directory and may well be a path.

    Its value ``name`` is the name.  White space inside makes a literal prose, and so does standing
    alone in triple quotes.
    """
    for literal in _literals(text):
        mention = needles.find(literal.inner)
        if mention and not literal.is_bare and not _SPACE.search(literal.inner):
            yield Finding(literal.span, {"name": needles.name(mention)})


def _literals(text: str) -> Iterator[_Literal]:
    """Yield the literals of a text; one that is not closed ends with its line."""
    position = 0
    unclosed: set[str] = set()
    while (opening := _OPENING.search(text, position)) is not None:
        start = position = opening.end()
        quotes = opening["quotes"]
        if quotes is None:
            continue
        closed = None if quotes in unclosed else _REST[quotes].match(text, start)
        if closed is None:
            # The rest of the text is searched in vain once only, not for each that comes.
            unclosed.add(quotes)
            position = end = _end_of_line(text, start)
        else:
            position, end = closed.end(), closed.end("inner")
        is_bare = (
            len(quotes) == 3
            and opening["blank"] is not None
            and _NOTHING_MORE.match(text, position) is not None
        )
        yield _Literal(Span(opening.start("literal"), position), text[start:end], is_bare)


def _end_of_line(text: str, start: int) -> int:
    end = _LINE_END.search(text, start)
    return len(text) if end is None else end.start()
