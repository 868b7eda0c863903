"""The commits of a repository and the files in them, as git tells of them."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from subprocess import DEVNULL
from typing import IO, NamedTuple

from flake8_runsdir import git
from flake8_runsdir.audit.blobs import Blobs, answered, stop
from flake8_runsdir.options import quoted

_OBJECT = re.compile(r"[0-9a-f]{40,64}")
#: Modes of what is no file of the project's own: links and submodules are passed by.
_FILES = (b"100644", b"100755", b"100664")
_REMOTE_HEAD = "refs/remotes/origin/HEAD"
_EPOCH = datetime(1970, 1, 1)


class RevisionError(Exception):
    """Something that git does not have, or does not say; the message is a sentence."""


class Commit(NamedTuple):
    """A commit: its id, and the day on which it was made, in UTC, as ``YYYY-MM-DD``."""

    name: str
    date: str


class Repository:
    """The work tree that a directory lies in; files are those below the directory.

    ``directory`` is an absolute and real path.  Raises :class:`RevisionError` if there is no work
    tree, or no git.
    """

    def __init__(self, directory: str) -> None:
        top = directory
        while not os.path.lexists(os.path.join(top, ".git")):
            if top == os.path.dirname(top):
                raise RevisionError(f"{quoted(directory)} is not in a git repository")
            top = os.path.dirname(top)
        program = git.program()
        if program is None:
            raise RevisionError("git is not installed, or not on the path")
        self._program, self._top = program, top
        place = os.path.relpath(directory, top).replace(os.sep, "/")
        self._prefix = "" if place == "." else f"{place}/"

    @property
    def is_shallow(self) -> bool:
        """Whether the repository has been cloned without the older commits."""
        return self._ask("rev-parse", "--is-shallow-repository") == "true"

    def blobs(self) -> Blobs:
        """Return the contents of all files."""
        return Blobs(self._program, self._top)

    def commit(self, revision: str) -> str:
        """Return the id of the commit that a revision names."""
        found = self._resolved(revision)
        if found is None:
            shallow = " (the clone is shallow)" if self.is_shallow else ""
            raise RevisionError(f"git knows no commit '{quoted(revision)}'{shallow}")
        return found

    def default(self) -> str:
        """Return the id of the last commit of the default branch.

        That is the branch that the remote repository ``origin`` begins with, the local one of that
        name first; where there is none, the branch that is checked out.
        """
        target = self._ask("symbolic-ref", "--quiet", _REMOTE_HEAD) or ""
        local = target.replace("refs/remotes/origin/", "refs/heads/", 1)
        for name in filter(None, (local, target, "HEAD")):
            found = self._resolved(name)
            if found is not None:
                return found
        raise RevisionError(f"{quoted(self._top)} has no commits, or git cannot read them")

    def commits(self, last: str) -> list[Commit]:
        """Return a commit and those that it follows by their first parents, the oldest first."""
        question = ("rev-list", "--first-parent", "--timestamp", last, "--")
        lines = [line.decode("ascii").split() for line in self._records(question, b"\n")]
        return [Commit(name, _day(int(seconds))) for seconds, name in reversed(lines)]

    def files(self, commit: str) -> dict[str, str]:
        """Return the ids of the files of a commit, by their paths with slashes."""
        question = ["ls-tree", "-r", "-z", "--full-tree", commit]
        found = {}
        for record in self._records([*question, "--", *self._places()], b"\0"):
            description, _, path = record.partition(b"\t")
            mode, _, name = description.split(b" ")
            if mode in _FILES:
                found[self._name(path)] = name.decode("ascii")
        return found

    def changes(self, commits: Sequence[str]) -> Iterator[dict[str, str]]:
        """Yield what each commit has changed since the one before it, beginning with the second.

        That are the ids of its files by their paths; files that have gone have none.
        """
        options = "--stdin --always -r -z --raw --no-abbrev --no-renames --no-ext-diff".split()
        with tempfile.TemporaryFile() as pairs:
            for before, after in zip(commits, commits[1:]):
                pairs.write(f"{after} {before}\n".encode("ascii"))
            pairs.seek(0)
            question = ("diff-tree", *options, "--", *self._places())
            records = self._records(question, b"\0", pairs)
            found: dict[str, str] | None = None
            for record in records:
                if not record.startswith(b":"):
                    if found is not None:
                        yield found
                    found = {}
                    continue
                _, mode, _, name, _ = record.split(b" ")
                path = self._name(next(records))
                if found is not None:
                    found[path] = name.decode("ascii") if mode in _FILES else ""
            if found is not None:
                yield found

    def _places(self) -> list[str]:
        return [self._prefix] if self._prefix else []

    def _name(self, path: bytes) -> str:
        return os.fsdecode(path)[len(self._prefix) :]

    def _resolved(self, revision: str) -> str | None:
        if revision.startswith("-") or "\0" in revision:
            return None
        answer = self._ask("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        return answer if answer is not None and _OBJECT.fullmatch(answer) else None

    def _ask(self, *question: str) -> str | None:
        answer, _ = git.ask(self._program, self._top, question)
        return None if answer is None else answer.decode("utf-8", "replace").strip()

    def _records(
        self, question: Sequence[str], end: bytes, questions: int | IO[bytes] = DEVNULL
    ) -> Iterator[bytes]:
        """Yield what git answers, split where records end."""
        process = git.converse(self._program, self._top, question, questions)
        is_complete = False
        try:
            rest: list[bytes] = []
            while data := answered(process):
                first, *others = data.split(end)
                rest.append(first)
                if others:
                    yield b"".join(rest)
                    yield from others[:-1]
                    rest = others[-1:]
            is_complete = True
        finally:
            if not is_complete:
                process.kill()
            code = stop(process)
        if is_complete and code:
            shallow = " (the clone is shallow)" if self.is_shallow else ""
            raise RevisionError(f"{quoted(self._top)}: git {question[0]} has failed{shallow}")


def _day(seconds: int) -> str:
    """Return the day of a moment, given in seconds since 1970; that of no moment at all is 1970."""
    try:
        return (_EPOCH + timedelta(seconds=seconds)).date().isoformat()
    except OverflowError:
        return _EPOCH.date().isoformat()
