"""All rules, in the order of their codes."""

from __future__ import annotations

from flake8_runsdir.rule import Rule
from flake8_runsdir.rules import (
    frozen_runs_dir,
    hardcoded_runs_path,
    runs_dir_env_bypass,
    runs_dir_in_data,
    runs_dir_in_match,
    runs_dir_in_text,
    too_deep,
    undecodable,
    unfixed,
    unparsable,
    unreadable,
    unscoped_shared_file,
    unused_run_suppression,
)

#: The rules that ask the facts.
RULES: tuple[Rule, ...] = (
    hardcoded_runs_path.RULE,
    unscoped_shared_file.RULE,
    runs_dir_env_bypass.RULE,
    runs_dir_in_match.RULE,
    runs_dir_in_data.RULE,
    runs_dir_in_text.RULE,
    frozen_runs_dir.RULE,
)
#: The rules about a file that could not be checked.
UNCHECKED: tuple[Rule, ...] = (
    unparsable.RULE,
    undecodable.RULE,
    unreadable.RULE,
    too_deep.RULE,
)
#: The rules that are always on and never suppressed.
ALWAYS: tuple[Rule, ...] = (*UNCHECKED, unfixed.RULE)
ALL: tuple[Rule, ...] = (*RULES, unused_run_suppression.RULE, *ALWAYS)


def find(code_or_name: str) -> Rule | None:
    """Return the rule with a code (in any case) or a name."""
    wanted = code_or_name.strip()
    return next((rule for rule in ALL if wanted.upper() == rule.code or wanted == rule.name), None)
