"""The flags ``--add-noqa`` and ``--add-ignore``: comments for all that is reported now."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Callable

from flake8_runsdir.baseline import Recorded, unrecorded
from flake8_runsdir.checker import Checkers
from flake8_runsdir.codes import UNUSED_SUPPRESSION
from flake8_runsdir.decoding import UndecodableError, decode
from flake8_runsdir.files import Found, Unread
from flake8_runsdir.inspection import Inspector
from flake8_runsdir.notebook import SUFFIX
from flake8_runsdir.reading import Reader, UnreadableError
from flake8_runsdir.report import portable
from flake8_runsdir.shelter import DeathError, sheltered
from flake8_runsdir.writing import WriteError, replace


class Annotator:
    """Adds comments to files; ``complain`` is told of what is left as it is, and why.

    ``roots`` are the directories that may be written to, ``style`` is ``noqa`` or ``ignore``.
    What is ``recorded`` of a file, by its path, gets no comment.
    """

    def __init__(
        self,
        roots: Iterable[str],
        style: str,
        reason: str,
        complain: Callable[[str], None],
        recorded: Mapping[str, Recorded] = MappingProxyType({}),
    ) -> None:
        self._roots = tuple(roots)
        self._style = style
        self._reason = reason
        self._complain = complain
        self._recorded = recorded
        self._reader = Reader()
        self._checkers = Checkers()
        #: The number of files, and of lines in others, that were left as they are.
        self.left = 0

    def annotate(self, files: Iterable[Found | Unread]) -> int:
        """Add comments to files; return to how many lines."""
        return sum(self._annotate(file) for file in files)

    def _annotate(self, file: Found | Unread) -> int:
        if isinstance(file, Unread):
            return self._left(file.path, file.reason)
        try:
            size = self._reader.read(file.path, file.settings.max_file_size)
        except UnreadableError as error:
            return self._left(file.path, str(error))
        checker = self._checkers.of(file.settings)
        if not checker.opens(self._reader.buffer, size):
            return 0
        data = bytes(memoryview(self._reader.buffer)[:size])
        if file.path.endswith(SUFFIX):
            return self._pass_by(file.path, data, checker.inspector)
        return self._rewrite(file.path, data, checker.inspector)

    def _pass_by(self, path: str, data: bytes, inspector: Inspector) -> int:
        """Leave a notebook as it is, and tell of it if comments are missing there."""
        recorded = self._recorded.get(portable(path))
        is_found: bool
        try:
            is_found = sheltered(
                len(data),
                lambda: any(unrecorded(inspector.inspect(path, data, self._complain), recorded)),
            )
        except DeathError:
            return self._left(path, "it cannot be parsed")
        return self._left(path, "comments are not added to notebooks") if is_found else 0

    def _rewrite(self, path: str, data: bytes, inspector: Inspector) -> int:
        recorded = self._recorded.get(portable(path))
        try:
            decoded = decode(data)
            added: int
            text, added = sheltered(
                len(data),
                lambda: inspector.annotate(path, decoded.text, self._style, self._reason, recorded),
            )
            if added and not decoded.faithful:
                return self._left(path, f"{decoded.codec} text cannot be written back unchanged")
            new = decoded.encode(text) if added else data
            if added:
                replace(path, data, new, self._roots)
            rows = sheltered(len(new), lambda: _reported_rows(path, new, inspector, recorded))
        except (UndecodableError, WriteError, UnicodeError) as error:
            return self._left(path, str(error))
        except (SyntaxError, ValueError, RecursionError, MemoryError, DeathError):
            return self._left(path, "it cannot be parsed")
        for row in rows:
            self._left(f"{path}:{row}", "a comment would have no effect here")
        return added

    def _left(self, path: str, reason: str) -> int:
        self.left += 1
        self._complain(f"warning: {os.path.relpath(path)}: left as it is: {reason}")
        return 0


def _reported_rows(
    path: str, data: bytes, inspector: Inspector, recorded: Recorded | None
) -> list[int]:
    """Return the rows (1-based) of which something is reported that comments can suppress."""
    found = unrecorded(inspector.inspect(path, data, lambda _: None), recorded)
    return sorted({one.row for one in found if one.code < UNUSED_SUPPRESSION})
