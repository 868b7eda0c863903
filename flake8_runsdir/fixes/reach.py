"""How the accessor is reached at a place: under which name, and by which import.

An object that is in scope already is used.  Otherwise it is imported, in the function that needs it
or at the top of the module, under its own name unless that means something else there.
"""

from __future__ import annotations

import ast
import builtins
import os
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from flake8_runsdir.config import Mending
from flake8_runsdir.fixes.imports import Import, Placed, PlaceError, Places
from flake8_runsdir.fixes.obstacles import ObstacleError
from flake8_runsdir.flow.module import Module
from flake8_runsdir.flow.scopes import FUNCTIONS, position
from flake8_runsdir.flow.symbols import decorators, last_name

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
#: Values that are no objects with attributes of their own.
_PLAIN_VALUES = (ast.Constant, ast.Dict, ast.List, ast.Set, ast.Tuple, ast.JoinedStr, ast.Lambda)
_PLAIN_TYPES = frozenset("dict Dict Mapping list List tuple set str bytes int float bool".split())
#: Decorators of functions that are called once for each of their arguments.
_CACHES = frozenset({"cache", "lru_cache", "cached", "cached_property", "memoize"})
_TYPE_PARAMETERS = frozenset({"TypeVar", "ParamSpec", "TypeVarTuple"})
_INSPECTORS = ("locals", "vars", "dir", "eval", "exec")
#: So many names are tried: those of the object in one scope, and those that it can be given.
_MOST_NAMES = 10
#: Statements behind which what they bind is there.
_BINDING = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.ClassDef, *_DEFINITIONS)


class Access(NamedTuple):
    """The accessor as it is spelled at a place, and the import that it needs.

    ``is_safe`` is false where the place is evaluated once, while something is defined, and where
    a new name could be noticed.
    """

    expression: str
    placed: Placed | None = None
    is_safe: bool = True


class _Imported(NamedTuple):
    """An import in the module through which the accessor can be reached."""

    name: str
    expression: str


class Reach:
    """Answers, for one module, how the accessor is reached."""

    def __init__(self, module: Module, mending: Mending) -> None:
        self._module = module
        self._accessor = module.config.accessor
        self._mending = mending
        self._seen: dict[tuple[ast.AST, str], bool] = {}
        self._places = Places(module.source)
        self._placed: dict[tuple[ast.AST, str], Placed] = {}

    def at(self, node: ast.AST) -> Access:
        """Return how the accessor is reached at a node; raises :class:`ObstacleError`."""
        if self._module.definitions.is_home:
            raise ObstacleError("this is the module that the accessor comes from")
        is_lasting = not _is_frozen(self._module, node)
        known = self._in_scope(node)
        if known is not None:
            return Access(known, None, is_lasting)
        holder = self._accessor.holder
        if not self._accessor.module:
            raise ObstacleError(f"the option `accessor` names no module to import `{holder}` from")
        function = self._function(node)
        has_function = function is not None
        if self._mending.imports == "module":
            name = self._free_name(node, self._module.index.tree)
            function = None
        else:
            name = self._free_name(node, function or self._module.index.tree)
        placed = self._place(function, name, node)
        expression = name + self._accessor.expression[len(holder) :]
        is_inspected = function is not None and self._is_inspected(function)
        return Access(expression, placed, is_lasting and not is_inspected and has_function)

    def _function(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Return the function whose call evaluates a node, if there is one that has a body."""
        for scope in self._module.scopes.chain(node):
            if isinstance(scope, _DEFINITIONS):
                return scope
        return None

    def _is_inspected(self, function: ast.AST) -> bool:
        """Tell whether a function asks for its own variables, so that it would see a new one."""
        return any(self._is_seen_from(function, name) for name in _INSPECTORS)

    def _in_scope(self, node: ast.AST) -> str | None:
        """Return the accessor as an object that is in scope reaches it, if one does."""
        if not self._accessor.module:
            holder = self._accessor.holder
            is_given = self._is_bound(node, holder) and self._may_be_the_object(node, holder)
            return self._accessor.expression if is_given else None
        scopes = self._module.scopes
        for scope in scopes.chain(node):
            expressions = self._expressions.get(scope, {})
            for name in islice(reversed(expressions), _MOST_NAMES):
                if scopes.owner(node, name) is scope and self._is_bound(node, name):
                    return expressions[name]
        return None

    def _may_be_the_object(self, node: ast.AST, name: str) -> bool:
        """Tell whether what a variable is bound by could give an object with attributes."""
        index, scopes = self._module.index, self._module.scopes
        scope = scopes.owner(node, name)
        binding = scopes.bindings(scope, name)[0] if scope is not None else node
        parent = index.parents.get(binding)
        if isinstance(binding, ast.arg):
            return isinstance(parent, ast.arguments) and _may_be_given(parent, binding)
        if isinstance(binding, ast.alias):
            return isinstance(parent, ast.ImportFrom) or binding.asname is None
        value = parent.value if isinstance(parent, (ast.Assign, ast.AnnAssign)) else None
        return value is not None and not isinstance(value, _PLAIN_VALUES)

    @cached_property
    def _imports(self) -> dict[ast.AST, _Imported]:
        """The imports, anywhere in the module, through which the accessor can be reached."""
        found: dict[ast.AST, _Imported] = {}
        for name, binders in self._module.index.binders.items():
            for alias in binders:
                if isinstance(alias, ast.alias):
                    expression = self._expression(name, alias)
                    if expression is not None:
                        found[alias] = _Imported(name, expression)
        return found

    @cached_property
    def _expressions(self) -> dict[ast.AST, dict[str, str]]:
        """The accessor as these imports reach it, by the scopes and the names that they bind."""
        found: dict[ast.AST, dict[str, str]] = {}
        for alias, (name, expression) in self._imports.items():
            scope = self._module.scopes.owner(alias, name)
            if scope is not None:
                found.setdefault(scope, {})[name] = expression
        return found

    def _expression(self, name: str, alias: ast.alias) -> str | None:
        """Return the accessor as an import would reach it."""
        module, expression = self._accessor.module, self._accessor.expression
        statement = self._module.index.parents[alias]
        if isinstance(statement, ast.Import):
            whole = name if alias.asname else alias.name
            return f"{whole}.{expression}" if alias.name == module else None
        if not isinstance(statement, ast.ImportFrom):
            return None
        origin = self._origin(statement)
        if origin is None:
            return None
        if origin == module:
            attributes = f"{expression}."
            is_holder = attributes.startswith(f"{alias.name}.")
            return name + expression[len(alias.name) :] if is_holder else None
        full = f"{origin}.{alias.name}" if origin else alias.name
        return f"{name}.{expression}" if full == module else None

    def _origin(self, statement: ast.ImportFrom) -> str | None:
        """Return the module that a statement imports from, in full."""
        if not statement.level:
            return statement.module
        package = _package(self._module.source.path, self._accessor.module)
        if package is None or statement.level > len(package):
            return None
        above = package[: len(package) - statement.level + 1]
        return ".".join([*above, *([statement.module] if statement.module else ())])

    def _is_bound(self, node: ast.AST, name: str) -> bool:
        """Tell whether a name is sure to mean, at a node, what its only binding gives."""
        scopes, index = self._module.scopes, self._module.index
        scope = scopes.owner(node, name)
        bindings = scopes.bindings(scope, name) if scope is not None else []
        if scope is None or len(bindings) != 1 or name in self._module.index.globals:
            return False
        binding = bindings[0]
        if isinstance(binding, ast.arg):
            return True
        if not isinstance(index.statement(binding), _BINDING):
            return False
        if scope is index.tree and "*" in index.binders:
            return False
        statement = index.statement(binding)
        # A function may be called from its definition on, and the binding must be there by then.
        user: ast.AST = node
        for around in scopes.chain(node):
            if around is not scope and isinstance(around, FUNCTIONS):
                user = around
            if around is scope:
                break
        holds = {index.blocks.get(around) for around in (user, *index.ancestors(user))}
        end = getattr(statement, "end_lineno", 0), getattr(statement, "end_col_offset", 0)
        return index.blocks[statement] in holds and end <= position(user)

    def _free_name(self, node: ast.AST, scope: ast.AST) -> str:
        """Return the name under which the object can be imported into a scope.

        Raises :class:`ObstacleError` if all are taken.
        """
        holder = self._accessor.holder
        if self._is_free(node, scope, holder):
            return holder
        stem = f"runs_{holder.lstrip('_')}"
        for name in (stem, *(f"{stem}_{number}" for number in range(2, _MOST_NAMES))):
            if self._is_free(node, scope, name):
                return name
        raise ObstacleError(f"`{holder}`, `{stem}` and the like mean something else")

    def _is_free(self, node: ast.AST, scope: ast.AST, name: str) -> bool:
        """Tell whether an import of the object under a name changes the meaning of nothing."""
        index, scopes = self._module.index, self._module.scopes
        is_holder = name == self._accessor.holder
        index.demand(name)
        owner = scopes.owner(node, name)
        if name in index.globals or any(map(_is_type_parameter, index.binders.get(name, ()))):
            return False
        if owner is None:
            is_known = hasattr(builtins, name) or (is_holder and "*" in index.binders)
            return not is_known and not self._is_seen_from(scope, name)
        if not is_holder or not self._is_the_object(owner, name):
            return False
        if owner is scope:
            return scope is not index.tree
        return scope not in index.ancestors(owner) and not self._is_seen_from(scope, name)

    def _is_the_object(self, scope: ast.AST, name: str) -> bool:
        """Tell whether every binding of a variable is an import of the object."""
        wanted = _Imported(name, self._accessor.expression)
        bindings = self._module.scopes.bindings(scope, name)
        return all(self._imports.get(one) == wanted for one in bindings)

    def _is_seen_from(self, scope: ast.AST, name: str) -> bool:
        """Tell whether a scope binds a name, or something in it means one from outside by it."""
        key = (scope, name)
        if key not in self._seen:
            scopes, index = self._module.scopes, self._module.index
            outside = {None, scope, *index.ancestors(scope)}
            self._seen[key] = bool(scopes.bindings(scope, name)) or any(
                scopes.owner(one, name) in outside for one in index.within(name, scope)
            )
        return self._seen[key]

    def _place(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef | None, name: str, node: ast.AST
    ) -> Placed:
        index = self._module.index
        top = next((a for a in index.ancestors(node) if index.parents.get(a) is index.tree), node)
        before = top if function is None and isinstance(top, ast.stmt) else None
        key = (function or before or index.tree, name)
        if key not in self._placed:
            wanted = self._import(name)
            try:
                if function is not None:
                    self._placed[key] = self._places.in_function(function, wanted)
                else:
                    self._placed[key] = self._places.in_module(wanted, before)
            except PlaceError as error:
                raise ObstacleError(str(error)) from None
        return self._placed[key]

    def _import(self, name: str) -> Import:
        module, holder = self._accessor.module, self._accessor.holder
        alias = "" if name == holder else name
        if self._mending.style == "relative":
            package = _package(self._module.source.path, module)
            if package is not None:
                parts = module.split(".")
                pairs = zip(package, parts)
                common = next((n for n, (a, b) in enumerate(pairs) if a != b), None)
                common = min(len(package), len(parts)) if common is None else common
                rest, level = ".".join(parts[common:]), len(package) - common + 1
                return Import(rest, holder, alias, level)
        return Import(module, holder, alias)


def _is_frozen(module: Module, node: ast.AST) -> bool:
    """Tell whether a node is evaluated while something is defined, and never again."""
    child = node
    for ancestor in module.index.ancestors(node):
        if isinstance(ancestor, FUNCTIONS):
            if isinstance(child, ast.arguments) or not _CACHES.isdisjoint(decorators(ancestor)):
                return True
            if isinstance(ancestor, ast.Lambda) or isinstance(child, ast.stmt):
                return False
        elif isinstance(ancestor, ast.ClassDef) and isinstance(child, ast.stmt):
            return True
        child = ancestor
    return True


def _may_be_given(arguments: ast.arguments, argument: ast.arg) -> bool:
    """Tell whether a parameter can be given the object, going by its default and its type."""
    positional = [*arguments.posonlyargs, *arguments.args]
    named = dict(zip(reversed(positional), reversed(arguments.defaults)))
    defaults = {**named, **dict(zip(arguments.kwonlyargs, arguments.kw_defaults))}
    if argument not in (*positional, *arguments.kwonlyargs):
        return False
    type_ = argument.annotation
    type_ = type_.value if isinstance(type_, ast.Subscript) else type_
    is_plain_type = type_ is not None and last_name(type_) in _PLAIN_TYPES
    return not is_plain_type and not isinstance(defaults.get(argument), _PLAIN_VALUES)


def _is_type_parameter(binder: ast.AST) -> bool:
    return type(binder).__name__ in _TYPE_PARAMETERS


def _package(path: str, module: str) -> list[str] | None:
    """Return the components of the package that a file is in, if the module is in it, too.

    The module has to exist, and so must the packages on the way; nothing is read.
    """
    parts = module.split(".")
    directory = os.path.dirname(os.path.abspath(path))
    below: list[str] = []
    while os.path.isfile(os.path.join(directory, "__init__.py")):
        directory, name = os.path.split(directory)
        below.insert(0, name)
        if name == parts[0]:
            whole = os.path.join(directory, *parts)
            if os.path.isfile(f"{whole}.py") or os.path.isfile(os.path.join(whole, "__init__.py")):
                return below
    return None
