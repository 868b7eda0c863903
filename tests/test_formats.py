"""The output formats: each reads back, none passes on a hostile text, and all look like Ruff's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Callable, NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit
from xml.etree import ElementTree

import jsonschema
import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_runsdir import diagnostic as inside
from flake8_runsdir import emit as package
from flake8_runsdir.emit import (
    WITH_STATISTICS,
    ascii_json,
    azure,
    github,
    inert,
    junit,
    paths,
    statistics,
    summary,
)
from flake8_runsdir.emit.fingerprints import fingerprints
from flake8_runsdir.locator import Locator
from flake8_runsdir.options import FORMATS
from flake8_runsdir.report import Edit, Excerpt, Fix, Located, Repair, Report, Style

SCHEMAS = Path(__file__).parent / "schemas"
STYLE = Style("/project")
RUN001 = ("RUN001", "hardcoded-runs-path")

#: What may stand in a name, a message, a source text or a fix.
HOSTILE = {
    "C0": "".join(map(chr, range(32))),
    "DEL and C1": "".join(map(chr, range(0x7F, 0xA0))),
    "bidi": "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff",
    "separators": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "surrogates": "\ud800a\udfff",
    "undecodable": "\udc80\udcff",
    "noncharacters": "\ufffe\uffff\U0010ffff\ue000",
    "terminal": "\x1b[31mred\x1b]0;title\x07\x9b2J",
    "xml": "<&>\"']]><!--",
    "json": '"\\"\\u0000\\',
    "percent": "%0A%25%AZP25",
    "properties": "a:b,c;d]e",
    "github": "::error::x",
    "github, indented": " ::set-output name=a::b",
    "github, next line": "x\n::error::y\r\n::add-mask::z",
    "github, old": "##[error]x",
    "azure": "##vso[task.setvariable variable=a]b",
    "azure, hidden": "###vso[a]##vso##vso[b]",
    "link": "[text](http://example.com)",
    "wide": "日本🎉é",
}


def hostile(text: str) -> Located:
    """Return a finding with a text wherever it may stand."""
    fix = Fix("safe", text, (Edit(text, 1, 5, 1, 7 + len(text)),))
    excerpt = Excerpt(1, (f'x = "{text}"',))
    fix = fix._replace(excerpts=(excerpt,))
    path = f"/project/{text}.py"
    return Located(path, 1, 5, 1, 7 + len(text), *RUN001, f"`{text}`", 1, None, excerpt, fix)


def finding(row: int = 3, path: str = "/project/app/a.py", **values: Any) -> Located:
    """Return a finding of an ordinary file."""
    excerpt = Excerpt(row, (f"x = 'line {row}'",))
    found = Located(path, row, 5, row, 12, *RUN001, "a message", row, None, excerpt)
    return found._replace(**values)


UNSAFE = Fix(
    "unsafe",
    "Ask the settings",
    (Edit("settings.runs", 9, 5, 9, 12),),
    (Excerpt(9, ("x = 'line 9'",)),),
)
NORMAL = (
    finding(),
    finding(9, fix=UNSAFE),
    finding(2, end_row=4, end_column=2, excerpt=Excerpt(1, ("a", 'b = """', "c", '"""'))),
    finding(path="/project/läufe/mit leer.py"),
    finding(path="/elsewhere/a.py"),
    finding(path="-"),
    finding(path="/project/nb.ipynb", cell=2),
    finding(1, code="RUN901", name="unparsable", message="this file cannot be parsed"),
)
MIXED = Report((*NORMAL, *map(hostile, HOSTILE.values())), 30, 1)
CLEAN = Report((), 3, 0)


def emitted(name: str, report: Report, style: Style = STYLE) -> str:
    """Return a whole report."""
    return "".join(package.emit(name, report, style))


def schema(name: str) -> Any:
    """Return one of the schemas."""
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


# --- What readers find ---


class Read(NamedTuple):
    """A finding as it was read back; what a format does not carry is ``None``."""

    path: str
    code: str
    message: str
    row: int | None = None
    column: int | None = None


def read_concise(text: str) -> Iterator[Read]:
    """Read the lines that editors read."""
    line = re.compile(r"(.*):(\d+):(\d+): (RUN\d+) (?:\[\*\] )?(.*)")
    for match in filter(None, map(line.fullmatch, text.split("\n"))):
        path = re.sub(r":cell \d+$", "", match[1])
        yield Read(path, match[4], match[5], int(match[2]), int(match[3]))


def read_grouped(text: str) -> Iterator[Read]:
    """Read the findings below each name of a file."""
    line = re.compile(r"  +(?:cell \d+:)?(\d+):(\d+) +(RUN\d+) (?:\[\*\] )?(.*)")
    for block in text.split("\n\n")[:-1]:
        name, *lines = block.split("\n")
        for match in filter(None, map(line.fullmatch, lines)):
            yield Read(name[:-1], match[3], match[4], int(match[1]), int(match[2]))


def read_full(text: str) -> Iterator[Read]:
    """Read headers and locations."""
    block = re.compile(r"(RUN\d+) (?:\[\*\] )?(.*)\n *--> (.*):(\d+):(\d+)\n")
    for code, message, path, row, column in block.findall(text):
        yield Read(re.sub(r":cell \d+$", "", path), code, message, int(row), int(column))


def read_pylint(text: str) -> Iterator[Read]:
    """Read ``path:row: [CODE] message``."""
    for line in text.split("\n")[:-1]:
        match = re.fullmatch(r"(.*):(\d+): \[(\w+)\] (.*)", line)
        assert match
        yield Read(match[1], match[3], match[4], int(match[2]))


def read_github(text: str) -> Iterator[Read]:
    """Read workflow commands as their specification has it."""
    for line in text.split("\n")[:-1]:
        _, command, data = line.split("::", 2)
        name, _, listed = command.partition(" ")
        properties = dict(pair.split("=", 1) for pair in listed.split(","))
        title = re.fullmatch(r"runsdir \((\w+)\)", github_unescaped(properties["title"]))
        assert name == "error"
        assert title
        message = github_unescaped(data).split("\n")[0].split(f": {title[1]} ", 1)[1]
        column = int(properties["col"]) if "col" in properties else None
        path = github_unescaped(properties["file"])
        yield Read(path, title[1], message, int(properties["line"]), column)


def read_azure(text: str) -> Iterator[Read]:
    """Read logging commands as their specification has it."""
    for line in text.split("\n")[:-1]:
        match = re.fullmatch(r"##vso\[task\.logissue ([^\]]*)\](.*)", line)
        assert match
        properties = dict(pair.split("=", 1) for pair in match[1].split(";")[:-1])
        assert properties["type"] == "error"
        place = int(properties["linenumber"]), int(properties["columnnumber"])
        path = azure_unescaped(properties["sourcepath"])
        yield Read(path, properties["code"], azure_unescaped(match[2]), *place)


def read_junit(text: str) -> Iterator[Read]:
    """Read the document with junitparser."""
    for suite in junitparser.JUnitXml.fromstring(text.encode()):
        for case in suite:
            (failure,) = case.result
            attributes = case._elem.attrib
            row, column = attributes.get("line"), attributes.get("column")
            code = case.name.rpartition(".")[2]
            place = (int(row), int(column)) if row and column else (None, None)
            yield Read(suite.name, code, failure.message, *place)


def read_json(text: str) -> Iterator[Read]:
    """Read Ruff's JSON with a schema."""
    for found in json.loads(text):
        jsonschema.validate(found, schema("finding"))
        place = found["location"]["row"], found["location"]["column"]
        yield Read(found["filename"], found["code"], found["message"], *place)


def read_json_lines(text: str) -> Iterator[Read]:
    """Read a JSON object from each line."""
    yield from read_json(f"[{','.join(text.splitlines())}]")


def read_gitlab(text: str) -> Iterator[Read]:
    """Read GitLab's report with a schema."""
    issues = json.loads(text)
    jsonschema.validate(issues, schema("gitlab"))
    for issue in issues:
        begin = issue["location"]["positions"]["begin"]
        message = issue["description"][len(issue["check_name"]) + 2 :]
        path = issue["location"]["path"]
        yield Read(path, issue["check_name"], message, begin["line"], begin["column"])


def read_rdjson(text: str) -> Iterator[Read]:
    """Read reviewdog's report with a schema."""
    result = json.loads(text)
    jsonschema.validate(result, schema("rdjson"))
    for one in result["diagnostics"]:
        start = one["location"]["range"]["start"]
        place = start["line"], start["column"]
        yield Read(one["location"]["path"], one["code"]["value"], one["message"], *place)


def read_sarif(text: str) -> Iterator[Read]:
    """Read the first run with the schema of OASIS."""
    log = json.loads(text)
    jsonschema.validate(log, schema("sarif-schema-2.1.0"))
    (run,) = log["runs"]
    for result in run["results"]:
        (location,) = result["locations"]
        place = location["physicalLocation"]
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        artifact = run["artifacts"][place["artifactLocation"]["index"]]["location"]
        assert rule["id"] == result["ruleId"]
        assert artifact["uri"] == place["artifactLocation"]["uri"]
        start = place["region"]["startLine"], place["region"]["startColumn"]
        yield Read(artifact["uri"], rule["id"], result["message"]["text"], *start)


def github_unescaped(text: str) -> str:
    """Undo what the specification says; percent signs last."""
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def azure_unescaped(text: str) -> str:
    """Undo what the specification says; percent signs last."""
    for code, character in (("%3B", ";"), ("%5D", "]"), ("%0D", "\r"), ("%0A", "\n")):
        text = text.replace(code, character)
    return text.replace("%AZP25", "%")


READERS = {
    "concise": read_concise,
    "full": read_full,
    "json": read_json,
    "json-lines": read_json_lines,
    "junit": read_junit,
    "grouped": read_grouped,
    "github": read_github,
    "gitlab": read_gitlab,
    "pylint": read_pylint,
    "rdjson": read_rdjson,
    "azure": read_azure,
    "sarif": read_sarif,
}
#: Formats that know the rows of a notebook's cells.
WITH_CELLS = ("concise", "full", "grouped", "json", "json-lines")


def expected(name: str, found: Located) -> Read:
    """Return what a reader should find."""
    inside = found.path[len("/project/") :] if found.path.startswith("/project/") else found.path
    message = inert.shown(found.message)
    place: tuple[int | None, int | None] = (found.row, found.column)
    if found.cell is not None and name not in WITH_CELLS:
        place = (None, None) if name == "junit" else (1, 1)
    if name == "pylint" or (name == "github" and found.end_row > found.row):
        place = (place[0], None)
    if name in ("concise", "grouped", "pylint"):
        path = inert.beginning(inert.shown(inside))
    elif name == "full":
        path = inert.shown(inside)
    elif name in ("github", "azure", "junit"):
        path = inert.shown(found.path)
    elif name == "sarif":
        uri = paths.relative_uri(inside) if inside != found.path else paths.file_uri(found.path)
        path, message = "-" if inside == "-" else uri, message.replace("](", "] (")
    else:
        path = inert.well_formed(inside if name == "gitlab" else found.path)
    return Read(path, found.code, message, *place)


@pytest.fixture(autouse=True)
def _outside_of_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI_PROJECT_DIR", raising=False)


@pytest.mark.parametrize("name", FORMATS)
def test_every_finding_reads_back(name: str) -> None:
    read = list(READERS[name](emitted(name, MIXED)))
    assert read == [expected(name, found) for found in MIXED.findings]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_raw_passes(name: str) -> None:
    text = emitted(name, MIXED)
    assert [line for line in text.split("\n") if not line.isprintable()] == []
    text.encode("utf-8")
    in_color = emitted(name, MIXED, STYLE._replace(color=True))
    assert re.sub(r"\x1b\[[\d;]*m", "", in_color) == text
    if name in ("json", "json-lines", "gitlab", "rdjson", "sarif"):
        assert text.isascii()


@pytest.mark.parametrize("name", FORMATS)
def test_no_command_is_forged(name: str) -> None:
    lines = emitted(name, MIXED).split("\n")
    workflow = [line for line in lines if line.lstrip().startswith("::")]
    logging = [command for line in lines for command in re.findall(r"##[a-zA-Z]*\[", line)]
    count = len(MIXED.findings)
    assert len(workflow) == (count if name == "github" else 0)
    assert logging == (["##vso["] * count if name == "azure" else [])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_shown(text: str) -> None:
    once = inert.shown(text)
    assert once.isprintable()
    assert inert.shown(once) == once
    assert [char for char in text if char.isprintable() and char not in once] == []


@pytest.mark.parametrize(
    ("text", "result"),
    [
        pytest.param("läufe 日本", "läufe 日本", id="what is printable stays"),
        pytest.param("\x00\x1b\x7f\x9b", r"\x00\x1b\x7f\x9b", id="control"),
        pytest.param("a\r\n\tb", r"a\r\n\tb", id="layout"),
        pytest.param("\u202e\u2066\u200b\u2028", r"\u202e\u2066\u200b\u2028", id="format"),
        pytest.param("\udc80", r"\udc80", id="a byte of a name that is no text"),
        pytest.param("##vso[a]", r"\x23#vso[a]", id="command"),
        pytest.param("## title, #[1]", "## title, #[1]", id="no command"),
    ],
)
def test_shown_as(text: str, result: str) -> None:
    assert inert.shown(text) == result


ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from("#[]%:;,\r\n\udc80\u202evso"))


@given(ANY_TEXT)
def test_escapes_are_undone_by_what_their_formats_define(text: str) -> None:
    assert github_unescaped(github.escaped_data(text)) == text
    assert azure_unescaped(azure.escaped_data(text)) == text
    in_github, in_azure = github.escaped_property(text), azure.escaped_property(text)
    assert github_unescaped(in_github) == text
    assert azure_unescaped(in_azure) == text
    assert not set("\r\n:,") & set(in_github)
    assert not set("\r\n;]") & set(in_azure)


@given(ANY_TEXT)
def test_json_and_xml_give_the_text_back(text: str) -> None:
    tidy = inert.well_formed(text)
    assert tidy.encode("utf-8")[:0] == b""
    for written in (ascii_json.compact(tidy), ascii_json.indented(tidy)):
        assert json.loads(written) == tidy
        assert written.isascii()
        assert written.isprintable()
        assert not re.search(r"##[a-zA-Z]*\[", written)
    shown = inert.shown(text)
    escaped = junit.escaped(shown)
    element = ElementTree.fromstring(f'<a b="{escaped}">{escaped}</a>')
    assert (element.get("b"), element.text or "") == (shown, shown)


@given(st.binary().map(os.fsdecode))
def test_uris_keep_the_bytes_of_a_name(name: str) -> None:
    uri = urlsplit(paths.file_uri(f"/{name}"))
    assert (uri.scheme, uri.query, uri.fragment) == ("file", "", "")
    assert unquote_to_bytes(uri.path) == os.fsencode(f"/{name}")
    relative = paths.relative_uri(name)
    assert unquote_to_bytes(relative) == os.fsencode(name)
    assert re.fullmatch(r"[-\w.~/%]*", relative, re.ASCII)


@pytest.mark.parametrize(
    ("path", "base", "result"),
    [
        ("/project/a.py", "/project", "a.py"),
        ("/project/a.py", "/", "project/a.py"),
        ("/project/a.py", "/project/", "a.py"),
        ("/projection/a.py", "/project", "/projection/a.py"),
        ("/a.py", "/project", "/a.py"),
        ("-", "/project", "-"),
    ],
)
def test_relative(path: str, base: str, result: str) -> None:
    assert paths.relative(path, base) == result


# --- The same shape as Ruff's ---

FILES = {
    "plain.py": 'import os\na = "/tmp/x"\n\t\nif a:\n    b = open("/tmp/y"); c = "/tmp/z"\n',
    "rows.py": (
        '\n\n\nx = [\n  """/tmp/1\nline\n\n   line\n""", 1]\n\n'
        'y = "/tmp/a"; z = """/tmp/k\n"""\nif x:\n\tx = f(1,\n\t\t"/tmp/\\\n")\n\n\n'
    ),
    "wide.py": 'd = ("日本", "/tmp/é")\ne = "é̀", "/tmp/日本", "🎉", "/tmp/🎉"\n',
    "crlf.py": 'a = 1\r\nx = "/tmp/x"\r\nb = 1\r\n',
    "cr.py": 'a = 1\rx = "/tmp/x"\rb = 1\r',
    "last.py": 'x = "/tmp/last"',
    "quotes.py": 'x = "/tmp/it\'s<&>:,;]"\n',
    "sub/läufe 1.py": 'x = "/tmp/x"\n',
    "fixes.py": (
        'import os\nimport sys\nx = dict()\ny = "%s" % x\nif True:\n  pass\n\n\n\n\n'
        "z = list()\nif not x == None: pass\nimport re, json, ast\nprint(ast)\n"
    ),
    "long_fix.py": 'x = dict(\n  a=1,\n  b=2\n)\ny = (\n    "%s  a   b"\n    % 1\n)\nimport os\n',
    "ninth.py": "a = 1\n" * 8 + "import re\nx = 1\n",
    "tenth.py": "a = 1\n" * 9 + "import re\n",
    "blank.py": "import re\n\n\nx = 1\n\nimport os\n\n",
    "nb.ipynb": json.dumps(
        {
            "cells": [
                {"cell_type": "markdown", "metadata": {}, "source": ["# title"]},
                *(
                    {
                        "cell_type": "code",
                        "execution_count": None,
                        "metadata": {},
                        "outputs": [],
                        "source": source,
                    }
                    for source in (["a = 1\n", "\n", "b = '/tmp/x'"], ["c = '/tmp/x'"])
                ),
            ],
            "metadata": {"language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    ),
}
SELECTED = "S108,F401,C408,UP031,E711,SIM201"


class Project:
    """A directory that the real Ruff reports on, and its findings as ours."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in FILES.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(text.encode())
        self.report = Report(tuple(map(self.located, json.loads(self.ruff("json")))), 1, 0)

    def ruff(self, name: str, *options: str, color: bool = False, select: str = SELECTED) -> str:
        """Return what Ruff prints in a format."""
        command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "."]
        command += ["--select", select, "--output-format", name, *options]
        environment = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        environment.update({"FORCE_COLOR": "1"} if color else {})
        done = subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, check=False
        )
        return done.stdout.decode()

    def fixed(self, select: str, *options: str) -> Report:
        """Return the report of a run that fixes, as ours."""
        before, after = (
            json.loads(self.ruff("json", *arguments, *options, select=select))
            for arguments in ([], ["--fix"])
        )
        counts = Counter((one["filename"], one["code"], one["name"]) for one in before)
        counts.subtract((one["filename"], one["code"], one["name"]) for one in after)
        repairs: dict[str, list[tuple[str, str, int]]] = {}
        for (path, code, name), count in sorted(counts.items()):
            if count:
                repairs.setdefault(path, []).append((code, name, count))
        made = (Repair(path, tuple(rules)) for path, rules in repairs.items())
        return Report(tuple(map(self.located, after)), 1, 0, (), tuple(made))

    def ours(self, name: str, *findings: Located, **style: bool) -> str:
        """Return what we print in a format."""
        report = Report(findings, 1, 0) if findings else self.report
        return emitted(name, report, Style(str(self.root), **style))

    def located(self, record: Any) -> Located:
        """Return a finding of Ruff's as one of ours."""
        (row, column), (end_row, end_column) = place(record)
        lines = self.lines(record["filename"], record["cell"])
        first = max(1, row - 2)
        return Located(
            *(record["filename"], row, column, end_row, end_column),
            *(record["code"], record["name"], record["message"]),
            noqa_row=record["noqa_row"],
            cell=record["cell"],
            excerpt=Excerpt(first, tuple(lines[first - 1 : end_row + 2])),
            fix=record["fix"] and self.fix(record["filename"], record["fix"]),
        )

    def fix(self, path: str, record: Any) -> Fix | None:
        """Return a fix of Ruff's as we locate one."""
        text = Path(path).read_bytes().decode()
        locator = Locator(path, text)
        edits = tuple(
            inside.Edit(
                inside.Span(
                    *(locator.lines.line_start(row) + column - 1 for row, column in place(edit))
                ),
                edit["content"],
            )
            for edit in record["edits"]
        )
        applicability = inside.Applicability(record["applicability"])
        remedy = inside.Remedy(inside.Fix(applicability, record["message"], edits))
        return locator.locate(inside.Diagnostic(inside.Span(0, 0), "", "", remedy)).fix

    def lines(self, path: str, cell: int | None) -> list[str]:
        """Return the lines of a file or of a cell."""
        text = Path(path).read_bytes().decode()
        if cell is not None:
            text = "".join(json.loads(text)["cells"][cell - 1]["source"])
        return re.split(r"\r\n?|\n", text)


def place(record: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where a record of Ruff's begins and ends."""
    start, end = record["location"], record["end_location"]
    return (start["row"], start["column"]), (end["row"], end["column"])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("project").resolve())
    assert len(made.report.findings) > 25
    return made


def translated(text: str) -> str:
    """Return a report of Ruff's with our names in it, and without addresses on the web."""
    text = re.sub(r"\borg\.ruff\b", "org.runsdir", text)
    text = re.sub(r'(title=|name="|classname="|"name": ")ruff\b', r"\1runsdir", text)
    text = re.sub(r'("url": ?)"[^"]*"', r"\1null", text)
    return re.sub(r'"fingerprint": "\w+"', '"fingerprint": "..."', text)


def without_ours(text: str) -> str:
    """Return a report of ours without what Ruff's does not have."""
    text = re.sub(r".*run `runsdir rule .*\n", "", text)
    return re.sub(r'"fingerprint": "\w+"', '"fingerprint": "..."', text)


@pytest.mark.parametrize(
    "name", ["concise", "full", "junit", "grouped", "github", "pylint", "azure"]
)
def test_texts_equal_ruffs(project: Project, name: str) -> None:
    assert without_ours(project.ours(name)) == translated(project.ruff(name))


@pytest.mark.parametrize("name", ["concise", "grouped", "full"])
def test_colors_equal_ruffs(project: Project, name: str) -> None:
    # Ruff also marks which words of a fix differ; so findings without a fix are compared in full.
    plain = [found for found in project.report.findings if found.fix is None]
    text = project.ours(name, *plain, color=True)
    assert without_ours(text) == project.ruff(name, color=True, select="S108")
    if name != "full":
        assert project.ours(name, color=True) == project.ruff(name, color=True)


@pytest.mark.parametrize("name", ["json", "gitlab", "json-lines"])
def test_json_equals_ruffs(project: Project, name: str) -> None:
    """What is ASCII in Ruff's is the same byte for byte; we never write anything but ASCII."""
    ours, ruffs = without_ours(project.ours(name)), translated(project.ruff(name))
    separator = "\n  },\n" if name != "json-lines" else "\n"
    pairs = list(zip(ours.split(separator), ruffs.split(separator)))
    compared = [(one, other) for one, other in pairs if other.isascii()]
    assert len(compared) > len(pairs) / 2
    assert [one for one, _ in compared] == [other for _, other in compared]
    if name == "json-lines":
        assert [*map(json.loads, ours.splitlines())] == [*map(json.loads, ruffs.splitlines())]
    else:
        assert json.loads(ours) == json.loads(ruffs)


def test_rdjson_equals_ruffs(project: Project) -> None:
    scripts = [found for found in project.report.findings if found.cell is None]
    ours = json.loads(project.ours("rdjson", *scripts))
    ruffs = json.loads(project.ruff("rdjson", "--exclude", "*.ipynb"))
    for found in ruffs["diagnostics"]:
        del found["code"]["url"]
    assert ruffs["source"].pop("url")
    assert ruffs["source"].pop("name") == "ruff"
    assert ours.pop("source") == {"name": "runsdir"}
    assert ruffs.pop("source") == {}
    assert ours == ruffs


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("sarif", "rdjson")])
def test_clean_report_equals_ruffs(project: Project, name: str) -> None:
    ruffs = project.ruff(name, select="S113")
    assert emitted(name, CLEAN) == translated(ruffs)


def test_clean_rdjson() -> None:
    assert json.loads(emitted("rdjson", CLEAN))["diagnostics"] == []
    assert list(read_rdjson(emitted("rdjson", CLEAN))) == []


@pytest.mark.parametrize("name", ["concise", "full", "grouped"])
@pytest.mark.parametrize(
    ("option", "style"),
    [
        ("--unsafe-fixes", {"unsafe_fixes": True}),
        ("--no-unsafe-fixes", {"unsafe_fixes": False}),
        ("--quiet", {"quiet": True}),
    ],
)
def test_options_equal_ruffs(
    project: Project, name: str, option: str, style: dict[str, bool]
) -> None:
    assert without_ours(project.ours(name, **style)) == project.ruff(name, option)


@pytest.mark.parametrize("name", ["concise", "grouped"])
@pytest.mark.parametrize(
    "select",
    [
        pytest.param("E711", id="one unsafe fix"),
        pytest.param("C408", id="unsafe fixes"),
        pytest.param("S108", id="no fix"),
        pytest.param("F401,C408", id="both"),
        pytest.param("F401", id="safe fixes"),
    ],
)
def test_summary_equals_ruffs(project: Project, name: str, select: str) -> None:
    findings = [found for found in project.report.findings if found.code in select]
    assert project.ours(name, *findings) == project.ruff(name, select=select)


#: What is asked of Ruff, and what prints the same of us.
FIXING: dict[str, Callable[[str, Report, Style], Iterator[str]]] = {
    "--fix": package.emit,
    "--fix-only": lambda _, report, style: summary.fixed_only(report, style),
    "--diff": lambda _, report, style: summary.would_fix(report, style),
}


@pytest.mark.peers
@pytest.mark.parametrize(
    "select",
    [
        pytest.param("F401", id="all is fixed"),
        pytest.param("C408", id="unsafe fixes"),
        pytest.param("E711", id="one unsafe fix"),
        pytest.param("S108", id="no fix"),
        pytest.param("S113", id="nothing found"),
        pytest.param("F401,E711", id="one unsafe fix more"),
        pytest.param("S108,F401,E711", id="all kinds"),
    ],
)
@pytest.mark.parametrize("unsafe", [None, False, True])
@pytest.mark.parametrize("mode", FIXING)
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("concise", ""),
        ("grouped", "quiet"),
        ("grouped", "show-fixes"),
        ("full", "quiet show-fixes"),
    ],
)
def test_fixing_equals_ruffs(
    tmp_path: Path, name: str, options: str, mode: str, unsafe: bool | None, select: str
) -> None:
    style = Style(str(tmp_path), False, "quiet" in options, unsafe, "show-fixes" in options)
    asked = [] if unsafe is None else [f"--{'' if unsafe else 'no-'}unsafe-fixes"]
    asked += ["--quiet"] if style.quiet else []
    asked += ["--config", "show-fixes=true"] if style.show_fixes else []
    theirs = Project(tmp_path).ruff(name, mode, *asked, select=select)
    report = Project(tmp_path).fixed(select, *asked)
    ours = without_ours("".join(FIXING[mode](name, report, style)))
    assert theirs.endswith(ours)
    patch = theirs[: len(theirs) - len(ours)]
    assert patch == "" or (mode == "--diff" and patch.endswith("\n\n"))


@pytest.mark.parametrize("name", ["concise", "full", "grouped"])
def test_color_of_fixes_equals_ruffs(tmp_path: Path, name: str) -> None:
    options = ["--config", "show-fixes=true"]
    theirs = Project(tmp_path).ruff(name, "--fix", *options, color=True, select="F401,S108")
    report = Project(tmp_path).fixed("F401,S108")
    style = Style(str(tmp_path), color=True, show_fixes=True)
    assert without_ours(emitted(name, report, style)) == theirs


@pytest.mark.parametrize("name", ["concise", "full", "grouped"])
def test_fixes_of_a_hostile_name(name: str) -> None:
    repairs = [Repair(f"/project/{text}.py", ((*RUN001, 2),)) for text in HOSTILE.values()]
    report = Report((), 3, 0, (), tuple(repairs))
    lines = emitted(name, report, STYLE._replace(show_fixes=True)).split("\n")
    assert [line for line in lines if not line.isprintable()] == []
    assert len(lines) == 2 + 2 * len(repairs) + 3


@pytest.mark.parametrize("name", WITH_STATISTICS)
@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("option", ["--quiet", "--unsafe-fixes", "--exit-zero"])
def test_statistics_equal_ruffs(project: Project, name: str, color: bool, option: str) -> None:
    unsafe_fixes = True if option == "--unsafe-fixes" else None
    style = Style(str(project.root), color, option == "--quiet", unsafe_fixes)
    ruffs = project.ruff(name, "--statistics", option, color=color)
    assert "".join(statistics(name, project.report, style)) == ruffs


@pytest.mark.parametrize("name", WITH_STATISTICS)
def test_statistics_of_nothing_equal_ruffs(project: Project, name: str) -> None:
    ruffs = project.ruff(name, "--statistics", select="S113")
    assert "".join(statistics(name, CLEAN, STYLE)) == ruffs


def test_statistics_of_a_rule_that_is_fixed_at_times() -> None:
    some = Fix("safe", "Ask", (Edit("", 1, 1, 1, 1),))
    report = Report((finding(), finding(fix=some)), 1, 0)
    text = "".join(statistics("full", report, STYLE))
    assert text.startswith("2\tRUN001\t[-] hardcoded-runs-path\n")
    (counted,) = json.loads("".join(statistics("json", report, STYLE)))
    assert (counted["fixable"], counted["fixable_count"]) == (False, 1)


@pytest.mark.parametrize("name", ["text", "", "json_lines", "inert"])
def test_unknown_format(name: str) -> None:
    with pytest.raises(ValueError, match="unknown format"):
        package.emit(name, CLEAN, STYLE)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - set(WITH_STATISTICS)))
def test_formats_without_statistics(name: str) -> None:
    with pytest.raises(ValueError, match="no statistics"):
        statistics(name, CLEAN, STYLE)


@pytest.mark.parametrize("name", ["concise", "full", "grouped"])
@pytest.mark.parametrize(
    ("checked", "unchecked", "line"),
    [
        pytest.param(1, 0, "", id="all checked"),
        pytest.param(1, 1, "1 file checked, 1 not checked\n", id="one"),
        pytest.param(0, 2, "0 files checked, 2 not checked\n", id="none"),
        pytest.param(12, 3, "12 files checked, 3 not checked\n", id="some"),
    ],
)
def test_what_was_not_checked(name: str, checked: int, unchecked: int, line: str) -> None:
    report = Report((finding(),), checked, unchecked)
    text = emitted(name, report)
    assert text.endswith(f"Found 1 error.\n{line}")
    assert "checked" not in emitted(name, report, STYLE._replace(quiet=True))


# --- Frames ---


def drawn(found: Located, color: bool = False) -> list[str]:
    """Return the lines of a frame below its header."""
    text = emitted("full", Report((found,), 1, 0), STYLE._replace(color=color, quiet=True))
    return text.rstrip("\n").split("\n")[1:-1]


def test_frame_of_a_line_that_is_cut() -> None:
    line = "0123456789" * 30
    excerpt = Excerpt(7, ("short", line, "x"), skipped=1000)
    found = finding(8, column=1201, end_column=1206, excerpt=excerpt)
    *_, shown, carets, _, _ = lines = drawn(found)
    assert lines[:3] == [" --> app/a.py:8:1201", "  |", "7 | …"]
    assert shown.startswith("8 | …0123")
    assert shown.endswith("9…")
    assert len(shown) < 160
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "01234"


@pytest.mark.parametrize("column", [1, 2, 70, 79, 80, 81, 139, 140, 141, 142, 500, 990])
@pytest.mark.parametrize("length", [1, 10])
@pytest.mark.parametrize("skipped", [0, 1, 5000])
def test_carets_stand_below_the_finding(column: int, length: int, skipped: int) -> None:
    text = "".join(chr(0x4E00 + number) if number % 3 else "\t" for number in range(1000))
    end = column + length
    excerpt = Excerpt(1, (text,), skipped)
    found = finding(1, column=skipped + column, end_column=skipped + end, excerpt=excerpt)
    _, _, shown, carets = drawn(found)
    cells = "".join(
        char * (2 if unicodedata.east_asian_width(char) == "W" else 1) for char in shown
    )
    marked = cells[carets.index("^") : carets.rindex("^") + 1]
    wanted = text[column - 1 : end - 1]
    assert marked == "".join("    " if char == "\t" else char * 2 for char in wanted)


@pytest.mark.parametrize(
    ("found", "frame"),
    [
        pytest.param(finding(excerpt=Excerpt(1, ())), [], id="nothing is known of the source"),
        pytest.param(finding(9, excerpt=Excerpt(1, ("a", "b"))), [], id="another place"),
        pytest.param(
            finding(1, column=3, end_column=3, excerpt=Excerpt(1, ("ab",))),
            ["  |", "1 | ab", "  |   ^"],
            id="a place, no stretch",
        ),
        pytest.param(
            finding(1, column=1, end_column=2, excerpt=Excerpt(1, ("",))),
            ["  |", "1 |", "  | ^"],
            id="an empty line",
        ),
        pytest.param(
            finding(1, column=2, end_row=9, end_column=1, excerpt=Excerpt(1, ("ab", "c"))),
            ["  |", "1 |   ab", "  |  __^", "2 | | c"],
            id="the end is not quoted",
        ),
        pytest.param(
            finding(1, column=1, end_row=2, end_column=1, excerpt=Excerpt(1, ("ab", "", "c"))),
            ["  |", "1 | / ab", "2 | |", "  | |_^", "3 |   c", "  |"],
            id="the end is the beginning of a row",
        ),
    ],
)
def test_frame(found: Located, frame: list[str]) -> None:
    _, *lines = drawn(found)
    assert lines == frame


def patched(fix: Fix) -> list[str]:
    """Return the lines below the message of a fix."""
    found = finding(3, fix=fix)
    text = emitted("full", Report((found,), 1, 0), STYLE._replace(quiet=True))
    return text.partition("help: Ask\n")[2].rstrip("\n").split("\n")


@pytest.mark.parametrize(
    ("edits", "lines"),
    [
        pytest.param(
            [Edit("s", 3, 5, 3, 6)], ["2 | b", "  - c = d", "3 + c = s", "4 | e"], id="one place"
        ),
        pytest.param(
            [Edit("s", 3, 5, 3, 6), Edit("import s\n", 1, 1, 1, 1)],
            ["1 + import s", "2 | a", "3 | b", "  - c = d", "4 + c = s", "5 | e"],
            id="an import above, in view",
        ),
        pytest.param(
            [Edit("t", 3, 1, 3, 2), Edit("s", 3, 5, 3, 6)],
            ["2 | b", "  - c = d", "3 + t = s", "4 | e"],
            id="twice on a row",
        ),
        pytest.param(
            [Edit("", 3, 1, 4, 1), Edit("\r\nf", 5, 2, 5, 2)],
            ["2 | b", "  - c = d", "3 | e", "4 | g", "5 + f"],
            id="a row less, a row more",
        ),
        pytest.param([Edit("x = ", 9, 1, 9, 1)], [], id="the row that is added to is not known"),
        pytest.param([Edit("", 5, 2, 6, 1)], [], id="the row that is joined is not known"),
        pytest.param([Edit("c", 3, 1, 3, 2)], [], id="nothing changes"),
        pytest.param(
            [Edit("", 2, 1, 4, 1), Edit("s", 3, 1, 3, 2)],
            [],
            id="edits that overlap",
        ),
        pytest.param(
            [Edit("", 5, 1, 6, 1)],
            ["4 | e", "  - g"],
            id="the last row, whose end is not known",
        ),
        pytest.param(
            [Edit("s", 30, 1, 30, 2)], [], id="the text that changes is not in the excerpt"
        ),
    ],
)
def test_patch(edits: list[Edit], lines: list[str]) -> None:
    excerpt = Excerpt(1, ("a", "b", "c = d", "e", "g"))
    shown = patched(Fix("safe", "Ask", tuple(edits), (excerpt,)))
    assert shown == (["  |", *lines, "  |"] if lines else [""])


def test_patch_of_rows_far_from_each_other() -> None:
    excerpts = (Excerpt(1, ("a", "b")), Excerpt(9, ("", "c = d", "")))
    edits = (Edit("import s\n", 2, 1, 2, 1), Edit("s", 10, 5, 10, 6))
    assert patched(Fix("display", "Ask", edits, excerpts)) == [
        "   |",
        "1  | a",
        "2  + import s",
        "3  | b",
        "-" * 80,
        "10 |",
        "   - c = d",
        "11 + c = s",
        "12 |",
        "   |",
        "note: This is a display-only fix and is likely to be incorrect",
    ]


@pytest.mark.parametrize(
    ("edit", "new"),
    [
        pytest.param(Edit("AB", 2, 1001, 2, 1003), "…AB23456789", id="at the cut"),
        pytest.param(Edit("ab", 2, 1010, 2, 1011), "…012345678ab", id="at the end"),
        pytest.param(Edit("ab", 2, 1000, 2, 1002), None, id="before what is quoted"),
        pytest.param(Edit("ab", 2, 1011, 2, 1012), None, id="behind what is quoted"),
        pytest.param(Edit("", 2, 1011, 3, 1), None, id="to a place that is not quoted"),
    ],
)
def test_patch_of_a_line_that_is_cut(edit: Edit, new: str | None) -> None:
    excerpt = Excerpt(1, ("", "0123456789", "z"), skipped=1000)
    lines = ["  |", "1 | …", "  - …0123456789", f"2 + {new}", "3 | …z", "  |"]
    assert patched(Fix("safe", "Ask", (edit,), (excerpt,))) == (lines if new else [""])


@pytest.mark.parametrize("color", [False, True])
def test_obstacle(color: bool) -> None:
    """What stands in the way of a fix is told in place of where to read on."""
    style = STYLE._replace(color=color)
    text = emitted("full", Report((finding(obstacle="`a` is bound\x1b"),), 1, 0), style)
    assert "help" in text
    assert r": no fix: `a` is bound\x1b" in text
    assert "read more" not in text


# --- SARIF, GitLab and fingerprints ---


def test_sarif_tools_read_it(tmp_path: Path) -> None:
    (tmp_path / "runsdir.sarif").write_text(emitted("sarif", MIXED), encoding="ascii")
    loader: Any = import_module("sarif.loader")  # a package without types
    log = loader.load_sarif_file(str(tmp_path / "runsdir.sarif"))
    assert log.get_distinct_tool_names() == ["runsdir"]
    assert log.get_result_count() == len(MIXED.findings)
    assert {record["Code"] for record in log.get_records()} == {"RUN001", "RUN901"}


def test_sarif_run() -> None:
    (run,) = json.loads(emitted("sarif", MIXED))["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///project/"}}
    (invocation,) = run["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is False
    assert notification["associatedRule"]["id"] == "RUN901"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["RUN001", "RUN901"]
    for rule in rules:
        assert rule["shortDescription"]["text"].startswith("Reports ")
        assert rule["fullDescription"]["text"]
        assert rule["help"]["markdown"].startswith(f"# {rule['name']} ({rule['id']})\n")
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"] for one in run["results"]]
    assert [place.get("uriBaseId") for place in places[3:6]] == ["%SRCROOT%", None, None]
    assert [place["uri"] for place in places[3:6]] == [
        "l%C3%A4ufe/mit%20leer.py",
        "file:///elsewhere/a.py",
        "-",
    ]
    (logical,) = run["results"][6]["locations"][0]["logicalLocations"]
    assert logical["fullyQualifiedName"] == "cell 2:3:5"


def test_clean_sarif() -> None:
    log = json.loads(emitted("sarif", CLEAN))
    jsonschema.validate(log, schema("sarif-schema-2.1.0"))
    assert log["runs"][0]["results"] == []
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is True


def test_sarif_of_a_rule_that_is_not_known() -> None:
    report = Report((finding(code="ABC123", name="a-b"),), 1, 0)
    (read,) = read_sarif(emitted("sarif", report))
    assert read.code == "ABC123"


def test_gitlab_paths_start_at_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_PROJECT_DIR", "/project")
    report = Report((finding(path="/project/sub/app/a.py"),), 1, 0)
    (read,) = read_gitlab(emitted("gitlab", report, Style("/project/sub")))
    assert read.path == "sub/app/a.py"


def named(*findings: Located) -> list[str]:
    """Return the fingerprints of findings."""
    return list(fingerprints(Report(findings, 1, 0), STYLE))


def test_fingerprints_are_distinct() -> None:
    same = [finding(), finding(), finding(column=9)]
    others = [
        finding(path="/project/b.py"),
        finding(code="RUN002"),
        finding(excerpt=Excerpt(3, ("y",))),
        finding(excerpt=Excerpt(9, ("nothing is known",))),
    ]
    assert len(set(named(*same, *others))) == 7
    everything = named(*MIXED.findings)
    assert len(set(everything)) == len(everything)
    for name, key in (("sarif", "runsdirFinding/v1"), ("gitlab", "fingerprint")):
        written = re.findall(f'"{key}": "([0-9a-f]+)"', emitted(name, MIXED))
        assert written == everything


def test_fingerprints_survive_moved_lines_and_other_directories() -> None:
    excerpts = [Excerpt(3, ("x = 1", "x = 1")), Excerpt(40, ("# new", "\tx = 1  ", "x = 1"))]
    before, after = (
        [
            finding(row, excerpt=excerpt, message=f"of {row}", noqa_row=row)
            for row in (excerpt.row + shift, excerpt.row + shift + 1)
        ]
        for shift, excerpt in enumerate(excerpts)
    )
    assert named(*before) == named(*after)
    assert named(finding(path="/project/b.py"), *before)[1:] == named(*before)
    elsewhere = Report((finding(path="/home/app/a.py"),), 1, 0)
    assert list(fingerprints(elsewhere, Style("/home"))) == named(finding())


def test_fingerprints_survive_formatting_where_the_file_was_checked() -> None:
    before = finding(fingerprint="0123", excerpt=Excerpt(3, ("f('x')",)))
    after = finding(fingerprint="0123", excerpt=Excerpt(3, ('f("x")',)))
    other = finding(fingerprint="4567", excerpt=Excerpt(3, ("f('x')",)))
    assert named(before) == named(after) != named(other)


# --- Costs ---


@pytest.mark.parametrize("name", FORMATS)
def test_report_comes_in_small_pieces(name: str) -> None:
    findings = tuple(finding(row) for row in range(1, 5001))
    pieces = list(package.emit(name, Report(findings, 1, 0), STYLE))
    assert len(pieces) >= 5000
    assert max(map(len, pieces)) < 8000


@pytest.mark.parametrize("name", ["concise", "full"])
def test_short_reports_load_nothing_heavy(name: str) -> None:
    script = (
        "import sys\n"
        "from flake8_runsdir.emit import emit\n"
        "from flake8_runsdir.report import Report, Style\n"
        f"print(''.join(emit({name!r}, Report((), 1, 0), Style('/project'))))\n"
        "heavy = 'json hashlib xml unicodedata subprocess flake8_runsdir.rules'\n"
        "print(sorted(set(heavy.split()) & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "All checks passed!\n\n[]\n"
