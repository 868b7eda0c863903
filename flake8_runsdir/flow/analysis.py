"""The analysis as a whole: find the origins, let their values flow, read the facts off."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Protocol, cast

from flake8_runsdir import paths
from flake8_runsdir.config import Config
from flake8_runsdir.diagnostic import NO_REMEDY, Remedy, Span
from flake8_runsdir.flow import accesses, environment, graph, trace
from flake8_runsdir.flow.facts import Flow, Mention, Role, SharedFile
from flake8_runsdir.flow.graph import State
from flake8_runsdir.flow.module import Module
from flake8_runsdir.needles import Needles
from flake8_runsdir.paths import Wording
from flake8_runsdir.source import Source

#: What only a regular expression is likely to hold.
_REGEX = re.compile(r"\\[dwsSbB.]|\(\?|\[\^|\.\*|\.\+|\A\^|[^$]\$\Z|\)[?*+]")
#: An option of a command line that takes a pattern, up to where its argument may begin.
_PATTERN_OPTION = re.compile(r"--?(?:exclude|ignore|omit|skip|prune)[\w-]*(?:=|\Z)")
_URL = re.compile(r"https?://|git@|ssh://")
_WRAPPERS = frozenset({"str", "Path", "PurePath", "fspath", "abspath", "realpath", "normpath"})
_WRAPPING_METHODS = frozenset({"resolve", "absolute", "expanduser", "as_posix"})


class Remedies(Protocol):
    """What knows how findings can be resolved."""

    def of_mention(self, node: ast.Constant, role: Role, marks: int) -> Remedy:
        """Return the remedy of a literal in a role; ``marks`` is what is known of its value."""

    def of_read(self, node: ast.expr) -> Remedy:
        """Return the remedy of a read of the environment."""


class _Nothing:
    """Knows of no remedies."""

    def of_mention(self, *_: object) -> Remedy:
        """Return no remedy."""
        return NO_REMEDY

    def of_read(self, *_: object) -> Remedy:
        """Return no remedy."""
        return NO_REMEDY


_NOTHING = _Nothing()


def analyse(source: Source, config: Config, needles: Needles, comments: bool = False) -> Flow:
    """Return the facts about a source; see :func:`facts`."""
    return facts(Module(source, config, needles), comments)


def facts(module: Module, comments: bool = False, remedies: Remedies = _NOTHING) -> Flow:
    """Return the facts about a module; ``comments`` says whether comments are looked at too."""
    reads = environment.reads(module)
    origins = dict(_origins(module))
    for state in (*origins.values(), *_roots(module, reads)):
        module.graph.add(state)
        module.made.append(state)
    module.graph.explore(lambda state: trace.step(module, state))
    module.graph.settle()
    roles: dict[ast.AST, Role] = {
        node: _role(module, node, match, origins[node], reads)
        for node, match in module.index.mentions.items()
    }
    return Flow(
        mentions=tuple(_mentions(module, roles, origins, comments, remedies)),
        shared_files=tuple(_shared_files(module, roles)),
        environment_reads=tuple(environment.findings(module, reads, remedies.of_read)),
        frozen_accesses=tuple(accesses.frozen_accesses(module)),
    )


def _origins(module: Module) -> Iterator[tuple[ast.Constant, State]]:
    for node, match in module.index.mentions.items():
        behind = match.string[match.end() :]
        parent = module.parent(node)
        string = module.whole(parent) if isinstance(parent, ast.JoinedStr) else match.string
        wording = paths.wording(string)
        below: paths.Below = None
        if wording is Wording.NONE and behind[:1] in ("", "/", "\\"):
            below = paths.template(behind.rstrip("\n"), module.config.scopes)
        yield node, State(node, (), below, wording)


def _roots(module: Module, reads: dict[ast.expr, str]) -> Iterator[State]:
    """Yield the expressions, apart from literals, that are the runs directory itself."""
    for node in (*accesses.accesses(module), *reads):
        yield State(node, (), "")


def _mentions(
    module: Module,
    roles: dict[ast.AST, Role],
    origins: dict[ast.Constant, State],
    comments: bool,
    remedies: Remedies,
) -> list[Mention]:
    found = []
    for node, match in module.index.mentions.items():
        remedy = remedies.of_mention(node, roles[node], module.graph.marks(origins[node]))
        name = module.needles.name(match)
        found.append(Mention(module.span(node), name, roles[node], remedy))
    if comments:
        for comment in module.source.comments:
            for match in module.needles.find_all(comment.text):
                start = comment.span.start + match.start()
                span = Span(start, start + len(match[0]))
                found.append(Mention(span, module.needles.name(match), Role.DOC))
    return sorted(dict.fromkeys(found), key=lambda mention: mention.span)


def _role(
    module: Module,
    node: ast.Constant,
    match: re.Match[str],
    state: State,
    reads: dict[ast.expr, str],
) -> Role:
    words = state.wording is not Wording.NONE
    if _is_bare(module, node):
        return Role.DOC
    if module.definitions.cover(node):
        return Role.TEXT if words else Role.DEFINITION
    if environment.is_default(module, node, reads):
        return Role.ENVIRONMENT
    text = match.string
    if any(_PATTERN_OPTION.match(word) for word in text[: match.start()].split()[-2:]):
        return Role.MATCH
    marks = module.graph.marks(state)
    if _is_regex(text) and not marks & graph.PATH:
        return Role.MATCH
    if _URL.match(text) and not marks & graph.PATH:
        return Role.DATA
    command = state.wording is Wording.COMMAND and marks & graph.HINT_COMMAND
    if command and marks & graph.ENDS:
        return Role.PATH
    if text == match[0] and _is_name(marks, text):
        return Role.DATA
    return role_of(marks, prose=words)


def _is_name(marks: int, text: str) -> bool:
    """Tell whether a bare word names something else: an experiment, a project, a tag."""
    seen = graph.PATH | graph.MATCH | graph.DEFINITION | graph.HINT_PATH | graph.HINT_MATCH
    return text.isidentifier() and bool(marks & graph.HINT_NAME) and not marks & seen


def _is_regex(text: str) -> bool:
    return _REGEX.search(text) is not None and not re.match(r"[A-Za-z]:\\", text)


def role_of(marks: int, prose: bool = False) -> Role:
    """Return the role that what was seen of a value amounts to."""
    for bit, role in _CERTAIN:
        if marks & bit:
            return role
    if prose:
        return Role.TEXT
    if marks & graph.ENDS or not marks & (graph.TEXT | graph.DATA):
        return _suggested(marks)
    return Role.TEXT if marks & graph.TEXT else Role.DATA


def _suggested(marks: int) -> Role:
    """Return the role of a value of which no use was seen that tells it."""
    if marks & graph.HINT_MATCH:
        return Role.MATCH
    if marks & graph.ENDS == graph.PAYLOAD_END:
        return Role.DATA
    if marks & graph.HINT_PATH:
        return Role.PATH
    if marks & graph.HINT_TEXT:
        return Role.TEXT
    return Role.DATA if marks & graph.ENDS == graph.FLAT_END else Role.PATH


_PATHS = (Role.PATH, Role.ENVIRONMENT, Role.DEFINITION)
_CERTAIN = (
    (graph.PATH, Role.PATH),
    (graph.MATCH, Role.MATCH),
    (graph.DEFINITION, Role.DEFINITION),
)


def _is_bare(module: Module, node: ast.AST) -> bool:
    """Tell whether a literal is a statement of its own: a docstring or the like."""
    parent = module.parent(node)
    if isinstance(parent, ast.JoinedStr):
        parent = module.parent(parent)
    return isinstance(parent, ast.Expr)


def _shared_files(module: Module, roles: dict[ast.AST, Role]) -> list[SharedFile]:
    found: dict[Span, SharedFile] = {}
    for state in module.made:
        names = paths.parts(state.below)
        if roles.get(state.node, Role.PATH) not in _PATHS:
            continue
        if not state.shape and state.wording is Wording.NONE and _is_shared(module, state, names):
            node = _widest(module, state.node)
            span = module.span(node)
            scope = module.reader.scope_variable(node)
            found.setdefault(span, SharedFile(span, paths.display(names), scope))
    return sorted(found.values(), key=lambda file: file.span)


def _is_shared(module: Module, state: State, names: tuple[str, ...]) -> bool:
    config = module.config
    shared = paths.on_purpose(names, config.shared)
    if not names or shared or paths.is_read_only(state.below):
        return False
    scoped = paths.is_scoped(names) if config.strict_scopes else not paths.is_constant(names)
    if scoped:
        return False
    marks = module.graph.marks(state)
    if marks & graph.WRITE:
        return True
    if marks & (graph.DIRECTORY | graph.JOINED) or not paths.names_file(names[-1]):
        return False
    if marks & (graph.MOVE | graph.LEAVES):
        return True
    return bool(marks & graph.STORED and not marks & graph.READ)


def _widest(module: Module, node: ast.AST) -> ast.expr:
    """Return the widest expression around a node that is still the same path."""
    while True:
        parent = module.parent(node)
        if isinstance(parent, ast.Call) and parent.args == [node]:
            around: ast.AST | None = parent if _wraps(module, parent) else None
        elif isinstance(parent, ast.Attribute) and parent.attr in _WRAPPING_METHODS:
            around = module.parent(parent)
        else:
            around = parent if isinstance(parent, ast.JoinedStr) else None
        if not isinstance(around, (ast.Call, ast.JoinedStr)):
            return cast("ast.expr", node)
        node = around


def _wraps(module: Module, call: ast.Call) -> bool:
    """Tell whether a call gives back the path that it is given."""
    name = module.symbols.qualified(call.func) or ""
    return name.rpartition(".")[2] in _WRAPPERS
