r"""A Jupyter notebook as one Python text, and where its rows stand in the cells.

What is Python in a notebook, and how its cells are numbered and joined, is as Ruff (0.17) has it.
IPython's own syntax is made parseable in its place: ``%cd x``, ``!ls`` and ``?name`` become the
expression ``0`` and blanks, a question mark behind an expression becomes a blank.  All other
characters stay where they are.  Nothing is ever executed.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from flake8_runsdir.decoding import decode_as
from flake8_runsdir.diagnostic import LineIndex

#: How the names of notebooks end.
SUFFIX = ".ipynb"

#: Cell magics behind which Python goes on; the cells of all others are left out.
_PYTHON_MAGICS = frozenset("capture debug ipytest prun pypy python python3 time timeit".split())
#: Line magics that IPython knows without a percent sign.  A cell that begins with one is left out.
_AUTOMAGICS = frozenset(
    """
    alias alias_magic autoawait autocall automagic bookmark cd code_wrap colors conda config debug
    dhist dirs doctest_mode edit env gui history killbgscripts load load_ext loadpy logoff logon
    logstart logstate logstop lsmagic macro magic mamba matplotlib micromamba notebook page pastebin
    pdb pdef pdoc pfile pinfo pinfo2 pip popd pprint precision prun psearch psource pushd pwd pycat
    pylab quickref recall rehashx reload_ext rerun reset reset_selective run save sc set_env sx
    system tb time timeit unalias unload_ext who who_ls whos xdel xmode
    """.split()
)
_ASSIGNMENTS = frozenset("= += -= *= /= //= %= **= &= |= ^=".split())

_NEWLINE = re.compile(r"\r\n|\n|\r")
_INK = re.compile(r"[^\r\n]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
#: What may follow a question mark that asks for help; nothing, at the end of the cell.
_ENDS = ("", ";", "#", "\r", "\n")
#: The end of a line that no backslash continues.
_END = re.compile(r"(?<!\\)(?:\r|(?<!\\\r)\n)")
#: What decides whether a character begins a command.  Every alternative is linear.
_TOKEN = re.compile(
    r"(?P<statement>(?:\A|[\r\n])[ \t\f]*(?=[%!?/;,]))"
    r"|(?P<value>(?<![=!<>:+\-*/%&|^@~])=[ \t\f]*(?:\\(?:\r\n|\n|\r)[ \t\f]*)*(?=[%!]))"
    r"|(?P<help>\?[ \t\f?]*)"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|\#[^\r\n]*|\\(?:\r\n|[\s\S])"
    r'|"""[^"\\]*(?:(?:\\(?:[\s\S]|\Z)|"(?!""))[^"\\]*)*(?:"""|\Z)'
    r"|'''[^'\\]*(?:(?:\\(?:[\s\S]|\Z)|'(?!''))[^'\\]*)*(?:'''|\Z)"
    r'|"[^"\\\r\n]*(?:\\(?:\r\n|[\s\S])[^"\\\r\n]*)*"?'
    r"|'[^'\\\r\n]*(?:\\(?:\r\n|[\s\S])[^'\\\r\n]*)*'?"
)


class NotebookError(Exception):
    """Bytes that are no notebook; the message says why, on one short line."""


@dataclass(frozen=True)
class Cell:
    """A cell of Python code.

    ``number`` is 1-based and counts all cells; ``start`` is the offset of the cell's first
    character in the text of the notebook.
    """

    number: int
    start: int
    source: str = field(repr=False)


@dataclass(frozen=True)
class Notebook:
    """The Python code of a notebook; none, if its language is another.

    ``text`` is what Python can parse.  ``source`` has the same length and the same lines, and shows
    the cells as they are.
    """

    text: str = field(repr=False)
    source: str = field(repr=False)
    cells: tuple[Cell, ...] = field(repr=False)

    @classmethod
    def parse(cls, data: bytes) -> Notebook:
        """Return the notebook that a file holds.

        Raises :class:`NotebookError`, and ``UndecodableError`` for what is not UTF-8.
        """
        content = _load(data)
        cells: list[Cell] = []
        start = 0
        for number, source in _sources(content):
            cells.append(Cell(number, start, source))
            start += len(source) + 1
        source = "".join(f"{cell.source}\n" for cell in cells)
        text = "".join(f"{make_parseable(cell.source)}\n" for cell in cells)
        return cls(text, source, tuple(cells))

    def cell_of(self, row: int) -> tuple[int, int]:
        """Return the number of a cell and the row in it, for a row of the text; all are 1-based."""
        if not self.cells:
            return 1, row
        place = max(bisect_right(self._rows, row) - 1, 0)
        return self.cells[place].number, row - self._rows[place] + 1

    @cached_property
    def _rows(self) -> tuple[int, ...]:
        """The row (1-based) in the text at which each cell begins."""
        lines = LineIndex(self.text)
        return tuple(lines.place(cell.start)[0] for cell in self.cells)


def make_parseable(source: str) -> str:
    """Return the source of a cell with IPython's own syntax replaced, all lines and columns kept.

    A command is one where a statement begins, or behind the ``=`` of an assignment; inside of
    strings, comments, brackets and continued lines there is none.
    """
    pieces: list[str] = []
    done = position = depth = 0
    while (token := _TOKEN.search(source, position)) is not None:
        start, position = token.span()
        if token["open"] or token["close"]:
            depth = depth + 1 if token["open"] else max(depth - 1, 0)
        elif depth:
            continue
        elif token["help"] and source[position : position + 1] in _ENDS:
            pieces += source[done:start], " " * (position - start)
            done = position
        elif token["statement"] is not None or token["value"]:
            end = _end_of_command(source, position)
            pieces += source[done:position], "0", _INK.sub(" ", source[position + 1 : end])
            done = position = end
    return "".join((*pieces, source[done:]))


def _end_of_command(source: str, position: int) -> int:
    end = _END.search(source, position)
    return len(source) if end is None else end.start()


def _load(data: bytes) -> Mapping[str, object]:
    """Return the object that a notebook's file holds."""
    try:
        # An integer of a thousand digits is slow, or an error.
        content = json.loads(decode_as(data, "utf-8"), parse_int=float)
    except json.JSONDecodeError as error:
        raise NotebookError(f"line {error.lineno} is not valid JSON") from None
    except RecursionError:
        raise NotebookError("its JSON is nested too deeply") from None
    if not isinstance(content, dict):
        raise NotebookError("a notebook is a JSON object")
    return content


def _sources(content: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """Yield the number and the source of each cell of Python code."""
    is_old = content.get("nbformat") == 3
    if not is_old and content.get("nbformat") != 4:
        raise NotebookError("a notebook has the format 3 or 4")
    sheets = _objects(content, "worksheets") if is_old else (content,)
    cells = [cell for sheet in sheets for cell in _objects(sheet, "cells")]
    if not _is_python(_object(content, "metadata")):
        return
    for number, cell in enumerate(cells, 1):
        if cell.get("cell_type") != "code" or _language(cell) != "python":
            continue
        source = _source(cell.get("input" if is_old else "source"))
        if source is None:
            raise NotebookError(f"cell {number} has no source")
        if not _is_magic(source):
            yield number, source


def _objects(owner: Mapping[str, object], key: str) -> Sequence[Mapping[str, object]]:
    items = owner.get(key)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise NotebookError(f"its `{key}` is no list of objects")
    return items


def _object(owner: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = owner.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise NotebookError(f"its `{key}` is no object")
    return value


def _is_python(metadata: Mapping[str, object]) -> bool:
    """Tell whether the kernel speaks Python, if anything is known of it."""
    info, kernel = _object(metadata, "language_info"), _object(metadata, "kernelspec")
    language = info.get("name") or kernel.get("language")
    if language is None and kernel:  # Colab's notebooks
        return str(kernel.get("name")).startswith("python")
    return language in (None, "python")


def _language(cell: Mapping[str, object]) -> object:
    """Return the language of a code cell that differs from its kernel's, as some tools have it."""
    own = _object(_object(cell, "metadata"), "vscode").get("languageId")
    return own or cell.get("language") or "python"


def _source(value: object) -> str | None:
    """Return the text of a source, which is a text or a list of them; ``None`` if it is neither."""
    parts = value if isinstance(value, list) else [value]
    texts = [part for part in parts if isinstance(part, str)]
    source = "".join(texts)
    # JSON can spell half of a surrogate pair, which is no character.
    is_text = len(texts) == len(parts) and _SURROGATE.search(source) is None
    return source if is_text else None


def _is_magic(source: str) -> bool:
    """Tell whether a cell magic or a bare line magic makes a cell something else than Python."""
    lines = _NEWLINE.split(source)
    words = lines[0].split(None, 2)
    if _AUTOMAGICS.intersection(words[:1]) and not _ASSIGNMENTS.intersection(words[1:2]):
        return True
    commands = (line.split(None, 1)[0] for line in lines if line.lstrip().startswith("%%"))
    return any(command[2:] not in _PYTHON_MAGICS for command in commands)
