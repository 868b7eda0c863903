"""One file under audit, as far as it is known before it is read."""

from __future__ import annotations

from typing import NamedTuple

from flake8_runsdir.needles import Needles
from flake8_runsdir.settings import Settings

#: How much of a line is shown, and how much of that before a place in a longer one: characters.
WIDTH, LEAD = 240, 80


class Subject(NamedTuple):
    """A file: ``path`` is absolute, ``name`` relative to the root of the inventory, with slashes.

    ``needles`` are those of the settings, made once.
    """

    path: str
    name: str
    settings: Settings
    needles: Needles


def shown(text: str, start: int, end: int, offset: int) -> str:
    """Return the line from ``start`` to ``end`` without indentation, or a part of a long one.

    ``offset`` is the place in it that is to be seen.
    """
    if end - start > WIDTH:
        start = max(start, offset - LEAD)
        end = min(end, start + WIDTH)
    return text[start:end].strip()
