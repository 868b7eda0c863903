"""The files that an audit looks into, in repositories of a real git and outside of them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import Project
from flake8_runsdir import git
from flake8_runsdir.audit.tracked import absent, tracked

_SETTINGS = ("user.name=a", "user.email=a@example.org", "commit.gpgsign=false")


def run(root: Path, *arguments: str) -> None:
    """Run git in a directory."""
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    subprocess.run(["git", "-C", str(root), *settings, *arguments], check=True, capture_output=True)


def write(root: Path, *names: str) -> None:
    """Write files with something in them."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, encoding="utf-8", errors="surrogateescape")


def quietly(root: Path, *paths: Path) -> list[str]:
    """Return the files of a directory; nothing may be complained of."""
    complaints: list[str] = []
    found = tracked(str(root), complaints.append, [str(path) for path in paths])
    assert complaints == []
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A work tree with tracked, ignored and new files."""
    root = tmp_path / "work"
    root.mkdir()
    run(root, "init", "-q")
    write(root, "a.py", "b/c.sh", "b/d/e.md", "b.txt", "node_modules/x.js", ".github/ci.yml")
    (root / ".gitignore").write_text("*.log\nb.txt\n")
    run(root, "add", "-f", ".")
    write(root, "new.py", "x.log", "b/new.sh")
    return root


ALL = [".github/ci.yml", ".gitignore", "a.py", "b/c.sh", "b/d/e.md", "b.txt", "node_modules/x.js"]


def test_tracked(repository: Path) -> None:
    assert quietly(repository) == ALL
    run(repository, "commit", "-qm", "all")
    assert quietly(repository) == ALL


def test_parts_of_a_work_tree(repository: Path) -> None:
    assert quietly(repository / "b") == ["c.sh", "d/e.md"]
    assert quietly(repository, repository / "b") == ["b/c.sh", "b/d/e.md"]
    assert quietly(repository, repository / "b" / "d", repository / "b") == ["b/c.sh", "b/d/e.md"]
    assert quietly(repository, repository / "a.py") == ["a.py"]
    assert quietly(repository, repository / "new.py") == ["new.py"], "it was asked for"


def test_paths_that_are_none(repository: Path, tmp_path: Path) -> None:
    write(tmp_path, "other/a.py")
    complaints: list[str] = []
    paths = [str(tmp_path / "other"), str(repository / "nothing")]
    assert tracked(str(repository), complaints.append, paths) == ["nothing"], "to be told of"
    assert len(complaints) == 1
    assert complaints[0].startswith(paths[0])


def test_what_is_gone_or_another_thing(repository: Path, tmp_path: Path) -> None:
    write(tmp_path, "outside/d/e.md")
    (repository / "a.py").unlink()
    (repository / "a.py").symlink_to(tmp_path / "outside" / "d" / "e.md")
    shutil.rmtree(repository / "b" / "d")
    (repository / "b" / "d").symlink_to(tmp_path / "outside" / "d")
    (repository / "b.txt").unlink()
    (repository / "b.txt").mkdir()
    shutil.rmtree(repository / "node_modules")
    assert quietly(repository) == [".github/ci.yml", ".gitignore", "b/c.sh"]


def test_tracked_links_and_submodules(repository: Path, tmp_path: Path) -> None:
    (repository / "link.py").symlink_to("a.py")
    other = tmp_path / "other"
    other.mkdir()
    run(other, "init", "-q")
    write(other, "inner.py")
    run(other, "add", ".")
    run(other, "commit", "-qm", "all")
    add = ("submodule", "--quiet", "add", str(other), "sub")
    run(repository, "-c", "protocol.file.allow=always", *add)
    run(repository, "add", "link.py")
    assert quietly(repository) == sorted([*ALL, ".gitmodules"], key=lambda name: name.split("/"))
    assert quietly(repository / "sub") == ["inner.py"]


@pytest.mark.parametrize(
    "name", ["*", ":(attr:x)a", "-x", "[a]", "a\nb", "a:b", "\x1b[31m", "é", "\udcff"]
)
def test_odd_names(repository: Path, name: str) -> None:
    write(repository, f"{name}/{name}")
    run(repository, "add", "-f", ".")
    assert f"{name}/{name}" in quietly(repository)
    assert quietly(repository / name) == [name]


def test_nothing_of_a_repository_is_run(repository: Path, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {canary}\n")
    hook.chmod(0o755)
    run(repository, "config", "core.fsmonitor", str(hook))
    run(repository, "config", "core.hooksPath", str(tmp_path))
    run(repository, "config", "core.worktree", str(tmp_path))
    shutil.copy(hook, repository / "git")
    environment = {"PATH": f".{os.pathsep}{os.environ['PATH']}", "GIT_DIR": str(tmp_path)}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repository)
        for key, value in environment.items():
            patch.setenv(key, value)
        found = quietly(repository)
    assert ("a.py" in found, canary.exists()) == (True, False)


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.py", "b/c.sh", ".venv/x.py", "b/node_modules/x.js", ".git_/y")
    (tmp_path / "link").symlink_to("b")
    (tmp_path / "link.py").symlink_to("a.py")
    os.mkfifo(tmp_path / "pipe")
    assert quietly(tmp_path) == [".git_/y", "a.py", "b/c.sh"]
    write(tmp_path, "work/x.py", "work/y.py")
    run(tmp_path / "work", "init", "-q")
    run(tmp_path / "work", "add", "x.py")
    assert quietly(tmp_path, tmp_path / "work") == ["work/x.py"]
    assert quietly(tmp_path)[-1] == "work/x.py", "a repository below has the say in its files"
    monkeypatch.setattr(git, "program", lambda: None)
    complaints: list[str] = []
    assert tracked(str(tmp_path / "work"), complaints.append) == ["x.py", "y.py"]
    assert len(complaints) == 1


def test_excluded_directories_are_not_entered(tmp_path: Path) -> None:
    """Nor is git asked what it tracks there."""
    for name in ("a", "b/c", "b/d"):
        write(tmp_path, f"{name}/x.py", f"{name}/.git/HEAD")
    write(tmp_path, "b/e/y.py")
    complaints: list[str] = []
    asked: list[str] = []

    def is_excluded(name: str) -> bool:
        asked.append(name)
        return name in ("a", "b/c")

    assert tracked(str(tmp_path), complaints.append, (), is_excluded) == ["b/d/x.py", "b/e/y.py"]
    assert [complaint.partition(":")[0] for complaint in complaints] == [str(tmp_path / "b" / "d")]
    assert sorted(asked) == ["a", "b", "b/c", "b/d", "b/e"]


@pytest.mark.parametrize("flag", ["--exclude=*", "--exclude=a,b", "--extend-exclude=[ab]"])
def test_excluded_repositories_are_left_alone(project: Project, flag: str) -> None:
    project.write_all({"a/.git/HEAD": "", "b/c/.git/HEAD": "", "b/c/x.py": ""})
    result = project.runsdir("audit", flag)
    assert (result.rc, result.stderr) == (0, "")
    assert "0 text files looked into" in result.stdout
    assert project.runsdir("audit").stderr.count("git does not say what it tracks") == 2


def test_absent(repository: Path) -> None:
    assert absent(str(repository)) == set()
    run(repository, "commit", "-qm", "all")
    names = ["a.py", "b/c.sh", "b/d/e.md"]
    run(repository, "update-index", "--skip-worktree", *names)
    for name in ("a.py", "b/c.sh", "b.txt"):
        (repository / name).unlink()
    assert absent(str(repository)) == {"a.py", "b/c.sh"}, "one is deleted, one is there"
    assert absent(str(repository / "b")) == {"c.sh"}


@pytest.mark.parametrize("name", ["a\nS b", "S b", "é\x1b", "\udcff"])
def test_absent_files_of_any_name(repository: Path, name: str) -> None:
    write(repository, name)
    run(repository, "add", "--force", "--", name)
    run(repository, "update-index", "--skip-worktree", "--", name)
    (repository / name).unlink()
    assert absent(str(repository)) == {name}


def test_nothing_is_absent_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert absent(str(tmp_path)) == set()
    write(tmp_path, "a.py", ".git/HEAD")
    assert absent(str(tmp_path)) == set()
    monkeypatch.setattr(git, "program", lambda: None)
    assert absent(str(tmp_path)) == set()


def test_broken_repository(tmp_path: Path) -> None:
    write(tmp_path, "a.py", ".git/HEAD")
    complaints: list[str] = []
    assert tracked(str(tmp_path), complaints.append) == ["a.py"]
    assert len(complaints) == 1


def test_closed_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a/b.py", "c.py")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if os.path.basename(path) == "a":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert quietly(tmp_path) == ["a", "c.py"], "it is to be told of"
