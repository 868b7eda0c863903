"""Standard input, output and error: the one place that reads and writes them.

Reports are UTF-8 in every locale, so that the same run gives the same bytes everywhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from flake8_runsdir.options import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO, TextIO

#: How much is collected before it is written.
_BLOCK = 1 << 16


class OutputError(Exception):
    """Output that could not be written: on a full disk, for example."""


def prepare() -> None:
    """Open the null device where the caller has closed a standard stream.

    Else the next file that is opened would take its place, and be taken for it.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def read(limit: int) -> bytes:
    """Return at most ``limit`` bytes of the standard input (all, if it is negative).

    Raises ``OSError``.
    """
    return b"" if sys.stdin is None else sys.stdin.buffer.read(limit)


def write(texts: Iterable[str], path: str = "") -> None:
    """Write texts to a file, or to the standard output.

    A reader of the standard output that has gone is no error.  Raises :class:`OutputError`.
    """
    try:
        if path:
            os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
            with open(path, "wb") as file:
                _write(texts, file)
        elif sys.stdout is not None:
            _write(texts, sys.stdout.buffer)
            sys.stdout.buffer.flush()
    except (OSError, ValueError) as error:
        if not path:
            _abandon(sys.stdout)
            if isinstance(error, BrokenPipeError):
                return
        where = quoted(path) if path else "the output"
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"cannot write {where}: {reason}") from None


def write_bytes(data: bytes) -> None:
    """Write bytes to the standard output as they are.  Errors are those of :func:`write`."""
    write([data.decode("utf-8", "surrogateescape")])


def write_aside(texts: Iterable[str]) -> None:
    """Write texts to the standard error, if anybody reads it."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
            _write(texts, sys.stderr.buffer)
            sys.stderr.buffer.flush()
    except (OSError, ValueError):
        _abandon(sys.stderr)


def tell(message: str) -> None:
    """Write a line to the standard error, with all in it that is not printable escaped."""
    write_aside([quoted(message).encode("ascii", "backslashreplace").decode("ascii") + "\n"])


def has_color(choice: str, path: str, is_aside: bool = False) -> bool:
    """Tell whether a report is to be coloured: as asked, by the environment, or on a terminal.

    ``path`` is the file that it goes to, if it does; else it goes to the standard output, or to
    the standard error (``is_aside``).
    """
    environment = os.environ
    if path or choice != "auto":
        return choice == "always" and not path
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR") or environment.get("CLICOLOR_FORCE"):
        return True
    if environment.get("TERM") == "dumb" or environment.get("CLICOLOR") == "0":
        return False
    return is_terminal(sys.stderr if is_aside else sys.stdout)


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a standard stream is a terminal; it may be closed."""
    return stream is not None and stream.isatty()


def _abandon(stream: TextIO) -> None:
    """Let what is still buffered go nowhere, or Python complains about it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _write(texts: Iterable[str], file: BinaryIO) -> None:
    block: list[str] = []
    size = 0
    for text in texts:
        block.append(text)
        size += len(text)
        if size > _BLOCK:
            file.write("".join(block).encode("utf-8", "surrogateescape"))
            block, size = [], 0
    file.write("".join(block).encode("utf-8", "surrogateescape"))
