"""An audit for the terminal: what must be fixed as a table, and the rest in numbers."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator, Sequence

from rich.box import ROUNDED, SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from flake8_runsdir.audit.inventory import (
    MUST_FIX,
    Comparison,
    HistoryPoint,
    Inventory,
    Place,
    Priority,
    Status,
)
from flake8_runsdir.audit.reports import outline
from flake8_runsdir.emit.inert import shown
from flake8_runsdir.emit.summary import counted
from flake8_runsdir.report import Style

#: How wide a report is that goes to no terminal, and how narrow one can be, in cells.
_WIDTH, _NARROWEST = 120, 40
#: How many places are listed; to lay out many more would take minutes.
_MOST = 1_000
_COLORS = {Priority.HIGH: "bold red", Priority.MEDIUM: "yellow", Priority.LOW: "cyan"}


def emit(inventory: Inventory, style: Style, _: Sequence[HistoryPoint]) -> Iterator[str]:
    """Yield the report as wide as the terminal."""
    width = max(_NARROWEST, shutil.get_terminal_size((_WIDTH, 24)).columns)
    for block in _blocks(inventory):
        yield _printed(block, width, style)


def _blocks(inventory: Inventory) -> Iterator[RenderableType]:
    if outline.must_fix(inventory):
        yield from _urgent(inventory)
    if inventory.places:
        yield _counts(inventory)
    for file in inventory.unread[:_MOST]:
        yield Text(f"not looked into: {outline.name(file.path)}: {shown(file.reason)}")
    if len(inventory.unread) > _MOST:
        yield Text(f"... and {len(inventory.unread) - _MOST} more not looked into")
    yield from _summary(inventory)


def _urgent(inventory: Inventory) -> Iterator[RenderableType]:
    places = outline.must_fix(inventory)
    new = frozenset(inventory.comparison.new if inventory.comparison else ())
    table = Table(box=ROUNDED, expand=True, show_lines=True)
    table.add_column("Priority", no_wrap=True)
    table.add_column("Place, source, what to write instead, and why", overflow="fold", ratio=1)
    for place in places[:_MOST]:
        label = Text(place.priority.value, _COLORS.get(place.priority, ""))
        label.append(f"\n{place.status.value}", "default")
        label.append("\nnew" if place in new else "", "bold red")
        table.add_row(label, _described(place))
    yield table
    if len(places) > _MOST:
        yield Text(f"... and {outline.number(places[_MOST:])} more; the format json has all")


def _described(place: Place) -> Text:
    text = Text()
    text.append(outline.location(place), "bold")
    text.append(f" in {shown(place.context)}\n" if place.context else "\n")
    text.append(f"- {outline.excerpt(place)}\n", "red")
    for line in outline.replacement(place):
        text.append(f"+ {line}\n", "green")
    return text.append(shown(place.reason), "dim")


def _counts(inventory: Inventory) -> Table:
    """Return a table of the statuses that occur."""
    numbers = outline.totals(inventory).statuses
    table = Table(box=SIMPLE_HEAD, show_footer=True)
    table.add_column("Status", "total", no_wrap=True)
    table.add_column("Places", str(outline.number(inventory.places)), justify="right")
    table.add_column("Files", _files(inventory, Status), justify="right")
    table.add_column("What it is", overflow="fold")
    for status, count in numbers.items():
        if count:
            color = "red" if status in MUST_FIX else "green" if status is Status.FIXED else ""
            files = _files(inventory, (status,))
            table.add_row(Text(status.value, color), str(count), files, outline.MEANINGS[status])
    return table


def _files(inventory: Inventory, statuses: Iterable[Status]) -> str:
    wanted = frozenset(statuses)
    return str(len({place.path for place in inventory.places if place.status in wanted}))


def _summary(inventory: Inventory) -> Iterator[Text]:
    numbers = outline.totals(inventory)
    levels = ", ".join(f"{count} {level.value}" for level, count in numbers.priorities.items())
    if numbers.must_fix:
        line = f"{counted(numbers.must_fix, 'place')} must be fixed ({levels}), "
    else:
        line = "Nothing must be fixed, "
    line += f"{numbers.safe} safe to leave, {numbers.fixed} already right."
    yield Text(line, "bold red" if numbers.must_fix else "bold green")
    if inventory.comparison is not None:
        yield _progress(inventory.comparison)
    looked = f"{counted(inventory.files, 'text file')} looked into, {inventory.binary} binary"
    not_read = f", {len(inventory.unread)} not read" if inventory.unread else ""
    mentions = f"{counted(numbers.mentions, 'mention')} in {counted(numbers.mentioning, 'file')}"
    yield Text(f"{looked}{not_read}; {mentions}.")


def _progress(comparison: Comparison) -> Text:
    counts = (
        f"{outline.number(change.places)} {change.title}" for change in outline.changes(comparison)
    )
    return Text(f"Since {shown(comparison.since)}: {', '.join(counts)}.")


def _printed(block: RenderableType, width: int, style: Style) -> str:
    console = Console(
        file=io.StringIO(),
        force_terminal=style.color,
        color_system="standard" if style.color else None,
        no_color=not style.color,
        legacy_windows=False,
        width=width,
        markup=False,
        emoji=False,
        highlight=False,
    )
    with console.capture() as capture:
        console.print(block)
    lines = capture.get().split("\n")
    return "\n".join(line.rstrip(" ") for line in lines)
