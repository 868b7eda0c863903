"""# unused-run-suppression (RUN900)

## What it does
Reports a code of this linter in a suppression comment that suppresses nothing.

## Why is this bad?
A comment that outlives what it was written for hides the next mistake on its line.
`# noqa: RUN001`, `# ruff: ignore[RUN001]`, `# ruff: disable[RUN001]`,
`# ruff: file-ignore[RUN001]` and `# ruff: noqa: RUN001` are looked at; a blanket `# noqa` is not,
since it may speak to other tools. Rules that are off are asked as well: a comment that would
suppress something if its rule were on is of use.

Only `runsdir check` reports it: flake8 reads its comments after the plugins have run.

## Example
```python
from pathlib import Path

runs = Path(settings.autonomous_runs_dir)  # noqa: RUN001
```

## Use instead
```python
from pathlib import Path

runs = Path(settings.autonomous_runs_dir)
```

## Fix safety
The fix takes the codes that are of no use out of the comment; where no code is left, it takes the
comment away, with the reason that may stand in it, and with the one that ends its range. The codes
of other linters stay. It is safe, but for one of Ruff's own comments (`# ruff: ignore[...]`) that
shares its row with other comments: these may belong together.

## Options
- `select`
- `extend-select`
"""

from __future__ import annotations

from flake8_runsdir.rule import Rule

RULE = Rule(
    code="RUN900",
    name="unused-run-suppression",
    message="unused suppression of `{code}`",
    documented_in=__name__,
    opt_in=True,
    is_fixable=True,
)
