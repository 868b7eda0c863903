"""What a mention in a text that is no Python is, by its language, its token and what is around it.

No language is analysed here.  A judgement rests on the constructs that the mention is in, on the
keys that it stands under, and on the table of :mod:`flake8_runsdir.hints`; its reason names them.
"""

from __future__ import annotations

import re

from flake8_runsdir.audit.inventory import Status
from flake8_runsdir.audit.languages import Kind, Token
from flake8_runsdir.audit.usage import commands, programs, values
from flake8_runsdir.audit.usage.spot import COMMAND_KINDS, PROGRAM_KINDS, Spot, Usage, data, match
from flake8_runsdir.audit.usage.variables import Variables

#: How lines of comments look where no lexer tells; some languages have one of their own.
_COMMENT = re.compile(r"[ \t]*(?:#|//|--|;|/\*|\*|<!--|(?i:rem\b))")
_COMMENTS = {
    **dict.fromkeys(("matlab", "erlang", "prolog", "postscript"), re.compile(r"[ \t]*%")),
    "octave": re.compile(r"[ \t]*[%#]"),
}
#: What stands in front of a backslash that parts directories.
_BEHIND_DRIVE = re.compile(r"(?:\\|\b[A-Za-z]:)\Z")
#: Comments that a compiler obeys.
_DIRECTIVE = re.compile(r"\s*//go:(?:embed|generate)\b")


def judge(spot: Spot, variables: Variables) -> Usage:
    """Return what a mention is."""
    kind = spot.language.kind
    if kind is Kind.LOG:
        return Usage("text", Status.LOG, "a log")
    if kind is Kind.PROSE:
        return Usage("doc", Status.DOCUMENTATION, f"a text ({spot.language.name})")
    if kind is Kind.LIST and not spot.left.lstrip().startswith("#"):
        return match("a list of files to leave out")
    if kind is Kind.UNKNOWN:
        return data("a text in no language that is known, so nobody can say who reads it")
    if kind is Kind.LIST or _is_comment(spot):
        return Usage("doc", Status.DOCUMENTATION, "a comment")
    if kind is Kind.SQL:
        return data("a value in SQL")
    if spot.token is Token.PATTERN or _is_escaped(spot):
        return match("a regular expression")
    if kind in COMMAND_KINDS:
        return commands.judge(spot, variables, kind)
    return (
        programs.judge(spot, variables) if kind in PROGRAM_KINDS else values.judge(spot, variables)
    )


def _is_comment(spot: Spot) -> bool:
    if spot.token is not None:
        return spot.token is Token.COMMENT and _DIRECTIVE.match(spot.left) is None
    looks = _COMMENTS.get(spot.language.lexer, _COMMENT)
    return looks.match(spot.left) is not None


def _is_escaped(spot: Spot) -> bool:
    """Tell whether the dot of a name is escaped, as in a regular expression, and no drive's."""
    if not spot.mention.startswith("\\."):
        return False
    is_dos = spot.language.kind in (Kind.BATCH, Kind.POWERSHELL)
    return not is_dos and _BEHIND_DRIVE.search(spot.left) is None
