"""The command line, read from left to right with the manners of Ruff's.

A flag with one value may be given once; of a switch and its opposite the last one counts; lists
are separated by commas and add up; ``--`` ends the flags; ``@file`` stands for the arguments in a
file, one a line.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace

from flake8_runsdir.flags import (
    COMMANDS,
    CONFLICTS,
    HELP,
    PROGRAM,
    VARIABLES,
    VERSION,
    Command,
    Flag,
)
from flake8_runsdir.options import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST_ARGUMENTS, _MOST_FILES = 1_000_000, 1_000
#: The flag whose value may begin with an ``@``; Ruff has none like it.
_REVISION = "--since"
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_LANGUAGES = ("python", "pyi", "ipynb", "markdown")


class UsageError(Exception):
    """A command line that cannot be understood; the message has one line or more."""


class Options(SimpleNamespace):
    """A command line that has been understood.

    ``command`` is the name of the command and ``subjects`` are what it is about; every flag is a
    field, ``None`` unless it was given.
    """

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Return the value of a flag."""


def parse(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Options:
    """Return the options of a command line.  Raises :class:`UsageError`."""
    reader = _Reader(list(reversed(_expanded(arguments))))
    options = reader.read()
    _complete(options, reader.command, environment)
    _refuse_conflicts(reader)
    return options


def usage(command: Command) -> str:
    """Return the line that says how a command is used."""
    words = ("runsdir", command.name, "[OPTIONS]", command.subject)
    return f"Usage: {' '.join(filter(None, words))}"


class _Reader:
    """Reads arguments, the next of which is the last of ``left``."""

    def __init__(self, left: list[str]) -> None:
        self._left = left
        self.command = PROGRAM
        self.given: dict[str, Flag] = {}
        #: What has been given on this side of the command: the same may stand on the other.
        self._seen: dict[str, Flag] = {}
        self._values: dict[str, Any] = {}
        self._subjects: list[str] = []

    def read(self) -> Options:
        """Read all arguments, or those up to the one that asks for help or for the version."""
        while self._left:
            argument = self._left.pop()
            if argument == "--":
                for rest in reversed(self._left):
                    self._take_subject(rest)
                break
            if argument == "-" or not argument.startswith("-"):
                self._take_subject(argument)
                continue
            for flag, value in self._flags(argument):
                if flag == HELP:
                    return Options(command="help", subjects=[self.command.name])
                if flag == VERSION:
                    return Options(command="version", subjects=[], output_format=None)
                self._take(flag, value)
        if self.command is PROGRAM:
            raise self._error("a command is required but none was given")
        fields = {flag.field: None for flag in self.command.flags}
        options = Options(command=self.command.name, subjects=self._subjects, **fields)
        vars(options).update(self._values)
        return options

    def _take_subject(self, argument: str) -> None:
        command = self.command
        if command is PROGRAM:
            self.command = self._named(argument)
        elif not command.subject or (self._subjects and not command.subject.endswith("...")):
            raise self._error(f"unexpected argument '{quoted(argument)}' found")
        elif not argument:
            raise self._error(f"a value is required for '{command.subject}' but none was supplied")
        else:
            self._subjects.append(argument)

    def _named(self, name: str) -> Command:
        found = next((command for command in COMMANDS if command.name == name), None)
        if found is None:
            raise self._error(f"unrecognized subcommand '{quoted(name)}'")
        self._seen = {}
        return found

    def _flags(self, argument: str) -> Iterator[tuple[Flag, str | None]]:
        """Yield the flags of one argument with the values that stand in it."""
        if argument.startswith("--"):
            name, equals, value = argument[2:].partition("=")
            found = [flag for flag in self.command.flags if flag.name == name]
            if not found:
                raise self._unexpected(f"--{name}")
            yield found[0], value if equals else None
            return
        letters = argument[1:]
        while letters:
            found = [flag for flag in self.command.flags if flag.short == letters[0]]
            if not found:
                raise self._unexpected(f"-{letters[0]}")
            letters = letters[1:]
            if found[0].value and letters:
                yield found[0], letters[1:] if letters.startswith("=") else letters
                return
            yield found[0], None

    def _take(self, flag: Flag, value: str | None) -> None:
        """Keep what a flag says."""
        is_one = not flag.value or flag.kind in ("one", "reason")
        if is_one and self._seen.get(flag.field) == flag:
            raise self._error(f"the argument '{flag}' cannot be used multiple times")
        self.given[flag.field] = self._seen[flag.field] = flag
        if not flag.value:
            if value is not None:
                raise self._error(f"unexpected value '{quoted(value)}' for '{flag}' found")
            self._values[flag.field] = not flag.opposite
            return
        if value is None:
            value = "" if flag.kind == "reason" else self._next_value(flag)
        if is_one:
            self._values[flag.field] = _checked(flag, value)
            return
        items = value.split(",") if flag.kind == "list" else [value]
        for item in items if flag.name == "extension" else ():
            _check_extension(flag, item)
        self._values.setdefault(flag.field, []).extend(items)

    def _next_value(self, flag: Flag) -> str:
        if not self._left or (self._left[-1].startswith("-") and self._left[-1] != "-"):
            raise self._error(f"a value is required for '{flag}' but none was supplied")
        return self._left.pop()

    def _unexpected(self, name: str) -> UsageError:
        from difflib import get_close_matches

        known = [f"--{flag.name}" for flag in self.command.flags]
        near = get_close_matches(name, known, 1)
        tip = f"\n\n  tip: a similar argument exists: '{near[0]}'" if near else ""
        return self._error(f"unexpected argument '{quoted(name)}' found{tip}")

    def _error(self, message: str) -> UsageError:
        return UsageError(f"{message}\n\n{usage(self.command)}{_MORE}")


_MORE = "\n\nFor more information, try '--help'."


def _checked(flag: Flag, value: str) -> str | int:
    """Return the one value of a flag.  Raises :class:`UsageError` if it cannot be one."""
    possible = f"\n  [possible values: {', '.join(flag.possible)}]" if flag.possible else ""
    if not value and flag.kind != "reason":
        text = f"a value is required for '{flag}' but none was supplied"
    elif flag.possible and value not in flag.possible:
        text = f"invalid value '{quoted(value)}' for '{flag}'"
    elif flag.most:
        return _number(flag, value)
    else:
        return value
    raise UsageError(f"{text}{possible}{_MORE}")


def _check_extension(flag: Flag, item: str) -> None:
    suffix, colon, language = item.partition(":")
    if not suffix or not colon or language not in _LANGUAGES:
        problem = f"invalid value '{quoted(item)}' for '{flag}'"
        raise UsageError(f"{problem}: Expected <Extension>:<LanguageCode> pattern{_MORE}")


def _number(flag: Flag, value: str) -> int:
    digits = value.lstrip("0") if value.isascii() and value.isdecimal() else ""
    # A number of a million digits is slow, or an error.
    if 0 < len(digits) <= len(str(flag.most)) and int(digits) <= flag.most:
        return int(digits)
    problem = f"a number from 1 to {flag.most} expected"
    raise UsageError(f"invalid value '{quoted(value)}' for '{flag}': {problem}{_MORE}")


def _complete(options: Options, command: Command, environment: Mapping[str, str]) -> None:
    """Fill in what the environment says where the command line says nothing.

    It speaks for the flags whose help names the variable.
    """
    flags = {flag.name: flag for flag in command.flags} if options.command == command.name else {}
    for variable, name in VARIABLES:
        flag, value = flags.get(name), environment.get(variable)
        if flag is None or f"[env: {variable}]" not in flag.help:
            continue
        if value is None or getattr(options, flag.field) is not None:
            continue
        if flag.value:
            setattr(options, flag.field, _checked(flag, value))
        elif value.lower() in _TRUTH:
            setattr(options, flag.field, _TRUTH[value.lower()])
        else:
            problem = f"invalid value '{quoted(value)}' for '{variable}'"
            raise UsageError(f"{problem}\n  [possible values: true, false]{_MORE}")


def _refuse_conflicts(reader: _Reader) -> None:
    given = {field: flag for field, flag in reader.given.items() if not flag.opposite}
    for field, others in CONFLICTS:
        for other in others:
            if field in given and other in given:
                first, second = given[field], given[other]
                problem = f"the argument '{first}' cannot be used with '{second}'"
                raise UsageError(f"{problem}\n\n{usage(reader.command)}{_MORE}")


def _expanded(arguments: Sequence[str]) -> list[str]:
    """Return arguments with those in files put in place of ``@file``; files may name files.

    What stands behind a flag that takes a revision is one: ``@{upstream}`` is no file.
    """
    left = list(reversed(arguments))
    found: list[str] = []
    literal, files = False, 0
    while left:
        argument = left.pop()
        literal = literal or argument == "--"
        if literal or not argument.startswith("@") or found[-1:] == [_REVISION]:
            found.append(argument)
            continue
        left.extend(reversed(_lines(argument[1:])))
        files += 1
        if files > _MOST_FILES or len(found) + len(left) > _MOST_ARGUMENTS:
            raise UsageError(f"too many arguments in '{quoted(argument[1:])}'")
    return found


def _lines(path: str) -> list[str]:
    try:
        with open(path, "rb") as file:
            return [os.fsdecode(line) for line in file.read().splitlines()]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"cannot read the arguments in '{quoted(path)}': {reason}") from None
