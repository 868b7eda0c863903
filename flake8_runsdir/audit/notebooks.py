r"""The places of one notebook: code as Python, other cells as what they are, outputs as made.

A mention counts where the strings of the JSON hold it when they are decoded, and where the file
itself shows it: ``"\u002eautonomous_runs"`` is one, and so is ``".autonomous_runs\u2026"``.  Each
is one place.  What stands in the source of a cell has its place there; all else has a row and a
column of the file.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Union

from flake8_runsdir.audit import ipython, languages, python
from flake8_runsdir.audit.inventory import Place, Status
from flake8_runsdir.audit.jsonpaths import JsonString, strings
from flake8_runsdir.audit.languages import Kind, Language
from flake8_runsdir.audit.sections import Sections
from flake8_runsdir.audit.subject import WIDTH, Subject, shown
from flake8_runsdir.audit.survey import Piece, Survey
from flake8_runsdir.audit.usage.spot import Usage
from flake8_runsdir.decoding import UndecodableError
from flake8_runsdir.diagnostic import Applicability, LineIndex
from flake8_runsdir.notebook import Notebook, NotebookError

_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
)
_JSON = Language("Jupyter Notebook", Kind.DATA)
_PROSE = {
    "markdown": Language("Markdown", Kind.PROSE),
    "raw": Language("Text", Kind.PROSE),
    "heading": Language("Text", Kind.PROSE),
}
_OUTPUT = Usage("text", Status.GENERATED, "an output, which a run of the notebook has made")
_METADATA = Usage("data", Status.DATA, "in the data about a notebook")

_Path = tuple[Union[str, int], ...]


class _Cell(NamedTuple):
    """A cell: its number (1-based), its language, and the pieces that its source is made of.

    Up to the offset ``top`` it is a cell magic.
    """

    number: int
    language: Language
    pieces: Sequence[str]
    top: int = 0


def places(subject: Subject, text: str) -> list[Place] | None:
    """Return the places of a notebook, in order; ``None`` if the text is none."""
    try:
        cells = dict(_cells(json.loads(text, parse_int=float)))
    except (ValueError, RecursionError):
        return None
    found = _of_code(subject, text)
    known = {(place.cell, place.row, place.column) for place in found if place.kind == "mention"}
    found += [
        place
        for place in _Search(subject, text, cells).places()
        if place.cell is None or (place.cell, place.row, place.column) not in known
    ]
    return sorted(found, key=lambda place: (place.cell or 0, place.row, place.column))


def _of_code(subject: Subject, text: str) -> list[Place]:
    """Return the places in cells of Python, as far as there are any."""
    try:
        notebook = Notebook.parse(text.encode("utf-8", "surrogateescape"))
    except (NotebookError, UndecodableError):
        return []
    found = []
    code = ipython.with_statements(notebook.text, notebook.source)
    lines = LineIndex(code)
    for place in python.places(subject, code, notebook.source):
        cell, row = notebook.cell_of(place.row)
        start = lines.line_start(place.row) + place.column - 1
        if place.instead and notebook.text[start] == " ":  # no fix looks behind a magic
            place = place._replace(applicability=Applicability.DISPLAY.value)
        found.append(place._replace(cell=cell, row=row))
    return found


class _Search:
    """A search for mentions in all strings of a notebook, and in the file itself."""

    def __init__(self, subject: Subject, text: str, cells: Mapping[_Path, _Cell]) -> None:
        self._subject = subject
        self._text = text
        self._cells = cells
        self._file = Survey(subject, _JSON, Piece(text))
        self._sources: dict[int, _Source] = {}

    def places(self) -> Iterator[Place]:
        """Yield the places of all mentions."""
        # What the file shows, by where it ends: there all spellings of a mention agree.
        shown = {match.end(): match.start() for match in self._subject.needles.find_all(self._text)}
        for string in strings(self._text):
            for inner, outer in self._mentions(string):
                shown.pop(outer.stop, None)
                yield self._place(tuple(string.path), inner, outer.start)
        for start in shown.values():
            yield self._file.place("mention", start, _METADATA)

    def _mentions(self, string: JsonString) -> Iterator[tuple[range, range]]:
        """Yield where mentions are in a decoded string, and where in the file."""
        #: Where escapes end in the decoded string, and how much shorter it is up to there.
        ends, shorter = [0], [string.start]
        pieces, done = [], 0
        for escape in _ESCAPE.finditer(string.raw) if "\\" in string.raw else ():
            pieces += [string.raw[done : escape.start()], json.loads(f'"{escape[0]}"')]
            done = escape.end()
            shorter.append(shorter[-1] + len(escape[0]) - 1)
            ends.append(string.start + done - shorter[-1])
        text = "".join([*pieces, string.raw[done:]])
        for match in self._subject.needles.find_all(text):
            start, end = (at + shorter[bisect_right(ends, at) - 1] for at in match.span())
            yield range(*match.span()), range(start, end)

    def _place(self, path: _Path, inner: range, start: int) -> Place:
        """Return the place of a mention in the string with a path; ``start`` is in the file."""
        depth = 2 if path[:2] in self._cells else 4
        cell, field = self._cells.get(path[:depth]), path[depth : depth + 1]
        if cell is None or field not in (("source",), ("input",), ("outputs",)):
            return self._file.place("mention", start, _METADATA)
        if field == ("outputs",):
            place = self._file.place("mention", start, _OUTPUT)
            return place._replace(context=f"output of cell {cell.number}")
        index = path[-1] if isinstance(path[-1], int) else 0
        before = sum(len(piece) for piece in cell.pieces[:index])
        if cell.number not in self._sources:
            self._sources[cell.number] = _Source(self._subject, cell)
        place = self._sources[cell.number].place(before + inner.start, before + inner.stop)
        return place._replace(cell=cell.number)


class _Source:
    """The source of one cell, as what it is and as commands."""

    def __init__(self, subject: Subject, cell: _Cell) -> None:
        self._subject = subject
        self._cell = cell
        self._text = "".join(cell.pieces)
        self._lines = LineIndex(self._text)
        self._surveys: dict[Language, Survey] = {}

    def place(self, start: int, end: int) -> Place:
        """Return the place of a mention between two offsets."""
        language = self._cell.language
        if start >= self._cell.top and language.name != ipython.MAGICS.name:
            return self._survey(language, self._text).mention(start, end, None)
        line = self._lines.line(self._lines.place(start)[0])
        front, language = ipython.front(self._text[line.start : min(start, line.start + WIDTH)])
        survey = self._survey(language, self._commands)
        place = survey.mention(start, end, None)
        instead = place.instead and f"{front.lstrip()}{place.instead}"
        source = shown(self._text, line.start, line.end, start)
        return place._replace(source=source, instead=instead)

    @cached_property
    def _commands(self) -> str:
        """The source as commands."""
        return ipython.as_commands(self._text)

    def _survey(self, language: Language, text: str) -> Survey:
        if language not in self._surveys:
            sections = Sections(language, text)
            self._surveys[language] = Survey(self._subject, language, Piece(text), sections)
        return self._surveys[language]


def _cells(content: Any) -> Iterator[tuple[_Path, _Cell]]:
    """Yield the cells of a notebook with their paths."""
    if not isinstance(content, dict):
        return
    sheets: list[tuple[_Path, object]] = [((), content)]
    sheets += [(("worksheets", n), sheet) for n, sheet in enumerate(_list(content, "worksheets"))]
    usual = _kernel(content)
    number = 0
    for path, sheet in sheets:
        for index, cell in enumerate(_list(sheet, "cells")):
            number += 1
            source = cell.get("source", cell.get("input")) if isinstance(cell, dict) else None
            given = source if isinstance(source, list) else [source]
            pieces = [piece for piece in given if isinstance(piece, str)]
            if len(pieces) == len(given):
                top, language = _language(cell.get("cell_type"), "".join(pieces), usual)
                yield (*path, "cells", index), _Cell(number, language, pieces, top)


def _language(kind: object, source: str, usual: Language) -> tuple[int, Language]:
    """Return where the cell magic of a cell ends, and the language of the rest.

    The language of most code cells is ``usual``.
    """
    if kind != "code":
        return 0, _PROSE.get(str(kind), _PROSE["raw"])
    top, named = ipython.magic(source)
    return top, usual if named is None else named


def _kernel(content: Mapping[str, object]) -> Language:
    """Return the language of code cells."""
    metadata = content.get("metadata")
    info = metadata.get("language_info") if isinstance(metadata, dict) else None
    name = info.get("name") if isinstance(info, dict) else None
    found = languages.by_program(name if isinstance(name, str) else "python")
    return ipython.MAGICS if found.name == "Python" or found.kind is Kind.UNKNOWN else found


def _list(owner: object, key: str) -> Sequence[Any]:
    value = owner.get(key) if isinstance(owner, dict) else None
    return value if isinstance(value, list) else []
