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


# Mentions at any place at all, for fixes.

#: How a text is written down, besides as UTF-8 with ``\n``.
FORMS = ("lf", "crlf", "cr", "bom", "bom crlf", "latin-1", "no last newline")
#: Further statements with a mention.
STATEMENTS = (
    "run_dir = Path('{}/a') / 'x'",
    "log = open(f'{}/{{__name__}}.log')",
    "open('{}/%s' % __name__)",
    "open('{}/' + __name__); x = 1",
    "base = root / '{}/x' / 'y'",
    "if Path('{}').exists(): pass",
    "with open('{}/x') as settings: pass",
    "for p in ('{}/a', 'b'): open(p)",
    "path = os.environ.get('AUTONOMOUS_RUNS_DIR', '{}')",
    "connect(cwd='{}', url='sqlite:///{}/x.db')",
    "def planted(x='{}'): return open(x)",
    "def planted(settings): return open('{}/x')",
    'planted = lambda: open("{}/x")',
    "class Planted: path = Path('{}')",
    "assert os.path.join(\n'{}/x',\n    'y'  # why\n)",
    "import autopack.config; open('{}/x')",
    "settings = open('{}/x')",
)
#: What may stand in place of any literal.
LITERALS = (
    "'{}'",
    '"{}/x"',
    "'{}/a/%s'",
    "r'{}/x'",
    "f'{}/{{__name__}}'",
    "'''a/{}'''",
    "u'{}/{{x}}'",
)


@dataclass(frozen=True)
class Scattered:
    """A text with ``count`` mentions; ``rows`` says of each line whether it may change."""

    path: str
    text: str
    rows: tuple[bool, ...]
    count: int


def scatter(path: Path, text: str, chance: random.Random, most: int) -> Scattered | None:
    """Put mentions into a text, as statements and in place of literals; nothing if none fit.

    The lines of the text may end in ``\\n`` only.
    """
    tree = parse(text)
    lines = text.split("\n")
    touched = [False] * len(lines)
    count = _replace_literals(tree, lines, touched, chance, most)
    before: dict[int, str] = {}
    possible = places(tree)
    for statement in chance.sample(possible, min(most, len(possible))):
        row = min(_rows(statement))
        indentation = lines[row - 1][: len(lines[row - 1]) - len(lines[row - 1].lstrip())]
        if len(indentation.encode()) == statement.col_offset:
            before[row] = indentation + _statement(chance)
    written, rows = [], []
    for row, (line, is_touched) in enumerate(zip(lines, touched), 1):
        if row in before:
            added = before[row].split("\n")
            written += added
            rows += [True] * len(added)
            count += 1
        written.append(line)
        rows.append(is_touched)
    try:
        parse("\n".join(written))
    except (SyntaxError, ValueError):
        return None
    if not written[-1]:
        rows.pop()  # there is nothing behind the last line end
    return Scattered(str(path), "\n".join(written), tuple(rows), count) if count else None


def written(text: str, form: str) -> bytes | None:
    """Return a text in a form, if it can be written so and says the same."""
    if form == "no last newline":
        text = text.rstrip("\n")
    body = text.replace("\n", {"crlf": "\r\n", "cr": "\r"}.get(form.split()[-1], "\n"))
    try:
        data = LATIN + body.encode("latin-1") if form == "latin-1" else body.encode()
        data = BOM_UTF8 + data if form.startswith("bom") else data
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        parse(data.decode(encoding))
    except (SyntaxError, ValueError):
        return None  # characters that are not Latin, or a cookie that says something else
    return data


def roots(tree: ast.AST) -> list[ast.expr]:
    """Return the expressions that are in no other one."""
    found, pending = [], [tree]
    while pending:
        for child in ast.iter_child_nodes(pending.pop()):
            if isinstance(child, ast.expr):
                found.append(child)
            else:
                pending.append(child)
    return found


def _replace_literals(
    tree: ast.Module, lines: list[str], touched: list[bool], chance: random.Random, most: int
) -> int:
    """Put mentions in the place of literals; return how many."""
    count = 0
    possible = [(root, node) for root in roots(tree) for node in _literals(root)]
    for root, node in chance.sample(possible, min(most, len(possible))):
        row, last = root.lineno - 1, root.end_lineno or root.lineno
        line = lines[node.lineno - 1]
        if any(touched[row:last]) or not line.isascii() or node.lineno != node.end_lineno:
            continue
        literal = chance.choice(LITERALS).format(NAME)
        lines[node.lineno - 1] = line[: node.col_offset] + literal + line[node.end_col_offset :]
        touched[row:last] = [True] * (last - row)
        count += 1
    return count


def _literals(root: ast.expr) -> list[ast.Constant]:
    """Return the string literals of an expression, if it is not all literals."""
    nodes = list(ast.walk(root))
    parts = {value for node in nodes if isinstance(node, ast.JoinedStr) for value in ast.walk(node)}
    return [
        node
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in parts
    ]


def _statement(chance: random.Random) -> str:
    """Return a statement with a mention."""
    if chance.random() < 0.5:
        return chance.choice(STATEMENTS).format(NAME, NAME)
    expression, literal, _ = chance.choice(SHAPES)
    return expression.replace("@", literal.format(NAME))
