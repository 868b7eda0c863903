"""A finding as the object that editors read: Ruff's JSON."""

from __future__ import annotations

from flake8_runsdir.emit.inert import shown, well_formed
from flake8_runsdir.report import Fix, Located


def record(found: Located) -> dict[str, object]:
    """Return a finding with Ruff's keys, ready for JSON."""
    return {
        "cell": found.cell,
        "code": found.code,
        "end_location": _location(found.end_row, found.end_column),
        "filename": well_formed(found.path),
        "fix": None if found.fix is None else _fix(found.fix),
        "location": _location(found.row, found.column),
        "message": shown(found.message),
        "name": found.name,
        "noqa_row": found.noqa_row,
        "severity": "error",
        "url": None,
    }


def _fix(fix: Fix) -> dict[str, object]:
    edits = [
        {
            "content": well_formed(edit.content),
            "end_location": _location(edit.end_row, edit.end_column),
            "location": _location(edit.row, edit.column),
        }
        for edit in fix.edits
    ]
    return {"applicability": fix.applicability, "edits": edits, "message": shown(fix.message)}


def _location(row: int, column: int) -> dict[str, int]:
    return {"column": column, "row": row}
