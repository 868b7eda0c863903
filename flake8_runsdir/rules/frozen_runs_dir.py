"""# frozen-runs-dir (RUN201)

## What it does
Reports an evaluation of the accessor while a module is imported: in a statement of a module or a
class, or as a default argument.

## Why is this bad?
The value is taken once, before anybody had a chance to override the settings. A later override, by
a command line, a test or a supervisor that starts several runs, is ignored. The rule is opt-in:
select it by `RUN2` or `RUN201`.

## Example
```python
from pathlib import Path

CACHE = Path(settings.autonomous_runs_dir) / "cache"
```

## Use instead
```python
from pathlib import Path


def cache():
    return Path(settings.autonomous_runs_dir) / "cache"
```

## Fix safety
There is no automatic fix: the statement has to move into a function.

## Options
- `accessor`
- `definitions`
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.config import Config
from flake8_runsdir.diagnostic import Finding
from flake8_runsdir.flow import Flow
from flake8_runsdir.rule import Rule


def check(flow: Flow, config: Config) -> Iterator[Finding]:
    """Yield the evaluations at import time."""
    for access in flow.frozen_accesses:
        accessor = config.accessor.expression
        yield Finding(access.span, {"accessor": accessor, "where": access.where})


RULE = Rule(
    code="RUN201",
    name="frozen-runs-dir",
    message="`{accessor}` is frozen at import time by {where}; evaluate it where it is used",
    documented_in=__name__,
    check=check,
    opt_in=True,
)
