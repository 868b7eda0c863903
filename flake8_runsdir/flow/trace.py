"""One step of a value: from the expression that carries it to whatever stands around it.

There is one small function for each kind of parent, and one table that names them all.
"""

from __future__ import annotations

import ast
import re
import sys
from typing import Any, Callable

from flake8_runsdir import paths
from flake8_runsdir.flow import bindings, calls, effects, graph, receivers
from flake8_runsdir.flow.bindings import iterated
from flake8_runsdir.flow.graph import CALL, DICT_KEY, ELEMENT, Key, State
from flake8_runsdir.flow.module import Module, prose
from flake8_runsdir.flow.symbols import last_name

_LITERALS = (ast.Constant, ast.JoinedStr)
#: Options of other programs whose argument is a pattern, and those whose argument is a message.
_PATTERN_OPTION = re.compile(r"--?(?:exclude|ignore|omit|skip|include|prune)[\w-]*\Z")
_MESSAGE_OPTION = re.compile(r"(?:-m|--message|--title|--body|--notes|--description|-t)\Z")
#: The conversions ``!r`` and ``!a`` of an f-string, which show a value to people.
_REPRESENTATIONS = (ord("r"), ord("a"))
#: Of a longer f-string, what follows a value is not read to its end.
_MOST_PARTS = 40
#: Indexes into longer displays than this are not kept apart.
_MOST_ELEMENTS = 64
_MOST_KEYS = 1000


def step(module: Module, state: State) -> None:
    """Let the value go on from one state."""
    parent = module.index.parents[state.node]
    follow = _STEPS.get(parent.__class__)
    if follow is not None:
        follow(module, state, parent)


def _operation(module: Module, state: State, parent: ast.BinOp) -> None:
    operator = parent.op
    if isinstance(operator, ast.Mod):
        _percent(module, state, parent)
    elif state.shape:
        removed = isinstance(operator, ast.Sub) and parent.right is state.node
        if removed or isinstance(operator, ast.BitAnd):
            module.mark(state, graph.MATCH)
        elif not isinstance(operator, ast.Div):
            module.move(state, parent)
    elif isinstance(operator, ast.Div):
        _divided(module, state, parent)
    elif isinstance(operator, ast.Add):
        _added(module, state, parent)


def _divided(module: Module, state: State, parent: ast.BinOp) -> None:
    module.mark(state, graph.PATH)
    if parent.right is state.node:
        module.derive(state, parent, state.below)
        return
    module.mark(state, graph.JOINED)
    for below in effects.joined(module, state.below, [parent.right]):
        module.derive(state, parent, below)


def _added(module: Module, state: State, parent: ast.BinOp) -> None:
    left = parent.left is state.node
    for text in module.reader.texts(parent.right if left else parent.left):
        if left:
            effects.embed(module, state, parent, f"x{text}", text)
        else:
            effects.embed(module, state, parent, f"{text}x", "", text)


def _percent(module: Module, state: State, parent: ast.BinOp) -> None:
    if parent.left is state.node:
        return module.move(state, parent)
    arguments = parent.right.elts if isinstance(parent.right, ast.Tuple) else [parent.right]
    template = module.reader.texts(parent.left)[0]
    pieces = module.reader.percent_pieces(template, arguments)
    shape, number = state.shape, 0
    if isinstance(parent.right, (ast.Tuple, ast.Dict)) and shape:
        number, shape = shape[0] if isinstance(shape[0], int) else 0, shape[1:]
    given = [n for n, piece in enumerate(pieces) if piece is arguments[number]]
    front, behind = module.reader.parted(pieces, given)
    inner = module.graph.wrap(state, state._replace(node=parent.right, shape=shape))
    for text in behind:
        effects.embed(module, inner, parent, template, text, front)
    return None


def _joined_string(module: Module, state: State, parent: ast.JoinedStr) -> None:
    _embed(module, state, parent, state.node)


def _formatted_value(module: Module, state: State, parent: ast.FormattedValue) -> None:
    string = module.parent(parent)
    if parent.conversion in _REPRESENTATIONS:
        module.mark(state, graph.TEXT)
    elif isinstance(string, ast.JoinedStr):
        _embed(module, state, string, parent)


def _embed(module: Module, state: State, string: ast.JoinedStr, part: ast.AST) -> None:
    """The value is a part of an f-string."""
    number = module.index.position(part, string.values)
    following = string.values[number + 1 : number + 1 + _MOST_PARTS]
    behind = ast.JoinedStr(values=following)
    around = module.whole(string)
    first = string.values[0]
    front = str(first.value) if number == 1 and isinstance(first, ast.Constant) else "x" * number
    for text in module.reader.texts(behind) if following else ("",):
        below = paths.template(text, module.config.scopes)
        effects.embed(module, state, string, around, below, front)


def _called(module: Module, state: State, parent: ast.Call) -> None:
    if parent.func is state.node:
        if state.shape[:1] == (CALL,):
            module.move(state, parent, state.shape[1:])
        return
    calls.argument(module, state, parent, module.index.position(state.node, parent.args))


def _keyword(module: Module, state: State, parent: ast.keyword) -> None:
    call = module.parent(parent)
    if not isinstance(call, ast.Call):  # the keywords of a class
        return None
    if parent.arg is not None:
        return calls.argument(module, state, call, parent.arg)
    head = state.shape[0] if state.shape else None
    if isinstance(head, Key) and head.name is not None:
        inner = module.graph.wrap(state, state._replace(node=parent, shape=state.shape[1:]))
        return calls.argument(module, inner, call, head.name)
    return module.end(state)


def _starred(module: Module, state: State, parent: ast.Starred) -> None:
    around = module.parent(parent)
    rest = iterated(state.shape)
    if rest is None:
        return
    if isinstance(around, ast.Call):
        inner = module.graph.wrap(state, state._replace(node=parent, shape=rest))
        first = module.index.position(parent, around.args)
        head = state.shape[0]
        calls.argument(module, inner, around, first + head if isinstance(head, int) else None)
    elif around is not None:
        module.move(state, around, (ELEMENT, *rest))


def _attribute(module: Module, state: State, parent: ast.Attribute) -> None:
    receivers.receive(module, state, parent)


def _subscript(module: Module, state: State, parent: ast.Subscript) -> None:
    if parent.slice is state.node:
        if last_name(parent.value) in ("Literal", "Annotated"):
            module.mark(state, graph.DATA)
        elif isinstance(parent.ctx, ast.Store):
            bindings.put(module, state, parent.value, (DICT_KEY, *state.shape))
        else:
            module.mark(state, graph.MATCH)
    elif state.shape:
        _element(module, state, parent)


def _element(module: Module, state: State, parent: ast.Subscript) -> None:
    """Take an element out of a container."""
    head, index = state.shape[0], parent.slice
    if isinstance(index, ast.Slice):
        return module.move(state, parent, (ELEMENT, *state.shape[1:]))
    wanted = index.value if isinstance(index, ast.Constant) else module.reader.constant(index)
    if isinstance(head, Key):
        if None not in (wanted, head.name) and wanted != head.name:
            return None
    elif head == DICT_KEY:
        return module.mark(state, graph.MATCH)
    elif head == CALL or (isinstance(head, int) and wanted not in (None, head)):
        return None
    return module.move(state, parent, state.shape[1:])


def _display(module: Module, state: State, parent: ast.List | ast.Tuple | ast.Set) -> None:
    """A list, tuple or set display."""
    number = module.index.position(state.node, parent.elts)
    before = parent.elts[number - 1] if number else None
    option = str(before.value) if isinstance(before, ast.Constant) else ""
    if prose(state) and _MESSAGE_OPTION.match(option):
        return module.mark(state, graph.TEXT)
    if isinstance(state.node, _LITERALS):
        if _PATTERN_OPTION.match(option):
            return module.mark(state, graph.MATCH)
        module.mark(state, module.neighbours(parent))
    exact = not isinstance(parent, ast.Set) and number < _MOST_ELEMENTS
    if exact and any(isinstance(element, ast.Starred) for element in parent.elts[:number]):
        exact = False
    return module.move(state, parent, (number if exact else ELEMENT, *state.shape))


def _dictionary(module: Module, state: State, parent: ast.Dict) -> None:
    number = module.index.position(state.node, parent.keys, parent.values) - len(parent.keys)
    if number < 0:
        return module.move(state, parent, (DICT_KEY, *state.shape))
    key = parent.keys[number]
    if key is None:
        return module.move(state, parent)
    name = module.reader.constant(key) if len(parent.keys) <= _MOST_KEYS else None
    if name is not None and module.definitions.is_entry(parent, name):
        return module.mark(state, graph.DEFINITION)
    return module.move(state, parent, (Key(name), *state.shape))


def _comprehension(module: Module, state: State, parent: ast.AST) -> None:
    """The element of a list, set or generator comprehension."""
    module.move(state, parent, (ELEMENT, *state.shape))


def _dict_comprehension(module: Module, state: State, parent: ast.DictComp) -> None:
    head = DICT_KEY if parent.key is state.node else Key(None)
    module.move(state, parent, (head, *state.shape))


def _loop(module: Module, state: State, parent: ast.For | ast.AsyncFor | ast.comprehension) -> None:
    """The iterable of a loop or a comprehension."""
    rest = iterated(state.shape)
    if parent.iter is state.node and rest is not None:
        bindings.bind(module, state, parent.target, rest)


def _same(module: Module, state: State, parent: ast.AST) -> None:
    module.move(state, parent)


def _conditional(module: Module, state: State, parent: ast.IfExp) -> None:
    if parent.test is not state.node:
        module.move(state, parent)


def _walrus(module: Module, state: State, parent: ast.NamedExpr) -> None:
    bindings.bind(module, state, parent.target, state.shape)
    module.move(state, parent)


def _assignment(module: Module, state: State, parent: ast.Assign) -> None:
    for target in parent.targets:
        bindings.bind(module, state, target, state.shape)


def _annotated_assignment(module: Module, state: State, parent: ast.AnnAssign) -> None:
    if parent.value is state.node:
        bindings.bind(module, state, parent.target, state.shape)


def _augmented_assignment(module: Module, state: State, parent: ast.AugAssign) -> None:
    if parent.value is state.node:
        bindings.bind(module, state, parent.target, state.shape)
    else:
        bindings.grow(module, state, parent)


def _with(module: Module, state: State, parent: ast.withitem) -> None:
    if parent.optional_vars is not None:
        bindings.bind(module, state, parent.optional_vars, state.shape)


def _comparison(module: Module, state: State, parent: ast.Compare) -> None:
    if not all(isinstance(operator, (ast.Is, ast.IsNot)) for operator in parent.ops):
        module.mark(state, graph.MATCH)


def _match(module: Module, state: State, _: ast.AST) -> None:
    module.mark(state, graph.MATCH)


def _assertion(module: Module, state: State, parent: ast.Assert) -> None:
    if parent.msg is state.node:
        module.mark(state, graph.TEXT)


def _default(module: Module, state: State, parent: ast.arguments) -> None:
    bindings.bind_default(module, state, parent)


def _lambda(module: Module, state: State, parent: ast.Lambda) -> None:
    module.move(state, parent, (CALL, *state.shape))


def _return(module: Module, state: State, _: ast.AST) -> None:
    bindings.returned(module, state, state.shape)


def _yield(module: Module, state: State, _: ast.AST) -> None:
    bindings.yielded(module, state)


def _yield_from(module: Module, state: State, parent: ast.AST) -> None:
    rest = iterated(state.shape)
    if rest is not None:
        inner = module.graph.wrap(state, state._replace(node=parent, shape=rest))
        bindings.yielded(module, inner)


#: The parent that each step is given is of the class that the step stands under.
_STEPS: dict[type[ast.AST], Callable[[Module, State, Any], None]] = {
    ast.BinOp: _operation,
    ast.JoinedStr: _joined_string,
    ast.FormattedValue: _formatted_value,
    ast.Call: _called,
    ast.keyword: _keyword,
    ast.Starred: _starred,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.List: _display,
    ast.Tuple: _display,
    ast.Set: _display,
    ast.Dict: _dictionary,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _dict_comprehension,
    ast.comprehension: _loop,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.BoolOp: _same,
    ast.Await: _same,
    ast.IfExp: _conditional,
    ast.NamedExpr: _walrus,
    ast.Assign: _assignment,
    ast.AnnAssign: _annotated_assignment,
    ast.AugAssign: _augmented_assignment,
    ast.withitem: _with,
    ast.Compare: _comparison,
    ast.Assert: _assertion,
    ast.arguments: _default,
    ast.Lambda: _lambda,
    ast.Return: _return,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    **({ast.Match: _match, ast.MatchValue: _match} if sys.version_info >= (3, 10) else {}),
}
