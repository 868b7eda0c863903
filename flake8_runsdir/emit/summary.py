"""The last lines of a report for people."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.emit.paint import CYAN, PASSED, Paint
from flake8_runsdir.report import Located, Report, Style


def is_fixable(found: Located, style: Style) -> bool:
    """Tell whether ``--fix`` would resolve a finding."""
    accepted = ("safe", "unsafe") if style.unsafe_fixes else ("safe",)
    return found.fix is not None and found.fix.applicability in accepted


def mark(found: Located, style: Style) -> str:
    """Return ``[*] `` for a finding that ``--fix`` would resolve, else nothing."""
    return f"[{Paint(style.color)('*', CYAN)}] " if is_fixable(found, style) else ""


def summary(report: Report, style: Style) -> Iterator[str]:
    """Yield how many findings there are, how many can be fixed and what was not checked."""
    if style.quiet:
        return
    if report.findings:
        yield f"Found {counted(len(report.findings), 'error')}.\n"
        yield from _fixes(report, style)
    else:
        yield Paint(style.color)("All checks passed!", PASSED) + "\n"
    if report.unchecked:
        yield f"{tally(report)}\n"


def tally(report: Report) -> str:
    """Return how many files were checked, and how many were not."""
    return f"{counted(report.checked, 'file')} checked, {report.unchecked} not checked"


def counted(count: int, noun: str, plural: str = "s") -> str:
    """Return a number with what it counts; ``plural`` is the ending of more than one."""
    return f"{count} {noun}{'' if count == 1 else plural}"


def _fixes(report: Report, style: Style) -> Iterator[str]:
    fixable = hidden = 0
    for found in report.findings:
        if is_fixable(found, style):
            fixable += 1
        elif _is_hidden(found, style):
            hidden += 1
    unsafe = f"{counted(hidden, 'unsafe fix', 'es')} available with `--fix --unsafe-fixes`"
    if fixable:
        rest = f" ({unsafe})" if hidden else ""
        yield f"[{Paint(style.color)('*', CYAN)}] {fixable} fixable with `--fix`{rest}.\n"
    elif hidden:
        yield f"{unsafe}.\n"


def _is_hidden(found: Located, style: Style) -> bool:
    is_unsafe = found.fix is not None and found.fix.applicability == "unsafe"
    return is_unsafe and style.unsafe_fixes is None
