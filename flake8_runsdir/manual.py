"""The help of the command and of its commands, laid out as Ruff does it."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from flake8_runsdir.arguments import UsageError, usage
from flake8_runsdir.flags import COMMANDS, PROGRAM, Command, Flag
from flake8_runsdir.options import quoted

_WIDTH, _INDENT = 100, 10


def text(name: str) -> str:
    """Return the help of a command, or of the program (an empty name).

    Raises :class:`UsageError` when there is no such command.
    """
    found = next((command for command in (PROGRAM, *COMMANDS) if command.name == name), None)
    if found is None:
        raise UsageError(f"unrecognized subcommand '{quoted(name)}'\n\n{usage(PROGRAM)}")
    return "\n".join(_lines(found)) + "\n"


def _lines(command: Command) -> Iterator[str]:
    yield from (f"{command.help}.", "", usage(command))
    if command is PROGRAM:
        yield from ("", "Commands:")
        width = max(len(known.name) for known in COMMANDS)
        yield from (f"  {known.name:<{width}}  {known.help}" for known in COMMANDS)
    elif command.about:
        yield from ("", "Arguments:")
        yield from _entry(f"  {command.subject}", command.about)
    for heading, flags in command.groups:
        yield from ("", f"{heading}:")
        for flag in flags:
            if flag.help:
                yield from _entry(_spelled(flag), _explained(flag))


def _entry(term: str, explanation: str) -> Iterator[str]:
    yield term
    indent = " " * _INDENT
    yield from wrap(
        explanation,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def _spelled(flag: Flag) -> str:
    return f"  {f'-{flag.short}, ' if flag.short else '    '}{flag}"


def _explained(flag: Flag) -> str:
    if not flag.possible:
        return flag.help
    return f"{flag.help} [possible values: {', '.join(flag.possible)}]"
