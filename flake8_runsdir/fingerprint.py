"""Names of findings that last: hashes of what stands there, and in which function, but not where.

They are made of the syntax tree, so they are the same after edits elsewhere in the file, in another
indentation, in a file of another name, and after a formatter has been there.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import NamedTuple, Union

from flake8_runsdir.diagnostic import Span
from flake8_runsdir.renaming import CODE, FUNCTIONS
from flake8_runsdir.source import Comment, Source

#: What is hashed is the widest simple statement or expression around a finding that has not more
#: nodes: an entry of a long table has a name that does not depend on the other entries.
_MOST_NODES = 64
#: Fields that say nothing, or not the same before and after formatting.
_SKIPPED = frozenset({"ctx", "kind", "simple", "type_comment", "type_ignores"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
#: What formatters change in docstrings and comments.
_PUNCTUATION = re.compile(r"[\s\"'\\]+")

#: A row (1-based) and a column in bytes (0-based), as ``ast`` gives them.
_Place = tuple[int, int]
_Part = Union[ast.AST, "list[object]", str]


class _Region(NamedTuple):
    """A node, the functions and classes around it, and which of the places are in it."""

    node: ast.AST
    scope: str
    first: int
    last: int


def fingerprints(source: Source, spans: Iterable[Span]) -> dict[Span, str]:
    """Return a name for each stretch of a text: 16 hexadecimal digits.

    Stretches have the same name if the same stands there, in functions and classes of the same
    names; where only the names of those differ, the first ten digits are the same.
    """
    found: dict[Span, str] = {}
    in_code: list[Span] = []
    comment, name = None, ""
    ordered = sorted(set(spans))
    for span, around in zip(ordered, _comments(source, ordered)):
        if around is None:
            in_code.append(span)
            continue
        if around != comment:
            comment, name = around, _digest("", [_words(around.text.lstrip("#"))])
        found[span] = name
    if in_code:
        found.update(zip(in_code, _Walk(source, in_code).names()))
    return found


class _Walk:
    """A walk down to some stretches of the code, in order; it passes by all that holds none."""

    def __init__(self, source: Source, spans: list[Span]) -> None:
        self._source = source
        self._spans = spans
        self._places = list(_places(source, spans))
        self._names: dict[int, str] = {}

    def names(self) -> Iterator[str]:
        """Yield the names of the stretches."""
        # An explicit stack: trees that parse may be deeper than Python's recursion limit.
        pending = [_Region(self._source.tree, "", 0, len(self._places))]
        while pending:
            region = pending.pop()
            for child in _children(region.node):
                start, end = _extent(child)
                first = bisect_left(self._places, start, region.first, region.last)
                last = bisect_left(self._places, end, first, region.last)
                if first < last and not self._name(child, region.scope, first, last):
                    pending.append(_Region(child, _scope(child, region.scope), first, last))
        for number, span in enumerate(self._spans):
            text = self._source.text[span.start : span.end]
            yield self._names.get(number) or _digest("", [_words(text)])

    def _name(self, node: ast.AST, scope: str, first: int, last: int) -> bool:
        """Name the stretches in a node by it, unless it is too wide; tell which is the case."""
        if _is_compound(node):
            return False
        tokens = _docstring(node)
        if tokens is None:
            # Where the parts of an f-string stand, old Pythons do not know.
            tokens = _tokens(node, None if isinstance(node, ast.JoinedStr) else _MOST_NODES)
        if tokens is None:
            return False
        name = _digest(scope, tokens)
        self._names.update(dict.fromkeys(range(first, last), name))
        return True


def _comments(source: Source, spans: Iterable[Span]) -> Iterator[Comment | None]:
    """Yield for each stretch, in order, the comment that it is in."""
    starts: list[int] | None = None
    line, mark = Span(0, -1), -1
    for span in spans:
        if span.start > line.end:
            line = source.lines.line(source.lines.place(span.start)[0])
            mark = source.text.find("#", line.start, line.end)
        if not 0 <= mark <= span.start:
            yield None
            continue
        if starts is None:
            starts = [comment.span.start for comment in source.comments]
        number = bisect_right(starts, span.start) - 1
        is_inside = number >= 0 and span.start < source.comments[number].span.end
        yield source.comments[number] if is_inside else None


def _places(source: Source, spans: Iterable[Span]) -> Iterator[_Place]:
    """Yield where stretches begin, in order."""
    row, offset, size = 0, 0, 0
    for span in spans:
        there, column = source.lines.place(span.start)
        if there != row:
            row, offset, size = there, span.start - column, 0
        size += len(source.text[offset : span.start].encode("utf-8", "surrogatepass"))
        offset = span.start
        yield row, size


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below another one that have a place, and none between."""
    pending = [node]
    while pending:
        for child in ast.iter_child_nodes(pending.pop()):
            if hasattr(child, "lineno"):
                yield child
            elif child._fields:
                pending.append(child)


def _extent(node: ast.AST) -> tuple[_Place, _Place]:
    """Return where a node begins, its decorators included, and where it ends."""
    first = next(iter(getattr(node, "decorator_list", ())), node)
    start = getattr(first, "lineno", 0), getattr(first, "col_offset", 0)
    return start, (getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0))


def _scope(node: ast.AST, scope: str) -> str:
    """Return the functions and classes around what is in a node."""
    return f"{scope}.{node.name}" if isinstance(node, _DEFINITIONS) else scope


def _is_compound(node: ast.AST) -> bool:
    """Tell whether statements may stand in a node."""
    fields = node._fields
    is_statement = isinstance(node, (ast.stmt, ast.ExceptHandler))
    return is_statement and ("body" in fields or "cases" in fields)


def _docstring(node: ast.AST) -> list[str] | None:
    """Return the first line of a docstring, or of a string that stands like one."""
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
        return None
    value = node.value.value
    return [_words(value.lstrip().partition("\n")[0])] if isinstance(value, str) else None


def _tokens(node: ast.AST, most: int | None) -> list[str] | None:
    """Return a tree as a list of texts, whatever it looks like; none, if it has too many nodes."""
    tokens: list[str] = []
    pending: list[_Part] = [node]
    nodes = 0
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            tokens.append(part)
        elif isinstance(part, list):
            if most is not None and len(part) > most:
                return None
            tokens.append(f"[{len(part)}")
            pending.extend(map(_part, reversed(part)))
        else:
            nodes += 1
            if most is not None and nodes > most:
                return None
            tokens.append(type(part).__name__)
            pending.append(")")
            for name in reversed(part._fields):
                value = getattr(part, name, None)
                # Later Pythons have more fields, which then are empty.
                if name not in _SKIPPED and value is not None and value != []:
                    pending += (_part(value), name)
    return tokens


def _part(value: object) -> _Part:
    """Return a value of a field as it is, or else as a text that is the same everywhere."""
    if isinstance(value, (ast.AST, list)):
        return value
    # The digits of a number may be too many for Python to print.
    return hex(value) if type(value) is int else ascii(value)


def _words(text: str) -> str:
    return _PUNCTUATION.sub(" ", text).strip()


def _digest(scope: str, tokens: Iterable[str]) -> str:
    return _hash("\0".join(tokens))[:CODE] + _hash(scope)[:FUNCTIONS]


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
