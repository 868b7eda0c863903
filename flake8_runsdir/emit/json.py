"""One JSON array of all findings."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.emit import ascii_json
from flake8_runsdir.emit.records import record
from flake8_runsdir.report import Report, Style


def emit(report: Report, _: Style) -> Iterator[str]:
    """Yield the array, finding by finding; no newline stands at its end."""
    return ascii_json.array(map(record, report.findings))
