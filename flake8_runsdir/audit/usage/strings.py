"""Strings in programs: what they are compared with, and whether they are for people."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flake8_runsdir.audit.usage.frames import Frame, frames, is_prose
from flake8_runsdir.audit.usage.spot import LEAVES_OUT, Spot

#: What compares, as it stands in front of a string, and behind one.
_OPERATOR = re.compile(r"(?:[=!]==?|=~|~=|<>)\s*[^\s\"'`]*\Z")
_WORD_OPERATOR = re.compile(
    r"\b(?:eq|ne|case|when|in|STREQUAL|MATCHES|REGEX|PATTERN|EXCLUDE|(?:exclude|ignore)s?)\s*\Z"
)
_CASES = re.compile(r"\s*(?:case|when)\b[^:]*\Z")
_BEHIND = re.compile(
    r"[^\"'`]*[\"'`](?:\s*(?:[=!]==?|=~|=>|\bin\b|\beq\b|\.\s*(?:equals\w*|compareTo)\()"
    r"|\s*\)\s*[!=]==?\s*(?:-1|[\w:]*npos)\b"
    r"|[^\[\]]*\]\s*\??\.\s*(?:includes?\??|contains|index_?[oO]f|has|some)\b)"
)
#: An option that leaves something out, in front of its value, and as the beginning of a string.
_OPTION = re.compile(rf"[\"'`]{LEAVES_OUT}[\w-]*[\"'`]\s*,\s*\Z")
_OPTION_STRING = re.compile(rf"{LEAVES_OUT}[\w-]*=|glob:")
#: Behind a string: a function that it is the title of, and what says that it is a key.
_TITLE_BEHIND = re.compile(r"[^\"'`]*[\"'`]\s*,\s*(?:async\s*)?(?:func(?:tion)?\b|\(|\w+\s*=>)")
_KEY_BEHIND = re.compile(r"[^\"'`]*[\"'`]\s*:(?!:)")
_TYPE = re.compile(r"\s*(?:export\s+)?(?:declare\s+)?(?:type|interface)\s")

#: What runs the command in a string, as it stands in front of one.
_RUN_BEFORE = re.compile(
    r"(?:\b(?:sh|bat|powershell|pwsh|system|exec|run|cmd|spawn|popen|shell)|%x[({\[]?|\$)\s*\Z"
)
#: Programs that commands begin with; and those whose names are words as well.
_PROGRAMS = (
    "rm rmdir mkdir cp mv ln ls cd du df tar zip unzip rsync scp chmod chown bash sh docker kubectl"
    " aws gsutil robocopy xcopy del rd ATTACH"
)
_WORDS_AS_WELL = "find cat touch git python python3 node npm npx curl wget grep"
_COMMAND = re.compile(
    rf"\s*(?:sudo\s+)?(?:(?:{'|'.join(_PROGRAMS.split())})\s"
    rf"|(?:{'|'.join(_WORDS_AS_WELL.split())})\s+(?:-|\S*[/.])|--?\w)"
)
#: What says that a line without quotes is no text; and what has opened the string above it.
_IS_CODE = re.compile(r"[=;]")
_OPENING = re.compile(r"[\"'`]+\s*\Z")


def is_compared(frame: Frame, right: str, string: str | None) -> bool:
    """Tell whether an operator beside a string compares it, or an option leaves out what it names.

    ``frame`` is the construct that the string is in, ``right`` the line behind the place, and
    ``string`` what stands in front of it in its string, if it is in one.
    """
    if _OPERATOR.search(frame.text):
        return True
    if string is None:
        return False
    before = _WORD_OPERATOR.search(frame.text) or _CASES.match(frame.whole)
    option = _OPTION.search(frame.whole) or _OPTION_STRING.match(string)
    return bool(before or option or _BEHIND.match(right))


def is_message(spot: Spot, rows: Sequence[str], frame: Frame) -> bool:
    """Tell whether the string around a mention is made of words, and is no command.

    ``rows`` are the lines that the mention stands under, the uppermost first, and ``frame`` is the
    construct that its string is in.  A line without any quote or bracket is in a string that has
    begun above.
    """
    here = frames(spot.language.kind, [], spot.left, spot.right)
    if here[0].is_string:
        before, start = frame.text, here[0].whole
    elif len(here) == 1 and not _IS_CODE.search(spot.left):
        before, start = _OPENING.sub("", rows[-1] if rows else ""), spot.left
    else:
        return False
    is_command = _RUN_BEFORE.search(before) or _COMMAND.match(start + spot.mention)
    return not is_command and is_prose(here, spot.left, spot.right)


def is_title(right: str) -> bool:
    """Tell whether a string, given by what is behind a place in it, is the title of a function."""
    return _TITLE_BEHIND.match(right) is not None


def is_key(spot: Spot, frame: Frame) -> bool:
    """Tell whether a mention is in a key, or in a type."""
    is_first = frame.opener == "{" and not frame.text.strip()
    is_key = is_first and _KEY_BEHIND.match(spot.right) is not None
    return is_key or _TYPE.match(spot.left) is not None
