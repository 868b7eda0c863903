"""The text that an expression will have, as far as it is known before the program runs.

What is not known is a mark of :mod:`flake8_runsdir.paths`; an expression that can have one of
several texts (a loop over constants, a conditional) has a few of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count, islice, product
from string import Formatter
from typing import Union

from flake8_runsdir import paths
from flake8_runsdir.flow.index import Index, text_of
from flake8_runsdir.flow.scopes import COMPREHENSIONS, FOR_LOOPS, Scopes, position
from flake8_runsdir.flow.symbols import Symbols
from flake8_runsdir.globs import matches_name

Texts = tuple[str, ...]
#: Literal text, and expressions whose text stands in between.
Pieces = list[Union[str, ast.AST]]

#: How many texts an expression may have before it counts as dynamic, how deep it is read, and how
#: many of its parts are searched for the name of a scope.
_MOST = 64
_DEEPEST = 8
_MOST_PARTS = 200
_SEPARATORS = {"os.sep": "/", "os.path.sep": "/", "os.extsep": ".", "os.linesep": "\n"}
_CONTAINERS = (ast.List, ast.Tuple, ast.Set)
_PERCENT = re.compile(r"%(?:\(\w+\))?[-#0 +]?\d*(?:\.\d+)?[a-zA-Z]")
_KEEPS = frozenset({"str", "Path", "PurePath", "PurePosixPath", "fspath", "PosixPath"})


class Reader:
    """Reads the texts of expressions of one module."""

    def __init__(
        self, index: Index, scopes: Scopes, symbols: Symbols, identifiers: Sequence[str]
    ) -> None:
        self._index = index
        self._scopes = scopes
        self._symbols = symbols
        self._identifiers = tuple(identifiers)
        self._known: dict[tuple[ast.AST, int], Texts] = {}

    def texts(self, node: ast.AST, depth: int = 0) -> Texts:
        """Return the texts that an expression may have; a single mark if nothing is known."""
        key = (node, depth)
        if key not in self._known:
            self._known[key] = (paths.DYNAMIC,)  # to what is read of it while it is being read
            found = self._read(node, depth + 1) if depth < _DEEPEST else None
            known = found is not None and 0 < len(found) <= _MOST
            self._known[key] = tuple(dict.fromkeys(found or ())) if known else (self._mark(node),)
        return self._known[key]

    def constant(self, node: ast.AST) -> str | None:
        """Return the text of an expression that has exactly one, all of it known."""
        found = self.texts(node)
        return found[0] if len(found) == 1 and paths.is_constant(found) else None

    def _read(self, node: ast.AST, depth: int) -> Texts | None:
        if isinstance(node, ast.Constant):
            text = text_of(node)
            if text is None:
                return (str(node.value),) if isinstance(node.value, int) else None
            return (text,)
        if isinstance(node, ast.JoinedStr):
            return self._glue([self._part(part, depth) for part in node.values])
        if isinstance(node, ast.BinOp):
            return self._operation(node, depth)
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        if isinstance(node, ast.IfExp):
            return self.texts(node.body, depth) + self.texts(node.orelse, depth)
        if isinstance(node, ast.Name):
            return None if self.mentions_scope(node) else self._name(node, depth)
        if isinstance(node, ast.Attribute):
            separator = _SEPARATORS.get(self._symbols.qualified(node) or "")
            return (separator,) if separator else self._attribute(node, depth)
        return None

    def _part(self, part: ast.AST, depth: int) -> Texts:
        if isinstance(part, ast.FormattedValue):
            plain = part.format_spec is None and part.conversion in (-1, 115)
            return self.texts(part.value, depth) if plain else (self._mark(part.value),)
        return self.texts(part, depth)

    def _operation(self, node: ast.BinOp, depth: int) -> Texts | None:
        if isinstance(node.op, ast.Mod):
            given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            template = self.texts(node.left, depth)[0]
            return self.glued(self.percent_pieces(template, given), depth)
        if not isinstance(node.op, (ast.Add, ast.Div)):
            return None
        slash = [("/",)] if isinstance(node.op, ast.Div) else []
        return self._glue([self.texts(node.left, depth), *slash, self.texts(node.right, depth)])

    def _call(self, node: ast.Call, depth: int) -> Texts | None:
        name = self._symbols.qualified(node.func) or ""
        if name.rpartition(".")[2] in _KEEPS and len(node.args) == 1:
            return self.texts(node.args[0], depth)
        if name in ("os.path.join", "posixpath.join") and node.args:
            pieces = [self.texts(argument, depth) for argument in node.args]
            return self._glue([p for piece in pieces for p in (("/",), piece)][1:])
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            template = self.texts(node.func.value, depth)[0]
            return self.glued(self.pieces(template, node), depth)
        return None

    def pieces(self, template: str, call: ast.Call) -> Pieces:
        """Return what ``template.format(...)`` is glued from: literal text and arguments."""
        found: list[str | ast.AST] = []
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        places = {str(place): argument for place, argument in enumerate(call.args)}
        automatic = count()
        try:
            fields = list(Formatter().parse(template))
        except ValueError:
            return [paths.template(template, self._identifiers)]
        for literal, field, _, _ in fields:
            found.append(literal)
            if field is None:
                continue
            number = str(next(automatic)) if field == "" else field
            if number in places:
                found.append(places[number])
            elif number in named:
                found.append(named[number])
            else:
                found.append(paths.template("{" + field + "}", self._identifiers))
        return found

    def percent_pieces(self, template: str, arguments: Sequence[ast.AST]) -> Pieces:
        """Return what ``template % arguments`` is glued from."""
        found: list[str | ast.AST] = []
        literals = _PERCENT.split(template)
        for number, literal in enumerate(literals):
            found.append(literal.replace("%%", "%"))
            if number < len(literals) - 1:
                found.append(arguments[number] if number < len(arguments) else paths.DYNAMIC)
        return found

    def parted(self, pieces: Pieces, given: Sequence[int]) -> tuple[str, Texts]:
        """Return the text before a piece, and those that may follow; ``given`` says where it is."""
        if not given:
            return paths.DYNAMIC, (paths.DYNAMIC,)
        before = "".join(p if isinstance(p, str) else paths.DYNAMIC for p in pieces[: given[0]])
        return before, self.glued(pieces[given[0] + 1 :])

    def glued(self, pieces: Pieces, depth: int = 0) -> Texts:
        """Return the texts of pieces that follow one another."""
        texts = [(p,) if isinstance(p, str) else self.texts(p, depth) for p in pieces]
        return self._glue(texts)

    def _glue(self, pieces: Iterable[Texts]) -> Texts:
        found: list[str] = [""]
        for piece in pieces:
            if len(found) * len(piece) > _MOST:
                piece = (paths.DYNAMIC,)
            found = [head + tail for head, tail in product(found, piece)]
        return tuple(found)

    def _name(self, node: ast.Name, depth: int) -> Texts | None:
        scope = self._scopes.owner(node, node.id)
        bindings = self._scopes.bindings(scope, node.id) if scope is not None else []
        if not 0 < len(bindings) <= _MOST:
            return None
        found: list[str] = []
        for binding in bindings:
            values = self._bound_values(binding)
            if values is None:
                return None
            for value in values[: _MOST + 1]:
                found += self.texts(value, depth)
            if len(found) > _MOST:
                return None
        return tuple(found) if paths.is_constant(found) else None

    def _attribute(self, node: ast.Attribute, depth: int) -> Texts | None:
        """Read a constant of a class of the module: ``self.NAME``, ``Layout.NAME``."""
        owner = self._symbols.instance(node.value)
        if owner is None:
            return None
        family = self._symbols.family(owner)
        self._index.demand(node.attr)
        stored = [
            other
            for other in self._index.attributes.get(node.attr, ())
            if not isinstance(other.ctx, ast.Load)
        ]
        bound = self._scopes.bound(node.attr)
        bindings = [binding for relative in family for binding in bound.get(relative, ())]
        if stored or len(bindings) != 1:
            return None
        values = self._bound_values(bindings[0])
        if values is None or len(values) != 1:
            return None
        found = self.texts(values[0], depth)
        return found if paths.is_constant(found) else None

    def _bound_values(self, binding: ast.AST) -> list[ast.expr] | None:
        """Return the expressions whose values a binding gives; ``None`` if not all are seen."""
        parent = self._index.parents.get(binding)
        steps: list[int] = []
        while isinstance(parent, (ast.Tuple, ast.List)):
            steps.insert(0, parent.elts.index(binding) if isinstance(binding, ast.expr) else 0)
            binding, parent = parent, self._index.parents.get(parent)
        if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            values = None if parent.value is None else [parent.value]
        elif isinstance(parent, (*FOR_LOOPS, ast.comprehension)) and binding is parent.target:
            values = self.elements(parent.iter)
        else:
            return None
        for step in steps:
            values = None if values is None else _at(values, step)
        return values

    def elements(self, iterable: ast.AST) -> list[ast.expr] | None:
        """Return the expressions that iterating over an expression yields, if all can be seen."""
        if isinstance(iterable, _CONTAINERS):
            starred = any(isinstance(item, ast.Starred) for item in iterable.elts)
            return None if starred else list(iterable.elts)
        if isinstance(iterable, ast.Dict):
            return _whole(iterable.keys)
        if isinstance(iterable, ast.Name):
            value = self._symbols.only_value(iterable)
            return self.elements(value) if isinstance(value, (*_CONTAINERS, ast.Dict)) else None
        if isinstance(iterable, ast.Call):
            return self._called_elements(iterable)
        return None

    def _called_elements(self, call: ast.Call) -> list[ast.expr] | None:
        function = call.func
        if isinstance(function, ast.Name) and function.id in ("sorted", "list", "tuple", "set"):
            return self.elements(call.args[0]) if len(call.args) == 1 else None
        if not isinstance(function, ast.Attribute):
            return None
        table: ast.AST | None = function.value
        if isinstance(table, ast.Name):
            table = self._symbols.only_value(table)
        if not isinstance(table, ast.Dict):
            return None
        keys = _whole(table.keys)
        if function.attr == "items" and keys is not None:
            pairs = zip(keys, table.values)
            return [ast.Tuple(elts=[key, value], ctx=ast.Load()) for key, value in pairs]
        return {"values": list(table.values), "keys": keys}.get(function.attr)

    def _mark(self, node: ast.AST) -> str:
        return paths.SCOPED if self.mentions_scope(node) else paths.DYNAMIC

    def mentions_scope(self, node: ast.AST) -> bool:
        """Tell whether an expression names what tells one run from another."""
        for part in islice(ast.walk(node), _MOST_PARTS):
            if isinstance(part, ast.Name):
                name = part.id
            elif isinstance(part, ast.Attribute):
                name = part.attr
            elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                name = part.value
            else:
                continue
            if paths.is_scope(name, self._identifiers):
                return True
        return False

    def scope_variable(self, node: ast.AST) -> str:
        """Return how a scope could be spelled at a node: ``run_id``, ``self.run_id``, or "".

        The nearest one: of the functions around the node, from the innermost on, a variable that
        is bound before, or else an attribute of its object.
        """
        for scope in self._scopes.chain(node):
            if isinstance(scope, (*COMPREHENSIONS, ast.ClassDef)):
                continue
            for name in self._scope_names(self._index.binders, self._index.names):
                bindings = self._scopes.bindings(scope, name)
                if any(position(one) < position(node) for one in bindings):
                    return name
            owner = self._symbols.method_of(scope)
            if owner is not None:
                found = self._scope_attribute(scope, owner)
                if found:
                    return found
        return ""

    def _scope_names(self, *tables: Mapping[str, object]) -> list[str]:
        """Return the names of scopes in some tables, in the order of the configuration."""
        found = {name for table in tables for name in table}
        return [
            name
            for scope in self._identifiers
            for name in sorted(name for name in found if matches_name(scope, name))
        ]

    def _scope_attribute(self, method: ast.AST, owner: ast.ClassDef) -> str:
        """Return how a method can spell an attribute of its object that is a scope, or ""."""
        arguments = getattr(method, "args", None)
        if not isinstance(arguments, ast.arguments):
            return ""
        first = next(iter((*arguments.posonlyargs, *arguments.args)), None)
        family = self._symbols.family(owner)
        for scope in self._identifiers:
            self._index.demand(scope)
        for name in self._scope_names(self._index.attributes, self._index.names):
            is_field = any(self._scopes.bindings(relative, name) for relative in family)
            if first is not None and (is_field or self._is_stored(family, name)):
                return f"{first.arg}.{name}"
        return ""

    def _is_stored(self, family: Collection[ast.ClassDef], name: str) -> bool:
        """Tell whether methods of some classes use an attribute of their object."""
        return any(
            isinstance(node.value, ast.Name) and self._symbols.own_class(node.value) in family
            for node in self._index.attributes.get(name, ())
        )


def _whole(items: Sequence[ast.expr | None]) -> list[ast.expr] | None:
    found = [item for item in items if item is not None]
    return found if len(found) == len(items) else None


def _at(values: list[ast.expr], step: int) -> list[ast.expr] | None:
    """Return the element at a step of every tuple among the values."""
    found = []
    for value in values:
        if not isinstance(value, (ast.Tuple, ast.List)) or step >= len(value.elts):
            return None
        found.append(value.elts[step])
    return found
