"""The command ``runsdir audit``: what it is asked to do, to its exit code."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime

from flake8_runsdir import console
from flake8_runsdir.arguments import Options, UsageError
from flake8_runsdir.audit.auditor import Auditor
from flake8_runsdir.audit.inventory import MUST_FIX, Inventory, Status
from flake8_runsdir.audit.reports import render
from flake8_runsdir.audit.tracked import tracked
from flake8_runsdir.command_line import resolver
from flake8_runsdir.flags import CHECK
from flake8_runsdir.options import quoted
from flake8_runsdir.progress import Progress
from flake8_runsdir.report import Style, portable
from flake8_runsdir.run import processors
from flake8_runsdir.settings import Resolver

_RIGHT = (Status.FIXED, Status.DEFINITION)


def audit(options: Options) -> int:
    """Run the command and return its exit code.

    Raises :class:`UsageError`, :class:`ConfigError` and :class:`console.OutputError`.
    """
    auditing = _Auditing(options)
    inventory = auditing.inventory()
    auditing.print(inventory)
    return auditing.code(inventory)


class _Auditing:
    """One audit: its options, and what has gone wrong so far."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._date = _date(options.date)
        self._is_heard = not (options.quiet or options.silent)
        self._is_wrong = False
        self._paths = options.subjects or ["."]
        self._root = _root(self._paths)

    def inventory(self) -> Inventory:
        """Return the inventory of what is named."""
        names = tracked(self._root, self._warn, self._paths)
        progress = Progress(len(names), is_wanted=self._is_heard)
        jobs = self._options.jobs or processors()
        auditor = Auditor(self._root, self._resolver(), self._complain, jobs, progress)
        try:
            return auditor.inventory(names, self._date)
        finally:
            progress.close()

    def print(self, inventory: Inventory) -> None:
        """Write the report to where it is wanted."""
        options, path = self._options, self._options.output_file or ""
        if not options.silent:
            color = console.has_color(options.color or "auto", path)
            style = Style(portable(os.getcwd()), color, bool(options.quiet))
            console.write(render(options.output_format or "text", inventory, style), path)
        if inventory.unread:
            self._warn(f"{len(inventory.unread)} of the files could not be looked into")

    def code(self, inventory: Inventory) -> int:
        """Return the exit code: 2 after a complaint about a configuration, else 1 for a failure."""
        if self._is_wrong:
            return 2
        statuses = {place.status for place in inventory.places}
        fatal = {"critical": MUST_FIX, "any": set(Status).difference(_RIGHT)}
        is_failure = not statuses.isdisjoint(fatal.get(self._options.fail_on, ()))
        return int(is_failure or bool(inventory.unread))

    def _resolver(self) -> Resolver:
        """Return the resolver of settings; what only a check can be asked for is not given."""
        given = {flag.field: None for flag in CHECK.flags}
        for field in ("config", "isolated", "exclude", "extend_exclude"):
            given[field] = getattr(self._options, field)
        return resolver(Options(command=CHECK.name, subjects=[], **given), os.getcwd())

    def _complain(self, message: str) -> None:
        """Tell of a configuration that is wrong; the rest is audited all the same."""
        self._is_wrong = True
        console.tell(f"runsdir: error: {message}")

    def _warn(self, message: str) -> None:
        if self._is_heard:
            console.tell(f"warning: {message}")


def _root(paths: Sequence[str]) -> str:
    """Return the directory that is audited: the one that is named, or the one around all.

    It is a real path.  Raises :class:`UsageError` for what does not exist.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"{quoted(path)}: no such file or directory")
    real = [os.path.realpath(path) for path in paths]
    root = os.path.commonpath(real)
    return root if os.path.isdir(root) else os.path.dirname(root)


def _date(given: str | None) -> str:
    """Return the date of a report.  Raises :class:`UsageError` for what is none."""
    if given is None:
        return date.today().isoformat()
    try:
        return datetime.strptime(given, "%Y-%m-%d").date().isoformat()
    except ValueError:
        problem = f"invalid value '{quoted(given)}' for '--date <DATE>': YYYY-MM-DD expected"
        raise UsageError(problem) from None
