"""Values on their way: states, the edges between them, and what is known of each in the end.

A *state* says: this expression now carries the value.  An edge says where the value goes next; a
*mark* says what becomes of it at a place.  Marks are bits, so that what becomes of a value in the
end is the union of the marks of all states that it reaches, cycles included.
"""

from __future__ import annotations

import ast
from collections import deque
from typing import Callable, NamedTuple, Union

from flake8_runsdir.paths import Below, Wording

# Roles, as sure as what was seen.
PATH = 1 << 0
MATCH = 1 << 1
TEXT = 1 << 2
DATA = 1 << 3
DEFINITION = 1 << 4
# The flow ended without an answer: for the value alone, in a flat container, in a nested payload.
LONE_END = 1 << 5
FLAT_END = 1 << 6
PAYLOAD_END = 1 << 7
# What the names that it met on its way suggest.
HINT_PATH = 1 << 8
HINT_MATCH = 1 << 9
HINT_TEXT = 1 << 10
HINT_COMMAND = 1 << 11
HINT_NAME = 1 << 12
# What is done to what the path names.  ``MOVE`` may as well be done to a directory, ``JOINED`` says
# that something was looked for in it, and ``STORED`` that other code could find the value.
READ = 1 << 13
WRITE = 1 << 14
MOVE = 1 << 15
DIRECTORY = 1 << 16
JOINED = 1 << 17
LEAVES = 1 << 18
STORED = 1 << 19
# It is put behind another directory as text, so that it could not be an absolute path.
BEHIND = 1 << 20

ENDS = LONE_END | FLAT_END | PAYLOAD_END
ROLES = (1 << 13) - 1 | BEHIND
ALL = (1 << 21) - 1


class Key(NamedTuple):
    """The value stands in a dictionary under a key; ``None`` where the key is not known."""

    name: str | None


class Step:
    """One of the ways in which a value can be part of another; each is itself and nothing else."""

    def __init__(self, name: str) -> None:
        self.name = name


#: The value is some element; is a key of a dictionary; is what calling the value returns.
ELEMENT = Step("element")
DICT_KEY = Step("key")
CALL = Step("call")

#: How the value is part of what the expression yields, outermost first; an ``int`` is an index.
Shape = tuple[Union[int, Key, Step], ...]

#: The calls through which a value entered the functions that it is in, innermost first.
Calls = tuple[ast.Call, ...]


class State(NamedTuple):
    """An expression carries the value.

    ``below`` is what stands below the runs directory (see :mod:`flake8_runsdir.paths`); ``wording``
    says whether the value is embedded in words.
    """

    node: ast.AST
    shape: Shape = ()
    below: Below = None
    wording: Wording = Wording.NONE
    calls: Calls = ()


#: How many moves there may be for each state that is allowed.
_MOST_MOVES = 5
#: Values that are nested deeper than this in one another are not followed.
_DEEPEST = 6


class Graph:
    """The states reached from the origins, explored breadth first, each once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._moves = 0
        self._numbers: dict[State, int] = {}
        self._marks: list[int] = []
        self._before: list[list[tuple[int, int]]] = []
        self._pending: deque[State] = deque()

    def add(self, state: State, explored: bool = True) -> int:
        """Return the number of a state; a new one will be explored, unless told otherwise."""
        number = self._numbers.get(state)
        if number is None:
            number = self._numbers[state] = len(self._marks)
            self._marks.append(0)
            self._before.append([])
            if number >= self._limit:
                self._marks[number] = LONE_END | LEAVES
            elif len(state.shape) > _DEEPEST:
                self._marks[number] = PAYLOAD_END
            elif explored:
                self._pending.append(state)
        return number

    def move(self, state: State, to: State, derived: bool = False) -> None:
        """Let the value go on, or another path that is derived from it.

        What becomes of it there counts here too; where it has become another path, only its role.
        """
        self._moves += 1
        if self._moves > _MOST_MOVES * self._limit:
            return self.mark(state, LONE_END | LEAVES)
        passing = ALL if state.below == to.below and not derived else ROLES
        return self._before[self.add(to)].append((self._numbers[state], passing))

    def wrap(self, state: State, to: State) -> State:
        """Let the value be seen as another state of the same place, which is not explored."""
        passing = ALL if state.below == to.below else ROLES
        self._before[self.add(to, explored=False)].append((self._numbers[state], passing))
        return to

    def mark(self, state: State, bits: int) -> None:
        """Record what becomes of the value at a state."""
        self._marks[self._numbers[state]] |= bits

    def explore(self, step: Callable[[State], None]) -> None:
        """Call ``step`` for every state once, including those that it adds."""
        while self._pending:
            step(self._pending.popleft())

    def settle(self) -> None:
        """Carry all marks back along the edges, until every state knows what lies ahead of it."""
        pending = [number for number, marks in enumerate(self._marks) if marks]
        while pending:
            number = pending.pop()
            marks = self._marks[number]
            for before, passing in self._before[number]:
                if marks & passing & ~self._marks[before]:
                    self._marks[before] |= marks & passing
                    pending.append(before)

    def marks(self, state: State) -> int:
        """Return what is known of a state."""
        return self._marks[self._numbers[state]]
