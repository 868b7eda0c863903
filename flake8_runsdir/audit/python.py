"""The places of one Python text: mentions, reads of the environment, uses of the accessor.

Every mention that stands in the text is one place, whatever the analysis makes of it: the text is
searched first, and what the analysis knows of the literal or comment around a mention tells its
status.  A mention that a literal hides behind escapes or in pieces is a place as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, TypeVar

from flake8_runsdir.audit import claims
from flake8_runsdir.audit.claims import Claim
from flake8_runsdir.audit.inventory import MUST_FIX, Place, Status
from flake8_runsdir.audit.subject import WIDTH, Subject, shown
from flake8_runsdir.audit.suggestions import Suggestions, fixed_line
from flake8_runsdir.diagnostic import Applicability, Diagnostic, LineIndex, Span
from flake8_runsdir.directives import Directive, read_file_noqa, read_pragmas
from flake8_runsdir.fingerprint import fingerprints
from flake8_runsdir.flow import Mention, Role
from flake8_runsdir.flow.accesses import accesses
from flake8_runsdir.flow.analysis import facts
from flake8_runsdir.flow.module import Module
from flake8_runsdir.rules import RULES
from flake8_runsdir.salvage import findings
from flake8_runsdir.source import Source
from flake8_runsdir.suppression import Suppressions

LANGUAGE = "Python"
_NAMES = {rule.code: rule.name for rule in RULES}

_Owner = TypeVar("_Owner")


class _Draft(NamedTuple):
    """A place in the making; the first of its claims is the weightiest."""

    span: Span
    kind: str
    role: str
    claims: tuple[Claim, ...]


def places(subject: Subject, text: str, original: str = "") -> list[Place]:
    """Return the places of a text, in order; if it cannot be analysed, those that it shows.

    What stands around a place is the beginning of its fingerprint, where Python can read it.
    Sources are quoted from ``original``, which has the same lines and columns, if it is given.
    """
    if not subject.needles.may_occur(text):
        return []
    try:
        return list(_Survey(subject, text, original or text).places())
    except Exception:  # the parser's limits have many names, and others in every Python
        return unverified(subject, text, "Python cannot read this file", original)


def unverified(subject: Subject, text: str, why: str, original: str = "") -> list[Place]:
    """Return the mentions in a text that could not be analysed, in order, going by their looks."""
    literals = [(found.span, found.span) for found in findings(text, subject.needles)]
    mentions = _mentions(subject, text)
    owners = _innermost(literals, mentions)
    drafts = [
        _Draft(span, "mention", "", (claims.of_looks(owner is not None, why),))
        for span, owner in zip(mentions, owners)
    ]
    known = set(owners)
    drafts += [
        _Draft(span, "mention", "", (claims.of_looks(True, why),))
        for span, _ in literals
        if span not in known
    ]
    lines = LineIndex(text)
    return [
        _place(subject, lines, original or text, draft, draft.claims[0])
        for draft in sorted(drafts, key=lambda draft: draft.span)
    ]


class _Survey:
    """One text, analysed, and what is said of the places in it."""

    def __init__(self, subject: Subject, text: str, original: str) -> None:
        settings = subject.settings
        self._subject = subject
        self._original = original
        self._source = Source.parse(subject.path, text)
        self._module = Module(self._source, settings.config, subject.needles)
        self._flow = facts(self._module, True, Suggestions(self._module, settings.mending))
        self._suppressions = Suppressions(self._source, noqa=True)
        self._fixability = settings.fixability()
        self._file_wide = list(_file_wide(self._source))

    def places(self) -> Iterator[Place]:
        """Yield the places in the order of the text."""
        drafts = sorted(self._with_shared_files(self._drafts()), key=lambda draft: draft.span)
        spans = [draft.span for draft in drafts]
        contexts = _innermost(_functions(self._source), spans)
        contents = fingerprints(self._source, spans)
        for draft, context in zip(drafts, contexts):
            claim = self._decided(draft)
            place = _place(self._subject, self._source.lines, self._original, draft, claim)
            instead, applicability = self._remedied(claim)
            yield place._replace(
                reason=self._reason(claim),
                context=context or "",
                instead=instead,
                applicability=applicability,
                fingerprint=contents[draft.span],
            )

    def _drafts(self) -> list[_Draft]:
        drafts = [*self._of_mentions(), *self._of_accesses()]
        mentions = sorted(draft.span for draft in drafts if draft.role == Role.ENVIRONMENT.value)
        reads = [(read.span, read) for read in self._flow.environment_reads]
        told = set(filter(None, _innermost(reads, mentions)))
        for span, read in reads:
            if read not in told:
                drafts.append(_Draft(span, "read", "environment", (claims.of_read(read),)))
        return sorted(drafts, key=lambda draft: draft.span)

    def _of_mentions(self) -> Iterator[_Draft]:
        """Yield every mention that the text shows, and those that literals hide."""
        # Of several that stand at one place, the weightiest comes last.
        ordered = sorted(self._flow.mentions, key=claims.weight, reverse=True)
        known = {self._literal(mention): mention for mention in ordered}
        reads = [(read.span, read) for read in self._flow.environment_reads]
        spans = _mentions(self._subject, self._source.text)
        owners = _innermost(((literal, literal) for literal in known), spans)
        for span, literal, read in zip(spans, owners, _innermost(reads, spans)):
            if literal is None:
                yield _Draft(span, "mention", "", (claims.OTHER_NAME,))
                continue
            mention = known[literal]
            claim = claims.of_mention(mention)
            if mention.role is Role.ENVIRONMENT and read is not None:
                claim = claim._replace(span=read.span, remedy=read.remedy)
            elif literal == span:
                claim = claim._replace(reason="a comment")
            yield _Draft(span, "mention", mention.role.value, (claim,))
        for span in known.keys() - owners:
            hidden = known[span]
            yield _Draft(span, "mention", hidden.role.value, (claims.of_mention(hidden),))

    def _literal(self, mention: Mention) -> Span:
        """Return where the literal of a mention stands, or where a comment has it."""
        return self._templates.get(mention.span, mention.span)

    @cached_property
    def _templates(self) -> dict[Span, Span]:
        """Where f-strings stand, by where their parts do: before Python 3.12 that is the same."""
        module = self._module
        pairs = ((node, module.parent(node)) for node in module.index.mentions)
        return {
            module.span(node): module.span(parent)
            for node, parent in pairs
            if isinstance(parent, ast.JoinedStr)
        }

    def _of_accesses(self) -> Iterator[_Draft]:
        """Yield the uses of the accessor outside of its definition."""
        module = self._module
        expression = module.config.accessor.expression
        frozen = {access.span for access in self._flow.frozen_accesses}
        for node in dict.fromkeys(accesses(module)):
            name = node.func if isinstance(node, ast.Call) else node
            is_another = "." in expression and isinstance(name, ast.Name)
            is_bare = is_another and getattr(name, "id", "") == module.needles.accessor
            if is_bare or module.definitions.cover(node):
                continue
            span = module.span(node)
            claim = claims.FROZEN_ACCESS if span in frozen else claims.ACCESS
            yield _Draft(span, "accessor", "accessor", (claim,))

    def _with_shared_files(self, drafts: list[_Draft]) -> Iterator[_Draft]:
        """Yield drafts, with what is said of files that all runs share and that they lead to."""
        files = [(file.span, file) for file in self._flow.shared_files]
        told = set()
        for draft, file in zip(drafts, _innermost(files, [draft.span for draft in drafts])):
            if file is not None and draft.role in ("path", "environment", "accessor"):
                told.add(file)
                draft = draft._replace(
                    claims=claims.weighed(*draft.claims, claims.of_shared_file(file))
                )
            yield draft
        for span, file in files:
            if file not in told:
                yield _Draft(span, "file", "path", (claims.of_shared_file(file),))

    def _decided(self, draft: _Draft) -> Claim:
        """Return the weightiest claim that no comment suppresses, or that one does."""
        suppressed = []
        for number, claim in enumerate(draft.claims):
            comment = self._suppressing(claim)
            if comment is not None:
                suppressed.append(claim._replace(status=Status.SUPPRESSED, reason=comment))
                continue
            others = [other.reason for other in draft.claims[number + 1 :] if other.code]
            if claim.status is not Status.FIXED or not suppressed:
                return claim._replace(reason="; ".join([claim.reason, *others]))
        return suppressed[0]

    def _suppressing(self, claim: Claim) -> str | None:
        """Return the words of the comment that suppresses a claim; ``None`` if there is none."""
        if not claim.can_stay:
            return None
        diagnostic = Diagnostic(claim.span, claim.code, "")
        if not self._suppressions.cover(diagnostic):
            return None
        row = self._suppressions.noqa_row(claim.span)
        line = self._suppressions.noqa_at(row)
        own = self._suppressions.ignore_at(claim.span.start)
        for directive in (*(one for one in (line, own) if one is not None), *self._file_wide):
            if directive.codes is None or any(one.text == claim.code for one in directive.codes):
                return f"{_words(self._source, directive)} (row {self._row(directive)})"
        return "a comment"

    def _row(self, directive: Directive) -> int:
        return self._source.lines.place(directive.span.start)[0]

    def _remedied(self, claim: Claim) -> tuple[str, str]:
        """Return what to write instead, and how safe that is; nothing where no line is known."""
        fix = claim.remedy.fix
        if fix is None or not claim.can_stay:
            return "", ""
        diagnostic = Diagnostic(claim.span, claim.code, "", claim.remedy)
        applicability = self._fixability.applicability(diagnostic) or Applicability.DISPLAY
        return fixed_line(self._source.lines, self._original, claim.span, fix), applicability.value

    def _reason(self, claim: Claim) -> str:
        """Return why a place has its status, and why no fix resolves it."""
        if claim.status not in MUST_FIX or not claim.remedy.obstacle:
            return claim.reason
        accessor = self._module.config.accessor.expression
        asked = "" if claim.remedy.fix else f"; ask `{accessor}`"
        return f"{claim.reason}; no fix: {claim.remedy.obstacle}{asked}"


def _place(subject: Subject, lines: LineIndex, text: str, draft: _Draft, claim: Claim) -> Place:
    row, column = lines.place(draft.span.start)
    line = lines.line(row)
    return Place(
        path=subject.name,
        row=row,
        column=column + 1,
        kind=draft.kind,
        language=LANGUAGE,
        role=draft.role,
        status=claim.status,
        reason=claim.reason,
        code=claim.code,
        name=_NAMES.get(claim.code, ""),
        source=shown(text, line.start, line.end, draft.span.start),
    )


def _mentions(subject: Subject, text: str) -> list[Span]:
    """Return where names of the runs directory stand in a text."""
    return [Span(match.start(), match.end()) for match in subject.needles.find_all(text)]


def _innermost(
    stretches: Iterable[tuple[Span, _Owner]], spans: Iterable[Span]
) -> list[_Owner | None]:
    """Return for each span, in order, the owner of the smallest stretch that its start is in.

    Of two stretches, one holds the other, or they have nothing in common.
    """
    coming = sorted(stretches, key=lambda item: (-item[0].start, item[0].end))
    around: list[tuple[Span, _Owner]] = []
    found: list[_Owner | None] = []
    for span in spans:
        while coming and coming[-1][0].start <= span.start:
            around.append(coming.pop())
        while around and around[-1][0].end <= span.start:
            around.pop()
        found.append(around[-1][1] if around else None)
    return found


def _functions(source: Source) -> Iterator[tuple[Span, str]]:
    """Yield where classes and functions stand, and their names: ``Class.method``."""
    pending: list[tuple[ast.AST, str]] = [(source.tree, "")]
    while pending:
        parent, prefix = pending.pop()
        for node in ast.iter_child_nodes(parent):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                name = f"{prefix}{node.name}"
                yield source.span(node), name
                pending.append((node, f"{name}."))
            elif not isinstance(node, ast.expr):
                pending.append((node, prefix))


def _file_wide(source: Source) -> Iterator[Directive]:
    """Yield the directives that speak for more than a line."""
    for comment in source.comments if "ruff" in source.text or "flake8" in source.text else ():
        reading = read_file_noqa(comment.text, comment.span.start, flake8=True)
        if reading is not None and reading.directive is not None:
            yield reading.directive
        for directive in read_pragmas(comment.text, comment.span.start):
            if directive.verb in ("disable", "file-ignore"):
                yield directive


def _words(source: Source, directive: Directive) -> str:
    """Return the reason that stands behind a directive, or the directive itself."""
    lines, text = source.lines, source.text
    line = lines.line(lines.place(directive.span.start)[0])
    reason = text[directive.end : min(line.end, directive.end + WIDTH)]
    reason = reason.partition("#")[0].strip(" \t-:,")
    return reason or text[directive.span.start : directive.end].strip()
