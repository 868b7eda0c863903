"""The pages of ``tests/fixes``: what becomes of a module, and what stands in the way of a fix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import pages
from flake8_runsdir.diagnostic import Applicability, Diagnostic
from flake8_runsdir.linter import Comments, Linter
from flake8_runsdir.options import Layer
from flake8_runsdir.repair import repair
from flake8_runsdir.rules import RULES
from flake8_runsdir.settings import resolved

SAFE = (Applicability.SAFE,)
UNSAFE = (Applicability.SAFE, Applicability.UNSAFE)
NOTHING = Layer("", {}, base=".")


def linter(options: Mapping[str, object]) -> Linter:
    """Return a linter with all rules that makes fixes."""
    settings = resolved(Layer("page", options, base="."), NOTHING)
    return Linter(settings.config, RULES, comments=Comments.ALL, mending=settings.mending)


def fixed(text: str, path: str, of: Linter, wanted: tuple[Applicability, ...]) -> str:
    """Return a text after all fixes that can be trusted so far."""

    def accept(found: Diagnostic) -> bool:
        return found.remedy.fix is not None and found.remedy.fix.applicability in wanted

    once = repair(of, path, text, accept)
    again = repair(of, path, once.text, accept)
    assert again.text == once.text
    assert not again.counts
    return once.text


@pytest.mark.parametrize("block", list(pages.blocks(pages.FIXES)), ids=str)
def test_modules_are_fixed_as_the_page_says(block: pages.Block) -> None:
    checker = linter(block.options)
    safe = fixed(block.text, block.path, checker, SAFE)
    assert safe == block.answers.get("fixed", block.text)
    unsafe = fixed(block.text, block.path, checker, UNSAFE)
    assert unsafe == block.answers.get("unsafe", safe)
    assert fixed(safe, block.path, checker, UNSAFE) == unsafe
    obstacles = [
        f"{found.code} {found.remedy.obstacle}\n"
        for found in checker.check(block.path, block.text)
        if found.remedy.obstacle
    ]
    assert "".join(obstacles) == block.answers.get("obstacles", "")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_alternative_of_a_rule_is_what_its_fix_gives(rule: object) -> None:
    page = getattr(rule, "page", "")
    safety = page.partition("## Fix safety")[2]
    if re.search(r"no automatic fix|The fix is for display only", safety):
        pytest.skip("the rule has no fix that is applied")
    example, instead = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert fixed(example, "app/module.py", linter({}), SAFE) == instead


PACKAGE = {
    "app/__init__.py": "",
    "app/config.py": "settings = load()\n",
    "app/runs/__init__.py": "",
    "app/runs/paths.py": "",
    "app/scripts/run.py": "",
    "tests/test_app.py": "",
}


@pytest.mark.parametrize(
    ("path", "accessor", "expected"),
    [
        pytest.param(
            "app/main.py", "app.config:settings.d", "from .config import settings", id="beside"
        ),
        pytest.param(
            "app/runs/paths.py",
            "app.config:settings.d",
            "from ..config import settings",
            id="above",
        ),
        pytest.param(
            "app/main.py",
            "app.runs.paths:settings.d",
            "from .runs.paths import settings",
            id="below",
        ),
        pytest.param("app/main.py", "app:settings.d", "from . import settings", id="the package"),
        pytest.param(
            "app/runs/x.py", "app.runs:settings.d", "from . import settings", id="own package"
        ),
        pytest.param(
            "tests/test_app.py",
            "app.config:settings.d",
            "from app.config import settings",
            id="outside",
        ),
        pytest.param(
            "app/scripts/run.py",
            "app.config:settings.d",
            "from app.config import settings",
            id="a script, in no package",
        ),
        pytest.param(
            "app/main.py",
            "app.missing:settings.d",
            "from app.missing import settings",
            id="a module that is not there",
        ),
        pytest.param(
            "app/main.py",
            "os.config:settings.d",
            "from os.config import settings",
            id="another package",
        ),
    ],
)
def test_relative_imports(tmp_path: Path, path: str, accessor: str, expected: str) -> None:
    for name, content in PACKAGE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    text = 'def f():\n    return open(".autonomous_runs/x")\n'
    of = linter({"accessor": accessor, "fix-import-style": "relative"})
    once = fixed(text, str(tmp_path / path), of, SAFE)
    assert once == f'def f():\n    {expected}\n    return open(f"{{settings.d}}/x")\n'


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("from .config import settings", "settings.d"),
        ("from app.config import settings as s", "s.d"),
        ("from app import config", "config.settings.d"),
        ("from . import config as settings", "settings.settings.d"),
        ("import app.config", "app.config.settings.d"),
        ("import app.config as c", "c.settings.d"),
    ],
)
def test_imports_that_reach_the_object(tmp_path: Path, statement: str, expected: str) -> None:
    for name, content in PACKAGE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    text = f'{statement}\n\n\ndef f():\n    return open(".autonomous_runs")\n'
    path = str(tmp_path / "app" / "main.py")
    once = fixed(text, path, linter({"accessor": "app.config:settings.d"}), SAFE)
    assert once == text.replace('".autonomous_runs"', expected)


ACCESSOR: dict[str, object] = {"accessor": "autopack.config:settings.autonomous_runs_dir"}


@pytest.mark.hostile
def test_literal_with_many_names() -> None:
    text = 'def f(x):\n    return f"' + "{x}.autonomous_runs/" * 5_000 + '"\n'
    obstacles = {found.remedy.obstacle for found in linter(ACCESSOR).check("a.py", text)}
    assert obstacles == {"the name is not spelled as it reads, or more than once"}


@pytest.mark.hostile
def test_literal_with_many_escapes() -> None:
    text = 'def f():\n    return "' + r"\n" * 1_000_000 + '.autonomous_runs/x"\n'
    [found] = linter(ACCESSOR).check("a.py", text)
    assert found.remedy.fix is not None


@pytest.mark.hostile
def test_object_with_many_names() -> None:
    functions = [
        f"def f{number}():\n"
        f"    from autopack.config import settings as s{number}\n"
        f'    return open(".autonomous_runs")\n'
        for number in range(2_000)
    ]
    expected = [
        function.replace('".autonomous_runs"', f"s{number}.autonomous_runs_dir")
        for number, function in enumerate(functions)
    ]
    once = fixed("".join(functions), "a.py", linter(ACCESSOR), SAFE)
    assert once == "".join(expected)


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("opening", "item"),
    [
        pytest.param("def f():\n    return {", '0: ".autonomous_runs/x",\n', id="values"),
        pytest.param("def f():\n    return g(", '".autonomous_runs/x",\n', id="arguments"),
        pytest.param("def f():\n    (", ')\n    open(".autonomous_runs/x"', id="statements"),
    ],
)
def test_place_with_many_mentions(opening: str, item: str) -> None:
    closing = "}" if "{" in opening else ")"
    text = f"{opening}{item * 10_000}{closing}\n"
    found = linter(ACCESSOR).check("a.py", text)
    assert sum(one.remedy.fix is not None for one in found) == 10_000
