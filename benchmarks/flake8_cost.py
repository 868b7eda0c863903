"""What the plugin adds to flake8, as ratios measured in one run.

``python benchmarks/flake8_cost.py`` makes trees in a temporary directory: the standard library,
which does not mention the runs directory, and single files with many mentions. flake8 runs over
each with this plugin and with flake8-bugbear, in one process that adds up the processor time that
each of them takes to be loaded, to read its options and to check files; all the rest is flake8
alone. The median of several turns counts. Every turn is a fresh interpreter.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

#: Runs flake8 with a stopwatch for each plugin, and prints the seconds as its last line.
RUNNER = """
import json, sys, time
from collections import Counter
from flake8.plugins import finder

wanted = {"flake8", "pycodestyle", "pyflakes", "mccabe", "flake8-runsdir", "flake8-bugbear"}
everything, load = finder._find_importlib_plugins, finder._load_plugin
seconds = Counter()

def timed(package, function):
    def run(*args, **kwargs):
        start = time.process_time()
        result = function(*args, **kwargs)
        result = list(result) if hasattr(result, "__next__") else result
        seconds[package] += time.process_time() - start
        return result
    return run

def load_timed(plugin):
    loaded = timed(plugin.package, load)(plugin)
    if plugin.package in ("flake8-runsdir", "flake8-bugbear"):
        loaded.obj.run = timed(plugin.package, loaded.obj.run)
    if plugin.package == "flake8-runsdir":
        loaded.obj.parse_options = timed(plugin.package, loaded.obj.parse_options)
    return loaded

finder._find_importlib_plugins = lambda: (p for p in everything() if p.package in wanted)
finder._load_plugin = load_timed
from flake8.main.cli import main
main(sys.argv[1:])
seconds["all"] = time.process_time()
print(json.dumps(seconds))
"""

#: One function of a file with many mentions.
FUNCTION = '''
def step_{n}(run_id, names, verbose=False):
    """Do step {n} of a run."""
    root = Path(".autonomous_runs") / run_id / "step-{n}"
    if verbose:
        logger.info("step %s of %s", {n}, run_id)
    root.mkdir(parents=True, exist_ok=True)
    found = []
    for name in names:
        if name in IGNORED or name.startswith("."):
            continue
        target = root / f"{{name}}.json"
        if target.exists():
            found.append(json.loads(target.read_text(encoding="utf-8")))
    return found
'''
#: What stands between the mentions.
FILLER = '''
def report_{n}_{m}(results, limit=10, title="step {n}"):
    """Summarise the results of step {n}."""
    lines = [title, "-" * len(title)]
    totals = {{}}
    for index, result in enumerate(results[:limit]):
        key = result.get("kind", "unknown")
        totals[key] = totals.get(key, 0) + 1
        score = sum(value * weight for value, weight in zip(result["values"], result["weights"]))
        average = score / (len(result["values"]) or 1)
        lines.append(f"{{index:>4}} {{key:<20}} {{score:10.3f}} {{average:10.3f}}")
        if result.get("error") is not None:
            lines.append("     error: " + str(result["error"]))
        elif average > 0.5 and result.get("previous", 0.0) < average:
            lines.append("     better than before")
    for key, count in sorted(totals.items(), key=lambda item: (-item[1], item[0])):
        lines.append(f"{{key}}: {{count}}")
    return "\\n".join(lines)


class Tracker{n}_{m}:
    """Counts what happens in step {n}."""

    def __init__(self, limit=100, names=()):
        self.limit = limit
        self.names = list(names)
        self.counts = {{name: 0 for name in self.names}}
        self.history = []

    def add(self, name, amount=1):
        if name not in self.counts:
            self.names.append(name)
            self.counts[name] = 0
        self.counts[name] += amount
        self.history.append((name, amount))
        if len(self.history) > self.limit:
            del self.history[: len(self.history) - self.limit]
        return self.counts[name]

    def top(self, number=3):
        ranked = sorted(self.counts.items(), key=lambda item: item[1], reverse=True)
        return [name for name, count in ranked[:number] if count > 0]

    def merge(self, other):
        for name, count in other.counts.items():
            self.add(name, count)
        self.history = sorted(self.history + other.history)[-self.limit:]
        return self
'''
#: The unused import is a finding of flake8's own: with a first finding flake8 tokenizes the file
#: once more, to look for suppressions, and no plugin should be charged for that.
HEADER = '''"""A module with many mentions."""
import ast
import json
import logging
from pathlib import Path

logger = logging.getLogger(__name__)
IGNORED = {".git", ".autonomous_runs"}
'''


def shares(target: Path) -> tuple[float, float]:
    """Return what this plugin and bugbear add in one run, as parts of flake8 alone."""
    command = [sys.executable, "-c", RUNNER, "--isolated", "--exit-zero", "-q", "-j1", str(target)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    result = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=target.parent, env=environment
    )
    seconds = json.loads(result.stdout.splitlines()[-1])
    ours, theirs = seconds["flake8-runsdir"], seconds["flake8-bugbear"]
    alone = seconds["all"] - ours - theirs
    return ours / alone, theirs / alone


def many(findings: int, filler: int) -> str:
    """Return a module with findings, and so many pieces of other code for each of them."""
    pieces = [HEADER]
    for n in range(findings):
        pieces.append(FUNCTION.format(n=n))
        pieces += [FILLER.format(n=n, m=m) for m in range(filler)]
    return "\n".join(pieces)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--turns", type=int, default=5, help="turns of which the median counts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        clean = Path(name) / "clean"
        clean.mkdir()
        for source in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
            shutil.copy(source, clean)
        rows = {f"{len(list(clean.iterdir()))} files without mentions": clean}
        for findings, filler in ((60, 1), (60, 6)):
            text = many(findings, filler)
            target = Path(name) / f"many{filler}"
            target.mkdir()
            (target / "many.py").write_text(text)
            rows[f"one file of {text.count(chr(10))} lines with {findings} findings"] = target
        print("| tree | runsdir adds | bugbear adds | ratio |")
        print("| --- | --- | --- | --- |")
        for title, target in rows.items():
            measured = [shares(target) for _ in range(options.turns)]
            ours, theirs = (statistics.median(column) for column in zip(*measured))
            print(f"| {title} | {ours:.1%} | {theirs:.1%} | {ours / theirs:.2f} |")


if __name__ == "__main__":
    main()
