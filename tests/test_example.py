"""The example application: run for real, and checked by the real flake8."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import Project

EXAMPLE = Path(__file__).parents[1] / "examples" / "parallel_runs"
RUNS = ("test1", "test2")
#: What a run leaves in the runs directory when it is not the default.
SUMMARY = "{run}/run_summary.json"


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    loaded = json.loads((EXAMPLE / "expected.json").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def supervise(project: Project, **environment: str) -> str:
    """Execute two runs at a time in the project and return what the supervisor prints."""
    arguments = ["--run-ids", ",".join(RUNS), "--workers", "2", "--per-run-sqlite"]
    process = subprocess.run(
        [sys.executable, "-m", "autopack.supervisor", *arguments],
        cwd=project.root,
        env=project.environment(
            PYTHONPATH=str(EXAMPLE), PYTHONDONTWRITEBYTECODE="1", **environment
        ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


def files(directory: Path) -> set[str]:
    """Return the files below a directory, relative to it."""
    return {
        path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()
    }


def test_artifacts_leak_where_the_findings_are(
    project: Project, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the runs directory elsewhere, each place leaves behind what it is said to, no more."""
    monkeypatch.delenv("AUTONOMOUS_RUNS_DIR", raising=False)
    elsewhere = project.home / "elsewhere"
    printed = supervise(project, AUTONOMOUS_RUNS_DIR=str(elsewhere))
    leaks = {
        artifact.format(run=run)
        for artifacts in expected["artifacts"].values()
        for artifact in artifacts
        for run in RUNS
    }
    assert files(project.root) == leaks
    assert files(elsewhere) >= {SUMMARY.format(run=run) for run in RUNS}
    assert printed.count("(0 of 3 summaries found)") == len(RUNS)


def test_nothing_leaks_with_the_default(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTONOMOUS_RUNS_DIR", raising=False)
    printed = supervise(project)
    left = files(project.home)
    assert {path for path in left if not path.startswith("project/.autonomous_runs/")} == set()
    assert left >= {f"project/.autonomous_runs/{SUMMARY.format(run=run)}" for run in RUNS}
    assert printed.count("(3 of 3 summaries found)") == len(RUNS)


def test_every_place_has_its_artifacts(expected: dict[str, Any]) -> None:
    assert sorted(expected["artifacts"]) == [f"{path}:{row}" for path, row in expected["RUN001"]]


def test_flake8_reports_the_expected_places_and_nothing_else(
    project: Project, expected: dict[str, Any]
) -> None:
    result = project.flake8("--isolated", "--select=RUN", ".", cwd=os.fspath(EXAMPLE))
    found = sorted((place.code, place.path, place.row) for place in result.places)
    assert found == sorted(
        (code, path, row) for code in ("RUN001", "RUN002", "RUN003") for path, row in expected[code]
    )


def test_example_can_be_checked_from_anywhere(project: Project, expected: dict[str, Any]) -> None:
    """The allowlist holds for migrations and scripts wherever flake8 is started."""
    result = project.flake8("--isolated", "--select=RUN001", os.fspath(EXAMPLE))
    found = [
        (Path(place.path).relative_to(EXAMPLE).as_posix(), place.row) for place in result.places
    ]
    assert found == [tuple(place) for place in expected["RUN001"]]
