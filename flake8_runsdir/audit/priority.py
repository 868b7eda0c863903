"""How much depends on a place that must be fixed: by a table of globs, and by where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from flake8_runsdir import globs
from flake8_runsdir.audit.inventory import Place, Priority

#: A word of a line: a name, or a component of a path.
_WORD = re.compile(r"[\w.-]+")
#: The table's key for files whose places are one step lower.
_LOWER_KEY = "LOWER"
_LOWER = {Priority.HIGH: Priority.MEDIUM, Priority.MEDIUM: Priority.LOW}
#: What a place is that no entry speaks of.
_DEFAULT = Priority.MEDIUM
_KEPT_WORDS = 4096


class Priorities:
    """A table of priorities.

    It has globs for each priority, by its name, and those of ``LOWER`` for files whose places are
    one step lower than others; upper and lower case are the same.  ``names`` are what stands at a
    place of the runs directory: its names, the accessor and the variables.
    """

    def __init__(self, table: Sequence[tuple[str, Sequence[str]]], names: Sequence[str]) -> None:
        self._lower = [glob for key, patterns in table if key == _LOWER_KEY for glob in patterns]
        self._table = [
            (Priority(key), glob)
            for key, patterns in table
            if key != _LOWER_KEY
            for glob in patterns
        ]
        self._names = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
        self._of_word = lru_cache(maxsize=_KEPT_WORDS)(self._asked)

    def decide(self, place: Place) -> tuple[Priority, str]:
        """Return the priority of a place, and which entry of the table decided.

        Globs of paths come first.  The others are asked about the name of the file, the
        directories that it is in, the words of the source line (those behind the mention first)
        and the functions around it; the first word that matches one decides.
        """
        priority, entry = self._undiminished(place)
        for glob in self._lower:
            if priority in _LOWER and _matches(glob, place.path):
                return _LOWER[priority], f"{entry}, one step lower by {glob}"
        return priority, entry

    def _undiminished(self, place: Place) -> tuple[Priority, str]:
        for priority, glob in self._table:
            if "/" in glob and _matches(glob, place.path):
                return priority, glob
        for word in self._words(place):
            found = self._of_word(word)
            if found is not None:
                return found[0], f"{found[1]} ({word})"
        return _DEFAULT, "no entry"

    def _asked(self, word: str) -> tuple[Priority, str] | None:
        """Return what the table says of a word that is no path."""
        for priority, glob in self._table:
            if "/" not in glob and _matches(glob, word):
                return priority, glob
        return None

    def _words(self, place: Place) -> Iterator[str]:
        """Yield the words around a place, the most telling first."""
        yield from reversed(place.path.split("/"))
        name = self._names.search(place.source)
        before, behind = name.span() if name is not None else (0, 0)
        yield from _WORD.findall(place.source[behind:])
        yield from reversed(_WORD.findall(place.source[:before]))
        yield from reversed(place.context.split("."))


def _matches(glob: str, text: str) -> bool:
    matches = globs.matches_path if "/" in glob else globs.matches_name
    return matches(glob.lower(), text.lower())
