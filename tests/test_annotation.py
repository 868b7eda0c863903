"""Comments that are added, beside those that the real Ruff adds."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from flake8_runsdir.annotation import Annotated, add_ignore, add_noqa
from flake8_runsdir.annotator import Annotator
from flake8_runsdir.diagnostic import Diagnostic, Span
from flake8_runsdir.files import Found
from flake8_runsdir.inspection import Inspector
from flake8_runsdir.options import Layer
from flake8_runsdir.settings import resolved
from flake8_runsdir.shelter import CAN_FORK, DANGEROUS
from flake8_runsdir.source import Source
from flake8_runsdir.suppression import Suppressions
from peer import Peer, Place, diagnostic, ours

P = '".autonomous_runs/x"'
ADD = {"noqa": add_noqa, "ignore": add_ignore}

#: Texts in which Ruff's comments are the ones that are wanted.
ALIKE = {
    "a line": f"x = {P}\n",
    "several lines": f"x = {P}\ny = 1\nz = {P}\n",
    "two on a line": f"x = {P}, {P}\n",
    "no line end": f"x = {P}",
    "no line end, CRLF": f"x = 1\r\ny = {P}",
    "CRLF": f"x = {P}\r\ny = {P}\r\n",
    "CR": f"x = {P}\ry = {P}\r",
    "mixed line ends": f"x = {P}\ny = {P}\r\nz = {P}\rz = {P}\n",
    "blanks at the end": f"x = {P}  \t \x0c \ny = {P} \n",
    "form feed and tabs": f"\x0c\nif x:\n\ty = {P}\n\x0c\n\tz = {P}\n",
    "what ends no line": f"x = {P}  # \x85 \u2028 y\n",
    "spaces of other scripts": f"x = {P}  # x\u3000\u00a0\n",
    "wide characters": f"'日本😀'; x = {P}  # é\n",
    "a comment": f"x = {P}  # type: ignore\n",
    "other codes": f"x = {P}  # noqa: E501\n",
    "other codes without spaces": f"x = {P} #noqa:E501,F401\n",
    "other codes, joined": f"x = {P}  # noqa: E501F401\n",
    "other codes, twice": f"x = {P}  # noqa: E501, E501\n",
    "other codes behind a text": f"x = {P}  # text # noqa: E501\n",
    "other codes, no line end": f"x = {P}  # noqa: E501",
    "other codes in an ignore": f"x = {P}  # ruff: ignore[E501]\n",
    "other codes in an ignore above": f"# ruff: ignore[F401, E501]\nx = [\n  {P},\n  {P}\n]\n",
    "other codes in an indented ignore above": f"if x:\n    # ruff: ignore[F401]\n    y = {P}\n",
    "blanket": f"x = {P}  # noqa\n",
    "the code": f"x = {P}  # noqa: CODE\ny = {P}  # ruff: ignore[CODE]\n",
    "the file": f"# ruff: noqa: CODE\nx = {P}\n",
    "a range": f"# ruff: disable[CODE]\nx = {P}\n# ruff: enable[CODE]\ny = {P}\n",
    "brackets": f"x = [\n  {P},\n  {P}  # x\n]\n",
    "long string": 'x = """.autonomous_runs/\n"""\n',
    "long string and more": 'x = """.autonomous_runs/\n""" + (\n  y\n)\n',
    "long strings": f"x = ['''.autonomous_runs/\n''', {P}, '''\n''']\n",
    "f-string that goes on": f"x = [f'\\\n', {P}, f'''\n''', {P}]\n",
    "continuation": f"x = {P} + \\\n    y + \\\n    z\n",
    "continuation and a comment": f"x = {P} + \\\n    y  # noqa: E501\n",
    "continuation and a long string": f"x = {P} + \\\n    '''\n'''\n",
    "continuation in brackets": f"x = ({P} + \\\n    y\n)\n",
    "header": f"def f(a={P}): pass\nwith open({P}) as a, \\\n  open({P}): pass\n",
    "two statements": f"x = {P}; y = {P};\n",
}
#: Texts in which Ruff writes what it should not, and what is to be written instead.
OTHERWISE = {
    "the rest of the comment stays": (
        "noqa",
        f"x = {P}  # noqa: E501 why not # type: ignore\n",
        f"x = {P}  # noqa: E501, RUN001 why not # type: ignore\n",
    ),
    "the rest of the list stays": (
        "noqa",
        f"x = {P} # noqa: E501, why\n",
        f"x = {P}  # noqa: E501, RUN001, why\n",
    ),
    "another directive stays": (
        "noqa",
        f"x = {P}  # noqa: E501 # ruff: ignore[RUN002]\n",
        f"x = {P}  # noqa: E501, RUN001 # ruff: ignore[RUN002]\n",
    ),
    "the rest stays behind an ignore": (
        "ignore",
        f"x = {P}  # ruff: ignore[E501,] why # noqa: F401\n",
        f"x = {P}  # ruff: ignore[E501, RUN001] why # noqa: F401\n",
    ),
    "not in a string": ("noqa", 'x = ".autonomous_runs/\\\nx"\n', None),
    "behind a string": (
        "ignore",
        'x = ".autonomous_runs/\\\nx\\\ny", (\n)\n',
        'x = ".autonomous_runs/\\\nx\\\ny", (  # ruff: ignore[RUN001]\n)\n',
    ),
    "not in a string behind a string": (
        "noqa",
        f"x = {P} + \\\n'\\\n'\n",
        None,
    ),
    "behind a string behind a continuation": (
        "ignore",
        f"x = {P} + \\\n'\\\n'\n",
        f"x = {P} + \\\n'\\\n'  # ruff: ignore[RUN001]\n",
    ),
    "not behind a malformed noqa": ("noqa", f"x = {P}  # noqa: RUN001x\n", None),
    "not alone behind a continuation": ("ignore", f"x = {P} \\\n\ny = 1\n", None),
}


def found(source: Source, places: list[Place]) -> tuple[Suppressions, list[Diagnostic]]:
    """Return the suppressions of a source, and our diagnostics that they leave."""
    suppressions = Suppressions(source, noqa=True)
    all_of_them = [diagnostic(source, place) for place in places]
    return suppressions, [one for one in all_of_them if not suppressions.cover(one)]


def literals(source: Source) -> list[Place]:
    """Return the places of the literals that begin with a name of the runs directory."""
    return [
        Place(node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1, 0, "")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant)
        and str(node.value).startswith(".autonomous_runs")
        and node.end_lineno is not None
        and node.end_col_offset is not None
    ]


def annotated(kind: str, text: str, places: list[Place], reason: str = "") -> Annotated:
    """Annotate a text, and check that it says the same, and that nothing is left to be added."""
    source = Source.parse("a.py", text)
    result = ADD[kind](source, *found(source, places), reason)
    again = Source.parse("a.py", result.text)
    assert ast.dump(again.tree) == ast.dump(source.tree)
    assert ADD[kind](again, *found(again, places), reason) == Annotated(result.text, 0)
    return result


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[list[Place]]:
    """Return where Ruff reports something, in each text."""
    peer = Peer(tmp_path_factory.mktemp("places"), list(ALIKE.values()))
    return peer.places("S108", "--ignore-noqa")


@pytest.mark.parametrize("kind", ADD)
@pytest.mark.parametrize("reason", ["", "because (of # é"])
def test_as_ruff_writes_it(
    tmp_path: Path, places: list[list[Place]], kind: str, reason: str
) -> None:
    peer = Peer(tmp_path, list(ALIKE.values()))
    told = peer.run(f"--add-{kind}={reason}" if reason else f"--add-{kind}").stderr
    added = 0
    for (why, text), spots, theirs in zip(ALIKE.items(), places, peer.texts()):
        assert spots, why
        result = annotated(kind, ours(text), spots, reason)
        assert result.text == theirs, why
        added += result.added
    assert f"Added {added} " in told


@pytest.mark.parametrize("why", OTHERWISE)
def test_otherwise(tmp_path: Path, why: str) -> None:
    kind, text, expected = OTHERWISE[why]
    spots = literals(Source.parse("a.py", text))
    result = annotated(kind, text, spots)
    assert result == Annotated(text if expected is None else expected, int(expected is not None))
    peer = Peer(tmp_path, [text.replace("RUN001", "CODE")])
    peer.run(f"--add-{kind}")
    assert peer.texts() != [result.text], "Ruff has learned it: move the case"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"x = {P} \\\n \ny = 1\n", f"x = {P} \\\n# noqa: RUN001\ny = 1\n", id="an empty line"
        ),
        pytest.param(
            f"x = {P}  # noqa: S1, E501\n", f"x = {P}  # noqa: E501, RUN001, S1\n", id="order"
        ),
    ],
)
def test_noqa(text: str, expected: str) -> None:
    assert annotated("noqa", text, literals(Source.parse("a.py", text))).text == expected


def test_a_reason_comes_before_the_rest() -> None:
    text = f"x = {P}  # noqa: E501 # type: ignore\n"
    result = annotated("noqa", text, literals(Source.parse("a.py", text)), "why")
    assert result.text == f"x = {P}  # noqa: E501, RUN001 why # type: ignore\n"


@pytest.mark.parametrize("kind", ADD)
def test_several_codes_on_a_line(kind: str) -> None:
    source = Source.parse("a.py", "x()\n")
    diagnostics = [Diagnostic(Span(0, 1), f"RUN{n}", "") for n in (201, "002", "001", 201)]
    result = ADD[kind](source, Suppressions(source, noqa=True), diagnostics)
    codes = "RUN001, RUN002, RUN201"
    comment = f"# noqa: {codes}" if kind == "noqa" else f"# ruff: ignore[{codes}]"
    assert result == Annotated(f"x()  {comment}\n", 1)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("noqa", "#!/bin/.autonomous_runs\nx  # noqa: RUN103\n", id="noqa"),
        pytest.param("ignore", "#!/bin/.autonomous_runs\nx\n", id="nowhere"),
    ],
)
def test_shebang(kind: str, expected: str) -> None:
    source = Source.parse("a.py", "#!/bin/.autonomous_runs\nx\n")
    diagnostics = [Diagnostic(Span(7, 23), "RUN103", "")]
    assert ADD[kind](source, Suppressions(source, noqa=True), diagnostics).text == expected


def test_shebang_above_an_empty_line() -> None:
    source = Source.parse("a.py", "#!/bin/.autonomous_runs\n\nx\n")
    diagnostics = [Diagnostic(Span(7, 23), "RUN103", "")]
    text = add_ignore(source, Suppressions(source, noqa=True), diagnostics).text
    assert text == "#!/bin/.autonomous_runs\n# ruff: ignore[RUN103]\nx\n"
    assert Suppressions(Source.parse("a.py", text)).cover(diagnostics[0])


@pytest.mark.skipif(not CAN_FORK, reason="everything happens in one process")
@pytest.mark.parametrize("name", ["a.ipynb", "a.py"])
def test_files_that_a_process_dies_of_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    text = f"{P}{' ' * DANGEROUS}"
    (tmp_path / name).write_text(text)
    for method in ("inspect", "annotate"):
        monkeypatch.setattr(Inspector, method, lambda *_: os._exit(9))
    told: list[str] = []
    annotator = Annotator([str(tmp_path)], "noqa", "", told.append)
    settings = resolved(Layer("", {}, str(tmp_path)), Layer("", {}, str(tmp_path)))
    assert annotator.annotate([Found(str(tmp_path / name), settings)]) == 0
    assert (annotator.left, (tmp_path / name).read_text()) == (1, text)
    assert [one.rpartition(": ")[2] for one in told] == ["it cannot be parsed"]


@pytest.mark.hostile
@pytest.mark.parametrize("kind", ADD)
@pytest.mark.parametrize(
    ("text", "added"),
    [
        pytest.param("x();" * 50_000, 1, id="one line"),
        pytest.param("x()\n" * 50_000, 50_000, id="many lines"),
        pytest.param("x(' \\\n');" * 50_000, 1, id="many strings on one line"),
    ],
)
def test_many(kind: str, text: str, added: int) -> None:
    source = Source("a.py", text, ast.Module([], []))
    diagnostics = [
        Diagnostic(Span(start, start + 1), "RUN001", "")
        for start in range(len(text))
        if text.startswith("x(", start)
    ]
    result = ADD[kind](source, Suppressions(source, noqa=True), diagnostics)
    assert result.added == (0 if kind == "noqa" and "\\" in text else added)
