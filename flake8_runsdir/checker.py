"""What it takes to check the files of one set of settings; the costly part is loaded late."""

from __future__ import annotations

import sys

from flake8_runsdir import __version__
from flake8_runsdir.codes import PREFIX, UNUSED_SUPPRESSION
from flake8_runsdir.gate import Gate
from flake8_runsdir.needles import Needles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flake8_runsdir.inspection import Inspector
    from flake8_runsdir.settings import Settings


class Checker:
    """The gate and the inspector of some settings; ``noqa`` is whether comments suppress."""

    def __init__(self, settings: Settings, noqa: bool = True) -> None:
        self._settings = settings
        self._noqa = noqa
        self._needles = Needles(settings.config)
        # Not on by default: only then the rules need to be loaded.
        asks_for_unused = settings.is_selective and any(
            rule.code == UNUSED_SUPPRESSION for rule in settings.rules()
        )
        self._gate = Gate(self._needles, further=(PREFIX,) if asks_for_unused else ())
        self._inspector: Inspector | None = None
        self._stamp = ""

    @property
    def stamp(self) -> str:
        """All that an answer depends on besides the file: versions and options."""
        if not self._stamp:
            version = (__version__, sys.version_info[:3])
            self._stamp = repr((version, self._settings.stamp, self._noqa))
        return self._stamp

    def opens(self, data: bytes | bytearray, size: int) -> bool:
        """Tell whether the first ``size`` bytes of a file can lead to a diagnostic at all."""
        return self._gate.opens(data, size)

    @property
    def inspector(self) -> Inspector:
        """The inspector, which brings the whole analysis along."""
        if self._inspector is None:
            from flake8_runsdir.inspection import Inspector

            self._inspector = Inspector(self._settings, self._needles, self._noqa)
        return self._inspector


class Checkers:
    """A checker for each of the settings that occur in a run, made when it is first asked for."""

    def __init__(self, noqa: bool = True) -> None:
        self._noqa = noqa
        #: By identity: directories share their settings, and to compare them takes long.
        self._known: dict[int, tuple[Settings, Checker]] = {}

    def of(self, settings: Settings) -> Checker:
        """Return the checker of some settings, always the same one."""
        known = self._known.get(id(settings))
        if known is None:
            known = self._known[id(settings)] = settings, Checker(settings, self._noqa)
        return known[1]
