"""The audit: every mention once, and what it is, in Python sources, in the example and in git."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hostile
from conftest import Project, Result
from flake8_runsdir.audit import python
from flake8_runsdir.audit.fingerprints import stamped
from flake8_runsdir.audit.inventory import Place, Priority, Status
from flake8_runsdir.audit.priority import Priorities
from flake8_runsdir.audit.status import Policy
from flake8_runsdir.audit.subject import Subject
from flake8_runsdir.needles import Needles
from flake8_runsdir.options import Layer
from flake8_runsdir.settings import resolved

EXAMPLE = Path(__file__).parents[1] / "examples" / "parallel_runs"
ACCESSOR = "app.config:settings.autonomous_runs_dir"
#: What an independent search takes for the end of a component.
BOUNDARY = re.compile(rb"""[/\\'"`\s=:,;()\[\]{}<>|]+""")


def subject(path: str = "app/a.py", **values: object) -> Subject:
    """Return a file of a project; options are spelled with underscores."""
    given = {"accessor": ACCESSOR, **values}
    settings = resolved(Layer("test", given, "/project"), Layer("", {}, "/"))
    return Subject(f"/project/{path}", path, settings, Needles(settings.config))


def survey(text: str, path: str = "app/a.py", **values: object) -> list[Place]:
    """Return the places of a Python text, as the configuration leaves them."""
    one = subject(path, **values)
    return list(Policy(one.settings).apply(one.path, python.places(one, text)))


def count(data: bytes, name: bytes = b".autonomous_runs") -> int:
    """Count the mentions in some bytes: the pieces between boundaries that are the name."""
    return BOUNDARY.split(data).count(name)


class Audit(NamedTuple):
    """What ``runsdir audit`` said as JSON, and how it ended."""

    result: Result
    report: dict[str, Any]

    @property
    def places(self) -> list[dict[str, Any]]:
        """The places."""
        places: list[dict[str, Any]] = self.report["places"]
        return places

    def column(self, *fields: str, kind: str = "") -> list[tuple[Any, ...]]:
        """Return some fields of all places, or of those of a kind."""
        return [
            tuple(place[field] for field in fields)
            for place in self.places
            if place["kind"] == kind or not kind
        ]


def audit(project: Project, *arguments: str, cwd: str = ".") -> Audit:
    """Run the real command and read its report."""
    result = project.runsdir("audit", "--output-format=json", *arguments, cwd=cwd)
    return Audit(result, json.loads(result.stdout))


def git(project: Project, *arguments: str) -> bytes:
    """Run git in the project."""
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    run = subprocess.run(
        command, cwd=project.root, env=project.environment(), capture_output=True, check=True
    )
    return run.stdout


# One Python source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('open(".autonomous_runs/" + x)\n', ["critical"], id="path"),
        pytest.param('if p == ".autonomous_runs": pass\n', ["match"], id="match"),
        pytest.param('print("see .autonomous_runs")\n', ["documentation"], id="message"),
        pytest.param('"""See .autonomous_runs."""\n', [], id="a sentence's end is another name"),
        pytest.param('"""See .autonomous_runs/."""\n', ["documentation"], id="docstring"),
        pytest.param("x = 1  # in .autonomous_runs\n", ["documentation"], id="comment"),
        pytest.param(
            'import os\nos.makedirs(os.environ.get("AUTONOMOUS_RUNS_DIR", ".autonomous_runs"))\n',
            ["bypass"],
            id="the default of a read stands for the read",
        ),
        pytest.param(
            'import os\nos.makedirs(os.environ["AUTONOMOUS_RUNS_DIR"])\n',
            ["bypass"],
            id="a read without a default",
        ),
        pytest.param("open(settings.autonomous_runs_dir + x)\n", ["fixed"], id="accessor"),
        pytest.param(
            "def f(autonomous_runs_dir):\n    open(autonomous_runs_dir)\n",
            [],
            id="a parameter of the same name may be anything",
        ),
        pytest.param(
            'open(settings.autonomous_runs_dir + "/a.json", "w")\n',
            ["shared"],
            id="a shared file stands for the use of the accessor",
        ),
        pytest.param(
            'root = config.autonomous_runs_dir\nopen(root + "/a.json", "w")\n',
            ["fixed", "shared"],
            id="a shared file by way of a variable",
        ),
        pytest.param('x = ".autonomous_runs" "_old"\n', ["data"], id="a part of another name"),
        pytest.param(
            'open(".autonomous_runs/.autonomous_runs/" + x)\n',
            ["critical", "critical"],
            id="two in one literal",
        ),
        pytest.param(
            'open(f".autonomous_runs/{x}/.autonomous_runs/{y}")\n',
            ["critical", "critical"],
            id="two in an f-string",
        ),
        pytest.param(
            'open(".autonomous_runs/" + x)  # not .autonomous_runs/\n',
            ["critical", "documentation"],
            id="a literal and a comment",
        ),
        pytest.param(
            'open(  # .autonomous_runs\n  ".autonomous_runs"  # .autonomous_runs\n  "/a" + x)\n',
            ["documentation", "critical", "documentation"],
            id="a comment inside of a literal in pieces",
        ),
        pytest.param('open("\\x2eautonomous_runs/" + x)\n', ["critical"], id="behind an escape"),
        pytest.param('open(".autonomous" "_runs/" + x)\n', ["critical"], id="in pieces"),
        pytest.param("open('.autonomous_runs_old', 'w')\n", [], id="another name"),
    ],
)
def test_status(text: str, expected: Sequence[str]) -> None:
    assert [place.status.value for place in survey(text)] == expected


def test_definition() -> None:
    (place,) = survey('autonomous_runs_dir = ".autonomous_runs"\n', "app/config.py")
    assert (place.status, place.role) == (Status.DEFINITION, "definition")


def test_place_says_all_there_is_to_say() -> None:
    text = (
        "from pathlib import Path\n\n\nclass Executor:\n    def stop(self):\n"
        '        (Path(".autonomous_runs") / ".stop").touch()\n'
    )
    (place,) = survey(text, "app/x/executor.py")
    assert re.fullmatch("[0-9a-f]{16}", place.fingerprint)
    assert place._replace(fingerprint="") == Place(
        path="app/x/executor.py",
        row=6,
        column=16,
        kind="mention",
        language="Python",
        role="path",
        status=Status.CRITICAL,
        reason="a path that does not ask the settings; all runs write one file, `<runs>/.stop`",
        priority=Priority.HIGH,
        decided_by="*executor* (executor.py)",
        code="RUN001",
        name="hardcoded-runs-path",
        source='(Path(".autonomous_runs") / ".stop").touch()',
        context="Executor.stop",
        instead='(Path(settings.autonomous_runs_dir) / ".stop").touch()',
        applicability="safe",
    )


@pytest.mark.parametrize(
    ("comment", "status", "reason"),
    [
        pytest.param("# noqa: RUN001 - legacy", "suppressed", "legacy (row 1)", id="flake8"),
        pytest.param("# noqa", "suppressed", "# noqa (row 1)", id="for all codes"),
        pytest.param("# ruff: ignore[RUN001] legacy", "suppressed", "legacy (row 1)", id="Ruff"),
        pytest.param("# noqa: RUN003", "critical", "does not ask", id="for another code"),
        pytest.param(
            "\n# flake8: noqa: RUN001 - legacy", "suppressed", "legacy (row 2)", id="for the file"
        ),
        pytest.param(
            "\n# ruff: file-ignore[RUN001] legacy", "suppressed", "legacy (row 2)", id="Ruff's file"
        ),
    ],
)
def test_suppression_gives_its_reason(comment: str, status: str, reason: str) -> None:
    (place,) = survey(f'open(".autonomous_runs/" + x)  {comment}\n')
    assert place.status.value == status
    assert reason in place.reason


def test_what_is_shared_is_still_told_where_the_path_is_suppressed() -> None:
    (place,) = survey('open(".autonomous_runs/a.json", "w")  # noqa: RUN001\n')
    assert (place.status, place.code) == (Status.SHARED, "RUN002")


@pytest.mark.parametrize(
    ("path", "values", "status", "reason"),
    [
        ("docs/conf.py", {}, "allowed", "`allow` has `docs/**`"),
        ("app/migrations/0001.py", {}, "migration", "(`**/migrations/**`)"),
        ("app/a_pb2.py", {}, "generated", "(`*_pb2.py`)"),
        (".autonomous_runs/r/a.py", {}, "log", "(`.autonomous_runs`)"),
        ("app/a.py", {"allow": ["app/**"]}, "allowed", "`allow` has `app/**`"),
        (
            "app/a.py",
            {"per_file_ignores": {"a.py": ["RUN001"]}},
            "allowed",
            "`per-file-ignores` has `a.py` for RUN001",
        ),
        ("app/a.py", {"per_file_ignores": {"app/*": ["RUN002"]}}, "critical", ""),
        ("app/a.py", {"statuses": {"backup": ["app"]}}, "backup", "(`app`)"),
        ("old/migrations/a.py", {"statuses": {"backup": ["old"]}}, "backup", "(`old`)"),
        ("app/migrations/a.py", {"statuses": {"migration": []}, "allow": []}, "critical", ""),
    ],
)
def test_path_of_a_file(path: str, values: dict[str, object], status: str, reason: str) -> None:
    (place,) = survey('open(".autonomous_runs/" + x)\n', path, **values)
    assert place.status.value == status
    assert reason in place.reason
    assert (place.priority is Priority.NONE) is (status != "critical")


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        ("app/executor.py", "debug = 'x'", (Priority.HIGH, "*executor* (executor.py)")),
        ("app/debug_executor.py", "", (Priority.LOW, "*debug* (debug_executor.py)")),
        ("app/telemetry/writer.py", "", (Priority.MEDIUM, "*telemetry* (telemetry)")),
        ("app/a.py", "x = R + 'debug/x'", (Priority.LOW, "*debug* (debug)")),
        ("app/a.py", "debug = R + 'a.jsonl'", (Priority.MEDIUM, "*.jsonl (a.jsonl)")),
        ("app/a.py", "debug = R", (Priority.LOW, "*debug* (debug)")),
        ("app/a.py", "x = R", (Priority.MEDIUM, "no entry")),
        ("tests/executor.py", "", (Priority.MEDIUM, "*executor* (executor.py), one step lower by")),
        ("scripts/a.py", "", (Priority.LOW, "no entry, one step lower by **/scripts/**")),
        ("scripts/debug.py", "", (Priority.LOW, "*debug* (debug.py)")),
        ("core/a.py", "", (Priority.HIGH, "core/**")),
    ],
)
def test_priority(path: str, line: str, expected: tuple[Priority, str]) -> None:
    table = subject(priorities={"HIGH": ["*EXECUTOR*", "core/**"]}).settings.priorities
    place = Place(path, 1, 1, "mention", "", "path", Status.CRITICAL, "", source=line)
    priority, entry = Priorities(table, ["R"]).decide(place)
    assert priority is expected[0]
    assert entry.lower().startswith(expected[1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            'def f(:\n    open(".autonomous_runs/x")\n# .autonomous_runs\n',
            ["critical", "documentation"],
            id="syntax error",
        ),
        pytest.param('x = ".autonomous_runs/\0"\n', ["critical"], id="null byte"),
        pytest.param("(" * 3000 + '".autonomous_runs/"', ["critical"], id="too deep"),
    ],
)
def test_what_cannot_be_parsed_is_told_by_its_looks(text: str, expected: Sequence[str]) -> None:
    places = survey(text)
    assert [place.status.value for place in places] == expected
    assert all("(unverified)" in place.reason for place in places)


@given(
    st.lists(
        st.sampled_from(
            [
                ".autonomous_runs",
                ".autonomous_runs_x",
                "settings.autonomous_runs_dir",
                *"\n \t\"'#\\/(){}[]=+,:f",
                '"""',
                "\r\n",
                "x",
                "def f():",
                "open(",
            ]
        )
    )
)
def test_every_mention_that_the_text_shows_is_one_place(words: list[str]) -> None:
    text = "".join(words)
    places = python.places(subject(), text)
    shown = [(p.row, p.column) for p in places if p.kind == "mention"]
    assert len(set(shown)) == len(shown) >= count(text.encode())


def test_fingerprints_last_while_lines_move() -> None:
    line = 'open(".autonomous_runs/" + x)\n'
    before = list(stamped(survey(f"def f():\n    {line}    {line}")))
    moved = f"import x\n\ndef f():\n    if x:\n        {line}        {line}".replace('"', "'")
    after = list(stamped(survey(moved)))
    assert [one.fingerprint for one in before] == [one.fingerprint for one in after]
    assert len({one.fingerprint for one in before}) == 2
    (renamed, _) = stamped(survey(moved, "app/b.py"))
    first, second = before[0].fingerprint.split("."), renamed.fingerprint.split(".")
    assert [one == other for one, other in zip(first, second)] == [True, False, True]


# The example

#: What the example's audit says by hand: the places that must be fixed, and their priorities.
CRITICAL = {
    "autopack/anthropic_clients.py": ("MEDIUM", [89]),
    "autopack/artifact_loader.py": ("HIGH", [38, 39]),
    "autopack/autonomous_executor.py": ("HIGH", [151, 166, 177, 185, 196]),
    "autopack/break_glass_repair.py": ("MEDIUM", [18]),
    "autopack/learned_rules.py": ("MEDIUM", [48, 56]),
    "autopack/repair_helpers.py": ("LOW", [38]),
}
FIXED = {
    ("autopack/autonomous_executor.py", 92),
    ("autopack/executor_lock.py", 22),
    ("autopack/run_file_layout.py", 17),
    ("autopack/supervisor.py", 53),
    ("autopack/supervisor.py", 106),
    ("autopack/test_baseline_tracker.py", 17),
    ("autopack/workspace_lease.py", 22),
    ("autopack/workspace_manager.py", 24),
}
SAFE = {
    ("autopack/config.py", 13, "definition"),
    ("autopack/cursor_prompt_generator.py", 16, "documentation"),
    ("autopack/handoff_bundler.py", 19, "documentation"),
    ("autopack/workspace_manager.py", 12, "match"),
    ("docs/PARALLEL_RUNS.md", 3, "documentation"),
    ("migrations/0001_create_runs.sql", 1, "migration"),
    ("migrations/0001_create_runs.sql", 7, "migration"),
    ("migrations/0002_relative_artifacts.py", 3, "migration"),
    ("migrations/0002_relative_artifacts.py", 10, "migration"),
    ("migrations/0002_relative_artifacts.py", 21, "migration"),
    ("scripts/tidy_workspace.py", 16, "match"),
}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """The audit of the example, from a repository of its own."""
    project = Project(tmp_path_factory.mktemp("example"))
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(EXAMPLE, project.root, ignore=ignored, dirs_exist_ok=True)
    git(project, "init", "--quiet")
    git(project, "add", ".")
    return audit(project)


def test_example_has_the_places_of_its_audit(example: Audit) -> None:
    found: dict[str, tuple[str, list[int]]] = {}
    for place in example.places:
        if place["status"] in ("critical", "shared", "bypass"):
            found.setdefault(place["path"], (place["priority"], []))[1].append(place["row"])
    assert found == CRITICAL


def test_example_has_what_is_fixed_already(example: Audit) -> None:
    rows = example.column("path", "row", "status", kind="accessor")
    assert {(path, row) for path, row, _ in rows} == FIXED
    assert {status for *_, status in rows} == {"fixed"}


def test_example_has_what_is_safe_to_leave(example: Audit) -> None:
    assert set(example.column("path", "row", "status")) >= SAFE


def test_example_says_what_to_write_instead(example: Audit) -> None:
    critical = [place for place in example.places if place["status"] == "critical"]
    assert {place["applicability"] for place in critical} == {"safe"}
    for place in critical:
        assert "settings.autonomous_runs_dir" in place["instead"]
        assert ".autonomous_runs" not in place["instead"].replace("settings.autonomous_runs", "")
        assert place["decided_by"]
        assert place["context"]


def test_example_is_not_judged_by_where_it_lies(project: Project, example: Audit) -> None:
    """The directory that is audited is the root, though it is one of examples."""
    found = audit(project, os.fspath(EXAMPLE))
    fields = ("path", "row", "column", "status", "priority", "fingerprint")
    tracked = {row for row in found.column(*fields) if not row[0].startswith(".")}
    assert tracked == set(example.column(*fields))


# A repository

FILES: dict[str, str | bytes] = {
    "app/paths.py": (
        '"""Runs are in .autonomous_runs/ here."""\n'
        "from app.config import settings\n"
        'IGNORED = (".git", ".autonomous_runs")  # not .autonomous_runs_old\n'
        'A, B = open(".autonomous_runs/a"), open(f"{x}/.autonomous_runs/.autonomous_runs/{y}")\n'
        'PATTERN = r"\\.autonomous_runs[/]"\n'
        "C = settings.autonomous_runs_dir\n"
    ),
    "app/broken.py": 'def f(:\n    x = ".autonomous_runs/a"  # .autonomous_runs\n',
    "app/latin.py": '# -*- coding: latin-1 -*-\nx = open("é/.autonomous_runs/a")\n'.encode(
        "latin-1"
    ),
    "app/undecodable.py": b'x = open(".autonomous_runs/\xff")\n# \xfe .autonomous_runs\n',
    "app/mark.py": b'\xef\xbb\xbfx = open(".autonomous_runs/a")\r\n# .autonomous_runs\r\n',
    "app/paths.py.bak": 'x = open(".autonomous_runs/a")\n',
    "app/paths.py.broken": 'x = open(".autonomous_runs/a"\n',
    "app/paths.py~": 'x = open(".autonomous_runs/a")\n',
    "migrations/0001.sql": "-- .autonomous_runs\nINSERT INTO a VALUES ('.autonomous_runs/a');\n",
    "migrations/0002.py": 'PREFIX = ".autonomous_runs/"\n',
    "docs/a.md": "# Runs\n\nIn `.autonomous_runs`:\n\n```sh\nls .autonomous_runs/a\n```\n",
    "logs/a.log": "wrote .autonomous_runs/a\n" * 50 + "wrote .autonomous_runs_old/a\n",
    "scripts/run.sh": 'ls "${AUTONOMOUS_RUNS_DIR:-.autonomous_runs}" .autonomous_runs/a\n',
    "scripts/tool": '#!/usr/bin/env python3\nx = open(".autonomous_runs/a")\n',
    "a.json": '{"runs_dir": ".autonomous_runs", "b": [".autonomous_runs/b"]}',
    "a.yml": "# .autonomous_runs\nenv:\n  AUTONOMOUS_RUNS_DIR: .autonomous_runs\n",
    "latin.txt": "Läufe: .autonomous_runs/a\n".encode("latin-1"),
    "line.txt": "x" * 300_000 + " .autonomous_runs/ " + "y" * 300_000,
    "no newline": ".autonomous_runs",
    "nested/.gitignore": ".autonomous_runs/\n",
    "näme\n\x1b[31m.py": 'x = open(".autonomous_runs/a")\n',
    "empty.py": "",
    ".vscode/settings.json": '{"a": ".autonomous_runs"}\n',
    ".autonomous_runs/r/report.txt": "in .autonomous_runs\n",
    "a.ipynb": json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "metadata": {},
                    "source": ['x = open(".autonomous_runs/a")\n', "# .autonomous_runs"],
                    "outputs": [{"text": ["in .autonomous_runs/a"]}],
                },
                {"cell_type": "markdown", "metadata": {}, "source": ["In `.autonomous_runs`."]},
            ],
            "metadata": {"kernelspec": {"name": "python3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
    ),
    "image.png": b"\x89PNG\0\0 .autonomous_runs \0",
    "untracked.py": 'x = open(".autonomous_runs/a")\n',
}
BINARY, UNTRACKED = {"image.png"}, {"untracked.py"}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A repository with files of many kinds."""
    project = Project(tmp_path_factory.mktemp("repository"))
    project.write_all(FILES)
    git(project, "init", "--quiet")
    git(project, "add", "--force", *sorted(FILES.keys() - UNTRACKED))
    return project


@pytest.fixture(scope="module")
def inventory(repository: Project) -> Audit:
    """The audit of the repository."""
    return audit(repository)


def test_every_mention_in_tracked_text_is_one_place(repository: Project, inventory: Audit) -> None:
    """As many as an independent search finds in what git says that it tracks."""
    expected = {}
    for name in git(repository, "ls-files", "-z").split(b"\0")[:-1]:
        data = (repository.root / os.fsdecode(name)).read_bytes()
        if b"\0" not in data and count(data):
            expected[os.fsdecode(name)] = count(data)
    rows = inventory.column("path", "row", "column", "cell", kind="mention")
    assert Counter(path for path, *_ in rows) == expected
    assert len(set(rows)) == len(rows)
    assert inventory.result.rc == 0
    assert inventory.report["totals"]["binary"] == len(BINARY)
    assert inventory.report["totals"]["files"] == len(FILES) - len(BINARY) - len(UNTRACKED)


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        ("app/paths.py", "critical definition documentation fixed match"),
        ("app/broken.py", "critical documentation"),
        ("app/latin.py", "critical"),
        ("app/undecodable.py", "critical documentation"),
        ("app/mark.py", "critical documentation"),
        ("app/paths.py.bak", "backup"),
        ("app/paths.py.broken", "backup"),
        ("app/paths.py~", "backup"),
        ("migrations/0001.sql", "migration"),
        ("migrations/0002.py", "migration"),
        ("docs/a.md", "documentation"),
        ("logs/a.log", "log"),
        ("scripts/tool", "critical"),
        ("nested/.gitignore", "match"),
        (".autonomous_runs/r/report.txt", "log"),
    ],
)
def test_statuses_of_a_file(inventory: Audit, path: str, statuses: str) -> None:
    found = {place["status"] for place in inventory.places if place["path"] == path}
    assert found == set(statuses.split()) - ({"definition"} if path == "app/paths.py" else set())


def test_audit_does_not_depend_on_processes_or_the_current_directory(
    repository: Project, inventory: Audit
) -> None:
    assert audit(repository, "-j1").report == inventory.report
    assert audit(repository, "..", cwd="docs").report == inventory.report


def test_part_of_a_repository(repository: Project, inventory: Audit) -> None:
    found = audit(repository, "app", "scripts")
    expected = [
        row for row in inventory.column("path", "row") if row[0].startswith(("app/", "scripts/"))
    ]
    assert found.column("path", "row") == expected


@pytest.mark.parametrize(
    ("arguments", "rc"),
    [
        (["app"], 0),
        (["--fail-on=critical", "app"], 1),
        (["--fail-on=critical", "migrations", "docs"], 0),
        (["--fail-on=any", "docs"], 1),
        (["--fail-on=any", "app/empty.py"], 2),
        (["--fail-on=any", "empty.py"], 0),
        (["--fail-on=all"], 2),
        (["--date=2025-02-30"], 2),
        (["--config", "names = ["], 2),
        (["--config", "priorities = {FIRST = []}"], 2),
        (["--output-format=full"], 2),
    ],
)
def test_exit_code(repository: Project, arguments: Sequence[str], rc: int) -> None:
    assert repository.runsdir("audit", *arguments).rc == rc


def test_excluded_files_are_left_out_only_if_the_user_says_so(repository: Project) -> None:
    paths = {path for (path,) in audit(repository, "--extend-exclude=app,*.md").column("path")}
    assert not any(path.startswith("app/") or path.endswith(".md") for path in paths)
    assert ".vscode/settings.json" in paths
    paths = {path for (path,) in audit(repository, "--exclude=.vscode").column("path")}
    assert ".vscode/settings.json" not in paths
    assert "app/paths.py" in paths


def test_what_cannot_be_read_is_named(project: Project) -> None:
    project.write("a.py", 'open(".autonomous_runs/" + x)\n')
    os.mkfifo(project.root / "b.py")
    found = audit(project, "a.py", "b.py")
    assert (found.result.rc, len(found.places)) == (1, 1)
    assert found.report["unread"] == [{"path": "b.py", "reason": "not a regular file"}]
    assert found.result.stderr == "warning: 1 of the files could not be looked into\n"


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may read everything")
def test_what_must_not_be_read_is_named(project: Project) -> None:
    project.write("closed/a.py", "").parent.chmod(0)
    project.write("b.py", "").chmod(0)
    found = audit(project)
    (project.root / "closed").chmod(0o700)
    assert found.result.rc == 1
    assert found.report["unread"] == [
        {"path": path, "reason": "Permission denied"} for path in ("b.py", "closed")
    ]


def test_report_goes_to_a_file_and_bears_the_date(project: Project) -> None:
    project.write("a.py", 'open(".autonomous_runs/" + x)\n')
    arguments = ("--output-format=markdown", "--date=2025-12-30", "-o", "out/audit.md")
    result = project.runsdir("audit", *arguments)
    assert (result.rc, result.stdout, result.stderr) == (0, "", "")
    assert "2025-12-30" in (project.root / "out" / "audit.md").read_text(encoding="utf-8")


def test_wrong_configuration_below_is_told_and_passed_by(project: Project) -> None:
    project.write("sub/runsdir.toml", "names = 1\n")
    project.write("sub/a.py", 'open(".autonomous_runs/" + x)\n')
    found = audit(project)
    assert found.result.rc == 2
    assert "names" in found.result.stderr
    assert found.column("path", "status") == [("sub/a.py", "critical")]


def test_each_file_has_its_own_configuration(project: Project) -> None:
    project.write("runsdir.toml", 'names = ["mlruns"]\n')
    project.write("a.py", 'open("mlruns/" + x)\nopen(".autonomous_runs/" + x)\n')
    project.write("sub/runsdir.toml", 'names = [".autonomous_runs"]\n')
    project.write("sub/a.py", 'open("mlruns/" + x)\nopen(".autonomous_runs/" + x)\n')
    rows = [row for row in audit(project).column("path", "row") if row[0].endswith(".py")]
    assert rows == [("a.py", 1), ("sub/a.py", 2)]


@pytest.mark.hostile
def test_hostile_trees(project: Project) -> None:
    """Nothing ends the audit, is executed, or hides what stands beside it."""
    cases = [case for case in hostile.cases() if not case.is_heavy]
    for case in cases:
        case.write(os.fspath(project.root))
    found = audit(project)
    made = [name for _, _, names in os.walk(project.root) for name in names]
    hostile.remove(os.fspath(project.root))
    assert hostile.MARKER not in made
    assert found.result.rc == 2  # some configurations are wrong
    assert not any("internal" in file["reason"] for file in found.report["unread"])
    told = set(found.column("path", "code"))
    # What git does not track is no part of a project.
    lost = [
        f"{case.directory}/{name}"
        for case in cases
        for name, (_, code) in hostile.PLANTED.items()
        if (f"{case.directory}/{name}", code) not in told and case.family != "git"
    ]
    assert lost == []


def test_nothing_of_it_is_loaded_by_a_check(project: Project) -> None:
    project.write("a.py", "x = 1\n")
    code = (
        "import sys; from flake8_runsdir.cli import main; main(['check', '--no-cache']);"
        "print([name for name in sys.modules if 'audit' in name or 'jinja' in name])"
    )
    assert project.run([sys.executable, "-c", code]).stdout.endswith("[]\n")
