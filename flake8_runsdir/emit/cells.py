"""Source text as a terminal shows it, measured in the cells of its grid."""

from __future__ import annotations

from flake8_runsdir.emit.inert import shown

#: Where a line has been cut off.
CUT = "\u2026"
_TAB = " " * 4


def displayed(text: str) -> str:
    """Return a piece of a line as it is displayed; a tab is four blanks wherever it stands."""
    return _TAB.join(map(shown, text.split("\t")))


def width(text: str) -> int:
    """Return how many cells a displayed text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        2 if east_asian_width(character) in "FW" else category(character) not in ("Mn", "Me")
        for character in text
    )
