"""The files of a project that an audit looks into: what git tracks.

git itself is asked which files it tracks.  Outside of work trees, and where git does not answer,
it is every file but those in directories that are never checked (``.git``, ``.venv``,
``node_modules``...).  Links are not followed: what they lead to is a file of its own, or none of
the project's.  A submodule is a project of its own, to be audited by itself.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from typing import Callable

from flake8_runsdir import git
from flake8_runsdir.options import CHECK_OPTIONS, quoted

_QUESTION = ("ls-files", "-z", "--cached", "--")
#: The same, with a letter before each file; what follows the letter, a blank, is its path.
_STATES = ("ls-files", "-z", "--cached", "-t", "--")
_ABSENT = "S "
#: The names of directories that are left out by default.
EXCLUDED = frozenset(
    name
    for option in CHECK_OPTIONS
    if option.name == "exclude" and isinstance(option.default, tuple)
    for name in option.default
)


def tracked(
    root: str,
    complain: Callable[[str], None],
    paths: Sequence[str] = (),
    is_excluded: Callable[[str], bool] = lambda _: False,
) -> list[str]:
    """Return the files of a directory, relative to it, with slashes, sorted by components.

    Each is a regular file, and so are the directories above it directories; but what cannot be
    listed, or is named and no file, is among them, so that whoever reads it tells why.  If there
    are ``paths``, relative to the current directory, only what is in them counts; a file that is
    named is one of the project's even if git does not track it.  ``complain`` takes what else goes
    wrong, as a sentence.  ``is_excluded`` tells of a directory, by its path below the root, that it
    need not be looked into.
    """
    start = os.path.realpath(root)

    def leaves_out(folder: str) -> bool:
        return os.path.basename(folder) in EXCLUDED or is_excluded(_name(folder, start))

    found: set[str] = set()
    for path in paths or (start,):
        real = os.path.realpath(path)
        if real != start and not real.startswith(os.path.join(start, "")):
            complain(f"{quoted(path)}: not in {quoted(root)}; passed by")
        elif os.path.isdir(real):
            found.update(_below(real, complain, leaves_out))
        else:
            found.add(real)
    return sorted((_name(path, start) for path in found), key=lambda place: place.split("/"))


def absent(root: str) -> set[str]:
    """Return the files that git tracks in a directory, but is told to keep out of the work tree.

    They are named as by :func:`tracked`.  A sparse checkout has such files: nobody has deleted
    them.
    """
    start = os.path.realpath(root)
    top, program = _top(start), git.program()
    if top is None or program is None:
        return set()
    answer, _ = git.ask(program, top, [*_STATES, os.path.relpath(start, top)])
    records = os.fsdecode(answer or b"").replace("/", os.sep).split("\0")
    paths = (os.path.join(top, one[len(_ABSENT) :]) for one in records if one.startswith(_ABSENT))
    return {_name(path, start) for path in paths if not os.path.lexists(path)}


def _below(
    directory: str, complain: Callable[[str], None], leaves_out: Callable[[str], bool]
) -> Iterable[str]:
    """Return the real paths of the files of a directory."""
    top = _top(directory)
    listed = None if top is None else _listed(top, directory, complain)
    return _walked(directory, complain, leaves_out) if listed is None else listed


def _top(directory: str) -> str | None:
    """Return the work tree that a directory lies in, if it does in one."""
    while not os.path.lexists(os.path.join(directory, ".git")):
        if directory == os.path.dirname(directory):
            return None
        directory = os.path.dirname(directory)
    return directory


def _name(path: str, start: str) -> str:
    return os.path.relpath(path, start).replace(os.sep, "/")


def _listed(top: str, directory: str, complain: Callable[[str], None]) -> list[str] | None:
    """Return what git tracks in a directory of a work tree; nothing if it does not answer."""
    program = git.program()
    place = os.path.relpath(directory, top)
    answer = git.ask(program, top, [*_QUESTION, place])[0] if program is not None else None
    if answer is None:
        complain(f"{quoted(top)}: git does not say what it tracks; all files are looked into")
        return None
    names = {name.replace("/", os.sep) for name in os.fsdecode(answer).split("\0") if name}
    folders = {os.path.dirname(name) for name in names}
    # Where git tracks a directory there may be a link by now.
    real = {
        folder
        for folder in folders
        if os.path.realpath(os.path.join(top, folder)) == os.path.normpath(f"{top}/{folder}")
    }
    paths = (os.path.join(top, name) for name in names if os.path.dirname(name) in real)
    return [path for path in paths if _is_file(path)]


def _walked(
    directory: str, complain: Callable[[str], None], leaves_out: Callable[[str], bool]
) -> Iterator[str]:
    """Yield all files below a directory; where it holds work trees, what git tracks in them."""
    pending = [directory]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(folder) as entries:
                inside = [_Entry(entry) for entry in entries]
        except OSError:
            yield folder
            continue
        if folder != directory and any(entry.name == ".git" for entry in inside):
            listed = _listed(folder, folder, complain)
            if listed is not None:
                yield from listed
                continue
        for entry in inside:
            if entry.is_file:
                yield entry.path
            elif entry.is_directory and not leaves_out(entry.path):
                pending.append(entry.path)


class _Entry:
    """An entry of a directory; a link is neither a file nor a directory.  Raises ``OSError``."""

    def __init__(self, entry: os.DirEntry[str]) -> None:
        self.name, self.path = entry.name, entry.path
        self.is_file = entry.is_file(follow_symlinks=False)
        self.is_directory = entry.is_dir(follow_symlinks=False)


def _is_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False
