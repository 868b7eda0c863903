"""What ``runsdir check`` does with the files of a directory: the nearest configuration, resolved.

As with Ruff, the nearest file that configures a directory speaks alone: it is not merged with one
further up.  The command line has the last word.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

from flake8_runsdir.config import (
    FILES,
    Config,
    Mending,
    Pattern,
    analysis,
    check_inside,
    fold,
    layer_in,
)
from flake8_runsdir.options import CHECK_OPTIONS, Layer
from flake8_runsdir.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from flake8_runsdir.options import Value
    from flake8_runsdir.rule import Rule
    from flake8_runsdir.selection import Exemption, Fixability, Selectors

_SELECTORS = ("select", "extend_select", "ignore", "extend_ignore")
_FIXABLE = ("fixable", "extend_fixable", "unfixable", "extend_unfixable")
_SAFETY = ("extend_safe_fixes", "extend_unsafe_fixes")
_EXEMPTIONS = ("per_file_ignores", "extend_per_file_ignores")


class Excludes(Record):
    """What is left out: plain names, for which one look is enough, and patterns."""

    names: frozenset[str]
    patterns: tuple[Pattern, ...]

    def match(self, path: str) -> bool:
        """Tell whether an absolute path is left out; those above it are not asked about."""
        if os.path.basename(path) in self.names:
            return True
        return any(pattern.matches(path, directories=False) for pattern in self.patterns)


class Settings(Record):
    """The resolved options of one directory and of those below it that have no others.

    ``origin`` is the configuration file (or empty), ``root`` the directory that it stands in;
    ``suffixes`` and ``included`` tell the files that are looked at in directories.  Unsafe fixes
    are neither applied nor spoken of if that is said (``False``), and only spoken of by default.
    The globs of ``statuses`` are relative to ``statuses_base``.
    """

    config: Config
    mending: Mending
    places: tuple[Layer, ...]
    origin: str
    root: str
    suffixes: tuple[str, ...]
    included: tuple[Pattern, ...]
    excludes: Excludes
    respect_gitignore: bool
    force_exclude: bool
    output_format: str
    cache_dir: str
    baseline: str
    max_file_size: int
    fix: bool
    fix_only: bool
    show_fixes: bool
    unsafe_fixes: bool | None
    statuses: tuple[tuple[str, tuple[str, ...]], ...]
    statuses_base: str
    priorities: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def is_selective(self) -> bool:
        """Whether rules are selected or ignored at all; if not, the rules need not be loaded."""
        return any(field in layer.values for layer in self.places for field in _spellings())

    @property
    def stamp(self) -> str:
        """Everything in the settings that findings depend on, as a text to compare."""
        chosen = [
            (layer.base, sorted((k, repr(v)) for k, v in layer.values.items() if k in _spellings()))
            for layer in self.places
        ]
        return repr((self.config, self.mending, chosen))

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that are on.  Raises :class:`ConfigError` for an unknown selector."""
        from flake8_runsdir.selection import active_rules

        return active_rules(_selectors(layer, _SELECTORS) for layer in self.places)

    def fixability(self) -> Fixability:
        """Return which fixes are wanted.  Raises as :meth:`rules` does."""
        from flake8_runsdir.selection import fixability

        places = [_selectors(layer, _FIXABLE) for layer in self.places]
        return fixability(places, (_safety(layer) for layer in self.places))

    def exemptions(self) -> tuple[Exemption, ...]:
        """Return the rules that are off in some files.  Raises as :meth:`rules` does."""
        given: list[Exemption] = []
        for layer in self.places:
            values = {key.replace("-", "_"): value for key, value in layer.values.items()}
            if "per_file_ignores" in values:
                given.clear()
            for field in _EXEMPTIONS:
                given.extend(_exemptions(layer, values.get(field, {})))
        return tuple(given)

    def leaves_out(self, path: str) -> bool:
        """Tell whether an absolute path or a directory above it is excluded.

        As with Ruff, the directory of the configuration is the last one that is asked about.
        """
        while path != self.root:
            if self.excludes.match(path):
                return True
            if path == os.path.dirname(path):
                return False
            path = os.path.dirname(path)
        # Patterns are relative to this directory, so only its name can be meant.
        return os.path.basename(path) in self.excludes.names

    def includes(self, path: str) -> bool:
        """Tell whether a file that was found in a directory is looked at."""
        return path.endswith(self.suffixes) or any(
            pattern.matches(path) for pattern in self.included
        )


class Resolver:
    """Finds and remembers the settings of directories.

    ``command`` is what the command line says; ``fixed`` is the configuration that it names (or an
    empty layer for ``--isolated``), which then holds everywhere.
    """

    def __init__(self, command: Layer, fixed: Layer | None = None, cwd: str | None = None) -> None:
        self._command = command
        self._cwd = cwd or os.getcwd()
        self._known: dict[str, Settings] = {}
        self._fixed = None if fixed is None else resolved(fixed, command)

    def at(self, directory: str) -> Settings:
        """Return the settings of an absolute directory.

        Raises :class:`ConfigError` when the nearest configuration is wrong.
        """
        if self._fixed is not None:
            return self._fixed
        missing = []
        while directory not in self._known:
            missing.append(directory)
            above = os.path.dirname(directory)
            settings = self._in(directory, is_top=above == directory)
            if settings is not None:
                self._known[directory] = settings
                break
            directory = above
        settings = self._known[directory]
        self._known.update(dict.fromkeys(missing, settings))
        return settings

    def below(self, settings: Settings, directory: str, names: Collection[str]) -> Settings:
        """Return the settings of a directory whose entries have been listed.

        ``settings`` are those of the directory above it.  Raises as :meth:`at` does.
        """
        if self._fixed is None and any(name in names for name in FILES):
            layer = layer_in(directory)
            if layer is not None:
                return self._found(layer)
        return settings

    def _in(self, directory: str, is_top: bool) -> Settings | None:
        """Return the settings that begin to hold in a directory; some hold at the top."""
        layer = layer_in(directory)
        if layer is not None:
            return self._found(layer)
        if not is_top:
            return None
        return resolved(_of_the_user(self._cwd) or Layer("", {}, self._cwd), self._command)

    def _found(self, layer: Layer) -> Settings:
        """Return the settings that a file gives that the user may never have seen."""
        settings = resolved(layer, self._command)
        for field, path in (("cache_dir", settings.cache_dir), ("baseline", settings.baseline)):
            if path and _gives(layer, field) and not _gives(self._command, field):
                check_inside(layer, field.replace("_", "-"), path)
        return settings


def resolved(file: Layer, command: Layer) -> Settings:
    """Return the settings that a configuration file and the command line give together.

    Raises :class:`ConfigError` for an unknown key, a wrong type and a wrong value.
    """
    given = fold((file, command))
    defaults: dict[str, Any] = {option.field: option.default for option in CHECK_OPTIONS}
    values = {**defaults, **{field: value for field, (value, _) in given.items()}}
    root = file.base
    included = [*_patterns(given, values, "include", root)]
    included += _patterns(given, values, "extend_include", root)
    excluded = [*_patterns(given, values, "exclude", root)]
    excluded += _patterns(given, values, "extend_exclude", root)
    places = {
        field: os.path.join(given[field][1] if field in given else root, values[field])
        for field in ("cache_dir", "baseline")
        if values[field]
    }
    settings = Settings(
        config=analysis(given, root),
        mending=Mending(values["accessor_type"], values["fix_import"], values["fix_import_style"]),
        places=(file, command),
        origin=file.origin,
        root=root,
        suffixes=tuple(p.glob[1:] for p in included if _is_suffix(p.glob)),
        included=tuple(p for p in included if not _is_suffix(p.glob)),
        excludes=Excludes(
            frozenset(p.glob for p in excluded if _is_plain(p.glob)),
            tuple(p for p in excluded if not _is_plain(p.glob)),
        ),
        respect_gitignore=values["respect_gitignore"],
        force_exclude=values["force_exclude"],
        output_format=values["output_format"],
        cache_dir=places["cache_dir"],
        baseline=os.path.normpath(places["baseline"]) if "baseline" in places else "",
        max_file_size=values["max_file_size"],
        fix=values["fix"],
        fix_only=values["fix_only"],
        show_fixes=values["show_fixes"],
        unsafe_fixes=values["unsafe_fixes"] if "unsafe_fixes" in given else None,
        statuses=_table(defaults["statuses"], values["statuses"]),
        statuses_base=given["statuses"][1] if "statuses" in given else root,
        priorities=_table(defaults["priorities"], values["priorities"]),
    )
    if settings.is_selective:
        settings.rules()
        settings.exemptions()
        settings.fixability()
    return settings


def _patterns(
    given: Mapping[str, tuple[Value, str]], values: Mapping[str, Any], field: str, root: str
) -> tuple[Pattern, ...]:
    base = given[field][1] if field in given else root
    return tuple(Pattern(crossing(glob), base) for glob in values[field])


def _table(default: Any, given: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return a table, with the defaults of the keys that are not given."""
    return tuple({**default, **dict(given)}.items())


def _gives(layer: Layer, field: str) -> bool:
    return any(key.replace("-", "_") == field for key in layer.values)


def crossing(glob: str) -> str:
    """Return a glob in which a `*` at the start of a component crosses slashes, as in Ruff's."""
    parts = []
    for part in glob.split("/"):
        if part.startswith("*") and part != "**" and "/" in glob:
            parts.append("**")
        parts.append(part)
    return "/".join(parts)


def _is_plain(glob: str) -> bool:
    return not any(character in glob for character in "/*?[")


def _is_suffix(glob: str) -> bool:
    return glob.startswith("*.") and _is_plain(glob[1:])


def _spellings() -> tuple[str, ...]:
    fields = (*_SELECTORS, *_FIXABLE, *_SAFETY, *_EXEMPTIONS)
    return (*fields, *(field.replace("_", "-") for field in fields))


def _selectors(layer: Layer, fields: tuple[str, str, str, str]) -> Selectors:
    from flake8_runsdir.selection import Selectors

    values: dict[str, Any] = {key.replace("-", "_"): item for key, item in layer.values.items()}
    select, extend, ignore, further = fields
    return Selectors(
        layer.origin,
        None if values.get(select) is None else tuple(values[select]),
        tuple(values.get(extend, ())),
        (*values.get(ignore, ()), *values.get(further, ())),
        keys=(select.replace("_", "-"), ignore.replace("_", "-")),
    )


def _safety(layer: Layer) -> Selectors:
    safe, unsafe = _SAFETY
    return _selectors(layer, ("safe_fixes", safe, unsafe, ""))


def _exemptions(layer: Layer, table: Any) -> list[Exemption]:
    from flake8_runsdir.selection import Exemption, check_selectors

    found = []
    for glob, selectors in table.items():
        check_selectors(layer.origin, "per-file-ignores", selectors)
        negated = glob.startswith("!")
        pattern = Pattern(crossing(glob[1:] if negated else glob), layer.base)
        found.append(Exemption(pattern, negated, tuple(selectors)))
    return found


def _of_the_user(base: str) -> Layer | None:
    """Return the options of the user's own configuration, for files that no other one governs.

    They hold as if they stood in the directory ``base``.
    """
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    layer = layer_in(os.path.join(home, "runsdir"))
    return None if layer is None else layer._replace(base=base)
