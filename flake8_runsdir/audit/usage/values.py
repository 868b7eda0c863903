"""A mention in a file of keys and values: judged by the keys that it stands under."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flake8_runsdir.audit.inventory import Status
from flake8_runsdir.audit.languages import Kind
from flake8_runsdir.audit.sections import enclosing
from flake8_runsdir.audit.usage import commands, suggestions
from flake8_runsdir.audit.usage.frames import frames
from flake8_runsdir.audit.usage.spot import Spot, Usage, data, match, path, text
from flake8_runsdir.audit.usage.variables import Variables
from flake8_runsdir.config import FILES
from flake8_runsdir.hints import Hint, hint

_NAME = r"(?<![\w.$-])(?:[A-Za-z_$][\w.$/-]*)"
_KEY = re.compile(
    rf"({_NAME})[\"'\])]*[ \t]*(?::(?=[\s\"'\[{{])|=>|[+?:]?=(?!=))|<({_NAME})[^<>]*>(?=[^<>]*\Z)"
)
_URL = re.compile(r"[a-z][a-z0-9+]*:/{2,4}[^\s\"']*\Z")
#: What stands in front of the first word of a value.
_BEFORE_VALUE = re.compile(
    r"\s*(?:-\s+)*(?:[\"']?[\w.-]+[\"']?\s*[:=](?:\s+|(?=[\"']))(?:[|>][+-]?\s)?)?"
)
_PATH_WORDS = frozenset("volumes volume source src target workdir mount mounts".split())
_COMMAND_WORDS = frozenset("scripts entrypoint args tasks".split())
#: Where a shell runs what a key holds.
_PIPELINES = re.compile(
    r"(?:.*/)?(?:\.github/.*|\.gitlab-ci[^/]*|azure-pipelines[^/]*)\Z", re.DOTALL
)
_WORKFLOW = re.compile(r"(?:.*/)?\.github/.*", re.DOTALL)
_COMPOSE = re.compile(r"(?:.*/)?(?:docker-compose|compose[.-])[^/]*\Z")


def judge(spot: Spot, variables: Variables) -> Usage:
    """Return what a mention in a value, or in a key, is."""
    if _is_own(spot):
        return Usage("definition", Status.DEFINITION, "the configuration of runsdir")
    rows = list(enclosing(spot.rows(), spot.left))[::-1]
    around = frames(Kind.DATA, rows, spot.left, spot.right)
    keys = spot.keys
    if keys is None:
        keys = [key for one in around for key in _keys(one.text)]
    above = next(spot.rows(), "")
    beside = variables.in_expansion(around) or variables.in_data(keys, around, above)
    if beside is not None:
        return beside
    known, key = _hint(keys)
    if known is Hint.MATCH:
        return match(f"in `{key}`, which says that it is left out")
    if known is Hint.TEXT:
        return text(f"the text of `{key}`")
    if known is Hint.COMMAND:
        return _in_command(spot, variables, key)
    if known is Hint.PATH or _URL.search(spot.left):
        what = f"`{key}`" if known is Hint.PATH else "a URL"
        return path(f"a path: the value of {what}", _instead(spot, variables.first))
    return data(f"a value in {spot.language.name}")


def _in_command(spot: Spot, variables: Variables, key: str) -> Usage:
    """Return what a mention is in a command that a key holds."""
    before = _BEFORE_VALUE.match(spot.left)
    start = before.end() if before is not None else 0
    inner = frames(Kind.DATA, [], spot.left, spot.right)[0]
    right = spot.right
    if inner.is_string:
        start = len(spot.left) - len(inner.whole)
        right = right.partition(inner.opener)[0]
    command = spot._replace(left=spot.left[start:], right=right, token=None)
    usage = commands.judge(command, variables, Kind.SHELL)
    if usage.role != "path":
        return usage
    is_line = bool(usage.instead) and not inner.is_string and _PIPELINES.match(spot.path)
    instead = f"{spot.left[:start].lstrip()}{usage.instead}" if is_line else ""
    return path(f"in the command `{key}`", instead)


def _instead(spot: Spot, variable: str) -> str:
    """Return the line of a file that a program fills in; nothing for other files."""
    if _WORKFLOW.match(spot.path):
        return suggestions.in_workflow(spot, variable)
    return suggestions.in_compose(spot, variable) if _COMPOSE.match(spot.path) else ""


def _keys(text: str) -> list[str]:
    """Return the names that are given a value in a text, the last one first."""
    return [found[1] or found[2] for found in _KEY.finditer(text)][::-1]


def _hint(names: Sequence[str]) -> tuple[Hint | None, str]:
    """Return the first thing that one of several names says, and that name."""
    for name in names:
        last = name.rpartition(".")[2].lower()
        if last in _PATH_WORDS:
            return Hint.PATH, name
        if last in _COMMAND_WORDS:
            return Hint.COMMAND, name
        known = hint(name)
        if known not in (None, Hint.NAME):
            return known, name
    return None, ""


def _is_own(spot: Spot) -> bool:
    """Tell whether a mention is in a table for this program."""
    name = spot.path.rpartition("/")[2]
    is_file = name in FILES and name != "pyproject.toml"
    return is_file or spot.section == "tool.runsdir" or "runsdir-" in spot.left
