"""Work spread over processes that may die."""

from __future__ import annotations

import os
import signal
from typing import Callable

import pytest

from flake8_runsdir import pool

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")

Announce = Callable[[], None]


def outcomes(count: int, work: pool.Work, jobs: int = 2) -> dict[int, pool.Outcome]:
    """Return the outcomes by number, each of which must have come once."""
    found = list(pool.spread(count, work, jobs))
    assert len({outcome.number for outcome in found}) == len(found)
    return {outcome.number: outcome for outcome in found}


def descriptors() -> int:
    """Return how many descriptors this process has open."""
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 5_000, 300_000])
def test_every_item_is_worked_on_once(count: int, jobs: int) -> None:
    before = descriptors()
    told: list[int] = []
    found = pool.spread(count, lambda n, _: n if n % 31 == 0 else None, jobs, told.append)
    assert sorted(outcome.number for outcome in found) == list(range(0, count, 31))
    assert sum(told) == count
    assert descriptors() == before


def test_values_are_any_json() -> None:
    value = ["é\ud800\n", {"a": [1, None, "x" * 200_000]}]
    assert outcomes(3, lambda n, _: [n, value])[2].value == [2, value]


@pytest.mark.parametrize(
    ("death", "manner"),
    [
        pytest.param(lambda: os.kill(os.getpid(), signal.SIGALRM), "signal 14", id="a crash"),
        pytest.param(lambda: os.kill(os.getpid(), signal.SIGKILL), "signal 9", id="out of memory"),
        pytest.param(lambda: os._exit(3), "exit code 3", id="an exit"),
        pytest.param(lambda: 1 // 0, "exit code 1", id="an exception"),
    ],
)
def test_death_costs_one_item(death: Callable[[], object], manner: str) -> None:
    def work(number: int, announce: Announce) -> object:
        announce()
        if number % 100 == 7:
            death()
        return number

    found = outcomes(1_000, work)
    assert sorted(found) == list(range(1_000))
    died = {number: outcome.died for number, outcome in found.items() if outcome.died}
    assert died == dict.fromkeys(range(7, 1_000, 100), manner)


def test_all_may_die() -> None:
    def work(_: int, announce: Announce) -> object:
        announce()
        os._exit(1)

    found = outcomes(200, work, jobs=3)
    assert len(found) == 200
    assert all(outcome.died for outcome in found.values())


def test_death_without_notice_is_not_silent() -> None:
    found = outcomes(100, lambda number, _: os._exit(1) if number == 70 else None)
    assert found[70].died


def test_alone() -> None:
    assert pool.alone(lambda number, _: [number, "x"]) == pool.Outcome(0, [0, "x"])
    assert pool.alone(lambda _, __: os._exit(9)).died == "exit code 9"


def test_leaving_early_ends_the_processes() -> None:
    before = descriptors()
    found = pool.spread(100_000, lambda number, _: number, jobs=3)
    next(found)
    found.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert descriptors() == before
