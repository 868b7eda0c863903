"""The graph of values: what becomes of a value in the end, and where the work is cut off."""

from __future__ import annotations

import ast

from flake8_runsdir.flow import graph
from flake8_runsdir.flow.graph import ELEMENT, Graph, Key, State


def states(number: int) -> list[State]:
    """Return different states."""
    return [State(ast.Name(id=f"n{n}", ctx=ast.Load()), below="/a") for n in range(number)]


def test_marks_are_carried_back_through_cycles() -> None:
    first, second, third = states(3)
    known = Graph(limit=10)
    known.add(first)

    def step(state: State) -> None:
        if state == first:
            known.move(state, second)
        elif state == second:
            known.move(state, first)
            known.move(state, third)
        else:
            known.mark(state, graph.WRITE)

    known.explore(step)
    known.settle()
    assert known.marks(first) == known.marks(second) == graph.WRITE


def test_of_another_path_only_the_role_counts() -> None:
    first, second = states(2)
    known = Graph(limit=10)
    known.add(first)
    known.move(first, second._replace(below="/a/b"))
    known.mark(second._replace(below="/a/b"), graph.WRITE | graph.PATH)
    known.settle()
    assert known.marks(first) == graph.PATH


def test_states_beyond_the_limit_count_as_used_in_a_way_not_seen() -> None:
    first, second = states(2)
    known = Graph(limit=1)
    known.add(first)
    known.move(first, second)
    known.explore(lambda _: None)
    known.settle()
    assert known.marks(first) & graph.LONE_END
    assert known.marks(first) & graph.LEAVES


def test_a_key_is_no_step_and_no_index() -> None:
    steps: list[object] = [ELEMENT, 0, ("element",)]
    assert Key("element") not in steps[:2]
    assert ELEMENT not in steps[1:]


def test_deep_nesting_is_a_payload() -> None:
    (first,) = states(1)
    known = Graph(limit=10)
    known.add(first)
    known.move(first, first._replace(shape=(ELEMENT,) * 10))
    known.settle()
    assert known.marks(first) == graph.PAYLOAD_END
