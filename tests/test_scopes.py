"""Names, resolved as CPython resolves them; and how far a binding reaches."""

from __future__ import annotations

import ast
import itertools
import symtable
import sysconfig
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from flake8_runsdir.config import resolve
from flake8_runsdir.flow import index
from flake8_runsdir.flow.scopes import Scopes
from flake8_runsdir.needles import Needles

STDLIB = sorted(
    path
    for path in Path(sysconfig.get_path("stdlib")).rglob("*.py")
    if not {"site-packages", "lib2to3", "test"} & set(path.parts)
)
NEEDLES = Needles(resolve())
COMPREHENSIONS: dict[type[ast.AST], str] = {
    ast.ListComp: "listcomp",
    ast.SetComp: "setcomp",
    ast.DictComp: "dictcomp",
    ast.GeneratorExp: "genexpr",
    ast.Lambda: "lambda",
}

#: How a scope is known in both worlds: its name and its row.
Key = tuple[str, int]


def key(scope: ast.AST) -> Key:
    """Return the key of a scope of a tree."""
    if isinstance(scope, ast.Module):
        return "top", 0
    name = COMPREHENSIONS.get(type(scope)) or str(getattr(scope, "name", ""))
    return name, getattr(scope, "lineno", 0)


class Tables:
    """The symbol tables of one text, by key; those with equal keys are left out."""

    def __init__(self, text: str) -> None:
        self.parents: dict[Key, Key | None] = {}
        self.tables: dict[Key, symtable.SymbolTable] = {}
        self.globals: set[str] = set()
        counted: Counter[Key] = Counter()
        pending: list[tuple[symtable.SymbolTable, Key | None]] = [
            (symtable.symtable(text, "a.py", "exec"), None)
        ]
        while pending:
            table, parent = pending.pop()
            found = ("top", 0) if parent is None else (table.get_name(), table.get_lineno())
            counted[found] += 1
            self.tables[found] = table
            self.parents[found] = parent
            pending.extend((child, found) for child in table.get_children())
            for symbol in table.get_symbols():
                bound = symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
                if bound and (parent is None or symbol.is_declared_global()):
                    self.globals.add(symbol.get_name())
        self.doubtful = {found for found, times in counted.items() if times > 1}

    def owner(self, scope: Key, name: str) -> Key | None:
        """Return the scope whose variable a name means in a scope; ``None`` for a builtin."""
        symbol = self.tables[scope].lookup(name)  # wrong in functions that are called "top"
        if symbol.is_global() or (scope == ("top", 0) and not symbol.is_local()):
            return ("top", 0) if name in self.globals else None
        if symbol.is_local():
            return scope
        outer = self.parents[scope]
        while outer is not None:
            table = self.tables[outer]
            names = table.get_identifiers()
            if table.get_type() == "function" and name in names and table.lookup(name).is_local():
                return outer
            outer = self.parents[outer]
        raise AssertionError(f"{name} is free, and nobody binds it")

    def sure(self, scope: Key | None) -> bool:
        """Tell whether a scope and all around it can be told from others."""
        while scope is not None:
            if (
                scope in self.doubtful
                or scope not in self.tables
                or (scope[0] == "top" and scope[1])
            ):
                return False
            scope = self.parents[scope]
        return True


def annotated(tree: ast.Module) -> set[ast.AST]:
    """Return what stands in annotations, which some versions do not evaluate."""
    found = []
    for node in ast.walk(tree):
        found += [getattr(node, "annotation", None), getattr(node, "returns", None)]
    return {part for node in found if node is not None for part in ast.walk(node)}


def compare(text: str) -> int:
    """Compare the owners of all loads in a text; return how many there were."""
    tree = ast.parse(text)
    indexed = index.build(tree, NEEDLES)
    scopes, tables = Scopes(indexed), Tables(text)
    left_out = annotated(tree)
    compared = 0
    for name, nodes in indexed.names.items():
        if name.startswith("__"):
            continue
        for node in nodes:
            scope = key(scopes.enclosing(node))
            if node in left_out or not tables.sure(scope):
                continue
            owner = scopes.owner(node, name)
            found = None if owner is None else key(owner)
            assert found == tables.owner(scope, name), (name, node.lineno)
            compared += 1
    return compared


def of_files(paths: list[Path]) -> Iterator[int]:
    """Compare files; yield how many names there were in each."""
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
            ast.parse(text)
        except (SyntaxError, ValueError):
            continue
        yield compare(text)


def test_owners_are_those_of_cpython() -> None:
    sample = [path for path in STDLIB if path.stat().st_size < 40_000]
    assert sum(of_files(sample[:: max(1, len(sample) // 30)])) > 4000


@pytest.mark.trees
def test_all_owners_are_those_of_cpython() -> None:
    assert sum(of_files(STDLIB)) > 200_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = 1\nclass A:\n    x = x\n    def f(self):\n        return x", id="class"),
        pytest.param(
            "def f(x):\n    class A:\n        x = x\n        y = [x for _ in x]", id="deep"
        ),
        pytest.param("def f():\n    x = 1\n    return [x for x in x]", id="first iterable"),
        pytest.param("def f(x):\n    return [y for z in x for y in z]", id="second iterable"),
        pytest.param("def f():\n    return [(y := x) for x in ()], y", id="walrus"),
        pytest.param("def f():\n    global x\n    x = 1\ndef g():\n    return x", id="global"),
        pytest.param(
            "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n    return x",
            id="nonlocal",
        ),
        pytest.param(
            "def f():\n    x = 1\n    class A:\n        def g(self):\n            nonlocal x\n"
            "            x = 2\n            return x",
            id="nonlocal over a class",
        ),
        pytest.param(
            "x = 0\ndef f():\n    x = 1\n    def g():\n        global x\n"
            "        def h():\n            return x",
            id="global in between",
        ),
        pytest.param("x = 1\ndef f(x=x, *, y=x):\n    return lambda x=x: x", id="defaults"),
        pytest.param("@x\ndef x(x):\n    return x", id="decorator"),
        pytest.param("class x(x, k=x):\n    x: x = x", id="bases"),
        pytest.param(
            "def f():\n    try:\n        pass\n    except E as x:\n        x", id="except"
        ),
        pytest.param(
            "def f():\n    import a.b\n    from c import d as e\n    return a, d, e", id="import"
        ),
        pytest.param("def f():\n    del x\n    return x", id="del"),
        pytest.param("def f():\n    with a as (b, *c):\n        return b, c", id="with"),
        pytest.param("def f(*a, **k):\n    return a, k, (lambda *b, **c: (b, c))", id="stars"),
        pytest.param("def f(a):\n    return {a: b for a, b in a if b}", id="dict comprehension"),
        pytest.param("def f():\n    def g():\n        return g, f\n    return g", id="functions"),
        pytest.param("class A:\n    y = 1\n    z = [y for _ in y]", id="comprehension in a class"),
        pytest.param("async def f(x):\n    async for x in x:\n        await x", id="async"),
    ],
)
def test_owners_of(text: str) -> None:
    assert compare(text) > 0


REACHING = {
    "the next binding ends it": """
        x = 1  # bind
        print(x)  # sees
        x = 2
        print(x)
        """,
    "a binding before it does not matter": """
        x = 0
        print(x)
        x = 1  # bind
        print(x)  # sees
        """,
    "its own right-hand side comes first": """
        x = 0
        x = f(x)  # bind
        print(x)  # sees
        """,
    "a binding in a branch may not happen": """
        x = 1  # bind
        if a:
            print(x)  # sees
            x = 2
            print(x)
        print(x)  # sees
        """,
    "a binding in the other branch": """
        if a:
            x = 1  # bind
        else:
            x = 2
            print(x)
        print(x)  # sees
        """,
    "a binding in a branch ends at one behind it": """
        if a:
            x = 1  # bind
            print(x)  # sees
        x = 2
        print(x)
        """,
    "a loop leads back": """
        while a:
            print(x)  # sees
            x = 1  # bind
        print(x)  # sees
        """,
    "a loop leads back to nothing where the binding is over": """
        for a in b:
            print(x)
            x = 1  # bind
            print(x)  # sees
            x = 2
        print(x)
        """,
    "a loop target is bound again each time": """
        for x in b:  # bind
            print(x)  # sees
        print(x)  # sees
        """,
    "a loop target ends what was before, inside": """
        x = 1  # bind
        for x in b:
            print(x)
        print(x)  # sees
        """,
    "the iterable of a loop comes first": """
        x = 1  # bind
        for x in f(x):  # sees
            pass
        """,
    "try: both ends see it": """
        x = 1  # bind
        try:
            x = f()
        except E:
            print(x)  # sees
        print(x)  # sees
        """,
    "an exception takes a name over": """
        x = 1  # bind
        try:
            f()
        except E as x:
            print(x)
        """,
    "augmented assignment sees it and goes on": """
        x = 1  # bind
        x += 2  # sees
        print(x)  # sees
        """,
    "an annotation alone binds nothing": """
        x = 1  # bind
        x: int
        print(x)  # sees
        """,
    "an annotation with a value": """
        x = 1  # bind
        x: int = 2
        print(x)
        """,
    "a deleted name": """
        x = 1  # bind
        print(x)  # sees
        del x
        x = 2
        print(x)
        """,
    "a walrus may not happen": """
        x = 1  # bind
        a and (x := 2)
        print(x)  # sees
        """,
    "a walrus binds": """
        if (x := f()):  # bind
            print(x)  # sees
        print(x)  # sees
        """,
    "an import": """
        x = 1  # bind
        import x
        print(x)
        """,
    "a definition": """
        x = 1  # bind
        def x():
            pass
        print(x)
        """,
    "with": """
        with a as x:  # bind
            print(x)  # sees
        with b as x:
            print(x)
        """,
    "tuple targets": """
        x, y = a  # bind
        print(x)  # sees
        y, (x, z) = b
        print(x)
        """,
    "an inner function may be called at any time": """
        x = 1  # bind
        def f():
            return x  # sees
        x = 2
        print(x)
        """,
    "a comprehension sees it at once": """
        x = 1  # bind
        [x for _ in a]  # sees
        x = 2
        [x for _ in a]
        """,
    "a loop in a loop leads back through both": """
        for a in b:
            print(x)  # sees
            for c in a:
                print(x)  # sees
                x = 1  # bind
        """,
}


AROUND = ["", "def function():", "class Class:"]


@pytest.mark.parametrize(("why", "around"), list(itertools.product(REACHING, AROUND)))
def test_reached(why: str, around: str) -> None:
    lines = [line[8:] for line in REACHING[why].split("\n")]
    text = "\n".join([around, *((" " * 4 * bool(around)) + line for line in lines)])
    if around == "class Class:" and why.startswith(("an inner function", "a comprehension")):
        pytest.skip("a class is not seen from the scopes in it")
    indexed = index.build(ast.parse(text), NEEDLES)
    scopes = Scopes(indexed)
    rows = text.split("\n")
    seen = [number for number, row in enumerate(rows, 1) if "# sees" in row]
    binder = next(
        node
        for node in indexed.names["x"]
        if "# bind" in rows[node.lineno - 1] and isinstance(node.ctx, ast.Store)
    )
    owner = scopes.owner(binder, "x")
    assert owner is not None
    assert sorted({load.lineno for load in scopes.reached(binder, owner, "x")}) == seen


def test_parameter_reaches_the_body() -> None:
    text = "def f(x):\n    print(x)\n    x = 1\n    print(x)\n"
    tree = ast.parse(text)
    indexed = index.build(tree, NEEDLES)
    scopes = Scopes(indexed)
    (binder,) = indexed.binders["x"]
    owner = scopes.owner(binder, "x")
    assert owner is tree.body[0]
    assert [load.lineno for load in scopes.reached(binder, owner, "x")] == [2]


def test_uses_of_one_binding_are_followed_up_to_a_limit() -> None:
    text = "x = 1\n" + "print(x)\n" * 1000
    indexed = index.build(ast.parse(text), NEEDLES)
    scopes = Scopes(indexed)
    binder = next(node for node in indexed.names["x"] if isinstance(node.ctx, ast.Store))
    assert len(scopes.reached(binder, indexed.tree, "x")) == 200
