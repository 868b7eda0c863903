"""Commands that look for a name, compare with it, or leave out what has it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flake8_runsdir.audit.languages import Kind
from flake8_runsdir.audit.usage.frames import Command, Frame
from flake8_runsdir.audit.usage.spot import LEAVES_OUT

#: The word of a command that a mention is in, as far as it goes in front of it; and a list of them.
OPEN_WORD = r"(?:[\"'][^\"']*|[^\s\"']*)\Z"
OPEN_WORDS = rf"(?:@?\()?(?:[^\s,]+,\s*)*{OPEN_WORD}"
#: The tests of `find` that compare with a pattern.
FIND_TESTS = r"-i?(?:name|path|wholename|regex)"
_SEARCHERS = r"[efz]?grep|rg|ag|ack|sed|[gm]?awk|findstr|Select-String|sls|p(?:grep|kill)"
_SEARCHERS_OPTIONS = (
    r"\s+--?(?:include|exclude|exclude-dir|(?-i:[ABCm]))\s+\S+|\s+-i\s+(?:''|\"\")|\s+[-/]\S+"
)
#: What stands in front of a mention that is only searched for, with the words of its command.
_SEARCHES = re.compile(
    "|".join(
        (
            # Comparisons: an assignment has no blanks around its sign, and no words before.
            rf"(?:[=!]=~?|=~|(?:\[|\btest)\s.*\s=)\s*{OPEN_WORD}",
            # Options that leave something out, unless they name a file that says what.
            rf"{LEAVES_OUT}(?![\w-]*-(?:from|file|path)\b)[\w-]*[=:]{OPEN_WORDS}",
            rf"{LEAVES_OUT}(?:-(?:dirs?|paths|globs?|patterns?|files|filter))?\s+{OPEN_WORDS}",
            rf"\b(?:zip|diff|rsync)\s(?:.*\s)?-x\s+(?:\S+\s+)*{OPEN_WORD}",
            rf"\b(?:tree|ls)\s(?:.*\s)?-I\s*{OPEN_WORD}",
            rf"\bfd\s(?:.*\s)?-E\s*{OPEN_WORD}",
            rf"\brobocopy\s.*\s/x[df]\s+(?:\S+\s+)*{OPEN_WORD}",
            rf"--deselect[=\s]{OPEN_WORD}",
            rf"\bgit\s+clean\s.*-\w*e\s+{OPEN_WORD}",
            r"\brg\s.*(?:-g|--glob)[\s=]+[\"']?!\S*\Z",
            r"\s[\"']?:(?:[!^]|\(exclude\))\S*\Z",
            # Patterns.
            rf"\bfind\s.*\s{FIND_TESTS}\s+{OPEN_WORD}",
            rf"\b(?:{_SEARCHERS})(?:{_SEARCHERS_OPTIONS})*\s+{OPEN_WORD}",
            rf"\bfindstr\s(?:.*\s)?/c:{OPEN_WORD}",
            # Functions and conditions of make.
            r"^\s*(?:filter|filter-out|findstring|patsubst|subst)\b[^,]*\Z|^\s*ifn?eq\b",
        )
    ),
    re.IGNORECASE,
)
#: Files that such programs read, variables for them, and texts that `sed` puts in place.
_NOT_SEARCHED = re.compile(
    rf"(?<!pgrep)(?<!pkill)\s(?-i:-\w*f)\s+{OPEN_WORD}"
    rf"|\s(?:--(?:[\w-]*-)?(?:from|file|path)=?|-v\s+\w+=|(?-i:-(?:Literal)?Path))\s*{OPEN_WORD}"
    r"|\bsed\s.*[\s\"'];?s(?P<end>[^\w\s\\])(?:(?!(?P=end)).)*(?P=end)(?:(?!(?P=end)).)*\Z"
    r"|\bsed\s.*/\w*w\s+\S*\Z",
    re.IGNORECASE,
)
#: What `find` is to find, and what is done with it.
_FOUND = re.compile(rf"\bfind\s(?:.*\s)?(?<!-not )(?<!! ){FIND_TESTS}\s+{OPEN_WORD}")
_ACTS = re.compile(r"\s-(?:delete|exec|execdir|ok)\b|\|\s*(?:xargs|while|parallel)\b")
#: A comparison in a shell, where an assignment has no blanks around its sign.
_EQUALS = re.compile(rf"\S\s+\S+\s+=\s+{OPEN_WORD}")
_IN_POWERSHELL = re.compile(
    rf"\s-[ci]?(?:eq|ne|(?:not)?(?:like|match|contains|in)|filter|include|replace)\s+{OPEN_WORDS}",
    re.IGNORECASE,
)
#: A pattern of `case`, and what stands behind one; what a shell takes off a value.
_CASE = re.compile(r"\s*(?:case\b.*|[\"'*./|\s]*)\Z")
_BEHIND_CASE = re.compile(r"[^\s(]*(?:\s*\|[^()]*)?\)")
_TAKEN_OFF = re.compile(r"[\w@*]+(?:\[[^\]]*\])?(?:##?[^#]|%%?|//?(?!/)(?![^/\s]+/))\S*\Z")


def is_searched(kind: Kind, around: Sequence[Frame], command: Command, right: str) -> bool:
    """Tell whether a command looks for a mention, compares with it, or leaves it out.

    ``around`` are the constructs that are open at the mention, ``right`` is the line behind it.
    """
    words = command.words
    if kind is Kind.POWERSHELL and _IN_POWERSHELL.search(words):
        return True
    if any(one.opener == "${" and _TAKEN_OFF.match(one.whole) for one in around):
        return True
    can_be_case = not command.opener and kind not in (Kind.BATCH, Kind.POWERSHELL)
    if can_be_case and _CASE.match(words) is not None:
        return words.lstrip().startswith("case") or _BEHIND_CASE.match(right) is not None
    if _FOUND.search(words) is not None:
        acts = command.opener == "$(" or _ACTS.search(right) is not None
        return not acts or "-prune" in right
    if kind is Kind.SHELL and _EQUALS.search(words):
        return True
    return _SEARCHES.search(words) is not None and _NOT_SEARCHED.search(words) is None
