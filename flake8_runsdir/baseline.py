"""The baseline: a file of findings that are known and not reported again.

It is made for reviews and for git: equal findings of a file have one line, lines are sorted by
path, and nothing in them depends on rows.  A line that a merge keeps twice counts once.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Callable, NamedTuple, Protocol, TypeVar

from flake8_runsdir.codes import PREFIX, UNFIXED, is_unchecked
from flake8_runsdir.options import ConfigError, quoted
from flake8_runsdir.reading import Reader, UnreadableError
from flake8_runsdir.renaming import Thing, code_in, moves
from flake8_runsdir.report import Located, portable

#: What the first line says, and the version of the format.
_TITLE, _VERSION = "# runsdir baseline ", "1"
_LARGEST = 64 << 20
#: How much of a source line is shown, in characters.
_WIDTH = 100
_ENTRY = re.compile(
    rf"(?P<name>[^\t]+)\t(?P<code>{PREFIX}[0-9]{{3}})\t(?P<count>[1-9][0-9]{{0,6}})\t"
    r"(?P<fingerprint>[0-9a-f]{16})\t(?P<text>[^\t]*)"
)
_ESCAPE = re.compile(
    r"\\(?:([\\tnr])|x([0-9a-f]{2})|u([0-9a-f]{4})|U(000[0-9a-f]{5}|0010[0-9a-f]{4}))"
)
_ESCAPED = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_CONFLICT = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


class Named(Protocol):
    """A finding, as far as a baseline knows it."""

    @property
    def code(self) -> str:
        """The code of its rule."""

    @property
    def fingerprint(self) -> str:
        """What names it wherever it stands; empty if nothing can."""


Finding = TypeVar("Finding", bound=Named)
#: What names a finding, the fingerprint last.
_Item = TypeVar("_Item", bound=Thing)
#: How many findings of a file are recorded, by code and fingerprint.
Recorded = Mapping[tuple[str, str], int]


class Key(NamedTuple):
    """What tells an entry from others; ``name`` is a path relative to the file, with slashes."""

    name: str
    code: str
    fingerprint: str


class Entry(NamedTuple):
    """A line of a baseline: so many findings that are the same (``times``), shown by a text."""

    key: Key
    times: int
    text: str

    def __str__(self) -> str:
        name = _escaped(self.key.name)
        return "\t".join((name, self.key.code, str(self.times), self.key.fingerprint, self.text))


class Judgement(NamedTuple):
    """Which findings are recorded, in their order, and the entries that are left.

    An entry is left with the number of findings that it records and that were not found.
    """

    are_recorded: list[bool]
    left: list[tuple[Entry, int]]


class Baseline:
    """The entries of a baseline; ``path`` is its absolute path.

    The same entry twice, as a merge may leave it, counts once, with the larger number.
    """

    def __init__(self, path: str, entries: Iterable[Entry] = ()) -> None:
        self.path = path
        self._base = portable(os.path.dirname(path))
        self._entries: dict[Key, Entry] = {}
        self._named: dict[str, str] = {}
        for entry in entries:
            known = self._entries.setdefault(entry.key, entry)
            if known.times < entry.times:
                self._entries[entry.key] = entry

    def judge(self, findings: Sequence[Located]) -> Judgement:
        """Tell which findings are recorded: under their path, or under one that is gone.

        A file that has been renamed has no entries yet, and those of its old path no file.
        """
        left = Counter({key: entry.times for key, entry in self._entries.items()})
        keys = [Key(self.name(one.path), one.code, one.fingerprint) for one in findings]
        taken = _taken(left, keys)
        known = {key.name for key in left}
        new = {
            number: key
            for number, key in enumerate(keys)
            if not taken[number] and key.name and key.name not in known
        }
        for form in (tuple, _alike) if new else ():
            for number in self._moved(left, new, form):
                taken[number] = True
                del new[number]
        rest = [(self._entries[key], count) for key, count in left.items() if count]
        return Judgement(taken, sorted(rest, key=lambda pair: _order(pair[0])))

    def recorded(self, path: str) -> Recorded:
        """Return what is recorded of one file, whatever else there is."""
        return self._by_name.get(self.name(portable(path)), {})

    def name(self, path: str) -> str:
        """Return the name of an absolute path here; empty if it cannot have one."""
        if path not in self._named:
            self._named[path] = self._relative(path)
        return self._named[path]

    def place(self, name: str) -> str:
        """Return the absolute path of a name."""
        path = os.path.normpath(os.path.join(self._base, *name.split("/")))
        return os.fsdecode(path.encode("utf-8", "surrogateescape"))

    def holds(self, name: str) -> bool:
        """Tell whether there is a file of that name, or may be."""
        try:
            os.lstat(self.place(name))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except (OSError, ValueError):
            return True
        return True

    def entries(self, findings: Iterable[Located]) -> Iterator[Entry]:
        """Yield the entries that record some findings.

        That a file was not checked, or not fixed, is for no baseline.
        """
        counts: Counter[Key] = Counter()
        texts: dict[Key, str] = {}
        for found in findings:
            key = Key(self.name(found.path), found.code, found.fingerprint)
            if key.name and key.fingerprint:
                counts[key] += 1
                texts.setdefault(key, _shown(found.line))
        for key, count in counts.items():
            yield Entry(key, count, texts[key])

    @cached_property
    def _by_name(self) -> dict[str, dict[tuple[str, str], int]]:
        known: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(dict)
        for key, entry in self._entries.items():
            known[key.name][key.code, key.fingerprint] = entry.times
        return known

    def _relative(self, path: str) -> str:
        if not os.path.isabs(path):  # the standard input
            return ""
        try:
            return os.path.relpath(path, self._base).replace(os.sep, "/")
        except ValueError:  # on another drive
            return ""

    def _moved(
        self, left: Counter[Key], new: Mapping[int, Key], form: Callable[[Key], Thing]
    ) -> list[int]:
        """Take entries of files that are gone for findings in new ones; return their numbers."""
        entries: defaultdict[Thing, list[Key]] = defaultdict(list)
        for key in sorted(self._gone(left), reverse=True):
            entries[form(key)].append(key)
        numbers: defaultdict[Thing, list[int]] = defaultdict(list)
        for number, key in sorted(new.items(), reverse=True):
            numbers[form(key)].append(number)
        gone = _by_file({key: sum(left[one] for one in ones) for key, ones in entries.items()})
        wanted = _by_file({key: len(ones) for key, ones in numbers.items()})
        found = []
        for old, path, thing, times in moves(gone, wanted):
            before, now = (old, *thing), (path, *thing)
            for _ in range(times):
                _take_any(left, entries[before])
                found.append(numbers[now].pop())
        return found

    def _gone(self, left: Counter[Key]) -> list[Key]:
        """Return the entries that are left of files that are gone."""
        names = {key.name for key, count in left.items() if count}
        gone = {name for name in names if not self.holds(name)}
        return [key for key, count in left.items() if count and key.name in gone]


def read(path: str) -> bytes:
    """Return the content of a baseline, whatever it is.  Raises :class:`ConfigError`."""
    reader = Reader()
    try:
        size = reader.read(path, _LARGEST)
    except UnreadableError as error:
        raise ConfigError(f"{quoted(path)}: the baseline cannot be read: {error}") from None
    return bytes(memoryview(reader.buffer)[:size])


def parse(path: str, data: bytes) -> Baseline:
    """Return the baseline in a file.  Raises :class:`ConfigError`, which names file and row."""
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{quoted(path)}:{row}: the baseline is not UTF-8") from None
    return Baseline(os.path.abspath(path), _entries(path, content))


def text(entries: Iterable[Entry]) -> str:
    """Return the content of a file with some entries."""
    lines = sorted(entries, key=_order)
    return "".join(f"{line}\n" for line in (_TITLE + _VERSION, *lines))


def unrecorded(findings: Iterable[Finding], recorded: Recorded | None) -> Iterator[Finding]:
    """Yield the findings of one file that are not recorded: of equal ones, the last."""
    found = list(findings)
    taken = _taken(Counter(recorded), [(one.code, one.fingerprint) for one in found])
    return (one for one, is_recorded in zip(found, taken) if not is_recorded)


def _entries(path: str, content: str) -> Iterator[Entry]:
    """Yield the entries of a text.  Raises :class:`ConfigError`."""
    title = _TITLE + _VERSION
    for row, line in enumerate(content.split("\n"), 1):
        line = line.rstrip("\r")
        if row == 1 and line != title:
            known = line.startswith(_TITLE)
            problem = "a baseline of another version" if known else "not a baseline"
            raise ConfigError(f"{quoted(path)}:1: {problem}: the first line is not `{title}`")
        if line not in ("", title):
            yield _entry(line, f"{quoted(path)}:{row}")


def _entry(line: str, where: str) -> Entry:
    """Return the entry in a line.  Raises :class:`ConfigError`, which names ``where`` it is."""
    match = _ENTRY.fullmatch(line)
    name = _ESCAPE.sub(_unescaped, match["name"]) if match else ""
    if not match or _escaped(name) != match["name"] or not _is_relative(name):
        is_conflict = line.startswith(_CONFLICT)
        problem = "an unresolved conflict" if is_conflict else "not an entry of a baseline"
        raise ConfigError(f"{where}: {problem}")
    if is_unchecked(match["code"]) or match["code"] == UNFIXED:
        raise ConfigError(f"{where}: {match['code']} cannot be recorded")
    key = Key(name, match["code"], match["fingerprint"])
    return Entry(key, int(match["count"]), match["text"])


def _is_relative(name: str) -> bool:
    """Tell whether a name is that of a file here, spelled in the one way that is used."""
    try:
        name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return not posixpath.isabs(name) and posixpath.normpath(name) == name


def _escaped(name: str) -> str:
    """Return a name with backslashes, and what is not printable, escaped."""
    return quoted(name.replace("\\", "\\\\"))


def _unescaped(match: re.Match[str]) -> str:
    return _ESCAPED[match[1]] if match[1] else chr(int(match[2] or match[3] or match[4], 16))


def _shown(line: str) -> str:
    """Return what is shown of a line of source."""
    return quoted(" ".join(line[: _WIDTH * 4].split()))[:_WIDTH]


def _order(entry: Entry) -> tuple[list[str], str, str, str]:
    key = entry.key
    return key.name.split("/"), key.code, entry.text, key.fingerprint


def _taken(left: Counter[_Item], items: Sequence[_Item]) -> list[bool]:
    """Take findings out of those that are left, and tell of each whether there was one.

    In a function of another name it is the same one, unless that is there as well.
    """
    taken = [_take(left, item) for item in items]
    if not all(taken):
        alike: defaultdict[Thing, list[_Item]] = defaultdict(list)
        for item in sorted((item for item, count in left.items() if count), reverse=True):
            alike[_alike(item)].append(item)
        for number, item in enumerate(items):
            taken[number] = taken[number] or _take_any(left, alike[_alike(item)])
    return taken


def _take(left: Counter[_Item], item: _Item) -> bool:
    """Take one finding out of those that are left; tell whether there was one."""
    if not left[item]:
        return False
    left[item] -= 1
    return True


def _take_any(left: Counter[_Item], items: list[_Item]) -> bool:
    """Take one finding out of the last of some entries that has any left."""
    while items:
        if _take(left, items[-1]):
            return True
        items.pop()
    return False


def _alike(item: _Item) -> Thing:
    """Return what findings have in common whose functions have other names."""
    *where, fingerprint = item
    return (*where, code_in(fingerprint))


def _by_file(counts: Mapping[Thing, int]) -> dict[str, dict[Thing, int]]:
    found: defaultdict[str, dict[Thing, int]] = defaultdict(dict)
    for (name, *thing), count in counts.items():
        found[name][tuple(thing)] = count
    return found
