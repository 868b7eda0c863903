"""Putting new content into a file so that at every moment it holds the old or the new, whole.

The new content goes to another file of the same directory, which takes the place of the old one
when it is on the disk.  Nobody's changes are overwritten, and nothing outside the project.
"""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Callable

_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
_READ |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
_CREATE |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_MOST_AT_ONCE = 1 << 20


class WriteError(Exception):
    """A file was left as it is; the message says why, in words that could follow its name."""


def replace(path: str, old: bytes, new: bytes, roots: Iterable[str]) -> None:
    """Replace the content of a file, which has to be the old one still.

    A symbolic link stays, and what it leads to is replaced.  The file keeps its owner, its mode
    and its extended attributes.  Signals that would end the process wait until all is done.
    Raises :class:`WriteError`, and then the file is untouched, if it lies outside the ``roots``,
    is not regular, has several names or may not be written, if it is not what it was, or if the
    system refuses.
    """
    target = _target(path, roots)
    try:
        with _signals_waiting():
            _replace(target, old, new)
    except OSError as error:
        raise WriteError(f"cannot be written: {_reason(error)}") from error


def create(path: str, new: bytes) -> None:
    """Put content into a new file, and make the directories above it.

    Raises :class:`WriteError` if there is such a file meanwhile, and if the system refuses.
    """

    def check() -> None:
        if os.path.lexists(path):
            raise WriteError("exists already")

    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with _signals_waiting():
            _put(path, new, 0o666, lambda _: None, check)
    except (OSError, ValueError) as error:
        raise WriteError(f"cannot be written: {_reason(error)}") from error


def check(path: str, old: bytes, roots: Iterable[str]) -> None:
    """Raise :class:`WriteError` if it can be foreseen that :func:`replace` will; write nothing."""
    target = _target(path, roots)
    try:
        _checked(target, old)
    except OSError as error:
        raise WriteError(f"cannot be read: {_reason(error)}") from error


def _target(path: str, roots: Iterable[str]) -> str:
    """Return the real path of a file, which has to lie in one of the directories."""
    target = os.path.realpath(path)
    if not any(_is_inside(target, os.path.realpath(root)) for root in roots):
        raise WriteError("leads out of the project")
    return target


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)


def _is_inside(path: str, root: str) -> bool:
    return path == root or path.startswith(os.path.join(root, ""))


def _checked(path: str, content: bytes) -> os.stat_result:
    """Return the status of a file that may be written and has the content that it should have."""
    status = os.lstat(path)
    _check_kind(status)
    if not os.access(path, os.W_OK):
        raise WriteError("is read-only")
    _check_unchanged(path, status, content)
    return status


def _replace(path: str, old: bytes, new: bytes) -> None:
    before = _checked(path, old)

    def dress(descriptor: int) -> None:
        _copy_owner(descriptor, before)
        _copy_attributes(path, descriptor)

    _put(path, new, 0o600, dress, lambda: _check_unchanged(path, before, old))


def _put(
    path: str, new: bytes, mode: int, dress: Callable[[int], None], check: Callable[[], None]
) -> None:
    """Write a draft, ``dress`` it, and put it in its place if ``check`` raises nothing then."""
    directory = os.path.dirname(path)
    draft = os.path.join(directory, f".runsdir-{os.urandom(8).hex()}.tmp")
    descriptor = os.open(draft, _CREATE, mode)
    try:
        try:
            _write(descriptor, new)
            dress(descriptor)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        check()
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft)
        raise
    _sync_directory(directory)


def _check_kind(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise WriteError("is not a regular file")
    if status.st_nlink > 1:
        raise WriteError("has several names (hard links)")
    if status.st_mode & (stat.S_ISUID | stat.S_ISGID):
        raise WriteError("runs with the rights of its owner or group")
    if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise WriteError("is read-only")


def _check_unchanged(path: str, before: os.stat_result, content: bytes) -> None:
    descriptor = os.open(path, _READ)
    try:
        with open(descriptor, "rb", closefd=False) as file:
            found = file.read(len(content) + 1)
        now = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if found != content or _identity(now) != _identity(before):
        raise WriteError("has been changed meanwhile")


def _identity(status: os.stat_result) -> tuple[int, ...]:
    identity = status.st_dev, status.st_ino, status.st_nlink, status.st_mode
    return *identity, status.st_size, status.st_mtime_ns


def _write(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest[:_MOST_AT_ONCE]) :]


def _copy_owner(descriptor: int, status: os.stat_result) -> None:
    """Give a new file the owner and the mode of the old one."""
    if hasattr(os, "fchown"):
        mine = os.fstat(descriptor)
        if (mine.st_uid, mine.st_gid) != (status.st_uid, status.st_gid):
            os.fchown(descriptor, status.st_uid, status.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


def _copy_attributes(path: str, descriptor: int) -> None:
    """Give a new file the extended attributes of the old one, access control lists among them."""
    if not hasattr(os, "listxattr"):
        return
    try:
        names = os.listxattr(path)
    except OSError:  # a file system without attributes
        return
    given = set(os.listxattr(descriptor))
    for name in names:
        value = os.getxattr(path, name)
        if name not in given or os.getxattr(descriptor, name) != value:
            os.setxattr(descriptor, name, value)


def _sync_directory(directory: str) -> None:
    """Make the new name last; where a directory cannot be synchronised, it lasts soon enough."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _signals_waiting() -> Iterator[None]:
    """Let signals wait that would end the process between two steps."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    ending = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
