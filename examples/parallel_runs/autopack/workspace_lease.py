"""Leases of workspaces: a run may use its workspace until the lease runs out."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from autopack.config import settings
from autopack.json_files import read_json, write_json


class LeaseError(Exception):
    """The workspace is leased to another run."""


class WorkspaceLease(AbstractContextManager["WorkspaceLease"]):
    """The lease of the workspace `name` by `run_id`, held for the length of a `with` block."""

    def __init__(self, name: str, run_id: str) -> None:
        lease_dir = Path(settings.autonomous_runs_dir) / ".workspace_leases"
        self.path = lease_dir / f"{name}.json"
        self.run_id = run_id

    def __enter__(self) -> WorkspaceLease:
        """Take the lease; raises LeaseError if another run holds one that has not run out."""
        held = read_json(self.path, {})
        if held and held["run_id"] != self.run_id and held["expires"] > time.time():
            raise LeaseError(f"{self.path.stem} is leased to {held['run_id']}")
        expires = time.time() + settings.lease_seconds
        write_json(self.path, {"run_id": self.run_id, "expires": expires})
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the workspace back."""
        self.path.unlink()
