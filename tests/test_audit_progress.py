"""The progress of an audit: what has changed since an earlier one, and the numbers over commits."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Project
from flake8_runsdir.audit import archive
from flake8_runsdir.audit.comparison import compare
from flake8_runsdir.audit.fingerprints import stamped
from flake8_runsdir.audit.history import sampled
from flake8_runsdir.audit.inventory import Place, Status
from flake8_runsdir.options import AUDIT_FORMATS
from test_formats import schema

LINE = 'open(".autonomous_runs/" + x)\n'
OTHER = 'open(".autonomous_runs/other/" + y)\n'
RIGHT = "open(settings.autonomous_runs_dir + x)\n"
KINDS = ("new", "fixed", "moved", "remaining")


@pytest.fixture
def repository(project: Project) -> Project:
    """A project in git, with one commit that has two places that must be fixed."""
    git(project, "init", "--quiet", "--initial-branch=main")
    project.write("runsdir.toml", 'accessor = "app.config:settings.autonomous_runs_dir"\n')
    project.write("a.py", f"def f(x, y):\n    {LINE}    {OTHER}")
    commit(project)
    return project


def git(project: Project, *arguments: str) -> str:
    """Run git in the project and return what it says."""
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    dates = {"GIT_COMMITTER_DATE": "2026-02-03T12:00:00Z", "GIT_AUTHOR_DATE": "2001-01-01T12:00Z"}
    run = subprocess.run(
        command,
        cwd=project.root,
        env=project.environment(**dates, GIT_ALLOW_PROTOCOL="file"),
        capture_output=True,
        check=True,
        text=True,
    )
    return run.stdout.strip()


def commit(project: Project) -> str:
    """Commit all there is and return the name of the commit."""
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--allow-empty", "-m", "Change it")
    return git(project, "rev-parse", "HEAD")


def audit(project: Project, *arguments: str, cwd: str = ".") -> dict[str, Any]:
    """Run the real command and read its report, which must be valid."""
    result = project.runsdir("audit", "--output-format=json", *arguments, cwd=cwd)
    assert result.rc in (0, 1), result
    report: dict[str, Any] = json.loads(result.stdout)
    jsonschema.validate(report, schema("audit"))
    return report


def totals(project: Project, *arguments: str, cwd: str = ".") -> tuple[int, ...]:
    """Return the numbers of new, fixed, moved and remaining places."""
    numbers = audit(project, *arguments, cwd=cwd)["comparison"]["totals"]
    return tuple(numbers[kind] for kind in KINDS)


def counted(project: Project, *arguments: str, status: str = "critical") -> list[int]:
    """Return how many places of a status each point of the history has."""
    points = audit(project, "--history", *arguments)["history"]
    return [point["statuses"].get(status, 0) for point in points]


def failed(project: Project, *arguments: str, name: str = "json") -> str:
    """Return what the command complains of when it is used wrongly."""
    result = project.runsdir("audit", f"--output-format={name}", *arguments)
    assert (result.rc, result.stdout) == (2, ""), result
    return result.stderr


def test_report_is_valid_with_places_of_every_kind(project: Project) -> None:
    project.write("runsdir.toml", 'accessor = "app.config:settings.autonomous_runs_dir"\n')
    project.write(
        "a.py",
        "import os\nfrom app.config import settings\n"
        'base = settings.autonomous_runs_dir\nwild = os.environ["AUTONOMOUS_RUNS_DIR"]\n'
        f'def f(x):\n    (base / "state.json").write_text(x)\n    {LINE}',
    )
    kinds = {place["kind"] for place in audit(project)["places"]}
    assert kinds == {"mention", "read", "accessor", "file"}


# Comparison

F = "def f(x, y):\n"
CHANGES = [
    pytest.param({}, (0, 0, 0, 2), id="nothing"),
    pytest.param(
        {"a.py": f"import os\n\n\n{F}    {LINE}    {OTHER}"}, (0, 0, 0, 2), id="further down"
    ),
    pytest.param(
        {"a.py": f"{F}    if x:\n        {LINE}        {OTHER}".replace('"', "'")},
        (0, 0, 0, 2),
        id="indented, in other quotes",
    ),
    pytest.param({"a.py": f"{F}    {OTHER}    {LINE}"}, (0, 0, 0, 2), id="in another order"),
    pytest.param(
        {"a.py": f"{F}    {LINE}    open(\n        '.autonomous_runs/other/' + y\n    )\n"},
        (0, 0, 0, 2),
        id="over several lines",
    ),
    pytest.param(
        {"a.py": f"{F}    {LINE}    open('.autonomous_runs/else/' + y)\n"},
        (1, 1, 0, 1),
        id="another path",
    ),
    pytest.param({"a.py": f"{F}    {LINE}    {OTHER}    {LINE}"}, (1, 0, 0, 2), id="a second time"),
    pytest.param({"a.py": f"{F}    {LINE}    {RIGHT}"}, (0, 1, 0, 1), id="one repaired"),
    pytest.param({"a.py": f"{F}    {LINE}"}, (0, 1, 0, 1), id="one deleted"),
    pytest.param(
        {"a.py": f"{F}    {LINE}    {OTHER[:-1]}  # noqa: RUN001\n"},
        (0, 1, 0, 1),
        id="one suppressed",
    ),
    pytest.param(
        {"a.py": None, "sub/b.py": f"{F}    {LINE}    {OTHER}"}, (0, 0, 2, 0), id="file renamed"
    ),
    pytest.param({"b.py": f"{F}    {LINE}"}, (1, 0, 0, 2), id="copied to another file"),
    pytest.param(
        {"a.py": f"{F}    {LINE}\n\ndef g(y):\n    {OTHER}"}, (0, 0, 1, 1), id="another function"
    ),
    pytest.param({"a.py": None}, (0, 2, 0, 0), id="file deleted"),
    pytest.param(
        {"docs.md": "In .autonomous_runs/ there are runs.\n", "c.py": RIGHT},
        (0, 0, 0, 2),
        id="places that need not be fixed do not count",
    ),
]


@pytest.mark.parametrize("origin", ["revision", "file"])
@pytest.mark.parametrize(("changed", "expected"), CHANGES)
def test_what_has_changed(
    repository: Project,
    changed: dict[str, str | None],
    expected: tuple[int, ...],
    origin: str,
) -> None:
    since = "HEAD"
    if origin == "file":
        since = os.fspath(repository.home / "before.json")
        repository.runsdir("audit", "--output-format=json", "-o", since)
    for path, content in changed.items():
        if content is None:
            (repository.root / path).unlink()
        else:
            repository.write(path, content)
    git(repository, "add", "--all")
    result = repository.runsdir("audit", "--output-format=json", "--since", since, "--fail-on=new")
    numbers = json.loads(result.stdout)["comparison"]["totals"]
    assert tuple(numbers[kind] for kind in KINDS) == expected
    assert result.rc == int(expected[0] > 0)


def test_places_name_where_they_were_and_are(repository: Project) -> None:
    (repository.root / "a.py").unlink()
    repository.write("b.py", f"\n{F}    {LINE}")
    git(repository, "add", "--all")
    found = audit(repository, "--since=HEAD")["comparison"]
    assert found["since"] == "HEAD"
    ((old, new),) = [(pair["from"], pair["to"]) for pair in found["moved"]]
    assert [(place["path"], place["row"]) for place in (old, new)] == [("a.py", 2), ("b.py", 3)]
    assert [(place["path"], place["row"]) for place in found["fixed"]] == [("a.py", 3)]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--since", "@{upstream}"], id="behind the flag"),
        pytest.param(["--since=@{upstream}"], id="in the flag"),
        pytest.param(["--since", "@{u}", "@more"], id="arguments in a file behind it"),
        pytest.param(["@since", "@{u}"], id="the flag in a file"),
        pytest.param(["@both"], id="both in a file"),
        pytest.param(["--since", "@~1"], id="the commit before the last"),
    ],
)
def test_revision_may_begin_like_a_file_of_arguments(
    repository: Project, arguments: list[str]
) -> None:
    git(repository, "checkout", "--quiet", "-b", "topic")
    git(repository, "branch", "--quiet", "--set-upstream-to=main")
    repository.write("b.py", LINE)
    commit(repository)
    files = {"more": "--exclude=a.py\n", "since": "--since\n", "both": "--since\n@{u}\n."}
    repository.write_all(files)
    expected = (1, 0, 0, 0) if "@more" in arguments else (1, 0, 0, 2)
    assert totals(repository, *arguments) == expected


def test_only_what_is_audited_is_compared(repository: Project) -> None:
    repository.write("sub/b.py", LINE)
    repository.write("sub/c.py", LINE)
    commit(repository)
    assert totals(repository, "--since=HEAD~1", cwd="sub") == (2, 0, 0, 0)
    assert totals(repository, "--since=HEAD", cwd="sub") == (0, 0, 0, 2)
    assert totals(repository, "--since=HEAD", "sub/b.py", "a.py") == (0, 0, 0, 3)
    assert totals(repository, "--since=HEAD", "--exclude=sub") == (0, 0, 0, 2)
    assert totals(repository, "--since=HEAD", "sub/b.py") == (0, 0, 0, 1)


def test_what_is_no_file_of_a_revision_is_passed_by(repository: Project) -> None:
    os.symlink("a.py", repository.root / "link.py")
    repository.write("data.bin", b"\0.autonomous_runs\0")
    repository.write("broken.py", b'x = open(".autonomous_runs/\xff")\n')
    repository.write('na\u00efve \n\t".py', LINE)
    head = git(repository, "rev-parse", "HEAD")
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{head},module")
    commit(repository)
    assert totals(repository, "--since=HEAD") == (0, 0, 0, 4)


def test_audit_of_another_directory_is_told_of(repository: Project) -> None:
    """It is compared all the same: a directory may have been renamed."""
    repository.write("sub\x1b/b.py", LINE)
    git(repository, "add", "--all")
    before = os.fspath(repository.home / "before.json")
    repository.runsdir("audit", "--output-format=json", "-o", before, cwd="sub\x1b")
    result = repository.runsdir("audit", "--since", before, "--output-format=json")
    assert json.loads(result.stdout)["comparison"]["totals"]["new"] == 2
    roots = r"an audit of 'sub\x1b', compared with one of 'project'"
    assert result.stderr == f"warning: {before}: {roots}\n"
    result = repository.runsdir("audit", "--since", before, cwd="sub\x1b")
    assert (result.rc, result.stderr) == (0, "")


@pytest.mark.parametrize("origin", ["revision", "file"])
def test_what_a_sparse_checkout_leaves_out_is_not_fixed(repository: Project, origin: str) -> None:
    repository.write("sub/b.py", LINE)
    repository.write("sub/deleted.py", OTHER)
    repository.write("sub/kept.py", LINE)
    repository.write("sub/docs.md", "See .autonomous_runs/\n")
    commit(repository)
    since = "HEAD"
    if origin == "file":
        since = os.fspath(repository.home / "before.json")
        repository.runsdir("audit", "--output-format=json", "-o", since)
    for name in ("a.py", "sub/b.py", "sub/kept.py", "sub/docs.md"):
        git(repository, "update-index", "--skip-worktree", name)
        if name != "sub/kept.py":
            (repository.root / name).unlink()
    (repository.root / "sub" / "deleted.py").unlink()
    repository.write("new.py", LINE)
    git(repository, "add", "new.py")
    result = repository.runsdir("audit", "--output-format=json", "--since", since)
    numbers = json.loads(result.stdout)["comparison"]["totals"]
    assert tuple(numbers[kind] for kind in KINDS) == (1, 1, 0, 1)
    what = "2 files that git keeps out of the work tree (a sparse checkout)"
    assert result.stderr == f"warning: {since}: not compared: {what}\n"


def test_sparse_checkout(repository: Project) -> None:
    repository.write("sub/b.py", LINE)
    commit(repository)
    git(repository, "sparse-checkout", "set", "--cone", "--sparse-index", "nothing")
    assert not (repository.root / "sub").exists()
    assert totals(repository, "--since=HEAD") == (0, 0, 0, 2)


@pytest.fixture
def changed(repository: Project) -> Project:
    """The project with one place of each kind of change, and one that need not be fixed."""
    repository.write("gone.py", LINE.replace("x", "gone"))
    repository.write("moved.py", LINE.replace("x", "moved"))
    repository.write("a.py", LINE)
    commit(repository)
    git(repository, "rm", "--quiet", "gone.py")
    git(repository, "mv", "moved.py", "sub.py")
    repository.write("new.py", OTHER)
    repository.write("a.py", f"\n{LINE}x  # .autonomous_runs\n")
    git(repository, "add", "--all")
    return repository


def test_csv_has_a_column_for_changes(changed: Project) -> None:
    def rows(*arguments: str) -> list[tuple[str, str]]:
        text = changed.runsdir("audit", "--output-format=csv", *arguments).stdout
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        return [(row["path"], row["change"]) for row in table]

    paths = ["a.py", "a.py", "new.py", "sub.py"]
    assert rows("--since=HEAD") == list(zip(paths, ["remaining", "", "new", "moved"]))
    assert rows() == list(zip(paths, [""] * 4))


def test_sarif_has_states_of_a_baseline(changed: Project) -> None:
    """What is fixed is there as it was; what need not be fixed is not compared."""

    def run(*arguments: str) -> dict[str, Any]:
        document = json.loads(changed.runsdir("audit", "--output-format=sarif", *arguments).stdout)
        jsonschema.validate(document, schema("sarif-schema-2.1.0"))
        (only,) = document["runs"]
        assert isinstance(only, dict)
        return only

    found = run("--since=HEAD")
    assert found["properties"] == {"since": "HEAD"}
    artifacts = [artifact["location"]["uri"] for artifact in found["artifacts"]]
    states = []
    for result in found["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert artifacts[place["artifactLocation"]["index"]] == place["artifactLocation"]["uri"]
        assert found["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        state = result.get("baselineState")
        states.append((place["artifactLocation"]["uri"], result["kind"], state))
    assert states == [
        ("a.py", "fail", "unchanged"),
        ("a.py", "informational", None),
        ("new.py", "fail", "new"),
        ("sub.py", "fail", "updated"),
        ("gone.py", "fail", "absent"),
    ]
    assert not [result for result in run()["results"] if "baselineState" in result]


def test_text_marks_what_is_new(repository: Project) -> None:
    repository.write("b.py", LINE)
    git(repository, "add", "--all")
    result = repository.runsdir("audit", "--since=HEAD")
    assert "Since HEAD: 1 new, 0 fixed, 0 moved, 2 remaining." in result.stdout
    assert len(re.findall(r"^│ new ", result.stdout, re.MULTILINE)) == 1


HOSTILE = "<b>`$(x)`\u202e\x1b[31m.py"


@pytest.mark.parametrize("format_name", ["text", "markdown", "html"])
def test_changes_are_escaped(repository: Project, format_name: str) -> None:
    repository.write(HOSTILE, LINE)
    git(repository, "add", "--all")
    git(repository, "tag", "v<i>")
    result = repository.runsdir("audit", f"--output-format={format_name}", "--since=v<i>")
    assert result.rc == 0
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout
    if format_name == "html":
        assert "<b>`" not in result.stdout
        assert "v&lt;i&gt;" in result.stdout
    else:
        assert "v<i>" in result.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "it is no JSON", id="empty"),
        pytest.param(b"\xff", "it is no JSON", id="no text"),
        pytest.param(b"[" * 100_000, "it is no JSON", id="deep"),
        pytest.param(b"[]", "it is no audit in JSON of version 1", id="another document"),
        pytest.param(b'{"version": 2}', "it is no audit in JSON of version 1", id="version"),
        pytest.param(b'{"version": 1}', "`places` is no list", id="no places"),
        pytest.param(b'{"version": 1, "places": [1]}', "`places[0]` is no object", id="no place"),
        pytest.param(
            b'{"version": 1, "places": [{"path": 1}]}',
            "`places[0].path` is missing or wrong",
            id="a field of another type",
        ),
    ],
)
def test_file_that_is_no_audit(repository: Project, content: bytes, message: str) -> None:
    repository.write("before.json", content)
    error = failed(repository, "--since=before.json")
    assert error == f"error: before.json: {message}\n"


@pytest.mark.parametrize("field", Place._fields)
def test_every_field_of_a_place_is_checked(project: Project, field: str) -> None:
    place = Place("a.py", 1, 1, "mention", "", "", Status.CRITICAL, "")._asdict()
    record = {**place, "status": "critical", "priority": "HIGH"}
    path = project.write("before.json", json.dumps({"version": 1, "places": [record, record]}))
    assert len(archive.read(os.fspath(path)).places) == 2
    wrong = {**record, field: [0]}
    project.write("before.json", json.dumps({"version": 1, "places": [record, wrong]}))
    with pytest.raises(archive.ArchiveError, match=rf"`places\[1\]\.{field}` is missing or wrong"):
        archive.read(os.fspath(path))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since=v1"], "git knows no commit 'v1'"),
        (["--since=--all"], "git knows no commit '--all'"),
        (["--since=a\nb\x1b"], r"git knows no commit 'a\nb\x1b'"),
        (["--since=HEAD:a.py"], "git knows no commit 'HEAD:a.py'"),
        (["--since=gone.json"], "gone.json: no such file"),
        (["--fail-on=new"], "'--fail-on new' takes '--since <FILE|REV>'"),
        (["--history-commits=0"], "a number from 1 to 1000000 expected"),
    ],
)
def test_wrong_use(repository: Project, arguments: list[str], message: str) -> None:
    assert message in failed(repository, *arguments)


@pytest.mark.parametrize("name", sorted(set(AUDIT_FORMATS) - {"html", "json"}))
def test_history_takes_a_format_that_shows_it(repository: Project, name: str) -> None:
    message = "error: '--history' takes '--output-format html' or 'json'\n"
    assert failed(repository, "--history", name=name) == message


def test_history_is_not_in_the_format_that_nobody_has_asked_for(repository: Project) -> None:
    result = repository.runsdir("audit", "--history")
    assert (result.rc, result.stdout) == (2, "")


@pytest.mark.parametrize("argument", ["--since=HEAD", "--history"])
def test_where_there_is_nothing_to_ask(project: Project, argument: str) -> None:
    project.write("a.py", LINE)
    assert "is not in a git repository" in failed(project, argument)
    git(project, "init", "--quiet")
    message = "has no commits" if argument == "--history" else "git knows no commit 'HEAD'"
    assert message in failed(project, argument)
    arguments = ("audit", "--output-format=html", argument)
    result = project.runsdir(*arguments, environment={"PATH": os.fspath(project.home)})
    assert (result.rc, "git is not installed" in result.stderr) == (2, True)


ROWS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("fg"), st.sampled_from("xyz")))


def _places(rows: list[tuple[str, str, str]]) -> list[Place]:
    found = [
        Place(path, row, 1, "mention", "", "", Status.CRITICAL, "", source=text, context=context)
        for row, (path, context, text) in enumerate(sorted(rows, key=lambda row: row[0]))
    ]
    return list(stamped(found))


@given(ROWS, ROWS)
def test_every_place_is_in_one_part_of_a_comparison(
    before: list[tuple[str, str, str]], after: list[tuple[str, str, str]]
) -> None:
    old, new = _places(before), _places(after)
    found = compare("", old, new)
    now = [*found.new, *found.remaining, *(pair[1] for pair in found.moved)]
    assert sorted(now) == sorted(new)
    assert len(old) == len(found.fixed) + len(found.remaining) + len(found.moved)
    for text in "xyz":
        grown = len([p for p in new if p.source == text]) - len(
            [p for p in old if p.source == text]
        )
        added = len([place for place in found.new if place.source == text])
        gone = len([place for place in found.fixed if place.source == text])
        assert (added, gone) == (max(grown, 0), max(-grown, 0))


# History


def test_history(repository: Project) -> None:
    repository.write("a.py", f"{F}    {LINE}    {RIGHT}")
    repository.write("b/c.py", LINE)
    commit(repository)
    git(repository, "mv", "b", "migrations")
    commit(repository)
    repository.write("a.py", "")
    last = commit(repository)
    repository.write("a.py", LINE)  # is not committed
    assert counted(repository) == [2, 2, 1, 0]
    assert counted(repository, status="migration") == [0, 0, 1, 1]
    assert counted(repository, status="fixed") == [0, 1, 1, 0]
    (*_, point) = audit(repository, "--history")["history"]
    assert (point["commit"], point["date"]) == (last, "2026-02-03")


def test_history_follows_first_parents_of_the_default_branch(repository: Project) -> None:
    git(repository, "checkout", "--quiet", "-b", "side")
    repository.write("side.py", LINE * 3)
    commit(repository)
    git(repository, "checkout", "--quiet", "main")
    commit(repository)
    git(repository, "merge", "--quiet", "--no-ff", "-m", "Merge it", "side")
    assert counted(repository) == [2, 2, 5]


def test_history_is_that_of_the_default_branch_of_the_remote(
    repository: Project, tmp_path: Path
) -> None:
    git(repository, "branch", "--move", "trunk")
    (tmp_path / "clones").mkdir()
    clone = Project(tmp_path / "clones")
    git(repository, "clone", "--quiet", os.fspath(repository.root), os.fspath(clone.root))
    git(clone, "checkout", "--quiet", "-b", "topic")
    clone.write("b.py", LINE)
    commit(clone)
    assert counted(clone) == [2]
    git(clone, "remote", "set-head", "origin", "--delete")
    assert counted(clone) == [2, 3]


def test_history_is_sampled(repository: Project) -> None:
    for number in range(1, 8):
        repository.write("a.py", LINE * (number + 2))
        commit(repository)
    assert counted(repository) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert counted(repository, "--history-commits=3") == [2, 5, 9]
    assert counted(repository, "--history-commits=1") == [9]


@given(st.integers(1, 300), st.integers(1, 300))
def test_samples_are_spread_evenly(count: int, most: int) -> None:
    found = sampled(range(count), most)
    assert len(found) == min(count, most)
    assert found[-1] == count - 1
    assert found[0] == 0 or most == 1
    distances = {after - before for before, after in zip(found, found[1:])}
    assert not distances or max(distances) - min(distances) <= 1


def test_history_counts_only_what_is_audited(repository: Project) -> None:
    repository.write("sub/b.py", LINE)
    commit(repository)
    (point, last) = audit(repository, "--history", cwd="sub")["history"]
    assert (point["statuses"], last["statuses"]) == ({}, {"critical": 1})
    assert counted(repository, "sub/b.py", "runsdir.toml") == [0, 1]
    assert counted(repository, "--exclude=a.py") == [0, 1]


def test_history_of_many_files_is_spread_over_processes(repository: Project) -> None:
    for number in range(80):
        repository.write(f"m{number}.py", LINE)
    commit(repository)
    assert counted(repository, "--jobs=2") == [2, 82]


def test_history_is_drawn(repository: Project) -> None:
    commit(repository)
    page = repository.runsdir("audit", "--history", "--output-format=html").stdout
    assert "Burn-down over 2 commits" in page
    assert "Burn-down" not in repository.runsdir("audit", "--output-format=html").stdout


# The cache


def cached(project: Project) -> Path:
    """Return the file in which answers are kept."""
    return project.root / ".runsdir_cache" / "audit.json"


def test_answers_are_kept_and_believed(repository: Project) -> None:
    assert counted(repository) == [2]
    file = cached(repository)
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(file.read_text().replace('{"critical":2}', '{"critical":7}'))
    assert counted(repository) == [7]
    assert counted(repository, "--no-cache") == [2]
    repository.write("runsdir.toml", 'names = ["mlruns"]\n')
    assert counted(repository) == [0]


@pytest.mark.parametrize(
    "kept",
    ['{"critical":-1}', '{"critical":true}', '{"critical":"2"}', '{"x":2}', "[2]", "2", "null"],
)
def test_wrong_answers_are_not_believed(repository: Project, kept: str) -> None:
    counted(repository)
    file = cached(repository)
    file.write_text(file.read_text().replace('{"critical":2}', kept))
    assert counted(repository) == [2]
    assert '{"critical":2}' in file.read_text()


@pytest.mark.parametrize("content", ["", "{", '{"format":1,"entries":[]}', "[" * 100_000])
def test_corrupt_cache_is_made_anew(repository: Project, content: str) -> None:
    counted(repository)
    cached(repository).write_text(content)
    assert counted(repository) == [2]
    assert '{"critical":2}' in cached(repository).read_text()


def test_cache_that_came_along_is_not_read(repository: Project) -> None:
    counted(repository)
    file = cached(repository)
    file.write_text(file.read_text().replace('{"critical":2}', '{"critical":7}'))
    file.chmod(0o644)
    assert counted(repository) == [2]


# Repositories that are not whole


def test_shallow_clone(repository: Project, tmp_path: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    repository.write("b.py", LINE)
    commit(repository)
    (tmp_path / "clones").mkdir()
    clone = Project(tmp_path / "clones")
    source = f"file://{repository.root}"
    git(repository, "clone", "--quiet", "--depth=1", source, os.fspath(clone.root))
    result = clone.runsdir("audit", "--history", "--output-format=json")
    assert [point["statuses"] for point in json.loads(result.stdout)["history"]] == [
        {"critical": 3}
    ]
    assert "the clone is shallow" in result.stderr
    error = failed(clone, f"--since={first}")
    assert f"git knows no commit '{first}' (the clone is shallow)" in error


@pytest.mark.parametrize("argument", ["--since=HEAD", "--history"])
def test_object_that_is_missing_is_named(repository: Project, argument: str) -> None:
    blob = git(repository, "rev-parse", "HEAD:a.py")
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    error = failed(repository, argument)
    assert error == f"error: a.py: git does not have the object {blob}\n"


@pytest.mark.parametrize("argument", ["--since=HEAD", "--history"])
@pytest.mark.parametrize("name", ["HEAD:a.py", "HEAD^{tree}"])
def test_object_that_is_corrupt_is_an_error(repository: Project, argument: str, name: str) -> None:
    blob = git(repository, "rev-parse", name)
    file = repository.root / ".git" / "objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.write_bytes(b"x" * 40)
    assert "git" in failed(repository, argument)


def test_missing_object_is_named_by_any_process(repository: Project) -> None:
    for number in range(80):
        repository.write(f"m{number}.py", f"{LINE}# {number}\n")
    commit(repository)
    blob = git(repository, "rev-parse", "HEAD:m70.py")
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert f"m70.py: git does not have the object {blob}" in failed(
        repository, "--since=HEAD", "--jobs=2"
    )


def test_huge_blobs_are_passed_by(repository: Project) -> None:
    """What is larger than a Python file may be is read as a text, and the next one is, too."""
    repository.write("runsdir.toml", "max-file-size = 1000\n")
    repository.write("b.py", "#" * 3_000_000 + "\n" + LINE)
    repository.write("c.py", LINE)
    repository.write("d.bin", b"\0" * 3_000_000)
    repository.write("e.py", LINE)
    commit(repository)
    found = audit(repository, "--since=HEAD", "--jobs=1")
    assert found["comparison"]["totals"]["remaining"] == found["totals"]["must_fix"] >= 4
    assert found["comparison"]["totals"]["new"] == 0


def test_nothing_that_a_repository_configures_is_run(repository: Project) -> None:
    proof = repository.home / "proof"
    program = repository.home / "program"
    program.write_text(f"#!/bin/sh\ntouch {proof}\ncat\n")
    program.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "diff.external",
        "gpg.program",
        "diff.x.command",
        "diff.x.textconv",
        "filter.x.smudge",
        "filter.x.clean",
        "core.pager",
    ):
        git(repository, "config", key, os.fspath(program))
    git(repository, "config", "log.showSignature", "true")
    repository.write(".gitattributes", "*.py diff=x filter=x\n")
    git(repository, "-c", "filter.x.clean=cat", "-c", "core.fsmonitor=false", "add", "--all")
    git(
        repository,
        "-c",
        "filter.x.clean=cat",
        "-c",
        "core.fsmonitor=false",
        "commit",
        "--quiet",
        "-m",
        "Attributes",
    )
    proof.unlink(missing_ok=True)
    assert counted(repository) == [2, 2]
    assert totals(repository, "--since=HEAD") == (0, 0, 0, 2)
    assert not proof.exists()
