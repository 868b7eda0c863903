"""Evaluations of the accessor: all of them, and those that happen while the module is imported."""

from __future__ import annotations

import ast
from typing import Iterator, List, Optional

from flake8_runsdir.flow.facts import FrozenAccess
from flake8_runsdir.flow.module import Module
from flake8_runsdir.flow.scopes import FUNCTIONS


def accesses(module: Module) -> List[ast.expr]:
    """Return the expressions that yield the configured directory."""
    last = module.needles.accessor
    found: List[ast.expr] = []
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
    """Yield ``config["runs_dir"]``, ``config.get("runs_dir")`` and ``getattr(config, "runs_dir")``."""
    for node in module.index.keys:
        parent = module.parent(node)
        if isinstance(parent, ast.Subscript) and parent.slice is node:
            if isinstance(parent.ctx, ast.Load):
                yield parent
        elif isinstance(parent, ast.Call):
            function = parent.func
            if isinstance(function, ast.Attribute) and function.attr == "get":
                if parent.args[:1] == [node]:
                    yield parent
            elif isinstance(function, ast.Name) and function.id == "getattr":
                if parent.args[1:2] == [node]:
                    yield parent


def frozen_accesses(module: Module) -> List[FrozenAccess]:
    """Return the evaluations of the accessor at import time, outside the definition."""
    found = []
    dotted = "." in module.config.accessor.expression
    for node in accesses(module):
        if dotted and not isinstance(node, ast.Attribute):
            continue
        where = _frozen_in(module, node)
        if where is not None and not module.definitions.cover(node):
            found.append(FrozenAccess(module.source.span(node), where))
    return sorted(found, key=lambda access: access.span)


def _frozen_in(module: Module, node: ast.AST) -> Optional[str]:
    """Return what freezes a value at import time: "a default argument", ...; or ``None``."""
    where = "a statement of the module"
    child: ast.AST = node
    for ancestor in module.index.ancestors(node):
        if isinstance(ancestor, FUNCTIONS):
            if isinstance(child, ast.arguments):
                where = "a default argument"
            elif isinstance(ancestor, ast.Lambda) or isinstance(child, ast.stmt):
                return None
            elif child is getattr(ancestor, "returns", None):
                return None
        elif isinstance(ancestor, ast.ClassDef) and where.startswith("a statement"):
            where = "a statement of the class"
        elif isinstance(ancestor, ast.If) and _is_guarded(ancestor):
            return None
        elif isinstance(ancestor, (ast.arg, ast.AnnAssign)):
            if child is ancestor.annotation:
                return None
        child = ancestor
    return where


def _is_guarded(statement: ast.If) -> bool:
    """Tell whether an ``if`` keeps its body from being run on import."""
    for node in ast.walk(statement.test):
        if isinstance(node, ast.Name) and node.id in ("__name__", "TYPE_CHECKING"):
            return True
        if isinstance(node, ast.Attribute) and node.attr == "TYPE_CHECKING":
            return True
    return False
