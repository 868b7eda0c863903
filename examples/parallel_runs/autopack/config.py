"""Settings of the application, read from the environment when the process starts."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What an operator may change; every process of one supervisor sees the same values."""

    autonomous_runs_dir: str = os.environ.get("AUTONOMOUS_RUNS_DIR", ".autonomous_runs")
    database_path: str = os.environ.get("AUTOPACK_DATABASE", "autopack.db")
    max_attempts: int = 3
    lock_timeout_seconds: float = 5.0
    lease_seconds: int = 600


settings = Settings()
