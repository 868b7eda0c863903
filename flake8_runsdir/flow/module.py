"""One module under analysis: everything that the phases of the flow share."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter

from flake8_runsdir.config import Config
from flake8_runsdir.diagnostic import Span
from flake8_runsdir.flow import graph, index
from flake8_runsdir.flow.definitions import Definitions
from flake8_runsdir.flow.graph import Graph, Shape, State
from flake8_runsdir.flow.scopes import Scopes
from flake8_runsdir.flow.symbols import Symbols
from flake8_runsdir.flow.texts import Reader
from flake8_runsdir.hints import Hint, hint
from flake8_runsdir.needles import Needles
from flake8_runsdir.paths import DYNAMIC, Below, Wording
from flake8_runsdir.source import Source

#: How many states a module may have beside one for each node.  What lies beyond counts as used in a
#: way not seen, so nothing is lost; no file that a person wrote comes near it.
_MORE_STATES = 10_000

#: Entries that only lists of what to leave alone have.
_LEFT_ALONE = frozenset(
    """.git .hg .svn __pycache__ node_modules .venv venv .tox .nox .mypy_cache .pytest_cache
    .ruff_cache .idea .vscode .eggs .DS_Store .cache .coverage""".split()
)
_OPTION = re.compile(r"--?[a-z][\w-]*\Z")

#: How many different paths one expression may make before they count as dynamic.
_MOST_ALTERNATIVES = 64

_NAMES = (ast.Name, ast.Attribute, ast.Subscript)
_HINTS = {
    Hint.PATH: graph.HINT_PATH,
    Hint.MATCH: graph.HINT_MATCH,
    Hint.TEXT: graph.HINT_TEXT,
    Hint.COMMAND: graph.HINT_COMMAND,
    Hint.NAME: graph.HINT_NAME,
}


class Module:
    """An indexed source, the services that answer questions about it, and the graph of values."""

    def __init__(self, source: Source, config: Config, needles: Needles) -> None:
        self.source = source
        self.config = config
        self.needles = needles
        self.index = index.build(source.tree, needles, source.text)
        self.scopes = Scopes(self.index)
        self.symbols = Symbols(self.index, self.scopes)
        self.reader = Reader(self.index, self.scopes, self.symbols, config.scopes)
        self.definitions = Definitions(self.index, self.scopes, config, source.path)
        self.graph = Graph(_MORE_STATES + len(self.index.parents))
        self.made: list[State] = []
        self._derived: Counter[ast.AST] = Counter()
        self._strings: dict[ast.AST, str] = {}
        self._displays: dict[ast.AST, int] = {}

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return the parent of a node."""
        return self.index.parents.get(node)

    def mark(self, state: State, bits: int) -> None:
        """Record what becomes of a value; whatever happens to it in a definition defines it."""
        if self.definitions.cover(state.node):
            bits = graph.DEFINITION
        elif bits == graph.MATCH and prose(state) and isinstance(state.node, _NAMES):
            bits = graph.TEXT  # the message is compared, not the directory that it mentions
        self.graph.mark(state, bits)

    def span(self, node: ast.expr) -> Span:
        """Return where an expression stands.

        Before Python 3.11 the places inside of an f-string that spans rows are wrong; the whole
        f-string stands for them.
        """
        if sys.version_info < (3, 11):
            for ancestor in self.index.ancestors(node):
                if isinstance(ancestor, ast.JoinedStr) and ancestor.end_lineno != ancestor.lineno:
                    node = ancestor
        return self.source.span(node)

    def move(self, state: State, node: ast.AST, shape: Shape | None = None) -> None:
        """Let the same value go on to another expression."""
        shape = state.shape if shape is None else shape
        self.graph.move(state, state._replace(node=node, shape=shape))

    def whole(self, string: ast.JoinedStr) -> str:
        """Return the text of an f-string, with an ``x`` for every value in it."""
        if string not in self._strings:
            self._strings[string] = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "x" for part in string.values
            )
        return self._strings[string]

    def neighbours(self, display: ast.List | ast.Tuple | ast.Set) -> int:
        """Return the hints that the other entries of a display give: ignore lists, arguments."""
        if display not in self._displays:
            texts = [
                str(element.value) for element in display.elts if isinstance(element, ast.Constant)
            ]
            bits = 0
            if not _LEFT_ALONE.isdisjoint(text.rstrip("/*") or text for text in texts):
                bits |= graph.HINT_MATCH
            if any(("*" in text and "/" in text) or text.startswith("*.") for text in texts):
                bits |= graph.HINT_MATCH
            if any(_OPTION.match(text) for text in texts):
                bits |= graph.HINT_PATH
            self._displays[display] = bits
        return self._displays[display]

    def derive(self, state: State, node: ast.AST, below: Below) -> State:
        """Let another path, made from this one, go on, and return it."""
        self._derived[node] += 1
        if below is not None and self._derived[node] > _MOST_ALTERNATIVES:
            below = f"/{DYNAMIC}"
        made = state._replace(node=node, below=below)
        self.graph.add(made)
        self.graph.move(state, made, derived=True)
        self.made.append(made)
        return made

    def end(
        self,
        state: State,
        names: tuple[str, ...] = (),
        file: int = graph.LEAVES,
        shape: Shape | None = None,
    ) -> None:
        """Record that nothing more can be seen of a value.

        ``names`` are those of the place where it ends, ``file`` tells how a file's path got there.
        """
        shape = state.shape if shape is None else shape
        if graph.CALL in shape:  # what a function returns counts, not where the function is kept
            shape = shape[shape.index(graph.CALL) + 1 :]
        keys = [step for step in shape if isinstance(step, graph.Key)]
        bits = graph.PAYLOAD_END
        if any(hint_bits(key.name or "") == graph.HINT_MATCH for key in keys):
            bits |= graph.HINT_MATCH
        if len(shape) < 2 or len(keys) == len(shape) < 3:
            bits = bits & graph.HINT_MATCH | (graph.FLAT_END if shape else graph.LONE_END)
            suggested = [*names, *(key.name for key in keys[-1:] if key.name is not None)]
            for name in suggested:
                bits |= hint_bits(name)
        named = state.below and graph.DICT_KEY not in shape
        self.mark(state, bits | (file if named else 0))


def hint_bits(name: str) -> int:
    """Return the bit of what a name suggests; 0 if it suggests nothing."""
    found = hint(name)
    return _HINTS[found] if found is not None else 0


def prose(state: State) -> bool:
    """Tell whether a value is embedded in words."""
    return state.wording is not Wording.NONE
