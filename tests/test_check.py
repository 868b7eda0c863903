"""The contract of ``runsdir check``: beside the real Ruff wherever Ruff has the behaviour."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from conftest import Project, Result
from flake8_runsdir.arguments import UsageError, parse
from flake8_runsdir.flags import CHECK, CONFLICTS
from flake8_runsdir.options import FORMATS
from pages import blocks

RUNS = 'p = open(".autonomous_runs/a")\n'
NOTEBOOK = json.dumps(
    {
        "cells": [{"cell_type": "code", "metadata": {}, "source": [RUNS], "outputs": []}],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
)
FILES = {
    "bad.py": RUNS,
    "clean.py": "x = 1\n",
    "sub/bad.py": f"x = 1\n{RUNS}",
    "broken": f"x = (\n{RUNS}",
    "book.ipynb": NOTEBOOK,
    "empty/readme.txt": "",
    ".venv/bad.py": RUNS,
    "arguments.txt": "--output-format\nconcise\nbad.py\n",
    "other.toml": "",
    "wrong.toml": "nonsense = 1\n",
}
COMMAND = [sys.executable, "-m", "flake8_runsdir"]
RUFF = str(Path(sys.executable).with_name("ruff"))
EXAMPLES = Path(__file__).parents[1] / "examples"
#: The words of the one tool, and those of the other.
WORDS = (
    ("RUN001", "S108"),
    ("RUN9", "E9"),
    ("RUNSDIR_", "RUFF_"),
    ("RUN=", "S1="),
)


class Twins:
    """Two projects with the same files: one that is ours, and one for Ruff."""

    def __init__(self, home: Path) -> None:
        (home / "ours").mkdir()
        (home / "theirs").mkdir()
        self.ours = Project(home / "ours")
        self.theirs = Project(home / "theirs")
        names = 'lint.flake8-bandit.hardcoded-tmp-directory = [".autonomous_runs"]'
        self.theirs.write("ruff.toml", f'lint.select = ["S108", "E902"]\n{names}\n')
        for project in (self.ours, self.theirs):
            project.write_all(FILES)

    def run(
        self,
        arguments: Sequence[str],
        stdin: str = "",
        cwd: str = ".",
        environment: dict[str, str] | None = None,
    ) -> tuple[Result, Result]:
        """Return what the same arguments lead to, here and there."""
        ours = self.ours.runsdir(*arguments, stdin=stdin, cwd=cwd, environment=environment)
        command = [RUFF, *map(translated, arguments)]
        changes = {translated(name): value for name, value in (environment or {}).items()}
        return ours, self.theirs.run(command, cwd, stdin, changes)

    def shapes(self, results: tuple[Result, Result]) -> tuple[object, object]:
        """Return of both: the exit code, the outline of the output, and whether there is more."""
        projects = (self.ours, self.theirs)
        first, second = (
            (result.rc, outline(result.stdout, project), bool(result.stderr))
            for result, project in zip(results, projects)
        )
        return first, second


def translated(text: str) -> str:
    """Return a text with the words of Ruff."""
    for ours, theirs in WORDS:
        text = text.replace(ours, theirs)
    return text


def outline(text: str, project: Project) -> str:
    """Return an output without what differs by its nature: codes, messages, names, addresses."""
    text = text.replace(str(project.root), "ROOT").replace("ROOT/ruff.toml\n", "")
    text = re.sub(r'"(code|message|url|name)": ?("(?:[^"\\]|\\.)*"|null)', r'"\1"', text)
    text = re.sub(r"^help: .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\d+ files? checked, \d+ not checked\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"(\d+\t)(RUN001|S108)\t.*", r"\1", text)
    return re.sub(r"(RUN001|S108|RUN903|E902|RUN901:?|invalid-syntax:?)(\x1b\[0m)? .*", "-", text)


@pytest.fixture
def twins(tmp_path: Path) -> Twins:
    """Two projects with the same files."""
    return Twins(tmp_path)


SAME: list[Any] = [
    pytest.param(["clean.py"], id="clean"),
    pytest.param(["bad.py"], id="findings"),
    pytest.param(["bad.py", "sub", "clean.py"], id="files and directories"),
    pytest.param(["bad.py", "./bad.py", "sub/../bad.py"], id="each file once"),
    pytest.param(["missing.py"], id="a missing file"),
    pytest.param(["missing.py", "bad.py", "-q"], id="a missing file beside another, quietly"),
    pytest.param(["empty"], id="no Python files"),
    pytest.param(["empty", "--output-format=json"], id="no Python files, an empty array"),
    pytest.param(["empty", "-q"], id="no Python files, quietly"),
    pytest.param(["empty", "-s"], id="no Python files, silently"),
    pytest.param(["bad.py", "-e"], id="exit-zero"),
    pytest.param(["bad.py", "missing.py", "--exit-zero"], id="exit-zero with a missing file"),
    pytest.param(["bad.py", "-q"], id="quiet"),
    pytest.param(["clean.py", "--quiet"], id="quiet and clean"),
    pytest.param(["bad.py", "-s"], id="silent"),
    pytest.param(["bad.py", "--silent", "-o", "x"], id="silent into a file"),
    pytest.param(["bad.py", "-qe"], id="a cluster of short flags"),
    pytest.param(["bad.py", "-e", "sub"], id="flags between files"),
    pytest.param(["--output-format=json", "bad.py"], id="a value behind an equals sign"),
    pytest.param(["--", "bad.py"], id="the end of the flags"),
    pytest.param(["--", "-e"], id="a file with the name of a flag"),
    pytest.param(["-", "bad.py"], id="a hyphen beside files is a file"),
    pytest.param(["@arguments.txt"], id="arguments in a file"),
    pytest.param(["@missing.txt"], id="arguments in a missing file"),
    pytest.param([""], id="an empty name"),
    *(
        pytest.param(["--output-format", name, "clean.py"], id=f"{name}, clean")
        for name in FORMATS
        if name not in ("sarif", "junit", "rdjson")
    ),
    *(
        pytest.param(["--output-format", name, "bad.py", "sub", "book.ipynb"], id=name)
        for name in ("concise", "full", "grouped", "json", "json-lines")
    ),
    pytest.param(["--output-format", "text", "bad.py"], id="an unknown format"),
    pytest.param(["--output-format", "", "bad.py"], id="no format"),
    pytest.param(["bad.py", "--output-format"], id="no value"),
    pytest.param(["--output-format", "-e", "bad.py"], id="a flag is no value"),
    pytest.param(["--output-format=json", "--output-format=json"], id="a value given twice"),
    pytest.param(["-o", "x", "--output-file", "y", "bad.py"], id="a value given twice, once short"),
    pytest.param(["-e", "--exit-zero", "bad.py"], id="a switch given twice"),
    pytest.param(["--fix", "--fix", "bad.py"], id="a switch with an opposite given twice"),
    pytest.param(["--fix", "--no-fix", "--fix", "bad.py"], id="the last of opposites"),
    pytest.param(["--exit-zero=yes", "bad.py"], id="a value for a switch"),
    pytest.param(["--nope", "bad.py"], id="an unknown flag"),
    pytest.param(["--nope", "--help"], id="an unknown flag before the one for help"),
    pytest.param(["-x", "bad.py"], id="an unknown short flag"),
    pytest.param(["--sel", "RUN001", "bad.py"], id="no abbreviations"),
    pytest.param(["--select", "RUN001", "bad.py"], id="select"),
    pytest.param(["--select", "RUN9", "bad.py"], id="select another"),
    pytest.param(["--select=RUN001", "--select=RUN9", "bad.py"], id="selectors add up"),
    pytest.param(["--select", "RUN9,RUN001", "bad.py"], id="selectors in a list"),
    pytest.param(["--select", "RUN001,", "bad.py"], id="an empty selector"),
    pytest.param(["--select", "NOPE1", "bad.py"], id="an unknown selector"),
    pytest.param(["--ignore", "RUN001", "bad.py"], id="ignore"),
    pytest.param(["--select", "RUN001", "--ignore", "RUN001", "bad.py"], id="ignore wins"),
    pytest.param(["--extend-select", "RUN001", "bad.py"], id="extend-select"),
    pytest.param(["--extend-ignore", "RUN001", "bad.py"], id="extend-ignore"),
    pytest.param(["--ignore", "nope", "bad.py"], id="an unknown code to ignore"),
    pytest.param(["--per-file-ignores", "bad.py:RUN001", "."], id="per-file-ignores by name"),
    pytest.param(["--per-file-ignores", "sub/*:RUN001", "sub"], id="per-file-ignores by path"),
    pytest.param(["--per-file-ignores", "sub:RUN001", "sub"], id="a bare directory is no glob"),
    pytest.param(["--per-file-ignores", "!sub/*:RUN001", "."], id="per-file-ignores turned round"),
    pytest.param(["--extend-per-file-ignores", "bad.py:RUN001", "."], id="extend-per-file-ignores"),
    pytest.param(["--per-file-ignores", "bad.py", "."], id="per-file-ignores without a code"),
    pytest.param(["--per-file-ignores", "bad.py:NOPE1", "."], id="per-file-ignores of nothing"),
    pytest.param(["--exclude", "bad.py", "."], id="exclude by name"),
    pytest.param(["--exclude", "sub", "."], id="exclude a directory"),
    pytest.param(["--exclude", "sub/*.py", "."], id="exclude by path"),
    pytest.param(["--exclude", "sub", "--show-files", "."], id="exclude replaces the defaults"),
    pytest.param(["--extend-exclude", "sub", "--show-files", "."], id="extend-exclude does not"),
    pytest.param(["--exclude", "bad.py", "bad.py"], id="named files are not excluded"),
    pytest.param(["--exclude", "bad.py", "--force-exclude", "bad.py"], id="unless that is forced"),
    pytest.param(["--force-exclude", "--no-force-exclude", ".venv/bad.py"], id="or not after all"),
    pytest.param(["--force-exclude", ".venv/bad.py", "bad.py"], id="one of two is excluded"),
    pytest.param(["--exclude", "[", "bad.py"], id="a wrong glob"),
    pytest.param(["--show-files"], id="show-files"),
    pytest.param(["--show-files", "missing.py", "bad.py"], id="show-files that are missing"),
    pytest.param(["--show-files", "empty"], id="show-files, none"),
    pytest.param(["--show-files", "-"], id="show-files, standard input"),
    pytest.param(["--show-files", "-o", "x", "bad.py"], id="show-files into a file"),
    pytest.param(["--show-files", "-s", "bad.py"], id="show-files silently"),
    pytest.param(["--show-settings", "empty"], id="show-settings of nothing"),
    pytest.param(["--show-settings", "-o", "x", "bad.py"], id="show-settings into a file"),
    pytest.param(["-o", "new/directory/x", "bad.py"], id="output-file makes directories"),
    pytest.param(["-onew", "bad.py"], id="a value that is attached"),
    pytest.param(["-o", "sub", "bad.py"], id="output-file is a directory"),
    pytest.param(["-o", "", "bad.py"], id="output-file without a name"),
    pytest.param(["--config", "other.toml", "clean.py"], id="a configuration file"),
    pytest.param(["--config", "missing.toml", "bad.py"], id="a missing configuration file"),
    pytest.param(["--config", "wrong.toml", "bad.py"], id="a wrong configuration file"),
    pytest.param(["--config", "nonsense=1", "bad.py"], id="an unknown option"),
    pytest.param(["--config", "a b = [", "bad.py"], id="an option that is no TOML"),
    pytest.param(["--config", "preview=3", "bad.py"], id="an option of the wrong type"),
    pytest.param(["--config", "output-format='concise'", "bad.py"], id="an option"),
    pytest.param(
        ["--config=output-format='json'", "--output-format=concise", "bad.py"], id="flags win"
    ),
    pytest.param(
        ["--config=output-format='json'", "--config=output-format='concise'", "bad.py"],
        id="the first of two options",
    ),
    pytest.param(
        ["--config=exclude=['sub']", "--config=force-exclude=true", "sub", "bad.py"],
        id="options add up",
    ),
    pytest.param(["--config=other.toml", "--config=other.toml", "bad.py"], id="two files"),
    pytest.param(["--isolated", "--config", "other.toml", "bad.py"], id="a file, but isolated"),
    pytest.param(["--isolated", "clean.py"], id="isolated"),
    pytest.param(["--fix", "bad.py"], id="nothing to fix"),
    pytest.param(["--fix", "--no-fix", "bad.py"], id="no-fix"),
    pytest.param(["--fix", "--show-fixes", "bad.py"], id="no fixes to show"),
    pytest.param(["--unsafe-fixes", "bad.py"], id="no unsafe fixes"),
    pytest.param(["--fix", "--exit-non-zero-on-fix", "clean.py"], id="exit-non-zero-on-fix"),
    pytest.param(["--diff", "bad.py"], id="diff of nothing"),
    pytest.param(["--diff", "broken"], id="diff of a broken file"),
    pytest.param(["--fix-only", "bad.py"], id="fix-only"),
    pytest.param(["--fix-only", "--statistics", "bad.py"], id="fix-only, counted"),
    pytest.param(["--add-noqa", "bad.py", "sub"], id="add-noqa"),
    pytest.param(["--add-noqa=a reason", "bad.py"], id="add-noqa with a reason"),
    pytest.param(["--add-noqa", "clean.py"], id="add-noqa to nothing"),
    pytest.param(["--add-noqa", "-q", "bad.py"], id="add-noqa quietly"),
    pytest.param(["--add-noqa=a\nb", "bad.py"], id="a reason of two lines"),
    pytest.param(["--add-noqa", "--fix-only", "bad.py"], id="add-noqa and fix-only"),
    pytest.param(["--add-ignore", "bad.py"], id="add-ignore"),
    pytest.param(["--add-ignore=a reason", "bad.py"], id="add-ignore with a reason"),
    pytest.param(["--statistics", "bad.py", "sub"], id="statistics"),
    pytest.param(["--statistics", "clean.py"], id="statistics of nothing"),
    pytest.param(["--statistics", "-q", "bad.py"], id="statistics quietly"),
    *(
        pytest.param(
            ["--statistics", "--output-format", name, "bad.py"], id=f"statistics as {name}"
        )
        for name in FORMATS
    ),
    pytest.param(["--target-version", "py310", "bad.py"], id="target-version"),
    pytest.param(["--target-version", "py27", "bad.py"], id="an unknown target-version"),
    pytest.param(["--extension", "nonsense", "bad.py"], id="a wrong extension"),
    pytest.param(["--line-length", "x", "bad.py"], id="a wrong line-length"),
    pytest.param(["--fixable", "nope", "bad.py"], id="an unknown code to fix"),
    pytest.param(["--color", "always", "--output-format=concise", "bad.py"], id="in colour"),
    pytest.param(["--color", "always", "clean.py"], id="clean in colour"),
    pytest.param(["--color", "purple", "bad.py"], id="an unknown colour"),
    pytest.param(
        "--no-unsafe-fixes --no-show-fixes --no-fix-only --no-preview --no-fix --preview "
        "--no-cache --extension ipynb:python --line-length 88 --dummy-variable-rgx x --fixable ALL "
        "--unfixable ALL --extend-fixable ALL --extend-unfixable ALL clean.py".split(),
        id="flags that clients pass",
    ),
    pytest.param(["--watch", "-"], id="watch standard input"),
]


@pytest.mark.peers
@pytest.mark.parametrize("arguments", SAME)
def test_same_as_ruff(twins: Twins, arguments: list[str]) -> None:
    ours, theirs = twins.shapes(twins.run(["check", *arguments]))
    assert ours == theirs


_EDITORS = {
    "python-lsp-ruff": "--quiet --exit-zero --output-format=json --extension=ipynb:python --no-fix "
    "--force-exclude --stdin-filename=sub/a.py -- -",
    "ALE": "-q --no-fix --output-format json-lines --stdin-filename sub/a.py -",
    "ruff-lsp": "--force-exclude --no-cache --no-fix --quiet --output-format json - "
    "--stdin-filename a.py",
}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        pytest.param(["-"], RUNS, id="findings"),
        pytest.param(["-"], "x = 1\n", id="clean"),
        pytest.param(["-"], "", id="nothing"),
        pytest.param(["--", "-"], RUNS, id="behind the end of the flags"),
        pytest.param(["-", "--output-format=json"], RUNS, id="without a name"),
        pytest.param(["--stdin-filename", "sub/a.py", "--output-format=json"], RUNS, id="named"),
        pytest.param(["--stdin-filename", "no/such/a.py", "-"], RUNS, id="a missing directory"),
        pytest.param(["--stdin-filename", "a.py", "bad.py", "clean.py"], RUNS, id="beside files"),
        pytest.param(["--stdin-filename", "a.py", "bad.py", "-q"], RUNS, id="quietly beside files"),
        pytest.param(["--stdin-filename", ""], RUNS, id="an empty name"),
        pytest.param(["--stdin-filename", "a.ipynb", "-"], NOTEBOOK, id="a notebook"),
        pytest.param(["--stdin-filename", ".venv/a.py", "-"], RUNS, id="excluded, but named"),
        pytest.param(["--stdin-filename=.venv/a.py", "--force-exclude", "-"], RUNS, id="excluded"),
        pytest.param(
            ["--stdin-filename=.venv/a.py", "--force-exclude", "--fix", "-"], RUNS, id="given back"
        ),
        pytest.param(["--fix", "-"], RUNS, id="nothing to fix: given back, the report aside"),
        pytest.param(["--fix", "-"], "x = 1\n\n", id="clean, given back to the letter"),
        pytest.param(["--fix", "-q", "-"], RUNS, id="given back quietly"),
        pytest.param(["--fix", "-s", "-"], RUNS, id="given back silently"),
        pytest.param(["--fix", "-e", "-"], RUNS, id="given back, exit-zero"),
        pytest.param(["--fix", "--output-format=json", "-"], RUNS, id="given back, json aside"),
        pytest.param(["--fix-only", "-"], RUNS, id="fix-only"),
        pytest.param(["--diff", "-"], RUNS, id="diff"),
        pytest.param(["--statistics", "-"], RUNS, id="counted"),
        pytest.param(
            ["--per-file-ignores=a.py:RUN001", "--stdin-filename", "a.py"], RUNS, id="exempt"
        ),
        *(pytest.param(line.split(), RUNS, id=name) for name, line in _EDITORS.items()),
    ],
)
def test_standard_input_is_the_same(twins: Twins, arguments: list[str], text: str) -> None:
    results = twins.run(["check", *arguments], stdin=text)
    ours, theirs = twins.shapes(results)
    assert ours == theirs
    if results[0].rc < 2:
        first, second = results
        assert outline(first.stderr, twins.ours) == outline(second.stderr, twins.theirs)


def test_standard_input_is_given_back_to_the_letter(project: Project) -> None:
    for data in (
        b"x = 1\r\ny = 2\r",
        RUNS[:-1].encode(),
        b"x = (\n",
        b"\xef\xbb\xbf\x0c",
        b"\xff\0",
    ):
        command = [sys.executable, "-m", "flake8_runsdir", "check", "--fix", "-s", "-"]
        result = subprocess.run(
            command, cwd=project.root, input=data, capture_output=True, check=False
        )
        assert (result.stdout, result.stderr) == (data, b"")


@pytest.mark.parametrize(
    ("variables", "arguments"),
    [
        ({"RUNSDIR_OUTPUT_FORMAT": "json"}, ["bad.py"]),
        ({"RUNSDIR_OUTPUT_FORMAT": "json"}, ["--output-format=concise", "bad.py"]),
        ({"RUNSDIR_OUTPUT_FORMAT": "text"}, ["bad.py"]),
        ({"RUNSDIR_OUTPUT_FORMAT": ""}, ["bad.py"]),
        ({"RUNSDIR_OUTPUT_FILE": "new/x"}, ["bad.py"]),
        ({"RUNSDIR_OUTPUT_FILE": ""}, ["bad.py"]),
        ({"RUNSDIR_NO_CACHE": "true"}, ["bad.py"]),
        ({"RUNSDIR_NO_CACHE": "false"}, ["bad.py"]),
        ({"RUNSDIR_NO_CACHE": "maybe"}, ["bad.py"]),
        ({"RUNSDIR_NO_CACHE": ""}, ["bad.py"]),
        ({"RUNSDIR_CACHE_DIR": "here"}, ["bad.py"]),
        ({"RUNSDIR_CACHE_DIR": ""}, ["bad.py"]),
        ({"FORCE_COLOR": "1"}, ["--output-format=concise", "bad.py"]),
        ({"FORCE_COLOR": "0"}, ["--output-format=concise", "bad.py"]),
        ({"FORCE_COLOR": ""}, ["--output-format=concise", "bad.py"]),
        ({"FORCE_COLOR": "1"}, ["--output-format=json", "bad.py"]),
        ({"FORCE_COLOR": "1"}, ["--color=never", "bad.py"]),
        ({"FORCE_COLOR": "1"}, ["--color=auto", "clean.py"]),
        ({"CLICOLOR_FORCE": "1"}, ["clean.py"]),
        ({"CLICOLOR_FORCE": ""}, ["clean.py"]),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, ["clean.py"]),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, ["clean.py"]),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, ["clean.py"]),
        ({"NO_COLOR": "1"}, ["--color=always", "clean.py"]),
    ],
    ids=str,
)
def test_environment_means_the_same(
    twins: Twins, variables: dict[str, str], arguments: list[str]
) -> None:
    ours, theirs = twins.shapes(twins.run(["check", *arguments], environment=variables))
    assert ours == theirs


@pytest.mark.parametrize(
    ("arguments", "path"),
    [(["--output-file=new/x"], "new/x"), (["--output-file=x", "--color=always"], "x")],
)
def test_output_file_holds_the_report_without_colours(
    twins: Twins, arguments: list[str], path: str
) -> None:
    twins.run(["check", "--output-format=concise", "bad.py", *arguments])
    ours, theirs = (
        outline((project.root / path).read_text(encoding="utf-8"), project)
        for project in (twins.ours, twins.theirs)
    )
    assert ours == theirs


def test_cache_is_where_it_is_said_to_be(project: Project) -> None:
    project.write_all(FILES)
    for variables, argument, place in (
        ({"RUNSDIR_NO_CACHE": "true"}, "-e", ""),
        ({}, "--no-cache", ""),
        ({}, "-n", ""),
        ({"RUNSDIR_CACHE_DIR": "a"}, "-e", "a"),
        ({"RUNSDIR_CACHE_DIR": "a"}, "--cache-dir=b", "b"),
        ({}, "--config=cache-dir='c'", "c"),
        ({}, "-e", ".runsdir_cache"),
    ):
        before = {path.name for path in project.root.iterdir()}
        project.runsdir("check", "bad.py", argument, environment=variables)
        after = {path.name for path in project.root.iterdir()}
        assert after - before == {place} - {""}
    told = project.runsdir("check", "-v", "bad.py").stderr
    assert "1 files answered from the cache" in told


@pytest.mark.parametrize(
    ("first", "second"),
    [pytest.param(a, b, id=f"{a} {b}") for a, others in CONFLICTS for b in others],
)
def test_flags_that_exclude_each_other_for_ruff_too(first: str, second: str) -> None:
    given = [
        f"--{field.replace('_', '-')}{'=a.py' if field == 'stdin_filename' else ''}"
        for field in (first, second)
    ]
    theirs = subprocess.run([RUFF, "check", *given], capture_output=True, text=True, check=False)
    with pytest.raises(UsageError) as caught:
        parse(["check", *given])
    assert theirs.returncode == 2
    assert " cannot be used with " in theirs.stderr
    assert " cannot be used with " in str(caught.value)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["bad.py"],
        ["--nope"],
        ["--nope", "check"],
        ["--version"],
        ["-V"],
        ["--version", "check"],
        ["check", "-V"],
        ["version"],
        ["version", "--output-format=json"],
        ["version", "x"],
        ["-v", "version"],
        ["help"],
        ["help", "check"],
        ["help", "fly"],
        ["--help"],
        ["-h"],
        ["check", "--help"],
        ["check", "-h", "--nope"],
        ["rule", "--help"],
        ["config", "--help"],
        ["linter", "--help"],
        ["rule"],
        ["rule", "nope"],
        ["rule", "RUN001"],
        ["rule", "RUN001", "--all"],
        ["rule", "-q", "RUN001"],
        ["rule", "RUN001", "--output-format=yaml"],
        ["config"],
        ["config", "output-format"],
        ["config", "nope"],
        ["linter"],
        ["-q", "check", "bad.py"],
        ["--isolated", "check", "clean.py"],
        ["--config", "other.toml", "check", "clean.py"],
        ["--color", "always", "check", "clean.py"],
        ["-q", "check", "-q", "clean.py"],
        ["check", "help"],
    ],
    ids=" ".join,
)
def test_commands_end_as_ruff_does(twins: Twins, arguments: list[str]) -> None:
    ours, theirs = twins.run(arguments)
    assert (ours.rc, bool(ours.stdout), bool(ours.stderr)) == (
        theirs.rc,
        bool(theirs.stdout),
        bool(theirs.stderr),
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["rule", "RUN001"],
        ["linter"],
        ["config", "output-format"],
        ["config"],
        ["version"],
    ],
    ids=" ".join,
)
def test_json_has_the_keys_of_ruff(twins: Twins, arguments: list[str]) -> None:
    ours, theirs = (
        json.loads(result.stdout) for result in twins.run([*arguments, "--output-format=json"])
    )
    assert type(ours) is type(theirs)
    if arguments == ["config"]:
        ours, theirs = ours["exclude"], theirs["exclude"]
    if isinstance(ours, list):
        ours, theirs = ours[0], theirs[0]
    assert set(ours) == set(theirs)


def test_help_names_every_flag_that_does_something(project: Project) -> None:
    text = project.runsdir("check", "--help").stdout
    for flag in CHECK.flags:
        assert (re.search(rf"--{flag.name}\b", text) is not None) or not flag.help, flag
    assert max(map(len, text.split("\n"))) <= 100


def test_findings_of_flake8_and_of_the_checker_are_the_same(project: Project) -> None:
    """Every page of the tests and the example, with all rules on."""
    for number, block in enumerate(blocks()):
        if not block.options:
            project.write(f"pages/p{number}/{block.path}", block.text)
    for path in EXAMPLES.rglob("*.py"):
        project.write(f"examples/{path.relative_to(EXAMPLES)}", path.read_bytes())
    flake8 = project.flake8("--select=RUN", "--extend-select=RUN1,RUN2", ".")
    ours = project.runsdir("check", "--select=ALL", "-q", "--output-format=concise")
    # What this interpreter cannot parse, flake8 does not report on at all.
    unparsed = {place.path for place in ours.places if place.code.startswith("RUN9")}
    found = [place for place in ours.places if place.path not in unparsed]
    theirs = [place for place in flake8.places if place.path not in unparsed]
    assert len(found) > 500
    assert found == theirs
    assert not ours.stderr


CONFIGURED = {
    "a/runsdir.toml": 'names = ["a_runs"]\n',
    "a/a.py": 'open("a_runs/x")\nopen(".autonomous_runs/x")\n',
    "a/b/pyproject.toml": "[tool.other]\nx = 1\n",
    "a/b/b.py": 'open("a_runs/x")\nopen("top_runs/x")\n',
    "pyproject.toml": """
        [tool.runsdir]
        names = ["top_runs"]
        per-file-ignores = {"t.py" = ["RUN"]}
    """,
    "top.py": 'open("top_runs/x")\nopen("a_runs/x")\n',
    "c/.runsdir.toml": 'names = ["dot_runs"]\n',
    "c/runsdir.toml": 'names = ["bare_runs"]\n',
    "c/pyproject.toml": '[tool.runsdir]\nnames = ["project_runs"]\n',
    "c/c.py": 'open("dot_runs/x")\nopen("bare_runs/x")\nopen("project_runs/x")\n',
    "c/t.py": 'open("dot_runs/x")\n',
}


@pytest.mark.parametrize(
    ("arguments", "cwd", "expected"),
    [
        pytest.param(
            ["."], ".", "a/a.py:1 a/b/b.py:1 c/c.py:1 c/t.py:1 top.py:1", id="the nearest"
        ),
        pytest.param(["."], "a/b", "b.py:1", id="found above the directory"),
        pytest.param(["../../top.py"], "a/b", "top.py:1", id="of the file, not of the directory"),
        pytest.param(["--isolated", "a"], ".", "a/a.py:2", id="isolated"),
        pytest.param(
            ["--config=names=['a_runs']", "."], ".", "a/a.py:1 a/b/b.py:1 top.py:2", id="option"
        ),
        pytest.param(["--config", "a/runsdir.toml", "top.py"], ".", "top.py:2", id="a named file"),
        pytest.param(
            ["--config", "pyproject.toml", "a"], ".", "a/b/b.py:2", id="a named pyproject"
        ),
    ],
)
def test_nearest_configuration_speaks_alone(
    project: Project, arguments: list[str], cwd: str, expected: str
) -> None:
    project.write_all(CONFIGURED)
    result = project.runsdir("check", "-nq", "--output-format=concise", *arguments, cwd=cwd)
    root = f"{project.root}/"
    found = [f"{place.path.replace(root, '')}:{place.row}" for place in result.places]
    assert " ".join(found) == expected


def test_name_of_standard_input_finds_the_configuration(project: Project) -> None:
    project.write_all(CONFIGURED)
    for path, count in (("a/new.py", 1), ("c/new.py", 0), ("new.py", 0)):
        command = [*COMMAND, "check", "--stdin-filename", str(project.root / path), "-"]
        result = project.run(command, cwd="/", stdin='open("a_runs/x")\n')
        assert result.rc == count, result


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("runsdir.toml", "nonsense = 1\n", "`nonsense`"),
        ("runsdir.toml", "nams = []\n", "did you mean `names`?"),
        ("runsdir.toml", "names = 3\n", "`names`: a list of strings expected"),
        ("runsdir.toml", 'select = ["RUN7"]\n', "`select`: unknown rule selector `RUN7`"),
        ("runsdir.toml", "per-file-ignores = {'a' = ['X1']}\n", "`per-file-ignores`"),
        ("runsdir.toml", "names = [\n", "not valid TOML"),
        ("pyproject.toml", "[tool.runsdir]\nnames = ['']\n", "`names`"),
        (".runsdir.toml", b"\xff", "not valid TOML"),
    ],
)
def test_wrong_configuration(
    project: Project, name: str, content: str | bytes, complaint: str
) -> None:
    project.write_all({"bad.py": RUNS, "inner/bad.py": RUNS, f"inner/{name}": content})
    nested = project.runsdir("check", "--output-format=concise", "-q")
    assert (nested.rc, nested.places[0][:2]) == (2, ("bad.py", 1))
    assert nested.stderr.startswith("runsdir: error: ")
    at_once = project.runsdir("check", cwd="inner")
    assert (at_once.rc, at_once.stdout) == (2, "")
    assert at_once.stderr.startswith("runsdir failed\n  Cause: ")
    for result in (nested, at_once):
        assert f"inner/{name}" in result.stderr
        assert complaint in result.stderr


@pytest.mark.parametrize(
    ("flag", "option", "complaint"),
    [
        ("--select=RUN7", "", "`select`: unknown rule selector `RUN7`"),
        ("--ignore=RUN7", "", "`ignore`: unknown rule selector `RUN7`"),
        ("--exclude=[", "", "`exclude`"),
        ("--config", "cache-dir=''", "`cache-dir`"),
        ("--config", "names=['a', '']", "`names`"),
        ("--jobs", "0", "a number from 1 to 256 expected"),
        ("--jobs", "many", "a number from 1 to 256 expected"),
        ("--jobs", "257", "a number from 1 to 256 expected"),
        ("--jobs", "00000000256999", "a number from 1 to 256 expected"),
        ("--stat\x1b", "", "'--stat\\x1b' found"),
    ],
)
def test_wrong_command_line(project: Project, flag: str, option: str, complaint: str) -> None:
    result = project.runsdir("check", *filter(None, (flag, option)))
    assert (result.rc, result.stdout) == (2, "")
    assert complaint in result.stderr


def test_verbose_tells_what_is_done(project: Project) -> None:
    project.write_all({"a/runsdir.toml": "", **{f"a/{n}.py": RUNS for n in range(1200)}})
    result = project.runsdir("check", "-v", "-j2", "--statistics")
    for told in (
        f"Using configuration file at: {project.root}/a/runsdir.toml\n",
        "Checking 1200 files in up to 2 processes\n",
        "0 files answered from the cache\n",
        "Checked 1200 files in: ",
    ):
        assert told in result.stderr
    assert result.stdout == "1200\tRUN001\thardcoded-runs-path\nFound 1200 errors.\n"


def test_files_that_could_not_be_checked_are_counted(project: Project) -> None:
    project.write_all({"bad.py": RUNS, "broken.py": f"x = (\n{RUNS}"})
    arguments = ("check", "bad.py", "broken.py", "missing.py")
    for name in FORMATS:
        result = project.runsdir(*arguments, f"--output-format={name}")
        place = result.stdout if name in ("concise", "full", "grouped") else result.stderr
        assert place.endswith("1 file checked, 2 not checked\n"), name
        assert result.rc == 1
    assert project.runsdir(*arguments, "-q", "--output-format=json").stderr == ""


def test_comments_are_written_where_they_were_asked_for(project: Project) -> None:
    project.write("bad.py", RUNS)
    assert project.runsdir("check", "--add-noqa=why", "bad.py").rc == 0
    expected = RUNS.replace("\n", "  # noqa: RUN001 why\n")
    assert (project.root / "bad.py").read_text(encoding="utf-8") == expected
    assert project.runsdir("check").rc == 0
    assert project.runsdir("check", "--ignore-noqa").rc == 1


def test_comments_that_cannot_be_written_are_told_of(project: Project) -> None:
    project.write("broken.py", f"x = (\n{RUNS}")
    result = project.runsdir("check", "--add-ignore", "broken.py", "missing.py")
    assert (result.rc, result.stdout, result.stderr.count("left as it is")) == (1, "", 2)


@pytest.mark.parametrize(
    ("flag", "source", "added"),
    [
        pytest.param("--add-noqa", f"{RUNS[:-1]}  # noqa: ALL\n", "", id="behind a malformed noqa"),
        pytest.param(
            "--add-noqa",
            f"{RUNS[:-1]}  # noqa: reason\n{RUNS}",
            "Added 1 noqa directive.\n",
            id="beside lines that take one",
        ),
        pytest.param("--add-noqa", "x = '.autonomous_runs/\\\nx'\n", "", id="inside a string"),
        pytest.param(
            "--add-ignore", "x = '.autonomous_runs/' \\\n\ny = 1\n", "", id="before a continuation"
        ),
    ],
)
def test_lines_where_a_comment_has_no_effect_are_told_of(
    project: Project, flag: str, source: str, added: str
) -> None:
    project.write("bad.py", source)
    told = "warning: bad.py:1: left as it is: a comment would have no effect here\n"
    first = project.runsdir("check", flag, "bad.py")
    assert (first.rc, first.stdout, first.stderr) == (1, "", told + added)
    again = project.runsdir("check", flag, "bad.py")
    assert (again.rc, again.stdout, again.stderr) == (1, "", told)
    for log_level in ("-q", "-s"):
        quiet = project.runsdir("check", flag, log_level, "bad.py")
        assert (quiet.rc, quiet.stdout, quiet.stderr) == (1, "", "")
    left = project.runsdir("check", "-nq", "--output-format=concise", "bad.py")
    assert [found.row for found in left.findings] == [1]


def test_settings_are_shown(project: Project) -> None:
    project.write_all(CONFIGURED)
    result = project.runsdir("check", "--show-settings", "top.py")
    assert (result.rc, result.stderr) == (0, "")
    for line in (
        f'Resolved settings for: "{project.root}/top.py"',
        f'Settings path: "{project.root}/pyproject.toml"',
        "file_resolver.respect_gitignore = true",
        "\thardcoded-runs-path (RUN001),",
        f"\t{project.root}/t.py: RUN,",
        "\ttop_runs,",
        "accessor = settings.autonomous_runs_dir",
    ):
        assert line in result.stdout.split("\n")
