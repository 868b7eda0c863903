"""A source, its comments and its nodes."""

from __future__ import annotations

import ast

import pytest

from flake8_runsdir.source import Source


def source(text: str) -> Source:
    """Return a source whose tree is of no importance."""
    return Source("a.py", text, ast.Module(body=[], type_ignores=[]))


def comments(text: str) -> list[str]:
    """Return the comments of a text, each checked to stand where it says."""
    found = source(text).comments
    for comment in found:
        assert text[comment.span.start : comment.span.end] == comment.text
    return [comment.text for comment in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x = 1  # a\n# b", ["# a", "# b"], id="two comments"),
        pytest.param("x = '#'  # a", ["# a"], id="a hash in a string"),
        pytest.param('x = "#\'"  # a', ["# a"], id="another quote in a string"),
        pytest.param(r"x = '\'#'  # a", ["# a"], id="an escaped quote"),
        pytest.param(r"x = r'\'#'  # a", ["# a"], id="an escaped quote in a raw string"),
        pytest.param("x = '\\\n#'  # a", ["# a"], id="a string that goes on"),
        pytest.param("x = '''\n# no\n'''  # a", ["# a"], id="a long string"),
        pytest.param("x = '''it's # no'''  # a", ["# a"], id="a quote in a long string"),
        pytest.param("x = '''''' # a", ["# a"], id="an empty long string"),
        pytest.param("x = '' # a", ["# a"], id="an empty string"),
        pytest.param("x = '' '' # a", ["# a"], id="two empty strings"),
        pytest.param(r'x = """\""" # no""" # a', ["# a"], id="an escaped quote in a long string"),
        pytest.param('x = """a""""#"', [], id="a string right behind a long one"),
        pytest.param("x = rb'#' f'#' Rb'''#'''  # a", ["# a"], id="prefixes"),
        pytest.param("x = 1  # a\r\ny = 2  # b\rz", ["# a", "# b"], id="line ends"),
        pytest.param("# a\x0c b\u2028 c", ["# a\x0c b\u2028 c"], id="what ends no line"),
        pytest.param("x = 1  # it's", ["# it's"], id="a quote in a comment"),
        pytest.param("'''# no", [], id="a long string without an end"),
        pytest.param("'# a\n# b", ["# a", "# b"], id="a string without an end"),
    ],
)
def test_comments(text: str, expected: list[str]) -> None:
    assert comments(text) == expected


def test_span_of_a_node_without_an_end() -> None:
    found = Source.parse("a.py", "é = 1; x = 2")
    node = found.tree.body[1]
    assert found.text[found.span(node).start : found.span(node).end] == "x = 2"
    node.end_lineno = None
    assert found.span(node).start == found.span(node).end == 7


@pytest.mark.parametrize("text", ["x = (", "x = '\x00'", "  x", "é = '"])
def test_broken_text_raises(text: str) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        Source.parse("a.py", text)
