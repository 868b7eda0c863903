"""A string literal in three: what stands before the name of the runs directory, the name, the rest.

Only a literal of one piece is taken apart, in which the name is spelled as it reads; each part
keeps the spelling (prefix, quotes, escapes) that it has.
"""

from __future__ import annotations

import ast
import re
from typing import NamedTuple, Union

from flake8_runsdir.fixes.obstacles import ObstacleError
from flake8_runsdir.fixes.proof import ProofError, prove
from flake8_runsdir.source import Source

String = Union[ast.Constant, ast.JoinedStr]

_LITERAL = re.compile(r"([A-Za-z]{0,2})('''|\"\"\"|'|\")", re.DOTALL)
#: A character of a literal: as it stands, or an escape sequence.
_CHARACTER = re.compile(r"\\N\{[^{}]*\}|\\.|[{}]", re.DOTALL)


class Part(NamedTuple):
    """A part of a literal: how it is spelled between the quotes, and the values that it has.

    Values are constants and, in an f-string, the fields between them; empty constants are left out.
    """

    spelling: str
    values: tuple[ast.expr, ...]

    @property
    def text(self) -> str | None:
        """The text of the part, if all of it is known."""
        if not self.values:
            return ""
        value = self.values[0]
        known = len(self.values) == 1 and isinstance(value, ast.Constant)
        return str(value.value) if known and isinstance(value, ast.Constant) else None

    @property
    def beginning(self) -> str:
        """The text that the part begins with, up to the first field."""
        value = self.values[0] if self.values else None
        return str(value.value) if isinstance(value, ast.Constant) else ""

    def without(self, start: int = 0, end: int = 0) -> Part:
        """Return the part without some characters, which stand there as they read, at its ends."""
        spelling = self.spelling[start : len(self.spelling) - end]
        values = list(self.values)
        if start:
            values[0] = _constant(_text(values[0])[start:], values[0])
        if end:
            values[-1] = _constant(_text(values[-1])[:-end], values[-1])
        return Part(spelling, tuple(value for value in values if not _is_empty(value)))


class Literal(NamedTuple):
    """A literal around the name of the runs directory."""

    prefix: str
    quotes: str
    front: Part
    name: str
    rest: Part

    @property
    def is_template(self) -> bool:
        """Whether it is an f-string."""
        return "f" in self.prefix.lower()

    def code(self, part: Part) -> str:
        """Return a part as a literal of its own; raises :class:`ObstacleError` if it cannot be."""
        code = f"{self.prefix}{self.quotes}{part.spelling}{self.quotes}"
        check(self.tree(part), code)
        return code

    def tree(self, part: Part) -> ast.expr:
        """Return the syntax tree of a part as a literal of its own."""
        if self.is_template:
            return ast.JoinedStr(values=list(part.values))
        return part.values[0] if part.values else ast.Constant(value="")

    def spliced(self, field: str, front: Part, rest: Part) -> str:
        """Return an f-string with a field between two parts."""
        prefix = self.prefix.lower().replace("u", "")
        prefix = self.prefix if self.is_template else f"{self.prefix if prefix else ''}f"
        spelled = (front.spelling, rest.spelling)
        if not self.is_template:
            is_raw = "r" in prefix.lower()
            spelled = (_doubled(front.spelling, is_raw), _doubled(rest.spelling, is_raw))
        return f"{prefix}{self.quotes}{spelled[0]}{{{field}}}{spelled[1]}{self.quotes}"


class _Opened(NamedTuple):
    """A literal of one piece: its prefix, its quotes, and what stands between them."""

    prefix: str
    quotes: str
    body: str


class Literals:
    """Takes the literals of one source apart; each is read once, however often it has the name."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._opened: dict[String, _Opened | str] = {}

    def read(self, string: String, constant: ast.Constant, match: re.Match[str]) -> Literal:
        """Take a literal apart at a match in a constant, which is the literal or a part of it.

        Raises :class:`ObstacleError` if it is not of one piece, or the name does not stand there as
        it reads.
        """
        if string not in self._opened:
            self._opened[string] = self._open(string)
        opened = self._opened[string]
        if isinstance(opened, str):
            raise ObstacleError(opened)
        prefix, quotes, body = opened
        first = string.values[0] if isinstance(string, ast.JoinedStr) else string
        known = match.string[: match.start()] if constant is first else None
        start = _start(body, match[0], known)  # nearly always that ends here, before all is copied
        before, behind = _values(string, constant, match)
        rest = Part(body[start + len(match[0]) :], behind)
        return Literal(prefix, quotes, Part(body[:start], before), match[0], rest)

    def _open(self, string: String) -> _Opened | str:
        """Return what a literal is made of, or what stands in the way of taking it apart."""
        if isinstance(string, ast.Constant) and not isinstance(string.value, str):
            return "the literal is of bytes"
        span = self._source.span(string)
        code = self._source.text[span.start : span.end]
        try:
            check(string, code)
        except ObstacleError as error:
            return str(error)
        opening = _LITERAL.match(code)
        if opening is None or not _is_single(code, opening):
            return "the literal is made of several pieces"
        prefix, quotes = opening.groups()
        return _Opened(prefix, quotes, code[opening.end() : len(code) - len(quotes)])


def check(expression: ast.expr, code: str) -> None:
    """Raise :class:`ObstacleError` if a stretch of source is not the expression it should be.

    Before Python 3.12 the places inside of f-strings are not always right.
    """
    try:
        # As a statement, since sources are parsed without warnings.
        (statement,) = Source.parse("", f"({code}\n)").tree.body
        prove(ast.Expr(value=expression), statement)
    except (SyntaxError, ValueError, RecursionError, MemoryError, ProofError):
        raise ObstacleError("Python does not tell where exactly it stands") from None


def _values(
    string: String, constant: ast.Constant, match: re.Match[str]
) -> tuple[tuple[ast.expr, ...], tuple[ast.expr, ...]]:
    """Return the values before and behind a match."""
    before: list[ast.expr] = [_constant(match.string[: match.start()], constant)]
    behind: list[ast.expr] = [_constant(match.string[match.end() :], constant)]
    if isinstance(string, ast.JoinedStr):
        number = next(n for n, value in enumerate(string.values) if value is constant)
        before[:0] = string.values[:number]
        behind += string.values[number + 1 :]
    return (
        tuple(value for value in before if not _is_empty(value)),
        tuple(value for value in behind if not _is_empty(value)),
    )


def _start(body: str, name: str, front: str | None) -> int:
    """Return where the name stands between the quotes; ``front`` is what it follows, if known."""
    if front is not None and body.startswith(front + name):
        return len(front)
    start = body.find(name)
    if start < 0 or body.find(name, start + 1) >= 0:
        raise ObstacleError("the name is not spelled as it reads, or more than once")
    return start


def _is_single(code: str, opening: re.Match[str]) -> bool:
    """Tell whether a literal ends with the quotes that it opens with, and not before.

    An f-string in which the same quotes stand once more (Python 3.12) counts as several.
    """
    quotes = opening[2]
    position = opening.end()
    end = code.find(quotes, position)
    while (escape := code.find("\\", position, max(end, 0))) >= 0:
        position = escape + 2
        if end < position:
            end = code.find(quotes, position)
    return end >= 0 and end + len(quotes) == len(code)


def _doubled(spelling: str, is_raw: bool) -> str:
    """Return what stands between the quotes of a plain literal as an f-string has it."""
    if is_raw:
        return spelling.replace("{", "{{").replace("}", "}}")
    return _CHARACTER.sub(
        lambda match: match[0] * 2 if match[0] in "{}" else match[0],
        spelling,
    )


def _constant(text: str, like: ast.expr) -> ast.Constant:
    return ast.Constant(value=text, kind=getattr(like, "kind", None))


def _text(value: ast.expr) -> str:
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
        raise ObstacleError("a field of the f-string stands next to the name")
    return value.value


def _is_empty(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value == ""
