"""What the tests of real clients share: a language client, repositories, and a hook to install."""

from __future__ import annotations

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
ROW, COLUMN, END = 5, 14, 32
TEXT = "hard-coded runs directory `.autonomous_runs`; use `settings.autonomous_runs_dir`"
#: The module without its finding.
REPAIRED = MODULE.replace('".autonomous_runs"', "settings.autonomous_runs_dir")
SECONDS = 300


def need(present: object, what: str) -> None:
    """Skip the test if a client is missing, but fail in CI."""
    if not present:
        message = f"{what} is not installed"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


def script(name: str) -> str | None:
    """Return a console script of this environment."""
    return shutil.which(name, path=str(Path(sys.executable).parent))


def own_script(name: str) -> str:
    """Return a console script that comes with the project or with flake8."""
    found = script(name)
    assert found is not None, f"{name} has no console script beside the interpreter"
    return found


# Language servers


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

    def open(self, uri: str, text: str) -> list[dict[str, Any]]:
        """Open a document and return its diagnostics."""
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return self.diagnostics(uri)

    def change(self, uri: str, text: str) -> list[dict[str, Any]]:
        """Change the whole of a document and return its new diagnostics."""
        change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]}
        self.notify("textDocument/didChange", change)
        return self.diagnostics(uri)

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        """Wait for the diagnostics of a document."""
        while True:
            message = self._received.get(timeout=SECONDS)
            published = message.get("method") == "textDocument/publishDiagnostics"
            if published and message["params"]["uri"] == uri:
                return list(message["params"]["diagnostics"])


@contextmanager
def language_server(
    project: Project, settings: Mapping[str, object], cwd: str = ""
) -> Iterator[LanguageClient]:
    """Start python-lsp-server for a project, in its directory or another, with some settings."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pylsp"],
        cwd=cwd or project.root,
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
        client.notify("workspace/didChangeConfiguration", {"settings": settings})
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


def only(**plugins: object) -> dict[str, object]:
    """Return settings of python-lsp-server in which only some linters are on."""
    linters = ("flake8", "pycodestyle", "pyflakes", "mccabe", "pylint", "pydocstyle", "ruff")
    off: dict[str, object] = {name: {"enabled": False} for name in linters}
    return {"pylsp": {"plugins": {**off, **plugins}}}


# Vim with ALE

_VIMRC = """\
set nocompatible
packadd ale
let g:ale_linters_explicit = 1
let g:ale_lint_on_enter = 0
let g:ale_lint_on_filetype_changed = 0
"""
_VIM_DRIVER = """\
let g:linted = 0
autocmd User ALELintPost let g:linted = 1
edit $FILE
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


def ale_findings(
    project: Project, path: str, vimrc: str, **environment: str
) -> list[dict[str, Any]]:
    """Open a file of a project in Vim and return what ALE finds under some settings."""
    output = project.home / "loclist.json"
    (project.home / "vimrc").write_text(_VIMRC + vimrc, encoding="utf-8")
    (project.home / "driver.vim").write_text(_VIM_DRIVER, encoding="utf-8")
    startup = ["-Nu", str(project.home / "vimrc"), "-S", str(project.home / "driver.vim")]
    variables = {"OUTPUT": str(output), "FILE": path, "LC_ALL": "C.UTF-8", **environment}
    subprocess.run(
        ["vim", *startup, "-i", "NONE", "-n", "-es"],
        cwd=project.root,
        env=project.environment(**variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    found: list[dict[str, Any]] = json.loads(output.read_text(encoding="utf-8"))
    return found


# Repositories and hooks


def run(
    cwd: Path, *command: str, merged: bool = True, path: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command that must not find the repository or the settings of the caller.

    The two outputs are ``merged`` into one unless that is said otherwise; ``path`` is a directory
    in which programs are looked for first.
    """
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GIT_", "PRE_COMMIT", "PYTHON", "SKIP"))
    }
    somebody = {"NAME": "Somebody", "EMAIL": "somebody@example.org"}
    for key, value in somebody.items():
        kept.update({f"GIT_AUTHOR_{key}": value, f"GIT_COMMITTER_{key}": value})
    kept.update(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1")
    kept.update(PRE_COMMIT_HOME=str(cwd.parent / "cache"), PRE_COMMIT_COLOR="never")
    if path:
        kept["PATH"] = os.pathsep.join((path, kept["PATH"]))
    return subprocess.run(
        command,
        cwd=cwd,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if merged else subprocess.PIPE,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


def git(cwd: Path, *arguments: str) -> None:
    """Run git, which must succeed."""
    process = run(cwd, "git", *arguments)
    assert process.returncode == 0, process.stdout


def repository(directory: Path) -> None:
    """Commit what a directory holds to a new repository in it."""
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Start"], ["tag", "v1"]):
        git(directory, *arguments)


def hook_repository(directory: Path) -> Path:
    """Make a repository that holds this project, as pre-commit would clone it."""
    directory.mkdir()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, directory / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, directory / name)
    repository(directory)
    return directory
