"""What a run of the checker has to say, as plain values that can be sent, stored and printed.

Rows and columns are 1-based here, columns count characters, and ends are exclusive: what editors
and CI systems expect.  In a notebook, rows count from the first line of the cell.
"""

from __future__ import annotations

import os
import sys

from flake8_runsdir.record import Record


class Excerpt(Record):
    """Some lines of a source, without their line ends.

    ``row`` is the row of the first of them; ``skipped`` is how many characters have been cut off
    at the left of each, so that a line of megabytes is quoted where it matters.
    """

    row: int
    lines: tuple[str, ...]
    skipped: int = 0


class Edit(Record):
    """A replacement of a stretch of the source by a text."""

    content: str
    row: int
    column: int
    end_row: int
    end_column: int


class Fix(Record):
    """What would resolve a finding; ``applicability`` is ``safe``, ``unsafe`` or ``display``.

    ``excerpts`` are the rows that the edits change and their neighbours, in order.
    """

    applicability: str
    message: str
    edits: tuple[Edit, ...]
    excerpts: tuple[Excerpt, ...] = ()


class Located(Record):
    """A diagnostic of one file.

    ``path`` is absolute (or ``-``, the standard input); bytes in it that are no text stand as
    surrogates, as ``os.fsdecode`` leaves them.  ``noqa_row`` is the row at whose end a ``noqa``
    comment would suppress it; ``cell`` is the number of the notebook's cell, 1-based.
    ``obstacle`` says what stands in the way of a fix, where there is none and it is known.
    ``fingerprint`` names what stands there, wherever that is; it is empty for a file that was not
    checked.
    """

    path: str
    row: int
    column: int
    end_row: int
    end_column: int
    code: str
    name: str
    message: str
    noqa_row: int
    cell: int | None = None
    excerpt: Excerpt = Excerpt(1, ())
    fix: Fix | None = None
    obstacle: str = ""
    fingerprint: str = ""

    @property
    def line(self) -> str:
        """The line that it begins on, as far as it is quoted."""
        index = self.row - self.excerpt.row
        lines = self.excerpt.lines
        return lines[index].strip() if 0 <= index < len(lines) else ""


def portable(path: str) -> str:
    """Return a path with the surrogates that it would have if names of files were UTF-8.

    In an old locale they are not, and the same run would print other bytes.
    """
    if sys.getfilesystemencoding() == "utf-8":
        return path
    return os.fsencode(path).decode("utf-8", "surrogateescape")


class Repair(Record):
    """What fixes did to a file, or would do: how many of each rule, as (code, name, number).

    ``diff`` holds the hunks of the change as a unified diff, where one was asked for.
    """

    path: str
    counts: tuple[tuple[str, str, int], ...]
    diff: str = ""


class Report(Record):
    """The outcome of a run: the diagnostics in order, and how many files they are about.

    ``warnings`` are sentences about comments that do not mean what they seem to; ``repairs`` are
    the files that were fixed, in order, with what is left of their diagnostics among the findings;
    ``recorded`` is how many more a baseline holds.
    """

    findings: tuple[Located, ...]
    checked: int
    unchecked: int
    warnings: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    recorded: int = 0


class Style(Record):
    """How a report is to look: relative to which directory, in colour, without summaries.

    ``unsafe_fixes`` says whether unsafe fixes are applied too, and so count as fixes; ``None`` says
    that they are not, but that the reader should know of them.  ``show_fixes`` says whether what
    was fixed is listed.
    """

    cwd: str
    color: bool = False
    quiet: bool = False
    unsafe_fixes: bool | None = None
    show_fixes: bool = False
