"""What fixes do to real files, and what they cost.

``python benchmarks/fix_cost.py`` scatters mentions over the files of this installation, fixes them
in memory and compares them with what they were, for some minutes and with other mentions in each
turn.  Then it fixes a copy of the example with the command.  The numbers are printed as a Markdown
table; what was refused, damaged or changed once more by a second run is listed behind it.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "parallel_runs"
sys.path.insert(0, str(ROOT / "tests"))

from mended import Tally, try_files  # noqa: E402  the tests' own
from planting import files  # noqa: E402

RUNSDIR = [str(Path(sys.executable).parent / "runsdir"), "check", "--no-cache"]
#: How many files one process is given at a time.
CHUNK = 50


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--most", type=int, default=6, help="how many mentions of a kind in a file")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    paths = [path for path in files() if path.stat().st_size < 200_000]
    total = Tally()
    for tally in tallies(paths, options.seed, options.most, options.minutes * 60):
        total.add(tally)
    print("| what | real files with mentions scattered in them | the example |")
    print("| --- | --- | --- |")
    for what, real, example in zip(LABELS, real_row(total), example_row()):
        print(f"| {what} | {real} | {example} |")
    for kind in ("refused", "damaged", "restless"):
        for line in getattr(total, kind):
            print(f"{kind}: {line}")


LABELS = (
    "mentions",
    "files fixed",
    "fixes",
    "time per fixed file",
    "files damaged",
    "files that a second run changes",
    "files refused",
)


def real_row(total: Tally) -> Iterator[str]:
    """Yield what has come of scattered mentions."""
    yield f"{total.planted:,}"
    yield f"{total.files:,}"
    yield f"{total.fixes:,}"
    yield f"{total.seconds / max(total.files, 1) * 1000:.0f} ms of processor time"
    for kind in (total.damaged, total.restless, total.refused):
        yield f"{len(kind):,}"


def example_row() -> Iterator[str]:
    """Yield what the command does to a copy of the example."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "example"
        shutil.copytree(EXAMPLE, copy)
        before = {path: path.read_bytes() for path in copy.rglob("*.py")}
        yield f"{command('--output-format=concise', copy).count('RUN001')}"
        start = time.perf_counter()
        printed = command("--fix", copy)
        seconds = time.perf_counter() - start
        changed = {path for path, data in before.items() if path.read_bytes() != data}
        fixed = re.search(r"Found \d+ errors \((\d+) fixed", printed)
        assert fixed is not None, printed
        yield f"{len(changed)}"
        yield fixed[1]
        yield f"{seconds / len(changed) * 1000:.0f} ms on the clock, the start included"
        yield "0" if all(is_python(path) for path in changed) else "some"
        after = {path: path.read_bytes() for path in copy.rglob("*.py")}
        command("--fix", copy)
        yield f"{sum(path.read_bytes() != data for path, data in after.items())}"
        yield f"{printed.count('RUN905')}"


def command(option: str, directory: Path) -> str:
    """Run the command in a directory and return what it prints."""
    command = [*RUNSDIR, option, "."]
    return subprocess.run(
        command, cwd=directory, capture_output=True, text=True, check=False
    ).stdout


def is_python(path: Path) -> bool:
    """Tell whether a file can be compiled."""
    try:
        compile(path.read_bytes(), str(path), "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def tallies(paths: list[Path], seed: int, most: int, seconds: float) -> Iterator[Tally]:
    """Try chunks of files, in all processors, until the time is over."""
    end = time.monotonic() + seconds
    workers = os.cpu_count() or 1
    chance = random.Random(seed)
    with ProcessPoolExecutor(workers, get_context("fork")) as pool:
        for turn in count():
            if time.monotonic() > end:
                return
            chosen = [chance.sample(paths, min(CHUNK, len(paths))) for _ in range(workers)]
            seeds = [turn * workers + number + seed for number in range(workers)]
            yield from pool.map(partial(try_files, most=most), chosen, seeds)


if __name__ == "__main__":
    main()
