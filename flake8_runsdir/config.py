"""The options of the analysis, checked and frozen, and the files that give them.

:func:`resolve` folds layers of options, later ones winning key by key, into one :class:`Config`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping

from flake8_runsdir import globs
from flake8_runsdir.options import (
    CHECK_OPTIONS,
    OPTIONS,
    PLUGIN_OPTIONS,
    TABLE,
    ConfigError,
    Layer,
    quoted,
    read,
)
from flake8_runsdir.reading import MissingError, UnreadableError, beginning
from flake8_runsdir.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from flake8_runsdir.options import Value

_PLUGIN = {option.name: option for option in PLUGIN_OPTIONS}
_ALL = {option.name: option for option in (*OPTIONS, *CHECK_OPTIONS)}
#: The files that may configure a directory and what is below it, the most important first.
FILES = (".runsdir.toml", "runsdir.toml", "pyproject.toml")
_LARGEST_FILE = 1 << 20


class Accessor(Record):
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


class Pattern(Record):
    """A glob and the directory that it is relative to."""

    glob: str
    base: str

    def matches(self, path: str, directories: bool = True) -> bool:
        """Tell whether a file lies where the pattern says; ``path`` may be relative to the cwd.

        Unless ``directories`` is false, a pattern that matches a directory covers what is in it.
        """
        absolute, glob = _slashed(os.path.abspath(path)), _slashed(self.glob)
        if os.path.isabs(self.glob):
            return globs.matches_path(glob, absolute, directories)
        base = os.path.abspath(self.base)
        while glob.startswith("../"):
            base, glob = os.path.dirname(base), glob[3:]
        root = _slashed(base).rstrip("/") + "/"
        inside = absolute[len(root) :] if absolute.startswith(root) else absolute
        return globs.matches_path(glob, inside, directories)


class Place(Record):
    """A further place that may define the default: a file, and a name in it unless any will do."""

    pattern: Pattern
    name: str


class Config(Record):
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


class Mending(Record):
    """How fixes are to look: the values of `accessor-type`, `fix-import`, `fix-import-style`."""

    accessor_type: str = "str"
    imports: str = "function"
    style: str = "absolute"


def fold(layers: Iterable[Layer]) -> dict[str, tuple[Value, str]]:
    """Return the values that layers give together, by option, with the directories they are from.

    Raises :class:`ConfigError` for an unknown key, a wrong type and a wrong value.
    """
    chosen = {}
    for layer in layers:
        # flake8's own files do not know the options of the checker.
        for option, value in read(layer, _PLUGIN if layer.prefix else _ALL):
            chosen[option.field] = value, layer.base
    return chosen


def resolve(*layers: Layer) -> Config:
    """Return the options of the analysis that the layers give together, the last layer winning.

    Raises :class:`ConfigError` for an unknown key, a wrong type and a wrong value.
    """
    return analysis(fold(layers), layers[0].base if layers else ".")


def analysis(given: Mapping[str, tuple[Value, str]], base: str) -> Config:
    """Return the options of the analysis in folded layers; ``base`` is where the defaults start."""
    chosen: dict[str, Any] = {option.field: option.default for option in OPTIONS}
    chosen.update((field, given[field][0]) for field in chosen if field in given)

    def start(field: str) -> str:
        return given[field][1] if field in given else base

    places = (definition.partition(":") for definition in chosen["definitions"])
    module, _, expression = chosen["accessor"].rpartition(":")
    special = {
        "accessor": Accessor(module, expression),
        "definitions": tuple(
            Place(Pattern(glob, start("definitions")), name) for glob, _, name in places
        ),
        "allow": tuple(Pattern(glob, start("allow")) for glob in chosen["allow"]),
    }
    return Config(**{**chosen, **special})


def check_inside(layer: Layer, key: str, path: str) -> None:
    """Raise :class:`ConfigError` if what a project's own file says leads out of the project."""
    real, top = os.path.realpath(path), os.path.realpath(layer.base)
    if real == top or not real.startswith(os.path.join(top, "")):
        raise ConfigError(f"{quoted(layer.origin)}: `{key}`: leads out of the project")


def nearest_layer(directory: str) -> Layer | None:
    """Return the options of the nearest configuration file in a directory or above it.

    Raises :class:`ConfigError` when such a file cannot be read; a broken ``pyproject.toml`` that
    does not even mention the table is none of our business.
    """
    folder = os.path.abspath(directory)
    while True:
        layer = layer_in(folder)
        above = os.path.dirname(folder)
        if layer is not None or above == folder:
            return layer
        folder = above


def layer_in(folder: str) -> Layer | None:
    """Return the options of the configuration file in one directory, if there is one."""
    for name in FILES:
        path = os.path.join(folder, name)
        data = _contents(path, is_ours=name != "pyproject.toml")
        if data is not None and (name != "pyproject.toml" or b"runsdir" in data):
            table = _table(path, data, whole=name != "pyproject.toml")
            if table is not None:
                return Layer(path, table, base=folder)
    return None


def layer_of(path: str) -> Layer:
    """Return the options of a configuration file that the user has named; it may give none.

    Raises :class:`ConfigError` when it cannot be read.
    """
    data = _contents(path, is_ours=True)
    if data is None:
        raise ConfigError(f"{quoted(path)}: cannot be read")
    whole = os.path.basename(path) != "pyproject.toml"
    base = os.path.dirname(os.path.abspath(path))
    return Layer(path, _table(path, data, whole=whole) or {}, base=base)


def parse_toml(origin: str, text: str) -> dict[str, Any]:
    """Return the tables of a TOML text.  Raises :class:`ConfigError` when it is not valid."""
    if sys.version_info >= (3, 11):
        import tomllib as toml
    else:
        import tomli as toml
    try:
        return toml.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error) or type(error).__name__
        raise ConfigError(f"{quoted(origin)}: not valid TOML: {quoted(reason)}") from None


def _contents(path: str, is_ours: bool) -> bytes | None:
    """Return what a file begins with, one byte more than is allowed; nothing if there is none.

    Raises :class:`ConfigError` for a file that is ours and cannot be read.
    """
    try:
        return beginning(path, _LARGEST_FILE + 1)
    except MissingError:
        return None
    except UnreadableError as error:
        if is_ours and os.path.lexists(path):  # in a closed directory nobody knows
            raise ConfigError(f"{quoted(path)}: cannot be read: {error}") from None
        return None


def _table(path: str, data: bytes, whole: bool) -> Mapping[str, object] | None:
    """Return the table of options in a file: all of it, or ``[tool.runsdir]`` in it."""
    if len(data) > _LARGEST_FILE:
        raise ConfigError(f"{quoted(path)}: larger than 1 MiB")
    try:
        content = parse_toml(path, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{quoted(path)}: not valid TOML: {error}") from None
    if whole:
        return content
    tool = content.get("tool", {})
    table = tool.get("runsdir") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{quoted(path)}: `{TABLE}` is not a table")
    return table


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/")
