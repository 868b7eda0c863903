"""Which configuration governs a directory, which rules are on, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_runsdir.options import CHECK_OPTIONS, ConfigError, Layer
from flake8_runsdir.rules import ALL
from flake8_runsdir.selection import Selectors, active_rules
from flake8_runsdir.settings import Resolver, Settings, resolved

ON = {"RUN001", "RUN002", "RUN003"}
ALWAYS = {"RUN901", "RUN902", "RUN903", "RUN904", "RUN905"}
OPT_IN = {rule.code for rule in ALL} - ON - ALWAYS


def settings(
    base: str = "/p", command: dict[str, object] | None = None, **values: object
) -> Settings:
    """Return the settings that a file in ``base`` gives; keys are spelled with underscores."""
    return resolved(Layer("a.toml", values, base), Layer("command line", command or {}, "/cwd"))


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        pytest.param([], ON, id="default"),
        pytest.param([("RUN", "", "")], ON, id="the bare prefix is no wish for more"),
        pytest.param([("R", "", "")], ON, id="nor is a start of it"),
        pytest.param([(None, "RU", "")], ON, id="nor is one on top"),
        pytest.param([("ALL", "", "RU")], set(), id="but to ignore, it is all of them"),
        pytest.param([("ALL", "", "")], ON | OPT_IN, id="all"),
        pytest.param([("RUN1", "", "")], {"RUN101", "RUN102", "RUN103"}, id="a start of codes"),
        pytest.param([("RUN001", "", "")], {"RUN001"}, id="one code"),
        pytest.param([(None, "RUN201", "")], ON | {"RUN201"}, id="one more"),
        pytest.param([(None, "", "RUN002")], ON - {"RUN002"}, id="one less"),
        pytest.param([(None, "", "RUN")], set(), id="none"),
        pytest.param([("RUN001", "", "RUN")], {"RUN001"}, id="the longer selector wins"),
        pytest.param([("RUN", "", "RUN001")], ON - {"RUN001"}, id="the longer one to ignore, too"),
        pytest.param([("RUN001", "", "RUN001")], set(), id="of equal ones the ignoring wins"),
        pytest.param([("RUN1", "", "RUN103")], {"RUN101", "RUN102"}, id="a part of a part"),
        pytest.param([("ALL", "", "RUN1")], ON | {"RUN201", "RUN900"}, id="all but some"),
        pytest.param([("RUN001", "", ""), ("RUN002", "", "")], {"RUN002"}, id="anew"),
        pytest.param([("RUN001", "", ""), (None, "RUN2", "")], {"RUN001", "RUN201"}, id="on top"),
        pytest.param([(None, "", "RUN001"), ("RUN", "", "")], ON, id="a later choice is anew"),
        pytest.param([("RUN1", "", ""), (None, "", "RUN101")], {"RUN102", "RUN103"}, id="later"),
    ],
)
def test_selection(places: list[tuple[str | None, str, str]], expected: set[str]) -> None:
    given = [
        Selectors(
            "x",
            None if select is None else (select,),
            tuple(filter(None, [extend])),
            tuple(filter(None, [ignore])),
        )
        for select, extend, ignore in places
    ]
    assert {rule.code for rule in active_rules(given)} == expected | ALWAYS


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("select", "select"),
        ("ignore", "ignore"),
        ("extend-select", "extend-select"),
        ("extend-ignore", "ignore"),
    ],
)
@pytest.mark.parametrize("selector", ["RUN7", "RUN0011", "E501", "S"])
def test_unknown_selector_names_file_key_and_value(key: str, named: str, selector: str) -> None:
    wanted = f"^a.toml: `{named}`: unknown rule selector `{selector}`$"
    with pytest.raises(ConfigError, match=wanted):
        resolved(Layer("a.toml", {key: [selector]}, "/p"), Layer("", {}, "/"))


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("select", ["run"], "`run` is not a code, or the start of one"),
        ("select", ["hardcoded-runs-path"], "`hardcoded-runs-path` is not a code"),
        ("select", "RUN", "a list of strings expected"),
        ("output-format", "text", "`text` is no format; there are concise, full"),
        ("max-file-size", 0, "a number greater than zero expected"),
        ("max-file-size", True, "a number greater than zero expected"),
        ("max-file-size", "12MB", "a number greater than zero expected"),
        ("per-file-ignores", ["a.py:RUN001"], "a table of lists expected"),
        ("per-file-ignores", {"a.py": "RUN001"}, "a list of strings expected"),
        ("per-file-ignores", {"a[.py": ["RUN001"]}, "`a[.py` has an unbalanced bracket"),
        ("per-file-ignores", {"a.py": ["x"]}, "`x` is not a code, or the start of one"),
        ("exclude", [""], "is empty"),
        ("respect-gitignore", "maybe", "`maybe` is neither true nor false"),
        ("target-version", "py27", "`py27` is no version; there are py37"),
        ("cache-dir", "", "is empty"),
    ],
)
def test_wrong_value_names_file_key_and_reason(key: str, value: object, reason: str) -> None:
    with pytest.raises(ConfigError) as caught:
        resolved(Layer("a.toml", {key: value}, "/p"), Layer("", {}, "/"))
    assert str(caught.value).startswith(f"a.toml: `{key}`: ")
    assert reason in str(caught.value)


def test_every_option_has_a_valid_default_and_an_explanation() -> None:
    for option in CHECK_OPTIONS:
        assert resolved(Layer("a", {option.name: option.default}, "/p"), Layer("", {}, "/"))
        assert option.help.endswith("."), option.name


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/p/a.py", True),
        ("/p/a.pyi", True),
        ("/p/a.ipynb", True),
        ("/p/a.pyw", True),
        ("/p/bin/tool", True),
        ("/p/a.txt", False),
        ("/p/tool", False),
    ],
)
def test_includes(path: str, expected: bool) -> None:
    assert settings(extend_include=["*.pyw", "bin/*"]).includes(path) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("/p/.venv/a.py", True, id="a default"),
        pytest.param("/p/x/node_modules/y/a.py", True, id="a default further down"),
        pytest.param("/p/gen/a.py", True, id="a pattern of several components"),
        pytest.param("/p/gen/deep/b/a.py", True, id="a star crosses slashes"),
        pytest.param("/p/x/gen/a.txt", False, id="relative to the file"),
        pytest.param("/p/x/old_a.py", True, id="a glob of a name"),
        pytest.param("/p/a.py", False, id="any other"),
        pytest.param("/p/.venv", True, id="a directory itself"),
        pytest.param("/elsewhere/a.py", False, id="outside"),
        pytest.param("/p/b.py", False, id="not for the directory of the file"),
    ],
)
def test_leaves_out(path: str, expected: bool) -> None:
    assert settings(extend_exclude=["gen/*.py", "old_*", "*/none/*"]).leaves_out(path) is expected


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("a.py", "/p/x/a.py", True),
        ("x/*", "/p/x/y/a.py", True),
        ("x", "/p/x/a.py", False),
        ("x/*.py", "/p/x/y/a.py", True),
        ("./x/a.py", "/p/x/a.py", True),
        ("**/x/*.py", "/p/q/x/a.py", True),
        ("/p/x/a.py", "/p/x/a.py", True),
        ("!x/*", "/p/x/a.py", False),
        ("!x/*", "/p/y/a.py", True),
        ("A.py", "/p/a.py", False),
    ],
)
def test_per_file_ignores(glob: str, path: str, expected: bool) -> None:
    (exemption,) = settings(per_file_ignores={glob: ["RUN0"]}).exemptions()
    assert exemption.covers("RUN001", path) is expected
    assert not exemption.covers("RUN101", path)


def test_command_line_replaces_or_extends_the_exemptions() -> None:
    table = {"a.py": ["RUN001"]}
    replaced = settings(command={"per-file-ignores": {"b.py": ["RUN001"]}}, per_file_ignores=table)
    extended = settings(
        command={"extend-per-file-ignores": {"b.py": ["RUN001"]}}, per_file_ignores=table
    )
    assert [one.pattern.glob for one in replaced.exemptions()] == ["b.py"]
    assert [one.pattern.glob for one in extended.exemptions()] == ["a.py", "b.py"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home directory without a configuration."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def resolver(cwd: Path, fixed: Layer | None = None) -> Resolver:
    return Resolver(Layer("command line", {}, str(cwd)), fixed, str(cwd))


def names(directory: Path, fixed: Layer | None = None) -> tuple[str, ...]:
    """Return the names of the runs directory that hold in a directory."""
    return resolver(directory, fixed).at(str(directory)).config.names


def test_nearest_file_speaks_alone(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.runsdir]\nnames = ["x"]\nscopes = ["job"]\n')
    assert names(inner) == ("x",)
    (tmp_path / "a" / "runsdir.toml").write_text('names = ["y"]\n')
    found = resolver(tmp_path).at(str(inner))
    assert (found.config.names, found.config.scopes[0]) == (("y",), "run_id")
    assert (found.root, found.origin) == (str(tmp_path / "a"), str(tmp_path / "a" / "runsdir.toml"))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"runsdir.toml": "y", "pyproject.toml": "x"}, "y"),
        ({"runsdir.toml": "y", ".runsdir.toml": "z"}, "z"),
        ({"pyproject.toml": "x"}, "x"),
    ],
)
def test_files_of_one_directory(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    for name, value in files.items():
        table = "[tool.runsdir]\n" if name == "pyproject.toml" else ""
        (tmp_path / name).write_text(f'{table}names = ["{value}"]\n')
    assert names(tmp_path) == (expected,)


def test_file_of_the_user_comes_last(tmp_path: Path, home: Path) -> None:
    (home / "runsdir").mkdir(parents=True)
    (home / "runsdir" / "runsdir.toml").write_text('names = ["mine"]\n')
    inner = tmp_path / "p"
    inner.mkdir()
    assert names(inner) == ("mine",)
    (inner / "runsdir.toml").write_text('names = ["its"]\n')
    assert names(inner) == ("its",)


def test_named_file_holds_everywhere(tmp_path: Path) -> None:
    (tmp_path / "runsdir.toml").write_text('names = ["x"]\n')
    assert names(tmp_path, Layer("other.toml", {"names": ["y"]}, "/")) == ("y",)
    assert names(tmp_path, Layer("", {}, "/")) == (".autonomous_runs",)


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param("../cache", id="beside the project"),
        pytest.param("/cache", id="anywhere"),
    ],
)
def test_only_the_user_can_keep_results_outside_of_a_project(
    tmp_path: Path, home: Path, wanted: str
) -> None:
    project, expected = tmp_path / "p", str(tmp_path / "p" / wanted)
    project.mkdir()
    layer = Layer("x.toml", {"cache-dir": wanted}, str(project))
    above = resolver(project).at(str(project))
    assert resolver(project, layer).at(str(project)).cache_dir == expected, "a file that is named"
    (home / "runsdir").mkdir(parents=True)
    (home / "runsdir" / "runsdir.toml").write_text(f'cache-dir = "{wanted}"\n')
    assert resolver(project).at(str(project)).cache_dir == expected, "a file of the user"
    (project / "runsdir.toml").write_text(f'cache_dir = "{wanted}"\n')
    assert Resolver(layer).at(str(project)).cache_dir == expected, "the command line"
    with pytest.raises(ConfigError, match="`cache-dir`: leads out of the project"):
        resolver(project).at(str(project))
    with pytest.raises(ConfigError, match="`cache-dir`: leads out of the project"):
        resolver(project).below(above, str(project), ["runsdir.toml"])


def test_below_reads_only_what_is_listed(tmp_path: Path) -> None:
    found = resolver(tmp_path)
    above = found.at(str(tmp_path))
    inner = tmp_path / "a"
    inner.mkdir()
    (inner / "runsdir.toml").write_text('names = ["x"]\n')
    assert found.below(above, str(inner), ["a.py"]) is above
    assert found.below(above, str(inner), ["runsdir.toml"]).config.names == ("x",)
    assert found.below(above, str(inner), ["pyproject.toml"]).config.names == ("x",)


def test_stamp_tells_apart_what_matters() -> None:
    base = settings().stamp
    assert settings().stamp == base
    assert settings(output_format="json").stamp == base
    for values in ({"names": ["x"]}, {"select": ["RUN1"]}, {"per_file_ignores": {"a": ["RUN"]}}):
        assert settings(**values).stamp != base
    assert settings(command={"ignore": ("RUN001",)}).stamp != base
