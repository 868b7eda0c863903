"""What the path of a file and the configuration say about the places in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flake8_runsdir.audit.inventory import MUST_FIX, REPORTED, Place, Status
from flake8_runsdir.audit.priority import Priorities
from flake8_runsdir.config import Pattern
from flake8_runsdir.settings import Settings

#: Why places in files of a kind are left alone.
_REASONS = {
    Status.BACKUP: "a backup, which is not active code",
    Status.MIGRATION: "a migration: it is about what was, and safe to leave",
    Status.GENERATED: "made by a program",
    Status.LOG: "left behind by a program",
    Status.DOCUMENTATION: "documentation",
}


class _Verdict(NamedTuple):
    """What a file is taken for, and the entry of the table that says so."""

    status: Status
    entry: str

    @property
    def reason(self) -> str:
        """The verdict in words."""
        return f"{_REASONS[self.status]} (`{self.entry}`)"


class Policy:
    """What one set of settings says about places.  Raises as ``Settings.rules`` does."""

    def __init__(self, settings: Settings) -> None:
        config = settings.config
        self._config = config
        self._exemptions = settings.exemptions()
        self._patterns = [
            (Status(status), Pattern(glob, settings.statuses_base))
            for status, globs in settings.statuses
            for glob in globs
        ]
        names = (*config.names, *config.env_vars, config.accessor.expression)
        self._priorities = Priorities(settings.priorities, names)

    def apply(self, path: str, places: Iterable[Place]) -> Iterator[Place]:
        """Yield the places of one file with their final statuses and priorities.

        ``path`` is absolute.
        """
        found = list(places)
        if not found:
            return
        verdict, allowed = self._verdict(path, found[0].path), self._config.allows(path)
        for place in found:
            is_new = verdict is not None and verdict.status is not place.status
            if verdict is not None and (is_new or verdict.status is Status.LOG):
                place = _settled(place, verdict.status, verdict.reason)
            elif place.status in REPORTED:
                place = self._allowed(path, place, allowed)
            yield self._weighed(place)

    def _verdict(self, path: str, name: str) -> _Verdict | None:
        """Return what a file is taken for; ``name`` is its path below the root of the audit.

        What stands in the runs directory itself has been left behind by a run.
        """
        for status, pattern in self._patterns:
            if pattern.matches(path):
                return _Verdict(status, pattern.glob)
        for own in self._config.names:
            if f"/{own}/" in f"/{name}":
                return _Verdict(Status.LOG, own)
        return None

    def _allowed(self, path: str, place: Place, pattern: Pattern | None) -> Place:
        """Return a place as the allowlist and the ignored rules of its file leave it."""
        if pattern is not None:
            return _settled(place, Status.ALLOWED, f"`allow` has `{pattern.glob}`")
        for exemption in self._exemptions:
            if place.code and exemption.covers(place.code, path):
                glob = f"{'!' if exemption.negated else ''}{exemption.pattern.glob}"
                reason = f"`per-file-ignores` has `{glob}` for {place.code}"
                return _settled(place, Status.ALLOWED, reason)
        return place

    def _weighed(self, place: Place) -> Place:
        if place.status not in MUST_FIX:
            return place
        priority, entry = self._priorities.decide(place)
        return place._replace(priority=priority, decided_by=entry)


def _settled(place: Place, status: Status, reason: str) -> Place:
    return place._replace(status=status, reason=reason, instead="", applicability="")
