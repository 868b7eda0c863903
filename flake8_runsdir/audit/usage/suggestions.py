"""What to write instead of a mention in a text that is no Python: the line as it should be.

A line is suggested only if it would do, where the variable is set and where it is not: every
expression falls back on what stands there now, since an empty word in front of ``/*`` would be the
root directory.  The variable names the whole directory; so what leads to it becomes a part of the
default.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flake8_runsdir.audit.languages import Kind
from flake8_runsdir.audit.usage.frames import Frame, frames
from flake8_runsdir.audit.usage.spot import Spot

#: What leads to a directory in a word of a shell, and in a string of JavaScript.
_IN_WORD = re.compile(r"(?:\"\$\{?\w+\}?\"|\$\{\w+\}|\$\([\w ]+\)|\$\$?\w+|[\w.@%+-]|~|/)*\Z")
_IN_STRING = re.compile(r"(?:\$\{[^{}`]*\}|[\w.@%+-]|/)*")
#: Behind what a word can begin: in a command, and in a value of YAML.
_BEGINS = re.compile(r"(?:^|[\s=,;(|&<>\"'`])\Z")
_BEGINS_VALUE = re.compile(r"(?:^|[\s\"'])\Z")
_CURRENT = re.compile(r"\A(?:\./+)+")
#: The default that a shell takes for another variable.
_OTHER_DEFAULT = re.compile(r"\w+:?[-=]")
#: What of a string in single quotes would mean something else in double ones.
_SPECIAL = re.compile(r"[$`\"\\!\s]")
#: Instructions of Docker whose words no shell sees, or that replace no variable.
_PLAIN_DOCKER = re.compile(
    r"\s*(?:(?:RUN|CMD|ENTRYPOINT|SHELL|HEALTHCHECK)\b.*\[|FROM\b|LABEL\b)", re.IGNORECASE
)
#: The lexers of languages that have `??`.
_NULLISH = ("javascript", "typescript", "jsx", "tsx", "vue")
#: Where JavaScript takes literals only; and where an expression needs no brackets.
_LITERAL_ONLY = re.compile(
    r"\s*(?:import\b(?!\()|export\b.*\bfrom\b|\}\s*from\b|(?:export\s+)?(?:type|interface)\s)"
    r"|.*(?:<[\w.]+[^>]*=\s*|\brequire(?:\.\w+)?\(\s*)\Z"
)
_FREE_BEFORE = re.compile(r"(?:.*(?:[(,\[:]|(?<![=!<>])=|=>|\breturn))?\s*\Z", re.DOTALL)
_FREE_BEHIND = re.compile(r"\s*(?:[),;\]}]|\Z)")
_KEY_BEHIND = re.compile(r"\s*:")


def in_command(spot: Spot, variable: str, kind: Kind) -> str:
    """Return the line of a mention in a command, as it should be; nothing if that is not known."""
    if not variable:
        return ""
    if kind is Kind.MAKE:
        return _in_word(spot, f"$(or $({variable}),@)")
    if kind is Kind.DOCKER:
        is_plain = _PLAIN_DOCKER.match(spot.left) is not None
        return "" if is_plain else _in_word(spot, f"${{{variable}:-@}}")
    is_bourne = spot.language.kind is not Kind.SHELL or spot.language.lexer == "bash"
    return _in_shell(spot, variable) if kind is Kind.SHELL and is_bourne else ""


def in_document(spot: Spot, variable: str) -> str:
    """Return the same for a mention in a here document, in which quotes are not special."""
    return _in_word(spot, f"${{{variable}:-@}}") if variable else ""


def in_workflow(spot: Spot, variable: str) -> str:
    """Return the same for a mention in a workflow of GitHub."""
    around = frames(Kind.DATA, [], spot.left, spot.right)
    if not variable or around[0].opener == "'":
        return ""
    return _in_value(spot, f"${{{{ env.{variable} || '@' }}}}", keeps_current=False)


def in_compose(spot: Spot, variable: str) -> str:
    """Return the same for a mention in a file of Docker Compose."""
    return _in_value(spot, f"${{{variable}:-@}}", keeps_current=True) if variable else ""


def in_script(spot: Spot, variable: str) -> str:
    """Return the same for a mention in a string of JavaScript."""
    around = frames(Kind.SCRIPT, [], spot.left, spot.right)
    if not variable or spot.language.lexer not in _NULLISH or not around[0].is_string:
        return ""
    quote, leading = around[0].opener, around[0].whole
    before = spot.left[: len(spot.left) - len(leading) - 1]
    rest, _, behind = spot.right.partition(quote)
    if _LITERAL_ONLY.match(before) or before.rstrip().endswith("+") or _KEY_BEHIND.match(behind):
        return ""
    if (
        not _IN_STRING.fullmatch(leading)
        or rest[:1] not in ("", "/")
        or (quote != "`" and re.search(r"[`\\]|\$\{", rest))
    ):
        return ""
    joined = _resolved(before, around)
    if joined is None:
        return ""
    literal = "`" if "${" in leading else '"'
    default = f"{literal}{_CURRENT.sub('', leading)}{spot.mention}{literal}"
    expression = f"process.env.{variable} ?? {default}"
    if rest:
        expression = f"`${{{expression}}}{rest}`"
    elif not (_FREE_BEFORE.match(joined) and _FREE_BEHIND.match(behind)):
        expression = f"({expression})"
    return f"{joined}{expression}{behind}".strip()


def _in_shell(spot: Spot, variable: str) -> str:
    """Return the line of a mention in a command of a shell."""
    inner = frames(Kind.SHELL, [], spot.left, spot.right)[0]
    if inner.opener == "${":
        other = _OTHER_DEFAULT.match(inner.whole)
        return _filled(spot, inner.whole[other.end() :], f"${{{variable}:-@}}") if other else ""
    if inner.opener == '"':
        return "" if "~" in inner.whole else _in_word(spot, f"${{{variable}:-@}}")
    if inner.opener != "'":
        return _in_word(spot, f'"${{{variable}:-@}}"')
    rest, _, behind = spot.right.partition("'")
    if _SPECIAL.search(inner.whole) or _SPECIAL.search(rest):
        return ""
    before = spot.left[: len(spot.left) - len(inner.whole) - 1]
    swapped = spot._replace(left=f'{before}"{inner.whole}', right=f'{rest}"{behind}')
    return _in_word(swapped, f"${{{variable}:-@}}")


def _in_word(spot: Spot, expression: str) -> str:
    """Return the line with an expression for the mention and what leads to it in its word.

    The expression has an ``@`` for the default.
    """
    found = _IN_WORD.search(spot.left)
    leading = found[0] if found is not None else ""
    if not _BEGINS.search(spot.left[: len(spot.left) - len(leading)]):
        return ""
    if leading.startswith(("-", "//")) or re.search(r"~(?!/)|(?<!^)~", leading):
        return ""
    return _filled(spot, leading, expression)


def _in_value(spot: Spot, expression: str, *, keeps_current: bool) -> str:
    """Return the same for a value of YAML, which is a path, perhaps with another behind a colon."""
    leading = re.search(r"[\w./-]*\Z", spot.left)
    if leading is None or not _BEGINS_VALUE.search(spot.left[: leading.start()]):
        return ""
    return _filled(spot, leading[0], expression, keeps_current=keeps_current)


def _filled(spot: Spot, leading: str, expression: str, *, keeps_current: bool = False) -> str:
    """Return the line with an expression for the mention and what leads to it."""
    left = spot.left[: len(spot.left) - len(leading)]
    default = leading if keeps_current else _CURRENT.sub("", leading)
    default = default.replace('"', "").replace("~/", "$HOME/", 1)
    return f"{left}{expression.replace('@', default + spot.mention)}{spot.right}".strip()


def _resolved(before: str, around: Sequence[Frame]) -> str | None:
    """Return the code in front of a string, where what follows may be an absolute directory.

    ``path.join`` would append that, ``path.resolve`` takes it; ``None`` for another ``join``.
    """
    is_behind = len(around) > 2 and around[1].opener == "(" and around[1].whole.strip()
    if not is_behind or not around[2].text.endswith("join"):
        return before
    end = len(before) - len(around[1].whole) - 1
    return (
        f"{before[: end - 4]}resolve{before[end:]}" if before[:end].endswith("path.join") else None
    )
