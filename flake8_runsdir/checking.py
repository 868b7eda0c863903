"""The command ``runsdir check``: what it is asked to do, to its exit code."""

from __future__ import annotations

from flake8_runsdir import console
from flake8_runsdir.arguments import Options, UsageError
from flake8_runsdir.checkup import STDIN, Checkup
from flake8_runsdir.files import Found
from flake8_runsdir.report import Report


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
    return checkup.code(checkup.failed(report))


def _check_stdin(checkup: Checkup) -> int:
    """Check the standard input; where it is to be fixed, it is given back on the output."""
    ignored = [path for path in checkup.options.subjects if path != STDIN]
    if ignored:
        checkup.warn(f"warning: Ignoring file {ignored[0]} in favor of standard input.")
    limit = checkup.settings.max_file_size
    try:
        data = console.read(limit + 1)
        rest = console.read(-1) if checkup.is_fixing else b""
    except OSError as error:
        report = _unreadable(checkup, error.strerror or type(error).__name__)
    else:
        report, fixed = _inspect(checkup, data, limit)
        if checkup.is_fixing:
            console.write_bytes(fixed + rest)
    checkup.print(report, is_aside=checkup.is_fixing or checkup.is_diff)
    return checkup.code(checkup.failed(report))


def _inspect(checkup: Checkup, data: bytes, limit: int) -> tuple[Report, bytes]:
    """Return the report about the standard input, unless it is excluded, and the fixed text."""
    path, settings = checkup.stdin_path, checkup.settings
    if settings.force_exclude and settings.leaves_out(path):
        return Report((), 0, 0), data
    if len(data) > limit:
        return _unreadable(checkup, f"larger than {limit} bytes"), data
    return checkup.report_text(data)


def _unreadable(checkup: Checkup, reason: str) -> Report:
    from flake8_runsdir.inspection import of_file
    from flake8_runsdir.rules import unreadable

    return Report((of_file(checkup.stdin_path, unreadable.RULE, reason),), 0, 1)


def _annotate(checkup: Checkup) -> int:
    """Add comments for all that is reported; return the exit code."""
    from flake8_runsdir.annotator import Annotator
    from flake8_runsdir.emit.summary import counted

    options = checkup.options
    style = "noqa" if options.add_noqa is not None else "ignore"
    reason = options.add_noqa if style == "noqa" else options.add_ignore
    if not reason.isprintable():
        raise UsageError(f"--add-{style} <reason> cannot contain newline characters")
    if checkup.is_fixing:
        checkup.warn(f"warning: --fix is incompatible with --add-{style}.")
    files = checkup.files()
    recorded = checkup.recorded(files)
    annotator = Annotator(checkup.roots, style, reason, checkup.warn, recorded)
    added = annotator.annotate(files)
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
