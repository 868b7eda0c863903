"""One file, from its bytes to its diagnostics, whatever the bytes are.

Nothing that is wrong with a file is raised: it becomes a diagnostic that says that the file was
not checked (RUN901 to RUN904).
"""

from __future__ import annotations

from flake8_runsdir.annotation import add_ignore, add_noqa
from flake8_runsdir.decoding import UndecodableError, decode
from flake8_runsdir.diagnostic import Diagnostic, Finding, LineIndex, Span
from flake8_runsdir.linter import Comments, Linter, stamped
from flake8_runsdir.needles import Needles
from flake8_runsdir.notebook import Notebook, NotebookError
from flake8_runsdir.placing import Placing
from flake8_runsdir.report import Excerpt, Located
from flake8_runsdir.rule import Rule
from flake8_runsdir.rules import hardcoded_runs_path, too_deep, undecodable, unparsable, unreadable
from flake8_runsdir.salvage import findings
from flake8_runsdir.settings import Settings

_NOTEBOOK = ".ipynb"
#: Errors of Python's parser that speak of its limits and not of the text.
_LIMITS = ("too many nested parentheses", "too complex", "too many levels of indentation")


class Inspector:
    """Checks files under one set of settings; ``noqa`` is whether comments suppress anything."""

    def __init__(self, settings: Settings, needles: Needles, noqa: bool = True) -> None:
        self.settings = settings
        self._noqa = noqa
        self._needles = needles
        self._exemptions = settings.exemptions()
        self._rules = settings.rules()
        self._linters: dict[frozenset[str], Linter] = {}

    def inspect(self, path: str, data: bytes) -> list[Located]:
        """Return the diagnostics of a file, in order.  ``path`` is absolute, and never opened."""
        try:
            if path.endswith(_NOTEBOOK):
                notebook = Notebook.parse(data)
                return self._check(Placing(path, notebook.source, notebook), path, notebook.text)
            text = decode(data).text
        except NotebookError as error:
            return [unchecked(path, unreadable.RULE, error.reason)]
        except UndecodableError as error:
            return [unchecked(path, undecodable.RULE, error.reason)]
        return self._check(Placing(path, text), path, text)

    def annotate(self, path: str, text: str, style: str, reason: str) -> tuple[str, int]:
        """Return a text with comments for what is reported in it, and on how many lines.

        ``style`` is ``noqa`` or ``ignore``; ``reason`` stands behind the codes.  Raises what
        ``ast.parse`` raises.
        """
        checked = self._linter(path).examine(path, text)
        if checked.source is None or checked.suppressions is None:
            return text, 0
        add = add_noqa if style == "noqa" else add_ignore
        return add(checked.source, checked.suppressions, checked.diagnostics, reason)

    def _check(self, placing: Placing, path: str, text: str) -> list[Located]:
        linter = self._linter(path)
        try:
            checked = linter.examine(path, text)
        except SyntaxError as error:
            rule = too_deep.RULE if error.msg.startswith(_LIMITS) else unparsable.RULE
            place = _place(error, placing.lines, text)
            found = stamped(rule, Finding(Span(place, place), {"reason": error.msg}))
            return self._salvaged(found, placing, text)
        except Exception as error:  # the parser's limits have many names
            reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            rule = unparsable.RULE if isinstance(error, ValueError) else too_deep.RULE
            found = stamped(rule, Finding(Span(0, 0), {"reason": reason}))
            return self._salvaged(found, placing, text)
        noqa = checked.suppressions
        noqa_row = None if noqa is None else (lambda found: noqa.noqa_row(found.span))
        return [placing.locate(found, noqa_row) for found in checked.diagnostics]

    def _salvaged(self, reason: Diagnostic, placing: Placing, text: str) -> list[Located]:
        """Return why a text could not be parsed, and what can be said of it all the same."""
        rule = hardcoded_runs_path.RULE
        found = [reason]
        if rule in self._rules:
            accessor = self.settings.config.accessor.expression
            for finding in findings(text, self._needles):
                values = {**finding.values, "accessor": accessor}
                diagnostic = stamped(rule, Finding(finding.span, values))
                message = f"{diagnostic.message} (unverified)"
                found.append(Diagnostic(diagnostic.span, diagnostic.code, message))
        return [placing.locate(diagnostic) for diagnostic in sorted(found)]

    def _linter(self, path: str) -> Linter:
        """Return the linter of a file: some rules may be off in it."""
        off = frozenset(
            rule.code
            for rule in self._rules
            if any(exemption.covers(rule.code, path) for exemption in self._exemptions)
        )
        if off not in self._linters:
            kept = tuple(rule for rule in self._rules if rule.code not in off)
            comments = Comments.ALL if self._noqa else Comments.NONE
            self._linters[off] = Linter(self.settings.config, kept, self._needles, comments)
        return self._linters[off]


def unchecked(path: str, rule: Rule, reason: str) -> Located:
    """Return the diagnostic of a file that was not checked at all."""
    found = stamped(rule, Finding(Span(0, 0), {"reason": reason}))
    return Placing(path, "").locate(found)._replace(excerpt=Excerpt(1, ()))


def _place(error: SyntaxError, lines: LineIndex, text: str) -> int:
    """Return the offset that a syntax error speaks of."""
    row = min(max(error.lineno or 1, 1), len(lines))
    return min(lines.line_start(row) + max((error.offset or 1) - 1, 0), len(text))
