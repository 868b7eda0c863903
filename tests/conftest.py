"""Fixtures: a project in a temporary directory, and the real flake8 and checker run in it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

_LINE = re.compile(
    r"(?P<path>.+?):(?P<row>\d+):(?P<col>\d+): (?P<code>[A-Z]+\d+) (?P<text>.*)", re.DOTALL
)
#: Variables of the caller that change what Python or flake8 print, or where they look.
_MEANINGFUL = (
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "FORCE_COLOR",
    "NO_COLOR",
    "PYTHONIOENCODING",
    "PYTHONOPTIMIZE",
    "PYTHONUTF8",
    "PYTHONWARNINGS",
    "XDG_CONFIG_HOME",
)


def pytest_configure() -> None:
    """Let the programs under test be interrupted, also where the tests run in the background.

    Shells ignore some signals there, and whatever is started inherits that.
    """
    for name, usual in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


class Finding(NamedTuple):
    """A line of flake8's default format: row and column are 1-based."""

    path: str
    row: int
    col: int
    code: str
    text: str


class Place(NamedTuple):
    """A finding without its text."""

    path: str
    row: int
    col: int
    code: str


@dataclass(frozen=True)
class Result:
    """What a run of flake8 or of the checker left: exit code and output, decoded as UTF-8."""

    rc: int
    stdout: str
    stderr: str

    @property
    def findings(self) -> list[Finding]:
        """The findings, sorted.  Fails if a line is none."""
        found = []
        for line in self.stdout.split("\n")[:-1]:
            match = _LINE.fullmatch(line)
            assert match is not None, f"not a finding: {line!r}\n{self.stdout}{self.stderr}"
            path = str(PurePosixPath(match["path"]))
            found.append(
                Finding(path, int(match["row"]), int(match["col"]), match["code"], match["text"])
            )
        return sorted(found)

    @property
    def places(self) -> list[Place]:
        """The findings without their texts, sorted."""
        return [Place(*finding[:4]) for finding in self.findings]

    @property
    def codes(self) -> list[str]:
        """The codes of the findings, each once, sorted."""
        return sorted({finding.code for finding in self.findings})


class Project:
    """A directory with files, in which flake8 and the checker are run as a user would run them.

    The home directory is the one above: flake8 looks for its configuration no higher than that.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "project"
        self.root.mkdir()

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file, with the line ends that are given, and the directories above it."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return file

    def write_all(self, files: Mapping[str, str | bytes]) -> None:
        """Write several files."""
        for path, content in files.items():
            self.write(path, content)

    def environment(self, **changes: str) -> dict[str, str]:
        """Return the environment of this process without what would change the outcome."""
        kept = {key: value for key, value in os.environ.items() if key not in _MEANINGFUL}
        return {**kept, "HOME": str(self.home), "USERPROFILE": str(self.home), **changes}

    def flake8(
        self,
        *arguments: str,
        cwd: str = ".",
        stdin: str | bytes = b"",
        python: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Result:
        """Run flake8 in the project, or a directory of it.  Fails if there is a traceback."""
        command = [sys.executable, *python, "-m", "flake8", *arguments]
        return self.run(command, cwd, stdin, environment)

    def runsdir(
        self,
        *arguments: str,
        cwd: str = ".",
        stdin: str | bytes = b"",
        environment: Mapping[str, str] | None = None,
    ) -> Result:
        """Run ``runsdir`` in the project, or a directory of it.  Fails if there is a traceback."""
        command = [sys.executable, "-m", "flake8_runsdir", *arguments]
        return self.run(command, cwd, stdin, environment)

    def run(
        self,
        command: Sequence[str],
        cwd: str = ".",
        stdin: str | bytes = b"",
        environment: Mapping[str, str] | None = None,
    ) -> Result:
        """Run a command in the project, or a directory of it.  Fails if there is a traceback."""
        process = subprocess.run(
            command,
            cwd=self.root / cwd,
            env=self.environment(**(environment or {})),
            input=stdin.encode("utf-8") if isinstance(stdin, str) else stdin,
            capture_output=True,
            timeout=60,
            check=False,
        )
        result = Result(
            process.returncode,
            process.stdout.decode("utf-8").replace("\r\n", "\n"),
            process.stderr.decode("utf-8", "backslashreplace"),
        )
        assert "Traceback" not in result.stdout + result.stderr, result.stdout + result.stderr
        return result


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project."""
    return Project(tmp_path)
