"""A mention in a file of keys and values: judged by the keys that it stands under."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from flake8_runsdir.audit.inventory import Status
from flake8_runsdir.audit.languages import Kind
from flake8_runsdir.audit.sections import enclosing
from flake8_runsdir.audit.usage import commands, rewrites
from flake8_runsdir.audit.usage.frames import Frame, frames, is_prose
from flake8_runsdir.audit.usage.spot import (
    LEAVES_OUT,
    Spot,
    Usage,
    data,
    match,
    names_a_file,
    path,
    text,
)
from flake8_runsdir.audit.usage.variables import Variables
from flake8_runsdir.config import FILES
from flake8_runsdir.hints import Hint, hint, words

_NAME = r"(?<![\w.$-])(?:[A-Za-z_$][\w.$/-]*)"
_KEY = re.compile(
    rf"({_NAME})[\"'\])]*[ \t]*(?::(?=[\s\"'\[{{])|=>|[+?:]?=(?!=))|<({_NAME})[^<>]*>(?=[^<>]*\Z)"
)
_URL = re.compile(r"[a-z][a-z0-9+]*:/{2,4}[^\s\"']*\Z|\b(?:file|jdbc:[\w:]+):[./]*\Z")
#: A directive of a server's configuration, with its words.
_DIRECTIVE = re.compile(r"(?:^|[{;])\s*([a-z_]+)\s+[^\s=:{;]+\Z")
#: What stands in front of the first word of a value.
_BEFORE_VALUE = re.compile(
    r"\s*(?:-\s+)*(?:[\"']?[\w.-]+[\"']?\s*[:=](?:\s+|(?=[\"']))(?:[|>][+-]?\s)?)?"
)
#: Words at the end of a key whose value is a path, besides those of :mod:`flake8_runsdir.hints`.
_PATH_WORDS = frozenset(
    """volumes volume source src target mount mounts output outputs out logs log
    logfile database db storage store workspace runs tmp tmpdir tmpfs temp artifacts artifact
    socket pidfile home context datasource junit publish device config input include alias
    dockerfile mountpoint chdir wdir deps outs metrics checkpoint checkpoints cache reload
    logto""".split()
)
_PLACES = frozenset("path paths mounts".split())
_COMMAND_WORDS = frozenset(
    """scripts entrypoint entry args tasks powershell pwsh sh inline healthcheck staged addopts
    hooks processes""".split()
)
#: Keys whose value is for people if it has words; and those whose value is so in any case.
_NAMES = frozenset("name displayname display_name desc".split())
_TEXTS = frozenset("description help comment summary".split())
_HOOK = re.compile(r"(?:pre|post)-(?:commit|push|merge|checkout|rewrite|receive)\Z|commit-msg\Z")
_OPTION = re.compile(rf"{LEAVES_OUT}(?:-\w+)?[\"']?\s*,\s*[\"']?\Z")
#: Functions of configurations that open files.
_OPENS = re.compile(r"\b(?:file(?:md5|sha\d+|base64\w*|exists|set)?|templatefile)\Z")
#: Keys whose value is compared or searched for.
_CONDITIONS = frozenset(
    "when changed_when failed_when regexp if unless changes exists norecursedirs".split()
)
_NAME_OF_VALUE = re.compile(r"\bname[\"']?\s*[:=]\s*[\"']?([A-Za-z_][\w.-]*)")
#: How far up a step of a pipeline is looked for, and what names another shell there.
_MOST_ROWS = 40
_OTHER_SHELL = re.compile(r"windows|pwsh|powershell|\bcmd\b|\bpython\b", re.IGNORECASE)
_DIRECTIVES = ("ini", "nginx", "apacheconf")
#: Where a shell runs what a key holds.
_PIPELINES = re.compile(r"(?:.*/)?(?:\.github/.*|\.gitlab-ci[^/]*)\Z", re.DOTALL)
_WORKFLOW = re.compile(r"(?:.*/)?\.github/.*", re.DOTALL)


def judge(spot: Spot, variables: Variables) -> Usage:
    """Return what a mention in a value, or in a key, is."""
    if _is_own(spot):
        return Usage("definition", Status.DEFINITION, "the configuration of runsdir")
    rows = list(enclosing(spot.rows(), spot.left))[::-1]
    around = frames(Kind.DATA, rows, spot.left, spot.right)
    keys = _all_keys(spot, around)
    beside = variables.in_expansion(around) or variables.in_data(keys, around)
    if beside is not None:
        return beside
    if _OPTION.search(spot.left):
        return match("behind an option that leaves something out")
    if _opens_file(around):
        return path("what a function opens")
    prose = is_prose(around, _scalar(spot, around)[0], spot.right)
    known, key = _hint(keys, prose=prose)
    if known is Hint.COMMAND:
        return _in_command(spot, around, variables, key)
    if known is Hint.PATH or _URL.search(spot.left):
        what = f"`{key}`" if known is Hint.PATH else "a URL"
        in_workflow = _WORKFLOW.match(spot.path) is not None
        instead = rewrites.in_workflow(spot, variables.first) if in_workflow else ""
        return path(f"a path: the value of {what}", instead)
    if known is Hint.MATCH:
        return match(f"in `{key}`, which says that it is left out")
    is_text = known is Hint.TEXT
    return text(f"the text of `{key}`") if is_text else data(f"a value in {spot.language.name}")


def _all_keys(spot: Spot, around: Sequence[Frame]) -> list[str]:
    """Return the keys that a mention stands under, the nearest first."""
    keys = [key for one in around for key in _keys(one.text)]
    if spot.keys is not None:
        keys = [key for key in spot.keys if spot.mention not in key]
    if spot.language.lexer in _DIRECTIVES and (directive := _DIRECTIVE.search(spot.left)):
        keys = [directive[1], *keys]
    if spot.section and _section_runs(spot.section):
        keys = [*keys, spot.section]
    return _named(keys, next(spot.rows(), ""), around)


def _section_runs(section: str) -> bool:
    """Tell whether what stands in a section of a file are commands."""
    return words(section)[-1:] in (("scripts",), ("tasks",), ("processes",))


def _opens_file(around: Sequence[Frame]) -> bool:
    """Tell whether a value is the argument of a function that opens a file."""
    outer = [one for one in around if not one.is_string]
    return len(outer) > 1 and outer[0].opener == "(" and _OPENS.search(outer[1].text) is not None


def _named(keys: Sequence[str], above: str, around: Sequence[Frame]) -> list[str]:
    """Return keys, the nearest first; instead of `value`, the name that is given beside it."""
    if not keys or keys[0] != "value":
        return list(keys)
    beside = next((one.whole for one in around if one.opener == "{"), above)
    name = _NAME_OF_VALUE.search(beside)
    return [name[1], *keys[1:]] if name is not None else list(keys)


def _scalar(spot: Spot, around: Sequence[Frame]) -> tuple[str, str]:
    """Return what of the value stands in front of the mention, and the quote that it is in.

    In YAML, quotes within a value are a part of it.
    """
    if spot.keys is not None or any(one.opener and not one.is_string for one in around):
        inner = around[0]
        return (inner.whole, inner.opener) if inner.is_string else (spot.left, "")
    before = _BEFORE_VALUE.match(spot.left)
    start = before.end() if before is not None else 0
    quote = spot.left[start : start + 1]
    if quote and quote in "\"'" and quote not in spot.left[start + 1 :]:
        return spot.left[start + 1 :], quote
    return spot.left[start:], ""


def _in_command(spot: Spot, around: Sequence[Frame], variables: Variables, key: str) -> Usage:
    """Return what a mention is in a command that a key holds."""
    scalar, quote = _scalar(spot, around)
    right = spot.right.partition(quote)[0] if quote else spot.right
    command = spot._replace(left=scalar, right=right, token=None)
    usage = commands.judge(command, variables, Kind.SHELL)
    if usage.role != "path":
        return usage
    return path(f"in the command `{key}`", _command_line(spot, scalar, quote, usage.instead))


def _command_line(spot: Spot, scalar: str, quote: str, instead: str) -> str:
    """Return the line of a command as it should be, where a shell of Bourne's kind will run it."""
    rows = "\n".join(islice(spot.rows(), _MOST_ROWS))
    is_bourne = _PIPELINES.match(spot.path) and not _OTHER_SHELL.search(rows)
    before = spot.left[: len(spot.left) - len(scalar)]
    # A plain value may not begin with a quote.
    if not instead or not is_bourne or quote or (before.strip() and instead.startswith('"')):
        return ""
    return f"{before.lstrip()}{instead}"


def _keys(text: str) -> list[str]:
    """Return the names that are given a value in a text, the last one first."""
    return [found[1] or found[2] for found in _KEY.finditer(text)][::-1]


def _hint(keys: Sequence[str], *, prose: bool) -> tuple[Hint | None, str]:
    """Return the first thing that one of several keys says, the nearest first, and that key.

    ``prose`` tells that the value has words; what is for people only the nearest key can say.
    """
    for number, key in enumerate(keys):
        last = key.rpartition(".")[2].lower()
        known = _known(key, last) or (_weakly(key) if not number else None)
        if known is Hint.TEXT and (number or not (prose or last in _TEXTS)):
            continue
        if not number and last in _NAMES and prose:
            return Hint.TEXT, key
        if known not in (None, Hint.NAME):
            return known, key
    return None, ""


def _known(key: str, last: str) -> Hint | None:
    """Return what a key says, whose last part is given in lower case."""
    if last in _CONDITIONS:
        return Hint.MATCH
    if _HOOK.match(last) or last == "user_data":
        return Hint.COMMAND
    known, parts = hint(key), words(key)
    if known is Hint.MATCH and names_a_file(key):
        return Hint.PATH
    if parts[-1:] and parts[-1] in _COMMAND_WORDS:
        return Hint.COMMAND
    return known


def _weakly(key: str) -> Hint | None:
    """Return what a key says that has the value itself, and not more keys."""
    parts = words(key)
    if parts[-1:] == ("name",) and hint("_".join(parts[:-1])) is Hint.PATH:
        return Hint.PATH
    is_path = parts[-1:] and parts[-1] in _PATH_WORDS
    return Hint.PATH if is_path or not _PLACES.isdisjoint(parts) else None


def _is_own(spot: Spot) -> bool:
    """Tell whether a mention is in a table for this program."""
    name = spot.path.rpartition("/")[2]
    is_file = name in FILES and name != "pyproject.toml"
    return is_file or spot.section == "tool.runsdir" or "runsdir-" in spot.left
