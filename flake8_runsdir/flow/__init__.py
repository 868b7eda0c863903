"""The one analysis: from a source to frozen facts about what becomes of the runs directory."""

from flake8_runsdir.flow.analysis import analyse
from flake8_runsdir.flow.facts import (
    EnvironmentRead,
    Flow,
    FrozenAccess,
    Mention,
    Role,
    SharedFile,
)

__all__ = [
    "EnvironmentRead",
    "Flow",
    "FrozenAccess",
    "Mention",
    "Role",
    "SharedFile",
    "analyse",
]
