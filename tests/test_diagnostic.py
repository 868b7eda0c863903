"""Places in a text: the offsets agree with those of ``ast``, whatever the lines end with."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_runsdir.diagnostic import Diagnostic, LineIndex, Span

QUICK = settings(max_examples=200, deadline=None, derandomize=True, database=None)
#: What takes one, two, three and four bytes; what ``str.splitlines`` splits at, and Python not.
PIECE = st.sampled_from(["a", "é", "日", "😀", "\u2028", "\x85", "\x0b", "\x1c", " "])
END = st.sampled_from(["\n", "\r\n", "\r", "\n\r"])
TEXT = st.lists(st.one_of(PIECE, END), max_size=30).map("".join)


@QUICK
@given(TEXT)
def test_every_offset_comes_back(text: str) -> None:
    index = LineIndex(text)
    lines = re.split("\r\n|\r|\n", text)
    assert len(index) == len(lines)
    spans = (index.line(row) for row in range(1, len(lines) + 1))
    assert [text[span.start : span.end] for span in spans] == lines
    for offset in range(len(text) + 1):
        row, column = index.place(offset)
        start = index.line_start(row)
        assert start + column == offset
        size = len(text[start:offset].encode("utf-8"))
        assert index.offset(row, size) == offset


@QUICK
@given(st.lists(st.tuples(st.text(PIECE, max_size=4), END)))
def test_offsets_are_those_of_ast(lines: list[tuple[str, str]]) -> None:
    text = "".join(f"x = ('{body}', 'y');\x0cz = 'ü{body}'{end}" for body, end in lines)
    index = LineIndex(text)
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    assert len(found) == 3 * len(lines)
    for node in found:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = index.offset(node.lineno, node.col_offset)
        end = index.offset(node.end_lineno, node.end_col_offset)
        assert text[start + 1 : end - 1] == node.value


@pytest.mark.parametrize(
    ("text", "row", "column", "expected"),
    [
        pytest.param("", 1, 0, 0, id="empty text"),
        pytest.param("ab\ncd", 2, 1, 4, id="second line"),
        pytest.param("é=1", 1, 2, 1, id="behind two bytes"),
        pytest.param("é=1", 1, 1, 0, id="inside a character"),
        pytest.param("ab", 1, 99, 2, id="behind the end"),
        pytest.param("ab\ncd", 1, 99, 5, id="behind the end of an ASCII line"),
        pytest.param("é\ncd", 1, 99, 2, id="behind the end of another line"),
        pytest.param("ab\n", 9, 0, 3, id="behind the last line"),
    ],
)
def test_offset(text: str, row: int, column: int, expected: int) -> None:
    assert LineIndex(text).offset(row, column) == expected


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        pytest.param("a\nb\n", [0, 2, 4], id="LF"),
        pytest.param("a\r\nb", [0, 3], id="CRLF is one end"),
        pytest.param("a\rb", [0, 2], id="CR"),
        pytest.param("a\n\rb", [0, 2, 3], id="LF CR are two"),
        pytest.param("a\x0cb\x0b\x1cc\x85\u2028\u2029d", [0], id="no other end"),
    ],
)
def test_line_starts(text: str, starts: list[int]) -> None:
    index = LineIndex(text)
    assert [index.line_start(row) for row in range(1, len(index) + 1)] == starts


def test_diagnostics_are_sorted_by_place_and_code() -> None:
    found = [
        Diagnostic(Span(5, 6), "RUN001", "b"),
        Diagnostic(Span(0, 9), "RUN003", "a"),
        Diagnostic(Span(0, 9), "RUN002", "c"),
        Diagnostic(Span(0, 3), "RUN101", "d"),
    ]
    assert [diagnostic.message for diagnostic in sorted(found)] == ["d", "c", "a", "b"]
