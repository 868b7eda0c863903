"""The workspace of a run: a copy of the project that the run may change."""

from __future__ import annotations

import shutil
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from autopack.config import settings

# The artifacts of other runs change while a workspace is copied, and so do databases.
IGNORED_PATTERNS = (".git", ".venv", "__pycache__", ".autonomous_runs", "*.db", "*.db-*")
PROTECTED_PREFIXES = (".git/", ".autonomous_runs/", "migrations/")


class ProtectedPathError(Exception):
    """An operation would write outside the workspace, or to a path that runs must not touch."""


class WorkspaceManager:
    """Creates the workspace of one run and applies the operations of the model to it."""

    def __init__(self, run_id: str) -> None:
        self.root = Path(settings.autonomous_runs_dir) / "workspaces"
        self.path = self.root / run_id

    def create(self, project_dir: Path) -> Path:
        """Make a fresh copy of `project_dir` and return its path."""
        shutil.rmtree(self.path, ignore_errors=True)
        shutil.copytree(project_dir, self.path, symlinks=True, ignore=self._ignored)
        return self.path

    def write(self, relative: str, content: str) -> Path:
        """Write a file of the workspace; `relative` uses forward slashes.

        Raises ProtectedPathError unless the path is a plain relative one that is not protected.
        """
        pure = PurePosixPath(relative)
        if pure.is_absolute() or ".." in pure.parts or relative.startswith(PROTECTED_PREFIXES):
            raise ProtectedPathError(relative)
        target = self.path / pure
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
        return target

    def _ignored(self, directory: str, names: list[str]) -> set[str]:
        configured = {self.root.resolve(), self.root.parent.resolve()}
        return {
            name
            for name in names
            if any(fnmatch(name, pattern) for pattern in IGNORED_PATTERNS)
            or Path(directory, name).resolve() in configured
        }
