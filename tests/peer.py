"""The real Ruff, asked about many texts at once.

Its rule S108 is made to find what RUN001 finds, at the same places.  In the texts, ``CODE`` stands
for the code of the one or the other, and ``SELF`` for that of the rule on unused suppressions.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from flake8_runsdir.diagnostic import Diagnostic, LineIndex, Span
from flake8_runsdir.source import Source

COMMAND = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache"]
_NAMES = 'lint.flake8-bandit.hardcoded-tmp-directory=[".autonomous_runs"]'


class Place(NamedTuple):
    """Where Ruff reports something: rows and columns, 1-based."""

    row: int
    column: int
    end_row: int
    end_column: int
    noqa_row: int
    message: str


class Offer(NamedTuple):
    """A fix that is offered, and the text as it would be after that."""

    applicability: str
    message: str
    text: str


class Peer:
    """A directory of texts, and Ruff in it; the answers have one item for each text."""

    def __init__(self, directory: Path, texts: Sequence[str]) -> None:
        self._directory = directory
        self._texts = texts
        for number, text in enumerate(texts):
            theirs = text.replace("CODE", "S108").replace("SELF", "RUF100")
            (directory / f"{number}.py").write_bytes(theirs.encode())

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Ruff, S108 selected."""
        command = [*COMMAND, "--config", _NAMES, "--select", "S108", *arguments, "."]
        environment = {**os.environ, "NO_COLOR": "1"}
        return subprocess.run(
            command, cwd=self._directory, env=environment, capture_output=True, encoding="utf-8"
        )

    def places(self, code: str, *arguments: str) -> list[list[Place]]:
        """Return where a code is reported; a text that does not parse is a mistake in the test."""
        found: list[list[Place]] = [[] for _ in self._texts]
        for item in json.loads(self.run("--output-format", "json", *arguments).stdout):
            number = int(Path(item["filename"]).stem)
            assert item["code"] != "invalid-syntax", self._texts[number]
            if item["code"] == code:
                start, end = item["location"], item["end_location"]
                place = (start["row"], start["column"], end["row"], end["column"])
                found[number].append(Place(*place, item["noqa_row"], item["message"]))
        return found

    def offers(self, *arguments: str) -> list[list[Offer]]:
        """Return the fixes of unused suppressions, with our codes in the texts."""
        found: list[list[Offer]] = [[] for _ in self._texts]
        asked = ("--extend-select", "RUF100", "--output-format", "json", *arguments)
        for item in json.loads(self.run(*asked).stdout):
            if item["code"] == "RUF100":
                number, fix = int(Path(item["filename"]).stem), item["fix"]
                text = (self._directory / f"{number}.py").read_bytes().decode()
                offer = Offer(fix["applicability"], fix["message"], ours(_edited(text, fix)))
                found[number].append(offer)
        return found

    def warnings(self) -> list[list[str]]:
        """Return what Ruff says about malformed comments in ``a.py``, each thing once."""
        found: list[dict[str, None]] = [{} for _ in self._texts]
        for line in self.run("--select", "RUF100").stderr.splitlines():
            match = re.fullmatch(r"warning: (.*?)(?<!\d)(\d+)\.py(:.*)", line)
            if match is not None:
                found[int(match[2])][f"{match[1]}a.py{match[3]}"] = None
        return [list(lines) for lines in found]

    def fixed(self, *arguments: str) -> list[str]:
        """Return the texts after all fixes of unused suppressions, in our codes; they stay so."""
        self.run("--extend-select", "RUF100", "--fix", "--unsafe-fixes", *arguments)
        return self.texts()

    def texts(self) -> list[str]:
        """Return the texts as they are now, in our codes."""
        paths = (self._directory / f"{number}.py" for number in range(len(self._texts)))
        return [ours(path.read_bytes().decode()) for path in paths]


def _edited(text: str, fix: Any) -> str:
    """Return a text after the edits of a fix."""
    lines = LineIndex(text)
    for edit in reversed(fix["edits"]):
        start, end = (
            lines.line_start(edit[place]["row"]) + edit[place]["column"] - 1
            for place in ("location", "end_location")
        )
        text = text[:start] + edit["content"] + text[end:]
    return text


def ours(text: str) -> str:
    """Return a text with our codes."""
    codes = {"CODE": "RUN001", "S108": "RUN001", "SELF": "RUN900", "RUF100": "RUN900"}
    for theirs, code in codes.items():
        text = text.replace(theirs, code)
    return text


def diagnostic(source: Source, place: Place) -> Diagnostic:
    """Return our diagnostic at a place of Ruff's."""
    start = source.lines.line_start(place.row) + place.column - 1
    end = source.lines.line_start(place.end_row) + place.end_column - 1
    return Diagnostic(Span(start, end), "RUN001", "hard-coded")
