"""The strings of a JSON text, and the keys and numbers that lead to them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_TOKEN = re.compile(r'"(?P<string>[^"\\]*(?:\\.[^"\\]*)*)"|[{}\[\],:]')


class JsonString(NamedTuple):
    """A string: its path, the offset behind its quote (0-based), and how the text spells it.

    A key has the path of its value.  The path is the reader's own, and good until it reads on: a
    deep text would have too many of them.
    """

    path: Sequence[str | int]
    start: int
    raw: str


class JsonKeys:
    """The keys that places of a text stand under, asked for in the order of the places.

    ``is_known`` is false if the text is no JSON.
    """

    def __init__(self, text: str) -> None:
        try:
            json.loads(text, parse_int=float)
        except (ValueError, RecursionError):
            self.is_known = False
        else:
            self.is_known = True
        self._coming = strings(text) if self.is_known else iter(())
        self._end = 0
        self._keys: list[str] = []

    def above(self, offset: int) -> list[str]:
        """Return the keys that a place in a string stands under, the nearest first.

        Offsets must not decrease from call to call: what has been read is gone.
        """
        while self._end < offset and (string := next(self._coming, None)) is not None:
            self._end = string.start + len(string.raw)
            if self._end >= offset:
                self._keys = [key for key in reversed(string.path) if isinstance(key, str)]
        return self._keys


def strings(text: str) -> Iterator[JsonString]:
    """Yield the strings of a text that is JSON, in order."""
    path: list[str | int] = []
    for token in _TOKEN.finditer(text):
        kind, string = token[0][0], token["string"]
        if kind in "{[":
            path.append("" if kind == "{" else 0)
        elif kind in "}]":
            path.pop()
        elif kind == "," and path:
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else ""
        elif string is not None:
            if path and path[-1] == "":
                path[-1] = string
            yield JsonString(path, token.start("string"), string)
