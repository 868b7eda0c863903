"""The command ``runsdir check``: from its options to its output and its exit code."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator

from flake8_runsdir import console
from flake8_runsdir.arguments import UsageError
from flake8_runsdir.config import layer_of, parse_toml
from flake8_runsdir.emit import FOR_PEOPLE, WITH_STATISTICS, emit, statistics
from flake8_runsdir.files import Found, Unread, discover
from flake8_runsdir.options import FORMATS, Layer
from flake8_runsdir.report import Report, Style
from flake8_runsdir.run import Run
from flake8_runsdir.settings import Resolver, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from flake8_runsdir.cache import Cache

#: Options of the command line that are options of the configuration by the same name.
_SHARED = (
    "select extend_select ignore extend_ignore exclude extend_exclude respect_gitignore "
    "force_exclude output_format cache_dir target_version"
).split()
_TABLES = ("per_file_ignores", "extend_per_file_ignores")
_STDIN = "-"


def check(options: Namespace) -> int:
    """Run the command and return its exit code.

    Raises :class:`UsageError`, :class:`ConfigError` and :class:`console.OutputError`.
    """
    _consult_environment(options)
    _refuse_contradictions(options)
    if options.watch:
        from flake8_runsdir.watch import watch

        watch(lambda: Checkup(options).run(), lambda: Checkup(options).paths())
    return Checkup(options).run()


class Checkup:
    """One run of ``runsdir check``: its options, and the settings that hold for all of it."""

    def __init__(self, options: Namespace) -> None:
        self._options = options
        self._cwd = os.getcwd()
        self._resolver = _resolver(options, self._cwd)
        self._is_wrong = False
        name = options.stdin_filename
        self._stdin_path = os.path.abspath(name) if name else _STDIN
        start = os.path.dirname(self._stdin_path) if name else self._cwd
        self._settings = self._resolver.at(start)
        if options.statistics and self._settings.output_format not in WITH_STATISTICS:
            known = ", ".join(WITH_STATISTICS)
            raise UsageError(f"--statistics can be printed as {known} only")

    def run(self) -> int:
        """Check what is to be checked; return the exit code."""
        if self._options.show_settings:
            return self._show_settings()
        if self._options.stdin_filename or self._options.files == [_STDIN]:
            return self._check_stdin()
        if self._options.add_noqa is not None or self._options.add_ignore is not None:
            return self._annotate()
        files = list(self._discover())
        if self._options.show_files:
            console.write(f"{file.path}\n" for file in files)
            return 0
        if not files:
            self._warn("No Python files found under the given path(s)")
        run = Run(
            noqa=not self._options.ignore_noqa,
            jobs=self._options.jobs,
            open_cache=self._open_cache,
            progress=self._progress(len(files)),
        )
        return self._conclude(run.report(files))

    def paths(self) -> Iterator[str]:
        """Yield the files that a run looks at."""
        return (file.path for file in self._discover())

    def _discover(self) -> Iterator[Found | Unread]:
        return discover(self._options.files or ["."], self._resolver, self._complain)

    def _check_stdin(self) -> int:
        """Check the standard input; where files are changed, it is given back on the output."""
        options = self._options
        if options.stdin_filename and options.files not in ([], [_STDIN]):
            self._warn("Ignoring file arguments in favour of the standard input")
        limit = self._settings.max_file_size
        data = sys.stdin.buffer.read(limit + 1)
        report = self._inspect_stdin(data, limit)
        if not (options.fix or options.fix_only or options.diff):
            return self._conclude(report)
        if not options.diff:
            console.write_bytes(data + sys.stdin.buffer.read())
        if options.fix_only or options.diff:
            return 0
        return self._conclude(report, to_stderr=True)

    def _inspect_stdin(self, data: bytes, limit: int) -> Report:
        path = self._stdin_path
        if self._settings.force_exclude and self._settings.leaves_out(path):
            return Report((), 0, 0)
        if len(data) > limit:
            from flake8_runsdir.inspection import unchecked
            from flake8_runsdir.rules import unreadable

            return Report((unchecked(path, unreadable.RULE, f"larger than {limit} bytes"),), 0, 1)
        run = Run(noqa=not self._options.ignore_noqa)
        return run.report_text(path, self._settings, data)

    def _conclude(self, report: Report, to_stderr: bool = False) -> int:
        """Print a report and return the exit code that it stands for."""
        options = self._options
        if not (options.silent or options.fix_only or options.diff):
            texts = self._text(report)
            if to_stderr:
                for text in texts:
                    sys.stderr.write(text)
            else:
                console.write(texts, options.output_file or "")
        if report.unchecked and self._settings.output_format not in FOR_PEOPLE:
            self._warn(f"{report.checked} files checked, {report.unchecked} not checked", "")
        if options.verbose:
            console.tell(f"{report.checked} files checked, {report.unchecked} not checked")
        if self._is_wrong:
            return 2
        return int(bool(report.findings) and not (options.exit_zero or options.fix_only))

    def _text(self, report: Report) -> Iterable[str]:
        options = self._options
        color = console.has_color(options.color or "auto", options.output_file or "")
        style = Style(self._cwd, color, quiet=bool(options.quiet))
        name = self._settings.output_format
        return (statistics if options.statistics else emit)(name, report, style)

    def _annotate(self) -> int:
        """Add comments for all that is reported; return the exit code."""
        from flake8_runsdir.annotating import Annotator

        options = self._options
        style = "noqa" if options.add_noqa is not None else "ignore"
        reason = options.add_noqa if style == "noqa" else options.add_ignore
        if not reason.isprintable():
            raise UsageError(f"the reason of '--add-{style}' must be one line")
        paths = (os.path.abspath(path) for path in options.files or ["."])
        roots = (path if os.path.isdir(path) else os.path.dirname(path) for path in paths)
        annotator = Annotator(roots, style, reason, console.tell)
        added = annotator.annotate(self._discover())
        if added and not (options.quiet or options.silent):
            what = "noqa directive" if style == "noqa" else "ignore comment"
            console.tell(f"Added {added} {what}{'s' if added > 1 else ''}.")
        return 2 if self._is_wrong else int(annotator.left > 0)

    def _show_settings(self) -> int:
        for file in self._discover():
            if isinstance(file, Found):
                console.write(_described(file))
                return 0
        self._warn("No Python files found under the given path(s)")
        return 0

    def _complain(self, message: str) -> None:
        """Tell of a configuration that is wrong; the rest is checked all the same."""
        self._is_wrong = True
        console.tell(f"runsdir: error: {message}")

    def _warn(self, message: str, kind: str = "warning: ") -> None:
        if not (self._options.quiet or self._options.silent):
            console.tell(f"{kind}{message}")

    def _open_cache(self, directory: str) -> Cache | None:
        if self._options.no_cache:
            return None
        from flake8_runsdir.cache import Cache

        return Cache(directory)

    def _progress(self, total: int) -> Any:
        from flake8_runsdir.progress import Progress

        return Progress(total, is_wanted=not (self._options.quiet or self._options.silent))


def _consult_environment(options: Namespace) -> None:
    """Fill in what the environment says where the command line says nothing, as Ruff does."""
    for name in ("output_format", "output_file", "cache_dir"):
        given = os.environ.get(f"RUNSDIR_{name.upper()}")
        if given and getattr(options, name) is None:
            setattr(options, name, given)
    if options.output_format is not None and options.output_format not in FORMATS:
        raise UsageError(f"invalid value '{options.output_format}' for RUNSDIR_OUTPUT_FORMAT")
    if os.environ.get("RUNSDIR_NO_CACHE", "").lower() not in ("", "0", "false", "no"):
        options.no_cache = True


def _refuse_contradictions(options: Namespace) -> None:
    for flag in ("add_noqa", "add_ignore"):
        for other in ("fix", "fix_only", "diff", "stdin_filename", "ignore_noqa"):
            if getattr(options, flag) is not None and getattr(options, other):
                names = (f"--{name.replace('_', '-')}" for name in (flag, other))
                raise UsageError("the argument '{}' cannot be used with '{}'".format(*names))


def _resolver(options: Namespace, cwd: str) -> Resolver:
    values: dict[str, Any] = {}
    file = Layer("", {}, cwd) if options.isolated else None
    for item in options.config:
        if "=" in item and not os.path.exists(item):
            table = parse_toml("--config", item)
            values.update((key.replace("_", "-"), value) for key, value in table.items())
        elif file is not None:
            raise UsageError("only one configuration file can be used, and none with --isolated")
        else:
            file = layer_of(item)
    for field in _SHARED:
        if getattr(options, field) is not None:
            values[field.replace("_", "-")] = getattr(options, field)
    for field in _TABLES:
        if getattr(options, field) is not None:
            values[field.replace("_", "-")] = _table(field, getattr(options, field))
    return Resolver(Layer("command line", values, cwd), file, cwd)


def _table(field: str, items: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the table that a list of ``glob:code`` stands for."""
    table: dict[str, tuple[str, ...]] = {}
    for item in items:
        glob, colon, code = item.rpartition(":")
        if not colon:
            flag = field.replace("_", "-")
            raise UsageError(f"invalid value '{item}' for '--{flag}': glob:code expected")
        table[glob.strip()] = (*table.get(glob.strip(), ()), code.strip())
    return table


def _described(file: Found) -> Iterator[str]:
    settings: Settings = file.settings
    yield f'Resolved settings for: "{file.path}"\n'
    if settings.origin:
        yield f'Settings path: "{settings.origin}"\n'
    yield "\n"
    for field, value in sorted((*settings.config._asdict().items(), *settings._asdict().items())):
        if field not in ("config", "places", "origin"):
            yield f"{field} = {value}\n"
    yield f"rules = {', '.join(rule.code for rule in settings.rules())}\n"
