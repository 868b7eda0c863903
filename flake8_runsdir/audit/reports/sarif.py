"""An audit as SARIF 2.1.0: what must be fixed as failures, all other places for information.

The level of a failure is its priority; what a comment or the allowlist lets stay is suppressed.
After a comparison with an earlier audit, failures have a ``baselineState`` (3.27.24), and what has
been fixed is there as it was, as ``absent``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flake8_runsdir import __version__
from flake8_runsdir.audit.inventory import (
    MUST_FIX,
    HistoryPoint,
    Inventory,
    Place,
    Priority,
    Status,
)
from flake8_runsdir.audit.reports import outline
from flake8_runsdir.emit import ascii_json
from flake8_runsdir.emit.inert import shown, well_formed
from flake8_runsdir.emit.paths import relative_uri
from flake8_runsdir.emit.sarif import RESULTS, ROOT, SCHEMA, described
from flake8_runsdir.report import Style

_LEVELS = {Priority.HIGH: "error", Priority.MEDIUM: "warning", Priority.LOW: "note"}
_STATES = {"new": "new", "fixed": "absent", "moved": "updated", "remaining": "unchanged"}
_SUPPRESSIONS = {Status.SUPPRESSED: "inSource", Status.ALLOWED: "external"}


class _Index(NamedTuple):
    """Where the files and the rules of the places stand in their lists, in order."""

    artifacts: dict[str, int]
    rules: dict[str, int]


def emit(inventory: Inventory, _: Style, __: Sequence[HistoryPoint]) -> Iterator[str]:
    """Yield one run, result by result."""
    index = _Index({}, {})
    rules: list[dict[str, object]] = []
    comparison = inventory.comparison
    places = [*inventory.places, *(() if comparison is None else comparison.fixed)]
    for place in places:
        index.artifacts.setdefault(place.path, len(index.artifacts))
        if _rule(place) not in index.rules:
            index.rules[_rule(place)] = len(rules)
            rules.append(_descriptor(place))
    driver = {
        "name": "runsdir audit",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": rules,
    }
    run: dict[str, object] = {
        "tool": {"driver": driver},
        "invocations": [_invocation(inventory)],
        "originalUriBaseIds": {ROOT: {"description": {"text": "the root of the audit"}}},
        "artifacts": [{"location": _artifact(path)} for path in index.artifacts],
        "columnKind": "unicodeCodePoints",
        "results": [],
    }
    if comparison is not None:
        run["properties"] = {"since": well_formed(comparison.since)}
    document = ascii_json.indented({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})
    head, key, tail = document.rpartition(RESULTS)
    yield head + key[:-2]
    changes = outline.changed(comparison)
    results = (_result(place, changes.get(place, ""), index) for place in places)
    yield from ascii_json.array(results, depth=6)
    yield tail + "\n"


def _rule(place: Place) -> str:
    return outline.rule(place) or place.status.value


def _descriptor(place: Place) -> dict[str, object]:
    if outline.rule(place):
        return described(place.code, place.name)
    meaning = outline.MEANINGS[place.status]
    return {"id": place.status.value, "shortDescription": {"text": meaning}}


def _invocation(inventory: Inventory) -> dict[str, object]:
    notifications = [
        {
            "level": "error",
            "message": {"text": f"not looked into: {_text(file.reason)}"},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(file.path)}}],
        }
        for file in inventory.unread
    ]
    return {
        "executionSuccessful": not inventory.unread,
        "toolExecutionNotifications": notifications,
    }


def _result(place: Place, change: str, index: _Index) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": _rule(place),
        "ruleIndex": index.rules[_rule(place)],
        "kind": _kind(place),
        "level": _level(place),
        "message": {"text": _text(f"{place.status.value}: {place.reason}")},
        "locations": [_location(place, index)],
        "properties": _properties(place),
    }
    if change:
        result["baselineState"] = _STATES[change]
    if place.fingerprint:
        result["partialFingerprints"] = {"runsdirPlace/v1": well_formed(place.fingerprint)}
    if place.status in _SUPPRESSIONS:
        kind = _SUPPRESSIONS[place.status]
        result["suppressions"] = [{"kind": kind, "justification": _text(place.reason)}]
    return result


def _kind(place: Place) -> str:
    """Return the kind of a result; only failures may have a level."""
    if place.status in (*MUST_FIX, *_SUPPRESSIONS):
        return "fail"
    return "pass" if place.status is Status.FIXED else "informational"


def _level(place: Place) -> str:
    if place.status in MUST_FIX:
        return _LEVELS.get(place.priority, "warning")
    return "note" if place.status in _SUPPRESSIONS else "none"


def _properties(place: Place) -> dict[str, object]:
    values = {
        "status": place.status.value,
        "priority": place.priority.value,
        "decidedBy": place.decided_by,
        "kind": place.kind,
        "role": place.role,
        "language": place.language,
        "instead": place.instead,
    }
    return {key: well_formed(value) for key, value in values.items() if value}


def _text(text: str) -> str:
    """Return a message as viewers show it: ``[text](target)`` would become a link."""
    return shown(text).replace("](", "] (")


def _location(place: Place, index: _Index) -> dict[str, object]:
    artifact = {**_artifact(place.path), "index": index.artifacts[place.path]}
    in_cell = place.cell is not None
    region: dict[str, object] = {
        "startLine": 1 if in_cell else place.row,
        "startColumn": 1 if in_cell else place.column,
    }
    if not in_cell and place.source:
        region["snippet"] = {"text": outline.excerpt(place)}
    location: dict[str, object] = {
        "physicalLocation": {"artifactLocation": artifact, "region": region}
    }
    names = (outline.position(place) if in_cell else "", shown(place.context))
    logical = [{"fullyQualifiedName": name} for name in names if name]
    if logical:
        location["logicalLocations"] = logical
    return location


def _artifact(path: str) -> dict[str, object]:
    return {"uri": relative_uri(path), "uriBaseId": ROOT}
