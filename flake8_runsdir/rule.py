"""What a rule is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Callable

from flake8_runsdir.config import Config
from flake8_runsdir.diagnostic import Finding
from flake8_runsdir.flow import Flow, Role


@dataclass(frozen=True)
class Rule:
    """A rule: its identity, its message, and the question that it asks the facts.

    ``message`` is a format string; the findings of ``check`` bring the values.  A rule without a
    ``check`` is found out on the way to the facts (RUN901) or after them (RUN900).  The
    documentation is the docstring of the module ``documented_in``.  ``is_fixable`` says whether
    findings may have fixes.
    """

    code: str
    name: str
    message: str
    documented_in: str
    check: Callable[[Flow, Config], Iterator[Finding]] | None = None
    opt_in: bool = False
    is_fixable: bool = False

    @property
    def page(self) -> str:
        """The documentation of the rule, in Markdown."""
        return (sys.modules[self.documented_in].__doc__ or "").strip() + "\n"

    @property
    def summary(self) -> str:
        """What the rule reports, in one sentence."""
        return self.page.partition("## What it does\n")[2].strip().partition("\n\n")[0]


def mentions(flow: Flow, config: Config, *roles: Role) -> Iterator[Finding]:
    """Yield a finding for every mention that has one of the roles."""
    for mention in flow.mentions:
        if mention.role in roles:
            accessor = config.accessor.expression
            values = {"name": mention.name, "accessor": accessor}
            yield Finding(mention.span, values, mention.remedy)
