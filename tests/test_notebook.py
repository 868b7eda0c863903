"""Notebooks: the same cells, rows and columns as Ruff's, and a text that Python can parse."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_runsdir.decoding import UndecodableError
from flake8_runsdir.diagnostic import LineIndex
from flake8_runsdir.notebook import Notebook, NotebookError, make_parseable

QUICK = settings(max_examples=400, deadline=None, derandomize=True, database=None)
#: What Ruff reports with S108; it stands behind what every case is about.
MARKED = "x = '/tmp/a'"
#: A cell, a row and a column, all 1-based.
Place = tuple[int, int, int]


class Case(NamedTuple):
    """A notebook, and whether Ruff refuses what is parsed here."""

    content: object
    lenient: bool = False


def code(source: object, **more: object) -> dict[str, object]:
    """Return a cell of code."""
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
    }
    return {**cell, "source": source, **more}


def notebook(*cells: object, **more: object) -> dict[str, object]:
    """Return a notebook; a cell of code may be given by its source."""
    made = [cell if isinstance(cell, dict) else code(cell) for cell in cells]
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4, **more}


def kernel(**metadata: object) -> Case:
    """Return a notebook of one marked cell with the given metadata."""
    return Case(notebook(MARKED, metadata=metadata))


def vscode(language: str) -> dict[str, object]:
    """Return a cell whose language an editor has noted."""
    return code(MARKED, metadata={"vscode": {"languageId": language}})


NOTEBOOKS = {
    "one cell": Case(notebook(MARKED)),
    "no cell": Case(notebook()),
    "other cells count": Case(
        notebook(
            {"cell_type": "markdown", "metadata": {}, "source": MARKED},
            MARKED,
            {"cell_type": "raw", "metadata": {}, "source": MARKED},
            MARKED,
        )
    ),
    "a text with a newline at its end": Case(notebook("a = 1\n", MARKED)),
    "a list of lines": Case(notebook(["a = 1\n", MARKED + "\n"], MARKED)),
    "a list of several lines each": Case(notebook(["a = 1\nb = 2\nc", " = 3"], MARKED)),
    "empty cells": Case(notebook("", [], "\n", MARKED, "", MARKED)),
    "CRLF": Case(notebook("a = 1\r\n" + MARKED, ["a\r\n", MARKED], MARKED)),
    "CR": Case(notebook("a = 1\r" + MARKED, MARKED)),
    "CR that meets the newline between cells": Case(notebook("a\r", "", MARKED)),
    "line ends to Unicode only": Case(notebook("a = '\u2028\x0b\x85'\n" + MARKED, MARKED)),
    "form feed": Case(notebook("a = 1\n\x0c" + MARKED, MARKED)),
    "wide characters": Case(notebook("'\U0001f600é\u0301'; " + MARKED, MARKED)),
    "escaped pair": Case(notebook("'\ud83d\ude00'; " + MARKED)),
    "R": kernel(language_info={"name": "R"}),
    "R by its kernel": kernel(kernelspec={"name": "ir", "language": "R"}),
    "the name beats the kernel": kernel(
        language_info={"name": "R"}, kernelspec={"language": "python"}
    ),
    "Python beats the kernel": kernel(
        language_info={"name": "python"}, kernelspec={"language": "R"}
    ),
    "Python in capitals": kernel(language_info={"name": "Python"}),
    "Python by its kernel": kernel(kernelspec={"name": "x", "language": "python"}),
    "no language": kernel(language_info=None),
    "an unknown kernel": kernel(kernelspec={"name": "ir", "display_name": "R"}),
    "the cell's language": Case(notebook(vscode("sql"), vscode("python"), MARKED)),
    "a broken cell breaks all": Case(notebook(MARKED, "x = (", MARKED)),
    "a string that the next cell closes": Case(notebook("'''", "'''\n" + MARKED), lenient=True),
}
#: Cells before a marked one, each with its mark where Ruff should see it.
CELLS = {
    "cell magic": f"%%bash\n{MARKED}",
    "cell magic below a comment": f"# x\n\n%%html\n{MARKED}",
    "cell magic below code": f"a = 1\n%%bash\n{MARKED}",
    "indented cell magic": f"if 1:\n  %%bash\n{MARKED}",
    "cell magic in a string": f"'''\n%%bash\n'''\n{MARKED}",
    "two cell magics": f"%%time\n%%bash\n{MARKED}",
    "no cell magic": f"a = '''%%bash'''  # %%bash\n{MARKED}",
    "nameless cell magic": f"%%\n{MARKED}",
    "odd cell magic": f"%%%time\n{MARKED}",
    "glued cell magic": f"%%time;\n{MARKED}",
    "magic": "%cd x",
    "magic in a block": "if 1:\n    %cd x",
    "magic behind a form feed": "\x0c%cd x",
    "magic with quotes": "%cd '''",
    "magic with brackets": "!ls ({[",
    "magic of two lines": "!ls \\\n  -l",
    "magic of two lines, CRLF": "%cd \\\r\n x\r\ny = 1",
    "magic of many lines": "!ls \\\n\\\n\\\nx",
    "magic that ends its cell with a backslash": "!ls \\",
    "magic of two lines, CR": "!ls \\\r)(",
    "magic that ends with two backslashes": "!ls \\\\\n)(",
    "magic and an empty line that continues it": "!ls \\\n\na = 1",
    "magic behind a backslash and a blank": "a = 1\n%cd \\ \ny = 1",
    "shortest": "%\n!\n?\n%%\n!!\n??\n/\n,\n;",
    "quoting": ";f a\n,f a b\n/f a",
    "help": "?a\n??a.b\n?a b c\n%a?\n!a?",
    "help behind": "a?\na??\na ?\na.b?\na.b[0]?\na? # x\na?; b\na ? ?",
    "help in a block": "if 1: a?\nif 1:\n  a?",
    "help on the next line": "a\\\n?\na.\\\nb?\na.b \\\n ??",
    "help, CRLF": "a?\r\nb=1",
    "assigned": "a = %pwd\nb = !ls\nc =!ls\nd=%x\ne: int = !ls\nf = g = !!ls # x\nh, i = %%x",
    "assigned to others": "a.b = %x\na[0] = %x\nif 1: b = !ls\na; b = !ls",
    "assigned behind blanks": "a = \x0c!ls\na = \t!ls\na =\\\n!ls\na = \\\n  %ls\na = !ls \\\n -l",
    "assigned in blocks": "if a:\n  a = !ls\nelse:\n  !ls\nasync def f():\n  x = !ls",
    "arithmetic": "a = 5 % 3\na %= 3\na = 5 \\\n  % 3\na = 5 \\\n% 3\na = (5\n% 3)\na != b",
    "in strings": '\'\'\'\n%cd\n!ls\na?\n\'\'\'\n\'a\\\n%b\'\n"""\n?\n\\"""\n%x"""',
    "in comments": '# %cd \' ( """\n%cd',
    "in an f-string": "f'{a!r} {a!s:%}'",
    "behind brackets": "{\n}\n%ls )\n!ls }\n[\n'(',  # (\n]\n?x",
    "in all kinds of blocks": "for i in x:\n  !ls {i}\n  a\ntry:\n  %x\nexcept: a",
    "no place: behind a colon": "if 1: %cd x",
    "no place: behind a semicolon": "a = 1; !ls",
    "no place: behind an augmented assignment": "a += !ls",
    "no place: in brackets": "a = (\n%ls\n)",
    "no place: an argument": "f(x=%ls)",
    "no place: a comparison": "a == !ls",
    "no place: a walrus": "(a := !ls)",
    "no place: behind a comment": "a = # x\n%ls",
    "no place: in the middle": "a?b",
    "no place: behind an equals sign": "a = ?b",
    "no place: behind a plus": "a = b + \\\n%c",
    "wrong indentation": "  %cd x",
    "wildcards": "*int*?",
    "nothing to ask for": "a =?",
}
LENIENT = {
    "help on a call": "a()?",
    "help on what is assigned": "a = b?",
    "help on an element": "a['x']?",
    "too much help": "a???",
}
MAGICS = (
    *"capture debug ipytest prun pypy python python2 python3 time timeit".split(),
    *"bash html javascript js latex markdown perl ruby script sh svg sx system writefile".split(),
    *"cython R sql SVG HTML cache memit mprun lprun pytest é !".split(),
)
AUTOMAGICS = (
    *"alias alias_magic autoawait autocall automagic bookmark cd code_wrap colors conda".split(),
    *"config debug dhist dirs doctest_mode edit env gui history killbgscripts load".split(),
    *"load_ext loadpy logoff logon logstart logstate logstop lsmagic macro magic mamba".split(),
    *"matplotlib micromamba notebook page pastebin pdb pdef pdoc pfile pinfo pinfo2 pip".split(),
    *"popd pprint precision prun psearch psource pushd pwd pycat pylab quickref recall".split(),
    *"rehashx reload_ext rerun reset reset_selective run save sc set_env sx system tb".split(),
    *"time timeit unalias unload_ext who who_ls whos xdel xmode".split(),
    *"ls cat cp mv rm mkdir less man capture git python store uv CD cd; x".split(),
)
OPERATORS = "= += -= *= /= //= %= **= &= |= ^= <<= >>= @= := == - . ( : is =x".split()
CASES = {
    **NOTEBOOKS,
    **{name: Case(notebook(cell, MARKED)) for name, cell in CELLS.items()},
    **{name: Case(notebook(cell, MARKED), lenient=True) for name, cell in LENIENT.items()},
    **{f"%%{name}": Case(notebook(f"%%{name} -n 3\n{MARKED}", MARKED)) for name in MAGICS},
    **{name: Case(notebook(f"{name} a b", MARKED)) for name in AUTOMAGICS},
    **{f"cd {sign}": Case(notebook(f"cd {sign} )(", MARKED)) for sign in OPERATORS},
    "cd alone": Case(notebook(f"cd\n{MARKED}", MARKED)),
    "cd indented": Case(notebook(f" cd x\n{MARKED}", MARKED)),
    "cd in line 2": Case(notebook("# x\ncd x", MARKED)),
    "cd called": Case(notebook(f"cd(x)\n{MARKED}", MARKED)),
}


def encoded(content: object) -> bytes:
    """Return JSON, all but ASCII escaped."""
    return json.dumps(content).encode("ascii")


def places(parsed: Notebook) -> Iterator[Place]:
    """Yield where the marks of a notebook stand.  Raises ``SyntaxError``."""
    lines = LineIndex(parsed.text)
    for node in ast.walk(ast.parse(parsed.text)):
        if isinstance(node, ast.Constant) and node.value == "/tmp/a":
            row, column = lines.place(lines.offset(node.lineno, node.col_offset))
            yield (*parsed.cell_of(row), column + 1)


def ours(data: bytes) -> list[Place] | None:
    """Return where the marks of a notebook stand, ``None`` if it cannot be parsed."""
    try:
        return sorted(places(Notebook.parse(data)))
    except SyntaxError:
        return None


@pytest.fixture(scope="module")
def ruffs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Place] | None]:
    """What Ruff finds in each case, ``None`` if it cannot parse it."""
    root = tmp_path_factory.mktemp("notebooks")
    names = {}
    for number, (name, case) in enumerate(CASES.items()):
        path = root / f"{number}.ipynb"
        path.write_bytes(encoded(case.content))
        names[path.name] = name
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "."]
    command += ["--select=S108", "--output-format=json"]
    process = subprocess.run(command, cwd=root, capture_output=True, check=False)
    found: dict[str, list[Place] | None] = {name: [] for name in CASES}
    for one in json.loads(process.stdout):
        name = names[Path(one["filename"]).name]
        marks = found[name]
        if one["code"] != "S108":
            found[name] = None
        elif marks is not None:
            location = one["location"]
            marks.append((one["cell"], location["row"], location["column"]))
    return {name: marks if marks is None else sorted(marks) for name, marks in found.items()}


@pytest.mark.parametrize("name", CASES)
def test_places_are_ruffs(ruffs: Mapping[str, list[Place] | None], name: str) -> None:
    case = CASES[name]
    found = ours(encoded(case.content))
    if case.lenient:
        assert ruffs[name] is None
        assert found
    else:
        assert found == ruffs[name]


def test_ruff_finds_marks_and_errors(ruffs: Mapping[str, list[Place] | None]) -> None:
    assert ruffs["one cell"] == [(1, 1, 5)]
    assert ruffs["a broken cell breaks all"] is None
    assert ruffs["R"] == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("%cd é", "0    ", id="a magic"),
        pytest.param("  !ls \\\r\n  -l\r\nx", "  0    \r\n    \r\nx", id="its lines are kept"),
        pytest.param("x = !ls", "x = 0  ", id="assigned"),
        pytest.param("x =\\\n%", "x =\\\n0", id="assigned on the next line"),
        pytest.param("x.y?? # !", "x.y   # !", id="help"),
        pytest.param("f(\n?x\n)?", "f(\n?x\n) ", id="not in brackets"),
        pytest.param("'%\n%x", "'%\n0 ", id="a string that is not closed ends with its line"),
        pytest.param('"""\n%x', '"""\n%x', id="a long string that is not closed does not end"),
        pytest.param('"""\n%x\\', '"""\n%x\\', id="not even at a backslash"),
        pytest.param(")\n%x", ")\n0 ", id="brackets that were not open"),
        pytest.param("'\\'\n%x", "'\\'\n0 ", id="an escaped quote"),
        pytest.param("r'\\'\n?x'", "r'\\'\n0  ", id="an escaped quote in a raw string"),
    ],
)
def test_make_parseable(source: str, expected: str) -> None:
    assert make_parseable(source) == expected


@QUICK
@given(st.lists(st.sampled_from([*"%!?/;,=()[]{}'\"\\#\r\n \tax", "'''", '"""', "\\\n", "\r\n"])))
def test_make_parseable_keeps_lines_and_columns(pieces: list[str]) -> None:
    source = "".join(pieces)
    text = make_parseable(source)
    assert len(text) == len(source)
    changed = [old for old, new in zip(source, text) if old != new]
    assert not {"\r", "\n"}.intersection(changed)
    assert {new for old, new in zip(source, text) if old != new} <= {"0", " "}
    if not any(mark in source for mark in "%!?/;,"):
        assert text == source


def test_parts_for_an_editor() -> None:
    data = encoded(notebook({"cell_type": "raw"}, ["!ls é\n", "a?"], "%%sh", "b"))
    parsed = Notebook.parse(data)
    assert parsed.text == "0   \x20\na \nb\n"
    assert parsed.source == "!ls é\na?\nb\n"
    assert [cell.number for cell in parsed.cells] == [2, 4]
    for cell in parsed.cells:
        assert parsed.source[cell.start :].startswith(cell.source)


@pytest.mark.parametrize(
    ("row", "expected"), [(0, (2, 0)), (1, (2, 1)), (2, (2, 2)), (3, (3, 1)), (4, (3, 2))]
)
def test_cell_of(row: int, expected: tuple[int, int]) -> None:
    parsed = Notebook.parse(encoded(notebook({"cell_type": "raw"}, "a\nb", "c")))
    assert parsed.cell_of(row) == expected


def test_cell_of_no_cell() -> None:
    parsed = Notebook.parse(encoded(notebook()))
    assert (parsed.text, parsed.cell_of(1)) == ("", (1, 1))


OLD_CELL = {"cell_type": "code", "language": "python", "input": MARKED}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            {"worksheets": [{"cells": [OLD_CELL]}, {"cells": [OLD_CELL]}], "nbformat": 3},
            [(1, 1, 5), (2, 1, 5)],
            id="format 3",
        ),
        pytest.param(
            {"worksheets": [{"cells": [{**OLD_CELL, "language": "julia"}]}], "nbformat": 3},
            [],
            id="format 3, another language",
        ),
        pytest.param({"cells": [{}], "nbformat": 4}, [], id="a cell of no type"),
        pytest.param(
            {"cells": [{"cell_type": "code", "source": MARKED}], "nbformat": 4},
            [(1, 1, 5)],
            id="all that is needed",
        ),
        pytest.param(
            notebook(MARKED, metadata={"kernelspec": {"name": "python3"}}),
            [(1, 1, 5)],
            id="a kernel without a language",
        ),
        pytest.param(
            notebook(MARKED, metadata={"kernelspec": {"name": None}}), [], id="a nameless kernel"
        ),
    ],
)
def test_what_ruff_refuses_or_skips(content: object, expected: list[Place]) -> None:
    assert ours(encoded(content)) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "line 1 is not valid JSON", id="empty"),
        pytest.param(b'{\n"cells": [', "line 2 is not valid JSON", id="cut"),
        pytest.param(encoded(notebook()) + b"\nx", "line 2 is not valid JSON", id="more"),
        pytest.param(b"\xef\xbb\xbf{}", "line 1 is not valid JSON", id="byte order mark"),
        pytest.param(b"x = 1\n", "line 1 is not valid JSON", id="Python"),
        pytest.param(b'{"\x1b\n": 1}', "line 1 is not valid JSON", id="control character"),
        pytest.param(b"[" * 100_000, "its JSON is nested too deeply", id="lists"),
        pytest.param(b'{"a":' * 100_000, "its JSON is nested too deeply", id="objects"),
        pytest.param(b"[]", "a notebook is a JSON object", id="a list"),
        pytest.param(b"9" * 1_000_000, "a notebook is a JSON object", id="a large number"),
        pytest.param(b"{}", "a notebook has the format 3 or 4", id="no format"),
        pytest.param(b'{"nbformat": 5}', "a notebook has the format 3 or 4", id="a later format"),
        pytest.param(
            b'{"nbformat": [' + b"9" * 100_000 + b"]}",
            "a notebook has the format 3 or 4",
            id="a format that is none",
        ),
        pytest.param(b'{"nbformat": 4}', "its `cells` is no list of objects", id="no cells"),
        pytest.param(b'{"nbformat": 3}', "its `worksheets` is no list of objects", id="no sheets"),
        pytest.param(
            b'{"nbformat": 4, "cells": [1]}', "its `cells` is no list of objects", id="no object"
        ),
        pytest.param(
            encoded(notebook(metadata=[1])), "its `metadata` is no object", id="wrong metadata"
        ),
        pytest.param(
            encoded(notebook(metadata={"kernelspec": "x"})),
            "its `kernelspec` is no object",
            id="wrong kernel",
        ),
        pytest.param(encoded(notebook("", code(None))), "cell 2 has no source", id="no source"),
        pytest.param(encoded(notebook(code(["a", 1]))), "cell 1 has no source", id="mixed source"),
        pytest.param(encoded(notebook(code([["a"]]))), "cell 1 has no source", id="nested source"),
        pytest.param(encoded(notebook("\ud800")), "cell 1 has no source", id="half a character"),
    ],
)
def test_no_notebook(data: bytes, reason: str) -> None:
    with pytest.raises(NotebookError) as caught:
        Notebook.parse(data)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b'{\n"a": "\xe9"}', "byte 0xe9 in line 2 is not utf-8", id="Latin-1"),
        pytest.param("{}".encode("utf-16"), "byte 0xff in line 1 is not utf-8", id="UTF-16"),
    ],
)
def test_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(UndecodableError) as caught:
        Notebook.parse(data)
    assert str(caught.value) == reason


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("%!? a'\n\ud800"),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["cells", "metadata", "source", "cell_type"]), inner)
    ),
)


@settings(QUICK, max_examples=100)
@given(
    content=st.fixed_dictionaries(
        {"nbformat": st.sampled_from([3, 4]), "metadata": VALUES, "cells": VALUES | st.just([])},
        optional={"worksheets": VALUES},
    ),
    cells=st.lists(st.fixed_dictionaries({"cell_type": st.just("code"), "source": VALUES})),
    cut=st.integers(0, 3),
)
def test_json_of_any_kind(content: dict[str, object], cells: list[object], cut: int) -> None:
    data = encoded({**content, "cells": cells} if cells else content)
    try:
        parsed = Notebook.parse(data[: len(data) - cut])
    except NotebookError:
        return
    assert cut == 0
    assert len(parsed.text) == len(parsed.source)


@pytest.mark.parametrize(
    "unit",
    [
        *"'\"\\#?%!=([ \n",
        *("'''", '"""', "? ", "?\\", "\n%", "\n!\\", "= ", "= \\\n", "=\\\n!", '\\"""\n', '\\"'),
        *("%%\n", "%%time\n", "\n  ", "\r", "a?x\n", '\'"\'"""', "\n/"),
    ],
)
@pytest.mark.parametrize(("start", "end"), [("", ""), ('"""', "\\"), ("(", ")"), ("x = ", "!")])
def test_large_cell(start: str, unit: str, end: str) -> None:
    source = start + unit * (200_000 // len(unit)) + end
    parsed = Notebook.parse(encoded(notebook(source, MARKED)))
    assert len(parsed.text) == len(parsed.source)
    assert parsed.text.endswith(f"{MARKED}\n")


def test_many_cells() -> None:
    parsed = Notebook.parse(encoded(notebook(*[MARKED] * 20_000)))
    assert sorted(places(parsed)) == [(number, 1, 5) for number in range(1, 20_001)]
