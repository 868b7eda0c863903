"""Dangerous work, done in a process that may die of it."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

#: Python's own parser dies of some sources; those take more bytes than this.
DANGEROUS = 128 << 10
#: Whether this system has what :mod:`flake8_runsdir.pool` is made of.
CAN_FORK = hasattr(os, "fork")


class DeathError(Exception):
    """A process has died of its work; the message says in which manner."""


def sheltered(size: int, work: Callable[[], Any]) -> Any:
    """Return what ``work`` on so many bytes of source returns.

    Large sources are worked on in another process, if there can be one: then the answer has been
    through JSON, and an error is a death.  Raises :class:`DeathError`.
    """
    if size < DANGEROUS or not CAN_FORK:
        return work()
    from flake8_runsdir import pool

    outcome = pool.alone(lambda _, __: [work()])
    if outcome.died:
        raise DeathError(outcome.died)
    return outcome.value[0]
