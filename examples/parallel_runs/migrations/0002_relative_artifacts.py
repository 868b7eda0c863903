"""Store the paths of artifacts relative to the runs directory.

What was `.autonomous_runs/my-run/report.md` is `my-run/report.md` from here on.
"""

from __future__ import annotations

import sqlite3

LEGACY_PREFIX = ".autonomous_runs/"


def upgrade(connection: sqlite3.Connection) -> None:
    """Cut the old prefix off the paths that have it."""
    rows = connection.execute("SELECT rowid, path FROM artifacts").fetchall()
    for rowid, path in rows:
        if path.startswith(LEGACY_PREFIX):
            relative = path[len(LEGACY_PREFIX) :]
            connection.execute("UPDATE artifacts SET path = ? WHERE rowid = ?", (relative, rowid))
    connection.execute(
        "UPDATE runs SET artifact_root = '.autonomous_runs' WHERE artifact_root = ''"
    )
