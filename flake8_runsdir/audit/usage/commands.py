"""A mention in a command: a path, unless the command only looks for the name, or shows it.

It is the simple command that counts, with the words in front of the mention, and where its output
goes; not what else is on the line.  In a here document it is the command that is given it.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from flake8_runsdir.audit.inventory import Status
from flake8_runsdir.audit.languages import Kind, Token
from flake8_runsdir.audit.usage import rewrites
from flake8_runsdir.audit.usage.frames import frames, is_prose, simple_command
from flake8_runsdir.audit.usage.printing import COMMAND_PREFIX, output, shown, shows
from flake8_runsdir.audit.usage.searches import OPEN_WORDS, is_searched
from flake8_runsdir.audit.usage.spot import Spot, Usage, match, names_a_file, path, text
from flake8_runsdir.audit.usage.variables import Variables
from flake8_runsdir.hints import Hint, hint

_SEARCHED = match("compared or searched for by a command")

#: How many lines a command may be continued over, or a here document may have above a mention.
_MOST_ROWS = 60
#: How much of a command counts, in characters: what is asked of it takes time that grows faster.
_LONGEST = 2000
_CONTINUED = {Kind.BATCH: "^", Kind.POWERSHELL: "`"}
#: The name that gets a value.
_ASSIGNED = re.compile(
    r"\s*(?:(?:export|local|readonly|declare|typeset|set|define)\s+(?:-\w+\s+)*)*\$?(?:\w+:)?(\w+)"
    rf"\s*[:?+]?=\s*(?:@?\(.*|{OPEN_WORDS})",
    re.DOTALL,
)
_IN_MAKE = re.compile(r"\s*(?:(?:export|override)\s+)?(\w+)\s*[:?+!]{0,3}=")
_CAT = re.compile(rf"{COMMAND_PREFIX}(?:cat|tee)\b")
#: The rest of a line of a shell, where no lexer tells comments.
_COMMENT = re.compile(r"(?:^|\s)#(?:\s|\Z)")
#: Options that take a text for people.
_MESSAGE = re.compile(
    r"\bgit\s+(?:commit|tag|stash|merge|notes)\b.*\s-\w*m\s*[\"'][^\"']*\Z"
    r"|--(?:message|title|body|notes|description|comment|subject)(?:=|\s+)[\"'][^\"']*\Z"
)
_LABEL = re.compile(r"\s*(?:LABEL|MAINTAINER)\b", re.IGNORECASE)
#: A here document, and the variable that gets it.
_HERE = re.compile(r"<<-?\s*(?P<quote>[\"']?)\\?(?P<end>\w+)(?P=quote)")
_READ = re.compile(r"(\w+)=[\"']?\$\(\s*\w+\s*\Z|\bread\s.*?(\w+)\s*\Z")


class _Here(NamedTuple):
    """What stands around the beginning of a here document in the line of its command."""

    before: str
    behind: str


def judge(spot: Spot, variables: Variables, kind: Kind) -> Usage:
    """Return what a mention in a command is; ``kind`` says of which shell."""
    here = _here(spot) if kind is Kind.SHELL else None
    around = frames(kind, [], _continued(spot, kind), spot.right)
    command = simple_command(around)
    beside = variables.in_expansion(around) or variables.in_command(command.words)
    if kind is Kind.POWERSHELL and beside is None:
        beside = variables.in_program(next(one for one in around if not one.is_string))
    if beside is not None:
        return beside
    is_comment = spot.token is None and not command.quote and _COMMENT.search(command.words)
    if is_comment or (spot.token is not Token.STRING and spot.left.lstrip().startswith("#")):
        return Usage("doc", Status.DOCUMENTATION, "a comment")
    if here is not None:
        return _in_document(here) or path("a path in what a command is given")
    if is_searched(kind, around, command, spot.right):
        return _SEARCHED
    named = (_IN_MAKE if kind is Kind.MAKE else _ASSIGNED).match(command.words)
    known = hint(named[1]) if named is not None else None
    if named is not None and known is Hint.MATCH and not names_a_file(named[1]):
        return match(f"in `{named[1]}`, which says that it is left out")
    if named is not None and known is Hint.TEXT and is_prose(around, spot.left, spot.right):
        return text(f"the text of `{named[1]}`")
    if _MESSAGE.search(command.words) or (kind is Kind.DOCKER and _LABEL.match(spot.left)):
        return text("a message")
    return shown(command, spot.right) or _path(spot, variables, kind)


def _path(spot: Spot, variables: Variables, kind: Kind) -> Usage:
    instead = rewrites.in_command(spot, variables.first, kind)
    return path(f"a path in a command ({spot.language.name})", instead)


def _continued(spot: Spot, kind: Kind) -> str:
    """Return what is in front of a mention, with the lines above that its line continues."""
    mark, left = _CONTINUED.get(kind, "\\"), spot.left
    for row in islice(spot.rows(), _MOST_ROWS):
        if not row.endswith(mark):
            break
        left = f"{row[:-1]} {left}"
    return left[-_LONGEST:]


def _here(spot: Spot) -> _Here | None:
    """Return the here document that a mention is in, if it is in one."""
    if spot.token not in (Token.STRING, None):
        return None
    ends = set()
    for row in islice(spot.rows(), _MOST_ROWS):
        for found in reversed(list(_HERE.finditer(row))):
            if found["end"] not in ends:
                return _Here(row[: found.start()], row[found.end() :])
        ends.add(row.strip())
    return None


def _in_document(here: _Here) -> Usage | None:
    """Return what a mention in a here document is, if the document is for people."""
    command = simple_command(frames(Kind.SHELL, [], here.before, ""))
    named = _READ.search(here.before)
    if named is not None:
        return text("a text for people") if hint(named[1] or named[2]) is Hint.TEXT else None
    if not _CAT.match(command.words) and not shows(command):
        return None
    return output(command.words, here.behind, prose=False)
