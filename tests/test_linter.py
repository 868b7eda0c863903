"""The linter: which rules are on, what its messages look like, and what it does when it fails."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

import pytest

from flake8_runsdir import linter
from flake8_runsdir.config import Config, resolve
from flake8_runsdir.diagnostic import Diagnostic, Span
from flake8_runsdir.linter import Linter, active
from flake8_runsdir.options import Layer
from flake8_runsdir.rule import Rule
from flake8_runsdir.rules import RULES, UNCHECKED, find

USUAL = ["RUN001", "RUN002", "RUN003"]
EVERY = [rule.code for rule in RULES]


def config(**values: object) -> Config:
    """Return a configuration; keys are spelled with underscores."""
    return resolve(Layer("test", values, "."))


def check(text: str, path: str = "app/a.py", **values: object) -> list[Diagnostic]:
    """Return the diagnostics of a text, all rules on."""
    return Linter(config(**values), RULES).check(path, text)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        pytest.param([], USUAL, id="nothing"),
        pytest.param(["E", "F", "W"], USUAL, id="other plugins"),
        pytest.param(["R"], USUAL, id="less than the prefix"),
        pytest.param(["RUN"], USUAL, id="the bare prefix switches nothing on"),
        pytest.param(["RUN1"], [*USUAL, "RUN101", "RUN102", "RUN103"], id="a group"),
        pytest.param(["RUN103"], [*USUAL, "RUN103"], id="one rule"),
        pytest.param(["RUN2"], [*USUAL, "RUN201"], id="another group"),
        pytest.param(["RUN1", "RUN201"], EVERY, id="all"),
        pytest.param(["RUN001"], USUAL, id="a rule that is on anyway"),
        pytest.param(["RUN9"], USUAL, id="a group of no rule"),
        pytest.param(["run1"], USUAL, id="codes are capitals"),
    ],
)
def test_active(named: list[str], expected: Sequence[str]) -> None:
    assert [rule.code for rule in active(iter(named))] == list(expected)


def test_codes_and_names_are_unique_and_sorted() -> None:
    assert sorted(set(EVERY)) == EVERY
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name) for rule in RULES)
    assert not {rule.code for rule in UNCHECKED} & set(EVERY)


@pytest.mark.parametrize("rule", RULES, ids=EVERY)
def test_rule_is_documented(rule: Rule) -> None:
    title, *headings = re.findall(r"^#+ (.*)$", rule.page, re.MULTILINE)
    assert title == f"{rule.name} ({rule.code})"
    assert headings == [
        "What it does",
        "Why is this bad?",
        "Example",
        "Use instead",
        "Fix safety",
        "Options",
    ]
    assert rule.summary.startswith("Reports ")
    assert rule.summary.endswith(".")
    assert ("opt-in" in rule.page) is rule.opt_in
    assert rule.check.__module__ == f"flake8_runsdir.rules.{rule.name.replace('-', '_')}"


@pytest.mark.parametrize("rule", RULES, ids=EVERY)
def test_example_of_a_rule_is_found_and_its_alternative_is_not(rule: Rule) -> None:
    example, instead = re.findall(r"```python\n(.*?)```", rule.page, re.DOTALL)
    assert rule.code in {found.code for found in check(example)}
    assert check(instead) == []


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("RUN001", "RUN001"),
        (" run201 ", "RUN201"),
        ("runs-dir-in-text", "RUN103"),
        ("RUNS-DIR-IN-TEXT", None),
        ("RUN", None),
        ("", None),
    ],
)
def test_find(wanted: str, code: str | None) -> None:
    rule = find(wanted)
    assert (None if rule is None else rule.code) == code


@pytest.mark.parametrize(
    "name", ["läufe", "日本", "a-b", "a~b", "{0}".strip("{}") + "x", "!r", "%s"]
)
def test_message_with_a_name(name: str) -> None:
    (found,) = check(f"open('{name}/' + run_id)", names=[name])
    assert (
        found.message == f"hard-coded runs directory `{name}`; use `settings.autonomous_runs_dir`"
    )


@pytest.mark.parametrize(
    "file", ["a\\u202eb.json", "a\\x1bb.json", "{0}{path}.json", "%s\\r\\nb.json"]
)
def test_message_with_a_hostile_file(file: str) -> None:
    found = check(f"open('.autonomous_runs/{file}', 'w')")
    assert found
    for diagnostic in found:
        assert diagnostic.message.isprintable()
        assert "\n" not in diagnostic.message


@pytest.mark.parametrize("name", ["\u202eruns", "\u200bruns", "runs\ue000", "\x9bruns"])
def test_message_with_a_hostile_name(name: str) -> None:
    (found,) = check(f"open({name!a} + '/' + run_id)", names=[name])
    assert found.message.isprintable()
    assert "\\" in found.message


def test_diagnostics_are_in_the_order_of_the_text() -> None:
    text = (
        "ROOT = settings.autonomous_runs_dir  # .autonomous_runs\n"
        "open('.autonomous_runs/a.json', 'w')\n"
        "os.environ['AUTONOMOUS_RUNS_DIR']\n"
        "print('.autonomous_runs' == a, 'in .autonomous_runs')\n"
    )
    found = check(text)
    assert found == sorted(found)
    assert [one.code for one in found] == [
        "RUN201",
        "RUN103",
        "RUN001",
        "RUN002",
        "RUN003",
        "RUN101",
        "RUN103",
    ]
    assert found == Linter(config(), RULES).check("app/a.py", text, ast.parse(text))


def test_only_active_rules_are_asked() -> None:
    text = "# .autonomous_runs\nopen('.autonomous_runs/a.json', 'w')\n"
    found = Linter(config(), active(["E"])).check("a.py", text)
    assert [one.code for one in found] == ["RUN001", "RUN002"]


@pytest.mark.parametrize(
    ("path", "found"),
    [("docs/conf.py", 0), ("docs", 0), ("src/docs/conf.py", 1), ("app/migrations/0001.py", 0)],
)
def test_allowlist(path: str, found: int) -> None:
    assert len(check("open('.autonomous_runs/' + run_id)", path)) == found


def test_allowed_and_other_files_are_not_even_parsed() -> None:
    assert check("x = (  # .autonomous_runs", "docs/a.py") == []
    assert check("x = (") == []
    with pytest.raises(SyntaxError):
        check("x = (  # .autonomous_runs")


@pytest.mark.parametrize("error", [RecursionError("deep"), MemoryError()])
@pytest.mark.parametrize("target", ["facts", "Suppressions"])
def test_failure_is_one_diagnostic(
    monkeypatch: pytest.MonkeyPatch, error: Exception, target: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(linter, target, fail)
    message = f"this file could not be checked: {type(error).__name__}"
    assert check("open('.autonomous_runs')") == [Diagnostic(Span(0, 0), "RUN904", message)]


def test_linter_keeps_nothing() -> None:
    kept = Linter(config(), RULES)
    first = kept.check("a.py", "RUNS = '.autonomous_runs/x'\nopen(RUNS)\n")
    assert kept.check("b.py", "open(RUNS)  # .autonomous_runs_x\n") == []
    assert kept.check("a.py", "RUNS = '.autonomous_runs/x'\nopen(RUNS)\n") == first
