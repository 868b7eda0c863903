"""A run over many files: each is read once, most are finished by the gate, the rest inspected.

Whatever takes longer than a moment is spread over processes, and a file that is large enough to be
dangerous is inspected in one of its own: old Pythons do not survive parsing everything.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import closing
from time import perf_counter

from flake8_runsdir.checker import Checkers
from flake8_runsdir.codes import is_unchecked
from flake8_runsdir.files import Found, Unread
from flake8_runsdir.reading import Reader, UnreadableError
from flake8_runsdir.report import Report, portable
from flake8_runsdir.shelter import CAN_FORK, DeathError, sheltered
from flake8_runsdir.wire import pack, unpack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from flake8_runsdir.cache import Cache
    from flake8_runsdir.report import Located
    from flake8_runsdir.settings import Settings
    from flake8_runsdir.wire import Packed

    #: The diagnostics of a file, and warnings about its comments.
    Inspected = tuple[list[Packed], list[str]]
    #: A file's key in the cache, or nothing, and what has been found in it.
    Answer = tuple[str, list[Packed], list[str]]

#: From this many files on, processes are started at once; if there are some, after this many
#: seconds.
_MANY, _SOME, _PATIENCE = 1_000, 8, 0.05


class Run:
    """One run; ``progress`` is told of every number of files that have been begun.

    ``open_cache`` returns the cache in a directory when there is something to look up or to keep;
    ``tell`` takes sentences about what is being done.
    """

    def __init__(
        self,
        noqa: bool = True,
        jobs: int | None = None,
        open_cache: Callable[[str], Cache | None] = lambda _: None,
        progress: Callable[[int], None] = lambda _: None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._checkers = Checkers(noqa)
        self._jobs = jobs or _processors()
        self._open_cache = open_cache
        self._progress = progress
        self._tell = tell
        self._reader = Reader()
        self._caches: dict[str, Cache | None] = {}

    def report(self, files: Sequence[Found | Unread]) -> Report:
        """Check files and return what is wrong with them, in the order of their paths."""
        found: list[Located] = []
        warnings: list[str] = []
        start = perf_counter()
        if self._tell:
            self._tell_configurations(files, self._tell)
        # Whatever happens, an interrupt included, the processes end with this.
        with closing(self._answers(files)) as answers:
            for number, (key, packed, warned) in answers:
                file = files[number]
                warnings.extend(warned)
                found.extend(unpack(file.path, one) for one in packed)
                cache = self._cache(file.settings) if key and isinstance(file, Found) else None
                if cache is not None:
                    cache.put(key, packed)
        caches = [cache for cache in self._caches.values() if cache is not None]
        for cache in caches:
            cache.save()
        if self._tell:
            passed = 1000 * (perf_counter() - start)
            self._tell(f"{sum(cache.hits for cache in caches)} files answered from the cache")
            self._tell(f"Checked {len(files)} files in: {passed:.1f}ms")
        return _report(found, warnings, len(files))

    @staticmethod
    def _tell_configurations(files: Sequence[Found | Unread], tell: Callable[[str], None]) -> None:
        for origin in dict.fromkeys(one.settings.origin for one in files if isinstance(one, Found)):
            tell(f"Using configuration file at: {origin}" if origin else "Using the defaults")

    def report_text(self, path: str, settings: Settings, data: bytes) -> Report:
        """Return what is wrong with one text that is not read from a file."""
        checker = self._checkers.of(settings)
        if not checker.opens(data, len(data)):
            return Report((), 1, 0)
        packed, warnings = self._sheltered(Found(path, settings), data)
        return _report([unpack(path, one) for one in packed], warnings, total=1)

    def _answers(
        self, files: Sequence[Found | Unread]
    ) -> Generator[tuple[int, Answer], None, None]:
        """Yield the numbers of the files of which there is something to tell, and what."""
        start = perf_counter()
        for number in range(len(files)):
            if self._pays_to_spread(len(files) - number, perf_counter() - start):
                yield from self._spread(files, number)
                return
            answer = self._work(files[number], self._sheltered)
            self._progress(1)
            if answer is not None:
                yield number, answer

    def _pays_to_spread(self, left: int, passed: float) -> bool:
        many = left >= _MANY or (left >= _SOME and passed > _PATIENCE)
        return many and self._jobs > 1 and CAN_FORK

    def _spread(
        self, files: Sequence[Found | Unread], start: int
    ) -> Generator[tuple[int, Answer], None, None]:
        from flake8_runsdir import pool

        for settings in {
            id(file.settings): file.settings for file in files[start:] if isinstance(file, Found)
        }.values():
            self._cache(settings)  # read once, before there are several processes

        def work(number: int, announce: Callable[[], None]) -> object:
            def inspect(file: Found, data: bytes) -> Inspected:
                announce()
                return self._inspect(file, data)

            return self._work(files[start + number], inspect)

        if self._tell:
            self._tell(f"Checking {len(files) - start} files in up to {self._jobs} processes")
        spread = pool.spread(len(files) - start, work, self._jobs, self._progress)
        with closing(spread) as outcomes:
            for outcome in outcomes:
                number = start + outcome.number
                if outcome.died:
                    yield number, ("", [_deadly(files[number].path, outcome.died)], [])
                else:
                    yield number, outcome.value

    def _work(
        self, file: Found | Unread, inspect: Callable[[Found, bytes], Inspected]
    ) -> Answer | None:
        """Return what there is to tell of a file, or ``None`` if the gate is shut."""
        if isinstance(file, Unread):
            return "", [_unreadable(file.path, file.reason)], []
        reader = self._reader
        try:
            size = reader.read(file.path, file.settings.max_file_size)
        except UnreadableError as error:
            return "", [_unreadable(file.path, str(error))], []
        if not self._checkers.of(file.settings).opens(reader.buffer, size):
            return None
        data = bytes(memoryview(reader.buffer)[:size])
        cache = self._cache(file.settings)
        if cache is None:
            return ("", *inspect(file, data))
        key = cache.key(self._checkers.of(file.settings).stamp, file.path, data)
        known = cache.get(file.path, key)
        return (key, *inspect(file, data)) if known is None else (key, known, [])

    def _inspect(self, file: Found, data: bytes) -> Inspected:
        warnings: list[str] = []
        inspector = self._checkers.of(file.settings).inspector
        found = inspector.inspect(file.path, data, warnings.append)
        return [pack(one) for one in found], warnings

    def _sheltered(self, file: Found, data: bytes) -> Inspected:
        try:
            packed, warnings = sheltered(len(data), lambda: self._inspect(file, data))
        except DeathError as death:
            return [_deadly(file.path, str(death))], []
        return packed, warnings

    def _cache(self, settings: Settings) -> Cache | None:
        directory = settings.cache_dir
        if directory not in self._caches:
            self._caches[directory] = self._open_cache(directory)
        return self._caches[directory]


def _deadly(path: str, manner: str) -> Packed:
    from flake8_runsdir.inspection import unchecked
    from flake8_runsdir.rules import too_deep

    return pack(unchecked(path, too_deep.RULE, f"the process that parsed it died of it ({manner})"))


def _unreadable(path: str, reason: str) -> Packed:
    from flake8_runsdir.inspection import unchecked
    from flake8_runsdir.rules import unreadable

    return pack(unchecked(path, unreadable.RULE, reason))


def _report(found: list[Located], warnings: list[str], total: int) -> Report:
    found = sorted((one._replace(path=portable(one.path)) for one in found), key=_order)
    unchecked = {one.path for one in found if is_unchecked(one.code)}
    checked = total - len(unchecked)
    return Report(tuple(found), checked, len(unchecked), tuple(sorted(warnings)))


def _order(found: Located) -> tuple[list[str], int, int, int, str]:
    return found.path.split(os.sep), found.cell or 0, found.row, found.column, found.code


def _processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
