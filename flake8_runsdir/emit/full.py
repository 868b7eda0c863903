"""Every finding with its source and what to do about it, for people."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.emit.frame import frame
from flake8_runsdir.emit.inert import shown
from flake8_runsdir.emit.paint import BOLD, BRIGHT_CYAN, BRIGHT_RED, YELLOW, Paint
from flake8_runsdir.emit.patch import patch
from flake8_runsdir.emit.paths import relative
from flake8_runsdir.emit.positions import place
from flake8_runsdir.emit.summary import closing, is_fixable
from flake8_runsdir.report import Fix, Located, Report, Style

_NOTES = {
    "unsafe": "This is an unsafe fix and may change runtime behavior",
    "display": "This is a display-only fix and is likely to be incorrect",
}


def emit(report: Report, style: Style) -> Iterator[str]:
    """Yield a block for every finding, and the summary."""
    for found in report.findings:
        yield "\n".join(_block(found, style)) + "\n\n"
    yield from closing(report, style)


def _block(found: Located, style: Style) -> Iterator[str]:
    paint = Paint(style.color)
    mark = f" [{paint('*', BRIGHT_CYAN)}]" if is_fixable(found, style) else ""
    yield paint(found.code, BRIGHT_RED) + mark + paint(f" {shown(found.message)}", BOLD)
    location = f"{shown(relative(found.path, style.cwd))}:{place(found)}"
    yield from frame(found, location, paint)
    if found.fix is not None:
        yield from _help(found.fix, paint)
    elif found.obstacle:
        yield _hint(f"no fix: {shown(found.obstacle)}", paint)
    else:
        yield _hint(f"run `runsdir rule {found.code}` to read more", paint)


def _help(fix: Fix, paint: Paint) -> Iterator[str]:
    yield _hint(shown(fix.message), paint)
    yield from patch(fix, paint)
    note = _NOTES.get(fix.applicability)
    if note is not None:
        yield paint("note", YELLOW) + paint(f": {note}", BOLD)


def _hint(text: str, paint: Paint) -> str:
    return paint("help", BRIGHT_CYAN) + paint(f": {text}", BOLD)
