"""What earlier phases of a run made, as context for the next prompt.

A phase that is done has a summary, which costs a fraction of the tokens of the files themselves.
The loader sends the summary where it finds one and falls back to the files where it does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autopack.json_files import write_json


@dataclass(frozen=True)
class LoadedContext:
    """The context of a prompt, and how much of it came from summaries."""

    text: str
    summaries: int

    @property
    def tokens(self) -> int:
        """Estimate what the context costs."""
        return len(self.text) // 4


class ArtifactLoader:
    """Loads the artifacts of one run of a project.

    `project_dir` is the directory the supervisor was pointed at, `workspace` the run's copy of it.
    """

    def __init__(self, project_dir: Path, workspace: Path, run_id: str, project_id: str) -> None:
        self.workspace = workspace
        self.run_id = run_id
        self.run_dir = project_dir / ".autonomous_runs" / run_id
        self.cache_dir = project_dir / ".autonomous_runs" / project_id / "artifact_cache"

    def load(self, phases: Mapping[str, Sequence[str]]) -> LoadedContext:
        """Return the context that the files of the given phases make, and keep it for later."""
        parts = []
        sources = {}
        for phase_id, files in phases.items():
            summary = self.run_dir / "phases" / f"{phase_id}.md"
            if summary.is_file():
                parts.append(summary.read_text(encoding="utf-8"))
                sources[phase_id] = "summary"
            else:
                parts += [(self.workspace / name).read_text(encoding="utf-8") for name in files]
                sources[phase_id] = "files"
        context = LoadedContext("\n".join(parts), list(sources.values()).count("summary"))
        self._keep(context, sources)
        return context

    def _keep(self, context: LoadedContext, sources: Mapping[str, str]) -> None:
        index = {"sources": sources, "tokens": context.tokens}
        write_json(self.run_dir / "artifact_index.json", index)
        write_json(self.cache_dir / f"{self.run_id}.json", {"context": context.text})
