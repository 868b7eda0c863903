"""Names of findings that last while the code around them moves."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from flake8_runsdir.emit.paths import relative, slashed
from flake8_runsdir.report import Report, Style


def fingerprints(report: Report, style: Style) -> Iterator[str]:
    """Yield a hexadecimal digest for every finding, each another one.

    It depends on the rule, the path relative to the current directory, the finding's own
    fingerprint (or, where a file was not checked, its first line) and the number of equal ones
    before, but on no row: it survives moved lines and formatting.
    """
    earlier: Counter[tuple[str, str, str]] = Counter()
    for found in report.findings:
        key = (
            found.code,
            slashed(relative(found.path, style.cwd)),
            found.fingerprint or found.line,
        )
        text = "\0".join((*key, str(earlier[key])))
        earlier[key] += 1
        yield hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
