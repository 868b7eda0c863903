"""Find stray files in a project: `python scripts/tidy_workspace.py [--root DIR] [--delete]`.

Runs keep their artifacts in .autonomous_runs/, and that directory looks after itself: this script
must know its name in order to stay away from it.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

IGNORED_DIRS = {".git", ".venv", "__pycache__", ".autonomous_runs"}
PROTECTED_PATHS = (".git/", ".autonomous_runs/", "autopack/", "docs/", "migrations/", "scripts/")
STRAY_PATTERNS = ("*.tmp", "*.orig", "*.rej", "debug_*.log")
RUN_LOCAL = re.compile(r"^\.autonomous_runs[/\\](?P<run>[^/\\]+)")


def stray_files(root: Path) -> Iterator[str]:
    """Yield the stray files below `root`, relative to it and with `/`."""
    for directory, subdirectories, names in os.walk(root):
        subdirectories[:] = sorted(name for name in subdirectories if name not in IGNORED_DIRS)
        for name in sorted(names):
            relative = Path(directory, name).relative_to(root).as_posix()
            if any(fnmatch(name, pattern) for pattern in STRAY_PATTERNS):
                yield relative


def verdict(relative: str) -> str:
    """Say of one path whether it may be deleted."""
    run = RUN_LOCAL.match(relative)
    if run:
        return f"kept, it belongs to run {run['run']}"
    if ".autonomous_runs" in PurePosixPath(relative).parts:
        return "kept, it belongs to the runs of another project"
    if relative.startswith(PROTECTED_PATHS):
        return "kept, it is protected"
    return "stray"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return 1 if stray files are left."""
    parser = argparse.ArgumentParser(description="Find stray files in a project.")
    parser.add_argument("--root", type=Path, default=Path(), help="the project's directory")
    parser.add_argument("--delete", action="store_true", help="delete the stray files")
    parser.add_argument("paths", nargs="*", help="paths to judge; .autonomous_runs/ is kept")
    arguments = parser.parse_args(argv)
    left = 0
    for relative in arguments.paths or list(stray_files(arguments.root)):
        answer = verdict(relative)
        print(f"{relative}: {answer}")
        if answer == "stray" and arguments.delete:
            (arguments.root / relative).unlink(missing_ok=True)
        elif answer == "stray":
            left = 1
    return left


if __name__ == "__main__":
    raise SystemExit(main())
