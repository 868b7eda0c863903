"""What one comment asks for: Ruff's notation for suppressions, read as Ruff (0.17) reads it.

A comment may hold several directives, each behind a ``#`` of its own.  Codes are spelled in full;
in a ``noqa`` comment they are capitals and digits.  What is malformed has no effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_runsdir.diagnostic import Span

#: Ruff's idea of white space, which is Unicode's.
_BLANK = r"[^\S\x1c-\x1f]"
_NOQA = re.compile(rf"#{_BLANK}*(?i:noqa)")
_FILE_NOQA = re.compile(rf"#{_BLANK}*(?P<tool>ruff|flake8){_BLANK}*:{_BLANK}*(?i:noqa)")
_LIST_FOLLOWS = re.compile(rf"{_BLANK}*:")
_BLANK_FOLLOWS = re.compile(rf"{_BLANK}|#|\Z")
_ITEM = re.compile(rf"{_BLANK}*(?:(?P<comma>,)|(?P<code>[A-Z]+[0-9]+)|(?P<word>[A-Z]+))?")
_CODE_ENDS = re.compile(rf"(?P<comma>,)|(?P<code>[A-Z])|{_BLANK}|#|\Z")
_PRAGMA = re.compile(
    rf"#{_BLANK}*ruff{_BLANK}*:{_BLANK}*(?P<verb>ignore|disable|enable|file-ignore)"
    rf"{_BLANK}*\[(?P<words>[^\]#]*)\][^#]*"
)
_WORD = re.compile(rf"{_BLANK}*(?P<word>[^\W\d_][\w:-]*){_BLANK}*(?:,|\Z)")
_ONLY_BLANK = re.compile(rf"{_BLANK}*\Z")

_NO_COLON = "expected `:` followed by a comma-separated list of codes (e.g., `# noqa: F401, F841`)."
_NO_CODES = "expected a comma-separated list of codes (e.g., `# noqa: F401, F841`)."
_BAD_CODE = "expected code to consist of uppercase letters followed by digits only (e.g. `F401`)"
_NO_ITEM = "expected rule code between commas"
_JOINED = "expected comma or space delimiter between codes"


class Code(NamedTuple):
    """A code in a directive, and where it stands."""

    text: str
    span: Span


class Directive(NamedTuple):
    """A directive: ``noqa``, ``file-noqa``, or the verb of one of Ruff's own comments.

    ``span`` goes from the ``#`` to the last code of a ``noqa``, and to the next ``#`` of another
    directive; ``codes`` is ``None`` where all codes are meant; ``end`` is the offset behind the
    list of codes.  ``is_alone`` tells that one of Ruff's own is all that its comment says.
    """

    verb: str
    span: Span
    codes: tuple[Code, ...] | None
    end: int
    is_alone: bool = False


class Reading(NamedTuple):
    """What a comment says: a directive, if it is none too malformed, and what is odd about it."""

    directive: Directive | None
    problems: tuple[str, ...]


def read_noqa(comment: str, start: int) -> Reading | None:
    """Read the first ``# noqa`` of a comment that stands at an offset; ``None`` if it has none."""
    match = _NOQA.search(comment)
    return None if match is None else _noqa("noqa", comment, match, start)


def read_file_noqa(comment: str, start: int, *, flake8: bool) -> Reading | None:
    """Read the first ``# ruff: noqa`` of a comment, or ``# flake8: noqa`` where that counts."""
    for match in _FILE_NOQA.finditer(comment):
        if flake8 or match["tool"] == "ruff":
            return _noqa("file-noqa", comment, match, start)
    return None


def read_pragmas(comment: str, start: int) -> Iterator[Directive]:
    """Yield the well-formed ``# ruff: ignore[...]`` and the like of a comment, in order."""
    for match in _PRAGMA.finditer(comment):
        codes = _words(match["words"], start + match.start("words"))
        if codes:
            span = Span(start + match.start(), start + match.end())
            is_alone = match[0] == comment
            yield Directive(match["verb"], span, codes, start + match.end("words") + 1, is_alone)


def _noqa(verb: str, comment: str, match: re.Match[str], start: int) -> Reading:
    """Read on behind the word ``noqa``."""
    begin = start + match.start()
    colon = _LIST_FOLLOWS.match(comment, match.end())
    if colon is None:
        if _BLANK_FOLLOWS.match(comment, match.end()) is None:
            return Reading(None, (_NO_COLON,))
        end = start + match.end()
        return Reading(Directive(verb, Span(begin, end), None, end), ())
    problems: list[str] = []
    codes = _codes(comment, colon.end(), start, problems)
    if not codes:
        return Reading(None, (_NO_CODES if codes is not None else _BAD_CODE,))
    end = codes[-1].span.end
    return Reading(Directive(verb, Span(begin, end), tuple(codes), end), tuple(problems))


def _codes(comment: str, position: int, start: int, problems: list[str]) -> list[Code] | None:
    """Return the codes from a position on; ``None`` if one of them goes on in a wrong way."""
    codes: list[Code] = []
    is_joined = False
    while True:
        item = _ITEM.match(comment, position)
        if item is None or item.lastgroup is None:
            return codes
        position = item.end()
        if item.lastgroup == "comma":
            problems.append(_NO_ITEM)
        elif item.lastgroup == "word":
            return None if is_joined else codes
        else:
            codes.append(Code(item["code"], Span(start + item.start("code"), start + position)))
            after = _CODE_ENDS.match(comment, position)
            if after is None:
                return None
            is_joined = after.lastgroup == "code"
            if is_joined:
                problems.append(_JOINED)
            elif after.lastgroup == "comma":
                position = after.end()


def _words(text: str, start: int) -> tuple[Code, ...]:
    """Return the words of a bracketed list, which stands at an offset; none if it is malformed."""
    codes: list[Code] = []
    position = 0
    while not _ONLY_BLANK.match(text, position):
        match = _WORD.match(text, position)
        if match is None:
            return ()
        codes.append(
            Code(match["word"], Span(start + match.start("word"), start + match.end("word")))
        )
        position = match.end()
    return tuple(codes)
