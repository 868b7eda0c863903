"""Repairs of answers that a model cut off in the middle of a JSON value."""

from __future__ import annotations

import json
from pathlib import Path

CLOSERS = {"{": "}", "[": "]"}


def repair_json(text: str) -> str:
    """Close the string, the lists and the objects that are open at the end of `text`.

    Raises json.JSONDecodeError if that does not make it a JSON value.
    """
    closers: list[str] = []
    in_string = escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif in_string:
            escaped = character == "\\"
            in_string = character != '"'
        elif character == '"':
            in_string = True
        elif character in CLOSERS:
            closers.append(CLOSERS[character])
        elif closers and character == closers[-1]:
            closers.pop()
    quote = '"' if in_string else ""
    repaired = text + quote + "".join(reversed(closers))
    json.loads(repaired)
    return repaired


def save_repair_debug(run_id: str, phase_id: str, original: str, repaired: str) -> Path:
    """Keep a repair for later study; return the file that describes it."""
    debug_dir = Path(".autonomous_runs/autopack/debug/repairs")
    debug_dir.mkdir(parents=True, exist_ok=True)
    debug_file = debug_dir / f"{run_id}_{phase_id}.json"
    record = {"original": original, "repaired": repaired, "added": len(repaired) - len(original)}
    debug_file.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return debug_file
