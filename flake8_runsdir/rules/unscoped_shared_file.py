"""# unscoped-shared-file (RUN002)

## What it does
Reports a file under the runs directory that is written, or may be, and whose path is the same for
every run.

## Why is this bad?
Two runs that go on at once write one file: the stop signal of one stops the other, a baseline is
compared with somebody else's, the last writer wins. A component that tells the runs apart, such as
`run_id`, gives each run a file of its own.

A file counts when every component below the runs directory is constant. It must be opened for
writing, created, moved, deleted, locked or connected to; or its name has a suffix and its path goes
where it cannot be followed. Files that are only read, and directories, are not reported. What
stands above the runs directory does not matter.

## Example
```python
from pathlib import Path


def stop():
    (Path(settings.autonomous_runs_dir) / ".stop_executor").touch()
```

## Use instead
```python
from pathlib import Path


def stop(run_id):
    (Path(settings.autonomous_runs_dir) / run_id / ".stop_executor").touch()
```

A file that all runs share on purpose, such as a lock, belongs on the `shared` list.

## Fix safety
There is no automatic fix: which variable tells the runs apart is for a person to say.

## Options
- `names`
- `accessor`
- `scopes`
- `strict-scopes`
- `shared`
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.config import Config
from flake8_runsdir.diagnostic import Finding
from flake8_runsdir.flow import Flow
from flake8_runsdir.rule import Rule


def check(flow: Flow, config: Config) -> Iterator[Finding]:
    """Yield the shared files."""
    usual = next((name for name in config.scopes if "*" not in name), "")
    for file in flow.shared_files:
        name = file.scope or usual
        scope = f"`{name}`" if name else "what tells the runs apart"
        yield Finding(file.span, {"path": file.path, "scope": scope})


RULE = Rule(
    code="RUN002",
    name="unscoped-shared-file",
    message=(
        "`<runs>/{path}` is shared by all runs; put {scope} in its path or list it in `shared`"
    ),
    documented_in=__name__,
    check=check,
)
