"""Where an import goes: at the top of a function, or among the imports of a module.

A head that was in order for isort (profile ``black``) and for Ruff is so afterwards.  What cannot
be done with certainty is refused.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple, Union

from flake8_runsdir.diagnostic import Edit, Span
from flake8_runsdir.fixes.joining import WIDTH, join, wrapped
from flake8_runsdir.fixes.ordering import (
    ImportStatement,
    Section,
    Sections,
    sort_key,
    top_package,
)
from flake8_runsdir.fixes.proof import Insertion, Rewrite
from flake8_runsdir.fixes.rows import Rows
from flake8_runsdir.source import Source

_STAR = re.compile(r"\bimport[\s\\]*\*")
_SEARCH_PATH = "sys.path"
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]


class Import(NamedTuple):
    """An import of one object: ``from MODULE import NAME as ALIAS``.

    ``level`` counts the dots of a relative one, behind which ``module`` may be empty.
    """

    module: str
    name: str
    alias: str = ""
    level: int = 0

    @property
    def code(self) -> str:
        """The statement, on one line."""
        return f"{self.head} {self.item}"

    @property
    def head(self) -> str:
        """The statement up to its keyword ``import``."""
        return f"from {'.' * self.level}{self.module} import"

    @property
    def item(self) -> str:
        """What is imported, and under which name."""
        return f"{self.name} as {self.alias}" if self.alias else self.name

    @property
    def statement(self) -> ast.ImportFrom:
        """The statement as a node."""
        alias = ast.alias(self.name, self.alias or None)
        return ast.ImportFrom(self.module or None, [alias], self.level)


class Placed(NamedTuple):
    """What writes an import: edits of the text, and what they do to the tree.

    There is nothing to do where the object is imported in that place already.
    """

    edits: tuple[Edit, ...]
    rewrite: Rewrite


class PlaceError(Exception):
    """There is no place for an import; the message says why, in a few words."""


class Places:
    """Finds the places of imports in one source; what it reads of the module is read once."""

    def __init__(self, source: Source) -> None:
        self._rows = Rows(source)
        self._tree = source.tree
        self._sections = Sections(source.path)
        self._outcomes: dict[tuple[_Run | None, Import], Placed | str] = {}

    def in_function(self, function: Function, wanted: Import) -> Placed:
        """Return what imports an object before all that a function does.

        Raises :class:`PlaceError`.
        """
        rows = self._rows
        index = _behind_docstring(function.body)
        if index == len(function.body):
            raise PlaceError("its function holds nothing but a docstring")
        first = function.body[index]
        indentation = rows.indentation(first)
        if indentation is None:
            raise PlaceError("the first statement of its function does not begin a line")
        if isinstance(first, (ast.Import, ast.ImportFrom)):
            run = _Run(rows, self._sections, function, index, indentation)
            try:
                return run.place(wanted)
            except PlaceError:  # in front of them, then
                pass
        row = rows.first(first)
        while rows.is_comment(row - 1) and "# type:" not in rows.text(row - 1):
            row -= 1
        return _new(rows, _Spot(function, index, row, indentation), wanted)

    def in_module(self, wanted: Import, before: ast.stmt | None = None) -> Placed:
        """Return what imports an object at the top of the module.

        ``before`` is the statement that needs it.  Raises :class:`PlaceError`.
        """
        if self._has_star:
            raise PlaceError("a star import may bind its name anew")
        limit = self._rows.end if before is None else self._rows.first(before)
        run = self._run(top_package(wanted.statement), limit)
        if (run, wanted) not in self._outcomes:
            self._outcomes[run, wanted] = self._outcome(run, wanted)
        outcome = self._outcomes[run, wanted]
        if isinstance(outcome, str):
            raise PlaceError(outcome)
        return outcome

    def _outcome(self, run: _Run | None, wanted: Import) -> Placed | str:
        """Return what imports an object in a run, or where there is none, or why nothing can."""
        try:
            return self._place_first(wanted) if run is None else run.place(wanted)
        except PlaceError as error:
            return str(error)

    def _run(self, package: str, limit: int) -> _Run | None:
        """Return the run above a row where a package is imported; none if nothing is imported."""
        if not self._runs:
            return None
        for run in (self._run_of.get(package, self._runs[0]), self._runs[0]):
            if self._rows.first(run.statements[0]) < limit:
                return run
        raise PlaceError("it would be imported too late")

    @cached_property
    def _has_star(self) -> bool:
        """Whether the module takes all names of another one."""
        return bool(_STAR.search(self._rows.source.text)) and any(
            isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
            for node in ast.walk(self._tree)
        )

    @cached_property
    def _runs(self) -> list[_Run]:
        """The runs of imports at module level, but for those before a change of ``sys.path``."""
        body = self._tree.body
        runs: list[_Run] = []
        for index, statement in enumerate(body):
            is_import = isinstance(statement, (ast.Import, ast.ImportFrom))
            if is_import and (not runs or index >= runs[-1].stop):
                runs.append(_Run(self._rows, self._sections, self._tree, index))
        if len(runs) > 1 and _SEARCH_PATH in self._rows.source.text:
            between = range(runs[-1].start - 1, runs[0].start, -1)
            last = next((index for index in between if _names_search_path(body[index])), -1)
            runs = [run for run in runs if run.start > last]
        return runs

    @cached_property
    def _run_of(self) -> dict[str, _Run]:
        """The first run in which something is imported from a package."""
        found: dict[str, _Run] = {}
        for run in self._runs:
            for statement in run.statements:
                found.setdefault(top_package(statement), run)
        return found

    def _place_first(self, wanted: Import) -> Placed:
        """Place an import where there is none, behind the docstring or the comments on top."""
        rows, body = self._rows, self._tree.body
        index = _behind_docstring(body)
        if index and not rows.ends_row(body[0]):
            raise PlaceError("something stands behind the docstring in its line")
        following = body[index] if index < len(body) else None
        if following is not None and rows.indentation(following) is None:
            raise PlaceError("the first statement does not begin a line")
        start = rows.last(body[0]) + 1 if index else 1
        stop = rows.end if following is None else rows.first(following)
        construct = self._construct(start, stop, is_top=not index)
        is_attached = not any(rows.is_blank(row) for row in range(construct, stop))
        needed = 2 if is_attached and isinstance(following, _DEFINITIONS) else 1
        needed = 0 if construct == rows.end else needed
        row = construct
        while row > max(start, construct - needed) and rows.is_blank(row - 1):
            row -= 1
        has_head = bool(index) or any(not rows.is_blank(above) for above in range(start, row))
        above = 1 if has_head and not (row > start and rows.is_blank(row - 1)) else 0
        below = needed - (construct - row)
        return _new(rows, _Spot(self._tree, index, row, "", above, below), wanted)

    def _construct(self, start: int, stop: int, is_top: bool) -> int:
        """Return the row where what follows a new import begins.

        Between the rows ``start`` and ``stop`` there are only comments.  On top of a file they
        stay there, but for those that a blank row divides from others and none from the code.
        """
        rows = self._rows
        full = [row for row in range(start, stop) if not rows.is_blank(row)]
        if not is_top:
            return full[0] if full else stop
        construct = stop
        while stop < rows.end and construct > start and rows.is_comment(construct - 1):
            construct -= 1
        return construct if full and full[0] < construct else stop


class _Spot(NamedTuple):
    """A place for a statement of its own: a body and the place (0-based) in it, and a row.

    ``above`` and ``below`` count the blank rows to add.
    """

    owner: ast.Module | Function
    place: int
    row: int
    indentation: str = ""
    above: int = 0
    below: int = 0


class _Run:
    """Imports that follow each other in a body, from the index ``start`` (0-based) to ``stop``."""

    def __init__(
        self,
        rows: Rows,
        sections: Sections,
        owner: ast.Module | Function,
        start: int,
        indentation: str = "",
    ) -> None:
        self._rows = rows
        self._sections = sections
        self._owner = owner
        self._indentation = indentation
        self.statements = list(_imports(owner.body, start))
        self.start = start
        self.stop = start + len(self.statements)

    def place(self, wanted: Import) -> Placed:
        """Return what adds an import in its order; raises :class:`PlaceError`."""
        rows = self._rows
        for statement in self.statements:
            if rows.indentation(statement) is None or not rows.ends_row(statement):
                raise PlaceError("the imports share lines")
        new = wanted.statement
        of_module = list(self._of_module(new))
        if any(_is_same(one, new.names[0]) for other in of_module for one in other.names):
            return Placed((), Rewrite())
        # A comment may speak of the one name that its statement has, so that others come first.
        of_module.sort(key=lambda other: (rows.has_comment(other), len(other.names) == 1))
        for statement in () if wanted.alias else of_module:
            joined = join(rows, statement, wanted.name)
            if joined is not None:
                return Placed((joined.edit,), Rewrite({statement: joined.statement}))
        return _new(rows, self._spot(new), wanted)

    def _of_module(self, new: ast.ImportFrom) -> Iterator[ast.ImportFrom]:
        """Yield the statements that import from the same module."""
        for statement in self.statements:
            if isinstance(statement, ast.ImportFrom) and _origin(statement) == _origin(new):
                yield statement

    def _spot(self, new: ast.ImportFrom) -> _Spot:
        section = self._sections.of(new, Section.FIRST_PARTY)
        groups = self._groups()
        group = self._group(groups, new, section)
        if group is not None:
            key = sort_key(new)
            later = next((i for i in group if sort_key(self.statements[i]) > key), group.stop)
            if later > group.start:
                return self._behind(later - 1)
            if later and self._has_comment(later):
                return self._behind(later - 1, 1)
            return self._before(later)
        for group in groups:
            if self._section(group.start) > section:
                return self._behind(group.start - 1, 1) if group.start else self._before(0, 1)
        return self._behind(len(self.statements) - 1, 1)

    def _group(self, groups: list[range], new: ast.ImportFrom, section: Section) -> range | None:
        """Return the group that an import belongs to, if there is one."""
        package = top_package(new)
        for group in groups:
            if any(top_package(self.statements[i]) == package for i in group):
                return group
        return next((g for g in groups if any(self._section(i) is section for i in g)), None)

    def _groups(self) -> list[range]:
        """Return the groups, each a range of indexes (0-based).

        Blank rows divide them, unless they belong to a comment inside of a section.
        """
        starts = [0]
        for index in range(1, len(self.statements)):
            before, after = self._section(index - 1), self._section(index)
            is_new = self._has_blank(index) and not (before is after and self._has_comment(index))
            if is_new or (before is Section.FUTURE) is not (after is Section.FUTURE):
                starts.append(index)
        return [
            range(start, stop) for start, stop in zip(starts, [*starts[1:], len(self.statements)])
        ]

    def _section(self, index: int) -> Section:
        return self._sections.of(self.statements[index])

    def _gap(self, index: int) -> range:
        """Return the rows between a statement and the one before it."""
        above, below = self.statements[index - 1 : index + 1]
        return range(self._rows.last(above) + 1, self._rows.first(below))

    def _has_blank(self, index: int) -> bool:
        return any(self._rows.is_blank(row) for row in self._gap(index))

    def _has_comment(self, index: int) -> bool:
        return any(self._rows.is_comment(row) for row in self._gap(index))

    def _before(self, index: int, below: int = 0) -> _Spot:
        row = self._rows.first(self.statements[index])
        return _Spot(self._owner, self.start + index, row, self._indentation, 0, below)

    def _behind(self, index: int, above: int = 0) -> _Spot:
        row = self._rows.last(self.statements[index]) + 1
        return _Spot(self._owner, self.start + index + 1, row, self._indentation, above)


def _new(rows: Rows, spot: _Spot, wanted: Import) -> Placed:
    """Return what writes an import as a statement of its own."""
    newline = rows.newline(spot.row - 1)
    code = wanted.code
    if len(spot.indentation.expandtabs()) + len(code) > WIDTH:
        code = wrapped(wanted.head, [wanted.item], spot.indentation, newline)
    lines = [""] * spot.above + [spot.indentation + code] + [""] * spot.below
    offset = rows.start(spot.row)
    if rows.is_open(offset):
        content = "".join(newline + line for line in lines)
    else:
        content = "".join(line + newline for line in lines)
    rewrite = Rewrite({}, (Insertion(spot.owner, spot.place, wanted.code),))
    return Placed((Edit(Span(offset, offset), content),), rewrite)


def _imports(body: list[ast.stmt], start: int) -> Iterator[ImportStatement]:
    """Yield the imports that follow each other in a body from an index (0-based) on."""
    for index in range(start, len(body)):
        statement = body[index]
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            return
        yield statement


def _behind_docstring(body: list[ast.stmt]) -> int:
    """Return the index (0-based) of the first statement that is no docstring."""
    first = body[0].value if body and isinstance(body[0], ast.Expr) else None
    return int(isinstance(first, ast.Constant) and isinstance(first.value, str))


def _names_search_path(statement: ast.stmt) -> bool:
    """Tell whether a statement has to do with ``sys.path``, and not later on."""
    return not isinstance(statement, _DEFINITIONS) and any(
        isinstance(node, ast.Attribute)
        and node.attr == "path"
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
        for node in ast.walk(statement)
    )


def _origin(statement: ast.ImportFrom) -> tuple[int, str | None]:
    return statement.level, statement.module


def _is_same(alias: ast.alias, other: ast.alias) -> bool:
    return (alias.name, alias.asname) == (other.name, other.asname)
