"""What the reports have in common: places in groups, their numbers, and how they are shown.

All texts that are returned are harmless to a terminal and stand on one line.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from flake8_runsdir.audit.inventory import (
    MUST_FIX,
    Comparison,
    Inventory,
    Place,
    Priority,
    Status,
)
from flake8_runsdir.emit.cells import CUT, displayed
from flake8_runsdir.emit.inert import beginning, shown

#: What a status means, as a sentence of a report.
MEANINGS: Mapping[Status, str] = MappingProxyType(
    {
        Status.CRITICAL: "a runtime path that does not ask the settings",
        Status.SHARED: "a file that all runs write under the same path",
        Status.BYPASS: "the environment is read past the settings",
        Status.MATCH: "compared or searched for; nothing is stored there",
        Status.DATA: "carried as a payload",
        Status.DEFINITION: "the default is written down here",
        Status.SUPPRESSED: "a comment says that it is to stay",
        Status.ALLOWED: "the allowlist says that it is to stay",
        Status.DOCUMENTATION: "comments, docstrings, messages and documents",
        Status.MIGRATION: "historical changes of a schema or of data",
        Status.BACKUP: "copies that are no active code",
        Status.GENERATED: "made by a program",
        Status.LOG: "what a program has left behind",
        Status.FIXED: "asks the settings",
    }
)
#: How the names of files end that are checked, unless the configuration says otherwise.
_CHECKED = (".py", ".pyi", ".ipynb")
_URGENCY = {priority: rank for rank, priority in enumerate(Priority)}
#: How many characters of a source line, and how many lines of a fix, are shown.
_WIDEST = 160
_LONGEST = 12


class File(NamedTuple):
    """The places of one file, in order."""

    path: str
    places: tuple[Place, ...]

    @property
    def priority(self) -> Priority:
        """The highest priority of a place in the file."""
        return min((place.priority for place in self.places), key=_URGENCY.__getitem__)


class Phase(NamedTuple):
    """A step on the way to no hard-coded paths: what it is, how it is done, what it is about."""

    title: str
    command: str
    places: tuple[Place, ...]


class Change(NamedTuple):
    """What has happened to some places since an earlier audit, in a word, and which these are.

    ``origins`` says where each of them was, if that is another place.
    """

    title: str
    places: tuple[Place, ...]
    origins: tuple[str, ...] = ()


class Totals(NamedTuple):
    """The numbers of an inventory.

    ``mentioning`` counts the files with a mention; ``statuses`` and ``priorities`` count places,
    the latter only those that must be fixed, and hold every status and every real priority.
    """

    mentions: int
    mentioning: int
    must_fix: int
    safe: int
    fixed: int
    statuses: Mapping[Status, int]
    priorities: Mapping[Priority, int]


def must_fix(inventory: Inventory) -> list[Place]:
    """Return the places that must be fixed, the most urgent first."""
    return by_urgency(place for place in inventory.places if place.status in MUST_FIX)


def already_fixed(inventory: Inventory) -> list[Place]:
    """Return the places that use the accessor."""
    return [place for place in inventory.places if place.status is Status.FIXED]


def safe_to_leave(inventory: Inventory) -> dict[Status, list[Place]]:
    """Return the other places, by status."""
    groups: dict[Status, list[Place]] = {
        status: [] for status in Status if status not in (*MUST_FIX, Status.FIXED)
    }
    for place in inventory.places:
        if place.status in groups:
            groups[place.status].append(place)
    return {status: places for status, places in groups.items() if places}


def by_urgency(places: Iterable[Place]) -> list[Place]:
    """Return places with the highest priority first, else in their order."""
    return sorted(places, key=lambda place: _URGENCY[place.priority])


def by_file(places: Iterable[Place]) -> list[File]:
    """Return places grouped by file: the most urgent file first, then by path, row and column."""
    ordered = sorted(places, key=order)
    groups = groupby(ordered, key=lambda place: place.path)
    files = [File(path, tuple(group)) for path, group in groups]
    return sorted(files, key=lambda file: _URGENCY[file.priority])


def phases(inventory: Inventory) -> list[Phase]:
    """Return the steps in which the places should be fixed; only those with anything to do."""
    found: dict[str, list[Place]] = {"safe": [], "unsafe": [], "": []}
    for place in must_fix(inventory):
        kind = place.applicability if rule(place) else ""
        found[kind if kind in found else ""].append(place)
    steps = (
        Phase("Safe fixes", "runsdir check --fix", tuple(found["safe"])),
        Phase("Unsafe fixes", "runsdir check --fix --unsafe-fixes", tuple(found["unsafe"])),
        Phase("By hand", "", tuple(found[""])),
    )
    return [step for step in steps if step.places]


def changes(comparison: Comparison) -> list[Change]:
    """Return what has happened to the places that must be fixed; all kinds, in a fixed order."""
    origins = tuple(location(before) for before, _ in comparison.moved)
    return [
        Change("new", comparison.new),
        Change("fixed", comparison.fixed),
        Change("moved", tuple(after for _, after in comparison.moved), origins),
        Change("remaining", comparison.remaining),
    ]


def changed(comparison: Comparison | None) -> dict[Place, str]:
    """Return what has happened to places since an earlier audit, in a word, as far as is known.

    Those that are ``fixed`` are places of then, all others of now.
    """
    kinds = [] if comparison is None else changes(comparison)
    return {place: kind.title for kind in kinds for place in kind.places}


def totals(inventory: Inventory) -> Totals:
    """Return the numbers of an inventory."""
    mentions = [place for place in inventory.places if place.kind == "mention"]
    found: Counter[Status] = Counter()
    urgent: Counter[Priority] = Counter()
    for place in inventory.places:
        found[place.status] += place.mentions
        urgent[place.priority] += place.mentions if place.status in MUST_FIX else 0
    wrong = sum(found[status] for status in MUST_FIX)
    return Totals(
        mentions=number(mentions),
        mentioning=len({place.path for place in mentions}),
        must_fix=wrong,
        safe=sum(found.values()) - wrong - found[Status.FIXED],
        fixed=found[Status.FIXED],
        statuses={status: found[status] for status in Status},
        priorities={level: urgent[level] for level in Priority if level is not Priority.NONE},
    )


def number(places: Iterable[Place]) -> int:
    """Return how many places there are, with those that the last one of a huge file stands for."""
    return sum(place.mentions for place in places)


def is_checked(place: Place) -> bool:
    """Tell whether ``runsdir check`` looks at a place: Python, in files that it finds by name."""
    return place.language == "Python" and place.path.endswith(_CHECKED)


def rule(place: Place) -> str:
    """Return the code of the rule by which a place is reported; empty if none does."""
    return place.code if is_checked(place) else ""


def order(place: Place) -> tuple[str, int, int, int]:
    """Return where a place stands among all places of an inventory."""
    return place.path, place.cell or 0, place.row, place.column


def location(place: Place) -> str:
    """Return ``path:row:column``, or ``path:cell 2:row:column`` in a notebook."""
    return f"{name(place.path)}:{position(place)}"


def position(place: Place) -> str:
    """Return ``row:column``, or ``cell 2:row:column`` in a notebook."""
    cell = "" if place.cell is None else f"cell {place.cell}:"
    return f"{cell}{place.row}:{place.column}"


def name(path: str) -> str:
    """Return the name of a file as it is shown, even at the beginning of a line."""
    return beginning(shown(path))


def excerpt(place: Place) -> str:
    """Return the source line of a place without its indentation; of a long one, a part."""
    text = place.source.strip()
    if len(text) <= _WIDEST:
        return displayed(text)
    indentation = len(place.source) - len(place.source.lstrip())
    start = max(0, min(place.column - 1 - indentation - _WIDEST // 3, len(text) - _WIDEST))
    end = start + _WIDEST
    return (CUT if start else "") + displayed(text[start:end]) + (CUT if end < len(text) else "")


def replacement(place: Place) -> list[str]:
    """Return the lines of what is to be written instead, as far as that is known."""
    lines = textwrap.dedent(place.instead).strip("\r\n").splitlines()
    if len(lines) > _LONGEST:
        lines = [*lines[:_LONGEST], CUT]
    return [
        displayed(line[:_WIDEST]) + (CUT if len(line) > _WIDEST else "") for line in lines if line
    ]
