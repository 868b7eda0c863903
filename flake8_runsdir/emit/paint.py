"""Colours of the terminal."""

from __future__ import annotations

from flake8_runsdir.record import Record

BOLD = "\x1b[1m"
UNDERLINED = "\x1b[4m"
CYAN = "\x1b[36m"
RED = "\x1b[1m\x1b[31m"
DIM_RED = "\x1b[31m"
DIM_GREEN = "\x1b[32m"
GREEN = "\x1b[1m\x1b[32m"
PASSED = "\x1b[1;32m"
COUNTED = "\x1b[1;31m"
BRIGHT_RED = "\x1b[1m\x1b[91m"
BRIGHT_BLUE = "\x1b[1m\x1b[94m"
BRIGHT_CYAN = "\x1b[1m\x1b[96m"
YELLOW = "\x1b[1m\x1b[33m"
_RESET = "\x1b[0m"


class Paint(Record):
    """Paints texts, or leaves them plain."""

    color: bool

    def __call__(self, text: str, color: str) -> str:
        """Return a text in one of the colours of this module."""
        return f"{color}{text}{_RESET}" if self.color else text
