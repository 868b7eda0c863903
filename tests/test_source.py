"""A source and its comments, against ``tokenize``."""

from __future__ import annotations

import ast
import io
import sysconfig
import tokenize
from pathlib import Path

import pytest

from flake8_runsdir.source import Source

STDLIB = sorted(
    path
    for path in Path(sysconfig.get_path("stdlib")).rglob("*.py")
    if "site-packages" not in path.parts
)
#: One long line takes some versions of ``tokenize`` minutes.
LARGEST = 100_000


def source(text: str) -> Source:
    """Return a source whose tree is of no importance."""
    return Source("a.py", text, ast.Module(body=[], type_ignores=[]))


def comments(text: str) -> list[str]:
    """Return the comments of a text, each checked to stand where it says."""
    found = source(text).comments
    for comment in found:
        assert text[comment.span.start : comment.span.end] == comment.text
    return [comment.text for comment in found]


def tokenized(text: str) -> list[tuple[str, tuple[int, int]]]:
    """Return the comments that ``tokenize`` finds, with row and column."""
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    return [(token.string, token.start) for token in tokens if token.type == tokenize.COMMENT]


def compare(paths: list[Path]) -> int:
    """Compare the comments of files; return how many files could be compared."""
    compared = 0
    for path in paths:
        data = path.read_bytes()
        if len(data) > LARGEST:
            continue
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            text = data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
            expected = tokenized(text)
            ast.parse(text)
        except (SyntaxError, ValueError, LookupError, tokenize.TokenError, RecursionError):
            continue
        found = source(text)
        places = [
            (comment.text, found.lines.place(comment.span.start)) for comment in found.comments
        ]
        assert places == expected, path
        compared += 1
    return compared


def test_comments_are_those_of_tokenize() -> None:
    sample = STDLIB[:: max(1, len(STDLIB) // 60)]
    assert compare(sample) > 40


@pytest.mark.trees
def test_all_comments_are_those_of_tokenize() -> None:
    assert compare(STDLIB) > 1000


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
