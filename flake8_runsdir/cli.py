"""The command ``runsdir``: commands, exit codes, and quiet ends."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from flake8_runsdir import console
from flake8_runsdir.arguments import Options, UsageError, parse
from flake8_runsdir.options import ConfigError

#: As many objects more are made before the collector looks at them.
_FEW_COLLECTIONS = 200_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0 means that there is nothing to report, 1 that there is, and 2 that the command line, the
    configuration or the output is wrong.
    """
    try:
        console.prepare()
        return _run(sys.argv[1:] if arguments is None else arguments)
    except UsageError as error:
        _complain(f"error: {error}")
    except (ConfigError, console.OutputError) as error:
        _complain(f"runsdir failed\n  Cause: {error}")
    except OSError as error:  # the current directory has gone, for example
        _complain(f"runsdir failed\n  Cause: {error.strerror or error}")
    except KeyboardInterrupt:
        _die_of_interrupt()
    except Exception as error:  # ours, whatever it is: no traceback is of use to the reader
        _complain(f"runsdir failed\n  Cause: an internal error: {type(error).__name__}: {error}")
    return 2


def _run(arguments: Sequence[str]) -> int:
    if not arguments:
        from flake8_runsdir import manual

        _complain(manual.text("").rstrip())
        return 2
    options = parse(arguments)
    # Trees are freed by their counts; to look for cycles in each takes a fifth of the time.
    gc.set_threshold(_FEW_COLLECTIONS)
    if options.command == "check":
        from flake8_runsdir.checking import check

        return check(options)
    if options.command == "baseline":
        from flake8_runsdir.recording import record

        return record(options)
    if options.command == "audit":
        from flake8_runsdir.auditing import audit

        return audit(options)
    console.write([_answer(options)])
    return 0


def _answer(options: Options) -> str:
    """Return what a command says that only tells."""
    from flake8_runsdir import information

    subject = options.subjects[0] if options.subjects else None
    if options.command == "help":
        from flake8_runsdir import manual

        return manual.text(subject or "")
    json = options.output_format == "json"
    if options.command == "rule":
        if bool(options.all) == (subject is not None):
            raise UsageError("name one rule, or give --all")
        return information.rule(subject, json)
    if options.command == "config":
        return information.config(subject, json)
    return information.linter(json) if options.command == "linter" else information.version(json)


def _complain(text: str) -> None:
    """Write lines to the standard error; what is from outside has been escaped in them."""
    for line in text.split("\n"):
        console.tell(line)


def _die_of_interrupt() -> None:
    """End as if the signal had not been caught, so that a shell knows that it was one."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)
