"""The one analysis: from a source to frozen facts about what becomes of the runs directory.

The facts are imported here; the analysis itself is :func:`flake8_runsdir.flow.analysis.analyse`.
"""

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
]
