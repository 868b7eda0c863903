"""# unfixed (RUN905)

## What it does
Reports a file that `--fix` was to change and has left as it is.

## Why is this bad?
What was not fixed must not pass for fixed. A file is changed only if that is certain to do no harm.
It is left alone if it is read-only, has several names (hard links), belongs to another user who
cannot be kept, lies outside of the directories that are fixed (behind a link), or has been changed
by somebody else meanwhile; if the new text cannot be written in the encoding of the file; and if
what comes out is not exactly the old program with the fixes in it. All other files are fixed.

This is reported only where fixes are applied, or shown with `--diff`, whatever is selected;
`exclude` leaves the file out. The findings of the file are reported as well.

## Example
```console
$ runsdir check --fix --output-format=concise protected.py
protected.py:1:1: RUN905 this file was not fixed: it is read-only
protected.py:8:12: RUN001 [*] hard-coded runs directory `.autonomous_runs`; use `settings.runs_dir`
```

## Options
- `unfixable`
- `exclude`
- `extend-exclude`
"""

from __future__ import annotations

from flake8_runsdir.codes import UNFIXED
from flake8_runsdir.rule import Rule

RULE = Rule(
    code=UNFIXED,
    name="unfixed",
    message="this file was not fixed: {reason}",
    documented_in=__name__,
)
