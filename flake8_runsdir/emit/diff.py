"""What fixes would change: as a patch for programs, or coloured and harmless for people."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.difference import heading
from flake8_runsdir.emit.cells import displayed
from flake8_runsdir.emit.paint import DIM_GREEN, DIM_RED, Paint
from flake8_runsdir.emit.paths import relative
from flake8_runsdir.report import Report, Style


def emit(report: Report, style: Style, is_for_people: bool) -> Iterator[str]:
    """Yield the differences with an empty line behind each.

    Names are Ruff's where all files are in the current directory, else as git writes them, so that
    ``git apply`` takes them either way.  What is coloured or ``is_for_people`` cannot be applied:
    what is not printable in it is escaped.
    """
    names = [relative(repair.path, style.cwd) for repair in report.repairs]
    is_prefixed = any("/" in name for name in names)
    for name, repair in zip(names, report.repairs):
        diff = heading(name, is_prefixed) + repair.diff if repair.path != "-" else repair.diff
        if style.color or is_for_people:
            yield from _lines(diff, Paint(style.color))
        else:
            yield diff
        yield "\n"


def _lines(diff: str, paint: Paint) -> Iterator[str]:
    for line in diff.split("\n")[:-1]:
        shown = displayed(line)
        if shown.startswith(("-", "+")):
            shown = paint(shown, DIM_RED if shown.startswith("-") else DIM_GREEN)
        yield f"{shown}\n"
