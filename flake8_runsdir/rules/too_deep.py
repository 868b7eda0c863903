"""# too-deep (RUN904)

## What it does
Reports a file that is too deep or too large for Python's own parser or for the analysis.

## Why is this bad?
A file that was not checked must not pass for a clean one. Python's parser gives up on expressions
that are nested thousands of levels deep, and older versions die of them; the checker survives that,
checks all other files, and names this one.

This is always reported, whatever is selected; `exclude` leaves the file out.

## Example
```text
runs = ((((((((((((((((((((((((".autonomous_runs"))))))))))))))))))))))))  # and thousands more
```

## Options
- `exclude`
- `extend-exclude`
"""

from __future__ import annotations

from flake8_runsdir.rule import Rule

RULE = Rule(
    code="RUN904",
    name="too-deep",
    message="this file could not be checked: {reason}",
    documented_in=__name__,
)
