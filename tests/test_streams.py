"""The checker among processes: pipes, terminals, signals, full disks, and what a start loads."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from conftest import Project

RUNS = 'p = open(".autonomous_runs/a")\n'
COMMAND = [sys.executable, "-m", "flake8_runsdir"]
#: What the check of a clean file may load: of the standard library, and of ours.
LIBRARY = """
    collections contextlib copyreg enum functools gc genericpath heapq importlib itertools keyword
    operator os posixpath re reprlib sre_compile sre_constants sre_parse stat types warnings
""".split()
OURS = """
    arguments checker checking checkup cli codes command_line config console decoding emit
    emit.paint emit.summary files flags gate globs ignores needles options progress reading
    record report run settings shelter wire
""".split()


@pytest.mark.parametrize(
    ("redirection", "code", "complaint"),
    [
        pytest.param(">/dev/full", 2, "No space left on device", id="a full disk"),
        pytest.param("-o /dev/full", 2, "cannot write /dev/full", id="a file on a full disk"),
        pytest.param("2>/dev/full", 1, "", id="errors go to a full disk"),
        pytest.param(">&-", 1, "", id="a closed output"),
        pytest.param("2>&-", 1, "", id="closed errors"),
        pytest.param("<&-", 1, "", id="a closed input"),
        pytest.param("- <&-", 0, "", id="a closed input that is read"),
        pytest.param("- </", 1, "", id="an input that is a directory"),
        pytest.param(">&- 2>&- <&-", 1, "", id="everything closed"),
        pytest.param("-j 2 $(seq -f %g.py 40) >&- 2>&- <&-", 1, "", id="closed with processes"),
        pytest.param("missing.py --output-format=json 2>&- >&-", 1, "", id="a note for nobody"),
        pytest.param("--nope 2>&-", 2, "", id="a complaint for nobody"),
        pytest.param("--nope 2>/dev/full", 2, "", id="a complaint that finds no place"),
    ],
)
def test_streams_that_are_not_there(
    project: Project, redirection: str, code: int, complaint: str
) -> None:
    for number in range(1, 41):
        project.write(f"{number}.py", RUNS)
    shell = f'exec "$0" -m flake8_runsdir check -n {redirection}'
    result = project.run(["sh", "-c", shell, sys.executable])
    assert result.rc == code
    assert complaint in result.stderr


@pytest.mark.parametrize("count", [1, 2000], ids=["less than a buffer", "more"])
def test_a_reader_that_leaves_changes_nothing(project: Project, count: int) -> None:
    project.write("bad.py", RUNS * count)
    with subprocess.Popen(
        [*COMMAND, "check", "-n"],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=project.environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def begin(project: Project, script: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the checker behind some lines of Python."""
    lines = f"{textwrap.dedent(script)}\nimport sys\nfrom flake8_runsdir.cli import main\n"
    return subprocess.Popen(
        [sys.executable, "-c", f"{lines}sys.exit(main())", "check", "-n", *arguments],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=project.environment(),
    )


#: Workers that say who they are and then work for ever, until they are ended.
_BUSY = """
    import os, time
    from flake8_runsdir.run import Run
    told = os.dup(1)
    def inspect(self, file, data):
        os.write(told, f"{os.getpid()}\\n".encode())
        while True:
            time.sleep(60)
    Run._inspect = inspect
"""


def test_interrupt_leaves_no_process_and_no_word(project: Project) -> None:
    for number in range(1200):
        project.write(f"{number}.py", RUNS if number % 500 == 0 else "x = 1\n")
    with begin(project, _BUSY, "-j", "2") as process:
        assert process.stdout is not None
        workers = [int(process.stdout.readline()) for _ in range(2)]
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT
    assert (output, errors) == (b"", b"")
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


def test_interrupt_of_one_process_is_quiet(project: Project) -> None:
    project.write("bad.py", RUNS)
    with begin(project, _BUSY) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (-signal.SIGINT, b"", b"")


def test_watch_reports_again_until_it_is_interrupted(project: Project) -> None:
    project.write("bad.py", RUNS)
    with begin(project, "", "--watch", "--output-format=concise") as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, b"")

        def until(wanted: bytes) -> list[bytes]:
            seen = []
            for line in lines:
                seen.append(line)
                if wanted in line:
                    return seen
            raise AssertionError(f"ended without {wanted!r}: {seen}")

        first = until(b"RUN001")
        assert b"Starting linter in watch mode..." in first[0]
        assert b"Found 1 error. Watching for file changes." in first[2]
        project.write("runsdir.toml", "nonsense = 1\n")
        assert process.stderr is not None
        assert b"unknown key `nonsense`" in process.stderr.readline()
        project.write("runsdir.toml", 'select = ["RUN002"]\n')
        until(b"Found 0 errors.")
        project.write("runsdir.toml", "")
        project.write("more.py", RUNS)
        assert any(b"File change detected..." in line for line in until(b"Found 2 errors."))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (-signal.SIGINT, b"")


def on_terminal(project: Project, script: str, *arguments: str) -> tuple[str, str]:
    """Return what the checker writes to its output, a pipe, and to its errors, a terminal."""
    parent, child = pty.openpty()
    lines = f"{textwrap.dedent(script)}\nimport sys\nfrom flake8_runsdir.cli import main\n"
    with subprocess.Popen(
        [sys.executable, "-c", f"{lines}sys.exit(main())", "check", "-n", *arguments],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=child,
        env=project.environment(TERM="xterm"),
    ) as process:
        os.close(child)
        output, _ = process.communicate(timeout=60)
    drawn = b""
    while True:
        try:
            data = os.read(parent, 1 << 16)
        except OSError:
            break
        if not data:
            break
        drawn += data
    os.close(parent)
    return output.decode(), drawn.decode()


#: Patience that has run out, and no thread that may be alive when a process is forked.
_IMPATIENT = """
    import os, threading
    from flake8_runsdir import progress
    progress._PATIENCE = progress._PAUSE = 0
    fork = os.fork
    def careful():
        assert threading.active_count() == 1
        return fork()
    os.fork = careful
"""


@pytest.mark.parametrize(
    ("script", "arguments", "expected"),
    [
        pytest.param(_IMPATIENT, (), True, id="a long run"),
        pytest.param(_IMPATIENT, ("-j", "2"), True, id="a long run of processes"),
        pytest.param(_IMPATIENT, ("-q",), False, id="quietly"),
        pytest.param(_IMPATIENT, ("-s",), False, id="silently"),
        pytest.param("", (), False, id="a short run"),
    ],
)
def test_progress_is_for_terminals(
    project: Project, script: str, arguments: tuple[str, ...], expected: bool
) -> None:
    pytest.importorskip("rich")
    for number in range(40):
        project.write(f"{number}.py", RUNS if number < 2 else "x = 1\n")
    output, drawn = on_terminal(project, script, "--output-format=concise", *arguments)
    assert ("Checking" in drawn) is expected
    assert drawn.endswith("\x1b[2K") or "\x1b[?25h" in drawn or not expected
    assert output.count("RUN001") == (0 if "-s" in arguments else 2)
    assert "Checking" not in output


def test_a_clean_file_loads_little(project: Project) -> None:
    project.write("clean.py", "x = 1\n")
    script = textwrap.dedent(
        """
        before = set(sys.modules)
        from flake8_runsdir.cli import main
        code = main(["check", "clean.py"])
        print(*set(sys.modules) - before, file=sys.stderr)
        sys.exit(code)
        """
    )
    result = project.run([sys.executable, "-I", "-S", "-c", PATH + script])
    assert (result.rc, result.stdout) == (0, "All checks passed!\n")
    package = "flake8_runsdir."
    loaded = {name for name in result.stderr.split() if not name.startswith("_")}
    ours = {name[len(package) :] for name in loaded if name.startswith(package)}
    others = {name.partition(".")[0] for name in loaded} - {package[:-1]}
    assert ours <= set(OURS)
    assert others <= set(LIBRARY)


#: The checkout on the path of an interpreter that looks at nothing else.
PATH = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
