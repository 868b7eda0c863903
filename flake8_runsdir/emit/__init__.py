"""A report in the format that its reader understands.

Every format is a module with a function ``emit``, which yields the text in pieces.  Only the module
that is asked for is imported, because most runs print a short text and should start quickly.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from flake8_runsdir.options import FORMATS
from flake8_runsdir.report import Report, Style

#: The formats that end with a summary; without findings it is all that they have.
FOR_PEOPLE: tuple[str, ...] = ("concise", "full", "grouped")
#: The formats that :func:`statistics` knows.
WITH_STATISTICS: tuple[str, ...] = ("concise", "full", "json")


def emit(name: str, report: Report, style: Style) -> Iterator[str]:
    """Return a report in a format of :data:`~flake8_runsdir.options.FORMATS`, in pieces.

    Raises ``ValueError`` for other formats.
    """
    if name not in FORMATS:
        raise ValueError(f"unknown format: {name!a}")
    if name in FOR_PEOPLE and not report.findings:
        from flake8_runsdir.emit.summary import closing

        return closing(report, style)
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    pieces: Iterator[str] = module.emit(report, style)
    return pieces


def statistics(name: str, report: Report, style: Style) -> Iterator[str]:
    """Return the number of findings of each rule, in one of :data:`WITH_STATISTICS`, in pieces.

    Raises ``ValueError`` for other formats.
    """
    if name not in WITH_STATISTICS:
        raise ValueError(f"no statistics in the format: {name!a}")
    from flake8_runsdir.emit import counts

    return counts.as_json(report, style) if name == "json" else counts.as_text(report, style)
