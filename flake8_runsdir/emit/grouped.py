"""The findings below the names of their files, for people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from flake8_runsdir.emit.inert import beginning, shown
from flake8_runsdir.emit.paint import CYAN, RED, UNDERLINED, Paint
from flake8_runsdir.emit.paths import relative
from flake8_runsdir.emit.positions import place
from flake8_runsdir.emit.summary import closing, mark
from flake8_runsdir.report import Located, Report, Style


def emit(report: Report, style: Style) -> Iterator[str]:
    """Yield the files, each with its findings aligned, and the summary."""
    for path, group in groupby(report.findings, attrgetter("path")):
        name = beginning(shown(relative(path, style.cwd)))
        yield f"{Paint(style.color)(name, UNDERLINED)}:\n"
        yield from _lines(list(group), style)
        yield "\n"
    yield from closing(report, style)


def _lines(group: list[Located], style: Style) -> Iterator[str]:
    paint = Paint(style.color)
    row_digits = max(len(str(found.row)) for found in group)
    column_digits = max(len(str(found.column)) for found in group)
    for found in group:
        before = " " * (row_digits - len(str(found.row)))
        after = " " * (column_digits - len(str(found.column)))
        start = place(found).replace(":", paint(":", CYAN))
        code = paint(found.code, RED)
        yield f"  {before}{start}{after} {code} {mark(found, style)}{shown(found.message)}\n"
