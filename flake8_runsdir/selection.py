"""Which rules are on: the selectors of the configuration and the command line, weighed as by Ruff.

A selector is ``ALL``, a code, or the start of one.  Within one place the longer of two selectors
wins, and of two equal ones the one that ignores; a later place changes what an earlier one has
chosen, or starts anew with a ``select`` of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flake8_runsdir.codes import PREFIX
from flake8_runsdir.config import Pattern
from flake8_runsdir.options import ConfigError, quoted
from flake8_runsdir.rule import Rule
from flake8_runsdir.rules import ALL, UNCHECKED


class Selectors(NamedTuple):
    """The selectors of one place; ``select`` is ``None`` where the place leaves the choice alone.

    ``origin`` is what messages call the place.
    """

    origin: str
    select: tuple[str, ...] | None = None
    extend: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


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


def active_rules(places: Iterable[Selectors]) -> tuple[Rule, ...]:
    """Return the rules that are on, the least important place first.

    Opt-in rules are on only if a selector is longer than the bare ``RUN``, or ``ALL``.  Raises
    :class:`~flake8_runsdir.options.ConfigError` for a selector that selects nothing.
    """
    chosen = {rule.code for rule in ALL if not rule.opt_in}
    for place in places:
        _check(place)
        updates = dict(_updates(place))
        if place.select is not None:
            chosen = set()
        chosen |= {code for code, wanted in updates.items() if wanted}
        chosen -= {code for code, wanted in updates.items() if not wanted}
    return tuple(rule for rule in ALL if rule.code in chosen or rule in UNCHECKED)


def check_selectors(origin: str, key: str, selectors: Iterable[str]) -> None:
    """Raise :class:`~flake8_runsdir.options.ConfigError` for a selector that selects nothing.

    The message names the place and the key that it stands under.
    """
    for selector in selectors:
        if not any(_matches(selector, rule.code) for rule in ALL):
            where = f"{quoted(origin)}: `{key}`"
            raise ConfigError(f"{where}: unknown rule selector `{quoted(selector)}`")


def _check(place: Selectors) -> None:
    check_selectors(place.origin, "select", place.select or ())
    check_selectors(place.origin, "extend-select", place.extend)
    check_selectors(place.origin, "ignore", place.ignore)


def _updates(place: Selectors) -> Iterator[tuple[str, bool]]:
    """Yield what the selectors of a place say of codes, the most specific last."""
    wanted = [(selector, True) for selector in (*(place.select or ()), *place.extend)]
    unwanted = [(selector, False) for selector in place.ignore]
    for selector, choice in sorted(wanted + unwanted, key=lambda pair: _weight(*pair)):
        for rule in ALL:
            if choice and rule.opt_in and not _is_specific(selector):
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
