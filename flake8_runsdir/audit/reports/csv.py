"""An audit as a table for spreadsheets: RFC 4180, one place a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from flake8_runsdir.audit.inventory import HistoryPoint, Inventory, Place
from flake8_runsdir.audit.reports import outline
from flake8_runsdir.emit.inert import shown
from flake8_runsdir.report import Style

#: The columns: fields of a place, and what has happened to it since an earlier audit.  No text from
#: outside stands first in a line.
COLUMNS = (
    *("status", "priority", "path", "cell", "row", "column", "kind", "language", "role", "code"),
    *(
        "context",
        "source",
        "instead",
        "applicability",
        "reason",
        "decided_by",
        "fingerprint",
        "mentions",
        "change",
    ),
)
#: What makes a spreadsheet take a text for a formula.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def emit(inventory: Inventory, _: Style, __: Sequence[HistoryPoint]) -> Iterator[str]:
    """Yield the names of the columns, and a line for every place."""
    changes = outline.changed(inventory.comparison)
    yield _line(COLUMNS)
    for place in inventory.places:
        yield _line(_cells(place, changes.get(place, "")))


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _cells(place: Place, change: str) -> list[str]:
    values = {
        **place._asdict(),
        "status": place.status.value,
        "priority": place.priority.value,
        "cell": "" if place.cell is None else place.cell,
        "change": change,
    }
    return [_inert(str(values[column])) for column in COLUMNS]


def _inert(text: str) -> str:
    """Return a text that a spreadsheet shows as it is: an apostrophe stands before a formula."""
    text = shown(text.strip())
    return f"'{text}" if text.startswith(_FORMULA) else text
