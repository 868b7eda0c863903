"""What a call does with an argument: whose call it is, and what that means for the value."""

from __future__ import annotations

import ast

from flake8_runsdir import library
from flake8_runsdir.flow import bindings, effects, graph, strangers
from flake8_runsdir.flow.bindings import iterated
from flake8_runsdir.flow.effects import Place
from flake8_runsdir.flow.graph import CALL, DICT_KEY, ELEMENT, Key, Shape, State
from flake8_runsdir.flow.module import Module, hint_bits, prose
from flake8_runsdir.flow.scopes import AnyFunction
from flake8_runsdir.flow.symbols import decorators, last_name
from flake8_runsdir.library import Effect
from flake8_runsdir.paths import Wording

#: Methods that put an argument into the container that they belong to, and its position.
_TAKERS = {"append": 0, "add": 0, "appendleft": 0, "push": 0, "put": 0, "insert": 1}
_SPREADERS = frozenset({"extend", "update", "extendleft"})
#: Functions that call another function later, with the arguments that follow it.
_DEFERRERS = frozenset(
    """partial to_thread submit run_in_executor async_add_executor_job call_soon apply apply_async
    run_sync start_soon add_job run_in_threadpool starmap map addCleanup callback""".split()
)
_ROW_TAKERS = frozenset({"add", "merge", "add_all"})
_JOINERS = frozenset({"truediv", "joinpath", "join"})
_FAILURES = ("Error", "Exception", "Warning", "Exit", "Failed", "Failure")
_NAMESPACES = frozenset({"dict", "SimpleNamespace", "types.SimpleNamespace", "Namespace"})


def argument(module: Module, state: State, call: ast.Call, place: Place) -> None:
    """The value is an argument of a call."""
    function, place, shift = _deferred(module, call, place)
    if _is_failure(module, call, function):
        return module.mark(state, graph.TEXT)
    if _is_row(module, call):
        return module.mark(state, graph.TEXT if prose(state) else graph.DATA)
    if module.symbols.called(function):
        return _own(module, state, call, function, place)
    name = module.symbols.qualified(function) or ""
    if _special(module, state, call, name, place):
        return None
    signature = library.function(name)
    if signature is None and _is_join(module, function):
        signature = library.function("os.path.join")
    if signature is None and isinstance(function, ast.Attribute):
        if _method(module, state, call, function, place):
            return None
        signature = library.method(function.attr)
    effect = None if signature is None else signature.get(_key(place)) or signature.get("*")
    if effect is None:
        return strangers.meet(module, state, call, function, place)
    if effect is Effect.OPEN:
        return module.mark(state, graph.PATH | effects.mode(module, call, 1 + shift))
    return _apply(module, state, call, place, effect)


def _key(place: Place) -> int | str:
    return "*" if place is None else place


def _deferred(module: Module, call: ast.Call, place: Place) -> tuple[ast.AST, Place, int]:
    """Return the function that will be given the value, and where, looking through ``partial``.

    The number is by how many positions the arguments stand further back than in a plain call.
    """
    if last_name(call.func) not in _DEFERRERS or not isinstance(place, (int, str)):
        return call.func, place, 0
    for position, candidate in enumerate(call.args[:2]):
        known = module.symbols.called(candidate)
        name = module.symbols.qualified(candidate)
        if known or (name is not None and library.function(name) is not None):
            if isinstance(place, str):
                return candidate, place, position + 1
            if place > position:
                return candidate, place - position - 1, position + 1
    return call.func, place, 0


def _is_failure(module: Module, call: ast.Call, function: ast.AST) -> bool:
    raised = isinstance(module.parent(call), ast.Raise)
    return raised or last_name(function).endswith(_FAILURES)


def _is_row(module: Module, call: ast.Call) -> bool:
    """Tell whether a call makes a row that is given to a database session at once."""
    taker = module.parent(call)
    if not isinstance(taker, ast.Call) or not isinstance(taker.func, ast.Attribute):
        return False
    receiver = last_name(taker.func.value).lower()
    return taker.func.attr in _ROW_TAKERS and receiver.endswith(("session", "db"))


def _is_join(module: Module, function: ast.AST) -> bool:
    """Tell whether a function is one of the project's own joins."""
    names: list[str] = []
    while isinstance(function, ast.Attribute) and len(names) < 20:
        names.insert(0, function.attr)
        function = function.value
    dotted = "." + ".".join([last_name(function), *names])
    imported = "." + (module.symbols.qualified(function) or "") + "".join(f".{n}" for n in names)
    return any(
        (dotted.endswith(f".{join}") or imported.endswith(f".{join}"))
        for join in module.config.joins
    )


def _own(module: Module, state: State, call: ast.Call, called: ast.AST, place: Place) -> None:
    """The value is given to a function or a class of the module."""
    for definition in module.symbols.called(called):
        if not isinstance(definition, ast.ClassDef):
            _give(module, state, call, definition, place, _is_bound(module, called, definition))
            continue
        makers = module.symbols.members(definition, "__init__")
        for maker in makers:
            if not isinstance(maker, ast.ClassDef):
                _give(module, state, call, maker, place, bound=True)
        if not makers:
            _fill(module, state, definition, place)


def _give(
    module: Module,
    state: State,
    call: ast.Call,
    function: AnyFunction,
    place: Place,
    bound: bool,
) -> None:
    if place is None:
        return module.end(state)
    return bindings.bind_parameter(module, state, call, function, place, bound)


def _is_bound(module: Module, called: ast.AST, function: AnyFunction) -> bool:
    """Tell whether a called expression takes a method from an object, or a class method."""
    owner = module.symbols.method_of(function)
    if owner is None or not isinstance(called, ast.Attribute):
        return False
    named = module.symbols.called(called.value)
    return owner not in named or "classmethod" in decorators(function)


def _fill(module: Module, state: State, owner: ast.ClassDef, place: Place) -> None:
    """The value is given to a class without ``__init__``: its declared fields take it."""
    fields = [
        statement.target.id
        for statement in owner.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    ]
    name = place if isinstance(place, str) else ""
    if isinstance(place, int) and place < len(fields):
        name = fields[place]
    loads = list(module.symbols.loads_of_attribute(owner, name)) if name in fields else []
    for load in loads:
        module.graph.move(state, state._replace(node=load, calls=()))
    if not loads:
        module.end(state, (name,) if name else ())


def _special(module: Module, state: State, call: ast.Call, name: str, place: Place) -> bool:
    """Handle the functions that rearrange containers."""
    if name in _NAMESPACES and isinstance(place, str):
        module.move(state, call, (Key(place), *state.shape))
        return True
    if name == "pytest.param" and isinstance(place, int):
        module.move(state, call, (place, *state.shape))
        return True
    rest = iterated(state.shape)
    if rest is None:
        return False
    if name == "pytest.mark.parametrize":
        bindings.parametrize(module, state, call, rest)
        return True
    if name.endswith("reduce") and call.args and last_name(call.args[0]) in _JOINERS:
        module.mark(state, graph.PATH)
        return True
    shape = _rearranged(name, place, rest)
    if shape is not None:
        module.move(state, call, shape)
        return True
    return name == "map" and place != 0 and _mapped(module, state, call, rest)


def _rearranged(name: str, place: Place, rest: Shape) -> Shape | None:
    """Return how an element of an argument is part of what a builtin makes of the argument."""
    if name == "enumerate" and place == 0:
        return (ELEMENT, 1, *rest)
    if name in ("zip", "itertools.zip_longest") and isinstance(place, int):
        return (ELEMENT, place, *rest)
    if name == "dict.fromkeys" and place == 0:
        return (DICT_KEY, *rest)
    if name in _NAMESPACES and rest[:1] in ((0,), (1,)):
        return (DICT_KEY if rest[0] == 0 else Key(None), *rest[1:])
    return None


def _mapped(module: Module, state: State, call: ast.Call, rest: Shape) -> bool:
    """``map(function, values)``: methods of ``str`` keep a value, library functions use it."""
    name = (module.symbols.qualified(call.args[0]) or "") if call.args else ""
    signature = library.function(name)
    if signature is None and call.args and isinstance(call.args[0], ast.Attribute):
        method = library.method(call.args[0].attr) or {}
        signature = method if method.get("*") is Effect.MATCH else None
    if signature is None and not name.startswith("str."):
        return False
    if signature is not None:
        effect = signature.get("*") or signature.get(0) or Effect.USE
        module.mark(state, effects.ENDS.get(effect, graph.PATH))
    module.move(state, call, (ELEMENT, *rest))
    return True


def _method(
    module: Module, state: State, call: ast.Call, function: ast.Attribute, place: Place
) -> bool:
    """Handle the methods whose meaning depends on the object or on the other arguments."""
    name, several = function.attr, len(call.args) > 1
    container = function.value
    if name in _TAKERS and place == _TAKERS[name] and not call.keywords:
        if module.symbols.qualified(container) == "sys.path":
            module.mark(state, graph.PATH)
        else:
            bindings.put(module, state, container, (ELEMENT, *state.shape))
    elif name in _SPREADERS and (place == 0 or isinstance(place, str)):
        added = (Key(place), *state.shape) if isinstance(place, str) else state.shape
        bindings.put(module, state, container, added)
    elif name == "setdefault" and place == 1:
        key = Key(module.reader.constant(call.args[0]))
        bindings.put(module, state, container, (key, *state.shape))
        module.move(state, call)
    elif name == "join":
        _joined(module, state, call, container, several, place)
    elif name == "format":
        _formatted(module, state, call, container)
    elif name == "replace" and place in (0, 1):
        _replaced(module, state, call, place, several)
    elif name == "write" and last_name(container) in ("stdout", "stderr"):
        module.mark(state, graph.TEXT)
    elif name == "dict" and last_name(container) == "patch":
        module.mark(state, graph.PATH)
    else:
        return False
    return True


def _joined(
    module: Module, state: State, call: ast.Call, container: ast.AST, several: bool, place: Place
) -> None:
    """``sep.join(pieces)``; a ``join`` of several arguments joins a path."""
    if several:
        return effects.join(module, state, call, place)
    separator = module.reader.texts(container)[0]
    rest = iterated(state.shape)
    if rest is None:
        return module.end(state)
    if separator in ("/", "\\"):
        module.mark(state, graph.PATH)
    wording = Wording.PROSE if " " in separator else state.wording
    if separator in ("/", "\\") and not rest and isinstance(state.node, (ast.List, ast.Tuple)):
        head = state.shape[0]
        if head != 0:
            module.graph.mark(state, graph.BEHIND)
        behind = state.node.elts[head + 1 :] if isinstance(head, int) else []
        inner = module.graph.wrap(state, state._replace(shape=()))
        for below in effects.joined(module, state.below, behind):
            module.derive(inner, call, below)
        return None
    to = state._replace(node=call, shape=rest, below=None, wording=wording)
    return module.graph.move(state, to)


def _formatted(module: Module, state: State, call: ast.Call, container: ast.AST) -> None:
    """``template.format(value)``: the value is embedded in a text."""
    template = module.reader.texts(container)[0]
    pieces = module.reader.pieces(template, call)
    given = [n for n, piece in enumerate(pieces) if piece is state.node]
    front, behind = module.reader.parted(pieces, given)
    for text in behind:
        effects.embed(module, state, call, template, text, front)


def _replaced(module: Module, state: State, call: ast.Call, place: Place, several: bool) -> None:
    """``text.replace(old, new)`` looks for one and yields the other; a path is moved."""
    if not several:
        return module.mark(state, graph.PATH | graph.WRITE)
    if place == 0:
        return module.mark(state, graph.MATCH)
    return module.graph.move(state, state._replace(node=call, below=None))


def _apply(module: Module, state: State, call: ast.Call, place: Place, effect: Effect) -> None:
    """Let a library function have its effect on an argument."""
    simple = effects.ENDS.get(effect)
    if simple is not None:
        text = effect is Effect.DATA and prose(state)
        return module.mark(state, graph.TEXT if text else simple)
    if effect is Effect.JOIN:
        return effects.join(module, state, call, place)
    if effect is Effect.MAKE:
        module.mark(state, graph.PATH)
        return module.move(state, call)
    if effect is Effect.SAME:
        return module.move(state, call)
    if effect is Effect.OPTION:
        return _option(module, state, call, place)
    if effect is Effect.FIELD:
        shape = state.shape[1:] if state.shape[:1] == (CALL,) else state.shape
        return module.move(state, call, shape)
    if effect is Effect.FALLBACK:
        return _fallback(module, state, call)
    return effects.piece(module, state, call, effect)


def _option(module: Module, state: State, call: ast.Call, place: Place) -> None:
    name = bindings.destination(call, place)
    bindings.option(module, state, call, name)
    module.move(state, call)
    if prose(state):
        return module.mark(state, graph.TEXT)
    for keyword in call.keywords:
        opened = keyword.value if keyword.arg == "type" else None
        if isinstance(opened, ast.Call) and last_name(opened.func) in ("File", "FileType"):
            module.mark(state, effects.mode(module, opened, 0))
    matches = hint_bits(name) == graph.HINT_MATCH
    return module.mark(state, graph.MATCH if matches else graph.PATH)


def _fallback(module: Module, state: State, call: ast.Call) -> None:
    """The value stands in for something that is looked up under a name."""
    named = [argument for argument in call.args if argument is not state.node]
    for text in map(module.reader.constant, named):
        module.mark(state, hint_bits(text or ""))
    module.move(state, call)
