"""Mentions planted in the files of this installation."""

from __future__ import annotations

import ast
import io
import random
import re
import sysconfig
import tokenize
import warnings
from codecs import BOM_UTF8
from dataclasses import dataclass
from pathlib import Path

from flake8_runsdir.diagnostic import Span
from flake8_runsdir.source import Source

NAME = ".autonomous_runs"
#: Larger files are left to the benchmarks.
LARGEST = 200_000
#: This project and its users may hold what is looked for.
OURS = ("flake8_runsdir", "flake8-runsdir")
#: How a text begins that is written in Latin-1.
LATIN = "# -*- coding: latin-1 -*-\n# é\n".encode("latin-1")

#: Expressions with a mention in place of ``@``, the literal that holds it, and the code there.
SHAPES = [
    ("Path(@) / run_id", "'{}'", "RUN001"),
    ("open(@)", '"{}/plan.json"', "RUN001"),
    ("os.path.join(@, run_id)", "'''{}'''", "RUN001"),
    ("os.makedirs(@, exist_ok=True)", "r'{}/x'", "RUN001"),
    ("shutil.rmtree(@)", 'b"{}"', "RUN001"),
    ("[os.listdir(d) for d in (@, 'x')]", "'{}'", "RUN001"),
    ("subprocess.run(['ls', @])", "'{}/a'", "RUN001"),
    ("(lambda p: open(p))(@)", "'{}'", "RUN001"),
    ("name.startswith(@)", "'{}/'", "RUN101"),
    ("name in ('.git', @)", '"{}"', "RUN101"),
    ("re.compile(@)", "r'^(?:{})/'", "RUN101"),
    ("print(@)", "'see {} for more'", "RUN103"),
    ("logging.warning(@, run_id)", '"{}/%s is gone"', "RUN103"),
    ("requests.post(url, json={'x': [{'y': [@, 'b']}]})", "'{}/a'", "RUN102"),
    ("json.dumps({'path': @})", "'{}/a'", "RUN102"),
    ("Path('é日😀', @)", "'ü/{}'", "RUN001"),
]


@dataclass(frozen=True)
class Planted:
    """A text with mentions planted in it, and where they stand."""

    path: str
    text: str
    expected: tuple[tuple[Span, str], ...]


def files() -> list[Path]:
    """Return the Python files of this installation."""
    roots = {sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")}
    found = {
        file.resolve()
        for root in roots
        for file in Path(root).rglob("*.py")
        if file.is_file() and not any(ours in str(file.relative_to(root)) for ours in OURS)
    }
    return sorted(found)


def read(path: Path) -> Source | None:
    """Return a file as a source, if it is one that Python can read."""
    data = path.read_bytes()
    if len(data) > LARGEST:
        return None
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
        return Source(str(path), text, parse(text))
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError):
        return None


def parse(text: str) -> ast.Module:
    """Parse a text without the warnings that are its author's business."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def places(tree: ast.Module) -> list[ast.stmt]:
    """Return the statements that another one may be put in front of, as a line of its own."""
    found = []
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if not isinstance(block, list) or not all(isinstance(s, ast.stmt) for s in block):
                continue
            first_rows = [min(_rows(statement)) for statement in block]
            for before, statement, row in zip([None, *block], block, first_rows):
                future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
                if before is None and (isinstance(node, ast.Module) or _is_docstring(statement)):
                    continue  # a docstring stays first
                alone = before is None or (before.end_lineno or 0) < row
                if alone and not future and row > getattr(node, "lineno", 0):
                    found.append(statement)
    return found


def _rows(statement: ast.stmt) -> list[int]:
    decorators = getattr(statement, "decorator_list", [])
    return [statement.lineno, *(decorator.lineno for decorator in decorators)]


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def bound(tree: ast.Module) -> set[str]:
    """Return the names that a text binds, but for imports of modules under their own names."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.ImportFrom) and node.module != "pathlib":
            found.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            found.update(alias.asname for alias in node.names if alias.asname)
    return found


def plant(path: Path, text: str, chance: random.Random, most: int) -> Planted | None:
    """Put statements with mentions into a text, at random places; line ends are kept."""
    lines = text.split("\n")
    by_row: dict[int, list[tuple[str, int, int, str]]] = {}
    tree = parse(text)
    own = bound(tree)
    possible = places(tree)
    for statement in chance.sample(possible, min(most, len(possible))):
        row = min(_rows(statement))
        line = lines[row - 1]
        indentation = line[: len(line) - len(line.lstrip())]
        if len(indentation.encode()) != statement.col_offset or row in by_row:
            continue  # behind a semicolon, or after a form feed
        expression, literal, code = chance.choice(SHAPES)
        if own.intersection(re.findall(r"\w+", expression)):
            continue  # what the file itself calls by that name may do anything
        literal = literal.format(NAME)
        column = len(indentation) + expression.index("@")
        planted = indentation + expression.replace("@", literal) + ("\r" if "\r" in line else "")
        by_row[row] = [(planted, column, len(literal), code)]
    written = ""
    expected = []
    for row, line in enumerate(lines, 1):
        for planted, column, length, code in by_row.get(row, ()):
            start = len(written) + column
            expected.append((Span(start, start + length), code))
            written += planted + "\n"
        written += line + ("\n" if row < len(lines) else "")
    try:
        parse(written)
    except SyntaxError:
        return None  # the place was inside something that this small generator does not know
    return Planted(str(path), written, tuple(expected))


def variant(text: str, form: int) -> str:
    """Return a text with other line ends, a byte order mark or a coding cookie, if it can be."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if form == 1:
        return plain.replace("\n", "\r\n")
    if form == 0:
        return plain
    try:
        data = BOM_UTF8 + plain.encode() if form == 2 else LATIN + plain.encode("latin-1")
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        written = data.decode(encoding)
        parse(written)
    except (SyntaxError, ValueError):
        return plain  # characters that are not Latin, or a cookie that says something else
    return written
