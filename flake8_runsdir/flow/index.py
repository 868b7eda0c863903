"""The one walk over the tree: who is whose parent, and where the interesting nodes are.

The walk uses an explicit stack, since a tree that parses may be deeper than Python's recursion
limit.  It writes nothing on the nodes and decides nothing: the later phases ask it.
"""

from __future__ import annotations

import ast
import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain
from typing import Callable, DefaultDict, Dict, Iterator, List, Optional, Sequence, Type

from flake8_runsdir.needles import Needles

#: Fields that hold no expression, statement or binding.
_SKIPPED = frozenset({"ctx", "op", "ops", "kind", "type_comment", "type_ignores", "type_params"})
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
    lists: int = 0
    parents: Dict[ast.AST, ast.AST] = field(default_factory=dict)
    blocks: Dict[ast.AST, int] = field(default_factory=dict)
    names: DefaultDict[str, List[ast.Name]] = field(default_factory=lambda: defaultdict(list))
    attributes: DefaultDict[str, List[ast.Attribute]] = field(
        default_factory=lambda: defaultdict(list)
    )
    binders: DefaultDict[str, List[ast.AST]] = field(default_factory=lambda: defaultdict(list))
    globals: DefaultDict[str, List[ast.AST]] = field(default_factory=lambda: defaultdict(list))
    mentions: List[ast.Constant] = field(default_factory=list)
    keys: List[ast.Constant] = field(default_factory=list)
    variables: List[ast.Constant] = field(default_factory=list)
    _ordered: Dict[str, List[ast.Name]] = field(default_factory=dict)
    _rows: Dict[str, List[int]] = field(default_factory=dict)
    _statements: Dict[ast.AST, ast.AST] = field(default_factory=dict)
    _positions: Dict[ast.AST, Dict[ast.AST, int]] = field(default_factory=dict)

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

    def within(self, name: str, scope: ast.AST) -> List[ast.Name]:
        """Return the nodes of a name between the first and the last row of a scope, in order."""
        if name not in self._ordered:
            self._ordered[name] = sorted(self.names.get(name, ()), key=_row)
            self._rows[name] = [_row(node) for node in self._ordered[name]]
        nodes, rows = self._ordered[name], self._rows[name]
        first, last = getattr(scope, "lineno", 0), getattr(scope, "end_lineno", None)
        end = len(rows) if last is None else bisect_right(rows, last)
        return nodes[bisect_left(rows, first) : end]

    def position(self, node: ast.AST, *lists: Sequence[Optional[ast.AST]]) -> int:
        """Return the index (0-based) of a node among its parent's children, list after list."""
        parent = self.parents[node]
        known = self._positions.get(parent)
        if known is None:
            siblings = enumerate(chain.from_iterable(lists))
            known = {sibling: number for number, sibling in siblings if sibling is not None}
            self._positions[parent] = known
        return known[node]


def build(tree: ast.Module, needles: Needles) -> Index:
    """Walk the tree once."""
    index = Index(tree, needles)
    parents, names, notes, fields = index.parents, index.names, _NOTES, _FIELDS
    stack: list[ast.AST] = [tree]
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
                    _enter(index, node, name, child, stack)
            elif isinstance(child, ast.AST):
                parents[child] = node
                stack.append(child)
    return index


def _row(node: ast.Name) -> int:
    return node.lineno


def _enter(
    index: Index, node: ast.AST, name: str, children: List[object], stack: List[ast.AST]
) -> None:
    """Go into a list of a node's children; a list of statements gets a number."""
    statements = name in _BLOCKS
    index.lists += statements
    for child in children:
        if isinstance(child, ast.AST):
            index.parents[child] = node
            stack.append(child)
            if statements:
                index.blocks[child] = index.lists


def text_of(node: ast.Constant) -> str | None:
    """Return the text of a string or bytes literal."""
    value = node.value
    if isinstance(value, str):
        return value
    return value.decode("latin-1") if isinstance(value, bytes) else None


class _Fields(Dict[Type[ast.AST], "tuple[str, ...]"]):
    """The fields of each node class that are worth a visit; filled as classes are met."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        self[kind] = tuple(name for name in kind._fields if name not in _SKIPPED)
        return self[kind]


def _note_literal(index: Index, node: ast.AST) -> None:
    if not isinstance(node, ast.Constant):
        return
    text = text_of(node)
    if text is None:
        return
    if index.needles.find(text):
        index.mentions.append(node)
    elif text == index.needles.accessor:
        index.keys.append(node)
    elif text in index.needles.variables:
        index.variables.append(node)


def _note_attribute(index: Index, node: ast.AST) -> None:
    if isinstance(node, ast.Attribute):
        index.attributes[node.attr].append(node)


def _bind_definition(index: Index, node: ast.AST) -> None:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        index.binders[node.name].append(node)


def _bind_argument(index: Index, node: ast.AST) -> None:
    if isinstance(node, ast.arg):
        index.binders[node.arg].append(node)


def _bind_import(index: Index, node: ast.AST) -> None:
    if isinstance(node, ast.alias):
        index.binders[node.asname or node.name.partition(".")[0]].append(node)


def _bind_exception(index: Index, node: ast.AST) -> None:
    if isinstance(node, ast.ExceptHandler) and node.name:
        index.binders[node.name].append(node)


def _bind_outside(index: Index, node: ast.AST) -> None:
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        for name in node.names:
            index.globals[name].append(node)


def _bind_capture(index: Index, node: ast.AST) -> None:
    name = getattr(node, "name", None) or getattr(node, "rest", None)
    if name:
        index.binders[name].append(node)


_FIELDS = _Fields()
_NOTES: dict[type[ast.AST], Callable[[Index, ast.AST], None]] = {
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
