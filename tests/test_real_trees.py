"""Real files: nothing is found in them; what is planted is found, and fixed without harm."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Callable, TypeVar

import pytest

from flake8_runsdir.config import resolve
from flake8_runsdir.flow import Flow, index
from flake8_runsdir.flow.analysis import analyse
from flake8_runsdir.linter import Linter
from flake8_runsdir.needles import Needles
from flake8_runsdir.rules import RULES
from flake8_runsdir.source import Source
from mended import DamageError, Tally, check, try_files
from planting import Planted, files, parse, plant, read, variant

CONFIG = resolve()
LINTER = Linter(CONFIG, RULES)
NEEDLES = Needles(CONFIG)
T = TypeVar("T")


def examine(paths: list[Path]) -> tuple[int, list[str]]:
    """Check and analyse files; return how many could be read, and what was found."""
    analysed, found = 0, []
    for path in paths:
        source = read(path)
        if source is None:
            continue
        text = source.text
        found += [f"{path}: {one}" for one in LINTER.check(str(path), text, source.tree)]
        if analyse(source, CONFIG, NEEDLES, comments=True) != Flow():
            found.append(f"{path}: facts")
        analysed += 1
    return analysed, found


def spread(work: Callable[[list[Path]], T], paths: list[Path]) -> Iterator[T]:
    """Do some work on files in several processes, where they can be forked."""
    chunks = [paths[start::64] for start in range(64)]
    if not hasattr(os, "fork"):
        yield from map(work, chunks)
        return
    with ProcessPoolExecutor(os.cpu_count(), get_context("fork")) as pool:
        yield from pool.map(work, chunks)


@pytest.mark.trees
def test_nothing_is_found_in_installed_files() -> None:
    results = list(spread(examine, files()))
    assert [one for _, found in results for one in found] == []
    assert sum(analysed for analysed, _ in results) >= 1000


def test_nothing_is_found_in_a_sample() -> None:
    paths = [path for path in files() if path.stat().st_size < 20_000]
    analysed, found = examine(paths[:: max(1, len(paths) // 25)])
    assert found == []
    assert analysed >= 20


def check_planted(planted: Planted) -> None:
    """Check that each literal is found once, with its exact span and its code."""
    found = LINTER.check(planted.path, planted.text, parse(planted.text))
    mentions = [one for one in found if one.code != "RUN002"]
    actual = sorted((one.span, one.code) for one in mentions)
    assert actual == sorted(planted.expected), (planted.path, planted.text)


def plant_many(paths: list[Path], seed: int, each: int) -> int:
    """Plant in files and check them; return how many mentions were planted."""
    chance = random.Random(seed)
    count = 0
    for number, path in enumerate(paths):
        source = read(path)
        if source is None:
            continue
        planted = plant(path, variant(source.text, number % 4), chance, each)
        if planted is not None:
            check_planted(planted)
            count += len(planted.expected)
    return count


def test_planted_mentions_are_found_in_a_sample() -> None:
    paths = [path for path in files() if 2_000 < path.stat().st_size < 20_000]
    chosen = random.Random(1).sample(paths, 24)
    assert plant_many(chosen, seed=2, each=6) > 60


@pytest.mark.trees
@pytest.mark.parametrize("seed", range(8))
def test_planted_mentions_are_found(seed: int) -> None:
    paths = [path for path in files() if 2_000 < path.stat().st_size < 60_000]
    chosen = random.Random(seed).sample(paths, min(150, len(paths)))
    assert plant_many(chosen, seed, each=8) > 500


@pytest.mark.trees
def test_functions_left_asleep_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    build = index.build
    paths = [path for path in files() if 5_000 < path.stat().st_size < 100_000]
    count = 0
    for path in chance.sample(paths, 300):
        source = read(path)
        planted = None if source is None else plant(path, source.text, chance, 5)
        if planted is None:
            continue
        source = Source(planted.path, planted.text, parse(planted.text))
        lazily = analyse(source, CONFIG, NEEDLES, comments=True)
        with monkeypatch.context() as patched:
            patched.setattr(index, "build", lambda tree, needles, _: build(tree, needles))
            assert lazily == analyse(source, CONFIG, NEEDLES, comments=True), path
        count += len(planted.expected)
    assert count > 300


def check_tally(tally: Tally, fixes: int) -> None:
    """Check that there were some fixes, that none did any harm, and that few were given up."""
    assert (tally.damaged, tally.restless) == ([], [])
    assert len(tally.refused) * 100 < tally.files, tally.refused
    assert tally.fixes > fixes


def test_fixes_do_no_harm_in_a_sample() -> None:
    paths = [path for path in files() if 2_000 < path.stat().st_size < 20_000]
    check_tally(try_files(random.Random(3).sample(paths, 40), seed=3, most=6), fixes=100)


@pytest.mark.trees
def test_fixes_do_no_harm() -> None:
    paths = [path for path in files() if 2_000 < path.stat().st_size < 60_000]
    total = Tally()
    work = partial(try_files, seed=4, most=6)
    for tally in spread(work, random.Random(4).sample(paths, min(1200, len(paths)))):
        total.add(tally)
    check_tally(total, fixes=3_000)


BEFORE = "import os\n\n\ndef read(mode):\n    # why\n    return open('.autonomous_runs/x', mode)\n"
ROWS = (False, False, False, False, False, True)
GONE = "    return open(f'{settings.autonomous_runs_dir}/x', mode)\n"
IMPORT = "    from autopack.config import settings\n"
HEAD = "import os\n\n\ndef read(mode):\n"


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(f"{HEAD}{IMPORT}    # why\n{GONE}", id="before a comment"),
        pytest.param(f"{HEAD}    # why\n{IMPORT}\n{GONE}", id="behind a comment"),
        pytest.param(
            f"import os\n\n{IMPORT.strip()}\n{HEAD[9:]}    # why\n{GONE}", id="at the top"
        ),
    ],
)
def test_fix_that_does_no_harm(after: str) -> None:
    check(ROWS, BEFORE.encode(), after.encode())


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(f"{HEAD}{IMPORT}{GONE}", id="a comment is gone"),
        pytest.param(f"{HEAD}{IMPORT}    # Why\n{GONE}", id="a comment is another one"),
        pytest.param(f"{HEAD}{IMPORT}    # why\n{GONE}".replace("os", "re"), id="another line"),
        pytest.param(f"{HEAD}{IMPORT}    # why\r\n{GONE}", id="another line end"),
        pytest.param(f"{HEAD}{IMPORT}    # why\n{GONE.strip()}", id="the last line end"),
        pytest.param(f"{HEAD}{IMPORT}    # why\n{GONE[:-2]}\n", id="a bracket is gone"),
        pytest.param(f"{HEAD}    import re\n    # why\n{GONE}", id="another import"),
        pytest.param(f"{HEAD}    # why\n{GONE}    pass\n", id="another statement"),
        pytest.param(f"{HEAD}    # why\n{GONE}".replace(", mode)\n", ")\n"), id="a name is gone"),
        pytest.param(f"{HEAD}    # why\n{GONE}".replace("/x", ""), id="a text is gone"),
        pytest.param(f"{HEAD}    # why\n{GONE}".replace("open", "read"), id="another name"),
        pytest.param(
            f"{HEAD}    # why\n{GONE}".replace("return ", ""), id="another statement kind"
        ),
        pytest.param(BEFORE.replace("x'", "y'"), id="the mention is still there"),
    ],
)
def test_harm_is_noticed(after: str) -> None:
    with pytest.raises(DamageError):
        check(ROWS, BEFORE.encode(), after.encode())
