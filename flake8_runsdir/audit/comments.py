"""Comments that keep a place as it is, in languages other than Python.

They are those of Python, behind whatever begins a comment: ``mkdir x  # noqa: RUN001 why``,
``// noqa``, ``<!-- noqa -->``.
"""

from __future__ import annotations

import re

from flake8_runsdir.directives import read_noqa

_NOQA = re.compile(r"(?:#|//|--|;|/\*|<!--|%|(?i:\brem\b))+[ \t]*(?=noqa\b)", re.IGNORECASE)
#: What closes a comment, and what a reason may be set off with.
_CLOSING = re.compile(r"\s*(?:\*/|-->).*", re.DOTALL)
_SET_OFF = " \t-:,"


def suppression(rest: str, code: str) -> str | None:
    """Return the words of the comment that suppresses a code; ``None`` if there is none.

    ``rest`` is the line behind the place.  The words are the reason, if the comment gives one, or
    else the comment.
    """
    found = _NOQA.search(rest)
    if found is None:
        return None
    comment = "#" + _CLOSING.sub("", rest[found.end() :])
    reading = read_noqa(comment, 0)
    if reading is None or reading.directive is None:
        return None
    directive = reading.directive
    if directive.codes is not None and code not in (one.text for one in directive.codes):
        return None
    reason = comment[directive.end :].partition("#")[0].strip(_SET_OFF)
    return reason or (found[0].strip() + " " + comment[1 : directive.end])
