"""The walk: functions that are left asleep must not change any answer."""

from __future__ import annotations

import ast

import pytest

import pages
from flake8_runsdir.config import resolve
from flake8_runsdir.flow import index
from flake8_runsdir.flow.analysis import analyse
from flake8_runsdir.needles import Needles
from flake8_runsdir.options import Layer
from flake8_runsdir.source import Source


def test_a_lazy_walk_finds_what_a_whole_walk_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    build = index.build
    found = []
    for whole in (False, True):
        if whole:
            monkeypatch.setattr(index, "build", lambda tree, needles, _: build(tree, needles))
        flows = []
        for block in filter(lambda block: block.parses, pages.blocks()):
            config = resolve(Layer(str(block), block.options, base="."))
            source = Source.parse(block.path, "import os\n\n\n" + block.text)
            flows.append(analyse(source, config, Needles(config), comments=True))
        found.append(flows)
    lazy, eager = found
    assert len(lazy) > 400
    assert lazy == eager


def test_functions_sleep_until_their_text_is_asked_for() -> None:
    text = (
        "def first():\n    return '.autonomous_runs'\n\n\n"
        "@decorated\ndef second():\n    return helper()\n\n\n"
        "class Third:\n    def method(self):\n        return other()\n"
    )
    known = index.build(ast.parse(text), Needles(resolve()), text)
    assert len(known.mentions) == 1
    assert "helper" not in known.names
    known.demand("helper")
    assert "helper" in known.names
    assert "other" not in known.names
    known.demand("decorated")
    assert [node.id for node in known.names["decorated"]] == ["decorated"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def f():\r    return 1\r", id="lines that end as they did on old Macs"),
        pytest.param("def f():\n    return '\\x2eautonomous_runs'\n", id="a name behind an escape"),
        pytest.param("def f():\n    return '.autonomous' '_runs'\n", id="a name in pieces"),
    ],
)
def test_nothing_sleeps_where_the_text_cannot_tell(text: str) -> None:
    whole = index.build(ast.parse(text), Needles(resolve()))
    known = index.build(ast.parse(text), Needles(resolve()), text)
    assert len(known.parents) == len(whole.parents)


def test_many_questions_wake_everything() -> None:
    functions = "\n".join(f"def f{n}():\n    return helper{n}()\n" for n in range(300))
    text = f"x = '.autonomous_runs'\n{functions}"
    known = index.build(ast.parse(text), Needles(resolve()), text)
    for n in range(201):
        known.demand(f"nothing{n}")
    assert "helper299" in known.names


def test_a_name_that_stands_everywhere_wakes_everything() -> None:
    text = "x = '.autonomous_runs'\n" + "y = name\n" * 1100 + "def f():\n    return last()\n"
    known = index.build(ast.parse(text), Needles(resolve()), text)
    assert "last" not in known.names
    known.demand("name")
    assert "last" in known.names
