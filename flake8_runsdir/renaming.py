"""What has become of findings where functions or files have been given other names."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

#: How many digits a fingerprint has for the code itself, and for the functions around it.
CODE, FUNCTIONS = 10, 6
#: What more files than that hold does not tell one of them from the others.
_MOST_HOLDERS = 50

#: What names things of one kind.
Thing = tuple[str, ...]
#: How many things of each kind there are in a file, by the path of the file, with slashes.
Holdings = Mapping[str, Mapping[Thing, int]]


class Move(NamedTuple):
    """So many things that have moved from one path to another one."""

    old: str
    new: str
    thing: Thing
    times: int


def code_in(fingerprint: str) -> str:
    """Return what a fingerprint says of the code itself, whatever the functions around it are."""
    return fingerprint[:CODE]


def moves(gone: Holdings, new: Holdings) -> list[Move]:
    """Return what has moved from files that are gone to new ones, each thing once at most.

    The files that share most come first, of those the ones of the same name, then the ones in the
    same directory.  A file may have been taken apart, or put together from several.
    """
    holders: defaultdict[Thing, list[str]] = defaultdict(list)
    for path in sorted(gone, reverse=True):
        for thing in gone[path]:
            holders[thing].append(path)
    removal = _Removal(gone, new)
    shared = _shared(new, holders)
    for old, path in sorted(shared, key=lambda pair: _rank(pair, shared[pair], gone, new)):
        # With the likest one first, what is too common to tell one from others comes along.
        removal.move(old, path, shared[old, path] if path in removal.met else new[path])
    for path in sorted(new):
        for thing in new[path]:
            removal.move_any(holders.get(thing, []), path, thing)
    return removal.moves


class _Removal:
    """A removal that is under way: what is left of files that are gone, and wanted in new ones."""

    def __init__(self, gone: Holdings, new: Holdings) -> None:
        self._left = {path: Counter(things) for path, things in gone.items()}
        self._wanted = {path: Counter(things) for path, things in new.items()}
        self.moves: list[Move] = []
        #: The new files that have been compared with one that is gone.
        self.met: set[str] = set()

    def move(self, old: str, new: str, things: Iterable[Thing]) -> None:
        """Move things from one file to another one, as far as they are there and wanted."""
        self.met.add(new)
        left, wanted = self._left[old], self._wanted[new]
        for thing in things:
            times = min(left[thing], wanted[thing])
            if times:
                left[thing] -= times
                wanted[thing] -= times
                self.moves.append(Move(old, new, thing, times))

    def move_any(self, olds: list[str], new: str, thing: Thing) -> None:
        """Move a thing from whichever files have it, the last first; drop those that have none."""
        while olds and self._wanted[new][thing]:
            self.move(olds[-1], new, [thing])
            if not self._left[olds[-1]][thing]:
                olds.pop()


def _shared(
    new: Holdings, holders: Mapping[Thing, list[str]]
) -> Mapping[tuple[str, str], list[Thing]]:
    """Return what files that are gone and new ones share, as far as it tells them from others."""
    found: defaultdict[tuple[str, str], list[Thing]] = defaultdict(list)
    for path, things in new.items():
        for thing in things:
            olds = holders.get(thing, [])
            for old in olds if len(olds) <= _MOST_HOLDERS else ():
                found[old, path].append(thing)
    return found


def _rank(
    pair: tuple[str, str], shared: Iterable[Thing], gone: Holdings, new: Holdings
) -> tuple[int, bool, bool, tuple[str, str]]:
    """Return what two files are sorted by: the lower, the liker."""
    old, path = pair
    times = sum(min(gone[old][thing], new[path][thing]) for thing in shared)
    has_other_name = posixpath.basename(old) != posixpath.basename(path)
    return -times, has_other_name, posixpath.dirname(old) != posixpath.dirname(path), pair
