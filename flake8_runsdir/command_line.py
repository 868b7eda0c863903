"""What the command line says about the configuration: the file to read, and options of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable

from flake8_runsdir.arguments import Options, UsageError
from flake8_runsdir.config import layer_of, parse_toml
from flake8_runsdir.options import Layer, quoted
from flake8_runsdir.settings import Resolver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ORIGIN = "command line"
#: Flags that are options of the configuration by the same name.
_PLAIN = "respect_gitignore force_exclude output_format cache_dir target_version preview".split()
_PLAIN += "fix fix_only unsafe_fixes show_fixes baseline".split()
_SELECTORS = "select extend_select ignore extend_ignore".split()
_SELECTORS += "fixable extend_fixable unfixable extend_unfixable".split()
_GLOBS = "exclude extend_exclude".split()
_TABLES = "per_file_ignores extend_per_file_ignores".split()


def resolver(options: Options, cwd: str) -> Resolver:
    """Return the resolver of settings that a command line asks for.

    Raises :class:`UsageError`, and :class:`ConfigError` for a configuration that is wrong.
    """
    file, values = _configured(options, cwd)
    for field in (*_PLAIN, *_SELECTORS, *_GLOBS, *_TABLES):
        given = getattr(options, field)
        if given is None:
            continue
        if field == "baseline":
            given = given or ""  # `--no-baseline`
        elif field in _SELECTORS:
            given = tuple(item.strip() for item in given)
        elif field in _GLOBS:
            given = tuple(filter(None, map(str.strip, given)))
        elif field in _TABLES:
            given = _table(field, given)
        values[field.replace("_", "-")] = given
    return Resolver(Layer(ORIGIN, values, cwd), file, cwd)


def _configured(options: Options, cwd: str) -> tuple[Layer | None, dict[str, Any]]:
    """Return the configuration file that is named, if there is one, and the options given singly.

    Of several values for one option the first counts, as with Ruff.
    """
    values: dict[str, Any] = {}
    file = Layer("", {}, cwd) if options.isolated else None
    for item in options.config or ():
        if "=" in item and not os.path.exists(item):
            for key, value in parse_toml("--config", item).items():
                values.setdefault(key.replace("_", "-"), value)
        elif options.isolated:
            raise UsageError(f"the argument '--config={item}' cannot be used with '--isolated'")
        elif file is not None:
            raise UsageError("you cannot specify more than one configuration file")
        else:
            file = layer_of(item)
    return file, values


def _table(field: str, items: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the table that a list of ``glob:code`` stands for."""
    table: dict[str, tuple[str, ...]] = {}
    for item in items:
        glob, colon, code = item.rpartition(":")
        if not colon:
            flag = field.replace("_", "-")
            problem = "Expected <FilePattern>:<RuleCode> pattern"
            raise UsageError(f"invalid value '{quoted(item)}' for '--{flag}': {problem}")
        table[glob.strip()] = (*table.get(glob.strip(), ()), code.strip())
    return table
