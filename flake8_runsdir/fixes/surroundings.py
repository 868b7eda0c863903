"""What stands around an expression, as far as it tells what may be written in its place."""

from __future__ import annotations

import ast
import re

from flake8_runsdir.flow.module import Module

_CONSTRUCTORS = frozenset(
    "Path PurePath PosixPath PurePosixPath WindowsPath PureWindowsPath".split()
)
#: Where they come from; other libraries call other things ``Path``.
_LIBRARIES = frozenset(("", "pathlib", "pathlib2", "anyio", "trio", "upath", "aiopath"))
_JOINS = frozenset(("os.path.join", "posixpath.join", "path.join"))
#: Methods whose arguments cannot be absolute directories, or would not win.
_RELATIVE_METHODS = frozenset("format glob rglob match full_match with_name with_stem".split())
_COMMENT = re.compile(r"#[^\r\n]*")
#: What a value goes through on its way into a text.
_TRANSPARENT = (ast.BinOp, ast.IfExp, ast.BoolOp, ast.Starred, ast.keyword)
_WEAKER_THAN_SUM = (ast.LShift, ast.RShift, ast.BitAnd, ast.BitOr, ast.BitXor)


def is_constructor(module: Module, call: ast.Call) -> bool:
    """Tell whether a call makes a path object of its arguments."""
    library, _, name = (module.symbols.qualified(call.func) or "").rpartition(".")
    return name in _CONSTRUCTORS and library in _LIBRARIES


def is_join(module: Module, call: ast.Call) -> bool:
    """Tell whether a call joins its arguments to a path."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "joinpath":
        return True
    return module.symbols.qualified(call.func) in _JOINS


def joins_texts(module: Module, node: ast.AST) -> bool:
    """Tell whether a node joins paths as texts, each character of which counts."""
    return isinstance(node, ast.Call) and module.symbols.qualified(node.func) in _JOINS


def is_bare(module: Module, node: ast.expr, before: ast.expr, brackets: int = 0) -> bool:
    """Tell whether no brackets of its own stand around a node; ``before`` is its neighbour.

    ``brackets`` is how many are opened between the two anyway.
    """
    start, end = module.source.span(before).end, module.source.span(node).start
    between = _COMMENT.sub("", module.source.text[start:end])
    return between.count("(") == brackets


def is_glued(module: Module, node: ast.AST) -> bool:
    """Tell whether a value is put behind other text, so that an absolute path would not win."""
    child = node
    for parent in module.index.ancestors(node):
        if isinstance(parent, ast.BinOp) and parent.right is child:
            return isinstance(parent.op, (ast.Add, ast.Mod))
        if isinstance(parent, (ast.List, ast.Tuple)):
            if child is parent.elts[0] and isinstance(module.parent(parent), ast.Call):
                return False
        elif isinstance(parent, ast.Call):
            return _is_relative(module, parent, is_listed=child is not node)
        elif not isinstance(parent, _TRANSPARENT):
            return False
        child = parent
    return False


def binds_tighter(module: Module, node: ast.expr, than: type[ast.operator] = ast.Div) -> bool:
    """Tell whether a binary operation in place of a node would need brackets."""
    parent = module.parent(node)
    if _is_enclosed(module, node):
        return False
    if isinstance(parent, ast.BinOp):
        is_weaker = isinstance(parent.op, _WEAKER_THAN_SUM)
        is_sum = isinstance(parent.op, (ast.Add, ast.Sub))
        if than is ast.Add:
            return not is_weaker and not (is_sum and parent.left is node)
        is_product = isinstance(parent.op, (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.MatMult))
        return not (is_weaker or is_sum or (is_product and parent.left is node))
    if isinstance(parent, ast.UnaryOp):
        return not isinstance(parent.op, ast.Not)
    if isinstance(parent, (ast.Attribute, ast.Await)):
        return True
    if isinstance(parent, ast.Subscript):
        return parent.value is node
    return isinstance(parent, ast.Call) and parent.func is node


def _is_relative(module: Module, call: ast.Call, is_listed: bool) -> bool:
    """Tell whether a method is called that puts its arguments behind, or below, something else."""
    if not isinstance(call.func, ast.Attribute) or module.symbols.qualified(call.func) in _JOINS:
        return False
    if call.func.attr == "join":
        return is_listed
    is_function = module.symbols.qualified(call.func) == "glob.glob"
    return call.func.attr in _RELATIVE_METHODS and not is_function


def _is_enclosed(module: Module, node: ast.expr) -> bool:
    """Tell whether brackets stand right around a node (those of a call, where it is one)."""
    text, span = module.source.text, module.source.span(node)
    return text[span.start - 1 : span.start] == "(" and text[span.end : span.end + 1] == ")"
