"""The snippets of ``docs/integrations.md``, which tests run as their readers would."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parents[1] / "docs" / "integrations.md"
_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Snippet(NamedTuple):
    """A block of code and the heading that it stands below."""

    heading: str
    language: str
    text: str


def snippets() -> list[Snippet]:
    """Return all snippets, in order."""
    found = []
    for section in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        heading = section.partition("\n")[0]
        found += [Snippet(heading, *match.groups()) for match in _BLOCK.finditer(section)]
    return found


def snippet(heading: str, number: int = 0) -> str:
    """Return the text of one of the snippets below a heading."""
    return [found.text for found in snippets() if found.heading == heading][number]


def commands(heading: str) -> list[str]:
    """Return the command lines of a ``console`` snippet after another below a heading."""
    texts = [found.text for found in snippets() if found[:2] == (heading, "console")]
    return re.findall(r"^\$ (.*)$", "".join(texts), re.MULTILINE)
