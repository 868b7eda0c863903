"""Literals of a text that Python cannot parse."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_runsdir.config import resolve
from flake8_runsdir.diagnostic import LineIndex
from flake8_runsdir.needles import Needles
from flake8_runsdir.options import Layer
from flake8_runsdir.salvage import findings

QUICK = settings(max_examples=400, deadline=None, derandomize=True, database=None)
NEEDLES = Needles(resolve(Layer("test", {"names": (".runs", "var/runs")}, ".")))


def found(text: str) -> list[tuple[str, str]]:
    """Return the literals that are reported, as they are spelled, and the names in them."""
    return [
        (text[one.span.start : one.span.end], one.values["name"]) for one in findings(text, NEEDLES)
    ]


@pytest.mark.parametrize(
    ("text", "literals"),
    [
        pytest.param("def f(:\n  open('.runs')", ["'.runs'"], id="a literal"),
        pytest.param('f(".runs/a")(', ['".runs/a"'], id="double quotes"),
        pytest.param("f('''.runs''' \"\"\".runs\"\"\"", ["'''.runs'''", '""".runs"""'], id="long"),
        pytest.param(
            "f(r'.runs', Rb'.runs', f'.runs/{x}'",
            ["r'.runs'", "Rb'.runs'", "f'.runs/{x}'"],
            id="prefixes",
        ),
        pytest.param(
            "xr'.runs' 1r'.runs'", ["'.runs'", "'.runs'"], id="the end of a word is no prefix"
        ),
        pytest.param("'.runs''.runs'", ["'.runs'", "'.runs'"], id="side by side"),
        pytest.param(
            "'a\\'.runs/' '.runs'", ["'a\\'.runs/'", "'.runs'"], id="an escaped quote ends nothing"
        ),
        pytest.param(
            "r'.runs/\\'x' '.runs'", ["r'.runs/\\'x'", "'.runs'"], id="not even in a raw one"
        ),
        pytest.param("'x\\\\' '.runs'", ["'.runs'"], id="an escaped backslash"),
        pytest.param("'\"' '.runs' \"'\"", ["'.runs'"], id="quotes in quotes"),
        pytest.param(
            "'''a'b''' '.runs' '''''' '.runs'", ["'.runs'", "'.runs'"], id="quotes in long quotes"
        ),
        pytest.param("f('.runs/x\ng('.runs')", ["'.runs/x", "'.runs'"], id="not closed"),
        pytest.param(
            "f('.runs\r'.runs\r\n'.runs", ["'.runs", "'.runs", "'.runs"], id="all line ends"
        ),
        pytest.param("f('.runs\\", ["'.runs"], id="not closed at a backslash"),
        pytest.param('x = """.runs\nf(".runs")', ['""".runs', '".runs"'], id="long and not closed"),
        pytest.param('"""x\ny = """.runs"""', [], id="the next long one closes it"),
        pytest.param(
            '"""a\\"""\n".runs" \'\'\'.runs\'\'\'',
            ['".runs"', "'''.runs'''"],
            id="each kind for itself",
        ),
        pytest.param(
            "'a\\\n.runs' '.runs'", ["'.runs'"], id="a continued literal holds white space"
        ),
        pytest.param("# '.runs'\n'# ' '.runs' # '.runs'", ["'.runs'"], id="comments"),
        pytest.param("'see .runs' 'see\\t.runs' '.runs\t'", [], id="prose"),
        pytest.param("'.runs\u2028' '\u00a0.runs'", [], id="prose in any script"),
        pytest.param(".runs = runs('xruns', '.runs_x')", [], id="no mention"),
        pytest.param("'/srv/var/runs/x'", ["'/srv/var/runs/x'"], id="several components"),
        pytest.param('""".runs"""\n  r""".runs""" # x\n\t""".runs""";\n""".runs"""', [], id="bare"),
        pytest.param('x\r""".runs"""\r', [], id="bare, CR"),
        pytest.param('""".runs""" / x', ['""".runs"""'], id="at the left, not bare"),
        pytest.param('x = """.runs"""\n', ['""".runs"""'], id="at the right, not bare"),
        pytest.param("'.runs'\n", ["'.runs'"], id="in short quotes it is no docstring"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_literals(text: str, literals: list[str]) -> None:
    assert [literal for literal, _ in found(text)] == literals


@pytest.mark.parametrize(
    ("literal", "name"),
    [
        ("'.runs'", ".runs"),
        (r"'\.runs'", ".runs"),
        (r"'var\\runs'", "var/runs"),
        ("b'.runs'", ".runs"),
    ],
)
def test_name(literal: str, name: str) -> None:
    assert found(f"({literal}") == [(literal, name)]


LITERALS = st.builds(
    lambda prefix, quotes, text: f"{prefix}{quotes}{text}{quotes}",
    st.sampled_from(["", "r", "b", "Rb", "u"]),
    st.sampled_from(["'", '"', "'''", '"""']),
    st.sampled_from([".runs", "a/.runs/b", "", "#", "a b", "\\\\", "\\'", '\\"', "x.runs"]),
)


@QUICK
@given(st.lists(st.tuples(LITERALS, st.sampled_from(["\n", "  # '\n", " ;"])), max_size=8))
def test_finds_what_python_finds(parts: list[tuple[str, str]]) -> None:
    text = "".join(f"x = {literal}{end}" for literal, end in parts)
    lines = LineIndex(text)
    expected = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant):
            value = node.value.decode() if isinstance(node.value, bytes) else str(node.value)
            if ".runs" in value.split("/"):
                expected.append(lines.offset(node.lineno, node.col_offset))
    assert [one.span.start for one in findings(text, NEEDLES)] == sorted(expected)


@pytest.mark.parametrize(
    "unit",
    [
        *"'\"\\# \t\n\rar",
        *("'''", '"""', '\\"""\n', "\\'''\n", '\\"', '"\\', '"\\\n', "r'", "rb", 'f"""a', "'\""),
        *(
            "'.runs",
            "'.runs'",
            '""".runs"""',
            ' """.runs""" ',
            '\n""".runs""" \n',
            ".runs\\",
            "\n  ",
        ),
    ],
)
@pytest.mark.parametrize(("start", "end"), [("", ""), ('"""', "\\"), ("'''", "\\'''")])
def test_large_text(start: str, unit: str, end: str) -> None:
    text = start + unit * (100_000 // len(unit)) + end + "\n('.runs'"
    literals = list(findings(text, NEEDLES))
    assert all(one.values["name"] == ".runs" for one in literals)
    assert sum(one.span.end - one.span.start for one in literals) <= len(text)
