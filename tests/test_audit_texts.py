"""Places in texts that are no Python: each mention once, and what it is taken for."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_runsdir.audit import languages, survey, texts
from flake8_runsdir.audit.inventory import Place
from flake8_runsdir.audit.languages import Token
from flake8_runsdir.audit.subject import Subject
from flake8_runsdir.needles import Needles
from flake8_runsdir.options import Layer
from flake8_runsdir.settings import Resolver

NAME = ".autonomous_runs"
VARIABLE = "AUTONOMOUS_RUNS_DIR"
#: A whole component, written down once more, and simpler.
EDGE = r"""[\s/\\'"`=:,;()\[\]{}<>|]"""
COMPONENT = re.compile(
    rf"(?:(?<=^)|(?<={EDGE}))\\?\.autonomous_runs(?={EDGE}|$)"
    r"|(?<=\\)\.autonomous_runs(?=[$?*+]|\.[*+])"
)
#: One file for every way in which texts are read.
FILES = """
    run.sh Makefile Dockerfile a.bat a.ps1 a.ts a.go a.rb a.sql a.json a.yml a.toml a.ini a.xml
    a.html a.md a.rst a.txt a.log a.unknown .gitignore README setup.sh.bak a.yml.j2 a.tex a.diff
""".split()


def subject(name: str, **values: object) -> Subject:
    """Return a file that is not there; keys of options are spelled with underscores."""
    resolver = Resolver(Layer("", {}, "."), Layer("", values, "."))
    found = resolver.at(".")
    return Subject(f"/nowhere/{name}", name, found, Needles(found.config))


def places(name: str, text: str | bytes, **values: object) -> list[Place]:
    """Return the places of a text."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    found = texts.places(subject(name, **values), [data])
    assert found is not None
    return found


def mentions(found: Iterable[Place] | None) -> list[tuple[int, int]]:
    """Return where mentions are: rows and columns, 1-based."""
    assert found is not None
    return [(place.row, place.column) for place in found if place.kind == "mention"]


def expected(text: str) -> list[tuple[int, int]]:
    """Return where mentions are, found line by line."""
    rows = re.split(r"\r\n|\r|\n", text)
    return [
        (number, match.start() + 1)
        for number, row in enumerate(rows, 1)
        for match in COMPONENT.finditer(row)
    ]


@pytest.mark.parametrize(
    ("name", "text", "context"),
    [
        ("a.md", "# A\n## B ##\nx @", "B"),
        ("a.md", "# A\n```\n# B\n```\nx @", "A"),
        ("a.md", "A\n===\nx @", "A"),
        ("a.md", "x @\n# A", ""),
        ("a.rst", "A\n===\nx @", "A"),
        ("a.toml", "[a.b]\nx = '@'", "a.b"),
        ("a.ini", "[a]\nx = @", "a"),
        ("a.yml", "a:\n  b: @", "a"),
        ("Makefile", "x := 1\na b: c\n\tls @", ""),
        ("Makefile", "a: c\n\tls @", "a"),
        ("a.sh", "f() {\n  ls @\n}", "f"),
        ("a.sh", "f() {\n  ls\n}\nls @", ""),
        ("a.ts", "export function f() {\n  open('@')\n}", "f"),
        ("a.ts", "const f = async () => {\n  open('@')\n}", "f"),
        ("a.go", "func f() {\n\topen('@')\n}", "f"),
    ],
)
def test_context(name: str, text: str, context: str) -> None:
    (found,) = places(name, text.replace("@", NAME))
    assert found.context == context


@pytest.mark.parametrize(
    ("name", "line", "language"),
    [
        ("a.sh.bak", "", "Bash"),
        ("a.yml.j2", "", "YAML"),
        ("docker-compose.yml", "", "YAML"),
        ("GNUmakefile", "", "Makefile"),
        ("A.MD", "", "Markdown"),
        ("CMakeLists.txt", "", "CMake"),
        ("requirements-dev.txt", "", "INI"),
        ("x", "#!/bin/sh", "Bash"),
        ("x", "#!/usr/bin/env -S node", "JavaScript"),
        ("x", "#!/opt/nothing", ""),
        ("x", "", ""),
        ("", "", ""),
        ("~", "", ""),
        (".bak", "", ""),
        ("[*?.sh", "", "Bash"),
        ("a\nb.sh", "", "Bash"),
    ],
)
def test_language(name: str, line: str, language: str) -> None:
    assert languages.find(f"d/{name}", line).name == language


WORDS = [
    *(NAME, f"\\{NAME}", VARIABLE, f"${{{VARIABLE}:-{NAME}}}", f"{NAME}_x", f"x{NAME}", "x", "é"),
    *(" ", "\t", "\n", "\r\n", "\r", "\f", "\u2028", "\xa0", "\U0001d4b3", "\udcff", "\udc80"),
    *"/\\\"'`=:,()[]{}<>|#%!@;&*",
    *("//", "/*", "*/", "--", "<!--", "```\n", "EOF", "<<EOF\n", "$(", "- ", "a: ", "# A\n"),
    *("[a]\n", "echo ", "exclude: ", "path: "),
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=40).map("".join)


@given(st.sampled_from(FILES), TEXTS)
@settings(max_examples=400, deadline=None)
def test_every_mention_is_one_place(name: str, text: str) -> None:
    assert mentions(places(name, text)) == expected(text)


@given(st.sampled_from(FILES), TEXTS, st.integers(1, 60), st.integers(0, 30))
@settings(max_examples=400, deadline=None)
def test_pieces_change_no_place(name: str, text: str, size: int, most: int) -> None:
    data = text.encode("utf-8", "surrogateescape")
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(languages, "LARGEST_LEXED", most)
        found = texts.places(subject(name), chunks)
    assert mentions(found) == expected(text)


@given(TEXTS, st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]), st.integers(1, 60))
@settings(max_examples=100, deadline=None)
def test_every_encoding_that_says_so(text: str, codec: str, size: int) -> None:
    text = re.sub("[\ud800-\udfff]", "é", text)
    data = text.encode(codec)
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    assert mentions(texts.places(subject("a.sh"), chunks)) == expected(text)


@pytest.mark.parametrize(
    ("data", "is_text"),
    [
        pytest.param(b"", True, id="nothing"),
        pytest.param(b"x .autonomous_runs", True, id="ASCII"),
        pytest.param(b"x \xff\xfe .autonomous_runs", True, id="not UTF-8"),
        pytest.param(b"x\0 .autonomous_runs", False, id="a NUL"),
        pytest.param(b"x" * 7999 + b"\0", False, id="a NUL in what git looks at"),
        pytest.param(b"x" * 8000 + b"\0", True, id="a NUL behind it"),
    ],
)
def test_binary_as_git_has_it(tmp_path: Path, data: bytes, is_text: bool) -> None:
    (tmp_path / "file").write_bytes(b"\n" + data[1:])
    command = ["git", "grep", "--no-index", "-I", "-c", "-e", "^", "--", "file"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (answer.returncode == 0) is (is_text and bool(data)) or not data
    for chunks in ([data], [data[:1], data[1:]]):
        assert (texts.places(subject("a.txt"), chunks) is not None) is is_text


def test_broken_utf16_is_a_text() -> None:
    data = f"x {NAME} y".encode("utf-16") + b"\0"
    assert mentions(places("a.txt", data)) == [(1, 3)]


@pytest.mark.hostile
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "filling",
    [
        pytest.param("x" * 300_000, id="a long word"),
        pytest.param("a b " * 70_000, id="a long line"),
        pytest.param("=" * 300_000, id="operators"),
        pytest.param('"' * 100_001, id="quotes"),
        pytest.param("(" * 100_000, id="brackets"),
        pytest.param("<<A\n" * 20_000, id="here documents"),
        pytest.param("a:\n" * 50_000, id="keys"),
        pytest.param("ls " + "$aa" * 60, id="variables that could be read in many ways"),
        pytest.param("\n" + "--- " * 50, id="dashes that could be read in many ways"),
        pytest.param("\n" + ("--- " * 50 + "\\\n") * 59, id="the same, continued"),
    ],
)
def test_mentions_in_hostile_texts(
    name: str, filling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "_PATIENCE", 0.05)
    text = f"{NAME} {filling} {NAME}\n{NAME}"
    assert mentions(places(name, text)) == expected(text)


@pytest.mark.hostile
def test_mentions_behind_hostile_magics() -> None:
    content = notebook(cell("code", f"{'%time -s' * 40_000}\nopen('{NAME}')", outputs=[]))
    assert len(in_notebook(content)) == 1


def test_plugins_of_pygments_are_not_asked(tmp_path: Path) -> None:
    info = tmp_path / "plugin-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plugin\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[pygments.lexers]\nplugin = plugin:Lexer\n")
    (tmp_path / "plugin.py").write_text("raise SystemExit('imported')\n")
    script = (
        "from flake8_runsdir.audit import languages\n"
        "print(languages.find('SConstruct').name, languages.find('a', '#!/bin/zsh').name)\n"
        "print(languages.find('a', '#!/bin/nothing').name, languages.find('a.nothing').name)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    command = [sys.executable, "-c", script]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (answer.stdout, answer.stderr) == ("Python Bash\n \n", "")


def test_lexer_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"echo 'x' # {NAME}\n" * 5_000
    bash = languages.find("a.sh")
    monkeypatch.setattr(languages, "_PATIENCE", 60)
    assert languages.tokens(bash, text, [11]) == [Token.COMMENT]
    monkeypatch.setattr(languages, "_PATIENCE", 1e-6)
    assert languages.tokens(bash, text, [11]) is None
    assert len(places("a.sh", text)) == 5_000


def test_lexer_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(languages, "_lexed", fail)
    found = places("a.sh", f"# {NAME}\nls {NAME}")
    assert [place.status.value for place in found] == ["documentation", "critical"]


def test_many_mentions_are_few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "MOST_PLACES", 3)
    found = places("a.sh", f"ls $AUTONOMOUS_RUNS_DIR\n# {NAME}\n" + f"# x {NAME}\n" * 10)
    assert [place.mentions for place in found] == [1, 1, 10]
    assert "9 more" in found[-1].reason
    reads = "ls $AUTONOMOUS_RUNS_DIR\n" * 5
    found = places("a.sh", f"{reads}# {NAME}\n# {NAME}\n")
    assert [place.mentions for place in found if place.kind == "mention"] == [2]


def lines(count: int) -> Iterator[bytes]:
    """Yield a log with a mention in every line, a hundred thousand bytes at a time."""
    line = b"2025-12-30 12:00:00 INFO saved .autonomous_runs/run-1/result.json\n"
    for _ in range(count):
        yield line * 1500


def peak(count: int) -> tuple[int, int]:
    """Return how many mentions are in a log, and what it takes to count them, in bytes."""
    tracemalloc.start()
    found = texts.places(subject("a.log"), lines(count))
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found is not None
    return sum(place.mentions for place in found), memory


def test_memory_is_bounded() -> None:
    small, large = peak(20), peak(100)
    assert (small[0], large[0]) == (30_000, 150_000)
    assert large[1] < 1.2 * small[1]


def test_stretch_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_LONGEST_PIECE", 1 << 21)
    chunks = [b"r" * (1 << 20)] * 5 + [f" {NAME}\n".encode()]
    assert mentions(texts.places(subject("a.txt"), chunks)) == [(1, 5 * (1 << 20) + 2)]


def cell(kind: str, source: str | Sequence[str], **more: object) -> dict[str, object]:
    """Return a cell of a notebook."""
    return {"cell_type": kind, "metadata": {}, "source": source, **more}


def notebook(*cells: dict[str, object], **more: object) -> dict[str, object]:
    """Return a notebook."""
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}


def in_notebook(content: object, **values: object) -> list[tuple[int | None, int, int, str, str]]:
    """Return the mentions in a notebook: cell, row, column, status and language."""
    found = places("a.ipynb", json.dumps(content, indent=1), **values)
    return [
        (place.cell, place.row, place.column, place.status.value, place.language)
        for place in found
        if place.kind == "mention"
    ]


def test_notebook() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": [f"in {NAME}/x\n"]}
    content = notebook(
        cell("markdown", ["# A\n", f"see {NAME}"]),
        cell("code", ["x = 1\n", f"open('{NAME}/x')\n", f"!ls {NAME}"], outputs=[output]),
        cell("code", f"%%bash\nls {NAME}\n# {NAME}", outputs=[]),
        cell("raw", f"{NAME}"),
        metadata={"x": f"{NAME}/y"},
    )
    assert in_notebook(content) == [
        (None, 5, 9, "data", "Jupyter Notebook"),
        (None, 29, 11, "generated", "Jupyter Notebook"),
        (1, 2, 5, "documentation", "Markdown"),
        (2, 2, 7, "critical", "Python"),
        (2, 3, 5, "critical", "IPython"),
        (3, 2, 4, "critical", "Bash"),
        (3, 3, 3, "documentation", "Bash"),
        (4, 1, 1, "documentation", "Text"),
    ]


def test_contexts_in_a_notebook() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": NAME}
    content = notebook(
        cell("markdown", f"# A\nsee {NAME}"),
        cell("code", f"class A:\n    def f(self):\n        return '{NAME}'", outputs=[output]),
    )
    found = places("a.ipynb", json.dumps(content))
    assert [place.context for place in found] == ["output of cell 2", "A", "A.f"]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        pytest.param("\"x = 'a\\n.autonomous_runs'\"", [(1, 1)], id="behind a line end"),
        pytest.param('"\\u002eautonomous_runs/x"', [(1, 1)], id="the dot as an escape"),
        pytest.param('"a \\ud835\\udcb3 .autonomous_runs"', [(1, 5)], id="behind a pair"),
        pytest.param('".autonomous_runs\\u2026"', [(None, 1)], id="what only the file shows"),
        pytest.param('"\\\\.autonomous_runs/"', [(1, 1)], id="a regular expression"),
        pytest.param(
            '[".autonomous_runs/", "\\n", "x .autonomous_runs"]', [(1, 1), (1, 3)], id="a list"
        ),
        pytest.param('[[".autonomous_runs"]]', [(None, 1)], id="no source"),
        pytest.param('{"a": ".autonomous_runs"}', [(None, 1)], id="an object"),
    ],
)
def test_spellings_in_a_notebook(source: str, wanted: list[tuple[int | None, int]]) -> None:
    text = f'{{"nbformat": 4, "cells": [{{"cell_type": "markdown", "source": {source}}}]}}'
    found = [(place.cell, place.column) for place in places("a.ipynb", text)]
    assert [(number, 1 if number is None else column) for number, column in found] == wanted


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NAME, id="no JSON"),
        pytest.param(f'{{"cells": "{NAME}"', id="cut"),
        pytest.param(f'["{NAME}"]', id="a list"),
        pytest.param(f'{{"cells": "{NAME}"}}', id="no cells"),
        pytest.param(f'{{"cells": [1, {{"source": "{NAME}"}}, null]}}', id="a cell without a type"),
        pytest.param(f'{{"cells": [{{"source": 1, "x": "{NAME}"}}]}}', id="a source of numbers"),
        pytest.param(f'{{"metadata": [], "nbformat": [], "x": "{NAME}"}}', id="wrong types"),
        pytest.param(f'{{"cells": [], "cells": ["{NAME}"]}}', id="a key twice"),
        pytest.param("[" * 100_000 + f'"{NAME}"', id="deep"),
        pytest.param(f'{{"worksheets": [{{"cells": [{{"input": "{NAME}"}}]}}]}}', id="an old one"),
        pytest.param(f'\ufeff{{"x": "{NAME}"}}', id="with a mark"),
        pytest.param(f'"{NAME}', id="an open string"),
        pytest.param(f'"{NAME}"]]]', id="too many brackets"),
        pytest.param(f'{{"x": "{NAME}", "y": NaN, "z": {"9" * 5000}}}', id="odd numbers"),
        pytest.param(
            f'{{"cells": [{{"cell_type": "code", "source": "({NAME}"}}]}}', id="no Python"
        ),
    ],
)
def test_mentions_in_broken_notebooks(text: str) -> None:
    assert len(mentions(places("a.ipynb", text))) == 1


INNER = st.lists(
    st.sampled_from(
        [NAME, f"'{NAME}'", "x", " ", "\n", '"', "'", "/", "=", "(", "é", "\t", "!ls ", "%%sh\n"]
    ),
    max_size=12,
).map("".join)
CELLS = st.builds(
    cell,
    st.sampled_from(["markdown", "code", "raw"]),
    st.one_of(INNER, INNER.map(lambda text: text.splitlines(keepends=True))),
    x=INNER,
    outputs=st.lists(st.fixed_dictionaries({"text": INNER}), max_size=2),
)


@given(st.lists(CELLS, max_size=4), st.booleans(), st.sampled_from([None, 1]))
@settings(max_examples=200, deadline=None)
def test_every_mention_of_a_notebook_is_one_place(
    cells: list[dict[str, object]], is_ascii: bool, indentation: int | None
) -> None:
    content = notebook(*cells)
    pending: list[object] = [content]
    count = 0
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, (list, tuple)):
            pending.extend(value)
        elif isinstance(value, str):
            count += len(expected(value))
    # In ASCII an accent is an escape, and the file shows a component where there is none.
    text = json.dumps(content, ensure_ascii=False, indent=indentation)
    assert len(mentions(places("a.ipynb", text))) == count
    if is_ascii:
        plain = json.dumps(content).replace("\\u00e9", "e")
        assert len(mentions(places("a.ipynb", plain))) == count


@pytest.mark.parametrize("largest", [languages.LARGEST_LEXED, 100])
def test_what_must_be_fixed_is_not_behind_what_is_safe(
    monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    monkeypatch.setattr(languages, "LARGEST_LEXED", largest)
    monkeypatch.setattr(survey, "MOST_PLACES", 10)
    found = places("a.sh", f"# {NAME}\n" * 25 + f"mkdir {NAME}/x\n" * 25)
    kept = [(place.status.value, place.mentions) for place in found if place.mentions > 1]
    assert kept == [("documentation", 16), ("critical", 16)]
    assert len(found) == 20
