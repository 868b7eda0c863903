"""Rows and columns, as reports give them."""

from __future__ import annotations

from typing import NamedTuple

from flake8_runsdir.report import Edit, Located


class Region(NamedTuple):
    """A stretch of a file: rows and columns are 1-based, columns in characters, ends exclusive."""

    row: int
    column: int
    end_row: int
    end_column: int


def place(found: Located) -> str:
    """Return where a finding begins: ``row:column``, in a notebook ``cell 2:row:column``."""
    start = f"{found.row}:{found.column}"
    return start if found.cell is None else f"cell {found.cell}:{start}"


def region(found: Located) -> Region:
    """Return where a finding stands in its file, for readers that do not know of cells.

    That is the first character of a notebook, whose text is not that of its cells.
    """
    if found.cell is not None:
        return Region(1, 1, 1, 1)
    return Region(found.row, found.column, found.end_row, found.end_column)


def replaced(edit: Edit) -> Region:
    """Return what an edit replaces."""
    return Region(edit.row, edit.column, edit.end_row, edit.end_column)
