"""The reports of an audit: each holds every number, reads back, and escapes hostile texts."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from flake8_runsdir.audit import reports
from flake8_runsdir.audit.inventory import (
    MUST_FIX,
    Comparison,
    HistoryPoint,
    Inventory,
    Place,
    Priority,
    Status,
    Unread,
)
from flake8_runsdir.audit.reports import burndown, markdown, outline
from flake8_runsdir.emit.cells import width
from flake8_runsdir.emit.inert import shown
from flake8_runsdir.options import AUDIT_FORMATS
from flake8_runsdir.report import Style
from test_formats import HOSTILE, schema

STYLE = Style("/project")
NAME = ".autonomous_runs"


def place(path: str = "app/executor.py", row: int = 12, **values: Any) -> Place:
    """Return a critical place of a Python file."""
    usual = {
        "kind": "mention",
        "language": "Python",
        "role": "path",
        "status": Status.CRITICAL,
        "reason": f"a path below `{NAME}` that does not ask the settings",
        "priority": Priority.HIGH,
        "decided_by": "*executor*",
        "code": "RUN001",
        "name": "hardcoded-runs-path",
        "source": f'    marker = Path("{NAME}") / run_id / "marker{row}.json"',
        "context": "Executor.mark",
        "instead": f'    marker = Path(settings.autonomous_runs_dir) / run_id / "marker{row}.json"',
        "applicability": "safe",
        "fingerprint": f"{path}-{row}",
    }
    return Place(path, row, 19, **{**usual, **values})


def harmless(status: Status, path: str, row: int, **values: Any) -> Place:
    """Return a place that is safe to leave, or right."""
    usual = {"status": status, "reason": f"it is {status.value}", "priority": Priority.NONE}
    nothing = {"decided_by": "", "code": "", "name": "", "instead": "", "applicability": ""}
    return place(path, row, **{**usual, **nothing, **values})


PLACES = (
    harmless(Status.MATCH, ".gitignore", 1, language="Text only", source=f"{NAME}/", context=""),
    place(),
    place(row=48, status=Status.SHARED, code="RUN002", applicability="display", instead=""),
    harmless(
        Status.FIXED, "app/lock.py", 9, kind="accessor", source="settings.autonomous_runs_dir"
    ),
    harmless(Status.DEFINITION, "app/settings.py", 3),
    place("app/telemetry.py", 7, priority=Priority.MEDIUM, applicability="unsafe"),
    place(
        "app/telemetry.py",
        31,
        status=Status.BYPASS,
        kind="read",
        code="RUN003",
        priority=Priority.LOW,
        instead="base = settings.autonomous_runs_dir",
    ),
    *(
        harmless(Status.DOCUMENTATION, "docs/läufe.md", row, language="Markdown", context="Usage")
        for row in range(1, 31)
    ),
    place("docs/tour.ipynb", 2, cell=4),
    harmless(Status.SUPPRESSED, "legacy/old.py", 5, code="RUN001", reason="noqa: kept for readers"),
    harmless(Status.MIGRATION, "migrations/0001.sql", 8, language="SQL"),
    harmless(Status.LOG, "run.log", 900, language="Text only", mentions=17),
)
PROJECT = Inventory(
    "parallel_runs",
    "2026-11-22",
    40,
    2,
    PLACES,
    (Unread("data/huge.bin", "larger than 16 MiB"),),
    "AUTONOMOUS_RUNS_DIR",
    NAME,
)
HISTORY = tuple(
    HistoryPoint(
        f"{number:040x}",
        f"2026-{1 + number // 3:02}-{1 + 9 * (number % 3):02}",
        {
            Status.CRITICAL: 30 - 2 * number,
            Status.BYPASS: number % 3,
            Status.FIXED: 3 + 2 * number,
            Status.DOCUMENTATION: 40,
        },
    )
    for number in range(14)
)


def rendered(name: str, inventory: Inventory = PROJECT, *history: HistoryPoint) -> str:
    """Return a whole report."""
    return "".join(reports.render(name, inventory, STYLE, history))


#: What may stand in a name or a source, besides what is hostile to the formats of ``check``.
WICKED = {
    **HOSTILE,
    "html": "<script>document.title='run'</script><img src=x onerror=alert(1)>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "style": "</style><style>*{display:none}",
    "template": "{{ 7 * 7 }}{% include 'x' %}{# #}",
    "entity": "&lt;script&gt;&#60;",
    "cdata": "]]></script><![CDATA[",
    "fence": "```\n# not a heading\n~~~\n````",
    "backticks": "`a``b```",
    "backtick": "`",
    "emphasis": "**a** _b_ ~~c~~ $d$ #1 @e",
    "image": "![a](https://example.com/a.png) <https://example.com> www.example.com",
    "row": "| a | b |\\| c",
    "list": "- a\n1. b\n> c\n\n---\n===",
    "formula": "=HYPERLINK(A1)",
    "formula, indented": "\t =1+1",
    "formula, plus": "+1",
    "formula, at": "@SUM(A1)",
    "formula, full width": "\uff1d1",
    "quotes": "a\"b,c;d'e",
    "rich": "[bold red]a[/] :smile: [link=x]b[/link]",
    "backslash": "a\\",
    "empty": "",
    "blank": "  ",
}

#: The texts that leave something to be seen, so that no part of a report is left out.
VISIBLE = {key: text for key, text in WICKED.items() if text.strip()}


def wicked(text: str, row: int) -> Place:
    """Return a place with a text wherever one may stand."""
    return place(
        f"{text}x",
        row,
        language=text,
        reason=text,
        decided_by=text,
        source=text,
        context=text,
        instead=text,
        fingerprint=text,
        role=text,
        code="",
        name=text,
    )


def inventory_of(text: str) -> Inventory:
    """Return an inventory in which all texts are one: what must be fixed, and other places."""
    places = (
        wicked(text, 1),
        wicked(text, 2)._replace(priority=Priority.LOW, applicability="unsafe"),
        *(
            wicked(text, row)._replace(status=status, priority=Priority.NONE)
            for row, status in enumerate((Status.FIXED, Status.DATA, Status.SUPPRESSED), 3)
        ),
    )
    return Inventory(text, text, 1, 0, places, (Unread(text, text),), text, text)


EMPTY = Inventory("nothing", "2026-11-22", 0, 0)
CLEAN = PROJECT._replace(places=tuple(p for p in PLACES if p.status not in MUST_FIX), unread=())
#: More of everything than is listed.
MANY = PROJECT._replace(
    places=tuple(
        place(f"app/module{number // 3}.py", number + 1, status=status)
        for status in (Status.CRITICAL, Status.FIXED, Status.DATA)
        for number in range(2_000)
    ),
    unread=tuple(Unread(f"data/{number}.bin", "too large") for number in range(1_200)),
)


# --- All formats ---


@pytest.mark.parametrize("name", AUDIT_FORMATS)
@pytest.mark.parametrize("text", WICKED.values(), ids=WICKED)
def test_nothing_raw_passes(name: str, text: str) -> None:
    """No line holds what is not printable, or forges a command of a build server."""
    report = rendered(name, inventory_of(text), HistoryPoint(text, text, {}), HISTORY[0])
    lines = (report.replace("\r\n", "\n") if name == "csv" else report).split("\n")
    assert [line for line in lines if not line.isprintable()] == []
    assert [line for line in lines if line.lstrip().startswith("::")] == []
    assert not re.search(r"##[A-Za-z]*\[", report)


@pytest.mark.parametrize("name", AUDIT_FORMATS)
@pytest.mark.parametrize("inventory", [EMPTY, CLEAN], ids=["empty", "clean"])
def test_nothing_to_do(name: str, inventory: Inventory) -> None:
    report = rendered(name, inventory)
    assert report.endswith("\n")
    says = {
        "text": "Nothing must be fixed",
        "markdown": "Complete: nothing must be fixed",
        "html": "<b>0</b> <span>must be fixed</span>",
        "json": '"must_fix": 0',
    }
    assert says.get(name, "") in report


def test_reports_do_not_depend_on_hashes() -> None:
    """The same inventory gives the same bytes in every process."""
    code = (
        "import sys; sys.stdout.reconfigure(encoding='utf-8', newline='')\n"
        "from test_audit_reports import AUDIT_FORMATS, HISTORY, PROJECT, rendered\n"
        "for name in AUDIT_FORMATS: print(rendered(name, PROJECT, *HISTORY), end='')\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parent,
            env={**os.environ, "PYTHONHASHSEED": seed, "COLUMNS": "100"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_unknown_format() -> None:
    with pytest.raises(ValueError, match="unknown format"):
        reports.render("yaml", EMPTY, STYLE)


def test_totals() -> None:
    """The last place of a huge file counts for all that it stands for."""
    numbers = outline.totals(PROJECT)
    assert (numbers.mentions, numbers.mentioning) == (55, 9)
    assert (numbers.must_fix, numbers.safe, numbers.fixed) == (5, 51, 1)
    assert numbers.statuses[Status.LOG] == 17
    assert list(numbers.priorities.values()) == [3, 1, 1]


@pytest.mark.parametrize(
    ("source", "column", "expected"),
    [
        pytest.param("    x = 1  ", 5, "x = 1", id="no indentation"),
        pytest.param("a" * 159 + "b", 160, "a" * 159 + "b", id="just short enough"),
        pytest.param("b" + "a" * 500, 1, "b" + "a" * 159 + "…", id="cut at the right"),
        pytest.param("a" * 500 + "b", 501, "…" + "a" * 159 + "b", id="cut at the left"),
        pytest.param(
            "    " + "a" * 300 + "b" + "a" * 300,
            305,
            "…" + "a" * 53 + "b" + "a" * 106 + "…",
            id="cut at both sides",
        ),
        pytest.param("a" * 500, 9_999, "…" + "a" * 160, id="a column that is not in the line"),
        pytest.param("a\tb", 1, "a    b", id="a tab is four blanks"),
    ],
)
def test_excerpt(source: str, column: int, expected: str) -> None:
    assert outline.excerpt(place(source=source)._replace(column=column)) == expected


@pytest.mark.parametrize(
    ("instead", "lines"),
    [
        pytest.param("", [], id="nothing is known"),
        pytest.param("    if a:\n        b\n", ["if a:", "    b"], id="common indentation"),
        pytest.param("a\n" * 20, ["a"] * 12 + ["…"], id="too many lines"),
        pytest.param("a" * 200, ["a" * 160 + "…"], id="too long a line"),
    ],
)
def test_replacement(instead: str, lines: list[str]) -> None:
    assert outline.replacement(place(instead=instead)) == lines


def test_files_stand_in_the_order_of_their_priority() -> None:
    files = outline.by_file(outline.must_fix(PROJECT))
    assert [(file.path, file.priority.value) for file in files] == [
        ("app/executor.py", "HIGH"),
        ("docs/tour.ipynb", "HIGH"),
        ("app/telemetry.py", "MEDIUM"),
    ]
    assert [p.row for p in files[2].places] == [7, 31]


def test_phases_go_from_safe_fixes_to_work_by_hand() -> None:
    steps = outline.phases(PROJECT)
    assert [(step.title, step.command, len(step.places)) for step in steps] == [
        ("Safe fixes", "runsdir check --fix", 3),
        ("Unsafe fixes", "runsdir check --fix --unsafe-fixes", 1),
        ("By hand", "", 1),
    ]


SHELL = tuple(
    place(path, language=language, applicability=applicability)
    for path, language, applicability in (
        ("run.sh", "Bash", "display"),
        ("tour.ipynb", "IPython", "display"),
        ("BUILD", "Python", "display"),
        ("bin/tool", "Python", "safe"),
    )
)


@pytest.mark.parametrize(
    ("path", "language", "is_reported"),
    [
        ("a/b.py", "Python", True),
        ("b.pyi", "Python", True),
        ("b.ipynb", "Python", True),
        pytest.param("b.ipynb", "IPython", False, id="a command in a cell"),
        pytest.param("bin/tool", "Python", False, id="not found by its name"),
        pytest.param("BUILD", "Python", False, id="like Python, for Pygments"),
        pytest.param("b.py", "Markdown", False, id="another language"),
        ("b.sh", "Bash", False),
    ],
)
def test_rules_are_named_where_they_report_a_place(
    path: str, language: str, is_reported: bool
) -> None:
    """The data has the code of the rule that speaks of such places, whatever it reports."""
    inventory = EMPTY._replace(places=(place(path, language=language, instead=""),))
    for name in ("markdown", "html", "sarif", "text"):
        report = rendered(name, inventory)
        assert ("RUN001" in report) == (is_reported and name != "text"), name
        assert ("runsdir check" in report) == (is_reported and name == "markdown")
    assert '"code": "RUN001"' in rendered("json", inventory)
    assert table(rendered("csv", inventory))[0]["code"] == "RUN001"


def test_nothing_is_fixed_by_a_command_that_does_not_look_there() -> None:
    inventory = EMPTY._replace(places=SHELL)
    assert [(step.title, step.command) for step in outline.phases(inventory)] == [("By hand", "")]
    report = rendered("markdown", inventory)
    assert "runsdir check" not in report
    assert "```bash\nrunsdir audit --fail-on critical\n```" in report


# --- JSON, CSV and SARIF ---


@pytest.mark.parametrize(
    "inventory",
    [PROJECT, EMPTY, CLEAN, MANY, *map(inventory_of, WICKED.values())],
    ids=["project", "empty", "clean", "many", *WICKED],
)
def test_json_gives_all_back(inventory: Inventory) -> None:
    document = json.loads(rendered("json", inventory, *HISTORY))
    jsonschema.validate(document, schema("audit"))
    places = tuple(
        Place(**{**p, "status": Status(p["status"]), "priority": Priority(p["priority"])})
        for p in document["places"]
    )
    read = Inventory(
        document["root"],
        document["date"],
        document["totals"]["files"],
        document["totals"]["binary"],
        places,
        tuple(Unread(**file) for file in document["unread"]),
        document["variable"],
        document["name"],
    )
    assert read == inventory
    assert [point["statuses"]["critical"] for point in document["history"]][:2] == [30, 28]


def test_schema_of_json_refuses_what_is_not_documented() -> None:
    """It holds every field of a place, and no other."""
    fields = set(schema("audit")["$defs"]["place"]["properties"])
    assert fields == set(Place._fields)
    assert set(schema("audit")["$defs"]["status"]["enum"]) == {status.value for status in Status}
    document = json.loads(rendered("json"))
    document["places"][0]["more"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema("audit"))


def table(text: str) -> list[dict[str, str]]:
    """Read CSV strictly, as RFC 4180 has it."""
    assert text.count("\r\n") == text.count("\n")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_csv_reads_back() -> None:
    rows = table(rendered("csv"))
    assert [(row["path"], row["row"], row["status"], row["priority"]) for row in rows] == [
        (p.path, str(p.row), p.status.value, p.priority.value) for p in PLACES
    ]
    assert rows[1]["instead"] == PLACES[1].instead.strip()
    assert rows[-1]["mentions"] == "17"


@pytest.mark.parametrize("text", WICKED.values(), ids=WICKED)
def test_csv_holds_no_formula(text: str) -> None:
    rows = table(rendered("csv", inventory_of(text)))
    assert len(rows) == 5
    for row in rows:
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d")), cell
        assert row["source"].lstrip("'") == shown(text.strip())


@pytest.mark.parametrize(
    "inventory",
    [PROJECT, EMPTY, CLEAN, *map(inventory_of, WICKED.values())],
    ids=["project", "empty", "clean", *WICKED],
)
def test_sarif_is_valid(inventory: Inventory) -> None:
    document = json.loads(rendered("sarif", inventory))
    jsonschema.validate(document, schema("sarif-schema-2.1.0"))
    (run,) = document["runs"]
    assert len(run["results"]) == len(inventory.places)
    for result, found in zip(run["results"], inventory.places):
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        location = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert run["artifacts"][location["index"]]["location"]["uri"] == location["uri"]
        assert result["properties"]["status"] == found.status.value
        assert "](" not in result["message"]["text"]
    assert run["invocations"][0]["executionSuccessful"] == (not inventory.unread)


def test_sarif_levels_are_priorities() -> None:
    (run,) = json.loads(rendered("sarif"))["runs"]
    found = Counter(
        (result["properties"]["status"], result["kind"], result["level"])
        for result in run["results"]
        if result["properties"]["status"] not in ("documentation", "migration", "log", "match")
    )
    assert found == {
        ("critical", "fail", "error"): 2,
        ("critical", "fail", "warning"): 1,
        ("shared", "fail", "error"): 1,
        ("bypass", "fail", "note"): 1,
        ("suppressed", "fail", "note"): 1,
        ("definition", "informational", "none"): 1,
        ("fixed", "pass", "none"): 1,
    }
    suppressed = [result for result in run["results"] if "suppressions" in result]
    assert [result["suppressions"] for result in suppressed] == [
        [{"kind": "inSource", "justification": "noqa: kept for readers"}]
    ]


# --- Markdown ---


def tokens(text: str) -> list[Token]:
    """Return all tokens of a document, those inside of paragraphs too."""
    found = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        found += [token, *(token.children or ())]
    return found


def shape(inventory: Inventory) -> Counter[str]:
    """Return how many of each kind of token a report has, but for those in the midst of prose."""
    kinds = Counter(token.type for token in tokens(rendered("markdown", inventory)))
    for kind in ("text", "code_inline", "text_special"):
        del kinds[kind]
    return kinds


@pytest.mark.parametrize("text", VISIBLE.values(), ids=VISIBLE)
def test_markdown_keeps_its_shape(text: str) -> None:
    """A hostile text makes no heading, link, HTML, table or list, and ends no block of code."""
    assert shape(inventory_of(text)) == shape(inventory_of("harmless"))


@pytest.mark.parametrize("text", WICKED.values(), ids=WICKED)
def test_markdown_shows_sources_to_the_letter(text: str) -> None:
    found = inventory_of(text)
    blocks = [
        token.content for token in tokens(rendered("markdown", found)) if token.type == "fence"
    ]
    line = outline.excerpt(found.places[0])
    if line.lstrip().startswith("::"):
        line = line.replace("::", r"\x3a:", 1)
    assert blocks[0] == line + "\n"


@given(st.text(max_size=40) | st.text("`\\ *_<>[]a|", max_size=20))
def test_markdown_of_any_text(text: str) -> None:
    """A code span gives its text back, and a sentence is text and code and nothing else."""
    (_, inline, _) = MarkdownIt("commonmark").parse("x " + markdown.code(text) + " y")
    spans = [token for token in inline.children or () if token.type == "code_inline"]
    assert [span.content for span in spans] == [shown(text) if shown(text).strip() else " "]
    (_, inline, _) = MarkdownIt("commonmark").parse("x " + markdown.prose(text))
    assert {token.type for token in inline.children or ()} <= {"text", "code_inline"}


def test_markdown_lists_are_cut_and_counted() -> None:
    """What must be fixed is all there; of the rest nothing is lost but its rows."""
    text = rendered("markdown", MANY)
    assert text.count("**Line ") == 2_000
    assert (
        "And 1980 more in 661 files; `runsdir audit --output-format json` lists them all." in text
    )
    assert "And 1940 more in 647 files" in text
    assert "And 1180 more;" in text


def test_markdown_of_a_long_comparison() -> None:
    """What is new and fixed is listed up to a number, and the rest is counted."""
    critical = MANY.places[:2_000]
    comparison = Comparison("v1", critical[:21], critical[:20], (), critical[21:])
    text = rendered("markdown", MANY._replace(comparison=comparison))
    section = text[text.index("## Progress since `v1`") : text.index("## Critical")]
    assert section.count("\n- `") == 40
    assert section.count("\n\nAnd 1 more in 1 file; `runsdir audit") == 1
    assert section.endswith("**Remaining:** 1979 places, as below\n\n---\n\n")


def test_markdown_of_a_project_without_any_place() -> None:
    assert rendered("markdown", EMPTY._replace(files=3, variable="RUNS")).split("\n") == [
        "<!-- Written by runsdir audit, which leaves its own reports out. -->",
        "",
        "# Hard-coded path audit: `nothing`",
        "",
        "**Status:** Complete: nothing must be fixed  ",
        "**Date:** 2026-11-22",
        "",
        "## Summary",
        "",
        "- **Files found:** none; 3 text files looked into",
        "- **Critical:** none",
        "- **Safe to leave:** none",
        "- **Already fixed:** none",
        "",
        "---",
        "",
        "## Testing strategy",
        "",
        "1. **Static:** no path is hard-coded, and none comes back",
        "",
        "```bash",
        "runsdir audit --fail-on critical",
        "```",
        "",
        "---",
        "",
        "## Next steps",
        "",
        "- [ ] Hold the line in CI with `runsdir audit --fail-on critical`",
        "",
    ]


@pytest.mark.parametrize(
    ("inventory", "state", "steps"),
    [
        pytest.param(PROJECT, "5 places must be fixed", 7, id="all kinds of work"),
        pytest.param(CLEAN, "Complete: nothing must be fixed", 3, id="all is right"),
        pytest.param(
            CLEAN._replace(unread=PROJECT.unread),
            "Nothing must be fixed; 1 file not looked into",
            4,
            id="all that could be read is right",
        ),
        pytest.param(
            CLEAN._replace(places=CLEAN.places[:1]),
            "Complete: nothing must be fixed",
            1,
            id="nothing uses the directory",
        ),
    ],
)
def test_markdown_says_what_is_left_to_do(inventory: Inventory, state: str, steps: int) -> None:
    text = rendered("markdown", inventory)
    assert f"**Status:** {state}  \n" in text
    assert len(re.findall(r"^- \[[ x]\] ", text, re.MULTILINE)) == steps
    headings = [token.map for token in tokens(text) if token.type == "heading_open"]
    lines = text.split("\n")
    for span in headings:
        assert span is not None
        assert lines[span[1] :][1:2] not in ([], [""], ["---"]), "nothing below a heading"


def test_markdown_of_a_file_with_one_priority_says_it_once() -> None:
    text = rendered("markdown")
    section = text[text.index("### 1. `app/executor.py`") : text.index("### 2.")]
    assert section.count("**Priority:** **HIGH**, by `*executor*`\n") == 1
    assert section.count("**Line ") == 2


# --- HTML ---


class Page(HTMLParser):
    """The elements of a page, its rows with the texts of their cells, and all its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.rows: list[list[str]] = []
        self.style = self.policy = self.title = ""
        self._inside: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.update(name for name, _ in attrs)
        values = dict(attrs)
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"] or ""
        self._inside = [*self._inside[-30:], tag]
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "td" in self._inside:
            self.rows[-1][-1] += data
        for name in ("style", "title"):
            if self._inside[-1:] == [name] and "svg" not in self._inside:
                setattr(self, name, getattr(self, name) + data)


def test_page_allows_its_own_style_sheet_only() -> None:
    page = Page(rendered("html", PROJECT, *HISTORY))
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert page.policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert not page.tags.keys() & {"script", "link", "iframe", "img", "object", "a", "base"}
    assert not page.attributes.keys() & {"style", "href", "src", "action"}
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "url(" not in page.style
    assert "@import" not in page.style


@pytest.mark.parametrize("text", VISIBLE.values(), ids=VISIBLE)
def test_page_keeps_its_shape(text: str) -> None:
    """A hostile text adds no element, no attribute and no rule."""
    page, plain = (Page(rendered("html", inventory_of(t))) for t in (text, "harmless"))
    kept = ("tr", "td", "style", "script", "img", "section", "html", "head", "meta", "option")
    assert [page.tags[tag] for tag in kept] == [plain.tags[tag] for tag in kept]
    assert page.tags.keys() - {"code", "wbr"} <= plain.tags.keys()
    assert page.attributes.keys() <= plain.attributes.keys()
    assert page.style == plain.style
    source = outline.excerpt(inventory_of(text).places[0])
    assert page.rows[1][2].startswith(source)
    assert page.title == f"Hard-coded path audit: {shown(text)}"


def test_page_has_every_place() -> None:
    rows = Page(rendered("html")).rows[1:]
    assert [row[0] for row in rows[:5]] == [
        "HIGHcritical",
        "HIGHshared",
        "HIGHcritical",
        "MEDIUMcritical",
        "LOWbypass",
    ]
    assert len(rows) == len(PLACES)
    assert "app/executor.py:12:19Executor.mark" in rows[0][1]
    assert rows[0][2].count("marker12.json") == 2
    assert "cell 4:2:19" in rows[2][1]


def test_page_without_any_place() -> None:
    """There is nothing to filter, to sort, or to list."""
    text = rendered("html", EMPTY)
    assert "There are none: no text names the directory" in text
    assert not Page(text).tags.keys() & {"form", "table"}
    assert {"form", "table"} < Page(rendered("html", CLEAN)).tags.keys()


def test_page_says_what_it_leaves_out() -> None:
    text = rendered("html", MANY)
    assert len(Page(text).rows) == 1 + 3_000
    assert "3000 places shown; 3000 more are not in this page" in text
    assert Page(text).tags["option"] == 2 + 300 + 1


# --- The plot ---


def test_plot_of_a_history() -> None:
    plot = burndown.plot(HISTORY)
    assert plot is not None
    wrong, right = plot.lines
    heights = [float(point.split(",")[1]) for point in wrong.points.split()]
    assert heights[0] == burndown.TOP
    assert heights == sorted(heights)
    assert right.dots[0].label == "2026-01-01, 000000000000: 3"
    assert [tick.label for tick in plot.values] == ["0", "10", "20", "30"]
    assert [tick.label for tick in plot.dates] == ["2026-01-01", "2026-05-10"]


def point(date: str, critical: int) -> HistoryPoint:
    return HistoryPoint("c0ffee", date, {Status.CRITICAL: critical})


@pytest.mark.parametrize(
    ("history", "positions"),
    [
        pytest.param(
            [("2026-01-01", 1), ("2026-01-02", 2), ("2026-01-05", 0)], [0, 0.25, 1], id="by date"
        ),
        pytest.param([("2026-01-01", 1)] * 3, [0, 0.5, 1], id="all on one day"),
        pytest.param(
            [("2026-01-02", 1), ("2026-01-01", 1), ("2026-01-03", 0)],
            [0, 0.5, 1],
            id="dates that go back",
        ),
        pytest.param([("yesterday", 1), ("2026-01-01", 0)], [0, 1], id="a date that is none"),
        pytest.param([("2026-01-01", 0), ("2026-01-02", 0)], [0, 1], id="nothing at any time"),
        pytest.param([("2026-01-01", 10**7), ("2026-01-02", 0)], [0, 1], id="very many"),
    ],
)
def test_points_stand_where_they_were(
    history: list[tuple[str, int]], positions: list[float]
) -> None:
    plot = burndown.plot([point(*entry) for entry in history])
    assert plot is not None
    width = burndown.WIDTH - burndown.LEFT - burndown.RIGHT
    found = [
        (float(place.split(",")[0]) - burndown.LEFT) / width
        for place in plot.lines[0].points.split()
    ]
    assert found == pytest.approx(positions)
    assert 2 <= len(plot.values) <= 8
    for place in plot.lines[0].points.split():
        assert burndown.TOP <= float(place.split(",")[1]) <= burndown.HEIGHT - burndown.BOTTOM


@pytest.mark.parametrize("history", [(), HISTORY[:1]], ids=["none", "one point"])
def test_no_plot_without_a_line(history: tuple[HistoryPoint, ...]) -> None:
    assert burndown.plot(history) is None
    assert "polyline" not in Page(rendered("html", PROJECT, *history)).tags
    assert "polyline" in Page(rendered("html", PROJECT, *HISTORY)).tags


# --- Text ---


@pytest.mark.parametrize("columns", [1, 40, 80, 200])
@pytest.mark.parametrize(
    "inventory", [PROJECT, *map(inventory_of, WICKED.values())], ids=["project", *WICKED]
)
def test_text_is_as_wide_as_the_terminal(
    monkeypatch: pytest.MonkeyPatch, inventory: Inventory, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = rendered("text", inventory).split("\n")
    assert max(map(width, lines)) <= max(columns, 40)
    assert inventory is not PROJECT or width(lines[0]) == max(columns, 40)


def test_text_is_coloured_if_that_is_asked() -> None:
    colored = "".join(reports.render("text", PROJECT, STYLE._replace(color=True)))
    assert "\x1b[" in colored
    assert re.sub("\x1b\\[[0-9;]*m", "", colored).split() == rendered("text").split()


def test_text_ends_with_totals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    *_, fixes, files, last = rendered("text").split("\n")
    assert fixes == (
        "5 places must be fixed (3 HIGH, 1 MEDIUM, 1 LOW), 51 safe to leave, 1 already right."
    )
    assert files == "40 text files looked into, 2 binary, 1 not read; 55 mentions in 9 files."
    assert last == ""
    assert re.search(r"total +57 +10", rendered("text"))


def test_text_says_what_it_leaves_out() -> None:
    text = rendered("text", MANY)
    assert "... and 1000 more; the format json has all" in text
    assert "... and 200 more not looked into" in text
