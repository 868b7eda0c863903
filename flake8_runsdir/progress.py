"""A progress bar on the terminal, for runs that take longer than a second."""

from __future__ import annotations

import sys
from time import monotonic

from flake8_runsdir import console

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_PATIENCE, _PAUSE = 1.0, 0.1


class Progress:
    """Counts what has been done out of ``total``; called with every number of further files.

    It is drawn only where it is wanted and the standard error is a terminal.
    """

    def __init__(self, total: int, is_wanted: bool = True) -> None:
        self._total = total
        self._done = 0
        self._is_wanted = is_wanted and console.is_terminal(sys.stderr)
        self._next = monotonic() + _PATIENCE
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __call__(self, count: int) -> None:
        """Count files that have been begun, and draw the bar if it is time to."""
        self._done += count
        if not self._is_wanted or monotonic() < self._next:
            return
        self._next = monotonic() + _PAUSE
        if self._bar is None:
            self._start()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done)
            self._bar.refresh()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        self._is_wanted = False

    def _start(self) -> None:
        try:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        except ImportError:
            self._is_wanted = False
            return
        # Nothing is drawn between two calls: a thread would be in the way of new processes.
        columns = (TextColumn("Checking"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
        terminal = Console(stderr=True)
        self._bar = Progress(*columns, console=terminal, auto_refresh=False, transient=True)
        self._bar.start()
        self._task = self._bar.add_task("", total=self._total)
