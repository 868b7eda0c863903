"""# runs-dir-in-text (RUN103)

## What it does
Reports a name of the runs directory in a message, a help text, a docstring or a comment.

## Why is this bad?
Text that names the default sends people to the wrong place once the directory is configured
elsewhere. Nothing breaks, so the rule is opt-in: select it by `RUN1` or `RUN103`.

## Example
```python
def report(run_id):
    print(f"Artifacts are in .autonomous_runs/{run_id}")
```

## Use instead
```python
def report(run_id):
    print(f"Artifacts are in {settings.autonomous_runs_dir}/{run_id}")
```

## Fix safety
There is no automatic fix.

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
    """Return the mentions in texts, docstrings and comments."""
    return mentions(flow, config, Role.TEXT, Role.DOC)


RULE = Rule(
    code="RUN103",
    name="runs-dir-in-text",
    message="text names the default runs directory `{name}`; say where `{accessor}` points",
    documented_in=__name__,
    check=check,
    opt_in=True,
)
