"""Where the files of one run are kept."""

from __future__ import annotations

from pathlib import Path

from autopack.config import settings


class RunFileLayout:
    """The paths of one run, all of them below `<runs directory>/<run_id>`.

    With the default settings the summary of a run is `.autonomous_runs/<run_id>/run_summary.json`.
    """

    def __init__(self, run_id: str) -> None:
        self.run_dir = Path(settings.autonomous_runs_dir) / run_id
        self.phases_dir = self.run_dir / "phases"
        self.handoff_dir = self.run_dir / "handoff"
        self.summary_path = self.run_dir / "run_summary.json"
        self.database_path = self.run_dir / "run.db"

    def create(self) -> None:
        """Create the directories of the run."""
        self.phases_dir.mkdir(parents=True, exist_ok=True)
        self.handoff_dir.mkdir(parents=True, exist_ok=True)

    def phase_summary_path(self, phase_id: str) -> Path:
        """Return the file that holds the summary of one finished phase."""
        return self.phases_dir / f"{phase_id}.md"
