"""What the command tells about itself: rules, options, version, in the shapes that Ruff has."""

from __future__ import annotations

from typing import Any

from flake8_runsdir import __version__
from flake8_runsdir.arguments import UsageError
from flake8_runsdir.options import CHECK_OPTIONS, OPTIONS, Option, quoted
from flake8_runsdir.rule import Rule
from flake8_runsdir.rules import ALL, find

_LINTER = {"prefix": "RUN", "name": "flake8-runsdir", "url": None}


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


def kind(option: Option) -> str:
    """Return the type of an option as its users see it."""
    names = {bool: "boolean", int: "number", str: "string", tuple: "list", dict: "table"}
    return names[type(option.default)]


def default(option: Option) -> str:
    """Return the default of an option as TOML."""
    import json

    value = option.default
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def _rule(found: Rule) -> dict[str, Any]:
    return {
        "name": found.name,
        "code": found.code,
        "linter": _LINTER["name"],
        "summary": found.message,
        "message_formats": [found.message],
        "fix": "Fix is not available.",
        "fix_availability": "None",
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


def _json(value: object) -> str:
    import json

    return json.dumps(value, indent=2) + "\n"
