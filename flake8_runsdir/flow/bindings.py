"""How a value gets a name, and where that name is used: variables, attributes, calls, returns."""

from __future__ import annotations

import ast

from flake8_runsdir import paths
from flake8_runsdir.flow import graph
from flake8_runsdir.flow.graph import CALL, DICT_KEY, ELEMENT, Key, Shape, State
from flake8_runsdir.flow.index import text_of
from flake8_runsdir.flow.module import Module, hint_bits, prose
from flake8_runsdir.flow.scopes import AnyFunction
from flake8_runsdir.flow.symbols import decorators, enclosing_function, last_name

#: How many calls deep a value is followed into functions.
_DEEPEST = 3
_NAMESPACES = frozenset({"args", "opts", "options", "namespace", "ns", "parsed", "arguments"})
#: Decorators that make a function's value appear without a call, or by another way.
_PROPERTIES = frozenset({"property", "cached_property", "classproperty", "computed_field"})
_FIXTURES = frozenset({"fixture"})
_CONTEXTS = frozenset({"contextmanager", "asynccontextmanager"})


def iterated(shape: Shape) -> Shape | None:
    """Return how the value is part of what iterating yields; ``None`` if it is not."""
    if not shape:
        return None
    head = shape[0]
    return shape[1:] if isinstance(head, int) or head in (ELEMENT, DICT_KEY) else None


def bind(module: Module, state: State, target: ast.AST, shape: Shape) -> None:
    """Let a target take the value."""
    if isinstance(target, ast.Name):
        bind_name(module, state, target, target.id, shape)
    elif isinstance(target, ast.Attribute):
        _bind_attribute(module, state, target, shape)
    elif isinstance(target, ast.Subscript):
        _bind_item(module, state, target, shape)
    elif isinstance(target, ast.Starred):
        bind(module, state, target.value, (ELEMENT, *shape))
    elif isinstance(target, (ast.Tuple, ast.List)):
        rest = iterated(shape)
        for number, element in enumerate(target.elts):
            if rest is not None and (not isinstance(shape[0], int) or shape[0] == number):
                bind(module, state, element, rest)


def bind_name(module: Module, state: State, binder: ast.AST, name: str, shape: Shape) -> None:
    """Let a variable take the value, and follow it to the loads that may see it."""
    _suggest(module, state, name, shape)
    if _is_field(module, binder) and hint_bits(name) == graph.HINT_PATH and not prose(state):
        module.mark(state, graph.PATH)
    owner = module.scopes.owner(binder, name)
    if owner is None:
        return module.end(state, (name,), graph.STORED, shape)
    loads: list[ast.AST] = list(module.scopes.reached(binder, owner, name))
    if isinstance(owner, ast.ClassDef):
        loads += module.symbols.loads_of_attribute(owner, name)
    if not loads:
        exported = isinstance(owner, (ast.Module, ast.ClassDef))
        module.end(state, (name,), graph.STORED if exported else 0, shape)
    for load in loads:
        inside = state.calls if enclosing_function(module.index, load) else ()
        module.graph.move(state, state._replace(node=load, shape=shape, calls=inside))
    return None


def _is_field(module: Module, binder: ast.AST) -> bool:
    """Tell whether a binding declares a field: its value is the default of a parameter."""
    statement = module.parent(binder)
    return isinstance(statement, ast.AnnAssign) and isinstance(
        module.parent(statement), ast.ClassDef
    )


def _suggest(module: Module, state: State, name: str, shape: Shape) -> None:
    """Note what the name of a target says, unless the value is deep in a payload."""
    bits = hint_bits(name)
    if bits == graph.HINT_MATCH or len(shape) <= 1:
        module.mark(state, bits)


def _bind_attribute(module: Module, state: State, target: ast.Attribute, shape: Shape) -> None:
    _suggest(module, state, target.attr, shape)
    if state.below:
        module.mark(state, graph.STORED)
    owner = module.symbols.instance(target.value)
    loads: list[ast.AST] = []
    if owner is not None:
        loads += module.symbols.loads_of_attribute(owner, target.attr)
    elif isinstance(target.value, ast.Name):
        loads += _same_object(module, target.value, target.attr)
    if not loads:
        module.end(state, (target.attr,), graph.STORED, shape)
    for load in loads:
        module.graph.move(state, state._replace(node=load, shape=shape, calls=()))


def _same_object(module: Module, name: ast.Name, attribute: str) -> list[ast.AST]:
    """Return the loads of an attribute of the object that a variable holds."""
    owner = module.scopes.owner(name, name.id)
    if owner is None:
        return []
    parents = ((load, module.parent(load)) for load in module.scopes.loads(owner, name.id))
    return [
        parent
        for load, parent in parents
        if isinstance(parent, ast.Attribute)
        and parent.attr == attribute
        and isinstance(parent.ctx, ast.Load)
    ]


def _bind_item(module: Module, state: State, target: ast.Subscript, shape: Shape) -> None:
    """``table[key] = value``: the value becomes part of the table."""
    if module.symbols.qualified(target.value) in ("os.environ", "environ"):
        return module.mark(state, graph.PATH)
    key = _key(module, target.slice)
    if isinstance(key, Key) and key.name is not None:
        _suggest(module, state, key.name, shape)
    return put(module, state, target.value, (key, *shape))


def _key(module: Module, index: ast.AST) -> Key | int:
    if isinstance(index, ast.Constant) and isinstance(index.value, int):
        return index.value
    return Key(module.reader.constant(index))


def put(module: Module, state: State, container: ast.AST, shape: Shape) -> None:
    """Let a container take the value in, and follow the container."""
    while isinstance(container, ast.Subscript):
        shape = (_key(module, container.slice), *shape)
        container = container.value
    if isinstance(container, ast.Name):
        _suggest(module, state, container.id, shape)
        owner = module.scopes.owner(container, container.id)
        found = [] if owner is None else module.scopes.loads(owner, container.id)
        loads = [load for load in found if load is not container]
        if not loads:
            module.end(state, (container.id,), graph.STORED, shape)
        for load in loads:
            module.graph.move(state, state._replace(node=load, shape=shape))
    elif isinstance(container, ast.Attribute):
        _bind_attribute(module, state, container, shape)
    else:
        module.end(state, (), graph.LEAVES, shape)


def bind_parameter(
    module: Module,
    state: State,
    call: ast.Call,
    function: AnyFunction,
    place: int | str,
    bound: bool,
) -> None:
    """Let a parameter of a function of the module take the value that a call gives it.

    ``bound`` says that the first parameter is filled by the object that the method belongs to.
    """
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    if isinstance(place, int):
        if bound:
            positional = positional[1:]
        if place < len(positional):
            return _enter(module, state, call, positional[place], state.shape)
        if arguments.vararg is not None:
            shape = (place - len(positional), *state.shape)
            return _enter(module, state, call, arguments.vararg, shape)
    else:
        for argument in (*positional, *arguments.kwonlyargs):
            if argument.arg == place:
                return _enter(module, state, call, argument, state.shape)
        if arguments.kwarg is not None:
            return _enter(module, state, call, arguments.kwarg, (Key(place), *state.shape))
    return module.end(state)


def _enter(module: Module, state: State, call: ast.Call, argument: ast.arg, shape: Shape) -> None:
    if len(state.calls) >= _DEEPEST or call in state.calls:
        return module.end(state, (argument.arg,))
    inside = module.graph.wrap(state, state._replace(calls=(call, *state.calls)))
    return bind_name(module, inside, argument, argument.arg, shape)


def bind_default(module: Module, state: State, arguments: ast.arguments) -> None:
    """The value is the default of a parameter: a path, unless every use says something else."""
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = list(
        zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults)
    )
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults)
    for argument, default in pairs:
        if default is state.node:
            bind_name(module, state, argument, argument.arg, state.shape)
            named = hint_bits(argument.arg) == graph.HINT_PATH and not prose(state)
            module.mark(state, graph.PATH if named else 0)
            module.end(state, (argument.arg,), 0)


def returned(module: Module, state: State, shape: Shape) -> None:
    """The value is what a function or lambda returns: go on at its calls."""
    function = enclosing_function(module.index, state.node)
    if function is None:
        return
    if isinstance(function, ast.Lambda):
        return module.move(state, function, (CALL, *shape))
    if state.calls:
        call, *outer = state.calls
        leaving = state._replace(node=call, shape=shape, calls=tuple(outer))
        return module.graph.move(state, leaving)
    names = set(decorators(function))
    _suggest(module, state, function.name, shape)
    if function.name in ("__str__", "__repr__"):
        return module.mark(state, graph.TEXT)
    if not _FIXTURES.isdisjoint(names):
        return _supply(module, state, function, shape)
    through_call = _PROPERTIES.isdisjoint(names)
    outside = (CALL, *shape) if through_call else shape
    loads = list(module.symbols.calls(function))
    for load in loads:
        module.graph.move(state, state._replace(node=load, shape=outside))
    if not loads:
        alone = isinstance(state.node, ast.Tuple) and len(state.shape) == 1
        module.end(state, (function.name,), graph.LEAVES, () if alone else state.shape)
    return None


def _supply(module: Module, state: State, function: ast.AST, shape: Shape) -> None:
    """A pytest fixture: its value is what parameters of its name are given."""
    name = getattr(function, "name", "")
    module.index.demand(name)
    for argument in module.index.binders.get(name, ()):
        if isinstance(argument, ast.arg):
            bind_name(module, state, argument, name, shape)


def yielded(module: Module, state: State) -> None:
    """The value is yielded: an element of what the call returns, or what ``with`` binds."""
    function = enclosing_function(module.index, state.node)
    if function is None:
        return
    whole = _FIXTURES | _CONTEXTS
    plain = whole.isdisjoint(decorators(function))
    returned(module, state, (ELEMENT, *state.shape) if plain else state.shape)


def parametrize(module: Module, state: State, call: ast.Call, shape: Shape) -> None:
    """The value is one of those that pytest gives to the parameters of a test."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "argnames"]
    names = [*call.args, *named, ast.Constant(value="")][0]
    given = names.elts if isinstance(names, (ast.List, ast.Tuple)) else [names]
    texts = [module.reader.constant(name) or "" for name in given]
    if len(texts) == 1:
        texts = [name.strip() for name in texts[0].split(",") if name.strip()]
    if len(texts) > 1:
        if not shape or not isinstance(shape[0], int) or shape[0] >= len(texts):
            return
        texts, shape = [texts[shape[0]]], shape[1:]
    tested = module.parent(call)
    for argument in module.index.binders.get(texts[0], ()) if texts else ():
        if tested is not None and tested in module.index.ancestors(argument):
            bind_name(module, state, argument, texts[0], shape)


def option(module: Module, state: State, call: ast.Call, name: str) -> None:
    """The default of a command-line option: it comes back as an attribute or a parameter."""
    _suggest(module, state, name, state.shape)
    module.index.demand(name)
    for node in module.index.attributes.get(name, ()):
        if isinstance(node.ctx, ast.Load) and _is_parsed(module, node.value):
            module.graph.move(state, state._replace(node=node, calls=()))
    function = module.parent(call)
    if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        for argument in (*function.args.args, *function.args.kwonlyargs):
            if argument.arg == name:
                bind_name(module, state, argument, name, state.shape)


def destination(call: ast.Call, place: int | str | None) -> str:
    """Return the name that an option's value is found under: its ``dest``, or its first flag."""
    if last_name(call.func) == "set_defaults":
        return str(place)
    for keyword in call.keywords:
        if keyword.arg == "dest" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    flags = [text_of(flag) or "" for flag in call.args if isinstance(flag, ast.Constant)]
    flags.sort(key=lambda flag: (flag.startswith("-"), not flag.startswith("--")))
    return flags[0].partition("/")[0].lstrip("-").replace("-", "_") if flags else ""


def _is_parsed(module: Module, name: ast.expr) -> bool:
    """Tell whether an expression is what an argument parser returned."""
    if not isinstance(name, ast.Name):
        return False
    value = module.symbols.only_value(name)
    return name.id in _NAMESPACES or (
        isinstance(value, ast.Call) and last_name(value.func).startswith("parse_")
    )


def grow(module: Module, state: State, statement: ast.AugAssign) -> None:
    """Let what a target holds grow by ``path /= more`` or ``text += more``."""
    for below in extended(module, state, statement.op, statement.value):
        if below != state.below:
            module.derive(state, statement.value, below)


def extended(
    module: Module, state: State, operator: ast.operator, more: ast.AST
) -> list[paths.Below]:
    """Return what stands below the root after ``value / more`` or ``value + more``."""
    combine = paths.join if isinstance(operator, ast.Div) else paths.concat
    return [combine(state.below, text) for text in module.reader.texts(more)]
