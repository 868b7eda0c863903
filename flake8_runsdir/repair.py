"""Fixes, applied to one text until none is left: each round is proved before the next begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from flake8_runsdir.diagnostic import Diagnostic, Edit
from flake8_runsdir.fixes.proof import ProofError, Rewrite, prove
from flake8_runsdir.linter import Checked, Linter
from flake8_runsdir.source import Source

#: Rounds that a text is given; fixes that overlap wait for the next one.
_MOST_ROUNDS = 10
_MAY_APPEAR = frozenset({"RUN201", "RUN900"})


class RepairError(Exception):
    """A text cannot be fixed; the message says why."""


class Repaired(NamedTuple):
    """A text after its fixes, how many of each code, and what is left to say of it."""

    text: str
    counts: Counter[str]
    checked: Checked


def repair(linter: Linter, path: str, text: str, accept: Callable[[Diagnostic], bool]) -> Repaired:
    """Apply the fixes of the diagnostics that ``accept`` takes, to a standstill.

    Raises what ``ast.parse`` raises for a text that cannot be parsed, and :class:`RepairError`.
    """
    counts: Counter[str] = Counter()
    checked = linter.examine(path, text)
    for _ in range(_MOST_ROUNDS):
        chosen, edits = _choose(found for found in checked.diagnostics if accept(found))
        if not chosen or checked.source is None:
            break
        text = splice(text, edits)
        after = _proved(checked, path, text, chosen, linter)
        counts.update(found.code for found in chosen)
        checked = after
    return Repaired(text, counts, checked)


def _proved(
    checked: Checked, path: str, text: str, chosen: list[Diagnostic], linter: Linter
) -> Checked:
    assert checked.source is not None
    rewrites = [
        checked.rewrites.get(found.remedy.fix, Rewrite()) for found in chosen if found.remedy.fix
    ]
    try:
        tree = Source.parse(path, text).tree
        prove(checked.source.tree, tree, rewrites)
    except (SyntaxError, ValueError, RecursionError, MemoryError, ProofError) as error:
        raise RepairError(str(error)) from None
    after = linter.examine(path, text, tree)
    before = Counter(found.code for found in checked.diagnostics)
    before.subtract(found.code for found in chosen)
    left = Counter(found.code for found in after.diagnostics)
    if any(left[code] > before[code] for code in left if code not in _MAY_APPEAR):
        raise RepairError("it would have other findings")
    return after


def _choose(found: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[Edit]]:
    applied: set[Edit] = set()
    chosen: list[Diagnostic] = []
    end = -1
    fixable = [(one.remedy.fix, one) for one in found if one.remedy.fix is not None]
    for fix, one in sorted(fixable, key=lambda pair: pair[0].edits[0]):
        edits = [edit for edit in fix.edits if edit not in applied]
        if edits and edits[0].span.start < end:
            continue
        if edits:
            end = edits[-1].span.end
        applied.update(edits)
        chosen.append(one)
    return chosen, sorted(applied)


def splice(text: str, edits: Iterable[Edit]) -> str:
    """Return a text after edits that are in order and do not overlap."""
    pieces, start = [], 0
    for edit in edits:
        pieces += [text[start : edit.span.start], edit.content]
        start = edit.span.end
    return "".join([*pieces, text[start:]])
