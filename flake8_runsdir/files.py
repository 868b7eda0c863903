"""The files that are to be checked: what is named, and what stands in the directories that are.

Files are found as Ruff finds them, with these differences: what git tracks is never ignored; links
are read only where their targets would be lost otherwise, and never where they lead out of the
directories that are walked; ``.gitignore`` files count outside of work trees as well.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator, Sequence

from flake8_runsdir.config import FILES
from flake8_runsdir.ignores import MARKERS, Ignores, Reader
from flake8_runsdir.options import ConfigError
from flake8_runsdir.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from flake8_runsdir.settings import Resolver, Settings

_SPECIAL = MARKERS.union(FILES)


class Found(Record):
    """A file that is to be checked.

    ``path`` is absolute and normal; bytes in it that are no text stand as surrogates.
    """

    path: str
    settings: Settings


class Unread(Record):
    """A file or a directory that cannot be read, and the reason, as the system words it."""

    path: str
    reason: str


class _Place(Record):
    """A directory, where it really is, and what holds in it; no rules if none are asked for."""

    path: str
    real: str
    settings: Settings
    ignores: Ignores | None = None


def discover(
    paths: Sequence[str],
    resolver: Resolver,
    complain: Callable[[str], None],
    warn: Callable[[str], None],
) -> Iterator[Found | Unread]:
    """Yield what there is to check in files and directories, each file once.

    The order is that of the components of paths.  ``complain`` takes sentences about configurations
    that are wrong and passed by, ``warn`` those about ignore files.  Raises :class:`ConfigError`
    when the configuration of a path is wrong, and ``OSError`` when the current directory has gone.
    """
    named = sorted({os.path.abspath(path) for path in paths}, key=_components)
    items = [item for path in named for item in _named(path, resolver)]
    places = [item for item in items if isinstance(item, _Place)]
    walk = _Walk(named, places, resolver, complain, warn)
    group: list[Iterable[Found | Unread]] = []
    start = ""
    for item in items:
        if not item.path.startswith(start):
            yield from _merged(group)
            group = []
        if not group:
            start = os.path.join(item.path, "")
        group.append(walk.below(item) if isinstance(item, _Place) else (item,))
    yield from _merged(group)


def _components(path: str) -> list[str]:
    return path.split(os.sep)


def _merged(streams: Sequence[Iterable[Found | Unread]]) -> Iterable[Found | Unread]:
    """Merge what is found in a directory with what is found at places in it that are named."""
    if len(streams) < 2:
        return streams[0] if streams else ()
    from heapq import merge

    return merge(*streams, key=lambda item: _components(item.path))


def _named(path: str, resolver: Resolver) -> Iterator[Found | Unread | _Place]:
    """Yield what a named path is, unless it is excluded and that counts for it."""
    mode, reason = _status(path)
    is_directory = stat.S_ISDIR(mode)
    settings = resolver.at(path if is_directory else os.path.dirname(path))
    if settings.force_exclude and settings.leaves_out(path):
        return
    if reason:
        yield Unread(path, reason)
    elif is_directory:
        yield _Place(path, os.path.realpath(path), settings)
    else:
        yield Found(path, settings)


def _status(path: str) -> tuple[int, str]:
    """Return the mode of what a path leads to, and why it can be neither read nor walked."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        return 0, _reason(error)
    except ValueError as error:  # a name that no system call can take
        return 0, str(error)
    is_known = stat.S_ISREG(mode) or stat.S_ISDIR(mode)
    return mode, "" if is_known else "not a regular file"


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


class _Walk:
    """A walk of some directories.

    It keeps the directories that are the targets of links, besides those it stands in.
    """

    def __init__(
        self,
        named: Collection[str],
        roots: Sequence[_Place],
        resolver: Resolver,
        complain: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        self._named = frozenset(named)
        self._resolver = resolver
        self._complain = _once(complain)
        self._reader = Reader([root.real for root in roots], _once(warn))
        self._linked: set[str] = set()
        #: By their real paths: what holds in directories, or nothing if they are not walked.
        self._places: dict[str, _Place | None] = {}
        for root in sorted(roots, key=lambda root: os.path.islink(root.path)):
            if not self._is_walked(root):
                self._places[root.real] = self._with_rules(root, None)

    def below(self, root: _Place) -> Iterator[Found | Unread]:
        """Yield what is found in a named directory, unless another one leads there as well."""
        top = self._places.get(root.real)
        if top is None or top.path != root.path:
            return
        pending: list[Iterator[Found | Unread | _Place]] = [iter((top,))]
        while pending:
            for item in pending[-1]:
                if not isinstance(item, _Place):
                    yield item
                    continue
                entries = _entries(item.path)
                if isinstance(entries, Unread):
                    yield entries
                    continue
                place = top if item is top else self._entered(item, entries)
                pending.append(self._items(place, entries))
                break
            else:
                pending.pop()

    def _items(
        self, place: _Place, entries: dict[str, os.DirEntry[str]]
    ) -> Iterator[Found | Unread | _Place]:
        """Yield the files and the directories in a directory that are not left out, in order."""
        start, settings = os.path.join(place.path, ""), place.settings
        for name in sorted(entries):
            path, entry = start + name, entries[name]
            try:
                is_file = entry.is_file(follow_symlinks=False)
                is_directory = not is_file and entry.is_dir(follow_symlinks=False)
            except OSError as error:
                yield Unread(path, _reason(error))
                continue
            if path in self._named or not self._takes(place, path, name, is_directory):
                continue
            if is_file:
                yield Found(path, settings)
            elif is_directory:
                yield _Place(path, os.path.join(place.real, name), settings, place.ignores)
            else:
                yield from self._special(path, settings)

    def _takes(self, place: _Place, path: str, name: str, is_directory: bool) -> bool:
        """Tell whether an entry of a directory is walked or checked, were it only for its name."""
        settings = place.settings
        if name in settings.excludes.names or not (is_directory or settings.includes(path)):
            return False
        if settings.excludes.patterns and settings.excludes.match(path):
            return False
        ignores = place.ignores
        if ignores is None or ignores.are_none:
            return True
        return not ignores.cover(os.path.join(place.real, name), is_directory)

    def _special(self, path: str, settings: Settings) -> Iterator[Found | Unread]:
        """Yield what a link, or something that is no file, has to be reported or checked as."""
        mode, reason = _status(path)
        if reason:
            yield Unread(path, reason)
        elif stat.S_ISREG(mode):
            target = os.path.realpath(path)
            if target in self._named or target in self._linked:
                return
            if not self._is_inside(target):
                yield Unread(path, "a link that leads out of the directories that are checked")
            elif not self._finds(target):
                self._linked.add(target)
                yield Found(path, settings)

    def _entered(self, place: _Place, names: Collection[str]) -> _Place:
        """Return what holds in a directory with these entries; so far it is what holds above."""
        if _SPECIAL.isdisjoint(names):
            return place
        try:
            settings = self._resolver.below(place.settings, place.path, names)
        except ConfigError as error:
            settings = place.settings
            self._complain(str(error))
        return self._with_rules(place._replace(settings=settings), names)

    def _with_rules(self, place: _Place, names: Collection[str] | None) -> _Place:
        ignores = None
        if place.settings.respect_gitignore:
            if place.ignores is None or names is None:
                ignores = self._reader.at(place.real)
            else:
                ignores = self._reader.below(place.ignores, place.real, names)
        return place._replace(ignores=ignores)

    def _is_walked(self, root: _Place) -> bool:
        """Tell whether a named directory is another one as well, or a link into one."""
        if not os.path.islink(root.path):
            return self._places.get(root.real) is not None
        return self._is_inside(root.real) and self._reached(root.real) is not None

    def _is_inside(self, path: str) -> bool:
        """Tell whether a real path is that of a directory that is named, or lies in one."""
        while path not in self._places:
            above = os.path.dirname(path)
            if above == path:
                return False
            path = above
        return True

    def _finds(self, path: str) -> bool:
        """Tell whether the walk comes by a file at its real path, which must be inside."""
        directory, name = os.path.split(path)
        place = self._reached(directory)
        if place is None:
            return False
        path = os.path.join(place.path, name)
        return path in self._named or self._takes(place, path, name, is_directory=False)

    def _reached(self, directory: str) -> _Place | None:
        """Return what holds in a directory at its real path, or nothing if it is not walked.

        It must be inside of the directories that are named.
        """
        missing = []
        while directory not in self._places:
            missing.append(directory)
            directory = os.path.dirname(directory)
        place = self._places[directory]
        for real in reversed(missing):
            place = None if place is None else self._next(place, real)
            self._places[real] = place
        return place

    def _next(self, place: _Place, real: str) -> _Place | None:
        name = os.path.basename(real)
        path = os.path.join(place.path, name)
        if not self._takes(place, path, name, is_directory=True):
            return None
        names = [name for name in _SPECIAL if os.path.lexists(os.path.join(real, name))]
        return self._entered(place._replace(path=path, real=real), names)


def _entries(directory: str) -> dict[str, os.DirEntry[str]] | Unread:
    """Return the entries of a directory by name; none if it has gone meanwhile."""
    try:
        with os.scandir(directory) as entries:
            return {entry.name: entry for entry in entries}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        return Unread(directory, _reason(error))


def _once(tell: Callable[[str], None]) -> Callable[[str], None]:
    """Return a function that tells each sentence only once."""
    told: set[str] = set()

    def tell_once(text: str) -> None:
        if text not in told:
            told.add(text)
            tell(text)

    return tell_once
