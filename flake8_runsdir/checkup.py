"""One run of ``runsdir check``: its options, and the settings that hold for all of it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from flake8_runsdir import console
from flake8_runsdir.arguments import Options, UsageError
from flake8_runsdir.command_line import resolver
from flake8_runsdir.emit import FOR_PEOPLE, WITH_STATISTICS, emit, statistics
from flake8_runsdir.files import Found, Unread, discover
from flake8_runsdir.progress import Progress
from flake8_runsdir.report import Report, Style, portable
from flake8_runsdir.run import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flake8_runsdir.cache import Cache

STDIN = "-"


class Checkup:
    """One run.  ``settings`` are those of the current directory, or of what standard input is.

    Raises :class:`UsageError` and :class:`ConfigError`.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        #: Where standard input is said to be: an absolute path, or ``-``.
        self.stdin_path = STDIN
        self._cwd = os.getcwd()
        self._resolver = resolver(options, self._cwd)
        self._is_wrong = False
        self._is_heard = not (options.quiet or options.silent)
        directory = self._cwd
        if options.stdin_filename:
            self.stdin_path = os.path.abspath(options.stdin_filename)
            directory = os.path.dirname(self.stdin_path)
        self.settings = self._resolver.at(directory)
        name = self.settings.output_format
        if options.statistics and name not in WITH_STATISTICS:
            raise UsageError(f"unsupported serialization format for statistics: {name}")

    def files(self) -> list[Found | Unread]:
        """Return what there is to check, in order."""
        paths = self.options.subjects or ["."]
        files = list(discover(paths, self._resolver, self._complain, self._warn_of_rules))
        if not files:
            self.warn("warning: No Python files found under the given path(s)")
        return files

    def watched(self) -> Iterator[str]:
        """Yield the paths of the files that a report depends on."""
        paths = self.options.subjects or ["."]
        for file in discover(paths, self._resolver, lambda _: None, lambda _: None):
            yield file.path
            if isinstance(file, Found) and file.settings.origin:
                yield file.settings.origin

    def report(self) -> Report:
        """Check all files and return what is wrong with them."""
        files = self.files()
        options = self.options
        progress = Progress(len(files), is_wanted=self._is_heard)
        run = Run(
            noqa=not options.ignore_noqa,
            jobs=options.jobs,
            open_cache=self._open_cache,
            progress=progress,
            tell=console.tell if options.verbose else None,
        )
        try:
            return run.report(files)
        finally:
            progress.close()

    def print(self, report: Report, is_aside: bool = False, is_quiet: bool = False) -> None:
        """Print a report to where it is wanted, or else to the standard error (``is_aside``)."""
        options = self.options
        if options.silent or options.diff or (options.fix_only and not options.statistics):
            return
        path = options.output_file or ""
        color = console.has_color(options.color or "auto", path, is_aside)
        is_quiet = is_quiet or not self._is_heard or bool(options.fix_only)
        style = Style(portable(self._cwd), color, is_quiet)
        name = self.settings.output_format
        texts = (statistics if options.statistics else emit)(name, report, style)
        if is_aside and not path:
            console.write_aside(texts)
        else:
            console.write(texts, path)
        here = os.path.join(portable(self._cwd), "")
        for warning in report.warnings:
            self.warn(f"warning: {warning.replace(here, '', 1)}")
        if report.unchecked and name not in FOR_PEOPLE:
            from flake8_runsdir.emit.summary import tally

            self.warn(tally(report))

    def code(self, is_failure: object) -> int:
        """Return the exit code: 2 after a complaint about a configuration, else 1 for a failure."""
        return 2 if self._is_wrong else int(bool(is_failure))

    def warn(self, message: str) -> None:
        """Tell something, unless nobody wants to hear it."""
        if self._is_heard:
            console.tell(message)

    def _complain(self, message: str) -> None:
        """Tell of a configuration that is wrong; the rest is checked all the same."""
        self._is_wrong = True
        console.tell(f"runsdir: error: {message}")

    def _warn_of_rules(self, message: str) -> None:
        self.warn(f"warning: {message}")

    def _open_cache(self, directory: str) -> Cache | None:
        if self.options.no_cache:
            return None
        from flake8_runsdir.cache import Cache

        return Cache(directory)
