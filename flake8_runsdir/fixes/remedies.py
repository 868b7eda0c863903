"""The remedies of one source: for every mention a fix, or what stands in the way of one."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from functools import cached_property

from flake8_runsdir.config import Mending
from flake8_runsdir.diagnostic import Applicability, Fix, Remedy
from flake8_runsdir.fixes import literals
from flake8_runsdir.fixes.obstacles import ObstacleError
from flake8_runsdir.fixes.proof import Rewrite
from flake8_runsdir.fixes.reach import Access, Reach
from flake8_runsdir.fixes.rewriting import (
    Rewriting,
    Subject,
    rewrite_literal,
    rewrite_pattern,
    rewrite_read,
)
from flake8_runsdir.flow import Role, environment, graph
from flake8_runsdir.flow.module import Module
from flake8_runsdir.flow.symbols import last_name

#: What takes the defaults of options, as its first argument or by their names.
_DEFAULTED = frozenset({"Option", "Argument", "set_defaults"})
#: Expressions whose parts make a value.
_PART_OF_VALUE = (ast.Attribute, ast.BinOp, ast.BoolOp, ast.IfExp, ast.keyword)
#: What takes a default for a value that may be missing, each time that it is asked.
_LOOKUPS = frozenset({"get", "getenv", "pop", "getattr", "setdefault", "next"})
_NEVER_EVALUATED = frozenset({"Literal", "Annotated"})
_FIXED_NAMES = frozenset({"__all__", "__slots__"})


class Remedies:
    """Finds the remedies of one module; what its fixes do to the tree goes to ``rewrites``."""

    def __init__(self, module: Module, mending: Mending, rewrites: dict[Fix, Rewrite]) -> None:
        self._module = module
        self._reach = Reach(module, mending)
        self._literals = literals.Literals(module.source)
        self._is_path = mending.accessor_type == "Path"
        self._rewrites = rewrites

    @cached_property
    def _reads(self) -> Collection[ast.expr]:
        """The reads of the environment."""
        return environment.reads(self._module)

    @cached_property
    def _comments(self) -> list[int]:
        """The offsets of all comments, in order."""
        return [comment.span.start for comment in self._module.source.comments]

    def of_mention(self, node: ast.Constant, role: Role, marks: int) -> Remedy:
        """Return the remedy of a literal in a role; ``marks`` is what is known of its value."""
        parent = self._module.parent(self._string(node))
        read = parent.values[0] if isinstance(parent, ast.BoolOp) else node
        if read in self._reads and self._with_fallback(read)[0] is parent:
            return self.of_read(read)  # it goes with what it stands in for
        if role is Role.PATH:
            return self._remedy(lambda: self._path(node, marks))
        if role in (Role.DATA, Role.MATCH):
            return self._remedy(lambda: self._shown(node, role))
        return Remedy()

    def of_read(self, node: ast.expr) -> Remedy:
        """Return the remedy of a read of the environment."""
        return self._remedy(lambda: self._read(node))

    def _remedy(self, find: Callable[[], Fix]) -> Remedy:
        try:
            return Remedy(find())
        except ObstacleError as error:
            return Remedy(obstacle=str(error))

    def _path(self, node: ast.Constant, marks: int) -> Fix:
        string = self._string(node)
        self._check_place(string)
        literal = self._literals.read(string, node, self._module.index.mentions[node])
        access = self._reach.at(string)
        subject = Subject(self._module, string, access.expression, self._is_path)
        rewriting = rewrite_literal(subject, literal)
        is_default = self._is_first_name(literal.name)
        is_special = bool(marks & (graph.MATCH | graph.BEHIND))
        is_safe = is_default and not is_special and not _is_option_default(self._module, string)
        return self._fix(access, rewriting, is_safe)

    def _read(self, node: ast.expr) -> Fix:
        self._check_place(node)
        source = self._module.source
        whole, defaults = self._with_fallback(node)
        span = source.span(whole)
        code = source.text[span.start : span.end]
        literals.check(whole, code)
        first = bisect_left(self._comments, span.start)
        if any(start < span.end for start in self._comments[first : first + 1]):
            raise ObstacleError("a comment stands in it")
        access = self._reach.at(node)
        subject = Subject(self._module, whole, access.expression, self._is_path)
        if defaults and not all(map(self._is_default, defaults)):
            return self._made(Applicability.DISPLAY, rewrite_read(subject), access)
        is_safe = bool(defaults) and not _is_option_default(self._module, whole)
        return self._fix(access, rewrite_read(subject), is_safe)

    def _shown(self, node: ast.Constant, role: Role) -> Fix:
        """Return a fix that is only looked at: the accessor in a pattern or in data."""
        string = self._string(node)
        self._check_place(string)
        match = self._module.index.mentions[node]
        literal = self._literals.read(string, node, match)
        expression = self._module.config.accessor.expression
        subject = Subject(self._module, string, expression, self._is_path)
        is_pattern = role is Role.MATCH and (match[0].startswith("\\") or self._is_searched(string))
        rewriting = rewrite_pattern(subject, literal, is_pattern)
        return self._made(Applicability.DISPLAY, rewriting, Access(expression))

    def _is_searched(self, node: ast.AST) -> bool:
        """Tell whether a literal is handed to the library of regular expressions."""
        call = self._module.parent(node)
        name = self._module.symbols.qualified(call.func) if isinstance(call, ast.Call) else None
        return (name or "").startswith(("re.", "regex."))

    def _fix(self, access: Access, rewriting: Rewriting, is_safe: bool) -> Fix:
        is_safe = is_safe and rewriting.is_exact and access.is_safe
        applicability = Applicability.SAFE if is_safe else Applicability.UNSAFE
        return self._made(applicability, rewriting, access)

    def _made(self, applicability: Applicability, rewriting: Rewriting, access: Access) -> Fix:
        edits, rewrite = rewriting.edits, Rewrite(rewriting.replaced)
        if access.placed is not None:
            edits = (*edits, *access.placed.edits)
            placed = access.placed.rewrite
            rewrite = Rewrite({**rewriting.replaced, **placed.replaced}, placed.inserted)
        fix = Fix(applicability, f"Replace with `{access.expression}`", tuple(sorted(edits)))
        self._rewrites[fix] = rewrite
        return fix

    def _string(self, node: ast.Constant) -> literals.String:
        """Return the literal that a constant is, or is a part of."""
        parent = self._module.parent(node)
        return parent if isinstance(parent, ast.JoinedStr) else node

    def _check_place(self, node: ast.expr) -> None:
        """Raise :class:`ObstacleError` where nothing may be put in the place of a node."""
        module = self._module
        if module.source.path.endswith(".pyi"):
            raise ObstacleError("this is a stub")
        child: ast.AST = node
        for parent in module.index.ancestors(node):
            obstacle = _obstacle(module, parent, child, is_direct=child is node)
            if obstacle:
                raise ObstacleError(obstacle)
            if isinstance(parent, ast.stmt):
                return
            child = parent

    def _with_fallback(self, node: ast.expr) -> tuple[ast.expr, list[ast.expr]]:
        """Return a read of the environment with what it falls back on.

        A fallback behind ``or`` is part of what is replaced, if it is the default.
        """
        parent = self._module.parent(node)
        if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or):
            first, *others = parent.values
            if first is node and len(others) == 1 and self._is_default(others[0]):
                return parent, others
        return node, list(_defaults(node))

    def _is_default(self, node: ast.expr) -> bool:
        """Tell whether an expression is the default as a text (and no ``Path`` of it)."""
        value = self._module.symbols.only_value(node) if isinstance(node, ast.Name) else node
        text = self._module.reader.constant(node)
        is_text = isinstance(value, (ast.Constant, ast.JoinedStr))
        return is_text and text is not None and self._is_first_name(text)

    def _is_first_name(self, name: str) -> bool:
        """Tell whether a name is the one that the accessor has unless something is configured."""
        return name == self._module.config.names[0]


def _defaults(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the default in a call that reads the environment, unless it is ``None``."""
    if isinstance(node, ast.Call):
        named = (keyword.value for keyword in node.keywords if keyword.arg == "default")
        for default in (*node.args[1:2], *named):
            if not (isinstance(default, ast.Constant) and default.value is None):
                yield default


def _is_option_default(module: Module, node: ast.AST) -> bool:
    """Tell whether a value is the default of an option, or makes it: it is asked for only once."""
    for parent in module.index.ancestors(node):
        if isinstance(parent, ast.Call):
            if last_name(parent.func) in _DEFAULTED:
                return True
        elif isinstance(parent, ast.keyword) and parent.arg == "default":
            call = module.parent(parent)
            return isinstance(call, ast.Call) and last_name(call.func) not in _LOOKUPS
        elif not isinstance(parent, _PART_OF_VALUE):
            return False
    return False


def _obstacle(module: Module, parent: ast.AST, child: ast.AST, is_direct: bool) -> str:
    """Return why nothing below ``child`` can be replaced, going by what stands around it."""
    if isinstance(parent, ast.FormattedValue):
        return "it stands in a field of an f-string"
    if isinstance(parent, ast.Subscript) and child is parent.slice:
        is_type = last_name(parent.value) in _NEVER_EVALUATED
        return "it is part of a type" if is_type else ("it is a key" if is_direct else "")
    if child in (getattr(parent, "annotation", None), getattr(parent, "returns", None)):
        return "it is part of an annotation"
    if isinstance(parent, ast.Assign) and any(last_name(t) in _FIXED_NAMES for t in parent.targets):
        return "it is a name"
    if not is_direct:
        return ""
    if isinstance(parent, ast.Compare):
        return "it is compared"
    if isinstance(parent, ast.Dict):
        number = module.index.position(child, parent.keys, parent.values)
        return "it is a key" if number < len(parent.keys) else ""
    return "it is a pattern" if type(parent).__name__.startswith("Match") else ""
