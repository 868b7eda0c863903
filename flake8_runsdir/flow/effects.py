"""What the effects of :mod:`flake8_runsdir.library` do to a value on its way."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Union

from flake8_runsdir import paths
from flake8_runsdir.flow import graph
from flake8_runsdir.flow.bindings import iterated
from flake8_runsdir.flow.graph import ELEMENT, State
from flake8_runsdir.flow.module import Module, prose
from flake8_runsdir.flow.symbols import last_name
from flake8_runsdir.library import Effect
from flake8_runsdir.paths import Wording

#: The place of an argument: its position, its keyword, or ``None`` where a ``*`` hides it.
Place = Union[int, str, None]

#: The effects that end the way of a value, and the marks that they leave.
ENDS = {
    Effect.USE: graph.PATH,
    Effect.READ: graph.PATH | graph.READ,
    Effect.WRITE: graph.PATH | graph.WRITE,
    Effect.MOVE: graph.PATH | graph.MOVE,
    Effect.DIRECTORY: graph.PATH | graph.DIRECTORY,
    Effect.ARGV: graph.PATH,
    Effect.MATCH: graph.MATCH,
    Effect.TEXT: graph.TEXT,
    Effect.DATA: graph.DATA,
    Effect.IGNORE: 0,
}


def embed(
    module: Module, state: State, node: ast.AST, around: str, behind: str, front: str = ""
) -> None:
    """Let a value go on as part of a text.

    ``around`` is all of the text, ``behind`` what follows the value and ``front`` what precedes it.
    """
    if state.shape:
        return module.mark(state, graph.TEXT)
    wording = state.wording if prose(state) else paths.wording(around)
    below = paths.concat(state.below, behind) if wording is Wording.NONE else None
    if "/" in behind:
        module.mark(state, graph.JOINED)
    if wording is Wording.NONE and not paths.keeps_absolute(front):
        module.graph.mark(state, graph.BEHIND)
    grown = module.graph.wrap(state, state._replace(wording=wording))
    module.derive(grown, node, below)


def piece(module: Module, state: State, call: ast.Call, effect: Effect) -> None:
    """The result is some part of the value."""
    if effect is Effect.PARENT:
        module.mark(state, graph.PATH)
        module.derive(state, call, paths.parent(state.below))
        return None
    if effect is Effect.PLAIN:
        return module.mark(state, graph.PATH)
    rest = iterated(state.shape)
    if effect is Effect.ELEMENT:
        return module.move(state, call, state.shape if rest is None else rest)
    return split(module, state, call)


def split(module: Module, state: State, call: ast.Call) -> None:
    """The pieces of a text: words no longer, but nothing is known of them either."""
    pieces = state._replace(node=call, shape=(ELEMENT,), below=None, wording=Wording.NONE)
    module.graph.move(state, pieces)


def join(module: Module, state: State, call: ast.Call, place: Place) -> None:
    """The arguments are joined to a path: what stands behind the value lies below it."""
    module.mark(state, graph.PATH)
    behind = call.args[place + 1 :] if isinstance(place, int) else []
    if state.shape or place is None:
        module.mark(state, graph.JOINED)
        return module.graph.move(state, state._replace(node=call, shape=(), below=None))
    if not behind:
        if place == 0 and len(call.args) == 1:
            return module.move(state, call)
        module.derive(state, call, state.below)
        return None
    module.mark(state, graph.JOINED)
    for below in joined(module, state.below, behind):
        module.derive(state, call, below)
    return None


def joined(module: Module, below: paths.Below, more: Iterable[ast.AST]) -> list[paths.Below]:
    """Return what stands below the root after joining expressions to what stands there."""
    found = [below]
    for expression in more:
        texts = module.reader.texts(expression)
        texts = texts if len(found) * len(texts) <= 64 else (paths.DYNAMIC,)
        found = [paths.join(head, text) for head in found for text in texts]
    return found


def mode(module: Module, call: ast.Call, position: int) -> int:
    """Return what a call of ``open`` does to the file, going by its mode."""
    given: list[ast.AST] = list(call.args[position : position + 1])
    given += [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return graph.WRITE
    if not given:
        return graph.READ
    mode = module.reader.constant(given[0])
    if mode is None and last_name(given[0]) == "O_RDONLY":
        return graph.READ
    reading = mode is not None and not set(mode) & set("wax+")
    return graph.READ if reading else graph.WRITE
