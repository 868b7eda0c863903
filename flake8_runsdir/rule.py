"""What a rule is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Callable

from flake8_runsdir.config import Config
from flake8_runsdir.diagnostic import Finding
from flake8_runsdir.flow import Flow


@dataclass(frozen=True)
class Rule:
    """A rule: its identity, its message, and the question that it asks the facts.

    ``message`` is a format string; the findings of ``check`` bring the values.  The documentation
    is the docstring of the module that ``check`` is defined in.
    """

    code: str
    name: str
    message: str
    check: Callable[[Flow, Config], Iterator[Finding]]
    opt_in: bool = False

    @property
    def page(self) -> str:
        """The documentation of the rule, in Markdown."""
        return (sys.modules[self.check.__module__].__doc__ or "").strip() + "\n"

    @property
    def summary(self) -> str:
        """What the rule reports, in one sentence."""
        return self.page.partition("## What it does\n")[2].strip().partition("\n\n")[0]
