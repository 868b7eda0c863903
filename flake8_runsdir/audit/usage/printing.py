"""Commands that print something, and whether it is for people: where their output goes."""

from __future__ import annotations

import re

from flake8_runsdir.audit import languages
from flake8_runsdir.audit.languages import Kind
from flake8_runsdir.audit.usage.frames import Command
from flake8_runsdir.audit.usage.spot import Usage, match, text

#: What may stand in front of the word that names a command.
COMMAND_PREFIX = (
    # There is one way to read `---`: as an option, and not as several marks of make.
    r"\s*(?:(?:then|do|else|!|if|elif|while|until|time|sudo|exec|command|builtin|RUN|CMD"
    r"|ONBUILD|--\S+|\d?>&\d|\d?>\s*/dev/\w+)\s+|(?:[@+]|-(?!-))\s*)*"
)
_NAME_ENDS = r"(?=\s)(?!\s*[:?+]?=)"
#: Commands that print their words, which may be a value for others.
_PRINTS = re.compile(
    rf"{COMMAND_PREFIX}(?:echo|printf?|write-output){_NAME_ENDS}(?!\s+-v\b)", re.IGNORECASE
)
#: Commands whose words are for people in any case.
_TELLS = re.compile(
    rf"{COMMAND_PREFIX}(?:[\w.-]*[_:])?(?:echo|print|cat\s*<<<?|write-(?:host|verbose|warning|error"
    r"|information|debug)|log(?:ger(?!\s+-f))?|info|warn(?:ing)?|error|err|debug|die|fail|abort|fatal"
    r"|success|usage|msg|message|say|note|notice|banner|title|heading|throw)"
    rf"(?:[_:-](?:info|warn\w*|err\w*|debug|msg|message|line|step|red|green|yellow|blue|bold|color))*"
    rf"{_NAME_ENDS}",
    re.IGNORECASE,
)
_MAKE_SHOWS = re.compile(r"(?:info|warning|error)\b")
#: Where a text is sent to that is a message: what is not for programs.
_TELLS_APART = re.compile(
    r">\s*&\s*2|>\s*/dev/(?:stderr|tty)|\|\s*(?:less|more|wall|logger|mail)\b"
)
_COMMAND = re.compile(rf"^{COMMAND_PREFIX}")
#: The end of a group of commands whose output goes somewhere.
_GROUP_ENDS = re.compile(r"(?:[)}]|\bdone|\bfi)\s*(?:\||>\s*[^&\s])")
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
#: Files that people read, by their names, or those of the variables that hold them.
_KEPT_FOR_PEOPLE = re.compile(
    r"(?<![a-z])(?:logs?|logfile|summary|report|readme|usage|help|notes?)(?![a-z])", re.IGNORECASE
)
#: Colours, and other places of a terminal.
_ESCAPES = re.compile(r"\\(?:033|x1[bB]|e|n|t|r)(?:\[[\d;]*[A-Za-z])?")
#: A word for people: no option, no place of a format, no variable, no path.
_PLAIN_WORD = re.compile(r"(?<![\w$%\\{/.@-])[A-Za-z][A-Za-z']*(?![\w/=(-]|\.\w)")
_SHOWN = text("shown by a command")


def shown(command: Command, right: str) -> Usage | None:
    """Return what a mention is that a command prints, going by where the output goes.

    ``right`` is the line behind the mention.
    """
    if command.opener in ("$(", "`", "<("):
        return _SHOWN if _MAKE_SHOWS.match(command.words) else None
    if not shows(command):
        return None
    before, quote, inner = command.words, command.quote, ""
    if quote:
        before, _, start = before.rpartition(quote)
        end, _, right = right.partition(quote)
        inner = _ESCAPES.sub(" ", f"{start}/{end}")
    if _INTO.search(_STRING.sub("x", before)) or _GROUP_ENDS.search(_STRING.sub("x", right)):
        return None
    usage = output(before, right, prose=_PLAIN_WORD.search(inner) is not None)
    printed = _PRINTS.match(command.words)
    if usage is not _SHOWN or printed is None or _TELLS_APART.search(before + right):
        return usage
    # Without a word for people, what is printed may be what a function returns.
    words = f"{before[printed.end() :]} {inner} {_ENDED.split(right, maxsplit=1)[0]}"
    return usage if _PLAIN_WORD.search(words) else None


def shows(command: Command) -> bool:
    """Tell whether a command is one that prints its words."""
    words = command.words
    return bool(_PRINTS.match(words) or _TELLS.match(words))


def output(before: str, behind: str, *, prose: bool) -> Usage | None:
    """Return what a text is that a command prints; ``None`` if it is not for people.

    ``before`` and ``behind`` are what stands around the text in the command and its pipe.
    """
    behind = _ENDED.split(_STRING.sub(_plain, behind), maxsplit=1)[0]
    first, *others = f"{_STRING.sub('x', before)} {behind}".split("|")
    targets = [*_targets(first), *_tees(_COMMAND.sub("", first))]
    for stage in others:
        if stage.split()[:1] and stage.split()[0] not in _VIEWERS:
            return None
        targets += [*_targets(stage), *_tees(stage)]
    for target in targets:
        kind = languages.find(target).kind
        if kind is Kind.LIST:
            return match("written to a list of files to leave out")
        name = target.rpartition("/")[2]
        for_people = kind in (Kind.PROSE, Kind.LOG) or _KEPT_FOR_PEOPLE.search(name)
        if not for_people and not (prose and kind is Kind.UNKNOWN):
            return None
    return _SHOWN


def _tees(stage: str) -> list[str]:
    """Return the files that `tee` writes to."""
    name, *words = stage.split() or [""]
    return [word for word in words if name == "tee" and word[0] not in "-><&"]


def _targets(stage: str) -> list[str]:
    """Return the files that a command writes its output to."""
    found = (one["target"] for one in _REDIRECTION.finditer(stage))
    return [target for target in found if not _NOWHERE.match(target)]


def _plain(string: re.Match[str]) -> str:
    """Return a string as a word in which nothing ends a command."""
    return re.sub(r"[^\w$./{}:-]", "x", string[0][1:-1])
