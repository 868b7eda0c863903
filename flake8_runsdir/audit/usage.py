"""What a mention in a text that is no Python is: judged by its language, its token and its line.

No language is analysed here.  A judgement rests on the line of the mention, on the keys that it
stands under, and on the table of :mod:`flake8_runsdir.hints`; it names what it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from flake8_runsdir.audit.inventory import Status
from flake8_runsdir.audit.languages import Kind, Language, Token
from flake8_runsdir.config import FILES
from flake8_runsdir.hints import Hint, hint


class Spot(NamedTuple):
    """A mention and what is around it.

    ``path`` is that of the file; ``left`` and ``right`` are the parts of the line around the
    ``mention``, or as much of them as counts; ``keys`` are the keys that it stands under, and
    ``section`` the part of the file; ``above`` is the line before.
    """

    path: str
    language: Language
    token: Token | None
    left: str
    mention: str
    right: str
    keys: Iterable[str] = ()
    section: str = ""
    above: str = ""


class Usage(NamedTuple):
    """A judgement: a role, a status, the reason, and what to write instead, if that is known."""

    role: str
    status: Status
    reason: str
    instead: str = ""


COMMANDS = (Kind.SHELL, Kind.MAKE, Kind.DOCKER, Kind.BATCH, Kind.POWERSHELL)
PROGRAMS = (Kind.SCRIPT, Kind.CODE)
_NAME = r"(?<![\w.$-])(?:[A-Za-z_$][\w.$/-]*)"
_KEY = re.compile(rf"({_NAME})[\"'\])]*[ \t]*(?::|=>|[+?:]?=(?!=)|\()")
_BLANK_LINE_COMMENT = re.compile(r"[ \t]*(?:#|//|--|;|/\*|\*|%|<!--|(?i:rem\b))")
_URL = re.compile(r"[a-z][a-z0-9+]*:/{2,4}[^\s\"']*\Z")
#: Commands that only look for the name, or leave it out.
_SEARCHES = re.compile(
    r"[=!]=|=~|<>|\[\[?\s[^=]*\s=\s*[\"']?\Z|\bcase\b|--?(?:exclude|ignore)|-prune|-not\b"
    r"|-i?(?:name|path|regex)\b|-c?(?:eq|ne|like|notlike|match|notmatch)\b|\bfilter(?:-out)?\b"
    r"|\b(?:[ef]?grep|rg|sed|awk|findstr|Select-String)(?:\s+-\S+)*\s+(?:[\"'][^\"']*|\S*)\Z",
    re.IGNORECASE,
)
#: What stands before and behind a pattern of `case`.
_BEFORE_CASE, _BEHIND_CASE = re.compile(r"[\s\"'*./|(]*\Z"), re.compile(r"[^\s(]*\)")
_SHOWS = re.compile(
    r"(?:^|[;&|({]|\bthen\b|\bdo\b)[\s@-]*(?:echo|printf|cat\s*<<|print|Write-\w+|log\w*|info|warn\w*"
    r"|error|die|fail|usage|\$\((?:info|warning|error))\b(?!.*(?:>|\|\s*tee\b|&&|;))",
    re.IGNORECASE,
)
#: What programs of many languages compare and search texts with.
_COMPARES = re.compile(
    r"[=!]==?\s*[\"'`(]*\S*\Z|\.?(?:starts?_?with|ends?_?with|has_?(?:prefix|suffix)|includes?\??|contains?"
    r"|index_?of|match(?:es)?|test|search|replace(?:_?all)?|split|equals|RegExp|regexp?\.\w+"
    r"|MustCompile|preg_\w+|g?sub)\W*\(",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"[\"'`)\s]*[=!]==?")
_PRINTS = re.compile(
    r"(?:\bconsole\.\w+|\blog(?:ger|ging)?\b[\w.:!]*|\bprint\w*!?|\bputs|\becho|\bthrow\b.*|\braise\b.*"
    r"|\bpanic!?|\b\w*(?:Error|Exception)|\bfmt\.\w*[Pp]rint\w*|System\.(?:out|err)\.\w+|\balert)\s*\(?",
)
_RUNS = re.compile(r"\b(?:exec\w*|spawn\w*|system|shell\w*|popen|run|command)\W*\(", re.IGNORECASE)
_PROSE = re.compile(r"\w[.,;:!?)]?\s+[(\w]")
_PATH_WORDS = frozenset("volumes volume source src target workdir mount mounts".split())
_COMMAND_WORDS = frozenset("scripts entrypoint args tasks".split())
#: Each falls back on the default: an empty word in front of ``/*`` would be the root directory.
_EXPRESSIONS = {
    Kind.SHELL: '"${{{variable}:-{name}}}"',
    Kind.MAKE: "$(or $({variable}),{name})",
    Kind.DOCKER: "${{{variable}:-{name}}}",
    Kind.SCRIPT: 'process.env.{variable} ?? "{name}"',
}


class Usages:
    """Judges mentions; ``variables`` are the environment variables that name the directory."""

    def __init__(self, variables: Iterable[str]) -> None:
        self._variables = tuple(variables)
        names = "|".join(map(re.escape, self._variables)) or r"(?!)"
        variable = rf"(?<!\w)(?:{names})(?!\w)"
        operators = r"[\"'\])}]*\s*(?:\|\||\?\?|\bor\b|,)"
        self._falls_back = re.compile(rf"(?:\$\{{{variable}:?[-=?+]|{variable}{operators})[^|;]*\Z")
        gives = r"[\"'\])}]*\s*(?:[+?:]{0,2}=(?!=)|:|,|\s)\s*[^\s;&|]*\Z"
        self._gives = re.compile(variable + gives)
        self._named = re.compile(rf"\bname[\"']?\s*:\s*[\"']?{variable}")
        reads = (
            r"\$\{?(?:env:)?|\$\(|%|\benv\.|\b(?i:env)(?:\.\w+\(|\[)[\"']"
            r"|(?i:getenv)\([\"']|\bvar\(\""
        )
        self._reads = re.compile(rf"(?:{reads}){variable}(?![\"'\])}}]*\s*[+?:]?=(?![=>]))")

    def of(self, spot: Spot) -> Usage:
        """Return what a mention is."""
        kind = spot.language.kind
        if kind is Kind.LOG:
            return Usage("text", Status.LOG, "a log")
        if kind is Kind.PROSE:
            return Usage("doc", Status.DOCUMENTATION, f"a text ({spot.language.name})")
        if kind is Kind.LIST:
            return Usage("match", Status.MATCH, "a list of files to leave out")
        if kind is Kind.UNKNOWN:
            reason = "a text in no language that is known, so nobody can say who reads it"
            return Usage("data", Status.DATA, reason)
        if _is_comment(spot):
            return Usage("doc", Status.DOCUMENTATION, "a comment")
        return self._of_variable(spot) or self._of_code(spot)

    def reads(self, text: str) -> Iterable[tuple[int, str]]:
        """Yield the offsets at which a text asks the environment for a variable, and which one."""
        for match in self._reads.finditer(text) if self._variables else ():
            variable = next(name for name in self._variables if match[0].endswith(name))
            yield match.start(), variable

    def _of_variable(self, spot: Spot) -> Usage | None:
        """Return what a mention is that stands beside one of the variables."""
        left = spot.left
        if self._falls_back.search(left):
            reason = "the default of the environment variable, which is asked first"
            return Usage("definition", Status.FIXED, reason)
        if self._gives.search(left) or (
            self._named.search(spot.above) and re.match(r"\W*value\b", left)
        ):
            reason = "gives the environment variable its value"
            return Usage("definition", Status.DEFINITION, reason)
        return None

    def _of_code(self, spot: Spot) -> Usage:
        kind = spot.language.kind
        if kind is Kind.SQL:
            return Usage("data", Status.DATA, "a value in SQL")
        if spot.token is Token.PATTERN or spot.mention.startswith("\\."):
            return Usage("match", Status.MATCH, "a regular expression")
        if kind in COMMANDS:
            return self._of_command(spot)
        return self._of_program(spot) if kind in PROGRAMS else self._of_data(spot)

    def _of_command(self, spot: Spot) -> Usage:
        is_case = _BEFORE_CASE.match(spot.left) and _BEHIND_CASE.match(spot.right)
        if is_case or _SEARCHES.search(spot.left):
            return Usage("match", Status.MATCH, "compared or searched for by a command")
        if _SHOWS.search(spot.left):
            return Usage("text", Status.DOCUMENTATION, "shown by a command")
        reason = f"a path in a command ({spot.language.name})"
        return Usage("path", Status.CRITICAL, reason, self._instead(spot.language.kind, spot))

    def _of_program(self, spot: Spot) -> Usage:
        is_text = spot.token in (Token.STRING, None)
        if is_text and (_COMPARES.search(spot.left) or _COMPARED.match(spot.right)):
            return Usage("match", Status.MATCH, "compared or searched for")
        known, key = _hint(spot.keys)
        if known is Hint.MATCH:
            return Usage("match", Status.MATCH, f"in `{key}`, which says that it is left out")
        is_run = _RUNS.search(spot.left) is not None
        if known is Hint.TEXT or _PRINTS.search(spot.left) or (_is_prose(spot) and not is_run):
            return Usage("text", Status.DOCUMENTATION, "a message")
        what = "a string" if is_text else "code"
        reason = f"{what} in {spot.language.name} that does not ask the environment"
        return Usage("path", Status.CRITICAL, reason, self._instead(spot.language.kind, spot))

    def _of_data(self, spot: Spot) -> Usage:
        if _is_own(spot):
            return Usage("definition", Status.DEFINITION, "the configuration of runsdir")
        known, key = _hint(spot.keys)
        if known is Hint.MATCH:
            return Usage("match", Status.MATCH, f"in `{key}`, which says that it is left out")
        if known is Hint.TEXT:
            return Usage("text", Status.DOCUMENTATION, f"the text of `{key}`")
        instead = self._in_configuration(spot)
        if known is Hint.COMMAND:
            usage = self._of_command(spot)
            is_path = usage.role == "path"
            return usage._replace(
                reason=f"in the command `{key}`", instead=instead if is_path else ""
            )
        if known is Hint.PATH or _URL.search(spot.left):
            what = f"`{key}`" if known is Hint.PATH else "a URL"
            return Usage("path", Status.CRITICAL, f"a path: the value of {what}", instead)
        return Usage("data", Status.DATA, f"a value in {spot.language.name}")

    def _instead(self, kind: Kind, spot: Spot) -> str:
        """Return the line as it should be; only what to write, if that takes more than a word."""
        template = _EXPRESSIONS.get(kind, "")
        if not template or not self._variables:
            return ""
        expression = template.format(variable=self._variables[0], name=spot.mention)
        if kind is Kind.SCRIPT:
            return _in_script(spot, expression)
        if spot.left.count("'") % 2 and kind in (Kind.SHELL, Kind.POWERSHELL):
            return expression
        is_quoted = kind is Kind.SHELL and spot.left.count('"') % 2 == 1
        return _replaced(spot, expression.strip('"') if is_quoted else expression)

    def _in_configuration(self, spot: Spot) -> str:
        """Return the line of a file that a program fills in; nothing for other files."""
        if not self._variables:
            return ""
        name, variable = spot.path.rpartition("/")[2], self._variables[0]
        if ".github/" in spot.path:
            return _replaced(spot, f"${{{{ env.{variable} }}}}")
        if name.startswith(("docker-compose", "compose.", "compose-")):
            return _replaced(spot, f"${{{variable}:-{spot.mention}}}")
        return _replaced(spot, f"${variable}") if name.startswith(".gitlab-ci") else ""


def keys(left: str) -> Iterable[str]:
    """Return the names on a line that are given a value in front of its end, the last one first."""
    return [match[1] for match in _KEY.finditer(left)][::-1]


def _replaced(spot: Spot, expression: str) -> str:
    """Return the line of a mention with something else there; a current directory is dropped."""
    left = spot.left[:-2] if re.search(r"(?<![\w.)}/])\./\Z", spot.left) else spot.left
    return f"{left}{expression}{spot.right}".strip()


def _in_script(spot: Spot, expression: str) -> str:
    """Return the line of a mention in JavaScript; the expression, if the literal has more in it."""
    quote = spot.left[-1:]
    if quote and quote in "\"'`" and spot.right.startswith(quote):
        inner = spot._replace(left=spot.left[:-1], right=spot.right[1:])
        return _replaced(inner, expression)
    if spot.left.count("`") % 2:
        return _replaced(spot, f"${{{expression}}}")
    return expression


def _hint(names: Iterable[str]) -> tuple[Hint | None, str]:
    """Return the first thing that one of several names says, and that name."""
    for name in names:
        last = name.rpartition(".")[2].lower()
        if last in _PATH_WORDS:
            return Hint.PATH, name
        if last in _COMMAND_WORDS:
            return Hint.COMMAND, name
        known = hint(name)
        if known not in (None, Hint.NAME):
            return known, name
    return None, ""


def _is_comment(spot: Spot) -> bool:
    if spot.token is None:
        return _BLANK_LINE_COMMENT.match(spot.left) is not None
    return spot.token is Token.COMMENT


def _is_prose(spot: Spot) -> bool:
    """Tell whether the text between the quotes around a mention is made of words."""
    around = re.split(r"[\"'`]", spot.left)[-1] + "x" + re.split(r"[\"'`]", spot.right)[0]
    return spot.token is Token.STRING and _PROSE.search(around) is not None


def _is_own(spot: Spot) -> bool:
    """Tell whether a mention is in a table for this program."""
    name = spot.path.rpartition("/")[2]
    is_file = name in FILES and name != "pyproject.toml"
    return is_file or spot.section == "tool.runsdir" or "runsdir-" in spot.left
