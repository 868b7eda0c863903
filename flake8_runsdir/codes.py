"""The codes of the rules: how they begin, and those that other modules than their rules know of."""

from __future__ import annotations

PREFIX = "RUN"
#: A suppression comment that suppresses nothing.
UNUSED_SUPPRESSION = "RUN900"
_FIRST_UNCHECKED = "RUN901"
#: A file that cannot be read, and one that kills what reads it.
UNREADABLE, TOO_DEEP = "RUN903", "RUN904"
#: A file that could have been fixed and was left as it is.
UNFIXED = "RUN905"


def is_unchecked(code: str) -> bool:
    """Tell whether a code says of a file that it was not checked."""
    return _FIRST_UNCHECKED <= code < UNFIXED
