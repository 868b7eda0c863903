"""Real clients of flake8 with the plugin in it: python-lsp-server, Vim with ALE, pre-commit.

They must be installed where the tests run in CI; elsewhere the tests of a missing one are skipped.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from clients import (
    COLUMN,
    MODULE,
    REPAIRED,
    ROW,
    TEXT,
    ale_findings,
    has_ale,
    hook_repository,
    language_server,
    need,
    only,
    own_script,
    repository,
    run,
)
from conftest import Project

pytestmark = pytest.mark.clients


# python-lsp-server


def flake8_only(**flake8: object) -> dict[str, object]:
    """Return settings of python-lsp-server in which flake8 is the only linter."""
    return only(flake8={"enabled": True, "executable": own_script("flake8"), **flake8})


@pytest.mark.parametrize(
    ("files", "flake8", "path", "expected"),
    [
        pytest.param({}, {}, "pkg/a.py", [(ROW, COLUMN, "RUN001", TEXT)], id="default"),
        pytest.param({}, {}, "docs/a.py", [], id="the allowlist holds for open documents"),
        pytest.param(
            {"my.cfg": "[flake8]\nrunsdir-accessor = conf.runs\n"},
            {"config": "my.cfg"},
            "a.py",
            [(ROW, COLUMN, "RUN001", TEXT.replace("settings.autonomous_runs_dir", "conf.runs"))],
            id="configuration",
        ),
        pytest.param(
            {"setup.cfg": "[flake8]\nrunsdir-names = mlruns\n"}, {}, "a.py", [], id="setup.cfg"
        ),
    ],
)
def test_python_lsp_server(
    project: Project,
    files: Mapping[str, str],
    flake8: Mapping[str, object],
    path: str,
    expected: list[tuple[int, int, str, str]],
) -> None:
    """What is open in the editor is checked, not what is saved."""
    need(importlib.util.find_spec("pylsp") is not None, "python-lsp-server")
    project.write_all(files)
    file = project.write(path, "")
    if "config" in flake8:
        flake8 = {**flake8, "config": str(project.root / str(flake8["config"]))}
    with language_server(project, flake8_only(**flake8)) as client:
        diagnostics = client.open(file.as_uri(), MODULE)
    start = {"line": ROW - 1, "character": COLUMN - 1}
    assert [
        (item["range"]["start"], item["code"], item["message"], item["source"])
        for item in diagnostics
    ] == [(start, code, f"{code} {text}", "flake8") for _, _, code, text in expected]


def test_python_lsp_server_follows_edits(project: Project) -> None:
    need(importlib.util.find_spec("pylsp") is not None, "python-lsp-server")
    file = project.write("a.py", MODULE)
    uri = file.as_uri()
    with language_server(project, flake8_only()) as client:
        assert client.open(uri, "x = 1\n") == []
        assert [item["code"] for item in client.change(uri, MODULE)] == ["RUN001"]


# Vim with ALE

VIMRC = """\
let g:ale_linters = {'python': ['flake8']}
let g:ale_python_flake8_executable = $FLAKE8
let g:ale_python_flake8_use_global = 1
"""


def test_vim_with_ale(project: Project) -> None:
    need(has_ale(), "Vim with ALE")
    project.write_all({"a.py": MODULE, "setup.cfg": "[flake8]\n"})
    found = ale_findings(project, "a.py", VIMRC, FLAKE8=own_script("flake8"))
    in_bytes = len(MODULE.split("\n")[ROW - 1][: COLUMN - 1].encode()) + 1
    assert [(item["lnum"], item["col"], item["code"], item["text"]) for item in found] == [
        (ROW, in_bytes, "RUN001", TEXT)
    ]


# pre-commit

FROM_REPOSITORY = """\
repos:
  - repo: "{hook}"
    rev: v1
    hooks:
      - id: flake8-runsdir
"""
LOCAL = """\
repos:
  - repo: local
    hooks:
      - id: flake8
        name: flake8
        language: python
        entry: flake8
        types: [python]
        additional_dependencies: ["{hook}"]
"""


@pytest.mark.parametrize(
    "configuration",
    [
        pytest.param(FROM_REPOSITORY, id="the hook of this project"),
        pytest.param(LOCAL, id="a local hook with the plugin as a dependency"),
    ],
)
def test_pre_commit(project: Project, tmp_path: Path, configuration: str) -> None:
    """The hook fails for the finding, at its place, and passes once it is gone."""
    need(importlib.util.find_spec("pre_commit") is not None, "pre-commit")
    need(shutil.which("git"), "git")
    hook = hook_repository(tmp_path / "hook")
    project.write_all(
        {
            ".pre-commit-config.yaml": configuration.format(hook=hook.as_posix()),
            "pkg/a.py": MODULE,
            "docs/a.py": MODULE,
            "setup.cfg": "[flake8]\nmax-line-length = 100\n",
            "notes.txt": MODULE,
        }
    )
    repository(project.root)
    pre_commit = (sys.executable, "-m", "pre_commit", "run", "--all-files")

    failed = run(project.root, *pre_commit)
    assert failed.returncode == 1, failed.stdout
    found = [line for line in failed.stdout.split("\n") if "RUN" in line]
    assert found == [f"pkg/a.py:{ROW}:{COLUMN}: RUN001 {TEXT}"], failed.stdout

    project.write("pkg/a.py", REPAIRED)
    project.write("setup.cfg", "[flake8]\nextend-ignore = F821\n")
    passed = run(project.root, *pre_commit)
    assert passed.returncode == 0, passed.stdout
    assert "Passed" in passed.stdout
