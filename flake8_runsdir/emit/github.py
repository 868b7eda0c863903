"""Workflow commands of GitHub Actions, which become annotations.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.emit.inert import shown
from flake8_runsdir.emit.paths import relative
from flake8_runsdir.emit.positions import region
from flake8_runsdir.report import Report, Style


def emit(report: Report, style: Style) -> Iterator[str]:
    """Yield an ``::error`` command for every finding."""
    for found in report.findings:
        row, column, end_row, end_column = region(found)
        if row == end_row:
            place = f"line={row},col={column},endLine={end_row},endColumn={end_column}"
        else:  # columns of different rows would be refused
            place = f"line={row},endLine={end_row}"
        title = escaped_property(f"runsdir ({found.code})")
        path = shown(relative(found.path, style.cwd))
        text = f"{path}:{row}:{column}: {found.code} {shown(found.message)}"
        if found.fix is not None:
            text += f"\n  help: {shown(found.fix.message)}"
        file = escaped_property(shown(found.path))
        yield f"::error title={title},file={file},{place}::{escaped_data(text)}\n"


def escaped_data(text: str) -> str:
    """Return a text as the message of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text: str) -> str:
    """Return a text as the value of a property."""
    return escaped_data(text).replace(":", "%3A").replace(",", "%2C")
