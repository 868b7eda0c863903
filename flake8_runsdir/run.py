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
from flake8_runsdir.codes import TOO_DEEP, UNFIXED, UNREADABLE, is_unchecked
from flake8_runsdir.files import Found, Unread
from flake8_runsdir.reading import Reader, UnreadableError
from flake8_runsdir.record import Record
from flake8_runsdir.report import Repair, Report, portable
from flake8_runsdir.shelter import CAN_FORK, DeathError, sheltered
from flake8_runsdir.wire import pack, unpack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from flake8_runsdir.cache import Cache
    from flake8_runsdir.mender import Mender, Revision
    from flake8_runsdir.report import Located
    from flake8_runsdir.settings import Settings
    from flake8_runsdir.wire import Packed

#: From this many files on, processes are started at once; if there are some, after this many
#: seconds.
_MANY, _SOME, _PATIENCE = 1_000, 8, 0.05


class Answer(Record):
    """What there is to tell of a file: its diagnostics, and warnings about its comments.

    ``revision`` is what is to become of the file, ``key`` what its diagnostics are kept under in
    the cache, if they may be.
    """

    packed: list[Packed]
    warnings: Sequence[str] = ()
    revision: Revision | None = None
    key: str = ""


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
                answer = self._done(file, answer)
                if answer.revision is not None:
                    repairs.append(_repair(file.path, answer.revision))
                warnings.extend(answer.warnings)
                found.extend(unpack(file.path, one) for one in answer.packed)
                if answer.key and isinstance(file, Found):
                    self._keep(file.settings, answer)
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
        answer = _sheltered(self._mend, Found(path, settings), data)
        found, revision = [unpack(path, one) for one in answer.packed], answer.revision
        if revision is None:
            return _report(found, answer.warnings, total=1), data
        return _report(found, answer.warnings, 1, [_repair(path, revision)]), revision.data

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
            def inspect(file: Found, data: bytes) -> Answer:
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
                    yield number, Answer([_deadly(files[number].path, outcome.died)])
                else:
                    yield number, _answer(outcome.value)

    def _work(
        self, file: Found | Unread, inspect: Callable[[Found, bytes], Answer]
    ) -> Answer | None:
        """Return what there is to tell of a file, or ``None`` if the gate is shut."""
        if isinstance(file, Unread):
            return Answer([_failure(file.path, UNREADABLE, file.reason)])
        reader = self._reader
        try:
            size = reader.read(file.path, file.settings.max_file_size)
        except UnreadableError as error:
            return Answer([_failure(file.path, UNREADABLE, str(error))])
        if not self._checkers.of(file.settings).opens(reader.buffer, size):
            return None
        data = bytes(memoryview(reader.buffer)[:size])
        cache = self._cache(file.settings)
        if cache is None:
            return inspect(file, data)
        key = cache.key(self._checkers.of(file.settings).stamp, file.path, data)
        known = cache.get(file.path, key)
        if known is not None and not self._has_work(file.path, known):
            return Answer(known, key=key)
        answer = inspect(file, data)
        # Only what a run without fixes would find, too, is for the cache.
        is_plain = self._mender is None or not _has_unfixed(file, answer.packed)
        is_plain = is_plain and answer.revision is None
        return answer._replace(key=key) if is_plain else answer

    def _has_work(self, path: str, known: list[Packed]) -> bool:
        """Tell whether there is something to fix in a file of which all is known."""
        mender = self._mender
        return mender is not None and any(mender.applies(unpack(path, one)) for one in known)

    def _mend(self, file: Found, data: bytes) -> Answer:
        """Inspect a file and fix it, if that is wanted."""
        if self._mender is None:
            return self._inspect(file, data)
        warnings: list[str] = []
        inspector = self._checkers.of(file.settings).inspector
        found, revision = self._mender.mend(inspector, file.path, data, warnings.append)
        return Answer([pack(one) for one in found], warnings, revision)

    def _inspect(self, file: Found, data: bytes) -> Answer:
        warnings: list[str] = []
        inspector = self._checkers.of(file.settings).inspector
        found = inspector.inspect(file.path, data, warnings.append)
        return Answer([pack(one) for one in found], warnings)

    def _done(self, file: Found | Unread, answer: Answer) -> Answer:
        """Write what is to become of a file; return what there is to tell of it then."""
        revision = answer.revision
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
        answer = self._work(file, inspect) or Answer([])
        return Answer([_failure(file.path, UNFIXED, reason), *answer.packed], answer.warnings)

    def _keep(self, settings: Settings, answer: Answer) -> None:
        cache = self._cache(settings)
        if cache is not None:
            cache.put(answer.key, answer.packed)

    def _cache(self, settings: Settings) -> Cache | None:
        directory = settings.cache_dir
        if directory not in self._caches:
            self._caches[directory] = self._open_cache(directory)
        return self._caches[directory]


def _sheltered(inspect: Callable[[Found, bytes], Answer], file: Found, data: bytes) -> Answer:
    try:
        return _answer(sheltered(len(data), lambda: inspect(file, data)))
    except DeathError as death:
        return Answer([_deadly(file.path, str(death))])


def _has_unfixed(file: Found, packed: list[Packed]) -> bool:
    return any(unpack(file.path, one).code == UNFIXED for one in packed)


def _answer(value: Any) -> Answer:
    """Return an answer, though it may have been through JSON."""
    packed, warnings, revision, key = value
    if revision is None:
        return Answer(packed, warnings, None, key)
    from flake8_runsdir.mender import Revision

    counts, *rest = revision
    return Answer(packed, warnings, Revision(tuple(map(tuple, counts)), *rest), key)


def _deadly(path: str, manner: str) -> Packed:
    return _failure(path, TOO_DEEP, f"the process that parsed it died of it ({manner})")


def _failure(path: str, code: str, reason: str) -> Packed:
    """Return what a rule says of a file as a whole."""
    from flake8_runsdir.inspection import of_file
    from flake8_runsdir.rules import ALWAYS

    rule = next(rule for rule in ALWAYS if rule.code == code)
    return pack(of_file(path, rule, reason))


def _repair(path: str, revision: Revision) -> Repair:
    return Repair(portable(path), revision.counts, revision.diff)


def _report(
    found: list[Located], warnings: Sequence[str], total: int, repairs: Sequence[Repair] = ()
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
