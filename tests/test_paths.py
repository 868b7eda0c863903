"""Path algebra: what stands below the runs directory, as text."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_runsdir import paths
from flake8_runsdir.paths import DYNAMIC, SCOPED, Wording

SCOPES = ("run_id", "*_run_id")
QUICK = settings(max_examples=200, deadline=None, derandomize=True, database=None)
COMPONENT = st.sampled_from(["a", "b.json", ".hidden", "..", ".", "", DYNAMIC, "a b"])


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        pytest.param("", Wording.NONE, id="nothing"),
        pytest.param(".autonomous_runs/a.json", Wording.NONE, id="no white space"),
        pytest.param(" .autonomous_runs ", Wording.NONE, id="white space around one word"),
        pytest.param("see .autonomous_runs", Wording.PROSE, id="two words"),
        pytest.param("see\n.autonomous_runs", Wording.PROSE, id="words on two lines"),
        pytest.param("rm -rf .autonomous_runs", Wording.COMMAND, id="a program in front"),
        pytest.param("  rm .autonomous_runs", Wording.COMMAND, id="indented program"),
        pytest.param("sudo rm .autonomous_runs", Wording.COMMAND, id="program behind sudo"),
        pytest.param("set -e; cd .autonomous_runs", Wording.COMMAND, id="program behind set"),
        pytest.param("A=1 B=2 ls .autonomous_runs", Wording.COMMAND, id="program behind variables"),
        pytest.param("python3.11 -m x", Wording.COMMAND, id="program with a version"),
        pytest.param("[ -d .autonomous_runs ]", Wording.COMMAND, id="a test in brackets"),
        pytest.param("rmdirs are here", Wording.PROSE, id="a word that begins like a program"),
        pytest.param("Find the files", Wording.PROSE, id="a sentence begins with a capital"),
    ],
)
def test_wording(text: str, wording: Wording) -> None:
    assert paths.wording(text) is wording


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a/b.json", "a/b.json", id="nothing to replace"),
        pytest.param("{}/a", f"{DYNAMIC}/a", id="automatic field"),
        pytest.param("{name}/a", f"{DYNAMIC}/a", id="named field"),
        pytest.param("{run_id}/a", f"{SCOPED}/a", id="field named like a scope"),
        pytest.param("{RUN-ID}/a", f"{SCOPED}/a", id="case and dash do not matter"),
        pytest.param("{run_id.hex}", SCOPED, id="attribute of a scope"),
        pytest.param("{run_id[0]!r:>8}", SCOPED, id="index, conversion and width"),
        pytest.param("{a/b}", "{a/b}", id="a slash is no field"),
        pytest.param("%s/a", f"{DYNAMIC}/a", id="percent"),
        pytest.param("%05d.log", f"{DYNAMIC}.log", id="percent with a width"),
        pytest.param("%.2f.log", f"{DYNAMIC}.log", id="percent with a precision"),
        pytest.param("%(run_id)s/a", f"{SCOPED}/a", id="percent with a key"),
        pytest.param("%(name)s", DYNAMIC, id="percent with another key"),
        pytest.param("100%", "100%", id="a percent sign alone"),
        pytest.param("$RUN_ID/a", f"{SCOPED}/a", id="variable of a shell"),
        pytest.param("${HOME}/a", f"{DYNAMIC}/a", id="variable in braces"),
        pytest.param("<run-id>/a", f"{SCOPED}/a", id="angle brackets"),
        pytest.param("<a/b>", "<a/b>", id="angle brackets around a path"),
        pytest.param("*/a", f"{DYNAMIC}/a", id="star"),
        pytest.param("**?", DYNAMIC, id="a run of stars is one value"),
        pytest.param("[0-9].log", f"{DYNAMIC}.log", id="character class"),
        pytest.param("{a}{parent_run_id}", DYNAMIC + SCOPED, id="two fields side by side"),
    ],
)
def test_template(text: str, expected: str) -> None:
    assert paths.template(text, SCOPES) == expected


def test_template_without_scopes() -> None:
    assert paths.template("{run_id}/x") == f"{DYNAMIC}/x"


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [("run_id", True), ("parent_run_id", True), ("_run_id", True), ("run_ids", False), ("", False)],
)
def test_is_scope(identifier: str, expected: bool) -> None:
    assert paths.is_scope(identifier, SCOPES) is expected


@pytest.mark.parametrize(
    ("below", "text", "expected"),
    [
        pytest.param("", "a", "/a", id="below the root"),
        pytest.param("/a", "b/c", "/a/b/c", id="several components"),
        pytest.param("/a", "", "/a", id="nothing changes nothing"),
        pytest.param("/a", "/b", None, id="an absolute path leaves"),
        pytest.param("/a", "\\b", None, id="an absolute path of Windows leaves"),
        pytest.param(None, "a", None, id="outside stays outside"),
        pytest.param("", "..", "/..", id="the parent is sorted out later"),
    ],
)
def test_join(below: str | None, text: str, expected: str | None) -> None:
    assert paths.join(below, text) == expected


@pytest.mark.parametrize(
    ("below", "text", "expected"),
    [
        pytest.param("", "/a", "/a", id="a slash begins a component"),
        pytest.param("", "\\a", "\\a", id="so does a backslash"),
        pytest.param("", "", "", id="nothing changes nothing"),
        pytest.param("", "_old", None, id="glued to the root it is another name"),
        pytest.param("", DYNAMIC, None, id="an unknown text glued to the root"),
        pytest.param("/a", ".json", "/a.json", id="glued to a component"),
        pytest.param(None, "/a", None, id="outside stays outside"),
    ],
)
def test_concat(below: str | None, text: str, expected: str | None) -> None:
    assert paths.concat(below, text) == expected


@pytest.mark.parametrize("combine", [paths.join, paths.concat])
def test_path_that_grows_in_a_loop_stops_growing(combine: type) -> None:
    below: str | None = "/a"
    seen = set()
    for _ in range(1000):
        below = combine(below, "/component" if combine is paths.concat else "component")
        seen.add(below)
    assert len(seen) < 60
    assert not paths.is_constant(paths.parts(below))


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("/a/b.json", "/a"),
        ("/a", ""),
        ("", None),
        (None, None),
        ("/a/..", None),
        ("/a/./b", "/a"),
        ("/..", None),
    ],
)
def test_parent(below: str | None, expected: str | None) -> None:
    assert paths.parent(below) == expected


@pytest.mark.parametrize(
    ("below", "name", "expected"),
    [
        ("/a/b.json", "c.json", "/a/c.json"),
        ("/a", "c", "/c"),
        ("", "c", None),
        (None, "c", None),
        ("/a", "/c", None),
    ],
)
def test_renamed(below: str | None, name: str, expected: str | None) -> None:
    assert paths.renamed(below, name) == expected


@pytest.mark.parametrize(
    ("below", "suffix", "expected"),
    [
        pytest.param("/a/b.json", ".tmp", "/a/b.tmp", id="another suffix"),
        pytest.param("/a/b.tar.gz", ".tmp", "/a/b.tar.tmp", id="the last of two suffixes"),
        pytest.param("/a/b.json", "", "/a/b", id="no suffix"),
        pytest.param("/a/b", ".tmp", "/a/b.tmp", id="a first suffix"),
        pytest.param("/a/.stop", ".tmp", "/a/.stop.tmp", id="a dot name has no suffix"),
        pytest.param("", ".tmp", None, id="the root itself"),
        pytest.param(None, ".tmp", None, id="outside"),
    ],
)
def test_resuffixed(below: str | None, suffix: str, expected: str | None) -> None:
    assert paths.resuffixed(below, suffix) == expected


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        pytest.param(None, (), id="outside"),
        pytest.param("", (), id="the root"),
        pytest.param("/a//b/", ("a", "b"), id="doubled slashes"),
        pytest.param("\\a\\b", ("a", "b"), id="backslashes"),
        pytest.param("/./a", ("a",), id="a dot"),
        pytest.param("/a/../b", ("b",), id="back inside"),
        pytest.param("/../a", (), id="a sibling of the root"),
        pytest.param("/a/../../b", (), id="out and on"),
    ],
)
def test_parts(below: str | None, expected: tuple[str, ...]) -> None:
    assert paths.parts(below) == expected


@QUICK
@given(st.lists(COMPONENT))
def test_parts_are_those_of_a_normal_path(components: list[str]) -> None:
    text = "".join(f"/{component}" for component in components)
    normal = posixpath.normpath("." + text)
    outside = normal == ".." or normal.startswith("../")
    expected = () if outside or normal == "." else tuple(normal.split("/"))
    assert paths.parts(text) == expected


@QUICK
@given(st.lists(COMPONENT.filter(bool)), st.lists(COMPONENT.filter(bool), min_size=1))
def test_joining_text_is_joining_components(head: list[str], tail: list[str]) -> None:
    below = "".join(f"/{component}" for component in head)
    joined = paths.join(below, "/".join(tail))
    assert paths.parts(joined) == paths.parts("".join(f"/{part}" for part in (*head, *tail)))


@QUICK
@given(st.lists(st.sampled_from(["a", "b.json", DYNAMIC]), min_size=1))
def test_parent_and_name_make_the_path(components: list[str]) -> None:
    below = "".join(f"/{component}" for component in components)
    assert paths.join(paths.parent(below), components[-1]) == below
    assert paths.renamed(below, components[-1]) == below


@pytest.mark.parametrize(
    ("names", "constant", "scoped"),
    [
        ((), True, False),
        (("a", "b"), True, False),
        (("a", DYNAMIC), False, False),
        ((f"a-{SCOPED}.json",), False, True),
    ],
)
def test_constant_and_scoped(names: tuple[str, ...], constant: bool, scoped: bool) -> None:
    assert paths.is_constant(names) is constant
    assert paths.is_scoped(names) is scoped


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("a.json", True, id="suffix"),
        pytest.param("a.tar.gz", True, id="two suffixes"),
        pytest.param("a", False, id="no suffix"),
        pytest.param(".stop", False, id="dot name"),
        pytest.param(".env.json", False, id="dot name with a suffix"),
        pytest.param("v1.2", False, id="version"),
        pytest.param("a.", False, id="a dot at the end"),
        pytest.param("a.averylongsuffix", False, id="longer than any suffix"),
        pytest.param(f"{DYNAMIC}.json", True, id="unknown stem"),
        pytest.param(f"a.{DYNAMIC}", True, id="unknown suffix"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_names_file(name: str, expected: bool) -> None:
    assert paths.names_file(name) is expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("a", ".locks", "b"), True),
        (("a", "b.lock"), True),
        (("locks", "b.locked"), False),
        ((), False),
    ],
)
def test_on_purpose(names: tuple[str, ...], expected: bool) -> None:
    assert paths.on_purpose(names, iter([".locks", "*.lock"])) is expected


def test_display() -> None:
    assert paths.display(("a", f"b-{DYNAMIC}", f"{SCOPED}.json")) == "a/b-*/*.json"
