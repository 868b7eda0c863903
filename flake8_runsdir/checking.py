"""The command ``runsdir check``: what it is asked to do, to its exit code."""

from __future__ import annotations

import os

from flake8_runsdir import console
from flake8_runsdir.arguments import Options, UsageError
from flake8_runsdir.checkup import STDIN, Checkup
from flake8_runsdir.files import Found
from flake8_runsdir.report import Report
from flake8_runsdir.run import Run


def check(options: Options) -> int:
    """Run the command and return its exit code.

    Raises :class:`UsageError`, :class:`ConfigError` and :class:`console.OutputError`.
    """
    if options.watch:
        from flake8_runsdir.watch import watch

        if options.stdin_filename or STDIN in options.subjects:
            raise UsageError("the argument '--watch' cannot be used with standard input")
        watch(lambda: Checkup(options))
    checkup = Checkup(options)
    if options.show_settings:
        return _show_settings(checkup)
    if options.show_files:
        return _show_files(checkup)
    if options.add_noqa is not None or options.add_ignore is not None:
        return _annotate(checkup)
    if options.stdin_filename or options.subjects == [STDIN]:
        return _check_stdin(checkup)
    report = checkup.report()
    checkup.print(report)
    return checkup.code(_is_failure(options, report))


def _is_failure(options: Options, report: Report) -> bool:
    forgiven = options.exit_zero or options.fix_only or options.diff
    return bool(report.findings) and not forgiven


def _check_stdin(checkup: Checkup) -> int:
    """Check the standard input; where it is to be repaired, it is given back on the output."""
    options = checkup.options
    ignored = [path for path in options.subjects if path != STDIN]
    if ignored:
        checkup.warn(f"warning: Ignoring file {ignored[0]} in favor of standard input.")
    is_repaired = bool(options.fix or options.fix_only or options.diff)
    limit = checkup.settings.max_file_size
    try:
        data = console.read(limit + 1)
        rest = console.read(-1) if is_repaired else b""
    except OSError as error:
        report = _unreadable(checkup, error.strerror or type(error).__name__)
    else:
        report = _inspect(checkup, data, limit)
        if is_repaired and not options.diff:
            console.write_bytes(data + rest)
    checkup.print(report, is_aside=is_repaired)
    return checkup.code(_is_failure(options, report))


def _inspect(checkup: Checkup, data: bytes, limit: int) -> Report:
    """Return the report about the standard input, which is reported on unless it is excluded."""
    path, settings = checkup.stdin_path, checkup.settings
    if settings.force_exclude and settings.leaves_out(path):
        return Report((), 0, 0)
    if len(data) > limit:
        return _unreadable(checkup, f"larger than {limit} bytes")
    return Run(noqa=not checkup.options.ignore_noqa).report_text(path, settings, data)


def _unreadable(checkup: Checkup, reason: str) -> Report:
    from flake8_runsdir.inspection import unchecked
    from flake8_runsdir.rules import unreadable

    return Report((unchecked(checkup.stdin_path, unreadable.RULE, reason),), 0, 1)


def _annotate(checkup: Checkup) -> int:
    """Add comments for all that is reported; return the exit code."""
    from flake8_runsdir.annotator import Annotator
    from flake8_runsdir.emit.summary import counted

    options = checkup.options
    style = "noqa" if options.add_noqa is not None else "ignore"
    reason = options.add_noqa if style == "noqa" else options.add_ignore
    if not reason.isprintable():
        raise UsageError(f"--add-{style} <reason> cannot contain newline characters")
    if options.fix_only:
        checkup.warn(f"warning: --fix is incompatible with --add-{style}.")
    paths = (os.path.abspath(path) for path in options.subjects or ["."])
    roots = (path if os.path.isdir(path) else os.path.dirname(path) for path in paths)
    annotator = Annotator(roots, style, reason, checkup.warn)
    added = annotator.annotate(checkup.files())
    if added:
        what = "noqa directive" if style == "noqa" else "ignore comment"
        checkup.warn(f"Added {counted(added, what)}.")
    return checkup.code(annotator.left)


def _show_files(checkup: Checkup) -> int:
    files = (file for file in checkup.files() if isinstance(file, Found))
    console.write((f"{file.path}\n" for file in files), checkup.options.output_file or "")
    return checkup.code(False)


def _show_settings(checkup: Checkup) -> int:
    from flake8_runsdir.information import settings

    file = next((file for file in checkup.files() if isinstance(file, Found)), None)
    if file is None:
        raise UsageError("No files found under the given path")
    console.write(settings(file), checkup.options.output_file or "")
    return checkup.code(False)
