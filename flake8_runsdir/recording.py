"""The command ``runsdir baseline``: what ``runsdir check`` reports now, written down."""

from __future__ import annotations

import os
from collections.abc import Iterator

from flake8_runsdir import console
from flake8_runsdir.arguments import Options, UsageError
from flake8_runsdir.baseline import Baseline, Entry, parse, read, text
from flake8_runsdir.checkup import STDIN, Checkup
from flake8_runsdir.codes import is_unchecked
from flake8_runsdir.emit.summary import counted
from flake8_runsdir.flags import CHECK
from flake8_runsdir.options import quoted
from flake8_runsdir.ratchet import Scope
from flake8_runsdir.report import Report
from flake8_runsdir.writing import WriteError, create, replace


def record(options: Options) -> int:
    """Run the command and return its exit code.

    What is recorded of files that are not looked at, or cannot be checked, stays.  Raises
    :class:`UsageError`, :class:`ConfigError` and :class:`console.OutputError`.
    """
    given, *paths = options.subjects or [None]
    if STDIN in (given, *paths):
        raise UsageError("the standard input cannot be recorded")
    # What has no flag here is as it is by default.
    fields: dict[str, object] = {flag.field: None for flag in CHECK.flags}
    fields = {**fields, **vars(options), "subjects": paths, "baseline": given}
    checkup = Checkup(Options(**fields))
    path = checkup.settings.baseline
    if not path:
        raise UsageError("no baseline is configured: name the file that is to be written")
    # A file that is something else is not overwritten: reading it fails.
    old = read(path) if os.path.lexists(path) else None
    baseline = Baseline(path) if old is None else parse(path, old)
    files = checkup.files()
    report = checkup.all_found(files)
    entries = list(_entries(baseline, checkup.scope(files), report))
    _write(path, old, text(entries).encode("utf-8"))
    recorded = counted(sum(entry.times for entry in entries), "finding")
    holders = counted(len({entry.key.name for entry in entries}), "file")
    checkup.warn(f"Recorded {recorded} in {holders}.")
    return checkup.code(_warn_of_unchecked(checkup, report))


def _entries(baseline: Baseline, scope: Scope, report: Report) -> Iterator[Entry]:
    """Yield what is found now, and of the old entries those that may still be true."""
    findings = [
        found
        for found in report.findings
        if found.path in scope.settings and scope.settings[found.path].baseline == baseline.path
    ]
    yield from baseline.entries(findings)
    _, left = baseline.judge(findings)
    lost = {entry.key for entry, _ in scope.lost(baseline, left, report)}
    yield from (entry._replace(times=count) for entry, count in left if entry.key not in lost)


def _write(path: str, old: bytes | None, new: bytes) -> None:
    """Write a baseline; one that says the same already is left as it is."""
    try:
        if old is None:
            create(path, new)
        elif old != new:
            replace(path, old, new, (os.getcwd(), os.path.dirname(path)))
    except WriteError as error:
        raise console.OutputError(f"the baseline {quoted(path)} {error}") from None


def _warn_of_unchecked(checkup: Checkup, report: Report) -> int:
    """Tell of the files that could not be checked; return how many they are."""
    unchecked = [found for found in report.findings if is_unchecked(found.code)]
    for found in unchecked:
        name = os.path.relpath(found.path)
        checkup.warn(f"warning: {name}: not looked at: {found.code} {found.message}")
    return len(unchecked)
