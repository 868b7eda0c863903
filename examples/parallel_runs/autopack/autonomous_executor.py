"""The executor of one run: it works through the phases until they are done or it is stopped.

The supervisor starts one process of it for each run, `python -m autopack.autonomous_executor`.
What a run leaves behind is below `.autonomous_runs/<run_id>/` unless the settings say otherwise.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from autopack.anthropic_clients import AnthropicClient, OfflineTransport
from autopack.artifact_loader import ArtifactLoader
from autopack.break_glass_repair import BreakGlassRepair
from autopack.config import settings
from autopack.database import RunDatabase
from autopack.executor_lock import ExecutorLockManager
from autopack.handoff_bundler import HandoffBundler
from autopack.json_files import read_json, write_json
from autopack.learned_rules import (
    RuleHint,
    load_hints,
    load_project_rules,
    promote_hints,
    record_hint,
)
from autopack.run_file_layout import RunFileLayout
from autopack.test_baseline_tracker import TestBaselineTracker
from autopack.workspace_lease import WorkspaceLease
from autopack.workspace_manager import WorkspaceManager

logger = logging.getLogger(__name__)

EXIT_CODES = {"completed": 0, "failed": 1, "stopped": 3}


@dataclass(frozen=True)
class Phase:
    """One step of a run, and the files that must be there once it is done."""

    phase_id: str
    goal: str
    required: tuple[str, ...]


PHASES = (
    Phase("plan", "Write down how to go about it.", ("PLAN.md",)),
    Phase("build", "Write the module and its check.", ("greeting.py", "check_greeting.py")),
    Phase("verify", "Check the work and report.", ("REPORT.md", "CHANGELOG.md")),
)


class PhaseError(Exception):
    """An attempt at a phase failed."""


class AutonomousExecutor:
    """Executes one run of a project in a workspace of its own."""

    def __init__(
        self, run_id: str, project_id: str, project_dir: Path, database: RunDatabase
    ) -> None:
        self.run_id = run_id
        self.project_id = project_id
        self.project_dir = project_dir
        self.database = database
        self.layout = RunFileLayout(run_id)
        self.workspace = WorkspaceManager(run_id)
        self.baseline = TestBaselineTracker(run_id)
        self.client = AnthropicClient(run_id, OfflineTransport())
        self.loader = ArtifactLoader(project_dir, self.workspace.path, run_id, project_id)
        self.repair = BreakGlassRepair(run_id, database)
        self.rules: list[RuleHint] = []
        self.rules_seen = -1
        self.done: dict[str, tuple[str, ...]] = {}
        self.attempts = 0

    def run(self) -> str:
        """Execute the phases; return `completed`, `failed` or `stopped`."""
        started = time.time()
        self.layout.create()
        lock = ExecutorLockManager().hold(f"run-{self.run_id}")
        with lock, WorkspaceLease(self.run_id, self.run_id):
            self.database.start(self.project_id, settings.autonomous_runs_dir)
            self._check_api_server()
            self.baseline.capture(self.workspace.create(self.project_dir))
            state = self._run_phases()
            broken = self.baseline.regressions(self.workspace.path)
            notes = [f"{name} does not compile any more" for name in broken]
            HandoffBundler(self.run_id).bundle(list(self.done), notes)
            self._mark_rules_updated(promote_hints(self.run_id, self.project_id))
            self.database.finish(state)
        self._write_summary(state, started)
        return state

    def _run_phases(self) -> str:
        for phase in PHASES:
            if self._stop_requested():
                return "stopped"
            self._refresh_project_rules()
            if not self._run_phase(phase):
                return "failed"
        return "completed"

    def _run_phase(self, phase: Phase) -> bool:
        """Attempt a phase until it is done or the attempts are used up."""
        for attempt in range(1, settings.max_attempts + 1):
            self.attempts += 1
            self.database.set_phase(phase.phase_id, "executing")
            try:
                self._attempt(phase, attempt)
            except PhaseError as error:
                logger.warning("%s: %s failed: %s", self.run_id, phase.phase_id, error)
                self._write_diagnostics(phase, attempt, error)
                record_hint(self.run_id, RuleHint(phase.phase_id, f"Remember that {error}."))
                self.repair.reset_stuck_phases()
            else:
                self.database.set_phase(phase.phase_id, "completed")
                self._write_phase_summary(phase, attempt)
                return True
        self.database.set_phase(phase.phase_id, "failed")
        return False

    def _attempt(self, phase: Phase, attempt: int) -> None:
        operations = self.client.operations(phase.phase_id, self._prompt(phase), attempt)
        for operation in operations:
            self.workspace.write(operation.path, operation.content)
            self.database.add_artifact(operation.path)
        written = [operation.path for operation in operations]
        missing = [name for name in phase.required if name not in written]
        if missing:
            raise PhaseError(f"{', '.join(missing)} must be written")

    def _prompt(self, phase: Phase) -> str:
        """Return the goal, what the run and the project learned, and what is there already."""
        hints = [hint for hint in load_hints(self.run_id) if hint.phase_id == phase.phase_id]
        advice = "\n".join(f"- {hint.advice}" for hint in [*self.rules, *hints])
        context = self.loader.load(self.done)
        return f"{phase.goal}\n\n{advice}\n\n{context.text}"

    def _write_diagnostics(self, phase: Phase, attempt: int, error: PhaseError) -> None:
        """Keep what is known about a failed attempt."""
        diag_dir = Path(".autonomous_runs") / self.run_id / "diagnostics"
        diag_dir.mkdir(parents=True, exist_ok=True)
        record = {"phase": phase.phase_id, "attempt": attempt, "error": str(error)}
        diag_file = diag_dir / f"{phase.phase_id}_attempt{attempt}.json"
        diag_file.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")

    def _write_phase_summary(self, phase: Phase, attempt: int) -> None:
        """Keep the summary that later prompts use in place of the files."""
        self.done[phase.phase_id] = phase.required
        files = ", ".join(phase.required)
        text = f"# {phase.phase_id}\n\nWrote {files} at attempt {attempt}.\n"
        self.layout.phase_summary_path(phase.phase_id).write_text(text, encoding="utf-8")

    def _refresh_project_rules(self) -> None:
        """Load the rules of the project again if another run has added to them."""
        marker_path = Path(".autonomous_runs") / self.project_id / "rules_updated.json"
        marker = read_json(marker_path, None)
        if marker is None:
            marker = {"rules": 0, "run_id": None}
            write_json(marker_path, marker)
        if marker["rules"] != self.rules_seen:
            self.rules = load_project_rules(self.project_id)
            self.rules_seen = marker["rules"]

    def _mark_rules_updated(self, rules: int) -> None:
        """Tell the other runs of the project how many rules there are now."""
        marker_path = Path(".autonomous_runs") / self.project_id / "rules_updated.json"
        write_json(marker_path, {"rules": rules, "run_id": self.run_id})

    def _stop_requested(self) -> bool:
        """Tell whether an operator wrote `stop` into the stop signal file, and empty it again.

        The file is one for all runs: whichever run looks first takes the signal away.
        """
        stop_signal_file = Path(".autonomous_runs/.stop_executor")
        stop_signal_file.parent.mkdir(parents=True, exist_ok=True)
        stop_signal_file.touch()
        if stop_signal_file.read_text(encoding="utf-8").strip() != "stop":
            return False
        stop_signal_file.write_text("", encoding="utf-8")
        logger.warning("%s: stopped by .autonomous_runs/.stop_executor", self.run_id)
        return True

    def _check_api_server(self) -> None:
        """Check that the API can serve this run; what it prints goes to the server's log."""
        log_path = Path(".autonomous_runs/uvicorn.log")
        log_path.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "autopack.api_server", "--check"]
        with log_path.open("a", encoding="utf-8") as log:
            subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=True)

    def _write_summary(self, state: str, started: float) -> None:
        context = self.loader.load(self.done)
        summary = {
            "run_id": self.run_id,
            "state": state,
            "pid": os.getpid(),
            "started": started,
            "finished": time.time(),
            "phases": len(self.done),
            "attempts": self.attempts,
            "summaries_found": context.summaries,
            "context_tokens": context.tokens,
        }
        write_json(self.layout.summary_path, summary)


def main() -> int:
    """Execute one run and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="autopack.autonomous_executor", description="Execute one run."
    )
    parser.add_argument("--run-id", required=True)
    parser.add_argument("--project", required=True, help="the project that the run belongs to")
    parser.add_argument("--workspace", type=Path, required=True, help="the project's directory")
    parser.add_argument("--database", type=Path, required=True, help="the SQLite file to use")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    with closing(RunDatabase(arguments.database, arguments.run_id)) as database:
        executor = AutonomousExecutor(
            arguments.run_id, arguments.project, arguments.workspace, database
        )
        state = executor.run()
    logger.info("%s: %s", arguments.run_id, state)
    return EXIT_CODES[state]


if __name__ == "__main__":
    raise SystemExit(main())
