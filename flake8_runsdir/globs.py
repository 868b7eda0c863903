"""Glob patterns, matched in time proportional to pattern times text.

Patterns come from configuration files that may be hostile, so none of them ever becomes a regular
expression.  In a name ``*`` and ``?`` and ``[abc]`` mean what they mean to a shell; in a path a
component ``**`` stands for any number of components, none included.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, TypeVar

    _Token = TypeVar("_Token")
    _Item = TypeVar("_Item")


def problem(pattern: str) -> str | None:
    """Return what is wrong with a pattern, or ``None``."""
    if not pattern.strip():
        return "is empty"
    if not pattern.strip("/."):
        return "names nothing"
    if pattern.startswith("!"):
        return "is a negation, which this list does not know"
    if any(part.count("[") != part.count("]") for part in pattern.split("/")):
        return "has an unbalanced bracket"
    if any("**" in part and part != "**" for part in pattern.split("/")):
        return "has `**` beside other characters of a component"
    return None


def matches_name(pattern: str, name: str) -> bool:
    """Tell whether a whole name matches; upper and lower case differ."""
    return _match(_tokens(pattern), name, "*", _accepts)


def matches_path(pattern: str, path: str, directories: bool = True) -> bool:
    """Tell whether a path with forward slashes matches, or (``directories``) one above it.

    A pattern without a slash is looked for at any depth, like ``.gitignore`` does it.
    """
    pattern = pattern[2:] if pattern.startswith("./") else pattern
    wanted = [part for part in pattern.split("/") if part]
    if "/" not in pattern.rstrip("/"):
        wanted.insert(0, "**")
    given = [part for part in path.split("/") if part]
    shortest = 0 if directories else len(given) - 1
    return any(
        _match(wanted, given[:length], "**", matches_name)
        for length in range(len(given), shortest, -1)
    )


@lru_cache(maxsize=512)
def _tokens(pattern: str) -> tuple[str, ...]:
    found: list[str] = []
    position = 0
    while position < len(pattern):
        end = pattern.find("]", position + 2) if pattern[position] == "[" else -1
        found.append(pattern[position : end + 1] if end > 0 else pattern[position])
        position += len(found[-1])
    return tuple(found)


def _accepts(token: str, character: str) -> bool:
    if len(token) == 1:
        return token in ("?", character)
    members = token[1:-1]
    negated = members[0] in "!^"
    members = members[1:] if negated else members
    inside, position = False, 0
    while position < len(members):
        is_range = members[position + 1 : position + 2] == "-" and position + 2 < len(members)
        high = members[position + 2] if is_range else members[position]
        inside = inside or members[position] <= character <= high
        position += 3 if is_range else 1
    return inside != negated


def _match(
    tokens: Sequence[_Token],
    items: Sequence[_Item],
    star: _Token,
    accepts: Callable[[_Token, _Item], bool],
) -> bool:
    """Match greedily; on failure give the last star one item more, which is enough."""
    token = item = 0
    retry_token = retry_item = -1
    while item < len(items):
        if token < len(tokens) and tokens[token] == star:
            retry_token, retry_item = token + 1, item
            token += 1
        elif token < len(tokens) and accepts(tokens[token], items[item]):
            token += 1
            item += 1
        elif retry_token >= 0:
            retry_item += 1
            token, item = retry_token, retry_item
        else:
            return False
    return all(rest == star for rest in tokens[token:])
