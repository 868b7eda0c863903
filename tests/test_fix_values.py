"""Fixes of generated programs, which are executed: what they compute is what they computed before.

With the default settings, a program computes the same with every fix.  When the runs directory is
another one, safe fixes make it compute what it would have with that directory written down.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import mended
from conftest import Project
from flake8_runsdir.config import Mending, resolve
from flake8_runsdir.decoding import decode
from flake8_runsdir.diagnostic import Applicability, Diagnostic
from flake8_runsdir.linter import Linter, active
from flake8_runsdir.options import Layer
from flake8_runsdir.repair import Repaired, repair
from programs import (
    ACCESSOR,
    CONFIG,
    MARK,
    MENDS,
    Mend,
    Outcome,
    Program,
    plain,
    programs,
    run,
    texts,
)
from shapes import IMPORT, NAME, READS, SHAPES, Shape

#: Other directories, and one with everything that a format could take for its own.
RELATIVE, ABSOLUTE, ODD = "elsewhere/x", "/elsewhere/x", "/else where/%s{x}%"
CONFIGURATION = resolve(Layer("test", {"accessor": ACCESSOR}, "."))
LINTERS = {
    mend: Linter(CONFIGURATION, active(()), mending=Mending(*vars(mend).values())) for mend in MENDS
}
SAFE = (Applicability.SAFE,)
UNSAFE = (Applicability.SAFE, Applicability.UNSAFE)
FIXABLE = ("RUN001", "RUN003")


def fixed(
    program: Program, text: str, levels: tuple[Applicability, ...], path: str = ""
) -> Repaired:
    """Return a text with the fixes of some levels, and check that none of them is left."""
    path = path or f"/project/{program.path}"

    def accept(found: Diagnostic) -> bool:
        return found.remedy.fix is not None and found.remedy.fix.applicability in levels

    repaired = repair(LINTERS[program.mend], path, text, accept)
    assert not any(map(accept, repaired.checked.diagnostics)), repaired.text
    again = repair(LINTERS[program.mend], path, repaired.text, accept)
    assert again.text == repaired.text
    return repaired


def comments(data: bytes) -> list[str]:
    """Return the comments of a text, in order."""
    plain_ends = re.sub(rb"\r\n?", b"\n", data)
    tokens = tokenize.tokenize(io.BytesIO(plain_ends).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def reported(text: str, diagnostics: Iterable[Diagnostic]) -> set[str]:
    """Return the probes in which something is found that a fix could resolve."""
    found = set()
    for one in diagnostics:
        if one.code in FIXABLE:
            start = text.rfind(MARK, 0, one.span.start) + len(MARK)
            found.add("probe_" + text[start:].split(maxsplit=1)[0])
    return found


def resolved(program: Program, repaired: Repaired) -> set[str]:
    """Return the probes that fixes have resolved."""
    text = decode(program.data).text
    before = LINTERS[program.mend].check(f"/project/{program.path}", text)
    return reported(text, before) - reported(repaired.text, repaired.checked.diagnostics)


def check(program: Program) -> tuple[Repaired, Repaired]:
    """Check everything about the fixes of a program; return it with the safe ones, and with all."""
    safe, every = (mended_by(program, levels) for levels in (SAFE, UNSAFE))
    check_default(program, safe.text)
    check_default(program, every.text)
    check_directories(program, safe)
    return safe, every


def mended_by(program: Program, levels: tuple[Applicability, ...]) -> Repaired:
    """Return a program with the fixes of some levels, and check that they leave the rest alone."""
    decoded = decode(program.data)
    repaired = fixed(program, decoded.text, levels)
    after = decoded.encode(repaired.text)
    mended.check(mended.changeable(decoded.text), program.data, after)
    assert comments(program.data) == comments(after)
    return repaired


def check_default(program: Program, text: str) -> None:
    """Check that a program computes what it did as long as nothing is configured."""
    assert run(program, text) == run(program, program.text(NAME)), text


def check_directories(program: Program, repaired: Repaired) -> None:
    """Check what a program computes with safe fixes when the runs directory is another one."""
    fixes = resolved(program, repaired)
    usual = run(program, repaired.text)
    for directory, late in ((RELATIVE, ""), (ABSOLUTE, ""), (NAME, ABSOLUTE)):
        before = run(program, program.text(NAME), directory, late)
        written = run(program, program.text(late or directory), directory, late)
        for probe, outcome in run(program, repaired.text, directory, late).items():
            context = probe, late or directory, repaired.text
            if probe in fixes:
                moved = replaced(usual[probe], late or directory)
                assert outcome in (moved, written[probe]), context
                assert_below(usual[probe], outcome, late or directory)
            else:
                assert outcome == before[probe], context
    for probe, outcome in run(program, repaired.text, ODD).items():
        if probe in fixes:
            assert_below(usual[probe], outcome, ODD)


def replaced(outcome: Outcome, directory: str) -> Outcome:
    """Return an outcome with another runs directory."""
    if isinstance(outcome, tuple):
        return tuple(replaced(part, directory) for part in outcome)
    if not isinstance(outcome, str) or NAME not in outcome:
        return outcome
    scheme, slashes, path = outcome.rpartition(":///")
    if directory.startswith("/"):
        return scheme + slashes + directory + path.rpartition(NAME)[2]
    return scheme + slashes + path.replace(NAME, directory)


def assert_below(usual: Outcome, outcome: Outcome, directory: str) -> None:
    """Check that what was in the runs directory is in another one."""
    assert ("raised" in outcome) == ("raised" in usual), (usual, outcome)
    expected = list(texts(replaced(usual, directory)))
    actual = list(texts(outcome))
    for path, wanted, found in zip_longest(texts(usual), expected, actual):
        assert path is None or NAME not in path or found == wanted, (usual, outcome)


@pytest.mark.parametrize("accessor_type", ["str", "Path"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_shape_in_a_function(shape: Shape, accessor_type: str) -> None:
    program = plain(shape, Mend(accessor_type))
    safe, every = check(program)
    if shape.fix:
        fixes = ["probe_0" in resolved(program, repaired) for repaired in (safe, every)]
        expected = {"safe": [True, True], "unsafe": [False, True], "never": [False, False]}
        assert fixes == expected[shape.fix], every.text


@pytest.mark.parametrize("shape", READS, ids=str)
def test_read_that_yields_something_else_is_not_fixed_safely(shape: Shape) -> None:
    program = plain(shape)
    assert mended_by(program, SAFE).text == program.text(NAME)
    mended_by(program, UNSAFE)


@pytest.mark.parametrize(
    ("expression", "is_right"),
    [
        pytest.param("Path(settings.autonomous_runs_dir) / run_id", True, id="as it should be"),
        pytest.param("Path(settings.autonomous_runs_dir, run_id)", True, id="another way"),
        pytest.param("settings.autonomous_runs_dir + '/' + run_id", False, id="a text"),
        pytest.param("PurePath(settings.autonomous_runs_dir) / run_id", False, id="another type"),
        pytest.param("Path(settings.autonomous_runs_dir) / 'run_id'", False, id="another path"),
        pytest.param("Path('./' + settings.autonomous_runs_dir, run_id)", False, id="relative"),
        pytest.param("Path(settings.autonomous_runs_dir % (), run_id)", False, id="a format"),
        pytest.param("Path(FROZEN) / run_id", False, id="frozen on import"),
        pytest.param("Path('.autonom' + 'ous_runs') / run_id", False, id="only hidden"),
        pytest.param("Path(nothing.autonomous_runs_dir) / run_id", False, id="no such name"),
    ],
)
def test_wrong_values_are_noticed(expression: str, is_right: bool) -> None:
    program = plain(Shape("Path($) / run_id", "~"))
    text = program.text(NAME).replace(f'Path("{NAME}") / run_id', expression)
    text = text.replace(MARK, f"{IMPORT}\nFROZEN = settings.autonomous_runs_dir\n{MARK}", 1)
    repaired = Repaired(text, Counter(), LINTERS[program.mend].examine("/project/a.py", text))
    with nullcontext() if is_right else pytest.raises(AssertionError):
        check_default(program, text)
        check_directories(program, repaired)


ANY = st.sampled_from(MENDS)
SETTINGS = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@settings(SETTINGS, max_examples=150)
@given(programs(ANY))
def test_values_are_kept(program: Program) -> None:
    check(program)


@pytest.mark.trees
@pytest.mark.parametrize("mend", MENDS, ids=str)
@settings(SETTINGS, max_examples=150)
@given(data=st.data())
def test_values_are_kept_in_many_programs(mend: Mend, data: st.DataObject) -> None:
    check(data.draw(programs(st.just(mend))))


CHECK = ["check", "--unsafe-fixes", "--no-cache", "--quiet"]
#: What Ruff may not find more of in fixed modules: imports that are unused, repeated or unsorted,
#: and names that mean nothing, or nothing yet.
RUFF = ["ruff", "check", "--isolated", "--no-cache", "--exit-zero", "--output-format=concise"]
RUFF += ["--select=F401,F811,F821,F823,I001", f"--config=src={[str(mend) for mend in MENDS]}"]


def write(project: Project, found: list[Program]) -> list[Path]:
    """Write programs, a directory for each way to fix them, and return their files."""
    for mend in MENDS:
        package = f"{mend}/autopack"
        project.write_all(
            {
                f"{package}/__init__.py": "",
                f"{package}/jobs/__init__.py": "",
                f"{package}/config.py": CONFIG.format(type=mend.accessor_type),
                f"{mend}/runsdir.toml": f'accessor = "{ACCESSOR}"\n'
                f'accessor-type = "{mend.accessor_type}"\n'
                f'fix-import = "{mend.imports}"\nfix-import-style = "{mend.style}"\n',
            }
        )
    return [
        project.write(f"{program.mend}/{program.path[:-3]}{number}.py", program.data)
        for number, program in enumerate(found)
    ]


def complaints(project: Project) -> Counter[str]:
    """Return what Ruff says of the project, by code."""
    printed = project.run([sys.executable, "-m", *RUFF, "."]).stdout
    # A module that has no use any more for what it has read the environment with is not meant.
    lines = [line for line in printed.splitlines() if "`os" not in line]
    return Counter(re.findall(r"(?m)^.*:\d+:\d+: (\w+)", "\n".join(lines)))


@settings(SETTINGS, max_examples=3, phases=[Phase.generate])
@given(st.lists(programs(ANY), min_size=24, max_size=24))
def test_command(found: list[Program]) -> None:
    """The command writes what has been executed above, and Ruff has nothing against it."""
    with TemporaryDirectory() as directory:
        project = Project(Path(directory))
        paths = write(project, found)
        before = complaints(project)
        project.runsdir(*CHECK, "--fix", ".")
        for path, program in zip(paths, found):
            decoded = decode(program.data)
            expected = decoded.encode(fixed(program, decoded.text, UNSAFE, str(path)).text)
            assert path.read_bytes() == expected
        more = complaints(project) - before
        assert not more
        again = project.runsdir(*CHECK, "--diff", ".")
        assert (again.rc, again.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@settings(SETTINGS, max_examples=3, phases=[Phase.generate])
@given(st.lists(programs(ANY), min_size=24, max_size=24))
def test_difference_is_what_is_written(found: list[Program]) -> None:
    found = [program for program in found if program.form.codec == "utf-8"]
    with TemporaryDirectory() as directory:
        project = Project(Path(directory))
        paths = write(project, found)
        command = [sys.executable, "-m", "flake8_runsdir", *CHECK, "--diff", "."]
        difference = subprocess.run(command, cwd=project.root, capture_output=True, check=False)
        assert [path.read_bytes() for path in paths] == [program.data for program in found]
        project.runsdir(*CHECK, "--fix", ".")
        after = [path.read_bytes() for path in paths]
        write(project, found)
        apply = ["git", "apply", "--whitespace=nowarn", "-"]
        subprocess.run(apply, cwd=project.root, input=difference.stdout, check=True)
        assert [path.read_bytes() for path in paths] == after
