"""Standard output and standard error: the one place that writes to them.

Reports are UTF-8 in every locale, so that the same run gives the same bytes everywhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from flake8_runsdir.options import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

#: How much is collected before it is written.
_BLOCK = 1 << 16


class OutputError(Exception):
    """Output that could not be written: on a full disk, for example."""


def write(texts: Iterable[str], path: str = "") -> None:
    """Write texts to a file, or to the standard output.

    A reader of the standard output that has gone is no error.  Raises :class:`OutputError`.
    """
    try:
        if path:
            os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
            with open(path, "wb") as file:
                _write(texts, file)
        else:
            _write(texts, sys.stdout.buffer)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        abandon()
    except OSError as error:
        if not path:
            abandon()
        where = quoted(path) if path else "the output"
        raise OutputError(f"cannot write {where}: {error.strerror}") from None


def write_bytes(data: bytes) -> None:
    """Write bytes to the standard output as they are.  Errors are those of :func:`write`."""
    write([data.decode("utf-8", "surrogateescape")])


def tell(message: str) -> None:
    """Write a line to the standard error, with all that is not printable escaped."""
    try:
        sys.stderr.write(quoted(message).encode("ascii", "backslashreplace").decode("ascii") + "\n")
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        return  # there is nobody left to tell


def abandon() -> None:
    """Let what is still buffered go nowhere, or Python complains about it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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


def has_color(choice: str, path: str) -> bool:
    """Tell whether a report is to be coloured: as asked, by the environment, or on a terminal."""
    if choice != "auto":
        return choice == "always"
    if path:
        return False
    environment = os.environ
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        if environment.get(name, "0") not in ("", "0"):
            return True
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()
