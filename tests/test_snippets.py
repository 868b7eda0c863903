"""The snippets of ``docs/integrations.md`` do what the page says, with a finding to be found."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import jsonschema
import pytest
import yaml

from clients import COLUMN, END, MODULE, ROOT, ROW, TEXT, need, own_script, run
from conftest import Project
from snippets import commands, snippet, snippets

SCHEMAS = Path(__file__).parent / "schemas"
BIN = str(Path(own_script("runsdir")).parent)
PATH = "pkg/a.py"
INSTALL = "pip install flake8-runsdir"


def values(node: object, *keys: str) -> Iterator[str]:
    """Yield the texts that stand below some keys anywhere in a YAML document, in order."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            for key, value in current.items():
                if key in keys:
                    yield from [value] if isinstance(value, str) else value
            stack += reversed(list(current.values()))
        elif isinstance(current, list):
            stack += reversed(current)


def test_page_is_what_is_tested() -> None:
    """Whoever adds a snippet adds a test; those with commands are in this file."""
    assert [(found.heading, found.language) for found in snippets()] == [
        *((heading, "yaml") for heading in PIPELINES),
        *[("pre-commit: the command", "yaml")] * 2,
        ("pre-commit: flake8", "yaml"),
        *[("Only what has changed", "console")] * 2,
        *[("Python LSP server", "json")] * 2,
        ("Emacs: flycheck", "elisp"),
        ("Vim and Neovim: ALE", "vim"),
        ("Neovim: nvim-lint", "lua"),
        ("Other editors", "console"),
        ("Beside Ruff", "toml"),
    ]


def test_command_of_the_readme_finds_what_flake8_does() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "$ .venv/bin/runsdir check examples\n" in readme
    shown = re.findall(r"^examples/.*: RUN\d+ .*$", readme, re.MULTILINE)
    process = run(ROOT, "runsdir", "check", "-nq", "--output-format=concise", "examples", path=BIN)
    assert process.stdout.replace(" [*]", "").splitlines() == shown
    assert process.returncode == 1


# CI systems


def annotated_by_github(project: Project, printed: str) -> None:
    file = project.root / PATH
    place = f"line={ROW},col={COLUMN},endLine={ROW},endColumn={END}"
    assert printed == (
        f"::error title=runsdir (RUN001),file={file},{place}"
        f"::{PATH}:{ROW}:{COLUMN}: RUN001 {TEXT}\n"
    )


def uploaded_to_github(project: Project, printed: str) -> None:
    assert printed == ""
    document = yaml.safe_load(snippet("GitHub Actions: code scanning"))
    assert document["permissions"]["security-events"] == "write"
    (name,) = values(document, "sarif_file")
    log = json.loads((project.root / name).read_text(encoding="utf-8"))
    jsonschema.validate(log, json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_bytes()))
    (result,) = log["runs"][0]["results"]
    (location,) = result["locations"]
    assert result["ruleId"] == "RUN001"
    assert location["physicalLocation"]["artifactLocation"]["uri"] == PATH
    assert location["physicalLocation"]["region"]["startLine"] == ROW


def reported_to_gitlab(project: Project, printed: str) -> None:
    assert printed == ""
    document = yaml.safe_load(snippet("GitLab CI"))
    assert document["runsdir"]["artifacts"]["when"] == "always"
    (name,) = values(document, "codequality")
    issues = json.loads((project.root / name).read_text(encoding="utf-8"))
    jsonschema.validate(issues, json.loads((SCHEMAS / "gitlab.json").read_bytes()))
    (issue,) = issues
    assert (issue["check_name"], issue["location"]["path"]) == ("RUN001", PATH)
    assert issue["location"]["positions"]["begin"]["line"] == ROW


def annotated_by_azure(project: Project, printed: str) -> None:
    place = f"sourcepath={project.root / PATH};linenumber={ROW};columnnumber={COLUMN}"
    assert printed == f"##vso[task.logissue type=error;{place};code=RUN001;]{TEXT}\n"


#: The pipelines of the page: by heading, the exit code and what tells that all is well.
PIPELINES: dict[str, tuple[int, Callable[[Project, str], None]]] = {
    "GitHub Actions: annotations": (1, annotated_by_github),
    "GitHub Actions: code scanning": (0, uploaded_to_github),
    "GitLab CI": (1, reported_to_gitlab),
    "Azure Pipelines": (1, annotated_by_azure),
}


@pytest.mark.parametrize("heading", PIPELINES)
def test_pipeline(project: Project, monkeypatch: pytest.MonkeyPatch, heading: str) -> None:
    """It installs the package, and then runs one command with a product that can be read."""
    monkeypatch.delenv("CI_PROJECT_DIR", raising=False)
    project.write_all({PATH: MODULE, "b.py": "x = 1\n"})
    code, is_well = PIPELINES[heading]
    install, command = values(yaml.safe_load(snippet(heading)), "run", "script")
    assert install == INSTALL
    process = run(project.root, "sh", "-c", command, merged=False, path=BIN)
    assert (process.returncode, process.stderr) == (code, "")
    is_well(project, process.stdout)


@pytest.mark.parametrize(
    "heading", ["GitHub Actions: annotations", "GitHub Actions: code scanning"]
)
def test_actions_are_pinned(heading: str) -> None:
    used = list(values(yaml.safe_load(snippet(heading)), "uses"))
    assert len(used) >= 2
    assert all(re.fullmatch(r"[\w-]+(/[\w-]+)+@(v\d+|[0-9a-f]{40})", action) for action in used)


# Hooks


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        pytest.param("pre-commit: the command", 0, id="local"),
        pytest.param("pre-commit: the command", 1, id="the hook of this project"),
    ],
)
def test_hook(project: Project, heading: str, number: int) -> None:
    """What pre-commit would call, with the names of files behind it (``test_clients`` lets it)."""
    (repo,) = yaml.safe_load(snippet(heading, number))["repos"]
    (hook,) = repo["hooks"]
    declared = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    (own,) = (known for known in declared if known["id"] == hook["id"])
    hook = {**own, **hook}
    assert {key: hook[key] for key in ("entry", "language", "types_or", "require_serial")} == {
        key: own[key] for key in ("entry", "language", "types_or", "require_serial")
    }
    project.write_all({PATH: MODULE, "gen/a.py": MODULE})
    project.write("pyproject.toml", '[tool.runsdir]\nextend-exclude = ["gen"]\n')
    command = f"{hook['entry']} {PATH} gen/a.py"
    process = run(project.root, "sh", "-c", command, merged=False, path=BIN)
    assert (process.returncode, process.stderr) == (1, "")
    assert re.findall(r"--> (.*)", process.stdout) == [f"{PATH}:{ROW}:{COLUMN}"]


def test_hook_of_flake8_has_the_plugin() -> None:
    """That of flake8 itself is a download, so it is read only."""
    (repo,) = yaml.safe_load(snippet("pre-commit: flake8"))["repos"]
    assert repo["hooks"] == [{"id": "flake8", "additional_dependencies": ["flake8-runsdir"]}]


# Editors


@pytest.mark.parametrize("command", commands("Other editors"))
def test_editor_command(project: Project, command: str) -> None:
    """A buffer on standard input is reported on as the file that it is."""
    project.write(PATH, MODULE)
    process = run(project.root, "sh", "-c", command, merged=False, path=BIN)
    assert (process.returncode, process.stderr) == (1, "")
    if "=json " in command:
        (found,) = json.loads(process.stdout)
        place = Path(found["filename"]), found["location"]["row"], found["location"]["column"]
        assert (*place, found["code"]) == (project.root / PATH, ROW, COLUMN, "RUN001")
    else:
        assert process.stdout == f"{PATH}:{ROW}:{COLUMN}: RUN001 {TEXT}\n"


def test_lsp_settings_name_the_plugins_that_exist() -> None:
    """``test_clients`` and ``test_editors`` let the server read them."""
    ruff, flake8 = (json.loads(snippet("Python LSP server", number)) for number in (0, 1))
    assert list(ruff["pylsp"]["plugins"]) == ["ruff"]
    assert list(flake8["pylsp"]["plugins"]) == ["flake8"]


LUA = """
lint = {linters = {}, linters_by_ft = {}}
vim = {api = {nvim_buf_get_name = function() return FILE end}, diagnostic = {severity = {WARN = 2}}}
parser = {from_pattern = function(pattern, groups, _, defaults)
  return function(line)
    local found, values = {}, {string.match(line, pattern)}
    for number, group in ipairs(groups) do found[group] = values[number] end
    found.source = defaults.source
    return found
  end
end}
function require(name) return name == "lint" and lint or parser end
"""


def test_lua_snippet(project: Project) -> None:
    """Its arguments are called as nvim-lint would, and its pattern reads what is printed."""
    need(importlib.util.find_spec("lupa"), "lupa")
    lua = importlib.import_module("lupa").LuaRuntime(unpack_returned_tuples=True)
    file = project.write(PATH, MODULE)
    lua.globals().FILE = str(file)
    lua.execute(LUA)
    lua.execute(snippet("Neovim: nvim-lint"))
    linter: Any = lua.globals().lint.linters.runsdir
    assert list(lua.globals().lint.linters_by_ft.python.values()) == ["runsdir"]
    arguments = [each if isinstance(each, str) else each() for each in linter.args.values()]
    process = subprocess.run(
        [own_script(linter.cmd), *arguments],
        cwd=project.home,
        env=project.environment(),
        input=MODULE,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    (line,) = process.stdout.splitlines()
    assert dict(linter.parser(line)) == {
        "lnum": str(ROW),
        "col": str(COLUMN),
        "code": "RUN001",
        "message": TEXT,
        "source": "runsdir",
    }


# Beside Ruff

KEPT = 'x = Path("mlruns")  # noqa: RUN001\n'
MIXED = 'x = Path("mlruns")  # noqa: RUN001, E501\n'
BARE = 'x = Path("mlruns")\n'


@pytest.mark.parametrize(
    ("configuration", "rules", "before", "after"),
    [
        pytest.param("", [], KEPT, KEPT, id="alone it is kept by the default rules"),
        pytest.param("", [], MIXED, BARE, id="beside a needless code it is removed"),
        pytest.param("", ["--select=RUF102"], KEPT, BARE, id="RUF102 removes it"),
        pytest.param(None, ["--select=RUF102"], KEPT, KEPT, id="external: RUF102 keeps it"),
        pytest.param(None, [], MIXED, KEPT, id="external: RUF100 removes the needless code only"),
    ],
)
def test_beside_ruff(
    project: Project, configuration: str | None, rules: list[str], before: str, after: str
) -> None:
    """``None`` stands for the configuration of the page."""
    documented = snippet("Beside Ruff")
    project.write("ruff.toml", documented if configuration is None else configuration)
    file = project.write("a.py", before)
    command = [own_script("ruff"), "check", "--no-cache", "--fix", "--quiet", *rules, "a.py"]
    process = run(project.root, *command)
    assert file.read_text(encoding="utf-8") == after, process.stdout


def test_codes_in_ruffs_own_lists_are_an_error(project: Project) -> None:
    project.write("ruff.toml", snippet("Beside Ruff") + 'ignore = ["RUN001"]\n')
    process = run(project.root, own_script("ruff"), "check", ".")
    assert process.returncode == 2
    assert "RUN001" in process.stdout
