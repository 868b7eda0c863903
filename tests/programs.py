"""Generated programs that reach the runs directory, and what they compute.

A program is a module of the package ``autopack``, whose settings hold the directory.  It is made
of *probes*: functions without arguments, each with one literal in some shape of expression, in some
scope, beside names that may be taken.  :func:`run` executes a program with stand-ins for what would
touch the file system, and returns what its probes compute.
"""

from __future__ import annotations

import builtins
import os
import re
import sys
import types
from collections import UserDict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Callable

from hypothesis import assume
from hypothesis import strategies as st

from shapes import (
    CONTENTS,
    EARLY,
    FLOWS,
    FUNCTION,
    LATE,
    LOCALS,
    NAME,
    NOTHING,
    SHAPES,
    SURROUNDINGS,
    VARIABLE,
    Locals,
    Shape,
    Surroundings,
)

ACCESSOR = "autopack.config:settings.autonomous_runs_dir"
#: Where a probe begins; what one of them needs stands behind its own line.
MARK = "# probe "
#: Stand in a template for the directory: whole, its beginning, its end, with an escape sequence.
WHOLE, HEAD, TAIL, ESCAPED = "\x01", "\x02", "\x03", "\x04"

#: The settings; ``{type}`` is the type of the accessor.
CONFIG = f"""\
import os
from pathlib import Path


class Settings:
    theme = "light"

    def __init__(self):
        self.autonomous_runs_dir = {{type}}(os.environ.get("{VARIABLE}", "{NAME}"))


settings = Settings()
other = "other"
"""


DOCSTRINGS = ("", '"""A module."""\n', "# A comment.\n", "#!/usr/bin/python\n'A module.'\n\n")
FUTURES = ("", "from __future__ import annotations\n", "from __future__ import annotations\n\n")
#: Ways to import what the shapes use, and how they then spell a path.
IMPORTS = (
    ("from pathlib import Path, PurePath, PurePosixPath", "Path("),
    ("import pathlib\nfrom pathlib import Path, PurePath, PurePosixPath", "pathlib.Path("),
    ("from pathlib import Path, PurePath, PurePosixPath\nfrom pathlib import Path as P", "P("),
)
LIBRARY = """\
import glob
import json
import os
import os.path as osp
import re
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from enum import Enum
from os import environ
from os.path import join
{paths}
from typing import TYPE_CHECKING

import sqlalchemy
"""


@dataclass(frozen=True)
class Mend:
    """How fixes are to look: the values of `accessor-type`, `fix-import`, `fix-import-style`."""

    accessor_type: str = "str"
    imports: str = "function"
    style: str = "absolute"

    def __str__(self) -> str:
        return f"{self.accessor_type}-{self.imports}-{self.style}"


MENDS = tuple(
    Mend(accessor_type, imports, style)
    for accessor_type in ("str", "Path")
    for imports in ("function", "module")
    for style in ("absolute", "relative")
)


@dataclass(frozen=True)
class Form:
    """How a text is written down: line ends, tabs, a byte order mark or a coding comment."""

    newline: str = "\n"
    tabs: bool = False
    first: bytes = b""
    codec: str = "utf-8"
    last_newline: bool = True
    feed: bool = False

    def encode(self, text: str) -> bytes:
        """Return a text in this form.  Raises ``UnicodeError`` where it cannot be."""
        if self.tabs:
            text = re.sub(r"^( {4})+", lambda match: "\t" * (len(match[0]) // 4), text, flags=re.M)
        if self.feed:
            text = text.replace(MARK, f"\f\n{MARK}")
        text = text if self.last_newline else text.rstrip("\n")
        return self.first + text.replace("\n", self.newline).encode(self.codec)


FORMS = (
    Form(),
    Form(newline="\r\n"),
    Form(newline="\r"),
    Form(tabs=True),
    Form(first=b"\xef\xbb\xbf"),
    Form(first=b"\xef\xbb\xbf", newline="\r\n"),
    Form(first=b"# coding: latin-1\n# \xe9\n", codec="latin-1"),
    Form(first=b"# coding: iso-8859-15\r\n", codec="iso-8859-15", newline="\r\n"),
    Form(last_newline=False),
    Form(feed=True),
)


@dataclass(frozen=True, repr=False)
class Program:
    """A module of the package; ``template`` is its text but for the directory."""

    template: str
    mend: Mend = Mend()
    form: Form = Form()
    package: str = "autopack"

    def __repr__(self) -> str:
        text = self.text(NAME).partition("import sqlalchemy")[2]
        return f"<{self.mend} {self.path} {self.form.newline!r}>{text}"

    @property
    def path(self) -> str:
        """Where the module is kept, in the directory that the package is in."""
        return self.package.replace(".", "/") + "/mod.py"

    @property
    def data(self) -> bytes:
        """The module as it is written down."""
        return self.form.encode(self.text(NAME))

    def text(self, directory: str) -> str:
        """Return the text with a directory in the place of the runs directory."""
        half = len(directory) // 2
        escaped = f"\\x{ord(directory[0]):02x}{directory[1:]}"
        parts = {WHOLE: directory, HEAD: directory[:half], TAIL: directory[half:], ESCAPED: escaped}
        return re.sub("[\x01-\x04]", lambda match: parts[match[0]], self.template)


def plain(shape: Shape, mend: Mend = Mend()) -> Program:
    """Return the program that has a shape in a function, and where no name is taken."""
    literal = ("f" if shape.fields else "") + '"' + shape.content.replace("~", WHOLE) + '"'
    probe = _filled(FUNCTION.text, NOTHING).replace("$", shape.expression.replace("$", literal))
    return Program(_module([probe], SURROUNDINGS[0], IMPORTS[0][0], ""), mend)


@st.composite
def programs(draw: st.DrawFn, mends: st.SearchStrategy[Mend]) -> Program:
    """Programs with one to three probes."""
    spelled, constructor = draw(st.sampled_from(IMPORTS))
    probes = [
        re.sub(r"\bPath\(", constructor, draw(_probes())) for _ in range(draw(st.integers(1, 3)))
    ]
    head = draw(st.sampled_from(DOCSTRINGS)) + draw(st.sampled_from(FUTURES))
    template = _module(probes, draw(st.sampled_from(SURROUNDINGS)), spelled, head)
    package = draw(st.sampled_from(["autopack", "autopack.jobs"]))
    program = Program(template, draw(mends), draw(st.sampled_from(FORMS)), package)
    try:
        program.data.decode(program.form.codec)
        for directory in (NAME, "/x"):
            run(program, program.text(directory), directory)
    except Exception:  # quotes within quotes, or a shape that cannot be evaluated on import
        assume(False)
    return program


@st.composite
def _probes(draw: st.DrawFn) -> str:
    """Probes with one literal, ``N`` standing for their number."""
    if draw(st.integers(0, 3)) == 0:
        content, fields = draw(st.sampled_from(CONTENTS))
        shape = Shape("$", content, fields=fields)
        text = draw(st.sampled_from(FLOWS))
    else:
        shape = draw(st.sampled_from(SHAPES))
        scope = draw(st.sampled_from(LATE) if draw(st.integers(0, 4)) else st.sampled_from(EARLY))
        text = _filled(scope.text, draw(st.sampled_from(LOCALS)))
    text = text.replace("$", draw(_expressions(shape)))
    return re.sub(r"\b(return|else)(?=[A-Za-z])", r"\1 ", text)


@st.composite
def _expressions(draw: st.DrawFn, shape: Shape) -> str:
    """Spellings of a shape: parentheses, line breaks, comments."""
    literal = draw(_literals(shape))
    around = draw(st.sampled_from(["{}"] * 6 + ["({})", "(\n    {}  # why\n)", "( {} )"]))
    expression = shape.expression.replace("$", around.replace("{}", literal))
    return draw(
        st.sampled_from(
            ["{}"] * 6 + ["({})", "(\n        {}\n    )", "(  # before\n    {}\n    # after\n)"]
        )
    ).replace("{}", expression)


@st.composite
def _literals(draw: st.DrawFn, shape: Shape) -> str:
    """Spellings of the literal of a shape: prefixes, quotes, pieces, escape sequences."""
    quote = draw(st.sampled_from(['"', '"', "'", '"""', "'''"]))
    if shape.fields:
        prefix = draw(st.sampled_from(["f", "f", "F", "rf", "fR"]))
    elif "{" in shape.content:
        prefix = draw(st.sampled_from(["", "", "r", "u"]))
    else:
        prefix = draw(st.sampled_from(["", "", "", "r", "R", "u", "f", "rf"]))
    manner = draw(st.sampled_from(["whole"] * 6 + ["halves", "pieces", "escaped"]))
    if manner == "escaped" and "r" not in prefix.lower():
        return prefix + quote + shape.content.replace("~", ESCAPED) + quote
    if manner == "halves":
        halves = shape.content.replace("~", f"{HEAD}{quote} {prefix}{quote}{TAIL}")
        return f"{prefix}{quote}{halves}{quote}"
    if manner == "pieces":
        pieces = shape.content.replace("~", f"{WHOLE}{quote} {prefix}{quote}")
        return f"{prefix}{quote}{pieces}{quote}"
    return prefix + quote + shape.content.replace("~", WHOLE) + quote


def _filled(scope: str, beside: Locals) -> str:
    """Return a scope with what its function does beside."""
    parts = {
        "INIT": beside.init,
        "DONE": beside.done,
        "SEEN": beside.seen,
        "PARAMS": beside.params,
    }
    return re.sub("INIT|DONE|SEEN|PARAMS", lambda match: parts[match[0]], scope)


def _module(probes: list[str], beside: Surroundings, paths: str, head: str) -> str:
    """Return the template of a module."""
    blocks = [head + LIBRARY.format(paths=paths)]
    if beside.first:
        blocks.append(beside.first + "\n")
    for number, probe in enumerate(probes):
        named = re.sub(r"(?<=_)N\b", str(number), probe)
        blocks.append(f"{MARK}{number}\n{named}")
    blocks.append(f"{MARK}meaning\ndef meaning():\n    return {beside.meaning}\n")
    if beside.last:
        blocks.append(beside.last + "\n")
    return "\n\n".join(blocks)


# What programs compute.

#: What a probe has computed: types and texts, in tuples.
Outcome = Any


def run(program: Program, text: str, directory: str = NAME, late: str = "") -> dict[str, Outcome]:
    """Return what the probes of a text compute when the variable names a directory.

    If there is a ``late`` directory, the settings are changed to it before the probes are called.
    """
    environment = UserDict({} if directory == NAME else {VARIABLE: directory})
    names = _builtins(environment)
    with _package(names, program.mend.accessor_type) as settings:
        module = _executed(f"{program.package}.mod", text, names)
        if late:
            environment[VARIABLE] = late
            settings.autonomous_runs_dir = type(settings.autonomous_runs_dir)(late)
        return {
            name: _outcome(probe)
            for name, probe in vars(module).items()
            if name.startswith("probe_") or name == "meaning"
        }


def texts(outcome: Outcome) -> Iterator[str]:
    """Yield the texts in an outcome, in order, each a path in its normal form."""
    if isinstance(outcome, tuple):
        for part in outcome[1:]:
            yield from texts(part)
    elif isinstance(outcome, str):
        yield outcome


def _outcome(probe: Callable[[], object]) -> Outcome:
    try:
        value = probe()
        if isinstance(value, types.CoroutineType):
            try:
                value.send(None)
            except StopIteration as stop:
                value = stop.value
        return _seen(value)
    except Exception as error:  # what programs raise is what they compute
        return "raised", type(error).__name__


def _seen(value: object) -> Outcome:
    kind = type(value).__name__
    if isinstance(value, (list, tuple)):
        return (kind, *map(_seen, value))
    if isinstance(value, dict):
        return (kind, *(_seen(pair) for pair in value.items()))
    if isinstance(value, (str, PurePath)):
        scheme, slashes, path = str(value).rpartition(":///")
        return kind, scheme + slashes + os.path.normpath(path)
    return kind, repr(value) if isinstance(value, (int, bytes)) else ""


def _builtins(environment: UserDict[str, str]) -> dict[str, object]:
    """Return the built-in names of a program: stand-ins, and the values that shapes use."""
    stand_ins = _stand_ins(environment)

    def find(name: str, *rest: Any) -> object:
        return stand_ins[name] if name in stand_ins else builtins.__import__(name, *rest)

    def option(_: str, default: object) -> Callable[[object], Callable[[], object]]:
        return lambda _: lambda: default

    return {
        **vars(builtins),
        "__import__": find,
        "open": _recorded,
        "collect": _recorded,
        "manager": nullcontext,
        "option": option,
        "same": lambda value: value,
        "run_id": "r1",
        "root": "/ws",
        "names": {"a": "b"},
        "unset": None,
        "workspace": Path("/ws"),
    }


def _recorded(*values: object, **named: object) -> object:
    """Return what a call was given: what it would do happens to that."""
    return [*values, *named.values()]


def _stand_ins(environment: UserDict[str, str]) -> dict[str, types.ModuleType]:
    """Return modules that only say what they were asked for."""
    found = {}
    for name, functions in {
        "glob": ["glob"],
        "shutil": ["rmtree", "copy"],
        "sqlite3": ["connect"],
        "sqlalchemy": ["create_engine"],
        "subprocess": ["run"],
    }.items():
        found[name] = types.ModuleType(name)
        vars(found[name]).update(dict.fromkeys(functions, _recorded))
    found["os"] = types.ModuleType("os")
    vars(found["os"]).update(
        path=os.path,
        fspath=os.fspath,
        environ=environment,
        getenv=environment.get,
        makedirs=_recorded,
        listdir=_recorded,
    )
    return found


@contextmanager
def _package(names: dict[str, object], accessor_type: str) -> Iterator[Any]:
    """Let the package be imported; the value is its settings."""
    package = types.ModuleType("autopack")
    package.__path__ = []
    added = {"autopack": package, "autopack.jobs": types.ModuleType("autopack.jobs")}
    added["autopack.jobs"].__path__ = []
    before = {name: sys.modules[name] for name in added if name in sys.modules}
    sys.modules.update(added)
    try:
        config = _executed("autopack.config", CONFIG.format(type=accessor_type), names)
        sys.modules["autopack.config"] = config
        vars(package)["config"] = config
        yield config.settings
    finally:
        for name in (*added, "autopack.config"):
            sys.modules.pop(name, None)
        sys.modules.update(before)


def _executed(name: str, text: str, names: dict[str, object]) -> types.ModuleType:
    """Execute the text of a module."""
    module = types.ModuleType(name)
    module.__package__ = name.rpartition(".")[0]
    vars(module)["__builtins__"] = names
    sys.modules[name] = module
    try:
        exec(compile(text, name, "exec", dont_inherit=True), vars(module))
    finally:
        del sys.modules[name]
    return module
