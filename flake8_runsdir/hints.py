"""What the names of things say, where the flow of a value ends without an answer.

Names come last: a target, parameter, keyword, attribute, dictionary key or function name is asked
only when nothing that can be seen uses the value.  What such names say stands here, in one table.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Hint(Enum):
    """The role that a name suggests."""

    PATH = "path"
    MATCH = "match"
    TEXT = "text"
    COMMAND = "command"
    NAME = "name"


#: Words that say `match` wherever they stand in a name: `protected_paths`, `DIRS_TO_SKIP`.
_MATCH = frozenset(
    """ignore ignored ignores exclude excluded excludes excluding exclusion exclusions protected
    protect skip skips skipped skipping allow allowed allowlist whitelist deny denied denylist
    blacklist forbidden forbid blocked blocklist omit exempt exempted disallow disallowed prohibited
    restricted""".split()
)
#: Words that say `match` at the end of a name: `run_pattern`; but a `marker_path` is a path.
_MATCH_AT_END = frozenset(
    """pattern patterns prefixes suffixes regex regexes regexp re glob globs marker
    markers needle needles substring substrings filter filters""".split()
)
#: Words that say `path` at the end of a name: `log_dir`, `output_path`, `REPO_ROOTS`.
_PATH = frozenset(
    """dir dirs directory directories path paths file files filename filenames filepath filepaths
    root roots folder folders location locations workdir cwd base dest destination dst outdir
    outfile logdir dirname basedir""".split()
)
#: Words that say `text` at the end of a name.
_TEXT = frozenset(
    """help description message msg text prompt title epilog usage reason label summary note
    notes hint doc docs docstring documentation comment template readme header footer banner body
    content contents instructions instruction warning error caption tooltip explanation rationale
    detail details example examples markdown html""".split()
)

#: Words that say that a bare word names something that is no directory: `project`, `tag_name`.
_NAME = frozenset(
    """project experiment study tag tags label param params parameter kind type group namespace
    category channel topic queue table bucket tracker sweep update""".split()
)
#: Words that say that a text is a command line.
_COMMAND = frozenset("cmd cmds command commands shell bash ssh exec execute run script".split())

#: First words of functions that only look at a text: `is_protected`, `classify_action`.
_PURE = frozenset(
    """is has can should needs must classify validate check match matches normalize normalise detect
    infer categorize categorise parse sanitize sanitise assess evaluate looks contains compare
    allow allows allowed block blocks protect protects protected matched split tokenize score rank
    guess extract derive determine strip identify resolve to redact mask escape ignore ignores
    excluded exclude filter route canonicalize""".split()
)
#: First words of functions that read what a path names.
_READS = frozenset(
    """load loads read reads get fetch find list scan iter exists stat hash checksum digest parse
    inspect analyze analyse verify check validate has is count show display view tail cat ingest
    import require assert compare diff print summarize summarise discover collect index""".split()
)
#: Last words of functions that take the arguments of a program as a list.
_PROGRAMS = frozenset("main invoke cli run call execute exec command cmd args".split())
#: First words of functions that write what a path names.
_WRITES = frozenset(
    """write writes save saves dump dumps store persist export create touch delete remove unlink rm
    move rename replace rotate lock acquire init initialize clear generate render atomic overwrite
    truncate download""".split()
)


@lru_cache(maxsize=2048)
def words(name: str) -> tuple[str, ...]:
    """Return the words of an identifier in lower case: `logDir` and `LOG_DIR` are `log`, `dir`."""
    return tuple(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=2048)
def hint(name: str) -> Hint | None:
    """Return what the name of a thing says about the value it holds."""
    found = words(name)
    if not found:
        return None
    if found[-1] in _MATCH_AT_END or not _MATCH.isdisjoint(found):
        return Hint.MATCH
    if found[-1] in _PATH:
        return Hint.PATH
    if found[-1] in _TEXT:
        return Hint.TEXT
    subject = found[-2:-1] if found[-1] == "name" else found[-1:]
    if not _NAME.isdisjoint(subject):
        return Hint.NAME
    return Hint.COMMAND if not _COMMAND.isdisjoint(found) else None


def is_pure(function: str) -> bool:
    """Tell whether a function's name says that it only looks at the text it is given."""
    found = words(function)
    return bool(found) and (found[0] in _PURE or not _MATCH.isdisjoint(found))


def reads(function: str) -> bool:
    """Tell whether a function's name says that it reads a file."""
    found = words(function)
    return bool(found) and found[0] in _READS and not function[0].isupper()


def writes(function: str) -> bool:
    """Tell whether a function's name says that it writes a file."""
    found = words(function)
    return bool(found) and found[0] in _WRITES and not function[0].isupper()


def is_program(function: str) -> bool:
    """Tell whether a function's name says that it takes a program's arguments: `main`, `invoke`."""
    found = words(function)
    return bool(found) and found[-1] in _PROGRAMS
