"""# runs-dir-in-data (RUN102)

## What it does
Reports a literal that names the runs directory and is carried as a payload.

## Why is this bad?
A path in a payload (a request's body, a row of a database, a plan) is used by whoever gets it, and
that reader will look in the default place. The rule is opt-in, since much of it is examples and
test data: select it by `RUN1` or `RUN102`.

## Example
```python
import json


def plan():
    return json.dumps({"phases": [{"paths": [".autonomous_runs/app/plan.md"]}]})
```

## Use instead
```python
import json


def plan():
    return json.dumps({"phases": [{"paths": [f"{settings.autonomous_runs_dir}/app/plan.md"]}]})
```

## Fix safety
The fix is for display only. It shows what the data would be: whether its reader
wants the configured directory is for a person to say.

## Options
- `names`
- `accessor`
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.config import Config
from flake8_runsdir.diagnostic import Finding
from flake8_runsdir.flow import Flow, Role
from flake8_runsdir.rule import Rule, mentions


def check(flow: Flow, config: Config) -> Iterator[Finding]:
    """Return the mentions that are carried as data."""
    return mentions(flow, config, Role.DATA)


RULE = Rule(
    code="RUN102",
    name="runs-dir-in-data",
    message="the runs directory `{name}` is written into a payload; use `{accessor}`",
    documented_in=__name__,
    check=check,
    opt_in=True,
    is_fixable=True,
)
