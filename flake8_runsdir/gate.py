"""The gate in front of the files of a tree: bytes in, and whether they are worth being decoded.

Most files of a tree hold nothing of interest, so nearly all time of a run is spent here.  The gate
asks for a handful of *cores* by ``bytes.find``: texts of which every needle, and every telling half
of one, holds at least one.  It promises what :meth:`Needles.may_occur` promises for the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from flake8_runsdir.decoding import is_plain
from flake8_runsdir.needles import Needles

#: An escape sequence that may stand for a character of a needle.
_ESCAPE = re.compile(rb"\\[xuUN0-7]")
_SHORTEST_CORE = 5


class Gate:
    """The gate of one configuration; ``further`` are texts that open it as well."""

    def __init__(self, needles: Needles, further: Iterable[str] = ()) -> None:
        self._needles = needles
        self._is_blind = not all(text.isascii() for text in needles.telling)
        self._cores = [core.encode("utf-8") for core in cores(needles.telling)]
        self._further = [text.encode("utf-8") for text in further]
        broken = needles.broken.encode("ascii", "ignore")
        self._broken = re.compile(broken) if broken else None

    def opens(self, data: bytes | bytearray, size: int) -> bool:
        """Tell whether the first ``size`` bytes are worth a closer look.

        ``False`` promises that the text, whatever its encoding, holds nothing to be found.
        """
        if self._is_blind or not is_plain(data, size):
            return True
        for core in self._further:
            if data.find(core, 0, size) >= 0:
                return True
        for core in self._cores:
            if data.find(core, 0, size) >= 0:
                # Latin-1 gives every byte a character, and what is looked for is ASCII.
                return self._needles.may_occur(data[:size].decode("latin-1"))
        if self._broken is not None and self._broken.search(data, 0, size) is not None:
            return True
        if data.find(b"\\", 0, size) < 0 or _ESCAPE.search(data, 0, size) is None:
            return False
        return self._needles.may_hide(data[:size].decode("latin-1"))


def cores(texts: Iterable[str]) -> list[str]:
    """Return a few texts so that each of the given ones holds one of them: the fewest, greedily."""
    left = sorted(set(texts))
    found = []
    while left:
        candidates = {part for text in left for part in _parts(text)}
        best = max(
            candidates,
            key=lambda part: (sum(part in text for text in left), len(part), part),
        )
        found.append(best)
        left = [text for text in left if best not in text]
    return found


def _parts(text: str) -> Iterable[str]:
    """Yield the stretches of a text that are long enough to be rare."""
    shortest = min(_SHORTEST_CORE, len(text))
    for length in range(shortest, len(text) + 1):
        for start in range(len(text) - length + 1):
            yield text[start : start + length]
