"""Fixes, applied to one text until none is left: each round is proved before the next begins."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from flake8_runsdir.baseline import Recorded, unrecorded
from flake8_runsdir.codes import UNUSED_SUPPRESSION
from flake8_runsdir.diagnostic import Diagnostic, Edit, Fix, Span
from flake8_runsdir.fixes.proof import ProofError, Rewrite, prove
from flake8_runsdir.linter import Checked, Linter
from flake8_runsdir.rules import frozen_runs_dir, hardcoded_runs_path, unscoped_shared_file
from flake8_runsdir.source import Source

#: Rounds that a text is given; fixes that overlap wait for the next one.
_MOST_ROUNDS = 10
#: What may be reported anew, or no more: an accessor that is evaluated early, a comment that is of
#: no use now, and a shared file, of which more or less is known once its path is written otherwise.
_MAY_CHANGE = frozenset(
    {frozen_runs_dir.RULE.code, unscoped_shared_file.RULE.code, UNUSED_SUPPRESSION}
)
#: In the place of a distance from an edit.
_INSIDE = -1


class RepairError(Exception):
    """A text cannot be fixed; the message says why, as the end of a sentence."""


class Repaired(NamedTuple):
    """A text after its fixes, how many of each code, and what is left to say of it."""

    text: str
    counts: Counter[str]
    checked: Checked


class _Round(NamedTuple):
    """Diagnostics whose fixes are applied together, and all edits, in the order of the text."""

    diagnostics: list[Diagnostic]
    edits: list[Edit]


def repair(
    linter: Linter,
    path: str,
    text: str,
    accept: Callable[[Diagnostic], bool],
    recorded: Recorded | None = None,
) -> Repaired:
    """Apply the fixes of the diagnostics that ``accept`` takes, to a standstill.

    What is ``recorded`` stays as it is.  Raises what ``ast.parse`` raises for a text that cannot be
    parsed, and :class:`RepairError` if it is not certain that all is as it was but for the fixes.
    """
    counts: Counter[str] = Counter()
    checked = linter.examine(path, text)
    rounds = 0
    while accepted := [
        found
        for found in unrecorded(checked.diagnostics, recorded)
        if found.remedy.fix and accept(found)
    ]:
        if rounds == _MOST_ROUNDS:
            raise RepairError(f"its fixes come to no end in {_MOST_ROUNDS} rounds")
        rounds += 1
        chosen = _chosen(accepted, checked.rewrites, is_eager=True)
        try:
            text, checked = _applied(linter, checked, chosen)
        except RepairError:
            # Edits may look the same and be needed twice, such as parentheses at one place.
            eager, chosen = chosen, _chosen(accepted, checked.rewrites, is_eager=False)
            if eager == chosen:
                raise
            text, checked = _applied(linter, checked, chosen)
        counts.update(found.code for found in chosen.diagnostics)
    return Repaired(text, counts, checked)


def splice(text: str, edits: Iterable[Edit]) -> str:
    """Return a text after edits that are in order and do not overlap."""
    pieces, start = [], 0
    for edit in edits:
        pieces += [text[start : edit.span.start], edit.content]
        start = edit.span.end
    return "".join([*pieces, text[start:]])


def _chosen(
    accepted: Iterable[Diagnostic], rewrites: Mapping[Fix, Rewrite], *, is_eager: bool
) -> _Round:
    """Return the fixes that are applied together: in order, each that begins behind the last one.

    What is done already need not be done again: the whole of a fix, or, where that is hoped to go
    well, a part of it, such as an import that several fixes need.  Then a fix may also begin where
    the last one ends.  Of fixes that make different things of one node, the first is taken.
    """
    chosen, applied, taken = _Round([], []), set[Edit](), set[Fix]()
    replaced: dict[ast.AST, ast.AST] = {}
    fixable = [(found.remedy.fix, found) for found in accepted if found.remedy.fix is not None]
    end = -1
    for fix, found in sorted(fixable, key=lambda pair: pair[0].edits):
        done = applied if is_eager or fix in taken else ()
        edits = [edit for edit in fix.edits if edit not in done]
        if edits:
            first = edits[0].span
            # Of insertions at one place, nobody knows the order.
            if first.start < end or (first.start == end and not (is_eager and first.end > end)):
                continue
            nodes = rewrites[fix].replaced if fix in rewrites else {}
            if any(replaced.get(node, new) is not new for node, new in nodes.items()):
                continue
            replaced.update(nodes)
            end = edits[-1].span.end
        chosen.diagnostics.append(found)
        chosen.edits.extend(edits)
        applied.update(edits)
        taken.add(fix)
    return chosen


def _applied(linter: Linter, checked: Checked, chosen: _Round) -> tuple[str, Checked]:
    """Return a text after some fixes, and what is found in it.  Raises :class:`RepairError`."""
    source = checked.source
    if source is None:
        raise RepairError("there is nothing to fix")
    text = splice(source.text, chosen.edits)
    fixes = {found.remedy.fix for found in chosen.diagnostics}
    rewrites = [checked.rewrites.get(fix, Rewrite()) for fix in fixes if fix is not None]
    try:
        tree = Source.parse(source.path, text).tree
        prove(source.tree, tree, rewrites)
    except ProofError as error:
        raise RepairError(str(error)) from None
    except Exception as error:  # the parser's limits have many names
        raise RepairError(f"the new text cannot be parsed: {error}") from None
    after = linter.examine(source.path, text, tree)
    _compare(checked.diagnostics, after.diagnostics, chosen)
    return text, after


def _compare(old: Iterable[Diagnostic], new: Iterable[Diagnostic], chosen: _Round) -> None:
    """Check that the diagnostics are the old ones but for those that were fixed.

    Raises :class:`RepairError` if they are not.
    """
    was, now = _stretches(chosen.edits)
    before, after = _places(old, was), _places(new, now)
    before.subtract(_places(chosen.diagnostics, was))
    for place in {**before, **after}:
        code, _, distance = place
        difference = after[place] - before[place]
        # A literal without a fix of its own may be part of what is replaced.
        is_gone = code == hardcoded_runs_path.RULE.code and distance == _INSIDE and difference < 0
        if difference and code not in _MAY_CHANGE and not is_gone:
            raise RepairError(f"{code} would be reported {'anew' if difference > 0 else 'no more'}")


def _stretches(edits: Iterable[Edit]) -> tuple[list[Span], list[Span]]:
    """Return what is edited, and what becomes of it; stretches that touch are one."""
    was: list[Span] = []
    now: list[Span] = []
    shift = 0
    for edit in edits:
        start, end = edit.span.start, edit.span.end
        before, shift = shift, shift + len(edit.content) - (end - start)
        if was and was[-1].end == start:
            was[-1], now[-1] = Span(was[-1].start, end), Span(now[-1].start, end + shift)
        else:
            was.append(Span(start, end))
            now.append(Span(start + before, end + shift))
    return was, now


def _places(found: Iterable[Diagnostic], edited: list[Span]) -> Counter[tuple[str, int, int]]:
    """Return codes and places, as they are before edits and after them.

    A place is how far behind which of the stretches it is; those inside of them are one place.
    """
    ends = [span.end for span in edited]
    places: Counter[tuple[str, int, int]] = Counter()
    for one in found:
        start = one.span.start
        number = bisect_left(ends, start)
        is_inside = number < len(edited) and edited[number].start <= start
        distance = start - ends[number - 1] if number else start
        places[(one.code, 0, _INSIDE) if is_inside else (one.code, number, distance)] += 1
    return places
