"""The flake8 plugin: flake8's options and trees in, flake8's tuples out."""

from __future__ import annotations

import ast
import configparser
import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from flake8.exceptions import ExecutionError
from flake8.main.options import stage1_arg_parser
from flake8.options.config import load_config
from flake8.options.manager import OptionManager

from flake8_runsdir import __version__
from flake8_runsdir.config import Config, check_inside, fold, nearest_layer, resolve
from flake8_runsdir.diagnostic import LineIndex
from flake8_runsdir.needles import Needles
from flake8_runsdir.options import PLUGIN_OPTIONS, ConfigError, Layer, Option

if TYPE_CHECKING:
    from flake8_runsdir.baseline import Baseline
    from flake8_runsdir.diagnostic import Diagnostic
    from flake8_runsdir.linter import Checked, Linter

_PREFIX = "runsdir-"
_COMMAND_LINE = "command line"
_FILES = ("setup.cfg", "tox.ini", ".flake8")

#: Row (1-based), column (0-based, in characters), text, and the plugin, as flake8 wants them.
Problem = tuple[int, int, str, type["Plugin"]]


class Plugin:
    """An AST plugin of flake8; its one state, as flake8 wants it, is what the options said."""

    name = "flake8-runsdir"
    version = __version__
    config: ClassVar[Config] = resolve()
    needles: ClassVar[Needles] = Needles(config)
    named: ClassVar[tuple[str, ...]] = ()
    baseline: ClassVar[Baseline | None] = None
    _linter: ClassVar[Linter | None] = None

    def __init__(self, tree: ast.Module, lines: Sequence[str], filename: str) -> None:
        self._tree = tree
        self._text = "".join(lines)
        self._filename = filename

    def run(self) -> Iterator[Problem]:
        """Yield what is wrong with the file.  Never raises: flake8 would end the whole run."""
        if not self.needles.may_occur(self._text):
            return
        lines = LineIndex(self._text)
        checked = self._the_linter().examine(self._filename, self._text, self._tree)
        for found in self._unrecorded(checked):
            yield (*lines.place(found.span.start), f"{found.code} {found.message}", type(self))

    def _unrecorded(self, checked: Checked) -> Iterable[Diagnostic]:
        """Return what was found and is not recorded in the baseline, if there is one."""
        if self.baseline is None or checked.source is None:
            return checked.diagnostics
        from flake8_runsdir.baseline import unrecorded
        from flake8_runsdir.suppression import Suppressions

        # What comments suppress was not recorded: it leaves the entries to others.
        noqa = Suppressions(checked.source, noqa=True)
        covered: list[Diagnostic] = []
        others: list[Diagnostic] = []
        for found in checked.diagnostics:
            (covered if noqa.cover(found) else others).append(found)
        recorded = self.baseline.recorded(os.path.abspath(self._filename))
        return sorted((*covered, *unrecorded(others, recorded)))

    @classmethod
    def _the_linter(cls) -> Linter:
        """Return the linter of the options; most runs of flake8 never pay for loading it."""
        if cls._linter is None:
            from flake8_runsdir.linter import Linter, active

            cls._linter = Linter(cls.config, active(cls.named), cls.needles)
        return cls._linter

    @staticmethod
    def add_options(manager: OptionManager) -> None:
        """Declare the options of :mod:`flake8_runsdir.config` under the prefix ``runsdir-``."""
        for option in PLUGIN_OPTIONS:
            flag = {"action": "store_const", "const": "true"}
            value = {"metavar": option.name.upper()}
            manager.add_option(
                f"--{_PREFIX}{option.name}",
                parse_from_config=True,
                comma_separated_list=isinstance(option.default, tuple),
                help=option.help,
                **(flag if isinstance(option.default, bool) else value),
            )

    @classmethod
    def parse_options(cls, manager: OptionManager, options: Namespace, _: list[str]) -> None:
        """Take the options over.  Raises flake8's ``ExecutionError`` if they are wrong."""
        try:
            layers = list(_layers(manager, options))
            cls.config = resolve(*layers)
            cls.baseline = _baseline(layers)
        except ConfigError as error:
            message = f"flake8-runsdir: {error}"  # printed by flake8 to whatever terminal there is
            raise ExecutionError(message.encode("ascii", "backslashreplace").decode()) from None
        cls.needles = Needles(cls.config)
        cls._linter = None
        cls.named = (*(options.select or ()), *(options.extend_select or ()))


def _layers(manager: OptionManager, options: Namespace) -> Iterator[Layer]:
    """Yield the sources of options, the least important first."""
    early, _ = stage1_arg_parser().parse_known_args(sys.argv[1:])
    table = None if early.isolated else nearest_layer(os.getcwd())
    if table is not None:
        yield table
    section, base = _section(early)
    for key in section:
        name = key.replace("_", "-")
        if name.startswith(_PREFIX) and name not in manager.config_options_dict:
            yield Layer(_origin(early, base, key), {key: section[key]}, base, _PREFIX)
    yield Layer("", {}, base)
    for option in PLUGIN_OPTIONS:
        value = getattr(options, f"runsdir_{option.field}", None)
        if value is not None:
            yield _given(manager, early, option, value, section, base)


def _baseline(layers: Iterable[Layer]) -> Baseline | None:
    """Return the baseline that the last of some layers names.  Raises :class:`ConfigError`."""
    path = ""
    for layer in layers:
        given = fold([layer])
        if "baseline" in given:
            name, base = given["baseline"]
            path = os.path.abspath(os.path.join(base, str(name))) if name else ""
            if path and layer.origin != _COMMAND_LINE:
                check_inside(layer, f"{layer.prefix}baseline", path)
    if not path:
        return None
    from flake8_runsdir.baseline import parse, read

    return parse(path, read(path))


def _section(early: Namespace) -> tuple[dict[str, str], str]:
    """Return flake8's section of its configuration files, and their directory."""
    parsed, base = load_config(early.config, early.append_config, isolated=early.isolated)
    return (dict(parsed["flake8"]) if "flake8" in parsed else {}), base


def _origin(early: Namespace, base: str, key: str) -> str:
    """Return the configuration file that a key stands in."""
    found = [early.config] if early.config else [os.path.join(base, name) for name in _FILES]
    for path in (*reversed(early.append_config), *found):
        parsed = configparser.RawConfigParser()
        try:
            parsed.read(path, encoding="UTF-8")
        except (UnicodeDecodeError, configparser.Error):
            continue
        if parsed.has_option("flake8", key):
            return str(path)
    return "the configuration of flake8"


def _given(
    manager: OptionManager,
    early: Namespace,
    option: Option,
    value: object,
    section: dict[str, str],
    base: str,
) -> Layer:
    """Return the layer of one option: the configuration file, or else the command line."""
    dashed = f"{_PREFIX}{option.name}"
    for key in (dashed, dashed.replace("-", "_")):
        written = section.get(key)
        if written is not None and manager.config_options_dict[key].normalize(written) == value:
            return Layer(_origin(early, base, key), {key: value}, base, _PREFIX)
    return Layer(_COMMAND_LINE, {f"--{dashed}": value}, os.getcwd(), f"--{_PREFIX}")
