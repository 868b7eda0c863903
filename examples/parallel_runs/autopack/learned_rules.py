"""Rules that runs learn from their failures: hints of one run, and rules of the whole project."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from autopack.executor_lock import ExecutorLockManager
from autopack.json_files import read_json, write_json


@dataclass(frozen=True)
class RuleHint:
    """What a phase should do next time."""

    phase_id: str
    advice: str


def record_hint(run_id: str, hint: RuleHint) -> None:
    """Add a hint to the run, unless it is there already."""
    hints = load_hints(run_id)
    if hint not in hints:
        _store(get_run_rule_hints_path(run_id), [*hints, hint])


def load_hints(run_id: str) -> list[RuleHint]:
    """Return the hints of a run, oldest first."""
    return _load(get_run_rule_hints_path(run_id))


def load_project_rules(project_id: str) -> list[RuleHint]:
    """Return the rules that all runs of a project follow."""
    return _load(get_project_rules_path(project_id))


def promote_hints(run_id: str, project_id: str) -> int:
    """Make the hints of a run rules of its project; return how many rules that has now."""
    with ExecutorLockManager().hold(f"project-{project_id}"):
        rules = load_project_rules(project_id)
        rules += [hint for hint in load_hints(run_id) if hint not in rules]
        _store(get_project_rules_path(project_id), rules)
    return len(rules)


def get_run_rule_hints_path(run_id: str) -> Path:
    """Return the file that holds the hints of a run."""
    return Path(".autonomous_runs") / run_id / "run_rule_hints.json"


def get_project_rules_path(project_id: str) -> Path:
    """Return the file that holds the rules of a project.

    It is `.autonomous_runs/<project_id>/docs/LEARNED_RULES.json`.
    """
    return Path(".autonomous_runs") / project_id / "docs" / "LEARNED_RULES.json"


def _load(path: Path) -> list[RuleHint]:
    return [RuleHint(**record) for record in read_json(path, [])]


def _store(path: Path, hints: list[RuleHint]) -> None:
    write_json(path, [asdict(hint) for hint in hints])
