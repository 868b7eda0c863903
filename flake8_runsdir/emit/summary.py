"""The last lines of a report for people."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.emit.paint import BOLD, COUNTED, CYAN, PASSED, Paint
from flake8_runsdir.report import Located, Report, Style

_TIMES = "\u00d7"


def is_fixable(found: Located, style: Style) -> bool:
    """Tell whether ``--fix`` would resolve a finding."""
    accepted = ("safe", "unsafe") if style.unsafe_fixes else ("safe",)
    return found.fix is not None and found.fix.applicability in accepted


def mark(found: Located, style: Style) -> str:
    """Return ``[*] `` for a finding that ``--fix`` would resolve, else nothing."""
    return f"[{Paint(style.color)('*', CYAN)}] " if is_fixable(found, style) else ""


def closing(report: Report, style: Style) -> Iterator[str]:
    """Yield what stands below the findings: the fixes, where they are to be shown, and a summary.

    Like the findings it goes to the standard output, or, where that carries the fixed text of the
    standard input, to the standard error.
    """
    yield from _shown_fixes(report, style)
    yield from summary(report, style)


def fixed_only(report: Report, style: Style) -> Iterator[str]:
    """Yield what ``--fix-only`` says in place of a summary; nothing, if no fix is known.

    The findings are not told, but may be counted.  Only the formats for people say it, and it goes
    where the report would go.
    """
    yield from _shown_fixes(report, style)
    yield from _outcome(report, style, "Fixed", "No errors fixed")


def would_fix(report: Report, style: Style) -> Iterator[str]:
    """Yield what ``--diff`` says below the differences; nothing, if no fix is known.

    Only the formats for people say it, and it goes where the report would go.
    """
    yield from _shown_fixes(report, style)
    yield from _outcome(report, style, "Would fix", "No errors would be fixed")


def summary(report: Report, style: Style) -> Iterator[str]:
    """Yield how many findings there are, how many can be fixed and what was not checked."""
    if style.quiet:
        return
    remaining, fixed = len(report.findings), _fixed(report)
    if fixed:
        number = counted(fixed + remaining, "error")
        yield f"Found {number} ({fixed} fixed, {remaining} remaining).\n"
    elif remaining:
        yield f"Found {counted(remaining, 'error')}.\n"
    else:
        yield Paint(style.color)("All checks passed!", PASSED) + "\n"
    yield from _fixes(report, style)
    if report.recorded:
        are = "is" if report.recorded == 1 else "are"
        yield f"{counted(report.recorded, 'known error')} {are} recorded in the baseline.\n"
    if report.unchecked:
        yield f"{tally(report)}\n"


def tally(report: Report) -> str:
    """Return how many files were checked, and how many were not."""
    return f"{counted(report.checked, 'file')} checked, {report.unchecked} not checked"


def counted(count: int, noun: str, plural: str = "s") -> str:
    """Return a number with what it counts; ``plural`` is the ending of more than one."""
    return f"{count} {noun}{'' if count == 1 else plural}"


def _fixed(report: Report) -> int:
    """Return how many errors were fixed, or would be."""
    return sum(count for repair in report.repairs for _, _, count in repair.counts)


def _shown_fixes(report: Report, style: Style) -> Iterator[str]:
    """Yield how many errors of each rule were fixed in each file, even if all else is quiet."""
    fixed = _fixed(report)
    if not style.show_fixes or not fixed:
        return
    from flake8_runsdir.emit.inert import shown
    from flake8_runsdir.emit.paths import relative

    paint = Paint(style.color)
    counts = (count for repair in report.repairs for _, _, count in repair.counts)
    digits = len(str(max(counts)))
    title = f"Fixed {counted(fixed, 'error')}:"
    yield f"\n{paint(title, PASSED)}\n"
    for path, rules, _ in report.repairs:
        yield f"{paint('-', CYAN)} {paint(shown(relative(path, style.cwd)), BOLD)}"
        yield f"{paint(':', CYAN)}\n"
        for code, name, count in sorted(rules, key=lambda rule: (-rule[2], rule[0])):
            yield f"    {count:>{digits}} {_TIMES} {paint(code, COUNTED)} ({name})\n"
    yield "\n"


def _outcome(report: Report, style: Style, did: str, nothing: str) -> Iterator[str]:
    if style.quiet:
        return
    fixed = _fixed(report)
    hidden = 0 if style.unsafe_fixes else sum(map(_is_unsafe, report.findings))
    if not fixed and not hidden:
        return
    what = f"{did} {counted(fixed, 'error')}" if fixed else nothing
    fixes = counted(hidden, "additional fix" if fixed else "fix", "es")
    yield f"{what} ({fixes} available with `--unsafe-fixes`).\n" if hidden else f"{what}.\n"


def _fixes(report: Report, style: Style) -> Iterator[str]:
    fixable = hidden = 0
    for found in report.findings:
        if is_fixable(found, style):
            fixable += 1
        elif _is_unsafe(found) and style.unsafe_fixes is None:
            hidden += 1
    unsafe = f"{counted(hidden, 'unsafe fix', 'es')} available with `--fix --unsafe-fixes`"
    if fixable:
        rest = f" ({unsafe})" if hidden else ""
        yield f"[{Paint(style.color)('*', CYAN)}] {fixable} fixable with `--fix`{rest}.\n"
    elif hidden:
        yield f"{unsafe}.\n"


def _is_unsafe(found: Located) -> bool:
    return found.fix is not None and found.fix.applicability == "unsafe"
