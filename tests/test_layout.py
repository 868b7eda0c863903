"""The scanner: it sees the lines and blocks that ``tokenize`` sees, and hostile texts as well."""

from __future__ import annotations

import ast
import io
import sys
import sysconfig
import tokenize
from pathlib import Path

import pytest

from flake8_runsdir import layout
from flake8_runsdir.diagnostic import LineIndex

STDLIB = sorted(
    path
    for path in Path(sysconfig.get_path("stdlib")).rglob("*.py")
    if "site-packages" not in path.parts
)
#: One long line takes some versions of ``tokenize`` minutes.
LARGEST = 100_000


def scanned(text: str) -> dict[str, list[object]]:
    """Return what the scanner says of a text, in the terms of ``tokenize``."""
    found, place = layout.read(text), LineIndex(text).place
    return {
        "COMMENT": [(text[start:end], place(start)) for start, end in found.comments],
        "NEWLINE": [place(offset) for offset in found.logical_ends],
        "INDENT": [step.indentation for step in found.steps if step.indentation],
        "DEDENT": [place(step.offset)[0] for step in found.steps if not step.indentation],
    }


def tokenized(text: str) -> dict[str, list[object]]:
    """Return what ``tokenize`` says of a text."""
    tokens = list(tokenize.generate_tokens(io.StringIO(text, newline="").readline))
    return {
        "COMMENT": [(one.string, one.start) for one in tokens if one.type == tokenize.COMMENT],
        "NEWLINE": [one.start for one in tokens if one.type == tokenize.NEWLINE],
        "INDENT": [one.string for one in tokens if one.type == tokenize.INDENT],
        "DEDENT": [one.start[0] for one in tokens if one.type == tokenize.DEDENT],
    }


def compare(paths: list[Path]) -> int:
    """Compare the layouts of files; return how many files could be compared."""
    compared = 0
    for path in paths:
        data = path.read_bytes()
        if len(data) > LARGEST or not data.endswith(b"\n"):
            continue
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            text = data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
            expected = tokenized(text)
            ast.parse(text)
        except (SyntaxError, ValueError, LookupError, tokenize.TokenError, RecursionError):
            continue
        assert scanned(text) == expected, path
        compared += 1
    return compared


def test_layout_is_that_of_tokenize() -> None:
    sample = STDLIB[:: max(1, len(STDLIB) // 60)]
    assert compare(sample) > 40


@pytest.mark.trees
def test_all_layouts_are_those_of_tokenize() -> None:
    assert compare(STDLIB) > 1000


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        pytest.param("f'{x[\"#\"]}'  # a", ["# a"], id="another quote in a field"),
        pytest.param("f'{x['#']}'  # a", ["# a"], id="the same quote in a field"),
        pytest.param("f'{f'{f'#'}'}'  # a", ["# a"], id="nested"),
        pytest.param("f'{x:#>{n}}'  # a", ["# a"], id="a hash in a format"),
        pytest.param("f'{x:{'#'}#}#'  # a", ["# a"], id="a string in a format"),
        pytest.param("f'{{#}} {x!r:#}'  # a", ["# a"], id="doubled braces"),
        pytest.param("f'{ {1: '#'}[1] }'  # a", ["# a"], id="a colon in braces in a field"),
        pytest.param("f'{(lambda x: '#')}'  # a", ["# a"], id="a colon in brackets in a field"),
        pytest.param("f'\\N{NUMBER SIGN}#{x}'  # a", ["# a"], id="a named character"),
        pytest.param("rf'\\N{x}{'#'}'  # a", ["# a"], id="no named character in a raw string"),
        pytest.param("rf'\\{x}\\'#'  # a", ["# a"], id="a backslash before a field"),
        pytest.param("f'\\'#{x}'  # a", ["# a"], id="an escaped quote"),
        pytest.param("f'''{\nx # a\n}#'''  # b", ["# a", "# b"], id="a comment in a field"),
        pytest.param("f'''{x:\n#}#'''  # a", ["# a"], id="a line end in a format"),
        pytest.param("f'''\"#\" '#' '''  # a", ["# a"], id="quotes in a long f-string"),
        pytest.param("T'{x}#' tr'#' Rt'#'  # a", ["# a"], id="template strings"),
        pytest.param("(x)if'#'else(y)or'#'  # a", ["# a"], id="keywords are no prefixes"),
        pytest.param("b'#' Rb'#\\'' u'#' bR'#'  # a", ["# a"], id="other prefixes"),
        pytest.param("x = y \\\n# a\n", ["# a"], id="behind a continuation"),
    ],
)
def test_comments(text: str, comments: list[str]) -> None:
    found = layout.read(text).comments
    assert [text[start:end] for start, end in found] == comments


@pytest.mark.skipif(sys.version_info < (3, 12), reason="tokenize knows no such f-strings")
@pytest.mark.parametrize("text", ["f'{x['#']}'  # a\n", "f'''{\nx # a\n}'''  # b\n"])
def test_f_strings_are_those_of_tokenize(text: str) -> None:
    assert scanned(text) == tokenized(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x = 'a'", [], id="a short string"),
        pytest.param("x = '''a'''", [], id="a long string on one row"),
        pytest.param("x = '''a\n\nb'''\n", [("'''a\n\nb'''", True)], id="a long string"),
        pytest.param("x = 'a\\\nb'", [("'a\\\nb'", False)], id="a string that goes on"),
        pytest.param("x = 'a\\\r\nb'", [("'a\\\r\nb'", False)], id="a string that goes on, CRLF"),
        pytest.param("x = f'a\\\nb'", [("f'a\\\nb'", True)], id="an f-string that goes on"),
        pytest.param("# '''\n# '''", [], id="quotes in comments"),
        pytest.param("'''\r\n''' '''\r'''", [("'''\r\n'''", True), ("'''\r'''", True)], id="CR"),
        pytest.param(
            "f'''{'''\n'''}'''", [("f'''{'''\n'''}'''", True)], id="only the outermost counts"
        ),
    ],
)
def test_long_strings(text: str, expected: list[tuple[str, bool]]) -> None:
    found = layout.read(text).long_strings
    assert [(text[one.start : one.end], one.is_open) for one in found] == expected


@pytest.mark.parametrize(
    ("text", "inside", "before_step"),
    [
        pytest.param("x = 1\n|\ny = 2", False, False, id="between lines"),
        pytest.param("x = [\n|\n]", True, False, id="in brackets"),
        pytest.param("x = y \\\n|\n", True, False, id="behind a continuation"),
        pytest.param("if x:\n|\n    y", False, True, id="before a block"),
        pytest.param("if x:\n    y\n|\n", False, True, id="at the end of the last block"),
        pytest.param("if x:\n    y\n|\nz", False, True, id="at the end of a block"),
        pytest.param("if x:\n    y\n|\n    z", False, False, id="in a block"),
        pytest.param("if x:\n    y = [\n|\n    ]", True, False, id="in brackets at the end"),
        pytest.param("if x:\n\ty\n|\n        z", False, False, id="a tab is eight columns"),
        pytest.param("if x:\n\x0c  y\n|\n  z", False, False, id="a form feed is none"),
    ],
)
def test_places(text: str, inside: bool, before_step: bool) -> None:
    offset = text.index("|")
    found = layout.read(text.replace("|", " "))
    assert found.is_inside(offset) is inside
    assert found.is_before_step(offset) is before_step


PIECES = [
    *(" ", "#", "'", '"', "\\", "'''", '"""', '""', "a'", "'''\\", "# '\n", '"""\\"', "\r", "\\'"),
    *("f'{", "f'{x:", "f'''{\n", "\\N{", "f'\\N{", "(", ")", "}", "('')", "\\\n'", "{'", "''f"),
    *("f'{x:{", "\f\n x", "x\n ", ":", "{:", "f'''", "\\"),
]


@pytest.mark.parametrize("before", ["", "f'", "f'''{", "f'{x:", "'", "rf'"])
@pytest.mark.parametrize("piece", PIECES)
def test_hostile_texts(piece: str, before: str) -> None:
    text = before + piece * (30_000 // len(piece))
    found = layout.read(text)
    assert all(text[start] == "#" for start, _ in found.comments)
    for offsets in (found.line_ends, found.logical_starts, found.continuations):
        assert offsets == sorted(offsets)
        assert all(0 <= offset <= len(text) for offset in offsets)
