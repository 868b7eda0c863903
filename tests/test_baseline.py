"""Baselines: what stays known, what is new, what is stale, and what is no baseline."""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Union

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Place, Project, Result
from flake8_runsdir import cli
from flake8_runsdir.baseline import Entry, Key, parse, text
from flake8_runsdir.options import FORMATS, ConfigError

RUFF = str(Path(sys.executable).with_name("ruff"))
EXAMPLE = Path(__file__).parents[1] / "examples" / "parallel_runs"
KNOWN = "known.txt"
#: How a baseline begins, and a line of one.
TITLE = "# runsdir baseline 1\n"
LINE = "a.py\tRUN001\t1\t0123456789abcdef\topen()\n"
A = 'open(".autonomous_runs/a")\n'
B = 'open(".autonomous_runs/b")\n'
C = 'open(".autonomous_runs/c")\n'
NOTEBOOK = json.dumps(
    {"cells": [{"cell_type": "code", "source": [A]}], "metadata": {}, "nbformat": 4}
)

Files = Mapping[str, Union[str, bytes]]


class Workplace(Project):
    """A project in which commands are run by calls: the same as a process, but for the start."""

    def __init__(
        self, home: Path, patch: pytest.MonkeyPatch, output: pytest.CaptureFixture[str]
    ) -> None:
        super().__init__(home)
        self._output = output
        patch.chdir(self.root)
        patch.setenv("HOME", str(home))
        patch.delenv("XDG_CONFIG_HOME", raising=False)

    def run_here(self, *arguments: str) -> Result:
        """Return what a command line of ``runsdir`` leads to."""
        self._output.readouterr()
        code = cli.main(arguments)
        output = self._output.readouterr()
        return Result(code, output.out, output.err)

    def check(self, *arguments: str) -> Result:
        """Check with the baseline, in the format whose lines are findings."""
        return self.run_here(
            "check", "-n", "--baseline", KNOWN, "--output-format", "pylint", *arguments
        )

    def record(self, *arguments: str) -> Result:
        """Record what there is in the baseline, which has to work out."""
        result = self.run_here("baseline", "-n", KNOWN, *arguments)
        assert (result.rc, result.stdout) == (0, "")
        return result

    def known(self) -> list[list[str]]:
        """Return the entries of the baseline, without fingerprints and texts."""
        lines = (self.root / KNOWN).read_text(encoding="utf-8").splitlines()
        assert lines[0] == TITLE.rstrip()
        return [line.split("\t")[:3] for line in lines[1:]]


def new(result: Result) -> list[str]:
    """Return the paths and rows of what is reported in the format ``pylint``."""
    return [line.partition(": ")[0] for line in result.stdout.splitlines()]


def stale(result: Result) -> list[str]:
    """Return what is told of stale entries, without their texts."""
    lines = result.stderr.splitlines()
    return [" ".join(line.split()[:2]) for line in lines if line.startswith("  ")]


@pytest.fixture
def work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Workplace:
    """An empty project."""
    return Workplace(tmp_path, monkeypatch, capsys)


# What stays known


class Change(NamedTuple):
    """A file before and after a change: how many findings are new, and how many entries stale."""

    before: str
    after: str
    new: int = 0
    stale: int = 0


TABLE = "\n".join(f'    "{number}": (f({number}), g({number})),' for number in range(40))
CHANGES: dict[str, Change] = {
    "an edit further up": Change(A, f"import os\n\n\nx = 1\n{A}"),
    "an edit further down": Change(A, f"{A}x = 1\n"),
    "another finding before it": Change(A, f"{B}{A}", new=1),
    "another indentation": Change(
        f"def f():\n    {A}", f"def f():\n  if f:\n      with f:\n       {A}"
    ),
    "the other functions in another order": Change(
        f"def f():\n    {A}def g():\n    {B}", f"def g():\n    {B}def f():\n    {A}"
    ),
    "a decorator, a docstring and parameters": Change(
        f"def f():\n    {A}", f'@f\ndef f(x, y=1):\n    """F."""\n    {A}'
    ),
    "quotes": Change(A, A.replace('"', "'")),
    "a prefix that means nothing": Change(A, A.replace('"', 'u"', 1)),
    "pieces of a literal": Change(A, 'open(".autonomous_runs"\n     "/a")\n'),
    "line breaks": Change(
        "x = open('.autonomous_runs/a', f(1))", "x = open('.autonomous_runs/a',\n f(\n1))"
    ),
    "a trailing comma": Change(A, 'open(\n    ".autonomous_runs/a",\n)\n'),
    "parentheses": Change(
        "x = '.autonomous_runs/a'\nopen(x)", "x = ('.autonomous_runs/a')\nopen(x)"
    ),
    "a backslash": Change(
        "x = '.autonomous_runs/a'\nopen(x)", "x = \\\n'.autonomous_runs/a'\nopen(x)"
    ),
    "line ends": Change(f"x = 1\n{A}", f"x = 1\n{A}".replace("\n", "\r\n")),
    "tabs and form feeds": Change(f"if x:\n    {A}", f"\x0cif x:\n\t{A}"),
    "what is not ASCII before it": Change(f"x = 'a'; {A}", f"x = 'äö漢🏃'; {A}"),
    "a comment beside it": Change(A, A.replace("\n", "  # why\n")),
    "a comment inside": Change(A, 'open(  # why\n    ".autonomous_runs/a"  # not\n)\n'),
    "a statement joined to it": Change(A, f"x = 1; {A}"),
    "an entry of a long table added": Change(
        f'x = {{\n{TABLE}\n"a": open(".autonomous_runs/a")}}\n',
        f'x = {{\n{TABLE}\n"a": open(".autonomous_runs/a"),\n"b": 1}}\n',
    ),
    "the header of a block": Change(
        'with open(".autonomous_runs/a") as x:\n    f(x)\n',
        'with open(".autonomous_runs/a") as y, f() as z:\n    pass\n',
    ),
    "another default": Change(
        'def f(x=open(".autonomous_runs/a")):\n    pass\n',
        'def f(y=1, *, x=open(".autonomous_runs/a")):\n    return y\n',
    ),
    "the format of a comment": Change(
        "#see .autonomous_runs/a\n", "def f():\n    x = 1  #   see .autonomous_runs/a   \n"
    ),
    "the format of a docstring": Change(
        "def f():\n    '''  Read   .autonomous_runs/a'''\n",
        'class x:\n    pass\ndef f():\n        """\n        Read .autonomous_runs/a\n        """\n',
    ),
    "a docstring that is continued": Change(
        '"""Read .autonomous_runs/a.\n"""\n', '"""Read .autonomous_runs/a.\n\nTwice.\n"""\n'
    ),
    "an f-string": Change(
        'open(f".autonomous_runs/{x["a"] if 0 else 1}")\n'.replace('x["a"]', "x['a']"),
        "open(\n    f'.autonomous_runs/{x[\"a\"] if 0 else 1}'\n)\n",
    ),
    "a decorator": Change(
        '@f(open(".autonomous_runs/a"))\ndef g(): pass\n',
        'x = 1\n@h\n@f(open(".autonomous_runs/a"))\nasync def g(x): f()\n',
    ),
    "another decorator": Change(
        '@f(open(".autonomous_runs/a"))\ndef g(): pass\n',
        '@h(open(".autonomous_runs/a"))\ndef g(): pass\n',
        new=1,
        stale=1,
    ),
    "one of two that are equal": Change(A + A, A + "x = 1\n", stale=1),
    "one more that is equal": Change(A + A, A + A + A, new=1),
    "two codes at one place": Change(
        'open(".autonomous_runs/a", "w")\n', '\nopen(".autonomous_runs/a", "w")\n'
    ),
    "another literal": Change(A, B, new=1, stale=1),
    "another statement": Change(A, f"x = {A}", new=1, stale=1),
    "an operator": Change(
        "open(x / '.autonomous_runs/a')\n", "open(x + '.autonomous_runs/a')\n", new=1, stale=1
    ),
    "another name of a function": Change(f"def f():\n    {A}", f"def g():\n    {A}"),
    "another name of a class": Change(
        f"class C:\n    def f():\n        {A}    def g():\n        {A}        {B}",
        f"class D:\n    def f():\n        {A}    def g():\n        {A}        {B}",
    ),
    "a method that was a function": Change(
        f"def f():\n    {A}", f"class C:\n    def f():\n        {A}"
    ),
    "a copy in another function": Change(
        f"def f():\n    {A}", f"def e():\n    {A}def f():\n    {A}", new=1
    ),
    "a copy in a function of another name": Change(
        f"def f():\n    {A}", f"def g():\n    {A}    {A}", new=1
    ),
    "another literal in a function of another name": Change(
        f"def f():\n    {A}", f"def g():\n    {B}", new=1, stale=1
    ),
    "another function and another code": Change(
        'def f():\n    x = ".autonomous_runs/a"\n    open(x)\n',
        'def g():\n    x = ".autonomous_runs/a"\n    print(x)\n',
        new=1,
        stale=1,
    ),
    "another comment": Change("# see .autonomous_runs/a\n", "# not .autonomous_runs/a\n", 1, 1),
    "another docstring": Change(
        '"""Read .autonomous_runs/a."""\n', '"""Write .autonomous_runs/a."""\n', 1, 1
    ),
    "all gone": Change(A, "x = 1\n", stale=1),
}


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, int]]:
    """How many findings are new, and how many entries are stale, of each of the changes."""
    project = Project(tmp_path_factory.mktemp("changes"))
    names = {why: f"case_{number}.py" for number, why in enumerate(CHANGES)}
    for why, change in CHANGES.items():
        project.write(names[why], change.before)
    recorded = project.runsdir("baseline", KNOWN, "--select", "ALL")
    assert recorded.rc == 0
    for why, change in CHANGES.items():
        project.write(names[why], change.after)
    flags = ("--baseline", KNOWN, "--select", "ALL", "--output-format", "pylint")
    result = project.runsdir("check", *flags)
    return {
        why: (
            sum(path.startswith(f"{name}:") for path in new(result)),
            sum(told.startswith(f"{name}:") for told in stale(result)),
        )
        for why, name in names.items()
    }


@pytest.mark.parametrize("why", CHANGES)
def test_change(changed: dict[str, tuple[int, int]], why: str) -> None:
    assert changed[why] == CHANGES[why][2:]


def test_every_change_is_of_a_finding() -> None:
    assert all(".autonomous_runs" in change.before for change in CHANGES.values())


MESSY = """\
from pathlib import Path
import os,json
class  A ( object ) :
  '''   docs of .autonomous_runs/x  '''
  root=Path ( '.autonomous_runs' )/'a' ; other={'a':'.autonomous_runs/b','c':['.autonomous_runs',],}
  def  f(self,x=Path('.autonomous_runs/d') , * ,y:"str"='.autonomous_runs/e')->None:
      if (x) : open( '.autonomous_runs/f' if (y) else ".autonomous_runs/g" ) ; return
      with open('.autonomous_runs/h') as a , open(f'.autonomous_runs/{ y }/{ x!r:>{ 10 } }') as b :
         pass
      z = lambda q : open(".autonomous_runs/" '%s' % q,'w').write( 'looooooooooooooooooooooooong' )
      assert open( '.autonomous_runs/i' ) , ( 'in .autonomous_runs there is something to be told' )
      for k in ('.autonomous_runs/j' , u'.autonomous_runs/k') : os.remove(k)#see .autonomous_runs
      return (Path('.autonomous_runs/l')
              / 'm').read_text(  )  if not  x  else os . environ [ 'AUTONOMOUS_RUNS_DIR' ]
async def g ( ) :
    async with h ( '.autonomous_runs/n' ) as x , y : await  x
    try : print( R'.autonomous_runs\\o' , 0XFF , 1E5 , 10L if 0 else 1J )
    except ( ValueError ) : raise  OSError('.autonomous_runs is "gone"')
    while  x == '.autonomous_runs' : x = [ y for y in ( '.autonomous_runs/p' , ) if ( y ) ]
    json.dump( { } ,open( '.autonomous_runs/q.json','w' ) , indent = ( 2 ) )
""".replace("10L if 0 else ", "")


@pytest.mark.parametrize("quotes", ["double", "single"])
def test_formatting_makes_nothing_new(work: Workplace, quotes: str) -> None:
    work.write("a.py", MESSY)
    shutil.copytree(EXAMPLE, work.root / "example")
    work.record("--select", "ALL")
    before = work.run_here("check", "--select", "ALL", "--output-format", "pylint").stdout
    assert len(before.splitlines()) >= 50
    style = f'format.quote-style = "{quotes}"'
    command = [RUFF, "format", "--isolated", "--no-cache", "--config", style, "."]
    subprocess.run([*command, "--line-length", "50"], check=True, capture_output=True)
    assert (work.root / "a.py").read_text(encoding="utf-8") != MESSY
    result = work.check("--select", "ALL", "--fail-on", "stale")
    assert (result.rc, result.stdout, result.stderr) == (0, "", "")


#: Fingerprints are part of the format: every Python makes the same.
PINNED = {
    A: "c72b2c33cae4a6a0",
    f"class C:\n    async def f(self):\n        {A}": "c72b2c33ca2e1936",
    "open(f'.autonomous_runs/{x!r:>{y}}', *z, **{'a': -1.5, None: 1j})\n": "37abcbc5d2e4a6a0",
    "# see .autonomous_runs/ä\n": "b6de615ce8e4a6a0",
    "'''See .autonomous_runs/ä.\n\nMore.\n'''\n": "f95b102f20e4a6a0",
}


@pytest.mark.parametrize("source", PINNED)
def test_fingerprint_is_the_same_everywhere(work: Workplace, source: str) -> None:
    work.write("a.py", source)
    work.record("--select", "RUN001,RUN103")
    entry = (work.root / KNOWN).read_text(encoding="utf-8").splitlines()[1]
    assert entry.split("\t")[3] == PINNED[source]


def test_fingerprints_are_those_of_large_and_deep_sources(work: Workplace) -> None:
    deep = "x = " + "f(open('.autonomous_runs/a'), " * 80 + "1" + ")" * 80 + "\n"
    long = "x = [" + "open('.autonomous_runs/a'), " * 500 + "]\n"
    comment = "# " + "see .autonomous_runs/a for " * 500 + "\n"
    chain = "open('a' + " + " + ".join(["'.autonomous_runs/a'"] * 300) + ")\n"
    work.write_all({"deep.py": deep, "long.py": long, "comment.py": comment, "chain.py": chain})
    work.record("--select", "RUN001,RUN103")
    assert ["long.py", "RUN001", "500"] in work.known()
    assert work.check("--select", "RUN001,RUN103").rc == 0
    work.write("long.py", f"x = 1\n{long.replace(']', A.strip() + ', 1]')}")
    assert new(work.check("--select", "RUN001")) == ["long.py:2"]


# Renamed files


@pytest.mark.parametrize(
    ("before", "after", "reported"),
    [
        pytest.param({"a.py": A}, {"b.py": A}, [], id="renamed"),
        pytest.param({"a.py": A}, {"sub/dir/a.py": A}, [], id="moved to another directory"),
        pytest.param({"a.py": A}, {"b.py": f"x = 1\n{A}{B}"}, ["b.py:3"], id="and edited"),
        pytest.param({"a.py": A + A}, {"b.py": A, "c.py": A}, [], id="taken apart"),
        pytest.param({"a.py": A, "b.py": A}, {"c.py": A + A}, [], id="put together"),
        pytest.param({"a.py": A}, {"b.py": A, "c.py": A}, ["c.py:1"], id="renamed and copied"),
        pytest.param({"a.py": A}, {"a.py": A, "b.py": A}, ["b.py:1"], id="copied"),
        pytest.param({"a.py": A}, {"a.py": "", "b.py": A}, ["b.py:1"], id="moved out of a file"),
        pytest.param({"a.py": A, "b.py": B}, {"b.py": A + B}, ["b.py:1"], id="into a known file"),
        pytest.param(
            {"a.py": A, "b.py": B}, {"a.py": B, "b.py": A}, ["a.py:1", "b.py:1"], id="swapped"
        ),
        pytest.param(
            {"a.py": f"def f():\n  {A}{B}"},
            {"b.py": f"def g():\n  {A}  {A}{B}"},
            ["b.py:3"],
            id="with a function of another name",
        ),
        pytest.param(
            {"a.py": A + B + C, "x.py": A + B},
            {"x.py": A + B, "y.py": A + B, "z.py": A + B + C},
            ["y.py:1", "y.py:2"],
            id="the likest one is not the first one",
        ),
        pytest.param(
            {"old/b.py": A + B},
            {"new/a.py": A + B, "new/b.py": A + B},
            ["new/a.py:1", "new/a.py:2"],
            id="of two, the one of the same name",
        ),
        pytest.param(
            {"old/b.py": A + B},
            {"new/c.py": A + B, "old/d.py": A + B},
            ["new/c.py:1", "new/c.py:2"],
            id="of two, the one in the same directory",
        ),
        pytest.param(
            {"b.py": A + B},
            {"c.py": A + B, "d.py": A + B},
            ["d.py:1", "d.py:2"],
            id="of two, the first one",
        ),
        pytest.param(
            {**{f"old/{number}.py": A for number in range(60)}, "old/x.py": A + B + C},
            {**{f"new/{number}.py": A for number in range(60)}, "new/z.py": C + A + B, "y.py": B},
            ["y.py:1"],
            id="what many files hold",
        ),
    ],
)
def test_renamed(work: Workplace, before: Files, after: Files, reported: list[str]) -> None:
    work.write_all(before)
    work.record()
    for name in before:
        (work.root / name).unlink()
    work.write_all(after)
    assert new(work.check()) == reported


def test_renamed_file_is_known_in_a_run_of_its_own(work: Workplace) -> None:
    work.write_all({"old/a.py": A, "old/b.py": B})
    work.record()
    work.write("new/a.py", A)
    shutil.rmtree(work.root / "old")
    result = work.check("new/a.py", "--fail-on", "stale")
    assert (result.rc, new(result), stale(result)) == (0, [], [])
    assert work.record().stderr == "Recorded 1 finding in 1 file.\n"
    assert work.known() == [["new/a.py", "RUN001", "1"]]


NAMES = (
    ["#.py", " a b.py", "a\\tb.py", "back\\x41slash.py", "ä/漢🏃.py", "=======.py", "a\u202eb.py"]
    if os.name == "nt"
    else [
        "#.py",
        " a b.py",
        "a\tb\nc.py",
        "back\\slash\\x41.py",
        "ä/漢🏃.py",
        "=======.py",
        "\u202e.py",
        "\udcff.py",
    ]
)


def test_names_of_all_kinds_come_back(work: Workplace) -> None:
    for number, name in enumerate(NAMES):
        work.write(name, f'open(".autonomous_runs/{number}")\n')
    work.record()
    content = (work.root / KNOWN).read_text(encoding="utf-8")
    assert len(content.split("\n")) == len(NAMES) + 2
    assert content.replace("\n", "").replace("\t", "").isprintable()
    assert work.check("--fail-on", "stale").rc == 0
    for name in NAMES:
        (work.root / name).rename((work.root / name).with_name(f"new{Path(name).name}"))
    assert work.check("--fail-on", "stale").rc == 0
    (work.root / "new#.py").unlink()
    assert stale(work.check()) == ["#.py: RUN001"]


# Stale entries


STALE = {"a.py": A + B, "sub/b.py": A, "sub/c.py": A, "gone.py": B, "sub/gone.py": B}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param([], ["a.py:", "gone.py:", "sub/b.py:", "sub/gone.py:"], id="everything"),
        pytest.param(["a.py"], ["a.py:"], id="one file"),
        pytest.param(["sub/c.py"], [], id="another file"),
        pytest.param(["sub"], ["sub/b.py:", "sub/gone.py:"], id="a directory"),
        pytest.param(["sub/gone.py"], [], id="a file that cannot be there"),
        pytest.param(["--exclude", "sub"], ["a.py:", "gone.py:"], id="an excluded directory"),
        pytest.param(["--exclude", "gone.py"], ["a.py:", "sub/b.py:"], id="an excluded file"),
        pytest.param(["--select", "RUN002"], [], id="another rule"),
        pytest.param(["--ignore", "RUN001"], [], id="all rules but one"),
        pytest.param(
            ["--per-file-ignores", "sub/**:RUN001"], ["a.py:", "gone.py:"], id="but in some files"
        ),
        pytest.param(["-q"], [], id="quietly"),
        pytest.param(["-s", "--fail-on", "stale"], [], id="silently"),
        pytest.param(
            ["-q", "--fail-on", "stale", "sub"],
            ["sub/b.py:", "sub/gone.py:"],
            id="quietly, and wanted",
        ),
    ],
)
def test_stale(work: Workplace, arguments: list[str], told: list[str]) -> None:
    work.write_all(STALE)
    work.record()
    work.write_all({"a.py": A, "sub/b.py": "x = 1\n"})
    for name in ("gone.py", "sub/gone.py"):
        (work.root / name).unlink()
    result = work.check(*arguments)
    assert [line.split()[0] for line in stale(result)] == told
    assert result.rc == int("--fail-on" in arguments or "sub/gone.py" in arguments)


def test_file_that_is_not_found_but_there_is_not_stale(work: Workplace) -> None:
    work.write_all({"a.py": A, "tool": A, "ignored/b.py": A})
    work.record(".", "tool")
    work.write_all({"tool": "x = 1\n", "ignored/b.py": "x = 1\n", ".ignore": "ignored\n"})
    assert stale(work.check()) == []
    assert stale(work.check(".", "tool", "ignored")) == ["ignored/b.py: RUN001", "tool: RUN001"]


def test_stale_entries_are_told_with_what_they_were(work: Workplace) -> None:
    work.write("a.py", A + A + A + B)
    work.record()
    work.write("a.py", A)
    result = work.check()
    assert (result.rc, result.stdout) == (0, "")
    assert result.stderr == (
        "warning: 2 entries are stale in known.txt; to renew it: runsdir baseline known.txt\n"
        '  a.py: RUN001 open(".autonomous_runs/a") (2 of 3)\n'
        '  a.py: RUN001 open(".autonomous_runs/b")\n'
    )
    assert work.check("--fail-on", "stale", "--exit-zero").rc == 0
    work.record()
    assert work.known() == [["a.py", "RUN001", "1"]]
    assert work.check("--fail-on", "stale").stderr == ""


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("x = (\n", id="not parsed"),
        pytest.param(f"x = (\n{A}", id="not parsed, with findings"),
        pytest.param(b"# coding: utf-8\n# .autonomous_runs \xff\n", id="not decoded"),
    ],
)
def test_file_that_is_not_checked_keeps_its_entries(work: Workplace, content: str | bytes) -> None:
    work.write_all({"a.py": A, "b.py": B})
    work.record()
    work.write("a.py", content)
    result = work.check("--fail-on", "stale")
    is_reported = content != "x = (\n"
    # A file that cannot mention the directory is not parsed at all.
    assert (result.rc, stale(result)) == (1, [] if is_reported else ["a.py: RUN001"])
    assert all(place.startswith("a.py:") for place in new(result))
    result = work.run_here("baseline", KNOWN)
    assert result.rc == int(is_reported)
    assert len(work.known()) == 1 + is_reported
    assert ("a.py: not looked at" in result.stderr) is is_reported


# What is recorded, and where


def test_baseline_is_for_people_and_for_git(work: Workplace) -> None:
    work.write_all(
        {
            "b/a.py": f"def f():\n    {A}",
            "a.py": f'open(".autonomous_runs/{"x" * 200}")\n{A}x = {A}',
            "c.py": 'open("\\t.autonomous_runs/\\\\x\u202e")\n',
        }
    )
    assert work.record().stderr == "Recorded 5 findings in 3 files.\n"
    content = (work.root / KNOWN).read_text(encoding="utf-8")
    lines = [line.split("\t") for line in content.split("\n")]
    assert [(line[0], line[-1]) for line in lines] == [
        (TITLE.strip(), TITLE.strip()),
        ("a.py", 'open(".autonomous_runs/a")'),
        ("a.py", f'open(".autonomous_runs/{"x" * 77}'),
        ("a.py", 'x = open(".autonomous_runs/a")'),
        ("b/a.py", 'open(".autonomous_runs/a")'),
        ("c.py", 'open("\\t.autonomous_runs/\\\\x\\u202e")'),
        ("", ""),
    ]


def test_what_is_recorded_is_what_is_reported(work: Workplace) -> None:
    work.write_all(
        {
            "a.py": f"{A[:-1]}  # noqa: RUN001\n{B}# see .autonomous_runs\n",
            "skipped/b.py": A,
            "docs/c.py": A,
            "book.ipynb": NOTEBOOK,
            "broken.py": f"x = (\n{A}",
        }
    )
    flags = ["--exclude", "skipped", "--select", "RUN001"]
    result = work.run_here("baseline", KNOWN, *flags, ".")
    assert result.rc == 1
    assert result.stderr.startswith(
        "Recorded 2 findings in 2 files.\nwarning: broken.py: not looked"
    )
    assert work.known() == [["a.py", "RUN001", "1"], ["book.ipynb", "RUN001", "1"]]
    (work.root / "broken.py").unlink()
    assert work.check(*flags).rc == 0
    assert len(new(work.check())) == 1
    assert len(new(work.check(*flags, "--ignore-noqa"))) == 1


def test_renewing_looks_at_what_is_named_only(work: Workplace) -> None:
    work.write_all({"a.py": A, "b.py": A, "c/d.py": A, "c/e.py": A})
    work.record()
    work.write_all({"a.py": "", "b.py": A + B, "c/d.py": A + A})
    (work.root / "c" / "e.py").unlink()
    work.record("c", "--select", "RUN001")
    assert [entry[::2] for entry in work.known()] == [["a.py", "1"], ["b.py", "1"], ["c/d.py", "2"]]
    work.record("--select", "RUN003")
    assert len(work.known()) == 3
    work.record()
    assert [entry[::2] for entry in work.known()] == [["b.py", "1"], ["b.py", "1"], ["c/d.py", "2"]]


def test_renewing_what_is_true_writes_nothing(work: Workplace) -> None:
    work.write("a.py", A)
    work.record()
    before = (work.root / KNOWN).stat()
    work.record()
    after = (work.root / KNOWN).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_baseline_lies_anywhere(work: Workplace) -> None:
    work.write_all({"a.py": A, "sub/b.py": A})
    assert work.run_here("baseline", "ci/new/known.txt").rc == 0
    content = (work.root / "ci" / "new" / "known.txt").read_text(encoding="utf-8")
    assert [line.split("\t")[0] for line in content.splitlines()[1:]] == [
        "../../a.py",
        "../../sub/b.py",
    ]
    assert work.run_here("check", "--baseline", "ci/new/known.txt").rc == 0
    os.chdir(work.root / "sub")
    assert work.run_here("check", "--baseline", "../ci/new/known.txt").rc == 0
    assert sorted(os.listdir(work.root / "ci" / "new")) == ["known.txt"]


# In the configuration


def test_configuration_names_the_baseline(work: Workplace) -> None:
    work.write_all({"pyproject.toml": f"[tool.runsdir]\nbaseline = '{KNOWN}'\n", "sub/a.py": A})
    result = work.run_here("check")
    assert (result.rc, result.stdout) == (2, "")
    assert f"{work.root / KNOWN}: the baseline cannot be read: No such file" in result.stderr
    assert work.run_here("baseline").stderr == "Recorded 1 finding in 1 file.\n"
    os.chdir(work.root / "sub")
    result = work.run_here("check")
    assert (result.rc, result.stdout) == (
        0,
        "All checks passed!\n1 known error is recorded in the baseline.\n",
    )
    assert work.run_here("check", "--no-baseline").rc == 1
    assert work.run_here("check", "--isolated").rc == 1
    assert work.run_here("check", "--config", "baseline = '../none.txt'").rc == 2
    work.write("other.txt", TITLE)
    assert work.run_here("check", "--baseline", "../other.txt").rc == 1


def test_configurations_below_have_baselines_of_their_own(work: Workplace) -> None:
    work.write_all(
        {"runsdir.toml": f"baseline = '{KNOWN}'", "a.py": A, "sub/a.py": A, "sub/gone.py": B}
    )
    work.write("sub/runsdir.toml", f"baseline = '{KNOWN}'")
    assert work.run_here("baseline").stderr == "Recorded 1 finding in 1 file.\n"
    os.chdir(work.root / "sub")
    assert work.run_here("baseline").stderr == "Recorded 2 findings in 2 files.\n"
    (work.root / "sub" / "gone.py").unlink()
    os.chdir(work.root)
    result = work.run_here("check")
    assert (result.rc, stale(result)) == (0, ["gone.py: RUN001"])


def test_entries_that_another_baseline_has_taken_over_are_not_stale(work: Workplace) -> None:
    work.write_all({"runsdir.toml": f"baseline = '{KNOWN}'", "a.py": A, "sub/a.py": A})
    assert work.run_here("baseline").stderr == "Recorded 2 findings in 2 files.\n"
    work.write_all({"sub/runsdir.toml": "baseline = 'own.txt'", "sub/own.txt": TITLE})
    result = work.run_here("check", "--output-format", "pylint", "--fail-on", "stale")
    assert (new(result), result.stderr) == (["sub/a.py:1"], "")


def outside(work: Workplace, content: str = TITLE) -> None:
    """Put a file beside the project, and a link to it into the project."""
    (work.home / "outside.txt").write_text(content, encoding="utf-8")
    (work.root / "link.txt").symlink_to(work.home / "outside.txt")


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "link.txt", "sub/../.."])
def test_project_cannot_name_a_file_outside(work: Workplace, name: str) -> None:
    outside(work)
    work.write_all({"a.py": A, "runsdir.toml": f'baseline = "{name}"'})
    for command in ("check", "baseline"):
        result = work.run_here(command)
        assert (result.rc, result.stdout) == (2, "")
        assert "`baseline`: leads out of the project" in result.stderr
    result = work.flake8("--select", "RUN")
    assert result.rc == 1
    assert "`baseline`: leads out of the project" in result.stdout
    assert work.run_here("check", "--config", "runsdir.toml", "a.py").rc in (1, 2)


def test_command_line_can_name_any_file(work: Workplace) -> None:
    outside(work)
    work.write("a.py", A)
    assert work.run_here("check", "--baseline", "link.txt").rc == 1
    assert work.run_here("baseline", "../outside.txt").rc == 0
    assert work.run_here("check", "--baseline", "../outside.txt").rc == 0


def test_link_out_of_the_project_is_not_written_to(work: Workplace) -> None:
    outside(work)
    work.write("a.py", A)
    result = work.run_here("baseline", "link.txt")
    assert (result.rc, "leads out of the project" in result.stderr) == (2, True)
    assert (work.home / "outside.txt").read_text(encoding="utf-8") == TITLE


# What is no baseline


HOSTILE: list[Any] = [
    pytest.param(b"", 1, "not a baseline", id="empty"),
    pytest.param(b"x = 1\n", 1, "not a baseline", id="a source"),
    pytest.param(b"\x7fELF\x02\x01\0\0", 1, "not a baseline", id="binary"),
    pytest.param(b"\xff\xfe#\0", 1, "not UTF-8", id="UTF-16"),
    pytest.param(b"[" * 1_000_000, 1, "not a baseline", id="deep JSON"),
    pytest.param(b"# runsdir baseline 2\n", 1, "another version", id="a later version"),
    pytest.param(b"# runsdir baseline 10\n", 1, "another version", id="a much later version"),
    pytest.param(f"{TITLE}\n{LINE}x\n".encode(), 4, "not an entry", id="one field"),
    pytest.param(f"{TITLE}{LINE}\xff\n".encode("latin-1"), 3, "not UTF-8", id="a byte"),
    pytest.param(f"{TITLE}{LINE}".replace("a.py", "").encode(), 2, "not an entry", id="no name"),
    *(
        pytest.param(f"{TITLE}{LINE.replace(old, new_text)}".encode(), 2, problem, id=why)
        for old, new_text, problem, why in (
            ("a.py", "/a.py", "not an entry", "an absolute name"),
            ("a.py", "b/../a.py", "not an entry", "a way round"),
            ("a.py", "./a.py", "not an entry", "a name that is spelled otherwise"),
            ("a.py", "a\0.py", "not an entry", "a null character"),
            ("a.py", "\\ud800.py", "not an entry", "a surrogate that is no byte"),
            ("a.py", "a\\x62.py", "not an entry", "an escape that is not needed"),
            ("a.py", "a\\.py", "not an entry", "half an escape"),
            ("a.py", "\\U7fffffff", "not an entry", "an escape of no character"),
            ("a.py", "a\u2028.py", "not an entry", "a separator"),
            ("RUN001", "RUN1", "not an entry", "a short code"),
            ("RUN001", "S108", "not an entry", "a code of Ruff"),
            ("RUN001", "RUN901", "RUN901 cannot be recorded", "a file that was not checked"),
            ("RUN001", "RUN905", "RUN905 cannot be recorded", "a file that was not fixed"),
            ("\t1\t", "\t0\t", "not an entry", "no findings"),
            ("\t1\t", "\t-1\t", "not an entry", "less than none"),
            ("\t1\t", "\t1e9\t", "not an entry", "a number that is none"),
            ("\t1\t", "\t\u0661\t", "not an entry", "a digit of another script"),
            ("\t1\t", f"\t{'9' * 5000}\t", "not an entry", "a number of many digits"),
            ("0123", "012G", "not an entry", "a fingerprint that is none"),
            ("open()", "open()\t", "not an entry", "a field too much"),
            ("a.py", "a" * 1_000_000 + "\x85", "not an entry", "a long line"),
        )
    ),
    *(
        pytest.param(f"{TITLE}{line}\n{LINE}".encode(), 2, "an unresolved conflict", id=line)
        for line in ("<<<<<<< HEAD", "|||||||", "=======", ">>>>>>> branch")
    ),
]


@pytest.mark.parametrize(("content", "row", "problem"), HOSTILE)
def test_what_is_no_baseline_is_an_error(
    work: Workplace, content: bytes, row: int, problem: str
) -> None:
    work.write_all({"a.py": A, KNOWN: content})
    for result in (work.check(), work.run_here("baseline", KNOWN)):
        assert (result.rc, result.stdout) == (2, "")
        assert f"{work.root / KNOWN}:{row}: " in result.stderr
        assert problem in result.stderr
        assert len(result.stderr) < 300
    assert (work.root / KNOWN).read_bytes() == content


@pytest.mark.parametrize("kind", ["missing", "directory", "pipe", "device", "unreadable", "loop"])
def test_what_cannot_be_read_is_an_error(work: Workplace, kind: str) -> None:
    path = work.root / KNOWN
    if kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "unreadable":
        if os.getuid() == 0:
            pytest.skip("root reads everything")
        work.write(KNOWN, TITLE)
        path.chmod(0)
    work.write("a.py", A)
    result = work.check()
    assert (result.rc, result.stdout) == (2, "")
    assert f"{path}: the baseline cannot be read: " in result.stderr
    if kind != "missing":
        assert work.run_here("baseline", KNOWN).rc == 2
    result = work.flake8("--runsdir-baseline", KNOWN)
    assert result.rc == 1
    assert f"flake8-runsdir: {path}: the baseline cannot be read: " in result.stdout


def test_huge_baseline_is_read_in_its_time(work: Workplace) -> None:
    lines = (LINE.replace("a.py", f"gone/{number}.py") for number in range(10_000))
    work.write_all({"a.py": A, KNOWN: TITLE + "".join(lines)})
    result = work.check("a.py")
    assert (result.rc, new(result), result.stderr) == (1, ["a.py:1"], "")
    assert len(stale(work.check())) == 10_000


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: "\ufeff" + text, id="a BOM"),
        pytest.param(lambda text: text.replace("\n", "\n\n"), id="blank lines"),
        pytest.param(lambda text: text + text, id="everything twice"),
        pytest.param(lambda text: text.rstrip("\n"), id="no newline at the end"),
        pytest.param(
            lambda text: TITLE + "".join(sorted(text.splitlines(True))[:0:-1]), id="order"
        ),
        pytest.param(lambda text: text.replace("open", "\x1b[31mopen"), id="another text"),
        pytest.param(lambda text: text + text.replace("\t2\t", "\t1\t"), id="fewer below"),
        pytest.param(lambda text: text.replace("\t2\t", "\t1\t") + text, id="fewer above"),
    ],
)
def test_what_editors_and_merges_do_is_no_error(work: Workplace, change: Any) -> None:
    work.write_all({"a.py": A + A, "b.py": B})
    work.record()
    content = (work.root / KNOWN).read_text(encoding="utf-8")
    work.write(KNOWN, change(content))
    assert work.check("--fail-on", "stale").rc == 0
    work.write("a.py", A + A + A)
    assert new(work.check()) == ["a.py:3"]
    work.write("a.py", "")
    assert "\x1b" not in work.check().stderr
    work.write("a.py", A + A)
    work.record()
    assert (work.root / KNOWN).read_text(encoding="utf-8") == content


@given(
    st.one_of(
        st.binary(),
        st.text("#\\aUux0/.\t\n\r\x85\0 RN1").map(lambda text: (TITLE + text).encode()),
    )
)
def test_every_content_is_a_baseline_or_an_error(content: bytes) -> None:
    problem = ""
    try:
        parse("/p/known.txt", content)
    except ConfigError as error:
        problem = str(error)
    assert problem.isprintable()


ENTRIES = st.builds(
    Entry,
    st.builds(
        Key,
        st.lists(st.text(min_size=1).filter(lambda part: "/" not in part), min_size=1).map(
            "/".join
        ),
        st.sampled_from(["RUN001", "RUN900"]),
        st.from_regex("[0-9a-f]{16}", fullmatch=True),
    ),
    st.integers(1, 9_999_999),
    st.just("text"),
)


@given(st.lists(ENTRIES, unique_by=lambda entry: entry.key))
def test_entries_come_back(entries: list[Entry]) -> None:
    entries = [entry for entry in entries if posixpath.normpath(entry.key.name) == entry.key.name]
    left = parse("/p/known.txt", text(entries).encode("utf-8")).judge([]).left
    assert sorted(left) == sorted((entry, entry.times) for entry in entries)


# Beside other flags


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_leaves_out_what_is_recorded(work: Workplace, name: str) -> None:
    work.write_all({"a.py": A, "b.py": B})
    work.record("a.py")
    flags = ("check", "-n", "--output-format", name)
    known = work.run_here(*flags, "--baseline", KNOWN).stdout
    assert ".autonomous_runs" in known
    assert "a.py" not in known
    work.record()
    result = work.run_here(*flags, "--baseline", KNOWN)
    assert result.stdout.replace("2 known errors are recorded in the baseline.\n", "") == (
        work.run_here(*flags, "--ignore", "RUN").stdout
    )
    assert (result.rc, result.stderr) == (0, "")


def test_statistics_leave_out_what_is_recorded(work: Workplace) -> None:
    work.write_all({"a.py": A + A})
    work.record()
    work.write_all({"a.py": A + B + A})
    result = work.run_here("check", "--baseline", KNOWN, "--statistics")
    assert result.stdout.split()[:2] == ["1", "RUN001"]


def test_results_that_are_kept_are_the_same_without_a_baseline(work: Workplace) -> None:
    work.write("a.py", A + B)
    for arguments, code in (
        (["check"], 1),
        (["baseline", KNOWN], 0),
        (["check", "--baseline", KNOWN], 0),
        (["check"], 1),
    ):
        assert work.run_here(*arguments).rc == code
    cache = work.root / ".runsdir_cache" / "findings.json"
    before = cache.read_bytes()
    work.run_here("check", "--baseline", KNOWN, "--fix", "--unsafe-fixes")
    assert cache.read_bytes() == before


FIXABLE = "def f(x):\n    from app import settings\n\n"
TWICE = f"{FIXABLE}    {A}    {B}"


@pytest.fixture
def mixed(work: Workplace) -> Workplace:
    """A file with one finding that is known, and one that is new."""
    accessor = "accessor = 'app:settings.runs'\n"
    work.write_all({"runsdir.toml": accessor, "a.py": f"{FIXABLE}    {A}"})
    work.record()
    work.write("a.py", TWICE)
    return work


def fixed(text: str) -> str:
    """Return a text with the second finding fixed."""
    return text.replace(B.strip(), 'open(f"{settings.runs}/b")')


def test_only_what_is_reported_is_fixed(mixed: Workplace) -> None:
    result = mixed.check("--fix")
    content = (mixed.root / "a.py").read_text(encoding="utf-8")
    assert content == fixed(TWICE)
    assert (result.rc, result.stderr) == (0, "")
    assert mixed.check("--fix").rc == 0
    assert (mixed.root / "a.py").read_text(encoding="utf-8") == content
    assert mixed.run_here("check", "--fix").rc == 0
    assert ".autonomous_runs" not in (mixed.root / "a.py").read_text(encoding="utf-8")


def test_the_last_of_equal_ones_is_fixed(work: Workplace) -> None:
    work.write_all({"runsdir.toml": "accessor = 'app:settings.runs'", "a.py": f"{FIXABLE}    {A}"})
    work.record()
    work.write("a.py", f"{FIXABLE}    {A}    {A}    {A}")
    assert new(work.check()) == ["a.py:5", "a.py:6"]
    assert work.check("--fix").rc == 0
    rest = (work.root / "a.py").read_text(encoding="utf-8").splitlines()[3:]
    assert rest == [f"    {A.strip()}", *['    open(f"{settings.runs}/a")'] * 2]


def test_difference_shows_only_what_is_reported(mixed: Workplace) -> None:
    result = mixed.check("--diff")
    changed_lines = [line for line in result.stdout.splitlines() if line.startswith(("+", "-"))]
    assert result.rc == 1
    assert len(changed_lines) == 4
    assert (mixed.root / "a.py").read_text(encoding="utf-8") == TWICE


@pytest.mark.parametrize("flag", ["--add-noqa", "--add-ignore"])
def test_only_what_is_reported_gets_a_comment(mixed: Workplace, flag: str) -> None:
    result = mixed.check(flag)
    assert result.rc == 0
    lines = (mixed.root / "a.py").read_text(encoding="utf-8").splitlines()
    assert ["RUN001" in line for line in lines] == [False, False, False, False, True]
    assert mixed.check("--fail-on", "stale").rc == 0


def test_notebook_with_what_is_recorded_misses_no_comment(work: Workplace) -> None:
    work.write("book.ipynb", NOTEBOOK)
    result = work.run_here("check", "--add-noqa")
    assert (result.rc, "book.ipynb: left as it is" in result.stderr) == (1, True)
    work.record()
    result = work.check("--add-noqa")
    assert (result.rc, result.stderr) == (0, "")


def test_standard_input_is_judged_by_its_name(mixed: Workplace) -> None:
    command = [sys.executable, "-m", "flake8_runsdir", "check", "--baseline", KNOWN]
    for name, rows in ((["--stdin-filename", "a.py"], ["5"]), ([], ["4", "5"])):
        result = mixed.run([*command, "--output-format", "pylint", *name, "-"], stdin=TWICE)
        assert [place.rpartition(":")[2] for place in new(result)] == rows
    (mixed.root / "a.py").unlink()
    result = mixed.run([*command, "--output-format", "pylint", "-"], stdin=TWICE)
    assert len(new(result)) == 2, "what has no name has not been renamed"
    flags = ["--stdin-filename", "a.py", "--fix", "-"]
    assert mixed.run([*command, *flags], stdin=TWICE).stdout == fixed(TWICE)
    result = mixed.run([*command, *flags[:2], "--fail-on", "stale", "-"], stdin="x = 1\n")
    assert (result.rc, stale(result)) == (1, ["a.py: RUN001"])


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        pytest.param(["baseline"], "no baseline is configured", id="no name"),
        pytest.param(["baseline", "-"], "the standard input cannot be recorded", id="stdin"),
        pytest.param(
            ["baseline", KNOWN, "-"], "the standard input cannot be recorded", id="beside"
        ),
        pytest.param(["baseline", KNOWN, "--fix"], "unexpected argument '--fix'", id="a flag"),
        pytest.param(["baseline", "a.py"], "a.py:1: not a baseline", id="a source by mistake"),
        pytest.param(["baseline", "a.py/x"], "cannot be written: ", id="below a file"),
        pytest.param(["check", "--baseline", ""], "a value is required", id="an empty name"),
        pytest.param(["check", "--baseline", "\0"], "cannot be read", id="a null character"),
        pytest.param(["check", "--fail-on", "any"], "invalid value 'any'", id="another word"),
    ],
)
def test_wrong_command_line(work: Workplace, arguments: list[str], problem: str) -> None:
    work.write("a.py", A)
    result = work.run_here(*arguments)
    assert (result.rc, result.stdout) == (2, "")
    assert problem in result.stderr
    assert set(os.listdir(work.root)) <= {"a.py", ".runsdir_cache"}
    assert (work.root / "a.py").read_text(encoding="utf-8") == A


def test_many_files_are_judged_the_same_in_several_processes(work: Workplace) -> None:
    work.write_all({f"{number}.py": A + B for number in range(40)})
    work.record("-j", "4")
    work.write_all({"7.py": A, "8.py": A + B + B})
    (work.root / "9.py").rename(work.root / "nine.py")
    results = {work.check("-j", jobs) for jobs in ("1", "4")}
    assert [(new(result), stale(result)) for result in results] == [(["8.py:3"], ["7.py: RUN001"])]


# Inside flake8


def test_flake8_reports_the_same(work: Workplace) -> None:
    shutil.copytree(EXAMPLE, work.root, dirs_exist_ok=True)
    work.record()
    work.write("autopack/new.py", f"{A}")
    (work.root / "autopack" / "learned_rules.py").write_text(A, encoding="utf-8")
    result = work.flake8("--select", "RUN", "--runsdir-baseline", KNOWN, "--jobs", "2", ".")
    assert [f"{place.path}:{place.row}" for place in result.places] == new(work.check())
    assert len(result.places) == 2


def test_flake8_reports_the_same_of_every_change(work: Workplace) -> None:
    names = [f"case_{number}.py" for number in range(len(CHANGES))]
    work.write_all(dict(zip(names, (change.before for change in CHANGES.values()))))
    work.record()
    work.write_all(dict(zip(names, (change.after for change in CHANGES.values()))))
    result = work.flake8("--select", "RUN", "--runsdir-baseline", KNOWN)
    reported = sorted(new(work.check()))
    assert sorted(f"{place.path}:{place.row}" for place in result.places) == reported
    assert len(reported) > 5


@pytest.mark.parametrize(
    ("files", "arguments"),
    [
        pytest.param({}, ["--runsdir-baseline", KNOWN], id="the command line"),
        pytest.param({"setup.cfg": f"[flake8]\nrunsdir-baseline = {KNOWN}"}, [], id="setup.cfg"),
        pytest.param({".flake8": f"[flake8]\nrunsdir_baseline = {KNOWN}"}, [], id=".flake8"),
        pytest.param({"runsdir.toml": f"baseline = '{KNOWN}'"}, [], id="runsdir.toml"),
        pytest.param(
            {"pyproject.toml": f"[tool.runsdir]\nbaseline = '{KNOWN}'"}, [], id="pyproject.toml"
        ),
        pytest.param(
            {"pyproject.toml": "[tool.runsdir]\nbaseline = 'none.txt'"},
            ["--runsdir-baseline", KNOWN],
            id="the command line wins",
        ),
        pytest.param(
            {"ci/flake8.cfg": f"[flake8]\nrunsdir-baseline = {KNOWN}"},
            ["--config", "ci/flake8.cfg"],
            id="a file that is named",
        ),
    ],
)
def test_flake8_reads_the_option(work: Workplace, files: Files, arguments: list[str]) -> None:
    work.write("a.py", f"x = 1\n{A}")
    work.record()
    work.write_all({"a.py": A + B, **files})
    if "--config" in arguments:
        content = (work.root / KNOWN).read_text(encoding="utf-8")
        work.write(f"ci/{KNOWN}", content.replace("a.py", "../a.py"))
    result = work.flake8("--select", "RUN", *arguments, "a.py")
    assert result.places == [Place("a.py", 2, 6, "RUN001")]


def test_flake8_reports_what_has_another_name(work: Workplace) -> None:
    work.write("a.py", A)
    work.record()
    (work.root / "a.py").rename(work.root / "b.py")
    result = work.flake8("--select", "RUN", "--runsdir-baseline", KNOWN)
    assert [place.path for place in result.places] == ["b.py"]
    flags = ("--select", "RUN", "--runsdir-baseline", KNOWN, "--stdin-display-name", "a.py", "-")
    assert work.flake8(*flags, stdin=f"x = 1\n{A}").rc == 0


def test_what_a_comment_suppresses_takes_no_entry(work: Workplace) -> None:
    work.write("a.py", f"{A[:-1]}  # noqa: RUN001\n{A}")
    assert work.record().stderr == "Recorded 1 finding in 1 file.\n"
    assert work.flake8("--select", "RUN", "--runsdir-baseline", KNOWN).rc == 0
    assert work.check("--fail-on", "stale").rc == 0


@pytest.mark.parametrize(
    "content", [HOSTILE[2].values[0], HOSTILE[5].values[0]], ids=["binary", "later"]
)
def test_flake8_says_what_is_no_baseline(work: Workplace, content: bytes) -> None:
    work.write_all({"a.py": A, "é.txt": content})
    result = work.flake8("--runsdir-baseline", "é.txt")
    assert result.rc == 1
    assert re.search(r"\nflake8-runsdir: .*\.txt:1: (not a|a) baseline", result.stdout)


# In git


class Repository(NamedTuple):
    """A repository with a baseline, in which two branches are merged."""

    work: Workplace

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run git; what it says is kept."""
        identity = ["-c", "user.name=x", "-c", "user.email=x@y", "-c", "commit.gpgsign=false"]
        command = ["git", *identity, "-c", "init.defaultBranch=main", *arguments]
        environment = {**self.work.environment(), "GIT_CONFIG_NOSYSTEM": "1"}
        return subprocess.run(
            command,
            cwd=self.work.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def commit(self, files: Files) -> None:
        """Change files, renew the baseline, and commit both."""
        self.work.write_all(files)
        self.work.record()
        self.git("add", "-A")
        assert self.git("commit", "-m", "x").returncode == 0

    def merge(self, ours: Files, theirs: Files) -> int:
        """Make two branches, each with a renewed baseline; return the exit code of their merge."""
        self.git("checkout", "-q", "-b", "theirs")
        self.commit(theirs)
        self.git("checkout", "-q", "main")
        self.commit(ours)
        return self.git("merge", "-q", "theirs", "-m", "x").returncode


@pytest.fixture
def repository(work: Workplace) -> Repository:
    """A repository with a baseline of three files."""
    found = Repository(work)
    assert found.git("init", "-q").returncode == 0
    found.commit(dict.fromkeys(("b.py", "d.py", "f.py"), A + B))
    return found


def test_changes_of_different_files_merge_by_themselves(repository: Repository) -> None:
    code = repository.merge({"a.py": A, "b.py": A}, {"f.py": B, "g.py": A + A})
    assert code == 0
    assert repository.work.check("--fail-on", "stale").rc == 0


def test_union_of_two_baselines_is_a_baseline(repository: Repository) -> None:
    repository.commit({".gitattributes": f"{KNOWN} merge=union\n"})
    ours = {"b.py": A, "c.py": A + B, "new.py": f"def f():\n    {A}", "f.py": A + A + B}
    theirs = {"d.py": "x = 1\n", "e.py": A, "new.py": f"def f():\n    {A}", "f.py": A + A + B}
    assert repository.merge(ours, theirs) == 0
    result = repository.work.check()
    assert (result.rc, result.stdout) == (0, "")
    assert repository.work.record().stderr == "Recorded 8 findings in 5 files.\n"
    assert repository.work.check("--fail-on", "stale").rc == 0


def test_conflict_that_is_left_is_an_error(repository: Repository) -> None:
    assert repository.merge({"b.py": A}, {"b.py": B + B}) == 1
    repository.work.write("b.py", A)
    assert "an unresolved conflict" in repository.work.check().stderr
