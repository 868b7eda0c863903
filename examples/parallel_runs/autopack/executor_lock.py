"""Locks between the executors of one machine, as files that only one process can create."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autopack.config import settings


class LockedError(Exception):
    """Another process holds the lock."""


class ExecutorLockManager:
    """Hands out locks by name: `run-<id>`, or `project-<id>` for the files of a project."""

    def __init__(self) -> None:
        self.lock_dir = Path(settings.autonomous_runs_dir) / ".locks"

    @contextmanager
    def hold(self, name: str) -> Iterator[Path]:
        """Hold the lock `name` for the length of the block.

        Raises LockedError if it is not free within `settings.lock_timeout_seconds`.
        """
        lock_path = self.lock_dir / f"{name}.lock"
        deadline = time.monotonic() + settings.lock_timeout_seconds
        while not self._create(lock_path):
            if time.monotonic() > deadline:
                raise LockedError(f"{lock_path} is held; delete it if its process is gone")
            time.sleep(0.01)
        try:
            yield lock_path
        finally:
            lock_path.unlink()

    def _create(self, lock_path: Path) -> bool:
        self.lock_dir.mkdir(parents=True, exist_ok=True)
        try:
            with lock_path.open("x", encoding="utf-8") as lock:
                lock.write(f"{os.getpid()}\n")
        except FileExistsError:
            return False
        return True
