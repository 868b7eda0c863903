"""What the command tells about itself: rules, options, version, in the shapes that Ruff has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flake8_runsdir import __version__
from flake8_runsdir.arguments import UsageError
from flake8_runsdir.codes import PREFIX
from flake8_runsdir.config import Accessor, Pattern, Place
from flake8_runsdir.files import Found
from flake8_runsdir.options import CHECK_OPTIONS, OPTIONS, Option, quoted
from flake8_runsdir.rule import Rule
from flake8_runsdir.rules import ALL, find

_LINTER = {"prefix": PREFIX, "name": "flake8-runsdir", "url": None}


def rule(wanted: str | None, json: bool) -> str:
    """Return the page of a rule, by code or name, or the pages of all (``None``)."""
    if wanted is None:
        return _json([_rule(found) for found in ALL]) if json else "\n".join(r.page for r in ALL)
    found = find(wanted)
    if found is None:
        known = ", ".join(known.code for known in ALL)
        raise UsageError(f"unknown rule `{quoted(wanted)}`; there are {known}")
    return _json(_rule(found)) if json else found.page


def linter(json: bool) -> str:
    """Return the prefix of the codes, and whose it is."""
    return _json([_LINTER]) if json else f"{_LINTER['prefix']:>6} {_LINTER['name']}\n"


def config(wanted: str | None, json: bool) -> str:
    """Return what one option means, or the names of all (``None``)."""
    options = {option.name: option for option in (*OPTIONS, *CHECK_OPTIONS)}
    if wanted is None:
        if json:
            return _json({name: _option(option) for name, option in options.items()})
        return "".join(f"{name}\n" for name in options)
    found = options.get(wanted.replace("_", "-"))
    if found is None:
        raise UsageError(f"unknown option `{quoted(wanted)}`")
    if json:
        return _json(_option(found))
    details = _option(found)
    return (
        f"{details['doc']}\n\nDefault value: {details['default']}\n"
        f"Type: {details['value_type']}\n"
        f"Example usage:\n```toml\n{details['example']}\n```\n"
    )


def version(json: bool) -> str:
    """Return the version."""
    if json:
        return _json({"version": __version__, "commit_info": None})
    return f"runsdir {__version__}\n"


def settings(file: Found) -> Iterator[str]:
    """Yield the settings that hold for a file, and the rules that are on, in pieces."""
    found = file.settings
    yield f'Resolved settings for: "{quoted(file.path)}"\n'
    if found.origin:
        yield f'Settings path: "{quoted(found.origin)}"\n'
    yield "\n# General Settings\n"
    general = "root cache_dir baseline output_format max_file_size"
    for field in f"{general} fix fix_only show_fixes unsafe_fixes".split():
        yield _setting(field, getattr(found, field))
    yield "\n# File Resolver Settings\n"
    excluded = (*sorted(found.excludes.names), *found.excludes.patterns)
    included = (*(f"*{suffix}" for suffix in found.suffixes), *found.included)
    yield _setting("file_resolver.exclude", excluded)
    yield _setting("file_resolver.include", included)
    yield _setting("file_resolver.force_exclude", found.force_exclude)
    yield _setting("file_resolver.respect_gitignore", found.respect_gitignore)
    yield "\n# Linter Settings\n"
    yield _setting("linter.rules", tuple(f"{rule.name} ({rule.code})" for rule in found.rules()))
    exemptions = tuple(
        f"{'!' if one.negated else ''}{_shown(one.pattern)}: {', '.join(one.selectors)}"
        for one in found.exemptions()
    )
    yield _setting("linter.per_file_ignores", exemptions)
    yield "\n# Analysis Settings\n"
    for field, value in found.config._asdict().items():
        yield _setting(field, value)


def kind(option: Option) -> str:
    """Return the type of an option as its users see it."""
    names = {bool: "boolean", int: "number", str: "string", tuple: "list", dict: "table"}
    return names[type(option.default)]


def default(option: Option) -> str:
    """Return the default of an option as TOML."""
    import json

    value = option.default
    if isinstance(value, dict):
        rows = ", ".join(f"{key} = {json.dumps(items)}" for key, items in value.items())
        return f"{{ {rows} }}" if rows else "{}"
    return json.dumps(value)


def _rule(found: Rule) -> dict[str, Any]:
    return {
        "name": found.name,
        "code": found.code,
        "linter": _LINTER["name"],
        "summary": found.message,
        "message_formats": [found.message],
        "fix": "Fix is sometimes available." if found.is_fixable else "Fix is not available.",
        "fix_availability": "Sometimes" if found.is_fixable else "None",
        "explanation": found.page.partition("\n\n")[2],
        "preview": False,
        "status": {"Stable": {"since": "1.0.0"}},
        "category": "correctness",
        "source_location": None,
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "doc": option.help,
        "default": default(option),
        "value_type": kind(option),
        "scope": None,
        "example": f"{option.name} = {default(option)}",
        "deprecated": None,
    }


def _setting(name: str, value: object) -> str:
    if isinstance(value, tuple) and not isinstance(value, (Accessor, Pattern)):
        items = "".join(f"\t{_shown(item)},\n" for item in value)
        return f"{name} = [\n{items}]\n" if items else f"{name} = []\n"
    return f"{name} = {_shown(value)}\n"


def _shown(value: object) -> str:
    """Return a value as people read it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Accessor):
        return quoted(f"{value.module}:{value.expression}".lstrip(":"))
    if isinstance(value, Pattern):
        return quoted(f"{value.base.rstrip('/')}/{value.glob}")
    if isinstance(value, Place):
        return _shown(value.pattern) + (f":{quoted(value.name)}" if value.name else "")
    return quoted(str(value))


def _json(value: object) -> str:
    import json

    return json.dumps(value, indent=2) + "\n"
