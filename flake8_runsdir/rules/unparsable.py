"""# unparsable (RUN901)

## What it does
Reports a file that mentions the runs directory and that Python cannot parse.

## Why is this bad?
What cannot be parsed cannot be checked, and a file that was not checked must not pass for a clean
one. So that nothing is lost meanwhile, string literals that name the runs directory are found by
their looks and reported as RUN001 with the word *unverified*.

The syntax is that of the Python that runs the checker: a newer one knows more. Files that do not
mention the runs directory are not parsed at all.

This is always reported, whatever is selected, and no comment suppresses it; `exclude` leaves the
file out.

## Example
```text
def broken(:
    return Path(".autonomous_runs")
```

## Options
- `exclude`
- `extend-exclude`
"""

from __future__ import annotations

from flake8_runsdir.rule import Rule

RULE = Rule(
    code="RUN901",
    name="unparsable",
    message="this file cannot be parsed: {reason}",
    documented_in=__name__,
)
