"""One JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.emit import ascii_json
from flake8_runsdir.emit.records import record
from flake8_runsdir.report import Report, Style


def emit(report: Report, _: Style) -> Iterator[str]:
    """Yield a line for every finding."""
    for found in report.findings:
        yield ascii_json.compact(record(found)) + "\n"
