"""The proof of a fix: the new tree is the old one, but for what the fix says that it changes.

A fix is written twice: as edits of the text, and as a :class:`Rewrite` of the tree.  What was
edited is parsed and compared with what was meant, so that a slip in one of them (a missing
parenthesis, a name glued to a keyword, an import in the wrong place) is found before a file is
touched.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


class ProofError(Exception):
    """A new tree is not what it should be; the message says where (a row, 1-based)."""


@dataclass(frozen=True)
class Insertion:
    """A statement that is new: its code, and its index (0-based) in the body of its owner."""

    owner: ast.AST
    index: int
    code: str


@dataclass(frozen=True, eq=False)
class Rewrite:
    """What a fix means for the tree: nodes that give way to others, and statements that are new.

    The new nodes may hold old ones, which stay as they are.
    """

    replaced: Mapping[ast.AST, ast.AST] = field(default_factory=dict)
    inserted: tuple[Insertion, ...] = ()


def prove(before: ast.AST, after: ast.AST, rewrites: Iterable[Rewrite] = ()) -> None:
    """Check that a tree is another one after some rewrites, positions aside.

    Raises :class:`ProofError` if it is not.
    """
    replaced: dict[ast.AST, ast.AST] = {}
    inserted: defaultdict[ast.AST, set[Insertion]] = defaultdict(set)
    for rewrite in rewrites:
        replaced.update(rewrite.replaced)
        for insertion in rewrite.inserted:
            inserted[insertion.owner].add(insertion)
    # An explicit stack: trees that parse may be deeper than Python's recursion limit.
    pending: list[tuple[object, object]] = [(before, after)]
    while pending:
        old, actual = pending.pop()
        expected = replaced.get(old, old) if isinstance(old, ast.AST) else old
        if expected.__class__ is not actual.__class__:
            raise _difference(actual, expected)
        if isinstance(expected, ast.AST):
            pending += _fields(expected, actual, inserted.get(expected, ()))
        elif isinstance(expected, list) and isinstance(actual, list):
            if len(expected) != len(actual):
                raise _difference(*actual, *expected)
            pending += zip(expected, actual)
        elif expected != actual:
            raise _difference()


def _fields(
    expected: ast.AST, actual: object, insertions: Iterable[Insertion]
) -> Iterator[tuple[object, object]]:
    """Yield the fields of two nodes of one class, the new statements put into the first."""
    for name in expected._fields:
        value = getattr(expected, name, None)
        if name == "body" and insertions and isinstance(value, list):
            value = value.copy()
            for index, code in sorted(((one.index, one.code) for one in insertions), reverse=True):
                value[index:index] = ast.parse(code).body
        yield value, getattr(actual, name, None)


def _difference(*nodes: object) -> ProofError:
    row = next((row for node in nodes if (row := getattr(node, "lineno", 0))), 0)
    where = f" near line {row}" if row else ""
    return ProofError(f"more than what was meant would change{where}")
