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

from autopack.config import settings


def diagnostics(run_id):
    return Path(".autonomous_runs") / run_id / "diagnostics"
```

## Use instead
```python
from pathlib import Path

from autopack.config import settings


def diagnostics(run_id):
    return Path(settings.autonomous_runs_dir) / run_id / "diagnostics"
```

## Fix safety
The fix puts the accessor in the place of the name, and imports its object where it is not in scope.
The expression keeps its type: a text stays a text, a `Path` stays a `Path`. Inside a function the
fix is safe: the value is what it was as long as nothing is configured. (The first of `names` is
taken for the default.)

The fix is unsafe

- at the level of a module or a class, in default arguments, in the defaults of options and in
  functions whose results are cached: there the value is frozen;
- in a text with a directory in front, `f"{root}/.autonomous_runs"`: an absolute directory does not
  win over it, as it does in `root / ".autonomous_runs"`;
- in command lines for a shell, in templates that are filled in elsewhere, and in texts that begin
  with `./`;
- as an argument of `glob`, `with_name` and the like, which take no absolute directory;
- for another than the first of `names`, and for a value that is compared as well;
- in functions that look at their own variables (`locals()`).

There is no fix for a literal of several pieces or of bytes, nor in a field of an f-string, in
annotations, keys, comparisons and patterns, in stubs and notebooks, or in the module of the
accessor. If the object is not in scope, `accessor` must name the module that it is imported from.

## Options
- `names`
- `accessor`
- `accessor-type`
- `fix-import`
- `fix-import-style`
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
    is_fixable=True,
)
