"""A mention in a text that is no Python with all that is known of it, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Callable, NamedTuple

from flake8_runsdir.audit.inventory import Status
from flake8_runsdir.audit.languages import Kind, Language, Token

#: Languages of commands, and of programs.
COMMAND_KINDS = (Kind.SHELL, Kind.MAKE, Kind.DOCKER, Kind.BATCH, Kind.POWERSHELL)
PROGRAM_KINDS = (Kind.SCRIPT, Kind.CODE)


#: Options that leave something out, as far as they are alike everywhere.
LEAVES_OUT = r"--?(?:[a-z]+-)*(?:exclude|ignore|skip|omit)"
#: How the name ends of a file that says what is left out.
_OF_A_FILE = re.compile(r"(?:^|_|[a-z])(?:[fF]ile|FILE|[fF]rom|FROM)\Z")


class Spot(NamedTuple):
    """A mention and what is around it.

    ``path`` is that of the file; ``left`` and ``right`` are the parts of the line around the
    ``mention``, or as much of them as counts; ``section`` is the part of the file.  ``rows`` yields
    the lines above, the nearest first.  ``keys`` are the keys that the mention stands under, the
    nearest first, where the whole file has been read for them; elsewhere ``None``.
    """

    path: str
    language: Language
    token: Token | None
    left: str
    mention: str
    right: str
    rows: Callable[[], Iterator[str]]
    section: str = ""
    keys: Sequence[str] | None = None


class Usage(NamedTuple):
    """A judgement: a role, a status, the reason, and what to write instead, if that is known."""

    role: str
    status: Status
    reason: str
    instead: str = ""


def match(reason: str) -> Usage:
    """Return what a mention is that something is compared with, searched for or left out by."""
    return Usage("match", Status.MATCH, reason)


def text(reason: str) -> Usage:
    """Return what a mention is that people are to read."""
    return Usage("text", Status.DOCUMENTATION, reason)


def data(reason: str) -> Usage:
    """Return what a mention is of which nobody can say what becomes of it."""
    return Usage("data", Status.DATA, reason)


def path(reason: str, instead: str = "") -> Usage:
    """Return what a mention is that leads to a file."""
    return Usage("path", Status.CRITICAL, reason, instead)


def names_a_file(name: str) -> bool:
    """Tell whether a name is that of a file which says what is left out: `exclude_from`."""
    return _OF_A_FILE.search(name) is not None
