"""Pylint's parseable format, which many CI systems read."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.emit.inert import beginning, shown
from flake8_runsdir.emit.paths import relative
from flake8_runsdir.emit.positions import region
from flake8_runsdir.report import Report, Style


def emit(report: Report, style: Style) -> Iterator[str]:
    """Yield ``path:row: [CODE] message`` for every finding."""
    for found in report.findings:
        path = beginning(shown(relative(found.path, style.cwd)))
        yield f"{path}:{region(found).row}: [{found.code}] {shown(found.message)}\n"
