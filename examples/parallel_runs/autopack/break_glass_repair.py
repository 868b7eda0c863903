"""Repairs of the database that nobody should need: they are done, and they are written down."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

from autopack.database import RunDatabase


class BreakGlassRepair:
    """Resets what a failed attempt left behind, and logs every repair as a line of JSON."""

    def __init__(self, run_id: str, database: RunDatabase) -> None:
        self.run_id = run_id
        self.database = database
        self.repair_log_path = Path(".autonomous_runs") / "break_glass_repairs.jsonl"

    def reset_stuck_phases(self) -> list[str]:
        """Queue the phases again that are still executing although no attempt is under way."""
        stuck = self.database.phases_in("executing")
        for phase_id in stuck:
            self.database.set_phase(phase_id, "queued")
            self._log("reset_stuck_phase", phase_id)
        return stuck

    def _log(self, action: str, phase_id: str) -> None:
        record = {
            "at": datetime.now(timezone.utc).isoformat(),
            "run_id": self.run_id,
            "action": action,
            "phase_id": phase_id,
        }
        self.repair_log_path.parent.mkdir(parents=True, exist_ok=True)
        with self.repair_log_path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(record) + "\n")
