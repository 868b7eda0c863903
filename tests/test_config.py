"""The options: defaults, checks, layers, and the words of the complaints."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from flake8_runsdir import options
from flake8_runsdir.config import Accessor, Config, Pattern, Place, nearest_layer, resolve
from flake8_runsdir.options import OPTIONS, ConfigError, Layer


def given(origin: str = "a.toml", base: str = ".", prefix: str = "", **values: object) -> Layer:
    """Return a layer; keys are spelled with underscores."""
    return Layer(origin, values, base, prefix)


def complaint(*layers: Layer) -> str:
    """Return the message of the error that the layers raise."""
    with pytest.raises(ConfigError) as caught:
        resolve(*layers)
    return str(caught.value)


def test_defaults() -> None:
    expected = Config(
        names=(".autonomous_runs",),
        accessor=Accessor("", "settings.autonomous_runs_dir"),
        env_vars=("AUTONOMOUS_RUNS_DIR",),
        definitions=(),
        scopes=("run_id", "run_name", "run_uuid", "run_dir", "*_run_id"),
        strict_scopes=False,
        shared=(".locks", ".workspace_leases", "workspaces", "*.lock"),
        allow=tuple(
            Pattern(glob, ".") for glob in ("docs/**", "**/migrations/**", "**/alembic/versions/**")
        ),
        joins=(),
    )
    assert resolve() == expected
    assert resolve(given()) == expected


def test_defaults_pass_their_own_checks() -> None:
    for option in OPTIONS:
        default = option.default
        items = default if isinstance(default, tuple) else (str(default),)
        assert [option.check(item) for item in items] == [None] * len(items), option.name


def test_options_are_the_fields_of_the_config() -> None:
    assert [option.field for option in OPTIONS] == list(Config._fields)
    assert all(option.help.endswith(".") for option in OPTIONS)


VALID = [
    ("names", ["mlruns"], ("mlruns",)),
    ("names", ["var/runs", "läufe"], ("var/runs", "läufe")),
    ("accessor", "RUNS", Accessor("", "RUNS")),
    ("accessor", "a.b.c", Accessor("", "a.b.c")),
    ("accessor", "pkg.config:s.runs", Accessor("pkg.config", "s.runs")),
    ("env_vars", [], ()),
    ("env_vars", ("A", "B_1"), ("A", "B_1")),
    ("scopes", ["*_id", "job?", "*"], ("*_id", "job?", "*")),
    ("strict_scopes", True, True),
    ("strict_scopes", False, False),
    ("strict_scopes", "Yes", True),
    ("strict_scopes", "ON", True),
    ("strict_scopes", "0", False),
    ("shared", ["*.lock", "[ab]"], ("*.lock", "[ab]")),
    ("allow", [], ()),
    ("joins", ["hass.config.path", "under"], ("hass.config.path", "under")),
]


@pytest.mark.parametrize(("key", "value", "expected"), VALID)
def test_valid_value(key: str, value: object, expected: object) -> None:
    assert getattr(resolve(Layer("a.toml", {key: value}, ".")), key) == expected


INVALID = [
    pytest.param("names", [""], "`` is not the name of a directory", id="empty name"),
    pytest.param("names", ["."], "`.` is not the name of a directory", id="the cwd"),
    pytest.param("names", ["a/../b"], "`a/../b` is not the name of a directory", id="parent"),
    pytest.param("names", ["/a"], "`/a` is not the name of a directory", id="absolute"),
    pytest.param("names", ["a b"], "`a b` holds a character that separates names", id="blank"),
    pytest.param("names", ["a*"], "`a*` holds a character that separates names", id="glob"),
    pytest.param(
        "names", ["a\\b"], "`a\\b` holds a character that separates names", id="backslash"
    ),
    pytest.param("names", ["a\x00"], "`a\\x00` holds a character that separates names", id="NUL"),
    pytest.param("names", ["a\x7f"], "`a\\x7f` holds a character that separates names", id="DEL"),
    pytest.param("names", [], "at least one name is needed", id="no name"),
    pytest.param("names", "a", "a list of strings expected", id="string for a list"),
    pytest.param("names", ["a", 1], "a list of strings expected", id="number in a list"),
    pytest.param("names", {"a": 1}, "a list of strings expected", id="table for a list"),
    pytest.param("accessor", "", "`` is not a dotted name", id="empty accessor"),
    pytest.param("accessor", "a..b", "`a..b` is not a dotted name", id="doubled dot"),
    pytest.param("accessor", "a.class", "`a.class` is not a dotted name", id="keyword"),
    pytest.param("accessor", "a:b:c", "is neither `module:dotted.name` nor", id="two colons"),
    pytest.param("accessor", "a:", "is not a dotted name", id="colon and nothing"),
    pytest.param("accessor", "f()", "is not a dotted name", id="call"),
    pytest.param("accessor", ["a"], "a string expected", id="list for a string"),
    pytest.param("accessor", True, "a string expected", id="flag for a string"),
    pytest.param("env_vars", ["A-B"], "is not the name of an environment variable", id="dash"),
    pytest.param("env_vars", [""], "is not the name of an environment variable", id="empty"),
    pytest.param("definitions", ["a.py:"], "is neither `path/glob.py` nor", id="colon at the end"),
    pytest.param("definitions", ["a.py:a.b"], "is neither `path/glob.py` nor", id="dotted name"),
    pytest.param("definitions", [":A"], "is empty", id="no path"),
    pytest.param("definitions", ["a[.py"], "has an unbalanced bracket", id="bad glob"),
    pytest.param("scopes", ["a-b"], "is not an identifier", id="scope with a dash"),
    pytest.param("scopes", [""], "is not an identifier", id="empty scope"),
    pytest.param("strict_scopes", "maybe", "`maybe` is neither true nor false", id="no flag"),
    pytest.param("strict_scopes", 1, "true or false expected", id="number for a flag"),
    pytest.param("strict_scopes", [True], "true or false expected", id="list for a flag"),
    pytest.param("shared", ["a/b"], "holds a slash: one component is meant", id="slash"),
    pytest.param("shared", [""], "is empty", id="empty component"),
    pytest.param("allow", ["!a"], "is a negation", id="negation"),
    pytest.param("allow", ["a**"], "has `**` beside other characters", id="stars"),
    pytest.param("allow", ["# docs"], "is a comment", id="comment"),
    pytest.param("joins", ["a b"], "is not a dotted name", id="blank in a join"),
]


@pytest.mark.parametrize(("key", "value", "reason"), INVALID)
def test_invalid_value(key: str, value: object, reason: str) -> None:
    message = complaint(Layer("conf/a.toml", {key: value}, "."))
    assert message.startswith(f"conf/a.toml: `{key}`: ")
    assert reason in message


def test_every_option_has_valid_and_invalid_values() -> None:
    invalid = {str(case.values[0]) for case in INVALID}
    fields = {option.field for option in OPTIONS}
    assert invalid == fields
    assert {key for key, _, _ in VALID} | {"definitions"} == fields


def test_later_layers_win_key_by_key() -> None:
    found = resolve(
        given("a", base="/a", names=["a"], allow=["x"], env_vars=["A"]),
        given("b", base="/b", names=["b"], definitions=["y.py:N"]),
        given("c", base="/c"),
    )
    assert found.names == ("b",)
    assert found.env_vars == ("A",)
    assert found.allow == (Pattern("x", "/a"),)
    assert found.definitions == (Place(Pattern("y.py", "/b"), "N"),)


def test_defaults_are_relative_to_the_first_layer() -> None:
    found = resolve(given("a", base="/a"), given("b", base="/b", names=["b"]))
    assert {pattern.base for pattern in found.allow} == {"/a"}


@pytest.mark.parametrize("key", ["env-vars", "env_vars"])
def test_keys_may_be_spelled_with_dash_or_underscore(key: str) -> None:
    assert resolve(Layer("a", {key: ["A"]}, ".")).env_vars == ("A",)


def test_prefix_is_taken_off() -> None:
    values = {"runsdir-names": ["a"], "runsdir_env_vars": ["A"]}
    found = resolve(Layer("a", values, ".", "runsdir-"))
    assert (found.names, found.env_vars) == (("a",), ("A",))


@pytest.mark.parametrize(
    ("key", "prefix", "hint"),
    [
        ("name", "", "; did you mean `names`?"),
        ("runsdir-name", "runsdir-", "; did you mean `runsdir-names`?"),
        ("strict_scope", "", "; did you mean `strict-scopes`?"),
        ("zzz", "", ""),
        ("", "", ""),
    ],
)
def test_unknown_key(key: str, prefix: str, hint: str) -> None:
    message = complaint(Layer("a.cfg", {key: "x"}, ".", prefix))
    assert message == f"a.cfg: unknown key `{key}`{hint}"


def test_complaints_are_inert() -> None:
    message = complaint(Layer("a\x1b[31m.toml", {"names": ["a\r\n\u202e\x9b b"]}, "."))
    assert message.isprintable()
    assert message.startswith("a\\x1b[31m.toml: `names`: `a\\r\\n\\u202e\\x9b b` holds")
    assert complaint(Layer("a", {"n\x00": ""}, ".")).startswith("a: unknown key `n\\x00`")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text, äöü, 日本", "plain text, äöü, 日本"),
        ("\x00\x1b\x7f\x85", "\\x00\\x1b\\x7f\\x85"),
        ("\u2028\u202e\u200b", "\\u2028\\u202e\\u200b"),
        ("\ud800", "\\ud800"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_quoted(text: str, expected: str) -> None:
    assert options.quoted(text) == expected


@pytest.mark.parametrize(
    ("accessor", "last", "holder"),
    [
        (Accessor("", "settings.runs"), "runs", "settings"),
        (Accessor("m", "a.b.c"), "c", "a"),
        (Accessor("", "RUNS"), "RUNS", "RUNS"),
    ],
)
def test_accessor(accessor: Accessor, last: str, holder: str) -> None:
    assert (accessor.last, accessor.holder) == (last, holder)


@pytest.mark.parametrize(
    ("glob", "base", "path", "expected"),
    [
        pytest.param("docs/**", "{cwd}", "docs/a.py", True, id="relative to the cwd"),
        pytest.param("docs/**", "{cwd}", "{cwd}/docs/a.py", True, id="absolute name"),
        pytest.param("docs/**", "{cwd}", "./docs/../docs/a.py", True, id="not normal"),
        pytest.param("docs/**", "{cwd}/sub", "docs/a.py", False, id="outside the base"),
        pytest.param("docs/**", "{cwd}/sub", "sub/docs/a.py", True, id="inside the base"),
        pytest.param("docs/**", "{cwd}/su", "sub/docs/a.py", False, id="half a name of the base"),
        pytest.param("../docs/**", "{cwd}/sub", "docs/a.py", True, id="a directory above"),
        pytest.param("../../*.py", "{cwd}/a/b", "a.py", True, id="two directories above"),
        pytest.param("../docs/**", "{cwd}/sub", "sub/docs/a.py", False, id="not below"),
        pytest.param("**/docs/**", "{cwd}/sub", "other/docs/a.py", True, id="anywhere, outside"),
        pytest.param("a.py", "/elsewhere", "deep/a.py", True, id="a bare name, outside"),
        pytest.param("{cwd}/docs/**", "/elsewhere", "docs/a.py", True, id="absolute pattern"),
        pytest.param("/docs/**", "{cwd}", "docs/a.py", False, id="a slash in front is absolute"),
        pytest.param("**", "/", "a.py", True, id="everything"),
    ],
)
def test_pattern(glob: str, base: str, path: str, expected: bool) -> None:
    cwd = os.getcwd()
    pattern = Pattern(glob.replace("{cwd}", cwd), base.replace("{cwd}", cwd))
    assert pattern.matches(path.replace("{cwd}", cwd)) is expected


def test_allows_returns_the_entry() -> None:
    found = resolve(given(base=os.getcwd(), allow=["a/**", "b/**"]))
    assert found.allows("b/x.py") == Pattern("b/**", os.getcwd())
    assert found.allows("c/x.py") is None


TABLE = '[tool.runsdir]\nnames = ["{}"]\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two nested directories."""
    (tmp_path / "outer" / "inner").mkdir(parents=True)
    return tmp_path / "outer"


def names(directory: Path) -> Any:
    """Return the names that the nearest table gives, or ``None`` without a table."""
    layer = nearest_layer(str(directory))
    return None if layer is None else layer.values["names"]


def test_nearest_table_wins(tree: Path) -> None:
    (tree / "pyproject.toml").write_text(TABLE.format("outer"))
    assert names(tree / "inner") == ["outer"]
    (tree / "inner" / "pyproject.toml").write_text(TABLE.format("inner"))
    assert names(tree / "inner") == ["inner"]
    assert names(tree) == ["outer"]
    layer = nearest_layer(str(tree / "inner"))
    assert layer is not None
    assert (layer.origin, layer.base) == (
        str(tree / "inner" / "pyproject.toml"),
        str(tree / "inner"),
    )


@pytest.mark.parametrize(
    "nearer",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'[project]\nname = "a"\n', id="no table"),
        pytest.param(b'[project]\nname = "flake8-runsdir"\n', id="only the word"),
        pytest.param(b'tool = "runsdir"\n', id="tool is no table"),
        pytest.param(b"[project\n", id="broken, another's business"),
        pytest.param(b"\xff\xfe\n", id="undecodable, another's business"),
        pytest.param(None, id="a directory"),
    ],
)
def test_file_without_the_table_is_passed_by(tree: Path, nearer: bytes | None) -> None:
    (tree / "pyproject.toml").write_text(TABLE.format("outer"))
    path = tree / "inner" / "pyproject.toml"
    path.mkdir() if nearer is None else path.write_bytes(nearer)
    assert names(tree / "inner") == ["outer"]


def test_no_table_at_all(tree: Path) -> None:
    assert nearest_layer(str(tree)) is None


def test_table_behind_a_byte_order_mark(tree: Path) -> None:
    (tree / "pyproject.toml").write_bytes(b"\xef\xbb\xbf" + TABLE.format("a").encode())
    assert names(tree) == ["a"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"[tool.runsdir\n", "not valid TOML", id="syntax"),
        pytest.param(b"[tool.runsdir]\nnames = ['\xff']\n", "not valid TOML", id="encoding"),
        pytest.param(b"[tool.runsdir]\na = " + b"[" * 5000, "not valid TOML", id="too deep"),
        pytest.param(b"tool.runsdir = 1\n", "`tool.runsdir` is not a table", id="number"),
        pytest.param(b"[[tool.runsdir]]\n", "`tool.runsdir` is not a table", id="tables"),
        pytest.param(
            b"[tool.runsdir]\n" + b"#" * (1 << 20), "larger than 1 MiB", id="larger than 1 MiB"
        ),
    ],
)
def test_broken_table_is_an_error(tree: Path, content: bytes, reason: str) -> None:
    (tree / "pyproject.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=re.escape(reason)) as caught:
        nearest_layer(str(tree))
    assert str(caught.value).startswith(str(tree / "pyproject.toml"))
    assert str(caught.value).isprintable()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_pipe_is_not_waited_for(tree: Path) -> None:
    os.mkfifo(tree / "pyproject.toml")
    assert nearest_layer(str(tree)) is None
