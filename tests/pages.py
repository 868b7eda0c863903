"""Markdown pages of test cases: prose for people, blocks for the tests.

A ``python`` block is one module.  A comment line of carets under a line of code marks the exact
span of a finding on that line and names its code::

    runs = Path(".autonomous_runs") / run_id
    #           ^^^^^^^^^^^^^^^^^^ RUN001

Several findings on one line have a comment line each.  Carets followed by ``+`` mark a span that
ends on a later line.  A block is checked with every rule switched on and must have exactly the
findings that it marks.  A ``toml`` block configures the blocks behind it, up to the next heading,
or all of the page, if it stands right behind the title;
``python title="pkg/config.py"`` names the file.

On the pages about fixes, blocks of other kinds follow a module: what it is to become, and what
stands in the way.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flake8_runsdir.config import resolve
from flake8_runsdir.linter import Linter
from flake8_runsdir.options import Layer
from flake8_runsdir.rules import RULES
from flake8_runsdir.source import Source

if sys.version_info >= (3, 11):
    import tomllib as toml
else:
    import tomli as toml

PAGES = Path(__file__).with_name("rules")
FIXES = Path(__file__).with_name("fixes")

_FENCE = re.compile(
    r'^```(?P<kind>\w+)(?: title="(?P<title>[^"]*)")?\n(?P<body>.*?)^```$', re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(r"^#+ (?P<title>.*)$", re.MULTILINE)
_CARETS = re.compile(r"^\s*#\s*(?P<carets>\^+)(?P<more>\+?) (?P<code>RUN\d{3})$")

#: A finding as a page marks it: row (1-based), column (0-based), length or -1, code.
Marked = tuple[int, int, int, str]


@dataclass(frozen=True)
class Block:
    """A module on a page, with the line of the page that it begins on.

    ``answers`` are the blocks behind it, by kind.
    """

    page: str
    line: int
    heading: str
    path: str
    text: str
    options: dict[str, Any]
    answers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def parses(self) -> bool:
        """Whether this interpreter knows the grammar: a heading says if it is about ``match``."""
        return sys.version_info >= (3, 10) or "match" not in self.heading.split()

    @property
    def exact(self) -> bool:
        """Whether spans can be compared: parts of f-strings have none before Python 3.12."""
        return sys.version_info < (3, 12) or self.page != "fstrings.md"

    def expected(self) -> list[Marked]:
        """Return the findings that the carets mark."""
        found = []
        row = 0
        for number, line in enumerate(self.text.split("\n"), 1):
            carets = _CARETS.match(line)
            if carets is None:
                row = number
                continue
            length = -1 if carets["more"] else len(carets["carets"])
            found.append((row, carets.start("carets"), length, carets["code"]))
        return sorted(found)

    def actual(self) -> list[Marked]:
        """Return the findings of the linter, all rules on."""
        config = resolve(Layer(str(self), self.options, base="."))
        lines = Source.parse(self.path, self.text).lines
        found = []
        for diagnostic in Linter(config, RULES).check(self.path, self.text):
            row, column = lines.place(diagnostic.span.start)
            last_row, last_column = lines.place(diagnostic.span.end)
            length = last_column - column if last_row == row else -1
            found.append((row, column, length, diagnostic.code))
        return sorted(found)


def blocks(directory: Path = PAGES) -> Iterator[Block]:
    """Yield the modules of all pages in a directory."""
    for page in sorted(directory.glob("*.md")):
        yield from _of_page(page.name, page.read_text(encoding="utf-8"))


def _of_page(name: str, text: str) -> Iterator[Block]:
    options: dict[str, Any] = {}
    whole: dict[str, Any] = {}
    is_title = True
    heading = ""
    answers: dict[str, str] = {}
    fences = [("fence", match) for match in _FENCE.finditer(text)]
    inside = [(match.start(), match.end()) for _, match in fences]
    headings = [
        ("heading", match)
        for match in _HEADING.finditer(text)
        if not any(start < match.start() < end for start, end in inside)
    ]
    for kind, match in sorted(fences + headings, key=lambda item: item[1].start()):
        if kind == "heading":
            is_title = not match[0].startswith("##")
            options, heading = whole, match["title"]
        elif match["kind"] == "toml":
            options = toml.loads(match["body"])
            whole = options if is_title else whole
        elif match["kind"] == "python":
            line = text.count("\n", 0, match.start()) + 2
            path = match["title"] or "app/module.py"
            answers = {}
            yield Block(name, line, heading, path, match["body"], options, answers)
        else:
            answers[match["kind"]] = match["body"]
