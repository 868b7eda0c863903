"""What functions of many languages do with a text that they are given, going by their names.

Names are compared by their words, so `startsWith`, `starts_with` and `StartsWith` are one.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from flake8_runsdir.hints import Hint, hint, words


class Deed(Enum):
    """What becomes of the text."""

    COMPARED = "compared"  # compared, searched for, left out
    REPLACED = "replaced"  # searched for, if it is the first argument
    SHOWN = "shown"  # told to people
    CARRIED = "carried"  # written down for another program
    PASSED_ON = "passed on"  # returned, or made a part of what is
    DELAYED = "delayed"  # returned by a function that is an argument
    RUN = "run"  # run as a command


_NAMES = {
    Deed.COMPARED: """
        starts_with start_with ends_with end_with has has_prefix has_suffix has_key include_p
        includes contain contains contains_key index_of last_index_of match matches match_all
        is_match test search split split_once split_lines splitn equal equals
        equals_ignore_case is_equal is_equal_to is_not_equal_to not_equal not_equals deep_equal
        deep_strict_equal strict_equal not_strict_equal regexp regex must_compile should
        is_in is_not_in trim_prefix trim_suffix trim_left trim_right trim_start trim_end
        strip_prefix strip_suffix cut_prefix cut_suffix remove_prefix remove_suffix delete_prefix
        delete_suffix expect assert
        is_ignored
        ignores minimatch picomatch micromatch strcmp strncmp strcasecmp strstr strpos
        str_contains str_starts_with in_array fnmatch get_path_matcher path_matcher eq ne
        global_ignores exclude excludes excluded ignore ignored omit omits
    """,
    Deed.REPLACED: "replace replace_all replace_first sub gsub preg_replace",
    Deed.SHOWN: """
        print printf println print_r eprint eprintln fprint fprintf fprintln puts echo panic die
        abort alert fail fatal fatalf warn warnf warning warnln info infof infoln debug debugf
        errorf error trace throw raise describe it context suite writeln write_line log logf logln
    """,
    Deed.CARRIED: "stringify dump dumps encode json to_json json_encode json_dumps send",
    Deed.PASSED_ON: """
        join resolve normalize clean of get_path combine format sprintf to_string to_owned
        to_lower to_upper to_lower_case to_upper_case into from new str string set map array list
        vec as_list to_list list_of set_of array_of freeze path paths path_buf concat color chalk
        red green yellow blue bold dim cyan gray grey magenta underline quote repr inspect trim
    """,
    Deed.DELAYED: "unwrap_or unwrap_or_else get_or_else or_else or_else_get get_or_default",
    Deed.RUN: """
        exec exec_sync exec_file exec_file_sync execa spawn spawn_sync system shell shell_exec
        popen run run_command run_script command sh cmd bash powershell
    """,
}
_DEEDS = {name: deed for deed, names in _NAMES.items() for name in names.split()}
#: Families of names that compare: their first words, and those that may follow.
_PATTERNS = frozenset("dir dirs path paths pattern patterns".split())
_COMPARING = {
    "to": frozenset("be equal contain match include strict start end have".split()),
    "assert": frozenset("eq ne equal equals that same contains match matches not".split()),
    "exclude": _PATTERNS,
    "ignore": _PATTERNS,
}
#: What other names do that begin so.
_BY_FIRST_WORD = {"preg": Deed.COMPARED, "fatal": Deed.SHOWN}
_ERRORS = ("error", "exception")
#: Names of loggers, and what they are asked for; functions that add to a list.
_LOGGERS = frozenset("console log logger logging slog stdout stderr".split())
_LOGS = frozenset(
    """log trace verbose silly notice critical success crit emerg exception print printf println
    write writeln dir table group time assert msg panic panicf info infof infow infoln warn warnf
    warnw warning warningf error errorf errorw debug debugf debugw fatal fatalf fatalln""".split()
)
_ADDS = frozenset("push push_back add append insert unshift extend concat".split())

_NAME = r"[A-Za-z_$@][\w$]*[?!]?"
#: The name in front of the bracket of a call, with what it belongs to.
_CALLED = re.compile(rf"(?:{_NAME}\s*(?:\(\))?\s*(?:\?\.|\.|::|->|:)\s*)*{_NAME}(?:<[^<>]*>)?\s*\Z")
_PARTS = re.compile(r"[.:>?!\s()-]+")
#: Ruby's `include?`, as `include` does something else.
_INCLUDES = "include_p"
_KEYWORDS = frozenset(
    "if elif while for switch match until unless return await in not and or typeof".split()
)


class Call(NamedTuple):
    """The name of a call: its last part, and the part before that, if there is one."""

    name: str = ""
    owner: str = ""

    @property
    def deed(self) -> Deed | None:
        """What the call does with a text; nothing if that is not known."""
        return _shown(self) or _deed(self.name)

    @property
    def list_of_others(self) -> str:
        """The name of a list of what is left out, if the call adds to one."""
        adds = "_".join(words(self.name)) in _ADDS
        return self.owner if adds and hint(self.owner) is Hint.MATCH else ""


def call(head: str) -> Call:
    """Return the call whose bracket stands behind a text; without a name, if there is none."""
    found = _CALLED.search(head)
    if found is None or found[0].strip() in _KEYWORDS:
        return Call()
    parts = [part for part in _PARTS.split(re.sub(r"<.*", "", found[0])) if part]
    if found[0].rstrip().endswith("include?"):
        parts[-1] = _INCLUDES
    return Call(*parts[:-3:-1])


def _shown(one: Call) -> Deed | None:
    """Return what a logger does, which is no more than to tell."""
    owner, name = words(one.owner), "".join(words(one.name))
    is_logger = bool(owner) and (owner[-1] in _LOGGERS or one.owner.lower().endswith("logger"))
    return Deed.SHOWN if is_logger and (name in _LOGS or owner[-1] == "console") else None


@lru_cache(maxsize=2048)
def _deed(name: str) -> Deed | None:
    parts = words(name)
    if not parts:
        return None
    if len(parts) > 1 and parts[1] in _COMPARING.get(parts[0], ()):
        return Deed.COMPARED
    if parts[-1].endswith(_ERRORS):
        return Deed.SHOWN
    return _DEEDS.get("_".join(parts)) or _DEEDS.get("".join(parts)) or _BY_FIRST_WORD.get(parts[0])
