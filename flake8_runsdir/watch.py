"""Watch mode: check again whenever one of the files, or what configures them, has changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from time import sleep, strftime
from typing import TYPE_CHECKING, Callable, NoReturn

from flake8_runsdir import console
from flake8_runsdir.emit.summary import counted
from flake8_runsdir.options import ConfigError

if TYPE_CHECKING:
    from flake8_runsdir.checkup import Checkup

_PAUSE = 0.25
_CLEAR = "\x1b[H\x1b[2J\x1b[3J"


def watch(start: Callable[[], Checkup]) -> NoReturn:
    """Check, and check again after every change, until the user has had enough.

    ``start`` makes a new run.  A configuration that is wrong at first ends it: raises
    :class:`ConfigError`.  One that becomes wrong is told of.
    """
    checkup = start()
    state = _state(checkup.watched())
    _check(checkup, "Starting linter in watch mode...")
    while True:
        sleep(_PAUSE)
        try:
            checkup = start()
            now = _state(checkup.watched())
        except ConfigError as error:
            now = _state([*state, str(error)])
            if now != state:
                console.tell(f"runsdir: error: {error}")
        else:
            if now != state:
                _check(checkup, "File change detected...")
        state = now


def _check(checkup: Checkup, reason: str) -> None:
    """Check all files; the screen begins with the reason and the number of findings."""
    clear = _CLEAR if console.is_terminal(sys.stdout) else ""
    _announce(checkup, f"{clear}{_stamped(reason)}")
    report = checkup.report()
    found = counted(len(report.findings), "error")
    _announce(checkup, _stamped(f"Found {found}. Watching for file changes."))
    checkup.print(report, is_quiet=True)


def _announce(checkup: Checkup, text: str) -> None:
    if not (checkup.options.quiet or checkup.options.silent):
        console.write([text])


def _stamped(text: str) -> str:
    return f"[{strftime('%H:%M:%S %p')}] {text}\n\n"


def _state(paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return when each of the files was changed last, and its size."""
    state = {}
    for path in paths:
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            state[path] = (0, 0)
        else:
            state[path] = status.st_mtime_ns, status.st_size
    return state
