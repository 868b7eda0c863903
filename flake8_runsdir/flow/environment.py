"""Reads of the environment variables that configure the runs directory."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Callable

from flake8_runsdir.diagnostic import Remedy
from flake8_runsdir.flow.facts import EnvironmentRead
from flake8_runsdir.flow.module import Module

_MAPPING = frozenset({"os.environ", "environ"})
_READERS = frozenset({"os.getenv", "getenv", "os.environ.get", "environ.get"})


def reads(module: Module) -> dict[ast.expr, str]:
    """Return the expressions that read a configured variable, and which one."""
    found: dict[ast.expr, str] = {}
    for node in module.index.variables:
        for mention in (node, *_named(module, node)):
            parent = module.parent(mention)
            if isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Load):
                if parent.slice is mention and _qualified(module, parent.value) in _MAPPING:
                    found[parent] = str(node.value)
            elif isinstance(parent, ast.Call) and parent.args[:1] == [mention]:
                if _qualified(module, parent.func) in _READERS:
                    found[parent] = str(node.value)
            elif isinstance(parent, ast.keyword) and parent.arg == "key":
                call = module.parent(parent)
                if isinstance(call, ast.Call) and _qualified(module, call.func) in _READERS:
                    found[call] = str(node.value)
    return found


def _qualified(module: Module, node: ast.AST) -> str:
    return module.symbols.qualified(node) or ""


def _named(module: Module, node: ast.Constant) -> Iterator[ast.AST]:
    """Yield the uses of a constant that holds the name of a variable."""
    parent = module.parent(node)
    if not isinstance(parent, (ast.Assign, ast.AnnAssign)) or parent.value is not node:
        return
    for target in parent.targets if isinstance(parent, ast.Assign) else [parent.target]:
        if isinstance(target, ast.Name):
            owner = module.scopes.owner(target, target.id)
            yield from module.scopes.reached(target, owner or module.index.tree, target.id)
            if isinstance(owner, ast.ClassDef):
                yield from module.symbols.loads_of_attribute(owner, target.id)


def findings(
    module: Module,
    found: dict[ast.expr, str],
    remedy: Callable[[ast.expr], Remedy],
) -> list[EnvironmentRead]:
    """Return the reads outside the definition with their remedies, in the order of the text."""
    outside = [
        EnvironmentRead(module.span(node), variable, remedy(node))
        for node, variable in found.items()
        if not module.definitions.cover(node)
    ]
    return sorted(outside, key=lambda read: read.span)


def is_default(module: Module, node: ast.AST, found: dict[ast.expr, str]) -> bool:
    """Tell whether a literal is the default in a read: ``os.environ.get(ENV, "x")``."""
    return any(ancestor in found for ancestor in module.index.ancestors(node))
