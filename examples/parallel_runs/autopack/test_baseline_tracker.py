"""The health of a workspace before a run, so that a run only answers for what it broke."""

from __future__ import annotations

from pathlib import Path

from autopack.config import settings
from autopack.json_files import read_json, write_json


class TestBaselineTracker:
    """Remembers which Python files of a workspace did not compile when `run_id` started."""

    __test__ = False  # the name is the application's; pytest must not collect it

    def __init__(self, run_id: str) -> None:
        runs_dir = Path(settings.autonomous_runs_dir)
        self.baseline_path = runs_dir / run_id / "baselines" / "baseline.json"

    def capture(self, workspace: Path) -> None:
        """Store the files that are broken now."""
        write_json(self.baseline_path, {"broken": broken_files(workspace)})

    def regressions(self, workspace: Path) -> list[str]:
        """Return the files that are broken now and were not when the baseline was captured."""
        known = set(read_json(self.baseline_path, {"broken": []})["broken"])
        return [name for name in broken_files(workspace) if name not in known]


def broken_files(workspace: Path) -> list[str]:
    """Return the Python files below `workspace` that do not compile, sorted, with `/`."""
    broken = []
    for path in sorted(workspace.rglob("*.py")):
        try:
            compile(path.read_bytes(), str(path), "exec")
        except (SyntaxError, ValueError):
            broken.append(path.relative_to(workspace).as_posix())
    return broken
