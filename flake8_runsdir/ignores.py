"""What git and ignore files leave out of a walk.

In a work tree git itself is asked, once: it alone knows every place that rules come from, and which
files are tracked; those are never ignored, as git reads its rules.  Where git cannot answer, and
outside of work trees, ``.gitignore`` files are read.  ``.ignore`` files (ripgrep's) are read
everywhere and have the last word.

All paths here are absolute and hold no links.  Rules come from trees that may be hostile: none of
them becomes a regular expression, and git is asked in a way that makes it run nothing.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence

from flake8_runsdir import globs
from flake8_runsdir.options import quoted
from flake8_runsdir.reading import MissingError, UnreadableError, beginning
from flake8_runsdir.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

#: Names whose presence in a directory changes what is ignored in it.
MARKERS = frozenset((".git", ".gitignore", ".ignore"))

_LARGEST_FILE = 1 << 20
_LONGEST_PATTERN = 4096
_MOST_ARGUMENTS = 100
#: The steps that wildcards may take in a run: some 20 seconds.
_STEPS = 200_000_000
_STEPS_OF_A_LOOK = 4

_QUESTION = ("ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z", "--")


class Ignores(Record):
    """The rules that hold for the entries of one directory.

    ``listed`` are the paths that git ignores; ``files`` are the ``.gitignore`` files that are read
    where git does not ``answer``; ``own`` are the ``.ignore`` files.
    """

    listed: frozenset[str] = frozenset()
    files: Rules | None = None
    own: Rules | None = None
    answer: bool = False

    @property
    def are_none(self) -> bool:
        """Whether nothing at all is ignored."""
        return not self.listed and self.files is None and self.own is None

    def cover(self, path: str, is_directory: bool) -> bool:
        """Tell whether a file or a directory is ignored; the directories above it are not asked."""
        verdict = _verdict(self.own, path, is_directory)
        if verdict is None:
            return path in self.listed or _verdict(self.files, path, is_directory) is True
        return verdict


class Reader:
    """Finds the rules of directories, by asking git and by reading ignore files.

    ``roots`` are the directories that will be walked; ``complain`` takes what goes wrong, as a
    sentence.
    """

    def __init__(self, roots: Sequence[str], complain: Callable[[str], None]) -> None:
        self._roots = roots
        self._complain = complain
        self._budget = Budget(_STEPS, complain)
        self._asks_git = True
        self._answers: dict[str, frozenset[str] | None] = {}

    def at(self, directory: str) -> Ignores:
        """Return the rules of a directory, with those of the directories above it."""
        line = [directory, *_above(directory)]
        tops = (folder for folder in line if os.path.lexists(os.path.join(folder, ".git")))
        top = next(tops, directory)
        ignores = Ignores()
        for folder in reversed(line):
            # The files for git have a say from the top of the work tree on, or from the walk's.
            wanted = MARKERS if len(folder) >= len(top) else (".ignore",)
            names = [name for name in wanted if os.path.lexists(os.path.join(folder, name))]
            ignores = self.below(ignores, folder, names)
        return ignores

    def below(self, above: Ignores, directory: str, names: Collection[str]) -> Ignores:
        """Return the rules of a directory with these entries; ``above`` are those over it."""
        ignores = self._of_work_tree(above, directory) if ".git" in names else above
        if ".gitignore" in names and not ignores.answer:
            files = self._rules(directory, ".gitignore", ignores.files)
            ignores = ignores._replace(files=files)
        if ".ignore" in names:
            ignores = ignores._replace(own=self._rules(directory, ".ignore", ignores.own))
        return ignores

    def _of_work_tree(self, above: Ignores, top: str) -> Ignores:
        if top not in self._answers:
            self._answers[top] = self._ask(top)
        listed = self._answers[top]
        if listed is None:
            exclude = os.path.join(".git", "info", "exclude")
            files = self._rules(top, exclude, None)
            return above._replace(files=files, answer=False)
        return Ignores(listed, None, above.own, answer=True)

    def _ask(self, top: str) -> frozenset[str] | None:
        """Return the paths that git ignores in a work tree; nothing if it does not answer."""
        from flake8_runsdir import git

        program = git.program() if self._asks_git else None
        if program is None:
            return None
        answer, in_time = git.ask(program, top, [*_QUESTION, *self._places(top)])
        if not in_time:
            self._asks_git = False
            self._complain(f"{quoted(top)}: git says too much or too late; ignore files are read")
        if answer is None:
            return None
        paths = os.fsdecode(answer).replace("/", os.sep).split("\0")
        start = os.path.join(top, "")
        return frozenset([start + path.rstrip(os.sep) for path in paths if path])

    def _places(self, top: str) -> list[str]:
        """Return the parts of a work tree that will be walked, relative to its top."""
        start = os.path.join(top, "")
        inside = [root[len(start) :] for root in self._roots if root.startswith(start)]
        is_whole = any(start.startswith(os.path.join(root, "")) for root in self._roots)
        return ["."] if is_whole or not 0 < len(inside) <= _MOST_ARGUMENTS else inside

    def _rules(self, directory: str, name: str, above: Rules | None) -> Rules | None:
        path = os.path.join(directory, name)
        text, problem = _contents(path)
        rules = Rules(directory, text, above, self._budget) if text else above
        if rules is not None and rules is not above and rules.unknown:
            problem = f"{rules.unknown} of the patterns cannot match, or are not known"
        if problem:
            self._complain(f"{quoted(path)}: {problem}; passed by")
        return rules


class Budget:
    """The work that a run may spend on wildcards, counted in steps so that runs are alike."""

    def __init__(self, steps: int, complain: Callable[[str], None]) -> None:
        self._steps = steps
        self._complain = complain

    @property
    def lasts(self) -> bool:
        """Whether there is something left."""
        return self._steps > 0

    def spend(self, steps: int) -> None:
        """Take away some steps; complain once there are none left."""
        if 0 < self._steps <= steps:
            self._complain("ignore files: too much work; no more wildcards are matched")
        self._steps -= steps


class Rules:
    """The patterns of one ignore file; ``above`` are those of the files further up.

    ``unknown`` counts the patterns that are passed by: those that match nothing, and those with a
    class of characters that holds a bracket or a backslash.
    """

    def __init__(self, directory: str, text: str, above: Rules | None, budget: Budget) -> None:
        self.above = above
        self.unknown = 0
        self._start = len(directory.rstrip(os.sep))
        self._budget = budget
        #: What is found by one look, by text and whether only directories are meant.
        self._plain: dict[tuple[str, bool], _Pattern] = {}
        self._lengths: set[int] = set()
        self._globs: list[_Pattern] = []
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip(" \r") and not line.startswith("#"):
                self._add(_parsed(number, line[:-1] if line.endswith("\r") else line))

    def verdict(self, path: str, is_directory: bool) -> bool | None:
        """Tell whether a path below the directory is ignored; nothing if no pattern matches.

        Of the patterns that match, the last one counts.
        """
        place = path[self._start :].replace(os.sep, "/")
        name = place[place.rfind("/") + 1 :]
        texts = [name, place]
        texts += ["*" + name[len(name) - size :] for size in self._lengths if size <= len(name)]
        kinds = (False, True) if is_directory else (False,)
        keys = [(text, kind) for text in texts for kind in kinds]
        found = max((self._plain[key] for key in keys if key in self._plain), default=_NEVER)
        for pattern in reversed(self._globs) if self._budget.lasts else ():
            if pattern.number < found.number:
                break
            if is_directory or not pattern.directories:
                text = place if pattern.glob.startswith("/") else name
                if self._match(pattern, text):
                    found = pattern
        return None if found is _NEVER else found.ignores

    def _add(self, pattern: _Pattern | None) -> None:
        if pattern is None:
            self.unknown += 1
        elif _is_plain(pattern.glob.lstrip("*")) and pattern.glob.count("*") < 2:
            self._plain[pattern.glob, pattern.directories] = pattern
            if pattern.glob.startswith("*"):
                self._lengths.add(len(pattern.glob) - 1)
        else:
            self._globs.append(pattern)

    def _match(self, pattern: _Pattern, text: str) -> bool:
        if not text.startswith(pattern.head):
            self._budget.spend(_STEPS_OF_A_LOOK)
            return False
        self._budget.spend(len(pattern.glob) * len(text) + _STEPS_OF_A_LOOK)
        if text.startswith("/"):
            return globs.matches_path(pattern.glob, text, directories=False)
        return globs.matches_name(pattern.glob, text)


class _Pattern(Record):
    """A line of an ignore file.

    ``glob`` is spelled as :mod:`flake8_runsdir.globs` wants it, with a slash in front if the whole
    path is meant; ``head`` is what stands before its first wildcard.
    """

    number: int
    glob: str
    head: str
    directories: bool
    ignores: bool


_NEVER = _Pattern(0, "", "", False, False)


def _verdict(rules: Rules | None, path: str, is_directory: bool) -> bool | None:
    while rules is not None:
        verdict = rules.verdict(path, is_directory)
        if verdict is not None:
            return verdict
        rules = rules.above
    return None


def _parsed(number: int, line: str) -> _Pattern | None:
    """Return the pattern of a line, or nothing if it cannot match or is not understood."""
    bare = line.rstrip(" ")
    is_escaped = (len(bare) - len(bare.rstrip("\\"))) % 2
    text = line[: len(bare) + is_escaped]
    ignores = not text.startswith("!")
    text = text if ignores else text[1:]
    directories = text.endswith("/")
    text = text[:-1] if directories else text
    if len(text) > _LONGEST_PATTERN:
        return None
    parts = [_translated(part) for part in text[text.startswith("/") :].split("/")]
    if "/" in text:
        if parts[-1] == "**":
            parts.append("*")
        parts.insert(0, "")
    elif parts == ["**"]:
        parts = ["*"]
    known = [part for part in parts if part is not None]
    glob = "/".join(known)
    if len(known) < len(parts) or not all(parts[glob.startswith("/") :]):
        return None
    first = next((index for index, char in enumerate(glob) if char in "*?["), len(glob))
    return _Pattern(number, glob, glob[:first], directories, ignores)


def _translated(part: str) -> str | None:
    """Return a component of a pattern as ``globs`` spells it: without escapes, stars run together.

    A component of stars alone is ``**``.  Nothing for what matches nothing or is not understood.
    """
    if len(part) > 1 and not part.strip("*"):
        return "**"
    found: list[str] = []
    position = 0
    while position < len(part):
        piece = _piece(part, position)
        if not _is_known(piece):
            return None
        position += len(piece)
        if piece.startswith("\\"):
            piece = f"[{piece[1]}]" if piece[1] in "*?[" else piece[1]
        if piece != "*" or found[-1:] != ["*"]:
            found.append(piece)
    return "".join(found)


def _piece(part: str, position: int) -> str:
    """Return the escape, the class or the character at a position; empty for half a class."""
    if part[position] == "\\":
        return part[position : position + 2]
    if part[position] == "[":
        return part[position : part.find("]", position + 2) + 1]
    return part[position]


def _is_known(piece: str) -> bool:
    """Tell whether a piece is a character, an escape, or a class that ``globs`` reads alike."""
    if len(piece) < 2:
        return piece not in ("", "\\")
    members = piece[1:-1].lstrip("!^")
    return piece[0] == "\\" or (members != "" and not any(c in "[]\\" for c in members))


def _is_plain(glob: str) -> bool:
    return not any(character in glob for character in "*?[")


def _above(directory: str) -> Iterator[str]:
    above = os.path.dirname(directory)
    while above != directory:
        yield above
        directory, above = above, os.path.dirname(above)


def _contents(path: str) -> tuple[str, str]:
    """Return the text of an ignore file and what is wrong with it; two empty texts if it is gone.

    Links are not followed: they could lead anywhere.
    """
    try:
        data = beginning(path, _LARGEST_FILE + 1, follow=False)
    except MissingError:
        return "", ""
    except UnreadableError as error:
        return "", str(error)
    if len(data) > _LARGEST_FILE:
        return "", "larger than 1 MiB"
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return "", "not UTF-8"
