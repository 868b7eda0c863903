"""What an audit says of Python: what to write instead, and why there may be no fix."""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple

import pytest

from conftest import Project
from flake8_runsdir.audit import python
from flake8_runsdir.audit.auditor import Auditor
from flake8_runsdir.audit.inventory import Status
from flake8_runsdir.options import Layer
from flake8_runsdir.settings import Resolver
from flake8_runsdir.shelter import CAN_FORK, DANGEROUS

MODULE = "app.config:settings.autonomous_runs_dir"
NO_MODULE = "; no fix: the option `accessor` names no module to import `settings` from"
ASK = "; ask `settings.autonomous_runs_dir`"

Places = dict[str, list[dict[str, Any]]]


def audited(project: Project, *arguments: str) -> Places:
    """Return the places that the real command finds in each of the files."""
    result = project.runsdir("audit", "--output-format=json", *arguments)
    found: Places = {}
    for place in json.loads(result.stdout)["places"]:
        found.setdefault(place["path"], []).append(place)
    return found


# What to write instead


class Suggestion(NamedTuple):
    """A text, and what its only place is to be: instead, how safe, and why there is no fix."""

    text: str
    instead: str
    applicability: str
    obstacle: str
    accessor: str = "settings.autonomous_runs_dir"


SUGGESTIONS: dict[str, Suggestion] = {
    "nowhere to import from": Suggestion(
        'def f():\n    return open(".autonomous_runs/c", "w")\n',
        'return open(f"{settings.autonomous_runs_dir}/c", "w")',
        "display",
        NO_MODULE,
    ),
    "at the top of a module": Suggestion(
        "from pathlib import Path\nROOT = Path('.autonomous_runs/a') / 'b'\n",
        "ROOT = Path(settings.autonomous_runs_dir) / 'a' / 'b'",
        "display",
        NO_MODULE,
    ),
    "a read without a module": Suggestion(
        'import os\nos.makedirs(os.environ["AUTONOMOUS_RUNS_DIR"])\n',
        "os.makedirs(settings.autonomous_runs_dir)",
        "display",
        NO_MODULE,
    ),
    "an object that is at hand": Suggestion(
        'def f(settings):\n    open(".autonomous_runs/c")\n',
        'open(f"{settings.autonomous_runs_dir}/c")',
        "safe",
        "",
    ),
    "an object that may be missing": Suggestion(
        "try:\n    from app import settings\nexcept ImportError:\n    settings = None\n"
        'def f():\n    open(".autonomous_runs/c")\n',
        'open(f"{settings.autonomous_runs_dir}/c")',
        "display",
        NO_MODULE,
    ),
    "another thing by its name": Suggestion(
        'def f(settings: dict):\n    open(".autonomous_runs/c")\n', "", "", NO_MODULE + ASK
    ),
    "no line for an import": Suggestion(
        'def f(): open(".autonomous_runs/c")\n',
        'def f(): open(f"{settings.autonomous_runs_dir}/c")',
        "display",
        "; no fix: the first statement of its function does not begin a line",
        MODULE,
    ),
    "no line for an import, and another thing by its name": Suggestion(
        'settings = {}\ndef f(): open(".autonomous_runs/c")\n',
        "",
        "",
        "; no fix: the first statement of its function does not begin a line" + ASK,
        MODULE,
    ),
    "several pieces": Suggestion(
        'open(".autonomous_runs" "/c")\n',
        "",
        "",
        "; no fix: the literal is made of several pieces" + ASK,
    ),
    "a key": Suggestion(
        'open({".autonomous_runs/c": 1})\n', "", "", "; no fix: it is a key" + ASK, MODULE
    ),
    "the module that it comes from": Suggestion(
        'def f():\n    open(".autonomous_runs/c")\n',
        "",
        "",
        "; no fix: this is the module that the accessor comes from" + ASK,
        "the_module_that_it_comes_from.a:settings.autonomous_runs_dir",
    ),
    "what is compared needs no reason": Suggestion(
        'x = y == ".autonomous_runs/c"\n', "", "", "", MODULE
    ),
}


@pytest.fixture(scope="module")
def suggested(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """The places of all suggestions."""
    project = Project(tmp_path_factory.mktemp("suggestions"))
    for why, suggestion in SUGGESTIONS.items():
        directory = why.replace(" ", "_")
        project.write(f"{directory}/a.py", suggestion.text)
        project.write(f"{directory}/runsdir.toml", f"accessor = '{suggestion.accessor}'")
    return audited(project)


@pytest.mark.parametrize("why", SUGGESTIONS)
def test_suggestion(suggested: Places, why: str) -> None:
    expected = SUGGESTIONS[why]
    (place,) = suggested[f"{why.replace(' ', '_')}/a.py"]
    assert (place["instead"], place["applicability"]) == expected[1:3]
    assert place["reason"].endswith(expected.obstacle)
    assert ("no fix" in place["reason"]) is bool(expected.obstacle)


def test_fixes_that_are_not_wanted_are_only_looked_at(project: Project) -> None:
    project.write("a.py", 'def f(settings):\n    open(".autonomous_runs/c")\n')
    (place,) = audited(project, "--config", "unfixable = ['RUN001']")["a.py"]
    line = 'open(f"{settings.autonomous_runs_dir}/c")'
    assert (place["instead"], place["applicability"]) == (line, "display")


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_nothing_but_lines_stands_for_lines(project: Project, name: str) -> None:
    """A fragment in the place of a line would read as its replacement."""
    project.write("a.py", 'open(".autonomous_runs/a")\nopen(".autonomous_runs" "/b")\n')
    lines = project.runsdir("audit", "--output-format", name).stdout.splitlines()
    assert any("{settings.autonomous_runs_dir}/a" in line for line in lines)
    shown = [line.strip("│+ \n") for line in lines]
    assert "settings.autonomous_runs_dir" not in shown


# What is said under every Python

UNREAD = "it looks like a path (unverified); Python cannot read this file"
PATH = "a path that does not ask the settings"
TWICE = "; no fix: the name is not spelled as it reads, or more than once" + ASK
PIECES = "; no fix: the literal is made of several pieces" + ASK

#: Texts, and the row, the column and the reason of each place in them.
SAID: dict[str, tuple[str, list[tuple[int, int, str]]]] = {
    "what is no Python": ('def f(:\n    x = ".autonomous_runs/a"\n', [(2, 10, UNREAD)]),
    "a null character": ('x = ".autonomous_runs/\0"\n', [(1, 6, UNREAD)]),
    "a separator of lines": ('x = ".autonomous_runs/"\u2028\n', [(1, 6, UNREAD)]),
    "too deep": (f"x = {'(' * 9999}'.autonomous_runs/'\n", [(1, 10005, UNREAD)]),
    "an f-string without fields": (
        'f".autonomous_runs"; open(f".autonomous_runs")\n',
        [(1, 3, "a docstring"), (1, 29, PATH + NO_MODULE)],
    ),
    "an f-string": ('open(f".autonomous_runs/{settings.x}")\n', [(1, 8, PATH + NO_MODULE)]),
    "a comment": ("# .autonomous_runs\n", [(1, 3, "a comment")]),
    "a docstring": ('""".autonomous_runs"""\n', [(1, 4, "a docstring")]),
    "an f-string like a docstring": ('f"""{x} .autonomous_runs"""\n', [(1, 9, "a docstring")]),
    "an f-string beside a comment": (
        'open(f"{x}/.autonomous_runs/{y}")  # .autonomous_runs\n',
        [(1, 12, PATH + NO_MODULE), (1, 38, "a comment")],
    ),
    "two in an f-string": (
        'open(f".autonomous_runs/{x}/.autonomous_runs/{y}")\n',
        [(1, 8, PATH + TWICE), (1, 29, PATH + TWICE)],
    ),
    "two in an f-string, of which one is compared": (
        "open(f\".autonomous_runs/{x == '.autonomous_runs'}\")\n",
        [
            (1, 8, PATH + NO_MODULE),
            (1, 32, "compared or searched for; a configured directory escapes it"),
        ],
    ),
    "an f-string in pieces": (
        'open(\n    f"{x}"\n    f"/.autonomous_runs/{y}")\n',
        [(3, 8, PATH + PIECES)],
    ),
    "a part of another name in an f-string": (
        'open("a" f".autonomous_runs/{x}")\n',
        [(1, 12, "an identifier, or a part of another name")],
    ),
    "behind an escape in an f-string": (
        'open(x, f"\\x2eautonomous_runs/{x}")\n',
        [(1, 9, PATH + TWICE)],
    ),
    "behind an escape in a piece of an f-string": (
        'open(x, f"{x}" "/\\x2eautonomous_runs")\n',
        [(1, 9, PATH + PIECES)],
    ),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """The places of all texts."""
    project = Project(tmp_path_factory.mktemp("said"))
    project.write_all({f"{why}.py": text for why, (text, _) in SAID.items()})
    return audited(project)


@pytest.mark.parametrize("why", SAID)
def test_every_python_says_the_same(said: Places, why: str) -> None:
    places = [(place["row"], place["column"], place["reason"]) for place in said[f"{why}.py"]]
    assert places == SAID[why][1]


# Notebooks

LS = 'ls "${AUTONOMOUS_RUNS_DIR:-.autonomous_runs}"'
OPEN = "open('.autonomous_runs/x')"
OPENED = "open(f'{settings.autonomous_runs_dir}/x')"

#: Cells, and of each place in them the row, the status, the language, and what to write instead.
CELLS: dict[str, tuple[str, list[tuple[int, str, str, str]]]] = {
    "a magic that takes a path": (
        "%cd .autonomous_runs\n%run .autonomous_runs/x.py",
        [(1, "critical", "IPython", ""), (2, "critical", "IPython", "")],
    ),
    "a magic without a mark": ("cd .autonomous_runs", [(1, "critical", "IPython", "")]),
    "the variable": (
        "%env AUTONOMOUS_RUNS_DIR=.autonomous_runs\n"
        "%set_env  AUTONOMOUS_RUNS_DIR   .autonomous_runs",
        [(1, "definition", "IPython", ""), (2, "definition", "IPython", "")],
    ),
    "another variable": ("%env X .autonomous_runs", [(1, "critical", "IPython", "")]),
    "a command": ("!ls .autonomous_runs", [(1, "critical", "IPython", f"!{LS}")]),
    "two marks": ("!!ls .autonomous_runs", [(1, "critical", "IPython", f"!!{LS}")]),
    "a magic for commands": ("%sx ls .autonomous_runs", [(1, "critical", "IPython", f"%sx {LS}")]),
    "a command whose output is kept": (
        "exclude = !ls .autonomous_runs",
        [(1, "critical", "IPython", f"exclude = !{LS}")],
    ),
    "a command in a block": (
        "if x:\n    !ls .autonomous_runs",
        [(2, "critical", "IPython", f"!{LS}")],
    ),
    "a command that is continued": (
        "!ls . \\\n .autonomous_runs",
        [(2, "critical", "IPython", "")],
    ),
    "a command that shows": ("!echo see .autonomous_runs", [(1, "documentation", "IPython", "")]),
    "a command that looks for it": ("!grep .autonomous_runs a", [(1, "match", "IPython", "")]),
    "a comment in Python": ("# %cd .autonomous_runs", [(1, "documentation", "Python", "")]),
    "an operator": (
        f"x = y % {OPEN}",
        [(1, "critical", "Python", f"x = y % {OPENED}")],
    ),
    "a statement of a magic": (
        f"%timeit -n 10 -r3 {OPEN}",
        [(1, "critical", "Python", f"%timeit -n 10 -r3 {OPENED}")],
    ),
    "a statement of a magic whose result is kept": (
        f"x = %timeit -o {OPEN}",
        [(1, "critical", "Python", f"x = %timeit -o {OPENED}")],
    ),
    "a statement of a magic in a block": (
        f"if x:\n    %time {OPEN}",
        [(2, "critical", "Python", f"%time {OPENED}")],
    ),
    "a message of a magic": (
        "%time print('see .autonomous_runs now')",
        [(1, "documentation", "Python", "")],
    ),
    "what is no statement of a magic": (
        "%timeit for x in '.autonomous_runs': pass",
        [(1, "critical", "IPython", "")],
    ),
    "a magic in a string": (
        f"x = '''\n%time {OPEN}\n'''\nopen(x)",
        [(2, "critical", "Python", "*")],
    ),
    "a magic for a cell of Python": (
        f"%%time\n{OPEN}",
        [(2, "critical", "Python", OPENED)],
    ),
    "a magic for a cell, with a statement": (
        f"%%timeit {OPEN}\nx = 1",
        [(1, "critical", "Python", f"%%timeit {OPENED}")],
    ),
    "a magic for a cell of a shell": (
        "%%bash -s .autonomous_runs\nls .autonomous_runs\n# .autonomous_runs",
        [
            (1, "critical", "IPython", ""),
            (2, "critical", "Bash", LS),
            (3, "documentation", "Bash", ""),
        ],
    ),
    "a magic for a cell of commands": ("%%!\nls .autonomous_runs", [(2, "critical", "Bash", LS)]),
    "a magic that names a program": (
        "%%script --bg /bin/sh\nls .autonomous_runs",
        [(2, "critical", "Bash", LS)],
    ),
    "a magic for a cell of another language": (
        "%%javascript\nfs.rmdir('.autonomous_runs')\n// .autonomous_runs",
        [
            (2, "critical", "JavaScript", "*"),
            (3, "documentation", "JavaScript", ""),
        ],
    ),
    "a magic for a cell that nobody knows": (
        "%%unheard .autonomous_runs\nls .autonomous_runs",
        [(1, "critical", "IPython", ""), (2, "critical", "IPython", "")],
    ),
    "a file that is written": (
        "%%writefile .autonomous_runs/x\n.autonomous_runs",
        [(1, "critical", "IPython", ""), (2, "data", "", "")],
    ),
    "a script that is written": (
        "%%writefile -a bin/run.sh\nls .autonomous_runs",
        [(2, "critical", "Bash", LS)],
    ),
    "a document that is written": (
        "%%file a.md\nls .autonomous_runs",
        [(2, "documentation", "Markdown", "")],
    ),
}


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """The places of one notebook, by the numbers of its cells."""
    project = Project(tmp_path_factory.mktemp("cells"))
    content = {
        "nbformat": 4,
        "metadata": {"kernelspec": {"name": "python3", "language": "python"}},
        "cells": [{"cell_type": "code", "source": source} for source, _ in CELLS.values()],
    }
    project.write("a.ipynb", json.dumps(content))
    found: Places = {}
    for place in audited(project)["a.ipynb"]:
        found.setdefault(str(place["cell"]), []).append(place)
    return found


@pytest.mark.parametrize("why", CELLS)
def test_cell(cells: Places, why: str) -> None:
    source, expected = CELLS[why]
    places = cells[str(list(CELLS).index(why) + 1)]
    lines = source.split("\n")
    for place, wanted in zip(places, expected):
        line = lines[place["row"] - 1]
        assert place["source"] == line.strip()
        assert line.startswith(".autonomous_runs", place["column"] - 1)
        instead = "*" if wanted[3] == "*" else place["instead"]
        assert (place["row"], place["status"], place["language"], instead) == wanted
        assert place["applicability"] == ("display" if place["instead"] else "")
    assert len(places) == len(expected)


def test_no_fix_of_a_cell_is_safe_where_check_finds_none(project: Project) -> None:
    source = f"from app import settings\n%time {OPEN}\n{OPEN}"
    cell = {"cell_type": "code", "source": source}
    project.write("a.ipynb", json.dumps({"nbformat": 4, "metadata": {}, "cells": [cell]}))
    flags = ("--config", "accessor = 'app:settings.autonomous_runs_dir'")
    safety = [place["applicability"] for place in audited(project, *flags)["a.ipynb"][:2]]
    assert safety == ["display", "unsafe"]


# What kills Python's parser


@pytest.mark.skipif(not CAN_FORK, reason="everything happens in one process")
@pytest.mark.parametrize("name", ["a.ipynb", "a.py"])
def test_mentions_in_what_kills_the_parser(
    project: Project, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    text = f"open('.autonomous_runs/x'){' ' * DANGEROUS}"
    cell = {"cell_type": "code", "metadata": {}, "source": text, "outputs": []}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    project.write(name, json.dumps(notebook) if name.endswith(".ipynb") else text)
    monkeypatch.setattr(python, "places", lambda *_: os._exit(9))
    layer = Layer("", {}, os.fspath(project.root))
    auditor = Auditor(os.fspath(project.root), Resolver(layer, layer, layer.base), pytest.fail)
    (found,) = auditor.inventory([name], "2026-11-22").places
    assert found.status is Status.CRITICAL
    assert "died" in found.reason


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-32-be"])
def test_mentions_in_what_python_cannot_decode(project: Project, encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("be") else ""
    project.write("a.py", f"{mark}open('.autonomous_runs/x')\n".encode(encoding))
    (found,) = audited(project)["a.py"]
    assert (found["status"], found["column"]) == ("critical", 7)
    assert "(unverified)" in found["reason"]
