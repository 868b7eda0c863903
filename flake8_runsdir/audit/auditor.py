"""Many files, each read once, to one inventory; what takes longer is spread over processes.

Nothing that is wrong with a file ends an audit: what cannot be read is listed with the reason, and
what kills Python's parser is searched without it.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from enum import Enum
from itertools import chain
from typing import Any, Callable, NamedTuple, Optional

from flake8_runsdir import __version__, pool
from flake8_runsdir.audit import own, python, texts
from flake8_runsdir.audit.blobs import LostError
from flake8_runsdir.audit.fingerprints import stamped
from flake8_runsdir.audit.inventory import Inventory, Place, Priority, Status, Unread
from flake8_runsdir.audit.status import Policy
from flake8_runsdir.audit.subject import Subject
from flake8_runsdir.audit.tracked import EXCLUDED
from flake8_runsdir.decoding import UndecodableError, decode
from flake8_runsdir.gate import Gate
from flake8_runsdir.needles import Needles
from flake8_runsdir.notebook import SUFFIX
from flake8_runsdir.options import ConfigError, quoted
from flake8_runsdir.progress import Progress
from flake8_runsdir.reading import UnreadableError, chunks
from flake8_runsdir.settings import Resolver, Settings
from flake8_runsdir.shelter import CAN_FORK, DeathError, sheltered

#: From this many files on, processes are started.
_MANY = 32
_SUFFIXES = (".py", ".pyi", ".pyw")
_SHEBANG = re.compile(rb"#![^\r\n]*\bpython")

#: A place as JSON carries it.
Packed = list[Any]
#: What came of a file, as JSON carries it: its places, or a word for there being none.
_Answer = tuple[str, Any]
_Found = Optional[list[Packed]]
#: Does work on so many bytes, somewhere.  Raises :class:`DeathError` if that dies of it.
_Runner = Callable[[int, Callable[[], _Found]], _Found]
_PLACES, _BINARY, _OWN, _UNREAD, _LOST = "places", "binary", "own", "unread", "lost"

_DEATH = "the process that parsed it died of it"

#: Yields the bytes of the file with a number.  Raises :class:`UnreadableError` or
#: :class:`~flake8_runsdir.audit.blobs.LostError`.
Open = Callable[[int], Iterator[bytes]]


class _Tools(NamedTuple):
    """What it takes to audit the files of one set of settings."""

    settings: Settings
    needles: Needles
    gate: Gate
    policy: Policy


class Auditor:
    """Audits the files below one directory, ``root``, an absolute and real path.

    ``started`` returns the progress of work on so many files, ``complain`` is told of
    configurations that are wrong; their files are audited as those of the root are.  Raises
    :class:`~flake8_runsdir.options.ConfigError` if that of the root is wrong.
    """

    def __init__(
        self,
        root: str,
        resolver: Resolver,
        complain: Callable[[str], None],
        jobs: int = 1,
        started: Callable[[int], Progress] = Progress,
    ) -> None:
        self._root = root
        #: What an inventory calls the directory.
        self.name = os.path.basename(root) or root
        self._resolver = resolver
        self._complain = complain
        self._jobs = jobs
        self._started = started
        self._tools: dict[int, _Tools] = {}
        self._settings: dict[str, Settings] = {"": resolver.at(root)}

    def inventory(self, names: Sequence[str], date: str, opened: Open | None = None) -> Inventory:
        """Return the inventory of files, given by their paths below the root, with slashes.

        Those that the user excludes are to be left out by the caller; what runsdir itself has
        written counts as no file.  ``opened`` gives their contents, if they are not those on the
        disk.  Raises :class:`~flake8_runsdir.audit.blobs.LostError` if it does.
        """
        places: list[Place] = []
        unread: list[Unread] = []
        kinds: Counter[str] = Counter()
        with closing(self._answers(names, opened)) as answers:
            for number, (kind, value) in answers:
                kinds[kind] += 1
                if kind == _PLACES:
                    places.extend(map(_unpacked, value))
                elif kind == _UNREAD:
                    unread.append(Unread(names[number], value))
        config = self._settings[""].config
        return Inventory(
            root=self.name,
            date=date,
            files=len(names) - kinds[_BINARY] - kinds[_OWN] - kinds[_UNREAD],
            binary=kinds[_BINARY],
            places=tuple(stamped(sorted(places, key=_order))),
            unread=tuple(sorted(unread, key=lambda file: file.path.split("/"))),
            variable=next(iter(config.env_vars), ""),
            name=config.names[0],
        )

    def tallies(self, names: Sequence[str], opened: Open) -> Iterator[tuple[int, Counter[Status]]]:
        """Yield for each number of a file how many places of each status it has, in any order.

        What cannot be read has none.  Raises :class:`~flake8_runsdir.audit.blobs.LostError` if
        ``opened`` does.
        """
        missing = set(range(len(names)))
        with closing(self._answers(names, opened)) as answers:
            for number, (kind, value) in answers:
                tally: Counter[Status] = Counter()
                for place in map(_unpacked, value if kind == _PLACES else ()):
                    tally[place.status] += place.mentions
                missing.discard(number)
                yield number, tally
        for number in sorted(missing):
            yield number, Counter()

    def stamp(self, name: str) -> str:
        """Return all that the places of a file depend on besides its path and its content."""
        settings = self._at(name)
        version = (__version__, sys.version_info[:3])
        table = (settings.statuses, settings.statuses_base)
        return repr((version, settings.stamp, table, settings.max_file_size, self._root))

    def is_excluded(self, name: str) -> bool:
        """Tell whether the user leaves a file out; what is left out by default may be tracked."""
        settings = self._at(name)
        given = {key.replace("_", "-") for layer in settings.places for key in layer.values}
        if "exclude" not in given:
            if "extend-exclude" not in given:
                return False
            excludes = settings.excludes
            excludes = excludes._replace(names=excludes.names - EXCLUDED)
            settings = settings._replace(excludes=excludes)
        return settings.leaves_out(self._path(name))

    def _answers(
        self, names: Sequence[str], opened: Open | None
    ) -> Generator[tuple[int, _Answer], None, None]:
        """Yield the numbers of the files of which there is something to tell, and what."""

        def work(number: int, run: _Runner) -> _Answer | None:
            path = self._path(names[number])
            stream = opened(number) if opened is not None else chunks(path, texts.CHUNK)
            return self._work(names[number], stream, run)

        count = len(names)
        with (
            closing(self._started(count)) as progress,
            closing(self._worked(count, work, progress)) as answers,
        ):
            for number, (kind, value) in answers:
                if kind == _LOST:
                    raise LostError(value)
                yield number, (kind, value)

    def _worked(
        self,
        count: int,
        work: Callable[[int, _Runner], _Answer | None],
        progress: Callable[[int], None],
    ) -> Generator[tuple[int, _Answer], None, None]:
        """Yield what there is to tell of so many files, each worked on once."""
        if count < _MANY or self._jobs < 2 or not CAN_FORK:
            for number in range(count):
                progress(1)
                answer = work(number, sheltered)
                if answer is not None:
                    yield number, answer
            return

        def tell(number: int, announce: Callable[[], None]) -> object:
            announce()
            return work(number, lambda _, parse: parse())

        with closing(pool.spread(count, tell, self._jobs, progress)) as outcomes:
            for outcome in outcomes:
                told = outcome.value
                if outcome.died:
                    told = work(outcome.number, _dead(outcome.died))
                if told is not None:
                    yield outcome.number, (told[0], told[1])

    def _work(self, name: str, stream: Iterator[bytes], run: _Runner) -> _Answer | None:
        """Return what there is to tell of a file; nothing of a text without places."""
        tools = self._tools_of(self._at(name))
        subject = Subject(self._path(name), name, tools.settings, tools.needles)
        try:
            head = _head(stream)
            if own.is_own(name, head):
                return _OWN, ""
            found = _found(subject, head, stream, tools.gate, run)
        except LostError as error:
            return _LOST, f"{quoted(name)}: {error}"
        except UnreadableError as error:
            return _UNREAD, str(error)
        except DeathError as error:
            return _UNREAD, f"the process that read it died of it ({error})"
        except Exception as error:  # ours, whatever it is: the other files must not suffer from it
            return _UNREAD, f"an internal error: {type(error).__name__}"
        if found is None:
            return _BINARY, ""
        judged = tools.policy.apply(subject.path, map(_unpacked, found))
        return (_PLACES, _packed(judged)) if found else None

    def _path(self, name: str) -> str:
        return os.path.join(self._root, name.replace("/", os.sep))

    def _at(self, name: str) -> Settings:
        """Return the settings of a file."""
        directory = os.path.dirname(name)
        if directory not in self._settings:
            try:
                self._settings[directory] = self._resolver.at(self._path(directory))
            except ConfigError as error:
                self._complain(str(error))
                self._settings[directory] = self._settings[""]
        return self._settings[directory]

    def _tools_of(self, settings: Settings) -> _Tools:
        tools = self._tools.get(id(settings))
        if tools is None:
            needles = Needles(settings.config)
            tools = _Tools(settings, needles, Gate(needles), Policy(settings))
            self._tools[id(settings)] = tools
        return tools


def _head(stream: Iterator[bytes]) -> bytes:
    """Return what a file begins with: all that it takes to tell what it is."""
    head = b""
    while len(head) < own.HEAD and (chunk := next(stream, b"")):
        head += chunk
    return head


def _found(
    subject: Subject, head: bytes, stream: Iterator[bytes], gate: Gate, run: _Runner
) -> _Found:
    """Return the places of a file, given by its head and the rest; nothing if it is no text.

    Raises :class:`UnreadableError` and :class:`LostError`.
    """
    read = [head]
    is_python = subject.name.endswith(_SUFFIXES) or _SHEBANG.match(head)
    if is_python or subject.name.endswith(SUFFIX):
        limit, size = subject.settings.max_file_size, len(head)
        while size <= limit and (chunk := next(stream, b"")):
            read.append(chunk)
            size += len(chunk)
        if size <= limit:
            data = b"".join(read)
            if not is_python:
                return _notebook(subject, data, run)
            # The gate is made for what Python can read, and UTF-32 looks like nothing else.
            may_have = gate.opens(data, size) or texts.encoding(data)[0].startswith("utf-32")
            return _python(subject, data, run) if may_have else []
    return run(0, lambda: _packed(texts.places(subject, chain(read, stream))))


def _python(subject: Subject, data: bytes, run: _Runner) -> _Found:
    """Return the places of a Python source."""
    try:
        text = decode(data).text
    except UndecodableError as error:
        return _packed(python.unverified(subject, _decoded_anyway(data), str(error)))
    try:
        return run(len(data), lambda: _packed(texts.bounded(python.places(subject, text))))
    except DeathError:
        return _packed(python.unverified(subject, text, _DEATH))


def _notebook(subject: Subject, data: bytes, run: _Runner) -> _Found:
    """Return the places of a notebook, in which Python is parsed as well."""
    try:
        return run(len(data), lambda: _packed(texts.places(subject, [data])))
    except DeathError:
        # What is code, and what a text about it, only the parser could have told.
        reason = f"it may be a path (unverified); {_DEATH}"
        found = python.unverified(subject, _decoded_anyway(data), _DEATH)
        critical = (one._replace(status=Status.CRITICAL, reason=reason) for one in found)
        return _packed(critical)


def _dead(manner: str) -> _Runner:
    """Return a runner that knows what would come of it."""

    def run(_: int, __: Callable[[], _Found]) -> _Found:
        raise DeathError(manner)

    return run


def _decoded_anyway(data: bytes) -> str:
    """Return what can be read of bytes that are no Python source."""
    codec, mark = texts.encoding(data)
    errors = "replace" if codec.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return data[mark:].decode(codec, errors)


def _order(place: Place) -> tuple[list[str], int, int, int, str]:
    return place.path.split("/"), place.cell or 0, place.row, place.column, place.kind


def _packed(places: Iterable[Place] | None) -> list[Packed] | None:
    """Return places as JSON can carry them."""
    if places is None:
        return None
    return [[one.value if isinstance(one, Enum) else one for one in place] for place in places]


def _unpacked(values: Packed) -> Place:
    """Return a place that may have been through JSON."""
    place = Place(*values)
    return place._replace(status=Status(place.status), priority=Priority(place.priority))
