"""A mention in a command: a path, unless the command only looks for the name, or shows it.

It is the simple command that counts, with the words in front of the mention, and where its output
goes; not what else is on the line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from flake8_runsdir.audit import languages
from flake8_runsdir.audit.inventory import Status
from flake8_runsdir.audit.languages import Kind, Token
from flake8_runsdir.audit.usage import suggestions
from flake8_runsdir.audit.usage.frames import Frame, frames, is_prose
from flake8_runsdir.audit.usage.spot import Spot, Usage, match, path, text
from flake8_runsdir.audit.usage.variables import Variables
from flake8_runsdir.hints import Hint, hint

_SEARCHED = match("compared or searched for by a command")
_SHOWN = text("shown by a command")

#: How many lines a command may be continued over, or a here document may have above a mention.
_MOST_ROWS = 60
_CONTINUED = {Kind.BATCH: "^", Kind.POWERSHELL: "`"}
#: The word of a command that a mention is in, as far as it goes in front of it; and a list of them.
_WORD = r"(?:[\"'][^\"']*|[^\s\"']*)\Z"
_WORDS = rf"(?:@?\()?(?:[^\s,]+,\s*)*{_WORD}"
_LEAVES_OUT = r"--?(?:[a-z]+-)*(?:exclude|ignore|skip|omit)"
_SEARCHES = re.compile(
    rf"(?:[=!]=~?|=~|\S\s+\S+\s+=\s)\s*{_WORD}"
    rf"|{_LEAVES_OUT}(?![\w-]*-from)[\w-]*[=:]{_WORDS}"
    rf"|{_LEAVES_OUT}(?:-(?:dirs?|paths?|globs?|patterns?|files?|filter))?\s+{_WORDS}"
    rf"|\b(?:zip|diff)\s.*\s-x\s+(?:\S+\s+)*{_WORD}|\b(?:tree|ls)\s.*\s?-I\s*{_WORD}"
    rf"|\bfd\s.*\s?-E\s*{_WORD}|\bgit\s+clean\s.*-\w*e\s+{_WORD}|\brg\s.*(?:-g|--glob)[\s=]+[\"']?!\S*\Z"
    rf"|\s[\"']?:(?:[!^]|\(exclude\))\S*\Z"
    rf"|\bfind\s.*\s-i?(?:name|path|wholename|regex)\s+{_WORD}"
    rf"|\b(?:[efz]?grep|rg|ag|ack|sed|[gm]?awk|findstr|Select-String|sls|p(?:grep|kill))"
    rf"(?:\s+--?(?:include|exclude|exclude-dir|[ABCm])\s+\S+|\s+-i\s+(?:''|\"\")|\s+[-/]\S+)*\s+{_WORD}"
    r"|^\s*(?:ifn?eq|filter|filter-out|findstring|patsubst|subst)\b[^,]*\Z|^\s*ifn?eq\b",
    re.IGNORECASE,
)
_IN_POWERSHELL = re.compile(
    rf"\s-[ci]?(?:eq|ne|(?:not)?(?:like|match|contains|in)|filter|include|replace)\s+{_WORDS}",
    re.IGNORECASE,
)
#: A pattern of `case`, and what stands behind one; what a shell takes off a value.
_CASE = re.compile(r"\s*(?:case\b.*|[\"'*./|\s]*)\Z")
_BEHIND_CASE = re.compile(r"[^\s(]*(?:\s*\|[^()]*)?\)")
_TAKEN_OFF = re.compile(r"[\w@*]+(?:\[[^\]]*\])?(?:##?|%%?|//?)\S*\Z")
_ASSIGNED = re.compile(
    r"\s*(?:(?:export|local|readonly|declare|typeset|set|define)\s+(?:-\w+\s+)*)*\$?(?:\w+:)?(\w+)"
    rf"\s*[:?+]?=\s*(?:@?\(.*|{_WORDS})",
    re.DOTALL,
)
_IN_MAKE = re.compile(r"\s*(?:(?:export|override)\s+)?(\w+)\s*[:?+!]{0,3}=")
#: What may stand in front of the word that names a command, and commands that show their words.
_BEFORE = (
    r"\s*(?:(?:then|do|else|!|if|elif|while|until|time|sudo|exec|command|builtin|RUN|CMD"
    r"|ONBUILD|--\S+)\s+|[@+-]\s*)*"
)
_SHOWS = re.compile(
    rf"{_BEFORE}(?:[\w.-]*[_:])?(?:echo|printf?|cat\s*<<<?|write-(?:host|output|verbose|warning|error"
    r"|information|debug)|log(?:ger)?|info|warn(?:ing)?|error|err|debug|die|fail|abort|fatal|success"
    r"|usage|msg|message|say|note|notice|banner|title|heading)(?:[_:-]\w+)*(?=\s)(?!\s*[:?+]?=)",
    re.IGNORECASE,
)
#: In front of a bracket that is a part of the command: a list that is assigned, a condition.
_LISTS = re.compile(r"(?:=\s*|^\s*ifn?eq\s*)\Z", re.MULTILINE)
_MAKE_SHOWS = re.compile(r"(?:info|warning|error)\b")
#: Programs that pass on, or show, what a pipe brings them.
_VIEWERS = frozenset(
    "tee cat less more head tail sort uniq column fold fmt nl grep egrep sed awk tr cut wall logger"
    " mail lolcat cowsay jq".split()
)
_CAT = re.compile(rf"{_BEFORE}(?:cat|tee)\b")
#: The rest of a line of a shell, where no lexer tells comments.
_COMMENT = re.compile(r"(?:^|\s)#(?:\s|\Z)")
#: What ends a command with its pipe, and what says that a word is what it writes to.
_ENDED = re.compile(r";|&&|\|\||\)|`|(?:^|\s)#")
_INTO = re.compile(r">{1,2}\|?\s*[^\s\"']*\Z")
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_REDIRECTION = re.compile(r"(?<![<\w&-])(?:1|&)?>{1,2}\|?\s*(?P<target>[^\s;&|<>()]+)")
_NOWHERE = re.compile(r"[\"']?(?:&|/dev/|con\b|nul\b)", re.IGNORECASE)
_KEPT_FOR_PEOPLE = re.compile(r"log|summary|report|readme|usage|help|notes?\b", re.IGNORECASE)
_HERE = re.compile(r"<<-?\s*(?P<quote>[\"']?)\\?(?P<end>\w+)(?P=quote)")


class _Command(NamedTuple):
    """The simple command around a mention, as far as it goes in front of it.

    ``opener`` is what has opened the construct that it is in, ``quote`` that of the string that the
    mention is in, if it is in one.
    """

    opener: str
    words: str
    quote: str


class _Here(NamedTuple):
    """The command that a here document is for; ``is_raw`` tells that nothing is replaced in it."""

    before: str
    behind: str
    is_raw: bool


def judge(spot: Spot, variables: Variables, kind: Kind) -> Usage:
    """Return what a mention in a command is; ``kind`` says of which shell."""
    here = _here(spot) if kind is Kind.SHELL else None
    around = frames(kind, [], _continued(spot, kind), spot.right)
    command = _command(around)
    beside = variables.in_expansion(around) or variables.in_command(command.words)
    if kind is Kind.POWERSHELL and beside is None:
        beside = variables.in_program(next(one for one in around if not one.is_string))
    if beside is not None:
        return beside
    if spot.token is None and not command.quote and _COMMENT.search(command.words):
        return Usage("doc", Status.DOCUMENTATION, "a comment")
    if here is not None:
        return _in_document(here) or _path(spot, variables, kind, here)
    if _is_searched(spot, kind, around, command):
        return _SEARCHED
    named = (_IN_MAKE if kind is Kind.MAKE else _ASSIGNED).match(command.words)
    known = hint(named[1]) if named is not None else None
    if named is not None and known is Hint.MATCH:
        return match(f"in `{named[1]}`, which says that it is left out")
    if named is not None and known is Hint.TEXT:
        return text(f"the text of `{named[1]}`")
    prose = bool(command.quote) and is_prose(around, spot.left, spot.right)
    return _shown(spot, command, prose) or _path(spot, variables, kind)


def _path(spot: Spot, variables: Variables, kind: Kind, here: _Here | None = None) -> Usage:
    reason = f"a path in a command ({spot.language.name})"
    if here is None:
        return path(reason, suggestions.in_command(spot, variables.first, kind))
    is_filled_in = not here.is_raw and _CAT.match(here.before) is not None
    instead = suggestions.in_document(spot, variables.first) if is_filled_in else ""
    return path("a path in what a command is given", instead)


def _command(around: Sequence[Frame]) -> _Command:
    """Return the simple command that the innermost of some constructs are a part of."""
    words, quote = "", ""
    for number, one in enumerate(around):
        words = one.text + words
        outer = around[number + 1].text if number + 1 < len(around) else ""
        is_list = one.opener == "@(" or (one.opener == "(" and _LISTS.search(outer))
        if not (one.is_string or is_list or one.opener in ("${", "@{")):
            return _Command(one.opener, words, quote)
        quote = quote or (one.opener if one.is_string else "")
        words = one.opener + words
    return _Command("", words, quote)


def _continued(spot: Spot, kind: Kind) -> str:
    """Return what is in front of a mention, with the lines above that its line continues."""
    mark, left = _CONTINUED.get(kind, "\\"), spot.left
    for row in islice(spot.rows(), _MOST_ROWS):
        if not row.endswith(mark):
            break
        left = f"{row[:-1]} {left}"
    return left


def _is_searched(spot: Spot, kind: Kind, around: Sequence[Frame], command: _Command) -> bool:
    """Tell whether a command looks for a mention, compares with it, or leaves it out."""
    words = command.words
    if kind is Kind.POWERSHELL and _IN_POWERSHELL.search(words):
        return True
    if any(one.opener == "${" and _TAKEN_OFF.match(one.whole) for one in around):
        return True
    in_case = not command.opener and kind not in (Kind.BATCH, Kind.POWERSHELL)
    in_case = in_case and _CASE.match(words) is not None
    if in_case and (words.lstrip().startswith("case") or _BEHIND_CASE.match(spot.right)):
        return True
    return _SEARCHES.search(words) is not None


def _shown(spot: Spot, command: _Command, prose: bool) -> Usage | None:
    """Return what a mention is that a command prints, going by where the output goes.

    ``prose`` tells that it is among words.
    """
    if command.opener in ("$(", "`", "<("):
        return _SHOWN if _MAKE_SHOWS.match(command.words) else None
    if _SHOWS.match(command.words) is None:
        return None
    before, quote = command.words, command.quote
    if quote:
        before = before.rpartition(quote)[0]
    if _INTO.search(_STRING.sub("x", before)):
        return None
    behind = spot.right.partition(quote)[2] if quote else spot.right
    return _output(before, behind, prose)


def _output(before: str, behind: str, prose: bool) -> Usage | None:
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


def _here(spot: Spot) -> _Here | None:
    """Return the here document that a mention is in, if it is in one."""
    if spot.token not in (Token.STRING, None):
        return None
    ends = set()
    for row in islice(spot.rows(), _MOST_ROWS):
        for found in reversed(list(_HERE.finditer(row))):
            if found["end"] not in ends:
                before, behind = row[: found.start()], row[found.end() :]
                return _Here(before, behind, bool(found["quote"]) or "\\" in found[0])
        ends.add(row.strip())
    return None


def _in_document(here: _Here) -> Usage | None:
    """Return what a mention in a here document is, if the document is for people."""
    command = _command(frames(Kind.SHELL, [], here.before, ""))
    named = re.search(r"(\w+)=[\"']?\$\(\s*\w+\s*\Z|\bread\s.*?(\w+)\s*\Z", here.before)
    if named is not None:
        return text("a text for people") if hint(named[1] or named[2]) is Hint.TEXT else None
    if not _CAT.match(command.words) and not _SHOWS.match(command.words):
        return None
    return _output(command.words, here.behind, prose=False)
