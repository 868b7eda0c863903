"""Where imports go: the text that results, its tree, and what Ruff and isort have to say of it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import isort
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flake8_runsdir.diagnostic import Edit
from flake8_runsdir.fixes.imports import (
    Import,
    Placed,
    PlaceError,
    Places,
)
from flake8_runsdir.fixes.proof import prove
from flake8_runsdir.fixes.rows import Rows
from flake8_runsdir.source import Source

WANTED = Import("app.config", "settings")
ALIASED = Import("app.config", "settings", "runs_settings")
RELATIVE = Import("config", "settings", level=1)
PARENT = Import("", "settings", level=2)
STANDARD = Import("math", "settings")
OTHER = Import("other.config", "settings")
LONG = Import("app.configuration_of_the_runs_and_of_all_the_rest", "settings_of_the_application")

FUNCTION_TYPES = (ast.FunctionDef, ast.AsyncFunctionDef)
NEW = "from app.config import settings\n"

#: Modules that are in order for Ruff and isort, and what they become.
MODULES = [
    pytest.param("x = 1\n", WANTED, f"{NEW}\nx = 1\n", id="no head"),
    pytest.param("def f():\n    pass\n", WANTED, f"{NEW}\n\ndef f():\n    pass\n", id="a function"),
    pytest.param("class A: pass\n", WANTED, f"{NEW}\n\nclass A: pass\n", id="a class of one row"),
    pytest.param(
        "@d\nclass A:\n    x = 1\n", WANTED, f"{NEW}\n\n@d\nclass A:\n    x = 1\n", id="@"
    ),
    pytest.param('"""Doc."""\n\nx = 1\n', WANTED, f'"""Doc."""\n\n{NEW}\nx = 1\n', id="docstring"),
    pytest.param(
        '"""Doc.\n\nMore.\n"""  # more\nx = 1\n',
        WANTED,
        f'"""Doc.\n\nMore.\n"""  # more\n\n{NEW}\nx = 1\n',
        id="docstring without a blank row",
    ),
    pytest.param(
        '"""Doc."""\n\n\nasync def f():\n    pass\n',
        WANTED,
        f'"""Doc."""\n\n{NEW}\n\nasync def f():\n    pass\n',
        id="two blank rows are kept before a function",
    ),
    pytest.param(
        '"""Doc."""\n\n\n\nx = 1\n',
        WANTED,
        f'"""Doc."""\n\n\n{NEW}\nx = 1\n',
        id="not more than one",
    ),
    pytest.param(
        '"""Doc."""\n\n# The root.\nx = 1\n',
        WANTED,
        f'"""Doc."""\n\n{NEW}\n# The root.\nx = 1\n',
        id="comment behind the docstring",
    ),
    pytest.param(
        '"""Doc."""\n# The root.\n\n\ndef f(): pass\n',
        WANTED,
        f'"""Doc."""\n\n{NEW}\n# The root.\n\n\ndef f(): pass\n',
        id="comment of its own before a function",
    ),
    pytest.param(
        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nx = 1\n",
        WANTED,
        f"#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\n{NEW}\nx = 1\n",
        id="shebang and coding line",
    ),
    pytest.param(
        "\n# coding: utf-8\n\nx = 1\n", WANTED, f"\n# coding: utf-8\n\n{NEW}\nx = 1\n", id="coding"
    ),
    pytest.param(
        "# Licence\n\n# What f does.\ndef f(): pass\n",
        WANTED,
        f"# Licence\n\n{NEW}\n\n# What f does.\ndef f(): pass\n",
        id="licence, and the comment of a function",
    ),
    pytest.param(
        "# Licence\n\n\n\nx = 1\n", WANTED, f"# Licence\n\n\n{NEW}\nx = 1\n", id="licence"
    ),
    pytest.param("import os\n\nx = 1\n", WANTED, f"import os\n\n{NEW}\nx = 1\n", id="section"),
    pytest.param("import os", WANTED, f"import os\n\n{NEW[:-1]}", id="no last line end"),
    pytest.param("import os  # c", WANTED, f"import os  # c\n\n{NEW[:-1]}", id="ends in a comment"),
    pytest.param("from app import b", WANTED, f"from app import b\n{NEW[:-1]}", id="same section"),
    pytest.param(
        "from . import b\n\nx = 1\n",
        WANTED,
        f"{NEW}\nfrom . import b\n\nx = 1\n",
        id="first section",
    ),
    pytest.param(
        "# Licence\nfrom . import b\n",
        WANTED,
        f"# Licence\n{NEW}\nfrom . import b\n",
        id="below it",
    ),
    pytest.param(
        "from __future__ import annotations\n\nx = 1\n",
        WANTED,
        f"from __future__ import annotations\n\n{NEW}\nx = 1\n",
        id="future",
    ),
    pytest.param(
        "import os\n\nfrom . import b\n",
        WANTED,
        f"import os\n\n{NEW}\nfrom . import b\n",
        id="between",
    ),
    pytest.param(
        "import os\n\n# ours\nfrom . import b\n",
        WANTED,
        f"import os\n\n{NEW}\n# ours\nfrom . import b\n",
        id="between, the comment stays with the next section",
    ),
    pytest.param(
        "import os\n\nimport yaml\n", WANTED, f"import os\n\nimport yaml\n\n{NEW}", id="first-party"
    ),
    pytest.param(
        "import os\n\nimport yaml\n",
        OTHER,
        "import os\n\nimport yaml\nfrom other.config import settings\n",
        id="third-party",
    ),
    pytest.param(
        "import os\n\nimport app\nimport lib\n\n\ndef f(): pass\n",
        WANTED,
        f"import os\n\nimport app\nimport lib\n{NEW}\n\ndef f(): pass\n",
        id="import before from",
    ),
    pytest.param(
        "import os\n\nfrom lib import x\n",
        WANTED,
        f"import os\n\n{NEW}from lib import x\n",
        id="first-party in a source directory",
    ),
    pytest.param(
        "import os\n\nimport _yaml\n",
        STANDARD,
        "import os\nfrom math import settings\n\nimport _yaml\n",
        id="of Python",
    ),
    pytest.param(
        "import array\nimport zlib\nfrom binascii import x\n",
        STANDARD,
        "import array\nimport zlib\nfrom binascii import x\nfrom math import settings\n",
        id="extensions of Python",
    ),
    pytest.param(
        "from app.conf import x\nfrom app.config2 import y\n",
        WANTED,
        f"from app.conf import x\n{NEW}from app.config2 import y\n",
        id="in the order of modules",
    ),
    pytest.param(
        "from app.a2 import x\nfrom app.a10 import y\n",
        Import("app.a9", "settings"),
        "from app.a2 import x\nfrom app.a9 import settings\nfrom app.a10 import y\n",
        id="numbers count",
    ),
    pytest.param(
        "from app.a10 import x\n",
        Import("app.a007", "settings"),
        "from app.a007 import settings\nfrom app.a10 import x\n",
        id="zeros do not",
    ),
    pytest.param(
        "from app import x\nfrom app.Core import y\nfrom app.x import z\n",
        WANTED,
        f"from app import x\n{NEW}from app.Core import y\nfrom app.x import z\n",
        id="capitals do not count in modules",
    ),
    pytest.param(
        "import app\n\n# why\nfrom app.x import y\n",
        WANTED,
        f"import app\n{NEW}\n# why\nfrom app.x import y\n",
        id="before a comment in the section",
    ),
    pytest.param(
        "import yaml\n\n# why\nfrom app.x import y\n",
        WANTED,
        f"import yaml\n\n{NEW}\n# why\nfrom app.x import y\n",
        id="before a comment at the section's start",
    ),
    pytest.param(
        "import yaml\n\nfrom app.x import y\n",
        WANTED,
        f"import yaml\n\n{NEW}from app.x import y\n",
        id="at the section's start",
    ),
    pytest.param(
        "import app\nimport lib\n\n# why\nfrom app.a import y\nfrom app.x import y\n",
        WANTED,
        f"import app\nimport lib\n\n# why\nfrom app.a import y\n{NEW}from app.x import y\n",
        id="behind a comment in the section",
    ),
    pytest.param(
        "from ... import a\nfrom . import b\nfrom .d import e\n",
        RELATIVE,
        "from ... import a\nfrom . import b\nfrom .config import settings\nfrom .d import e\n",
        id="relative",
    ),
    pytest.param(
        "from ..a import a\nfrom . import b\n",
        PARENT,
        "from .. import settings\nfrom ..a import a\nfrom . import b\n",
        id="furthest first",
    ),
    pytest.param(
        "import os\n", RELATIVE, "import os\n\nfrom .config import settings\n", id="new relative"
    ),
    pytest.param(
        "from app.config import Settings\n",
        WANTED,
        "from app.config import Settings, settings\n",
        id="joined",
    ),
    pytest.param(
        "from app.config import A, tau\n",
        WANTED,
        "from app.config import A, settings, tau\n",
        id="joined inside",
    ),
    pytest.param(
        "from app.config import z\n",
        WANTED,
        "from app.config import settings, z\n",
        id="joined in front",
    ),
    pytest.param(
        "from app.config import AB, Cd, ef\n",
        Import("app.config", "SETTINGS"),
        "from app.config import AB, SETTINGS, Cd, ef\n",
        id="joined as a constant",
    ),
    pytest.param(
        "from app.config import AB, Cd, ef\n",
        Import("app.config", "Settings"),
        "from app.config import AB, Cd, Settings, ef\n",
        id="joined as a class",
    ),
    pytest.param(
        "from . import b\n",
        RELATIVE._replace(module=""),
        "from . import b, settings\n",
        id="joined, of a package",
    ),
    pytest.param(
        "from app.config import a  # why\n",
        WANTED,
        "from app.config import a, settings  # why\n",
        id="joined, comment",
    ),
    pytest.param(
        "from app.config import (\n    a,\n    z,\n)\n",
        WANTED,
        "from app.config import (\n    a,\n    settings,\n    z,\n)\n",
        id="joined in a row of its own",
    ),
    pytest.param(
        "from app.config import (  # all\n    z,\n)\n",
        WANTED,
        "from app.config import (  # all\n    settings,\n    z,\n)\n",
        id="joined in the first row",
    ),
    pytest.param(
        "from app.config import (\n    a,\n)\n\nx = (\n    1,\n)\n",
        WANTED,
        "from app.config import (\n    a,\n    settings,\n)\n\nx = (\n    1,\n)\n",
        id="joined in the last row",
    ),
    pytest.param(
        f"from app.config import {'a' * 60}\n",
        WANTED,
        f"from app.config import (\n    {'a' * 60},\n    settings,\n)\n",
        id="joined, too wide",
    ),
    pytest.param(
        f"from app.config import {'a' * 55}\n",
        WANTED,
        f"from app.config import {'a' * 55}, settings\n",
        id="joined, as wide as can be",
    ),
    pytest.param(
        f"from app.config import {'z' * 50}  # why\n\nx = 1\n",
        WANTED,
        f"from app.config import (  # why\n    settings,\n    {'z' * 50},\n)\n\nx = 1\n",
        id="joined, too wide with its comment",
    ),
    pytest.param(
        "from app.config import a\n",
        ALIASED,
        "from app.config import a\nfrom app.config import settings as runs_settings\n",
        id="alias",
    ),
    pytest.param(
        "from app.config import z\n",
        ALIASED,
        "from app.config import settings as runs_settings\nfrom app.config import z\n",
        id="alias first",
    ),
    pytest.param(
        "from app.config import a as b\n",
        WANTED,
        f"from app.config import a as b\n{NEW}",
        id="beside an alias",
    ),
    pytest.param(
        "import os\n\nfrom app.config import settings\n", WANTED, None, id="there already"
    ),
    pytest.param(
        "from app.config import settings as runs_settings\n", ALIASED, None, id="there, aliased"
    ),
    pytest.param(
        "import os\n",
        LONG,
        f"import os\n\nfrom {LONG.module} import (\n    {LONG.name},\n)\n",
        id="too wide",
    ),
    pytest.param(
        "import sys\n\nsys.path.insert(0, x)\nimport yaml\n\nx = 1\n",
        WANTED,
        f"import sys\n\nsys.path.insert(0, x)\nimport yaml\n\n{NEW}\nx = 1\n",
        id="behind a change of the search path",
    ),
    pytest.param(
        "import sys\n\nif x not in sys.path:\n    sys.path.append(x)\n\nimport app\n",
        WANTED,
        f"import sys\n\nif x not in sys.path:\n    sys.path.append(x)\n\nimport app\n{NEW}",
        id="behind a change that depends",
    ),
    pytest.param(
        "import sys\n\n\ndef f():\n    sys.path.append(x)\n\n\nimport yaml\n",
        WANTED,
        f"import sys\n\n{NEW}\n\ndef f():\n    sys.path.append(x)\n\n\nimport yaml\n",
        id="a change for later is none",
    ),
    pytest.param(
        "import sys\n\nif __name__ == '__main__':\n    sys.path.append(x)\n",
        WANTED,
        f"import sys\n\n{NEW}\nif __name__ == '__main__':\n    sys.path.append(x)\n",
        id="a change that no import follows is none",
    ),
    pytest.param(
        "import os\n\nx = 1\nfrom app.a import b\n",
        WANTED,
        f"import os\n\nx = 1\nfrom app.a import b\n{NEW}",
        id="a later run has the package",
    ),
    pytest.param(
        "import os\n\nx = 1\nfrom yaml.a import b\n",
        WANTED,
        f"import os\n\n{NEW}\nx = 1\nfrom yaml.a import b\n",
        id="the first run, else",
    ),
    pytest.param(
        "import os\n\ntry:\n    import yaml\nexcept ImportError:\n    yaml = None\n",
        WANTED,
        f"import os\n\n{NEW}\ntry:\n    import yaml\nexcept ImportError:\n    yaml = None\n",
        id="an import inside of a statement ends the head",
    ),
]

#: Modules that are in no order, or that one of Ruff and isort has something to say of anyway.
UNSORTED = [
    pytest.param("", WANTED, NEW, id="nothing at all"),
    pytest.param("# c", WANTED, f"# c\n\n{NEW[:-1]}", id="a comment only"),
    pytest.param('"""Doc."""\n', WANTED, f'"""Doc."""\n\n{NEW}', id="a docstring only"),
    pytest.param("import os\nx = 1\n", WANTED, f"import os\n\n{NEW}x = 1\n", id="no blank row"),
    pytest.param(
        "import yaml\nimport os\nfrom app.x import y\n",
        WANTED,
        f"import yaml\nimport os\n{NEW}from app.x import y\n",
        id="one section for all",
    ),
    pytest.param(
        "import yaml\n\nimport zope\nfrom app.x import y\n",
        OTHER,
        "import yaml\nfrom other.config import settings\n\nimport zope\nfrom app.x import y\n",
        id="the first section that fits",
    ),
    pytest.param(
        "from __future__ import annotations\nfrom __app import y\n",
        Import("__app", "settings", "z"),
        "from __future__ import annotations\n"
        "from __app import settings as z\nfrom __app import y\n",
        id="the future first",
    ),
    pytest.param(
        "import lib.missing\n",
        WANTED,
        f"import lib.missing\n\n{NEW}",
        id="to isort, packages are whole",
    ),
    pytest.param(
        "\fimport os\n\f\nx = 1\n", WANTED, f"\fimport os\n\n{NEW}\f\nx = 1\n", id="form feeds"
    ),
    pytest.param(
        "from app.config import (a, z)\n",
        WANTED,
        "from app.config import (a, settings, z)\n",
        id="(",
    ),
    pytest.param(
        "from app.config import (\n    a, z\n)\n",
        WANTED,
        "from app.config import (\n    a, settings, z\n)\n",
        id="several names in a row",
    ),
    pytest.param(
        "from app.config import (\n    a,\n    b\n)\n",
        WANTED,
        "from app.config import (\n    a,\n    b, settings\n)\n",
        id="no last comma",
    ),
    pytest.param(
        "from app.config import (\n    a,  # a\n    # b\n    b  # b\n)\n",
        WANTED,
        f"from app.config import (\n    a,  # a\n    # b\n    b  # b\n)\n{NEW}",
        id="comments, and no last comma",
    ),
    pytest.param(
        "from app.config import (  # (\n    # a\n    a,  # b, c\n    # z\n    z,  # import\n)\n",
        WANTED,
        "from app.config import (  # (\n"
        "    # a\n    a,  # b, c\n    settings,\n    # z\n    z,  # import\n)\n",
        id="comments stay with their names",
    ),
    pytest.param(
        "from app.config import a, \\\n    z\n",
        WANTED,
        "from app.config import a, \\\n    settings, z\n",
        id="\\",
    ),
    pytest.param(
        "from app.config import \\\n    a\n",
        WANTED,
        "from app.config import \\\n    a, settings\n",
        id="\\ first",
    ),
    pytest.param(
        "from app.config import a as b, c\n",
        WANTED,
        f"from app.config import a as b, c\n{NEW}",
        id="an alias among names",
    ),
    pytest.param(
        "from app.config import a\u00b7b\n",
        WANTED,
        f"from app.config import a\u00b7b\n{NEW}",
        id="a name with a character that is no letter",
    ),
    pytest.param(
        "from app.config import \ufb01x, é\n",
        WANTED,
        "from app.config import \ufb01x, settings, é\n",
        id="a name that is another one to Python",
    ),
    pytest.param(
        "from app.config import a  # a\nfrom app.config import b, c\n",
        WANTED,
        "from app.config import a  # a\nfrom app.config import b, c, settings\n",
        id="joined where no comment is",
    ),
    pytest.param(
        "from app.config import b, d\n",
        Import("app.config", "c", "e"),
        "from app.config import b, d\nfrom app.config import c as e\n",
        id="isort would divide names for an alias, Ruff would not",
    ),
    pytest.param("\\\n\nx = 1\n", WANTED, f"\\\n\n{NEW}\nx = 1\n", id="a row that goes on"),
    pytest.param("import os  \f \n", WANTED, f"import os  \f \n\n{NEW}", id="trailing blanks"),
    pytest.param(
        "if x:\n\timport os\n", WANTED, f"{NEW}\nif x:\n\timport os\n", id="no import on top"
    ),
]

#: Modules that offer no place, and what the reason is.
REFUSED = [
    pytest.param("from a import *\n", "a star import", id="star"),
    pytest.param("if x:\n    from a import \\\n *\n", "a star import", id="star inside"),
    pytest.param("import os; import sys\n", "share lines", id="two imports in a line"),
    pytest.param("import os\nimport sys; x = 1\n", "share lines", id="code behind an import"),
    pytest.param("x = 1; import os\n", "share lines", id="code in front of an import"),
    pytest.param("\\\nimport os\n", "share lines", id="a backslash before"),
    pytest.param("import os \\\n\nx = 1\n", "share lines", id="a backslash behind"),
    pytest.param('"""Doc."""; x = 1\n', "docstring", id="code behind the docstring"),
    pytest.param('"""Doc.""" \\\n\nx = 1\n', "docstring", id="a backslash behind the docstring"),
    pytest.param("\\\nx = 1\n", "first statement", id="a backslash before the code"),
    pytest.param("@ \\\nd\ndef f(): pass\n", "first statement", id="a decorator on two rows"),
]

#: Functions, and what they become.
FUNCTIONS = [
    pytest.param("def f():\n    x\n", "def f():\n    {}\n    x\n", id="first"),
    pytest.param(
        'def f():\n    """D."""\n    x\n', 'def f():\n    """D."""\n    {}\n    x\n', id="docstring"
    ),
    pytest.param(
        'def f():\n    """D."""\n\n    x',
        'def f():\n    """D."""\n\n    {}\n    x',
        id="no last line end",
    ),
    pytest.param("async def f():\n\tx\n", "async def f():\n\t{}\n\tx\n", id="tab"),
    pytest.param("def f():\n\f \tx\n", "def f():\n\f \t{}\n\f \tx\n", id="form feed"),
    pytest.param(
        "def f(\n  a,\n):\n  # c\n\n  x\n",
        "def f(\n  a,\n):\n  # c\n\n  {}\n  x\n",
        id="comment apart",
    ),
    pytest.param(
        "def f():\n  x = 1; y = 2\n", "def f():\n  {}\n  x = 1; y = 2\n", id="semicolon behind"
    ),
    pytest.param(
        "def f():\n  # c\n  # d\n  x\n",
        "def f():\n  {}\n  # c\n  # d\n  x\n",
        id="comment of the statement",
    ),
    pytest.param(
        "def f(a='''\n# '''):\n  x\n", "def f(a='''\n# '''):\n  {}\n  x\n", id="no comment"
    ),
    pytest.param(
        "def f(a):\n  # type: (int) -> x\n  x\n",
        "def f(a):\n  # type: (int) -> x\n  {}\n  x\n",
        id="type comment",
    ),
    pytest.param(
        "def f():\n  @a\n  @b\n  class A: pass\n",
        "def f():\n  {}\n  @a\n  @b\n  class A: pass\n",
        id="decorators",
    ),
    pytest.param(
        "def f():\n  import os\n  x\n", "def f():\n  import os\n\n  {}\n  x\n", id="import"
    ),
    pytest.param(
        "def f():\n  from . import a\n  x\n",
        "def f():\n  {}\n\n  from . import a\n  x\n",
        id="import behind",
    ),
    pytest.param(
        "def f():\n  from app.config import a\n  x\n",
        "def f():\n  from app.config import a, settings\n  x\n",
        id="joined",
    ),
    pytest.param(
        f"def f():\n  from app.config import {'a' * 55}\n  x\n",
        f"def f():\n  from app.config import (\n      {'a' * 55},\n      settings,\n  )\n  x\n",
        id="joined, too wide",
    ),
    pytest.param(
        "def f():\n  import os; x\n",
        "def f():\n  {}\n  import os; x\n",
        id="import that shares its line",
    ),
    pytest.param(
        "class A:\n  def f(self):\n      # é\n      'é'; x\n      y\n",
        None,
        id="docstring shares its line",
    ),
    pytest.param("def f(): x\n", None, id="one row"),
    pytest.param("def f(): \\\n  x\n", None, id="one joined row"),
    pytest.param("def f():\n  '''D.'''\n", None, id="nothing but a docstring"),
]


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return a text after some edits."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.span.start] + edit.content + text[edit.span.end :]
    return text


def proved(source: Source, placed: Placed) -> str:
    """Return what becomes of a text, once its tree is proved to be the one that was meant."""
    text = applied(source.text, placed.edits)
    prove(source.tree, ast.parse(text), [placed.rewrite])
    return text


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with a package, another one in its source directory, and a repository."""
    root = tmp_path_factory.mktemp("project")
    for name in ("app/__init__.py", "app/a/__init__.py", "src/lib/__init__.py", ".git/HEAD"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    for name in ("config", "configuration_of_the_runs_and_of_all_the_rest", "conf", "config2"):
        (root / "app" / f"{name}.py").write_text("")
    (root / "src" / "lib" / "x.py").write_text("")
    return root


def dirty(project: Path, texts: dict[str, str]) -> set[str]:
    """Return the names of those texts, taken for modules of the package, that Ruff would sort."""
    package = project / "app"
    for name, text in texts.items():
        (package / f"{name}.py").write_bytes(text.encode())
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "I"]
    files = [f"app/{name}.py" for name in texts]
    done = subprocess.run(
        [*command, "--output-format", "json", *files], cwd=project, capture_output=True, check=False
    )
    for name in texts:
        (package / f"{name}.py").unlink()
    return {Path(found["filename"]).stem for found in json.loads(done.stdout)}


def sorted_by_isort(project: Path, text: str) -> str:
    """Return what isort makes of a text."""
    sources = (project, project / "src")
    return isort.code(text, config=isort.Config(profile="black", src_paths=sources))


def placed_in(project: Path, text: str, wanted: Import) -> str:
    """Return a module of the package after an import was placed in it."""
    source = Source.parse(str(project / "app" / "case.py"), text)
    return proved(source, Places(source).in_module(wanted))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(("text", "wanted", "expected"), [*MODULES, *UNSORTED])
def test_in_module(
    text: str, wanted: Import, expected: str | None, newline: str, project: Path
) -> None:
    # A text of one row has no line end to go by.
    result = placed_in(project, text.replace("\n", newline), wanted)
    if "\n" not in text:
        newline = "\n"
    assert result == (text if expected is None else expected).replace("\n", newline)


def test_modules_are_in_order_for_ruff(project: Path) -> None:
    cases = [(case.id, *case.values) for case in MODULES]
    texts = {f"before_{i}": str(text) for i, (_, text, _, _) in enumerate(cases)}
    texts.update({f"after_{i}": str(after or text) for i, (_, text, _, after) in enumerate(cases)})
    assert {name: cases[int(name.rpartition("_")[2])] for name in dirty(project, texts)} == {}


def test_modules_are_in_order_for_isort(project: Path) -> None:
    for before, _, after in (case.values for case in MODULES):
        for text in (str(before), str(after or before)):
            complete = text if text.endswith("\n") else f"{text}\n"
            assert sorted_by_isort(project, complete) == complete


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_no_place_in_module(text: str, reason: str) -> None:
    places = Places(Source.parse("/a.py", text))
    for _ in range(2):  # what is kept is no other answer
        with pytest.raises(PlaceError, match=reason):
            places.in_module(WANTED)


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        pytest.param("x = 1\n", 1, f"{NEW}\nx = 1\n", id="the first statement"),
        pytest.param("import os\nx = 1\n", 2, f"import os\n\n{NEW}x = 1\n", id="behind"),
        pytest.param("x = 1\nimport os\n", 1, None, id="too late"),
        pytest.param("x = 1\nfrom app.config import settings\n", 1, None, id="bound too late"),
        pytest.param(
            "x = 1\nimport os\ny = 1\n", 3, f"x = 1\nimport os\n\n{NEW}y = 1\n", id="last"
        ),
        pytest.param("@d\nclass A: pass\n", 1, f"{NEW}\n\n@d\nclass A: pass\n", id="decorators"),
        pytest.param(
            "import os\nx = 1\nimport app\n",
            2,
            f"import os\n\n{NEW}x = 1\nimport app\n",
            id="the run with the package is too late",
        ),
        pytest.param(
            "import sys\nx = 1\nsys.path.append(x)\nimport app\n",
            2,
            None,
            id="the search path, too",
        ),
    ],
)
def test_in_module_before_a_statement(text: str, row: int, expected: str | None) -> None:
    source = Source.parse("/a.py", text)
    (statement,) = (one for one in source.tree.body if Rows(source).first(one) == row)
    if expected is None:
        with pytest.raises(PlaceError, match="too late"):
            Places(source).in_module(WANTED, statement)
    else:
        assert proved(source, Places(source).in_module(WANTED, statement)) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(("text", "expected"), FUNCTIONS)
def test_in_function(text: str, expected: str | None, newline: str, project: Path) -> None:
    source = Source.parse(str(project / "app" / "case.py"), text.replace("\n", newline))
    function = next(one for one in ast.walk(source.tree) if isinstance(one, FUNCTION_TYPES))
    if expected is None:
        with pytest.raises(PlaceError, match="its function"):
            Places(source).in_function(function, WANTED)
    else:
        result = proved(source, Places(source).in_function(function, WANTED))
        assert result == expected.replace("{}", WANTED.code).replace("\n", newline)


def test_functions_are_in_order_for_ruff(project: Path) -> None:
    texts = [str(case.values[1]).replace("{}", WANTED.code) for case in FUNCTIONS if case.values[1]]
    sharing = {text for text in texts if "import os; x" in text}
    found = dirty(project, {f"case_{i}": text for i, text in enumerate(texts)})
    assert {texts[int(name[5:])] for name in found} == sharing


@pytest.mark.parametrize("path", ["-", "a.py", "app/a.py"])
def test_path_that_cannot_be_looked_at(path: str) -> None:
    text = "import os\n\nimport lib\n"
    source = Source.parse(path, text)
    assert proved(source, Places(source).in_module(WANTED)) == f"{text}\n{NEW}"


@pytest.mark.parametrize(
    ("file", "is_ours"),
    [
        pytest.param("deep/down/a.py", True, id="in a directory above"),
        pytest.param("src/lib/sub/a.py", True, id="above a package"),
        pytest.param("app/new/a.py", True, id="in the package itself"),
        pytest.param("../elsewhere/a.py", False, id="outside"),
        pytest.param("other/below/a.py", False, id="in another repository inside"),
        pytest.param("/".join("d" * 30) + "/a.py", False, id="too far above"),
    ],
)
def test_first_party(file: str, is_ours: bool, project: Path) -> None:
    (project / "other" / ".git").mkdir(parents=True, exist_ok=True)
    source = Source.parse(os.path.normpath(project / file), "import yaml\n")
    gap = "\n" if is_ours else ""
    assert proved(source, Places(source).in_module(WANTED)) == f"import yaml\n{gap}{NEW}"


def test_hostile_names(project: Path) -> None:
    number = "9" * 5000
    text = f"import a{number}\n\nfrom b{number} import c\n"
    for path in ("/\0/a.py", "/\ud800/a.py", str(project / "a.py")):
        source = Source.parse(path, text)
        assert "import (\n    c,\n    d,\n)" in proved(
            source, Places(source).in_module(Import(f"b{number}", "d"))
        )


def test_places_are_kept(project: Path) -> None:
    source = Source.parse(str(project / "app" / "a.py"), "import os\nx = 1\ny = 2\n")
    places = Places(source)
    _, first, second = source.tree.body
    assert places.in_module(WANTED, first) is places.in_module(WANTED, second)
    assert places.in_module(ALIASED, first) is not places.in_module(WANTED, second)


#: Of every kind of import; at most one statement of a module has a comment.
POOL = [
    "from __future__ import annotations",
    "import os",
    "import os.path",
    "import re as r",
    "from pathlib import Path, PurePath",
    "from collections import OrderedDict, defaultdict",
    "import yaml",
    "import numpy as np",
    "import Zed",
    "from _x import y",
    "from a10 import b",
    "from a2 import b",
    "import app",
    "import app.conf",
    "from app import conf",
    "from app.conf import CONST, Settings, value",
    "from app.config import Config",
    "from app.config import CONST, alpha, tau",
    "from app.config import some_very_long_name_of_a_thing, another_very_long_name",
    "from app.config import (  # why\n    A,\n    b,\n)",
    "from app.config2 import (\n    # why\n    aa,\n)",
    "# one\n# two\nfrom app.a import thing",
    "import lib",
    "from lib.x import (\n    a,\n    b,\n)",
    "from .. import a",
    "from ..config import Settings",
    "from . import a",
    "from . import (\n    A,\n    b,\n    # why\n    zz,\n)",
    "from .config import x as y",
    "from .d import b",
]
TOPS = ["", '"""Doc."""\n\n', "#!/bin/python\n", "# Licence\n\n", '"""Doc."""\n\n# note\n']
TAILS = [
    "x = 1\n",
    "def f():\n    pass\n",
    "@d\nclass A:\n    pass\n",
    "# note\nx = 1\n",
    "# note\ndef f():\n    pass\n",
    "# note\n\n\ndef f():\n    pass\n",
    "if x:\n    import os\n",
]
IMPORTS = [
    WANTED,
    RELATIVE,
    PARENT,
    STANDARD,
    OTHER,
    LONG,
    *(WANTED._replace(name=n) for n in ("A1", "SET", "zz")),
]


@given(
    top=st.sampled_from(TOPS),
    head=st.lists(st.sampled_from(POOL), max_size=12, unique=True),
    tail=st.sampled_from(TAILS),
    wanted=st.sampled_from(IMPORTS),
)
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_head(top: str, head: list[str], tail: str, wanted: Import, project: Path) -> None:
    """What isort has sorted is sorted afterwards, and what is in order for Ruff stays so."""
    text = top + "\n".join(head) + "\n\n" + tail
    before = sorted_by_isort(project, text)
    assume(sorted_by_isort(project, before) == before)
    after = placed_in(project, before, wanted)
    assert sorted_by_isort(project, after) == after
    assert dirty(project, {"before": before, "after": after}) != {"after"}
