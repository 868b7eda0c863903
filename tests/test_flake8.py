"""The plugin in the real flake8: places, suppression, selection, configuration, hostile input."""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Callable, Union

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Place, Project, Result
from flake8_runsdir.config import resolve
from flake8_runsdir.linter import Linter
from flake8_runsdir.plugin import Plugin
from flake8_runsdir.rules import RULES

Files = Mapping[str, Union[str, bytes]]

LINE = 'open(".autonomous_runs/a.txt")\n'
#: A finding in each row; the row tells which name is configured.
NAMES = """\
open(".autonomous_runs/a.txt")
open("mlruns/a.txt")
open("var/runs/a.txt")
"""
#: A finding of every rule, and one of pycodestyle.
EVERY = '''\
import os
from pathlib import Path

from app.config import settings

CACHE = Path(settings.autonomous_runs_dir) / "cache"
PAYLOAD = {"rules": [["artifacts", ".autonomous_runs/demo"]]}


def work(name: str) -> None:
    """Leave a note in .autonomous_runs/ and be done."""
    if not name.startswith(".autonomous_runs/"):
        (Path(".autonomous_runs") / "note.json").write_text(name)
    os.environ["AUTONOMOUS_RUNS_DIR"].strip(CACHE , name)
'''
DEFAULT = ["RUN001", "RUN002", "RUN003"]
OPT_IN = ["RUN101", "RUN102", "RUN103", "RUN201"]


def rows(result: Result) -> list[int]:
    """Return the rows of all findings."""
    return [place.row for place in result.places]


# Places


#: Why a case is there: a source, the row and the column of the finding in it.
PLACES: dict[str, tuple[str | bytes, int, int]] = {
    "columns start at 1": (LINE, 1, 6),
    "blank lines count": ("x = 1\n\n" + LINE, 3, 6),
    "no newline at the end": (LINE.rstrip("\n"), 1, 6),
    "two bytes are one character": ('é = "ü"; ' + LINE, 1, 15),
    "three bytes are one character": ('x = "漢字"; ' + LINE, 1, 16),
    "four bytes are one character, not a pair": ('x = "🏃"; ' + LINE, 1, 15),
    "a combining mark is a character": ('x = "e\u0301"; ' + LINE, 1, 16),
    "a tab is one column": ("if 1:\n\t" + LINE, 2, 7),
    "a tab inside a line": ('x = "\t"; ' + LINE, 1, 15),
    "a BOM is no column": (b"\xef\xbb\xbf" + LINE.encode(), 1, 6),
    "latin-1": (("# coding: latin-1\nx = 'é'; " + LINE).encode("latin-1"), 2, 15),
    "UTF-8 without a cookie": (("x = '漢'\nx = '漢'; " + LINE).encode(), 2, 15),
    "CRLF": (("x = 1\r\n\r\n" + LINE.rstrip("\n") + "\r\n").encode(), 3, 6),
    "CRLF and LF": (("x = 1\r\ny = 2\n" + LINE).encode(), 3, 6),
    "a form feed is a line of its own": ("x = 1\n\x0c\n" + LINE, 3, 6),
    "a form feed before a statement": ("x = 1\n\x0c" + LINE, 2, 7),
    "a form feed ends no line": ('x = "\x0c"; ' + LINE, 1, 15),
    "nor do other separators": ('x = "\u2028\x85\x1c"; ' + LINE, 1, 17),
    "behind a string of several lines": ('"""\nx\n"""; ' + LINE, 3, 11),
    "inside brackets": ("open(\n    " + LINE[5:], 2, 5),
    "behind a backslash": ("open( \\\n  " + LINE[5:], 2, 3),
}


def file_name(why: str) -> str:
    """Return the name of the file that a case is written to."""
    return re.sub(r"\W+", "_", why) + ".py"


def check_all(project: Project, sources: Files) -> dict[str, list[Place]]:
    """Return what one run of flake8 finds in the files of many cases, by case."""
    project.write_all({file_name(why): source for why, source in sources.items()})
    found: dict[str, list[Place]] = {file_name(why): [] for why in sources}
    for place in project.flake8("--select=RUN", ".").places:
        found[place.path].append(place)
    return {why: found[file_name(why)] for why in sources}


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Place]]:
    project = Project(tmp_path_factory.mktemp("places"))
    return check_all(project, {why: content for why, (content, _, _) in PLACES.items()})


@pytest.mark.parametrize("why", PLACES)
def test_place(placed: dict[str, list[Place]], why: str) -> None:
    _, row, col = PLACES[why]
    assert placed[why] == [Place(file_name(why), row, col, "RUN001")]


@pytest.mark.parametrize("why", PLACES)
def test_place_in_standard_input(project: Project, why: str) -> None:
    content, row, col = PLACES[why]
    result = project.flake8("--select", "RUN", "--stdin-display-name", "a.py", "-", stdin=content)
    assert result.places == [Place("a.py", row, col, "RUN001")]


def test_message_names_the_directory_and_the_accessor(project: Project) -> None:
    project.write("a.py", LINE)
    accessor = "--runsdir-accessor=app.config:conf.runs"
    assert [finding.text for finding in project.flake8(accessor, "a.py").findings] == [
        "hard-coded runs directory `.autonomous_runs`; use `conf.runs`"
    ]


def test_finding_makes_the_run_fail_and_no_finding_lets_it_pass(project: Project) -> None:
    project.write_all({"bad.py": LINE, "good.py": 'open("runs/a.txt")\n'})
    assert project.flake8("bad.py").rc == 1
    assert project.flake8("good.py") == Result(0, "", "")


# Suppression


#: Why a case is there: a source, and the rows of the findings in it.
SUPPRESSIONS: dict[str, tuple[str, list[int]]] = {
    "blanket": ("{line}  # noqa\n", []),
    "by code": ("{line}  # noqa: RUN001\n", []),
    "in a list": ("{line}  # noqa: E501,RUN001\n", []),
    "flake8 takes it for a blanket": ("{line}  # noqa: RUN\n", []),
    "by prefix": ("{line}  # noqa: RUN0\n", []),
    "by another code": ("{line}  # noqa: RUN002\n", [1]),
    "one line only": ("{line}  # noqa\n{line}\n", [2]),
    "flake8's for the file": ("# flake8: noqa\n{line}\n", []),
    "Ruff's for the file": ("# ruff: noqa\n{line}\n", []),
    "Ruff's for a code": ("# ruff: noqa: RUN001\n{line}\n", []),
    "Ruff's for another code": ("# ruff: noqa: E501\n{line}\n", [2]),
    "file-ignore": ("# ruff: file-ignore[RUN001]\n{line}\n{line}\n", []),
    "ignore at the end": ("{line}  # ruff: ignore[RUN001]\n{line}\n", [2]),
    "ignore above": ("# ruff: ignore[RUN001]\n{line}\n{line}\n", [3]),
    "ignore another": ("{line}  # ruff: ignore[RUN002]\n", [1]),
    "Ruff knows no prefixes": ("{line}  # ruff: ignore[RUN0]\n", [1]),
    "ignore needs codes": ("{line}  # ruff: ignore\n", [1]),
    "range": ("# ruff: disable[RUN001]\n{line}\n# ruff: enable[RUN001]\n{line}\n", [4]),
    "range without end": ("{line}\n# ruff: disable[RUN001]\n{line}\n", [1]),
    "Ruff's in a string is no comment": ('"""\n# ruff: noqa\n"""\n{line}\n', [4]),
}


@pytest.fixture(scope="module")
def suppressed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Place]]:
    project = Project(tmp_path_factory.mktemp("suppressions"))
    sources = {why: source for why, (source, _) in SUPPRESSIONS.items()}
    line = LINE.rstrip("\n")
    return check_all(project, {why: text.format(line=line) for why, text in sources.items()})


@pytest.mark.parametrize("why", SUPPRESSIONS)
def test_suppression(suppressed: dict[str, list[Place]], why: str) -> None:
    _, expected = SUPPRESSIONS[why]
    assert [place.row for place in suppressed[why]] == expected


def test_suppression_can_be_disabled(project: Project) -> None:
    project.write("a.py", LINE.rstrip("\n") + "  # noqa\n")
    assert rows(project.flake8("--disable-noqa", "a.py")) == [1]


# Selection


@pytest.mark.parametrize(
    ("configuration", "arguments", "expected"),
    [
        pytest.param("", (), ["E203", *DEFAULT], id="default"),
        pytest.param("ignore = E203", (), DEFAULT, id="an ignore list switches nothing on"),
        pytest.param("", ("--ignore=E203",), DEFAULT, id="nor does one of the command line"),
        pytest.param("select = E,F,W,RUN", (), ["E203", *DEFAULT], id="nor the bare RUN in a file"),
        pytest.param("", ("--select", "RUN"), DEFAULT, id="nor the bare RUN"),
        pytest.param("", ("--select=E,F,W,RUN",), ["E203", *DEFAULT], id="nor RUN in a list"),
        pytest.param("ignore = E203", ("--select=RUN",), DEFAULT, id="nor both"),
        pytest.param("", ("--extend-select=RUN",), ["E203", *DEFAULT], id="nor RUN in addition"),
        pytest.param("", ("--select", "RUN001"), ["RUN001"], id="one rule"),
        pytest.param("", ("--select=RUN0",), DEFAULT, id="a group of rules that are on"),
        pytest.param("", ("--select", "RUN1"), OPT_IN[:3], id="a group of opt-in rules"),
        pytest.param("", ("--select", "RUN2"), OPT_IN[3:], id="another group"),
        pytest.param(
            "", ("--extend-select=RUN103",), ["E203", *DEFAULT, "RUN103"], id="one in addition"
        ),
        pytest.param(
            "extend-select = RUN1", (), ["E203", *DEFAULT, *OPT_IN[:3]], id="addition in a file"
        ),
        pytest.param(
            "ignore = E203\nextend-select =\n    RUN1,\n    RUN201",
            (),
            [*DEFAULT, *OPT_IN],
            id="every rule, and an ignore list",
        ),
        pytest.param("", ("--extend-ignore=RUN001",), ["E203", *DEFAULT[1:]], id="ignore more"),
        pytest.param("", ("--ignore=RUN",), ["E203"], id="ignore all"),
        pytest.param(
            "extend-select = RUN1",
            ("--extend-ignore=E,RUN101",),
            [*DEFAULT, *OPT_IN[1:3]],
            id="addition with an exception",
        ),
        pytest.param("per-file-ignores = a.py:RUN001,RUN002", (), ["E203", "RUN003"], id="by file"),
        pytest.param("per-file-ignores = *.py:RUN", (), ["E203"], id="by pattern and prefix"),
        pytest.param("per-file-ignores = b.py:RUN", (), ["E203", *DEFAULT], id="by other file"),
        pytest.param(
            "per-file-ignores = a.py:E", ("--select=E,RUN",), DEFAULT, id="by file, and RUN"
        ),
    ],
)
def test_selection(
    project: Project, configuration: str, arguments: Sequence[str], expected: list[str]
) -> None:
    project.write_all({"a.py": EVERY, "setup.cfg": f"[flake8]\n{configuration}\n"})
    assert project.flake8(*arguments, "a.py").codes == expected


# Many files


def test_files_do_not_know_each_other(project: Project) -> None:
    """A constant, a definition or a suppression of one file says nothing about the next."""
    named = 'RUNS = ".autonomous_runs"\nopen(RUNS)\n'
    sources = {
        "constant.py": named,
        "definition.py": 'autonomous_runs_dir = ".autonomous_runs"\nRUNS = autonomous_runs_dir\n',
        "ignored.py": "# ruff: noqa\n" + named,
        "innocent.py": 'RUNS = "other"\nopen(RUNS)\n',
        "plain.py": LINE,
        "range.py": "# ruff: disable[RUN001]\n" + named,
    }
    project.write_all(sources)
    alone = [place for name in sources for place in project.flake8(name).places]
    assert [place.path for place in alone] == ["constant.py", "plain.py"]
    for order in (list(sources), list(reversed(sources))):
        assert project.flake8("--jobs=1", *order).places == alone


@pytest.mark.parametrize("jobs", ["1", "4"])
def test_workers_find_the_same(project: Project, jobs: str) -> None:
    """The configuration reaches the workers too."""
    project.write("setup.cfg", "[flake8]\nrunsdir-names = mlruns\nextend-select = RUN103\n")
    expected = []
    for number in range(40):
        path = f"pkg{number % 4}/module{number}.py"
        project.write(path, "\n" * number + 'x = open("mlruns/a.txt")  # see mlruns/a.txt\n')
        expected += [(path, number + 1, 10, "RUN001"), (path, number + 1, 33, "RUN103")]
    result = project.flake8("--jobs", jobs, "--ignore=W391,E30", ".")
    assert [tuple(place) for place in result.places] == sorted(expected)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param("def f(:\n" + LINE, "E999", id="syntax error"),
        pytest.param(LINE + "x = (\n", "E999", id="open bracket"),
        pytest.param(LINE + 'x = "', "E999", id="open string"),
        pytest.param(LINE + "  x\n", "E999", id="indentation"),
        pytest.param(b"# \xff\n" + LINE.encode(), "RUN001", id="not UTF-8: flake8 reads Latin-1"),
        pytest.param(
            b"# coding: nonsense\n" + LINE.encode(), "RUN001", id="unknown coding: so it does"
        ),
    ],
)
def test_broken_file_is_named_and_the_others_are_checked(
    project: Project, content: str | bytes, code: str
) -> None:
    project.write_all({"a.py": LINE, "broken.py": content, "z.py": LINE})
    result = project.flake8("--jobs=1", ".")
    assert result.rc == 1
    assert [place for place in result.places if place.path != "broken.py"] == [
        Place("a.py", 1, 6, "RUN001"),
        Place("z.py", 1, 6, "RUN001"),
    ]
    assert code in {place.code for place in result.places if place.path == "broken.py"}


# Standard input


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        pytest.param(("-",), "stdin", id="no name"),
        pytest.param(("--stdin-display-name", "pkg/a.py", "-"), "pkg/a.py", id="name"),
        pytest.param(("--stdin-display-name=docs/a.py", "-"), None, id="name in the allowlist"),
        pytest.param(
            ("--per-file-ignores=pkg/*:RUN", "--stdin-display-name=pkg/a.py", "-"),
            None,
            id="name in per-file-ignores",
        ),
    ],
)
def test_standard_input(project: Project, arguments: Sequence[str], path: str | None) -> None:
    result = project.flake8(*arguments, stdin="\n" + LINE)
    places = [place for place in result.places if place.code.startswith("RUN")]
    assert places == ([Place(path, 2, 6, "RUN001")] if path is not None else [])


def test_absolute_display_name_is_allowed_like_the_file(project: Project) -> None:
    name = str(project.root / "docs" / "a.py")
    assert project.flake8("--stdin-display-name", name, "-", stdin=LINE).findings == []


# Configuration: where it stands


def flake8_names(*names: str, key: str = "runsdir-names", separator: str = ",") -> str:
    """Return a configuration file of flake8 that configures names."""
    return f"[flake8]\n{key} = {separator.join(names)}\n"


def toml_names(*names: str, key: str = "names") -> str:
    """Return a ``pyproject.toml`` that configures names."""
    return f"[tool.runsdir]\n{key} = {list(names)!r}\n"


@pytest.mark.parametrize(
    ("files", "arguments", "expected"),
    [
        pytest.param({}, (), [1], id="nothing is configured"),
        pytest.param({"setup.cfg": flake8_names("mlruns")}, (), [2], id="setup.cfg"),
        pytest.param({"tox.ini": flake8_names("mlruns")}, (), [2], id="tox.ini"),
        pytest.param({".flake8": flake8_names("mlruns")}, (), [2], id=".flake8"),
        pytest.param({"pyproject.toml": toml_names("mlruns")}, (), [2], id="pyproject.toml"),
        pytest.param({}, ("--runsdir-names=mlruns",), [2], id="command line"),
        pytest.param({}, ("--runsdir-names", "mlruns"), [2], id="command line, two words"),
        pytest.param({"my.cfg": flake8_names("mlruns")}, ("--config=my.cfg",), [2], id="--config"),
        pytest.param(
            {"my.cfg": flake8_names("mlruns")}, ("--append-config=my.cfg",), [2], id="--append"
        ),
        pytest.param(
            {"setup.cfg": flake8_names("mlruns"), ".flake8": flake8_names("var/runs")},
            (),
            [2],
            id="flake8 reads setup.cfg first and no other file",
        ),
        pytest.param(
            {"setup.cfg": flake8_names("mlruns"), "my.cfg": flake8_names("var/runs")},
            ("--config=my.cfg",),
            [3],
            id="--config replaces setup.cfg",
        ),
        pytest.param(
            {"setup.cfg": flake8_names("mlruns"), "my.cfg": flake8_names("var/runs")},
            ("--append-config=my.cfg",),
            [3],
            id="--append-config overrides setup.cfg",
        ),
        pytest.param(
            {"pyproject.toml": toml_names("mlruns"), "setup.cfg": flake8_names("var/runs")},
            (),
            [3],
            id="flake8's file overrides pyproject.toml",
        ),
        pytest.param(
            {"pyproject.toml": toml_names("mlruns"), "setup.cfg": "[flake8]\nrunsdir-joins = j\n"},
            (),
            [2],
            id="key by key",
        ),
        pytest.param(
            {"pyproject.toml": toml_names("mlruns")},
            ("--runsdir-names=var/runs",),
            [3],
            id="command line overrides pyproject.toml",
        ),
        pytest.param(
            {"setup.cfg": flake8_names("mlruns")},
            ("--runsdir-names=var/runs",),
            [3],
            id="command line overrides setup.cfg",
        ),
        pytest.param({"setup.cfg": flake8_names("mlruns")}, ("--isolated",), [1], id="--isolated"),
        pytest.param(
            {"pyproject.toml": toml_names("mlruns")},
            ("--isolated",),
            [1],
            id="--isolated, pyproject.toml",
        ),
        pytest.param(
            {"setup.cfg": flake8_names("mlruns")},
            ("--isolated", "--runsdir-names=var/runs"),
            [3],
            id="--isolated, command line",
        ),
        pytest.param(
            {"setup.cfg": flake8_names("mlruns", key="runsdir_names")}, (), [2], id="underscores"
        ),
        pytest.param({"setup.cfg": flake8_names("mlruns", "var/runs")}, (), [2, 3], id="commas"),
        pytest.param(
            {"setup.cfg": flake8_names("mlruns", "var/runs", separator=" ")},
            (),
            [2, 3],
            id="blanks",
        ),
        pytest.param(
            {"setup.cfg": "[flake8]\nrunsdir-names =\n    mlruns\n    # why\n    var/runs,\n"},
            (),
            [2, 3],
            id="lines, a comment, and a comma at the end",
        ),
        pytest.param({}, ("--runsdir-names=mlruns, var/runs",), [2, 3], id="command line, list"),
        pytest.param({"pyproject.toml": toml_names("mlruns", "var/runs")}, (), [2, 3], id="TOML"),
        pytest.param(
            {"pyproject.toml": b"\xef\xbb\xbf" + toml_names("mlruns").encode()}, (), [2], id="BOM"
        ),
        pytest.param({"pyproject.toml": "[tool.other\nx = ["}, (), [1], id="TOML of no concern"),
        pytest.param({"pyproject.toml": b"# \xff\n"}, (), [1], id="not UTF-8, of no concern"),
        pytest.param({"pyproject.toml": "[tool.runsdir]\n"}, (), [1], id="empty table"),
        pytest.param({"pyproject.toml": "# runsdir\n"}, (), [1], id="no table but its name"),
        pytest.param(
            {"pyproject.toml/x": "", "setup.cfg": flake8_names("mlruns")}, (), [2], id="directory"
        ),
    ],
)
def test_names_come_from(
    project: Project, files: Files, arguments: Sequence[str], expected: list[int]
) -> None:
    project.write_all({"a.py": NAMES, **files})
    assert rows(project.flake8(*arguments, "a.py")) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"pyproject.toml": toml_names("mlruns")}, [2], id="above"),
        pytest.param({"setup.cfg": flake8_names("mlruns")}, [2], id="flake8's file above"),
        pytest.param(
            {"pyproject.toml": toml_names("mlruns"), "sub/pyproject.toml": toml_names("var/runs")},
            [3],
            id="the nearest table",
        ),
        pytest.param(
            {"pyproject.toml": toml_names("mlruns"), "sub/pyproject.toml": "[tool.black]\n"},
            [2],
            id="a file without the table is passed by",
        ),
    ],
)
def test_names_in_a_subdirectory_come_from(
    project: Project, files: Files, expected: list[int]
) -> None:
    project.write_all({"sub/a.py": NAMES, **files})
    assert rows(project.flake8("a.py", cwd="sub")) == expected


STRICT = "def f(x, run_id):\n    open(settings.autonomous_runs_dir / x / 'a.txt', 'w')\n"


@pytest.mark.parametrize(
    ("source", "files", "arguments", "expected"),
    [
        pytest.param(
            'open(conf.runs_dir / "a.json", "w")\n',
            {},
            ("--runsdir-accessor=conf.runs_dir",),
            ["RUN002"],
            id="accessor",
        ),
        pytest.param(
            'import os\nx = os.environ["RUNS"]\n',
            {"setup.cfg": "[flake8]\nrunsdir-env-vars = RUNS\n"},
            (),
            ["RUN003"],
            id="env-vars",
        ),
        pytest.param(
            'BASE = ".autonomous_runs"\nopen(BASE)\n',
            {"setup.cfg": "[flake8]\nrunsdir-definitions = a.py:BASE\n"},
            (),
            [],
            id="definitions",
        ),
        pytest.param(
            'BASE = ".autonomous_runs"\nopen(BASE)\n',
            {"setup.cfg": "[flake8]\nrunsdir-definitions = ./src/*.py:BASE\n"},
            (),
            ["RUN001"],
            id="definitions elsewhere",
        ),
        pytest.param(STRICT, {}, (), [], id="any dynamic component scopes"),
        pytest.param(STRICT, {}, ("--runsdir-strict-scopes",), ["RUN002"], id="strict-scopes"),
        pytest.param(
            STRICT,
            {"setup.cfg": "[flake8]\nrunsdir-strict-scopes = True\n"},
            (),
            ["RUN002"],
            id="strict-scopes in a file",
        ),
        pytest.param(
            STRICT,
            {"tox.ini": "[flake8]\nrunsdir_strict_scopes = no\n"},
            (),
            [],
            id="strict-scopes, switched off",
        ),
        pytest.param(
            STRICT,
            {"pyproject.toml": "[tool.runsdir]\nstrict_scopes = true\n"},
            (),
            ["RUN002"],
            id="strict-scopes in pyproject.toml",
        ),
        pytest.param(
            STRICT,
            {
                "pyproject.toml": "[tool.runsdir]\nstrict-scopes = true\n",
                "setup.cfg": "[flake8]\nrunsdir-strict-scopes = false\n",
            },
            (),
            [],
            id="strict-scopes, switched off again",
        ),
        pytest.param(
            STRICT,
            {},
            ("--runsdir-strict-scopes", "--runsdir-scopes=x"),
            [],
            id="scopes",
        ),
        pytest.param(
            "open(settings.autonomous_runs_dir / 'a.txt', 'w')\n",
            {"setup.cfg": "[flake8]\nrunsdir-shared = a.*\n"},
            (),
            [],
            id="shared",
        ),
        pytest.param(
            'x = hass.config.path(".autonomous_runs") == y\n',
            {"pyproject.toml": '[tool.runsdir]\njoins = ["hass.config.path"]\n'},
            (),
            ["RUN001"],
            id="joins",
        ),
    ],
)
def test_option(
    project: Project, source: str, files: Files, arguments: Sequence[str], expected: list[str]
) -> None:
    project.write_all({"a.py": source, **files})
    assert project.flake8(*arguments, "--select=RUN", "a.py").codes == expected


def test_options_are_explained(project: Project) -> None:
    help_text = re.sub(r"\s+", " ", project.flake8("--help").stdout)
    for option in ("names", "accessor", "env-vars", "definitions", "strict-scopes", "allow"):
        assert f"--runsdir-{option}" in help_text
    assert "flake8-runsdir: " in re.sub(r"\s+", " ", project.flake8("--version").stdout)


# Configuration: the allowlist


GEN = "[flake8]\nrunsdir-allow = gen/**\n"
ONE = {"gen/a.py": LINE, "src/gen/a.py": LINE}


@pytest.mark.parametrize(
    ("files", "cwd", "arguments", "expected"),
    [
        pytest.param({"setup.cfg": GEN}, ".", ("gen", "src"), ["src/gen/a.py"], id="root"),
        pytest.param({"setup.cfg": GEN}, "gen", (".",), [], id="inside"),
        pytest.param({"setup.cfg": GEN}, "src/gen", (".",), ["a.py"], id="inside another"),
        pytest.param({"setup.cfg": GEN}, "src", ("../gen", "."), ["gen/a.py"], id="from a sibling"),
        pytest.param({"setup.cfg": GEN}, "src", ("../gen/a.py",), [], id="from a sibling, named"),
        pytest.param(
            {"pyproject.toml": "[tool.runsdir]\nallow = ['gen/**']\n"},
            "gen",
            (".",),
            [],
            id="pyproject.toml, inside",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.runsdir]\nallow = ['gen/**']\n"},
            "src/gen",
            (".",),
            ["a.py"],
            id="pyproject.toml, inside another",
        ),
        pytest.param(
            {}, ".", ("--runsdir-allow=gen/**", "gen", "src"), ["src/gen/a.py"], id="command line"
        ),
        pytest.param(
            {}, "src", ("--runsdir-allow=gen/**", "."), [], id="command line: the working directory"
        ),
        pytest.param(
            {"setup.cfg": GEN.replace("gen/**", "gen")},
            ".",
            ("gen", "src"),
            [],
            id="a name at any depth",
        ),
        pytest.param(
            {"setup.cfg": GEN.replace("gen/**", "./gen/*.py")},
            ".",
            ("gen", "src"),
            ["src/gen/a.py"],
            id="a dot in front",
        ),
        pytest.param(
            {"setup.cfg": GEN.replace("gen/**", "src/**\n    **/none/**")},
            ".",
            ("gen", "src"),
            ["gen/a.py"],
            id="a list",
        ),
        pytest.param(
            {"setup.cfg": GEN.replace("gen/**", "")},
            ".",
            ("gen", "docs"),
            ["docs/conf.py", "gen/a.py"],
            id="an empty list allows nothing",
        ),
        pytest.param({}, ".", ("docs", "db"), [], id="default"),
        pytest.param({"setup.cfg": "[flake8]\n"}, "docs", (".",), [], id="default, inside"),
        pytest.param(
            {"pyproject.toml": "[tool.runsdir]\n"},
            "docs",
            (".",),
            [],
            id="default, inside, pyproject.toml",
        ),
        pytest.param(
            {"conf/my.cfg": GEN}, ".", ("--config=conf/my.cfg", "gen"), ["gen/a.py"], id="--config"
        ),
        pytest.param(
            {"conf/my.cfg": GEN.replace("gen", "../gen")},
            ".",
            ("--config=conf/my.cfg", "gen"),
            [],
            id="--config in another directory",
        ),
    ],
)
def test_allowlist(
    project: Project, files: Files, cwd: str, arguments: Sequence[str], expected: list[str]
) -> None:
    project.write_all({"docs/conf.py": LINE, "db/migrations/b.py": LINE, **ONE, **files})
    result = project.flake8(*arguments, cwd=cwd)
    assert [os.path.normpath(place.path) for place in result.places] == expected


@pytest.mark.parametrize("name", ["work [1]", "a**b", "[x"])
def test_allowlist_in_a_directory_with_a_hostile_name(project: Project, name: str) -> None:
    project.write_all({f"{name}/gen/a.py": LINE, f"{name}/setup.cfg": GEN})
    assert project.flake8("gen", cwd=name).findings == []


# Configuration: wrong values


def toml(text: str) -> Files:
    return {"pyproject.toml": f"[tool.runsdir]\n{text}\n"}


def cfg(text: str, name: str = "setup.cfg") -> Files:
    return {name: f"[flake8]\n{text}\n"}


@pytest.mark.parametrize(
    ("files", "arguments", "expected"),
    [
        pytest.param(
            cfg("runsdir-nmaes = x"),
            (),
            ("setup.cfg", "unknown key `runsdir-nmaes`", "did you mean `runsdir-names`?"),
            id="unknown key",
        ),
        pytest.param(
            cfg("runsdir_strict_scope = 1"),
            (),
            ("setup.cfg", "`runsdir_strict_scope`", "`runsdir-strict-scopes`?"),
            id="unknown key with underscores",
        ),
        pytest.param(
            cfg("runsdir-xyzzy = x", "tox.ini"),
            (),
            ("tox.ini", "unknown key `runsdir-xyzzy`"),
            id="unknown key without a near one",
        ),
        pytest.param(
            toml("nmaes = ['x']"),
            (),
            ("pyproject.toml", "unknown key `nmaes`", "did you mean `names`?"),
            id="unknown key in TOML",
        ),
        pytest.param(
            cfg("runsdir-nmaes = x", "my.cfg"),
            ("--config=my.cfg",),
            ("my.cfg", "unknown key `runsdir-nmaes`"),
            id="unknown key, --config",
        ),
        pytest.param(
            cfg("runsdir-nmaes = x", "my.cfg"),
            ("--append-config=my.cfg",),
            ("my.cfg", "unknown key `runsdir-nmaes`"),
            id="unknown key, --append-config",
        ),
        pytest.param(
            cfg("runsdir-names = a*b", "my.cfg"),
            ("--config=my.cfg",),
            ("my.cfg", "`runsdir-names`", "`a*b`"),
            id="wrong value, --config",
        ),
        pytest.param(
            {**cfg("runsdir-names = a*b"), **cfg("runsdir-scopes = x", "my.cfg")},
            ("--append-config=my.cfg",),
            ("setup.cfg", "`runsdir-names`", "`a*b`"),
            id="wrong value beside --append-config",
        ),
        pytest.param(toml("names = 'x'"), (), ("pyproject.toml", "`names`", "list"), id="no list"),
        pytest.param(toml("names = [1]"), (), ("pyproject.toml", "`names`", "string"), id="number"),
        pytest.param(
            toml("accessor = 3"), (), ("pyproject.toml", "`accessor`", "string"), id="no string"
        ),
        pytest.param(
            toml("accessor = ['a']"), (), ("pyproject.toml", "`accessor`", "string"), id="a list"
        ),
        pytest.param(
            toml("strict-scopes = 1"), (), ("pyproject.toml", "`strict-scopes`", "true"), id="flag"
        ),
        pytest.param(
            toml("[tool.runsdir.names]\nx = 1"), (), ("pyproject.toml", "`names`"), id="table"
        ),
        pytest.param(
            {"pyproject.toml": "[tool]\nrunsdir = 3\n"},
            (),
            ("pyproject.toml", "`tool.runsdir`"),
            id="no table",
        ),
        pytest.param(toml("names = ['']"), (), ("pyproject.toml", "`names`"), id="empty name"),
        pytest.param(toml("names = []"), (), ("pyproject.toml", "`names`"), id="no names"),
        pytest.param(cfg("runsdir-names ="), (), ("setup.cfg", "`runsdir-names`"), id="nothing"),
        pytest.param(
            {}, ("--runsdir-names=",), ("command line", "`--runsdir-names`"), id="nothing given"
        ),
        pytest.param(cfg("runsdir-names = ."), (), ("setup.cfg", "`runsdir-names`"), id="dot"),
        pytest.param(cfg("runsdir-names = ../x"), (), ("setup.cfg", "`../x`"), id="dots"),
        pytest.param(cfg("runsdir-names = /var"), (), ("setup.cfg", "`/var`"), id="absolute name"),
        pytest.param(
            cfg("runsdir-names = mlruns  # comment"),
            (),
            ("setup.cfg", "`runsdir-names`"),
            id="comment at the end of a list",
        ),
        pytest.param(cfg("runsdir-allow = [a"), (), ("setup.cfg", "`runsdir-allow`"), id="glob"),
        pytest.param(
            toml("allow = ['!docs/**']"), (), ("pyproject.toml", "`!docs/**`"), id="negated glob"
        ),
        pytest.param(
            cfg("runsdir-definitions = a.py:1"), (), ("setup.cfg", "`a.py:1`"), id="definition"
        ),
        pytest.param(cfg("runsdir-shared = a/b"), (), ("setup.cfg", "`a/b`"), id="component"),
        pytest.param(cfg("runsdir-scopes = a-b"), (), ("setup.cfg", "`a-b`"), id="identifier"),
        pytest.param(cfg("runsdir-env-vars = A-B"), (), ("setup.cfg", "`A-B`"), id="variable"),
        pytest.param(cfg("runsdir-joins = a..b"), (), ("setup.cfg", "`a..b`"), id="function"),
        pytest.param(
            cfg("runsdir-accessor = __import__('os').x"),
            (),
            ("setup.cfg", "`runsdir-accessor`"),
            id="accessor with a call",
        ),
        pytest.param(cfg("runsdir-accessor = a:b:c"), (), ("setup.cfg", "`a:b:c`"), id="colons"),
        pytest.param(cfg("runsdir-accessor = a.class"), (), ("setup.cfg", "`a.class`"), id="word"),
        pytest.param(cfg("runsdir-accessor ="), (), ("setup.cfg", "accessor`"), id="no accessor"),
        pytest.param(
            {}, ("--runsdir-accessor=a b",), ("command line", "`a b`"), id="accessor given"
        ),
        pytest.param(
            cfg("runsdir-strict-scopes = maybe"),
            (),
            ("setup.cfg", "`runsdir-strict-scopes`", "`maybe`"),
            id="neither true nor false",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.runsdir\n"}, (), ("pyproject.toml", "TOML"), id="no TOML"
        ),
        pytest.param(
            {"pyproject.toml": "[tool.runsdir]\nnames = ['a']\nnames = ['b']\n"},
            (),
            ("pyproject.toml", "TOML"),
            id="a key twice",
        ),
        pytest.param(
            {"pyproject.toml": b"[tool.runsdir]\n# \xff\n"},
            (),
            ("pyproject.toml",),
            id="not UTF-8",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.runsdir]\nnames = " + "[" * 5000},
            (),
            ("pyproject.toml", "TOML"),
            id="5,000 brackets",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.runsdir]\n" + "# filler\n" * 200_000},
            (),
            ("pyproject.toml", "1 MiB"),
            id="huge",
        ),
        pytest.param(
            toml('names = ["\\u001b[31mred\\u202e\\r\\n"]'),
            (),
            ("pyproject.toml", r"\x1b[31mred\u202e\r\n"),
            id="control characters in a value",
        ),
        pytest.param(
            toml('"\\u001b]0;title\\u0007" = 1'),
            (),
            ("pyproject.toml", r"\x1b]0;title\x07"),
            id="control characters in a key",
        ),
        pytest.param(
            cfg("runsdir-\x1b[2J = 1"),
            (),
            ("setup.cfg", r"runsdir-\x1b[2j"),
            id="control characters in a key of setup.cfg",
        ),
        pytest.param(
            cfg("runsdir-accessor = \x9b31m"), (), ("setup.cfg", r"\x9b31m"), id="C1 characters"
        ),
        pytest.param(
            {"pyproject.toml": "[tool.runsdir]\nnames = ['\x1b[31m']\n"},
            (),
            ("pyproject.toml", "TOML"),
            id="control characters that are no TOML",
        ),
    ],
)
def test_wrong_value_is_one_clean_error(
    project: Project, files: Files, arguments: Sequence[str], expected: Sequence[str]
) -> None:
    project.write_all({"a.py": LINE, **files})
    result = project.flake8(*arguments, "a.py")
    output = result.stdout + result.stderr
    assert result.rc != 0
    assert "flake8-runsdir: " in output
    assert "RUN001" not in output
    for part in expected:
        assert part in output
    assert len(output) < 1000
    assert_inert(result)


def test_unknown_option_is_wrong_usage(project: Project) -> None:
    project.write("a.py", LINE)
    result = project.flake8("--runsdir-xyzzy=1", "a.py")
    assert (result.rc, result.stdout) == (2, "")


@pytest.mark.parametrize("arguments", [("--isolated",), ("--config=my.cfg",)])
def test_file_that_flake8_does_not_read_is_not_checked(
    project: Project, arguments: Sequence[str]
) -> None:
    project.write_all({"a.py": LINE, **cfg("runsdir-nmaes = x"), **cfg("", "my.cfg")})
    assert rows(project.flake8(*arguments, "a.py")) == [1]


def test_error_can_be_printed_on_any_terminal(project: Project) -> None:
    project.write_all({"a.py": LINE, **cfg("runsdir-strict-scopes = näh")})
    result = project.flake8("a.py", environment={"PYTHONIOENCODING": "ascii"})
    assert "runsdir-strict-scopes" in result.stdout


# Hostile input


def assert_inert(result: Result) -> None:
    """Fail if the output holds a control or format character."""
    raw = [text for text in (result.stdout + result.stderr).split("\n") if not text.isprintable()]
    assert raw == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param(r"\x1b[31mred.json", r"\x1b[31mred.json", id="escape sequence"),
        pytest.param(r"a\r\nb.json", r"a\r\nb.json", id="line break"),
        pytest.param(r"\u202egnp.json", r"\u202egnp.json", id="bidirectional override"),
        pytest.param(r"\x9b2J.json", r"\x9b2J.json", id="C1 control"),
        pytest.param(r"\ud800.json", r"\ud800.json", id="lone surrogate"),
        pytest.param(r"%(path)s {0} {x}.json", "%(path)s {0} {x}.json", id="format directives"),
    ],
)
def test_name_in_a_message_is_inert(project: Project, name: str, shown: str) -> None:
    source = f'open(settings.autonomous_runs_dir / "{name}", "w")\n'
    project.write("a.py", source)
    result = project.flake8("--select=RUN", "a.py")
    assert [(finding.code, shown in finding.text) for finding in result.findings] == [
        ("RUN002", True)
    ]
    assert_inert(result)


def test_optimized_python_finds_the_same(project: Project) -> None:
    project.write("a.py", EVERY)
    arguments = ("--select=RUN0,RUN1,RUN2", "a.py")
    plain = project.flake8(*arguments)
    assert plain.codes == [*DEFAULT, *OPT_IN]
    assert project.flake8(*arguments, python=["-O"]) == plain
    assert project.flake8(*arguments, python=["-OO"]) == plain


def test_nothing_is_printed_or_written(project: Project) -> None:
    """Warnings of the parser are pyflakes' and Python's business, files are nobody's."""
    project.write("a.py", LINE + r'x = "\d"' + "\n")
    before = sorted(project.home.rglob("*"))
    result = project.flake8("--select=RUN", "a.py")
    assert result.places == [Place("a.py", 1, 6, "RUN001")]
    assert sorted(project.home.rglob("*")) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pyproject_that_is_no_file_is_not_waited_for(project: Project) -> None:
    project.write("a.py", LINE)
    os.mkfifo(project.root / "pyproject.toml")
    program = (
        "import signal, sys; signal.alarm(3); sys.argv[1:] = ['a.py'];"
        "from flake8.__main__ import main; sys.exit(main())"
    )
    result = project.flake8("a.py", python=["-c", program])
    assert rows(result) == [1]


TEXT = '".autonomous_runs/x"'


def check(source: str, *, every: bool = False) -> list[tuple[int, int, str]]:
    """Return row, column (0-based) and code of what the plugin says, called as flake8 calls it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)

    class Each(Plugin):
        linter = Linter(resolve(), RULES)

    lines = source.splitlines(keepends=True)
    plugin = (Each if every else Plugin)(tree, lines, "a.py")
    return [(row, column, text.split()[0]) for row, column, text, _ in plugin.run()]


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda: f"x = {{}}{'.b()' * 800}", id="methods of a call"),
        pytest.param(lambda: f"y{'.b()' * 800}\n{{}}", id="methods elsewhere"),
        pytest.param(lambda: f"x = {{}}{'.b' * 900}", id="attributes"),
        pytest.param(lambda: f"x = {{}}{'[0]' * 900}", id="subscripts"),
        pytest.param(lambda: f"x = {{}}{' + x' * 2000}", id="sum"),
        pytest.param(lambda: f"x = {{}}{' / x' * 2000}", id="path of many components"),
        pytest.param(lambda: f"x = {{}}{' or x' * 3000}", id="alternatives"),
        pytest.param(lambda: f"x = {'not ' * 500}{{}}", id="unary operators"),
        pytest.param(lambda: f"x = {'(' * 90}{{}}{')' * 90}", id="parentheses"),
        pytest.param(lambda: f"x = {'[' * 90}{{}}{']' * 90}", id="lists"),
        pytest.param(lambda: f"x = {'f(' * 90}{{}}{')' * 90}", id="calls"),
        pytest.param(lambda: f"x = {'lambda: ' * 80}{{}}", id="lambdas"),
        pytest.param(lambda: f"x = {'a if b else (' * 80}{{}}{')' * 80}", id="conditionals"),
        pytest.param(
            lambda: (
                "if a == 0:\n    pass\n"
                + "".join(f"elif a == {number}:\n    pass\n" for number in range(900))
                + "else:\n    {}\n"
            ),
            id="elif",
        ),
        pytest.param(
            lambda: "".join(f"{' ' * depth}if a:\n" for depth in range(95)) + " " * 95 + "{}",
            id="nested if",
        ),
        pytest.param(
            lambda: "".join(f"{' ' * depth}def f():\n" for depth in range(90)) + " " * 90 + "{}",
            id="nested functions",
        ),
        pytest.param(
            lambda: "x0 = {}\n" + "".join(f"x{n + 1} = x{n}\n" for n in range(2000)),
            id="chain of names",
        ),
        pytest.param(
            lambda: (
                "def f0():\n    return {}\n"
                + "".join(f"def f{n + 1}():\n    return f{n}()\n" for n in range(1000))
            ),
            id="chain of functions",
        ),
    ],
)
def test_deep_source(build: Callable[[], str]) -> None:
    """However deep the code is, the finding in it is there, and it is the only one."""
    source = build().format(f"open({TEXT})")
    row = source[: source.index(TEXT)].count("\n") + 1
    column = source.split("\n")[row - 1].index(TEXT)
    assert check(source) == [(row, column, "RUN001")]


def test_many_findings() -> None:
    source = "".join(f"    elif a == {number}:\n        open({TEXT})\n" for number in range(900))
    found = check("def f(a):\n    if a:\n        pass\n" + source)
    assert found == [(5 + 2 * number, 13, "RUN001") for number in range(900)]


@pytest.mark.parametrize("error", [RecursionError("deep"), MemoryError(), KeyError("\x1b[31m")])
def test_failure_of_the_analysis_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> object:
        raise error

    monkeypatch.setattr("flake8_runsdir.linter.facts", fail)
    source = f"open({TEXT})\n"
    plugin = Plugin(ast.parse(source), [source], "a.py")
    name = type(error).__name__
    assert list(plugin.run()) == [(1, 0, f"RUN904 this file could not be checked: {name}", Plugin)]


NAME = st.sampled_from("x y run_id RUNS runs_dir self settings os Path cls ignore".split())
LEAF = st.one_of(
    NAME,
    st.sampled_from(
        """
        ".autonomous_runs" ".autonomous_runs/x.json" b".autonomous_runs" r"\\.autonomous_runs/(.*)"
        f".autonomous_runs/{x}" f"{x!r:>{y}}/.autonomous_runs" "\\x2eautonomous_runs" "a.log" 0 ...
        ".autonomous""_runs" settings.autonomous_runs_dir self.autonomous_runs_dir None {} ()
        os.environ["AUTONOMOUS_RUNS_DIR"] os.getenv("AUTONOMOUS_RUNS_DIR",".autonomous_runs")
        """.split()
    ),
)
SHAPES = (
    """
{0}/{1}|{0}+{1}|{0}%{1}|Path({0},{1})|open({0},"w")|{0}.joinpath({1})|[{0},{1}]
os.path.join({0},*{1})|{{{0}:{1}}}|{{**{0},"k":{1}}}|({0},*{1})|{0}[{1}]|{0}[{1}:]
{0}.write_text({1})|{0}.startswith({1})|{0}=={1}|{0} in {1}|{0} if {1} else {0}|{0} or {1}
not {0}|-{0}|(yield {0})|(z:={0})
lambda q={0}:{1}|[v for v in {0} if {1}]|{{k:v for k,v in {0}}}|({0} for _ in {1})
print({0},file={1})|f({0},**{1})|str({0})|json.dump({0},{1})|re.sub({0},{1})
dict(a={0},path={1})|{0}.format({1})|", ".join({0})
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
EXPRESSION = st.recursive(
    LEAF,
    lambda inner: st.builds(
        lambda shape, left, right: f"({shape.format(left, right)})",
        st.sampled_from(SHAPES),
        inner,
        inner,
    ),
    max_leaves=6,
)
LINES = """
{0} = {1}|{0}: Path = {1}|{0} += {1}|self.{0} = {1}|{0}, *y = {1}, {2}|return {1}|{1}|del {0}
assert {1}, {2}|raise {0}({1}) from {2}|global {0}|import {0}|from {0} import *
from a import b as {0}|{1}  # ruff: ignore[RUN001]|# ruff: disable[RUN001] .autonomous_runs
# ruff: enable[RUN001]|{0} = {0}|nonlocal {0}|{0}[{1}] = {2}|yield {1}|{0} = x = {1}|x = \\|"""
HEADS = """
def {0}(x, /, y={1}, *a, k={2}, **b):|class {0}({1}):|for {0} in {1}:|with {1} as {0}, {2}:|if {1}:
while {1}:|try:|except {0} as {0}:|finally:|else:|async def {0}(self, base={1}):|elif {1}:|@{0}
"""


@st.composite
def modules(draw: st.DrawFn) -> str:
    """Draw a text that looks like Python, and mostly is."""
    plain = LINES.replace("\n", "|").strip("|").split("|")
    heads = HEADS.replace("\n", "|").strip("|").split("|")
    depth = 0
    text = ""
    for _ in range(draw(st.integers(1, 8))):
        depth = draw(st.integers(0, depth))
        head = draw(st.booleans())
        line = draw(st.sampled_from(heads if head else plain))
        filled = line.format(draw(NAME), draw(EXPRESSION), draw(EXPRESSION))
        text += "    " * depth + filled + draw(st.sampled_from(["\n", "\n", "\n", "\r\n", ";"]))
        if head and not line.startswith("@"):
            depth += 1
            text += "    " * depth + f"{draw(EXPRESSION)}\n"
    return text


@settings(
    max_examples=600,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(modules(), st.integers(0, 400), st.integers(0, 12), st.sampled_from(["", "\x0c", "é", "\n"]))
def test_plugin_never_fails(text: str, start: int, length: int, put: str) -> None:
    """Whatever parses is analysed, and findings stand inside the text."""
    for source in (text, text[:start] + put + text[start + length :]):
        try:
            found = check(source, every=True)
        except (SyntaxError, ValueError):
            continue
        lines = re.split("\r\n|\r|\n", source)
        for row, column, code in found:
            assert code in {rule.code for rule in RULES}, source
            assert 0 <= column < len(lines[row - 1]), source
