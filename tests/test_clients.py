"""Real clients of Ruff, unmodified, with ``runsdir`` in its place.

They must be installed where the tests run in CI; elsewhere the tests of a missing one are skipped.
Their settings are those of ``docs/integrations.md``.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from clients import (
    COLUMN,
    END,
    MODULE,
    REPAIRED,
    ROW,
    SECONDS,
    TEXT,
    ale_findings,
    git,
    has_ale,
    hook_repository,
    language_server,
    need,
    only,
    own_script,
    repository,
    run,
    script,
)
from conftest import Project
from snippets import commands, snippet

pytestmark = pytest.mark.clients

BIN = str(Path(own_script("runsdir")).parent)


# python-lsp-server with python-lsp-ruff


def ruff_settings(**changes: object) -> dict[str, object]:
    """Return the settings of the page, with the program where it is."""
    documented = json.loads(snippet("Python LSP server"))["pylsp"]["plugins"]["ruff"]
    assert documented["executable"] == "runsdir"
    return only(ruff={**documented, "executable": own_script("runsdir"), **changes})


def need_pylsp_ruff() -> None:
    found = [importlib.util.find_spec(name) for name in ("pylsp", "pylsp_ruff")]
    need(all(found), "python-lsp-server with python-lsp-ruff")


#: The place of the finding in :data:`MODULE`, as the protocol has it.
RANGE = {
    "start": {"line": ROW - 1, "character": COLUMN - 1},
    "end": {"line": ROW - 1, "character": END - 1},
}
CONFIGURED = '[tool.runsdir]\naccessor = "conf.runs"\n'


@pytest.mark.parametrize(
    ("files", "settings", "text", "expected"),
    [
        pytest.param({}, {}, MODULE, [("RUN001", TEXT)], id="what is not saved"),
        pytest.param({}, {}, REPAIRED, [], id="nothing to report"),
        pytest.param(
            {"pyproject.toml": CONFIGURED},
            {},
            MODULE,
            [("RUN001", TEXT.replace("settings.autonomous_runs_dir", "conf.runs"))],
            id="the configuration above the file, and not above the server",
        ),
        pytest.param(
            {"pyproject.toml": '[tool.runsdir]\nextend-exclude = ["pkg"]\n'},
            {},
            MODULE,
            [],
            id="an excluded file",
        ),
        pytest.param({}, {"ignore": ["RUN001"]}, MODULE, [], id="the client's own selection"),
        pytest.param(
            {"pyproject.toml": "[tool.runsdir]\nnames = 1\n"}, {}, MODULE, [], id="a wrong option"
        ),
    ],
)
def test_pylsp_ruff(
    project: Project,
    files: Mapping[str, str],
    settings: Mapping[str, object],
    text: str,
    expected: list[tuple[str, str]],
) -> None:
    """The server runs in the root directory, as some editors start it."""
    need_pylsp_ruff()
    project.write_all(files)
    file = project.write("pkg/a.py", "")
    with language_server(project, ruff_settings(**settings), cwd="/") as client:
        found = client.open(file.as_uri(), text)
    assert [(item["code"], item["message"], item["source"]) for item in found] == [
        (*finding, "ruff") for finding in expected
    ]
    assert all(item["range"] == RANGE for item in found)


def test_pylsp_ruff_on_a_syntax_error(project: Project) -> None:
    need_pylsp_ruff()
    file = project.write("a.py", "")
    with language_server(project, ruff_settings()) as client:
        found = client.open(file.as_uri(), MODULE + "x = (\n")
        # The server answers for the next state of the document, too.
        assert [item["code"] for item in client.change(file.as_uri(), MODULE)] == ["RUN001"]
    assert sorted(item["code"] for item in found) == ["RUN001", "RUN901"]
    (error,) = (item for item in found if item["code"] == "RUN901")
    assert error["range"]["start"]["line"] >= MODULE.count("\n")


def test_pylsp_ruff_offers_to_suppress(project: Project) -> None:
    """There is one action, and after it there is nothing to report; no action repairs anything."""
    need_pylsp_ruff()
    uri = project.write("a.py", "").as_uri()
    with language_server(project, ruff_settings()) as client:
        found = client.open(uri, MODULE)
        parameters = {
            "textDocument": {"uri": uri},
            "range": RANGE,
            "context": {"diagnostics": found},
        }
        actions = client.request("textDocument/codeAction", parameters)
        assert [action["title"] for action in actions] == ["Ruff (RUN001): Disable for this line"]
        (edit,) = actions[0]["edit"]["changes"][uri]
        lines = MODULE.split("\n")
        assert edit["range"]["start"] == {"line": ROW - 1, "character": 0}
        assert edit["range"]["end"] == {"line": ROW - 1, "character": len(lines[ROW - 1])}
        lines[ROW - 1] = edit["newText"]
        assert client.change(uri, "\n".join(lines)) == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="as documented"),
        pytest.param({"formatEnabled": True}, id="there is no `runsdir format`"),
        pytest.param({"formatEnabled": True, "format": ["RUN"]}, id="nor are there fixes"),
    ],
)
def test_pylsp_ruff_leaves_the_text_alone(project: Project, changes: Mapping[str, object]) -> None:
    need_pylsp_ruff()
    uri = project.write("a.py", "").as_uri()
    with language_server(project, ruff_settings(**changes)) as client:
        client.open(uri, MODULE)
        parameters = {"textDocument": {"uri": uri}, "options": {"tabSize": 4}}
        assert not client.request("textDocument/formatting", parameters)


# Emacs with flycheck

EMACS = """\
(package-initialize)
(load (getenv "SNIPPET") nil t)
(setq flycheck-python-runsdir-executable (getenv "RUNSDIR"))
(find-file (getenv "FILE"))
(erase-buffer)
(insert-file-contents (getenv "CONTENT"))
(python-mode)
(flycheck-mode 1)
(flycheck-select-checker 'python-runsdir)
(flycheck-buffer)
(while (flycheck-running-p) (accept-process-output nil 0.05))
(defun found (err)
  (vector (flycheck-error-line err) (flycheck-error-column err) (flycheck-error-level err)
          (flycheck-error-id err) (flycheck-error-message err)))
(princ (json-encode
        (vector flycheck-last-status-change (vconcat (mapcar #'found flycheck-current-errors)))))
"""


def emacs(*arguments: str, **keywords: Any) -> subprocess.CompletedProcess[str]:
    """Run Emacs without a window and without anybody's settings."""
    return subprocess.run(
        ["emacs", "--batch", "--no-init-file", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
        **keywords,
    )


def has_flycheck() -> bool:
    """Tell whether Emacs is there and finds flycheck among its packages."""
    probe = "(progn (package-initialize) (require 'flycheck))"
    return shutil.which("emacs") is not None and not emacs("--eval", probe).returncode


@pytest.mark.parametrize(
    ("files", "content", "expected"),
    [
        pytest.param(
            {}, MODULE, [[ROW, COLUMN, "warning", "RUN001", TEXT]], id="what is not saved"
        ),
        pytest.param({}, REPAIRED, [], id="nothing to report"),
        pytest.param(
            {"pyproject.toml": '[tool.runsdir]\nextend-exclude = ["pkg"]\n'},
            MODULE,
            [],
            id="an excluded file",
        ),
    ],
)
def test_emacs_with_flycheck(
    project: Project, files: Mapping[str, str], content: str, expected: object
) -> None:
    need(has_flycheck(), "Emacs with flycheck")
    project.write_all(files)
    variables = {
        "SNIPPET": str(project.write("snippet.el", snippet("Emacs: flycheck"))),
        "CONTENT": str(project.write("content.txt", content)),
        "FILE": str(project.write("pkg/a.py", "")),
        "RUNSDIR": own_script("runsdir"),
        "LC_ALL": "C.UTF-8",
    }
    driver = project.write("driver.el", EMACS)
    process = emacs("--load", str(driver), cwd="/", env=project.environment(**variables))
    assert process.returncode == 0, process.stderr
    assert json.loads(process.stdout) == ["finished", expected], process.stderr


# Vim with ALE


def test_vim_with_ale(project: Project) -> None:
    need(has_ale(), "Vim with ALE")
    project.write("pkg/a.py", MODULE)
    vimrc = snippet("Vim and Neovim: ALE") + "let g:ale_linters = {'python': ['runsdir']}\n"
    path = os.pathsep.join((BIN, os.environ["PATH"]))
    found = ale_findings(project, "pkg/a.py", vimrc, PATH=path)
    in_bytes = len(MODULE.split("\n")[ROW - 1][: COLUMN - 1].encode()) + 1
    places = [tuple(item[key] for key in ("lnum", "col", "code", "text")) for item in found]
    assert places == [(ROW, in_bytes, "RUN001", TEXT)]


# pre-commit

NOTEBOOK = json.dumps(
    {
        "cells": [{"cell_type": "code", "source": MODULE, "metadata": {}, "outputs": []}],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(0, id="a local hook with the package as a dependency"),
        pytest.param(1, id="the hook of this project"),
    ],
)
def test_pre_commit(project: Project, tmp_path: Path, number: int) -> None:
    """A commit is refused for what is in it and not excluded, and made once that is repaired."""
    need(importlib.util.find_spec("pre_commit"), "pre-commit")
    need(shutil.which("git"), "git")
    hook = hook_repository(tmp_path / "hook").as_posix()
    configuration = snippet("pre-commit: the command", number)
    for name, replacement in (
        ("[flake8-runsdir]", f'["{hook}"]'),
        ("https://example.org/flake8-runsdir", hook),
        ("v1.0.0", "v1"),
    ):
        configuration = configuration.replace(name, replacement)
    project.write_all(
        {
            ".pre-commit-config.yaml": configuration,
            "pyproject.toml": '[tool.runsdir]\nextend-exclude = ["gen"]\n',
            "old.py": MODULE,
        }
    )
    repository(project.root)
    installed = run(project.root, own_script("pre-commit"), "install")
    assert installed.returncode == 0, installed.stdout

    files = {"gen/a.py": MODULE, "pkg/a.py": MODULE, "b.ipynb": NOTEBOOK, "notes.txt": MODULE}
    project.write_all(files)
    git(project.root, "add", *files)
    refused = run(project.root, "git", "commit", "-m", "Add a finding")
    assert refused.returncode == 1, refused.stdout
    found = [line.strip() for line in refused.stdout.split("\n") if "-->" in line]
    places = [f"b.ipynb:cell 1:{ROW}:{COLUMN}", f"pkg/a.py:{ROW}:{COLUMN}"]
    assert found == [f"--> {place}" for place in places], refused.stdout

    project.write_all({"pkg/a.py": REPAIRED, "b.ipynb": NOTEBOOK.replace(".autonomous", "")})
    git(project.root, "add", *files)
    made = run(project.root, "git", "commit", "-m", "Repair it")
    assert made.returncode == 0, made.stdout
    assert "Passed" in made.stdout


# Only what has changed

OLD = MODULE.replace("artifacts", "old")


@pytest.fixture
def branch(project: Project) -> Project:
    """A repository with a finding on its main branch, and another one in the work tree."""
    need(shutil.which("git"), "git")
    project.write("a.py", OLD)
    repository(project.root)
    git(project.root, "branch", "-M", "main")
    git(project.root, "checkout", "-qb", "feature")
    project.write("a.py", OLD + "\n\n" + MODULE.partition("\n\n\n")[2])
    return project


ROW_OF_NEW = OLD.count("\n") + 2 + ROW - 3


def test_diff_quality(branch: Project) -> None:
    """Only the finding on the lines that are new counts, and it fails the run."""
    need(script("diff-quality"), "diff-quality")
    shim, quality = commands("Only what has changed")[:2]
    git(branch.root, "commit", "-qam", "Add a finding")
    linked = run(branch.root, "sh", "-c", shim, path=BIN)
    assert linked.returncode == 0, linked.stdout
    failed = run(branch.root, "sh", "-c", quality, path=BIN)
    assert failed.returncode == 1, failed.stdout
    found = [line for line in failed.stdout.split("\n") if "RUN001" in line]
    assert found == [f"a.py:{ROW_OF_NEW}: [RUN001] {TEXT}"], failed.stdout

    branch.write("a.py", OLD + "\n\n" + REPAIRED.partition("\n\n\n")[2])
    git(branch.root, "commit", "-qam", "Repair it")
    passed = run(branch.root, "sh", "-c", quality, path=BIN)
    assert passed.returncode == 0, passed.stdout
    assert "RUN001" not in passed.stdout


def test_graylint(branch: Project) -> None:
    """What was on the main branch already is not told again."""
    need(script("graylint"), "graylint")
    command = commands("Only what has changed")[2]
    process = run(branch.root, "sh", "-c", command, merged=False, path=BIN)
    found = [line for line in process.stdout.split("\n") if "RUN001" in line]
    assert len(found) == 1, process.stdout + process.stderr
    assert found[0].startswith(f"a.py:{ROW_OF_NEW}:{COLUMN}: RUN001 {TEXT}")
    assert process.returncode == 1


# pytest-ruff

CONFTEST = """\
import os

import pytest_ruff

pytest_ruff.find_ruff_bin = lambda: os.environ["RUNSDIR"]
"""


def test_pytest_ruff(project: Project) -> None:
    """One file is a failure that shows the finding, the other one passes."""
    need(importlib.util.find_spec("pytest_ruff"), "pytest-ruff")
    project.write_all({"conftest.py": CONFTEST, "a.py": MODULE, "b.py": REPAIRED})
    process = subprocess.run(
        [own_script("pytest"), "--ruff", "-p", "no:cacheprovider", "a.py", "b.py"],
        cwd=project.root,
        env=project.environment(RUNSDIR=own_script("runsdir")),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert process.returncode == 1, process.stdout + process.stderr
    assert f"RUN001 {TEXT}" in process.stdout
    assert f"--> a.py:{ROW}:{COLUMN}" in process.stdout
    assert "1 failed, 1 passed" in process.stdout
