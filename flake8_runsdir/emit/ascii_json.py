"""JSON in ASCII, whatever the texts in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from flake8_runsdir.emit.inert import without_commands


def indented(value: object) -> str:
    """Return a value as JSON over several lines, two blanks deep."""
    return without_commands(json.dumps(value, indent=2), r"\u0023")


def compact(value: object) -> str:
    """Return a value as JSON on one line."""
    return without_commands(json.dumps(value, separators=(",", ":")), r"\u0023")


def array(values: Iterable[object], depth: int = 0) -> Iterator[str]:
    """Yield an array over several lines, value by value; ``depth`` is its own, in blanks."""
    line = "\n" + " " * depth
    opening = "["
    for value in values:
        yield f"{opening}{line}  " + indented(value).replace("\n", f"{line}  ")
        opening = ","
    yield "[]" if opening == "[" else f"{line}]"
