"""A prompt with which a person takes over a run in an editor."""

from __future__ import annotations

import re
from collections.abc import Sequence

RUN_PATH = re.compile(r"\.autonomous_runs[/\\]([^/\\\s]+)")


def generate_cursor_prompt(run_id: str, phases: Sequence[str], notes: Sequence[str]) -> str:
    """Return the prompt as Markdown; paths of runs in the notes are cut down to the run's id.

    Example:
        >>> prompt = generate_cursor_prompt("my-run", ["plan"], [])
        >>> Path(".autonomous_runs/my-run/handoff/cursor_prompt.md").write_text(prompt)
    """
    done = "\n".join(f"- {phase}" for phase in phases) or "- nothing"
    shortened = [RUN_PATH.sub(r"run \1", note) for note in notes]
    remarks = "\n".join(f"- {note}" for note in shortened) or "- none"
    return f"# Take over {run_id}\n\n## Done\n\n{done}\n\n## Notes\n\n{remarks}\n"
