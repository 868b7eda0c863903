"""Watch mode: check again whenever one of the files has changed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from time import sleep, strftime
from typing import Callable, NoReturn

from flake8_runsdir import console

_PAUSE = 0.5
_CLEAR = "\x1b[2J\x1b[H"


def watch(check: Callable[[], int], files: Callable[[], Iterable[str]]) -> NoReturn:
    """Check, and check again after every change, until the user has had enough.

    ``files`` lists what is looked at: it may be another list every time.
    """
    seen = None
    while True:
        now = _state(files())
        if now != seen:
            console.write([_CLEAR if os.isatty(1) else ""])
            changed = "Starting linter" if seen is None else "File change detected"
            console.tell(f"[{strftime('%H:%M:%S')}] {changed}...")
            check()
            seen = now
        sleep(_PAUSE)


def _state(paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return when each of the files was changed last, and its size."""
    state = {}
    for path in paths:
        try:
            status = os.stat(path)
        except OSError:
            state[path] = (0, 0)
        else:
            state[path] = status.st_mtime_ns, status.st_size
    return state
