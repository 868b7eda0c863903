"""Evaluations of the accessor: all of them, and those that happen while the module is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_runsdir.flow.facts import FrozenAccess
from flake8_runsdir.flow.module import Module
from flake8_runsdir.flow.scopes import FUNCTIONS
from flake8_runsdir.flow.symbols import last_name

#: The position of the key in a call that looks something up.
_KEY_PLACES = {"get": 0, "getattr": 1}


def accesses(module: Module) -> list[ast.expr]:
    """Return the expressions that yield the configured directory."""
    last = module.needles.accessor
    found: list[ast.expr] = []
    for node in module.index.attributes.get(last, ()):
        if isinstance(node.ctx, ast.Load):
            found.append(_called(module, node))
    for name in module.index.names.get(last, ()):
        if isinstance(name.ctx, ast.Load) and _comes_from_outside(module, name):
            found.append(_called(module, name))
    found.extend(_looked_up(module))
    return found


def _called(module: Module, node: ast.expr) -> ast.expr:
    """Return the call, where the accessor is a function."""
    parent = module.parent(node)
    return parent if isinstance(parent, ast.Call) and parent.func is node else node


def _comes_from_outside(module: Module, name: ast.Name) -> bool:
    """Tell whether a bare name is a parameter, an import or a definition of the module."""
    owner = module.scopes.owner(name, name.id)
    if owner is None:
        return True
    kinds = (ast.arg, ast.alias, ast.FunctionDef, ast.AsyncFunctionDef)
    return any(isinstance(node, kinds) for node in module.scopes.bindings(owner, name.id))


def _looked_up(module: Module) -> Iterator[ast.expr]:
    """Yield the look-ups: ``config["x"]``, ``config.get("x")``, ``getattr(config, "x")``."""
    for node in module.index.keys:
        parent = module.parent(node)
        if isinstance(parent, ast.Subscript):
            if parent.slice is node and isinstance(parent.ctx, ast.Load):
                yield parent
        elif isinstance(parent, ast.Call):
            place = _KEY_PLACES.get(last_name(parent.func))
            if place is not None and parent.args[place : place + 1] == [node]:
                yield parent


def frozen_accesses(module: Module) -> list[FrozenAccess]:
    """Return the evaluations of the accessor at import time, outside the definition."""
    found = []
    dotted = "." in module.config.accessor.expression
    for node in accesses(module):
        name = node.func if isinstance(node, ast.Call) else node
        if dotted and not isinstance(name, ast.Attribute):
            continue
        where = _frozen_in(module, node)
        if where is not None and not module.definitions.cover(node):
            found.append(FrozenAccess(module.span(node), where))
    return sorted(found, key=lambda access: access.span)


def _frozen_in(module: Module, node: ast.AST) -> str | None:
    """Return what freezes a value at import time: "a default argument", ...; or ``None``."""
    where = "a statement of the module"
    child: ast.AST = node
    for ancestor in module.index.ancestors(node):
        if isinstance(ancestor, FUNCTIONS) and isinstance(child, ast.arguments):
            where = "a default argument"
        elif _happens_later(ancestor, child):
            return None
        elif isinstance(ancestor, ast.ClassDef) and where != "a default argument":
            where = "a statement of the class"
        child = ancestor
    return where


def _happens_later(parent: ast.AST, child: ast.AST) -> bool:
    """Tell whether a part of a node is not evaluated, or not at once, when the node is reached."""
    if isinstance(parent, ast.Lambda):
        return True
    if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return isinstance(child, ast.stmt) or child is parent.returns
    if isinstance(parent, ast.If):
        return child in parent.body and _is_guarded(parent)
    if isinstance(parent, ast.GeneratorExp):
        return child is not parent.generators[0]
    return child is getattr(parent, "annotation", None)


def _is_guarded(statement: ast.If) -> bool:
    """Tell whether an ``if`` keeps its body from being run on import."""
    test = statement.test
    if isinstance(test, ast.Compare):
        test = test.left
    return last_name(test) in ("__name__", "TYPE_CHECKING")
