"""git, asked questions in a way that makes it run nothing of what a repository configures."""

from __future__ import annotations

import os
from collections.abc import Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen
    from typing import IO

#: What a repository could configure to make git run a program or open what is no business of ours.
_HARMLESS = (
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    f"core.hooksPath={os.devnull}",
    "safe.bareRepository=explicit",
)
_LARGEST_ANSWER = 32 << 20
#: The seconds that git may take for an answer.
_PATIENCE = 10.0


def program() -> str | None:
    """Return where git is; a relative directory in ``PATH`` could be one of the tree's."""
    name = "git.exe" if os.name == "nt" else "git"
    paths = (os.path.join(folder, name) for folder in os.get_exec_path() if os.path.isabs(folder))
    return next((path for path in paths if os.access(path, os.X_OK)), None)


def ask(program: str, top: str, question: Sequence[str]) -> tuple[bytes | None, bool]:
    """Return git's answer in a work tree, if it ends well, and whether it ended by itself.

    It does not if it says too much or too late.  Paths in the question are relative to ``top`` and
    mean what they are: nothing in them is a pattern.
    """
    return output(_command(program, top, question), _environment(top))


def converse(
    program: str, top: str, question: Sequence[str], questions: int | IO[bytes]
) -> Popen[bytes]:
    """Return git at work in a work tree, as in :func:`ask`; it reads further questions from a file.

    That is a descriptor, an open file, or ``subprocess.PIPE``; what it answers is not buffered.
    Raises ``OSError``.
    """
    from subprocess import DEVNULL, PIPE, Popen

    return Popen(  # noqa: S603
        _command(program, top, question),
        stdin=questions,
        stdout=PIPE,
        stderr=DEVNULL,
        env=_environment(top),
        bufsize=0,
    )


def output(command: Sequence[str], environment: dict[str, str]) -> tuple[bytes | None, bool]:
    """Return what a program prints, if it ends well, and whether it ended by itself."""
    from subprocess import DEVNULL, PIPE, Popen
    from threading import Timer

    try:
        process = Popen(command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env=environment)  # noqa: S603
    except OSError:
        return None, True
    timer = Timer(_PATIENCE, process.kill)
    timer.start()
    try:
        with process:
            assert process.stdout is not None
            data = process.stdout.read(_LARGEST_ANSWER)
    finally:
        timer.cancel()
    # Where there was more to read, the program has ended by writing to a closed pipe.
    return data if process.returncode == 0 else None, process.returncode >= 0


def _command(program: str, top: str, question: Sequence[str]) -> list[str]:
    settings = [word for setting in _HARMLESS for word in ("-c", setting)]
    return [program, "-C", top, "--work-tree=.", "--literal-pathspecs", *settings, *question]


def _environment(top: str) -> dict[str, str]:
    """Return an environment in which git looks at one work tree, and talks to nobody."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return {
        **kept,
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_CEILING_DIRECTORIES": os.path.dirname(top),
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
