"""Commands that print something, and whether it is for people: where their output goes."""

from __future__ import annotations

import re

from flake8_runsdir.audit import languages
from flake8_runsdir.audit.languages import Kind
from flake8_runsdir.audit.usage.frames import Command
from flake8_runsdir.audit.usage.spot import Usage, match, text

#: What may stand in front of the word that names a command.
BEFORE = (
    r"\s*(?:(?:then|do|else|!|if|elif|while|until|time|sudo|exec|command|builtin|RUN|CMD"
    r"|ONBUILD|--\S+)\s+|[@+-]\s*)*"
)
_SHOWS = re.compile(
    rf"{BEFORE}(?:[\w.-]*[_:])?(?:echo|printf?|cat\s*<<<?|write-(?:host|output|verbose|warning|error"
    r"|information|debug)|log(?:ger)?|info|warn(?:ing)?|error|err|debug|die|fail|abort|fatal|success"
    r"|usage|msg|message|say|note|notice|banner|title|heading)(?:[_:-]\w+)*(?=\s)(?!\s*[:?+]?=)",
    re.IGNORECASE,
)
_MAKE_SHOWS = re.compile(r"(?:info|warning|error)\b")
#: Programs that pass on, or show, what a pipe brings them.
_VIEWERS = frozenset(
    "tee cat less more head tail sort uniq column fold fmt nl grep egrep sed awk tr cut wall logger"
    " mail lolcat cowsay jq".split()
)
#: What ends a command with its pipe, and what says that a word is what it writes to.
_ENDED = re.compile(r";|&&|\|\||\)|`|(?:^|\s)#")
_INTO = re.compile(r">{1,2}\|?\s*[^\s\"']*\Z")
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_REDIRECTION = re.compile(r"(?<![<\w&-])(?:1|&)?>{1,2}\|?\s*(?P<target>[^\s;&|<>()]+)")
_NOWHERE = re.compile(r"[\"']?(?:&|/dev/|con\b|nul\b)", re.IGNORECASE)
_KEPT_FOR_PEOPLE = re.compile(r"log|summary|report|readme|usage|help|notes?\b", re.IGNORECASE)

_SHOWN = text("shown by a command")


def shown(command: Command, right: str, *, prose: bool) -> Usage | None:
    """Return what a mention is that a command prints, going by where the output goes.

    ``right`` is the line behind the mention; ``prose`` tells that it is among words.
    """
    if command.opener in ("$(", "`", "<("):
        return _SHOWN if _MAKE_SHOWS.match(command.words) else None
    if not shows(command):
        return None
    before, quote = command.words, command.quote
    if quote:
        before, right = before.rpartition(quote)[0], right.partition(quote)[2]
    if _INTO.search(_STRING.sub("x", before)):
        return None
    return output(before, right, prose=prose)


def shows(command: Command) -> bool:
    """Tell whether a command is one that prints its words."""
    return _SHOWS.match(command.words) is not None


def output(before: str, behind: str, *, prose: bool) -> Usage | None:
    """Return what a text is that a command prints; ``None`` if it is not for people.

    ``before`` and ``behind`` are what stands around the text in the command and its pipe.
    """
    behind = _ENDED.split(_STRING.sub(_plain, behind), maxsplit=1)[0]
    first, *others = f"{_STRING.sub('x', before)} {behind}".split("|")
    targets = _targets(first)
    for stage in others:
        name, *words = stage.split() or [""]
        if name not in _VIEWERS:
            return None
        targets += _targets(stage)
        targets += [word for word in words if name == "tee" and word[0] not in "-><&"]
    for target in targets:
        kind = languages.find(target).kind
        if kind is Kind.LIST:
            return match("written to a list of files to leave out")
        for_people = kind in (Kind.PROSE, Kind.LOG) or _KEPT_FOR_PEOPLE.search(target)
        if not (for_people or prose):
            return None
    return _SHOWN


def _targets(stage: str) -> list[str]:
    """Return the files that a command writes its output to."""
    found = (one["target"] for one in _REDIRECTION.finditer(stage))
    return [target for target in found if not _NOWHERE.match(target)]


def _plain(string: re.Match[str]) -> str:
    """Return a string as a word in which nothing ends a command."""
    return re.sub(r"[^\w$./{}:-]", "x", string[0][1:-1])
