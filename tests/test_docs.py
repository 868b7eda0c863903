"""What the documentation says twice is the same, and it names nothing that does not exist."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

from flake8_runsdir import __version__
from flake8_runsdir.flags import CHECK, COMMANDS
from flake8_runsdir.options import CHECK_OPTIONS, OPTIONS
from flake8_runsdir.rules import ALL, RULES

if sys.version_info >= (3, 10):
    from importlib import metadata
else:
    import importlib_metadata as metadata

ROOT = Path(__file__).parent.parent
CODES = {rule.code for rule in RULES}
EVERY_CODE = {rule.code for rule in ALL}

#: A span or a block of code, which holds no links.
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)


def test_generated_pages_are_fresh() -> None:
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("page", ["CHANGELOG.md", "README.md", "docs/rules/README.md"])
def test_page_names_the_rules_that_exist(page: str) -> None:
    named = set(re.findall(r"\bRUN\d{3}\b", (ROOT / page).read_text(encoding="utf-8")))
    assert (EVERY_CODE if page.startswith("docs") else CODES) <= named <= EVERY_CODE


def test_documentation_names_options_that_exist() -> None:
    known = {option.name for option in (*OPTIONS, *CHECK_OPTIONS)}
    for rule in ALL:
        options = re.findall(r"^- `([^`]+)`$", rule.page.partition("## Options")[2], re.MULTILINE)
        assert options or rule not in RULES
        assert set(options) <= known


def test_documentation_of_the_command_line_names_flags_and_commands_that_exist() -> None:
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    flags = {flag.name for flag in CHECK.flags} | {"version", "all"}
    assert set(re.findall(r"(?<![\w-])--([a-z][a-z-]+)", text)) <= flags
    assert set(re.findall(r"`runsdir (\w+)", text)) == {command.name for command in COMMANDS}


def test_links_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        text = _CODE.sub("", page.read_text(encoding="utf-8"))
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (page.parent / link).exists(), f"{page}: {link}"


def test_distribution_is_what_flake8_looks_for() -> None:
    (plugin,) = metadata.entry_points(group="flake8.extension", name="RUN")
    assert plugin.value == "flake8_runsdir.plugin:Plugin"
    assert metadata.version("flake8-runsdir") == __version__
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    assert "Framework :: Flake8" in setup["metadata"]["classifiers"]


def test_snippets_for_other_tools_name_the_hook_that_exists() -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert re.findall(r"^- id: (\S+)$", hooks, re.MULTILINE) == [
        "flake8-runsdir",
        "runsdir",
    ]


def test_architecture_names_the_layers_that_are_kept() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    block = page[page.index("```\n__main__") + 4 :].partition("```")[0]
    shown = [re.findall(r"\w+", line) for line in re.findall(r"^\S+(?: \S+)*", block, re.MULTILINE)]
    joined: list[set[str]] = []
    for line, names in zip(block.splitlines(), shown):
        if line.startswith("|"):
            joined[-1].update(names)
        else:
            joined.append(set(names))
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    layers = setup["importlinter:contract:layers"]["layers"].split("\n")[1:]
    assert joined == [set(layer.split(" | ")) for layer in layers]
