"""The command ``runsdir audit``: what it is asked to do, to its exit code."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime

from flake8_runsdir import console
from flake8_runsdir.arguments import Options, UsageError
from flake8_runsdir.audit.archive import ArchiveError, read
from flake8_runsdir.audit.auditor import Auditor
from flake8_runsdir.audit.blobs import LostError
from flake8_runsdir.audit.comparison import compare
from flake8_runsdir.audit.history import MOST_COMMITS, history
from flake8_runsdir.audit.inventory import MUST_FIX, HistoryPoint, Inventory, Place, Status
from flake8_runsdir.audit.reports import render
from flake8_runsdir.audit.revisions import Repository, RevisionError
from flake8_runsdir.audit.tracked import absent, tracked
from flake8_runsdir.command_line import resolver
from flake8_runsdir.emit.summary import counted
from flake8_runsdir.flags import CHECK
from flake8_runsdir.options import quoted
from flake8_runsdir.progress import Progress
from flake8_runsdir.report import Style, portable
from flake8_runsdir.run import processors
from flake8_runsdir.settings import Resolver

_RIGHT = (Status.FIXED, Status.DEFINITION)
#: The formats that show a history.
_WITH_HISTORY = ("html", "json")


def audit(options: Options) -> int:
    """Run the command and return its exit code.

    Raises :class:`UsageError`, :class:`ConfigError` and :class:`console.OutputError`.
    """
    auditing = _Auditing(options)
    try:
        earlier = auditing.earlier()
        points = auditing.history()
    except (ArchiveError, LostError, RevisionError) as error:
        raise UsageError(str(error)) from None
    inventory = auditing.inventory()
    if earlier is not None:
        inventory = inventory._replace(comparison=compare(options.since, earlier, inventory.places))
    auditing.print(inventory, points)
    return auditing.code(inventory)


class _Auditing:
    """One audit: its options, and what has gone wrong so far."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._date = _date(options.date)
        self._is_heard = not (options.quiet or options.silent)
        self._is_wrong = False
        self._paths = options.subjects or ["."]
        self._root = _root(self._paths)
        self._named = [os.path.realpath(path) for path in self._paths]
        self._output = self._name_of(options.output_file)
        if options.fail_on == "new" and options.since is None:
            raise UsageError("'--fail-on new' takes '--since <FILE|REV>'")
        if options.history and options.output_format not in _WITH_HISTORY:
            raise UsageError("'--history' takes '--output-format html' or 'json'")
        settings = self._resolver()
        self._cache_dir = None if options.no_cache else settings.at(self._root).cache_dir
        jobs = options.jobs or processors()
        self._auditor = Auditor(self._root, settings, self._complain, jobs, self._progress)

    def inventory(self) -> Inventory:
        """Return the inventory of what is named."""
        names = tracked(self._root, self._warn, self._paths, self._auditor.is_excluded)
        return self._auditor.inventory(list(filter(self._is_wanted, names)), self._date)

    def earlier(self) -> Sequence[Place] | None:
        """Return the places of what is to be compared with, if there is anything.

        Raises :class:`ArchiveError`, :class:`LostError` and :class:`RevisionError`.
        """
        since = self._options.since
        if since is None:
            return None
        places = self._archived(since) if os.path.isfile(since) else self._at(since)
        hidden = absent(self._root)
        files = {place.path for place in places if place.status in MUST_FIX} & hidden
        if files:
            what = f"{counted(len(files), 'file')} that git keeps out of the work tree"
            self._warn(f"{quoted(since)}: not compared: {what} (a sparse checkout)")
        return [place for place in places if place.path not in hidden]

    def history(self) -> list[HistoryPoint]:
        """Return the history, if it is wanted.  Raises :class:`RevisionError`."""
        if not self._options.history:
            return []
        repository = Repository(self._root)
        if repository.is_shallow:
            self._warn("the clone is shallow: the history begins with its oldest commit")
        most = self._options.history_commits or MOST_COMMITS
        return history(repository, self._auditor, self._is_part, most, self._cache_dir)

    def print(self, inventory: Inventory, points: Sequence[HistoryPoint]) -> None:
        """Write the report to where it is wanted."""
        options, path = self._options, self._options.output_file or ""
        if not options.silent:
            color = console.has_color(options.color or "auto", path)
            style = Style(portable(os.getcwd()), color, bool(options.quiet))
            console.write(render(options.output_format or "text", inventory, style, points), path)
        if inventory.unread:
            self._warn(f"{len(inventory.unread)} of the files could not be looked into")

    def code(self, inventory: Inventory) -> int:
        """Return the exit code: 2 after a complaint about a configuration, else 1 for a failure."""
        if self._is_wrong:
            return 2
        statuses = {place.status for place in inventory.places}
        fatal = {"critical": MUST_FIX, "any": set(Status).difference(_RIGHT)}
        is_failure = not statuses.isdisjoint(fatal.get(self._options.fail_on, ()))
        if self._options.fail_on == "new" and inventory.comparison is not None:
            is_failure = bool(inventory.comparison.new)
        return int(is_failure or bool(inventory.unread))

    def _archived(self, path: str) -> Sequence[Place]:
        """Return the places of an audit in a file.  Raises :class:`ArchiveError`."""
        archive = read(path)
        if archive.root != self._auditor.name:
            roots = f"'{quoted(archive.root)}', compared with one of '{quoted(self._auditor.name)}'"
            self._warn(f"{quoted(path)}: an audit of {roots}")
        return archive.places

    def _at(self, revision: str) -> Sequence[Place]:
        """Return the places of a commit.

        Raises :class:`ArchiveError`, :class:`LostError` and :class:`RevisionError`.
        """
        if revision.endswith(".json"):
            raise ArchiveError(f"{quoted(revision)}: no such file")
        repository = Repository(self._root)
        files = repository.files(repository.commit(revision))
        names = list(filter(self._is_part, sorted(files)))
        with closing(repository.blobs()) as blobs:
            found = self._auditor.inventory(
                names, self._date, lambda number: blobs.chunks(files[names[number]])
            )
        if found.unread:
            count = len(found.unread)
            self._warn(f"{quoted(revision)}: {count} of the files could not be looked into")
        return found.places

    def _resolver(self) -> Resolver:
        """Return the resolver of settings; what only a check can be asked for is not given."""
        given = {flag.field: None for flag in CHECK.flags}
        for field in ("config", "isolated", "exclude", "extend_exclude", "cache_dir"):
            given[field] = getattr(self._options, field)
        return resolver(Options(command=CHECK.name, subjects=[], **given), os.getcwd())

    def _progress(self, count: int) -> Progress:
        return Progress(count, is_wanted=self._is_heard)

    def _is_part(self, name: str) -> bool:
        """Tell whether a file of a commit is one of those that are audited."""
        return self._is_named(name) and self._is_wanted(name)

    def _is_wanted(self, name: str) -> bool:
        """Tell whether the user leaves a file in, and does not have it written."""
        return name != self._output and not self._auditor.is_excluded(name)

    def _name_of(self, path: str | None) -> str:
        """Return the path of a file below the root; empty if it is not there."""
        start, real = os.path.join(self._root, ""), os.path.realpath(path or self._root)
        return real[len(start) :].replace(os.sep, "/") if real.startswith(start) else ""

    def _is_named(self, name: str) -> bool:
        """Tell whether a file is one of those that are named, or in a directory that is."""
        path = os.path.join(self._root, name.replace("/", os.sep))
        return any(path == one or path.startswith(os.path.join(one, "")) for one in self._named)

    def _complain(self, message: str) -> None:
        """Tell of a configuration that is wrong; the rest is audited all the same."""
        self._is_wrong = True
        console.tell(f"runsdir: error: {message}")

    def _warn(self, message: str) -> None:
        if self._is_heard:
            console.tell(f"warning: {message}")


def _root(paths: Sequence[str]) -> str:
    """Return the directory that is audited: the one that is named, or the one around all.

    It is a real path.  Raises :class:`UsageError` for what does not exist.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"{quoted(path)}: no such file or directory")
    real = [os.path.realpath(path) for path in paths]
    root = os.path.commonpath(real)
    return root if os.path.isdir(root) else os.path.dirname(root)


def _date(given: str | None) -> str:
    """Return the date of a report.  Raises :class:`UsageError` for what is none."""
    if given is None:
        return date.today().isoformat()
    try:
        return datetime.strptime(given, "%Y-%m-%d").date().isoformat()
    except ValueError:
        problem = f"invalid value '{quoted(given)}' for '--date <DATE>': YYYY-MM-DD expected"
        raise UsageError(problem) from None
