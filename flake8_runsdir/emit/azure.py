"""Logging commands of Azure Pipelines.

https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.emit.inert import shown
from flake8_runsdir.emit.positions import region
from flake8_runsdir.report import Report, Style


def emit(report: Report, _: Style) -> Iterator[str]:
    """Yield a ``task.logissue`` command for every finding."""
    for found in report.findings:
        start = region(found)
        path = escaped_property(shown(found.path))
        place = f"sourcepath={path};linenumber={start.row};columnnumber={start.column};"
        issue = f"type=error;{place}code={escaped_property(found.code)};"
        yield f"##vso[task.logissue {issue}]{escaped_data(shown(found.message))}\n"


def escaped_data(text: str) -> str:
    """Return a text as the message of a command."""
    return text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text: str) -> str:
    """Return a text as the value of a property."""
    return escaped_data(text).replace("]", "%5D").replace(";", "%3B")
