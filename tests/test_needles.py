"""The gate loses nothing, and a name counts as a whole component only."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flake8_runsdir.config import resolve
from flake8_runsdir.needles import Needles
from flake8_runsdir.options import Layer

QUICK = settings(max_examples=600, deadline=None, derandomize=True, database=None)
BOUNDARIES = "/\\'\"` \t\r\n\x0c=:,;()[]{}<>|"
NAMES = [(".autonomous_runs",), ("mlruns", "ray_results"), ("var/runs",), ("r",), ("läufe.d",)]
VARIABLES = ("AUTONOMOUS_RUNS_DIR", "RUNS")


def needles(*names: str, variables: tuple[str, ...] = VARIABLES) -> Needles:
    """Return the needles of a configuration with the given names."""
    values = {"names": names or (".autonomous_runs",), "env-vars": variables}
    return Needles(resolve(Layer("test", values, ".")))


def ends(name: str, text: str, start: int) -> set[int]:
    """Return where a name that begins at a place of a text may end."""
    places = {start}
    for character in name:
        after: set[int] = set()
        for place in places:
            if character == "/":
                stop = place
                while text[stop : stop + 1] in ("/", "\\"):
                    stop += 1
                    after.add(stop)
                continue
            if character == "." and text[place : place + 1] == "\\":
                place += 1
            if text[place : place + 1] == character:
                after.add(place + 1)
        places = after
    return places


def mentions(name: str, text: str) -> bool:
    """Tell whether a name stands in a text as a whole component: the rule, written out."""
    return any(
        (start == 0 or text[start - 1] in BOUNDARIES or text[start - 1].isspace())
        and any(
            end == len(text) or text[end] in BOUNDARIES or text[end].isspace()
            for end in ends(name, text, start)
        )
        for start in range(len(text))
    )


def constants(tree: ast.AST) -> Iterator[str]:
    """Yield the texts of all literals."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Constant) and isinstance(node.value, bytes):
            yield node.value.decode("latin-1")


def something_occurs(text: str, names: tuple[str, ...]) -> bool:
    """Look at every literal, name and attribute of a text."""
    tree = ast.parse(text)
    for value in constants(tree):
        if value in VARIABLES or any(mentions(name, value) for name in names):
            return True
    return any(
        "autonomous_runs_dir" in (getattr(node, "id", ""), getattr(node, "attr", ""))
        for node in ast.walk(tree)
    )


def escapes(character: str) -> list[str]:
    """Return the ways in which a character can be spelled in a literal."""
    code = ord(character)
    return [
        f"\\x{code:02x}",
        f"\\x{code:02X}",
        f"\\u{code:04x}",
        f"\\U{code:08X}",
        f"\\{code:o}",
        f"\\{code:03o}",
        f"\\N{{{unicodedata.name(character)}}}",
        f"\\N{{{unicodedata.name(character).lower()}}}",
    ]


BETWEEN = st.sampled_from(
    ["", " ", "\n", "\r\n", "\t\x0c", "  # a 'comment'\n", "\n# a\n\n  # b\n", "\\\n", " \\\r\n "]
)
QUOTE = st.sampled_from(["'", '"', "'''", '"""'])


@st.composite
def literals(draw: st.DrawFn, target: str, whole: bool = False) -> str:
    """Draw a literal whose value is a text, one character escaped or none.

    It is in one piece or two, and may be broken by the end of a line, unless it is ``whole``.
    """
    pieces = [target]
    escaped = draw(st.integers(-len(target), len(target) - 1))
    if not whole and draw(st.booleans()):
        split = draw(st.integers(0, len(target)))
        pieces = [target[:split], target[split:]]
    binary = "b" if target.isascii() and draw(st.booleans()) else ""
    written = ""
    seen = 0
    for number, piece in enumerate(pieces):
        body = piece
        place = escaped - seen
        if 0 <= place < len(piece):
            spelled = draw(st.sampled_from(escapes(piece[place])))
            body = piece[:place] + spelled + piece[place + 1 :]
        elif not binary and draw(st.booleans()):
            binary_or_raw = draw(st.sampled_from(["r", "R", "f", "rF", "u", ""]))
            body = f"{binary_or_raw}|{body}"
        elif not whole and draw(st.booleans()):
            broken = draw(st.integers(0, len(piece))) if len(pieces) == 1 else 0
            if broken:
                body = f"{piece[:broken]}\\{draw(st.sampled_from([chr(10), chr(13) + chr(10)]))}"
                body += piece[broken:]
        prefix, bar, rest = body.partition("|")
        prefix, body = (prefix, rest) if bar else ("", body)
        quote = draw(QUOTE)
        written += (draw(BETWEEN) if number else "") + binary + prefix + quote + body + quote
        seen += len(piece)
    return written


@QUICK
@given(st.data(), st.sampled_from(NAMES))
def test_gate_loses_nothing(data: st.DataObject, names: tuple[str, ...]) -> None:
    shapes = ["{}", "{}/a.json", "C:\\{}\\x", "x{}", "{}_old", "{};a", "/srv/{}"]
    mention = data.draw(st.sampled_from(shapes)).format(data.draw(st.sampled_from(names)))
    target = data.draw(st.sampled_from([mention, mention, mention, *VARIABLES]))
    literal = data.draw(literals(target.replace("\\", "/"), whole=target in VARIABLES))
    code = data.draw(st.sampled_from(["x = ({})\n", "f(({}), y)\n", "a = [\n{}\n]\n"]))
    text = code.format(literal)
    try:
        occurs = something_occurs(text, names)
    except SyntaxError:
        assume(False)
    assert needles(*names).may_occur(text) or not occurs


@pytest.mark.parametrize("escape", ["x", "u", "U", "octal", "short octal", "N"])
@pytest.mark.parametrize("names", NAMES)
def test_gate_sees_every_escape_of_every_character(escape: str, names: tuple[str, ...]) -> None:
    forms = ["x", "X", "u", "U", "short octal", "octal", "N", "n"]
    number = forms.index(escape)
    for name in names:
        for place, character in enumerate(name):
            spelled = name[:place] + escapes(character)[number] + name[place + 1 :]
            text = f"x = '{spelled}'\n"
            assert something_occurs(text, names)
            assert needles(*names).may_occur(text), text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x = settings.autonomous_runs_dir", True, id="the accessor"),
        pytest.param("from a import autonomous_runs_dir", True, id="the accessor's name"),
        pytest.param("os.environ['RUNS']", True, id="a variable"),
        pytest.param("x = '.autonomous_runs_old'", True, id="another name is not told apart here"),
        pytest.param("# .autonomous_runs", True, id="a comment"),
        pytest.param("x = '.auto' 'nomous_runs'", True, id="two pieces"),
        pytest.param("x = '.autonomo' 'us' '_runs'", True, id="three pieces, one with a half"),
        pytest.param("x = '.auto' 'nomo' 'us_runs'", False, id="three pieces, none with a half"),
        pytest.param("x = '.auto' + 'omous_runs'", True, id="a half is enough"),
        pytest.param("x = '.auton' + 'mous_run'", False, id="less than a half is not"),
        pytest.param("x = '\\x41'", False, id="an escape of a character of a variable"),
        pytest.param("x = '\\x7b'", False, id="an escape of another character"),
        pytest.param("x = '\\\\d+\\n'", False, id="everyday escapes"),
        pytest.param("nomous_runs = 1", True, id="half a name without quotes"),
        pytest.param("", False, id="nothing"),
        pytest.param("import os\n\nprint(os.sep)\n", False, id="other code"),
    ],
)
def test_gate(text: str, expected: bool) -> None:
    assert needles().may_occur(text) is expected


@pytest.mark.parametrize(
    ("names", "text"),
    [
        pytest.param(
            ("my.runs",), "x = re.compile(r'my\\.runs')", id="a dot inside, as in an expression"
        ),
        pytest.param((), "x = '.auto' '' 'nomous_runs'", id="an empty piece in between"),
        pytest.param((), "x = '.auto\\\n\\\nnomous_runs'", id="two broken lines"),
        pytest.param((), "x = '.auto\\\rnomous_runs'", id="a line broken by CR"),
    ],
)
def test_gate_sees_unusual_pieces(names: tuple[str, ...], text: str) -> None:
    assert needles(*names).may_occur(text)


@pytest.mark.parametrize("piece", ["'", '"', "'.auto' ", ".autonomo", "\\", "\\\n", "# \n", " "])
def test_gate_answers_on_hostile_texts(piece: str) -> None:
    text = "mlru" + piece * (100_000 // len(piece))
    assert not needles("mlruns", variables=()).may_occur(text.replace("onomo", ""))


def test_gate_without_variables() -> None:
    assert not needles(variables=()).may_occur("x = os.environ['AUTONOMOUS_RUNS_DIR']")


FOUND = [
    pytest.param((), ".autonomous_runs", [".autonomous_runs"], id="the name alone"),
    pytest.param((), "a/.autonomous_runs/b", [".autonomous_runs"], id="between slashes"),
    pytest.param((), "C:\\.autonomous_runs\\b", ["\\.autonomous_runs"], id="backslashes"),
    pytest.param((), "\\.autonomous_runs", ["\\.autonomous_runs"], id="an escaped dot"),
    pytest.param((), "^\\.autonomous_runs$", [".autonomous_runs"], id="anchors in an expression"),
    pytest.param((), "a\\.autonomous_runs.*", [".autonomous_runs"], id="a wildcard behind"),
    pytest.param((), "\\.autonomous_runs.x", [], id="a dot behind is a suffix"),
    pytest.param((), "^.autonomous_runs$", [], id="anchors, but the dot is not escaped"),
    pytest.param((), ".autonomous_runs_test", [], id="another name"),
    pytest.param((), "my.autonomous_runs", [], id="the end of another name"),
    pytest.param((), "x-.autonomous_runs", [], id="a dash in front"),
    pytest.param((), ".autonomous_runs.", [], id="a dot behind"),
    pytest.param((), ".AUTONOMOUS_RUNS", [], id="another case"),
    pytest.param((), ".autonomous_runs " * 2, [".autonomous_runs"] * 2, id="twice"),
    pytest.param((), ".autonomous_runs/.autonomous_runs", [".autonomous_runs"] * 2, id="inside"),
    pytest.param(("mlruns",), "mlruns.db custom-mlruns mlruns", ["mlruns"], id="one of three"),
    pytest.param((".guild",), ".guild-nocopy", [], id="a dash behind"),
    pytest.param(("a.b",), "a\\.b", ["a\\.b"], id="a dot inside, escaped"),
    pytest.param(("a.b",), "axb", [], id="a dot is no wildcard"),
    pytest.param(("var/runs",), "/srv/var/runs/x", ["var/runs"], id="two components"),
    pytest.param(("var/runs",), "var\\runs", ["var\\runs"], id="two components on Windows"),
    pytest.param(("var/runs",), "var//runs", ["var//runs"], id="doubled slash"),
    pytest.param(("var/runs",), "var/x/runs", [], id="not side by side"),
    pytest.param(("runs", "runs/app"), "x/runs/app", ["runs/app"], id="the longest name wins"),
    pytest.param(("runs", "logs"), "logs:runs", ["logs", "runs"], id="two names"),
]


@pytest.mark.parametrize(("names", "text", "expected"), FOUND)
def test_find(names: tuple[str, ...], text: str, expected: list[str]) -> None:
    looked_for = needles(*names)
    first = looked_for.find(text)
    assert [match[0] for match in looked_for.find_all(text)] == expected
    assert (first is None) is (not expected)
    assert first is None or first[0] == expected[0]


@pytest.mark.parametrize("character", [chr(code) for code in range(256)])
def test_boundary(character: str) -> None:
    boundary = character in BOUNDARIES or character.isspace()
    looked_for = needles()
    before, behind = f"{character}.autonomous_runs", f".autonomous_runs{character}"
    assert (looked_for.find(before) is not None) is boundary
    assert (looked_for.find(behind) is not None) is boundary
    assert mentions(".autonomous_runs", before) is boundary
