"""The example application: run for real, checked by the real flake8, and fixed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from conftest import Project

EXAMPLE = Path(__file__).parents[1] / "examples" / "parallel_runs"
RUNS = ("test1", "test2")
#: What a run leaves in the runs directory when it is not the default.
SUMMARY = "{run}/run_summary.json"
#: What tells of times and processes, and so is another one in each run.
VARYING = ("run_summary.json", "break_glass_repairs.jsonl")


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    loaded = json.loads((EXAMPLE / "expected.json").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the application that the real ``runsdir check --fix`` has fixed."""
    project = Project(tmp_path_factory.mktemp("fixed"))
    copy = project.root / "application"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    result = project.runsdir("check", "--fix", "--no-cache", cwd="application")
    assert "Found 15 errors (12 fixed, 3 remaining)." in result.stdout
    return copy


def supervise(
    project: Project,
    application: Path = EXAMPLE,
    runs: Sequence[str] = RUNS,
    **environment: str,
) -> str:
    """Execute two runs at a time in the project and return what the supervisor prints."""
    arguments = ["--run-ids", ",".join(runs), "--workers", "2", "--per-run-sqlite"]
    process = subprocess.run(
        [sys.executable, "-m", "autopack.supervisor", *arguments],
        cwd=project.root,
        env=project.environment(
            PYTHONPATH=str(application), PYTHONDONTWRITEBYTECODE="1", **environment
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


def test_only_shared_files_are_left_after_fixes(
    project: Project, fixed: Path, expected: dict[str, Any]
) -> None:
    result = project.runsdir("check", "--no-cache", "--output-format=concise", cwd=str(fixed))
    assert result.rc == 1
    assert {line.split()[1] for line in result.stdout.splitlines() if ":" in line} == {"RUN002"}
    assert result.stdout.count("RUN002") == len(expected["RUN002"])


def test_nothing_leaks_after_fixes(
    project: Project, fixed: Path, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the runs directory elsewhere, all that was left behind is there as well."""
    monkeypatch.delenv("AUTONOMOUS_RUNS_DIR", raising=False)
    elsewhere = project.home / "elsewhere"
    printed = supervise(project, fixed, AUTONOMOUS_RUNS_DIR=str(elsewhere))
    artifacts = {
        artifact.format(run=run).removeprefix(".autonomous_runs/")
        for artifacts in expected["artifacts"].values()
        for artifact in artifacts
        for run in RUNS
    }
    assert list(project.root.iterdir()) == []
    assert files(elsewhere) >= artifacts | {SUMMARY.format(run=run) for run in RUNS}
    assert printed.count("(3 of 3 summaries found)") == len(RUNS)


def test_fixes_change_nothing_with_the_default(
    tmp_path: Path, fixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run leaves the same files as before the fixes, with the same contents."""
    monkeypatch.delenv("AUTONOMOUS_RUNS_DIR", raising=False)
    left = []
    for name, application in (("before", EXAMPLE), ("after", fixed)):
        (tmp_path / name).mkdir()
        project = Project(tmp_path / name)
        supervise(project, application, RUNS[:1])
        left.append({path: (project.root / path).read_bytes() for path in files(project.root)})
    before, after = left
    assert sorted(before) == sorted(after)
    same = {path for path in before if not path.endswith(VARYING)}
    assert len(same) == len(before) - len(VARYING)
    assert {path for path in same if before[path] != after[path]} == set()
