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
from functools import cached_property
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
        self._directory = os.path.dirname(path) if os.path.isabs(path) else None
        self._known: dict[str, Section] = {}

    @cached_property
    def _search(self) -> tuple[str, list[str]]:
        """The package that the file is in, if any, and where modules of its project may be."""
        if self._directory is None:
            return "", []
        package, directory = _package(self._directory)
        return package, list(_roots(directory))

    def of(self, statement: ImportStatement, unseen: Section = Section.THIRD_PARTY) -> Section:
        """Return the section of a statement: ``unseen`` for what would have to be looked for."""
        if isinstance(statement, ast.Import):
            module = statement.names[0].name
        elif statement.level:
            return Section.RELATIVE
        else:
            module = statement.module or ""
        if module not in self._known:
            self._known[module] = self._find(module)
        section = self._known[module]
        return unseen if self._directory is None and section is Section.THIRD_PARTY else section

    def _find(self, module: str) -> Section:
        parts = module.split(".")
        if parts[0] == "__future__":
            return Section.FUTURE
        if _is_standard(parts[0]):
            return Section.STANDARD
        package, roots = self._search
        is_ours = parts[0] == package or any(
            os.path.isdir(path) or os.path.isfile(f"{path}.py") or os.path.isfile(f"{path}.pyi")
            for path in (os.path.join(root, *parts) for root in roots)
        )
        return Section.FIRST_PARTY if is_ours else Section.THIRD_PARTY


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


def _package(directory: str) -> tuple[str, str]:
    """Return the outermost package that a directory is in, if any, and where that stands."""
    name = ""
    for _ in range(_LEVELS):
        if not os.path.isfile(os.path.join(directory, "__init__.py")):
            break
        directory, name = os.path.split(directory)
    return name, directory


def _roots(directory: str) -> Iterator[str]:
    """Yield where modules of a project may be: a directory, those above, up to a repository's."""
    for _ in range(_LEVELS):
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
