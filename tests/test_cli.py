"""The command ``runsdir``, run as its users run it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from flake8_runsdir import __version__, cli
from flake8_runsdir.rules import ALL, RULES


@pytest.mark.parametrize(
    ("arguments", "code", "printed", "complaint"),
    [
        pytest.param(["--version"], 0, f"runsdir {__version__}\n", "", id="two words"),
        pytest.param(["rule", "RUN001"], 0, RULES[0].page, "", id="a code"),
        pytest.param(["rule", "run001"], 0, RULES[0].page, "", id="a code in lower case"),
        pytest.param(["rule", "hardcoded-runs-path"], 0, RULES[0].page, "", id="a name"),
        pytest.param(
            ["rule", "--all"], 0, "\n".join(rule.page for rule in ALL), "", id="all rules"
        ),
        pytest.param(["rule"], 2, "", "name one rule, or give --all", id="no rule"),
        pytest.param(["rule", "RUN001", "--all"], 2, "", "name one rule", id="both"),
        pytest.param(
            ["rule", "RUN\x1b[31m"], 2, "", "unknown rule `RUN\\x1b[31m`", id="an escape sequence"
        ),
        pytest.param([], 2, "", "Usage: runsdir [OPTIONS] <COMMAND>", id="nothing"),
        pytest.param(
            ["fly"], 2, "", "error: unrecognized subcommand 'fly'", id="an unknown command"
        ),
    ],
)
def test_command(
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    printed: str,
    complaint: str,
) -> None:
    found = cli.main(arguments)
    output = capsys.readouterr()
    assert (found, output.out) == (code, printed)
    assert complaint in output.err
    assert bool(output.err) is bool(code)


def test_module_is_the_command() -> None:
    command = [sys.executable, "-m", "flake8_runsdir", "--version"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == f"runsdir {__version__}\n"


@pytest.mark.parametrize("asked", ["RUN001", "--all"], ids=["less than a buffer", "more"])
def test_a_reader_that_leaves_is_no_error(asked: str) -> None:
    script = f"import sys; from flake8_runsdir.cli import main; sys.exit(main(['rule', '{asked}']))"
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=buffered,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()
    assert (process.returncode, complaint) == (0, b"")
