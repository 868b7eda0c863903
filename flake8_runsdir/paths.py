"""Path algebra: what stands below the runs directory, as text.

A path value is an anchor (the runs directory) and the text *below* it: ``""`` for the directory
itself, ``"/cache/a.db"`` for a file in it.  What is not known before the program runs stands in
that text as one of two marks, so that joining paths is joining text:

* :data:`DYNAMIC`: some value,
* :data:`SCOPED`: a value that tells one run from another (a configured scope name occurs in it).

``None`` in place of a text means: not known to lie below the runs directory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from typing import Optional

from flake8_runsdir.globs import matches_name

DYNAMIC = "\ue000"
SCOPED = "\ue001"

Below = Optional[str]

#: A path that grows in a loop must stop growing somewhere.
_LONGEST = 200

_MARK = re.compile(f"[{DYNAMIC}{SCOPED}]")
_PROSE = re.compile(r"\S\s+\S")
#: The programs that command lines begin with.
_COMMAND = re.compile(
    r"\s*(?:sudo\s+|set -\w+(?:;\s*|\s+)|\w+=\S*\s+)*"
    r"(?:cd|ls|rm|mkdir|rmdir|touch|cat|cp|mv|ln|tar|zip"
    r"|unzip"
    r"|find|grep|rg|sed|awk|test|\[|echo|printf|export|source|bash|sh|python[\d.]*|pip|pytest|git|du"
    r"|df|tail|head|less|wc|chmod|chown|rsync|scp|ssh|sqlite3|make|tee|docker|curl|wget|nohup|kill"
    r"|uv|node|npm|gzip|xargs|stat|realpath|powershell|cmd|type|del|copy|move)(?=\s)"
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:///|file:", re.IGNORECASE)
_SUFFIX = re.compile(r"[^.].*\.[A-Za-z][A-Za-z0-9]{0,9}\Z", re.DOTALL)
_PLACEHOLDER = re.compile(
    r"\{(?P<field>[^{}/\s]*)\}"
    r"|%(?:\((?P<mapping>\w+)\))?[-#0 +]?\d*(?:\.\d+)?[sdrif]"
    r"|\$\{?(?P<variable>\w+)\}?"
    r"|<(?P<angle>[^<>/]+)>"
    r"|(?:\*|\?(?!\w+=))+|\[[^\[\]/]*\]"
)


class Wording(IntEnum):
    """Whether a text is a path or words: white space stands between two of them."""

    NONE = 0
    PROSE = 1
    COMMAND = 2  # looks like a line of a shell


@lru_cache(maxsize=256)
def wording(text: str) -> Wording:
    """Tell what kind of text a text is."""
    if _PROSE.search(text) is None:
        return Wording.NONE
    return Wording.COMMAND if _COMMAND.match(text) else Wording.PROSE


def template(text: str, scopes: tuple[str, ...] = ()) -> str:
    """Return the text with every placeholder in it (``{x}``, ``%s``, ``$X``, ``*``) made a mark."""

    def mark(match: re.Match[str]) -> str:
        name = match["field"] or match["mapping"] or match["variable"] or match["angle"] or ""
        identifier = re.split(r"[.\[!:]", name)[0].replace("-", "_").lower()
        return SCOPED if is_scope(identifier, scopes) else DYNAMIC

    return _PLACEHOLDER.sub(mark, text)


@lru_cache(maxsize=4096)
def is_scope(identifier: str, scopes: tuple[str, ...]) -> bool:
    """Tell whether an identifier is one of the configured scope names."""
    return any(matches_name(scope, identifier) for scope in scopes)


def join(below: Below, text: str) -> Below:
    """Return what ``root / text`` means below the root; an absolute text leaves it."""
    if below is None or text.startswith(("/", "\\")):
        return None
    return _clip(f"{below}/{text}") if text else below


def concat(below: Below, text: str) -> Below:
    """Return what ``root + text`` means: text glued to the root's own name makes another name."""
    if below is None or (below == "" and text[:1] not in ("", "/", "\\")):
        return None
    return _clip(below + text)


def parent(below: Below) -> Below:
    """Return the directory of a path; that of the root lies outside."""
    names = parts(below)
    return "".join(f"/{name}" for name in names[:-1]) if names else None


def renamed(below: Below, name: str) -> Below:
    """Return the path with another last component."""
    return join(parent(below), name)


def resuffixed(below: Below, suffix: str) -> Below:
    """Return the path with another suffix of its last component."""
    names = parts(below)
    stem = names[-1].rpartition(".")[0] or names[-1] if names else ""
    return renamed(below, stem + suffix) if names else None


def restemmed(below: Below, stem: str) -> Below:
    """Return the path with another stem of its last component."""
    names = parts(below)
    _, dot, suffix = names[-1].rpartition(".") if names else ("", "", "")
    return renamed(below, stem + dot + suffix if dot else stem) if names else None


def parts(below: Below) -> tuple[str, ...]:
    """Return the components below the root; none for the root, and none for what lies outside."""
    found: list[str] = []
    path = (below or "").partition("?")[0]  # what follows is the query of a URI
    for name in re.split(r"[/\\]+", path.strip()):
        if name == "..":
            if not found:
                return ()
            found.pop()
        elif name not in ("", "."):
            found.append(name)
    return tuple(found)


def keeps_absolute(front: str) -> bool:
    """Tell whether an absolute path behind a text would stay one: nothing, or a URL's scheme."""
    return not front or _SCHEME.fullmatch(front) is not None


def is_read_only(below: Below) -> bool:
    """Tell whether a path is the URI of a database that is opened for reading (``?mode=ro``)."""
    return "mode=ro" in (below or "").partition("?")[2].split("&")


def is_constant(names: Iterable[str]) -> bool:
    """Tell whether every component is known before the program runs."""
    return not any(_MARK.search(name) for name in names)


def is_scoped(names: Iterable[str]) -> bool:
    """Tell whether a component holds a configured scope name."""
    return any(SCOPED in name for name in names)


def names_file(name: str) -> bool:
    """Tell whether a component has a file's suffix: ``a.json``, but not ``.stop`` or ``v1.2``."""
    return _SUFFIX.match(_MARK.sub("x", name)) is not None


def on_purpose(names: Iterable[str], shared: Iterable[str]) -> bool:
    """Tell whether a component is on the list of what runs share intentionally."""
    patterns = tuple(shared)
    return any(matches_name(pattern, name) for name in names for pattern in patterns)


def display(names: Iterable[str]) -> str:
    """Return the components as a person reads them, a ``*`` for what is not known."""
    return "/".join(_MARK.sub("*", name) for name in names)


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + DYNAMIC
