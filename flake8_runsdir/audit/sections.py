"""The sections of a text in any language: headings, tables, targets, functions.

They are found by the looks of lines, to say around which part of a text a place is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from flake8_runsdir.audit.languages import Kind, Language

_LONGEST_TITLE = 120
_MARKDOWN = re.compile(
    r"^ {0,3}(?:(?P<fence>```+|~~~+)|#{1,6}[ \t]+(?P<title>[^\n]*)"
    r"|(?P<text>[^\s#>|-][^\n]*)\n {0,3}(?:===+|---+)[ \t]*$)",
    re.MULTILINE,
)
_UNDERLINED = re.compile(
    r"^(?P<title>\S[^\n]*)\n(?:===+|---+|~~~+|\^\^\^+|\"\"\"+)[ \t]*$", re.MULTILINE
)
_TABLE = re.compile(r"^[ \t]*\[{1,2}(?P<title>[^\]\n]+)\]", re.MULTILINE)
_TOP_KEY = re.compile(r"^(?P<title>[A-Za-z_][\w.-]*)[ \t]*:", re.MULTILINE)
_TARGET = re.compile(r"^(?P<title>[\w./%-]+)[ \t]*::?(?!=)", re.MULTILINE)
_STAGE = re.compile(r"^FROM[ \t]+(?P<title>\S+)", re.MULTILINE | re.IGNORECASE)
_SHELL_FUNCTION = re.compile(
    r"^[ \t]*(?:function[ \t]+(?P<title>[\w:-]+)|(?P<text>[\w:-]+)[ \t]*\(\))", re.MULTILINE
)
_FUNCTION = re.compile(
    r"^[ \t]*(?:(?:[a-z]+[ \t]+){0,4}(?:function|func|fn|fun|def|sub|proc|class|module)[ \t]+"
    r"(?P<title>[\w.:]+)|(?:export[ \t]+)?(?:const|let|var)[ \t]+(?P<text>\w+)[ \t]*=[ \t]*"
    r"(?:async\b|function\b|\())",
    re.MULTILINE | re.IGNORECASE,
)
_BY_NAME = {
    "reStructuredText": _UNDERLINED,
    "AsciiDoc": re.compile(r"^==*[ \t]+(?P<title>[^\n]+)", re.MULTILINE),
    "Org Mode": re.compile(r"^\*+[ \t]+(?P<title>[^\n]+)", re.MULTILINE),
    "INI": _TABLE,
    "TOML": _TABLE,
    "YAML": _TOP_KEY,
}
_BY_KIND = {
    Kind.MAKE: _TARGET,
    Kind.DOCKER: _STAGE,
    Kind.SHELL: _SHELL_FUNCTION,
    Kind.POWERSHELL: _FUNCTION,
    Kind.SCRIPT: _FUNCTION,
    Kind.CODE: _FUNCTION,
}


class Sections:
    """The sections of one text; all offsets are in characters and 0-based."""

    def __init__(self, language: Language, text: str) -> None:
        self._starts: list[int] = []
        self._titles: list[str] = []
        #: Where fenced examples begin and end, in turns.
        self._fences: list[int] = []
        self._are_functions = language.kind in (Kind.SHELL, Kind.SCRIPT, Kind.CODE, Kind.POWERSHELL)
        if language.name == "Markdown":
            self._read_markdown(text)
            return
        pattern = _BY_NAME.get(language.name) or _BY_KIND.get(language.kind)
        for match in pattern.finditer(text) if pattern is not None else ():
            self._add(match)

    def title(self, offset: int, *, is_indented: bool) -> str:
        """Return the title of the section around a place; ``is_indented`` tells of its line."""
        number = bisect_right(self._starts, offset) - 1
        if number < 0 or (self._are_functions and not is_indented):
            return ""
        return self._titles[number]

    def is_example(self, offset: int) -> bool:
        """Tell whether a place is in a fenced example of a Markdown text."""
        return bisect_right(self._fences, offset) % 2 == 1

    def _read_markdown(self, text: str) -> None:
        open_fence = ""
        for match in _MARKDOWN.finditer(text):
            fence = match["fence"]
            if open_fence:
                if fence and fence.startswith(open_fence):
                    self._fences.append(match.start())
                    open_fence = ""
            elif fence:
                self._fences.append(match.start())
                open_fence = fence
            else:
                self._add(match)

    def _add(self, match: re.Match[str]) -> None:
        groups = match.groupdict()
        title = groups.get("title") or groups.get("text") or ""
        self._starts.append(match.start())
        self._titles.append(title[:_LONGEST_TITLE].strip().rstrip("#").rstrip())


def enclosing(rows: Iterator[str], line: str) -> Iterator[str]:
    """Yield the lines above a line that it stands under, by their indentation, the nearest first.

    ``rows`` are the lines above it, the nearest first.
    """
    depth = _depth(line)
    is_item = _is_item(line)
    for row in rows:
        if not row.strip():
            continue
        here = _depth(row)
        if here < depth or (is_item and here == depth and not _is_item(row)):
            # What stands behind the dash of an item is beside the lines that are as deep.
            is_beside = _is_item(row) and not is_item and _depth(row.replace("-", " ", 1)) == depth
            if not is_beside:
                yield row
            depth, is_item = here, _is_item(row)
        if not depth and not is_item:
            return


def _is_item(row: str) -> bool:
    return row.lstrip().startswith("- ")


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
