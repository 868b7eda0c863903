"""A name that joins an import statement which is there already."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import NamedTuple

from flake8_runsdir.diagnostic import Edit, Span
from flake8_runsdir.fixes.ordering import name_key
from flake8_runsdir.fixes.rows import Rows

#: How wide isort and Ruff let a row be, in characters.
WIDTH = 88
_INDENTATION = "    "
_COMMENT = re.compile(r"#[^\r\n]*")
_KEYWORD = re.compile(r"\bimport\b")
#: A name, the indentation if it begins a row, and a comma if it ends one; comments are blanked.
_NAME = re.compile(
    r"([\r\n](?P<indentation>[ \t\f]*))?(?P<name>\w+)(?P<comma>[ \t\f]*,[ \t\f]*(?=[\r\n]))?"
)


class Joined(NamedTuple):
    """What adds a name to a statement: an edit of the text, and the statement that results."""

    edit: Edit
    statement: ast.ImportFrom


def join(rows: Rows, statement: ast.ImportFrom, name: str) -> Joined | None:
    """Return what adds a name to a statement, in the order of its names, if that can be done.

    The statement has to stand alone in its rows.
    """
    if any(one.asname or one.name == "*" for one in statement.names):
        return None
    key = name_key(name)
    later = (i for i, one in enumerate(statement.names) if name_key(one.name) > key)
    index = next(later, len(statement.names))
    aliases = list(statement.names)
    aliases.insert(index, ast.alias(name))
    edit = _edit(rows, statement, [one.name for one in aliases], index)
    if edit is None:
        return None
    return Joined(edit, ast.ImportFrom(statement.module, aliases, statement.level))


def wrapped(
    head: str, names: Sequence[str], indentation: str, newline: str, comment: str = ""
) -> str:
    """Return a statement with a row for each name; ``head`` is what stands in front of them."""
    inside = "".join(f"{indentation}{_INDENTATION}{name},{newline}" for name in names)
    return f"{head} ({comment and '  '}{comment}{newline}{inside}{indentation})"


def _edit(rows: Rows, statement: ast.ImportFrom, names: list[str], index: int) -> Edit | None:
    """Return the edit that adds the name at an index (0-based) of those that result."""
    span = rows.source.span(statement)
    text = rows.source.text[span.start : span.end]
    code = _COMMENT.sub(lambda match: " " * len(match[0]), text)  # there are no strings in it
    keyword = _KEYWORD.search(code)
    found = list(_NAME.finditer(code, keyword.end())) if keyword else []
    if keyword is None or len(found) != len(statement.names):
        return None  # there is a name whose characters are no letters
    if all(match["indentation"] is not None and match["comma"] for match in found):
        behind = found[index - 1].end("name") if index else code.index("(")
        row = rows.at(span.start + behind) + 1
        addition = f"{found[0]['indentation']}{names[index]},{rows.newline(row - 1)}"
        return _insertion(rows.start(row), addition)
    if code != text:
        return None
    if "(" not in code and len(rows.text(statement.lineno)) + len(names[index]) + 2 > WIDTH:
        return _wrapping(rows, statement, text[: keyword.end()], names)
    if index < len(found):
        return _insertion(span.start + found[index].start("name"), f"{names[index]}, ")
    return _insertion(span.start + found[-1].end("name"), f", {names[index]}")


def _insertion(offset: int, text: str) -> Edit:
    return Edit(Span(offset, offset), text)


def _wrapping(rows: Rows, statement: ast.ImportFrom, head: str, names: list[str]) -> Edit:
    """Return the edit that gives each name a row; a comment behind the statement comes along."""
    span, row = rows.source.span(statement), rows.last(statement)
    behind = rows.source.text[span.end : rows.start(row) + len(rows.text(row))]
    comment = behind.lstrip()
    end = span.end + len(behind) if comment else span.end
    indentation = rows.text(row)[: span.start - rows.start(row)]
    return Edit(
        Span(span.start, end), wrapped(head, names, indentation, rows.newline(row), comment)
    )
