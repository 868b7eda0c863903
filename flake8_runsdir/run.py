"""A run over many files: each is read once, most are finished by the gate, the rest inspected.

Whatever takes longer than a moment is spread over processes, and a file that is large enough to be
dangerous is inspected in one of its own: old Pythons do not survive parsing everything.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from time import perf_counter

from flake8_runsdir import __version__
from flake8_runsdir.codes import PREFIX, UNUSED_SUPPRESSION, is_unchecked
from flake8_runsdir.files import Found, Unread
from flake8_runsdir.gate import Gate
from flake8_runsdir.needles import Needles
from flake8_runsdir.reading import Reader, UnreadableError
from flake8_runsdir.report import Report, portable
from flake8_runsdir.wire import pack, unpack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from flake8_runsdir.cache import Cache
    from flake8_runsdir.inspection import Inspector
    from flake8_runsdir.pool import Outcome
    from flake8_runsdir.report import Located
    from flake8_runsdir.settings import Settings
    from flake8_runsdir.wire import Packed

    #: The number of a file, its key in the cache (or nothing), and its diagnostics.
    Answer = tuple[int, str, list[Packed]]

#: From this many files on, processes are started at once; if there are some, after this many
#: seconds.
_MANY, _SOME, _PATIENCE = 1_000, 8, 0.05
#: Larger files, in bytes, are inspected in a process of their own.
_DANGEROUS = 128 << 10
#: Whether this system has what :mod:`flake8_runsdir.pool` is made of.
_CAN_FORK = hasattr(os, "fork")
#: As many objects more are made before the collector looks at them.
_FEW_COLLECTIONS = 200_000


class Desk:
    """What is needed to check the files of one set of settings; the costly part comes late."""

    def __init__(self, settings: Settings, noqa: bool) -> None:
        self.settings = settings
        self._noqa = noqa
        self._needles = Needles(settings.config)
        # Not on by default: only then the rules need to be loaded.
        asks_for_unused = settings.is_selective and any(
            rule.code == UNUSED_SUPPRESSION for rule in settings.rules()
        )
        self._gate = Gate(self._needles, further=(PREFIX,) if asks_for_unused else ())
        self._inspector: Inspector | None = None
        self._stamp = ""

    @property
    def stamp(self) -> str:
        """All that an answer depends on besides the file: versions and options."""
        if not self._stamp:
            version = (__version__, sys.version_info[:3])
            self._stamp = repr((version, self.settings.stamp, self._noqa))
        return self._stamp

    def opens(self, data: bytes | bytearray, size: int) -> bool:
        """Tell whether the first ``size`` bytes of a file can lead to a diagnostic at all."""
        return self._gate.opens(data, size)

    @property
    def inspector(self) -> Inspector:
        """The inspector of these settings, which brings the whole analysis along."""
        if self._inspector is None:
            from flake8_runsdir.inspection import Inspector

            self._inspector = Inspector(self.settings, self._needles, self._noqa)
        return self._inspector


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
        self._noqa = noqa
        self._jobs = jobs or _processors()
        self._open_cache = open_cache
        self._progress = progress
        self._tell = tell
        self._reader = Reader()
        self._desks: dict[int, Desk] = {}
        self._caches: dict[str, Cache | None] = {}

    def report(self, files: Sequence[Found | Unread]) -> Report:
        """Check files and return what is wrong with them, in the order of their paths."""
        # Trees are freed by their counts; to look for cycles in each takes a fifth of the time.
        gc.set_threshold(_FEW_COLLECTIONS)
        found: list[Located] = []
        start = perf_counter()
        if self._tell:
            self._tell_configurations(files, self._tell)
        # Whatever happens, an interrupt included, the processes end with this.
        with closing(self._answers(files)) as answers:
            for number, key, packed in answers:
                file = files[number]
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
        return _report(found, len(files))

    @staticmethod
    def _tell_configurations(files: Sequence[Found | Unread], tell: Callable[[str], None]) -> None:
        for origin in dict.fromkeys(one.settings.origin for one in files if isinstance(one, Found)):
            tell(f"Using configuration file at: {origin}" if origin else "Using the defaults")

    def report_text(self, path: str, settings: Settings, data: bytes) -> Report:
        """Return what is wrong with one text that is not read from a file."""
        desk = self.desk(settings)
        packed = self._alone(Found(path, settings), data) if desk.opens(data, len(data)) else []
        return _report([unpack(path, one) for one in packed], total=1)

    def _answers(self, files: Sequence[Found | Unread]) -> Generator[Answer, None, None]:
        """Yield the answers about the files of which there is something to tell, in any order."""
        start = perf_counter()
        for number in range(len(files)):
            if self._pays_to_spread(len(files) - number, perf_counter() - start):
                yield from self._spread(files, number)
                return
            answer = self._work(files[number], self._alone)
            self._progress(1)
            if answer is not None:
                yield (number, *answer)

    def _pays_to_spread(self, left: int, passed: float) -> bool:
        many = left >= _MANY or (left >= _SOME and passed > _PATIENCE)
        return many and self._jobs > 1 and _CAN_FORK

    def _spread(self, files: Sequence[Found | Unread], start: int) -> Generator[Answer, None, None]:
        from flake8_runsdir import pool

        for settings in {
            id(file.settings): file.settings for file in files[start:] if isinstance(file, Found)
        }.values():
            self._cache(settings)  # read once, before there are several processes

        def work(number: int, announce: Callable[[], None]) -> object:
            def inspect(file: Found, data: bytes) -> list[Packed]:
                announce()
                return self._inspect(file, data)

            return self._work(files[start + number], inspect)

        if self._tell:
            self._tell(f"Checking {len(files) - start} files in up to {self._jobs} processes")
        spread = pool.spread(len(files) - start, work, self._jobs, self._progress)
        with closing(spread) as outcomes:
            for outcome in outcomes:
                file = files[start + outcome.number]
                yield (start + outcome.number, *_answer(file.path, outcome))

    def _work(
        self, file: Found | Unread, inspect: Callable[[Found, bytes], list[Packed]]
    ) -> tuple[str, list[Packed]] | None:
        """Return a file's key in the cache and its diagnostics, or ``None`` if the gate is shut."""
        if isinstance(file, Unread):
            return "", [_unreadable(file.path, file.reason)]
        reader = self._reader
        try:
            size = reader.read(file.path, file.settings.max_file_size)
        except UnreadableError as error:
            return "", [_unreadable(file.path, str(error))]
        if not self.desk(file.settings).opens(reader.buffer, size):
            return None
        data = bytes(memoryview(reader.buffer)[:size])
        cache = self._cache(file.settings)
        if cache is None:
            return "", inspect(file, data)
        key = cache.key(self.desk(file.settings).stamp, file.path, data)
        known = cache.get(file.path, key)
        return key, inspect(file, data) if known is None else known

    def _inspect(self, file: Found, data: bytes) -> list[Packed]:
        found = self.desk(file.settings).inspector.inspect(file.path, data)
        return [pack(one) for one in found]

    def _alone(self, file: Found, data: bytes) -> list[Packed]:
        """Inspect in a process of its own what may be the end of it."""
        if len(data) < _DANGEROUS or not _CAN_FORK:
            return self._inspect(file, data)
        from flake8_runsdir import pool

        outcome = pool.alone(lambda _, __: ("", self._inspect(file, data)))
        return _answer(file.path, outcome)[1]

    def desk(self, settings: Settings) -> Desk:
        """Return the desk of some settings, always the same one."""
        known = self._desks.get(id(settings))
        if known is None:
            known = self._desks[id(settings)] = Desk(settings, self._noqa)
        return known

    def _cache(self, settings: Settings) -> Cache | None:
        directory = settings.cache_dir
        if directory not in self._caches:
            self._caches[directory] = self._open_cache(directory)
        return self._caches[directory]


def _answer(path: str, outcome: Outcome) -> tuple[str, list[Packed]]:
    """Return what a process has told; its death is a diagnostic."""
    if outcome.died:
        from flake8_runsdir.inspection import unchecked
        from flake8_runsdir.rules import too_deep

        reason = f"the process that parsed it died of it ({outcome.died})"
        return "", [pack(unchecked(path, too_deep.RULE, reason))]
    key, packed = outcome.value
    return key, packed


def _unreadable(path: str, reason: str) -> Packed:
    from flake8_runsdir.inspection import unchecked
    from flake8_runsdir.rules import unreadable

    return pack(unchecked(path, unreadable.RULE, reason))


def _report(found: list[Located], total: int) -> Report:
    found = sorted((one._replace(path=portable(one.path)) for one in found), key=_order)
    unchecked = {one.path for one in found if is_unchecked(one.code)}
    return Report(tuple(found), total - len(unchecked), len(unchecked))


def _order(found: Located) -> tuple[list[str], int, int, int, str]:
    return found.path.split(os.sep), found.cell or 0, found.row, found.column, found.code


def _processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
