"""What can be said of a place in Python: what it is, by which rule, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

from flake8_runsdir.audit.inventory import MUST_FIX, REPORTED, Status
from flake8_runsdir.diagnostic import NO_REMEDY, Remedy, Span
from flake8_runsdir.flow import EnvironmentRead, Mention, Role, SharedFile
from flake8_runsdir.rules import (
    frozen_runs_dir,
    hardcoded_runs_path,
    runs_dir_env_bypass,
    runs_dir_in_data,
    runs_dir_in_match,
    runs_dir_in_text,
    unscoped_shared_file,
)


class Claim(NamedTuple):
    """What a rule says of a place: what it is, and where a comment would have to suppress that."""

    status: Status
    code: str
    reason: str
    span: Span = Span(0, 0)
    remedy: Remedy = NO_REMEDY

    @property
    def can_stay(self) -> bool:
        """Whether a comment can keep the place as it is."""
        return self.status in REPORTED


#: The weightiest first: where literals cannot be told apart, it counts.
_BY_ROLE: dict[Role, Claim] = {
    Role.PATH: Claim(
        Status.CRITICAL, hardcoded_runs_path.RULE.code, "a path that does not ask the settings"
    ),
    Role.ENVIRONMENT: Claim(
        Status.BYPASS, runs_dir_env_bypass.RULE.code, "the default in a read past the settings"
    ),
    Role.MATCH: Claim(
        Status.MATCH,
        runs_dir_in_match.RULE.code,
        "compared or searched for; a configured directory escapes it",
    ),
    Role.DEFINITION: Claim(Status.DEFINITION, "", "the default is written down here"),
    Role.DATA: Claim(Status.DATA, runs_dir_in_data.RULE.code, "carried along as data"),
    Role.TEXT: Claim(Status.DOCUMENTATION, runs_dir_in_text.RULE.code, "a message"),
    Role.DOC: Claim(Status.DOCUMENTATION, runs_dir_in_text.RULE.code, "a docstring"),
}
_WEIGHTS = {role: weight for weight, role in enumerate(_BY_ROLE)}
OTHER_NAME = Claim(Status.DATA, "", "an identifier, or a part of another name")
ACCESS = Claim(Status.FIXED, "", "asks the settings")
FROZEN_ACCESS = Claim(
    Status.FIXED,
    frozen_runs_dir.RULE.code,
    "asks the settings, but only once, when the module is imported",
)


def of_mention(mention: Mention) -> Claim:
    """Return what is said of a mention."""
    return _BY_ROLE[mention.role]._replace(span=mention.span, remedy=mention.remedy)


def of_looks(is_path: bool, why: str) -> Claim:
    """Return what is said of a mention that nothing but its looks is known of, and why."""
    if is_path:
        reason = f"it looks like a path (unverified); {why}"
        return _BY_ROLE[Role.PATH]._replace(reason=reason)
    return Claim(Status.DOCUMENTATION, "", f"it does not look like a path (unverified); {why}")


def of_read(read: EnvironmentRead) -> Claim:
    """Return what is said of a read of the environment."""
    return Claim(
        Status.BYPASS,
        runs_dir_env_bypass.RULE.code,
        f"`{read.variable}` is read past the settings",
        read.span,
        read.remedy,
    )


def of_shared_file(file: SharedFile) -> Claim:
    """Return what is said of a file that all runs share."""
    return Claim(
        Status.SHARED,
        unscoped_shared_file.RULE.code,
        f"all runs write one file, `<runs>/{file.path}`",
        file.span,
    )


def weight(mention: Mention) -> int:
    """Return a number by which mentions can be sorted, the weightiest first."""
    return _WEIGHTS[mention.role]


def weighed(*claims: Claim) -> tuple[Claim, ...]:
    """Return claims with those that something has to be done about first."""
    return tuple(sorted(claims, key=lambda claim: claim.status not in MUST_FIX))
