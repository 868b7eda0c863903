"""What to write instead of a mention in a text that is no Python: the line as it should be.

A line is suggested only if it would do, where the variable is set and where it is not.  Every
expression falls back on what stands there now, since an empty word in front of ``/*`` would be the
root directory; the variable names the whole directory, so what leads to it becomes a part of the
default.  Nothing is suggested where the line is read by somebody else: by a shell that another one
starts, on another machine, by a program that knows no variables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flake8_runsdir.audit.languages import Kind
from flake8_runsdir.audit.sections import enclosing
from flake8_runsdir.audit.usage.frames import Frame, frames
from flake8_runsdir.audit.usage.searches import FIND_TESTS
from flake8_runsdir.audit.usage.spot import Spot

#: What leads to a directory in a word of a shell, and in a string of JavaScript.
_IN_WORD = re.compile(r"(?:\"\$\{?\w+\}?\"|\$\{\w+\}|\$\([\w ]+\)|\$\$?\w+(?!\w)|[\w.@%+-]|~|/)*\Z")
#: Of that, what leads to the directory of the project, and not to a copy elsewhere.
_LEADS = re.compile(
    r"(?:(?:\./)+|\$\(pwd\)/|~/|/(?:[\w.@%+-]+/)*"
    r"|\"?\$\$?[({]?\w*(?:ROOT|HOME|PWD|CURDIR|WORKSPACE|HERE|(?:SCRIPT|BASE|PROJECT|APP|TOP)_?DIR)\w*[)}]?\"?/"
    r"(?:\./)*)?\Z",
    re.IGNORECASE,
)
_IN_STRING = re.compile(r"(?:\$\{[^{}`]*\}|[\w.@%+-]|/)*")
#: Behind what a word can begin: in a command, and in a value of YAML.
_BEGINS = re.compile(r"(?:^|[\s=,;(|&<>\"'`])\Z")
_BEGINS_VALUE = re.compile(r"(?:^|[:-]\s+[\"']?)\Z")
#: The default that a shell takes for another variable.
_OTHER_DEFAULT = re.compile(r"\w+:?[-=]")
#: What of a string in single quotes would mean something else in double ones.
_SPECIAL = re.compile(r"[$`\"\\!\s]")
#: Commands whose words are for another machine, another shell, or not for a file of theirs.
_FOR_OTHERS = re.compile(
    r"(?:^|[\s;&|(])(?:ssh|scp|docker|podman|nerdctl|kubectl|oc|chroot|vagrant|eval|printf|alias|trap|xargs"
    r"|su|crontab|at|nohup|mktemp|git|tar|zip|unzip|rsync|make)\s|\|\s*(?:xargs|(?:ba|da|k|z)?sh)\b"
)
#: Tests of `find`, which compare with a pattern.
_PATTERN = re.compile(rf"\s{FIND_TESTS}\s+[\"']?[^\s\"']*\Z")
#: Instructions of Docker that a shell of the image runs; and those that replace variables.
_DOCKER_SHELL = re.compile(r"\s*(?:ONBUILD\s+)?(?:RUN|CMD|ENTRYPOINT)\b(?!.*\[)", re.IGNORECASE)
_DOCKER_VALUE = re.compile(r"\s*(?:ONBUILD\s+)?(?:ENV|WORKDIR|VOLUME)\b(?!.*\[)", re.IGNORECASE)
#: A line that gives a variable of make its value.
_MADE = re.compile(r"\s*(?:(?:export|override)\s+)?\w+\s*(?:[:?+]{0,3}=)[^;]*\Z")
#: What IPython fills in before a shell sees it.
_FILLED_IN = re.compile(r"[{$]")
#: The lexers of languages that have Node's environment.
_NODE = ("javascript", "typescript")
#: Where JavaScript takes literals, modules or addresses only.
_LITERAL_ONLY = re.compile(
    r"\s*(?:import\b(?!\()|declare\b|export\b.*\bfrom\b|\}\s*from\b|.*\b(?:type|interface|enum)\s)"
    r"|.*(?:<[\w.]+[^>]*=\s*|\b(?:require(?:\.\w+)?|import|Worker|URL|use|get|put|post|all|fetch)\(\s*)\Z"
)
_NOT_BELOW = re.compile(r"\b(?:enum|interface|type)\b|\bjoin\(\s*\Z")
_FREE_BEFORE = re.compile(r"(?:.*(?:[(,\[:]|(?<![=!<>])=|=>|\breturn))?\s*\Z", re.DOTALL)
_FREE_BEHIND = re.compile(r"\s*(?:[),;\]}]|\Z)")
_NOT_BEHIND = re.compile(
    r"\s*(?::|\)*\s*as\s|\|(?!\|))|[^\[\]]*\]\s*\.\s*join\b|.*\b(?:root|cwd)\b"
)
_TYPED = re.compile(r".*\b(?:let|const|var)\s+\w+\s*:\s*\Z|.*<const>\s*\(?\Z")


def in_command(spot: Spot, variable: str, kind: Kind) -> str:
    """Return the line of a mention in a command, as it should be; nothing if that is not known."""
    around = f"{spot.left} {spot.right}"
    if not variable or _FOR_OTHERS.search(around) or spot.mention in around:
        return ""
    if _PATTERN.search(spot.left):
        return ""
    if kind is Kind.MAKE:
        return _in_make(spot, variable)
    if kind is Kind.DOCKER:
        if _DOCKER_SHELL.match(spot.left):
            return _in_shell(spot, variable)
        has_values = _DOCKER_VALUE.match(spot.left) is not None
        return _in_word(spot, f"${{{variable}:-@}}") if has_values else ""
    return _in_shell(spot, variable) if kind is Kind.SHELL and _is_bourne(spot) else ""


def in_workflow(spot: Spot, variable: str) -> str:
    """Return the same for a mention in a step of a workflow of GitHub."""
    around = frames(Kind.DATA, [], spot.left, spot.right)
    in_step = any(row.strip() == "steps:" for row in enclosing(spot.rows(), spot.left))
    if not variable or not in_step or any(one.opener not in ("", '"') for one in around):
        return ""
    return _in_value(spot, f"${{{{ env.{variable} || '@' }}}}")


def in_script(spot: Spot, variable: str) -> str:
    """Return the same for a mention in a string of JavaScript."""
    around = frames(Kind.SCRIPT, [], spot.left, spot.right)
    is_node = spot.language.lexer in _NODE and around[0].is_string
    if not variable or not is_node or spot.mention in f"{spot.left} {spot.right}":
        return ""
    quote, leading = around[0].opener, around[0].whole
    before = spot.left[: len(spot.left) - len(leading) - 1]
    rest, _, behind = spot.right.partition(quote)
    above = next(enclosing(spot.rows(), spot.left), "")
    if _NOT_BELOW.search(above) or _TYPED.match(before):
        return ""
    if _LITERAL_ONLY.match(before) or before.rstrip().endswith("+"):
        return ""
    if _NOT_BEHIND.match(behind) or leading == "/" or not _IN_STRING.fullmatch(leading):
        return ""
    if rest[:1] not in ("", "/") or (quote != "`" and re.search(r"[`\\]|\$\{", rest)):
        return ""
    joined = _resolved(before, around)
    if joined is None:
        return ""
    literal = "`" if "${" in leading else '"'
    expression = f"process.env.{variable} || {literal}{leading}{spot.mention}{literal}"
    if rest:
        expression = f"`${{{expression}}}{rest}`"
    elif not (_FREE_BEFORE.match(joined) and _FREE_BEHIND.match(behind)):
        expression = f"({expression})"
    return f"{joined}{expression}{behind}".strip()


def _is_bourne(spot: Spot) -> bool:
    """Tell whether a shell of Bourne's kind reads a line, and nothing fills it in before."""
    if spot.language.name == "IPython" and _FILLED_IN.search(spot.left + spot.right):
        return False
    name = spot.path.rpartition("/")[2]
    if name.startswith(".env") and name != ".envrc":
        return False
    return spot.language.kind is not Kind.SHELL or spot.language.lexer == "bash"


def _in_make(spot: Spot, variable: str) -> str:
    """Return the line of a mention in a Makefile; in a recipe, a shell sees the value."""
    if spot.language.name == "Just":
        return ""
    around = frames(Kind.SHELL, [], spot.left, spot.right)
    inner, in_recipe = around[0], spot.left.startswith("\t")
    if any(one.opener == "$(" for one in around) or (inner.is_string and " " in inner.whole):
        return ""
    if not in_recipe and _MADE.match(spot.left) is None:
        return ""
    quote = '"' if in_recipe and not inner.is_string else ""
    return _in_word(spot, f"{quote}$(or $({variable}),@){quote}")


def _in_shell(spot: Spot, variable: str) -> str:
    """Return the line of a mention in a command of a shell."""
    around = frames(Kind.SHELL, [], spot.left, spot.right)
    inner, expression = around[0], f"${{{variable}:-@}}"
    if inner.opener == "${":
        other = _OTHER_DEFAULT.match(inner.whole)
        is_whole = around[1].opener == '"' or around[1].text.endswith("=")
        return _filled(spot, inner.whole[other.end() :], expression) if other and is_whole else ""
    if not inner.is_string:
        return _in_word(spot, f'"{expression}"')
    rest, _, behind = spot.right.partition(inner.opener)
    if inner.opener == '"':
        has_words = re.search(r"[\s~]", inner.whole) or re.search(r"\s", rest)
        return "" if has_words else _in_word(spot, expression)
    if _SPECIAL.search(inner.whole) or _SPECIAL.search(rest):
        return ""
    before = spot.left[: len(spot.left) - len(inner.whole) - 1]
    swapped = spot._replace(left=f'{before}"{inner.whole}', right=f'{rest}"{behind}')
    return _in_word(swapped, expression)


def _in_word(spot: Spot, expression: str) -> str:
    """Return the line with an expression for the mention and what leads to it in its word.

    The expression has an ``@`` for the default.
    """
    found = _IN_WORD.search(spot.left)
    leading = found[0] if found is not None else ""
    if not _BEGINS.search(spot.left[: len(spot.left) - len(leading)]):
        return ""
    if leading.startswith("//") or not _LEADS.match(leading):
        return ""
    return _filled(spot, leading, expression)


def _in_value(spot: Spot, expression: str) -> str:
    """Return the same for a value of YAML, which is a path, perhaps with another behind a colon."""
    leading = re.search(r"[\w./-]*\Z", spot.left)
    if leading is None or not _BEGINS_VALUE.search(spot.left[: leading.start()]):
        return ""
    return _filled(spot, leading[0], expression)


def _filled(spot: Spot, leading: str, expression: str) -> str:
    """Return the line with an expression for the mention and what leads to it."""
    left = spot.left[: len(spot.left) - len(leading)]
    default = leading.replace('"', "").replace("~/", "$HOME/", 1)
    return f"{left}{expression.replace('@', default + spot.mention)}{spot.right}".strip()


def _resolved(before: str, around: Sequence[Frame]) -> str | None:
    """Return the code in front of a string, where what follows may be an absolute directory.

    ``path.join`` would append that, ``path.resolve`` takes it; ``None`` for another ``join``.
    """
    if any(one.text.endswith("join") for one in around[3:]):
        return None
    is_behind = len(around) > 2 and around[1].opener == "(" and around[1].whole.strip()
    if not is_behind or not around[2].text.endswith("join"):
        return before
    end = len(before) - len(around[1].whole) - 1
    return (
        f"{before[: end - 4]}resolve{before[end:]}" if before[:end].endswith("path.join") else None
    )
