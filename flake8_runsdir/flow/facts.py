"""What the analysis found out about one source: frozen, and free of syntax trees."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from flake8_runsdir.diagnostic import NO_REMEDY, Remedy, Span


class Role(Enum):
    """What becomes of a mention."""

    PATH = "path"
    DEFINITION = "definition"
    ENVIRONMENT = "environment"
    MATCH = "match"
    DATA = "data"
    TEXT = "text"
    DOC = "doc"


@dataclass(frozen=True)
class Mention:
    """A literal or a comment in which a name of the runs directory stands as a whole component.

    ``name`` is the mentioned name as configured.  ``ENVIRONMENT`` is the role of a literal default
    inside a read of the environment variable, which is reported as one with that read.
    """

    span: Span
    name: str
    role: Role
    remedy: Remedy = field(default=NO_REMEDY, compare=False)


@dataclass(frozen=True)
class SharedFile:
    """A file below the runs directory whose path says nothing about the run.

    ``path`` holds the components below the runs directory, joined by slashes, with a ``*`` for what
    is not known.  ``scope`` is an identifier in scope there that would tell the runs apart, or "".
    """

    span: Span
    path: str
    scope: str


@dataclass(frozen=True)
class EnvironmentRead:
    """A read of a variable that configures the runs directory, outside a definition."""

    span: Span
    variable: str
    remedy: Remedy = field(default=NO_REMEDY, compare=False)


@dataclass(frozen=True)
class FrozenAccess:
    """An evaluation of the accessor while the module is imported; ``where`` says in what."""

    span: Span
    where: str


@dataclass(frozen=True)
class Flow:
    """All facts about one source, each group in the order of the text."""

    mentions: tuple[Mention, ...] = ()
    shared_files: tuple[SharedFile, ...] = ()
    environment_reads: tuple[EnvironmentRead, ...] = ()
    frozen_accesses: tuple[FrozenAccess, ...] = ()
