"""What is to be written instead, also where no fix is to be had but for an import."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Callable

from flake8_runsdir.audit.subject import LEAD
from flake8_runsdir.config import Mending
from flake8_runsdir.diagnostic import Applicability, Edit, Fix, LineIndex, Remedy, Span
from flake8_runsdir.fixes.obstacles import ObstacleError
from flake8_runsdir.fixes.reach import Access, Reach
from flake8_runsdir.fixes.remedies import Remedies
from flake8_runsdir.flow import Role
from flake8_runsdir.flow.module import Module


class Suggestions:
    """Finds the remedies of one module.

    Where the object is not within reach, there may be a fix that is only looked at, besides what
    stands in the way of a real one: its author knows where to import it from.
    """

    def __init__(self, module: Module, mending: Mending) -> None:
        self._fixes = Remedies(module, mending, {})
        self._shown = _Shown(module, mending)

    def of_mention(self, node: ast.Constant, role: Role, marks: int) -> Remedy:
        """Return the remedy of a literal in a role; ``marks`` is what is known of its value."""
        return self._best(lambda remedies: remedies.of_mention(node, role, marks))

    def of_read(self, node: ast.expr) -> Remedy:
        """Return the remedy of a read of the environment."""
        return self._best(lambda remedies: remedies.of_read(node))

    def _best(self, find: Callable[[Remedies], Remedy]) -> Remedy:
        found = find(self._fixes)
        shown = find(self._shown).fix if found.obstacle else None
        if shown is None:
            return found
        return replace(found, fix=replace(shown, applicability=Applicability.DISPLAY))


def fixed_line(lines: LineIndex, text: str, span: Span, fix: Fix) -> str:
    """Return the line of a place as a fix leaves it, or the part of a long one around the fix.

    What is added to other lines, which are imports, is left out.
    """
    here = [edit for edit in fix.edits if _touches(edit, span)]
    first = min([span.start, *(edit.span.start for edit in here)])
    last = max([span.end, *(edit.span.end for edit in here)])
    start = max(lines.line(lines.place(first)[0]).start, first - LEAD)
    end = min(lines.line(lines.place(last)[0]).end, last + LEAD)
    edits = [edit for edit in fix.edits if start <= edit.span.start and edit.span.end <= end]
    fixed = text[start:end]
    for edit in reversed(edits):
        if not _adds_lines(edit):
            fixed = fixed[: edit.span.start - start] + edit.content + fixed[edit.span.end - start :]
    return " ".join(line.strip() for line in fixed.splitlines()).strip()


class _Shown(Remedies):
    """Finds the remedies of one module as if the object could be imported everywhere."""

    def __init__(self, module: Module, mending: Mending) -> None:
        super().__init__(module, mending, {})
        self._reach = _Spelling(module, mending)


class _Spelling(Reach):
    """Answers how the accessor is spelled at a place, if its object has no other name there."""

    def at(self, node: ast.AST) -> Access:
        """Return the accessor as it is configured; raises :class:`ObstacleError`."""
        if self._module.definitions.is_home or not self._is_meant(node, self._accessor.holder):
            raise ObstacleError("the object is not known by its name")
        return Access(self._accessor.expression)

    def _is_meant(self, node: ast.AST, name: str) -> bool:
        """Tell whether a name means the object, or may do so, or means nothing yet."""
        scopes = self._module.scopes
        owner = scopes.owner(node, name)
        if owner is None:
            return True
        if self._accessor.module:
            return self._is_the_object(owner, name)
        is_imported = any(isinstance(one, ast.alias) for one in scopes.bindings(owner, name))
        return is_imported or self._may_be_the_object(node, name)


def _touches(edit: Edit, span: Span) -> bool:
    return edit.span.start <= span.end and span.start <= edit.span.end and not _adds_lines(edit)


def _adds_lines(edit: Edit) -> bool:
    return edit.span.start == edit.span.end and edit.content.endswith(("\n", "\r"))
