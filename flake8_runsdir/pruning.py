"""How codes are taken out of the comments that suppress, in the way that Ruff (0.17) does it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from flake8_runsdir.diagnostic import Applicability, Edit, Fix, Remedy, Span
from flake8_runsdir.directives import Code, Directive
from flake8_runsdir.source import Source

_BLANK = " \t\f"
_BLANKS = re.compile(rf"[{_BLANK}]*")
#: What is written out for each finding of a comment should not grow with their number.
_MOST_CODES = 100

_TOO_MANY = f"the comment names more than {_MOST_CODES} codes"
_BEHIND_BACKSLASH = "the comment ends a line that goes on"


def prune(source: Source, directives: Sequence[Directive], needless: Collection[int]) -> Remedy:
    """Return the remedy that takes codes, given by their indexes (0-based), out of directives.

    There are two directives, with the same codes, where one begins a range and the other ends it.
    """
    first = directives[0]
    if len(first.codes or ()) > _MOST_CODES:
        return Remedy(obstacle=_TOO_MANY)
    is_whole = len(needless) == len(first.codes or ())
    if is_whole and any(_is_behind_backslash(source, one) for one in directives):
        return Remedy(obstacle=_BEHIND_BACKSLASH)
    edits = (
        _removal(source, one) if is_whole else _reduction(source.text, one, needless)
        for one in directives
    )
    if "noqa" in first.verb:
        fix = Fix(Applicability.SAFE, "Remove unused `noqa` directive", tuple(edits))
    else:
        # What stands beside it may be meant as one with it.
        is_safe = not is_whole or all(one.is_alone for one in directives)
        applicability = Applicability.SAFE if is_safe else Applicability.UNSAFE
        fix = Fix(applicability, "Remove unused suppression", tuple(edits))
    return Remedy(fix)


def _reduction(text: str, directive: Directive, needless: Collection[int]) -> Edit:
    """Return the edit that takes some codes out of a directive."""
    codes = directive.codes or ()
    kept = [code.text for number, code in enumerate(codes) if number not in needless]
    if "noqa" in directive.verb:
        content = _head(text, directive) + ", ".join(dict.fromkeys(kept))
        return Edit(Span(directive.span.start, directive.end), content)
    if len(needless) == 1:
        (number,) = needless
        return Edit(_with_comma(codes, number), "")
    return Edit(Span(codes[0].span.start, codes[-1].span.end), ", ".join(kept))


def _head(text: str, directive: Directive) -> str:
    """Return how a ``noqa`` begins, for a line or for a file, spelled as is usual."""
    if directive.verb == "noqa":
        return "# noqa: "
    spelled = text[directive.span.start : directive.end]
    return "# flake8: noqa: " if "flake8" in spelled else "# ruff: noqa: "


def _with_comma(codes: Sequence[Code], number: int) -> Span:
    """Return where one of several codes stands, and the comma that it needs no more."""
    if number + 1 < len(codes):
        return Span(codes[number].span.start, codes[number + 1].span.start)
    return Span(codes[number - 1].span.end, codes[number].span.end)


def _removal(source: Source, directive: Directive) -> Edit:
    """Return the edit that takes a directive out: its row, or the comment, or its part of that."""
    text, (start, end) = source.text, (directive.span.start, directive.span.end)
    row, _ = source.lines.place(start)
    line = source.lines.line(row)
    following = _skip_blanks(text, end)
    if text.startswith("#", following):
        return Edit(Span(start, following), "")
    while start > line.start and text[start - 1] in _BLANK:
        start -= 1
    if start > line.start or following < line.end:
        return Edit(Span(start, line.end), "")
    end = source.lines.line_start(row + 1) if row < len(source.lines) else line.end
    return Edit(Span(start, end), "")


def _skip_blanks(text: str, start: int) -> int:
    """Return the offset of the first character from another one on that is not blank."""
    match = _BLANKS.match(text, start)
    return start if match is None else match.end()


def _is_behind_backslash(source: Source, directive: Directive) -> bool:
    """Tell whether a directive stands on a row that the one before, with a backslash, goes on to.

    Without the comment, that row would go on to yet another one.
    """
    row, _ = source.lines.place(directive.span.start)
    if row == 1:
        return False
    above = source.lines.line(row - 1)
    return source.text.endswith("\\", above.start, above.end)
