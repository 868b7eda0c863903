"""What becomes of an expression: its new text, and the tree that it must be parsed to.

There is one function for each kind of place.  A place that takes paths (an operand of ``/``, an
argument of ``Path``) is given the accessor as it is and the rest as a component of its own; any
other place keeps its text, as an f-string.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

from flake8_runsdir.diagnostic import Edit, Span
from flake8_runsdir.fixes.literals import Literal, Part
from flake8_runsdir.fixes.obstacles import ObstacleError
from flake8_runsdir.fixes.surroundings import (
    binds_tighter,
    is_bare,
    is_constructor,
    is_glued,
    is_join,
    joins_texts,
)
from flake8_runsdir.flow.module import Module
from flake8_runsdir.paths import Wording, keeps_absolute, wording

_PLACEHOLDER = re.compile(r"%[(sdir]|[{}]")


class Rewriting(NamedTuple):
    """An expression rewritten: edits in order, and the nodes that give way to new ones.

    ``is_exact`` says that the value stays what it is as long as nothing is configured, and follows
    the accessor otherwise.
    """

    edits: tuple[Edit, ...]
    replaced: dict[ast.AST, ast.AST]
    is_exact: bool = True


class _Piece(NamedTuple):
    """An expression, as text and as tree."""

    code: str
    tree: ast.expr


class Subject(NamedTuple):
    """What is to be rewritten, and with what: the accessor, and whether that yields a ``Path``.

    ``node`` is the literal, or the read of a variable that is replaced as a whole.
    """

    module: Module
    node: ast.expr
    accessor: str
    is_path: bool

    @property
    def parent(self) -> ast.AST:
        """The node around the literal."""
        return self.module.index.parents[self.node]

    @property
    def plain(self) -> _Piece:
        """The accessor as it is."""
        return _Piece(self.accessor, _parsed(self.accessor))

    @property
    def text(self) -> _Piece:
        """The accessor as a string."""
        if not self.is_path:
            return self.plain
        is_builtin = self.module.scopes.owner(self.node, "str") is None
        code = f"str({self.accessor})" if is_builtin else f'f"{{{self.accessor}}}"'
        return _Piece(code, _parsed(code))

    def edit(self, code: str) -> Edit:
        """Return the edit that replaces the node, kept apart from the words around it."""
        span = self.module.source.span(self.node)
        text = self.module.source.text
        before = " " if _is_word(text[span.start - 1 : span.start]) else ""
        behind = " " if _is_word(text[span.end : span.end + 1]) else ""
        return Edit(span, f"{before}{code}{behind}")


def rewrite_literal(subject: Subject, literal: Literal) -> Rewriting:
    """Return what becomes of a literal that names the runs directory.

    Raises :class:`ObstacleError` where nothing can be written in its place.
    """
    parent = subject.parent
    front = literal.front
    plain = _without_dot(front)
    for form in (_constructed, _divided, _joined):
        found = form(
            subject, parent, literal, front if joins_texts(subject.module, parent) else plain
        )
        if found is not None:
            return found
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod):
        return _formatted(subject, literal, parent, front)
    if isinstance(parent, ast.Attribute):
        call = subject.module.parent(parent)
        if parent.attr != "format" or not isinstance(call, ast.Call):
            raise ObstacleError(f"a method of the string is called (`{parent.attr}`)")
        return _formatted(subject, literal, call, front)._replace(is_exact=False)
    found = _spliced(subject, literal, plain)
    # A text without its "./" names the same file, but is another text.
    return found if plain is front else found._replace(is_exact=False)


def rewrite_read(subject: Subject) -> Rewriting:
    """Return what becomes of a read of the environment that yields the runs directory."""
    module, parent = subject.module, subject.parent
    if isinstance(parent, ast.Call):
        takes_path = is_constructor(module, parent) or is_join(module, parent)
    else:
        takes_path = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div)
    return _whole(subject, subject.plain if takes_path else subject.text)


def rewrite_pattern(subject: Subject, literal: Literal, is_pattern: bool) -> Rewriting:
    """Return what could become of a literal that is a regular expression, or data."""
    code = f"re.escape({subject.accessor})" if is_pattern else subject.accessor
    piece = _field(subject, literal, literal.front, literal.rest, code)
    return _whole(subject, piece, is_exact=False)


def _whole(subject: Subject, piece: _Piece, is_exact: bool = True) -> Rewriting:
    return Rewriting((subject.edit(piece.code),), {subject.node: piece.tree}, is_exact)


def _constructed(
    subject: Subject, parent: ast.AST, literal: Literal, front: Part
) -> Rewriting | None:
    """``Path(".autonomous_runs/a")`` becomes ``Path(accessor) / "a"``."""
    if not isinstance(parent, ast.Call) or not is_constructor(subject.module, parent):
        return None
    if parent.keywords or parent.args != [subject.node]:
        return _arguments(subject, parent, literal, front)
    pieces = _components(subject, literal, front)
    if pieces is None:
        return None
    first, *others = pieces
    if not others:
        return _whole(subject, first)
    call = ast.Call(func=parent.func, args=[first.tree], keywords=[])
    tail = "".join(f" / {piece.code}" for piece in others)
    tree = _chain([call, *(piece.tree for piece in others)])
    opening, closing = ("(", ")") if binds_tighter(subject.module, parent) else ("", "")
    span = subject.module.source.span(parent)
    edits = [subject.edit(first.code), Edit(Span(span.end, span.end), tail + closing)]
    if opening:
        edits.insert(0, Edit(Span(span.start, span.start), opening))
    return Rewriting(tuple(edits), {parent: tree})


def _divided(subject: Subject, parent: ast.AST, literal: Literal, front: Part) -> Rewriting | None:
    """``base / ".autonomous_runs/a"`` becomes ``base / accessor / "a"``."""
    if not isinstance(parent, ast.BinOp) or not isinstance(parent.op, ast.Div):
        return None
    if parent.left is subject.node:
        pieces = _components(subject, literal, front)
        is_alone = pieces is not None and len(pieces) == 1
        return _whole(subject, subject.plain) if is_alone else None
    pieces = _components(subject, literal, front)
    if pieces is None or (
        len(pieces) > 1 and not is_bare(subject.module, subject.node, parent.left)
    ):
        return None
    if len(pieces) == 1:
        return _whole(subject, pieces[0])
    tree = _chain([parent.left, *(piece.tree for piece in pieces)])
    code = " / ".join(piece.code for piece in pieces)
    return Rewriting((subject.edit(code),), {parent: tree})


def _joined(subject: Subject, parent: ast.AST, literal: Literal, front: Part) -> Rewriting | None:
    """``os.path.join(base, ".autonomous_runs", x)`` is given the accessor instead."""
    if not isinstance(parent, ast.Call) or not is_join(subject.module, parent):
        return None
    return _arguments(subject, parent, literal, front)


def _arguments(subject: Subject, call: ast.Call, literal: Literal, front: Part) -> Rewriting | None:
    """The components become arguments of their own."""
    if subject.node is call.func:
        return None
    number = subject.module.index.position(subject.node, call.args)
    pieces = _components(subject, literal, front)
    before = call.args[number - 1] if number else call.func
    if pieces is None or (
        len(pieces) > 1 and not is_bare(subject.module, subject.node, before, int(not number))
    ):
        return None
    if len(pieces) == 1:
        return _whole(subject, pieces[0])
    trees = [piece.tree for piece in pieces]
    arguments = [*call.args[:number], *trees, *call.args[number + 1 :]]
    tree = ast.Call(func=call.func, args=arguments, keywords=call.keywords)
    code = ", ".join(piece.code for piece in pieces)
    return Rewriting((subject.edit(code),), {call: tree})


def _formatted(
    subject: Subject, literal: Literal, whole: ast.BinOp | ast.Call, front: Part
) -> Rewriting:
    """``".autonomous_runs/%s" % x`` becomes ``accessor + "/%s" % x``."""
    module, source = subject.module, subject.module.source
    if isinstance(whole, ast.BinOp) and whole.left is not subject.node:
        return _spliced(subject, literal, front)._replace(is_exact=False)
    start = source.span(whole).start
    if front.values or not literal.rest.values or start != source.span(subject.node).start:
        return _spliced(subject, literal, front)._replace(is_exact=False)
    text, rest = subject.text, _Piece(literal.code(literal.rest), literal.tree(literal.rest))
    if isinstance(whole, ast.BinOp):
        inner: ast.expr = ast.BinOp(left=rest.tree, op=whole.op, right=whole.right)
    else:
        method = ast.Attribute(value=rest.tree, attr="format", ctx=ast.Load())
        inner = ast.Call(func=method, args=whole.args, keywords=whole.keywords)
    tree = ast.BinOp(left=text.tree, op=ast.Add(), right=inner)
    edit = subject.edit(f"{text.code} + {rest.code}")
    if not binds_tighter(module, whole, than=ast.Add):
        return Rewriting((edit,), {whole: tree})
    end = source.span(whole).end
    edits = (Edit(edit.span, f"({edit.content}"), Edit(Span(end, end), ")"))
    return Rewriting(edits, {whole: tree})


def _spliced(subject: Subject, literal: Literal, front: Part) -> Rewriting:
    """A text stays a text: the name in it becomes a field of an f-string."""
    is_exact = keeps_absolute("x" if front.text is None else front.text)
    text = (front.text or "") + literal.name + (literal.rest.text or "")
    if wording(text) is not Wording.NONE or is_glued(subject.module, subject.node):
        is_exact = False
    if not literal.is_template and _PLACEHOLDER.search(literal.rest.text or ""):
        is_exact = False
    if not front.values and not literal.rest.values:
        return _whole(subject, subject.text, is_exact)
    return _whole(subject, _field(subject, literal, front, literal.rest), is_exact)


def _field(subject: Subject, literal: Literal, front: Part, rest: Part, code: str = "") -> _Piece:
    """Return a literal with a field in place of the name: the accessor, or some other code."""
    code = code or subject.accessor
    field = ast.FormattedValue(value=_parsed(code), conversion=-1, format_spec=None)
    values = [_without_kind(value) for value in (*front.values, field, *rest.values)]
    return _Piece(literal.spliced(code, front, rest), ast.JoinedStr(values=values))


def _components(subject: Subject, literal: Literal, front: Part) -> list[_Piece] | None:
    """Return what a path is joined from, if the literal can be taken apart at slashes."""
    rest = literal.rest
    pieces = [subject.plain]
    if front.values:
        text = front.text
        if text is None or not text.endswith("/") or ":" in text:
            return None
        slashes = len(text) - len(text.rstrip("/"))
        if slashes > 1 and joins_texts(subject.module, subject.parent):
            return None
        part = front.without(end=slashes) if slashes < len(text) else front
        pieces.insert(0, _Piece(literal.code(part), literal.tree(part)))
    if rest.values and joins_texts(subject.module, subject.parent):
        pieces[-1] = _field(subject, literal, Part("", ()), rest)
    elif rest.values:
        text = rest.beginning
        slashes = len(text) - len(text.lstrip("/"))
        part = rest.without(start=slashes)
        if not slashes:
            return None
        if part.values:
            pieces.append(_Piece(literal.code(part), literal.tree(part)))
    return pieces


def _without_dot(front: Part) -> Part:
    """Return what stands before the name without a needless ``./``, which would stay in front."""
    return Part("", ()) if front.text == front.spelling == "./" else front


def _chain(operands: Sequence[ast.expr]) -> ast.expr:
    """Return operands joined by slashes."""
    return reduce(lambda left, right: ast.BinOp(left=left, op=ast.Div(), right=right), operands)


def _parsed(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body


def _without_kind(value: ast.expr) -> ast.expr:
    """Return a value of an f-string: its constants know of no prefix ``u``."""
    return ast.Constant(value=value.value) if isinstance(value, ast.Constant) else value


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_" or not character.isascii()
