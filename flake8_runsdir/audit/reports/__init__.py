"""Reports of an audit: pure functions of an inventory, one module a format.

Every format is a module with a function ``emit``, which yields the text in pieces; only the module
that is asked for is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module

from flake8_runsdir.audit.inventory import HistoryPoint, Inventory
from flake8_runsdir.options import AUDIT_FORMATS
from flake8_runsdir.report import Style


def render(
    name: str, inventory: Inventory, style: Style, history: Sequence[HistoryPoint] = ()
) -> Iterator[str]:
    """Return a report in a format of :data:`~flake8_runsdir.options.AUDIT_FORMATS`, in pieces.

    The same arguments give the same text; ``text`` also depends on the width of the terminal, and
    is the only one that depends on the style.  The history, oldest point first, is in ``html`` and
    ``json``.  Raises ``ValueError`` for other formats.
    """
    if name not in AUDIT_FORMATS:
        raise ValueError(f"unknown format: {name!a}")
    module = import_module(f"{__name__}.{name}")
    pieces: Iterator[str] = module.emit(inventory, style, history)
    return pieces
