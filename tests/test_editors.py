"""Real clients of flake8 with the plugin in it: python-lsp-server, Vim with ALE, pre-commit.

They must be installed where the tests run in CI; elsewhere the tests of a missing one are skipped.
"""

from __future__ import annotations

import importlib.util
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conftest import Project

pytestmark = pytest.mark.clients

ROOT = Path(__file__).parents[1]
#: What an installation of the project is built from.
SOURCES = (
    ".pre-commit-hooks.yaml",
    "LICENSE",
    "README.md",
    "flake8_runsdir",
    "pyproject.toml",
    "setup.cfg",
)
#: A finding in the fifth row, behind a character that is two bytes long.
MODULE = """\
from pathlib import Path


def artifacts(run_id: str) -> Path:
    é = Path(".autonomous_runs") / run_id
    return é
"""
ROW, COLUMN = 5, 14
TEXT = "hard-coded runs directory `.autonomous_runs`; use `settings.autonomous_runs_dir`"
SECONDS = 300


def need(present: bool, what: str) -> None:
    """Skip the test if a client is missing, but fail in CI."""
    if not present:
        message = f"{what} is not installed"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


def script(name: str) -> str | None:
    """Return a console script of this environment."""
    return shutil.which(name, path=str(Path(sys.executable).parent))


def flake8_script() -> str:
    """Return the flake8 that has the plugin."""
    found = script("flake8")
    assert found is not None, "flake8 has no console script beside the interpreter"
    return found


# python-lsp-server


class LanguageClient:
    """A client of a language server over stdio, as small as a test needs it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._input, self._output = process.stdin, process.stdout
        self._received: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._requests = 0

    def _read(self) -> None:
        while True:
            length = 0
            for header in iter(self._output.readline, b"\r\n"):
                if not header:
                    return
                name, _, value = header.decode("ascii").partition(":")
                length = int(value) if name.lower() == "content-length" else length
            self._received.put(json.loads(self._output.read(length)))

    def _send(self, message: Mapping[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode("utf-8")
        self._input.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._input.flush()

    def notify(self, method: str, parameters: Mapping[str, object]) -> None:
        self._send({"method": method, "params": parameters})

    def request(self, method: str, parameters: Mapping[str, object] | None) -> Any:
        """Send a request and return its result; what arrives before that is dropped."""
        self._requests += 1
        self._send({"id": self._requests, "method": method, "params": parameters})
        while True:
            message = self._received.get(timeout=SECONDS)
            if message.get("id") == self._requests and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        """Wait for the diagnostics of a document."""
        while True:
            message = self._received.get(timeout=SECONDS)
            published = message.get("method") == "textDocument/publishDiagnostics"
            if published and message["params"]["uri"] == uri:
                return list(message["params"]["diagnostics"])


@contextmanager
def language_server(project: Project, **flake8: object) -> Iterator[LanguageClient]:
    """Start python-lsp-server in the project with flake8 as its only linter."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pylsp"],
        cwd=project.root,
        env=project.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        client = LanguageClient(process)
        client.request(
            "initialize",
            {"processId": None, "rootUri": project.root.as_uri(), "capabilities": {}},
        )
        client.notify("initialized", {})
        plugins: dict[str, object] = {
            name: {"enabled": False}
            for name in ("pycodestyle", "pyflakes", "mccabe", "pylint", "pydocstyle", "ruff")
        }
        plugins["flake8"] = {"enabled": True, "executable": flake8_script(), **flake8}
        settings = {"settings": {"pylsp": {"plugins": plugins}}}
        client.notify("workspace/didChangeConfiguration", settings)
        yield client
        client.request("shutdown", None)
        client.notify("exit", {})
        process.wait(timeout=SECONDS)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


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
    document = {"uri": file.as_uri(), "languageId": "python", "version": 1, "text": MODULE}
    if "config" in flake8:
        flake8 = {**flake8, "config": str(project.root / str(flake8["config"]))}
    with language_server(project, **flake8) as client:
        client.notify("textDocument/didOpen", {"textDocument": document})
        diagnostics = client.diagnostics(file.as_uri())
    start = {"line": ROW - 1, "character": COLUMN - 1}
    assert [
        (item["range"]["start"], item["code"], item["message"], item["source"])
        for item in diagnostics
    ] == [(start, code, f"{code} {text}", "flake8") for _, _, code, text in expected]


def test_python_lsp_server_follows_edits(project: Project) -> None:
    need(importlib.util.find_spec("pylsp") is not None, "python-lsp-server")
    file = project.write("a.py", MODULE)
    uri = file.as_uri()
    with language_server(project) as client:
        document = {"uri": uri, "languageId": "python", "version": 1, "text": "x = 1\n"}
        client.notify("textDocument/didOpen", {"textDocument": document})
        assert client.diagnostics(uri) == []
        change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": MODULE}]}
        client.notify("textDocument/didChange", change)
        assert [item["code"] for item in client.diagnostics(uri)] == ["RUN001"]


# Vim with ALE

VIMRC = """\
set nocompatible
let g:ale_linters_explicit = 1
let g:ale_linters = {'python': ['flake8']}
let g:ale_lint_on_enter = 0
let g:ale_lint_on_filetype_changed = 0
let g:ale_python_flake8_executable = $FLAKE8
let g:ale_python_flake8_use_global = 1
packadd ale
"""
DRIVER = """\
let g:linted = 0
autocmd User ALELintPost let g:linted = 1
edit a.py
set filetype=python
ALELint
let g:left = 1200
while !g:linted && g:left > 0
  sleep 50m
  let g:left -= 1
endwhile
call writefile([json_encode(ale#engine#GetLoclist(bufnr('%')))], $OUTPUT)
qall!
"""


def has_ale() -> bool:
    """Tell whether Vim is there and finds ALE among its packages."""
    vim = shutil.which("vim")
    if vim is None:
        return False
    probe = ["-c", "silent! packadd ale", "-c", "if exists(':ALELint') | qall! | endif | cquit!"]
    process = subprocess.run(
        [vim, "-Nu", "NONE", "-i", "NONE", "-n", "-es", *probe],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    return process.returncode == 0


def test_vim_with_ale(project: Project) -> None:
    need(has_ale(), "Vim with ALE")
    project.write_all({"project/a.py": MODULE, "project/setup.cfg": "[flake8]\n"})
    vimrc, driver = project.write("vimrc", VIMRC), project.write("driver.vim", DRIVER)
    output = project.root / "loclist.json"
    subprocess.run(
        ["vim", "-Nu", str(vimrc), "-i", "NONE", "-n", "-es", "-S", str(driver)],
        cwd=project.root / "project",
        env=project.environment(FLAKE8=flake8_script(), OUTPUT=str(output), LC_ALL="C.UTF-8"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    found = json.loads(output.read_text(encoding="utf-8"))
    in_bytes = len(MODULE.split("\n")[ROW - 1][: COLUMN - 1].encode()) + 1
    assert [(item["lnum"], item["col"], item["code"], item["text"]) for item in found] == [
        (ROW, in_bytes, "RUN001", TEXT)
    ]


# pre-commit


def run(cwd: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command that must not find the repository or the settings of the caller."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GIT_", "PRE_COMMIT", "PYTHON", "SKIP"))
    }
    somebody = {"NAME": "Somebody", "EMAIL": "somebody@example.org"}
    for key, value in somebody.items():
        kept.update({f"GIT_AUTHOR_{key}": value, f"GIT_COMMITTER_{key}": value})
    kept.update(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1")
    return subprocess.run(
        command,
        cwd=cwd,
        env={**kept, "PRE_COMMIT_HOME": str(cwd.parent / "cache"), "PRE_COMMIT_COLOR": "never"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


def repository(directory: Path) -> None:
    """Commit what a directory holds to a new repository in it."""
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Start"], ["tag", "v1"]):
        process = run(directory, "git", *command)
        assert process.returncode == 0, process.stdout


@pytest.fixture
def hook(tmp_path: Path) -> Path:
    """A repository that holds this project, as pre-commit would clone it."""
    directory = tmp_path / "hook"
    directory.mkdir()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, directory / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, directory / name)
    repository(directory)
    return directory


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
def test_pre_commit(project: Project, hook: Path, configuration: str) -> None:
    """The hook fails for the finding, at its place, and passes once it is gone."""
    need(importlib.util.find_spec("pre_commit") is not None, "pre-commit")
    need(shutil.which("git") is not None, "git")
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

    project.write("pkg/a.py", MODULE.replace('".autonomous_runs"', "settings.autonomous_runs_dir"))
    project.write("setup.cfg", "[flake8]\nextend-ignore = F821\n")
    passed = run(project.root, *pre_commit)
    assert passed.returncode == 0, passed.stdout
    assert "Passed" in passed.stdout
