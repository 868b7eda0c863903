"""How long ``runsdir audit --history`` takes on a synthetic repository, cold and warm.

``python benchmarks/audit_history.py`` makes a repository of 2,000 files and 2,000 commits, each of
which changes five of the files, and prints the times as a Markdown table.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_CHANGES = 5
#: One file in so many mentions the runs directory.
_MENTIONING = 5


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--commits", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        tree = Path(directory)
        make(tree, options.files, options.commits)
        print(f"| {options.commits} commits, {options.files} files | seconds |")
        print("| --- | --- |")
        for what in ("cold", "warm"):
            print(f"| {what} | {measured(tree, options.commits):.1f} |", flush=True)


def make(tree: Path, files: int, commits: int) -> None:
    """Make a repository and check it out."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=tree, check=True)
    stream = b"".join(_stream(files, commits))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=tree, input=stream, check=True)
    subprocess.run(["git", "reset", "--quiet", "--hard"], cwd=tree, check=True)


def _stream(files: int, commits: int) -> Iterator[bytes]:
    for number in range(commits):
        moment = 1_500_000_000 + number * 86_400
        message = f"Change {number}"
        yield b"commit refs/heads/main\n"
        yield f"committer a <a@b> {moment} +0000\ndata {len(message)}\n{message}\n".encode()
        changed = range(files) if not number else range(number * 7, number * 7 + _CHANGES)
        for file in changed:
            text = _text(file % files, number).encode()
            yield f"M 100644 inline pkg{file % 40}/m{file % files}.py\n".encode()
            yield b"data %d\n%s\n" % (len(text), text)


def _text(file: int, version: int) -> str:
    body = "".join(f"def f{n}(a):\n    return a + {n + version}\n\n\n" for n in range(40))
    if file % _MENTIONING:
        return body
    root = '".autonomous_runs"' if version % 3 else "settings.autonomous_runs_dir"
    return f"{body}def g(run_id):\n    return Path({root}) / run_id / 'x{version}.json'\n"


def measured(tree: Path, commits: int) -> float:
    """Return the seconds that a history of all commits takes."""
    command = [sys.executable, "-m", "flake8_runsdir", "audit", "--history", "--isolated"]
    command += [f"--history-commits={commits}", "--output-format=json", "-q", os.fspath(tree)]
    command += ["--cache-dir", os.fspath(tree / ".runsdir_cache")]
    begin = time.perf_counter()
    result = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    seconds = time.perf_counter() - begin
    assert len(json.loads(result.stdout)["history"]) == commits
    return seconds


if __name__ == "__main__":
    main()
