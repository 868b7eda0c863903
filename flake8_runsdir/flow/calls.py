"""What a call does with a value: with an argument, or with the object that a method belongs to."""

from __future__ import annotations

import ast
from typing import Iterable, List, Optional, Tuple, Union

from flake8_runsdir import hints, library, paths
from flake8_runsdir.flow import bindings, graph
from flake8_runsdir.flow.bindings import iterated
from flake8_runsdir.flow.graph import CALL, DICT_KEY, ELEMENT, Key, Shape, State
from flake8_runsdir.flow.module import Module, hint_bits, prose
from flake8_runsdir.flow.symbols import Definition, enclosing_function, last_name
from flake8_runsdir.library import Effect
from flake8_runsdir.paths import Wording

#: The place of an argument: its position, its keyword, or ``None`` where a ``*`` hides it.
Place = Union[int, str, None]

_SIMPLE = {
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
#: Methods that put an argument into the container that they belong to, and its position.
_TAKERS = {"append": 0, "add": 0, "appendleft": 0, "push": 0, "put": 0, "insert": 1}
_SPREADERS = frozenset({"extend", "update", "extendleft"})
#: Functions that call another function later, with the arguments that follow it.
_DEFERRERS = frozenset(
    """partial to_thread submit run_in_executor async_add_executor_job call_soon apply apply_async
    run_sync start_soon add_job run_in_threadpool starmap map addCleanup callback""".split()
)
_FAILURES = ("Error", "Exception", "Warning", "Exit", "Failed", "Failure")
_SHOUTS = frozenset("echo notify warn say fail abort die alert info debug error print log".split())
_NAMESPACES = frozenset({"dict", "SimpleNamespace", "types.SimpleNamespace", "Namespace"})
_SEARCHES = frozenset("startswith endswith find rfind index rindex count".split())
_TESTS = (ast.Compare, ast.Assert, ast.If, ast.While, ast.BoolOp, ast.UnaryOp, ast.IfExp)


def argument(module: Module, state: State, call: ast.Call, place: Place) -> None:
    """The value is an argument of a call."""
    function, place = _deferred(module, call, place)
    if _is_failure(module, call, function):
        return module.mark(state, graph.TEXT)
    own = module.symbols.called(function)
    if own:
        return _own(module, state, call, own, place)
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
        return _unknown(module, state, call, function, place)
    return _apply(module, state, call, place, effect)


def _key(place: Place) -> Union[int, str]:
    return "*" if place is None else place


def _deferred(module: Module, call: ast.Call, place: Place) -> Tuple[ast.AST, Place]:
    """Return the function that will be given the value, and where, looking through ``partial``."""
    if last_name(call.func) not in _DEFERRERS or not isinstance(place, (int, str)):
        return call.func, place
    for position, candidate in enumerate(call.args[:2]):
        known = module.symbols.called(candidate)
        name = module.symbols.qualified(candidate)
        if known or (name is not None and library.function(name) is not None):
            if isinstance(place, str):
                return candidate, place
            if place > position:
                return candidate, place - position - 1
    return call.func, place


def _is_failure(module: Module, call: ast.Call, function: ast.AST) -> bool:
    raised = isinstance(module.parent(call), ast.Raise)
    return raised or last_name(function).endswith(_FAILURES)


def _is_join(module: Module, function: ast.AST) -> bool:
    """Tell whether a function is one of the project's own joins."""
    names: List[str] = []
    while isinstance(function, ast.Attribute) and len(names) < 20:
        names.insert(0, function.attr)
        function = function.value
    dotted = "." + ".".join([last_name(function), *names])
    imported = "." + (module.symbols.qualified(function) or "") + "".join(f".{n}" for n in names)
    return any((dotted.endswith(f".{join}") or imported.endswith(f".{join}"))
               for join in module.config.joins)


def _own(
    module: Module, state: State, call: ast.Call, own: Iterable[Definition], place: Place
) -> None:
    """The value is given to a function or a class of the module."""
    for definition in own:
        if isinstance(definition, ast.ClassDef):
            makers = module.symbols.members(definition, "__init__")
            for maker in makers:
                if not isinstance(maker, ast.ClassDef):
                    _give(module, state, call, maker, place)
            if not makers:
                _fill(module, state, definition, place)
        else:
            _give(module, state, call, definition, place)


def _give(
    module: Module, state: State, call: ast.Call, function: Definition, place: Place
) -> None:
    if place is None or isinstance(function, ast.ClassDef):
        return module.end(state)
    return bindings.bind_parameter(module, state, call, function, place)


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
    rest = iterated(state.shape)
    if name in _NAMESPACES and isinstance(place, str):
        module.move(state, call, (Key(place), *state.shape))
    elif name == "pytest.param" and isinstance(place, int):
        module.move(state, call, (place, *state.shape))
    elif rest is None:
        return False
    elif name == "pytest.mark.parametrize":
        bindings.parametrize(module, state, call, rest)
    elif name in _NAMESPACES and rest[:1] in ((0,), (1,)):
        module.move(state, call, (DICT_KEY if rest[0] == 0 else Key(None), *rest[1:]))
    elif name == "enumerate" and place == 0:
        module.move(state, call, (ELEMENT, 1, *rest))
    elif name in ("zip", "itertools.zip_longest") and isinstance(place, int):
        module.move(state, call, (ELEMENT, place, *rest))
    elif name == "dict.fromkeys" and place == 0:
        module.move(state, call, (DICT_KEY, *rest))
    elif name == "map" and place != 0 and _first(module, call).startswith("str."):
        module.move(state, call, (ELEMENT, *rest))
    elif name == "map" and place != 0 and library.function(_first(module, call)) is not None:
        effect = (library.function(_first(module, call)) or {}).get("*", Effect.USE)
        module.mark(state, _SIMPLE.get(effect, graph.PATH))
        module.move(state, call, (ELEMENT, *rest))
    else:
        return False
    return True


def _first(module: Module, call: ast.Call) -> str:
    return (module.symbols.qualified(call.args[0]) or "") if call.args else ""


def _method(
    module: Module, state: State, call: ast.Call, function: ast.Attribute, place: Place
) -> bool:
    """Handle the methods whose meaning depends on the object or on the other arguments."""
    name, several = function.attr, len(call.args) > 1
    container = function.value
    if name in _TAKERS and place == _TAKERS[name]:
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
        _formatted(module, state, call, container, place)
    elif name == "replace" and place in (0, 1):
        _replaced(module, state, call, place, several)
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
        return _join(module, state, call, place)
    separator = module.reader.texts(container)[0]
    rest = iterated(state.shape)
    if rest is None:
        return module.end(state)
    if separator in ("/", "\\") or module.symbols.qualified(container) in ("os.sep", "os.path.sep"):
        module.mark(state, graph.PATH)
    wording = state.wording if separator == separator.strip() else Wording.PROSE
    return module.graph.move(
        state, state._replace(node=call, shape=rest, below=None, wording=wording)
    )


def _formatted(
    module: Module, state: State, call: ast.Call, container: ast.AST, place: Place
) -> None:
    """``template.format(value)``: the value is embedded in a text."""
    template = module.reader.texts(container)[0]
    pieces = module.reader.pieces(template, call)
    given = [n for n, piece in enumerate(pieces) if piece is state.node]
    behind = module.reader.glued(pieces[given[0] + 1 :]) if given else (paths.DYNAMIC,)
    for text in behind:
        embed(module, state, call, template, text)


def embed(module: Module, state: State, node: ast.AST, around: str, behind: str) -> None:
    """Let a value go on as part of a text: ``around`` is all of it, ``behind`` what follows."""
    if state.shape:
        return module.mark(state, graph.TEXT)
    wording = state.wording if prose(state) else paths.wording(around)
    below = paths.concat(state.below, behind) if wording is Wording.NONE else None
    if not behind and wording is state.wording:
        return module.move(state, node)
    if "/" in behind:
        module.mark(state, graph.JOINED)
    grown = module.graph.wrap(state, state._replace(wording=wording))
    return module.derive(grown, node, below)


def _replaced(
    module: Module, state: State, call: ast.Call, place: Place, several: bool
) -> None:
    """``text.replace(old, new)`` looks for the old and yields the new; a path moves to its target."""
    if not several:
        return module.mark(state, graph.PATH | graph.MOVE)
    if place == 0:
        return module.mark(state, graph.MATCH)
    return module.graph.move(state, state._replace(node=call, below=None))


def _apply(module: Module, state: State, call: ast.Call, place: Place, effect: Effect) -> None:
    """Let a library function have its effect on an argument."""
    simple = _SIMPLE.get(effect)
    if simple is not None:
        text = effect is Effect.DATA and prose(state)
        return module.mark(state, graph.TEXT if text else simple)
    if effect is Effect.OPEN:
        return module.mark(state, graph.PATH | _mode(module, call, 1))
    if effect is Effect.JOIN:
        return _join(module, state, call, place)
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
    if effect is Effect.ENVIRON:
        return _environ(module, state, call)
    return _piece(module, state, call, effect)


def _piece(module: Module, state: State, call: ast.Call, effect: Effect) -> None:
    """The result is some part of the value."""
    if effect is Effect.PARENT:
        module.mark(state, graph.PATH)
        return module.derive(state, call, paths.parent(state.below))
    if effect is Effect.PLAIN:
        return module.mark(state, graph.PATH)
    rest = iterated(state.shape)
    if effect is Effect.ELEMENT:
        return module.move(state, call, state.shape if rest is None else rest)
    return _split(module, state, call)


def _split(module: Module, state: State, call: ast.Call) -> None:
    """The pieces of a text: words no longer, but nothing is known of them either."""
    pieces = state._replace(node=call, shape=(ELEMENT,), below=None, wording=Wording.NONE)
    module.graph.move(state, pieces)


def _join(module: Module, state: State, call: ast.Call, place: Place) -> None:
    """The arguments are joined to a path: what stands behind the value lies below it."""
    module.mark(state, graph.PATH)
    behind = call.args[place + 1 :] if isinstance(place, int) else []
    if state.shape or place is None:
        module.mark(state, graph.JOINED)
        return module.graph.move(state, state._replace(node=call, shape=(), below=None))
    if not behind:
        return module.move(state, call)
    module.mark(state, graph.JOINED)
    for below in joined(module, state.below, behind):
        module.derive(state, call, below)
    return None


def joined(module: Module, below: paths.Below, more: Iterable[ast.AST]) -> List[paths.Below]:
    """Return what stands below the root after joining expressions to what stands there."""
    found = [below]
    for expression in more:
        texts = module.reader.texts(expression)
        texts = texts if len(found) * len(texts) <= 8 else (paths.DYNAMIC,)
        found = [paths.join(head, text) for head in found for text in texts]
    return found


def _option(module: Module, state: State, call: ast.Call, place: Place) -> None:
    name = bindings.destination(call, place)
    bindings.option(module, state, call, name)
    module.move(state, call)
    if prose(state):
        return module.mark(state, graph.TEXT)
    for keyword in call.keywords:
        opened = keyword.value if keyword.arg == "type" else None
        if isinstance(opened, ast.Call) and last_name(opened.func) in ("File", "FileType"):
            module.mark(state, _mode(module, opened, 0))
    matches = hint_bits(name) == graph.HINT_MATCH
    return module.mark(state, graph.MATCH if matches else graph.PATH)


def _fallback(module: Module, state: State, call: ast.Call) -> None:
    """The value stands in for something that is looked up under a name."""
    named = [argument for argument in call.args if argument is not state.node]
    for text in map(module.reader.constant, named):
        module.mark(state, hint_bits(text or ""))
    module.move(state, call)


def _environ(module: Module, state: State, call: ast.Call) -> None:
    head = state.shape[0] if state.shape else None
    if isinstance(head, Key):
        return bindings.environment(module, state, head.name)
    return bindings.environment(module, state, module.reader.constant(call.args[0]))


def _mode(module: Module, call: ast.Call, position: int) -> int:
    """Return what a call of ``open`` does to the file, going by its mode."""
    given: List[ast.AST] = list(call.args[position : position + 1])
    given += [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    if not given:
        return graph.READ
    mode = module.reader.constant(given[0])
    reading = mode is not None and not set(mode) & set("wax+")
    return graph.READ if reading else graph.WRITE


def _unknown(
    module: Module, state: State, call: ast.Call, function: ast.AST, place: Place
) -> None:
    """The value goes to code that cannot be seen: only names can tell."""
    name = last_name(function)
    pure = hints.is_pure(name)
    if hint_bits(name) == graph.HINT_MATCH:
        module.mark(state, graph.HINT_MATCH)
    if name in _SHOUTS:
        return module.mark(state, graph.TEXT)
    if _is_judged(module, call) and not state.shape and (pure or _in_test(module, call, name)):
        return module.mark(state, graph.DATA)
    if hints.is_program(name) and len(state.shape) == 1 and not prose(state):
        module.mark(state, graph.PATH)
    if hint_bits(name) == graph.HINT_COMMAND:
        module.mark(state, graph.HINT_COMMAND)
    file = graph.LEAVES
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
    while isinstance(parent, (ast.Attribute, ast.Subscript, ast.Await)):
        parent = module.parent(parent)
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        return _only_judged(module, parent.targets[0])
    return isinstance(parent, _TESTS)


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
    return in_test and not (hints.reads(name) and not hints.is_pure(name)) and not hints.writes(name)


def receive(module: Module, state: State, attribute: ast.Attribute) -> None:
    """The value is the object that an attribute or a method is taken from."""
    call = module.parent(attribute)
    if state.shape:
        return _container(module, state, attribute, call)
    name = attribute.attr
    effect = library.receiver(name)
    if not (isinstance(call, ast.Call) and call.func is attribute):
        if effect is Effect.PARENT:
            module.derive(state, attribute, paths.parent(state.below))
        return None
    if name == "joinpath":
        return _join(module, state, call, -1)
    if name in ("with_name", "with_stem"):
        for text in module.reader.texts(call.args[0]) if call.args else ():
            module.derive(state, call, paths.renamed(state.below, text))
        return None
    if name == "with_suffix":
        for text in module.reader.texts(call.args[0]) if call.args else ():
            module.derive(state, call, paths.resuffixed(state.below, text))
        return None
    if name == "replace":
        return _moved_or_replaced(module, state, call)
    if name in _SEARCHES:
        return module.mark(state, graph.MATCH)
    return _affect(module, state, call, effect)


def _affect(module: Module, state: State, call: ast.Call, effect: Optional[Effect]) -> None:
    if effect is Effect.OPEN:
        return module.mark(state, graph.PATH | _mode(module, call, 0))
    if effect in (Effect.READ, Effect.WRITE, Effect.MOVE, Effect.DIRECTORY):
        return module.mark(state, _SIMPLE[effect])
    if effect in (Effect.MAKE, Effect.SAME):
        return module.move(state, call)
    if effect is Effect.PARENT:
        return module.derive(state, call, paths.parent(state.below))
    if effect is Effect.ELEMENTS:
        _split(module, state, call)
    return None


def _moved_or_replaced(module: Module, state: State, call: ast.Call) -> None:
    if len(call.args) == 1:
        return module.mark(state, graph.PATH | graph.MOVE)
    return module.graph.move(state, state._replace(node=call, below=None))


def _container(
    module: Module, state: State, attribute: ast.Attribute, call: Optional[ast.AST]
) -> None:
    """The value is inside a container that a method or an attribute is taken from."""
    head, rest, name = state.shape[0], state.shape[1:], attribute.attr
    if isinstance(head, Key) and head.name == name:
        return module.move(state, attribute, rest)
    if not (isinstance(call, ast.Call) and call.func is attribute):
        return None
    shape = _viewed(head, rest, name)
    if shape is None and name in ("get", "pop", "setdefault", "popleft"):
        asked = module.reader.constant(call.args[0]) if call.args else None
        if not isinstance(head, Key) or None in (asked, head.name) or asked == head.name:
            shape = rest if head != DICT_KEY else None
    elif shape is None and name in ("copy", "union", "difference", "intersection", "__or__"):
        shape = state.shape
    if shape is not None:
        module.move(state, call, shape)
    return None


def _viewed(head: object, rest: Shape, name: str) -> Optional[Shape]:
    """Return how the value is part of a view of a dictionary."""
    if name == "items" and (head == DICT_KEY or isinstance(head, Key)):
        return (ELEMENT, 0 if head == DICT_KEY else 1, *rest)
    if name == "values" and isinstance(head, Key):
        return (ELEMENT, *rest)
    return (ELEMENT, *rest) if name == "keys" and head == DICT_KEY else None
