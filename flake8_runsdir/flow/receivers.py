"""What a method or an attribute does with the object that it is taken from."""

from __future__ import annotations

import ast
from typing import Callable

from flake8_runsdir import library, paths
from flake8_runsdir.flow import effects, graph
from flake8_runsdir.flow.graph import DICT_KEY, ELEMENT, Key, Shape, State
from flake8_runsdir.flow.module import Module
from flake8_runsdir.library import Effect

_Method = Callable[[Module, State, ast.Call], None]
_DEEDS = (Effect.READ, Effect.WRITE, Effect.MOVE, Effect.DIRECTORY)
#: Methods of containers that look for one of its members.
_LOOKUPS = frozenset("get pop intersection index count remove discard isdisjoint".split())
_SEARCHES = frozenset("startswith endswith find rfind index rindex count".split())


def receive(module: Module, state: State, attribute: ast.Attribute) -> None:
    """The value is the object that an attribute or a method is taken from."""
    call = module.parent(attribute)
    if state.shape:
        return _container(module, state, attribute, call)
    if not (isinstance(call, ast.Call) and call.func is attribute):
        effect = library.receiver(attribute.attr)
        if effect is Effect.PARENT:
            module.derive(state, attribute, paths.parent(state.below))
        elif effect in _DEEDS and isinstance(call, (ast.Call, ast.keyword)):
            module.mark(state, effects.ENDS[effect])  # somebody will call it
        return None
    special = _SPECIAL.get(attribute.attr)
    if special is not None:
        return special(module, state, call)
    if attribute.attr in _SEARCHES:
        return module.mark(state, graph.MATCH)
    return _affect(module, state, call, library.receiver(attribute.attr))


def _joined(module: Module, state: State, call: ast.Call) -> None:
    effects.join(module, state, call, -1)


def _another(change: Callable[[paths.Below, str], paths.Below]) -> _Method:
    """Return what a method does that makes another path of the one it belongs to."""

    def make(module: Module, state: State, call: ast.Call) -> None:
        for text in module.reader.texts(call.args[0]) if call.args else ():
            module.derive(state, call, change(state.below, text))

    return make


def _replaced(module: Module, state: State, call: ast.Call) -> None:
    """``path.replace(target)`` moves a file, ``text.replace(old, new)`` makes another text."""
    if len(call.args) == 1:
        return module.mark(state, graph.PATH | graph.MOVE)
    return module.graph.move(state, state._replace(node=call, below=None))


def _affect(module: Module, state: State, call: ast.Call, effect: Effect | None) -> None:
    if effect is Effect.OPEN:
        return module.mark(state, graph.PATH | effects.mode(module, call, 0))
    if effect in _DEEDS:
        return module.mark(state, effects.ENDS[effect])
    if effect in (Effect.MAKE, Effect.SAME):
        return module.move(state, call)
    if effect is Effect.PARENT:
        module.derive(state, call, paths.parent(state.below))
    if effect is Effect.ELEMENTS:
        effects.split(module, state, call)
    return None


def _container(
    module: Module, state: State, attribute: ast.Attribute, call: ast.AST | None
) -> None:
    """The value is inside a container that a method or an attribute is taken from."""
    head, rest, name = state.shape[0], state.shape[1:], attribute.attr
    if isinstance(head, Key) and head.name == name:
        return module.move(state, attribute, rest)
    if not (isinstance(call, ast.Call) and call.func is attribute):
        return None
    if name in _LOOKUPS and head in (DICT_KEY, ELEMENT):
        return module.mark(state, graph.MATCH)
    shape = _viewed(head, rest, name)
    if shape is None and name in ("get", "pop", "setdefault", "popleft"):
        asked = module.reader.constant(call.args[0]) if call.args else None
        if not isinstance(head, Key) or None in (asked, head.name) or asked == head.name:
            shape = rest if head != DICT_KEY else None
    elif shape is None and name in ("copy", "union", "difference", "__or__"):
        shape = state.shape
    if shape is not None:
        module.move(state, call, shape)
    return None


def _viewed(head: object, rest: Shape, name: str) -> Shape | None:
    """Return how the value is part of a view of a dictionary."""
    if name == "items" and (head == DICT_KEY or isinstance(head, Key)):
        return (ELEMENT, 0 if head == DICT_KEY else 1, *rest)
    if name == "values" and isinstance(head, Key):
        return (ELEMENT, *rest)
    return (ELEMENT, *rest) if name == "keys" and head == DICT_KEY else None


_SPECIAL: dict[str, _Method] = {
    "joinpath": _joined,
    "with_name": _another(paths.renamed),
    "with_stem": _another(paths.restemmed),
    "with_suffix": _another(paths.resuffixed),
    "replace": _replaced,
}
