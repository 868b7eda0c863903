"""How the number of places has changed over the commits of a project.

Every content of a file is looked into once for each path that it has had, since what a place is
depends on the path as well; the answers are kept for the next time.  All commits are judged by the
configuration of today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Callable, TypeVar

from flake8_runsdir import cache
from flake8_runsdir.audit.auditor import Auditor
from flake8_runsdir.audit.blobs import LostError
from flake8_runsdir.audit.inventory import HistoryPoint, Status
from flake8_runsdir.audit.revisions import Commit, Repository, RevisionError

#: How many commits are looked at, if nothing else is said.
MOST_COMMITS = 500
_NAME = "audit.json"
#: More answers than this, and those that were not asked for are dropped.
_MOST_KEPT = 200_000

#: A path and the id of its content.
_File = tuple[str, str]
_Tally = Mapping[Status, int]
_Item = TypeVar("_Item")


def history(
    repository: Repository,
    auditor: Auditor,
    is_wanted: Callable[[str], bool],
    most: int = MOST_COMMITS,
    directory: str | None = None,
) -> list[HistoryPoint]:
    """Return the numbers of places in commits of the default branch, the oldest first.

    They are at most so many commits, evenly spread, the first and the last among them.
    ``is_wanted`` tells by its path whether a file counts; answers are kept in a file in
    ``directory``, if there is one.  Raises :class:`RevisionError`.
    """
    commits = sampled(repository.commits(repository.default()), most)
    states = [repository.files(commits[0].name)]
    states += repository.changes([commit.name for commit in commits])
    if len(states) != len(commits):
        raise RevisionError("git does not tell what all commits have changed")
    wanted = set(filter(is_wanted, {name for state in states for name in state}))
    files = dict.fromkeys(
        (name, blob) for state in states for name, blob in state.items() if blob and name in wanted
    )
    tallies = _Tallies(auditor, directory).of(list(files), repository)
    return list(_points(commits, states, tallies))


def sampled(items: Sequence[_Item], most: int) -> list[_Item]:
    """Return at most so many items, evenly spread: the last and, if there are two, the first."""
    if len(items) <= most:
        return list(items)
    last = len(items) - 1
    if most < 2:
        return [items[last]]
    return [items[number * last // (most - 1)] for number in range(most)]


def _points(
    commits: Sequence[Commit],
    changes: Iterable[Mapping[str, str]],
    tallies: Mapping[_File, _Tally],
) -> Iterable[HistoryPoint]:
    """Yield the numbers of places after each change."""
    total: Counter[Status] = Counter()
    current: dict[str, _Tally] = {}
    for commit, change in zip(commits, changes):
        for name, blob in change.items():
            total.subtract(current.pop(name, {}))
            tally = tallies.get((name, blob))
            if tally:
                total.update(tally)
                current[name] = tally
        counts = {status: total[status] for status in Status if total[status]}
        yield HistoryPoint(commit.name, commit.date, counts)


class _Tallies:
    """The numbers of places in files, by status, as far as they are known."""

    def __init__(self, auditor: Auditor, directory: str | None) -> None:
        self._auditor = auditor
        self._directory = directory
        self._known = {} if directory is None else cache.load(directory, _NAME)

    def of(self, files: Sequence[_File], repository: Repository) -> dict[_File, _Tally]:
        """Return the numbers of each of the files; what has no places may be left out."""
        found: dict[_File, _Tally] = {}
        new: dict[str, object] = {}
        asked: list[_File] = []
        keys = {file: self._key(file) for file in files}
        for file, key in keys.items():
            tally = _read(self._known.get(key))
            if tally is None:
                asked.append(file)
            else:
                found[file] = tally
        blobs = repository.blobs()
        try:
            names = [name for name, _ in asked]
            answers = self._auditor.tallies(names, lambda number: blobs.chunks(asked[number][1]))
            for number, tally in answers:
                found[asked[number]] = tally
                values = {status.value: count for status, count in tally.items()}
                new[keys[asked[number]]] = values
        except LostError as error:
            shallow = " (the clone is not complete)" if repository.is_shallow else ""
            raise RevisionError(f"{error}{shallow}") from None
        finally:
            blobs.close()
            self._save(new, keys.values())
        return found

    def _key(self, file: _File) -> str:
        name, blob = file
        text = f"{self._auditor.stamp(name)}\0{blob}\0{name}"
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def _save(self, new: Mapping[str, object], asked: Iterable[str]) -> None:
        if self._directory is None or not new:
            return
        entries = {**self._known, **new}
        if len(entries) > _MOST_KEPT:
            entries = {key: entries[key] for key in asked if key in entries}
        cache.store(self._directory, _NAME, entries)


def _read(value: object) -> _Tally | None:
    """Return what has been kept, if it has the right shape."""
    if not isinstance(value, dict):
        return None
    try:
        tally = {Status(key): count for key, count in value.items()}
    except ValueError:
        return None
    is_sound = all(type(count) is int and 0 < count < 1 << 53 for count in tally.values())
    return tally if is_sound else None
