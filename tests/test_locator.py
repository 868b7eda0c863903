"""Where diagnostics and their fixes stand, in rows and columns, and what is quoted of them."""

from __future__ import annotations

import json

import pytest

from flake8_runsdir import report
from flake8_runsdir.diagnostic import Applicability, Diagnostic, Edit, Fix, Remedy, Span
from flake8_runsdir.locator import Locator
from flake8_runsdir.notebook import Notebook
from flake8_runsdir.report import Excerpt

TEXT = "".join(f"line {row}\n" for row in range(1, 10))
LONG = "0123456789" * 100


def fix(text: str, *edits: tuple[int, int]) -> report.Fix:
    """Return how a fix is located that replaces some stretches by an ``x``."""
    made = tuple(Edit(Span(start, end), "x") for start, end in edits)
    remedy = Remedy(Fix(Applicability.UNSAFE, "Do it", made))
    found = Locator("/a.py", text).locate(Diagnostic(Span(0, 0), "RUN001", "", remedy)).fix
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        pytest.param("ab\ncd\n", (4, 5), (2, 2, 2, 3), id="in a row"),
        pytest.param("ab\ncd\n", (3, 3), (2, 1, 2, 1), id="an insertion"),
        pytest.param("ab\ncd\n", (0, 3), (1, 1, 2, 1), id="a whole row"),
        pytest.param("ab\ncd\n", (6, 6), (3, 1, 3, 1), id="at the end"),
        pytest.param("ab\r\n\rcd", (1, 5), (1, 2, 3, 1), id="other line ends"),
        pytest.param("é日🎉\nx", (2, 4), (1, 3, 2, 1), id="wide characters"),
        pytest.param("a\u2028b\x0cc\n", (2, 5), (1, 3, 1, 6), id="what ends no row"),
    ],
)
def test_edit(text: str, edit: tuple[int, int], expected: tuple[int, int, int, int]) -> None:
    found = fix(text, edit)
    assert found.edits == (report.Edit("x", *expected),)
    assert (found.applicability, found.message) == ("unsafe", "Do it")


@pytest.mark.parametrize(
    ("rows", "quoted"),
    [
        pytest.param([(1, 1)], ["1-2"], id="first"),
        pytest.param([(5, 5)], ["4-6"], id="in the middle"),
        pytest.param([(9, 9)], ["8-9"], id="last: what follows is no row"),
        pytest.param([(10, 10)], ["9-9"], id="behind the last one"),
        pytest.param([(4, 6)], ["3-7"], id="several rows"),
        pytest.param([(2, 2), (8, 8)], ["1-3", "7-9"], id="far from each other"),
        pytest.param([(2, 2), (6, 6)], ["1-3", "5-7"], id="a row is left out"),
        pytest.param([(2, 2), (5, 5)], ["1-6"], id="stretches that meet"),
        pytest.param([(2, 2), (3, 3)], ["1-4"], id="neighbours"),
        pytest.param([(3, 3), (3, 3)], ["2-4"], id="one row"),
    ],
)
def test_rows_around_edits_are_quoted(rows: list[tuple[int, int]], quoted: list[str]) -> None:
    edits = [(7 * first - 7, 7 * last - 7) for first, last in rows]
    found = fix(TEXT, *edits).excerpts
    assert [f"{one.row}-{one.row + len(one.lines) - 1}" for one in found] == quoted
    lines = TEXT.split("\n")
    for excerpt in found:
        expected = lines[excerpt.row - 1 : excerpt.row - 1 + len(excerpt.lines)]
        assert excerpt == Excerpt(excerpt.row, tuple(expected))


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        pytest.param("", (0, 0), Excerpt(1, ("",)), id="no text"),
        pytest.param("ab", (2, 2), Excerpt(1, ("ab",)), id="no line end"),
        pytest.param("a\n\n", (0, 1), Excerpt(1, ("a", "")), id="a blank row is one"),
        pytest.param(LONG, (0, 1), Excerpt(1, (LONG[:400],)), id="a long line"),
        pytest.param(
            f"a\n{LONG}", (602, 602), Excerpt(1, ("", LONG[500:900]), 500), id="far to the right"
        ),
        pytest.param("a\n" * 90, (0, 170), Excerpt(1, ("a",) * 24), id="many rows"),
    ],
)
def test_quotation_is_bounded(text: str, edit: tuple[int, int], expected: Excerpt) -> None:
    assert fix(text, edit).excerpts == (expected,)


def test_quotation_shows_the_first_edit_of_a_long_line() -> None:
    (excerpt,) = fix(LONG, (700, 701), (800, 801)).excerpts
    assert excerpt == Excerpt(1, (LONG[600:],), 600)
    (excerpt,) = fix(f"{LONG}\na\n", (700, 701), (1001, 1002)).excerpts
    assert excerpt == Excerpt(1, (LONG[:400], "a"))


@pytest.mark.parametrize(
    ("remedy", "obstacle"),
    [
        pytest.param(Remedy(), "", id="nothing"),
        pytest.param(Remedy(obstacle="a reason"), "a reason", id="an obstacle"),
    ],
)
def test_no_fix(remedy: Remedy, obstacle: str) -> None:
    found = Locator("/a.py", TEXT).locate(Diagnostic(Span(0, 1), "RUN001", "", remedy))
    assert (found.fix, found.obstacle) == (None, obstacle)


@pytest.mark.parametrize(
    ("remedy", "obstacle"),
    [
        pytest.param(Remedy(), "", id="nothing"),
        pytest.param(Remedy(obstacle="a reason"), "a reason", id="an obstacle"),
        pytest.param(
            Remedy(Fix(Applicability.SAFE, "Do it", (Edit(Span(0, 1), ""),))),
            "fixes are not made in notebooks",
            id="a fix",
        ),
    ],
)
def test_notebook_has_no_fix(remedy: Remedy, obstacle: str) -> None:
    cell = {"cell_type": "code", "source": "a = 1"}
    notebook = Notebook.parse(json.dumps({"nbformat": 4, "cells": [cell, cell]}).encode())
    locator = Locator("/a.ipynb", notebook.source, notebook)
    found = locator.locate(Diagnostic(Span(6, 7), "RUN001", "", remedy))
    assert (found.cell, found.row) == (2, 1)
    assert (found.fix, found.obstacle) == (None, obstacle)
