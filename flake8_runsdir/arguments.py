"""The command line, with the flags of ``ruff check`` and their manners.

An option with one value may be given once; of a flag and its opposite the last one counts; lists
are separated by commas and add up; ``@file`` stands for the arguments in a file, one a line.
"""

from __future__ import annotations

import os
from argparse import (
    SUPPRESS,
    Action,
    ArgumentParser,
    ArgumentTypeError,
    HelpFormatter,
    Namespace,
)
from collections.abc import Sequence

from flake8_runsdir import __version__
from flake8_runsdir.options import FORMATS, VERSIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

_MOST_ARGUMENTS, _MOST_FILES = 1_000_000, 1_000
#: Flags and options of Ruff that clients pass and that mean nothing here.
_IDLE_FLAGS = ("--no-preview",)
_IDLE_OPTIONS = (
    "--extension",
    "--line-length",
    "--dummy-variable-rgx",
    "--fixable",
    "--unfixable",
    "--extend-fixable",
    "--extend-unfixable",
)


class UsageError(Exception):
    """A command line that cannot be understood."""


def parse(arguments: Sequence[str]) -> Namespace:
    """Return the options of a command line.

    Raises :class:`UsageError`; ends the process after ``--help`` and ``--version``.
    """
    arguments = _expanded(arguments)
    # Reasons are given with `=` only, so that the next argument stays a file.
    arguments = [
        f"{item}=" if item in ("--add-noqa", "--add-ignore") else item for item in arguments
    ]
    if arguments and arguments[0] in _COMMANDS:
        # One parser is built in a third of the time of all.
        return _parser_of(arguments[0]).parse_args(arguments[1:])
    return _parser_of_all().parse_args(arguments)


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}\n\n{self.format_usage().rstrip()}")


class _Formatter(HelpFormatter):
    """Lays help out for a fixed width: to ask the terminal for its own costs every start."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=100)


class _Once(Action):
    """An option with one value, which may be given only once."""

    def __call__(
        self, parser: ArgumentParser, options: Namespace, value: Any, flag: Any = None
    ) -> None:
        if getattr(options, self.dest) != self.default:
            parser.error(f"the argument '{flag}' cannot be used multiple times")
        setattr(options, self.dest, value)


class _List(Action):
    """An option with a list of values, which add up."""

    def __call__(
        self,
        _: ArgumentParser,
        options: Namespace,
        value: Any,
        flag: Any = None,  # noqa: ARG002
    ) -> None:
        items = [item.strip() for item in value.split(",")]
        known = getattr(options, self.dest) or ()
        setattr(options, self.dest, (*known, *filter(None, items)))


def _parser_of(name: str) -> ArgumentParser:
    explanation, fill = _COMMANDS[name]
    parser = _Parser(
        prog=f"runsdir {name}",
        description=explanation,
        allow_abbrev=False,
        formatter_class=_Formatter,
    )
    parser.set_defaults(command=name)
    fill(parser)
    return parser


def _parser_of_all() -> ArgumentParser:
    parser = _Parser(
        prog="runsdir",
        description="Keep an application's runs directory configurable.",
        allow_abbrev=False,
        formatter_class=_Formatter,
    )
    parser.add_argument("-V", "--version", action="version", version=f"runsdir {__version__}")
    commands = parser.add_subparsers(
        title="commands",
        required=True,
        metavar="COMMAND",
        dest="command",
        parser_class=_Parser,
        prog="runsdir",
    )
    for name, (explanation, fill) in _COMMANDS.items():
        fill(commands.add_parser(name, help=explanation, formatter_class=_Formatter))
    return parser


def _fill_check(parser: ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILES",
        help="files or directories [default: .], or - for stdin",
    )
    _add_reports(parser)
    _add_selection(parser)
    _add_files(parser)
    _add_fixes(parser)
    _add_rest(parser)
    for flag in _IDLE_FLAGS:
        parser.add_argument(flag, action="store_true", help=SUPPRESS)
    for flag in _IDLE_OPTIONS:
        parser.add_argument(flag, action="append", help=SUPPRESS)


def _add_reports(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("reports")
    group.add_argument(
        "--output-format",
        action=_Once,
        choices=FORMATS,
        metavar="FORMAT",
        help=f"one of {', '.join(FORMATS)} [default: full]",
    )
    group.add_argument(
        "-o", "--output-file", action=_Once, metavar="FILE", help="write the report to a file"
    )
    group.add_argument("--statistics", action="store_true", help="count the findings of each rule")
    group.add_argument("--show-files", action="store_true", help="list the files, check nothing")
    group.add_argument(
        "--show-settings", action="store_true", help="show the settings, check nothing"
    )
    group.add_argument(
        "--color", action=_Once, choices=("auto", "always", "never"), help="when to use colours"
    )
    group.add_argument("-v", "--verbose", action="store_true", help="tell what is being done")
    group.add_argument("-q", "--quiet", action="store_true", help="print the findings only")
    group.add_argument("-s", "--silent", action="store_true", help="print nothing")
    group.add_argument(
        "-e", "--exit-zero", action="store_true", help="exit with 0 even if there are findings"
    )
    group.add_argument(
        "-w", "--watch", action="store_true", help="check again whenever a file changes"
    )


def _add_selection(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("rules")
    for flag, explanation in (
        ("--select", "codes of the rules that are on, or ALL"),
        ("--ignore", "codes of rules that are off"),
        ("--extend-select", "further codes of rules that are on"),
        ("--extend-ignore", "further codes of rules that are off"),
        ("--per-file-ignores", "rules that are off in some files: glob:code"),
        ("--extend-per-file-ignores", "further rules that are off in some files"),
    ):
        group.add_argument(flag, action=_List, metavar="LIST", help=explanation)
    group.add_argument(
        "--ignore-noqa", action="store_true", help="report what comments suppress as well"
    )
    group.add_argument("--preview", action="store_true", help="unstable rules are on as well")
    group.add_argument(
        "--target-version",
        action=_Once,
        choices=VERSIONS,
        metavar="VERSION",
        help="the oldest Python that the code is for",
    )


def _add_files(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("files")
    group.add_argument("--exclude", action=_List, metavar="LIST", help="globs to leave out")
    group.add_argument(
        "--extend-exclude", action=_List, metavar="LIST", help="further globs to leave out"
    )
    for name, explanation in (
        ("respect-gitignore", "leave out what git ignores [default]"),
        ("force-exclude", "leave out also what is named here"),
    ):
        field = name.replace("-", "_")
        group.add_argument(f"--{name}", action="store_true", default=None, help=explanation)
        group.add_argument(f"--no-{name}", action="store_false", dest=field, help=SUPPRESS)
    group.add_argument(
        "--stdin-filename", action=_Once, metavar="FILE", help="the name of the text on stdin"
    )


def _add_fixes(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("changes")
    group.add_argument(
        "--add-noqa", action=_Once, metavar="REASON", help="add `# noqa` comments to the files"
    )
    group.add_argument(
        "--add-ignore", action=_Once, metavar="REASON", help="add `# ruff: ignore` comments"
    )
    for name, explanation in (
        ("fix", "repair what can be repaired"),
        ("unsafe-fixes", "also where the meaning may change"),
        ("show-fixes", "list the repairs"),
        ("fix-only", "repair, and report nothing"),
    ):
        field = name.replace("-", "_")
        group.add_argument(f"--{name}", action="store_true", default=None, help=explanation)
        group.add_argument(f"--no-{name}", action="store_false", dest=field, help=SUPPRESS)
    group.add_argument("--diff", action="store_true", help="print the repairs, change nothing")
    group.add_argument(
        "--exit-non-zero-on-fix", action="store_true", help="exit with 1 if something was repaired"
    )


def _add_rest(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("the rest")
    group.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="FILE|KEY=VALUE",
        help="a configuration file, or an option in TOML",
    )
    group.add_argument("--isolated", action="store_true", help="read no configuration file")
    group.add_argument(
        "-n", "--no-cache", action="store_true", help="neither read nor keep results"
    )
    group.add_argument("--cache-dir", action=_Once, metavar="DIR", help="where results are kept")
    group.add_argument(
        "-j", "--jobs", action=_Once, type=_jobs, metavar="N", help="the number of processes"
    )


def _fill_rule(parser: ArgumentParser) -> None:
    parser.add_argument("rule", nargs="?", metavar="CODE", help="a code (RUN001) or a name")
    parser.add_argument("--all", action="store_true", help="explain all rules")
    _add_format(parser)


def _fill_config(parser: ArgumentParser) -> None:
    parser.add_argument("option", nargs="?", metavar="OPTION", help="the name of an option")
    _add_format(parser)


def _add_format(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--output-format", action=_Once, choices=("text", "json"), default=None, help="how to print"
    )


_COMMANDS = {
    "check": ("Check files and directories.", _fill_check),
    "rule": ("Explain a rule, or all rules.", _fill_rule),
    "linter": ("List the rules' prefixes.", _add_format),
    "config": ("List or explain the options.", _fill_config),
    "version": ("Print the version.", _add_format),
}


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text[:9]) <= 256:
        raise ArgumentTypeError(f"a number from 1 to 256 expected, not '{text}'")
    return int(text)


def _expanded(arguments: Sequence[str]) -> list[str]:
    """Return arguments with those in files put in place of ``@file``; files may name files."""
    left = list(reversed(arguments))
    found: list[str] = []
    literal, files = False, 0
    while left:
        argument = left.pop()
        literal = literal or argument == "--"
        if literal or not argument.startswith("@"):
            found.append(argument)
            continue
        left.extend(reversed(_lines(argument[1:])))
        files += 1
        if files > _MOST_FILES or len(found) + len(left) > _MOST_ARGUMENTS:
            raise UsageError(f"too many arguments in '{argument[1:]}'")
    return found


def _lines(path: str) -> list[str]:
    try:
        with open(path, "rb") as file:
            return [os.fsdecode(line) for line in file.read().splitlines()]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"cannot read the arguments in '{path}': {reason}") from None
