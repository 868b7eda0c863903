"""Fixes in files: made wherever files are inspected, written by the process that reports them.

The processes that files are spread over may die of what they parse.  The one that writes has
parsed nothing; an interrupt waits until it is done with a file, and what it has counted as fixed
is on the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Callable

from flake8_runsdir.baseline import Recorded
from flake8_runsdir.diagnostic import Applicability
from flake8_runsdir.difference import unified
from flake8_runsdir.inspection import Inspector, Mended, of_file
from flake8_runsdir.reading import Reader, UnreadableError
from flake8_runsdir.record import Record
from flake8_runsdir.report import Located, portable
from flake8_runsdir.rules import unfixed
from flake8_runsdir.writing import WriteError, check, replace


class LeftError(Exception):
    """A file was left as it is; the message says why."""


class Revision(Record):
    """What is to become of a file, as values that JSON can carry.

    ``counts`` says how many diagnostics of each rule are fixed, as (code, name, number).  ``text``
    is the new content, or else ``diff`` the change as a unified diff; in both, bytes that are not
    UTF-8 stand as surrogates.  ``digest`` is a hash of the old content.
    """

    counts: tuple[tuple[str, str, int], ...]
    digest: str
    text: str = ""
    diff: str = ""

    @property
    def data(self) -> bytes:
        """The new content."""
        return self.text.encode("utf-8", "surrogateescape")


class Mender:
    """Fixes files, safely unless unsafe fixes are wanted as well.

    ``roots`` are the directories that may be written to; there are none for a text that is not
    that of a file.  If the difference is all that is wanted (``is_diff``), nothing is written.
    What is ``recorded`` of a file, by its path, stays as it is.
    """

    def __init__(
        self,
        roots: Iterable[str],
        is_unsafe: bool = False,
        is_diff: bool = False,
        recorded: Mapping[str, Recorded] = MappingProxyType({}),
    ) -> None:
        self._roots = tuple(roots)
        self._wanted = {Applicability.SAFE, *([Applicability.UNSAFE] if is_unsafe else ())}
        self._is_diff = is_diff
        self._recorded = recorded
        self._reader = Reader()

    def applies(self, found: Located) -> bool:
        """Tell whether a finding has a fix that is to be applied."""
        return found.fix is not None and Applicability(found.fix.applicability) in self._wanted

    def mend(
        self, inspector: Inspector, path: str, data: bytes, warn: Callable[[str], None]
    ) -> tuple[list[Located], Revision | None]:
        """Return what is reported of a file once it is fixed, and what is to become of it.

        ``path`` is absolute.  Nothing is written yet; for the rest see :meth:`Inspector.mend`.
        """
        warnings: list[str] = []
        recorded = self._recorded.get(portable(path))
        mended = inspector.mend(path, data, self._wanted, warnings.append, recorded)
        left = "" if mended.data is None else self._foreseen(path, data)
        if left:
            return [of_file(path, unfixed.RULE, left), *inspector.inspect(path, data, warn)], None
        for warning in warnings:
            warn(warning)
        return mended.found, None if mended.data is None else self._revision(data, mended)

    def write(self, path: str, revision: Revision, limit: int) -> None:
        """Write what is to become of a file, which has not more than ``limit`` bytes.

        Raises :class:`LeftError`, and then the file is untouched.
        """
        if self._is_diff:
            return
        try:
            size = self._reader.read(path, limit)
            data = bytes(memoryview(self._reader.buffer)[:size])
            if _digest(data) != revision.digest:
                raise WriteError("has been changed meanwhile")
            replace(path, data, revision.data, self._roots)
        except (UnreadableError, WriteError) as error:
            reason = f"it {error}" if isinstance(error, WriteError) else f"cannot be read: {error}"
            raise LeftError(reason) from None

    def _foreseen(self, path: str, data: bytes) -> str:
        """Return why a file could not be written, where that would not come out otherwise."""
        if self._is_diff and self._roots:
            try:
                check(path, data, self._roots)
            except WriteError as error:
                return f"it {error}"
        return ""

    def _revision(self, old: bytes, mended: Mended) -> Revision:
        revision, new = Revision(mended.counts, _digest(old)), _text(mended.data or b"")
        if not self._is_diff:
            return revision._replace(text=new)
        return revision._replace(diff=unified(_text(old), new))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _digest(data: bytes) -> str:
    from hashlib import blake2b

    return blake2b(data, digest_size=20).hexdigest()
