"""The bundle that a run hands to whoever takes over: an index, a summary and a prompt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autopack.cursor_prompt_generator import generate_cursor_prompt
from autopack.json_files import write_json
from autopack.run_file_layout import RunFileLayout


class HandoffBundler:
    """Bundles the files of one run.

    Example:
        bundler = HandoffBundler("my-run")
        bundler.bundle(["plan", "build"], [])
        print(Path(".autonomous_runs/my-run/handoff/index.json").read_text())
    """

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.layout = RunFileLayout(run_id)

    def bundle(self, phases: Sequence[str], notes: Sequence[str]) -> Path:
        """Write the bundle and return its directory."""
        handoff_dir = self.layout.handoff_dir
        handoff_dir.mkdir(parents=True, exist_ok=True)
        prompt = generate_cursor_prompt(self.run_id, phases, notes)
        (handoff_dir / "cursor_prompt.md").write_text(prompt, encoding="utf-8")
        summary = f"# {self.run_id}\n\n{len(phases)} phases done, {len(notes)} notes.\n"
        (handoff_dir / "summary.md").write_text(summary, encoding="utf-8")
        write_json(handoff_dir / "index.json", {"artifacts": self._artifacts()})
        return handoff_dir

    def _artifacts(self) -> dict[str, int]:
        """Return the files of the run, relative to its directory, with their sizes in bytes."""
        run_dir = self.layout.run_dir
        return {
            path.relative_to(run_dir).as_posix(): path.stat().st_size
            for path in sorted(run_dir.rglob("*"))
            if path.is_file() and self.layout.handoff_dir not in path.parents
        }
