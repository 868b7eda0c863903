"""How many findings each rule has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flake8_runsdir.emit.paint import BOLD, COUNTED, CYAN, Paint
from flake8_runsdir.emit.summary import is_fixable, summary
from flake8_runsdir.report import Report, Style


class Count(NamedTuple):
    """The number of findings of one rule, and of those among them that can be fixed."""

    code: str
    name: str
    findings: int
    fixable: int


def as_text(report: Report, style: Style) -> Iterator[str]:
    """Yield a line for every rule that found something, and the summary."""
    rows = _counted(report, style)
    paint = Paint(style.color)
    count_width = max((len(str(row.findings)) for row in rows), default=0)
    code_width = max((len(row.code) for row in rows), default=0)
    any_fixable = any(row.fixable for row in rows)
    for row in rows:
        count = paint(str(row.findings).rjust(count_width), BOLD)
        code = paint(row.code, COUNTED) + " " * (code_width - len(row.code))
        mark = f"{_mark(row, paint)} " if any_fixable else ""
        yield f"{count}\t{code}\t{mark}{row.name}\n"
    if rows:
        yield from summary(report, style)


def as_json(report: Report, style: Style) -> Iterator[str]:
    """Yield an array with an object for every rule that found something."""
    from flake8_runsdir.emit import ascii_json

    rows = _counted(report, style)
    if rows:
        yield from ascii_json.array(_object(row) for row in rows)
        yield "\n"


def _counted(report: Report, style: Style) -> list[Count]:
    """Return the counts, the largest first and equal ones by name."""
    counts: dict[str, Count] = {}
    for found in report.findings:
        old = counts.get(found.code, Count(found.code, found.name, 0, 0))
        fixable = old.fixable + is_fixable(found, style)
        counts[found.code] = old._replace(findings=old.findings + 1, fixable=fixable)
    return sorted(counts.values(), key=lambda row: (-row.findings, row.name))


def _mark(row: Count, paint: Paint) -> str:
    if row.fixable == row.findings:
        return f"[{paint('*', CYAN)}]"
    return f"[{paint('-', CYAN)}]" if row.fixable else "[ ]"


def _object(row: Count) -> dict[str, object]:
    return {
        "code": row.code,
        "name": row.name,
        "count": row.findings,
        "fixable": row.fixable == row.findings,
        "fixable_count": row.fixable,
    }
