"""# runs-dir-env-bypass (RUN003)

## What it does
Reports a read of the environment variable that configures the runs directory, outside the
settings.

## Why is this bad?
The settings may know more than the variable: a configuration file, a command line, a test's
override, a default that has changed. Code that reads the variable itself bypasses all of that, and
repeats the default beside it. Setting the variable, for a child process or in a test, is fine.

A read is `os.environ[...]`, `os.environ.get(...)` or `os.getenv(...)`, under any import and with
the name in any constant. Tests of membership and reads of a copy of the environment are not
reported.

The default in the call, `os.environ.get("AUTONOMOUS_RUNS_DIR", ".autonomous_runs")`, is part of
this finding and is not reported again by `hardcoded-runs-path`.

## Example
```python
import os

from autopack.config import settings


def prepare():
    os.makedirs(os.environ.get("AUTONOMOUS_RUNS_DIR", ".autonomous_runs"), exist_ok=True)
```

## Use instead
```python
import os

from autopack.config import settings


def prepare():
    os.makedirs(settings.autonomous_runs_dir, exist_ok=True)
```

## Fix safety
The fix puts the accessor in the place of the read, as for `hardcoded-runs-path`. It is safe inside
a function if the read falls back on the default directory. Without a fallback it is unsafe: where
the variable is not set, the read yields `None` or raises an error. With another fallback it is for
display only. An import that is no longer needed stays.

## Options
- `env-vars`
- `accessor`
- `accessor-type`
- `fix-import`
- `fix-import-style`
- `definitions`
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.config import Config
from flake8_runsdir.diagnostic import Finding
from flake8_runsdir.flow import Flow
from flake8_runsdir.rule import Rule


def check(flow: Flow, config: Config) -> Iterator[Finding]:
    """Yield the reads of the variable."""
    for read in flow.environment_reads:
        accessor = config.accessor.expression
        values = {"variable": read.variable, "accessor": accessor}
        yield Finding(read.span, values, read.remedy)


RULE = Rule(
    code="RUN003",
    name="runs-dir-env-bypass",
    message="`{variable}` is read past the settings; use `{accessor}`",
    documented_in=__name__,
    check=check,
    is_fixable=True,
)
