"""The state of runs and phases in SQLite, brought up to date by the files in `migrations/`."""

from __future__ import annotations

import runpy
import sqlite3
from collections.abc import Iterator
from pathlib import Path

MIGRATIONS_DIR = Path(__file__).resolve().parent.parent / "migrations"


class RunDatabase:
    """The database as one run sees it: its own rows, in a file it may share with other runs."""

    def __init__(self, path: Path, run_id: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.run_id = run_id
        self.connection = sqlite3.connect(str(path), timeout=10, isolation_level=None)
        migrate(self.connection)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def start(self, project_id: str, artifact_root: str) -> None:
        """Enter the run, forgetting what an earlier run of the same id left."""
        for table in ("runs", "phases", "artifacts"):
            self.connection.execute(f"DELETE FROM {table} WHERE run_id = ?", (self.run_id,))
        self.connection.execute(
            "INSERT INTO runs (run_id, project_id, state, artifact_root) VALUES (?, ?, ?, ?)",
            (self.run_id, project_id, "running", artifact_root),
        )

    def finish(self, state: str) -> None:
        """Store how the run ended."""
        self.connection.execute("UPDATE runs SET state = ? WHERE run_id = ?", (state, self.run_id))

    def set_phase(self, phase_id: str, state: str) -> None:
        """Store the state of a phase."""
        self.connection.execute(
            "INSERT OR REPLACE INTO phases (run_id, phase_id, state) VALUES (?, ?, ?)",
            (self.run_id, phase_id, state),
        )

    def phases_in(self, state: str) -> list[str]:
        """Return the ids of the phases in a state, sorted."""
        rows = self.connection.execute(
            "SELECT phase_id FROM phases WHERE run_id = ? AND state = ? ORDER BY phase_id",
            (self.run_id, state),
        )
        return [phase_id for (phase_id,) in rows]

    def add_artifact(self, path: str) -> None:
        """Enter a file of the workspace; `path` is relative to it."""
        self.connection.execute(
            "INSERT INTO artifacts (run_id, path) VALUES (?, ?)", (self.run_id, path)
        )


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the migrations that the database has not seen, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for path in sorted(MIGRATIONS_DIR.glob("[0-9]*")):
        number = int(path.name.partition("_")[0])
        if number <= version:
            continue
        if path.suffix == ".py":
            runpy.run_path(str(path))["upgrade"](connection)
        else:
            for statement in statements(path.read_text(encoding="utf-8")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
    connection.execute("COMMIT")


def statements(script: str) -> Iterator[str]:
    """Yield the statements of an SQL script one by one."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
