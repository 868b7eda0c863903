"""The places that may write the default of the runs directory down."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_runsdir.config import Config
from flake8_runsdir.flow.index import Index
from flake8_runsdir.flow.scopes import Scopes

_ASSIGNMENTS = (ast.Assign, ast.AnnAssign)
#: What a text is called that comes from no file: it may be any module.
_NAMELESS = ("-", "stdin", "")
_SETTINGS = re.compile(r"settings|config|options|preferences", re.IGNORECASE)


class Definitions:
    """Tells whether a node stands in a definition, as far as one module is concerned."""

    def __init__(self, index: Index, scopes: Scopes, config: Config, path: str) -> None:
        self._index = index
        self._scopes = scopes
        self._last = config.accessor.last
        self._holder = config.accessor.holder.lower()
        self._known: dict[ast.AST, bool] = {}
        module = config.accessor.module
        #: Whether the accessor comes from this module, as far as its name tells.
        self.is_home = bool(module) and _is_module(path, module)
        self._may_define = not module or path in _NAMELESS or self.is_home
        further = [place.name for place in config.definitions if place.pattern.matches(path)]
        self._everywhere = "" in further
        self._names = frozenset(further)

    def cover(self, node: ast.AST) -> bool:
        """Tell whether a node is part of a definition."""
        statement = self._index.statement(node)
        if statement not in self._known:
            self._known[statement] = self._everywhere or any(
                self._defines(place) for place in self._around(statement)
            )
        return self._known[statement]

    def _around(self, statement: ast.AST) -> Iterator[ast.AST]:
        yield statement
        yield from self._index.ancestors(statement)

    def _defines(self, place: ast.AST) -> bool:
        if isinstance(place, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return self._is_name(place.name)
        if not isinstance(place, _ASSIGNMENTS):
            return False
        targets = place.targets if isinstance(place, ast.Assign) else [place.target]
        outside_functions = isinstance(self._scopes.enclosing(place), (ast.ClassDef, ast.Module))
        return any(self._is_target(target, outside_functions) for target in targets)

    def _is_target(self, target: ast.expr, outside_functions: bool) -> bool:
        if isinstance(target, ast.Name):
            return outside_functions and self._is_name(target.id)
        return (
            isinstance(target, ast.Attribute)
            and isinstance(target.value, ast.Name)
            and target.value.id == "self"
            and self._is_name(target.attr)
            and self._in_settings(target)
        )

    def _is_name(self, name: str) -> bool:
        return name in self._names or (self._may_define and name == self._last)

    def _in_settings(self, node: ast.AST) -> bool:
        """Tell whether a node stands in the class of the settings, going by the class's name."""
        for ancestor in self._index.ancestors(node):
            if isinstance(ancestor, ast.ClassDef):
                name = ancestor.name
                return name.lower() == self._holder or _SETTINGS.search(name) is not None
        return False

    def is_entry(self, table: ast.AST, key: str) -> bool:
        """Tell whether a dictionary outside functions defines the default under a key."""
        scope = self._scopes.enclosing(table)
        return isinstance(scope, (ast.ClassDef, ast.Module)) and self._is_name(key)


def _is_module(path: str, module: str) -> bool:
    """Tell whether a file may be a module."""
    tail = "/" + module.replace(".", "/")
    slashed = "/" + path.replace("\\", "/")
    return slashed.endswith((f"{tail}.py", f"{tail}.pyi", f"{tail}/__init__.py"))
