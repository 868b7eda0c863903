"""What stands beside an environment variable that names the directory: its value, or its default.

The variable is looked for in the construct that the mention is in, as another one on the same line
says nothing: ``cp "${AUTONOMOUS_RUNS_DIR:-/data}/x" .autonomous_runs`` hard-codes a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from flake8_runsdir.audit.inventory import Status
from flake8_runsdir.audit.usage.frames import Frame
from flake8_runsdir.audit.usage.spot import Usage

_DEFAULT = Usage(
    "definition", Status.FIXED, "the default of the environment variable, which is asked first"
)
_VALUE = Usage("definition", Status.DEFINITION, "gives the environment variable its value")

#: What stands behind a variable that is asked first, in programs; and how its default goes on.
_OR = r"[\"'\])}!]*(?:\s+as\s+\w+\))?\s*(?:\|\|=?|\?\?=?|\?:|//|\bor\b|\?(?![.?]))"
_OR_ELSE = r"[\"'\])}]*\s*\.\s*(?:unwrap_or\w*|getOrElse|orElse\w*|or_else)\b"
_NEXT = r"[\"'\])}]*\s*,\s*[\"'`]?[^\s,;]*\Z"
#: Functions that set a variable, and commands that take its value as a word.
_SETTERS = (
    r"(?:(?:(?i:\w*(?:set|put|stub|insert)\w*)|\.env)\W{0,3}\(\s*[\"'`]|\benvironment\s+[\"'])"
)
_COMMANDS = r"(?i:\b(?:env|arg|setenv|setx|set|export))\s+(?:-\w+\s+)*[\"']?"
_WORD = r"[^\s;&|]*\Z"
#: What asks the environment in programs, commands and configuration.
_READS = r"\$\{?(?:env:)?|\$\(|%|\benv\.|\b(?i:env)(?:\.\w+\(|\[)[\"']|(?i:getenv)\([\"']|\bvar\(\""


class Variables:
    """The environment variables that name the directory, the most important first."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        alternatives = "|".join(map(re.escape, self._names)) or r"(?!)"
        name = rf"(?<!\w)(?:{alternatives})(?!\w)"
        self._expanded = re.compile(rf"{name}:?[-=?+]|(?:or|if)\s.*\$[({{]{name}[)}}]")
        self._asked = re.compile(rf"{name}(?:{_OR}|{_OR_ELSE})[^,;]*\Z")
        self._asked_for = re.compile(rf"{name}{_NEXT}")
        self._given = re.compile(
            rf"(?<![\w$%{{]){name}[\"'\])}}]*\s*(?:[+?:]{{0,2}}=(?![=~])|:)\s*{_WORD}"
            rf"|\$env:{name}\s*=\s*{_WORD}|{_COMMANDS}{name}\s+{_WORD}"
            rf"|{_SETTERS}{name}{_NEXT}"
        )
        self._missing = re.compile(
            rf"(?:!|-not\s|\bunless\s|IsNullOr\w+\().*{name}|fetch\([\"']{name}[\"']\)\s*(?:do)?\s*\Z"
            rf"|{name}[\"'\])]*\s*(?:===?\s*(?:\"\"|''|null|nil|undefined)|\.is_?empty)"
        )
        self._replaced = re.compile(rf"{name}[\"'\])}}\s]*\|\s*default\s*\Z")
        self._reads = re.compile(rf"(?:{_READS}){name}(?![\"'\])}}]*\s*[+?:]?=(?![=>]))")

    @property
    def first(self) -> str:
        """The variable to be asked; empty if there is none."""
        return self._names[0] if self._names else ""

    def reads(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the offsets at which a text asks the environment for a variable, and which one."""
        for match in self._reads.finditer(text) if self._names else ():
            variable = next(name for name in self._names if match[0].endswith(name))
            yield match.start(), variable

    def in_expansion(self, around: Sequence[Frame]) -> Usage | None:
        """Return what a mention is that stands in ``${VARIABLE:-...}`` or its like."""
        for one in around:
            if one.opener in ("${", "$(", "{") and self._expanded.match(one.whole):
                return _DEFAULT
        return None

    def in_command(self, command: str) -> Usage | None:
        """Return what a mention is that a command gives to a variable."""
        return _VALUE if self._given.search(command) else None

    def in_program(self, frame: Frame, head: str = "") -> Usage | None:
        """Return what a mention in a construct of a program is, or a call around the mention.

        ``head`` is what stands in front of the construct, if that is an argument of a call.
        """
        if self._asked.search(frame.whole):
            return _DEFAULT
        if self._given.search(frame.text) or self._given.search(f"{head}({frame.whole}"):
            return _VALUE
        return _DEFAULT if self._asked_for.search(frame.whole) else None

    def in_block(self, outer: Frame) -> Usage | None:
        """Return what a mention in a block is; ``outer`` is the construct that the block is in."""
        statement = re.split(r"[;\n]", outer.whole.rstrip())[-1]
        return _DEFAULT if self._missing.search(statement) else None

    def in_data(self, keys: Sequence[str], around: Sequence[Frame]) -> Usage | None:
        """Return what a mention in a value is; ``keys`` are those above it, the nearest first."""
        if keys and keys[0].rpartition(".")[2] in self._names:
            return _VALUE
        inner = [one.whole for one in around if one.opener]
        is_asked = any(self._asked.search(whole) for whole in inner)
        in_call = [one.whole for one in around if not one.is_string][1:2]
        return _DEFAULT if is_asked or self._replaced.search("".join(in_call)) else None
