"""The command ``runsdir``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from flake8_runsdir import __version__
from flake8_runsdir.options import quoted
from flake8_runsdir.rules import RULES, find


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, or 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone; what is still buffered must go somewhere, or Python complains.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="runsdir", description="Keep an application's runs directory configurable."
    )
    parser.add_argument("--version", action="version", version=f"runsdir {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    rule = commands.add_parser("rule", help="explain a rule, or all rules")
    rule.add_argument("rule", nargs="?", metavar="CODE", help="a code (RUN001) or a name")
    rule.add_argument("--all", action="store_true", help="explain all rules")
    rule.set_defaults(run=_explain)
    return parser


def _explain(options: argparse.Namespace) -> int:
    if options.all == (options.rule is not None):
        print("runsdir: error: name one rule, or give --all", file=sys.stderr)
        return 2
    if options.all:
        print("\n".join(rule.page for rule in RULES), end="")
        return 0
    rule = find(options.rule)
    if rule is None:
        known = ", ".join(rule.code for rule in RULES)
        print(
            f"runsdir: error: unknown rule `{quoted(options.rule)}`; there are {known}",
            file=sys.stderr,
        )
        return 2
    print(rule.page, end="")
    return 0
