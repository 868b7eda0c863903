"""Fixes from the command line: beside the real Ruff, as real patches, and not a byte too many."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from conftest import Project

RUFF = str(Path(sys.executable).with_name("ruff"))
CONFIG = '[tool.runsdir]\naccessor = "app.config:settings.runs_dir"\n'
READ = 'return os.environ.get("AUTONOMOUS_RUNS_DIR", ".autonomous_runs")'
SAFE = f"import os\n\n\ndef f():\n    {READ}\n"
UNSAFE = 'p = open(".autonomous_runs/a")\n'
FIXED_SAFE = SAFE.replace(READ, "from app.config import settings\n    return settings.runs_dir")
FIXED_UNSAFE = 'from app.config import settings\n\np = open(f"{settings.runs_dir}/a")\n'
FIXED = (FIXED_SAFE, FIXED_UNSAFE, "y = 2\n", "def f():\n    pass\n")
NONE = 'def g(settings):\n    return open(f"{settings.runs_dir}/x.json", "w")\n'
#: Files with what has a safe fix, an unsafe one, and none: ours, and those for Ruff.
OURS = {
    "safe.py": SAFE,
    "sub/safe too.py": SAFE,
    "unsafe.py": UNSAFE,
    "none.py": NONE,
    "clean.py": "x = 1\n",
    "broken.py": "# .autonomous_runs\nx = (\n",
    "pyproject.toml": CONFIG,
}
THEIRS = {
    "safe.py": "import os\ny = 2\n",
    "sub/safe too.py": "import os\ny = 2\n",
    "unsafe.py": "def f():\n    x = 1\n",
    "none.py": 'p = open("/tmp/a")\n',
    "clean.py": "x = 1\n",
    "broken.py": "import sys\nx = (\n",
    "ruff.toml": 'lint.select = ["F401", "F841", "S108", "E902"]\n',
}
#: The words of the one tool, and those of the other.
WORDS = (
    ("RUN003", "F401"),
    ("RUN001", "F841"),
    ("RUN002", "S108"),
    ("RUN903", "E902"),
    ("RUN901", "invalid-syntax:"),
)
CODES = "|".join(word for pair in WORDS for word in pair)
LISTS = r"(?=(extend-)?(un)?fixable|extend-(un)?safe-fixes)"


class Twins:
    """Two projects of the same shape: one that is ours, and one for Ruff."""

    def __init__(self, home: Path) -> None:
        for name in ("ours", "theirs"):
            (home / name).mkdir()
        self.ours, self.theirs = Project(home / "ours"), Project(home / "theirs")
        self.ours.write_all(OURS)
        self.theirs.write_all(THEIRS)

    def outcomes(self, arguments: Sequence[str], stdin: str) -> list[tuple[object, ...]]:
        """Return what the same arguments lead to: exit code, streams, and the changed files.

        ``stdin`` is the name of the file that is on the standard input.
        """
        results = (
            self.ours.runsdir("check", *arguments, stdin=OURS.get(stdin, "")),
            self.theirs.run(
                [RUFF, "check", *map(translated, arguments)], stdin=THEIRS.get(stdin, "")
            ),
        )
        found: list[tuple[object, ...]] = []
        for result, project, texts in zip(results, (self.ours, self.theirs), (OURS, THEIRS)):
            changed = [name for name in texts if read(project, name) != texts[name].encode()]
            streams = (without_prefixes(result.stdout), result.stderr)
            shapes = [outline(text.replace(str(project.root), "."), texts) for text in streams]
            found.append((result.rc, *shapes, changed))
        return found


def without_prefixes(patch: str) -> str:
    """Return a patch as Ruff writes it, which ``git apply`` would not take."""
    return re.sub(r"^(---|[+]{3}) [ab]/", r"\1 ", patch, flags=re.MULTILINE)


def read(project: Project, name: str) -> bytes:
    """Return the content of a file."""
    return (project.root / name).read_bytes()


def translated(argument: str) -> str:
    """Return an argument with the words of Ruff."""
    for ours, theirs in WORDS:
        argument = argument.replace(ours, theirs)
    return re.sub(f"^(--config=){LISTS}", r"\1lint.", argument)


def outline(text: str, texts: dict[str, str]) -> object:
    """Return an output without what differs by its nature: places, codes, names, messages."""
    if text.startswith("["):
        fixes = [found.get("fix") for found in json.loads(text)]
        return [fix and fix["applicability"] for fix in fixes]
    for name, content in texts.items():
        if text.startswith(content):  # given back as it is, or fixed
            text = f"THE TEXT OF {name}\n{text[len(content) :]}"
    for fixed in FIXED:
        if text == fixed:
            text = "THE FIXED TEXT\n"
    for pattern, shape in (
        (
            r"^[-+ ](?!-- |\+\+ |[ \d]+\xd7 ).*\n" if "@@" in text else r"\Z\A",
            "",
        ),  # rows of patches
        (r"^@@.*", "@@"),
        (r"\t$", ""),  # behind the name of a file with blanks
        (r"^\d+ files? checked, \d+ not checked\n", ""),
        (r"^Usage: .*", "Usage"),
        (r"^(runsdir|ruff) failed\n.*", "a complaint"),
        (rf"({CODES})( \[\*\])? .*", r"CODE\2"),
        (rf"(?<=\t)({CODES})\t.*|(?<=\t) *\tinvalid-syntax", "CODE"),
        (r"(:?) *\b\d+:\d+\b", r"\1"),
    ):
        text = re.sub(pattern, shape, text, flags=re.MULTILINE)
    return sorted(text.split("\n\n")) if "@@" in text else text  # Ruff's patches have no order


@pytest.fixture
def twins(tmp_path: Path) -> Twins:
    """Two projects of the same shape."""
    return Twins(tmp_path)


MIXED = "safe.py unsafe.py none.py"
FILES = ("safe.py", "unsafe.py", "none.py", "clean.py", "broken.py safe.py", "missing.py safe.py")
FLAGS = [
    "",
    "--fix",
    "--fix --unsafe-fixes",
    "--fix --no-unsafe-fixes",
    "--unsafe-fixes",
    "--no-unsafe-fixes",
    "--fix --no-fix",
    "--no-fix --fix",
    "--fix -q",
    "--fix -s",
    "--fix -e",
    "--fix --exit-non-zero-on-fix",
    "--exit-non-zero-on-fix",
    "--fix --show-fixes",
    "--fix --show-fixes -q",
    "--fix --show-fixes -s",
    "--fix --show-fixes --no-show-fixes",
    "--show-fixes",
    "--fix --unsafe-fixes --show-fixes",
    "--fix --statistics",
    "--fix --statistics --show-fixes",
    "--fix-only",
    "--fix-only -q",
    "--fix-only -s",
    "--fix-only --no-fix",
    "--fix --fix-only --no-fix-only",
    "--fix-only --unsafe-fixes",
    "--fix-only --no-unsafe-fixes",
    "--fix-only --show-fixes",
    "--fix-only --exit-non-zero-on-fix",
    "--fix-only --exit-non-zero-on-fix --unsafe-fixes",
    "--fix-only --statistics",
    "--diff",
    "--diff -q",
    "--diff -s",
    "--diff -e",
    "--diff --fix",
    "--diff --no-fix",
    "--diff --fix-only",
    "--diff --unsafe-fixes",
    "--diff --exit-non-zero-on-fix",
    "--diff --no-show-fixes",
    "--diff --show-fixes",
    "--diff --statistics",
    "--fix --show-files",
    "--fix --add-noqa",
    "--fix --add-ignore",
    "--fix --ignore-noqa",
    "--fix --fixable=RUN003",
    "--fix --fixable=RUN001",
    "--fix --unfixable=RUN003",
    "--fix --unsafe-fixes --unfixable=RUN003,RUN002",
    "--fix --unsafe-fixes --unfixable=ALL --extend-fixable=RUN001",
    "--fix --fixable=RUN003 --extend-unfixable=ALL",
    "--diff --fixable=RUN001",
    "--unfixable=RUN003",
    "--fix --fixable=NOPE",
    "--config=fix=true",
    "--config=fix=true --no-fix",
    "--config=fix=true --diff",
    "--config=fix=true --add-noqa",
    "--config=fix=false --fix",
    "--config=fix-only=true",
    "--config=fix-only=true --no-fix",
    "--config=fix-only=true --fix --no-fix-only",
    "--config=fix-only=true --add-noqa",
    "--config=unsafe-fixes=true --fix",
    "--config=unsafe-fixes=true --diff",
    "--config=unsafe-fixes=false",
    "--config=unsafe-fixes=true --fix --no-unsafe-fixes",
    "--config=show-fixes=true --fix",
    "--config=show-fixes=true --diff",
    "--config=show-fixes=true --fix --no-show-fixes",
    "--config=fixable=['RUN001']",
    "--config=fixable=[] --fix",
    "--config=fixable=[] --extend-fixable=RUN003 --fix",
    "--config=extend-safe-fixes=['RUN001'] --fix",
    "--config=extend-unsafe-fixes=['RUN003'] --fix",
    "--config=extend-unsafe-fixes=['ALL'] --config=extend-safe-fixes=['RUN001'] --diff",
    "--config=extend-unsafe-fixes=['RUN001'] --config=extend-safe-fixes=['RUN001']",
    "--config=fixable=['NOPE']",
    "--config=extend-safe-fixes=['NOPE']",
    "--fix -o out.txt",
    "--diff -o out.txt",
    "--fix-only -o out.txt",
]
USUAL = [
    "",
    "--fix",
    "--fix --unsafe-fixes",
    "--fix --show-fixes",
    "--fix --exit-non-zero-on-fix",
    "--fix --statistics",
    "--fix-only",
    "--fix-only --show-fixes",
    "--diff",
]


@pytest.mark.peers
@pytest.mark.parametrize(
    ("flags", "files"),
    [
        *((f"--output-format=concise {flags}", MIXED) for flags in FLAGS),
        *(
            (f"--output-format=concise {flags}", files)
            for flags in USUAL
            for files in (*FILES, ".")
        ),
        *((f"--output-format=json {flags}", MIXED) for flags in USUAL),
        *((f"--output-format=grouped {flags}", MIXED) for flags in USUAL if "stat" not in flags),
    ],
)
def test_same_as_ruff(twins: Twins, flags: str, files: str) -> None:
    ours, theirs = twins.outcomes([*flags.split(), *files.split()], "")
    assert ours == theirs


@pytest.mark.peers
@pytest.mark.parametrize("name", ["safe.py", "unsafe.py", "none.py", "clean.py", "broken.py", ""])
@pytest.mark.parametrize(
    "flags",
    [
        "--fix",
        "--fix --unsafe-fixes",
        "--fix -q",
        "--fix -s",
        "--fix -e",
        "--fix --show-fixes",
        "--fix --exit-non-zero-on-fix",
        "--fix --statistics",
        "--fix --no-fix",
        "--fix-only",
        "--fix-only --show-fixes",
        "--fix-only --exit-non-zero-on-fix",
        "--fix --force-exclude --exclude=*.py",
        "--diff",
        "--diff -q",
        "--diff -s",
        "--diff --unsafe-fixes",
        "--diff --force-exclude --exclude=*.py",
        "--config=fix=true",
        "--config=show-fixes=true --diff",
    ],
)
def test_standard_input_is_the_same(twins: Twins, flags: str, name: str) -> None:
    arguments = ["--output-format=concise", *flags.split(), "--stdin-filename=sub/x.py", "-"]
    ours, theirs = twins.outcomes(arguments, name)
    assert ours == theirs


@pytest.fixture
def app(project: Project) -> Project:
    """A project that says where its settings are."""
    project.write("pyproject.toml", CONFIG)
    return project


#: Texts to the letter, by the names of files: only what is fixed may change in them.
TEXTS = {
    "plain.py": "{}",
    "byte order mark.py": "\ufeff{}",
    "not ASCII.py": "# \u00e9\n{}x = '\u20ac'\n",
    "form feeds.py": "\x0c\n{}\x0c\nx = 1\n",
    "tabs and blanks.py": "{}if x:\n\ty = 1  \n \t\n",
    "no last line end.py": "{}x = 1",
    "empty lines at the end.py": "{}\n\n\n",
    "line ends of splitlines.py": "{}x = '\x85\u2028\x1c\x0b'\n",
    "what a terminal would obey.py": "{}# \x1b[31m \u202e\n",
}
LINE_ENDS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r", "mixed": "mixed"}


def in_form(text: str, line_end: str) -> bytes:
    """Return a text with line ends of a form; in a ``mixed`` one an import has its neighbour's."""
    if line_end == "mixed":
        return re.sub(r"(def f\(\):|import settings)\n", r"\1\r\n", text).encode()
    return text.replace("\n", line_end).encode()


def run(
    project: Project, *arguments: str, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run the checker, and return what it leaves to the letter."""
    command = [sys.executable, "-m", "flake8_runsdir", "check", *arguments]
    environment = project.environment()
    return subprocess.run(
        command, cwd=project.root, env=environment, input=stdin, capture_output=True
    )


def texts(text: str, line_end: str) -> dict[str, bytes]:
    """Return a text in all surroundings, by the names of files."""
    return {
        name: in_form(template.replace("{}", text), line_end) for name, template in TEXTS.items()
    }


@pytest.mark.parametrize("line_end", LINE_ENDS.values(), ids=LINE_ENDS)
def test_every_other_byte_stays(app: Project, line_end: str) -> None:
    old, new = texts(SAFE, line_end), texts(FIXED_SAFE, line_end)
    app.write_all(old)
    patch = run(app, "--diff", "-q").stdout
    assert {name: read(app, name) for name in old} == old
    assert run(app, "--fix").returncode == 0
    assert {name: read(app, name) for name in old} == new
    app.write_all(old)
    subprocess.run(["git", "apply"], cwd=app.root, input=patch, check=True)
    assert {name: read(app, name) for name in old} == new


@pytest.mark.parametrize("name", TEXTS)
def test_every_other_byte_of_standard_input_stays(app: Project, name: str) -> None:
    for line_end in ("\r\n", "mixed"):
        given = run(app, "--fix", "-", stdin=texts(SAFE, line_end)[name])
        assert (given.returncode, given.stdout) == (0, texts(FIXED_SAFE, line_end)[name])


@pytest.mark.parametrize("codec", ["latin-1", "cp1252", "utf-8-sig", "koi8-r", "shift_jis"])
def test_encoding_is_kept(app: Project, codec: str) -> None:
    word = {"koi8-r": "\u0436", "shift_jis": "\u30bd"}.get(codec, "\xe9")
    cookie = f"# coding: {codec.replace('-sig', '')}\n# {word}\n"
    app.write("a.py", f"{cookie}{SAFE}".encode(codec))
    patch = run(app, "--diff", "-q").stdout
    assert run(app, "--fix").returncode == 0
    fixed = read(app, "a.py")
    assert fixed == f"{cookie}{FIXED_SAFE}".encode(codec)
    app.write("a.py", f"{cookie}{SAFE}".encode(codec))
    subprocess.run(["patch", "-p0", "-s"], cwd=app.root, input=patch, check=True)
    assert read(app, "a.py") == fixed


NAMES = [
    "a.py",
    "sub/deep/a.py",
    "with blanks.py",
    " in front.py",
    "behind .py",
    '"quoted".py',
    'in "it".py',
    "back\\slash.py",
    "t\tab.py",
    "n\nnew line.py",
    "\u00e9\u20ac.py",
    os.fsdecode(b"\xff.py"),
    "a -> b.py",
    "2020-01-01 00:00:00.py",
]


@pytest.mark.parametrize("program", ["git apply", "patch"])
@pytest.mark.parametrize("is_nested", [False, True], ids=["here", "below"])
def test_programs_take_patches_of_any_file(app: Project, program: str, is_nested: bool) -> None:
    names = [name for name in NAMES if is_nested or "/" not in name]
    app.write_all(dict.fromkeys(names, f"{SAFE}x = 1"))
    patch = run(app, "--diff")
    assert patch.returncode == 1
    level = [f"-p{int(is_nested)}"] if program == "patch" else []
    subprocess.run([*program.split(), *level], cwd=app.root, input=patch.stdout, check=True)
    assert {name: read(app, name).decode() for name in names} == dict.fromkeys(
        names, f"{FIXED_SAFE}x = 1"
    )


@pytest.mark.parametrize("arguments", [["--color=always"], []], ids=["in colour", "plain"])
def test_patch_in_colour_is_for_people(app: Project, arguments: list[str]) -> None:
    app.write("a.py", SAFE + "# \x1b[31m\u202e\n")
    shown = run(app, "--diff", *arguments).stdout.decode()
    assert ("# \x1b[31m\u202e" in shown) is not bool(arguments)
    assert ("# \\x1b[31m\\u202e" in shown) is bool(arguments)
    assert ("\x1b[31m-" in shown) is bool(arguments)


def hard_link(project: Project) -> None:
    os.link(project.root / "a.py", project.root / "twin.txt")


def read_only(project: Project) -> None:
    (project.root / "a.py").chmod(0o444)


def link_out(project: Project) -> None:
    (project.root / "a.py").rename(project.home / "a.py")
    (project.root / "a.py").symlink_to(project.home / "a.py")


def unfaithful(project: Project) -> None:
    project.write("a.py", b"# coding: iso2022_jp\nx = '\x1b$B\x1b(B'\n" + SAFE.encode())


def narrow(project: Project) -> None:
    project.write("a.py", f"# coding: latin-1\n{SAFE}")
    accessor = "app.config:settings.\u0436"
    project.write("pyproject.toml", CONFIG.replace("app.config:settings.runs_dir", accessor))


LEFT: list[Any] = [
    pytest.param(read_only, "it is read-only", id="read-only"),
    pytest.param(hard_link, "it has several names (hard links)", id="a hard link"),
    pytest.param(link_out, "it leads out of the project", id="a link that leads out"),
    pytest.param(unfaithful, "iso2022_jp text cannot be written back unchanged", id="ambiguous"),
    pytest.param(narrow, "the new text cannot be written in iso8859-1", id="not representable"),
]


@pytest.mark.parametrize(("prepare", "reason"), LEFT)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_cannot_be_fixed_is_left_and_reported(
    app: Project, prepare: Callable[[Project], None], reason: str, jobs: str
) -> None:
    others = [f"b{number}.py" for number in range(1200 if jobs == "2" else 3)]
    app.write_all({name: SAFE if number < 3 else "" for number, name in enumerate(others)})
    app.write("a.py", SAFE)
    prepare(app)
    before = read(app, "a.py")
    row = before.count(b"\n", 0, before.find(b".autonomous_runs")) + 1
    flags = ("a.py", ".", "-j", jobs, "--output-format=concise")
    warning = f"warning: a.py: this file was not fixed: {reason}\n"
    shown = app.runsdir("check", "--diff", *flags)
    assert (shown.rc, shown.stderr, "--- a.py" in shown.stdout) == (1, warning, False)
    result = app.runsdir("check", "--fix", "-q", *flags)
    assert read(app, "a.py") == before
    assert [name for name in others[:3] if read(app, name) == SAFE.encode()] == []
    found = [(finding.path, finding.row, finding.code) for finding in result.findings]
    assert (result.rc, found) == (1, [("a.py", 1, "RUN905"), ("a.py", row, "RUN003")])
    assert f"RUN905 this file was not fixed: {reason}\n" in result.stdout
    again = app.runsdir("check", "--fix-only", *flags)
    assert (again.rc, again.stdout, again.stderr) == (1, "", warning)


def begin(project: Project, script: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the checker behind some lines of Python."""
    lines = f"{textwrap.dedent(script)}\nimport sys\nfrom flake8_runsdir.cli import main\n"
    return subprocess.Popen(
        [sys.executable, "-c", f"{lines}sys.exit(main())", "check", *arguments],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=project.environment(),
    )


def script(project: Project, lines: str, *arguments: str) -> tuple[int, str]:
    """Return the exit code and the output of the checker behind some lines of Python."""
    with begin(project, lines, *arguments) as process:
        output, _ = process.communicate(timeout=60)
    return process.returncode, output.decode()


_BEFORE_WRITING = """
    from flake8_runsdir.mender import Mender
    write = Mender.write
    def late(self, path, *rest):
        {}
        return write(self, path, *rest)
    Mender.write = late
"""
_LATE = {
    "changed": (
        "open(path, 'ab').write(b'# by somebody else\\n')",
        "it has been changed meanwhile",
        SAFE + "# by somebody else\n",
    ),
    "gone": (
        "import os; os.rename(path, path + '.old')",
        "cannot be read: No such file or directory",
        None,
    ),
}


@pytest.mark.parametrize("case", _LATE)
@pytest.mark.parametrize("flag", ["--fix", "--fix-only"])
def test_what_changes_meanwhile_is_left(app: Project, case: str, flag: str) -> None:
    change, reason, content = _LATE[case]
    app.write("a.py", SAFE)
    lines = _BEFORE_WRITING.format(change)
    code, output = script(app, lines, flag, "--output-format=concise", "-q")
    found = [line.split(" ")[1] for line in output.splitlines()]
    wanted = {"changed": ["RUN905", "RUN003"], "gone": ["RUN903", "RUN905"]}[case]
    assert (code, found) == (1, wanted if flag == "--fix" else [])
    assert f"this file was not fixed: {reason}\n" in output or flag == "--fix-only"
    assert (content is None) or read(app, "a.py") == content.encode()


_FAILING_PROOF = """
    from flake8_runsdir import repair
    from flake8_runsdir.fixes.proof import ProofError
    def fail(before, after, rewrites):
        raise ProofError("something else has changed")
    repair.prove = fail
"""
_FAILING_ENGINE = """
    from flake8_runsdir import inspection
    def fail(*_):
        raise ZeroDivisionError
    inspection.repair = fail
"""


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param(_FAILING_PROOF, "something else has changed", id="the proof fails"),
        pytest.param(
            _FAILING_ENGINE, "an internal error: ZeroDivisionError", id="the engine fails"
        ),
    ],
)
def test_what_cannot_be_proved_is_left(app: Project, lines: str, reason: str) -> None:
    app.write("a.py", SAFE)
    flags = ("--output-format=concise", "-q")
    for flag in ("--fix", "--fix"):  # the second one could find the first one's answer kept
        code, output = script(app, lines, flag, *flags)
        assert (code, output.count("\n")) == (1, 2)
        assert f"RUN905 this file was not fixed: {reason}\n" in output
        assert read(app, "a.py") == SAFE.encode()
    assert app.runsdir("check", *flags).codes == ["RUN003"]
    assert script(app, lines, "--diff", *flags) == (1, "")
    assert app.runsdir("check", "--fix", *flags).rc == 0


def test_workers_that_die_take_no_fix_along(app: Project) -> None:
    app.write_all({f"{number}.py": SAFE for number in range(1200)})
    lines = """
        import os
        from flake8_runsdir.mender import Mender
        mend = Mender.mend
        def die(self, inspector, path, data, warn):
            if path.endswith("/700.py"):
                os.abort()
            return mend(self, inspector, path, data, warn)
        Mender.mend = die
    """
    code, output = script(app, lines, "--fix", "-j", "2", "--output-format=concise")
    assert code == 1
    assert "700.py:1:1: RUN904 this file could not be checked" in output
    assert "Found 1200 errors (1199 fixed, 1 remaining)." in output
    left = [number for number in range(1200) if read(app, f"{number}.py") != FIXED_SAFE.encode()]
    assert left == [700]
    assert read(app, "700.py") == SAFE.encode()


def test_interrupt_leaves_whole_files_and_no_others(app: Project) -> None:
    names = {f"{number}.py" for number in range(1200)}
    app.write_all(dict.fromkeys(names, SAFE))
    lines = _BEFORE_WRITING.format("os.write(told, b'.')")
    with begin(
        app, f"import os\ntold = os.dup(1)\n{textwrap.dedent(lines)}", "--fix", "-j2"
    ) as process:
        assert process.stdout is not None
        process.stdout.read(20)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert {path.name for path in app.root.glob("*.py")} == names
    contents = {read(app, name) for name in names}
    assert contents == {SAFE.encode(), FIXED_SAFE.encode()}
    assert not list(app.root.glob(".runsdir-*"))


def test_two_runs_at_once(app: Project) -> None:
    names = [f"{number}.py" for number in range(300)]
    app.write_all(dict.fromkeys(names, SAFE))
    runs = [begin(app, "", "--fix", "--output-format=concise", "-q") for _ in range(2)]
    outputs = [process.communicate(timeout=60) for process in runs]
    assert {read(app, name) for name in names} == {FIXED_SAFE.encode()}
    assert not list(app.root.glob(".runsdir-*"))
    for process, (output, errors) in zip(runs, outputs):
        assert errors == b""
        assert process.returncode == int(bool(output))
        for line in output.decode().splitlines():
            assert "RUN905 this file was not fixed: it has been changed meanwhile" in line


def test_links_stay_and_modes_are_kept(app: Project) -> None:
    app.write("src/real.py", SAFE).chmod(0o750)
    app.write("other/x.txt", SAFE)
    (app.root / "link.py").symlink_to("other/x.txt")
    assert app.runsdir("check", "--fix").rc == 0
    assert (app.root / "link.py").is_symlink()
    assert read(app, "other/x.txt") == read(app, "src/real.py") == FIXED_SAFE.encode()
    assert (app.root / "src/real.py").stat().st_mode & 0o777 == 0o750


def test_cache_knows_no_fixed_file_for_an_unfixed_one(app: Project) -> None:
    app.write("a.py", SAFE)
    app.write("none.py", NONE)
    flags = ("check", "--output-format=concise", "-q")
    first = app.runsdir(*flags)
    assert app.runsdir(*flags, "--diff").rc == 1
    assert app.runsdir(*flags) == first
    assert app.runsdir(*flags, "--fix").codes == ["RUN002"]
    assert read(app, "a.py") == FIXED_SAFE.encode()
    assert app.runsdir(*flags).codes == ["RUN002"]
    app.write("a.py", SAFE)
    assert app.runsdir(*flags) == first
    assert app.runsdir(*flags, "--fix", "--unfixable=RUN003").codes == ["RUN002", "RUN003"]
    assert read(app, "a.py") == SAFE.encode()


def test_notebooks_are_left(app: Project) -> None:
    cell = {"cell_type": "code", "metadata": {}, "source": [SAFE], "outputs": []}
    app.write("a.ipynb", json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))
    before = read(app, "a.ipynb")
    result = app.runsdir("check", "--fix")
    assert (result.rc, read(app, "a.ipynb")) == (1, before)
    assert "no fix: fixes are not made in notebooks" in result.stdout
    assert app.runsdir("check", "--diff").rc == 0


def test_only_what_is_named_is_written(app: Project) -> None:
    app.write_all({"a/x.py": SAFE, "b/x.py": SAFE})
    assert app.runsdir("check", "--fix", "a").rc == 0
    assert (read(app, "a/x.py"), read(app, "b/x.py")) == (FIXED_SAFE.encode(), SAFE.encode())


def test_large_files_are_fixed_in_a_process_of_their_own(app: Project) -> None:
    function = SAFE.partition("\n\n\n")[2]
    large = "import os\n" + "".join(function.replace("f()", f"f{n}()") for n in range(3000))
    app.write("a.py", large)
    patch = run(app, "--diff", "-q").stdout
    result = app.runsdir("check", "--fix", "--show-fixes")
    assert result.stdout.startswith("\nFixed 3000 errors:\n- a.py:\n    3000 \xd7 RUN003 ")
    assert result.rc == 0
    fixed = read(app, "a.py")
    app.write("a.py", large)
    subprocess.run(["git", "apply"], cwd=app.root, input=patch, check=True)
    assert read(app, "a.py") == fixed


def test_standard_input_beyond_all_bounds_is_given_back(app: Project) -> None:
    for data in (
        b"# coding: nonsense\n" + SAFE.encode(),
        b"\xff\xfe" + SAFE.encode(),
        b"\0" + SAFE.encode(),
        SAFE.encode() * 20000,
        b"# coding: iso2022_jp\nx = '\x1b$B\x1b(B'\n" + SAFE.encode(),
    ):
        result = run(app, "--fix", "-", "--config=max-file-size=1000000", stdin=data)
        assert (result.returncode, result.stdout) == (1, data)
        assert result.stderr


def test_watch_fixes(app: Project) -> None:
    app.write("a.py", SAFE)
    with begin(app, "", "--watch", "--fix", "--output-format=concise") as process:
        assert process.stdout is not None
        for line in iter(process.stdout.readline, b""):
            if b"Found 0 errors" in line:
                break
        assert read(app, "a.py") == FIXED_SAFE.encode()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT


UNUSED = [
    "x = 1  # noqa: RUN001\n",
    "x = 1  # noqa: RUN001",
    "a\n" * 9 + "x = 1  # noqa: RUN001\n" + "b\n" * 9,
    "x = 1  # noqa: RUN001\r\ny = 2\r\n",
    "".join(
        f"x{n} = 1{'  # noqa: RUN001' if n in (2, 5, 12, 20, 29) else ''}\n" for n in range(30)
    ),
    "# \u00e9\nx = 1  # noqa: RUN001, RUN002\n\n\ny = 1\n",
]


@pytest.mark.parametrize("arguments", [["noqa"], ["--stdin-filename=noqa/a.py", "-"]], ids=str)
@pytest.mark.parametrize("text", UNUSED, ids=range(len(UNUSED)))
def test_patches_are_those_of_ruff(twins: Twins, text: str, arguments: list[str]) -> None:
    theirs = translated(text)
    twins.ours.write("noqa/a.py", text)
    twins.theirs.write("noqa/a.py", theirs)
    ruff = subprocess.run(
        [RUFF, "check", "--diff", "-q", "--select=RUF100", *arguments],
        cwd=twins.theirs.root,
        input=theirs.encode(),
        capture_output=True,
    )
    ours = run(twins.ours, "--diff", "-q", "--select=RUN900", *arguments, stdin=text.encode())
    patch = without_prefixes(translated(ours.stdout.decode()))
    assert (ours.returncode, patch) == (1, ruff.stdout.decode())
    assert ruff.returncode == 1
