"""How fast ``runsdir check`` is beside Ruff, ripgrep and Python itself, as ratios.

``python benchmarks/check_speed.py TREE`` measures on a tree of Python files; with ``--packages``
names of packages are given instead, whose wheels are fetched and unpacked into a temporary
directory.  All commands of a line are run alternately in one go, and the best time of each counts:
machines are noisy, and noise only ever adds.  The tree is copied where a benchmark changes it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

BIN = Path(sys.executable).parent
RUNSDIR = [str(BIN / "runsdir"), "check", "--isolated"]
RUFF = [shutil.which("ruff", path=str(BIN)) or shutil.which("ruff") or "ruff", "check"]
S108 = [*RUFF, "--isolated", "--select", "S108"]
PATTERN = r"\.autonomous_runs|AUTONOMOUS_RUNS_DIR|autonomous_runs_dir"
PLANTED = """

def _planted(run_id):
    from pathlib import Path
    return Path(".autonomous_runs") / run_id / "/tmp/planted.json"
"""


class Cost(NamedTuple):
    """What one run of a command took: seconds of the clock, of all processors, and megabytes."""

    wall: float
    cpu: float
    memory: float


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("tree", nargs="*", type=Path)
    parser.add_argument("--packages", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        trees = [*options.tree, *fetched(options.packages, place / "packages")]
        print("| what | runsdir | beside | ratio | bar |")
        print("| --- | --- | --- | --- | --- |")
        for row in (*start(place, options.rounds), *large(trees, place, options.rounds)):
            print("| " + " | ".join(row) + " |", flush=True)
        for row in dense(trees, place, options.rounds):
            print("| " + " | ".join(row) + " |", flush=True)


def fetched(packages: Sequence[str], place: Path) -> Iterator[Path]:
    """Fetch wheels and unpack what is Python in them."""
    for package in packages:
        wheels = place / "wheels" / package
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps"]
        subprocess.run([*command, "--only-binary=:all:", "-d", str(wheels), package], check=True)
        for wheel in wheels.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                names = [name for name in archive.namelist() if name.endswith((".py", ".pyi"))]
                archive.extractall(place / "unpacked" / package, names)
    if packages:
        yield place / "unpacked"


def start(place: Path, rounds: int) -> Iterator[tuple[str, ...]]:
    """Compare one clean file with an interpreter that does nothing."""
    file = place / "clean.py"
    file.write_text("import os\n")
    ours, nothing = best([[*RUNSDIR, str(file)], [sys.executable, "-c", "pass"]], place, 4 * rounds)
    yield row(
        "start: one clean file (processor time)", ours.cpu, nothing.cpu, "`python -c pass`", 3
    )


def large(trees: Sequence[Path], place: Path, rounds: int) -> Iterator[tuple[str, ...]]:
    """Compare a large tree with Ruff and ripgrep, and with itself twice."""
    once, twice = place / "once", place / "twice"
    for tree in trees:
        shutil.copytree(tree, once / tree.name, ignore=shutil.ignore_patterns(".*"))
    shutil.copytree(once, twice / "a")
    shutil.copytree(once, twice / "b")
    files = [path for path in once.rglob("*.py*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    name = f"{len(files)} files, {size:.0f} MB"
    ours, ruff = best([[*RUNSDIR, str(once)], [*S108, "--no-cache", str(once)]], place, rounds)
    yield row(f"{name}, nothing to find", ours.wall, ruff.wall, "`ruff --no-cache`", 0.25)
    if shutil.which("rg"):
        search = ["rg", "-l", "-tpy", PATTERN, str(once)]
        ours, rg = best([[*RUNSDIR, str(once)], search], place, rounds)
        yield row("the same", ours.wall, rg.wall, "`rg -l`", 4)
    ours, double = best([[*RUNSDIR, str(once)], [*RUNSDIR, str(twice)]], place, rounds)
    yield row("twice the tree", double.wall, ours.wall, "once", 2.1)
    yield (
        "memory at its peak",
        f"{double.memory:.0f} MB",
        f"{ours.memory:.0f} MB on half of it",
        f"{double.memory / ours.memory:.2f}",
        "100 MB",
    )


def dense(trees: Sequence[Path], place: Path, rounds: int) -> Iterator[tuple[str, ...]]:
    """Compare files that all have something to be found, without and with a cache."""
    tree = place / "dense"
    tree.mkdir()
    sources = sorted(path for top in trees for path in top.rglob("*.py"))
    count = 0
    for path in sources[:: max(1, len(sources) // 1000)]:
        text = path.read_bytes().decode("utf-8", "replace") + PLANTED
        (tree / f"m{count}.py").write_text(text, encoding="utf-8")
        count += 1
    name = f"{count} files that all have mentions"
    commands = [[*RUNSDIR, "--no-cache", str(tree)], [*S108, "--no-cache", str(tree)]]
    ours, ruff = best(commands, place, max(rounds // 3, 1))
    yield row(f"{name}, cold", ours.wall, ruff.wall, "`ruff --no-cache`", 4)
    commands = [
        [*RUNSDIR, "--cache-dir", str(place / "ours"), str(tree)],
        [*S108, "--cache-dir", str(place / "ruffs"), str(tree)],
    ]
    best(commands, place, 1)
    ours, ruff = best(commands, place, rounds)
    yield row(f"{name}, warm", ours.wall, ruff.wall, "`ruff`, warm", 1.5)


def row(what: str, ours: float, other: float, name: str, bar: float) -> tuple[str, ...]:
    """Return a line of the table; times are seconds."""
    theirs = f"{other * 1000:.0f} ms {name}"
    return what, f"{ours * 1000:.0f} ms", theirs, f"{ours / other:.2f}", f"{bar}"


def best(commands: Sequence[Sequence[str]], cwd: Path, rounds: int) -> list[Cost]:
    """Run commands alternately; return the least cost of each."""
    costs: list[list[Cost]] = [[] for _ in commands]
    for _ in range(rounds):
        for command, found in zip(commands, costs):
            found.append(run(command, cwd))
    return [Cost(*map(min, zip(*found))) for found in costs]


def run(command: Sequence[str], cwd: Path) -> Cost:
    """Run a command, its output going nowhere, and return what it took."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.WEXITSTATUS(status)
    assert process.returncode in (0, 1), command
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
