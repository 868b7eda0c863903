"""The language of a file, and what Pygments says about places in it.

A language is known by the name of the file, or by the interpreter that its first line names; never
by a guess from the content, which is slow and changes with every edit.
"""

from __future__ import annotations

import gc
import os
import re
import signal
import threading
from bisect import bisect_left
from collections.abc import Sequence
from enum import Enum
from fnmatch import translate
from functools import lru_cache, partial
from types import FrameType
from typing import TYPE_CHECKING, Callable, NamedTuple

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

#: Larger texts are not given to lexers, of which many take time that grows faster than the text.
LARGEST_LEXED = 1 << 20
#: The same, where nothing can stop a lexer.
_LARGEST_UNSTOPPED = 1 << 16
#: The seconds of processor time that a lexer may take.
_PATIENCE = 2.0
#: It is stopped again after so many more: the first time may have gone by unnoticed.
_AGAIN = 0.1


class Kind(Enum):
    """How the mentions in a language are to be understood."""

    PROSE = "prose"  # for people
    SHELL = "shell"  # commands of a POSIX shell, or one that is like it
    MAKE = "make"
    DOCKER = "docker"
    BATCH = "batch"
    POWERSHELL = "powershell"
    SCRIPT = "script"  # JavaScript and what becomes of it
    CODE = "code"  # any other programming language
    SQL = "sql"
    DATA = "data"  # keys and values
    LIST = "list"  # files to be ignored
    LOG = "log"
    UNKNOWN = "unknown"


class Token(Enum):
    """What stands at a place of a text."""

    COMMENT = "comment"
    STRING = "string"
    PATTERN = "pattern"  # a regular expression
    NAME = "name"  # a name, or what stands between names
    CODE = "code"  # anything else


class Language(NamedTuple):
    """A language: its name, its kind, and Pygments' name of its lexer, if one is of use."""

    name: str
    kind: Kind
    lexer: str = ""


_UNKNOWN = Language("", Kind.UNKNOWN)
_BASH = Language("Bash", Kind.SHELL, "bash")
_DOCKER = Language("Docker", Kind.DOCKER, "docker")
_LIST = Language("Ignore list", Kind.LIST)
_LOG = Language("Log", Kind.LOG)
_TEXT = Language("Text", Kind.PROSE)
_INI = Language("INI", Kind.DATA, "ini")
_PERL = Language("Perl", Kind.CODE, "perl")

#: What Pygments does not know or takes for something rarer, by whole names in lower case.
_NAMES = {
    ".env": _BASH,
    ".envrc": _BASH,
    "codeowners": _LIST,
    "containerfile": _DOCKER,
    "crontab": _BASH,
    "go.mod": _TEXT,
    "jenkinsfile": Language("Groovy", Kind.CODE, "groovy"),
    "justfile": Language("Just", Kind.MAKE, "make"),
    "manifest.in": _LIST,
    ".gitattributes": _LIST,
}
#: The same, by suffixes.
_SUFFIXES = {
    ".adoc": Language("AsciiDoc", Kind.PROSE),
    ".bats": _BASH,
    ".conf": _INI,
    ".cron": _BASH,
    ".csv": Language("CSV", Kind.DATA),
    ".dockerfile": _DOCKER,
    ".env": _BASH,
    ".err": _LOG,
    ".html": Language("HTML", Kind.PROSE),
    ".ipynb": Language("Jupyter Notebook", Kind.DATA),
    ".lock": Language("Lock file", Kind.DATA),
    ".log": _LOG,
    ".mdx": Language("Markdown", Kind.PROSE),
    ".out": _LOG,
    ".pl": _PERL,
    ".sql": Language("SQL", Kind.SQL, "sql"),
    ".t": _PERL,
    ".tsv": Language("TSV", Kind.DATA),
}
#: How the names of files begin that are for people, whatever follows.
_DOCUMENTS = """
    readme changelog changes contributing license licence copying authors notice notes news todo
    history
""".split()
#: What is added to the name of a file that is kept, filled in, or shown.
_ADDITIONS = (
    ".bak .bak2 .backup .broken .orig .old .disabled .j2 .jinja .jinja2 .tmpl .tpl .template .in"
    " .example .sample .dist"
).split()
_MOST_ADDITIONS = 3
#: Of Pygments' lexers, those whose languages are not just code.
_KINDS = {
    Kind.PROSE: "text markdown restructuredtext tex groff org html output console pot",
    Kind.SHELL: "bash fish tcsh",
    Kind.MAKE: "make",
    Kind.DOCKER: "docker",
    Kind.BATCH: "batch",
    Kind.POWERSHELL: "powershell",
    Kind.SCRIPT: "javascript typescript jsx tsx vue coffeescript livescript",
    Kind.SQL: "sql tsql postgresql mysql plpgsql sqlite3",
    Kind.DATA: "json jsonld json5 yaml toml ini properties xml xslt systemd diff terraform hcl "
    "registry desktop nginx apacheconf dosini kdl svg docker-compose",
}
_KIND_OF = {lexer: kind for kind, lexers in _KINDS.items() for lexer in lexers.split()}
#: Hooks of git, which shells run whether their first line says so or not.
_HOOK = re.compile(
    r"(?:\A|/)\.husky/[\w-]+\Z|(?:\A|/)\.?(?:git)?hooks/(?:pre|post|commit|prepare)-[\w-]+\Z"
)
_ROTATED = re.compile(r"\.log[.-][\w.-]+\Z")
_INTERPRETER = re.compile(r"#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-\S+[ \t]+)*)?([A-Za-z]+)")


def find(path: str, line: str = "") -> Language:
    """Return the language of a file; ``path`` has slashes, ``line`` is how the file begins."""
    name = path.rpartition("/")[2]
    found = _BASH if _HOOK.search(path) else _by_name(_plain(name))
    if found is _UNKNOWN and (interpreter := _INTERPRETER.match(line)) is not None:
        return by_program(interpreter[1])
    return found


def tokens(language: Language, text: str, offsets: Sequence[int]) -> list[Token] | None:
    """Return what stands at offsets of a text, which are sorted; ``None`` if that is not known.

    It is not where there is no lexer, or it fails, or takes too long.
    """
    if not language.lexer or len(text) > LARGEST_LEXED:
        return None
    can_stop = hasattr(signal, "setitimer")
    can_stop = can_stop and threading.current_thread() is threading.main_thread()
    if not can_stop and len(text) > _LARGEST_UNSTOPPED:
        return None
    try:
        work = partial(_lexed, language.lexer, text, offsets)
        return _in_time(work) if can_stop else work()
    except Exception:  # a lexer is a program of its own
        return None


@lru_cache(maxsize=64)
def by_program(name: str) -> Language:
    """Return the language that a program of this name understands."""
    lexer = _lexer_named("javascript" if name in ("node", "deno", "bun") else name.lower())
    return _UNKNOWN if lexer is None else _language(lexer.name, lexer.aliases)


def _plain(name: str) -> str:
    """Return a name without what is added to it."""
    for _ in range(_MOST_ADDITIONS):
        name = name.rstrip("~")
        start, dot, suffix = name.rpartition(".")
        if not start or (dot + suffix).lower() not in _ADDITIONS or name.lower() in _NAMES:
            break
        name = start
    return name


@lru_cache(maxsize=4096)
def _by_name(spelling: str) -> Language:
    name = spelling.lower()
    own = _NAMES.get(name) or _SUFFIXES.get(os.path.splitext(name)[1]) or _by_pattern(name)
    if own is not None:
        return own
    # Pygments minds capitals: `x.R` is another language than `x.r`.
    for candidate in (spelling, name):
        lexer = _lexer_of_file(candidate)
        if lexer is not None:
            return _language(lexer.name, lexer.aliases)
    return _TEXT if name.startswith(tuple(_DOCUMENTS)) else _UNKNOWN


# Pygments would ask the plugins that are installed beside it: for their languages, and some change
# its own lexers.  The same tree would not give the same report.


def _lexer_named(alias: str) -> type[Lexer] | None:
    """Return the class of Pygments' own lexer with a name."""
    from pygments.lexers import find_lexer_class, get_all_lexers

    for title, aliases, _, _ in get_all_lexers(plugins=False):
        if alias in aliases:
            return find_lexer_class(title)
    return None


def _lexer_of_file(name: str) -> type[Lexer] | None:
    """Return the class of Pygments' own lexer for the name of a file, as Pygments chooses it."""
    from pygments.lexers import find_lexer_class

    found: list[tuple[tuple[float, str], type[Lexer]]] = []
    for pattern, title, is_exact in _patterns():
        lexer = find_lexer_class(title) if pattern.match(name) else None
        if lexer is not None:
            found.append(((lexer.priority + is_exact / 2, lexer.__name__), lexer))
    return max(found, key=lambda one: one[0])[1] if found else None


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], str, bool]]:
    """Return the patterns of Pygments' lexers, their titles, and whether each is a whole name.

    There are more of them than `fnmatch` keeps compiled before Python 3.11.
    """
    from pygments.lexers import get_all_lexers

    return [
        (re.compile(translate(pattern)), title, "*" not in pattern)
        for title, _, patterns, _ in get_all_lexers(plugins=False)
        for pattern in patterns
    ]


def _by_pattern(name: str) -> Language | None:
    if name.startswith(".") and name.endswith("ignore"):
        return _LIST
    if name.startswith(".env."):
        return _BASH
    if name.startswith(("dockerfile.", "containerfile.")):
        return _DOCKER
    if name.startswith("requirements") and name.endswith(".txt"):
        return _INI
    return _LOG if _ROTATED.search(name) else None


def _language(name: str, aliases: Sequence[str]) -> Language:
    lexer = aliases[0] if aliases else ""
    kind = _KIND_OF.get(lexer, Kind.CODE if lexer else Kind.UNKNOWN)
    return Language(name, kind, "" if kind is Kind.PROSE else lexer)


def _lexed(name: str, text: str, offsets: Sequence[int]) -> list[Token]:
    from pygments.lexers import get_lexer_by_name

    found = [Token.CODE] * len(offsets)
    # Lexers know no other line ends, and like the last line to have one.  No place moves.
    unified = text.replace("\r\n", " \n").replace("\r", "\n") + "\n"
    for start, kind, value in get_lexer_by_name(name).get_tokens_unprocessed(unified):
        index = bisect_left(offsets, start)
        while index < len(offsets) and offsets[index] < start + len(value):
            found[index] = _token(kind)
            index += 1
    return found


def _token(kind: _TokenType) -> Token:
    from pygments.token import (
        Comment,
        Keyword,
        Name,
        Operator,
        Punctuation,
        String,
        is_token_subtype,
    )

    def is_one(*tokens: _TokenType) -> bool:
        return any(is_token_subtype(kind, token) for token in tokens)

    if is_one(String.Doc, Comment) and not is_one(Comment.Preproc, Comment.PreprocFile):
        return Token.COMMENT
    if is_one(String.Regex):
        return Token.PATTERN
    if is_one(Name, Keyword, Operator, Punctuation):
        return Token.NAME
    return Token.STRING if is_one(String) else Token.CODE


class _TimeUpError(BaseException):
    """A lexer has taken too long; nothing that catches ``Exception`` may keep it."""


def _in_time(work: Callable[[], list[Token]]) -> list[Token] | None:
    """Return what some work returns, or ``None`` if it takes too long.

    It is the time of the processor that is limited, so that no other program makes a difference.
    """

    def stop(_: int, __: FrameType | None) -> None:
        raise _TimeUpError

    collects = gc.isenabled()
    earlier = signal.signal(signal.SIGVTALRM, stop)
    try:
        # What is raised while garbage is collected goes nowhere.
        gc.disable()
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, _PATIENCE, _AGAIN)
            return work()
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except _TimeUpError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, earlier)
        if collects:
            gc.enable()
