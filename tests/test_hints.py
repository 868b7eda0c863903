"""What the names of things say."""

from __future__ import annotations

import pytest

from flake8_runsdir import hints
from flake8_runsdir.hints import Hint


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("log_dir", ("log", "dir")),
        ("LOG_DIR", ("log", "dir")),
        ("logDir", ("log", "dir")),
        ("LogDir2", ("log", "dir", "2")),
        ("HTTPServer", ("http", "server")),
        ("sha256", ("sha", "256")),
        ("--log-dir", ("log", "dir")),
        ("_", ()),
        ("", ()),
    ],
)
def test_words(name: str, expected: tuple[str, ...]) -> None:
    assert hints.words(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("log_dir", Hint.PATH, id="a path at the end"),
        pytest.param("dir_count", None, id="a path at the beginning says nothing"),
        pytest.param("ignored_dirs", Hint.MATCH, id="what is ignored wins over directories"),
        pytest.param("DIRS_TO_SKIP", Hint.MATCH, id="wherever it stands"),
        pytest.param("run_pattern", Hint.MATCH, id="a pattern at the end"),
        pytest.param("marker_path", Hint.PATH, id="a path that is named after a marker"),
        pytest.param("error_message", Hint.TEXT, id="text at the end"),
        pytest.param("message_file", Hint.PATH, id="a file of text"),
        pytest.param("shell_line", Hint.COMMAND, id="a command"),
        pytest.param("run_dir", Hint.PATH, id="a path wins over a command"),
        pytest.param("value", None, id="nothing"),
        pytest.param("_", None, id="no word at all"),
    ],
)
def test_hint(name: str, expected: Hint | None) -> None:
    assert hints.hint(name) is expected


@pytest.mark.parametrize(
    ("name", "pure", "reads", "writes", "program"),
    [
        pytest.param("is_protected", True, True, False, False, id="a question"),
        pytest.param("dirs_to_skip", True, False, False, False, id="a match word anywhere"),
        pytest.param("load_state", False, True, False, False, id="a loader"),
        pytest.param("save_state", False, False, True, False, id="a writer"),
        pytest.param("Index", False, False, False, False, id="a class does not read"),
        pytest.param("Lock", False, False, False, False, id="a class does not write"),
        pytest.param("run_cli", False, False, False, True, id="a program"),
        pytest.param("cli_runner", False, False, False, False, id="what runs programs is none"),
        pytest.param("_", False, False, False, False, id="no word at all"),
        pytest.param("", False, False, False, False, id="no name"),
    ],
)
def test_functions(name: str, pure: bool, reads: bool, writes: bool, program: bool) -> None:
    assert hints.is_pure(name) is pure
    assert hints.reads(name) is reads
    assert hints.writes(name) is writes
    assert hints.is_program(name) is program


def test_words_of_the_tables_can_be_found() -> None:
    """A word that ``words`` would never yield is a dead entry."""
    tables = [hints._MATCH, hints._MATCH_AT_END, hints._PATH, hints._TEXT, hints._COMMAND]
    tables += [hints._PROGRAMS]
    dead = {word for table in tables for word in table if hints.words(word) != (word,)}
    assert dead == set()
