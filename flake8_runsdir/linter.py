"""From one text to its diagnostics: gate, allowlist, analysis, rules, suppressions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from flake8_runsdir.codes import PREFIX
from flake8_runsdir.config import Config, Mending
from flake8_runsdir.diagnostic import Diagnostic, Finding, Fix, Span
from flake8_runsdir.fingerprint import fingerprints
from flake8_runsdir.flow import Flow
from flake8_runsdir.flow.analysis import facts
from flake8_runsdir.flow.module import Module
from flake8_runsdir.needles import Needles
from flake8_runsdir.options import quoted
from flake8_runsdir.rule import Rule
from flake8_runsdir.rules import ALL, RULES, runs_dir_in_text, too_deep, unused_run_suppression
from flake8_runsdir.source import Source
from flake8_runsdir.suppression import Suppressions

if TYPE_CHECKING:
    from flake8_runsdir.fixes.proof import Rewrite

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
    """What a check found: the diagnostics in order, and the source unless the gate stopped it.

    ``rewrites`` says what fixes do to the tree; one that is not in it leaves the tree as it is.
    """

    diagnostics: tuple[Diagnostic, ...] = ()
    source: Source | None = None
    suppressions: Suppressions | None = None
    rewrites: Mapping[Fix, Rewrite] = MappingProxyType({})


class Linter:
    """Checks texts under one configuration; keeps nothing between them.

    Diagnostics have remedies if ``mending`` says how these are to look.
    """

    def __init__(
        self,
        config: Config,
        rules: tuple[Rule, ...],
        needles: Needles | None = None,
        comments: Comments = Comments.RUFF,
        mending: Mending | None = None,
    ) -> None:
        self._config = config
        self._rules = tuple(rule for rule in rules if rule.check is not None)
        self._codes = frozenset(rule.code for rule in rules)
        self._needles = needles or Needles(config)
        self._comments = comments
        self._mending = mending

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
            rewrites: dict[Fix, Rewrite] = {}
            found = sorted(self._diagnostics(source, suppressions, rewrites))
            return Checked(_named(source, found), source, suppressions, rewrites)
        except Exception as error:  # whatever it is, the other files must not suffer from it
            return Checked((failure(too_deep.RULE, type(error).__name__),), source)

    def _is_interesting(self, text: str) -> bool:
        unused = unused_run_suppression.RULE.code in self._codes and PREFIX in text
        return unused or self._needles.may_occur(text)

    def _diagnostics(
        self, source: Source, suppressions: Suppressions, rewrites: dict[Fix, Rewrite]
    ) -> Iterator[Diagnostic]:
        rules = RULES if self._judges_comments else self._rules
        flow = self._flow(source, runs_dir_in_text.RULE in rules, rewrites)
        for rule in rules:
            for finding in rule.check(flow, self._config) if rule.check else ():
                diagnostic = stamped(rule, finding)
                is_covered = self._comments is not Comments.NONE and suppressions.cover(diagnostic)
                if rule in self._rules and not is_covered:
                    yield diagnostic
        if self._judges_comments:
            for (code, span), remedy in suppressions.unused(_KNOWN, _KNOWN):
                finding = Finding(span, {"code": code}, remedy)
                yield stamped(unused_run_suppression.RULE, finding)

    def _flow(self, source: Source, comments: bool, rewrites: dict[Fix, Rewrite]) -> Flow:
        """Return the facts about a source; what their remedies do goes to ``rewrites``."""
        module = Module(source, self._config, self._needles)
        if self._mending is None:
            return facts(module, comments)
        from flake8_runsdir.fixes.remedies import Remedies

        return facts(module, comments, Remedies(module, self._mending, rewrites))

    @property
    def _judges_comments(self) -> bool:
        """Whether unused suppressions are reported: then rules that are off are asked as well."""
        return self._comments is Comments.ALL and unused_run_suppression.RULE.code in self._codes


def stamped(rule: Rule, finding: Finding) -> Diagnostic:
    """Return the diagnostic of a rule's finding: its code, and its message filled in."""
    values = {key: quoted(value) for key, value in finding.values.items()}
    message = rule.message.format_map(values)
    return Diagnostic(finding.span, rule.code, message, finding.remedy)


def _named(source: Source, found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return diagnostics with their fingerprints."""
    names = fingerprints(source, (one.span for one in found)) if found else {}
    return tuple(replace(one, fingerprint=names[one.span]) for one in found)


def failure(rule: Rule, reason: str, offset: int = 0) -> Diagnostic:
    """Return the diagnostic of a text that could not be checked: why, and where that shows."""
    return stamped(rule, Finding(Span(offset, offset), {"reason": reason}))
