"""# hardcoded-runs-path (RUN001)

## What it does
Reports a literal that names the runs directory and is used as a path.

## Why is this bad?
The runs directory is configurable so that several runs can go on at once, each pointed at a
directory of its own. A literal ignores the configuration without a sound: artifacts are scattered,
loaders look in the wrong place, and two runs write one file.

What counts is what becomes of the string. It is followed through variables, attributes, functions,
loops and containers; only a string that ends up as a path is reported. Ignore lists, prefix tests,
regular expressions and printed text are other rules' business, and the default in the settings
themselves is nobody's.

## Example
```python
from pathlib import Path


def diagnostics(run_id):
    return Path(".autonomous_runs") / run_id / "diagnostics"
```

## Use instead
```python
from pathlib import Path


def diagnostics(run_id):
    return Path(settings.autonomous_runs_dir) / run_id / "diagnostics"
```

## Fix safety
There is no automatic fix yet.

## Options
- `names`
- `accessor`
- `definitions`
- `allow`
- `joins`
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_runsdir.config import Config
from flake8_runsdir.diagnostic import Finding
from flake8_runsdir.flow import Flow, Role
from flake8_runsdir.rule import Rule, mentions


def check(flow: Flow, config: Config) -> Iterator[Finding]:
    """Return the mentions that are used as paths."""
    return mentions(flow, config, Role.PATH)


RULE = Rule(
    code="RUN001",
    name="hardcoded-runs-path",
    message="hard-coded runs directory `{name}`; use `{accessor}`",
    documented_in=__name__,
    check=check,
)
