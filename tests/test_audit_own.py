"""What runsdir itself has written takes no part in an audit: reports, baselines, and the output."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator

import pytest

from conftest import Project
from flake8_runsdir.audit.auditor import Auditor
from flake8_runsdir.audit.own import HEAD, MARK
from flake8_runsdir.options import Layer
from flake8_runsdir.settings import Resolver

#: The formats whose files can be told from others, and the suffixes of these.
FORMATS = {"markdown": "md", "html": "html", "json": "json", "csv": "csv", "sarif": "sarif"}
SHELL = "mkdir -p .autonomous_runs/x\n"


@pytest.fixture
def repository(project: Project) -> Project:
    """A project in git with two places that must be fixed, and some others."""
    git(project, "init", "--quiet", "--initial-branch=main")
    project.write("a.py", 'def f(x):\n    open(".autonomous_runs/" + x)\n')
    project.write("b.sh", SHELL)
    project.write("README.md", "Runs are in .autonomous_runs/ by default.\n")
    commit(project)
    return project


def git(project: Project, *arguments: str) -> None:
    """Run git in the project."""
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    subprocess.run(command, cwd=project.root, env=project.environment(), check=True)


def commit(project: Project) -> None:
    """Commit all there is."""
    git(project, "add", "--all", "--force")
    git(project, "commit", "--quiet", "-m", "Change it")


def report(project: Project, name: str, *arguments: str) -> str:
    """Return a report of the project."""
    flags = ("--no-cache", "--date=2026-11-22", f"--output-format={name}")
    result = project.runsdir("audit", *flags, *arguments)
    assert (result.rc, result.stderr) == (0, ""), result
    return result.stdout


def looked_into(project: Project) -> int:
    """Return how many files are looked into, besides those of the fixture."""
    totals = json.loads(report(project, "json"))["totals"]
    assert (totals["binary"], totals["unread"]) == (0, 0)
    files: int = totals["files"]
    return files - 3


def test_reports_are_the_same_before_and_after_they_are_committed(repository: Project) -> None:
    before = {name: report(repository, name) for name in FORMATS}
    for name, suffix in FORMATS.items():
        path = f"reports/audit.{suffix}"
        report(repository, name, "-o", path)
        commit(repository)
        written = (repository.root / path).read_bytes().decode().replace("\r\n", "\n")
        assert written == before[name]
        assert report(repository, name) == before[name]
    assert {name: report(repository, name) for name in FORMATS} == before


def test_reports_take_no_part_in_revisions(repository: Project) -> None:
    for name, suffix in FORMATS.items():
        report(repository, name, "-o", f"audit.{suffix}")
    commit(repository)
    for suffix in FORMATS.values():
        (repository.root / f"audit.{suffix}").unlink()
    commit(repository)
    found = json.loads(report(repository, "json", "--history", "--since=HEAD~1"))
    assert found["comparison"]["totals"] == {"new": 0, "fixed": 0, "moved": 0, "remaining": 2}
    assert [point["statuses"] for point in found["history"]] == [
        {"critical": 2, "documentation": 1}
    ] * 3


@pytest.mark.parametrize("name", ["text", *FORMATS])
def test_what_is_to_be_written_takes_no_part(repository: Project, name: str) -> None:
    """Whatever it is now: a text has no mark, and what is overwritten is gone."""
    before = report(repository, name)
    output = repository.write("sub/report", SHELL)
    commit(repository)
    for cwd, path in ((".", "sub/report"), ("sub", "../sub/report")):
        flags = ("--date=2026-11-22", "--no-cache", f"--output-format={name}", "-o", path)
        result = repository.runsdir("audit", *flags, os.fspath(repository.root), cwd=cwd)
        assert (result.rc, result.stderr) == (0, "")
        assert output.read_bytes().decode().replace("\r\n", "\n") == before
    found = json.loads(report(repository, "json"))
    assert found["totals"]["files"] == 4, "without the flag it is a file like others"
    arguments = ("--since=HEAD", "--history", "--fail-on=new", "-o", "sub/report")
    report(repository, "json", *arguments)
    found = json.loads(output.read_bytes())
    assert found["comparison"]["totals"] == {"new": 0, "fixed": 0, "moved": 0, "remaining": 2}
    assert [point["statuses"]["critical"] for point in found["history"]] == [2, 2]


def test_baseline_takes_no_part(repository: Project) -> None:
    for name in ("runsdir-baseline.txt", "ci/baseline"):
        (repository.root / name).parent.mkdir(exist_ok=True)
        assert repository.runsdir("baseline", name, "--no-cache", "--select=RUN1,RUN001").rc == 0
        assert ".autonomous_runs" in (repository.root / name).read_text()
    commit(repository)
    assert looked_into(repository) == 0


def test_sarif_of_a_check_takes_no_part(repository: Project) -> None:
    repository.runsdir("check", "--no-cache", "--output-format=sarif", "-o", "check.sarif")
    commit(repository)
    assert looked_into(repository) == 0


def _laid_out(text: str) -> str:
    """Return a page as formatters of HTML lay it out."""
    head, found, body = text.partition("</head>")
    head = head.replace("<!DOCTYPE html>", "<!doctype html>")
    return head.replace('">\n<meta', '"\n    />\n    <meta').replace(
        " content=", "\n\tcontent="
    ) + (found + body)


@pytest.mark.parametrize(
    ("name", "path", "changed"),
    [
        pytest.param("markdown", "a.md", lambda text: "\ufeff" + text, id="a mark of UTF-8"),
        pytest.param("json", "a.json", lambda text: "\ufeff" + text, id="the same in JSON"),
        pytest.param("csv", "a.csv", lambda text: "\ufeff" + text, id="a mark for spreadsheets"),
        pytest.param("markdown", "a.md", lambda text: "\n" + text, id="an empty line above"),
        pytest.param("html", "a.htm", lambda text: text.replace("\n", "\r\n"), id="line ends"),
        pytest.param("markdown", "a.markdown", str.strip, id="another suffix"),
        pytest.param("markdown", "A.MD", str.strip, id="in upper case"),
        pytest.param("json", "a.json", lambda text: json.dumps(json.loads(text)), id="one line"),
        pytest.param(
            "json", "a.json", lambda text: json.dumps(json.loads(text), indent="\t"), id="tabs"
        ),
        pytest.param(
            "sarif", "a.sarif.json", lambda text: json.dumps(json.loads(text), indent=4), id="SARIF"
        ),
        pytest.param(
            "csv", "a.csv", lambda text: '"' + text.replace(",", '","'), id="a quoted header"
        ),
        pytest.param("html", "a.html", _laid_out, id="HTML by a formatter"),
        pytest.param(
            "markdown", "a.md", lambda text: text + SHELL * 200_000, id="larger than is read"
        ),
    ],
)
def test_report_that_has_been_changed_is_still_one(
    repository: Project, name: str, path: str, changed: object
) -> None:
    assert callable(changed)
    repository.write(path, changed(report(repository, name)))
    git(repository, "add", "--all")
    assert looked_into(repository) == 0


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", FORMATS)
def test_report_as_a_shell_of_windows_redirects_it(
    repository: Project, name: str, encoding: str
) -> None:
    text = "\ufeff" + report(repository, name)
    repository.write(f"a.{FORMATS[name]}", text.encode(encoding))
    git(repository, "add", "--all")
    assert looked_into(repository) == 0


JSON = '{"version": 1, "tool": {"name": "runsdir", "version": "1"}, "root": "x"}'
NOT_OWN = {
    "a.sh": f"# {MARK}\n# runsdir baseline 1\n{SHELL}",
    "b.sh": f"# runsdir baseline 1\n{SHELL}",
    "c.sh": f"{MARK}\n{SHELL}",
    "baseline.py": f"# runsdir baseline 1\n{SHELL}",
    "Makefile": f"# runsdir baseline 1\n{SHELL}",
    "a.yaml": f"# runsdir baseline 1\nout_dir: .autonomous_runs\n{MARK}\n",
    "a.txt": f"{MARK}\n{SHELL}",
    "b.txt": f"# A baseline:\n# runsdir baseline 1\n{SHELL}",
    "a.md": f"# A report\n\n```markdown\n{MARK}\n{SHELL}```\n",
    "b.md": f"`{MARK}` says that it is a report of `.autonomous_runs/x`\n",
    "c.md": f"{JSON}\n{SHELL}",
    "d.md": f"<!-- Written by runsdir audit. -->\n{SHELL}",
    "a.json": f'{{"report": {JSON}, "x": ".autonomous_runs"}}',
    "b.json": JSON.replace("runsdir", "runs").replace('"x"', '".autonomous_runs"'),
    "c.json": f'["{MARK}", ".autonomous_runs"]',
    "a.js": f"{JSON}\n{SHELL}",
    "a.html": f"<!doctype html>{MARK}<html><head><title>.autonomous_runs</title>",
    "b.html": '<!doctype html><html><head><!-- <meta name="generator" content="runsdir audit 1">'
    "--><title>.autonomous_runs</title>",
    "c.html": '<!doctype html><html><head><meta name="generator" content="runsdir auditor">'
    "<title>.autonomous_runs</title>",
    "a.csv": "status,priority,path\ncritical,HIGH,.autonomous_runs/x\n",
    "b.csv": f"x,{MARK}\n,.autonomous_runs\n",
}


@pytest.mark.parametrize(("path", "text"), NOT_OWN.items(), ids=NOT_OWN)
def test_what_only_quotes_a_mark_counts(project: Project, path: str, text: str) -> None:
    """So does a mark that its file, being in another format, does not bear."""
    project.write(path, text)
    found = json.loads(report(project, "json"))
    assert found["totals"]["files"] == 1
    assert [place["path"] for place in found["places"]] == [path]


@pytest.mark.parametrize("size", [1, 7, HEAD, 1 << 20])
def test_no_more_is_read_than_tells(project: Project, size: int) -> None:
    """A report of any size costs a look at its head; git gives it in pieces of any size."""
    files = {
        "a.md": f"{MARK}\n".encode() + SHELL.encode() * 40_000,
        "tool": b"#!/usr/bin/env python\nopen('.autonomous_runs/' + x)\n",
    }
    read = dict.fromkeys(files, 0)

    def opened(number: int) -> Iterator[bytes]:
        name = list(files)[number]
        for start in range(0, len(files[name]), size):
            read[name] += size
            yield files[name][start : start + size]

    layer = Layer("", {}, os.fspath(project.root))
    auditor = Auditor(os.fspath(project.root), Resolver(layer, layer, layer.base), pytest.fail)
    found = auditor.inventory(list(files), "2026-11-22", opened)
    assert found.files == 1
    assert [(place.path, place.language) for place in found.places] == [("tool", "Python")]
    assert read["a.md"] <= HEAD + size
