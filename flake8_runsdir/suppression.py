"""Which diagnostics the comments of a source suppress.

They mean here what they mean to Ruff (0.17): ``# noqa`` speaks for a line, ``# ruff: noqa`` and
``# flake8: noqa`` for a file; what the others speak for, :mod:`flake8_runsdir.pragmas` tells.
Inside flake8, ``# noqa`` and ``# flake8: noqa`` are flake8's own business.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from flake8_runsdir.codes import PREFIX, UNUSED_SUPPRESSION
from flake8_runsdir.diagnostic import Diagnostic, Remedy, Span
from flake8_runsdir.directives import Code, Directive, Reading, read_file_noqa, read_noqa
from flake8_runsdir.pragmas import Pragmas, has_shebang, indentation
from flake8_runsdir.pruning import prune
from flake8_runsdir.source import Comment, Source

_OUR_CODE = re.compile(rf"{PREFIX}[0-9]+\Z")
_ODD = "Missing or joined rule code(s) at"
_NOT_ALONE = (
    "Unexpected `# ruff: noqa` directive at {place}. File-level suppression comments must appear on"
    " their own line. For line-level suppression, omit the `ruff:` prefix."
)


#: What joins a row with the next one: a literal that goes on, or a backslash.
_JOINING = re.compile(r"\"\"\"|'''|\\")
#: How f-strings and t-strings of several rows begin, as far as it tells them from others: only a
#: part of one begins, as a diagnostic, on a row inside of a literal.
_LONG_TEMPLATES = tuple(
    prefix + quotes for prefix in ("f", "fr", "t", "tr") for quotes in ('"' * 3, "'" * 3)
)


class Complaint(NamedTuple):
    """What is wrong with a ``noqa`` comment on a row (1-based), in Ruff's words."""

    row: int
    template: str

    def text(self, path: str) -> str:
        """Return the warning about the comment in a file."""
        return self.template.replace("{place}", f"{path}:{self.row}")


class _Line(NamedTuple):
    """A ``noqa`` comment, and the first mention of each code in it."""

    directive: Directive
    mentions: Mapping[str, Code]


class Needless(NamedTuple):
    """A code in a comment that is of no use, and what would take it out with all others there."""

    code: Code
    remedy: Remedy


class Suppressions:
    """The suppressions that the comments of one source ask for, and those that were needed.

    ``noqa`` tells whether ``# noqa`` and ``# flake8: noqa`` count.
    """

    def __init__(self, source: Source, noqa: bool = False) -> None:
        self._source = source
        self._noqa = noqa
        #: The warnings about comments that name codes of ours, in the order of the text.
        self.complaints: list[Complaint] = []
        self._files: list[Directive] = []
        self._lines: dict[int, _Line] = {}
        self._malformed: set[int] = set()
        #: Whether rows are joined with no other, as far as that has been asked.
        self._alone: dict[int, bool] = {}
        comments: list[Comment] = []
        if _may_direct(source.text):
            comments.extend(one for one in source.comments if _may_direct(one.text))
        for comment in comments:
            self._read_file_noqa(comment)
            if noqa:
                self._read_noqa(comment)
        self._pragmas = Pragmas(source, comments)
        self._is_exempt = any(directive.codes is None for directive in self._files)
        self._exempt = {code.text for one in self._files for code in one.codes or ()}
        #: The codes of all diagnostics, and the places of the codes that suppressed one.
        self._seen: set[str] = set()
        self._used: set[Span] = set()

    def cover(self, diagnostic: Diagnostic) -> bool:
        """Tell whether a diagnostic is suppressed, and remember by what."""
        self._seen.add(diagnostic.code)
        if self._is_exempt or diagnostic.code in self._exempt:
            return True
        code = self._pragmas.covering(diagnostic)
        line = self._lines.get(self.noqa_row(diagnostic.span)) if self._lines else None
        if code is None and line is not None:
            if line.directive.codes is None:
                return True
            code = line.mentions.get(diagnostic.code)
        if code is not None:
            self._used.add(code.span)
        return code is not None

    def unused(self, active: Collection[str], known: Collection[str]) -> Iterator[Needless]:
        """Yield the codes of ours in comments that have suppressed nothing.

        To be asked when all diagnostics have been through :meth:`cover`.  ``active`` are the codes
        of the rules that are on, ``known`` those of all rules: of a rule that is off nothing can
        be said.  A second mention of a code in one comment is of no use, either.
        """
        for directives in self._judged():
            needless: dict[int, Code] = {}
            before: set[str] = set()
            for number, code in enumerate(directives[0].codes or ()):
                is_judged = code.text in active or code.text not in known
                is_needless = code.text in before or not self._is_used(directives[0], code)
                if is_judged and is_needless and _OUR_CODE.match(code.text):
                    needless[number] = code
                before.add(code.text)
            if needless:
                remedy = prune(self._source, directives, needless)
                yield from (Needless(code, remedy) for code in needless.values())

    def _judged(self) -> Iterator[Sequence[Directive]]:
        """Yield the directives that may be called unused: no ``noqa`` that names RUN900 itself.

        With one that begins a range comes the one that ends it.
        """
        for pragma in self._pragmas.all:
            yield [one for one in (pragma.directive, pragma.closing) if one is not None]
        if not self._is_exempt and UNUSED_SUPPRESSION not in self._exempt:
            yield from ([directive] for directive in self._files)
            for directive, mentions in self._lines.values():
                if UNUSED_SUPPRESSION not in mentions:
                    yield [directive]

    def _is_used(self, directive: Directive, code: Code) -> bool:
        if directive.verb == "file-noqa":
            return code.text in self._seen
        return code.span in self._used

    def noqa_row(self, span: Span) -> int:
        """Return the row (1-based) at whose end a ``# noqa`` speaks for a diagnostic.

        It is the last row of a triple-quoted string, of an f-string, or of rows that are joined by
        backslashes.
        """
        row, _ = self._source.lines.place(span.start)
        if not self._lines and self._is_alone(row):
            return row
        firsts, lasts = self._joined_rows
        number = bisect_right(firsts, row) - 1
        return max(row, lasts[number]) if number >= 0 else row

    def _is_alone(self, row: int) -> bool:
        """Tell, at a glance, that a row on which a diagnostic begins is joined with no other.

        Most files need no layout for more than this, and to read one takes as long as to parse.
        """
        if row == 1 or self._has_long_template:
            return False
        if row not in self._alone:  # a line may be long, and have any number of diagnostics
            line = self._source.lines.line(row)
            joining = _JOINING.search(self._source.text, line.start, line.end)
            self._alone[row] = joining is None
        return self._alone[row]

    @cached_property
    def _has_long_template(self) -> bool:
        lowered = self._source.text.lower()
        return any(beginning in lowered for beginning in _LONG_TEMPLATES)

    def noqa_at(self, row: int) -> Directive | None:
        """Return the ``# noqa`` on a row (1-based)."""
        line = self._lines.get(row)
        return None if line is None else line.directive

    def takes_noqa(self, row: int) -> bool:
        """Tell whether codes on a row (1-based) would have an effect, in a ``# noqa`` there or not.

        They have none beside a malformed one, and are not needed beside one for all codes.
        """
        line = self._lines.get(row)
        is_blanket = line is not None and line.directive.codes is None
        return row not in self._malformed and not is_blanket

    def ignore_at(self, offset: int) -> Directive | None:
        """Return the first ``# ruff: ignore[...]`` that speaks for an offset."""
        return self._pragmas.ignore_at(offset)

    def _read_file_noqa(self, comment: Comment) -> None:
        reading = read_file_noqa(comment.text, comment.span.start, flake8=self._noqa)
        if reading is None:
            return
        self._complain(comment, reading, "Invalid `# ruff: noqa` directive at")
        if reading.directive is not None:
            if indentation(self._source, comment) is None:
                self._add_complaints(comment, [_NOT_ALONE])
            else:
                self._files.append(reading.directive)

    def _read_noqa(self, comment: Comment) -> None:
        reading = read_noqa(comment.text, comment.span.start)
        if reading is None:
            return
        self._complain(comment, reading, "Invalid `# noqa` directive on")
        row, _ = self._source.lines.place(comment.span.start)
        if reading.directive is None:
            self._malformed.add(row)
            return
        mentions: dict[str, Code] = {}
        for code in reading.directive.codes or ():
            mentions.setdefault(code.text, code)
        self._lines[row] = _Line(reading.directive, mentions)

    def _complain(self, comment: Comment, reading: Reading, invalid: str) -> None:
        what = _ODD if reading.directive is not None else invalid
        self._add_complaints(comment, (f"{what} {{place}}: {one}" for one in reading.problems))

    def _add_complaints(self, comment: Comment, templates: Iterable[str]) -> None:
        """Add complaints about a comment that names a code of ours, each of them once."""
        if self._noqa and PREFIX in comment.text:
            row, _ = self._source.lines.place(comment.span.start)
            self.complaints.extend(Complaint(row, one) for one in dict.fromkeys(templates))

    @cached_property
    def _joined_rows(self) -> tuple[list[int], list[int]]:
        """The first rows, and the last ones, of the rows that share one place for a ``noqa``."""
        source, layout = self._source, self._source.layout
        place, end = source.lines.place, len(source.lines)
        rows = [
            (place(one.start)[0], place(one.end)[0]) for one in layout.long_strings if one.is_open
        ]
        starts = (place(offset)[0] for offset in layout.continuations)
        rows.extend((row, min(row + 1, end)) for row in starts)
        if has_shebang(source):
            rows.append((1, min(2, end)))
        firsts: list[int] = []
        lasts: list[int] = []
        for first, last in sorted(rows):
            if lasts and first <= lasts[-1]:
                lasts[-1] = max(lasts[-1], last)
            else:
                firsts.append(first)
                lasts.append(last)
        return firsts, lasts


def _may_direct(text: str) -> bool:
    """Tell whether a text may hold a comment that suppresses something."""
    lowered = text.lower()  # much faster than a pattern that ignores case
    return "noqa" in lowered or "ruff" in lowered
