"""The flake8 plugin: flake8's options and trees in, flake8's tuples out."""

from __future__ import annotations

import ast
import configparser
import os
from argparse import Namespace
from typing import ClassVar, Dict, Iterator, List, Sequence, Tuple, Type

from flake8.exceptions import ExecutionError
from flake8.options.config import load_config
from flake8.options.manager import OptionManager

from flake8_runsdir import __version__
from flake8_runsdir.config import (
    OPTIONS,
    ConfigError,
    Layer,
    Option,
    pyproject_layer,
    resolve,
)
from flake8_runsdir.diagnostic import LineIndex
from flake8_runsdir.linter import Linter, active, unanalysed

_PREFIX = "runsdir-"
_FILES = ("setup.cfg", "tox.ini", ".flake8")
_PATHS = frozenset({"allow", "definitions"})

#: Row (1-based), column (0-based, in characters), text, and the plugin, as flake8 wants them.
Problem = Tuple[int, int, str, Type["Plugin"]]


class Plugin:
    """An AST plugin of flake8; its one state, as flake8 wants it, is the linter on the class."""

    name = "flake8-runsdir"
    version = __version__
    linter: ClassVar[Linter] = Linter(resolve(), active(()))

    def __init__(self, tree: ast.Module, lines: Sequence[str], filename: str) -> None:
        self._tree = tree
        self._text = "".join(lines)
        self._filename = filename

    def run(self) -> Iterator[Problem]:
        """Yield what is wrong with the file.  Never raises: flake8 would end the whole run."""
        try:
            yield from self._problems()
        except Exception as error:
            diagnostic = unanalysed(error)
            yield 1, 0, f"{diagnostic.code} {diagnostic.message}", type(self)

    def _problems(self) -> List[Problem]:
        diagnostics = self.linter.check(self._filename, self._text, self._tree)
        if not diagnostics:
            return []
        index = LineIndex(self._text)
        return [
            (
                *index.place(diagnostic.span.start),
                f"{diagnostic.code} {diagnostic.message}",
                type(self),
            )
            for diagnostic in diagnostics
        ]

    @staticmethod
    def add_options(manager: OptionManager) -> None:
        """Declare the options of :mod:`flake8_runsdir.config` under the prefix ``runsdir-``."""
        for option in OPTIONS:
            flag = {"action": "store_const", "const": "true"}
            value = {"metavar": option.name.upper()}
            manager.add_option(
                f"--{_PREFIX}{option.name}",
                parse_from_config=True,
                comma_separated_list=isinstance(option.default, tuple),
                normalize_paths=option.name in _PATHS,
                help=option.help,
                **(flag if isinstance(option.default, bool) else value),
            )

    @classmethod
    def parse_options(cls, manager: OptionManager, options: Namespace, _: List[str]) -> None:
        """Take the options over.  Raises flake8's ``ExecutionError`` if they are wrong."""
        named = [*(options.select or ()), *(options.extend_select or ())]
        try:
            config = resolve(*_layers(manager, options))
        except ConfigError as error:
            raise ExecutionError(f"flake8-runsdir: {error}") from None
        cls.linter = Linter(config, active(named))


def _layers(manager: OptionManager, options: Namespace) -> Iterator[Layer]:
    """Yield the sources of options, the least important first."""
    table = pyproject_layer(os.getcwd())
    if table is not None:
        yield table
    origin, base, section = _file(options)
    known = {f"{_PREFIX}{option.name}" for option in OPTIONS}
    unknown = {
        key: value
        for key, value in section.items()
        if key.replace("_", "-").startswith(_PREFIX) and key.replace("_", "-") not in known
    }
    yield Layer(origin, unknown, base, _PREFIX)
    for option in OPTIONS:
        value = getattr(options, f"runsdir_{option.field}", None)
        if value is not None:
            yield _given(manager, option, value, origin, base, section)


def _file(options: Namespace) -> Tuple[str, str, Dict[str, str]]:
    """Return flake8's configuration file: its name, its directory and its section."""
    isolated = getattr(options, "isolated", False)
    extra = list(getattr(options, "append_config", None) or ())
    given = getattr(options, "config", None)
    parsed, base = load_config(given, extra, isolated=isolated)
    section = dict(parsed["flake8"]) if "flake8" in parsed else {}
    candidates = [*extra, given] if given else [*extra, *(os.path.join(base, n) for n in _FILES)]
    for path in candidates:
        one = configparser.RawConfigParser()
        try:
            one.read(path, encoding="UTF-8")
        except (UnicodeDecodeError, configparser.Error):
            continue
        if "flake8" in one:
            return path, base, section
    return "flake8's configuration", base, section


def _given(
    manager: OptionManager,
    option: Option,
    value: object,
    origin: str,
    base: str,
    section: Dict[str, str],
) -> Layer:
    """Return the layer of one option: the configuration file, or else the command line."""
    for key in (f"{_PREFIX}{option.name}", f"{_PREFIX}{option.name}".replace("-", "_")):
        if key in section:
            written = manager.config_options_dict[key].normalize(section[key], base)
            if written == value:
                return Layer(origin, {key: value}, base, _PREFIX)
    return Layer("command line", {f"--{_PREFIX}{option.name}": value}, os.getcwd(), f"--{_PREFIX}")
