"""What the expressions of a module stand for: library functions, own functions, own classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain, islice
from typing import Union

from flake8_runsdir.flow.index import Index
from flake8_runsdir.flow.scopes import FUNCTIONS, AnyFunction, Scopes

Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef]

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
#: How far an alias of an alias is followed.
_DEEPEST = 5
#: Of a larger family of classes, only so many are looked at.
_MOST_RELATIVES = 50


class Symbols:
    """Answers, on demand, what a name or a dotted expression of one module refers to."""

    def __init__(self, index: Index, scopes: Scopes) -> None:
        self._index = index
        self._scopes = scopes
        self._loads: dict[str, dict[ast.ClassDef | None, list[ast.Attribute]]] = {}
        self._families: dict[ast.ClassDef, tuple[ast.ClassDef, ...]] = {}

    def qualified(self, expression: ast.AST, depth: int = 0) -> str | None:
        """Return the full dotted name of a library object, whatever it was imported as.

        A name that nothing in the module binds stands for itself (builtins, star imports); ``None``
        where the expression is no dotted name, or starts at a value that the module computed.
        """
        attributes: list[str] = []
        while isinstance(expression, ast.Attribute):
            attributes.append(expression.attr)
            expression = expression.value
        if not isinstance(expression, ast.Name) or len(attributes) > 20:
            return None
        base = self._origin(expression, depth)
        return None if base is None else ".".join([base, *reversed(attributes)])

    def _origin(self, name: ast.Name, depth: int) -> str | None:
        scope = self._scopes.owner(name, name.id)
        if scope is None:
            return name.id
        bindings = self._scopes.bindings(scope, name.id)
        for node in bindings:
            if isinstance(node, ast.alias):
                return self._imported(node)
        value = self.only_value(name) if depth < _DEEPEST else None
        return None if value is None else self.qualified(value, depth + 1)

    def _imported(self, alias: ast.alias) -> str:
        statement = self._index.parents[alias]
        if isinstance(statement, ast.ImportFrom):
            module = "." * statement.level + (statement.module or "")
            return f"{module}.{alias.name}"
        return alias.name if alias.asname else alias.name.partition(".")[0]

    def only_value(self, name: ast.Name) -> ast.expr | None:
        """Return the expression that a variable is assigned, if it is assigned once and plainly."""
        scope = self._scopes.owner(name, name.id)
        bindings = self._scopes.bindings(scope, name.id) if scope is not None else []
        if len(bindings) != 1:
            return None
        parent = self._index.parents.get(bindings[0])
        if isinstance(parent, ast.Assign) and bindings[0] in parent.targets:
            return parent.value
        return parent.value if isinstance(parent, (ast.AnnAssign, ast.NamedExpr)) else None

    def called(self, function: ast.AST, depth: int = 0) -> list[Definition]:
        """Return the functions and classes of the module that a called expression may mean."""
        if isinstance(function, ast.Lambda):
            return [function]
        if isinstance(function, ast.Attribute):
            owner = self.instance(function.value, depth)
            return self.members(owner, function.attr) if owner is not None else []
        return self._named(function) if isinstance(function, ast.Name) else []

    def _named(self, name: ast.Name) -> list[Definition]:
        scope = self._scopes.owner(name, name.id)
        if scope is None:
            return []
        bindings = self._scopes.bindings(scope, name.id)
        owner = self.own_class(name)
        if owner is not None and "classmethod" in decorators(scope):
            return [owner]
        found: list[Definition] = [node for node in bindings if isinstance(node, _DEFINITIONS)]
        self._index.wake(found)
        value = None if found else self.only_value(name)
        return [value] if isinstance(value, ast.Lambda) else found

    def instance(self, expression: ast.AST, depth: int = 0) -> ast.ClassDef | None:
        """Return the class of the module that an expression is, or is an instance of."""
        for _ in range(_DEEPEST):
            if isinstance(expression, ast.Call):
                expression = expression.func
                found = self.called(expression, depth + 1) if depth < _DEEPEST else []
                return found[0] if found and isinstance(found[0], ast.ClassDef) else None
            if isinstance(expression, ast.Attribute):
                stored = self._stored(expression)
                if stored is None:
                    return None
                expression = stored
                continue
            if not isinstance(expression, ast.Name):
                return None
            owner = self.own_class(expression) or self._annotated(expression)
            if owner is not None:
                return owner
            named = self._named(expression)
            if named:
                return named[0] if isinstance(named[0], ast.ClassDef) else None
            value = self.only_value(expression)
            if value is None:
                return None
            expression = value
        return None

    def _stored(self, expression: ast.Attribute) -> ast.expr | None:
        """Return what ``self.attribute`` is assigned in its class, if that is done once."""
        value = expression.value
        owner = self.own_class(value) if isinstance(value, ast.Name) else None
        found = []
        self._index.demand(expression.attr)
        for node in self._index.attributes.get(expression.attr, ()) if owner else ():
            parent = self._index.parents.get(node)
            if not isinstance(parent, (ast.Assign, ast.AnnAssign)) or isinstance(
                node.ctx, ast.Load
            ):
                continue
            if isinstance(node.value, ast.Name) and self.own_class(node.value) is owner:
                found.append(parent.value)
        return found[0] if len(found) == 1 else None

    def _annotated(self, name: ast.Name) -> ast.ClassDef | None:
        """Return the class of the module that a parameter is annotated with."""
        scope = self._scopes.owner(name, name.id)
        for node in self._scopes.bindings(scope, name.id) if scope is not None else ():
            if isinstance(node, ast.arg) and isinstance(node.annotation, ast.Name):
                for found in self._named(node.annotation):
                    if isinstance(found, ast.ClassDef):
                        return found
        return None

    def own_class(self, name: ast.Name) -> ast.ClassDef | None:
        """Return the class whose ``self`` or ``cls`` a name is."""
        scope = self._scopes.owner(name, name.id)
        if not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        arguments = [*scope.args.posonlyargs, *scope.args.args]
        owner = self.method_of(scope)
        return owner if owner is not None and arguments and arguments[0].arg == name.id else None

    def method_of(self, function: ast.AST) -> ast.ClassDef | None:
        """Return the class that a function is a method of (static methods are not)."""
        parent = self._index.parents.get(function)
        static = "staticmethod" in decorators(function)
        return parent if isinstance(parent, ast.ClassDef) and not static else None

    def members(self, owner: ast.ClassDef, name: str) -> list[Definition]:
        """Return what a class of the module, or a relative of it, defines under a name."""
        bound = self._scopes.bound(name)
        found: list[Definition] = [
            node
            for relative in self.family(owner)
            for node in bound.get(relative, [])
            if isinstance(node, _DEFINITIONS)
        ]
        self._index.wake(found)
        return found

    def family(self, owner: ast.ClassDef) -> tuple[ast.ClassDef, ...]:
        """Return a class, its bases and its subclasses, as far as they stand in the module."""
        if owner not in self._families:
            relatives = dict.fromkeys(chain(self._bases(owner), self._derived(owner)))
            self._families[owner] = tuple(islice(relatives, _MOST_RELATIVES))
        return self._families[owner]

    def _bases(self, owner: ast.ClassDef) -> Iterator[ast.ClassDef]:
        pending, seen = [owner], {owner}
        while pending and len(seen) < _MOST_RELATIVES:
            current = pending.pop()
            yield current
            for base in current.bases:
                for found in self._named(base) if isinstance(base, ast.Name) else ():
                    if isinstance(found, ast.ClassDef) and found not in seen:
                        seen.add(found)
                        pending.append(found)

    def _derived(self, owner: ast.ClassDef) -> Iterator[ast.ClassDef]:
        pending, seen = [owner], {owner}
        while pending and len(seen) < _MOST_RELATIVES:
            for name in self._index.names.get(pending.pop().name, ()):
                parent = self._index.parents.get(name)
                if isinstance(parent, ast.ClassDef) and name in parent.bases and parent not in seen:
                    seen.add(parent)
                    pending.append(parent)
                    yield parent

    def loads_of_attribute(self, owner: ast.ClassDef, name: str) -> Iterator[ast.Attribute]:
        """Yield the loads of an attribute of a class, its instances and its relatives."""
        if name not in self._loads:
            self._index.demand(name)
            found: dict[ast.ClassDef | None, list[ast.Attribute]] = {}
            for node in self._index.attributes.get(name, ()):
                if isinstance(node.ctx, ast.Load):
                    found.setdefault(self.instance(node.value), []).append(node)
            self._loads[name] = found
        for relative in self.family(owner):
            yield from self._loads[name].get(relative, ())

    def calls(self, function: AnyFunction) -> Iterator[ast.expr]:
        """Yield the expressions that mean a function or lambda of the module (not yet called)."""
        if isinstance(function, ast.Lambda):
            return
        owner = self._index.parents.get(function)
        if isinstance(owner, ast.ClassDef):
            yield from self.loads_of_attribute(owner, function.name)
        self._index.demand(function.name)
        for name in self._index.names.get(function.name, ()):
            if isinstance(name.ctx, ast.Load) and function in self._named(name):
                yield name


def decorators(function: ast.AST) -> list[str]:
    """Return the last names of a definition's decorators."""
    found = []
    for node in getattr(function, "decorator_list", ()):
        target = node.func if isinstance(node, ast.Call) else node
        found.append(last_name(target))
    return found


def last_name(expression: ast.AST) -> str:
    """Return the last name of a dotted expression, or ""."""
    if isinstance(expression, ast.Attribute):
        return expression.attr
    return expression.id if isinstance(expression, ast.Name) else ""


def enclosing_function(index: Index, node: ast.AST) -> AnyFunction | None:
    """Return the function or lambda that a node stands in the body of."""
    for ancestor in index.ancestors(node):
        if isinstance(ancestor, FUNCTIONS):
            return ancestor
    return None
