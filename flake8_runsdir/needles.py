r"""What to look for in a text, and the gate that spares the other files an analysis.

The gate must cost next to nothing and never lose a finding, so it asks in the order of price.  Does
the text hold a name, the accessor's last name or a variable as it stands?  If not, a literal can
still hide one: in pieces (``".autonomous" "_runs"``) or behind escapes (``"\x2eautonomous_runs"``).
Out of its reach is a literal in three or more pieces of which none holds a half of the name, and
the name of a variable or of the accessor in pieces: who would write one?
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from flake8_runsdir.config import Config

_BOUNDARY = r"""[/\\'"`\s=:,;()\[\]{}<>|]"""
#: Between two pieces of one literal: a backslash at the end of a line, or a closing quote, white
#: space and comments, an opening quote.
_BREAK = (
    r"""(?:\\(?:\r\n|\n|\r)|["']{1,3}\s*(?:(?:\\\r?\n|#[^\r\n]*[\r\n])\s*)*"""
    r"""[rRbBuUfF]{0,2}["']{1,3})"""
)
#: Half a needle is rare enough to be worth an analysis if it is as long as this.
_TELLING = 5


class Needles:
    """The gate of one configuration, and the names, ready to be looked for in literals.

    ``accessor`` is the accessor's last name, ``variables`` are the environment variables, ``plain``
    is all that is looked for as a text that hides nothing would hold it, and of ``telling`` every
    text holds one that holds a needle, or a name in two pieces, unless it is a short one.
    """

    def __init__(self, config: Config) -> None:
        self.accessor = config.accessor.last
        self.variables = frozenset(config.env_vars)
        self._names = config.names
        longest = tuple(max(name.split("/"), key=len) for name in config.names)
        dotted = [name for name in longest if "." in name[1:]]
        patterns = [name.replace(".", dot) for name in dotted for dot in ("\\.", "\\\\.")]
        needles = (*longest, *config.env_vars, self.accessor)
        self._needles = needles
        self.plain = (*needles, *patterns)
        halves = [half for needle in longest for half in _halves(needle)]
        self._telling = tuple(half for half in halves if len(half) >= _TELLING)
        self._short = tuple(needle for needle in longest if len(needle) < 2 * _TELLING)
        self.telling = (*self._telling, *self._short, *config.env_vars, self.accessor)
        #: The pattern of a short needle in pieces, whose halves would be found everywhere.
        self.broken = "|".join(map(_in_pieces, self._short))
        self._characters = "".join(needles)
        self._fragments = tuple(max(name.split("."), key=len) for name in longest)

    # The patterns are compiled when they are first needed: for most files that is never.

    @cached_property
    def _broken(self) -> re.Pattern[str]:
        return re.compile(self.broken)

    @cached_property
    def _escaped(self) -> re.Pattern[str]:
        return re.compile(_escape(self._characters))

    @cached_property
    def _mention(self) -> re.Pattern[str]:
        names = "|".join(map(_name, sorted(self._names, key=len, reverse=True)))
        start, end = rf"(?:(?<={_BOUNDARY})|\A)", rf"(?={_BOUNDARY}|\Z)"
        # A regular expression escapes the leading dot and may go on with a quantifier or an anchor.
        pattern = rf"(?<=\\)(?=\.)(?:{names})(?=[$?*+]|\.[*+])"
        return re.compile(rf"{start}(?:{names}){end}|{pattern}")

    def may_occur(self, text: str) -> bool:
        """Tell whether a text is worth an analysis; ``False`` promises that there is nothing."""
        return any(needle in text for needle in self.plain) or self.may_hide(text)

    def may_hide(self, text: str) -> bool:
        """Tell whether a literal may hold a needle in pieces or behind escapes."""
        if "\\" in text and self._escaped.search(text):
            text = self._escaped.sub(_unescaped, text)
            if any(needle in text for needle in self._needles):
                return True
        rest = text
        for needle in self.plain:
            rest = rest.replace(needle, " ")
        if any(half in rest for half in self._telling):
            return True
        return bool(self._short) and self._broken.search(text) is not None

    def find(self, text: str) -> re.Match[str] | None:
        """Return the first mention in a text, or ``None``."""
        for fragment in self._fragments:
            if fragment in text:
                return self._mention.search(text)
        return None

    @staticmethod
    def name(match: re.Match[str]) -> str:
        """Return the mentioned name as it is configured."""
        return re.sub(r"[/\\]+", "/", match[0].replace("\\.", "."))

    def find_all(self, text: str) -> Iterator[re.Match[str]]:
        """Yield every mention in a text."""
        return self._mention.finditer(text)


def _name(name: str) -> str:
    """Return the pattern of a name: as it stands, or as a regular expression would spell it."""
    components = (re.escape(part).replace(r"\.", r"\\?\.") for part in name.split("/"))
    return r"[/\\]+".join(components)


def _halves(needle: str) -> Iterable[str]:
    middle = len(needle) // 2
    return (needle[:middle], needle[middle:]) if middle else ()


def _in_pieces(needle: str) -> str:
    """Return the pattern of a needle with one break or more in it."""
    pattern = ""
    for character in reversed(needle[1:]):
        rest = re.escape(character) + (f"(?:{pattern})" if pattern else "")
        pattern = f"{_BREAK}{re.escape(character)}" + (f"|{rest}" if pattern else "")
    return re.escape(needle[0]) + f"(?:{pattern})"


def _unescaped(match: re.Match[str]) -> str:
    """Return the character that an escape stands for; the escape itself, if it stands for none."""
    try:
        return match[0].encode("ascii").decode("unicode_escape")
    except UnicodeError:
        return match[0]


def _escape(characters: str) -> str:
    """Return the pattern of any escape sequence that stands for one of the characters."""
    codes = sorted({ord(character) for character in characters})
    spelled = [r"N\{[^}\n]*\}"]
    for code in codes:
        digits = f"{code:x}"
        spelled += [f"x{code:02x}", f"u{digits:0>4}", f"U{digits:0>8}", f"{code:o}", f"{code:03o}"]
    return r"\\(?i:" + "|".join(dict.fromkeys(spelled)) + ")"
