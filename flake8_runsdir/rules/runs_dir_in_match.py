"""# runs-dir-in-match (RUN101)

## What it does
Reports a literal that names the runs directory and is compared, filtered or matched with.

## Why is this bad?
A comparison with the default name is blind to a runs directory that is configured elsewhere: an
ignore list lets it through, a prefix test takes its files for the application's own. Often that is
what was meant, so the rule is opt-in: select it by `RUN1` or `RUN101`.

## Example
```python
def is_artifact(path):
    return path.startswith(".autonomous_runs/")
```

## Use instead
```python
def is_artifact(path):
    return Path(path).is_relative_to(settings.autonomous_runs_dir)
```

## Fix safety
The fix is for display only. It shows what a pattern would have to look like: whether
it should follow the configured directory is for a person to say.

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
    """Return the mentions that are matched with."""
    return mentions(flow, config, Role.MATCH)


RULE = Rule(
    code="RUN101",
    name="runs-dir-in-match",
    message="a configured runs directory escapes a match with `{name}`; compare with `{accessor}`",
    documented_in=__name__,
    check=check,
    opt_in=True,
    is_fixable=True,
)
