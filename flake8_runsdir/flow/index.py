"""The one walk over the tree: who is whose parent, and where the interesting nodes are.

The walk uses an explicit stack, since a tree that parses may be deeper than Python's recursion
limit.  It writes nothing on the nodes and decides nothing: the later phases ask it.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Callable, DefaultDict, Dict, Iterator, List, Type

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

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the parent of a node, its parent, and so on up to the module."""
        parents = self.parents
        while node in parents:
            node = parents[node]
            yield node

    def statement(self, node: ast.AST) -> ast.AST:
        """Return the statement that a node stands in (the node itself, if it is one)."""
        while node not in self.blocks and node in self.parents:
            node = self.parents[node]
        return node


def build(tree: ast.Module, needles: Needles) -> Index:
    """Walk the tree once."""
    index = Index(tree)
    parents, blocks, notes = index.parents, index.blocks, _NOTES
    block = 0
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        kind = node.__class__
        note = notes.get(kind)
        if note is not None:
            note(index, node, needles)
        for name in _FIELDS[kind]:
            child = getattr(node, name, None)
            if child.__class__ is list:
                block += 1
                statements = name in _BLOCKS
                for item in child:
                    if isinstance(item, ast.AST):
                        parents[item] = node
                        stack.append(item)
                        if statements:
                            blocks[item] = block
            elif isinstance(child, ast.AST):
                parents[child] = node
                stack.append(child)
    return index


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


def _name(index: Index, node: ast.AST, needles: Needles) -> None:
    if isinstance(node, ast.Name):
        index.names[node.id].append(node)


def _attribute(index: Index, node: ast.AST, needles: Needles) -> None:
    if isinstance(node, ast.Attribute):
        index.attributes[node.attr].append(node)


def _literal(index: Index, node: ast.AST, needles: Needles) -> None:
    if not isinstance(node, ast.Constant):
        return
    value = node.value if isinstance(node.value, str) else text_of(node)
    if value is None:
        return
    if needles.find(value):
        index.mentions.append(node)
    elif value == needles.accessor:
        index.keys.append(node)
    elif value in needles.variables:
        index.variables.append(node)


def _definition(index: Index, node: ast.AST, needles: Needles) -> None:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        index.binders[node.name].append(node)


def _argument(index: Index, node: ast.AST, needles: Needles) -> None:
    if isinstance(node, ast.arg):
        index.binders[node.arg].append(node)


def _import(index: Index, node: ast.AST, needles: Needles) -> None:
    if isinstance(node, ast.alias):
        index.binders[node.asname or node.name.partition(".")[0]].append(node)


def _handler(index: Index, node: ast.AST, needles: Needles) -> None:
    if isinstance(node, ast.ExceptHandler) and node.name:
        index.binders[node.name].append(node)


def _declaration(index: Index, node: ast.AST, needles: Needles) -> None:
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        for name in node.names:
            index.globals[name].append(node)


def _capture(index: Index, node: ast.AST, needles: Needles) -> None:
    name = getattr(node, "name", None) or getattr(node, "rest", None)
    if name:
        index.binders[name].append(node)


_FIELDS = _Fields()
_NOTES: dict[type[ast.AST], Callable[[Index, ast.AST, Needles], None]] = {
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Constant: _literal,
    ast.FunctionDef: _definition,
    ast.AsyncFunctionDef: _definition,
    ast.ClassDef: _definition,
    ast.arg: _argument,
    ast.alias: _import,
    ast.ExceptHandler: _handler,
    ast.Global: _declaration,
    ast.Nonlocal: _declaration,
}
if sys.version_info >= (3, 10):
    _NOTES.update(dict.fromkeys((ast.MatchAs, ast.MatchStar, ast.MatchMapping), _capture))
