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

from flake8_runsdir.audit.inventory import MUST_FIX, Place, Status
from flake8_runsdir.audit.subject import LEAD, WIDTH, Subject, shown
from flake8_runsdir.audit.suggestions import Suggestions
from flake8_runsdir.diagnostic import (
    NO_REMEDY,
    Applicability,
    Diagnostic,
    Edit,
    Fix,
    LineIndex,
    Remedy,
    Span,
)
from flake8_runsdir.directives import Directive, read_file_noqa, read_pragmas
from flake8_runsdir.fingerprint import fingerprints
from flake8_runsdir.flow import Mention, Role, SharedFile
from flake8_runsdir.flow.accesses import accesses
from flake8_runsdir.flow.analysis import facts
from flake8_runsdir.flow.module import Module
from flake8_runsdir.rules import (
    RULES,
    frozen_runs_dir,
    hardcoded_runs_path,
    runs_dir_env_bypass,
    runs_dir_in_data,
    runs_dir_in_match,
    runs_dir_in_text,
    unscoped_shared_file,
)
from flake8_runsdir.salvage import findings
from flake8_runsdir.source import Source
from flake8_runsdir.suppression import Suppressions

LANGUAGE = "Python"
#: What a comment can keep as it is.
_SUPPRESSIBLE = (*MUST_FIX, Status.MATCH, Status.DATA)

_Owner = TypeVar("_Owner")


class _Claim(NamedTuple):
    """What a rule says of a place: what it is, and where a comment would have to suppress that."""

    status: Status
    code: str
    reason: str
    span: Span = Span(0, 0)
    remedy: Remedy = NO_REMEDY


class _Draft(NamedTuple):
    """A place in the making; the first of its claims is the weightiest."""

    span: Span
    kind: str
    role: str
    claims: tuple[_Claim, ...]


#: The weightiest first: where literals cannot be told apart, it counts.
_CLAIMS: dict[Role, _Claim] = {
    Role.PATH: _Claim(
        Status.CRITICAL, hardcoded_runs_path.RULE.code, "a path that does not ask the settings"
    ),
    Role.ENVIRONMENT: _Claim(
        Status.BYPASS, runs_dir_env_bypass.RULE.code, "the default in a read past the settings"
    ),
    Role.MATCH: _Claim(
        Status.MATCH,
        runs_dir_in_match.RULE.code,
        "compared or searched for; a configured directory escapes it",
    ),
    Role.DEFINITION: _Claim(Status.DEFINITION, "", "the default is written down here"),
    Role.DATA: _Claim(Status.DATA, runs_dir_in_data.RULE.code, "carried along as data"),
    Role.TEXT: _Claim(Status.DOCUMENTATION, runs_dir_in_text.RULE.code, "a message"),
    Role.DOC: _Claim(Status.DOCUMENTATION, runs_dir_in_text.RULE.code, "a docstring"),
}
_WEIGHTS = {role: weight for weight, role in enumerate(_CLAIMS)}
_NAMES = {rule.code: rule.name for rule in RULES}
_OTHER_NAME = _Claim(Status.DATA, "", "an identifier, or a part of another name")


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
    critical = _CLAIMS[Role.PATH]._replace(reason=f"it looks like a path (unverified); {why}")
    other = _Claim(Status.DOCUMENTATION, "", f"it does not look like a path (unverified); {why}")
    literals = [(found.span, found.span) for found in findings(text, subject.needles)]
    mentions = _mentions(subject, text)
    owners = _innermost(literals, mentions)
    drafts = [
        _Draft(span, "mention", "", (other if owner is None else critical,))
        for span, owner in zip(mentions, owners)
    ]
    known = set(owners)
    drafts += [
        _Draft(span, "mention", "", (critical,)) for span, _ in literals if span not in known
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
                claim = _Claim(
                    Status.BYPASS,
                    runs_dir_env_bypass.RULE.code,
                    f"`{read.variable}` is read past the settings",
                    span,
                    read.remedy,
                )
                drafts.append(_Draft(span, "read", "environment", (claim,)))
        return sorted(drafts, key=lambda draft: draft.span)

    def _of_mentions(self) -> Iterator[_Draft]:
        """Yield every mention that the text shows, and those that literals hide."""
        # Of several that stand at one place, the weightiest comes last.
        ordered = sorted(self._flow.mentions, key=_weight, reverse=True)
        known = {self._literal(mention): mention for mention in ordered}
        reads = [(read.span, read) for read in self._flow.environment_reads]
        spans = _mentions(self._subject, self._source.text)
        owners = _innermost(((literal, literal) for literal in known), spans)
        for span, literal, read in zip(spans, owners, _innermost(reads, spans)):
            if literal is None:
                yield _Draft(span, "mention", "", (_OTHER_NAME,))
                continue
            mention = known[literal]
            claim = _claim(mention)
            if mention.role is Role.ENVIRONMENT and read is not None:
                claim = claim._replace(span=read.span, remedy=read.remedy)
            elif literal == span:
                claim = claim._replace(reason="a comment")
            yield _Draft(span, "mention", mention.role.value, (claim,))
        for span in known.keys() - owners:
            hidden = known[span]
            yield _Draft(span, "mention", hidden.role.value, (_claim(hidden),))

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
            claim = _Claim(Status.FIXED, "", "asks the settings")
            if span in frozen:
                reason = "asks the settings, but only once, when the module is imported"
                claim = _Claim(Status.FIXED, frozen_runs_dir.RULE.code, reason)
            yield _Draft(span, "accessor", "accessor", (claim,))

    def _with_shared_files(self, drafts: list[_Draft]) -> Iterator[_Draft]:
        """Yield drafts, with what is said of files that all runs share and that they lead to."""
        files = [(file.span, file) for file in self._flow.shared_files]
        told = set()
        for draft, file in zip(drafts, _innermost(files, [draft.span for draft in drafts])):
            if file is not None and draft.role in ("path", "environment", "accessor"):
                told.add(file)
                draft = draft._replace(claims=_weighed(*draft.claims, _shared(file)))
            yield draft
        for span, file in files:
            if file not in told:
                yield _Draft(span, "file", "path", (_shared(file),))

    def _decided(self, draft: _Draft) -> _Claim:
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

    def _suppressing(self, claim: _Claim) -> str | None:
        """Return the words of the comment that suppresses a claim; ``None`` if there is none."""
        if claim.status not in _SUPPRESSIBLE:
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

    def _remedied(self, claim: _Claim) -> tuple[str, str]:
        """Return what to write instead, and how safe that is; nothing where no line is known."""
        fix = claim.remedy.fix
        if fix is None or claim.status not in _SUPPRESSIBLE or claim.status is Status.SUPPRESSED:
            return "", ""
        diagnostic = Diagnostic(claim.span, claim.code, "", claim.remedy)
        applicability = self._fixability.applicability(diagnostic) or Applicability.DISPLAY
        return _fixed_line(self._source.lines, self._original, claim.span, fix), applicability.value

    def _reason(self, claim: _Claim) -> str:
        """Return why a place has its status, and why no fix resolves it."""
        if claim.status not in MUST_FIX or not claim.remedy.obstacle:
            return claim.reason
        accessor = self._module.config.accessor.expression
        asked = "" if claim.remedy.fix else f"; ask `{accessor}`"
        return f"{claim.reason}; no fix: {claim.remedy.obstacle}{asked}"


def _place(subject: Subject, lines: LineIndex, text: str, draft: _Draft, claim: _Claim) -> Place:
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


def _weight(mention: Mention) -> int:
    return _WEIGHTS[mention.role]


def _claim(mention: Mention) -> _Claim:
    return _CLAIMS[mention.role]._replace(span=mention.span, remedy=mention.remedy)


def _shared(file: SharedFile) -> _Claim:
    return _Claim(
        Status.SHARED,
        unscoped_shared_file.RULE.code,
        f"all runs write one file, `<runs>/{file.path}`",
        file.span,
    )


def _weighed(*claims: _Claim) -> tuple[_Claim, ...]:
    """Return claims with those that something has to be done about first."""
    return tuple(sorted(claims, key=lambda claim: claim.status not in MUST_FIX))


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


def _fixed_line(lines: LineIndex, text: str, span: Span, fix: Fix) -> str:
    """Return the line of a place as a fix leaves it, or the part of a long one around the fix.

    What is added to other lines, which are imports, is left out.
    """
    here = [edit for edit in fix.edits if _touches(edit, span)]
    first = min([span.start, *(edit.span.start for edit in here)])
    last = max([span.end, *(edit.span.end for edit in here)])
    start = max(lines.line(lines.place(first)[0]).start, first - LEAD)
    end = min(lines.line(lines.place(last)[0]).end, last + LEAD)
    edits = [edit for edit in fix.edits if start <= edit.span.start and edit.span.end <= end]
    fixed = text[start:end]
    for edit in reversed(edits):
        if not _adds_lines(edit):
            fixed = fixed[: edit.span.start - start] + edit.content + fixed[edit.span.end - start :]
    return " ".join(line.strip() for line in fixed.splitlines()).strip()


def _touches(edit: Edit, span: Span) -> bool:
    return edit.span.start <= span.end and span.start <= edit.span.end and not _adds_lines(edit)


def _adds_lines(edit: Edit) -> bool:
    return edit.span.start == edit.span.end and edit.content.endswith(("\n", "\r"))
