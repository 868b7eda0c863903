"""An audit as JSON: all of it, for programs and for a later comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flake8_runsdir import __version__
from flake8_runsdir.audit.inventory import Comparison, HistoryPoint, Inventory, Place
from flake8_runsdir.audit.reports import outline
from flake8_runsdir.emit import ascii_json
from flake8_runsdir.report import Style

#: The version of the document: another one where a key is gone or means something else.
VERSION = 1
#: Where the places are filled in: no text in JSON can look like this.
_PLACES = '"places": []'


def emit(inventory: Inventory, _: Style, history: Sequence[HistoryPoint]) -> Iterator[str]:
    """Yield the document, place by place."""
    document: dict[str, object] = {
        "version": VERSION,
        "tool": {"name": "runsdir", "version": __version__},
        "root": inventory.root,
        "date": inventory.date,
        "name": inventory.name,
        "variable": inventory.variable,
        "totals": _totals(inventory),
        "comparison": inventory.comparison and _comparison(inventory.comparison),
        "history": [_point(point) for point in history],
        "unread": [{"path": file.path, "reason": file.reason} for file in inventory.unread],
        "places": [],
    }
    head, key, tail = ascii_json.indented(document).rpartition(_PLACES)
    yield head + key[:-2]
    yield from ascii_json.array(map(_record, inventory.places), depth=2)
    yield tail + "\n"


def _totals(inventory: Inventory) -> dict[str, object]:
    numbers = outline.totals(inventory)
    return {
        "files": inventory.files,
        "binary": inventory.binary,
        "unread": len(inventory.unread),
        "mentions": numbers.mentions,
        "files_with_mentions": numbers.mentioning,
        "must_fix": numbers.must_fix,
        "safe_to_leave": numbers.safe,
        "fixed": numbers.fixed,
        "statuses": {status.value: count for status, count in numbers.statuses.items()},
        "priorities": {level.value: count for level, count in numbers.priorities.items()},
    }


def _comparison(comparison: Comparison) -> dict[str, object]:
    changes = outline.changes(comparison)
    moved = [{"from": _record(old), "to": _record(new)} for old, new in comparison.moved]
    return {
        "since": comparison.since,
        "totals": {change.title: outline.number(change.places) for change in changes},
        "new": [_record(place) for place in comparison.new],
        "fixed": [_record(place) for place in comparison.fixed],
        "moved": moved,
        "remaining": [_record(place) for place in comparison.remaining],
    }


def _point(point: HistoryPoint) -> dict[str, object]:
    counts = {status.value: count for status, count in point.counts.items()}
    return {"commit": point.commit, "date": point.date, "statuses": counts}


def _record(place: Place) -> dict[str, object]:
    """Return a place under the names of its fields."""
    return {**place._asdict(), "status": place.status.value, "priority": place.priority.value}
