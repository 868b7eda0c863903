"""From one text to its diagnostics: gate, allowlist, analysis, rules, suppressions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from flake8_runsdir.codes import PREFIX
from flake8_runsdir.config import Config
from flake8_runsdir.diagnostic import Diagnostic, Finding, Span
from flake8_runsdir.flow.analysis import analyse
from flake8_runsdir.needles import Needles
from flake8_runsdir.options import quoted
from flake8_runsdir.rule import Rule
from flake8_runsdir.rules import ALL, RULES, runs_dir_in_text, too_deep, unused_run_suppression
from flake8_runsdir.source import Source
from flake8_runsdir.suppression import Suppressions

_KNOWN = frozenset(rule.code for rule in ALL)


def active(named: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules that are on when the user selects the given prefixes of codes.

    An opt-in rule is on only if a prefix says more than the bare ``RUN``: a user who replaces
    flake8's default ignore list must not be given rules that nobody asked for.
    """
    prefixes = tuple(prefix for prefix in named if len(prefix) > len(PREFIX))
    return tuple(rule for rule in RULES if not rule.opt_in or rule.code.startswith(prefixes))


class Comments(Enum):
    """Which comments suppress diagnostics."""

    RUFF = "ruff"  # Ruff's own notation; the rest is flake8's business
    ALL = "all"
    NONE = "none"


class Checked(NamedTuple):
    """What a check found: the diagnostics in order, and the source unless the gate stopped it."""

    diagnostics: tuple[Diagnostic, ...] = ()
    source: Source | None = None
    suppressions: Suppressions | None = None


class Linter:
    """Checks texts under one configuration; keeps nothing between them."""

    def __init__(
        self,
        config: Config,
        rules: tuple[Rule, ...],
        needles: Needles | None = None,
        comments: Comments = Comments.RUFF,
    ) -> None:
        self._config = config
        self._rules = tuple(rule for rule in rules if rule.check is not None)
        self._codes = frozenset(rule.code for rule in rules)
        self._needles = needles or Needles(config)
        self._comments = comments

    def check(self, path: str, text: str, tree: ast.Module | None = None) -> list[Diagnostic]:
        """Return the diagnostics of a text, in the order of their places.

        ``tree`` is the parsed text, if the caller has it.  Raises what ``ast.parse`` raises if it
        has not; whatever goes wrong afterwards is a diagnostic.
        """
        return list(self.examine(path, text, tree).diagnostics)

    def examine(self, path: str, text: str, tree: ast.Module | None = None) -> Checked:
        """Return what a check of a text found; see :meth:`check`."""
        if not self._is_interesting(text) or self._config.allows(path):
            return Checked()
        source = Source(path, text, tree) if tree is not None else Source.parse(path, text)
        try:
            suppressions = Suppressions(source, noqa=self._comments is Comments.ALL)
            found = sorted(self._diagnostics(source, suppressions))
            return Checked(tuple(found), source, suppressions)
        except Exception as error:  # whatever it is, the other files must not suffer from it
            return Checked((failure(too_deep.RULE, type(error).__name__),), source)

    def _is_interesting(self, text: str) -> bool:
        unused = unused_run_suppression.RULE.code in self._codes and PREFIX in text
        return unused or self._needles.may_occur(text)

    def _diagnostics(self, source: Source, suppressions: Suppressions) -> Iterator[Diagnostic]:
        rules = RULES if self._judges_comments else self._rules
        flow = analyse(source, self._config, self._needles, runs_dir_in_text.RULE in rules)
        for rule in rules:
            for finding in rule.check(flow, self._config) if rule.check else ():
                diagnostic = stamped(rule, finding)
                is_covered = self._comments is not Comments.NONE and suppressions.cover(diagnostic)
                if rule in self._rules and not is_covered:
                    yield diagnostic
        if self._judges_comments:
            for span, code in suppressions.unused(_KNOWN, _KNOWN):
                yield stamped(unused_run_suppression.RULE, Finding(span, {"code": code}))

    @property
    def _judges_comments(self) -> bool:
        """Whether unused suppressions are reported: then rules that are off are asked as well."""
        return self._comments is Comments.ALL and unused_run_suppression.RULE.code in self._codes


def stamped(rule: Rule, finding: Finding) -> Diagnostic:
    """Return the diagnostic of a rule's finding: its code, and its message filled in."""
    values = {key: quoted(value) for key, value in finding.values.items()}
    message = rule.message.format_map(values)
    return Diagnostic(finding.span, rule.code, message, finding.remedy)


def failure(rule: Rule, reason: str, offset: int = 0) -> Diagnostic:
    """Return the diagnostic of a text that could not be checked: why, and where that shows."""
    return stamped(rule, Finding(Span(offset, offset), {"reason": reason}))
