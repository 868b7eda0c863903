"""GitLab's code quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from flake8_runsdir.emit import ascii_json
from flake8_runsdir.emit.fingerprints import fingerprints
from flake8_runsdir.emit.inert import shown, well_formed
from flake8_runsdir.emit.paths import relative, slashed
from flake8_runsdir.emit.positions import region
from flake8_runsdir.report import Located, Report, Style


def emit(report: Report, style: Style) -> Iterator[str]:
    """Yield an array of issues, their paths relative to ``$CI_PROJECT_DIR`` if there is one."""
    root = os.environ.get("CI_PROJECT_DIR") or style.cwd
    named = zip(report.findings, fingerprints(report, style))
    return ascii_json.array(_issue(found, fingerprint, root) for found, fingerprint in named)


def _issue(found: Located, fingerprint: str, root: str) -> dict[str, object]:
    row, column, end_row, end_column = region(found)
    return {
        "check_name": found.code,
        "description": f"{found.code}: {shown(found.message)}",
        "severity": "major",
        "fingerprint": fingerprint,
        "location": {
            "path": well_formed(slashed(relative(found.path, root))),
            "positions": {
                "begin": {"line": row, "column": column},
                "end": {"line": end_row, "column": end_column},
            },
        },
    }
