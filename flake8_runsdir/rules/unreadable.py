"""# unreadable (RUN903)

## What it does
Reports a file or a directory that cannot be read.

## Why is this bad?
A file that was not checked must not pass for a clean one. It may be missing, protected, no regular
file (a pipe, a device), a link that leads out of the directories that are checked, or larger than
`max-file-size`; a notebook may be no notebook.

This is always reported, whatever is selected; `exclude` leaves the file out.

## Example
```console
$ runsdir check --output-format=concise missing.py
missing.py:1:1: RUN903 this file cannot be read: No such file or directory
```

## Options
- `max-file-size`
- `exclude`
- `extend-exclude`
"""

from __future__ import annotations

from flake8_runsdir.rule import Rule

RULE = Rule(
    code="RUN903",
    name="unreadable",
    message="this file cannot be read: {reason}",
    documented_in=__name__,
)
