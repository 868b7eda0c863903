"""The tables of library functions: well-formed, and read as they are meant."""

from __future__ import annotations

from collections import Counter

import pytest

from flake8_runsdir import library
from flake8_runsdir.library import Effect

FUNCTIONS = pytest.param(library._FUNCTIONS, id="functions")
METHODS = pytest.param(library._METHODS, id="methods")
RECEIVERS = pytest.param(library._RECEIVERS, id="receivers")


def rows(table: str) -> list[tuple[list[str], list[str]]]:
    """Return names and effects of every row."""
    parted = (line.split("|") for line in table.strip().splitlines())
    return [(names.split(), effects.split()) for names, effects in parted]


@pytest.mark.parametrize(
    "table",
    [FUNCTIONS, METHODS, RECEIVERS],
)
def test_every_name_stands_in_one_row(table: str) -> None:
    counted = Counter(name for names, _ in rows(table) for name in names)
    assert [name for name, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("table", [FUNCTIONS, METHODS])
def test_rows_are_well_formed(table: str) -> None:
    for names, effects in rows(table):
        assert names, effects
        assert effects, names
        keys: list[str] = []
        for effect in effects:
            given, equals, value = effect.partition("=")
            assert equals, names
            assert Effect(value), names
            keys += given.split(",")
        assert len(keys) == len(set(keys)), names
        assert all(key == "*" or key.isdigit() or key.isidentifier() for key in keys), names


def test_rows_of_receivers_are_well_formed() -> None:
    for names, effects in rows(library._RECEIVERS):
        assert names, effects
        assert [Effect(effect).value for effect in effects] == effects
        assert len(effects) == 1, names


def test_names_are_dotted() -> None:
    names = [name for row, _ in rows(library._FUNCTIONS) for name in row]
    assert [
        name for name in names if not name.removeprefix("*.").replace(".", "").isidentifier()
    ] == []


@pytest.mark.parametrize(
    ("name", "key", "effect"),
    [
        pytest.param("open", 0, Effect.OPEN, id="builtin"),
        pytest.param("shutil.copyfile", "dst", Effect.WRITE, id="by keyword"),
        pytest.param("shutil.copyfile", 1, Effect.WRITE, id="by position"),
        pytest.param("anything.FileLock", 0, Effect.WRITE, id="by the last name"),
        pytest.param("FileLock", 0, Effect.WRITE, id="by the last name alone"),
        pytest.param("logging.FileHandler", 0, Effect.WRITE, id="the full name goes first"),
        pytest.param("open", 1, None, id="another argument"),
        pytest.param("subprocess.run", "*", Effect.ARGV, id="all other arguments"),
    ],
)
def test_function(name: str, key: int | str, effect: Effect | None) -> None:
    signature = library.function(name)
    assert signature is not None
    assert signature.get(key) is effect


@pytest.mark.parametrize("name", ["", "x", "x.y.z", "path.open", "*.FileLock.x", "*"])
def test_unknown_function(name: str) -> None:
    assert library.function(name) is None


def test_method() -> None:
    signature = library.method("rename")
    assert signature is not None
    assert signature[0] is signature["target"] is Effect.MOVE
    assert library.method("nothing_of_the_kind") is None


def test_receiver() -> None:
    assert library.receiver("write_text") is Effect.WRITE
    assert library.receiver("parent") is Effect.PARENT
    assert library.receiver("nothing_of_the_kind") is None


def test_every_effect_is_used() -> None:
    """An effect that no row names has no meaning."""
    used = {
        effect.partition("=")[2] or effect
        for table in (library._FUNCTIONS, library._METHODS, library._RECEIVERS)
        for _, effects in rows(table)
        for effect in effects
    }
    assert used == {effect.value for effect in Effect}
