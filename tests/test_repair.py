"""Fixes to a standstill: which go together, and what must be so before a text is called fixed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Callable

import pytest

from flake8_runsdir.config import resolve
from flake8_runsdir.diagnostic import Applicability, Diagnostic, Edit, Fix, Remedy, Span
from flake8_runsdir.fixes.proof import Insertion, Rewrite
from flake8_runsdir.linter import Checked, Comments, Linter
from flake8_runsdir.options import Layer
from flake8_runsdir.repair import RepairError, repair
from flake8_runsdir.rules import ALL
from flake8_runsdir.source import Source

Change = tuple[int, int, str]


def diagnostic(code: str, start: int, *changes: Change) -> Diagnostic:
    """Return a diagnostic at an offset, and its fix if something is to be changed."""
    edits = tuple(Edit(Span(first, last), content) for first, last, content in changes)
    remedy = Remedy(Fix(Applicability.SAFE, "Do it", edits)) if edits else Remedy()
    return Diagnostic(Span(start, start + 1), code, "a message", remedy)


class Scripted(Linter):
    """A linter that finds what it is told to find, and keeps the texts that it was asked about."""

    def __init__(
        self,
        find: Callable[[str], Iterable[Diagnostic]],
        rewrite: Callable[[ast.Module], Rewrite] = lambda _: Rewrite(),
    ) -> None:
        super().__init__(resolve(Layer("test", {}, ".")), ())
        self.texts: list[str] = []
        self._find = find
        self._rewrite = rewrite

    def examine(self, path: str, text: str, tree: ast.Module | None = None) -> Checked:
        """Return what the text is said to have."""
        self.texts.append(text)
        source = Source(path, text, tree) if tree is not None else Source.parse(path, text)
        found = tuple(sorted(self._find(text)))
        rewrite = self._rewrite(source.tree)
        fixes = (one.remedy.fix for one in found if one.remedy.fix is not None)
        return Checked(found, source, None, dict.fromkeys(fixes, rewrite))


def rounds(text: str, find: Callable[[str], Iterable[Diagnostic]]) -> list[str]:
    """Return a text after each round."""
    linter = Scripted(find)
    repaired = repair(linter, "a.py", text, lambda _: True)
    assert repaired.text == linter.texts[-1]
    assert repaired.checked.source is not None
    assert repaired.checked.source.text == repaired.text
    return linter.texts[1:]


def marks(text: str, pattern: str, content: str, *more: Change) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each place of a pattern, whose fix puts a text there."""
    for match in re.finditer(pattern, text):
        yield diagnostic("RUN001", match.start(), *more, (match.start(), match.end(), content))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("b\n", [], id="nothing to do"),
        pytest.param("ba\n", ["bx\n"], id="one"),
        pytest.param("a.a.a\n", ["x.x.x\n"], id="all at once"),
        pytest.param("a\n\n\n# a", ["x\n\n\n# x"], id="at the start and at the end"),
        pytest.param("aaaa", ["xxxx"], id="even if they touch"),
    ],
)
def test_fixes_that_are_apart_go_together(text: str, expected: list[str]) -> None:
    assert rounds(f"# {text}", lambda text: marks(text, "a", "x")) == [
        f"# {one}" for one in expected
    ]


def test_fixes_that_overlap_wait_for_the_next_round() -> None:
    def find(text: str) -> Iterator[Diagnostic]:
        for match in re.finditer(r"a(?=a)", text):
            yield diagnostic("RUN001", match.start(), (match.start(), match.start() + 2, "a"))

    assert rounds("# aaa aaaa\n", find) == ["# aa aa\n", "# a a\n"]


def test_insertions_where_another_fix_ends_wait_for_the_next_round() -> None:
    def find(text: str) -> Iterator[Diagnostic]:
        yield from marks(text, "a", "")
        for start in [match.start() for match in re.finditer("b", text)]:
            yield diagnostic("RUN001", start, (start, start, "<"), (start, start + 1, ">"))

    assert rounds("# ab", find) == ["# b", "# <>"]


def test_order_is_that_of_the_first_edits() -> None:
    def find(text: str) -> Iterator[Diagnostic]:
        yield from marks(text, "b", "x")
        for match in re.finditer("a", text):  # found behind the others, but it begins before them
            edits = ((2, 2, "<"), (match.start(), match.end(), ">"))
            yield diagnostic("RUN009", match.start(), *edits)

    assert rounds("# b b a b\n", find) == ["# <b b > x\n", "# <x x > x\n"]


def test_edits_are_shared() -> None:
    def find(text: str) -> Iterator[Diagnostic]:
        needed = () if "import" in text else ((0, 0, "# import\n"),)
        return marks(text, "b", "x", *needed)

    linter = Scripted(find)
    repaired = repair(linter, "a.py", "# b\n# b b\n", lambda _: True)
    assert linter.texts[1:] == ["# import\n# x\n# x x\n"]
    assert repaired.counts == {"RUN001": 3}


def test_edits_that_only_look_the_same_are_made_twice() -> None:
    def find(text: str) -> Iterator[Diagnostic]:
        if not text.endswith(")"):
            yield diagnostic("RUN001", 0, (0, 0, "("), (len(text), len(text), ")"))
        if "(a)" not in text:
            yield diagnostic("RUN001", 0, (0, 0, "("), (1, 1, ")"))

    linter = Scripted(find)
    repaired = repair(linter, "a.py", "a + b", lambda _: True)
    assert linter.texts[1:] == ["(a) + b", "((a) + b)"]
    assert repaired.counts == {"RUN001": 2}


@pytest.mark.parametrize("first", [(2, 3, "x"), (2, 3, "")])
def test_one_fix_for_several_diagnostics(first: Change) -> None:
    def find(text: str) -> Iterator[Diagnostic]:
        for match in re.finditer("[abc]" if "," in text else "z", text):
            yield diagnostic("RUN900", match.start(), first, (3, 7, ""))

    linter = Scripted(find)
    repaired = repair(linter, "a.py", "# a,b,c\n", lambda _: True)
    assert linter.texts[1:] == [f"# {first[2]}\n"]
    assert repaired.counts == {"RUN900": 3}


def test_only_what_is_accepted_is_fixed() -> None:
    def find(text: str) -> Iterator[Diagnostic]:
        yield from marks(text, "a", "x")
        yield from (diagnostic("RUN002", match.start()) for match in re.finditer("b", text))

    asked: list[int] = []

    def accept(found: Diagnostic) -> bool:
        asked.append(found.span.start)
        return found.span.start != 2

    repaired = repair(Scripted(find), "a.py", "# a a b\n", accept)
    assert repaired.text == "# a x b\n"
    assert repaired.counts == {"RUN001": 1}
    assert [one.span.start for one in repaired.checked.diagnostics] == [2, 6]
    assert set(asked) == {2, 4}, "what has no fix cannot be accepted"


@pytest.mark.parametrize(("count", "ends"), [(10, True), (11, False)])
def test_rounds_are_limited(count: int, ends: bool) -> None:
    def find(text: str) -> Iterator[Diagnostic]:
        for match in re.finditer("a", text):  # no two of the insertions look the same
            edits = ((2, 2, f"{len(text) - match.start()}."), (match.start(), match.end(), "x"))
            yield diagnostic("RUN001", match.start(), *edits)

    linter = Scripted(find)
    if ends:
        assert repair(linter, "a.py", f"# {'a' * count}", lambda _: True).counts == {"RUN001": 10}
        assert len(linter.texts) == 11
    else:
        with pytest.raises(RepairError, match="no end in 10 rounds"):
            repair(linter, "a.py", f"# {'a' * count}", lambda _: True)


def replaced(tree: ast.Module) -> Rewrite:
    """Return what turns names ``a`` into names ``b``, below a new import."""
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "a")
    insertion = Insertion(tree, 0, "import b")
    return Rewrite({name: ast.Name("b", ast.Load()) for name in names}, (insertion,))


IMPORTED = (0, 0, "import b\n")


@pytest.mark.parametrize(
    ("edits", "error"),
    [
        pytest.param([IMPORTED, (0, 1, "b")], None, id="as was said"),
        pytest.param([IMPORTED, (0, 1, "(b) # x")], None, id="what is no part of the tree"),
        pytest.param([IMPORTED, (0, 1, "c")], "more than what was meant", id="another name"),
        pytest.param([(0, 1, "b")], "more than what was meant", id="no import"),
        pytest.param([IMPORTED], "more than what was meant", id="the import alone"),
        pytest.param([(0, 1, "b("), IMPORTED], "cannot be parsed", id="a bracket that is open"),
        pytest.param([(0, 1, "\0")], "cannot be parsed", id="a null character"),
        pytest.param([(0, 1, "(" * 300 + "a")], "cannot be parsed", id="too deep"),
    ],
)
def test_every_round_is_proved(edits: list[Change], error: str | None) -> None:
    linter = Scripted(
        lambda text: [diagnostic("RUN001", 0, *edits)] if text == "a" else [], replaced
    )
    if error is None:
        assert repair(linter, "a.py", "a", lambda _: True).counts == {"RUN001": 1}
    else:
        with pytest.raises(RepairError, match=error):
            repair(linter, "a.py", "a", lambda _: True)


#: Diagnostics in a text in which the third character gives way to three others, before and after.
BEFORE = [("RUN001", 2), ("RUN003", 0), ("RUN003", 2), ("RUN003", 5)]
AFTER = [("RUN003", 0), ("RUN003", 2), ("RUN003", 7)]


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        pytest.param(BEFORE, AFTER, None, id="all are there"),
        pytest.param(BEFORE, [AFTER[0], ("RUN003", 5), AFTER[2]], None, id="in what is new"),
        pytest.param(BEFORE, AFTER[:2], "RUN003 would be reported no more", id="one is gone"),
        pytest.param(BEFORE, [*AFTER, AFTER[0]], "RUN003 would be reported anew", id="twice"),
        pytest.param(BEFORE, [*AFTER, ("RUN001", 2)], "RUN001 would be .* anew", id="not fixed"),
        pytest.param(
            BEFORE, [*AFTER[:2], ("RUN003", 6)], "RUN003 would be reported no more", id="elsewhere"
        ),
        pytest.param(BEFORE, [*AFTER, ("RUN904", 0)], "RUN904 would be .* anew", id="a failure"),
        pytest.param(BEFORE, [*AFTER, ("RUN201", 2)], None, id="evaluated early"),
        pytest.param(BEFORE, [*AFTER, ("RUN002", 7)], None, id="a shared file"),
        pytest.param([*BEFORE, ("RUN001", 2)], AFTER, None, id="part of what is replaced"),
        pytest.param(BEFORE, [*AFTER, ("RUN900", 9)], None, id="a comment is of no use now"),
        pytest.param([*BEFORE, ("RUN900", 9)], AFTER, None, id="a comment is of use now"),
    ],
)
def test_findings_stay(
    before: list[tuple[str, int]], after: list[tuple[str, int]], error: str | None
) -> None:
    def find(text: str) -> Iterator[Diagnostic]:
        for code, start in before if text == "# a b c d" else after:
            fixes = code == "RUN001" and text == "# a b c d"
            yield diagnostic(code, start, *([(2, 3, "xyz")] if fixes else []))

    def fixed() -> str:
        return repair(Scripted(find), "a.py", "# a b c d", lambda _: True).text

    if error is None:
        assert fixed() == "# xyz b c d"
    else:
        with pytest.raises(RepairError, match=error):
            fixed()


def test_places_are_told_apart_between_many_edits() -> None:
    def find(text: str) -> Iterator[Diagnostic]:
        yield from marks(text, "a", "<>")
        yield from marks(text, "i", "")
        yield from (diagnostic("RUN002", match.start()) for match in re.finditer("[.]", text))

    text = "# .a.i..a.a.\n# .i.a"
    assert rounds(text, find) == ["# .<>...<>.<>.\n# ..<>"]


@pytest.mark.parametrize("error", ["a b", "(" * 300, "\0"])
def test_text_that_cannot_be_parsed_is_raised(error: str) -> None:
    with pytest.raises((SyntaxError, ValueError, MemoryError, RecursionError)):
        repair(Scripted(lambda _: []), "a.py", error, lambda _: True)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_real_linter(line_end: str) -> None:
    text = "\ufeffx = 1  # noqa: RUN001, E501\n\x0c# ruff: ignore[RUN002]\nprint(x)\t# é"
    expected = "\ufeffx = 1  # noqa: E501\nprint(x)\t# é"
    linter = Linter(resolve(Layer("test", {}, ".")), ALL, comments=Comments.ALL)
    repaired = repair(linter, "a.py", text[1:].replace("\n", line_end), lambda _: True)
    assert repaired.text == expected[1:].replace("\n", line_end)
    assert repaired.counts == {"RUN900": 2}
    assert repaired.checked == Checked()


@pytest.mark.hostile
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# noqa: RUN001\n" * 20_000, id="rows"),
        pytest.param("# noqa: " + "RUN001," * 90 + "\n", id="codes"),
        pytest.param("x\n" * 20_000 + "# ruff: disable[RUN001]\n" * 5_000, id="ranges"),
    ],
)
def test_many(text: str) -> None:
    linter = Linter(resolve(Layer("test", {}, ".")), ALL, comments=Comments.ALL)
    repaired = repair(linter, "a.py", text, lambda _: True)
    assert "RUN" not in repaired.text
    assert repaired.counts["RUN900"] == text.count("RUN001")
