"""The history of a project as the lines of a plot, in the units of an SVG picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from flake8_runsdir.audit.inventory import MUST_FIX, HistoryPoint, Status

WIDTH, HEIGHT = 800, 240
#: What is left around the lines for labels.
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 28
#: How many horizontal lines there are at most, and up to how many points each is a dot.
_MOST_TICKS = 6
_MOST_DOTS = 60


class Tick(NamedTuple):
    """A value on an axis, and where it stands."""

    label: str
    at: str


class Dot(NamedTuple):
    """One point of a line, and what it says."""

    x: str
    y: str
    label: str


class Line(NamedTuple):
    """One line of the plot: its title, its class, its points as SVG has them, and its dots.

    ``area`` are the points of what lies below the line.
    """

    title: str
    css: str
    points: str
    area: str
    dots: tuple[Dot, ...]


class Plot(NamedTuple):
    """A plot: its lines, the values at its left and the dates below it."""

    lines: tuple[Line, ...]
    values: tuple[Tick, ...]
    dates: tuple[Tick, ...]


#: What counts the places of a line in one point of the history.
_Count = Callable[[HistoryPoint], int]


def plot(history: Sequence[HistoryPoint]) -> Plot | None:
    """Return the plot of a history; ``None`` if there are not two points to draw a line between."""
    if len(history) < 2:
        return None
    counts: list[tuple[str, str, _Count]] = [
        ("Must be fixed", "wrong", _wrong),
        ("Already right", "right", lambda point: point.counts.get(Status.FIXED, 0)),
    ]
    highest = max(count(point) for _, _, count in counts for point in history)
    step = _step(highest)
    top = max(step, -(-highest // step) * step)
    moments = _moments(history)
    lines = tuple(
        _line(title, css, history, moments, [count(point) / top for point in history], count)
        for title, css, count in counts
    )
    values = tuple(Tick(str(value), _y(value / top)) for value in range(0, top + 1, step))
    ends = (0, len(history) - 1)
    dates = tuple(Tick(history[end].date, _x(moments[end])) for end in ends)
    return Plot(lines, values, dates)


def _wrong(point: HistoryPoint) -> int:
    return sum(point.counts.get(status, 0) for status in MUST_FIX)


def _line(
    title: str,
    css: str,
    history: Sequence[HistoryPoint],
    moments: Sequence[float],
    heights: Sequence[float],
    count: _Count,
) -> Line:
    places = [(_x(moment), _y(height)) for moment, height in zip(moments, heights)]
    points = " ".join(f"{x},{y}" for x, y in places)
    area = f"{_x(moments[0])},{_y(0)} {points} {_x(moments[-1])},{_y(0)}"
    dots: tuple[Dot, ...] = ()
    if len(history) <= _MOST_DOTS:
        labels = (f"{point.date}, {point.commit[:12]}: {count(point)}" for point in history)
        dots = tuple(Dot(x, y, label) for (x, y), label in zip(places, labels))
    return Line(title, css, points, area, dots)


def _moments(history: Sequence[HistoryPoint]) -> list[float]:
    """Return when each point was, from 0 to 1: by the dates, or evenly where those do not do."""
    last = len(history) - 1
    evenly = [index / last for index in range(last + 1)]
    try:
        days = [date.fromisoformat(point.date).toordinal() for point in history]
    except ValueError:
        return evenly
    span = days[-1] - days[0]
    if span <= 0 or days != sorted(days):
        return evenly
    return [(day - days[0]) / span for day in days]


def _step(highest: int) -> int:
    """Return the distance of the values at the left: 1, 2 or 5, times a power of ten."""
    step = 1
    while highest / step >= _MOST_TICKS:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step


def _x(moment: float) -> str:
    return f"{LEFT + moment * (WIDTH - LEFT - RIGHT):.1f}"


def _y(height: float) -> str:
    return f"{TOP + (1 - height) * (HEIGHT - TOP - BOTTOM):.1f}"
