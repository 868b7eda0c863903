"""A run over many files: each is read once, most are finished by the gate, the rest inspected.

Whatever takes longer than a moment is spread over processes, and a file that is large enough to be
dangerous is inspected in one of its own: old Pythons do not survive parsing everything.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import closing
from functools import partial
from time import perf_counter

from flake8_runsdir.checker import Checkers
from flake8_runsdir.codes import UNFIXED, is_unchecked
from flake8_runsdir.files import Found, Unread
from flake8_runsdir.reading import Reader, UnreadableError
from flake8_runsdir.report import Repair, Report, portable
from flake8_runsdir.shelter import CAN_FORK, DeathError, sheltered
from flake8_runsdir.wire import pack, unpack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from flake8_runsdir.cache import Cache
    from flake8_runsdir.mender import Mender, Revision
    from flake8_runsdir.report import Located
    from flake8_runsdir.settings import Settings
    from flake8_runsdir.wire import Packed

    #: The diagnostics of a file, warnings about its comments, and what is to become of it.
    Inspected = tuple[list[Packed], list[str], Optional[Revision]]
    #: A file's key in the cache, or nothing, and what has been found in it.
    Answer = tuple[str, list[Packed], list[str], Optional[Revision]]

#: From this many files on, processes are started at once; if there are some, after this many
#: seconds.
_MANY, _SOME, _PATIENCE = 1_000, 8, 0.05


class Run:
    """One run; ``progress`` is told of every number of files that have been begun.

    ``open_cache`` returns the cache in a directory when there is something to look up or to keep;
    ``tell`` takes sentences about what is being done; files are fixed if there is a ``mender``.
    """

    def __init__(
        self,
        noqa: bool = True,
        jobs: int | None = None,
        open_cache: Callable[[str], Cache | None] = lambda _: None,
        progress: Callable[[int], None] = lambda _: None,
        tell: Callable[[str], None] | None = None,
        mender: Mender | None = None,
    ) -> None:
        self._checkers = Checkers(noqa)
        self._mender = mender
        self._jobs = jobs or processors()
        self._open_cache = open_cache
        self._progress = progress
        self._tell = tell
        self._reader = Reader()
        self._caches: dict[str, Cache | None] = {}

    def report(self, files: Sequence[Found | Unread]) -> Report:
        """Check files and return what is wrong with them, in the order of their paths."""
        found: list[Located] = []
        warnings: list[str] = []
        repairs: list[Repair] = []
        start = perf_counter()
        if self._tell:
            self._tell_configurations(files, self._tell)
        # Whatever happens, an interrupt included, the processes end with this.
        with closing(self._answers(files)) as answers:
            for number, answer in answers:
                file = files[number]
                key, packed, warned, revision = self._done(file, answer)
                if revision is not None:
                    repairs.append(Repair(portable(file.path), revision.counts, revision.diff))
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
        return _report(found, warnings, len(files), repairs)

    @staticmethod
    def _tell_configurations(files: Sequence[Found | Unread], tell: Callable[[str], None]) -> None:
        for origin in dict.fromkeys(one.settings.origin for one in files if isinstance(one, Found)):
            tell(f"Using configuration file at: {origin}" if origin else "Using the defaults")

    def report_text(self, path: str, settings: Settings, data: bytes) -> tuple[Report, bytes]:
        """Return what is wrong with one text that is not read from a file, and the fixed text."""
        checker = self._checkers.of(settings)
        if not checker.opens(data, len(data)):
            return Report((), 1, 0), data
        packed, warnings, revision = _sheltered(self._mend, Found(path, settings), data)
        found = [unpack(path, one) for one in packed]
        if revision is None:
            return _report(found, warnings, total=1), data
        repair = Repair(portable(path), revision.counts, revision.diff)
        return _report(found, warnings, 1, [repair]), revision.data

    def _answers(
        self, files: Sequence[Found | Unread]
    ) -> Generator[tuple[int, Answer], None, None]:
        """Yield the numbers of the files of which there is something to tell, and what."""
        start = perf_counter()
        for number in range(len(files)):
            if self._pays_to_spread(len(files) - number, perf_counter() - start):
                yield from self._spread(files, number)
                return
            answer = self._work(files[number], partial(_sheltered, self._mend))
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
                return self._mend(file, data)

            return self._work(files[start + number], inspect)

        if self._tell:
            self._tell(f"Checking {len(files) - start} files in up to {self._jobs} processes")
        spread = pool.spread(len(files) - start, work, self._jobs, self._progress)
        with closing(spread) as outcomes:
            for outcome in outcomes:
                number = start + outcome.number
                if outcome.died:
                    yield number, ("", [_deadly(files[number].path, outcome.died)], [], None)
                else:
                    key, packed, warned, revision = outcome.value
                    yield number, (key, packed, warned, _revised(revision))

    def _work(
        self, file: Found | Unread, inspect: Callable[[Found, bytes], Inspected]
    ) -> Answer | None:
        """Return what there is to tell of a file, or ``None`` if the gate is shut."""
        if isinstance(file, Unread):
            return "", [_unreadable(file.path, file.reason)], [], None
        reader = self._reader
        try:
            size = reader.read(file.path, file.settings.max_file_size)
        except UnreadableError as error:
            return "", [_unreadable(file.path, str(error))], [], None
        if not self._checkers.of(file.settings).opens(reader.buffer, size):
            return None
        data = bytes(memoryview(reader.buffer)[:size])
        cache = self._cache(file.settings)
        if cache is None:
            return ("", *inspect(file, data))
        key = cache.key(self._checkers.of(file.settings).stamp, file.path, data)
        known = cache.get(file.path, key)
        if known is not None and not self._has_work(file.path, known):
            return key, known, [], None
        packed, warned, revision = inspect(file, data)
        # Only what a run without fixes would find, too, is for the cache.
        is_plain = self._mender is None or (revision is None and not _has_unfixed(file, packed))
        return key if is_plain else "", packed, warned, revision

    def _has_work(self, path: str, known: list[Packed]) -> bool:
        """Tell whether there is something to fix in a file of which all is known."""
        mender = self._mender
        return mender is not None and any(mender.applies(unpack(path, one)) for one in known)

    def _mend(self, file: Found, data: bytes) -> Inspected:
        """Inspect a file and fix it, if that is wanted."""
        if self._mender is None:
            return self._inspect(file, data)
        warnings: list[str] = []
        inspector = self._checkers.of(file.settings).inspector
        found, revision = self._mender.mend(inspector, file.path, data, warnings.append)
        return [pack(one) for one in found], warnings, revision

    def _inspect(self, file: Found, data: bytes) -> Inspected:
        warnings: list[str] = []
        inspector = self._checkers.of(file.settings).inspector
        found = inspector.inspect(file.path, data, warnings.append)
        return [pack(one) for one in found], warnings, None

    def _done(self, file: Found | Unread, answer: Answer) -> Answer:
        """Write what is to become of a file; return what there is to tell of it then."""
        *_, revision = answer
        if revision is None or self._mender is None or isinstance(file, Unread):
            return answer
        from flake8_runsdir.mender import LeftError

        try:
            self._mender.write(file.path, revision, file.settings.max_file_size)
        except LeftError as error:
            return self._left(file, str(error))
        return answer

    def _left(self, file: Found, reason: str) -> Answer:
        """Return what there is to tell of a file that was not fixed, as it is now."""
        inspect = partial(_sheltered, self._inspect)
        _, packed, warned, _ = self._work(file, inspect) or ("", [], [], None)
        return "", [_unfixed(file.path, reason), *packed], warned, None

    def _cache(self, settings: Settings) -> Cache | None:
        directory = settings.cache_dir
        if directory not in self._caches:
            self._caches[directory] = self._open_cache(directory)
        return self._caches[directory]


def _sheltered(inspect: Callable[[Found, bytes], Inspected], file: Found, data: bytes) -> Inspected:
    try:
        packed, warnings, revision = sheltered(len(data), lambda: inspect(file, data))
    except DeathError as death:
        return [_deadly(file.path, str(death))], [], None
    return packed, warnings, _revised(revision)


def _has_unfixed(file: Found, packed: list[Packed]) -> bool:
    return any(unpack(file.path, one).code == UNFIXED for one in packed)


def _revised(value: Any) -> Revision | None:
    """Return what is to become of a file, though it may have been through JSON."""
    if value is None:
        return None
    from flake8_runsdir.mender import Revision

    counts, *rest = value
    return Revision(tuple(map(tuple, counts)), *rest)


def _deadly(path: str, manner: str) -> Packed:
    from flake8_runsdir.inspection import of_file
    from flake8_runsdir.rules import too_deep

    return pack(of_file(path, too_deep.RULE, f"the process that parsed it died of it ({manner})"))


def _unfixed(path: str, reason: str) -> Packed:
    from flake8_runsdir.inspection import of_file
    from flake8_runsdir.rules import unfixed

    return pack(of_file(path, unfixed.RULE, reason))


def _unreadable(path: str, reason: str) -> Packed:
    from flake8_runsdir.inspection import of_file
    from flake8_runsdir.rules import unreadable

    return pack(of_file(path, unreadable.RULE, reason))


def _report(
    found: list[Located], warnings: list[str], total: int, repairs: Sequence[Repair] = ()
) -> Report:
    found = sorted((one._replace(path=portable(one.path)) for one in found), key=_order)
    unchecked = {one.path for one in found if is_unchecked(one.code)}
    checked = total - len(unchecked)
    fixed = sorted(repairs, key=lambda repair: repair.path.split(os.sep))
    return Report(tuple(found), checked, len(unchecked), tuple(sorted(warnings)), tuple(fixed))


def _order(found: Located) -> tuple[list[str], int, int, int, str]:
    return found.path.split(os.sep), found.cell or 0, found.row, found.column, found.code


def processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
