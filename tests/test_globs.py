"""Glob patterns against slow models, and how much work they do."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_runsdir import globs

QUICK = settings(max_examples=400, deadline=None, derandomize=True, database=None)
LETTERS = "abc.d"
CLASSES = ["[abc]", "[!abc]", "[a-c]", "[!a-b]", "[.]", "[a-bc]", "[-a]", "[a-]"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("docs/**", None, id="stars as a component"),
        pytest.param("*.py", None, id="one star"),
        pytest.param("[ab].py", None, id="class"),
        pytest.param("", "is empty", id="empty"),
        pytest.param(" \t", "is empty", id="blank"),
        pytest.param("!docs", "is a negation, which this list does not know", id="negation"),
        pytest.param("a[b", "has an unbalanced bracket", id="open bracket"),
        pytest.param("a]b", "has an unbalanced bracket", id="closing bracket"),
        pytest.param("a[/]b", "has an unbalanced bracket", id="bracket over a slash"),
        pytest.param("a**/b", "has `**` beside other characters of a component", id="stars"),
    ],
)
def test_problem(pattern: str, expected: str | None) -> None:
    assert globs.problem(pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        pytest.param("", "", True, id="nothing"),
        pytest.param("", "a", False, id="nothing but a name"),
        pytest.param("*", "", True, id="star for nothing"),
        pytest.param("a*b*c", "a-b-b-c", True, id="two stars"),
        pytest.param("a*b", "a-b-c", False, id="the end counts"),
        pytest.param("?", "", False, id="a question mark is one character"),
        pytest.param("[^ab]", "c", True, id="negated as in a shell"),
        pytest.param("[^ab]", "a", False, id="negated as in a shell, no match"),
        pytest.param("[]a]", "]", True, id="a bracket as first member"),
        pytest.param("[abc", "[abc", True, id="a bracket that is not closed is a character"),
        pytest.param("[a-]", "-", True, id="a dash at the end is a member"),
        pytest.param("[-a]", "-", True, id="a dash at the beginning is a member"),
        pytest.param(
            "[a-c]",
            "-",
            False,
            id="the dash of a range is no member",
        ),
        pytest.param("A", "a", False, id="case differs"),
        pytest.param("*\n", "a\n", True, id="line end"),
        pytest.param("\\*", "\\x", True, id="a backslash escapes nothing"),
    ],
)
def test_matches_name(pattern: str, name: str, expected: bool) -> None:
    assert globs.matches_name(pattern, name) is expected


@QUICK
@given(
    st.lists(st.one_of(st.sampled_from("abc.*?"), st.sampled_from(CLASSES)), max_size=8),
    st.text(LETTERS, max_size=8),
)
def test_name_matches_as_fnmatch_says(tokens: list[str], name: str) -> None:
    pattern = "".join(tokens)
    assert globs.matches_name(pattern, name) is fnmatch.fnmatchcase(name, pattern)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        pytest.param("docs/**", "docs/a/b.py", True, id="everything in a directory"),
        pytest.param("docs/**", "docs", True, id="the directory itself"),
        pytest.param("docs/**", "src/docs/a.py", False, id="only at the top"),
        pytest.param("**/docs/**", "src/docs/a.py", True, id="at any depth"),
        pytest.param("**/docs/**", "docs/a.py", True, id="at depth none"),
        pytest.param("docs", "src/docs/a.py", True, id="a bare name is looked for anywhere"),
        pytest.param("docs/", "src/docs/a.py", True, id="a slash behind it changes nothing"),
        pytest.param("/docs", "docs/a.py", True, id="a slash in front: at the top"),
        pytest.param("/docs", "src/docs/a.py", False, id="a slash in front: not below"),
        pytest.param("./docs/a.py", "docs/a.py", True, id="a dot in front"),
        pytest.param("./a.py", "docs/a.py", True, id="a dot and a bare name"),
        pytest.param("src/*/a.py", "src/x/a.py", True, id="a star is one component"),
        pytest.param("src/*/a.py", "src/x/y/a.py", False, id="a star is not two"),
        pytest.param("src/**/a.py", "src/x/y/a.py", True, id="two stars are two"),
        pytest.param("src/**/a.py", "src/a.py", True, id="two stars are none"),
        pytest.param("src/x", "src/x/y/z.py", True, id="a directory covers what is in it"),
        pytest.param("src/x", "src/xy/z.py", False, id="half a name"),
        pytest.param("a.py", "", False, id="no path"),
        pytest.param("src//x", "src/x", True, id="doubled slashes"),
    ],
)
def test_matches_path(pattern: str, path: str, expected: bool) -> None:
    assert globs.matches_path(pattern, path) is expected


def model(pattern: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Tell whether components match, trying everything."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(model(pattern[1:], path[skipped:]) for skipped in range(len(path) + 1))
    return bool(path) and path[0] == pattern[0] and model(pattern[1:], path[1:])


@QUICK
@given(
    st.lists(st.sampled_from(["a", "b", "**"]), min_size=2, max_size=6),
    st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=6),
)
def test_path_matches_as_the_model_says(pattern: list[str], path: list[str]) -> None:
    prefixes = (tuple(path[: length + 1]) for length in range(len(path)))
    expected = any(model(tuple(pattern), prefix) for prefix in prefixes)
    assert globs.matches_path("/".join(pattern), "/".join(path)) is expected


@pytest.mark.parametrize("end", ["", "b", "?", "[!a]"])
def test_work_grows_with_the_text_only(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """A pattern of 50 stars compares each character of a text of 100 KB a few times at most."""
    compared = 0
    accepts = globs._accepts

    def counting(token: str, character: str) -> bool:
        nonlocal compared
        compared += 1
        return accepts(token, character)

    monkeypatch.setattr(globs, "_accepts", counting)
    globs.matches_name("*a" * 50 + end, "a" * 100_000)
    assert 0 < compared < 400_000
