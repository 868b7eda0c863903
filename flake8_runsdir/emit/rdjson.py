"""reviewdog's diagnostic format.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.emit import ascii_json
from flake8_runsdir.emit.inert import shown, well_formed
from flake8_runsdir.emit.positions import Region, region, replaced
from flake8_runsdir.report import Located, Report, Style


def emit(report: Report, _: Style) -> Iterator[str]:
    """Yield one object with all findings; no newline stands at its end."""
    yield '{\n  "diagnostics": '
    yield from ascii_json.array(map(_diagnostic, report.findings), depth=2)
    yield ',\n  "severity": "WARNING",\n  "source": {\n    "name": "runsdir"\n  }\n}'


def _diagnostic(found: Located) -> dict[str, object]:
    diagnostic: dict[str, object] = {
        "code": {"value": found.code},
        "location": {"path": well_formed(found.path), "range": _range(region(found))},
        "message": shown(found.message),
    }
    if found.fix is not None and found.cell is None:
        diagnostic["suggestions"] = [
            {
                "range": _range(replaced(edit)),
                "text": well_formed(edit.content),
            }
            for edit in found.fix.edits
        ]
    return diagnostic


def _range(stretch: Region) -> dict[str, object]:
    return {
        "end": {"column": stretch.end_column, "line": stretch.end_row},
        "start": {"column": stretch.column, "line": stretch.row},
    }
