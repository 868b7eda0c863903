"""IPython's own syntax in a cell: what in it is a statement, and what a command.

Texts keep their length, so that every place stays where it is.
"""

from __future__ import annotations

import re

from flake8_runsdir.audit import languages
from flake8_runsdir.audit.languages import Kind, Language
from flake8_runsdir.source import Source

#: Commands of IPython itself; and those that it hands to a shell.
MAGICS = Language("IPython", Kind.SHELL)
_SHELL = Language("IPython", Kind.SHELL, "bash")

#: Magics whose argument is a statement, and their options.
_STATEMENT = re.compile(
    r"%%?(?:time|timeit|prun|memit|mprun|lprun|pyinstrument|scalene)\b"
    r"(?:[ \t]+-(?:[sTDfm][ \t]*[^\s-]\S*|[^\WsTDfm]\w*(?:[ \t]+\d+)?)){0,20}"
    r"[ \t]+(?P<statement>[^\s-][^\r\n]*)"
)
#: What stands in front of a command: what it is assigned to, and IPython's mark.
_FRONT = re.compile(
    r"^(?:[\w.,\[\] \t]*=)?[ \t]*"
    r"(?:!!?|%%?(?:!|(?P<shell>sx|system)\b|(?P<sets>(?:set_)?env)\b(?=[ \t])|(?=[A-Za-z])))[ \t]*",
    re.MULTILINE,
)
#: A variable and its value, which need no sign between them.
_SET = re.compile(r"(\w+)([ \t]+)(?=[^\s=])")
_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\w+|!)(?P<words>[^\r\n]*)")
_SAVING = ("writefile", "file")
_SHELLS = ("!", "sx", "system")


def with_statements(text: str, source: str) -> str:
    """Return what Python can parse of a notebook, with the statements that magics are given.

    ``text`` is what it can parse without them, ``source`` what the cells are made of.
    """
    pieces: list[str] = []
    done = 0
    for magic in _STATEMENT.finditer(source):
        start, end = magic.span("statement")
        is_command = text[magic.start()] == "0" and text[magic.start() + 1 : end].isspace()
        if is_command and _is_simple(magic["statement"]):
            pieces += text[done : start - 1], ";", magic["statement"]
            done = end
    return "".join((*pieces, text[done:]))


def as_commands(source: str) -> str:
    """Return the source of a cell with blanks for what no shell knows in front of commands."""
    pieces: list[str] = []
    done = 0
    for front in _FRONT.finditer(source):
        pieces += source[done : front.start()], " " * len(front[0])
        done = front.end()
        setting = _SET.match(source, done) if front["sets"] else None
        if setting is not None:
            pieces += " " * (len(setting[2]) - 1), setting[1], "="
            done = setting.end()
    return "".join((*pieces, source[done:]))


def front(line: str) -> tuple[str, Language]:
    """Return what stands in front of the command in a line, and in whose language the command is.

    Nothing stands there where the line has no mark.
    """
    found = _FRONT.match(line)
    if found is None:
        return "", MAGICS
    return found[0], _SHELL if "!" in found[0] or found["shell"] else MAGICS


def magic(source: str) -> tuple[int, Language | None]:
    """Return where the line of a cell magic ends, and the language of what is below it.

    The end is 0 where there is no such line; there is no language where it names none.
    """
    found = _CELL_MAGIC.match(source)
    if found is None:
        return 0, None
    name = "bash" if found["name"] in _SHELLS else found["name"]
    words = [word for word in found["words"].split() if not word.startswith("-")]
    if name in _SAVING and words:
        return found.end(), languages.find(words[-1].strip("\"'").replace("\\", "/"))
    if name == "script" and words:
        name = words[0].rpartition("/")[2]
    named = languages.by_program(name)
    return found.end(), None if named.kind is Kind.UNKNOWN else named


def _is_simple(statement: str) -> bool:
    """Tell whether a line is made of statements that may stand behind another one."""
    try:
        Source.parse("", f"0;{statement}\n")
    except Exception:  # the parser's limits have many names
        return False
    return not statement.endswith("\\")
