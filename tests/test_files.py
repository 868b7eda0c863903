"""Which files are found: against the real Ruff, the real git, and hostile trees."""

from __future__ import annotations

import os
import random
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_runsdir import git, ignores
from flake8_runsdir.files import Found, Unread, discover
from flake8_runsdir.ignores import Budget, Rules
from flake8_runsdir.options import ConfigError, Layer
from flake8_runsdir.settings import Resolver

OUT = "a link that leads out of the directories that are checked"
LINKED = Path(ignores.__file__).parents[1]
needs_links = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links and pipes as on POSIX")


class Outcome(NamedTuple):
    """What has been found in the tree, by paths relative to it, in order."""

    found: list[str]
    unread: dict[str, str]
    complaints: list[str]


class Tree:
    """A directory with files in it, which is the current one, and a home of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.elsewhere = root.parent / "elsewhere"
        self.elsewhere.mkdir()

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files; the name of an empty directory ends in a slash."""
        for name, content in files.items():
            path = self.root / name
            (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
            if not name.endswith("/"):
                path.write_bytes(content.encode() if isinstance(content, str) else content)

    def git(self, *arguments: str, at: str = ".") -> str:
        """Run git and return what it prints."""
        names = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always")
        command = ["git", *names, *arguments]
        answer = subprocess.run(command, cwd=self.root / at, check=True, capture_output=True)
        return os.fsdecode(answer.stdout)

    def discover(self, *paths: str, **options: object) -> Outcome:
        """Return what is found at some paths, with options as on a command line."""
        complaints: list[str] = []
        resolver = Resolver(Layer("command line", options, str(self.root)))
        say = complaints.append
        items = list(discover(paths or ["."], resolver, say, say))
        return Outcome(
            [self.relative(item.path) for item in items if isinstance(item, Found)],
            {self.relative(item.path): item.reason for item in items if isinstance(item, Unread)},
            [complaint.replace(f"{self.root}{os.sep}", "") for complaint in complaints],
        )

    def relative(self, path: str) -> str:
        """Return a path relative to the tree, with forward slashes."""
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def ruff(self, *arguments: str) -> list[str]:
        """Return the Python files that Ruff would check, sorted by their components."""
        command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--show-files"]
        answer = subprocess.run(
            [*command, *arguments], cwd=self.root, check=True, capture_output=True
        )
        lines = os.fsdecode(answer.stdout).splitlines()
        files = {self.relative(line) for line in lines if not line.endswith(".toml")}
        return sorted(files, key=lambda path: path.split("/"))


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """An empty tree; what the user of this machine has configured is out of sight."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    root = Path(os.path.realpath(tmp_path), "tree")
    (root.parent / "home").mkdir()
    root.mkdir()
    monkeypatch.setenv("HOME", str(root.parent / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(root.parent / "home" / ".config"))
    monkeypatch.chdir(root)
    return Tree(root)


def files(*names: str) -> dict[str, str | bytes]:
    """Return empty files."""
    return dict.fromkeys(names, "")


def same_as_ruff(tree: Tree, paths: Sequence[str], **options: object) -> list[str]:
    """Return what is found, which has to be what Ruff finds."""
    for config in [*tree.root.rglob("ruff.toml")]:
        shutil.copy(config, config.with_name("runsdir.toml"))
    flags = [f"--{name.replace('_', '-')}" for name, value in options.items() if value is True]
    outcome = tree.discover(*paths, **options)
    assert outcome.found == tree.ruff(*flags, *paths)
    assert outcome.complaints == []
    assert outcome.unread == {}
    return outcome.found


NESTED = files("venv/x.py", "venv/sub/y.py", "a/z.py")
FORCED = {"force_exclude": True}


@pytest.mark.parametrize(
    ("planted", "paths", "options", "expected"),
    [
        pytest.param(files("a.py", "b.pyi", "c.ipynb", "d.pyw", "e"), ["."], {}, 3, id="suffixes"),
        pytest.param(files(".py", "..py", "B.PY", "c.Pyi", "-.py"), ["."], {}, 3, id="odd dots"),
        pytest.param(files("x.py/in.py", "x.py/y"), ["."], {}, 1, id="a directory with a suffix"),
        pytest.param(files(".h/a.py", ".h/.i/b.py"), ["."], {}, 2, id="hidden directories"),
        pytest.param(files("ä/日.py", "a b/c d.py", "*/[a].py"), ["."], {}, 3, id="odd names"),
        pytest.param(files("e/"), ["."], {}, 0, id="an empty directory"),
        pytest.param(NESTED, ["."], {}, 1, id="excluded by default"),
        pytest.param(NESTED, ["venv"], {}, 2, id="an excluded directory that is named"),
        pytest.param(NESTED, ["venv/sub"], {}, 1, id="a directory in an excluded one"),
        pytest.param(NESTED, ["venv/x.py"], {}, 1, id="a file in an excluded directory"),
        pytest.param(NESTED, ["venv"], FORCED, 0, id="force-exclude, directory"),
        pytest.param(NESTED, ["venv/sub"], FORCED, 0, id="force-exclude, directory below"),
        pytest.param(NESTED, ["venv/x.py"], FORCED, 0, id="force-exclude, file"),
        pytest.param(NESTED, ["a/z.py", "a"], FORCED, 1, id="force-exclude, not excluded"),
        pytest.param(NESTED, ["a/../a", "./a", "a/z.py", "a/"], {}, 1, id="named several times"),
        pytest.param(NESTED, [".", "venv/x.py"], {}, 2, id="a file that the walk leaves out"),
        pytest.param(NESTED, ["venv/sub", "."], {}, 2, id="a directory that the walk leaves out"),
        pytest.param(files("a", "b.txt"), ["a", "b.txt"], {}, 2, id="any suffix if named"),
        pytest.param(
            {"ruff.toml": "exclude = ['a/b']", **files("a/b/x.py", "a/b/c/y.py", "b/z.py")},
            ["."], {}, 1, id="exclude a path",
        ),
        pytest.param(
            {"ruff.toml": "exclude = ['a/b']", **files("a/b/x.py", "a/b/c/y.py")},
            ["a/b"], {}, 2, id="exclude a path that is named",
        ),
        pytest.param(
            {"ruff.toml": "exclude = ['a/b']", **files("a/b/x.py", "a/b/c/y.py")},
            ["a/b/c"], FORCED, 0, id="exclude a path above what is named",
        ),
        pytest.param(
            {"ruff.toml": "exclude = ['docs/**']", **files("docs/x.py", "s/docs/y.py")},
            ["docs", "s"], {}, 1, id="exclude what is in a directory that is named",
        ),
        pytest.param(
            {"ruff.toml": "exclude = ['*_pb2.py', 'b/*.py']", **files("a_pb2.py", "b/c/d.py")},
            ["."], {}, 0, id="exclude by wildcards",
        ),
        pytest.param(
            {"ruff.toml": "extend-exclude = ['a']", **files("a/x.py", "venv/y.py", "b/a.py")},
            ["."], {}, 1, id="extend-exclude",
        ),
        pytest.param(
            {"ruff.toml": "include = ['*.txt', 'src/*.py']", **files("a.txt", "src/a.py", "b.py")},
            ["."], {}, 2, id="include",
        ),
        pytest.param(
            {"ruff.toml": "extend-include = ['SConstruct']", **files("SConstruct", "a/b.py")},
            ["."], {}, 2, id="extend-include",
        ),
        pytest.param(
            {
                "ruff.toml": "exclude = ['q']",
                "p/ruff.toml": "exclude = ['z.py']",
                **files("p/q/x.py", "p/y.py", "p/z.py", "q/a.py", "z.py"),
            },
            ["."], {}, 3, id="a configuration further down",
        ),
        pytest.param(
            {
                "ruff.toml": "exclude = ['q']",
                "p/ruff.toml": "exclude = ['z.py']",
                **files("p/q/x.py", "p/q/z.py"),
            },
            ["p/q/x.py", "p/q/z.py"], FORCED, 1, id="force-exclude up to the configuration",
        ),
        pytest.param(
            {"venv/ruff.toml": "", **files("venv/x.py")},
            ["venv"], FORCED, 0, id="force-exclude and the directory of the configuration",
        ),
        pytest.param(
            {"venv/p/ruff.toml": "", **files("venv/p/x.py")},
            ["venv/p", "venv/p/x.py"], FORCED, 1, id="force-exclude above the configuration",
        ),
        pytest.param(
            {"ruff.toml": "respect-gitignore = false", ".ignore": "a.py", **files("a.py")},
            ["."], {}, 1, id="ignore files that are not respected",
        ),
        pytest.param(
            {"ruff.toml": "force-exclude = true", **files("venv/x.py")},
            ["venv/x.py"], {}, 0, id="force-exclude in the configuration",
        ),
    ],
)  # fmt: skip
def test_found_as_by_ruff(
    tree: Tree,
    planted: dict[str, str | bytes],
    paths: list[str],
    options: dict[str, object],
    expected: int,
) -> None:
    tree.write(planted)
    assert len(same_as_ruff(tree, paths, **options)) == expected


IGNORED = files("a.py", "b.py", "d/a.py", "d/e/a.py", "d/e/b.py")


@pytest.mark.parametrize("answer", [pytest.param(True, id="git"), pytest.param(False, id="no git")])
@pytest.mark.parametrize(
    ("planted", "paths", "expected"),
    [
        pytest.param({".gitignore": "a.py"}, ["."], 2, id="a name"),
        pytest.param({".gitignore": "/a.py"}, ["."], 4, id="anchored"),
        pytest.param({".gitignore": "d/a.py"}, ["."], 4, id="a path"),
        pytest.param({".gitignore": "e/"}, ["."], 3, id="a directory"),
        pytest.param({".gitignore": "a.py/"}, ["."], 5, id="a directory only"),
        pytest.param({".gitignore": "*.py\n!b.py"}, ["."], 2, id="negated"),
        pytest.param({".gitignore": "d/\n!d/a.py"}, ["."], 2, id="negated below what is ignored"),
        pytest.param({".gitignore": "d/*\n!d/a.py"}, ["."], 3, id="negated beside"),
        pytest.param({".gitignore": "**/e/**"}, ["."], 3, id="stars"),
        pytest.param({".gitignore": "[a-a].p?"}, ["."], 2, id="class and question mark"),
        pytest.param({".gitignore": "\\a.py\n#b.py\n\n \n"}, ["."], 2, id="escape and comment"),
        pytest.param({".gitignore": "a.py  \r\n"}, ["."], 2, id="blanks and line ends"),
        pytest.param({".gitignore": b"\xef\xbb\xbfa.py"}, ["."], 2, id="byte order mark"),
        pytest.param({"d/.gitignore": "a.py"}, ["."], 3, id="further down"),
        pytest.param({".gitignore": "a.py", "d/.gitignore": "!a.py"}, ["."], 4, id="turned round"),
        pytest.param({".gitignore": "a.py", "d/.ignore": "!a.py"}, ["."], 4, id=".ignore wins"),
        pytest.param({".ignore": "a.py", "d/.gitignore": "!a.py"}, ["."], 2, id=".ignore wins too"),
        pytest.param({".ignore": "e\n"}, ["d/e"], 2, id="an ignored directory that is named"),
        pytest.param({".gitignore": "e"}, ["d/e"], 2, id="the same for git"),
        pytest.param({".gitignore": "a.py"}, ["d/e", "d/a.py"], 2, id="above what is named"),
        pytest.param({".gitignore": "d/*"}, ["d"], 0, id="everything in what is named"),
        pytest.param({".gitignore": "a.py"}, ["a.py", "."], 3, id="named and ignored"),
        pytest.param({".git/info/exclude": "a.py"}, ["."], 2, id="info/exclude"),
        pytest.param(
            {".git/info/exclude": "a.py", ".gitignore": "!/a.py"}, ["."], 3, id="over info/exclude"
        ),
        pytest.param({"../.ignore": "a.py", "../.gitignore": "b.py"}, ["."], 2, id="further up"),
    ],
)
def test_ignored_as_by_ruff(
    tree: Tree,
    monkeypatch: pytest.MonkeyPatch,
    answer: bool,
    planted: dict[str, str | bytes],
    paths: list[str],
    expected: int,
) -> None:
    tree.git("init", "-q")
    tree.write({**IGNORED, **planted})
    if not answer:
        monkeypatch.setattr(git, "program", lambda: None)
    assert len(same_as_ruff(tree, paths)) == expected


@pytest.mark.parametrize(
    ("planted", "paths", "more", "less"),
    [
        pytest.param(
            {".gitignore": "gen/", **files("gen/t.py", "gen/u.py")},
            ["."], ["gen/t.py"], [], id="what git tracks is not ignored",
        ),
        pytest.param(
            {".gitignore": "gen/\ng*.py", **files("gen/g.py")},
            ["gen"], ["gen/g.py"], [], id="git says no more about what is in an ignored directory",
        ),
    ],
)  # fmt: skip
def test_difference_from_ruff(
    tree: Tree,
    planted: dict[str, str | bytes],
    paths: list[str],
    more: list[str],
    less: list[str],
) -> None:
    tree.git("init", "-q")
    tree.write(planted)
    if "gen/t.py" in planted:
        tree.git("add", "-f", "gen/t.py")
    found, theirs = set(tree.discover(*paths).found), set(tree.ruff(*paths))
    assert found - theirs == set(more)
    assert theirs - found == set(less)


def test_gitignore_outside_of_a_work_tree(tree: Tree) -> None:
    tree.write({".gitignore": "a.py", **IGNORED})
    assert tree.ruff(".") == ["a.py", "b.py", "d/a.py", "d/e/a.py", "d/e/b.py"]
    assert tree.discover().found == ["b.py", "d/e/b.py"]
    assert tree.discover("d").found == ["d/a.py", "d/e/a.py", "d/e/b.py"]


def test_configuration_that_does_not_respect_ignore_files_further_down(tree: Tree) -> None:
    tree.git("init", "-q")
    tree.write({".gitignore": "a.py", "d/runsdir.toml": "respect-gitignore = false", **IGNORED})
    tree.write({"d/e/runsdir.toml": ""})
    assert tree.discover().found == ["b.py", "d/a.py", "d/e/b.py"]


def test_excludes_of_the_user(tree: Tree) -> None:
    tree.git("init", "-q")
    tree.git("config", "--global", "core.excludesFile", "~/mine")
    tree.write({"../home/mine": "a.py", **IGNORED})
    assert same_as_ruff(tree, ["."]) == ["b.py", "d/e/b.py"]


def test_nested_repository_asks_its_own_git(tree: Tree) -> None:
    tree.git("init", "-q")
    tree.write({".gitignore": "a.py\n*.pyc", **IGNORED})
    tree.git("init", "-q", "d")
    tree.write({"d/.gitignore": "b.py", "d/x.pyc": "", "u/y.pyc": ""})
    tree.git("init", "-q", "u/v")
    tree.write({"u/v/a.py": ""})
    assert same_as_ruff(tree, ["."]) == ["b.py", "d/a.py", "d/e/a.py", "u/v/a.py"]
    assert same_as_ruff(tree, ["d/e"]) == ["d/e/a.py"]


def test_submodule_and_work_tree_ask_their_own_git(tree: Tree) -> None:
    tree.git("init", "-q", "origin")
    tree.write({"origin/.gitignore": "a.py", "origin/b.py": ""})
    tree.git("add", "-A", at="origin")
    tree.git("commit", "-qm", "one", at="origin")
    tree.git("worktree", "add", "-q", "../work", at="origin")
    tree.git("init", "-q")
    tree.git("submodule", "--quiet", "add", "./origin", "sub")
    tree.write({".gitignore": "b.py", **files("work/a.py", "work/c.py", "sub/a.py", "sub/c.py")})
    (tree.root / "origin/.git/info/exclude").write_text("c.py")
    expected = ["origin/b.py", "sub/b.py", "sub/c.py", "work/b.py"]
    assert tree.discover().found == expected
    assert tree.discover("work", "sub").found == expected[1:]


def test_git_is_asked_once_for_all_that_is_named(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree.git("init", "-q")
    tree.write({".gitignore": "b.py"})
    tree.write({f"{n}/{name}.py": "" for n in range(ignores._MOST_ARGUMENTS + 1) for name in "ab"})
    asked = []
    output = git.output

    def count(command: Sequence[str], environment: dict[str, str]) -> tuple[bytes | None, bool]:
        asked.append(list(command[command.index("--") + 1 :]))
        return output(command, environment)

    monkeypatch.setattr(git, "output", count)
    assert tree.discover("3", "2").found == ["2/a.py", "3/a.py"]
    assert len(tree.discover(*map(str, range(ignores._MOST_ARGUMENTS + 1))).found) == 101
    assert asked == [["2", "3"], ["."]]


@pytest.mark.parametrize("name", ["*", ":(attr:x)a", "-x", "[a]", "a\nb", "a:b"])
def test_odd_names_for_git(tree: Tree, name: str) -> None:
    tree.write({f"{name}/{file}": "" for file in ("a.py", "b.py")})
    tree.git("init", "-q")
    tree.write({".gitignore": "b.py"})
    assert tree.discover(f"./{name}").found == [f"{name}/a.py"]
    tree.git("init", "-q", at=name)
    tree.write({f"{name}/.gitignore": "a.py"})
    assert tree.discover().found == [f"{name}/b.py"]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({".git/": ""}, id="an empty directory"),
        pytest.param({".git": "gitdir: /nowhere"}, id="a file that leads nowhere"),
        pytest.param({".git": b"\xff\0"}, id="a file of anything"),
        pytest.param({".git/HEAD": "x", ".git/config": "[", ".git/objects/": ""}, id="broken"),
    ],
)
def test_files_are_read_where_git_does_not_answer(
    tree: Tree, broken: dict[str, str | bytes]
) -> None:
    tree.write({**broken, ".gitignore": "a.py", **IGNORED})
    assert tree.discover() == Outcome(["b.py", "d/e/b.py"], {}, [])


@pytest.mark.parametrize("setting", ["core.worktree=/", "core.bare=1", "core.worktree=.."])
def test_repository_cannot_redirect_git(tree: Tree, setting: str) -> None:
    tree.git("init", "-q")
    tree.git("config", *setting.split("="))
    tree.write({".gitignore": "a.py", **IGNORED})
    tree.git("--work-tree=.", "add", "-f", "a.py")
    assert tree.discover() == Outcome(["a.py", "b.py", "d/e/b.py"], {}, [])


def test_repository_further_up_does_not_answer_for_a_broken_one(tree: Tree) -> None:
    tree.git("init", "-q")
    tree.write({"d/.git/": "", "d/.gitignore": "a.py", **IGNORED})
    tree.git("add", "a.py")
    assert tree.discover("d").found == ["d/e/b.py"]
    assert tree.discover().found == ["a.py", "b.py", "d/e/b.py"]


@pytest.mark.parametrize(
    "variable", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CONFIG_GLOBAL", "GIT_TRACE"]
)
def test_environment_cannot_redirect_git(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    tree.git("init", "-q")
    tree.write({".gitignore": "a.py", "d/t.txt": "", **IGNORED})
    tree.git("add", "-f", "d/a.py")
    monkeypatch.setenv(variable, str(tree.root / "d" / "t.txt"))
    assert tree.discover() == Outcome(["b.py", "d/a.py", "d/e/b.py"], {}, [])
    assert (tree.root / "d" / "t.txt").read_text() == ""


def hostile_repository(tree: Tree, script: str) -> None:
    """Make a repository whose configuration wants to run a script at every occasion."""
    tree.git("init", "-q")
    tree.write({".gitignore": "*.pyc", "a.py": "", "b.pyc": "", ".gitattributes": "* filter=x"})
    tree.git("add", "-A")
    blob = tree.git("rev-parse", ":.gitignore").strip()
    tree.git("update-index", "--skip-worktree", ".gitignore")
    # git wants to fetch the file, which is neither in the tree nor in the repository.
    (tree.root / ".gitignore").unlink()
    (tree.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    hooks = tree.root / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        shutil.copy(script, hooks / hook)
    values = {
        "alias.ls-files": f"!{script}",
        "core.askPass": script,
        "core.editor": script,
        "core.fsmonitor": script,
        "core.fsmonitorHookVersion": "2",
        "core.gitProxy": script,
        "core.hooksPath": str(hooks),
        "core.pager": script,
        "core.repositoryFormatVersion": "1",
        "core.sshCommand": script,
        "credential.helper": script,
        "diff.external": script,
        "diff.x.textconv": script,
        "extensions.partialClone": "origin",
        "filter.x.clean": script,
        "filter.x.process": script,
        "filter.x.smudge": script,
        "pager.ls-files": script,
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": script,
    }
    for key, value in values.items():
        tree.git("config", key, value)


@needs_links
@pytest.mark.parametrize("url", ["ext::{script}", "{tree}", "file://{tree}", "ssh://a/b", "x::y"])
def test_hostile_repository_runs_nothing(tree: Tree, url: str) -> None:
    marker, script = tree.elsewhere / "marker", tree.elsewhere / "script"
    script.write_text(f"#!/bin/sh\necho ran >> '{marker}'\n")
    script.chmod(0o755)
    hostile_repository(tree, str(script))
    tree.git("config", "remote.origin.url", url.format(script=script, tree=tree.root))
    marker.unlink(missing_ok=True)
    assert tree.discover().found == ["a.py"]
    assert not marker.exists()
    command = ["git", *ignores._QUESTION, "."]
    subprocess.run(command, cwd=tree.root, capture_output=True, check=False)
    assert marker.read_text().startswith("ran"), "the trap does not work"


@needs_links
def test_program_of_the_tree_is_not_run(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.git("init", "-q")
    marker = tree.elsewhere / "marker"
    tree.write({".gitignore": "a.py", "git": f"#!/bin/sh\n: > '{marker}'\n", **IGNORED})
    (tree.root / "git").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "../tree"]))
    assert tree.discover() == Outcome(["b.py", "d/e/b.py"], {}, [])
    assert not marker.exists()


@needs_links
@pytest.mark.parametrize("content", ["", "#!/bin/false\n", "#!/nowhere/sh\n"])
def test_git_that_does_not_run(tree: Tree, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    tree.git("init", "-q")
    tree.write({".gitignore": "a.py", "../elsewhere/git": content, **IGNORED})
    (tree.elsewhere / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tree.elsewhere))
    assert tree.discover() == Outcome(["b.py", "d/e/b.py"], {}, [])


@needs_links
def test_git_that_does_not_come_to_an_end(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.git("init", "-q")
    tree.write({".gitignore": "a.py", **IGNORED})
    tree.git("init", "-q", "d/e")
    os.mkfifo(tree.elsewhere / "pipe")
    tree.git("config", "--global", "core.excludesFile", str(tree.elsewhere / "pipe"))
    monkeypatch.setattr(git, "_PATIENCE", 0.3)
    outcome = tree.discover()
    assert outcome.found == ["b.py", "d/e/a.py", "d/e/b.py"]
    # It is not asked about the other repository: that would take as long.
    complaint = f"{tree.root}: git says too much or too late; ignore files are read"
    assert outcome.complaints == [complaint]


def test_git_that_says_too_much(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.git("init", "-q")
    tree.write({".gitignore": "*b.py", "a.py": ""})
    tree.write({f"{number:0200}b.py": "" for number in range(1000)})
    monkeypatch.setattr(git, "_LARGEST_ANSWER", 1000)
    outcome = tree.discover()
    assert outcome.found == ["a.py"]
    assert len(outcome.complaints) == 1


PIECES = [
    "a",
    "b",
    "*",
    "**",
    "?",
    "/",
    "[ab]",
    "[!a]",
    "[a-b]",
    "[",
    "\\",
    "\\*",
    "\\a",
    " ",
    "!",
    "#",
]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)
NAMES = ["a", "b", "ab", "a b", "!a", "#a", "*", "[", "\\", "a]", "ba ", "abb"]


def beside(text: str) -> bool:
    """Tell whether two stars stand beside something else: git reads those in two ways."""
    return any("**" in part and part.strip("*!") for part in text.split("/"))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty repository."""
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(lines=st.lists(TEXTS.filter(lambda text: not beside(text)), min_size=1, max_size=3))
def test_patterns_mean_what_they_mean_to_git(repository: Path, lines: list[str]) -> None:
    pick = random.Random(repr(lines))
    paths = ["/".join(pick.choices(NAMES, k=pick.randint(1, 3))) for _ in range(60)]
    (repository / ".gitignore").write_text("\n".join(lines))
    answer = subprocess.run(
        ["git", "-C", str(repository), "check-ignore", "--no-index", "-z", "-v", "-n", "--stdin"],
        input="".join(f"{path}\0" for path in paths).encode(),
        capture_output=True,
        check=False,
    )
    fields = answer.stdout.decode().split("\0")
    expected = dict(zip(fields[3::4], fields[2::4]))
    rules = Rules(str(repository), "\n".join(lines), None, Budget(1 << 40, pytest.fail))
    for path in paths:
        verdict = None
        for end in range(1, path.count("/") + 2):
            parts = path.split("/")[:end]
            verdict = rules.verdict("/".join([str(repository), *parts]), end <= path.count("/"))
            if verdict:
                break
        if not rules.unknown:
            pattern = expected[path]
            assert verdict == (not pattern.startswith("!") if pattern else None), (path, pattern)


@pytest.mark.parametrize(
    "pattern",
    ["[[:alpha:]].py", "[!]a].py", "[\\a].py", "[a", "a\\", "!", "/", "a//b", "a" * 5000],
)
def test_pattern_that_is_passed_by(tree: Tree, pattern: str) -> None:
    tree.write({".ignore": f"{pattern}\nb.py", **files("a.py", "b.py")})
    wrong = ".ignore: 1 of the patterns cannot match, or are not known; passed by"
    assert tree.discover() == Outcome(["a.py"], {}, [wrong])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"a.py\n" * 300_000, "larger than 1 MiB", id="huge"),
        pytest.param(b"a.py\n\xff\n", "not UTF-8", id="undecodable"),
    ],
)
@pytest.mark.parametrize("name", [".ignore", ".gitignore"])
def test_ignore_file_that_is_passed_by(tree: Tree, name: str, content: bytes, problem: str) -> None:
    tree.write({f"d/{name}": content, "d/a.py": ""})
    assert tree.discover() == Outcome(["d/a.py"], {}, [f"d/{name}: {problem}; passed by"])


@needs_links
def test_ignore_file_that_is_none(tree: Tree) -> None:
    tree.write({"a/.ignore/": "", "b/": "", "c/": "", "d/.ignore": "", **files("a/x.py", "d/x.py")})
    os.mkfifo(tree.root / "b/.ignore")
    (tree.root / "c/.ignore").symlink_to("/dev/zero")
    (tree.elsewhere / "rules").write_text("x.py")
    (tree.root / "d/.ignore").unlink()
    (tree.root / "d/.ignore").symlink_to(tree.elsewhere / "rules")
    outcome = tree.discover()
    assert outcome.found == ["a/x.py", "d/x.py"]
    assert [text.partition(":")[0] for text in outcome.complaints] == [
        "a/.ignore",
        "b/.ignore",
        "c/.ignore",
        "d/.ignore",
    ]


@pytest.mark.parametrize(
    "pattern", ["a*a*a*a*a*a*a*b", "**/a/**/a/**/b", "?*" * 60 + "b", "[a]*" * 40 + "b"]
)
def test_wildcards_are_matched_in_bounds(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    monkeypatch.setattr(ignores, "_STEPS", 50_000)
    tree.write({".ignore": f"{pattern}\nb.py\n"})
    tree.write({f"{'a' * 200}{number:03}.py": "" for number in range(200)})
    tree.write({"a.py": "", "b.py": "", "z/b.py": ""})
    outcome = tree.discover()
    assert outcome.complaints == ["ignore files: too much work; no more wildcards are matched"]
    assert len(outcome.found) == 201


def test_usual_wildcards_are_no_trouble(tree: Tree) -> None:
    assert ignores._STEPS >= 100_000_000
    tree.write({".ignore": "*.py[co]\n.coverage.*\n*_pb2*.py\ndocs/*/x.py\n", **IGNORED})
    tree.write(files("a_pb2.py", "a_pb2_grpc.py", "docs/a/x.py", "docs/a/y.py", "docs/a/b/x.py"))
    expected = [*IGNORED, "docs/a/b/x.py", "docs/a/y.py"]
    assert tree.discover() == Outcome(expected, {}, [])


@pytest.mark.parametrize(
    "paths",
    [
        pytest.param(["."], id="one"),
        pytest.param([".", ".", "./"], id="twice"),
        pytest.param(["b", "a", "."], id="overlapping"),
        pytest.param(["a-b.py", "a/b", "b.py", "b", "a", "a/b/c.py", "a.py"], id="all by name"),
        pytest.param(["a/b/c.py", ".", "a/b"], id="a file and what is around it"),
    ],
)
def test_order_is_that_of_components(tree: Tree, paths: list[str]) -> None:
    expected = ["a/b/c.py", "a/b-c.py", "a/c.py", "a-b.py", "a.py", "b/a.py", "b.py"]
    tree.write(files(*reversed(expected)))
    assert tree.discover(*paths).found == expected
    assert tree.discover(*reversed(paths)).found == expected


def test_nothing_is_named(tree: Tree) -> None:
    resolver = Resolver(Layer("command line", {}, str(tree.root)))
    assert list(discover([], resolver, pytest.fail, pytest.fail)) == []


def test_settings_are_those_of_the_directory(tree: Tree) -> None:
    tree.write({"runsdir.toml": "", "a/runsdir.toml": "", **files("a/b/x.py", "x.py")})
    resolver = Resolver(Layer("command line", {}, str(tree.root)))
    found = [
        item
        for item in discover(["."], resolver, pytest.fail, pytest.fail)
        if isinstance(item, Found)
    ]
    assert [tree.relative(item.settings.root) for item in found] == ["a", "."]


def test_configuration_that_is_wrong_further_down(tree: Tree) -> None:
    tree.write({"a/runsdir.toml": "exclude = 1", "a/pyproject.toml": "[tool.runsdir]"})
    tree.write(files("a/x.py", "b.py"))
    outcome = tree.discover()
    assert outcome.found == ["a/x.py", "b.py"]
    assert outcome.complaints == ["a/runsdir.toml: `exclude`: a list of strings expected"]


@pytest.mark.parametrize("path", ["a", "a/x.py", "a/b", "a/nothing.py"])
def test_configuration_that_is_wrong_above_what_is_named(tree: Tree, path: str) -> None:
    tree.write({"a/runsdir.toml": "exclude = 1", **files("a/x.py", "a/b/y.py", "0.py")})
    resolver = Resolver(Layer("command line", {}, str(tree.root)))
    with pytest.raises(ConfigError, match="a list of strings expected"):
        next(iter(discover(["0.py", path], resolver, pytest.fail, pytest.fail)))


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        pytest.param("nothing.py", "No such file or directory", id="missing"),
        pytest.param("-", "No such file or directory", id="a dash is a name here"),
        pytest.param("a.py/b.py", "Not a directory", id="below a file"),
        pytest.param("x" * 300, "File name too long", id="a long name"),
        pytest.param(f"{'y' * 250}/" * 20, "File name too long", id="a long path"),
        pytest.param(os.devnull, "not a regular file", id="a device"),
        pytest.param("\ud800.py", "can't encode", id="a name that is none"),
    ],
)
def test_named_but_not_readable(tree: Tree, path: str, reason: str) -> None:
    tree.write(files("a.py"))
    outcome = tree.discover("a.py", path)
    assert outcome.found == ["a.py"]
    assert [reason in text for text in outcome.unread.values()] == [True]


@needs_links
def test_links(tree: Tree) -> None:
    tree.write(files("a.py", "d/b.py", "t.txt", "venv/v.py", "gen/g.py", "x/"))
    tree.write({".ignore": "gen\n"})
    (tree.elsewhere / "o.py").touch()
    links = {
        "again.py": "a.py",
        "d/up.py": "../a.py",
        "dangling.py": "nothing",
        "directory": "d",
        "directory.py": "d",
        "loop.py": "loop.py",
        "no-suffix": "a.py",
        "out.py": "../elsewhere/o.py",
        "device.py": "/dev/null",
        "text.py": "t.txt",
        "text2.py": "x/../text.py",
        "excluded.py": "venv/v.py",
        "ignored.py": "gen/g.py",
        "x/x.py": str(tree.root / "x"),
    }
    for link, target in links.items():
        (tree.root / link).symlink_to(target)
    outcome = tree.discover()
    assert outcome.found == ["a.py", "d/b.py", "excluded.py", "ignored.py", "text.py"]
    assert outcome.unread == {
        "dangling.py": "No such file or directory",
        "device.py": "not a regular file",
        "loop.py": "Too many levels of symbolic links",
        "out.py": OUT,
    }
    assert tree.discover("d").unread == {"d/up.py": OUT}
    assert tree.discover("d", "a.py") == Outcome(["a.py", "d/b.py"], {}, [])
    assert tree.discover("d", "venv", "excluded.py", "out.py").found == [
        "d/b.py",
        "excluded.py",
        "out.py",
        "venv/v.py",
    ]
    assert tree.discover(".", "venv").found[-1] == "venv/v.py"
    assert "excluded.py" not in tree.discover(".", "venv").found


@needs_links
def test_link_to_a_directory_that_is_named(tree: Tree) -> None:
    tree.write(files("d/e/a.py", "venv/v.py"))
    for link, target in {
        "ad": "d",
        "ld": "d",
        "le": "d/e",
        "lv": "venv",
        "out": "../elsewhere",
    }.items():
        (tree.root / link).symlink_to(target)
    (tree.elsewhere / "o.py").touch()
    assert tree.discover("ld").found == ["ld/e/a.py"]
    assert tree.discover("ld", "d", "le", "ad").found == ["d/e/a.py"]
    assert tree.discover("ld", "le").found == ["ld/e/a.py"]
    assert tree.discover("le", "d").found == ["d/e/a.py"]
    assert tree.discover(".", "lv", "ld").found == ["d/e/a.py", "lv/v.py"]
    assert tree.discover("out/o.py", "out").found == ["out/o.py"]
    tree.git("init", "-q", at="d")
    tree.write({"d/.gitignore": "b.py", "d/e/b.py": ""})
    assert tree.discover("le").found == ["le/a.py"]


@needs_links
def test_links_into_directories_with_settings_of_their_own(tree: Tree) -> None:
    tree.write({"a/runsdir.toml": "exclude = ['b']", "z/runsdir.toml": "exclude = 1"})
    tree.write(files("a/b/c/x.py", "a/d/y.py", "z/z.py"))
    for number, target in enumerate(["a/b/c/x.py", "a/b/c/x.py", "a/d/y.py", "z/z.py"]):
        (tree.root / f"{number}.py").symlink_to(target)
    outcome = tree.discover()
    assert outcome.found == ["0.py", "a/d/y.py", "z/z.py"]
    assert outcome.complaints == ["z/runsdir.toml: `exclude`: a list of strings expected"]


@needs_links
def test_what_is_no_file(tree: Tree) -> None:
    tree.write(files("a.py"))
    os.mkfifo(tree.root / "pipe.py")
    os.mkfifo(tree.root / "pipe.txt")
    os.mknod(tree.root / "socket.py", stat.S_IFSOCK | 0o600)
    unread = {"pipe.py": "not a regular file", "socket.py": "not a regular file"}
    assert tree.discover() == Outcome(["a.py"], unread, [])


@pytest.fixture
def nobody(tree: Tree) -> Iterator[None]:
    """Someone who may not read everything, if this process may."""
    root = os.geteuid() == 0
    if root:
        for folder in [tree.root, *tree.root.parents]:
            if folder.stat().st_mode & 0o777 == 0o700:  # pytest's own, some levels of them
                folder.chmod(0o755)
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)
    for path, _, _ in os.walk(tree.root):
        os.chmod(path, 0o755)


@needs_links
@pytest.mark.parametrize("mode", [0o000, 0o311])
def test_directory_that_cannot_be_read(
    tree: Tree, request: pytest.FixtureRequest, mode: int
) -> None:
    tree.write(files("a.py", "d/b.py", "e.py"))
    (tree.root / "d").chmod(mode)
    request.getfixturevalue("nobody")
    expected = Outcome(["a.py", "e.py"], {"d": "Permission denied"}, [])
    assert tree.discover() == expected
    assert tree.discover("e.py", "d", "a.py") == expected


@needs_links
def test_names_that_are_no_text(tree: Tree) -> None:
    names = [
        b"\xff.py",
        b"n\nl.py",
        b"\x1b[31m.py",
        "é.py".encode("latin-1"),
        b"\xf0\x9f\x98\x80.py",
    ]
    for name in names:
        (tree.root / os.fsdecode(name)).touch()
    found = tree.discover().found
    assert sorted(map(os.fsencode, found)) == sorted(names)
    tree.git("init", "-q")
    (tree.root / ".gitignore").write_bytes(b"\xff.py\nn*l.py\n")
    assert sorted(map(os.fsencode, tree.discover().found)) == sorted(names[2:])


@needs_links
def test_tree_that_is_deeper_than_any_path(tree: Tree) -> None:
    home = os.getcwd()
    try:
        for _ in range(5000):
            os.mkdir("d")
            os.chdir("d")
            open("a.py", "w").close()
        os.chdir(home)
        outcome = tree.discover()
    finally:
        os.chdir(home)
        subprocess.run(["rm", "-rf", str(tree.root / "d")], check=True)
    assert len(outcome.found) > 1900
    assert list(outcome.unread.values()) == ["File name too long"]


def test_tree_that_changes_during_the_walk(tree: Tree) -> None:
    tree.write(files("a/x.py", "b/x.py", "c/x.py", "d/x.py", "e.py"))
    resolver = Resolver(Layer("command line", {}, str(tree.root)))
    items = discover(["."], resolver, pytest.fail, pytest.fail)
    first = next(items)
    shutil.rmtree(tree.root / "b")
    shutil.rmtree(tree.root / "c")
    (tree.root / "c").touch()
    tree.write(files("d/y.py"))
    rest = [tree.relative(item.path) for item in items if isinstance(item, Found)]
    assert [tree.relative(first.path), *rest] == ["a/x.py", "d/x.py", "d/y.py", "e.py"]


def test_walk_imports_nothing_that_takes_time(tree: Tree) -> None:
    tree.write({**IGNORED, ".ignore": "a.py", "runsdir.toml": "exclude = ['x*y']"})
    heavy = "subprocess threading json hashlib pathlib pathspec shutil fnmatch dataclasses"
    code = (
        "import sys; sys.path[:0] = sys.argv[1:2]\n"
        "from flake8_runsdir.files import discover\n"
        "from flake8_runsdir.options import Layer\n"
        "from flake8_runsdir.settings import Resolver\n"
        "resolver = Resolver(Layer('', {}, '.'), Layer('', {'exclude': ['x*y']}, '.'))\n"
        "print(len(list(discover(['.'], resolver, print, print))))\n"
        f"print(*sorted(set(sys.modules) & set({heavy.split()!r})))\n"
    )
    command = [sys.executable, "-I", "-S", "-c", code, str(LINKED)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    assert answer.stdout.split("\n") == ["2", "", ""]
