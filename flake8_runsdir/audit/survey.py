"""A text that is no Python, or a piece of one, and the places in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from flake8_runsdir.audit import languages
from flake8_runsdir.audit.comments import suppression
from flake8_runsdir.audit.inventory import MUST_FIX, REPORTED, Place, Status
from flake8_runsdir.audit.jsonpaths import JsonKeys
from flake8_runsdir.audit.languages import Kind, Language, Token
from flake8_runsdir.audit.sections import Sections
from flake8_runsdir.audit.subject import Subject, shown
from flake8_runsdir.audit.usage.judgement import judge
from flake8_runsdir.audit.usage.spot import COMMAND_KINDS, PROGRAM_KINDS, Spot, Usage
from flake8_runsdir.audit.usage.variables import Variables
from flake8_runsdir.diagnostic import LineIndex
from flake8_runsdir.rules import (
    hardcoded_runs_path,
    runs_dir_in_data,
    runs_dir_in_match,
    runs_dir_in_text,
)

#: How many places of one text are told apart.
MOST_PLACES = 10_000

#: How much of a line counts, to each side of a mention; how many lines above are asked for keys.
_NEAR, _ABOVE = 240, 60
#: Where a program says that it has made a file: in its first lines.
_HEAD = 2000
_GENERATED = re.compile(
    r"^[ \t]*(?:#|//|--|;|/?\*|<!--|%|[\"'{]|rem\b)[^\n]*?"
    r"(?:@generated|\bdo not (?:edit|modify)\b|generated (?:by|from|with)\b)",
    re.IGNORECASE | re.MULTILINE,
)
#: A file with lines as long as this on the average has not been written by hand.
_LONG_LINE = 1000
#: Languages in which all mentions are alike, and that people write.
ALIKE = (Kind.PROSE, Kind.LIST, Kind.LOG, Kind.UNKNOWN)
#: Where the environment can be asked.
_READERS = (*COMMAND_KINDS, *PROGRAM_KINDS, Kind.DATA)
_RULES = {
    "path": hardcoded_runs_path.RULE,
    "match": runs_dir_in_match.RULE,
    "data": runs_dir_in_data.RULE,
    "text": runs_dir_in_text.RULE,
    "doc": runs_dir_in_text.RULE,
}


class Piece(NamedTuple):
    """A part of a text, and where it begins: its row (1-based), the characters before it there."""

    text: str
    row: int = 1
    column: int = 0


def text_places(subject: Subject, text: str) -> list[Place]:
    """Return the places of a text that is held as a whole, in order."""
    language = languages.find(subject.name, text)
    survey = Survey(
        subject, language, Piece(text), Sections(language, text), maker_of(language, text)
    )
    mentions = list(subject.needles.find_all(text))
    reads = list(survey.variables.reads(text)) if language.kind in _READERS else []
    offsets = sorted([*(match.start() for match in mentions), *(start for start, _ in reads)])
    known = languages.tokens(language, text, offsets) if offsets else None
    tokens = dict(zip(offsets, known or ()))
    found = [survey.mention(*match.span(), tokens.get(match.start())) for match in mentions]
    told = {place.row for place in found if place.status is Status.FIXED}
    asked = (survey.read(start, name, tokens.get(start)) for start, name in reads)
    found += [place for place in asked if place is not None and place.row not in told]
    return sorted(found, key=lambda place: (place.row, place.column))


class Survey:
    """A text, or a piece of one, and what is known of it; ``maker`` says what has made it."""

    def __init__(
        self,
        subject: Subject,
        language: Language,
        piece: Piece,
        sections: Sections | None = None,
        maker: str = "",
    ) -> None:
        self.variables = Variables(subject.settings.config.env_vars)
        self._subject = subject
        self._language = language
        self._piece = piece
        self._sections = sections
        self._maker = maker
        self._lines = LineIndex(piece.text)
        self._json: JsonKeys | None = None

    def mention(self, start: int, end: int, token: Token | None) -> Place:
        """Return the place of a mention, given by its offsets in the piece."""
        text = self._piece.text
        row = self._lines.place(start)[0]
        line = self._lines.line(row)
        left = text[max(line.start, start - _NEAR) : start]
        spot = Spot(
            self._subject.name,
            self._language,
            token,
            left,
            text[start:end],
            text[end : min(line.end, end + _NEAR)],
            partial(self._above, row),
            self._title(start, line.start),
            self._keys(start),
        )
        usage = judge(spot, self.variables)
        if self._maker:
            usage = Usage(usage.role, Status.GENERATED, self._maker)
        elif usage.role == "doc" and self._sections and self._sections.is_example(start):
            usage = usage._replace(reason="an example in Markdown")
        elif usage.status in REPORTED:
            words = suppression(spot.right, _RULES[usage.role].code)
            if words is not None:
                usage = usage._replace(status=Status.SUPPRESSED, reason=words)
        return self.place("mention", start, usage)

    def read(self, start: int, variable: str, token: Token | None) -> Place | None:
        """Return the place of a read of the environment, unless a comment only speaks of it."""
        if token is Token.COMMENT or self._maker:
            return None
        usage = Usage("environment", Status.FIXED, f"asks the environment for `{variable}`")
        return self.place("read", start, usage)

    def place(self, kind: str, start: int, usage: Usage) -> Place:
        """Return the place at an offset in the piece."""
        row, column = self._lines.place(start)
        line = self._lines.line(row)
        rule = _RULES.get(usage.role)
        return Place(
            path=self._subject.name,
            row=self._piece.row + row - 1,
            column=(self._piece.column if row == 1 else 0) + column + 1,
            kind=kind,
            language=self._language.name,
            role=usage.role,
            status=usage.status,
            reason=usage.reason,
            code=rule.code if rule else "",
            name=rule.name if rule else "",
            source=shown(self._piece.text, line.start, line.end, start),
            context=self._title(start, line.start),
            instead=usage.instead if usage.status in MUST_FIX else "",
            applicability="display" if usage.instead and usage.status in MUST_FIX else "",
        )

    def _title(self, start: int, line_start: int) -> str:
        if self._sections is None:
            return ""
        is_indented = self._piece.text[line_start : line_start + 1] in (" ", "\t")
        return self._sections.title(start, is_indented=is_indented)

    def _keys(self, start: int) -> list[str] | None:
        """Return the keys above a place of a JSON text; ``None`` for any other."""
        if self._language.lexer != "json" or self._sections is None:
            return None
        if self._json is None:
            self._json = JsonKeys(self._piece.text)
        return self._json.above(start) if self._json.is_known else None

    def _above(self, row: int) -> Iterator[str]:
        """Yield what the lines above a row begin with, the nearest first."""
        for above in range(row - 1, max(row - _ABOVE, 1) - 1, -1):
            line = self._lines.line(above)
            yield self._piece.text[line.start : min(line.end, line.start + _NEAR)]


def maker_of(language: Language, text: str) -> str:
    """Return why a text was not written by hand; nothing if it may have been."""
    if language.kind in ALIKE:
        return ""
    if _GENERATED.search(text, 0, _HEAD):
        return "its first lines say that a program has made it"
    if language.kind in (Kind.SCRIPT, Kind.CODE) and len(text) > _LONG_LINE * (
        text.count("\n") + 2
    ):
        return "its lines are too long to have been written by hand"
    return ""
