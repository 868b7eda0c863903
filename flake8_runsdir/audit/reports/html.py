"""An audit as one page that needs nothing else: no script, no network, no other file.

What scripts would do, the style sheet does: every row has a rank for each key to sort by, and the
controls that are checked decide, through ``:has()``, which rank counts and which rows are shown.
So the page can forbid everything but its own style sheet, which it names by its hash.  Texts from
outside are escaped twice: for the reader (nothing invisible in them), then for HTML.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from flake8_runsdir import __version__
from flake8_runsdir.audit.inventory import (
    MUST_FIX,
    Comparison,
    HistoryPoint,
    Inventory,
    Place,
    Priority,
    Status,
)
from flake8_runsdir.audit.own import GENERATOR
from flake8_runsdir.audit.reports import burndown, outline
from flake8_runsdir.emit.inert import shown
from flake8_runsdir.report import Style

#: How many places have a row, and how many files can be chosen: browsers would become slow.
_MOST_ROWS = 3_000
_MOST_FILES = 300
#: How many places of one kind of change are listed.
_MOST_CHANGES = 100
_RANKS = {status: rank for rank, status in enumerate(Status)}
#: What rows can be sorted by: the key, and what it is called.  They stand in the first order.
_KEYS: Mapping[str, str] = MappingProxyType(
    {"priority": "Priority", "file": "File", "status": "Status", "language": "Language"}
)


class Bar(NamedTuple):
    """A bar of a chart: its class, its label, its number, its length in percent, what it means."""

    css: str
    label: str
    number: int
    length: str
    meaning: str = ""


class Choice(NamedTuple):
    """Something by which rows can be chosen: its identifier, its label, how many rows have it."""

    key: str
    label: str
    number: int


class ListedChange(NamedTuple):
    """A kind of change, its number, and for some of the places: where, from where, and the line."""

    title: str
    number: int
    listed: list[tuple[str, str, str]]


class Row(NamedTuple):
    """A place as a row of the table; ``source`` is split where the name of the directory stands.

    ``rule`` is the code of the rule that reports the place, if one does.
    """

    number: int
    css: str
    place: Place
    rule: str
    position: str
    source: tuple[str, ...]
    instead: tuple[str, ...]


def emit(inventory: Inventory, _: Style, history: Sequence[HistoryPoint]) -> Iterator[str]:
    """Yield the page."""
    places = _ordered(inventory)[:_MOST_ROWS]
    paths = _choices("f", (place.path for place in places))[:_MOST_FILES]
    languages = _choices("l", (place.language for place in places))
    sheet = "\n".join((_text("template.css"), *_rules(places, paths, languages)))
    digest = b64encode(sha256(sheet.encode("utf-8")).digest()).decode("ascii")
    numbers = outline.totals(inventory)
    wrong = numbers.must_fix
    environment = Environment(
        autoescape=True,
        finalize=_finalized,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    yield from environment.from_string(_text("template.html")).generate(
        inventory=inventory,
        generator=GENERATOR,
        version=__version__,
        sheet=Markup(sheet),  # noqa: S704 - there are only names and numbers of ours in it
        digest=digest,
        numbers=numbers,
        done=_percent(numbers.fixed, numbers.fixed + wrong) if numbers.fixed + wrong else "100",
        statuses=_status_bars(numbers),
        priorities=_priority_bars(numbers),
        changes=[] if inventory.comparison is None else _changes(inventory.comparison),
        plot=burndown.plot(history),
        canvas=burndown,
        points=history,
        keys=_KEYS,
        shown_statuses=_present((place.status for place in places), Status),
        shown_priorities=_present((place.priority for place in places), Priority),
        paths=paths,
        languages=languages,
        rows=_rows(inventory, places, paths, languages),
        listed=len(places),
        hidden=outline.number(inventory.places) - outline.number(places),
    )


def _changes(comparison: Comparison) -> list[ListedChange]:
    """Return what has changed; what has not is only counted."""
    found = []
    for change in outline.changes(comparison):
        origins = change.origins or ("",) * len(change.places)
        pairs = zip(map(outline.location, change.places), origins)
        excerpts = map(outline.excerpt, change.places)
        listed = [(*pair, excerpt) for pair, excerpt in zip(pairs, excerpts)]
        count = outline.number(change.places)
        most = 0 if change.title == "remaining" else _MOST_CHANGES
        found.append(ListedChange(change.title, count, listed[:most]))
    return found


def _text(name: str) -> str:
    """Return a file of this package."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _finalized(value: object) -> object:
    """Return what stands for a value: texts from outside hold nothing invisible."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _ordered(inventory: Inventory) -> list[Place]:
    """Return all places as the page lists them: what must be fixed, then status by status."""
    rest = [place for place in inventory.places if place.status not in MUST_FIX]
    rest.sort(key=lambda place: _RANKS[place.status])
    return [*outline.must_fix(inventory), *rest]


def _choices(prefix: str, values: Iterable[str]) -> list[Choice]:
    """Return the different values, sorted, each with an identifier that any value may have."""
    counts = sorted(Counter(values).items())
    return [Choice(f"{prefix}{index}", *count) for index, count in enumerate(counts)]


def _present(
    found: Iterable[Status | Priority], known: Iterable[Status | Priority]
) -> list[Choice]:
    counts = Counter(found)
    return [
        Choice(value.value.lower(), value.value, counts[value])
        for value in known
        if counts[value] and value.value
    ]


def _rules(
    places: Sequence[Place], paths: Iterable[Choice], languages: Iterable[Choice]
) -> Iterator[str]:
    """Yield the rules that sort and filter: all of names and numbers that are ours."""
    for key in _KEYS:
        yield f"main:has(#sort-{key}:checked) tbody tr{{order:var(--{key})}}"
        checked = f"main:has(#sort-{key}:checked):has(#reversed:checked)"
        yield f"{checked} tbody tr{{order:calc(-1*var(--{key}))}}"
    values = [value.value.lower() for value in (*Status, *Priority) if value.value]
    for value in values:
        yield f"main:has(#show-{value}:not(:checked)) tbody tr.{value}{{display:none}}"
    for choice in (*paths, *languages):
        chosen = f'main:has(option[value="{choice.key}"]:checked)'
        yield f"{chosen} tbody tr:not(.{choice.key}){{display:none}}"
    ranks = {key: _ranked(places, key) for key in _KEYS}
    for index in range(len(places)):
        yield f"#r{index}{{" + ";".join(f"--{key}:{ranks[key][index]}" for key in _KEYS) + "}"


def _ranked(places: Sequence[Place], key: str) -> dict[int, int]:
    """Return the rank of each place, by its index, when they are sorted by a key."""
    order: list[int] = list(range(len(places)))
    if key == "file":
        order.sort(key=lambda index: outline.order(places[index]))
    elif key == "status":
        order.sort(key=lambda index: _RANKS[places[index].status])
    elif key == "language":
        order.sort(key=lambda index: places[index].language)
    return {index: rank for rank, index in enumerate(order)}


def _rows(
    inventory: Inventory,
    places: Iterable[Place],
    paths: Iterable[Choice],
    languages: Iterable[Choice],
) -> Iterator[Row]:
    keys = {choice.label: choice.key for choice in paths}
    names = {choice.label: choice.key for choice in languages}
    for number, place in enumerate(places):
        priority = place.priority.value.lower()
        classes = (place.status.value, priority, keys.get(place.path, ""), names[place.language])
        source = outline.excerpt(place)
        is_marked = inventory.name and place.kind == "mention"
        pieces = source.split(inventory.name) if is_marked else [source]
        yield Row(
            number,
            " ".join(filter(None, classes)),
            place,
            outline.rule(place),
            outline.position(place),
            tuple(pieces),
            tuple(outline.replacement(place)),
        )


def _status_bars(numbers: outline.Totals) -> list[Bar]:
    highest = max(numbers.statuses.values())
    return [
        Bar(status.value, status.value, count, _percent(count, highest), outline.MEANINGS[status])
        for status, count in numbers.statuses.items()
        if count
    ]


def _priority_bars(numbers: outline.Totals) -> list[Bar]:
    highest = max(numbers.priorities.values())
    return [
        Bar(level.value.lower(), level.value, count, _percent(count, highest))
        for level, count in numbers.priorities.items()
    ]


def _percent(count: int, total: int) -> str:
    return f"{100 * count / total:.4g}" if total else "0"
