"""The options of the linter: each declared once, read from wherever users write them.

A source of options is a :class:`Layer`: plain values and the name of the place they stand in, so
that every complaint can name file and key.  :func:`read` checks a layer key by key.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping

from flake8_runsdir import globs
from flake8_runsdir.codes import PREFIX
from flake8_runsdir.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional, Union

    #: Tells what is wrong with one value ("is empty"), or ``None``.
    Check = Callable[[str], Optional[str]]
    #: A list is a tuple; a table is a tuple of its keys and their lists.
    Value = Union[str, bool, int, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]

TABLE = "tool.runsdir"


class ConfigError(Exception):
    """A wrong value in a configuration: the message names the place, the key and what is wrong."""


class Option(Record):
    """One option: its name, its default, its check and its explanation.

    The default gives the type: a string, a flag, a number, a list (a tuple) or a table of lists.
    A table whose default has keys knows no others.
    """

    name: str
    default: str | bool | int | tuple[str, ...] | dict[str, tuple[str, ...]]
    check: Check
    help: str

    @property
    def field(self) -> str:
        """The name of the option as a Python identifier."""
        return self.name.replace("-", "_")


class Layer(Record):
    """Options from one place.

    ``origin`` is what messages call the place; ``prefix`` is what keys carry there (``runsdir-`` in
    flake8's files); ``base`` is the directory that relative patterns start from.
    """

    origin: str
    values: Mapping[str, object]
    base: str
    prefix: str = ""


def read(layer: Layer, options: Mapping[str, Option]) -> Iterator[tuple[Option, Value]]:
    """Yield the options that a layer gives, with their values in the types of the options.

    ``options`` are the known ones by name.  Raises :class:`ConfigError` for an unknown key, a wrong
    type and a wrong value.
    """
    for key, value in layer.values.items():
        option = _option(layer, key, options)
        yield option, _checked(f"{quoted(layer.origin)}: `{quoted(key)}`", option, value)


def _dotted(value: str) -> str | None:
    wrong = [
        part for part in value.split(".") if not part.isidentifier() or keyword.iskeyword(part)
    ]
    return "is not a dotted name such as `settings.runs_dir`" if wrong else None


def _accessor(value: str) -> str | None:
    if value.count(":") > 1:
        return "is neither `module:dotted.name` nor a dotted name"
    return next((wrong for part in value.split(":") if (wrong := _dotted(part))), None)


def _directory(value: str) -> str | None:
    parts = value.split("/")
    if not value or any(part in ("", ".", "..") for part in parts):
        return "is not the name of a directory"
    if re.search(r"[\s\\\"'`=:,;()\[\]{}<>|*?\x00-\x1f\x7f]", value):
        return "holds a character that separates names"
    return None


def _variable(value: str) -> str | None:
    return None if value.isidentifier() else "is not the name of an environment variable"


def _scope(value: str) -> str | None:
    valid = value.replace("*", "x").replace("?", "x").isidentifier()
    return None if valid else "is not an identifier (a `*` may stand for any part of one)"


def _component(value: str) -> str | None:
    return "holds a slash: one component is meant" if "/" in value else globs.problem(value)


def _place(value: str) -> str | None:
    path, colon, name = value.partition(":")
    if colon and not name.isidentifier():
        return "is neither `path/glob.py` nor `path/glob.py:NAME`"
    return globs.problem(path)


def _flag(value: str) -> str | None:
    return None if value.lower() in _FLAGS else "is neither true nor false"


def _codes(value: str) -> str | None:
    wanted = value.rstrip("0123456789")
    return None if wanted.isalpha() and wanted.isupper() else "is not a code, or the start of one"


def _format(value: str) -> str | None:
    return None if value in FORMATS else f"is no format; there are {', '.join(FORMATS)}"


def _accessor_type(value: str) -> str | None:
    return None if value in ("str", "Path") else "is neither `str` nor `Path`"


def _import_place(value: str) -> str | None:
    return None if value in ("function", "module") else "is neither `function` nor `module`"


def _import_style(value: str) -> str | None:
    return None if value in ("absolute", "relative") else "is neither `absolute` nor `relative`"


def _version(value: str) -> str | None:
    return None if value in VERSIONS else f"is no version; there are {', '.join(VERSIONS)}"


def _anything(value: str) -> str | None:
    return None if value.strip() else "is empty"


_COMMENT = "is a comment, which must stand on a line of its own"
_FLAGS = {"true": True, "1": True, "yes": True, "on": True}
_FLAGS.update({"false": False, "0": False, "no": False, "off": False})

OPTIONS: tuple[Option, ...] = (
    Option(
        "names",
        (".autonomous_runs",),
        _directory,
        "Names of the runs directory. A name may have several components (`var/runs`).",
    ),
    Option(
        "accessor",
        "settings.autonomous_runs_dir",
        _accessor,
        "How code should reach the directory. `pkg.config:settings.autonomous_runs_dir` also says "
        "where it is imported from; then the default may be defined in that module only.",
    ),
    Option(
        "env-vars",
        ("AUTONOMOUS_RUNS_DIR",),
        _variable,
        "Environment variables that configure the directory.",
    ),
    Option(
        "definitions",
        (),
        _place,
        "Further places that may define a default: `path/glob.py` or `path/glob.py:NAME`.",
    ),
    Option(
        "scopes",
        ("run_id", "run_name", "run_uuid", "run_dir", "*_run_id"),
        _scope,
        "Identifiers that tell one run from another.",
    ),
    Option(
        "strict-scopes",
        False,
        _flag,
        "A path is scoped only by one of `scopes`, not by any dynamic component.",
    ),
    Option(
        "shared",
        (".locks", ".workspace_leases", "workspaces", "*.lock"),
        _component,
        "Components that make a path shared on purpose.",
    ),
    Option(
        "allow",
        ("docs/**", "**/migrations/**", "**/alembic/versions/**"),
        globs.problem,
        "The allowlist: files whose findings are not reported. Relative to the configuration file.",
    ),
    Option(
        "joins",
        (),
        _dotted,
        "Functions of the project that join path components, such as `hass.config.path`.",
    ),
)


_EXCLUDED = (
    ".bzr .direnv .eggs .git .git-rewrite .hg .ipynb_checkpoints .mypy_cache .nox .pants.d .pyenv",
    ".pytest_cache .pytype .ruff_cache .runsdir_cache .svn .tox .venv .vscode __pypackages__",
    "_build buck-out dist node_modules site-packages venv",
)
VERSIONS = tuple(f"py3{minor}" for minor in range(7, 16))
#: The output formats of ``runsdir check``, in Ruff's order.
FORMATS: tuple[str, ...] = (
    "concise",
    "full",
    "json",
    "json-lines",
    "junit",
    "grouped",
    "github",
    "gitlab",
    "pylint",
    "rdjson",
    "azure",
    "sarif",
)

#: The reports of ``runsdir audit``.
AUDIT_FORMATS: tuple[str, ...] = ("text", "markdown", "html", "json", "csv", "sarif")

_GENERATED = (
    "*.egg-info/** *.lock *.map *.min.css *.min.js *_pb2.py *_pb2.pyi **/generated/**",
    "package-lock.json pnpm-lock.yaml",
)
#: What the places in a project that matter less, more and most are about.
_PERSISTENT = (
    "*.db *.jsonl *.ndjson *.sqlite* *audit* *cache* *database* *event* *failure* *hint*",
    "*history* *learn* *memory* *metric* *persist* *report* *rule* *store* *summary* *telemetry*",
    "*usage*",
)
_CENTRAL = (
    "*_lock* *artifact* *checkpoint* *engine* *executor* *layout* *lease* *loader* *orchestrat*",
    "*pipeline* *runner* *scheduler* *supervisor* *worker* *workspace*",
)
_ASIDE = (
    "**/benchmarks/** **/docs/** **/examples/** **/scripts/** **/test/** **/tests/** **/tools/**",
)

#: What only ``runsdir check`` reads: flake8 has options of its own for these.
CHECK_OPTIONS: tuple[Option, ...] = (
    Option("select", (PREFIX,), _codes, "Codes, or starts of codes, of the rules that are on."),
    Option("extend-select", (), _codes, "Further rules that are on."),
    Option("ignore", (), _codes, "Rules that are off. The longer of two codes wins."),
    Option("extend-ignore", (), _codes, "Further rules that are off."),
    Option(
        "per-file-ignores",
        {},
        _codes,
        "Rules that are off in some files: a table of globs and lists of codes. A `!` in front of "
        "a glob turns it round.",
    ),
    Option("extend-per-file-ignores", {}, _codes, "Further rules that are off in some files."),
    Option("fix", False, _flag, "Apply fixes, as with `--fix`."),
    Option("fix-only", False, _flag, "Apply fixes and report nothing, as with `--fix-only`."),
    Option("unsafe-fixes", False, _flag, "Apply unsafe fixes as well."),
    Option("show-fixes", False, _flag, "List what has been fixed."),
    Option("fixable", ("ALL",), _codes, "Rules whose fixes are offered and applied."),
    Option("extend-fixable", (), _codes, "Further rules whose fixes are."),
    Option("unfixable", (), _codes, "Rules whose fixes are not. The longer of two codes wins."),
    Option("extend-unfixable", (), _codes, "Further rules whose fixes are not."),
    Option("extend-safe-fixes", (), _codes, "Rules whose unsafe fixes count as safe."),
    Option("extend-unsafe-fixes", (), _codes, "Rules whose safe fixes count as unsafe."),
    Option(
        "include",
        ("*.py", "*.pyi", "*.ipynb"),
        globs.problem,
        "Files that are checked where a directory is given.",
    ),
    Option("extend-include", (), globs.problem, "Further files that are checked."),
    Option(
        "exclude",
        tuple(" ".join(_EXCLUDED).split()),
        globs.problem,
        "Files and directories that are left out. Relative to the configuration file.",
    ),
    Option("extend-exclude", (), globs.problem, "Further files and directories to leave out."),
    Option(
        "respect-gitignore", True, _flag, "What git, `.gitignore` or `.ignore` ignore is left out."
    ),
    Option("force-exclude", False, _flag, "Leave out also what is named on the command line."),
    Option(
        "baseline",
        "",
        lambda _: None,
        "A file of known findings, which are not reported; `runsdir baseline` makes it. Relative "
        "to the configuration file, and not outside of its directory. flake8 reads this option, "
        "too.",
    ),
    Option("output-format", "full", _format, "How findings are printed."),
    Option(
        "cache-dir",
        ".runsdir_cache",
        _anything,
        "Where results are kept between runs, in the project.",
    ),
    Option(
        "max-file-size",
        16 << 20,
        _anything,
        "Larger files are not read but reported as RUN903. In bytes.",
    ),
    Option("accessor-type", "str", _accessor_type, "What the accessor yields: `str` or `Path`."),
    Option(
        "fix-import",
        "function",
        _import_place,
        "Where fixes import the accessor's object: in the `function` that needs it, or at the top "
        "of the `module`.",
    ),
    Option(
        "fix-import-style",
        "absolute",
        _import_style,
        "How they import it: `absolute`, or `relative` where the file is in the same package.",
    ),
    Option(
        "target-version",
        "py39",
        _version,
        "The oldest Python that the code is for. The rules are the same for all of them.",
    ),
    Option(
        "statuses",
        {
            "backup": ("*.backup", "*.bak", "*.bak[0-9]", "*.broken", "*.old", "*.orig", "*~"),
            "migration": ("**/migrations/**", "**/alembic/versions/**"),
            "generated": tuple(" ".join(_GENERATED).split()),
            "log": ("*.log", "*.log.[0-9]", "**/logs/**"),
            "documentation": ("*.md", "*.rst", "*.adoc"),
        },
        globs.problem,
        "What `runsdir audit` takes files for, by their paths: a table of statuses and lists of "
        "globs, the first that matches. A status that is not given keeps its globs. Relative to "
        "the configuration file.",
    ),
    Option(
        "priorities",
        {
            "LOW": ("*debug*", "*diagnos*", "*dump*", "*profil*", "*trace*", "*.log"),
            "MEDIUM": tuple(" ".join(_PERSISTENT).split()),
            "HIGH": tuple(" ".join(_CENTRAL).split()),
            "LOWER": tuple(" ".join(_ASIDE).split()),
        },
        globs.problem,
        "How much depends on a place that `runsdir audit` finds: a table of priorities and lists "
        "of globs, which are looked for in the name of the file, its directories, the words of "
        "the line and the names of the functions around it, in this order. `LOWER` are the files "
        "whose places are one step lower, by their paths below the directory that is audited. A "
        "priority that is not given keeps its globs.",
    ),
    Option("preview", False, _flag, "Unstable rules are on as well. There are none now."),
)


#: What flake8 knows: the options of the analysis, and this one of the checker.
PLUGIN_OPTIONS = (*OPTIONS, *(one for one in CHECK_OPTIONS if one.name == "baseline"))


def quoted(text: str) -> str:
    """Return a text from outside as it may be shown: control and format characters escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def _option(layer: Layer, key: str, options: Mapping[str, Option]) -> Option:
    spelled = key.replace("_", "-")
    name = spelled[len(layer.prefix) :] if spelled.startswith(layer.prefix) else spelled
    option = options.get(name)
    if option is None:
        from difflib import get_close_matches

        near = get_close_matches(name, options, 1)
        hint = f"; did you mean `{layer.prefix}{near[0]}`?" if near else ""
        raise ConfigError(f"{quoted(layer.origin)}: unknown key `{quoted(key)}`{hint}")
    return option


def _checked(where: str, option: Option, value: object) -> Value:
    """Return a value in the type of its option, every item of it checked."""
    default = option.default
    if isinstance(default, bool):
        return _FLAGS[_valid(where, option, _text(where, option, value)).lower()]
    if isinstance(default, int):
        return _number(where, value)
    if isinstance(default, dict):
        return _table(where, option, value)
    if not isinstance(default, tuple):
        return _valid(where, option, _text(where, option, value))
    items = _items(where, value)
    if option.name == "names" and not items:
        raise ConfigError(f"{where}: at least one name is needed")
    return tuple(_valid(where, option, item) for item in items)


def _valid(where: str, option: Option, item: str) -> str:
    problem = _COMMENT if item.startswith("#") else option.check(item)
    if problem is not None:
        raise ConfigError(f"{where}: `{quoted(item)}` {problem}")
    return item


def _text(where: str, option: Option, value: object) -> str:
    flag = isinstance(option.default, bool)
    if isinstance(value, str) or (flag and isinstance(value, bool)):
        return str(value)
    raise ConfigError(f"{where}: {'true or false' if flag else 'a string'} expected")


def _number(where: str, value: object) -> int:
    if isinstance(value, str) and value.isdecimal() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigError(f"{where}: a number greater than zero expected")
    return value


def _table(where: str, option: Option, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{where}: a table of lists expected")
    rows = []
    for key, items in value.items():
        problem = _key(option, key)
        if problem is not None:
            raise ConfigError(f"{where}: `{quoted(key)}` {problem}")
        rows.append((key, tuple(_valid(where, option, item) for item in _items(where, items))))
    return tuple(rows)


def _key(option: Option, key: str) -> str | None:
    """Return what is wrong with a key of a table, which is a glob unless the keys are known."""
    known = option.default
    if isinstance(known, dict) and known:
        return None if key in known else f"is not known; there are {', '.join(known)}"
    return globs.problem(key[1:] if key.startswith("!") else key)


def _items(where: str, value: object) -> list[str]:
    items = value if isinstance(value, (list, tuple)) else [None]
    strings = [item for item in items if isinstance(item, str)]
    if len(strings) < len(items):
        raise ConfigError(f"{where}: a list of strings expected")
    return strings
