"""The hostile corpus: whatever stands in a tree, the run ends, tells, and does nothing else.

All runs are those of the console script.  ``python -m`` cannot promise as much: before the first
line of any tool, Python has put the current directory on its path and imported from it.  With
``-P`` (3.11) it has not.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest

import hostile
from flake8_runsdir.options import FORMATS
from hostile import CANARY, MARKER, PLANTED, RUNS, Case

pytestmark = pytest.mark.skipif(os.name == "nt", reason="most cases need POSIX")

CASES = hostile.cases() if os.name != "nt" else []
LIGHT = [case for case in CASES if not case.is_heavy]
_SCRIPT = str(Path(sys.executable).with_name("runsdir"))
#: The seconds after which a run counts as hanging: many times what any takes.
_PATIENCE = 120
_CACHE = ".runsdir_cache"
#: What must stand in no report: C0 but for line ends, DEL, C1, marks of direction, surrogates.
_LIVE = re.compile(
    "[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
#: Runs a command and adds a line to its errors: seconds of CPU, and KiB at the peak.
_METER = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


class Result(NamedTuple):
    """What a run has left."""

    rc: int
    stdout: bytes
    stderr: str

    def codes(self, above: Path) -> dict[str, set[str]]:
        """Return the codes of a report in JSON by the files, relative to a directory."""
        found: dict[str, set[str]] = {}
        for item in json.loads(self.stdout):
            path = os.path.relpath(item["filename"], above)
            found.setdefault(path, set()).add(item["code"])
        return found


class Cost(NamedTuple):
    """What a run has cost: seconds of CPU, and MB at the peak."""

    seconds: float
    megabytes: float


def run(
    *arguments: str, cwd: Path, python: Iterable[str] = (_SCRIPT,), **environment: str
) -> Result:
    """Run the checker without a home, and without root's right to read everything.

    Fails for a traceback, an internal error, a death, and for raw control characters.
    """
    home = str(cwd.parent)
    process = subprocess.run(
        [*python, "check", *arguments],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": home, "XDG_CONFIG_HOME": home, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_PATIENCE,
        check=False,
        preexec_fn=_as_others,
    )
    result = Result(process.returncode, process.stdout, process.stderr.decode("ascii"))
    context = result.stderr[-2_000:]
    assert result.rc in (0, 1, 2), (result.rc, context)
    assert b"Traceback (most recent" not in result.stdout, context
    assert "Traceback (most recent" not in result.stderr, context
    assert "internal error" not in result.stderr, context
    assert _LIVE.search(result.stderr) is None, context
    return result


def _as_others() -> None:
    """Give up what root may do with any file, where that is possible: in a child only."""
    if sys.platform == "linux" and os.geteuid() == 0:
        drop, override, search = 24, 1, 2
        for capability in (override, search):
            ctypes.CDLL(None).prctl(drop, capability, 0, 0, 0)


def expect(case: Case, codes: Mapping[str, set[str]]) -> None:
    """Assert that in a report on the directory above a case, the case is as it should be."""
    start = case.directory + os.sep
    mine = {path[len(start) :]: found for path, found in codes.items() if path.startswith(start)}
    for name, (_, code) in PLANTED.items():
        assert mine.pop(name, None) == {code}, f"{case.directory}: {name}"
    outcome = "+".join(sorted(set().union(*mine.values())))
    assert outcome in case.expected, f"{case.directory}: {outcome!r}, {mine}"


def snapshot(root: Path) -> dict[str, tuple[int, int, int, str]]:
    """Return mode, size, time and content of all that is in a tree, without our caches."""
    found = {}
    for directory, names, files in os.walk(root):
        names[:] = [name for name in names if name != _CACHE]
        for name in (*names, *files):
            path = os.path.join(directory, name)
            try:
                status = os.lstat(path)
            except OSError:  # a path that is too long
                continue
            time = 0 if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns
            size = 0 if stat.S_ISDIR(status.st_mode) else status.st_size
            found[path] = (status.st_mode, size, time, _content(path, status))
    return found


def _content(path: str, status: os.stat_result) -> str:
    if stat.S_ISLNK(status.st_mode):
        return os.readlink(path)
    if stat.S_ISREG(status.st_mode) and status.st_size < 8 << 20 and os.access(path, os.R_OK):
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    return ""


def executed(root: Path) -> list[str]:
    """Return the marker files: each is the trace of code that ran."""
    walk = os.walk(root)
    return [os.path.join(directory, MARKER) for directory, _, names in walk if MARKER in names]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory with the trees of all cases but the heavy ones, and a canary above it."""
    above = tmp_path_factory.mktemp("hostile")
    (above / CANARY).write_text(RUNS)
    root = above / "tree"
    root.mkdir()
    for case in LIGHT:
        case.write(str(root))
    yield root
    hostile.remove(str(above))


@pytest.fixture(scope="module")
def whole(corpus: Path) -> tuple[Result, Mapping[str, object], Mapping[str, object]]:
    """One run over all cases, and the tree before and after."""
    before = snapshot(corpus.parent)
    result = run("--output-format", "json", "-j", "2", ".", cwd=corpus)
    return result, before, snapshot(corpus.parent)


def test_corpus_is_large_and_its_cases_are_named() -> None:
    names = [case.directory for case in CASES]
    assert len(names) == len(set(names)) >= 200
    assert all(case.why and case.expected for case in CASES)
    assert {case.rc for case in CASES} == {1, 2}


def test_everything_at_once(
    corpus: Path, whole: tuple[Result, Mapping[str, object], Mapping[str, object]]
) -> None:
    result, _, _ = whole
    assert result.rc == 2  # some configurations are wrong
    codes = result.codes(corpus)
    wrong = []
    for case in LIGHT:
        try:
            expect(case, codes)
        except AssertionError as error:
            wrong.append(str(error).split("\n")[0])
    assert wrong == []


def test_nothing_is_executed_read_outside_or_changed(
    corpus: Path, whole: tuple[Result, Mapping[str, object], Mapping[str, object]]
) -> None:
    result, before, after = whole
    assert executed(corpus.parent) == []
    assert after == before
    assert str(corpus.parent / CANARY) not in result.stdout.decode()
    outside = [
        item["filename"]
        for item in json.loads(result.stdout)
        if not item["filename"].startswith(f"{corpus}/")
    ]
    assert outside == []


@pytest.mark.hostile
@pytest.mark.parametrize("case", [pytest.param(case, id=case.directory) for case in CASES])
def test_alone(tmp_path: Path, case: Case) -> None:
    (tmp_path / CANARY).write_text(RUNS)
    root = tmp_path / "tree"
    root.mkdir()
    case.write(str(root))
    before = snapshot(tmp_path)
    result = run("--output-format", "json", ".", cwd=root)
    assert result.rc == case.rc, result.stderr
    expect(case, result.codes(root))
    assert executed(tmp_path) == []
    assert snapshot(tmp_path) == before
    hostile.remove(str(root))


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, id=c.directory) for c in LIGHT if c.family == "config" and c.rc == 2][::6],
)
def test_wrong_configuration_of_the_directory_itself(corpus: Path, case: Case) -> None:
    result = run(cwd=corpus / case.directory)
    assert (result.rc, result.stdout) == (2, b"")
    failed, cause, *rest = result.stderr.split("\n")
    assert (failed, rest) == ("runsdir failed", [""])
    assert case.directory in cause


_PYTHONS = [pytest.param((_SCRIPT,), id="script")]
if sys.version_info >= (3, 11):
    _PYTHONS.append(pytest.param((sys.executable, "-P", "-m", "flake8_runsdir"), id="python -P -m"))


@pytest.mark.hostile
@pytest.mark.parametrize("python", _PYTHONS)
def test_nothing_of_the_current_directory_is_imported(
    tmp_path: Path, python: tuple[str, ...]
) -> None:
    """All shadows at once, where Python would look first; workers are started as well."""
    for case in CASES:
        if case.family == "code":
            for name, content in case.files.items():
                hostile.write(str(tmp_path / name), content)
    for number in range(30):
        (tmp_path / f"a{number}.py").write_text(f"{RUNS}x = {'1 + ' * 900} 1\n" * 3)
    for name in FORMATS:
        result = run("--output-format", name, "-j", "2", "-n", cwd=tmp_path, python=python)
        assert result.rc == 1
        assert executed(tmp_path) == []


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        pytest.param(("-n", "-j", "1"), {}, id="one process"),
        pytest.param(("-n", "-j", "2"), {"PYTHONHASHSEED": "0", "LC_ALL": "C"}, id="C"),
        pytest.param(
            ("-n", "-j", "3"),
            {"PYTHONHASHSEED": "1", "LC_ALL": "POSIX", "PYTHONUTF8": "0", "TZ": "Asia/Kolkata"},
            id="POSIX",
        ),
        pytest.param(("-j", "2"), {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8"}, id="cache"),
        pytest.param(("-j", "2"), {"TZ": "UTC+12", "PYTHONIOENCODING": "ascii"}, id="warm cache"),
        pytest.param(("-n", "-j", "1"), {"PYTHONWARNINGS": "error"}, id="warnings"),
    ],
)
def test_same_bytes(
    corpus: Path,
    whole: tuple[Result, Mapping[str, object], Mapping[str, object]],
    arguments: tuple[str, ...],
    environment: dict[str, str],
) -> None:
    again = run("--output-format", "json", *arguments, ".", cwd=corpus, **environment)
    assert again.stdout == whole[0].stdout
    assert (again.rc, again.stderr) == (whole[0].rc, whole[0].stderr)


@pytest.mark.hostile
def test_order_of_arguments_does_not_matter(corpus: Path) -> None:
    names = [case.directory for case in LIGHT if case.rc == 1]
    first = run("--output-format", "json", "--", *names, cwd=corpus)
    for shuffled in (names[::-1], [*names[1::2], *names[::2]], [*names, *names]):
        again = run("--output-format", "json", "--", *shuffled, cwd=corpus)
        assert again == first


@pytest.mark.hostile
@pytest.mark.parametrize("name", FORMATS)
def test_output_is_inert(corpus: Path, name: str) -> None:
    result = run("--output-format", name, ".", cwd=corpus)
    assert result.rc == 2
    text = result.stdout.decode("utf-8")
    live = _LIVE.search(text)
    assert live is None, repr(text[max(live.start() - 80, 0) : live.end() + 40])
    if name in ("json", "gitlab", "rdjson", "sarif"):
        assert _count(json.loads(text)) > len(LIGHT)
    elif name == "json-lines":
        assert len([json.loads(line) for line in text.split("\n")[:-1]]) > len(LIGHT)
    elif name == "junit":
        assert len(ElementTree.fromstring(text).findall(".//failure")) > len(LIGHT)
    else:
        assert text.count("RUN") > len(LIGHT)


def _count(content: Any) -> int:
    if isinstance(content, dict):
        content = content.get("diagnostics") or content["runs"][0]["results"]
    return len(content)


@pytest.mark.parametrize("name", ["concise", "full", "grouped", "pylint", "github", "azure"])
def test_name_of_a_file_forges_no_finding(tmp_path: Path, name: str) -> None:
    hostile.write(str(tmp_path / "a.py:1:1: RUN001 x\nb.py:1:1: RUN002 y\n::error::z.py"), RUNS)
    result = run("--output-format", name, ".", cwd=tmp_path)
    lines = result.stdout.decode().split("\n")
    assert not any(line.startswith(("b.py", "::error::z")) for line in lines)


@pytest.mark.hostile
def test_files_that_come_and_go(tmp_path: Path) -> None:
    """Files are made, replaced, turned into other things and removed while runs go on."""
    for name, (text, _) in PLANTED.items():
        (tmp_path / name).write_text(text)
    over = threading.Event()

    def churn() -> None:
        while not over.is_set():
            for number in range(50):
                path = tmp_path / f"churn{number}.py"
                path.write_text(RUNS * number)
                (tmp_path / f"churn{number + 1}").mkdir(exist_ok=True)
                if number % 3:
                    path.unlink()
                (tmp_path / f"churn{number + 1}").rmdir()

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(10):
            codes = run("--output-format", "json", "-n", cwd=tmp_path).codes(tmp_path)
            for name, (_, code) in PLANTED.items():
                assert codes.pop(name) == {code}
            assert set().union(*codes.values()) <= {"RUN001", "RUN903"}
    finally:
        over.set()
        thread.join()


_SHAPES = {
    "code": "def f(a, b):\n    c = a.b(b, [1, 2], d='e')\n    return c\n",
    "literals": "x = {'aaaa': 'bbbb', 'cccc': ('dddd', 1.5)}\n",
    "comments": "a  # noqa: E501, F401 ruff: ignore nothing\n",
    "one line": "a + b(c, 'dddd') + ",
    "one string": "aaaa .autonomou bbbb ",
    "findings": RUNS,
    "findings in a line": f"{RUNS.strip()}; ",
    "uses": "open(p / 'a' / b)\n",
    "broken": "x = 'aaaa' + \"bbbb\"\n",
}
_STARTS = {"one line": "x = ", "one string": 'x = "', "uses": 'p = Path(".autonomous_runs")\n'}
_ENDS = {"one line": "1", "one string": '"', "broken": "x = (\n"}


@pytest.mark.hostile
@pytest.mark.parametrize("shape", _SHAPES)
def test_cost_is_linear(tmp_path: Path, shape: str) -> None:
    """Four times the size may cost eight times as much; quadratic would be sixteen times."""
    unit = _SHAPES[shape]
    small, large = (
        _cost(tmp_path, shape, unit * (size // len(unit))) for size in (_SIZE, 4 * _SIZE)
    )
    assert large.seconds / small.seconds <= 8, (small, large)
    assert large.megabytes <= 60 + 300 * max(4 * _SIZE / 1e6, 1), large


_SIZE = 200_000


def _cost(directory: Path, shape: str, text: str) -> Cost:
    start, end = _STARTS.get(shape, ""), _ENDS.get(shape, "")
    (directory / "a.py").write_text(f"{start}{text}{end}\n{RUNS}")
    meter = (sys.executable, "-I", "-c", _METER, _SCRIPT)
    result = run("--output-format", "json", "-n", "a.py", cwd=directory, python=meter)
    assert result.rc == 1
    assert {"RUN001"} <= result.codes(directory)["a.py"]
    seconds, kilobytes = map(float, result.stderr.split("\n")[-2].split())
    return Cost(seconds, kilobytes / 1024)
