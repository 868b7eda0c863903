"""Which rules are on, and which fixes are wanted: selectors from all places, weighed as by Ruff.

A selector is ``ALL``, a code, or the start of one.  Within one place the longer of two selectors
wins, and of two equal ones the one that ignores; a later place changes what an earlier one has
chosen, or starts anew with a ``select`` of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from flake8_runsdir.codes import PREFIX
from flake8_runsdir.config import Pattern
from flake8_runsdir.diagnostic import NO_REMEDY, Applicability, Diagnostic
from flake8_runsdir.options import ConfigError, quoted
from flake8_runsdir.rule import Rule
from flake8_runsdir.rules import ALL, ALWAYS


class Selectors(NamedTuple):
    """The selectors of one place; ``select`` is ``None`` where the place leaves the choice alone.

    ``origin`` is what messages call the place, ``keys`` what ``select`` and ``ignore`` are called.
    """

    origin: str
    select: tuple[str, ...] | None = None
    extend: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    keys: tuple[str, str] = ("select", "ignore")


class Exemption(NamedTuple):
    """Rules that are off in the files that a pattern matches, or in all others."""

    pattern: Pattern
    negated: bool
    selectors: tuple[str, ...]

    def covers(self, code: str, path: str) -> bool:
        """Tell whether a diagnostic with a code is not wanted in a file."""
        if not any(_matches(selector, code) for selector in self.selectors):
            return False
        return self.pattern.matches(path, directories=False) is not self.negated


class Fixability(NamedTuple):
    """Whose fixes are wanted, and which of them are safer, or less safe, than they seem: codes."""

    fixable: frozenset[str]
    safe: frozenset[str]
    unsafe: frozenset[str]

    def applicability(self, diagnostic: Diagnostic) -> Applicability | None:
        """Return how far the fix of a diagnostic can be trusted, if there is one that is wanted."""
        fix = diagnostic.remedy.fix
        if fix is None or diagnostic.code not in self.fixable:
            return None
        if diagnostic.code in self.safe and fix.applicability is Applicability.UNSAFE:
            return Applicability.SAFE
        if diagnostic.code in self.unsafe and fix.applicability is Applicability.SAFE:
            return Applicability.UNSAFE
        return fix.applicability

    def judge(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return a diagnostic with its fix as far as that is wanted and can be trusted."""
        fix, applicability = diagnostic.remedy.fix, self.applicability(diagnostic)
        if fix is None or applicability is fix.applicability:
            return diagnostic
        if applicability is None:
            return replace(diagnostic, remedy=NO_REMEDY)
        remedy = replace(diagnostic.remedy, fix=replace(fix, applicability=applicability))
        return replace(diagnostic, remedy=remedy)


def active_rules(places: Iterable[Selectors]) -> tuple[Rule, ...]:
    """Return the rules that are on, the least important place first.

    Opt-in rules are on only if a selector is longer than the bare ``RUN``, or ``ALL``.  Raises
    :class:`~flake8_runsdir.options.ConfigError` for a selector that selects nothing.
    """
    chosen = {rule.code for rule in ALL if not rule.opt_in}
    for place in places:
        _check(place)
        chosen = _changed(chosen, place, is_careful=True)
    return tuple(rule for rule in ALL if rule.code in chosen or rule in ALWAYS)


def fixability(places: Iterable[Selectors], safety: Iterable[Selectors]) -> Fixability:
    """Return which fixes are wanted, the least important place first.

    In ``places`` rules are fixable or unfixable; in ``safety`` the first selectors are those of
    rules whose fixes are safe, the last those of rules whose fixes are not.  Raises as
    :func:`active_rules` does.
    """
    fixable = {rule.code for rule in ALL}
    for place in places:
        _check(place)
        fixable = _changed(fixable, place)
    safe: list[str] = []
    unsafe: list[str] = []
    for place in safety:
        _check(place)
        safe.extend(place.extend)
        unsafe.extend(place.ignore)
    safety_of = dict(_updates(Selectors("", extend=tuple(safe), ignore=tuple(unsafe))))
    return Fixability(
        frozenset(fixable),
        frozenset(code for code, is_safe in safety_of.items() if is_safe),
        frozenset(code for code, is_safe in safety_of.items() if not is_safe),
    )


def check_selectors(origin: str, key: str, selectors: Iterable[str]) -> None:
    """Raise :class:`~flake8_runsdir.options.ConfigError` for a selector that selects nothing.

    The message names the place and the key that it stands under.
    """
    for selector in selectors:
        if not any(_matches(selector, rule.code) for rule in ALL):
            where = f"{quoted(origin)}: `{key}`"
            raise ConfigError(f"{where}: unknown rule selector `{quoted(selector)}`")


def _check(place: Selectors) -> None:
    select, ignore = place.keys
    check_selectors(place.origin, select, place.select or ())
    check_selectors(place.origin, f"extend-{select}", place.extend)
    check_selectors(place.origin, ignore, place.ignore)


def _changed(chosen: set[str], place: Selectors, is_careful: bool = False) -> set[str]:
    """Return the codes that are chosen behind a place; for ``is_careful`` see :func:`_updates`."""
    updates = dict(_updates(place, is_careful))
    start = chosen if place.select is None else set()
    wanted = {code for code, choice in updates.items() if choice}
    return (start | wanted) - (updates.keys() - wanted)


def _updates(place: Selectors, is_careful: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield what the selectors of a place say of codes, the most specific last.

    If that is to be ``is_careful``, opt-in rules must be meant to be chosen.
    """
    wanted = [(selector, True) for selector in (*(place.select or ()), *place.extend)]
    unwanted = [(selector, False) for selector in place.ignore]
    for selector, choice in sorted(wanted + unwanted, key=lambda pair: _weight(*pair)):
        for rule in ALL:
            if is_careful and choice and rule.opt_in and not _is_specific(selector):
                continue
            if _matches(selector, rule.code):
                yield rule.code, choice


def _is_specific(selector: str) -> bool:
    """Tell whether opt-in rules are asked for: no start of ``RUN`` does that."""
    return selector == "ALL" or len(selector) > len(PREFIX)


def _weight(selector: str, choice: bool) -> tuple[int, bool]:
    return 0 if selector == "ALL" else len(selector), not choice


def _matches(selector: str, code: str) -> bool:
    return selector == "ALL" or code.startswith(selector)
