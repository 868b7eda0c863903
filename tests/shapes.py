"""What generated programs are made of: expressions, scopes, and names that are taken.

In all of these texts, ``$`` stands for a literal or an expression, and ``N`` for a number.
"""

from __future__ import annotations

from dataclasses import dataclass

NAME = ".autonomous_runs"
VARIABLE = "AUTONOMOUS_RUNS_DIR"


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
    Shape("Path($, $)", "~/x"),
    Shape("Path($) / $ / $", "~/x"),
    Shape("os.path.join($, root, $)", "~"),
    Shape("os.path.join($, $)", "~/x"),
    Shape("Path(Path($) / $) / Path($)", "~/x"),
    Shape("Path($) if run_id else Path($)", "~/x"),
    Shape("[open(path) for path in ($, 'x', $)]", "~/x"),
    Shape("shutil.copy($, $)", "~/x"),
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
