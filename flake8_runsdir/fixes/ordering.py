"""The order of imports, as isort (profile ``black``) and Ruff have it where nothing is configured.

Both sort sections, and in them ``import`` statements before ``from`` statements.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from enum import IntEnum
from typing import Union

#: How many directories above a file are searched for what it imports.
_LEVELS = 20
_DIGITS = re.compile(r"([0-9]+)")
_SOURCE_DIRECTORY = "src"

ImportStatement = Union[ast.Import, ast.ImportFrom]
#: A name in which numbers count as such: of each character its code, or of each number its size.
Natural = tuple[tuple[int, int, str], ...]
NameKey = tuple[int, Natural, Natural, Natural]
Key = tuple[bool, int, Natural, Natural, NameKey]


class Section(IntEnum):
    """What kind of module is imported; the values are in the order of the sections."""

    FUTURE = 0
    STANDARD = 1
    THIRD_PARTY = 2
    FIRST_PARTY = 3
    RELATIVE = 4


class Sections:
    """Tells the sections of what one file imports; only whether files exist is looked at.

    ``path`` is the path of the file.  Unless it is absolute, nothing is looked at.
    """

    def __init__(self, path: str) -> None:
        self._roots = tuple(_roots(path)) if os.path.isabs(path) else None
        self._known: dict[str, Section] = {}

    def of(self, statement: ImportStatement, unseen: Section = Section.THIRD_PARTY) -> Section:
        """Return the section of a statement: ``unseen`` for what would have to be looked for."""
        if isinstance(statement, ast.ImportFrom) and statement.level:
            return Section.RELATIVE
        package = top_package(statement)
        if package == "__future__":
            return Section.FUTURE
        if package not in self._known:
            self._known[package] = self._find(package)
        section = self._known[package]
        return unseen if self._roots is None and section is Section.THIRD_PARTY else section

    def _find(self, package: str) -> Section:
        if _is_standard(package):
            return Section.STANDARD
        for root in self._roots or ():
            path = os.path.join(root, package)
            if os.path.isdir(path) or os.path.isfile(f"{path}.py"):
                return Section.FIRST_PARTY
        return Section.THIRD_PARTY


def top_package(statement: ImportStatement) -> str:
    """Return the first component of what a statement imports; a dot for a relative import."""
    if isinstance(statement, ast.Import):
        return statement.names[0].name.partition(".")[0]
    return "." if statement.level else (statement.module or "").partition(".")[0]


def sort_key(statement: ImportStatement) -> Key:
    """Return what statements of a section are sorted by."""
    first = statement.names[0]
    if isinstance(statement, ast.Import):
        name = first.name
        return False, 0, _natural(name.lower()), _natural(name), name_key("", first.asname)
    name = statement.module or ""
    names = name_key(first.name, first.asname)
    return True, -statement.level, _natural(name.lower()), _natural(name), names


def name_key(name: str, alias: str | None = None) -> NameKey:
    """Return what the names in a statement are sorted by: constants, classes, then variables."""
    is_constant = len(name) > 1 and name.isupper()
    kind = 0 if is_constant else 1 if name[:1].isupper() else 2
    return kind, _natural(name.lower()), _natural(name), _natural(alias or "")


def _natural(name: str) -> Natural:
    parts: list[tuple[int, int, str]] = []
    for part in _DIGITS.split(name):
        if part[:1].isdecimal() and part.isascii():
            number = part.lstrip("0")
            parts.append((ord("0"), len(number), number))
        else:
            parts.extend((ord(character), 0, "") for character in part)
    return tuple(parts)


def _roots(path: str) -> Iterator[str]:
    """Yield the directories in which a file's project may keep modules.

    The directories of a package are none, and a repository ends the search.
    """
    directory = os.path.dirname(path)
    for _ in range(_LEVELS):
        if not os.path.exists(os.path.join(directory, "__init__.py")):
            yield directory
            yield os.path.join(directory, _SOURCE_DIRECTORY)
        above = os.path.dirname(directory)
        if above == directory or os.path.exists(os.path.join(directory, ".git")):
            return
        directory = above


def _is_standard(package: str) -> bool:
    """Tell whether a module belongs to Python."""
    names: frozenset[str] = getattr(sys, "stdlib_module_names", frozenset())
    if names:  # since Python 3.10
        return package in names
    if package in sys.builtin_module_names:
        return True
    from importlib.machinery import PathFinder

    library = os.path.dirname(os.__file__)
    return PathFinder.find_spec(package, [library, f"{library}/lib-dynload"]) is not None
