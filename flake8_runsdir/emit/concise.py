"""One line a finding, for people and for editors."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.emit.inert import beginning, shown
from flake8_runsdir.emit.paint import BOLD, CYAN, RED, Paint
from flake8_runsdir.emit.paths import relative
from flake8_runsdir.emit.positions import place
from flake8_runsdir.emit.summary import closing, mark
from flake8_runsdir.report import Report, Style


def emit(report: Report, style: Style) -> Iterator[str]:
    """Yield ``path:row:column: CODE message`` for every finding, and the summary."""
    paint = Paint(style.color)
    colon = paint(":", CYAN)
    for found in report.findings:
        path = paint(beginning(shown(relative(found.path, style.cwd))), BOLD)
        start = place(found).replace(":", colon)
        code = paint(found.code, RED)
        yield f"{path}{colon}{start}{colon} {code} {mark(found, style)}{shown(found.message)}\n"
    yield from closing(report, style)
