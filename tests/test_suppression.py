"""What comments suppress, beside the real Ruff: every case is put to both."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

import peer
from flake8_runsdir.config import resolve
from flake8_runsdir.diagnostic import Diagnostic, Span
from flake8_runsdir.linter import Comments, Linter
from flake8_runsdir.options import Layer
from flake8_runsdir.repair import repair, splice
from flake8_runsdir.rules import hardcoded_runs_path, unused_run_suppression
from flake8_runsdir.source import Source
from flake8_runsdir.suppression import Suppressions
from peer import Offer, Peer, Place, diagnostic, ours

P = '".autonomous_runs/x"'
LINE = f"x = {P}"

#: At the end of a line: the comment, and whether it suppresses.
TRAILING = {
    "blanket": ("# noqa", True),
    "capitals": ("# NOQA", True),
    "mixed case": ("# NoQa", True),
    "two hashes": ("## noqa", True),
    "behind a text": ("# text # noqa", True),
    "behind a text without a hash": ("# text noqa", False),
    "behind a pragma of another tool": ("# type: ignore # noqa", True),
    "no space": ("#noqa", True),
    "many spaces": ("#   noqa", True),
    "a tab": ("#\tnoqa", True),
    "spaces of other scripts": ("#\u00a0noqa:\u2003CODE", True),
    "a control character is no space": ("#\x1cnoqa", False),
    "code": ("# noqa: CODE", True),
    "code without spaces": ("#noqa:CODE", True),
    "space before the colon": ("# noqa : CODE", True),
    "a tab before the colon": ("# noqa\t:\tCODE", True),
    "spaces behind the colon": ("# noqa:  CODE", True),
    "comma": ("# noqa: CODE,F401", True),
    "space": ("# noqa: F401 CODE", True),
    "space and comma": ("# noqa: F401 , CODE", True),
    "two commas": ("# noqa: F401,,CODE", True),
    "comma at the end": ("# noqa: CODE,", True),
    "comma at the start": ("# noqa: ,CODE", True),
    "a reason": ("# noqa: CODE because", True),
    "a reason in capitals": ("# noqa: CODE BECAUSE F401", True),
    "a code behind a reason": ("# noqa: F401 because CODE", False),
    "a comment behind": ("# noqa: CODE# x", True),
    "joined codes": ("# noqa: F401CODE", True),
    "joined with a word": ("# noqa: CODEabc", False),
    "joined with a word in capitals": ("# noqa: CODEABC", False),
    "another code": ("# noqa: F401", False),
    "another code behind spaces": ("# noqa : F401", False),
    "lower case": ("# noqa: s108, run001", False),
    "prefix": ("# noqa: S1, RUN0", False),
    "shorter prefix": ("# noqa: S, RUN", False),
    "longer": ("# noqa: CODE0", False),
    "all": ("# noqa: ALL", False),
    "a word": ("# noqa: reason", False),
    "a name": ("# noqa: hardcoded-temp-file, hardcoded-runs-path", False),
    "nothing": ("# noqa:", False),
    "a dash behind": ("# noqa: CODE-x", False),
    "a colon behind": ("# noqa: CODE: why", False),
    "a semicolon behind": ("# noqa: CODE; x", False),
    "a bad code behind": ("# noqa: CODE F401x", False),
    "semicolon": ("# noqa; CODE", False),
    "brackets": ("# noqa[CODE]", False),
    "parentheses": ("# noqa(CODE)", False),
    "equals": ("# noqa=CODE", False),
    "joined": ("# noqaCODE", False),
    "a full stop": ("# noqa.", False),
    "no colon": ("# noqa CODE", True),
    "a dash": ("# noqa - x", True),
    "a hash": ("# noqa#x", True),
    "the first counts": ("# noqa: F401 # noqa: CODE", False),
    "a malformed one counts, too": ("# noqa: x # noqa: CODE", False),
    "Ruff's for the file": ("# ruff: noqa", False),
    "flake8's for the file": ("# flake8: noqa", False),
    "for the file, and for the line": ("# ruff: noqa # noqa: CODE", True),
    "ignore": ("# ruff: ignore[CODE]", True),
    "ignore without spaces": ("#ruff:ignore[CODE]", True),
    "ignore with spaces": ("#  ruff : ignore [ CODE , F401 ] why", True),
    "ignore with a comma at the end": ("# ruff: ignore[F401,CODE,]", True),
    "ignore beside a word": ("# ruff: ignore[some-name, ä:b_c, CODE]", True),
    "ignore behind a text": ("# text # ruff: ignore[CODE]", True),
    "two ignores": ("# ruff: ignore[F401] # ruff: ignore[CODE]", True),
    "ignore behind a malformed one": ("# ruff: ignore[F401 # ruff: ignore[CODE]", True),
    "ignore another": ("# ruff: ignore[F401]", False),
    "ignore a prefix": ("# ruff: ignore[S1, RUN0, RUN]", False),
    "ignore in lower case": ("# ruff: ignore[s108, run001]", False),
    "ignore all": ("# ruff: ignore[ALL]", False),
    "ignore nothing": ("# ruff: ignore[]", False),
    "ignore without a list": ("# ruff: ignore", False),
    "ignore without a comma": ("# ruff: ignore[F401 CODE]", False),
    "ignore with a comma at the start": ("# ruff: ignore[,CODE]", False),
    "ignore with two commas": ("# ruff: ignore[F401,,CODE]", False),
    "ignore with a number": ("# ruff: ignore[1, CODE]", False),
    "ignore unclosed": ("# ruff: ignore[CODE", False),
    "ignore in capitals": ("# ruff: IGNORE[CODE]", False),
    "Ruff in capitals": ("# RUFF: ignore[CODE]", False),
    "another verb": ("# ruff: ignore-next-line[CODE]", False),
    "disable at the end": ("# ruff: disable[CODE]", False),
    "file-ignore at the end": ("# ruff: file-ignore[CODE]", False),
}

#: Where a comment stands, and which rows are reported, the comment left out.
PLACES = {
    "above": (f"{{}}\n{LINE}\n", [2]),
    "below": (f"{LINE}\n{{}}\n", [1]),
    "at the end of the file": (f"{LINE}\n{{}}", [1]),
    "above and indented": (f"if x:\n    {{}}\n    {LINE}\n    {LINE}\n", [3, 4]),
    "above a text": (f"{{}}\n# text\n\n{LINE}\n{LINE}\n", [4, 5]),
    "on the opening row": (f"x = [  {{}}\n    {P},\n    {P},\n]\n", [2, 3]),
    "on an inner row": (f"x = [\n    {P},  {{}}\n    {P},\n]\n", [2, 3]),
    "on the closing row": (f"x = [\n    {P},\n    {P},\n]  {{}}\n", [2, 3]),
    "alone inside": (f"x = [\n    {P},\n    {{}}\n    # x\n\n    {P},\n    {P}]\n", [2, 6, 7]),
    "alone before the end": (f"x = [\n    {P},\n    {{}}\n]\ny = {P}\n", [2, 5]),
    "behind the name in a long string": ('x = """.autonomous_runs/x\n"""  {}\n', [1]),
    "behind a string with a backslash": ('x = ".autonomous_runs/\\\nx"  {}\n', [1]),
    "behind an f-string with a backslash": ('x = f".autonomous_runs/\\\n{{x}}"  {}\n', [1]),
    "behind a long f-string": ("x = f'''.autonomous_runs/\n{{x}}\n'''  {}\n", [1]),
    "behind two long strings": ("x = '''.autonomous_runs/\n''' '''\n'''  {}\n", [1]),
    "in a long string": ('x = """.autonomous_runs/ {}\n"""\n', [1]),
    "in a string": ("x = '.autonomous_runs/ {}'\n", [1]),
    "behind a continuation": (f"x = {P} + \\\n    {P} + \\\n    {P}  {{}}\n", [1, 2, 3]),
    "alone behind a continuation": (f"x = {P} \\\n{{}}\ny = {P}\n", [1, 3]),
    "between two strings that go on": (f"x = [{P}, '''\n''',  {{}}\n '''\n''', {P}]\n", [1, 4]),
    "on a header": (f"def f(a={P}):  {{}}\n    return {P}\n", [1, 2]),
    "above a header": (f"{{}}\ndef f(\n    a={P},\n):\n    return {P}\n", [3, 5]),
    "above a decorator": (f"{{}}\n@a({P})\n@b({P})\ndef f(a={P}): return {P}\n", [2, 3, 4, 4]),
    "above with": (f"{{}}\nwith open({P}) as a, \\\n     open({P}):\n    f({P})\n", [2, 3, 4]),
    "above else": (f"if x:\n    a = {P}\n{{}}\nelse:\n    a = {P}\n", [2, 5]),
    "at the end of a block": (f"if x:\n    a = {P}\n    {{}}\na = {P}\n", [2, 4]),
    "in an outer block": (f"if x:\n    if y:\n        a = {P}\n    {{}}\n    a = {P}\n", [3, 5]),
    "indented elsewhere": (f"if x:\n    a = {P}\n  {{}}\n    a = {P}\n", [2, 4]),
    "indented more": (f"a = {P}\n    {{}}\na = {P}\n", [1, 3]),
    "two statements on a row": (f"a = {P}; b = {P}  {{}}\n", [1, 1]),
    "CRLF": (f"a = '''\r\n'''\r\nx = {P}  {{}}\r\ny = {P}\r\n", [3, 4]),
    "CR": (f"a = '''\r'''\rx = {P}  {{}}\ry = {P}\r", [3, 4]),
    "what ends no row": (f"# \x0b \u2028 \x85\nx = {P}  {{}}\ny = {P}\n", [2, 3]),
    "form feed": (f"\x0cx = {P}  {{}}\n\x0c\n\x0cy = {P}\n", [1, 3]),
    "no line end": (f"x = {P}  {{}}", [1]),
    "wide characters": (f"'日本😀'; x = {P}  {{}}\n", [1]),
    "behind a shebang": (f"#!/bin/sh\n{{}}\nx = {P}\n", [3]),
}
COMMENTS = (
    *("# noqa", "# noqa: CODE", "# noqa: F401", "# noqa: CODEx", "# text # noqa:CODE, F401"),
    *("# ruff: noqa", "# ruff: noqa: CODE", "# ruff: noqa: F401", "# ruff:NOQA : F401 CODE"),
    *("# text # ruff: noqa", "# Ruff: noqa", "# ruff=noqa", "# ruff: noqa: x", "# ruff: noqaX"),
    *("# flake8: noqa", "# flake8: noqa: CODE", "#flake8:noqa:F401", "# Flake8: noqa"),
    *("# ruff: ignore[CODE]", "# text # ruff: ignore[CODE]", "# ruff: ignore[CODE, CODE]"),
    *("# ruff: file-ignore[CODE]", "# ruff: file-ignore[F401]", "# ruff: file-ignore[x, CODE] y"),
    *(
        "# ruff: disable[CODE]",
        "# ruff: enable[CODE]",
        "# ruff: disable[CODE] # ruff: enable[CODE]",
    ),
    *("# noqa: SELF", "# noqa: CODE, SELF", "# ruff: noqa: SELF", "# ruff: ignore[CODE, SELF]"),
)

#: Texts of their own, and the rows that are reported.
TEXTS = {
    "range": (f"# ruff: disable[CODE]\n{LINE}\n# ruff: enable[CODE]\n{LINE}\n", [4]),
    "range without an end": (f"{LINE}\n# ruff: disable[CODE]\n{LINE}\n", [1]),
    "range to the end of the block": (
        f"if x:\n    # ruff: disable[CODE]\n    {LINE}\n{LINE}\n",
        [4],
    ),
    "range with other codes at its end": (
        f"# ruff: disable[CODE]\n{LINE}\n# ruff: enable[F401]\n{LINE}\n",
        [],
    ),
    "range with its codes in another order": (
        f"# ruff: disable[CODE, F401]\n{LINE}\n# ruff: enable[F401, CODE]\n{LINE}\n",
        [],
    ),
    "range with other spaces": (
        f"# ruff: disable[CODE, F401]\n{LINE}\n#ruff:enable[CODE,F401,] x\n{LINE}\n",
        [4],
    ),
    "nested ranges are paired from the first": (
        f"# ruff: disable[CODE]\n# ruff: disable[CODE]\n{LINE}\n# ruff: enable[CODE]\n"
        f"{LINE}\n# ruff: enable[CODE]\n{LINE}\n",
        [7],
    ),
    "nested ranges of different codes": (
        f"# ruff: disable[F401]\n# ruff: disable[CODE]\n{LINE}\n# ruff: enable[F401]\n"
        f"{LINE}\n# ruff: enable[CODE]\n{LINE}\n",
        [7],
    ),
    "end before the start": (f"# ruff: enable[CODE]\n{LINE}\n# ruff: disable[CODE]\n{LINE}\n", [2]),
    "end in an inner block": (
        f"# ruff: disable[CODE]\nif x:\n    # ruff: enable[CODE]\n    {LINE}\n{LINE}\n",
        [],
    ),
    "end in an outer block": (
        f"if x:\n    # ruff: disable[CODE]\n    {LINE}\n# ruff: enable[CODE]\n{LINE}\n",
        [5],
    ),
    "start at the wrong indentation": (f"x = 1\n    # ruff: disable[CODE]\n{LINE}\n", [3]),
    "start before a block": (f"if x:\n# ruff: disable[CODE]\n    {LINE}\n{LINE}\n", []),
    "start at the end of a block, to the end of the file": (
        f"if x:\n    if y:\n        {LINE}\n    # ruff: disable[CODE]\n    {LINE}\n{LINE}\n",
        [3],
    ),
    "start at the end of a followed block": (
        "if x:\n    if y:\n        # ruff: disable[F401]\n        pass\n"
        f"    # ruff: disable[CODE]\n    {LINE}\n{LINE}\n",
        [7],
    ),
    "start inside brackets at the indentation": (f"x = [\n# ruff: disable[CODE]\n{P}]\n", []),
    "start inside brackets elsewhere": (
        f"x = [\n  # ruff: disable[CODE]\n  {P}]\n{LINE}\n",
        [3, 4],
    ),
    "range that ends inside what it should hold": (
        "# ruff: disable[CODE]\nx = '''.autonomous_runs/\n'''\n# ruff: enable[CODE]\n"
        "x = (\n# ruff: disable[CODE]\n'.autonomous_runs/'\n# ruff: enable[CODE]\n'x')\n",
        [7],
    ),
    "stacked": (f"# ruff: ignore[F401]\n# ruff: ignore[CODE]\n{LINE}\n{LINE}\n", [4]),
    "file-ignore in the middle": (f"{LINE}\n# ruff: file-ignore[CODE]\n{LINE}\n", []),
    "file-ignore indented": (f"if x:\n    # ruff: file-ignore[CODE]\n    {LINE}\n", [3]),
    "for the file, in two comments": (f"# ruff: noqa: F401\n# ruff: noqa: CODE\n{LINE}\n", []),
    "for the file, in a docstring": (f'"""\n# flake8: noqa\n# ruff: noqa\n"""\n{LINE}\n', [5]),
}


class Answer(NamedTuple):
    """What Ruff says of a text: all diagnostics, those that are left, and unused suppressions."""

    all: list[Place]
    left: list[Place]
    unused: list[Place]
    offers: list[Offer]
    warnings: list[str]
    fixed: str


def texts() -> list[str]:
    """Return all texts of this module, each once."""
    trailing = [f"{LINE}  {comment}\n" for comment, _ in TRAILING.values()]
    alone = [f"{comment}\n{LINE}\n" for comment, _ in TRAILING.values()]
    products = itertools.product(PLACES.values(), COMMENTS)
    placed = [text.format(comment) for (text, _), comment in products]
    return list(dict.fromkeys([*trailing, *alone, *placed, *(text for text, _ in TEXTS.values())]))


#: Comments with codes that are of no use, and others of another linter.
NEEDLESS = """
# noqa: CODE
#noqa:CODE
# NOQA : CODE
# noqa: CODE, ABC1
# noqa:ABC1,CODE
# noqa: CODE ABC1 ABC2
# noqa: ABC1CODE
# noqa: ABC1,,CODE,
# noqa: ,CODE
# noqa: CODE because
# noqa: CODE, ABC1 because
# noqa: CODE, because
# noqa: CODE, CODE
# noqa: ABC1, CODE, ABC1, CODE, ABC2
# noqa: CODE# more
# noqa: CODE  # type: ignore
# noqa: CODE because # more
# type: ignore # noqa: CODE
# text # noqa: CODE
# text # noqa: CODE # more
## noqa: CODE
#\tnoqa:\tCODE\twhy\t
# noqa: CODE # noqa: ABC1
# ruff: noqa: CODE
# ruff:NOQA:CODE why
# ruff: noqa: CODE, ABC1 why
# flake8: noqa: CODE
#flake8:noqa:CODE,ABC1
# text # ruff: noqa: CODE
# ruff: noqa: CODE # noqa: CODE
# ruff: noqa: CODE # more
# ruff: ignore[CODE]
#ruff:ignore[CODE]
# ruff: ignore[CODE] why
# ruff: ignore[CODE, ABC1] why
# ruff: ignore[ABC1,CODE]
# ruff: ignore[ ABC1 , CODE , ]
# ruff: ignore[ CODE  ,  ABC1 , ABC2 ]
# ruff: ignore[ABC1,  CODE  ,ABC2]
# ruff: ignore[CODE, SELF]
# ruff: ignore[CODE, ABC1, SELF]
# ruff: ignore[ ABC1, SELF, ABC2, CODE , ]
# ruff: ignore[some-name, CODE]
# text # ruff: ignore[CODE]
# text # ruff: ignore[CODE, ABC1]
# text# ruff: ignore[CODE]
## ruff: ignore[CODE]
# ruff: ignore[CODE] why # more
# ruff: ignore[CODE]# more
# ruff: ignore[CODE] # ruff: ignore[CODE]
# ruff: ignore[CODE] # ruff: ignore[ABC1]
# ruff: ignore[ABC1] # ruff: ignore[CODE]
# ruff: ignore[CODE] # noqa: CODE
# ruff: disable[CODE]
# ruff: disable[CODE, ABC1] why
# ruff: disable[SELF, ABC1, CODE]
# ruff: disable[CODE] # more
# ruff: file-ignore[CODE]
# ruff: file-ignore[CODE, ABC1] why
# ruff: file-ignore[CODE] # more
""".strip().split("\n")
NEEDLESS_AT = {
    "trailing": "x = 1  {}\n",
    "without a blank": "x = 1{}\n",
    "behind a tab, before blanks": "x = 1\t{}  \nx\n",
    "behind a form feed": "x = 1\x0c{}\n",
    "before a blank of another script": "x = 1  {}\u00a0\n",
    "alone": "{}\nx = 1\n",
    "alone and indented": "if x:\n    {}\n    x = 1\n",
    "alone before blanks": "x = 1\n\t{} \t\nx = 1\n",
    "alone behind a form feed": "\x0c{}\nx = 1\n",
    "alone before a blank of another script": "x = 1\n{}\u00a0\n",
    "alone between blank rows": "x = 1\n\n{}\n\nx = 1\n",
    "at the end": "x = 1  {}",
    "alone at the end": "x = 1\n{}",
    "nothing else": "{}",
    "in brackets": "x = [\n    1,  {}\n    {}\n]\n",
    "CRLF": "x = 1  {}\r\n{}\r\nx = 1\r\n",
    "CR": "x = 1  {}\r{}\rx = 1\r",
    "wide characters": "x = '日本😀'  {}\n",
    "in a range": "{}\nx = 1\n# ruff: enable[CODE]\nx = 1\n",
    "in a range of blocks": "if x:\n  {}\n  x = 1\n  # ruff: enable[CODE] # more\nx = 1\n",
    "in a range of codes": "{}\nx = 1\n#ruff:enable[CODE,ABC1,] x\nx = 1\n",
    "in a range of other codes": "{}\nx = 1\n  # ruff: enable[SELF, ABC1, CODE]\nx = 1\n",
    "beside a used one": f"{LINE}  # noqa: CODE # ruff: ignore[CODE]\nx = 1  {{}}\n",
}


EXTERNAL = 'lint.external=["ABC"]'


def needless_texts() -> list[str]:
    """Return each of the comments at each of the places."""
    return [text.replace("{}", comment) for text in NEEDLESS_AT.values() for comment in NEEDLESS]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """Return Ruff's answers to all texts."""
    asked = list(dict.fromkeys([*texts(), *needless_texts()]))
    ruff = Peer(tmp_path_factory.mktemp("texts"), asked)
    found = zip(
        ruff.places("S108", "--ignore-noqa"),
        ruff.places("S108"),
        ruff.places("RUF100", "--select", "RUF100"),
        ruff.offers("--config", EXTERNAL),
        ruff.warnings(),
        ruff.fixed("--config", EXTERNAL),
    )
    return {text: Answer(*answer) for text, answer in zip(asked, found)}


def check(text: str, answer: Answer) -> list[int]:
    """Compare our suppressions with Ruff's; return the rows that are left."""
    source = Source.parse("a.py", ours(text))
    found = Suppressions(source, noqa=True)
    left = [place for place in answer.all if not found.cover(diagnostic(source, place))]
    assert left == answer.left, text
    rows = [found.noqa_row(diagnostic(source, place).span) for place in answer.all]
    assert rows == [place.noqa_row for place in answer.all], text
    codes = {"RUN001", "RUN900"}
    mentions = [code for code, _ in found.unused(codes, codes) if code.text in codes]
    unused = {source.lines.place(code.span.start)[0] for code in mentions}
    theirs = {place.row for place in answer.unused if "`S108`" in place.message}
    theirs |= {place.row for place in answer.unused if "`RUF100`" in place.message}
    assert unused == theirs, text
    return [place.row for place in left]


@pytest.mark.parametrize("why", TRAILING)
def test_at_the_end_of_a_line(answers: dict[str, Answer], why: str) -> None:
    comment, suppresses = TRAILING[why]
    text = f"{LINE}  {comment}\n"
    assert check(text, answers[text]) == ([] if suppresses else [1])


@pytest.mark.parametrize("why", TRAILING)
def test_on_a_line_of_its_own(answers: dict[str, Answer], why: str) -> None:
    text = f"{TRAILING[why][0]}\n{LINE}\n"
    check(text, answers[text])


@pytest.mark.parametrize("why", PLACES)
def test_placed(answers: dict[str, Answer], why: str) -> None:
    text, rows = PLACES[why]
    for comment in COMMENTS:
        answer = answers[text.format(comment)]
        assert [place.row for place in answer.all] == rows, "the case is not what it says"
        check(text.format(comment), answer)


@pytest.mark.parametrize("where", NEEDLESS_AT)
def test_fixes(answers: dict[str, Answer], where: str) -> None:
    for comment in NEEDLESS:
        text = NEEDLESS_AT[where].replace("{}", comment)
        source = Source.parse("a.py", ours(text))
        found = Suppressions(source, noqa=True)
        for place in answers[text].all:
            found.cover(diagnostic(source, place))
        offered = {
            Offer(fix.applicability.value, fix.message, splice(source.text, fix.edits))
            for _, remedy in found.unused({"RUN001", "RUN900"}, {"RUN001", "RUN900"})
            if (fix := remedy.fix) is not None
        }
        assert offered == set(answers[text].offers), text


MANY_CODES = ", ".join(["RUN001"] * 101)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        pytest.param("x  # noqa: RUN002, E501, RUN001\n", "x  # noqa: E501\n", id="two codes"),
        pytest.param(
            "x  # ruff: ignore[RUN001, a, RUN001]\n", "x  # ruff: ignore[a]\n", id="twice"
        ),
        pytest.param(
            "x \\\n# noqa: RUN001\ny = 1\n", "the comment ends a line that goes on", id="joined"
        ),
        pytest.param(
            "x \\\n# noqa: RUN001, E5\ny\n", "x \\\n# noqa: E5\ny\n", id="joined, and more"
        ),
        pytest.param(
            f"x  # noqa: {MANY_CODES}", "the comment names more than 100 codes", id="many codes"
        ),
        pytest.param(
            f"x  # ruff: ignore[{MANY_CODES}]", "the comment names more than 100 codes", id="many"
        ),
    ],
)
def test_fix_is_one_for_all_codes_of_a_comment(text: str, result: str) -> None:
    """Here we do otherwise than Ruff, which has one finding for a comment, or breaks the text."""
    active = {"RUN001", "RUN002", "RUN900"}
    found = Suppressions(Source.parse("a.py", text), noqa=True).unused(active, active)
    (remedy,) = {remedy for _, remedy in found}
    assert (splice(text, remedy.fix.edits) if remedy.fix else remedy.obstacle) == result


@pytest.mark.parametrize("where", NEEDLESS_AT)
def test_fixes_to_a_standstill(answers: dict[str, Answer], where: str) -> None:
    rules = (hardcoded_runs_path.RULE, unused_run_suppression.RULE)
    linter = Linter(resolve(Layer("test", {}, ".")), rules, comments=Comments.ALL)
    for comment in NEEDLESS:
        text = NEEDLESS_AT[where].replace("{}", comment)
        repaired = repair(linter, "a.py", ours(text), lambda _: True)
        assert repaired.text == answers[text].fixed


@pytest.mark.parametrize("why", TEXTS)
def test_text(answers: dict[str, Answer], why: str) -> None:
    text, rows = TEXTS[why]
    assert check(text, answers[text]) == rows


def test_warnings(answers: dict[str, Answer]) -> None:
    for text, answer in answers.items():
        found = Suppressions(Source.parse("a.py", ours(text)), noqa=True).complaints
        told = [one.text("a.py") for one in found]
        assert told == [ours(line) for line in answer.warnings if "RUN" in ours(text)], text


@pytest.mark.parametrize(
    ("comment", "suppresses"),
    [
        pytest.param("# noqa", False, id="flake8's blanket"),
        pytest.param("# noqa: RUN001", False, id="flake8's code"),
        pytest.param("# ruff: ignore[RUN001]", True, id="Ruff's own"),
    ],
)
def test_inside_flake8(comment: str, suppresses: bool) -> None:
    source = Source.parse("a.py", f"{LINE}  {comment}\n")
    place = Place(1, 5, 1, 25, 1, "")
    assert Suppressions(source).cover(diagnostic(source, place)) is suppresses
    assert not Suppressions(source).complaints


@pytest.mark.parametrize(
    ("comment", "suppresses"),
    [("# flake8: noqa", False), ("# ruff: noqa", True), ("# ruff: noqa: RUN001", True)],
)
def test_for_the_file_inside_flake8(comment: str, suppresses: bool) -> None:
    source = Source.parse("a.py", f"{comment}\n{LINE}\n")
    place = Place(2, 5, 2, 25, 2, "")
    assert Suppressions(source).cover(diagnostic(source, place)) is suppresses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x  # noqa: RUN001, RUN002", ["1:11 RUN001", "1:19 RUN002"], id="both"),
        pytest.param(f"{LINE}  # noqa: RUN001, RUN002", ["1:42 RUN002"], id="one of two"),
        pytest.param("x  # noqa: RUN101", [], id="a rule that is off"),
        pytest.param("x  # noqa: RUN999", ["1:11 RUN999"], id="no rule at all"),
        pytest.param("x  # noqa: E501, RUNX1, RUNS, S108", [], id="other linters"),
        pytest.param("x  # noqa", [], id="a blanket"),
        pytest.param("# ruff: noqa\nx", [], id="a blanket for the file"),
        pytest.param("x  # noqa: RUN001x", [], id="malformed"),
        pytest.param("x  # ruff: ignore[RUNS, RUN001]", ["1:24 RUN001"], id="ignore"),
        pytest.param("# ruff: file-ignore[RUN001]\nx", ["1:20 RUN001"], id="file-ignore"),
        pytest.param("# ruff: disable[RUN001]\nx", ["1:16 RUN001"], id="a range without end"),
        pytest.param(
            "# ruff: disable[RUN001]\nx\n# ruff: enable[RUN001]", ["1:16 RUN001"], id="a range"
        ),
        pytest.param("# ruff: enable[RUN001]\nx", [], id="the end of no range"),
        pytest.param("x  # ruff: disable[RUN001]", [], id="a range that is none"),
        pytest.param("# ruff: noqa: RUN001\nx", ["1:14 RUN001"], id="for the file"),
        pytest.param("# flake8: noqa: RUN001\nx", ["1:16 RUN001"], id="flake8's for the file"),
        pytest.param(f"{LINE}  # noqa: RUN001, RUN001", ["1:42 RUN001"], id="twice"),
        pytest.param(
            f"{LINE}  # ruff: ignore[RUN001, RUN001]", ["1:49 RUN001"], id="twice in a list"
        ),
        pytest.param(
            f"# ruff: file-ignore[RUN001]\n{LINE}  # noqa: RUN001",
            ["2:34 RUN001"],
            id="the file's is used first",
        ),
        pytest.param(
            f"# ruff: ignore[RUN001]\n{LINE}  # noqa: RUN001",
            ["2:34 RUN001"],
            id="the line's is used last",
        ),
        pytest.param("x  # noqa: RUN001, RUN900", [], id="suppressed on the line"),
        pytest.param("# ruff: noqa: RUN900\nx  # noqa: RUN001", [], id="suppressed in the file"),
        pytest.param(
            "# ruff: noqa: RUN900\nx  # ruff: ignore[RUN001]",
            ["2:18 RUN001"],
            id="Ruff does not suppress these in the file",
        ),
        pytest.param(
            "x  # ruff: ignore[RUN001, RUN900]",
            ["1:18 RUN001", "1:26 RUN900"],
            id="nor on the line",
        ),
    ],
)
def test_unused(text: str, expected: list[str]) -> None:
    source = Source.parse("a.py", text)
    found = Suppressions(source, noqa=True)
    start = text.find(P)
    if start >= 0:
        assert found.cover(Diagnostic(Span(start, start + len(P)), "RUN001", ""))
    active = {"RUN001", "RUN002", "RUN900"}
    unused = sorted(found.unused(active, active | {"RUN101"}), key=lambda one: one.code.span)
    places = [
        (*source.lines.place(span.start), source.text[span.start : span.end])
        for (_, span), _ in unused
    ]
    assert [f"{row}:{column} {code}" for row, column, code in places] == expected
    assert [code.text for code, _ in unused] == [code for _, _, code in places]


FORMS = """
x = 1  # noqa: RUN001
x = 1  # noqa:RUN001,RUN002 because
x = 1  # text # NOQA : RUN001 RUN002
x = 1  # ruff: ignore[RUN001]
# ruff: ignore[RUN001, RUN002] because
x = 1
# ruff: disable[RUN001]
x = 1
# ruff: enable[RUN001]
# ruff: noqa: RUN001
# flake8: noqa: RUN001
# ruff: file-ignore[RUN103]
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_ruff_leaves_our_codes_alone(tmp_path: Path, line_end: str) -> None:
    path = tmp_path / "a.py"
    content = FORMS.replace("\n", line_end).encode()
    path.write_bytes(content)
    command = [*peer.COMMAND, "--select", "RUF100,RUF101,RUF102,RUF103,RUF104", "--preview", "a.py"]
    alone = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert alone.stdout.count("RUN001") > 5, "Ruff would complain if it were not told of the codes"
    told = [*command, "--config", 'lint.external=["RUN"]', "--fix", "--unsafe-fixes"]
    answer = subprocess.run(told, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert path.read_bytes() == content


MANY = 20_000


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("text", "suppressed"),
    [
        pytest.param("x()  # noqa: RUN001\n" * MANY, MANY, id="a comment for each"),
        pytest.param("x()  # noqa: E501\n" * MANY, 0, id="a comment for each, and none"),
        pytest.param("x();" * MANY + "# noqa: RUN001", MANY, id="one comment for all"),
        pytest.param("x();" * MANY + "# x" * MANY, 0, id="no comment, many hashes"),
        pytest.param("x();" * MANY + "# noqa: " + "E501," * MANY, 0, id="many codes"),
        pytest.param("x();" * MANY + "# ruff: ignore[E501]" * MANY, 0, id="many on one line"),
        pytest.param("x();" * MANY + "# ruff: disable[E501]" * MANY, 0, id="many ranges of none"),
        pytest.param("# ruff: noqa: E501\n" * MANY + "x()\n" * MANY, 0, id="many for the file"),
        pytest.param("# ruff: ignore[E501]\n" * MANY + "x();" * MANY, 0, id="many above"),
        pytest.param("# ruff: disable[RUN001]\n" * MANY + "x()\n" * MANY, MANY, id="many ranges"),
        pytest.param(
            "x()\n" * MANY + "".join(f"# ruff: disable[R{n}]\n" for n in range(MANY)),
            0,
            id="ranges of different codes",
        ),
        pytest.param(
            "# ruff: disable[RUN001]\nx()\n# ruff: enable[RUN001]\n" * MANY, MANY, id="pairs"
        ),
        pytest.param("x()" + "# ruff: ignore[RUN001]  " * MANY, 1, id="many, of which one is used"),
        pytest.param("x()# noqa: " + "RUN001," * MANY, 1, id="one code, again and again"),
        pytest.param(
            "if x:\n  # ruff: disable[RUN001]\n  x()\n" * MANY, MANY, id="a range for each block"
        ),
        pytest.param("x(\n" + "# ruff: ignore[E501]\n" * MANY + ")", 0, id="many inside brackets"),
        pytest.param("x() + \\\n" * MANY + "x()  # noqa: RUN001", MANY + 1, id="joined rows"),
    ],
)
def test_many(text: str, suppressed: int) -> None:
    source = Source("a.py", text, Source.parse("a.py", "").tree)
    found = Suppressions(source, noqa=True)
    starts = (span for span in range(0, len(text), 1) if text.startswith("x(", span))
    covered = [found.cover(Diagnostic(Span(start, start + 1), "RUN001", "")) for start in starts]
    assert sum(covered) == suppressed
    assert isinstance(list(found.unused({"RUN001"}, {"RUN001"})), list)


@pytest.mark.parametrize(
    "piece", [" ", "a", "#", "# ", "F1", "F1,", ",", "#noqa", "[", "ruff:", ":", "Ü"]
)
@pytest.mark.parametrize("start", ["# noqa", "# noqa:", "# ruff:", "# ruff: ignore[", "# flake8:"])
def test_hostile_comments(start: str, piece: str) -> None:
    text = f"x()  {start}{piece * (100_000 // len(piece))}"
    source = Source("a.py", text, Source.parse("a.py", "").tree)
    found = Suppressions(source, noqa=True)
    is_noqa = start == "# noqa" and piece[0] in " #"
    is_noqa = is_noqa or (piece == "#noqa" and not start.startswith("# noqa"))
    assert found.cover(Diagnostic(Span(0, 1), "RUN001", "")) is is_noqa
