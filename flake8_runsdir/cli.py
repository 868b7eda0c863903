"""The command ``runsdir``: commands, exit codes, and quiet ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from flake8_runsdir import console
from flake8_runsdir.arguments import UsageError, parse
from flake8_runsdir.options import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0 means that there is nothing to report, 1 that there is, and 2 that the command line, the
    configuration or the output is wrong.
    """
    try:
        options = parse(sys.argv[1:] if arguments is None else arguments)
        return _check(options) if options.command == "check" else _inform(options)
    except UsageError as error:
        for line in str(error).split("\n"):
            console.tell(line if line.startswith("usage:") or not line else f"error: {line}")
    except (ConfigError, console.OutputError) as error:
        console.tell("runsdir failed")
        console.tell(f"  Cause: {error}")
    except KeyboardInterrupt:
        _die_of_interrupt()
    except Exception as error:  # ours, whatever it is: no traceback is of use to the reader
        console.tell("runsdir failed")
        console.tell(f"  Cause: an internal error: {type(error).__name__}: {error}")
    return 2


def _check(options: Namespace) -> int:
    from flake8_runsdir.checking import check

    return check(options)


def _inform(options: Namespace) -> int:
    from flake8_runsdir import information

    json = options.output_format == "json"
    if options.command == "rule":
        if options.all == (options.rule is not None):
            raise UsageError("name one rule, or give --all")
        text = information.rule(options.rule, json)
    elif options.command == "config":
        text = information.config(options.option, json)
    else:
        text = {"linter": information.linter, "version": information.version}[options.command](json)
    console.write([text])
    return 0


def _die_of_interrupt() -> None:
    """End as if the signal had not been caught, so that a shell knows that it was one."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)
