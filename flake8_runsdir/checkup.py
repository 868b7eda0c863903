"""One run of ``runsdir check``: its options, and the settings that hold for all of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from flake8_runsdir import console
from flake8_runsdir.arguments import Options, UsageError
from flake8_runsdir.codes import UNFIXED
from flake8_runsdir.command_line import resolver
from flake8_runsdir.emit import FOR_PEOPLE, WITH_STATISTICS, emit, statistics
from flake8_runsdir.files import Found, Unread, discover
from flake8_runsdir.progress import Progress
from flake8_runsdir.report import Report, Style, portable
from flake8_runsdir.run import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Callable

    from flake8_runsdir.baseline import Recorded
    from flake8_runsdir.cache import Cache
    from flake8_runsdir.mender import Mender
    from flake8_runsdir.ratchet import Ratchet, Scope, Stale

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
        self._stale: list[Stale] = []
        self._is_heard = not (options.quiet or options.silent)
        directory = self._cwd
        if options.stdin_filename:
            self.stdin_path = os.path.abspath(options.stdin_filename)
            directory = os.path.dirname(self.stdin_path)
        self.settings = self._resolver.at(directory)
        #: Whether fixes are only shown, or else applied.
        self.is_diff = bool(options.diff)
        self.is_fixing = bool(self.settings.fix or self.settings.fix_only) and not self.is_diff
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
            if isinstance(file, Found):
                yield from filter(None, (file.settings.origin, file.settings.baseline))

    @property
    def roots(self) -> list[str]:
        """The directories in which files may be written: what is named, or where that lies."""
        paths = [os.path.abspath(path) for path in self.options.subjects or ["."]]
        return [path if os.path.isdir(path) else os.path.dirname(path) for path in paths]

    def report(self) -> Report:
        """Check all files, fix them if that is wanted, and return what is wrong with them."""
        files = self.files()
        return self._judged(files, self.roots, lambda run: run.report(files))

    def report_text(self, data: bytes) -> tuple[Report, bytes]:
        """Check the text on standard input; return what is wrong with it, and the fixed text."""
        fixed = data

        def check(run: Run) -> Report:
            nonlocal fixed
            report, fixed = run.report_text(self.stdin_path, self.settings, data)
            return report

        file = Found(self.stdin_path, self.settings)
        return self._judged([file], (), check), fixed

    def all_found(self, files: Sequence[Found | Unread]) -> Report:
        """Check files; return what is wrong with them, recorded or not.  Nothing is fixed."""
        return self._checked(files, None, lambda run: run.report(files))

    def recorded(self, files: Sequence[Found | Unread]) -> Mapping[str, Recorded]:
        """Return what is recorded of each file, and is found there."""
        ratchet = self._ratchet(files)
        if ratchet is not None:
            ratchet.judge(self.all_found(files))
        return ratchet.recorded if ratchet is not None else {}

    def scope(self, files: Iterable[Found | Unread]) -> Scope:
        """Return what is looked at, if these are the files."""
        from flake8_runsdir.ratchet import Scope

        named = map(os.path.abspath, self.options.subjects or ["."])
        return Scope(files, filter(os.path.isdir, named), self._resolver)

    def _judged(
        self,
        files: Sequence[Found | Unread],
        roots: Iterable[str],
        check: Callable[[Run], Report],
    ) -> Report:
        """Return what ``check`` reports, but for what is recorded, which is not fixed either.

        ``roots`` are the directories that may be written to.
        """
        mender = self._mender(roots)
        ratchet = self._ratchet(files)
        if ratchet is None:
            return self._checked(files, mender, check)
        report = ratchet.judge(self._checked(files, None, check))
        if mender is not None and any(map(mender.applies, report.findings)):
            mender = self._mender(roots, ratchet.recorded)
            report = ratchet.judge(self._checked(files, mender, check))
        self._stale = ratchet.stale
        return report

    def _checked(
        self,
        files: Sequence[Found | Unread],
        mender: Mender | None,
        check: Callable[[Run], Report],
    ) -> Report:
        options = self.options
        progress = Progress(len(files), is_wanted=self._is_heard)
        run = Run(
            noqa=not options.ignore_noqa,
            jobs=options.jobs,
            open_cache=self._open_cache,
            progress=progress,
            tell=console.tell if options.verbose else None,
            mender=mender,
        )
        try:
            return check(run)
        finally:
            progress.close()

    def _ratchet(self, files: Sequence[Found | Unread]) -> Ratchet | None:
        """Return the baselines, if there are any."""
        named = {file.settings.baseline for file in files if isinstance(file, Found)}
        if not named.union({self.settings.baseline}).difference({""}):
            return None
        from flake8_runsdir.ratchet import Ratchet

        return Ratchet(self.scope(files), self.settings.baseline)

    def print(self, report: Report, is_aside: bool = False, is_quiet: bool = False) -> None:
        """Print a report to where it is wanted, or else to the standard error (``is_aside``).

        Differences go to the standard output, whoever wants to hear the rest.
        """
        if self.is_diff and report.repairs:
            from flake8_runsdir.emit import diff

            style = self._style("", is_aside=False)
            console.write(diff.emit(report, style, console.is_terminal(sys.stdout)))
        if self.options.silent:
            return
        path = self.options.output_file or ""
        style = self._style(path, is_aside)
        texts = self._texts(report, style._replace(quiet=is_quiet or style.quiet))
        if is_aside and not path:
            console.write_aside(texts)
        else:
            console.write(texts, path)
        self._print_warnings(report)

    def _style(self, path: str, is_aside: bool) -> Style:
        """Return how a report is to look that goes to a file, or to a stream."""
        settings = self.settings
        color = console.has_color(self.options.color or "auto", path, is_aside)
        show_fixes = settings.show_fixes and not self.options.statistics
        return Style(
            portable(self._cwd), color, not self._is_heard, settings.unsafe_fixes, show_fixes
        )

    def _texts(self, report: Report, style: Style) -> Iterator[str]:
        """Return the report, or what stands in its place where fixes are all that is wanted."""
        name, is_for_people = self.settings.output_format, self._is_for_people
        if self.options.statistics and not self._is_reporting:
            from flake8_runsdir.emit.summary import fixed_only

            yield from statistics(name, report, style._replace(quiet=True))
            if report.findings and is_for_people:
                yield from fixed_only(report, style)
        elif self.options.statistics:
            yield from statistics(name, report, style)
        elif self._is_reporting:
            yield from emit(name, report, style)
        elif is_for_people:
            from flake8_runsdir.emit import summary

            yield from (summary.would_fix if self.is_diff else summary.fixed_only)(report, style)

    def _print_warnings(self, report: Report) -> None:
        """Tell what the report does not."""
        here = os.path.join(portable(self._cwd), "")
        self._print_stale()
        for warning in report.warnings:
            self.warn(f"warning: {warning.replace(here, '', 1)}")
        if not self._is_reporting:
            for found in report.findings:
                if found.code == UNFIXED:
                    self.warn(f"warning: {found.path.replace(here, '', 1)}: {found.message}")
        elif report.unchecked and not self._is_for_people:
            from flake8_runsdir.emit.summary import tally

            self.warn(tally(report))

    def _print_stale(self) -> None:
        """Tell what is recorded and is there no more."""
        if not self._stale or not (self._is_heard or self.options.fail_on):
            return
        from flake8_runsdir.ratchet import told

        for line in told(self._stale):
            console.tell(line)

    @property
    def _is_reporting(self) -> bool:
        """Whether findings are reported, and not only fixed."""
        return not (self.is_diff or self.settings.fix_only)

    @property
    def _is_for_people(self) -> bool:
        return self.settings.output_format in FOR_PEOPLE

    def failed(self, report: Report) -> bool:
        """Tell whether a report is a reason to exit with 1."""
        options = self.options
        if options.exit_zero:
            return False
        if self._is_reporting:
            is_failure = bool(report.findings)
        else:
            is_failure = any(found.code == UNFIXED for found in report.findings)
        if self._stale and options.fail_on == "stale":
            return True
        return is_failure or bool(report.repairs and (self.is_diff or options.exit_non_zero_on_fix))

    def code(self, is_failure: object) -> int:
        """Return the exit code: 2 after a complaint about a configuration, else 1 for a failure."""
        return 2 if self._is_wrong else int(bool(is_failure))

    def warn(self, message: str) -> None:
        """Tell something, unless nobody wants to hear it."""
        if self._is_heard:
            console.tell(message)

    def _mender(
        self, roots: Iterable[str], recorded: Mapping[str, Recorded] | None = None
    ) -> Mender | None:
        """Return what fixes files in some directories, if that is wanted."""
        if not (self.is_fixing or self.is_diff):
            return None
        from flake8_runsdir.mender import Mender

        return Mender(roots, bool(self.settings.unsafe_fixes), self.is_diff, recorded or {})

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
