"""What an audit finds, as plain values that can be stored, compared and reported."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple


class Status(Enum):
    """What a place is, and so what has to be done about it."""

    CRITICAL = "critical"  # a runtime path (RUN001)
    SHARED = "shared"  # a file that all runs write (RUN002), where the root is the accessor
    BYPASS = "bypass"  # the variable is read past the settings (RUN003)
    MATCH = "match"  # compared or searched for (RUN101)
    DATA = "data"  # carried as a payload (RUN102)
    DEFINITION = "definition"  # where the default is written down
    SUPPRESSED = "suppressed"  # a comment says that it is to stay
    ALLOWED = "allowed"  # the allowlist says so
    DOCUMENTATION = "documentation"  # comments, docstrings, messages, Markdown
    MIGRATION = "migration"  # historical, and safe to leave
    BACKUP = "backup"  # not active code
    GENERATED = "generated"  # made by a program
    LOG = "log"  # what a program has left behind
    FIXED = "fixed"  # a place that uses the accessor


#: What must be fixed, in the order of a report; all other statuses are safe to leave, or right.
MUST_FIX = (Status.CRITICAL, Status.SHARED, Status.BYPASS)
#: What rules report, and so what a comment or the allowlist can let stay.
REPORTED = (*MUST_FIX, Status.MATCH, Status.DATA)


class Priority(Enum):
    """How much depends on a place that must be fixed."""

    HIGH = "HIGH"  # every run goes through it
    MEDIUM = "MEDIUM"  # persistence, learning, telemetry
    LOW = "LOW"  # debugging
    NONE = ""  # there is nothing to do


class Place(NamedTuple):
    """One place in a project.

    ``path`` is relative to the root of the inventory, with slashes; ``row`` and ``column`` are
    1-based, columns count characters.  In a notebook, ``cell`` is the number of the cell (1-based)
    and rows count from its first one.  ``kind`` is ``mention``, ``read`` (of the environment),
    ``accessor``, or ``file`` (one that all runs write, where what leads to it stands elsewhere):
    every mention in the project is one place of the first kind, exactly once.
    ``code`` and ``name`` are those of the rule that speaks of such places, if there is one.
    ``context`` is the enclosing function (``Class.method``) or the section (of a Markdown file).
    ``reason`` says why the place has its status, ``decided_by`` which entry of a table gave the
    priority.  ``instead`` is the line as it should be, or the part of it around the place, if that
    is known, and ``applicability`` how safe it is (``safe``, ``unsafe``, ``display``, or empty
    where there is none).  ``fingerprint`` is the same
    for the same place in another version of the project, wherever its lines have moved.
    ``mentions`` is the number of them that the place stands for: one, but in a file with very many
    of them (a large log) the last place that is kept stands for the rest: memory is bounded.
    """

    path: str
    row: int
    column: int
    kind: str
    language: str
    role: str
    status: Status
    reason: str
    priority: Priority = Priority.NONE
    decided_by: str = ""
    code: str = ""
    name: str = ""
    source: str = ""
    context: str = ""
    instead: str = ""
    applicability: str = ""
    fingerprint: str = ""
    cell: int | None = None
    mentions: int = 1


class Unread(NamedTuple):
    """A file that was not looked into, and why."""

    path: str
    reason: str


class Comparison(NamedTuple):
    """What has become of the places that must be fixed, since an earlier inventory.

    ``since`` is what that was called.  ``fixed`` are places of then, without any among those of
    now; ``moved`` are pairs of a place of then and one of now, in another file or function;
    ``remaining`` are places of now that have stayed where they were, in whichever row.
    """

    since: str
    new: tuple[Place, ...] = ()
    fixed: tuple[Place, ...] = ()
    moved: tuple[tuple[Place, Place], ...] = ()
    remaining: tuple[Place, ...] = ()


class Inventory(NamedTuple):
    """All places of a project, in the order of paths, rows and columns.

    ``root`` is a name for the project, ``date`` (``YYYY-MM-DD``) is given by the caller, so that
    the same tree gives the same inventory; ``files`` counts the text files that were looked into,
    ``binary`` those that are no text.  ``variable`` is the environment variable that names the
    directory, as far as there is one, and ``name`` its default name.  ``comparison`` is the one
    with an earlier inventory, if it was wanted.
    """

    root: str
    date: str
    files: int
    binary: int
    places: tuple[Place, ...] = ()
    unread: tuple[Unread, ...] = ()
    variable: str = ""
    name: str = ""
    comparison: Comparison | None = None


class HistoryPoint(NamedTuple):
    """How many places of each status a commit had; the first in a history is the oldest.

    ``date`` (``YYYY-MM-DD``) is that of the commit; a status without places may be left out.
    """

    commit: str
    date: str
    counts: Mapping[Status, int]
