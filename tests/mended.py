"""Files with scattered mentions, fixed, and compared with what they were.

The comparison knows nothing of how fixes are made.  Of the bytes, only lines may differ that hold a
mention, or an expression around one; of the trees, only expressions, in which the accessor has come
for the name of the runs directory and nothing else has gone; and imports may be new.
"""

from __future__ import annotations

import ast
import random
import re
import time
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flake8_runsdir.config import Mending, resolve
from flake8_runsdir.decoding import decode
from flake8_runsdir.diagnostic import Applicability, Diagnostic
from flake8_runsdir.linter import Linter, active
from flake8_runsdir.options import Layer
from flake8_runsdir.repair import RepairError, repair
from planting import FORMS, NAME, Scattered, parse, read, roots, scatter, written

ACCESSOR = "autopack.config:settings.autonomous_runs_dir"
CONFIG = resolve(Layer("test", {"accessor": ACCESSOR}, "."))
LINTERS = [
    Linter(CONFIG, active(()), mending=Mending(accessor_type, imports, "absolute"))
    for accessor_type in ("str", "Path")
    for imports in ("function", "module")
]
#: The names that a fix may bring into an expression.
_NEW = re.compile(r"\w*(settings|autopack|config)\w*|autonomous_runs_dir|str")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_IMPORT = re.compile(
    rb"\s*(from [.\w]+ import \w+( as \w+)?|import autopack(\.\w+)*( as \w+)?|\w+( as \w+)?,)?\s*"
)
_VARIABLE = "AUTONOMOUS_RUNS_DIR"


class DamageError(Exception):
    """A fix has changed something that it should not have; the message says what."""


@dataclass
class Tally:
    """What has come of files with scattered mentions.

    ``files`` are those that were changed, ``seconds`` what that took; ``refused`` says why others
    with fixes were not.  ``damaged`` and ``restless`` name those in which something else was
    changed, or to which a second run did something more.
    """

    planted: int = 0
    files: int = 0
    fixes: int = 0
    seconds: float = 0.0
    refused: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    restless: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Add what has come of other files."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def try_files(paths: Iterable[Path], seed: int, most: int) -> Tally:
    """Scatter up to twice as many mentions as ``most`` in each file, fix it, and compare."""
    tally = Tally()
    chance = random.Random(seed)
    for path in paths:
        source = read(path)
        plain = "" if source is None else source.text.replace("\r\n", "\n").replace("\r", "\n")
        scattered = scatter(path, plain, chance, most)
        data = scattered and written(scattered.text, chance.choice(FORMS))
        if scattered and data:
            linter = chance.choice(LINTERS)
            _try(scattered, data, linter, is_unsafe=chance.random() < 0.7, tally=tally)
    return tally


def _try(scattered: Scattered, data: bytes, linter: Linter, is_unsafe: bool, tally: Tally) -> None:
    """Fix a file and write down what has come of it."""
    tally.planted += scattered.count
    start = time.process_time()
    try:
        fixed, fixes = mend(linter, scattered.path, data, is_unsafe)
    except RepairError as error:
        tally.refused.append(f"{scattered.path}: {error}")
        return
    if not fixes:
        return
    tally.seconds += time.process_time() - start
    tally.files += 1
    tally.fixes += fixes
    try:
        check(scattered.rows, data, fixed)
        if mend(linter, scattered.path, fixed, is_unsafe)[0] != fixed:
            tally.restless.append(scattered.path)
    except (DamageError, RepairError) as error:
        tally.damaged.append(f"{scattered.path}: {error}")


def mend(linter: Linter, path: str, data: bytes, is_unsafe: bool) -> tuple[bytes, int]:
    """Return what fixes make of the bytes of a file, unsafe ones too if that is asked for.

    The second value is how many there were.  Raises ``RepairError`` as :func:`repair` does.
    """
    levels = (Applicability.SAFE, *((Applicability.UNSAFE,) if is_unsafe else ()))

    def accept(found: Diagnostic) -> bool:
        return found.remedy.fix is not None and found.remedy.fix.applicability in levels

    decoded = decode(data)
    repaired = repair(linter, path, decoded.text, accept)
    return decoded.encode(repaired.text), sum(repaired.counts.values())


def check(rows: Sequence[bool], before: bytes, after: bytes) -> None:
    """Raise :class:`DamageError` if something has changed that must not.

    ``rows`` says of each line whether it may change; of the first lines it need not say anything.
    """
    if before.startswith(BOM_UTF8) != after.startswith(BOM_UTF8):
        raise DamageError("the byte order mark has come or gone")
    old, lines = (_LINE.findall(data.removeprefix(BOM_UTF8)) for data in (before, after))
    _check_lines(rows, old, lines)
    try:
        new = parse(decode(after).text)
    except (SyntaxError, ValueError) as error:
        raise DamageError(f"it does not parse any more: {error}") from None
    _check_trees(parse(decode(before).text), new)


def changeable(text: str) -> list[bool]:
    """Return of each line whether it is part of an expression with a mention, or of an import."""
    lines = re.split(r"\r\n|\n|\r", text)
    rows = [False] * len(lines)
    tree = parse(text)
    nodes: list[ast.stmt | ast.expr] = [
        root for root in roots(tree) if re.search(f"{NAME}|{_VARIABLE}", _text(root))
    ]
    nodes += [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    for node in nodes:
        start, end = node.lineno - 1, node.end_lineno or node.lineno
        rows[start:end] = [True] * (end - start)
    return rows if lines[-1] else rows[:-1]


def _check_lines(rows: Sequence[bool], old: list[bytes], new: list[bytes]) -> None:
    """Check that lines are the same, but for those that may change and for new imports."""
    position = 0
    for line, may_change in zip(old, [False] * (len(old) - len(rows)) + [*rows]):
        is_open = not _ending(line)  # and so need not be the last line any more
        while position < len(new) and new[position] != line and _IMPORT.fullmatch(new[position]):
            if is_open and new[position].rstrip(b"\r\n") == line:
                break
            position += 1
        if position == len(new):
            raise DamageError(f"the line {line!r} is gone")
        actual = new[position].rstrip(b"\r\n") if is_open else new[position]
        if actual != line and not may_change:
            raise DamageError(f"the line {line!r} has changed")
        if _ending(actual) != _ending(line):
            raise DamageError(f"the line {line!r} ends otherwise")
        position += 1
    if not all(_IMPORT.fullmatch(line) for line in new[position:]):
        raise DamageError("there are new lines at the end")
    if _ending(new[-1]) != _ending(old[-1]):
        raise DamageError("the last line ends otherwise")


def _ending(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]


def _check_trees(old: ast.AST, new: ast.AST) -> None:
    """Check that trees are the same, but for mentions and for new imports."""
    pending: list[tuple[object, object]] = [(old, new)]
    while pending:
        one, other = pending.pop()
        if isinstance(one, ast.expr) and isinstance(other, ast.expr):
            if not _is_same(one, other):
                _check_rewritten(one, other)
        elif isinstance(one, list) and isinstance(other, list):
            pending += zip(one, _aligned(one, other))
        elif isinstance(one, ast.AST) and type(one) is type(other):
            pending += ((getattr(one, name), getattr(other, name)) for name in _fields(one))
        elif one != other:
            raise DamageError(f"{one!r} has become {other!r}")


def _aligned(old: list[object], new: list[object]) -> list[object]:
    """Return new nodes without the imports, and names in them, that the old ones do not have."""
    surplus = len(new) - len(old)
    left: list[object] = []
    for node in new:
        rest = old[len(left)] if len(left) < len(old) else None
        if surplus and not _is_extended(node, rest):
            surplus -= 1
        else:
            left.append(node)
    if surplus:
        raise DamageError(f"there are {len(new)} nodes and not {len(old)}")
    return left


def _is_extended(node: object, old: object) -> bool:
    """Tell whether a node is an import that may be an old one with more names, or no import."""
    if isinstance(node, ast.alias):
        return _is_same(node, old)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [(alias.name, alias.asname) for alias in node.names]
        aliases = old.names if isinstance(old, type(node)) else []
        return bool(aliases) and all((alias.name, alias.asname) in names for alias in aliases)
    return True


def _is_same(one: object, other: object) -> bool:
    """Tell whether two trees are equal, positions aside."""
    pending = [(one, other)]
    while pending:
        one, other = pending.pop()
        if type(one) is not type(other):
            return False
        if isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            pending += zip(one, other)
        elif isinstance(one, ast.AST):
            pending += ((getattr(one, name), getattr(other, name)) for name in _fields(one))
        elif one != other:
            return False
    return True


def _fields(node: ast.AST) -> list[str]:
    return [name for name in node._fields if name not in ("kind", "type_comment")]


def _check_rewritten(old: ast.expr, new: ast.expr) -> None:
    """Check that nothing of an expression is gone but the runs directory, and little is new."""
    gone = Counter(_names(old)) - Counter(_names(new))
    come = Counter(_names(new)) - Counter(_names(old))
    old_text, new_text = _text(old), _text(new)
    if NAME not in old_text and _VARIABLE not in old_text:
        raise DamageError(f"the expression in line {old.lineno} names no runs directory")
    if "autonomous_runs_dir" not in come or not all(map(_NEW.fullmatch, come)):
        raise DamageError(f"{dict(come)} are new")
    if _VARIABLE not in old_text and (gone or not _is_without_name(old_text, new_text)):
        raise DamageError(f"{dict(gone)} are gone, or {old_text!r} has become {new_text!r}")


def _is_without_name(old: str, new: str) -> bool:
    """Tell whether a text is another one with the name gone at some places, slashes aside.

    A ``./`` in front of the name, which means nothing, may be gone as well.
    """
    old = re.sub(rf"(?<!\.)\./{re.escape(NAME)}", NAME, old)
    pattern = "(?:" + re.escape(NAME).replace("/", "") + ")?"
    parts = [re.escape(part.replace("/", "")) for part in old.split(NAME)]
    return re.fullmatch(pattern.join(parts), new.replace("/", "")) is not None


def _names(root: ast.expr) -> Iterator[str]:
    for node in ast.walk(root):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _text(root: ast.expr) -> str:
    """Return all texts in an expression, in the order of the source."""
    nodes = [
        node
        for node in ast.walk(root)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    nodes.sort(key=lambda node: (node.lineno, node.col_offset))
    return "".join(str(node.value) for node in nodes)
