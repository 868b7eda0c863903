"""Files read without being waited for and without surprises: regular ones, and no more of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)
_USUAL = 1 << 18


class UnreadableError(Exception):
    """A file that cannot be read; the message says why."""


class MissingError(UnreadableError):
    """A file that does not exist."""


def beginning(path: str, size: int, follow: bool = True) -> bytes:
    """Return what a regular file begins with: at most so many bytes.

    Unless ``follow`` is true, a link is not followed.  Raises :class:`UnreadableError`.
    """
    descriptor = _opened(path, 0 if follow else getattr(os, "O_NOFOLLOW", 0))
    try:
        _check_regular(os.fstat(descriptor))
        return os.read(descriptor, size)
    except OSError as error:
        raise UnreadableError(_reason(error)) from None
    finally:
        os.close(descriptor)


def chunks(path: str, size: int) -> Iterator[bytes]:
    """Yield all of a regular file, at most so many bytes at a time; a link is not followed.

    Raises :class:`UnreadableError`.
    """
    descriptor = _opened(path, getattr(os, "O_NOFOLLOW", 0))
    try:
        _check_regular(os.fstat(descriptor))
        while data := os.read(descriptor, size):
            yield data
    except OSError as error:
        raise UnreadableError(_reason(error)) from None
    finally:
        os.close(descriptor)


class Reader:
    """Reads one file after the other into a buffer of its own."""

    def __init__(self) -> None:
        self.buffer = bytearray(_USUAL)

    def read(self, path: str, limit: int) -> int:
        """Read a file into the buffer and return the number of bytes.

        Raises :class:`UnreadableError` if it is no regular file, has more than ``limit`` bytes, or
        the system says no.
        """
        descriptor = _opened(path)
        try:
            return self._fill(descriptor, limit)
        except OSError as error:
            raise UnreadableError(_reason(error)) from None
        finally:
            os.close(descriptor)

    def _fill(self, descriptor: int, limit: int) -> int:
        status = os.fstat(descriptor)
        _check_regular(status)
        # The size is a hint: the files of /proc have none, and others grow.
        if status.st_size >= len(self.buffer):
            self.buffer = bytearray(min(status.st_size, limit) + 2)
        view = memoryview(self.buffer)
        size = 0
        while size <= limit and (count := _read(descriptor, view[size:])):
            size += count
            if 0 < status.st_size <= size < len(view):
                break
            if size == len(view):
                self.buffer = self.buffer + bytes(len(view))
                view = memoryview(self.buffer)
        if size > limit:
            raise UnreadableError(f"larger than {limit} bytes")
        return size


def _opened(path: str, flags: int = 0) -> int:
    try:
        return os.open(path, _FLAGS | flags)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingError(_reason(error)) from None
    except (OSError, ValueError) as error:
        raise UnreadableError(_reason(error)) from None


def _check_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError("not a regular file")


def _reason(error: OSError | ValueError) -> str:
    """Return the system's own words."""
    return getattr(error, "strerror", None) or str(error)


if hasattr(os, "readv"):

    def _read(descriptor: int, view: memoryview) -> int:
        return os.readv(descriptor, [view])

else:

    def _read(descriptor: int, view: memoryview) -> int:
        data = os.read(descriptor, len(view))
        view[: len(data)] = data
        return len(data)
