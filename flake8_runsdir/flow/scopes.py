"""Which binding a name means, and which uses a binding reaches.

Scopes follow the language: functions, lambdas, classes, comprehensions and the module; a class is
not seen from the functions in it; ``global`` and ``nonlocal`` are respected; defaults, decorators
and the first iterable of a comprehension are evaluated outside.

Reaching is flow-sensitive as far as the statement lists show it: a binding is over where another
one stands unconditionally behind it, unless a loop leads back.
"""

from __future__ import annotations

import ast
import sys
from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain, count, islice
from typing import NamedTuple, Union

from flake8_runsdir.flow.index import Index

AnyFunction = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda]
Moment = tuple[int, int]

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
#: A value is followed to this many uses of one binding; by then its role has long been seen.
_MOST_LOADS = 200
#: Nodes of which one part is evaluated inside the scope around them, and another outside.
_STRADDLERS = (ast.comprehension, ast.arguments)
_SCOPES = frozenset((*FUNCTIONS, *COMPREHENSIONS, ast.ClassDef, ast.Module))
FOR_LOOPS = (ast.For, ast.AsyncFor)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


class _Load(NamedTuple):
    """A use of one variable; ``direct`` unless a function defined in the scope makes it later."""

    moment: Moment
    number: int
    node: ast.Name
    direct: bool


class _Binding(NamedTuple):
    """A binding of one variable, and the number of the statement list that it holds in."""

    moment: Moment
    number: int
    node: ast.AST
    block: int
    overwrites: bool


_Event = Union[_Load, _Binding]


class Scopes:
    """Name resolution for one indexed module, worked out on demand and remembered."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._enclosing: dict[ast.AST, ast.AST] = {index.tree: index.tree}
        self._has_globals = "global" in index.text
        self._bound: dict[str, tuple[dict[ast.AST, list[ast.AST]], int, int]] = {}
        self._events: dict[tuple[ast.AST, str], list[_Event]] = {}
        self._reached: dict[ast.AST, list[ast.Name]] = {}
        self._loads: dict[tuple[ast.AST, str], list[ast.Name]] = {}
        self._later: dict[tuple[ast.AST, str], list[ast.Name]] = {}
        self._declarations: dict[str, dict[ast.AST, ast.AST]] = {}
        self._owners: dict[tuple[ast.AST, str], ast.AST | None] = {}

    def chain(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the scopes around a node, from the innermost one to the module."""
        scope = self.enclosing(node)
        yield scope
        while scope is not self._index.tree:
            scope = self.enclosing(scope)
            yield scope

    def enclosing(self, node: ast.AST) -> ast.AST:
        """Return the scope that a node is evaluated in; a module is evaluated in itself."""
        known, parents = self._enclosing, self._index.parents
        path = [node]
        found = known.get(node)
        child = grandchild = node
        while found is None:
            parent = parents[child]
            if parent.__class__ in _SCOPES and _evaluates(parent, child, grandchild):
                found = parent
            elif parent in known:
                found = known[parent]
            elif not isinstance(parent, _STRADDLERS):
                path.append(parent)
            child, grandchild = parent, child
        if not isinstance(node, _STRADDLERS):
            known.update(dict.fromkeys(path, found))
        return found

    def function(self, node: ast.AST) -> ast.AST:
        """Return the function, class or module that a node is evaluated in."""
        return next(scope for scope in self.chain(node) if not isinstance(scope, COMPREHENSIONS))

    def owner(self, node: ast.AST, name: str) -> ast.AST | None:
        """Return the scope whose variable a name means at a node; ``None`` for a builtin name."""
        innermost = self.enclosing(node)
        key = (innermost, name)
        if key not in self._owners:
            if self._has_globals:
                self._index.demand(name)
            bound = self.bound(name)
            scopes = (self._declared(scope, name) or scope for scope in self.chain(node))
            self._owners[key] = next(
                (
                    scope
                    for scope in scopes
                    if scope in bound
                    and (scope is innermost or not isinstance(scope, ast.ClassDef))
                ),
                None,
            )
        return self._owners[key]

    def bindings(self, scope: ast.AST, name: str) -> list[ast.AST]:
        """Return the nodes that bind a variable of a scope."""
        return self.bound(name).get(scope, [])

    def bound(self, name: str) -> dict[ast.AST, list[ast.AST]]:
        """Return the binding nodes of a name, as far as walked, by the scope they bind it in."""
        names = self._index.names.get(name, [])
        binders = self._index.binders.get(name, [])
        found, names_seen, binders_seen = self._bound.get(name, ({}, 0, 0))
        if names_seen < len(names) or binders_seen < len(binders):
            stores = (node for node in names[names_seen:] if not isinstance(node.ctx, ast.Load))
            for node in chain(stores, binders[binders_seen:]):
                walrus = isinstance(self._index.parents.get(node), ast.NamedExpr)
                scope = self.function(node) if walrus else self.enclosing(node)
                found.setdefault(self._declared(scope, name) or scope, []).append(node)
            self._bound[name] = (found, len(names), len(binders))
        return found

    def _binders(self, name: str) -> Iterator[ast.AST]:
        for node in self._index.names.get(name, ()):
            if not isinstance(node.ctx, ast.Load):
                yield node
        yield from self._index.binders.get(name, ())

    def _declared(self, scope: ast.AST, name: str) -> ast.AST | None:
        """Return the scope that a ``global`` or ``nonlocal`` statement in a scope refers to."""
        statements = self._index.globals.get(name, [])
        known = self._declarations.setdefault(name, {})
        if len(known) < len(statements):
            known.update({self.enclosing(node): node for node in statements})
        declared = known.get(scope)
        if isinstance(declared, ast.Nonlocal):
            outer = (s for s in self.chain(scope) if s is not scope)
            return next((s for s in outer if self._binds_itself(s, name)), None)
        return None if declared is None else self._index.tree

    def _binds_itself(self, scope: ast.AST, name: str) -> bool:
        return isinstance(scope, FUNCTIONS) and any(
            self.enclosing(node) is scope for node in self._binders(name)
        )

    def reached(self, binder: ast.AST, scope: ast.AST, name: str) -> list[ast.Name]:
        """Return the loads of a variable that may see the value bound at ``binder``."""
        if binder not in self._reached:
            self._reached[binder] = self._find_reached(binder, scope, name)
        return self._reached[binder]

    def _find_reached(self, binder: ast.AST, scope: ast.AST, name: str) -> list[ast.Name]:
        events = self._all_events(scope, name)
        if isinstance(scope, COMPREHENSIONS):
            return [event.node for event in events if isinstance(event, _Load)]
        found = list(self._later[scope, name])
        split = bisect_left(events, (self._moment(binder),))
        behind = (events[number] for number in range(split, len(events)))
        end = self._scan(behind, binder, set(self._blocks(binder)), found)
        for loop in self._index.ancestors(binder):
            if loop is scope:
                break
            if isinstance(loop, _LOOPS) and (end is None or loop not in self._index.ancestors(end)):
                before = (events[number] for number in range(split))
                inside = (event for event in before if loop in self._index.ancestors(event.node))
                self._scan(inside, binder, set(), found)
        return list(dict.fromkeys(found))[:_MOST_LOADS]

    def loads(self, scope: ast.AST, name: str) -> list[ast.Name]:
        """Return the loads of a variable, whatever was bound to it before: the first of them."""
        key = (scope, name)
        if key not in self._loads:
            loads = (event for event in self._all_events(scope, name) if isinstance(event, _Load))
            self._loads[key] = [event.node for event in islice(loads, _MOST_LOADS)]
        return self._loads[key]

    def _scan(
        self, events: Iterator[_Event], binder: ast.AST, home: set[int], found: list[ast.Name]
    ) -> ast.AST | None:
        """Collect loads up to where the binding is over; return the node that ends it there."""
        killed: set[int] = set()
        for event in events:
            if len(found) >= _MOST_LOADS:
                return event.node
            if isinstance(event, _Load):
                if event.direct and (not killed or killed.isdisjoint(self._blocks(event.node))):
                    found.append(event.node)
            elif event.node is binder:
                continue
            elif event.overwrites:
                if event.block in home:
                    return event.node
                killed.add(event.block)
            elif isinstance(event.node, ast.Name) and self._is_augmented(event.node):
                found.append(event.node)  # the target of `x += y` is read before it is bound
        return None

    def _all_events(self, scope: ast.AST, name: str) -> list[_Event]:
        key = (scope, name)
        if key not in self._events:
            if not isinstance(scope, FUNCTIONS):
                self._index.demand(name)
            number = count()
            events: list[_Event] = []
            for node in self._index.within(name, scope):
                if isinstance(node.ctx, ast.Load) and self.owner(node, name) is scope:
                    direct = self.function(node) is scope
                    events.append(_Load(position(node), next(number), node, direct))
            for binder in self.bindings(scope, name):
                block = next(self._blocks(binder), 0)
                overwrites = self._overwrites(binder)
                moment = self._moment(binder)
                events.append(_Binding(moment, next(number), binder, block, overwrites))
            self._events[key] = sorted(events)
            later = (event for event in events if isinstance(event, _Load) and not event.direct)
            self._later[key] = [event.node for event in islice(later, _MOST_LOADS)]
        return self._events[key]

    def _blocks(self, node: ast.AST) -> Iterator[int]:
        """Yield the numbers of the statement lists that a node takes effect in, innermost first."""
        numbers = self._index.blocks
        if isinstance(node, ast.ExceptHandler):
            yield numbers[node.body[0]]
        elif node in numbers:
            yield numbers[node]
        for ancestor in self._index.ancestors(node):
            if isinstance(ancestor, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if isinstance(node, ast.arg):
                    yield numbers[ancestor.body[0]]
                return
            if ancestor in numbers:
                if isinstance(ancestor, FOR_LOOPS) and self._is_target(node, ancestor):
                    yield numbers[ancestor.body[0]]
                yield numbers[ancestor]
            elif sys.version_info >= (3, 10) and isinstance(ancestor, ast.match_case):
                yield numbers[ancestor.body[0]]

    def _is_augmented(self, node: ast.AST) -> bool:
        return isinstance(self._index.parents[node], ast.AugAssign)

    def _is_target(self, node: ast.AST, loop: ast.AST) -> bool:
        child = node
        for ancestor in self._index.ancestors(node):
            if ancestor is loop:
                return isinstance(ancestor, FOR_LOOPS) and child is ancestor.target
            child = ancestor
        return False

    def _overwrites(self, binder: ast.AST) -> bool:
        """Tell whether a binding is a whole new value, given in any case."""
        for ancestor in self._index.ancestors(binder):
            if isinstance(ancestor, (ast.AugAssign, ast.NamedExpr)):
                return False
            if isinstance(ancestor, ast.AnnAssign):
                return ancestor.value is not None
            if isinstance(ancestor, ast.stmt):
                break
        return True

    def _moment(self, binder: ast.AST) -> Moment:
        """Return when a binding happens: with its statement's end where a value is assigned."""
        for ancestor in self._index.ancestors(binder):
            if isinstance(ancestor, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
                return (ancestor.end_lineno or 0, ancestor.end_col_offset or 0)
            if isinstance(ancestor, ast.stmt):
                # Before Python 3.10 an alias in an import does not know where it stands.
                return position(ancestor if isinstance(binder, ast.alias) else binder)
        return position(binder)


def position(node: ast.AST) -> Moment:
    """Return where a node begins: the row, 1-based, and the column, 0-based in bytes."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _evaluates(scope: ast.AST, child: ast.AST, grandchild: ast.AST) -> bool:
    """Tell whether a node is a scope and evaluates, as its own, what stands in ``child``."""
    if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return isinstance(child, ast.stmt) or isinstance(grandchild, ast.arg)
    if isinstance(scope, ast.Lambda):
        return child is scope.body or isinstance(grandchild, ast.arg)
    if isinstance(scope, ast.ClassDef):
        return isinstance(child, ast.stmt)
    if isinstance(scope, COMPREHENSIONS):
        first = scope.generators[0]
        return not (child is first and grandchild is first.iter)
    return isinstance(scope, ast.Module)
