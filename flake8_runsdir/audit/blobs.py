"""What git keeps, read through one long conversation, without a checkout."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from subprocess import PIPE, Popen

from flake8_runsdir import git

#: How much is read at a time, in bytes; how long a header is at most.
_CHUNK = 1 << 18
_LONGEST_HEADER = 200
#: The seconds in which git must say something.
_PATIENCE = 60.0
_HEADER = re.compile(rb"[0-9a-f]+ (?P<kind>[a-z]+) (?P<size>[0-9]{1,18})")


class LostError(Exception):
    """An object that git does not have, or cannot read; the message says which."""


class Blobs:
    """The blobs of a repository, in the order in which they are asked for.

    Every process that asks has a git of its own, so it can be taken along into a fork.
    """

    def __init__(self, program: str, top: str) -> None:
        self._program = program
        self._top = top
        self._owner = 0
        self._process: Popen[bytes] | None = None
        #: How many bytes of the last answer are still to come.
        self._left = 0
        self._buffer = b""

    def chunks(self, blob: str) -> Iterator[bytes]:
        """Yield the bytes of a blob, by its id; what is not asked for is passed by.

        Raises :class:`LostError`.
        """
        self._begin(blob)
        while self._left > 1:
            data = self._take(self._left - 1)
            self._left -= len(data)
            yield data

    def close(self) -> None:
        """End the conversation."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            stop(process)

    def _begin(self, blob: str) -> None:
        """Ask for a blob and read the header of the answer."""
        process = self._opened()
        try:
            while self._left:
                self._left -= len(self._take(self._left))
            assert process.stdin is not None
            process.stdin.write(blob.encode("ascii") + b"\n")
            header = self._line()
        except OSError:
            header = b""
        found = _HEADER.fullmatch(header)
        if found is None or found["kind"] != b"blob":
            if not header.endswith(b" missing"):
                self.close()
            raise LostError(f"git does not have the object {blob}")
        self._left = int(found["size"]) + 1  # a line end follows

    def _opened(self) -> Popen[bytes]:
        if self._process is None or self._owner != os.getpid():
            self._owner, self._left, self._buffer = os.getpid(), 0, b""
            question = ("cat-file", "--batch")
            self._process = git.converse(self._program, self._top, question, PIPE)
        return self._process

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n") and len(line) < _LONGEST_HEADER:
            line += self._take(1)
        return line.rstrip(b"\n")

    def _take(self, most: int) -> bytes:
        """Return what comes next.  Raises :class:`LostError` if that is nothing."""
        if not self._buffer and self._process is not None:
            self._buffer = answered(self._process)
        data, self._buffer = self._buffer[:most], self._buffer[most:]
        if not data:
            self.close()
            raise LostError("git has ended or does not answer")
        return data


def answered(process: Popen[bytes]) -> bytes:
    """Return the next bytes that a process says; none at its end, or if it takes too long."""
    assert process.stdout is not None
    if os.name != "nt":
        from select import select

        if not select([process.stdout], (), (), _PATIENCE)[0]:
            process.kill()
            return b""
    return os.read(process.stdout.fileno(), _CHUNK)


def stop(process: Popen[bytes]) -> int:
    """End a process and return its exit code: it may have ended by itself before."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    return process.wait()
