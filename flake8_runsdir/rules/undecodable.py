"""# undecodable (RUN902)

## What it does
Reports a file that may mention the runs directory and whose bytes are no text in its encoding.

## Why is this bad?
A file that was not checked must not pass for a clean one. Source code is UTF-8, unless a byte order
mark or a comment such as `# -*- coding: latin-1 -*-` in the first two lines says otherwise; a
notebook is UTF-8 always.

This is always reported, whatever is selected, and no comment suppresses it; `exclude` leaves the
file out.

## Example
```text
# -*- coding: no-such-encoding -*-
runs = ".autonomous_runs"
```

## Options
- `exclude`
- `extend-exclude`
"""

from __future__ import annotations

from flake8_runsdir.rule import Rule

RULE = Rule(
    code="RUN902",
    name="undecodable",
    message="this file cannot be decoded: {reason}",
    documented_in=__name__,
)
