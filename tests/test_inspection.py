"""Files that cannot be parsed: why not, and what is reported of them all the same."""

from __future__ import annotations

import pytest

from conftest import Project

BROKEN = 'p = open(".autonomous_runs/a"\n'


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        pytest.param("", ["RUN001", "RUN901"], id="literals are found by their looks"),
        pytest.param("ignore = ['RUN001']", ["RUN901"], id="the rule is off"),
        pytest.param(
            "per-file-ignores = {'a.py' = ['RUN001']}", ["RUN901"], id="the rule is off in the file"
        ),
        pytest.param(
            "per-file-ignores = {'!a.py' = ['RUN001']}",
            ["RUN001", "RUN901"],
            id="the rule is off in other files",
        ),
        pytest.param(
            "per-file-ignores = {'a.py' = ['ALL']}", ["RUN901"], id="nothing hides the file itself"
        ),
        pytest.param("allow = ['a.py']", [], id="the allowlist leaves the file alone"),
    ],
)
def test_rules_of_a_file_hold_for_what_is_salvaged(
    project: Project, configuration: str, expected: list[str]
) -> None:
    project.write_all({"a.py": BROKEN, "runsdir.toml": configuration})
    result = project.runsdir("check", "-nq", "--output-format=concise")
    assert result.codes == expected
    assert all(
        found.text.endswith("(unverified)") for found in result.findings if found[3] < "RUN9"
    )


def test_long_finding_is_quoted_in_part(project: Project) -> None:
    rows = "".join(f"    {number},\n" for number in range(40))
    project.write("a.py", f'p = (\n    ".autonomous_runs/"\n    f"""{rows}"""\n)\nopen(p)\n')
    result = project.runsdir("check", "-nq", "--output-format=full")
    quoted = [line for line in result.stdout.splitlines() if line[:2].strip().isdecimal()]
    assert len(quoted) == 24


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_comment_that_means_nothing_is_warned_of(project: Project, jobs: str) -> None:
    source = 'p = open(".autonomous_runs/a")  # noqa: RUN001abc\n'
    project.write_all({f"d{number}/a.py": source for number in range(1_001)})
    result = project.runsdir("check", "-n", f"-j{jobs}", "--statistics", ".")
    warnings = result.stderr.splitlines()
    assert len(warnings) == 1_001
    assert warnings[0].startswith("warning: Invalid `# noqa` directive on d0/a.py:1: ")
    assert warnings == sorted(warnings)
    assert not project.runsdir("check", "-q", ".").stderr


@pytest.mark.parametrize("select", ["RUN900", "RUN001,RUN900", "ALL"])
def test_unused_comments_are_the_same_whatever_else_is_on(project: Project, select: str) -> None:
    project.write(
        "a.py",
        'p = open(".autonomous_runs/a")  # noqa: RUN001, RUN003\n'
        'IGNORED = {".autonomous_runs"}  # noqa: RUN101\n'
        "print(p.name in IGNORED)  # noqa: RUN001\n",
    )
    result = project.runsdir("check", "-nq", f"--select={select}", "--output-format=concise")
    unused = [(found.row, found.text) for found in result.findings if found.code == "RUN900"]
    assert unused == [
        (1, "[*] unused suppression of `RUN003`"),
        (3, "[*] unused suppression of `RUN001`"),
    ]


def test_project_cannot_ask_for_files_outside_of_it(project: Project) -> None:
    project.write_all({"a.py": 'open(".autonomous_runs/a")\n', "mine/findings.json": "precious"})
    for directory in ("..", "../x", "/x", "."):
        project.write("runsdir.toml", f'cache-dir = "{directory}"\n')
        result = project.runsdir("check", "a.py")
        assert (result.rc, result.stdout) == (2, "")
        assert "runsdir.toml: `cache-dir`: leads out of the project" in result.stderr
    project.write("runsdir.toml", 'cache-dir = "mine"\n')
    assert project.runsdir("check", "a.py").rc == 1
    assert (project.root / "mine" / "findings.json").read_text() == "precious"


def test_configuration_that_cannot_be_read_is_no_default(project: Project) -> None:
    project.write_all({"a.py": 'open("mlruns/a")\n', "runsdir.toml/x": ""})
    result = project.runsdir("check", "a.py")
    assert (result.rc, result.stdout) == (2, "")
    assert "runsdir.toml: cannot be read: not a regular file" in result.stderr


def test_comments_are_not_added_to_comments(project: Project) -> None:
    source = "j = 1  # ruff: ignore[RUN001]\n# flake8: noqa: RUN002\n"
    project.write("a.py", source)
    for flag in ("--add-noqa", "--add-ignore"):
        assert project.runsdir("check", "-n", "--extend-select=RUN900", flag, "a.py").rc == 0
    assert (project.root / "a.py").read_text() == source


def test_files_with_wide_excludes_are_checked_where_they_are_not_meant(project: Project) -> None:
    project.write_all(
        {"a.py": 'open(".autonomous_runs/a")\n', "runsdir.toml": 'exclude = ["*/*"]\n'}
    )
    assert project.runsdir("check", "-n", "--force-exclude", "a.py").rc == 1
