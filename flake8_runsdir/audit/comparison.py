"""Two inventories of a project, compared by what stands at their places and not by their rows."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Sequence
from typing import Callable

from flake8_runsdir.audit.fingerprints import condensed
from flake8_runsdir.audit.inventory import MUST_FIX, Comparison, Place

#: What tells that two places are the same one, the surest first.
_KEYS: tuple[Callable[[Place], Hashable], ...] = (
    lambda place: place.fingerprint,
    lambda place: tuple(place.fingerprint.split(".")[:2]),
    lambda place: place.fingerprint.split(".", 1)[0],
    lambda place: (place.path, place.kind, place.context, condensed(place.source)),
    lambda place: (place.kind, condensed(place.source)),
)


def compare(since: str, before: Iterable[Place], after: Iterable[Place]) -> Comparison:
    """Return what has become of the places that must be fixed.

    Each place of then is matched with one of now at most, so what has been copied is new.
    """
    gone = [place for place in before if place.status in MUST_FIX]
    new = [place for place in after if place.status in MUST_FIX]
    pairs: list[tuple[Place, Place]] = []
    for key in _KEYS:
        gone, new = _matched(gone, new, key, pairs)
    pairs.sort(key=lambda pair: (pair[1].path.split("/"), pair[1].cell or 0, pair[1][1:3]))
    return Comparison(
        since,
        new=tuple(new),
        fixed=tuple(gone),
        moved=tuple((old, now) for old, now in pairs if _where(old) != _where(now)),
        remaining=tuple(now for old, now in pairs if _where(old) == _where(now)),
    )


def _matched(
    gone: Sequence[Place],
    new: Sequence[Place],
    key: Callable[[Place], Hashable],
    pairs: list[tuple[Place, Place]],
) -> tuple[list[Place], list[Place]]:
    """Add pairs of places with the same key; return what is left of both sides, in order."""
    waiting: defaultdict[Hashable, deque[Place]] = defaultdict(deque)
    for place in gone:
        waiting[key(place)].append(place)
    left = []
    for place in new:
        candidates = waiting[key(place)]
        if candidates:
            pairs.append((candidates.popleft(), place))
        else:
            left.append(place)
    known = {id(old) for old, _ in pairs}
    return [place for place in gone if id(place) not in known], left


def _where(place: Place) -> tuple[str, str]:
    return place.path, place.context
