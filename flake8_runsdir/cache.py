"""What earlier runs found, keyed by content: one JSON file in a directory of its own.

A key is a hash of everything that the answer depends on: the bytes of the file, its place in the
project, the options and the versions.  Nothing in the file is believed but what has the shape of a
diagnostic, and a file that others could have written (a checkout cannot take mode 0600 along) is
not read at all.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping

from flake8_runsdir.wire import MalformedError, pack, unpack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flake8_runsdir.wire import Packed

_NAME = "findings.json"
_TAG = "CACHEDIR.TAG"
_FORMAT = 1
_LARGEST = 256 << 20
#: More entries than this, and those that the last run did not ask for are dropped.
_MOST = 50_000
_MODE = 0o600


class Cache:
    """The results that are kept in a directory."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._known = load(directory, _NAME)
        self._used: dict[str, list[Packed]] = {}
        #: How many of the results that were put were known already.
        self.hits = 0

    @staticmethod
    def key(stamp: str, path: str, data: bytes) -> str:
        """Return the key of a file; ``stamp`` says under which versions and options."""
        from hashlib import blake2b

        digest = blake2b(digest_size=20)
        for part in (stamp, path):
            text = part.encode("utf-8", "surrogatepass")
            digest.update(len(text).to_bytes(8, "big") + text)
        digest.update(data)
        return digest.hexdigest()

    def get(self, path: str, key: str) -> list[Packed] | None:
        """Return the diagnostics that are known of a file by its key, if they are diagnostics."""
        found = self._known.get(key)
        if not isinstance(found, list):
            return None
        try:
            return [pack(unpack(path, one)) for one in found]
        except MalformedError:
            return None

    def put(self, key: str, findings: list[Packed]) -> None:
        """Remember what was found, or was known already; once for each key."""
        self.hits += self._known.get(key) == findings
        self._used[key] = findings

    def save(self) -> None:
        """Write the results down if there are new ones.  A cache that cannot be written is none."""
        if self.hits == len(self._used):
            return
        entries = {**self._known, **self._used}
        if len(entries) > _MOST:
            entries = dict(self._used)
        store(self._directory, _NAME, entries)


def load(directory: str, name: str) -> Mapping[str, object]:
    """Return what :func:`store` has put into a file, as far as it can be relied on."""
    import json

    if os.path.islink(directory):
        return {}
    path = os.path.join(directory, name)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            if not _is_ours(status) or status.st_size > _LARGEST:
                return {}
            content = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError, MemoryError):
        return {}
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        return {}
    entries = content.get("entries")
    return entries if isinstance(entries, dict) else {}


def store(directory: str, name: str, entries: Mapping[str, object]) -> None:
    """Write entries, which JSON can carry, to a file; one that cannot be written is none."""
    try:
        _prepare(directory)
        _write(directory, name, entries)
    except OSError:
        return


def _is_ours(status: os.stat_result) -> bool:
    if not stat.S_ISREG(status.st_mode):
        return False
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) == _MODE


def _prepare(directory: str) -> None:
    """Make the directory, and tell git and backup programs to leave it alone."""
    if os.path.islink(directory):  # it may lead anywhere
        raise NotADirectoryError(directory)
    if os.path.exists(os.path.join(directory, _TAG)):
        return
    if os.path.isdir(directory) and os.listdir(directory):  # it is somebody else's
        raise FileExistsError(directory)
    os.makedirs(directory, exist_ok=True)
    tag = "Signature: 8a477f597d28d172789f06886806bc55\n"
    for name, content in ((".gitignore", "# Made by runsdir.\n*\n"), (_TAG, tag)):
        with open(os.path.join(directory, name), "x", encoding="ascii") as file:
            file.write(content)


def _write(directory: str, name: str, entries: Mapping[str, object]) -> None:
    """Replace the file in one step; another run may be reading, or writing, at the same time."""
    import json
    import tempfile

    descriptor, temporary = tempfile.mkstemp(dir=directory, prefix=name)  # 0600, as it must be
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            json.dump({"format": _FORMAT, "entries": entries}, file, separators=(",", ":"))
        os.replace(temporary, os.path.join(directory, name))
    except BaseException:
        os.unlink(temporary)
        raise
