"""The proof of a fix: the new tree is the old one, but for what the fix says that it changes.

A fix is written twice: as edits of the text, and as a :class:`Rewrite` of the tree.  What was
edited is parsed and compared with what was meant, so that a slip in one of them (a missing
parenthesis, a name glued to a keyword, an import in the wrong place) is found before a file is
touched.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
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


def prove(before: ast.Module, after: ast.Module, rewrites: Iterable[Rewrite]) -> None:
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
        expected, actual = pending.pop()
        if isinstance(expected, ast.AST):
            node = replaced.get(expected, expected)
            if node.__class__ is not actual.__class__:
                raise _difference(actual, expected)
            for name in node._fields:
                value = getattr(node, name, None)
                if name == "body" and node in inserted:
                    value = _grown(value, inserted[node])
                pending.append((value, getattr(actual, name, None)))
        elif isinstance(expected, list):
            if not isinstance(actual, list) or len(actual) != len(expected):
                raise _difference(actual, None)
            pending.extend(zip(expected, actual))
        elif expected.__class__ is not actual.__class__ or expected != actual:
            raise _difference(actual, None)


def _grown(body: object, insertions: Iterable[Insertion]) -> list[ast.stmt]:
    """Return a list of statements with the new ones in it."""
    grown = list(body) if isinstance(body, list) else []
    for insertion in sorted(insertions, key=lambda one: one.index, reverse=True):
        grown[insertion.index : insertion.index] = ast.parse(insertion.code).body
    return grown


def _difference(*nodes: object) -> ProofError:
    row = next((node.lineno for node in nodes if hasattr(node, "lineno")), 0)
    return ProofError(f"something else would change, near line {row}" if row else "it would change")
