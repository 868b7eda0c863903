r"""Texts from outside, made harmless to whoever prints them.

A terminal obeys control characters, a reader is misled by bidirectional ones, and a build server
takes ``##vso[...]`` or a line that begins with ``::`` for a command.
"""

from __future__ import annotations

import re

from flake8_runsdir.options import quoted

_COMMAND = re.compile(r"#(?=#[A-Za-z]*\[)")
_SURROGATE = re.compile("[\ud800-\udfff]")


def shown(text: str) -> str:
    r"""Return a text on one line: what is not printable as ``\xNN`` or ``\uNNNN``, no commands."""
    escaped = text if text.isprintable() else quoted(text)
    return without_commands(escaped, r"\x23")


def beginning(path: str) -> str:
    """Return a relative path that is shown as it may begin a line; the path is still the same."""
    return f"./{path}" if path.lstrip().startswith("::") else path


def without_commands(text: str, number_sign: str) -> str:
    """Return a text with the first ``#`` of every ``##name[`` written in another way."""
    return _COMMAND.sub(lambda _: number_sign, text) if "##" in text else text


def well_formed(text: str) -> str:
    r"""Return a text as every encoding of Unicode can carry it: lone surrogates as ``\uNNNN``."""
    if text.isascii():
        return text
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
