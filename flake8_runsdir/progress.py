"""A progress bar on the terminal, for runs that take longer than a second."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_PATIENCE, _PAUSE = 1.0, 0.1


class Progress:
    """Counts what has been done out of ``total``; called with every number of further files."""

    def __init__(self, total: int, is_wanted: bool = True) -> None:
        self._total = total
        self._done = 0
        self._is_wanted = is_wanted and sys.stderr.isatty()
        self._next = monotonic() + _PATIENCE
        self._bar: tuple[Bar, TaskID] | None = None

    def __call__(self, count: int) -> None:
        """Count files that have been begun, and draw the bar if it is time to."""
        self._done += count
        if not self._is_wanted or monotonic() < self._next:
            return
        self._next = monotonic() + _PAUSE
        bar, task = self._bar or self._start()
        bar.update(task, completed=self._done)
        bar.refresh()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar[0].stop()
            self._bar = None

    def _start(self) -> tuple[Bar, TaskID]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        # Nothing is drawn between two calls: a thread would be in the way of new processes.
        columns = (TextColumn("Checking"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
        bar = Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True)
        bar.start()
        self._bar = bar, bar.add_task("", total=self._total)
        return self._bar
