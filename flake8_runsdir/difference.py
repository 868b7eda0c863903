r"""What differs between two texts, as a unified diff that ``git apply`` and ``patch`` take.

Rows end at ``\n`` and nowhere else, as for those programs.  The texts should have most of their
rows in common, and in the same order, as the text of a file has before and after some fixes; then
the time that it takes grows with their length and no faster.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

#: How many rows stand around a change.
_CONTEXT = 3
#: How often rows are compared again between those that stay.
_ROUNDS = 4
_UNFINISHED = "\n\\ No newline at end of file\n"


class Change(NamedTuple):
    """Rows of the old text that give way to rows of the new one; 0-based, ends are exclusive."""

    start: int
    end: int
    new_start: int
    new_end: int


def unified(old: str, new: str) -> str:
    """Return the hunks of the difference as a unified diff; none for texts that are equal."""
    old_rows, new_rows = _rows(old), _rows(new)
    return "".join(
        piece
        for hunk in _hunks(changes(old_rows, new_rows))
        for piece in _hunk(hunk, old_rows, new_rows)
    )


def heading(name: str, is_prefixed: bool) -> str:
    """Return what stands before the hunks of a file.

    ``is_prefixed`` puts ``a/`` and ``b/`` before its name, as git does, which ``git apply`` takes
    off again.
    """
    old, new = (f"a/{name}", f"b/{name}") if is_prefixed else (name, name)
    return f"--- {_written(old)}\n+++ {_written(new)}\n"


def changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Yield what makes one list of rows the other, in order and with rows between them."""
    return _changes(Change(0, len(old), 0, len(new)), old, new, _ROUNDS)


def _changes(
    change: Change, old: Sequence[str], new: Sequence[str], rounds: int
) -> Iterator[Change]:
    """Yield what has to be changed in some rows; between two that stay, others can be told."""
    row, end, new_row, new_end = change = _trimmed(change, old, new)
    common = _common(old[row:end], new[new_row:new_end]) if rounds else []
    if common:
        start, new_start = row, new_row
        for same, new_same in (*common, (end - start, new_end - new_start)):
            gap = Change(row, start + same, new_row, new_start + new_same)
            yield from _changes(gap, old, new, rounds - 1)
            row, new_row = gap.end + 1, gap.new_end + 1
    elif row < end or new_row < new_end:
        yield change


def _rows(text: str) -> list[str]:
    *rows, last = text.split("\n")
    return [*(f"{row}\n" for row in rows), *filter(None, [last])]


def _common(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return rows that stay, in order: as many as can be told apart from all others.

    Equal rows of which there are as many in both texts are taken for each other in their order.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    new_places: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(old):
        places[row].append(number)
    for number, row in enumerate(new):
        new_places[row].append(number)
    pairs: list[tuple[int, int]] = []
    for row, numbers in places.items():
        if len(numbers) == len(new_places[row]):
            pairs.extend(zip(numbers, new_places[row]))
    return _longest_rise(sorted(pairs))


def _longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return as many pairs as there can be whose second numbers rise as their first ones do."""
    #: The least number that a rise of each length can end with, the pair that it belongs to, and
    #: for every pair the one before it in its rise.
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, number) in enumerate(pairs):
        length = bisect_left(ends, number)
        ends[length : length + 1] = [number]
        last[length : length + 1] = [index]
        before.append(last[length - 1] if length else -1)
    found = []
    index = last[-1] if last else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _trimmed(change: Change, old: Sequence[str], new: Sequence[str]) -> Change:
    """Return a change without the rows at its ends that stay as they are."""
    start, end, new_start, new_end = change
    heads = zip(range(start, end), range(new_start, new_end))
    same = sum(1 for _ in takewhile(lambda pair: old[pair[0]] == new[pair[1]], heads))
    start, new_start = start + same, new_start + same
    tails = zip(range(end - 1, start - 1, -1), range(new_end - 1, new_start - 1, -1))
    same = sum(1 for _ in takewhile(lambda pair: old[pair[0]] == new[pair[1]], tails))
    return Change(start, end - same, new_start, new_end - same)


def _hunks(changes: Iterator[Change]) -> Iterator[list[Change]]:
    """Yield the changes that are so near to each other that their surroundings meet."""
    hunk: list[Change] = []
    for change in changes:
        if hunk and change.start - hunk[-1].end > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(change)
    if hunk:
        yield hunk


def _hunk(hunk: Sequence[Change], old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    first, last = hunk[0], hunk[-1]
    before = min(_CONTEXT, first.start)
    behind = min(_CONTEXT, len(old) - last.end)
    removed = _range(first.start - before, last.end + behind)
    added = _range(first.new_start - before, last.new_end + behind)
    yield f"@@ -{removed} +{added} @@\n"
    row = first.start - before
    for change in hunk:
        yield from _signed(" ", old[row : change.start])
        yield from _signed("-", old[change.start : change.end])
        yield from _signed("+", new[change.new_start : change.new_end])
        row = change.end
    yield from _signed(" ", old[row : row + behind])


def _range(start: int, end: int) -> str:
    """Return rows as a hunk names them: the first, 1-based, and how many."""
    if end - start == 1:
        return f"{end}"
    return f"{start + 1 if start < end else start},{end - start}"


def _signed(sign: str, rows: Sequence[str]) -> Iterator[str]:
    for row in rows:
        yield sign + (row if row.endswith("\n") else row + _UNFINISHED)


def _written(name: str) -> str:
    """Return the name of a file as it stands in a diff, where ``patch`` needs help, as by git."""
    if name.startswith(('"', " ")) or any(map(_is_control, name)):
        return f'"{"".join(map(_escaped, name))}"'
    return f"{name}\t" if " " in name else name


def _is_control(character: str) -> bool:
    return character < " " or character == "\x7f"


def _escaped(character: str) -> str:
    if _is_control(character):
        return f"\\{ord(character):03o}"
    return f"\\{character}" if character in '"\\' else character
