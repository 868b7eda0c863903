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

NAME = ".autonomous_runs"
VARIABLE = "AUTONOMOUS_RUNS_DIR"
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


@dataclass(frozen=True)
class Shape:
    """An expression, with ``$`` for a literal; ``~`` in its content is the runs directory.

    ``fix`` is what becomes of it in a function where no name is taken: ``safe``, ``unsafe``,
    ``never``, or nothing where that is not prescribed.  The content has replacement fields, and so
    is an f-string, if ``fields`` is set.
    """

    expression: str
    content: str
    fix: str = "safe"
    fields: bool = False

    def __str__(self) -> str:
        prefix = "f" if self.fields else ""
        return self.expression.replace("$", f"{prefix}'{self.content}'")


def _fields(expression: str, content: str, fix: str = "safe") -> Shape:
    return Shape(expression, content, fix, fields=True)


#: Values that are made by one expression.
SHAPES = (
    Shape("Path($)", "~"),
    Shape('Path($) / run_id / "x"', "~"),
    Shape("Path($)", "~/.stop_executor"),
    _fields("Path($)", "~/{run_id}/x.json"),
    _fields("Path($) / 'x'", "~/{run_id!r:>6}/{{x}}"),
    _fields("Path($)", "~/{names['a']}/x"),
    _fields("Path($)", "~"),
    Shape("Path($)", "~/läufe/{x}/%s"),
    Shape("Path($)", "~/it's"),
    Shape("Path($)", r"~/a\tb"),
    Shape("Path($)", "./~/x", ""),
    Shape("Path($)", "~/", ""),
    Shape("Path($)", "~//x", ""),
    Shape("Path($)", "~/../x", ""),
    Shape("Path($)", "../~/x", ""),
    Shape("Path($)", "/ws/~/x", ""),
    Shape("Path($).resolve().parent", "~/x"),
    Shape("Path($).joinpath(run_id, 'x')", "~"),
    Shape("Path($).with_suffix('.x')", "~/a"),
    Shape("Path($).as_posix()", "~/x"),
    Shape("Path($, run_id)", "~"),
    Shape("Path(root, $, run_id)", "~"),
    Shape("Path('é日😀', $)", "~/x"),
    Shape("Path(root, *($, run_id))", "~", ""),
    Shape("Path(Path($), run_id)", "~"),
    Shape("Path(str($))", "~"),
    Shape("Path(unset or $)", "~"),
    Shape("Path($ if run_id else 'x')", "~"),
    Shape("Path('x'if unset else$)", "~"),
    Shape("Path($if run_id else'x')", "~/y"),
    Shape("PurePath($) / run_id", "~"),
    Shape("PurePosixPath($)", "~/x"),
    Shape("Path.cwd() / $", "~"),
    Shape("Path(root).joinpath($, run_id)", "~"),
    Shape("Path(root).with_name($)", "~", ""),
    Shape("Path(root).relative_to($)", "~", ""),
    Shape("sorted(Path(root).glob($))", "~/*", ""),
    Shape("workspace / $", "~"),
    Shape("workspace / $ / run_id", "~"),
    Shape("workspace / $", "~/x"),
    _fields("workspace / $", "~/{run_id}/x"),
    Shape("workspace.parent / 'a' / $ / 'b'", "~/x"),
    Shape("$ / Path(run_id)", "~"),
    Shape("$ / Path(run_id)", "~/x"),
    Shape("str(workspace / $)", "~"),
    Shape("os.path.join(root, $, run_id)", "~"),
    Shape("os.path.join(root, $)", "~/x"),
    Shape("os.path.join($, run_id)", "~"),
    Shape("os.path.join($, run_id)", "~/x"),
    _fields("os.path.join($, 'x')", "~/{run_id}"),
    Shape("join($, run_id)", "~"),
    Shape("osp.join(root, $)", "~"),
    Shape("os.path.join(*[$, run_id])", "~", ""),
    Shape("os.path.abspath($)", "~"),
    Shape("os.path.join(os.path.dirname($), 'y')", "~/x", ""),
    Shape("os.fspath($)", "~", ""),
    Shape("open($)", "~/x"),
    _fields("open($, 'w')", "~/{run_id}.json"),
    Shape("open(file=$)", "~/x"),
    Shape("open($ % run_id)", "~/%s/x"),
    Shape("open($.format(run_id))", "~/{}/x", ""),
    Shape("open('%s/%s' % ($, run_id))", "~", ""),
    Shape("open('{}/x'.format($))", "~", ""),
    Shape("open($ + '/' + run_id)", "~"),
    Shape("open($ + run_id)", "~/"),
    Shape("open(run_id and $ or 'x')", "~/x"),
    Shape("open(f'{$}/x')", "~", ""),
    Shape("open('/'.join([$, run_id]))", "~", ""),
    Shape("open('/'.join([root, $, run_id]))", "~", ""),
    Shape("open(($, 'x')[0])", "~/x", ""),
    Shape("open({'a': $}['a'])", "~/x", ""),
    _fields("open($)", "{root}/~/x", "unsafe"),
    Shape("open(root + $)", "/~/x", "unsafe"),
    Shape("glob.glob($)", "~/*/x.json"),
    Shape("sqlite3.connect($)", "~/run.db"),
    Shape("sqlalchemy.create_engine($)", "sqlite:///~/run.db"),
    _fields("sqlalchemy.create_engine($)", "sqlite:///~/{run_id}.db"),
    Shape("sqlalchemy.create_engine('sqlite:///' + $)", "~/run.db", ""),
    Shape("subprocess.run(['ls'], cwd=$)", "~"),
    _fields("subprocess.run(['ls'], cwd=$)", "~/{run_id}"),
    Shape("subprocess.run(['ls', $])", "~/x", ""),
    Shape("subprocess.run(['ls'], **{'cwd': $})", "~/x", ""),
    Shape("subprocess.run($, shell=True)", "ls ~/x", "unsafe"),
    Shape("shutil.rmtree($)", "~/x"),
    Shape("shutil.copy(root, $)", "~/x"),
    Shape("os.makedirs($, exist_ok=True)", "~"),
    Shape("os.listdir($)", "~/x"),
    Shape("collect(runs_dir=$)", "~"),
    Shape("collect(log_path=$)", "~/x"),
    Shape("collect({'runs_dir': $})", "~", ""),
    Shape("[Path(part) / run_id for part in ($, 'other')]", "~", ""),
    Shape("list(map(Path, [$]))", "~", ""),
    Shape("(lambda part: Path(part))($)", "~", ""),
    Shape("$", "~", ""),
    _fields("$", "~/{run_id}/x.json", ""),
    Shape("$, run_id", "~/x", ""),
    Shape(f"os.environ.get('{VARIABLE}', $)", "~"),
    Shape(f"os.getenv('{VARIABLE}', $)", "~"),
    Shape(f"environ.get('{VARIABLE}', $)", "~"),
    Shape(f"Path(os.environ.get('{VARIABLE}', $)) / run_id", "~"),
    Shape(f"os.environ.get('{VARIABLE}', default=$)", "~", ""),
    Shape(f"os.environ.get('{VARIABLE}') or $", "~", ""),
    Shape("open($.encode())", "~/x", "never"),
    Shape("open($.upper())", "~/x", "never"),
    Shape("re.match($, root)", r"^~/", "never"),
    Shape("root.startswith($)", "~/", "never"),
    Shape("json.dumps({'path': [{'a': $}]})", "~/x", "never"),
)

#: Reads of the variable that yield something else than the directory if it is not set.
READS = (
    Shape(f"open(os.environ.get('{VARIABLE}', $))", "~/x", "unsafe"),
    Shape(f"open(os.environ.get('{VARIABLE}', '') + $)", "/x", "unsafe"),
    Shape(f"open(os.environ['{VARIABLE}'] + $)", "/x", "unsafe"),
    Shape(f"open(os.getenv('{VARIABLE}') or $)", "x", "unsafe"),
)

#: Whole probes, ``N`` being their number, with values that go some way.
FLOWS = tuple(
    text.strip("\n") + "\n"
    for text in (
        """
def probe_N():
    log = $
    return open(log)
""",
        """
def probe_N():
    log: str = $
    log += "/y"
    return open(log)
""",
        """
def probe_N():
    first, second = $, "x"
    return Path(first) / second
""",
        """
def probe_N():
    if (base := Path($)).name:
        return base / run_id
""",
        """
def probe_N():
    if unset:
        base = Path("other")
    else:
        base = Path($)
    return base / run_id
""",
        """
def probe_N():
    found = []
    for directory in [$, "other"]:
        found.append(Path(directory) / run_id)
    return found
""",
        """
def probe_N():
    places = {"runs": $, "other": "x"}
    return open(places["runs"])
""",
        """
def probe_N():
    name = $
    return open(name + "/x"), len(name) > 0, name.rstrip("/")
""",
        """
class Log_N:
    def __init__(self):
        self.log = $

    def read(self):
        return open(self.log)


def probe_N():
    return Log_N().read()
""",
        """
def base_N():
    return $


def probe_N():
    return Path(base_N()) / run_id
""",
        """
BASE_N = None


def choose_N():
    global BASE_N
    BASE_N = $


def probe_N():
    choose_N()
    return Path(BASE_N)
""",
        """
BASE_N = $


def probe_N():
    return Path(BASE_N) / run_id
""",
        """
class Places_N:
    runs = $

    @classmethod
    def first(cls):
        return Path(cls.runs)


def probe_N():
    return Places_N.first()
""",
        """
@dataclass
class Options_N:
    runs: str = $


def probe_N():
    return Path(Options_N().runs)
""",
        """
class Places_N(Enum):
    RUNS = $


def probe_N():
    return Path(Places_N.RUNS.value)
""",
        """
def probe_N(runs_dir=$):
    return Path(runs_dir)
""",
        """
def probe_N(*, unused=1, runs_dir: "str" = $):
    return open(runs_dir)
""",
        """
@option("--dir", default=$)
def probe_N(runs_dir="x"):
    return runs_dir
""",
    )
)
#: What may stand for the literal in a flow: nothing but a name, a path, a path with a field.
CONTENTS = (("~", False), ("~/x", False), ("~/{run_id}", True))


@dataclass(frozen=True)
class Scope:
    """Where an expression ``$`` stands: a probe with places for what a :class:`Locals` says.

    ``INIT`` are the statements before it, ``DONE`` those behind it, ``SEEN`` a further value and
    ``PARAMS`` parameters.  ``is_late`` says that it is evaluated when the probe is called.
    """

    text: str
    is_late: bool = True


def _late(text: str) -> Scope:
    return Scope(text.strip("\n") + "\n")


def _early(text: str) -> Scope:
    return Scope(text.strip("\n") + "\n", is_late=False)


FUNCTION = _late("""
def probe_N(PARAMS):
    INIT
    result = $
    DONE
    return result, SEEN
""")
#: Functions, and what there is inside of them.
LATE = (
    FUNCTION,
    _late('''
def probe_N(PARAMS):
    """Return a path."""
    INIT
    return ($), SEEN
'''),
    _late("""
def probe_N(
    PARAMS
):  # a comment
    # another one

    INIT
    return $, SEEN
"""),
    _late("""
async def probe_N(PARAMS):
    INIT
    result = $
    DONE
    return result, SEEN
"""),
    _late("""
def probe_N(PARAMS):
    INIT
    if run_id:
        try:
            result = $
        finally:
            pass
    DONE
    return result, SEEN
"""),
    _late("""
def probe_N(PARAMS):
    INIT
    for _ in (1, 2): result = $
    DONE
    return result, SEEN
"""),
    _late("""
def probe_N(PARAMS):
    INIT
    first = 1; result = $; last = 2
    DONE
    return result, first, last, SEEN
"""),
    _late("""
def probe_N(): return $
"""),
    _late("""
def probe_N(): "Return a path."; return $
"""),
    _late("""
def probe_N(): return$
"""),
    _late("""
def probe_N(PARAMS):
    INIT
    def inner():
        return $
    result = inner()
    DONE
    return result, SEEN
"""),
    _late("""
def probe_N(PARAMS):
    INIT
    inner = lambda: $
    result = inner()
    return result, SEEN
"""),
    _late("""
def probe_N(PARAMS):
    INIT
    result = [$ for _ in (1,)]
    DONE
    return result, SEEN
"""),
    _late("""
def probe_N():
    return [($, settings) for settings in ("dark",)]
"""),
    _late("""
def probe_N():
    return (lambda settings: ($, settings))("dark")
"""),
    _late("""
def probe_N():
    settings = "dark"

    def inner():
        return $, settings

    return inner()
"""),
    _late("""
def probe_N():
    settings = "dark"

    def inner():
        nonlocal settings
        settings += "er"
        return $

    return inner(), settings
"""),
    _late("""
def probe_N():
    class Local:
        settings = "dark"

        def read(self):
            return $, self.settings

    return Local().read()
"""),
    _late("""
def each_N(PARAMS):
    INIT
    yield $
    DONE
    yield SEEN


def probe_N():
    return list(each_N())
"""),
    _late("""
class Holder_N:
    settings = "dark"

    def read(self, PARAMS):
        INIT
        result = $
        DONE
        return result, self.settings, SEEN


def probe_N():
    return Holder_N().read()
"""),
    _late("""
class Holder_N:
    def __init__(self):
        self.log_path = $


def probe_N():
    return Holder_N().log_path
"""),
    _late("""
class Holder_N:
    @property
    def log_path(self):
        INIT
        return $


def probe_N():
    return Holder_N().log_path
"""),
    _late("""
class Holder_N:
    @staticmethod
    def read(PARAMS):
        INIT
        return $, SEEN


def probe_N():
    return Holder_N.read()
"""),
    _late("""
if True:
    @same
    def probe_N(PARAMS):
        INIT
        result = $
        DONE
        return result, SEEN
"""),
)
#: What is evaluated while the module is imported.
EARLY = (
    _early("""
VALUE_N = $


def probe_N():
    return VALUE_N
"""),
    _early("""
if True: VALUE_N = $


def probe_N():
    return VALUE_N
"""),
    _early("""
class Holder_N:
    value = $


def probe_N():
    return Holder_N.value
"""),
    _early("""
def probe_N(value=$):
    return value
"""),
    _early("""
@option("--dir", default=$)
def probe_N(value="x"):
    return value
"""),
    _early("""
probe_N = lambda value=$: value
"""),
    _early("""
probe_N = lambda: $
"""),
)


@dataclass(frozen=True)
class Locals:
    """What a function does beside: see :class:`Scope`."""

    init: str = "pass"
    seen: str = "None"
    done: str = "pass"
    params: str = ""


NOTHING = Locals()
IMPORT = "from autopack.config import settings"
LOCALS = (
    NOTHING,
    Locals(seen="settings", params="settings='dark'"),
    Locals(seen="settings", params="*settings"),
    Locals(seen="settings", params="**settings"),
    Locals("settings = 'dark'", "settings"),
    Locals(done="settings = 'dark'", seen="settings"),
    Locals("for settings in ('dark',): pass", "settings"),
    Locals(done="for settings in ('dark',): pass", seen="settings"),
    Locals("with manager('dark') as settings: pass", "settings"),
    Locals("(settings := 'dark')", "settings"),
    Locals("chosen_settings = [settings for settings in ('dark',)]", "chosen_settings"),
    Locals("chosen_settings = (lambda settings: settings)('dark')", "chosen_settings"),
    Locals("def chosen_settings(settings='dark'): return settings", "chosen_settings()"),
    Locals("class settings: theme = 'dark'", "settings.theme"),
    Locals("import json as settings", "settings.__name__"),
    Locals("[settings, *chosen_settings] = 'dark'", "settings"),
    Locals("autopack = 'dark'", "autopack"),
    Locals("config = 'dark'", "config"),
    Locals("str = 'dark'", "str"),
    Locals(IMPORT, "settings.theme"),
    Locals(f"{IMPORT} as chosen_settings", "chosen_settings.theme"),
    Locals("import autopack.config", "autopack.config.other"),
    Locals("import autopack.config as chosen_settings", "chosen_settings.other"),
    Locals("from autopack import config", "config.other"),
    Locals(done=IMPORT, seen="settings.theme"),
    Locals(f"{IMPORT}; del settings"),
    Locals(f"{IMPORT}; settings = 'dark'", "settings"),
    Locals(IMPORT, "settings", done="settings = 'dark'"),
    Locals(f"if not run_id: {IMPORT}"),
    Locals(f"if run_id: {IMPORT}", "settings.theme"),
)


@dataclass(frozen=True)
class Surroundings:
    """What a module does beside: its first lines, its last ones, and a value that must stay."""

    first: str = ""
    last: str = ""
    meaning: str = "None"


SURROUNDINGS = (
    Surroundings(),
    Surroundings(IMPORT, meaning="settings.theme"),
    Surroundings(f"{IMPORT} as chosen_settings", meaning="chosen_settings.theme"),
    Surroundings("from autopack.config import other, settings", meaning="settings.theme + other"),
    Surroundings("from autopack.config import other", meaning="other"),
    Surroundings("from autopack.config import (\n    other,\n)", meaning="other"),
    Surroundings("import autopack.config", meaning="autopack.config.other"),
    Surroundings("import autopack.config as chosen_settings", meaning="chosen_settings.other"),
    Surroundings("import autopack.config, sys", meaning="autopack.config.other"),
    Surroundings("from autopack import config", meaning="config.other"),
    Surroundings("from autopack.config import *", meaning="other"),
    Surroundings("", IMPORT, "settings.theme"),
    Surroundings(f"if TYPE_CHECKING:\n    {IMPORT}"),
    Surroundings(f"if True:\n    {IMPORT}\nelse:\n    settings = None", "", "settings.theme"),
    Surroundings(f"try:\n    {IMPORT}\nexcept ImportError:\n    settings = None"),
    Surroundings(f"{IMPORT}\nsettings = 'dark'", meaning="settings"),
    Surroundings(IMPORT, "settings = 'dark'", "settings"),
    Surroundings(f"{IMPORT}\ndel settings"),
    Surroundings(
        f"{IMPORT}\n\n\ndef rebind():\n    global settings\n    settings = 'dark'",
        "rebind()",
        "settings",
    ),
    Surroundings("settings = {'theme': 'dark'}", meaning="settings['theme']"),
    Surroundings("def settings():\n    return 'dark'", meaning="settings()"),
    Surroundings("class settings:\n    theme = 'dark'", meaning="settings.theme"),
    Surroundings("import json as settings", meaning="settings.__name__"),
    Surroundings("for settings in ('dark',):\n    pass", meaning="settings"),
    Surroundings("with manager('dark') as settings:\n    pass", meaning="settings"),
    Surroundings("", "settings = 'dark'", "settings"),
    Surroundings("autopack = 'dark'", meaning="autopack"),
    Surroundings("config = 'dark'", meaning="config"),
    Surroundings("str = 'dark'", meaning="str"),
    Surroundings("from json import *"),
)

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
