"""Where Ruff's own comments speak: for a file, for a line, or from one comment to another.

``# ruff: file-ignore[...]`` speaks for a file, ``# ruff: ignore[...]`` for a line, and
``# ruff: disable[...]`` for what stands before ``# ruff: enable[...]`` or the end of its block.
All offsets are in characters and 0-based, ends are exclusive.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from flake8_runsdir.diagnostic import Diagnostic
from flake8_runsdir.directives import Code, Directive, read_pragmas
from flake8_runsdir.layout import Layout, Step
from flake8_runsdir.source import Comment, Source

_SHEBANG = re.compile(r"[ \t\f]*#!")
#: In the order in which a diagnostic is looked for in them.
_VERBS = ("file-ignore", "disable", "ignore")

_Owner = TypeVar("_Owner")


class Pragma(NamedTuple):
    """A directive that counts, and the stretch of the text that it speaks for.

    ``closing`` is the directive that ends it, where there is one.
    """

    directive: Directive
    start: int
    end: int
    closing: Directive | None = None


class Pragmas:
    """The pragmas of one source, and what they cover."""

    def __init__(self, source: Source, comments: Sequence[Comment]) -> None:
        self.all = sorted(_pragmas(source, comments), key=lambda pragma: pragma.start)
        stretches: dict[tuple[str, str], list[tuple[int, int, Code]]] = {}
        for directive, start, end, _ in self.all:
            for code in directive.codes or ():
                found = stretches.setdefault((directive.verb, code.text), [])
                found.append((start, end, code))
        self._stretches = {key: _Stretches(found) for key, found in stretches.items()}
        ignores = [pragma for pragma in self.all if pragma.directive.verb == "ignore"]
        self._ignores = _Stretches([(start, end, one) for one, start, end, _ in ignores])

    def ignore_at(self, offset: int) -> Directive | None:
        """Return the first pragma for a line that speaks for an offset."""
        return self._ignores.first(offset, offset + 1)

    def covering(self, diagnostic: Diagnostic) -> Code | None:
        """Return the first code that covers a diagnostic.

        A pragma for a line covers what begins there, the others what they hold as a whole.
        """
        start, end = diagnostic.span.start, diagnostic.span.end
        for verb in _VERBS:
            stretches = self._stretches.get((verb, diagnostic.code))
            if stretches is not None:
                code = stretches.first(start, start + 1 if verb == "ignore" else end)
                if code is not None:
                    return code
        return None


class _Stretches(Generic[_Owner]):
    """Stretches of the text that belong to something, in the order of their starts."""

    def __init__(self, stretches: list[tuple[int, int, _Owner]]) -> None:
        self._starts: list[int] = []
        #: How far a stretch or one before it reaches.
        self._reach: list[int] = []
        self._owners: list[_Owner] = []
        for start, end, owner in stretches:
            self._starts.append(start)
            self._reach.append(max(end, self._reach[-1]) if self._reach else end)
            self._owners.append(owner)

    def first(self, start: int, end: int) -> _Owner | None:
        """Return the owner of the first stretch that holds another one."""
        number = bisect_left(self._reach, end)
        found = number < len(self._starts) and self._starts[number] <= start
        return self._owners[number] if found else None


def _pragmas(source: Source, comments: Sequence[Comment]) -> Iterator[Pragma]:
    if not comments:
        return  # the layout need not be read
    layout, text = source.layout, source.text
    ranges: list[tuple[Directive, str | None]] = []
    for comment in comments:
        own = indentation(source, comment)
        for directive in read_pragmas(comment.text, comment.span.start):
            indent = own if directive.span.start == comment.span.start else None
            if directive.verb == "ignore" and indent is None:
                before = bisect_left(layout.line_ends, comment.span.start) - 1
                start = layout.line_ends[before] if before >= 0 else 0
                yield Pragma(directive, start, comment.span.end)
            elif directive.verb == "ignore":
                yield _own_line(source, directive)
            elif directive.verb == "file-ignore":
                if indent == "":
                    yield Pragma(directive, 0, len(text))
            else:
                ranges.append((directive, indent))
    if ranges:
        yield from _Ranges(layout).pair(ranges, len(text))


def indentation(source: Source, comment: Comment) -> str | None:
    """Return the white space before a comment on a line of its own; ``None`` for another one."""
    start = comment.span.start
    _, column = source.lines.place(start)
    before = source.text[start - column : start]
    return None if before.strip(" \t\f") else before


def has_shebang(source: Source) -> bool:
    """Tell whether a source begins with a ``#!`` comment."""
    return _SHEBANG.match(source.text) is not None


def _own_line(source: Source, directive: Directive) -> Pragma:
    """Return the pragma that stands before a line: a logical one, or one of a logical line."""
    layout, (start, end) = source.layout, (directive.span.start, len(source.text))
    ends = layout.full_line_ends if layout.is_inside(start) else layout.logical_ends
    number = bisect_right(ends, start)
    end = ends[number] if number < len(ends) else end
    is_second_row = source.lines.place(start)[0] == 2
    return Pragma(directive, 0 if is_second_row and has_shebang(source) else start, end)


class _Ranges:
    """Pairs the comments that open and close ranges, as Ruff does it.

    A comment belongs to the indentation that it stands at, which has to be that of its block, or
    may be any where a block begins or ends behind it.  Blocks are followed from the first such
    comment on until all are closed; what is open at the end of a block ends there.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._blocks = [""]
        self._followed = 0
        #: The open ranges by the length of the indentation, by the indentation and the codes.
        self._open: dict[int, dict[tuple[str, ...], deque[Directive]]] = {}
        self._lengths: list[int] = []
        self._found: list[Pragma] = []

    def pair(self, directives: list[tuple[Directive, str | None]], end: int) -> list[Pragma]:
        """Return the ranges of a text that ends at an offset."""
        steps = self._layout.steps
        number = 0
        for directive, indent in directives:
            while number < len(steps) and steps[number].offset <= directive.span.start:
                self._step(steps[number])
                number += 1
            self._followed = self._followed or 1
            if indent is not None:
                self._read(directive, indent)
        for step in steps[number:]:
            self._step(step)
        self._close(0, end)
        return self._found

    def _step(self, step: Step) -> None:
        if step.indentation:
            self._blocks.append(step.indentation)
            self._followed += 1 if self._followed else 0
            return
        indent = self._blocks.pop()
        if self._followed:
            self._close(len(indent), step.offset)
            self._followed = self._followed - 1 if self._open else 0

    def _read(self, directive: Directive, indent: str) -> None:
        start = directive.span.start
        if indent != self._blocks[-1] and not self._layout.is_before_step(start):
            return
        if len(indent) not in self._open:
            self._open[len(indent)] = {}
            insort(self._lengths, len(indent))
        key = (indent, *(code.text for code in directive.codes or ()))
        opened = self._open[len(indent)].setdefault(key, deque())
        if directive.verb == "disable":
            opened.append(directive)
        elif opened:
            first = opened.popleft()
            self._found.append(Pragma(first, first.span.start, directive.span.end, directive))

    def _close(self, length: int, end: int) -> None:
        """End what is open at an indentation, or a deeper one."""
        while self._lengths and self._lengths[-1] >= length:
            for opened in self._open.pop(self._lengths.pop()).values():
                self._found.extend(Pragma(one, one.span.start, end) for one in opened)
