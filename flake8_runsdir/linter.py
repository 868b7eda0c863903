"""From one text to its diagnostics: gate, allowlist, analysis, rules, suppressions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from flake8_runsdir.config import Config
from flake8_runsdir.diagnostic import Diagnostic, Finding, Span
from flake8_runsdir.flow.analysis import analyse
from flake8_runsdir.needles import Needles
from flake8_runsdir.options import quoted
from flake8_runsdir.rule import Rule
from flake8_runsdir.rules import RULES
from flake8_runsdir.source import Source
from flake8_runsdir.suppression import Suppressions

#: The code of a file that could not be analysed.
UNANALYSED = "RUN904"


def active(named: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules that are on when the user selects the given prefixes of codes.

    An opt-in rule is on only if a prefix says more than the bare ``RUN``: a user who replaces
    flake8's default ignore list must not be given rules that nobody asked for.
    """
    prefixes = tuple(prefix for prefix in named if len(prefix) > len("RUN"))
    return tuple(rule for rule in RULES if not rule.opt_in or rule.code.startswith(prefixes))


class Linter:
    """Checks texts under one configuration; keeps nothing between them."""

    def __init__(
        self, config: Config, rules: tuple[Rule, ...], needles: Needles | None = None
    ) -> None:
        self._config = config
        self._rules = rules
        self._needles = needles or Needles(config)
        self._comments = any(rule.code == "RUN103" for rule in rules)

    def check(self, path: str, text: str, tree: ast.Module | None = None) -> list[Diagnostic]:
        """Return the diagnostics of a text, in the order of their places.

        ``tree`` is the parsed text, if the caller has it.  Raises what ``ast.parse`` raises if it
        has not; whatever goes wrong afterwards is a diagnostic.
        """
        if not self._needles.may_occur(text) or self._config.allows(path):
            return []
        source = Source(path, text, tree) if tree is not None else Source.parse(path, text)
        try:
            return sorted(self._diagnostics(source))
        except Exception as error:  # whatever it is, the other files must not suffer from it
            message = f"this file could not be checked: {type(error).__name__}"
            return [Diagnostic(Span(0, 0), UNANALYSED, message)]

    def _diagnostics(self, source: Source) -> Iterator[Diagnostic]:
        flow = analyse(source, self._config, self._needles, self._comments)
        suppressions = Suppressions(source)
        for rule in self._rules:
            for finding in rule.check(flow, self._config) if rule.check else ():
                diagnostic = Diagnostic(finding.span, rule.code, _message(rule, finding))
                if not suppressions.cover(diagnostic):
                    yield diagnostic


def _message(rule: Rule, finding: Finding) -> str:
    return rule.message.format_map({key: quoted(value) for key, value in finding.values.items()})
