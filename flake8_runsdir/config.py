"""The options of the linter: each declared once, read from wherever users write them.

A source of options is a :class:`Layer`: plain values and the name of the place they stand in, so
that every complaint can name file and key.  :func:`resolve` checks the layers and folds them, later
ones winning key by key, into one frozen :class:`Config`.
"""

from __future__ import annotations

import keyword
import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Callable, Optional, Union

from flake8_runsdir import globs

Value = Union[str, bool, "tuple[str, ...]"]
#: Tells what is wrong with one value ("is empty"), or ``None``.
Check = Callable[[str], Optional[str]]

TABLE = "tool.runsdir"
_LARGEST_FILE = 1 << 20


class ConfigError(Exception):
    """A wrong value in a configuration: the message names the place, the key and what is wrong."""


@dataclass(frozen=True)
class Option:
    """One option: its name, its default (which gives its type), its check and its explanation."""

    name: str
    default: Value
    check: Check
    help: str

    @property
    def field(self) -> str:
        """The name of the option as a Python identifier."""
        return self.name.replace("-", "_")


@dataclass(frozen=True)
class Layer:
    """Options from one place.

    ``origin`` is what messages call the place; ``prefix`` is what keys carry there (``runsdir-`` in
    flake8's files); ``base`` is the directory that relative patterns start from.
    """

    origin: str
    values: Mapping[str, object]
    base: str
    prefix: str = ""


@dataclass(frozen=True)
class Accessor:
    """The expression that yields the configured directory, and the module it comes from."""

    module: str
    expression: str

    @property
    def last(self) -> str:
        """The last name of the expression, by which the accessor is recognised."""
        return self.expression.rpartition(".")[2]

    @property
    def holder(self) -> str:
        """The first name of the expression: the object that holds the settings."""
        return self.expression.partition(".")[0]


@dataclass(frozen=True)
class Pattern:
    """A glob and the directory that it is relative to."""

    glob: str
    base: str

    def matches(self, path: str) -> bool:
        """Tell whether a file lies where the pattern says; ``path`` may be relative to the cwd."""
        absolute, glob = _slashed(os.path.abspath(path)), _slashed(self.glob)
        if os.path.isabs(self.glob):
            return globs.matches_path(glob, absolute)
        base = os.path.abspath(self.base)
        while glob.startswith("../"):
            base, glob = os.path.dirname(base), glob[3:]
        root = _slashed(base).rstrip("/") + "/"
        inside = absolute[len(root) :] if absolute.startswith(root) else absolute
        return globs.matches_path(glob, inside)


@dataclass(frozen=True)
class Place:
    """A further place that may define the default: a file, and a name in it unless any will do."""

    pattern: Pattern
    name: str


@dataclass(frozen=True)
class Config:
    """All options, checked.  Lists are tuples; see :data:`OPTIONS` for their meaning."""

    names: tuple[str, ...]
    accessor: Accessor
    env_vars: tuple[str, ...]
    definitions: tuple[Place, ...]
    scopes: tuple[str, ...]
    strict_scopes: bool
    shared: tuple[str, ...]
    allow: tuple[Pattern, ...]
    joins: tuple[str, ...]

    def allows(self, path: str) -> Pattern | None:
        """Return the entry of the allowlist that covers a file, if there is one."""
        return next((pattern for pattern in self.allow if pattern.matches(path)), None)


def _dotted(value: str) -> str | None:
    wrong = [
        part for part in value.split(".") if not part.isidentifier() or keyword.iskeyword(part)
    ]
    return "is not a dotted name such as `settings.runs_dir`" if wrong else None


def _accessor(value: str) -> str | None:
    if value.count(":") > 1:
        return "is neither `module:dotted.name` nor a dotted name"
    return next((wrong for part in value.split(":") if (wrong := _dotted(part))), None)


def _directory(value: str) -> str | None:
    parts = value.split("/")
    if not value or any(part in ("", ".", "..") for part in parts):
        return "is not the name of a directory"
    if re.search(r"[\s\\\"'`=:,;()\[\]{}<>|*?\x00-\x1f\x7f]", value):
        return "holds a character that separates names"
    return None


def _variable(value: str) -> str | None:
    return None if value.isidentifier() else "is not the name of an environment variable"


def _scope(value: str) -> str | None:
    valid = value.replace("*", "x").replace("?", "x").isidentifier()
    return None if valid else "is not an identifier (a `*` may stand for any part of one)"


def _component(value: str) -> str | None:
    return "holds a slash: one component is meant" if "/" in value else globs.problem(value)


def _place(value: str) -> str | None:
    path, colon, name = value.partition(":")
    if colon and not name.isidentifier():
        return "is neither `path/glob.py` nor `path/glob.py:NAME`"
    return globs.problem(path)


def _flag(value: str) -> str | None:
    return None if value.lower() in _FLAGS else "is neither true nor false"


_COMMENT = "is a comment, which must stand on a line of its own"
_FLAGS = {"true": True, "1": True, "yes": True, "on": True}
_FLAGS.update({"false": False, "0": False, "no": False, "off": False})

OPTIONS: tuple[Option, ...] = (
    Option(
        "names",
        (".autonomous_runs",),
        _directory,
        "Names of the runs directory. A name may have several components (`var/runs`).",
    ),
    Option(
        "accessor",
        "settings.autonomous_runs_dir",
        _accessor,
        "How code should reach the directory. `pkg.config:settings.autonomous_runs_dir` also says "
        "where it is imported from; then the default may be defined in that module only.",
    ),
    Option(
        "env-vars",
        ("AUTONOMOUS_RUNS_DIR",),
        _variable,
        "Environment variables that configure the directory.",
    ),
    Option(
        "definitions",
        (),
        _place,
        "Further places that may define a default: `path/glob.py` or `path/glob.py:NAME`.",
    ),
    Option(
        "scopes",
        ("run_id", "run_name", "run_uuid", "run_dir", "*_run_id"),
        _scope,
        "Identifiers that tell one run from another.",
    ),
    Option(
        "strict-scopes",
        False,
        _flag,
        "A path is scoped only by one of `scopes`, not by any dynamic component.",
    ),
    Option(
        "shared",
        (".locks", ".workspace_leases", "workspaces", "*.lock"),
        _component,
        "Components that make a path shared on purpose.",
    ),
    Option(
        "allow",
        ("docs/**", "**/migrations/**", "**/alembic/versions/**"),
        globs.problem,
        "The allowlist: files whose findings are not reported. Relative to the configuration file.",
    ),
    Option(
        "joins",
        (),
        _dotted,
        "Functions of the project that join path components, such as `hass.config.path`.",
    ),
)

_BY_NAME = {option.name: option for option in OPTIONS}


def resolve(*layers: Layer) -> Config:
    """Return the options that the layers give together, the last layer winning key by key.

    Raises :class:`ConfigError` for an unknown key, a wrong type and a wrong value.
    """
    chosen: dict[str, Value] = {option.field: option.default for option in OPTIONS}
    bases = {option.field: layers[0].base if layers else "." for option in OPTIONS}
    for layer in layers:
        for key, value in layer.values.items():
            option = _option(layer, key)
            chosen[option.field] = _checked(layer, key, option, value)
            bases[option.field] = layer.base
    definitions = tuple(_places(chosen["definitions"], bases["definitions"]))
    allow = tuple(Pattern(glob, bases["allow"]) for glob in _list(chosen["allow"]))
    module, _, expression = str(chosen["accessor"]).rpartition(":")
    return Config(
        names=_list(chosen["names"]),
        accessor=Accessor(module, expression),
        env_vars=_list(chosen["env_vars"]),
        definitions=definitions,
        scopes=_list(chosen["scopes"]),
        strict_scopes=bool(chosen["strict_scopes"]),
        shared=_list(chosen["shared"]),
        allow=allow,
        joins=_list(chosen["joins"]),
    )


def pyproject_layer(directory: str) -> Layer | None:
    """Return the ``[tool.runsdir]`` table of the nearest ``pyproject.toml`` that has one.

    Looks in ``directory`` and above it.  Raises :class:`ConfigError` when such a file cannot be
    read; a broken file that does not even mention the table is none of our business.
    """
    start = Path(directory).absolute()
    for folder in (start, *start.parents):
        path = folder / "pyproject.toml"
        data = _read(path)
        if b"runsdir" in data:
            table = _table(path, data)
            if table is not None:
                return Layer(str(path), table, base=str(folder))
    return None


def _read(path: Path) -> bytes:
    """Return what a regular file begins with; nothing for a file that cannot be read, or a pipe."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
            return file.read(_LARGEST_FILE + 1) if regular else b""
    except OSError:
        return b""


def _table(path: Path, data: bytes) -> Mapping[str, object] | None:
    if len(data) > _LARGEST_FILE:
        raise ConfigError(f"{quoted(str(path))}: larger than 1 MiB")
    if sys.version_info >= (3, 11):
        import tomllib as toml
    else:
        import tomli as toml
    try:
        content: Any = toml.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = str(error) or type(error).__name__
        raise ConfigError(f"{quoted(str(path))}: not valid TOML: {quoted(reason)}") from None
    tool = content.get("tool", {})
    table = tool.get("runsdir") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{quoted(str(path))}: `{TABLE}` is not a table")
    return table


def quoted(text: str) -> str:
    """Return a text from outside as it may be shown: control and format characters escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def _option(layer: Layer, key: str) -> Option:
    spelled = key.replace("_", "-")
    name = spelled[len(layer.prefix) :] if spelled.startswith(layer.prefix) else spelled
    option = _BY_NAME.get(name)
    if option is None:
        near = get_close_matches(name, _BY_NAME, 1)
        hint = f"; did you mean `{layer.prefix}{near[0]}`?" if near else ""
        raise ConfigError(f"{quoted(layer.origin)}: unknown key `{quoted(key)}`{hint}")
    return option


def _checked(layer: Layer, key: str, option: Option, value: object) -> Value:
    """Return a value in the type of its option, every item of it checked."""
    where = f"{quoted(layer.origin)}: `{quoted(key)}`"
    items = _items(where, option, value)
    for item in items:
        problem = _COMMENT if item.startswith("#") else option.check(item)
        if problem is not None:
            raise ConfigError(f"{where}: `{quoted(item)}` {problem}")
    if option.name == "names" and not items:
        raise ConfigError(f"{where}: at least one name is needed")
    if isinstance(option.default, tuple):
        return tuple(items)
    return _FLAGS[items[0].lower()] if isinstance(option.default, bool) else items[0]


def _items(where: str, option: Option, value: object) -> list[str]:
    """Return a value as the strings that it consists of; only a list option has several."""
    if isinstance(option.default, bool) and isinstance(value, bool):
        return [str(value)]
    if not isinstance(option.default, tuple):
        if not isinstance(value, str):
            wanted = "true or false" if isinstance(option.default, bool) else "a string"
            raise ConfigError(f"{where}: {wanted} expected")
        return [value]
    items = value if isinstance(value, (list, tuple)) else [None]
    strings = [item for item in items if isinstance(item, str)]
    if len(strings) < len(items):
        raise ConfigError(f"{where}: a list of strings expected")
    return strings


def _list(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def _places(value: Value, base: str) -> Iterator[Place]:
    for item in _list(value):
        path, _, name = item.partition(":")
        yield Place(Pattern(path, base), name)


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/")
