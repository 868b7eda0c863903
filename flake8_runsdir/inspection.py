"""One file, from its bytes to its diagnostics, whatever the bytes are.

Nothing that is wrong with a file is raised: it becomes a diagnostic that says that the file was
not checked (RUN901 to RUN904).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Callable, NamedTuple

from flake8_runsdir.annotation import add_ignore, add_noqa
from flake8_runsdir.baseline import Recorded, unrecorded
from flake8_runsdir.codes import UNUSED_SUPPRESSION, is_unchecked
from flake8_runsdir.decoding import Decoded, UndecodableError, decode
from flake8_runsdir.diagnostic import Applicability, Diagnostic, Finding, LineIndex
from flake8_runsdir.linter import Checked, Comments, Linter, failure, stamped
from flake8_runsdir.locator import Locator
from flake8_runsdir.needles import Needles
from flake8_runsdir.notebook import SUFFIX, Notebook, NotebookError
from flake8_runsdir.repair import RepairError, repair
from flake8_runsdir.report import Excerpt, Located
from flake8_runsdir.rule import Rule
from flake8_runsdir.rules import (
    find,
    hardcoded_runs_path,
    too_deep,
    undecodable,
    unfixed,
    unparsable,
    unreadable,
)
from flake8_runsdir.salvage import findings
from flake8_runsdir.settings import Settings

#: Errors of Python's parser that speak of its limits and not of the text.
_LIMITS = ("too many nested parentheses", "too complex", "too many levels of indentation")


class Mended(NamedTuple):
    """What fixes make of a file: what is reported of it then, and its new bytes if it has any.

    ``counts`` says how many diagnostics of each rule were fixed, as (code, name, number).
    """

    found: list[Located]
    data: bytes | None = None
    counts: tuple[tuple[str, str, int], ...] = ()


class Inspector:
    """Checks files under one set of settings; ``noqa`` is whether comments suppress anything."""

    def __init__(self, settings: Settings, needles: Needles, noqa: bool = True) -> None:
        self.settings = settings
        self._noqa = noqa
        self._needles = needles
        self._exemptions = settings.exemptions()
        self._fixability = settings.fixability()
        self._rules = settings.rules()
        self._linters: dict[tuple[str, ...], Linter] = {}

    def inspect(self, path: str, data: bytes, warn: Callable[[str], None]) -> list[Located]:
        """Return the diagnostics of a file, in order.

        ``path`` is absolute, and never opened.  ``warn`` takes sentences about comments that do
        not mean what they seem to.
        """
        try:
            if path.endswith(SUFFIX):
                notebook = Notebook.parse(data)
                locator = Locator(path, notebook.source, notebook)
                return self._check(locator, path, notebook.text, lambda _: None)
            text = decode(data).text
        except NotebookError as error:
            return [of_file(path, unreadable.RULE, str(error))]
        except UndecodableError as error:
            return [of_file(path, undecodable.RULE, str(error))]
        return self._check(Locator(path, text), path, text, warn)

    def mend(
        self,
        path: str,
        data: bytes,
        wanted: Collection[Applicability],
        warn: Callable[[str], None],
        recorded: Recorded | None = None,
    ) -> Mended:
        """Return what fixes of the wanted kinds make of a file; nothing is written.

        What is ``recorded`` is left as it is.
        If the outcome is not certain to be right, nothing is fixed, and RUN905 says why.  See also
        :meth:`inspect`.
        """
        if path.endswith(SUFFIX):
            return Mended(self.inspect(path, data, warn))
        try:
            return self._mended(path, data, wanted, warn, recorded)
        except Exception as error:  # of the parser, of the engine, or of a codec
            found = self.inspect(path, data, warn)
            if any(is_unchecked(one.code) for one in found):
                return Mended(found)
            known = isinstance(error, RepairError)
            reason = str(error) if known else f"an internal error: {type(error).__name__}"
            return Mended([of_file(path, unfixed.RULE, reason), *found])

    def annotate(
        self, path: str, text: str, style: str, reason: str, recorded: Recorded | None = None
    ) -> tuple[str, int]:
        """Return a text with comments for what is not ``recorded``, and on how many lines.

        ``style`` is ``noqa`` or ``ignore``; ``reason`` stands behind the codes.  Raises what
        ``ast.parse`` raises.
        """
        checked = self._linter(self._rules_for(path)).examine(path, text)
        if checked.source is None or checked.suppressions is None:
            return text, 0
        # What a comment is reported for is no business of another comment.
        new = unrecorded(checked.diagnostics, recorded)
        found = (one for one in new if one.code < UNUSED_SUPPRESSION)
        add = add_noqa if style == "noqa" else add_ignore
        return add(checked.source, checked.suppressions, found, reason)

    def _mended(
        self,
        path: str,
        data: bytes,
        wanted: Collection[Applicability],
        warn: Callable[[str], None],
        recorded: Recorded | None,
    ) -> Mended:
        decoded = decode(data)
        text, counts, checked = repair(
            self._linter(self._rules_for(path)),
            path,
            decoded.text,
            lambda found: self._fixability.applicability(found) in wanted,
            recorded,
        )
        new = _encoded(decoded, text) if text != decoded.text else None
        found = self._located(Locator(path, text), path, checked, warn)
        return Mended(found, new, tuple(map(_counted, sorted(counts.items()))))

    def _check(
        self, locator: Locator, path: str, text: str, warn: Callable[[str], None]
    ) -> list[Located]:
        rules = self._rules_for(path)
        try:
            checked = self._linter(rules).examine(path, text)
        except Exception as error:  # the parser's limits have many names
            found = [_why(error, locator.lines, text)]
            if hardcoded_runs_path.RULE in rules:
                found.extend(self._salvaged(text))
            return [locator.locate(one) for one in sorted(found)]
        return self._located(locator, path, checked, warn)

    def _located(
        self, locator: Locator, path: str, checked: Checked, warn: Callable[[str], None]
    ) -> list[Located]:
        noqa = checked.suppressions
        for complaint in noqa.complaints if noqa is not None else ():
            warn(complaint.text(path))
        return [
            locator.locate(found, None if noqa is None else noqa.noqa_row(found.span))
            for found in map(self._fixability.judge, checked.diagnostics)
        ]

    def _salvaged(self, text: str) -> Iterator[Diagnostic]:
        """Yield what can be said of a text all the same that could not be parsed."""
        accessor = self.settings.config.accessor.expression
        for finding in findings(text, self._needles):
            values = {**finding.values, "accessor": accessor}
            found = stamped(hardcoded_runs_path.RULE, Finding(finding.span, values))
            yield replace(found, message=f"{found.message} (unverified)")

    def _rules_for(self, path: str) -> tuple[Rule, ...]:
        """Return the rules that are on in a file."""
        return tuple(
            rule
            for rule in self._rules
            if not any(exemption.covers(rule.code, path) for exemption in self._exemptions)
        )

    def _linter(self, rules: tuple[Rule, ...]) -> Linter:
        """Return the linter of some rules, always the same one."""
        codes = tuple(rule.code for rule in rules)
        if codes not in self._linters:
            comments = Comments.ALL if self._noqa else Comments.NONE
            self._linters[codes] = Linter(
                self.settings.config, rules, self._needles, comments, self.settings.mending
            )
        return self._linters[codes]


def of_file(path: str, rule: Rule, reason: str) -> Located:
    """Return the diagnostic of a file as a whole: that it was not checked, for example."""
    return Locator(path, "").locate(failure(rule, reason))._replace(excerpt=Excerpt(1, ()))


def _encoded(decoded: Decoded, text: str) -> bytes:
    """Return a new text as the old one was encoded.  Raises :class:`RepairError`."""
    if not decoded.faithful:
        raise RepairError(f"{decoded.codec} text cannot be written back unchanged")
    try:
        data = decoded.encode(text)
    except UnicodeError:
        raise RepairError(f"the new text cannot be written in {decoded.codec}") from None
    # A comment that names the encoding counts in the first two lines only.
    if decode(data) != decoded._replace(text=text):
        raise RepairError("the new text would be read in another encoding")
    return data


def _counted(item: tuple[str, int]) -> tuple[str, str, int]:
    """Return a code, the name of its rule, and a number."""
    code, number = item
    rule = find(code)
    return code, rule.name if rule is not None else "", number


def _why(error: Exception, lines: LineIndex, text: str) -> Diagnostic:
    """Return why a text could not be parsed, where its parser says."""
    if isinstance(error, SyntaxError):
        rule = too_deep.RULE if error.msg.startswith(_LIMITS) else unparsable.RULE
        return failure(rule, error.msg, _offset(error, lines, text))
    rule = unparsable.RULE if isinstance(error, ValueError) else too_deep.RULE
    reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return failure(rule, reason)


def _offset(error: SyntaxError, lines: LineIndex, text: str) -> int:
    """Return the offset that a syntax error speaks of."""
    row = min(max(error.lineno or 1, 1), len(lines))
    return min(lines.line_start(row) + max((error.offset or 1) - 1, 0), len(text))
