"""What runsdir itself has written, told from the beginning of a file: it takes no part in an audit.

Else a report that is committed would be in the next one, which could never be the same.  A mark
counts only in a file whose name gives the format that bears it, so that it hides no script.
Formatters may have run over a file; one that only quotes a report is another file.
"""

from __future__ import annotations

import re

from flake8_runsdir.audit import languages, texts
from flake8_runsdir.audit.languages import Kind
from flake8_runsdir.audit.reports.csv import COLUMNS

#: How much of a file is looked at, in bytes.
HEAD = 4096
#: The first line of a report in Markdown.
MARK = "<!-- Written by runsdir audit, which leaves its own reports out. -->"
#: What a report in HTML says has made it, before the version.
GENERATOR = "runsdir audit"

#: How reports begin without any white space, by the suffixes of their names.
_REPORTS = (
    ((".csv",), re.compile('"?' + '"?,"?'.join(COLUMNS[:10]))),
    (
        (".htm", ".html"),
        re.compile(
            r"<!doctypehtml><html[^<>]*><head>(?:<meta[^<>]*>)*?"
            rf'<metaname="generator"content="{"".join(GENERATOR.split())}[0-9]',
            re.IGNORECASE,
        ),
    ),
    (
        (".json",),
        re.compile(r'\{"version":[0-9]+,"tool":\{"name":"runsdir","version":"[^"]*"\},"root":'),
    ),
    (
        (".json", ".sarif"),
        re.compile(
            r'\{"\$schema":"[^"]*","version":"2\.1\.0",'
            r'"runs":\[\{"tool":\{"driver":\{"name":"runsdir(?:audit)?"'
        ),
    ),
    ((".markdown", ".md"), re.compile(re.escape("".join(MARK.split())))),
)
#: How a baseline begins, and what its name may be that of: it may be any but a program's.
_BASELINE = re.compile(rb"(?:\xef\xbb\xbf)?# runsdir baseline [0-9]")
_BASELINES = (Kind.PROSE, Kind.UNKNOWN)


def is_own(name: str, head: bytes) -> bool:
    """Tell whether a file is a report or a baseline.

    ``name`` is its name, with or without directories, ``head`` its first :data:`HEAD` bytes, or
    more of them.
    """
    if _BASELINE.match(head):
        return languages.find(name).kind in _BASELINES
    suffixed = name.lower()
    patterns = [pattern for suffixes, pattern in _REPORTS if suffixed.endswith(suffixes)]
    beginning = _condensed(head[:HEAD]) if patterns else ""
    return any(pattern.match(beginning) for pattern in patterns)


def _condensed(head: bytes) -> str:
    """Return the text that some bytes begin, without white space and marks of the encoding."""
    codec, mark = texts.encoding(head)
    return "".join(head[mark:].decode(codec, "replace").split())
