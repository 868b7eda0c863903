"""Calls of code that cannot be seen: only names can tell what becomes of an argument there."""

from __future__ import annotations

import ast

from flake8_runsdir import hints
from flake8_runsdir.flow import graph
from flake8_runsdir.flow.effects import Place
from flake8_runsdir.flow.graph import State
from flake8_runsdir.flow.module import Module, hint_bits, prose
from flake8_runsdir.flow.symbols import enclosing_function, last_name

#: What a function that is called like this does with a text is show it.
_SHOUTS = frozenset("echo notify warn say fail abort die alert info debug error print log".split())
#: What may stand between a result and the test that it is put to.
_PASSED = (ast.Attribute, ast.Subscript, ast.Await, ast.ListComp, ast.SetComp, ast.GeneratorExp)
_SUMMARIES = frozenset({"all", "any", "list", "set", "sorted", "tuple", "len", "sum"})
_TESTS = (ast.Compare, ast.Assert, ast.If, ast.While, ast.BoolOp, ast.UnaryOp, ast.IfExp)


def meet(module: Module, state: State, call: ast.Call, function: ast.AST, place: Place) -> None:
    """The value goes to code that cannot be seen: only names can tell."""
    name = last_name(function)
    pure = hints.is_pure(name)
    if hint_bits(name) == graph.HINT_MATCH:
        module.mark(state, graph.HINT_MATCH)
    if name in _SHOUTS:
        return module.mark(state, graph.TEXT)
    named = isinstance(place, str) and hint_bits(place) == graph.HINT_PATH
    judged = _is_judged(module, call) and not state.shape and not named
    if judged and (pure or _in_test(module, call, name)):
        return module.mark(state, graph.DATA)
    if hints.is_program(name) and len(state.shape) == 1 and not prose(state):
        filtering = isinstance(place, str) and hint_bits(place) == graph.HINT_MATCH
        module.mark(state, 0 if filtering else graph.PATH)
    if hint_bits(name) in (graph.HINT_COMMAND, graph.HINT_NAME):
        module.mark(state, hint_bits(name))
    file = graph.STORED if name[:1].isupper() else graph.LEAVES
    if hints.writes(name):
        file = graph.MOVE
    elif hints.reads(name):
        file = graph.READ
    own_name = last_name(state.node)
    names = (place,) if isinstance(place, str) else (own_name,) if own_name else ()
    return module.end(state, names, file)


def _is_judged(module: Module, call: ast.Call) -> bool:
    """Tell whether the result of a call is only tested or compared."""
    parent = module.parent(call)
    while parent is not None and (isinstance(parent, _PASSED) or _is_summary(parent)):
        parent = module.parent(parent)
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        return _only_judged(module, parent.targets[0])
    if isinstance(parent, ast.Call):
        return last_name(parent.func).startswith("assert")
    return isinstance(parent, _TESTS)


def _is_summary(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in _SUMMARIES


def _only_judged(module: Module, target: ast.expr) -> bool:
    """Tell whether the variable that takes a result is only tested or compared, in a test."""
    owner = module.scopes.owner(target, target.id) if isinstance(target, ast.Name) else None
    if owner is None or not getattr(owner, "name", "").startswith("test"):
        return False
    loads = module.scopes.reached(target, owner, last_name(target))
    parents = [module.parent(load) for load in loads]
    return bool(loads) and all(isinstance(parent, _TESTS) for parent in parents)


def _in_test(module: Module, call: ast.Call, name: str) -> bool:
    """Tell whether a call stands in a test function and is not named after reading or writing."""
    function = enclosing_function(module.index, call)
    in_test = getattr(function, "name", "").startswith("test")
    return (
        in_test
        and not name[:1].isupper()
        and not (hints.reads(name) and not hints.is_pure(name))
        and not hints.writes(name)
    )
