"""The one walk over the tree: who is whose parent, and where the interesting nodes are.

The walk uses an explicit stack, since a tree that parses may be deeper than Python's recursion
limit.  It writes nothing on the nodes and decides nothing: the later phases ask it.

Most functions of a module have nothing to do with the runs directory, so functions and methods are
walked only when they may matter: when their text holds a needle, or a name that somebody asks for.
An identifier stands in the text as it is, so a look at the text tells which functions those are.
"""

from __future__ import annotations

import ast
import re
import sys
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import (
    Any,
    Callable,
)

from flake8_runsdir.needles import Needles

#: Fields that hold no expression, statement or binding.
_SKIPPED = frozenset({"ctx", "op", "ops", "kind", "type_comment", "type_ignores"})
#: After so many questions, or occurrences of one name, it is cheaper to walk all functions.
_MOST_QUESTIONS = 200
_MOST_OCCURRENCES = 1000
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = frozenset({"body", "orelse", "finalbody"})


@dataclass
class Index:
    """The tables that the walk fills.

    ``blocks`` numbers the statement lists: statements with the same number stand in the same list.
    ``binders`` holds, by name, every node that binds the name without being a ``Name``: arguments,
    imports, definitions, exception handlers, captures of a match.
    """

    tree: ast.Module
    needles: Needles
    text: str = ""
    lists: int = 0
    ready: bool = False
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    blocks: dict[ast.AST, int] = field(default_factory=dict)
    names: defaultdict[str, list[ast.Name]] = field(default_factory=lambda: defaultdict(list))
    attributes: defaultdict[str, list[ast.Attribute]] = field(
        default_factory=lambda: defaultdict(list)
    )
    binders: defaultdict[str, list[ast.AST]] = field(default_factory=lambda: defaultdict(list))
    globals: defaultdict[str, list[ast.AST]] = field(default_factory=lambda: defaultdict(list))
    mentions: dict[ast.Constant, re.Match[str]] = field(default_factory=dict)
    keys: list[ast.Constant] = field(default_factory=list)
    variables: list[ast.Constant] = field(default_factory=list)
    _asleep: dict[ast.AST, tuple[int, int]] = field(default_factory=dict)
    _first_rows: list[int] = field(default_factory=list)
    _functions: list[ast.AST] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)
    _ordered: dict[str, list[ast.Name]] = field(default_factory=dict)
    _rows: dict[str, list[int]] = field(default_factory=dict)
    _statements: dict[ast.AST, ast.AST] = field(default_factory=dict)
    _positions: dict[ast.AST, dict[ast.AST, int]] = field(default_factory=dict)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the parent of a node, its parent, and so on up to the module."""
        parents = self.parents
        while node in parents:
            node = parents[node]
            yield node

    def statement(self, node: ast.AST) -> ast.AST:
        """Return the statement that a node stands in (the node itself, if it is one)."""
        path = []
        while node not in self.blocks and node in self.parents and node not in self._statements:
            path.append(node)
            node = self.parents[node]
        found = self._statements.get(node, node)
        self._statements.update(dict.fromkeys(path, found))
        return found

    def demand(self, name: str) -> None:
        """Walk all functions that an identifier occurs in, so that every use of it is known."""
        if self._asleep and name not in self._asked:
            self._asked.add(name)
            if len(self._asked) > _MOST_QUESTIONS:
                self.wake(list(self._asleep))
            self._wake_holders(name)

    def wake(self, functions: Iterable[ast.AST]) -> None:
        """Walk functions that somebody is going to look into."""
        for function in functions:
            if function in self._asleep:
                self._rouse(function)

    def _wake_holders(self, needle: str) -> None:
        text, row, end = self.text, 1, 0
        position = text.find(needle)
        for _ in range(_MOST_OCCURRENCES):
            if position < 0 or not self._asleep:
                return
            row += text.count("\n", end, position)
            number = bisect_right(self._first_rows, row) - 1
            function = self._functions[number] if number >= 0 else self.tree
            if function in self._asleep and row <= self._asleep[function][1]:
                self._rouse(function)
            end = position
            position = text.find(needle, position + len(needle))
        self.wake(list(self._asleep))

    def _rouse(self, function: ast.AST) -> None:
        del self._asleep[function]
        _walk(self, _children(self, function))

    def sleep(self, function: ast.AST) -> None:
        """Leave a function for later."""
        rows = [part.lineno for part in getattr(function, "decorator_list", ())]
        first = min([*rows, getattr(function, "lineno", 0)])
        self._asleep[function] = (first, getattr(function, "end_lineno", 0))

    def settle_down(self) -> None:
        """Walk the functions whose text holds something; the others sleep until asked for."""
        self.ready = True
        self._functions = sorted(self._asleep, key=lambda function: self._asleep[function])
        self._first_rows = [self._asleep[function][0] for function in self._functions]
        if "\r" in self.text or self.needles.may_hide(self.text) or not _is_plain(self.text):
            self.wake(list(self._asleep))
        for needle in self.needles.plain:
            self._wake_holders(needle)

    def within(self, name: str, scope: ast.AST) -> list[ast.Name]:
        """Return the nodes of a name between the first and the last row of a scope, in order."""
        known = self.names.get(name, [])
        if len(self._ordered.get(name, ())) < len(known):
            self._ordered[name] = sorted(known, key=_row)
            self._rows[name] = [_row(node) for node in self._ordered[name]]
        nodes, rows = self._ordered.get(name, []), self._rows.get(name, [])
        first, last = getattr(scope, "lineno", 0), getattr(scope, "end_lineno", None)
        end = len(rows) if last is None else bisect_right(rows, last)
        return nodes[bisect_left(rows, first) : end]

    def position(self, node: ast.AST, *lists: Sequence[ast.AST | None]) -> int:
        """Return the index (0-based) of a node among its parent's children, list after list."""
        parent = self.parents[node]
        known = self._positions.get(parent)
        if known is None:
            siblings = enumerate(chain.from_iterable(lists))
            known = {sibling: number for number, sibling in siblings if sibling is not None}
            self._positions[parent] = known
        return known[node]


def build(tree: ast.Module, needles: Needles, text: str = "") -> Index:
    """Walk a tree once; all of it, unless its text is given to tell what can be left for later."""
    index = Index(tree, needles, text)
    _walk(index, [tree])
    if text:
        index.settle_down()
    return index


def _walk(index: Index, stack: list[ast.AST]) -> None:
    parents, names, notes, fields = index.parents, index.names, _NOTES, _FIELDS
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            names[node.id].append(node)
            continue
        kind = node.__class__
        if kind in notes:
            notes[kind](index, node)
        for name in fields[kind]:
            child = getattr(node, name, None)
            if isinstance(child, list):
                if child:
                    stack += _list(index, node, name, child)
            elif isinstance(child, ast.AST):
                parents[child] = node
                stack.append(child)


def _children(index: Index, node: ast.AST) -> list[ast.AST]:
    """Return the children of a node that is known already."""
    found: list[ast.AST] = []
    for name in _FIELDS[node.__class__]:
        child = getattr(node, name, None)
        if isinstance(child, list):
            found += _list(index, node, name, child)
        elif isinstance(child, ast.AST):
            index.parents[child] = node
            found.append(child)
    return found


def _list(index: Index, node: ast.AST, name: str, children: list[object]) -> list[ast.AST]:
    """Return the children in a list that are to be walked; a list of statements gets a number."""
    found = [child for child in children if isinstance(child, ast.AST)]
    for child in found:
        index.parents[child] = node
    if name not in _BLOCKS:
        return found
    index.lists += 1
    index.blocks.update(dict.fromkeys(found, index.lists))
    if not index.text or index.ready or not _is_outermost(index, node):
        return found
    for child in found:
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            _bind_definition(index, child)
            index.sleep(child)
    return [child for child in found if not isinstance(child, _FUNCTIONS)]


def _is_plain(text: str) -> bool:
    """Tell whether identifiers are spelled as Python reads them, which is normalised (PEP 3131)."""
    return text.isascii() or unicodedata.is_normalized("NFKC", text)


def _is_outermost(index: Index, node: ast.AST) -> bool:
    """Tell whether a node is the module, or a class that stands in nothing but classes."""
    while isinstance(node, ast.ClassDef):
        node = index.parents[node]
    return isinstance(node, ast.Module)


def _row(node: ast.Name) -> int:
    return node.lineno


def text_of(node: ast.Constant) -> str | None:
    """Return the text of a string or bytes literal."""
    value = node.value
    if isinstance(value, str):
        return value
    return value.decode("latin-1") if isinstance(value, bytes) else None


class _Fields(dict[type[ast.AST], "tuple[str, ...]"]):
    """The fields of each node class that are worth a visit; filled as classes are met."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        self[kind] = tuple(name for name in kind._fields if name not in _SKIPPED)
        return self[kind]


def _note_literal(index: Index, node: ast.Constant) -> None:
    text = text_of(node)
    if text is None:
        return
    match = index.needles.find(text)
    if match is not None:
        index.mentions[node] = match
    elif text == index.needles.accessor:
        index.keys.append(node)
    elif text in index.needles.variables:
        index.variables.append(node)


def _note_attribute(index: Index, node: ast.Attribute) -> None:
    index.attributes[node.attr].append(node)


def _bind_definition(
    index: Index, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
) -> None:
    index.binders[node.name].append(node)


def _bind_argument(index: Index, node: ast.arg) -> None:
    index.binders[node.arg].append(node)


def _bind_import(index: Index, node: ast.alias) -> None:
    index.binders[node.asname or node.name.partition(".")[0]].append(node)


def _bind_exception(index: Index, node: ast.ExceptHandler) -> None:
    if node.name:
        index.binders[node.name].append(node)


def _bind_outside(index: Index, node: ast.Global | ast.Nonlocal) -> None:
    for name in node.names:
        index.globals[name].append(node)


def _bind_capture(index: Index, node: ast.AST) -> None:
    name = getattr(node, "name", None) or getattr(node, "rest", None)
    if name:
        index.binders[name].append(node)


_FIELDS = _Fields()
#: The node that each function is given is of the class that it stands under.
_NOTES: dict[type[ast.AST], Callable[[Index, Any], None]] = {
    ast.Constant: _note_literal,
    ast.Attribute: _note_attribute,
    ast.FunctionDef: _bind_definition,
    ast.AsyncFunctionDef: _bind_definition,
    ast.ClassDef: _bind_definition,
    ast.arg: _bind_argument,
    ast.alias: _bind_import,
    ast.ExceptHandler: _bind_exception,
    ast.Global: _bind_outside,
    ast.Nonlocal: _bind_outside,
}
if sys.version_info >= (3, 10):
    _NOTES.update(dict.fromkeys((ast.MatchAs, ast.MatchStar, ast.MatchMapping), _bind_capture))
if sys.version_info >= (3, 12):
    _NOTES.update(dict.fromkeys((ast.TypeVar, ast.ParamSpec, ast.TypeVarTuple), _bind_capture))
