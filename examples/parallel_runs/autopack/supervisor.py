"""The supervisor: it starts an executor process for each run, several of them at a time."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from autopack.config import settings
from autopack.json_files import read_json
from autopack.run_file_layout import RunFileLayout

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
EPILOG = """
Artifacts go to .autonomous_runs/<run-id>/ of the working directory, or to the directory that
AUTONOMOUS_RUNS_DIR names. Write `stop` into .autonomous_runs/.stop_executor to stop a run.
"""


@dataclass(frozen=True)
class Supervisor:
    """Runs of one project; `workspace` is the directory that every run gets a copy of."""

    project_id: str
    workspace: Path
    per_run_sqlite: bool

    def run_all(self, run_ids: Sequence[str], workers: int) -> bool:
        """Execute the runs, `workers` at a time; tell whether all were completed."""
        with ThreadPoolExecutor(max_workers=workers) as pool:
            finished = pool.map(self.execute, run_ids)
            completed = [self.report(run_id, process) for run_id, process in finished]
        return all(completed)

    def execute(self, run_id: str) -> tuple[str, subprocess.CompletedProcess[str]]:
        """Execute one run in a process of its own and wait for it."""
        layout = RunFileLayout(run_id)
        shared_database = Path(settings.database_path)
        database = layout.database_path if self.per_run_sqlite else shared_database
        command = [
            *(sys.executable, "-m", "autopack.autonomous_executor"),
            *("--run-id", run_id),
            *("--project", self.project_id),
            *("--workspace", str(self.workspace)),
            *("--database", str(database)),
        ]
        environment = {**os.environ, "AUTONOMOUS_RUNS_DIR": settings.autonomous_runs_dir}
        process = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
        return run_id, process

    def report(self, run_id: str, process: subprocess.CompletedProcess[str]) -> bool:
        """Print how a run went; tell whether it was completed."""
        if process.returncode != 0:
            print(f"{run_id}: exit code {process.returncode}\n{process.stderr}", file=sys.stderr)
            return False
        summary = read_json(RunFileLayout(run_id).summary_path, {})
        print(
            f"{run_id}: {summary['state']}, {summary['phases']} phases in {summary['attempts']}"
            f" attempts, context of {summary['context_tokens']} tokens"
            f" ({summary['summaries_found']} of {summary['phases']} summaries found)"
        )
        return True


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the options; exits with code 2 if they make no sense."""
    parser = argparse.ArgumentParser(
        prog="autopack.supervisor", description="Execute runs in parallel.", epilog=EPILOG
    )
    parser.add_argument("--run-ids", required=True, help="ids of the runs, separated by commas")
    parser.add_argument("--workers", type=int, default=2, help="how many runs at a time")
    parser.add_argument(
        "--per-run-sqlite",
        action="store_true",
        help="give every run a database of its own, .autonomous_runs/<run-id>/run.db",
    )
    parser.add_argument("--project", default="demo", help="the project that the runs belong to")
    parser.add_argument(
        "--workspace", type=Path, default=Path(), metavar="DIR", help="the project's directory"
    )
    arguments = parser.parse_args(argv)
    arguments.run_ids = arguments.run_ids.split(",")
    ids = [*arguments.run_ids, arguments.project]
    if not all(ID.fullmatch(name) for name in ids):
        parser.error("ids consist of letters, digits, `-` and `_`")
    if len(set(ids)) < len(ids):
        parser.error("every run, and the project, needs an id of its own")
    if arguments.workers < 1:
        parser.error("--workers must be at least 1")
    if not arguments.workspace.is_dir():
        parser.error(f"{arguments.workspace} is not a directory")
    return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 if all runs were completed."""
    arguments = parse_arguments(argv)
    print(f"runs directory: {settings.autonomous_runs_dir}", flush=True)
    supervisor = Supervisor(arguments.project, arguments.workspace, arguments.per_run_sqlite)
    return 0 if supervisor.run_all(arguments.run_ids, arguments.workers) else 1


if __name__ == "__main__":
    raise SystemExit(main())
