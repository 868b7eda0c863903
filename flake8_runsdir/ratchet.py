"""The baselines of a run: what they record is not reported, and what of that is gone is told.

Only a file that was looked at, by rules that were on, can have lost what is recorded of it.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from flake8_runsdir.baseline import Baseline, Entry, Recorded, parse, read
from flake8_runsdir.codes import is_unchecked
from flake8_runsdir.files import Found, Unread
from flake8_runsdir.options import ConfigError, quoted
from flake8_runsdir.report import Report, portable
from flake8_runsdir.selection import Exemption
from flake8_runsdir.settings import Resolver, Settings


class Stale(NamedTuple):
    """An entry of the baseline in a file that records more than there is: so many are ``gone``."""

    path: str
    entry: Entry
    gone: int


class Scope:
    """What a run looks at: files, and directories that are searched for them."""

    def __init__(
        self, files: Iterable[Found | Unread], searched: Iterable[str], resolver: Resolver
    ) -> None:
        #: The settings of the files that are looked at, by their paths.
        self.settings = {
            portable(file.path): file.settings for file in files if isinstance(file, Found)
        }
        self._searched = tuple(os.path.join(path, "") for path in searched)
        self._resolver = resolver
        self._rules: dict[int, tuple[frozenset[str], tuple[Exemption, ...]]] = {}

    def lost(
        self, baseline: Baseline, left: Iterable[tuple[Entry, int]], report: Report
    ) -> Iterator[tuple[Entry, int]]:
        """Yield the entries that are left and would not be, if they were still true."""
        unchecked = {found.path for found in report.findings if is_unchecked(found.code)}
        for entry, count in left:
            path = baseline.place(entry.key.name)
            if portable(path) not in unchecked:
                settings = self.settings.get(portable(path)) or self._of_missing(path)
                its = settings is not None and settings.baseline == baseline.path
                if settings is not None and its and self._is_on(entry.key.code, path, settings):
                    yield entry, count

    def _of_missing(self, path: str) -> Settings | None:
        """Return the settings of a file that is gone, if it would have been found."""
        if not path.startswith(self._searched) or os.path.lexists(path):
            return None
        try:
            settings = self._resolver.at(os.path.dirname(path))
        except ConfigError:
            return None
        return None if settings.leaves_out(path) else settings

    def _is_on(self, code: str, path: str, settings: Settings) -> bool:
        """Tell whether a rule is on in a file."""
        known = self._rules.get(id(settings))
        if known is None:
            known = frozenset(rule.code for rule in settings.rules()), settings.exemptions()
            self._rules[id(settings)] = known
        codes, exemptions = known
        return code in codes and not any(one.covers(code, path) for one in exemptions)


class Ratchet:
    """The baselines that the settings of a run name, and ``further``, if it is a path.

    Raises :class:`ConfigError`.
    """

    def __init__(self, scope: Scope, further: str = "") -> None:
        self._scope = scope
        self._paths = {path: one.baseline for path, one in scope.settings.items()}
        paths = sorted({further, *self._paths.values()} - {""})
        self._baselines = {path: parse(path, read(path)) for path in paths}
        #: How much of what is recorded was found last, by path.
        self.recorded: Mapping[str, Recorded] = {}
        #: What is recorded and was not found last.
        self.stale: list[Stale] = []

    def judge(self, report: Report) -> Report:
        """Return a report without what is recorded."""
        groups = defaultdict(list)
        for number, found in enumerate(report.findings):
            groups[self._paths.get(found.path, "")].append(number)
        left_out: set[int] = set()
        self.stale = []
        for path, baseline in self._baselines.items():
            numbers = groups[path]
            judgement = baseline.judge([report.findings[number] for number in numbers])
            pairs = zip(numbers, judgement.are_recorded)
            left_out.update(number for number, is_recorded in pairs if is_recorded)
            lost = self._scope.lost(baseline, judgement.left, report)
            self.stale += (Stale(path, entry, count) for entry, count in lost)
        recorded: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for number in left_out:
            found = report.findings[number]
            recorded[found.path][found.code, found.fingerprint] += 1
        self.recorded = recorded
        findings = enumerate(report.findings)
        new = tuple(found for number, found in findings if number not in left_out)
        return report._replace(findings=new, recorded=len(left_out))


def told(stale: Sequence[Stale]) -> Iterator[str]:
    """Yield what there is to tell of stale entries, in lines."""
    baselines = dict.fromkeys(one.path for one in stale)
    for path in baselines:
        mine = [one for one in stale if one.path == path]
        name = os.path.relpath(path)
        are = "entry is" if len(mine) == 1 else "entries are"
        yield f"warning: {len(mine)} {are} stale in {name}; to renew it: runsdir baseline {name}"
        for _, (key, times, text), gone in mine:
            how_many = f" ({gone} of {times})" if times > 1 else ""
            yield f"  {quoted(key.name)}: {key.code} {text}{how_many}"
