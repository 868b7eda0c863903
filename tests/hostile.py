r"""A corpus of hostile trees: what can stand in a directory to make a linter crash, hang or lie.

Each case is a directory of its own.  Beside what is hostile stand two files with one known finding
each, which must be found whatever happens; the rest of the directory has an expected outcome.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Callable, NamedTuple

#: A finding of RUN001; it stands in nearly every hostile file, so that the gate lets it in.
RUNS = 'open(".autonomous_runs/" + run_id)\n'
#: The files beside each hostile one, by their names: their texts, and what must be found in them.
PLANTED = {
    "planted_a.py": (RUNS, "RUN001"),
    "planted_b.py": ('import os\n\nos.environ["AUTONOMOUS_RUNS_DIR"]\n', "RUN003"),
}
#: What hostile code would leave behind if it ran.
MARKER = "EXECUTED"
#: A file beside the tree, with a finding; links lead to it.
CANARY = "canary.py"
_EXECUTE = f'open({MARKER!r}, "w").close()\n'
_N = 100_000
_HOSTILE = "hostile.py"
#: Lets a file in that is to be refused for what it is.
_NAME = ".autonomous_runs"

#: What may become of a text that is near the limits of the parser: they differ between Pythons.
_DEEP = ("RUN001", "RUN001+RUN904", "RUN904")
_BROKEN = ("RUN001+RUN901",)
#: A syntax that only some Pythons know.
_NEW = ("RUN001", "RUN001+RUN901")

Files = Mapping[str, "str | bytes"]
#: Makes what is no plain file, in the directory of the case.
Build = Callable[[str], None]


class Case(NamedTuple):
    """A hostile tree.

    ``expected`` are the possible outcomes: each the codes of all that is reported besides the
    planted findings, sorted and joined by ``+``; empty for silence.  ``rc`` is the exit code of a
    run over the directory above.
    """

    family: str
    name: str
    why: str
    expected: tuple[str, ...]
    files: Files = MappingProxyType({})
    build: Build | None = None
    rc: int = 1
    is_heavy: bool = False

    @property
    def directory(self) -> str:
        """The name of the case's directory."""
        return f"{self.family}-{self.name}"

    def write(self, above: str) -> None:
        """Write the tree into a directory of its own, in the given one."""
        root = os.path.join(above, self.directory)
        os.mkdir(root)
        for name, (text, _) in PLANTED.items():
            write(os.path.join(root, name), text)
        for name, content in self.files.items():
            write(os.path.join(root, name), content)
        if self.build is not None:
            self.build(root)


def cases() -> list[Case]:
    """Return the corpus."""
    return [
        *_depth(),
        *_blocks(),
        *_length(),
        *_flow(),
        *_syntax(),
        *_bytes(),
        *_cookies(),
        *_names(),
        *_kinds(),
        *_links(),
        *_wrong_configurations(),
        *_odd_configurations(),
        *_messages(),
        *_ignores(),
        *_repositories(),
        *_notebooks(),
        *_suppressions(),
        *_caches(),
        *_shadows(),
    ]


def write(path: str | bytes, content: str | bytes) -> None:
    """Write a file, and the directories above it.  Texts are UTF-8."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


def _source(
    family: str, name: str, expected: Iterable[str] | str, why: str, source: str | bytes
) -> Case:
    """Return a case of one Python file."""
    outcomes = (expected,) if isinstance(expected, str) else tuple(expected)
    return Case(family, name, why, outcomes, {_HOSTILE: source})


def _deep(name: str, why: str, expression: str, valid: bool = True) -> Case:
    """Return a case of one deep expression behind a finding; some Pythons may not know it."""
    expected = _DEEP if valid else (*_DEEP, *_BROKEN)
    return _source("deep", name, expected, why, f"{RUNS}x = {expression}\n")


def _depth() -> Iterator[Case]:
    yield _deep("calls", "kills the parser of 3.9 and 3.10", "a" + ".b()" * _N)
    yield _deep("attributes", "a left-leaning tree", "a" + ".b" * _N)
    yield _deep("subscripts", "a left-leaning tree", "a" + "[0]" * _N)
    yield _deep("called-results", "a left-leaning tree", "a" + "()" * _N)
    yield _deep("parentheses", "a right-leaning parse", "(" * _N + ")" * _N)
    yield _deep("brackets", "a right-leaning tree", "[" * _N + "]" * _N)
    yield _deep("braces", "a right-leaning tree", "{" * _N + "}" * _N)
    yield _deep("brackets-99", "below every limit", "[" * 99 + "]" * 99)
    yield _deep("brackets-200", "at the limit of the tokenizer", "[" * 200 + "]" * 200)
    yield _deep("parentheses-190", "exponential in some parsers", "(" * 190 + ")" * 190)
    yield _deep("braces-90", "exponential in some parsers", "{" * 90 + "*" + "}" * 90, valid=False)
    yield _deep("dictionaries", "a right-leaning tree", "{1:" * _N + "1" + "}" * _N)
    yield _deep("arguments-of-arguments", "a right-leaning tree", "f(" * _N + ")" * _N)
    yield _deep("minus", "recursion for each sign", "-" * _N + "1")
    yield _deep("tilde", "recursion for each sign", "~" * _N + "1")
    yield _deep("not", "recursion for each word", "not " * _N + "1")
    yield _deep("await", "not even valid", "await " * _N + "1", valid=False)
    yield _deep("plus", "a left-leaning tree of texts", "+".join(["1"] * _N))
    yield _deep("plus-900", "deeper than NodeVisitor goes", "+".join(["1"] * 900))
    yield _deep("slashes", "a path of many parts", 'Path(".autonomous_runs")' + ' / "a"' * 3_000)
    yield _deep("power", "a right-leaning tree", "**".join(["1"] * _N))
    yield _deep("comparison", "one flat node", "<".join(["a"] * _N))
    yield _deep("and", "one flat node", " and ".join(["a"] * _N))
    yield _deep("and-or", "flat nodes in turn", "a and b or " * 20_000 + "c")
    yield _deep("conditional", "a right-leaning tree", "1 if a else " * _N + "1")
    yield _deep("lambda", "a right-leaning tree", "lambda: " * _N + "1")
    yield _deep("walrus", "a right-leaning tree", "(a := " * _N + "1" + ")" * _N)
    yield _deep("comprehensions", "nested scopes", "[a for a in " * 500 + "b" + "]" * 500)
    yield _deep("generators", "one scope with many parts", f"[a {'for a in b ' * 20_000}]")
    yield _deep("f-strings", "a tokenizer state each", 'f"{' * 140 + "1" + '}"' * 140, valid=False)
    yield _deep(
        "format-specs", "nested specifications", "f'{a:" + "{b:" * 100 + "}" * 101 + "'", False
    )
    yield _deep("unclosed", "nothing closes", "(" * _N)
    yield _deep("strings", "one literal of many", '"a" ' * _N)
    yield _deep("starred", "not even valid", "[" + "*" * _N + "a]", valid=False)


def _block(name: str, why: str, expected: Iterable[str], text: str) -> Case:
    return _source("block", name, expected, why, RUNS + text)


def _indented(header: str, depth: int) -> str:
    return "".join(f"{' ' * level}{header}\n" for level in range(depth)) + " " * depth + "pass\n"


def _blocks() -> Iterator[Case]:
    yield _block("elif", "kills old parsers", _DEEP, "if a: pass\n" + "elif a: pass\n" * _N)
    yield _block("elif-900", "deep but legal", _DEEP, "if a: pass\n" + "elif a: pass\n" * 900)
    yield _block("levels-99", "at the limit of the tokenizer", _DEEP, _indented("if a:", 99))
    yield _block("levels-100", "one level too many", _DEEP, _indented("if a:", 100))
    yield _block("levels-1000", "far too many levels", _DEEP, _indented("if a:", 1000))
    yield _block("classes", "nested scopes", _DEEP, _indented("class A:", 90))
    yield _block("functions", "nested scopes", _DEEP, _indented("def f(a):", 90))
    yield _block("with", "blocks nest statically", _DEEP, _indented("with a:", 90))
    yield _block("for", "too many nested blocks to compile", _DEEP, _indented("for a in b:", 90))
    yield _block("decorators", "one long list", _DEEP, "@a\n" * _N + "def f(): pass\n")
    yield _block("statements", "a long list", _DEEP, "a\n" * _N)
    yield _block("semicolons", "a long line", _DEEP, "a;" * _N + "\n")
    yield _block("assignments", "many targets", _DEEP, "a = " * 20_000 + "1\n")
    yield _block("targets", "a wide tuple", _DEEP, "a, " * 20_000 + "= b\n")
    yield _block("globals", "many names of one scope", _DEEP, f"global {', '.join(_many('a'))}\n")
    yield _block("imports", "many names of one module", _DEEP, f"import {', '.join(_many('a'))}\n")
    yield _block("parameters", "many names", _DEEP, f"def f({', '.join(_many('a'))}): pass\n")
    yield _block("keywords", "many names", _DEEP, f"f({', '.join(f'{a}=1' for a in _many('a'))})\n")
    yield _block("handlers", "many", _DEEP, "try: pass\n" + "except a: pass\n" * 20_000)
    yield _block("matches", "many", _NEW, "match a:\n" + " case 1: pass\n" * 20_000)
    yield _block(
        "patterns", "deep", (*_DEEP, *_NEW), f"match a:\n case {'[' * 90}{']' * 90}: pass\n"
    )
    yield _block("try", "handlers in handlers", _DEEP, _tries(90))
    yield _block("continuations", "one logical line", _DEEP, "a = " + "1 + \\\n" * 2_000 + "1\n")


def _many(name: str) -> list[str]:
    return [f"{name}{number}" for number in range(20_000)]


def _tries(depth: int) -> str:
    lines = [f"{' ' * level}try: pass\n{' ' * level}except a:\n" for level in range(depth)]
    return "".join(lines) + " " * depth + "pass\n"


def _length() -> Iterator[Case]:
    size = 300 << 10
    for name, expected, why, text in (
        ("comment", "RUN001", "a long token", "#" * size),
        (
            "comment-of-noqa",
            "",
            "a long token that means something",
            RUNS[:-1] + "#" * size + "noqa",
        ),
        ("string", "RUN001", "a long literal", f'"{"a" * size}"'),
        ("escapes", "RUN001", "a long literal of escapes", f'"{chr(92) * 2 * size}"'),
        ("prose", "RUN001", "needles in a long text", f'"""{".autonomous_runs " * 20_000}"""'),
        ("separators", "RUN001", "a path of separators", f'"{"/" * size}"'),
        ("blanks", "RUN001", "a line of blanks", " " * size),
        ("blank-lines", "RUN001", "lines of nothing", "\n" * size),
        ("name", "RUN001", "a long name", "a" * size),
        ("digits", "RUN001+RUN901|RUN001", "too many digits to convert", f"x = {'1' * size}"),
        ("hexadecimal", "RUN001", "a large number", f"x = 0x{'f' * size}"),
        ("float", "RUN001", "infinity", "x = 1e999999999"),
        ("underscores", "RUN001+RUN901", "a number of none", f"x = 1{'_' * size}"),
        ("backslashes", "RUN001+RUN901", "continues nothing", "\\" * size),
        ("quotes", "RUN001|RUN001+RUN901", "empty literals", '"' * (size + 1)),
        ("unclosed", "RUN001+RUN901", "openings of literals", "'''a\n\"\"\"b\n" * 20_001),
        ("f-string", "RUN001", "a literal of many parts", f'f"{"{a}" * 20_000}"'),
        ("percent", "RUN001", "a format of many parts", f'"{"%s" * 20_000}" % a'),
    ):
        outcomes = expected.split("|")
        source = text if name == "comment-of-noqa" else f"{RUNS}{text}\n"
        yield _source("long", name, outcomes, why, source)
    line = f"x = [{(RUNS.strip() + ',') * 20_000}]\n"
    for name, why, text in (
        ("findings", "20,000 findings in one line", line),
        ("lines", "20,000 findings in lines of their own", RUNS * 20_000),
        ("elements", "a long line of items", f"{RUNS}[{'1,' * (300 << 10)}]\n"),
    ):
        yield _source("long", name, "RUN001", why, text)._replace(is_heavy=True)


def _flow() -> Iterator[Case]:
    start = 'p = Path(".autonomous_runs")\n'
    for name, why, text in (
        ("growing", "a path that grows in a loop", "while a:\n    p = p / 'a'\nopen(p)\n"),
        ("doubling", "2**64 alternatives", "p = p / 'a' if c else p / 'b'\n" * 64 + "open(p)\n"),
        ("cycle", "names that are each other", "q = p\nwhile a:\n    p, q = q, p\nopen(p)\n"),
        ("recursion", "a function that calls itself", "def f(a): return f(a / 'b')\nopen(f(p))\n"),
        ("mutual", "two of them", "def f(a): return g(a)\ndef g(a): return f(a)\nopen(f(p))\n"),
        ("chain", "a value through 3,000 names", _chained(3_000)),
        ("calls", "a value through 2,000 functions", _called(2_000)),
        ("containers", "a value nested in lists", f"x = {'[' * 80}p{']' * 80}\nopen(x)\n"),
        ("attribute", "an attribute of itself", "class A:\n  def f(self): self.p = self.p / p\n"),
        ("bases", "a class that inherits from itself", "class A(A): p = p\nopen(A.p)\n"),
        ("diamond", "many bases", _classes(300) + "open(p)\n"),
        ("lambda", "a function in itself", "f = lambda a: f(f)(a)\nopen(f(p))\n"),
        ("uses", "5,000 uses of one name", "open(p / a)\n" * 5_000),
        ("bindings", "5,000 bindings of one name", "p = p / a\n" * 5_000 + "open(p)\n"),
        ("branches", "bindings in branches", "if a: p = p / b\n" * 1_000 + "open(p)\n"),
        ("joined", "a long joined text", f"open(str(p){' + a' * 800})\n"),
        ("stars", "unpacking of itself", "a, *a = *a, p\nopen(*a, **a)\n"),
        ("deletions", "names that go", "del p\nopen(p)\n" * 1_000),
        (
            "globals",
            "names from everywhere",
            "def f():\n global p\n p = p / a\n" * 300 + "open(p)\n",
        ),
    ):
        allowed = ("RUN001", "RUN001+RUN002", "RUN904")
        yield _source("flow", name, allowed, why, start + text)


def _chained(length: int) -> str:
    return "".join(f"p{i + 1} = p{i or ''}\n" for i in range(length)) + f"open(p{length})\n"


def _called(length: int) -> str:
    return (
        "def f0(a): return a\n"
        + "".join(f"def f{i + 1}(a): return f{i}(a)\n" for i in range(length))
        + f"open(f{length}(p))\n"
    )


def _classes(length: int) -> str:
    first = "class A0: pass\nclass B0: pass\n"
    return first + "".join(
        f"class A{i + 1}(A{i}, B{i}): p = p\nclass B{i + 1}(A{i}, B{i}): p = p\n"
        for i in range(length)
    )


def _syntax() -> Iterator[Case]:
    for name, why, text in (
        ("python-2", "an older language", 'print "a"\n'),
        ("conflict", "a merge that was left", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> c\n"),
        ("dollar", "no token", "$\n"),
        ("question", "no token", "a?\n"),
        ("unclosed-string", "ends with the file", 'x = "a'),
        ("unclosed-triple", "ends with the file", 'x = """a'),
        ("backslash", "ends with the file", "x = 1 \\"),
        ("dedent", "fits no level", "if a:\n        b\n    c\n"),
        ("tabs", "levels that depend on the width of tabs", "if a:\n        b\n\tc\n"),
        ("indent", "a block of nothing", "    a\n"),
        ("bom-inside", "a mark that is no mark there", "\ufeffx = 1\n"),
        ("bracket", "closes nothing", ")\n"),
        ("walrus", "not there", "a := 1\n"),
        ("return-yield", "only a compiler minds", "x = (yield) = 1\n"),
        ("soft", "keywords that are none", "match = case = type = _ = 1\nprint(match case)\n"),
        ("escape", "no character has the name", r'"\N{NO SUCH THING}"' + "\n"),
        ("unicode-escape", "beyond the last character", r'"\UFFFFFFFF"' + "\n"),
        ("bytes", "characters in bytes", 'b"\u00e9"\n'),
        ("mixed", "bytes and text in one literal", 'b"a" "b"\n'),
        ("none", "assigns to a constant", "None = 1\n"),
        ("exponent", "no number", "1e\n"),
        ("octal", "an old number", "0777\n"),
        ("unicode-digits", "digits of no number", "x = 1\u0663\n"),
        ("nbsp", "a blank that is none", "x =\u00a01\n"),
        ("fullwidth", "a parenthesis that is none", "f\uff08a\uff09\n"),
    ):
        yield _source("syntax", name, _BROKEN, why, RUNS + text)
    for name, why, text in (
        ("match", "3.10", "match a:\n    case {'b': [*_]}: pass\n"),
        ("except-star", "3.11", "try: pass\nexcept* a: pass\n"),
        ("type-parameters", "3.12", "type A[T: int, *U, **V] = T\ndef f[T](a: T): pass\n"),
        ("type-default", "3.13", "class A[T = int]: pass\n"),
        ("f-string", "3.12", "f'{'a'}{b!r:{c}}'\n"),
        ("t-string", "3.14", "t'{a}'\n"),
        ("except-bare", "3.14", "try: pass\nexcept a, b: pass\n"),
        ("parenthesized-with", "3.10", "with (a as b, c as d,): pass\n"),
    ):
        yield _source("syntax", name, _NEW, f"grammar of {why}", RUNS + text)
    for name, why, text in (
        ("return-outside", "a tree all the same", "return\nyield\nawait a\n"),
        ("break-outside", "a tree all the same", "break\ncontinue\n"),
        ("duplicate", "a tree all the same", "def f(a, a): pass\n"),
        ("nonlocal", "a tree all the same", "nonlocal a\nglobal a\n"),
        ("future", "a tree all the same", "from __future__ import braces, annotations\n"),
        ("surrogates", "halves of characters", r"'\ud800' '\udfff'" + "\n"),
        ("normalized", "names that are the same", "\ufb01 = 1\nfi\n\u212b = \u00c5\n"),
        ("invalid-escape", "a warning", r"'\d\ '; b'\d'" + "\n"),
        ("is-literal", "a warning", "a is 1\nassert (a, b)\n1()\n"),
        ("digits-keyword", "a warning", "1or 0\n"),
        ("annotations", "strings that are code", "a: '__import__(\"os\").abort()' = 1\n"),
        ("private", "names to mangle", "class __A:\n __a: __b = __c\n"),
    ):
        yield _source("syntax", name, "RUN001", why, RUNS + text)


def _bytes() -> Iterator[Case]:
    runs = RUNS.encode()
    for name, expected, why, data in (
        ("bom", "RUN001", "a UTF-8 mark", b"\xef\xbb\xbf" + runs),
        ("bom-only", "", "a mark and nothing else", b"\xef\xbb\xbf"),
        ("bom-twice", "RUN001+RUN901", "a second mark", b"\xef\xbb\xbf\xef\xbb\xbf" + runs),
        (
            "bom-latin",
            "RUN902",
            "mark and cookie differ",
            b"\xef\xbb\xbf# coding: latin-1\n" + runs,
        ),
        ("utf-16", "RUN902", "another encoding", RUNS.encode("utf-16")),
        ("utf-16-le", "", "no name to Python: NUL between all", RUNS.encode("utf-16-le")),
        ("utf-32", "RUN902", "another encoding", RUNS.encode("utf-32")),
        ("utf-16-mark", "RUN902", "a mark and nothing else", b"\xff\xfe"),
        ("nul", "RUN001+RUN901", "NUL in code", runs + b"x = 1\0\n"),
        ("nul-comment", "RUN001+RUN901", "NUL in a comment", runs + b"# a\0b\n"),
        ("nul-string", "RUN001+RUN901", "NUL in a literal", runs + b"'a\0b'\n"),
        ("nul-only", "", "a file of NUL", b"\0" * 4096),
        ("invalid-comment", "RUN902", "ast.parse does not see it", runs + b"# \xff\n"),
        ("invalid-string", "RUN902", "not UTF-8", runs + b"'\xff'\n"),
        ("invalid-end", "RUN902", "half a character", runs + b"# \xe2\x82"),
        ("overlong", "RUN902", "a slash in two bytes", runs + b"'\xc0\xaf'\n"),
        ("surrogate", "RUN902", "half a pair in UTF-8", runs + b"'\xed\xa0\x80'\n"),
        ("beyond", "RUN902", "above the last character", runs + b"'\xf4\x90\x80\x80'\n"),
        ("cr", "RUN001", "old line ends", runs.replace(b"\n", b"\r") * 2),
        ("crlf", "RUN001", "Windows line ends", runs.replace(b"\n", b"\r\n") * 2),
        ("mixed", "RUN001", "all line ends", b"a = 1\r" + runs + b"a\r\nb\n\rc\r\r\n"),
        ("form-feed", "RUN001", "a page each", b"\f" + runs + b"\f\n\f" + runs),
        ("vertical-tab", "RUN001+RUN901", "not white space to Python", runs + b"\va = 1\n"),
        ("control-z", "RUN001+RUN901", "the end of a file, once", runs + b"\x1a"),
        ("separators", "RUN001", "line ends to some", RUNS + "'\u2028\u2029\x85\x1c\x0b'\n" + RUNS),
        ("bidi", "RUN001", "a text that reads otherwise", RUNS + "x = '\u202e\u2066 # \u2069'\n"),
        ("escape", "RUN001", "codes for a terminal", RUNS[:-1] + "  # \x1b[2J\x1b]0;title\x07\n"),
        ("c1", "RUN001", "codes for a terminal", RUNS[:-1] + "  # \x9b2J\x90\n"),
        ("no-end", "RUN001", "no last line end", RUNS[:-1]),
        ("random", "RUN902", "no text at all", runs + bytes(range(256)) * 64),
        ("elf", "RUN902|RUN901", "a program", b"\x7fELF\x02\x01\x01" + runs + b"\xff\0" * 99),
    ):
        yield _source("bytes", name, expected.split("|"), why, data)
    hidden = (
        ("hex", r'open("\x2eautonomous_runs/" + run_id)'),
        ("octal", r'open("\056autonomous_runs/" + run_id)'),
        ("named", r'open("\N{FULL STOP}autonomous_runs/" + run_id)'),
        ("pieces", 'open(".autonomous" "_runs/" + run_id)'),
        ("continued", 'open(".autono\\\nmous_runs/" + run_id)'),
    )
    for name, text in hidden:
        why = "a name that does not stand as it is"
        yield _source("hidden", name, "RUN001", why, text + "\n")


def _cookies() -> Iterator[Case]:
    good = ["utf-8", "UTF8", "utf-8-sig", "latin-1", "cp1252", "ascii", "koi8-r", "mac-roman"]
    good += ["shift_jis", "euc_jp", "iso2022_jp", "gbk", "big5", "johab", "utf-8-anything", "hz"]
    for name in good:
        yield _cookie(name, ("RUN001",), "an encoding")
    for name in ("rot13", "hex", "base64", "zlib", "bz2", "uu", "quopri"):
        yield _cookie(name, ("RUN902",), "a codec from bytes to bytes")
    for name in ("utf-16", "utf-32", "utf_16_le", "cp037", "idna", "punycode", "undefined"):
        yield _cookie(name, ("RUN902",), "an encoding that no source can have")
    for name in ("no-such-codec", "aliases", "os", "..etc.passwd", "x" * 300, "mbcs", "oem", "-"):
        yield _cookie(name, ("RUN902",), "no encoding here")
    for name in ("unicode_escape", "raw_unicode_escape", "utf-7"):
        yield _cookie(name, ("RUN001", "RUN902", "RUN001+RUN901"), "an encoding that is a language")
    yield _source("cookie", "long", "RUN902", "100 KB of a name", f"# coding: {'a' * _N}\n{RUNS}")
    yield _source(
        "cookie", "redos", "RUN001", "100 KB of nearly a cookie", f"#{'coding' * 20_000}\n{RUNS}"
    )
    yield _source(
        "cookie", "third-line", "RUN001", "too late to count", f"\n\n# coding: hex\n{RUNS}"
    )
    yield _source(
        "cookie", "ascii-lie", "RUN902", "not what it says", f"# coding: ascii\n'\u00e9'\n{RUNS}"
    )
    hidden = "# coding: utf-7\n" + 'open(f"+AC4-autonomous_runs/{run_id}")\n'
    yield _source("cookie", "utf-7-hidden", "RUN001", "a name in an odd encoding", hidden)


def _cookie(name: str, expected: tuple[str, ...], why: str) -> Case:
    label = name.replace("/", "_").strip("-.")[:40] or "dash"
    return _source("cookie", f"name-{label}", expected, why, f"# -*- coding: {name} -*-\n{RUNS}")


def _names() -> Iterator[Case]:
    for name, why, file in (
        ("newline", "two lines in a report", "a\nb.py"),
        ("forged", "a finding that is none", "a.py:1:1: RUN001 forged\nb.py"),
        ("return", "overwrites a line", "a\rb.py"),
        ("tab", "two columns", "a\tb.py"),
        ("double-quote", "ends a string", 'a"b.py'),
        ("single-quote", "ends a string", "a'b.py"),
        ("backslash", "escapes a quote", "a\\\\b.py"),
        ("percent", "an escape of GitHub's", "a%0Ab%25.py"),
        ("github", "a command of GitHub's", "::error file=a::b.py"),
        ("azure", "a command of Azure's", "##vso[task.setvariable variable=a]b.py"),
        ("ansi", "a code for a terminal", "\x1b[31ma\x1b[2J\x1b]0;b\x07.py"),
        ("c1", "a code for a terminal", "a\x9b31m.py"),
        ("bidi", "reads otherwise", "a\u202eyp.b.py"),
        ("zero-width", "looks the same", "a\u200bb\ufeff.py"),
        ("xml", "closes an element", '"]]><!-- <a & b>.py'),
        ("markdown", "a link", "[a](http:b)`|`.py"),
        ("shell", "a command of a shell", "$(touch EXECUTED);`touch EXECUTED`|a.py"),
        ("glob", "matches others", "*?[a-z]{b,c}.py"),
        ("format", "a format", "{0}%s%(a)s{a!r}.py"),
        ("dash", "an option", "-rf.py"),
        ("long-option", "an option", "--exit-zero.py"),
        ("at", "a file of arguments", "@args.py"),
        ("blanks", "at the ends", "  a .py"),
        ("only-suffix", "nothing else", ".py"),
        ("dots", "not the directory above", "...py"),
        ("tilde", "a home directory", "~root.py"),
        ("variable", "a variable", "$HOME.py"),
        ("colon", "a drive, a row, a scheme", "file:c:1:2.py"),
        ("long", "255 bytes", "a" * 252 + ".py"),
        ("wide", "255 bytes of wide characters", "\u65e5" * 84 + ".py"),
        ("normal", "composed and not", "\u00e9e\u0301.py"),
        ("device", "a device elsewhere", "CON.py"),
        ("astral", "outside the first plane", "\U0001f600.py"),
        ("separator", "a line end to some", "a\u2028b\x85c.py"),
    ):
        yield Case("name", name, why, ("RUN001",), {file: RUNS})
    for name, raw in (("bytes", b"\xff\xfe\x80.py"), ("half", b"a\xe2\x82.py")):
        yield Case("name", name, "no text at all", ("RUN001",), build=_raw(raw))
    broken = {"a\n\x1b[31m\u202e%0A.py": RUNS + "x = (\n"}
    yield Case("name", "broken", "an error of the parser in it", _BROKEN, broken)
    yield Case(
        "name", "directories", "odd ones all the way", ("RUN001",), {"a\nb/\x1b[1m/-c/d.py": RUNS}
    )
    yield Case("name", "many", "3,000 files of one directory", ("RUN001",), build=_many_files)
    yield Case("name", "deep", "200 directories deep", ("RUN001",), {"d/" * 200 + "a.py": RUNS})
    yield Case(
        "name", "too-deep", "a path longer than any call takes", ("RUN903",), build=_bottomless
    )


def _raw(name: bytes) -> Build:
    return lambda root: write(os.path.join(os.fsencode(root), name), RUNS)


def _many_files(root: str) -> None:
    write(os.path.join(root, _HOSTILE), RUNS)
    for number in range(3_000):
        write(os.path.join(root, "d", f"{number}.py"), "")


def _bottomless(root: str) -> None:
    """Make directories until their path has some 5,000 bytes."""
    descriptor = os.open(root, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=descriptor)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    file = os.open(_HOSTILE, os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=descriptor)
    os.write(file, RUNS.encode())
    os.close(file)
    os.close(descriptor)


def _kinds() -> Iterator[Case]:
    for name, expected, why, build in (
        ("fifo", "RUN903", "waits for a writer", lambda path: os.mkfifo(path)),
        ("socket", "RUN903", "cannot be opened", _socket),
        ("directory", "", "a directory by the name of a file", os.mkdir),
        ("empty", "", "nothing in it", lambda path: write(path, "")),
        ("unreadable", "RUN903", "no right to read", _forbidden),
        ("setuid", "RUN001", "rights that are none to read", _mode(0o6755)),
        ("write-only", "RUN903", "rights that are none to read", _mode(0o200)),
        ("large", "RUN903", "larger than max-file-size", _sparse(20 << 20)),
        ("huge", "RUN903", "larger than the memory", _sparse(1 << 40)),
        ("unlistable", "RUN903", "a directory that cannot be listed", _unlistable),
        ("unsearchable", "RUN903", "a directory that can only be listed", _unsearchable),
    ):
        yield Case("kind", name, why, (expected,), build=_at_hostile(build))


def _at_hostile(build: Callable[[str], None]) -> Build:
    return lambda root: build(os.path.join(root, _HOSTILE))


def _socket(path: str) -> None:
    """Make a socket; its path may be too long for an address, but not its name."""
    here = os.getcwd()
    os.chdir(os.path.dirname(path))
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(os.path.basename(path))
    finally:
        os.chdir(here)


def _mode(mode: int) -> Build:
    def build(path: str) -> None:
        write(path, RUNS)
        os.chmod(path, mode)

    return build


def _forbidden(path: str) -> None:
    _mode(0)(path)


def _sparse(size: int) -> Build:
    def build(path: str) -> None:
        write(path, RUNS)
        os.truncate(path, size)

    return build


def _unlistable(path: str) -> None:
    write(os.path.join(path[:-3], "a.py"), RUNS)
    os.chmod(path[:-3], 0o311)


def _unsearchable(path: str) -> None:
    write(os.path.join(path[:-3], "a.py"), RUNS)
    os.chmod(path[:-3], 0o644)


def _links() -> Iterator[Case]:
    for name, expected, why, target in (
        ("dangling", "RUN903", "leads nowhere", "nowhere.py"),
        ("loop", "RUN903", "leads to itself", _HOSTILE),
        ("directory", "", "leads to the directory it is in", "."),
        ("above", "", "leads to the directory above", ".."),
        ("root", "", "leads to everything", "/"),
        ("zero", "RUN903", "never ends", "/dev/zero"),
        ("null", "RUN903", "is no file", "/dev/null"),
        ("random", "RUN903", "never ends", "/dev/urandom"),
        ("terminal", "RUN903", "waits for a user", "/dev/tty"),
        ("stdin", "RUN903", "waits for a user", "/proc/self/fd/0"),
        ("memory", "RUN903", "is this process", "/proc/self/mem"),
        ("passwd", "RUN903", "leads out", "/etc/passwd"),
        ("canary", "RUN903", "leads out, to a finding", os.path.join("..", "..", CANARY)),
        ("sibling", "", "leads to a file that is checked anyway", "planted_a.py"),
        ("long", "RUN903", "a target that is too long", "a" * 4000),
        ("forged", "RUN903", "a target that is a command", "a\n::error::b"),
    ):
        yield Case("link", name, why, (expected,), build=_link(target))
    for name, expected, why, build in (
        ("hard", "RUN001", "one file twice", _hard_link),
        ("chain", "RUN001", "40 links, one to the next", _link_chain),
        ("other-suffix", "RUN001", "a file that only the link shows", _linked_text),
        ("mutual", "", "directories that lead to each other", _mutual_links),
    ):
        yield Case("link", name, why, (expected,), build=build)


def _link(target: str) -> Build:
    return lambda root: os.symlink(target, os.path.join(root, _HOSTILE))


def _hard_link(root: str) -> None:
    write(os.path.join(root, _HOSTILE), RUNS)
    os.link(os.path.join(root, _HOSTILE), os.path.join(root, "other.py"))


def _link_chain(root: str) -> None:
    write(os.path.join(root, "link0.py"), RUNS)
    for number in range(30):
        os.symlink(f"link{number}.py", os.path.join(root, f"link{number + 1}.py"))


def _linked_text(root: str) -> None:
    write(os.path.join(root, "text.txt"), RUNS)
    os.symlink("text.txt", os.path.join(root, _HOSTILE))


def _mutual_links(root: str) -> None:
    for one, other in ("ab", "ba"):
        os.mkdir(os.path.join(root, one))
        os.symlink(os.path.join("..", other), os.path.join(root, one, other))


def _wrong_configurations() -> Iterator[Case]:
    for name, why, text in (
        ("brackets", "5,000 levels", "names = " + "[" * 5_000),
        ("tables", "5,000 levels", f"a{'.a' * 5_000} = 1"),
        ("large", "2 MiB", "#" * (2 << 20)),
        ("binary", "no text", bytes(range(256)).decode("latin-1")),
        ("nul", "a character that TOML has not", "names = ['a\0b']"),
        ("broken", "no TOML", "names = "),
        ("twice", "one key two times", "names = ['a']\nnames = ['b']"),
        ("unknown", "a key that is none", "nmaes = ['a']"),
        ("unknown-odd", "a key of odd characters", '"a\\u202e\\n::error::b" = 1'),
        ("plugins", "a key that would run code", "local-plugins = ['evil:run']"),
        ("extend", "a key that would read elsewhere", "extend = '/etc/passwd'"),
        ("string", "a text for a list", "names = '.autonomous_runs'"),
        ("number", "a number for a list", "names = 1"),
        ("mixed", "a number in a list", "names = ['a', 1]"),
        ("nested", "a list in a list", "names = [['a']]"),
        ("table", "a table for a list", "names = {a = 1}"),
        ("flag", "a number for a flag", "strict-scopes = 2"),
        ("date", "a date for a text", "accessor = 1979-05-27"),
        ("empty-names", "no name", "names = []"),
        ("empty-name", "matches everything", "names = ['']"),
        ("dot-name", "matches everything", "names = ['.']"),
        ("slash-name", "matches everything", "names = ['/']"),
        ("up-name", "leads out", "names = ['../a']"),
        ("blank-name", "not one name", "names = ['a b']"),
        ("pattern-name", "a pattern", "names = ['(a+)+$']"),
        ("expression", "code for an accessor", "accessor = '__import__(\"os\").abort()'"),
        ("call", "code for an accessor", "accessor = 'a.b()'"),
        ("keyword", "no name", "accessor = 'a.import'"),
        ("variable", "no variable", "env-vars = ['A=B']"),
        ("bracket-glob", "half a class", "allow = ['[a']"),
        ("code", "no code", "select = ['run001']"),
        ("unknown-code", "no rule", "select = ['RUN777']"),
        ("format", "no format", "output-format = '../../a'"),
        ("zero-size", "no size", "max-file-size = 0"),
        ("infinite-size", "no size", "max-file-size = inf"),
        ("version", "no version", "target-version = 'py2'"),
    ):
        yield _configuration(name, why, {"runsdir.toml": text}, rc=2)
    yield _configuration("utf-16", "no UTF-8", {"runsdir.toml": "a = 1".encode("utf-16")}, rc=2)
    pyproject = "[tool.runsdir]\nnames = " + "[" * 5_000
    yield _configuration("project", "5,000 levels", {"pyproject.toml": pyproject}, rc=2)
    value = "tool.runsdir = 1"
    yield _configuration("project-value", "no table", {"pyproject.toml": value}, rc=2)


def _odd_configurations() -> Iterator[Case]:
    star = "*a" * 2_000 + "b"
    for name, why, text in (
        ("stars", "exponential for many matchers", f"allow = ['{star}', '{star}/**/c']"),
        ("double-stars", "exponential for many matchers", f"allow = ['{'**/' * 500}a']"),
        ("excludes", "exponential for many matchers", f"extend-exclude = ['{star}', '**/{star}']"),
        ("includes", "exponential for many matchers", f"extend-include = ['{star}']"),
        ("exemptions", "in a table", f"per-file-ignores = {{'{star}' = ['RUN001']}}"),
        ("scopes", "exponential for many matchers", f"scopes = ['{'*a' * 50}b', 'run_id']"),
        ("shared", "exponential for many matchers", f"shared = ['{star}']"),
        ("definitions", "exponential for many matchers", f"definitions = ['{star}:a']"),
        ("regular", "no regular expressions", "allow = ['(a+)+$', '^(.*)*$']"),
        (
            "many-globs",
            "2,000 of them",
            f"allow = [{','.join(repr(f'a{i}*') for i in range(2_000))}]",
        ),
        ("many-names", "200 of them", f"names = ['.autonomous_runs', {_quoted(200)}]"),
        ("bom", "a mark", "\ufeffnames = ['.autonomous_runs']"),
        ("crlf", "Windows line ends", "names = [\r\n'.autonomous_runs'\r\n]\r\n"),
        ("size", "larger than anything", "max-file-size = 9223372036854775807"),
        ("empty", "nothing in it", ""),
    ):
        yield _configuration(name, why, {"runsdir.toml": text, _HOSTILE: RUNS}, outcome="RUN001")
    outside = {"runsdir.toml": "cache-dir = '/proc/nowhere'", _HOSTILE: RUNS}
    yield _configuration("cache", "a place outside", outside, rc=2, outcome="RUN001")
    others = {"pyproject.toml": "a = " + "[" * 5_000, _HOSTILE: RUNS}
    yield _configuration("foreign", "broken, but not ours", others, outcome="RUN001")
    for name, build in (
        ("fifo", lambda root: os.mkfifo(os.path.join(root, "runsdir.toml"))),
        ("directory", lambda root: os.mkdir(os.path.join(root, "runsdir.toml"))),
        ("device", lambda root: os.symlink("/dev/zero", os.path.join(root, "runsdir.toml"))),
    ):
        yield Case("config", name, "no file at all", ("",), build=build, rc=2)

    def dangling(root: str) -> None:
        os.symlink("nowhere", os.path.join(root, "pyproject.toml"))

    yield Case("config", "dangling", "no file at all", ("",), build=dangling)


def _configuration(name: str, why: str, files: Files, rc: int = 1, outcome: str = "") -> Case:
    return Case("config", name, why, (outcome,), files, rc=rc)


def _quoted(count: int) -> str:
    return ", ".join(f"'runs{number}'" for number in range(count))


def _messages() -> Iterator[Case]:
    for name, why, odd in (
        ("bidi", "reads otherwise", "\u202eruns"),
        ("c1", "a code for a terminal", "\x9bruns"),
        ("zero-width", "looks the same", "ru\u200bns"),
        ("github", "a command", "%0A%0D"),
        ("azure", "a command", "a##vso"),
        ("format", "a format", "%s%d$a"),
        ("markup", "markup of terminals and pages", "&amp-#31m"),
        ("wide", "two columns each", "\u65e5\u672c"),
    ):
        config = f"names = ['.autonomous_runs', {json.dumps(odd)}]"
        text = f"open('{odd}/' + run_id)\n"
        yield Case("message", name, why, ("RUN001",), {"runsdir.toml": config, _HOSTILE: text})
    for name, outcome, text in (
        (
            "file",
            "RUN001+RUN002",
            "open('.autonomous_runs/\\u202e\\x1b[31m%0A::error::a.json', 'w')\n",
        ),
        ("newline", "RUN001", "open('.autonomous_runs/a\\r\\n::error::b.json', 'w')\n"),
        ("surrogate", "RUN001+RUN002", "open('.autonomous_runs/\\ud800.json', 'w')\n"),
        ("astral", "RUN001+RUN002", "open('.autonomous_runs/\\U0001f600.json', 'w')\n"),
    ):
        yield Case("message", name, "a file's name in a message", (outcome,), {_HOSTILE: text})


def _ignores() -> Iterator[Case]:
    star = "*a" * 1_000 + "b"
    for name, why, text in (
        ("stars", "exponential for many matchers", f"{star}\n" * 20),
        ("double-stars", "exponential for many matchers", "**/" * 500 + "a\n"),
        ("many", "20,000 patterns", "".join(f"a{i}*b\n" for i in range(20_000))),
        ("classes", "halves of classes", "[\n[!\n[a-\n[]\n[z-a]\n"),
        ("escapes", "of nothing", "\\\na\\\n"),
        ("long", "a pattern of 100 KB", "a" * _N + "*\n"),
        ("negations", "of nothing", "!\n!!a\n!/\n" + "!a*\n" * 2_000),
        ("regular", "no regular expressions", "(a+)+$\n^(.*)*$\n"),
        ("odd", "codes for a terminal", "\x1b[31m\n\u202e\n"),
        ("large", "2 MiB", "#" * (2 << 20)),
    ):
        for file in (".gitignore", ".ignore"):
            files = {file: text, _HOSTILE: RUNS}
            label = f"{name}-{file.lstrip('.')}"
            yield Case("ignore", label, why, ("RUN001",), files)
    binary: Files = {".gitignore": bytes(range(256)), _HOSTILE: RUNS}
    yield Case("ignore", "binary", "no text", ("RUN001",), binary)
    for name, build in (
        ("fifo", lambda root: os.mkfifo(os.path.join(root, ".gitignore"))),
        ("directory", lambda root: os.mkdir(os.path.join(root, ".gitignore"))),
        ("device", lambda root: os.symlink("/dev/zero", os.path.join(root, ".ignore"))),
    ):
        yield Case("ignore", name, "no file at all", ("",), build=build)


def _repositories() -> Iterator[Case]:
    """Repositories whose configuration would make git run a program."""
    run = f"touch {MARKER}"
    for name, why, text in (
        ("fsmonitor", "a program that git asks", f'[core]\n\tfsmonitor = "{run}"\n'),
        ("hooks", "a directory of programs", "[core]\n\thooksPath = hooks\n"),
        ("pager", "a program to page with", f'[core]\n\tpager = "{run}"\n\teditor = "{run}"\n'),
        ("ssh", "a program to talk with", f'[core]\n\tsshCommand = "{run}"\n\taskPass = "{run}"\n'),
        ("alias", "a command of one's own", f'[alias]\n\tls-files = "!{run}"\n'),
        (
            "filter",
            "a program for each file",
            f'[filter "a"]\n\tclean = "{run}"\n\tprocess = "{run}"\n',
        ),
        ("textconv", "a program for each text", f'[diff "a"]\n\ttextconv = "{run}"\n'),
        ("worktree", "a tree somewhere else", "[core]\n\tworktree = /\n"),
        ("excludes", "a file somewhere else", "[core]\n\texcludesFile = /dev/zero\n"),
        ("include", "another configuration", "[include]\n\tpath = /dev/zero\n"),
        ("bare", "no tree at all", "[core]\n\tbare = true\n"),
        ("broken", "no configuration", "[core\n"),
        ("version", "a repository of the future", "[core]\n\trepositoryformatversion = 99\n"),
        (
            "partial",
            "objects that git would fetch",
            '[remote "a"]\n\turl = ext::sh\n\tpromisor = true\n',
        ),
    ):
        files: Files = {
            ".git/HEAD": "ref: refs/heads/main\n",
            ".git/objects/info/a": "",
            ".git/refs/heads/.keep": "",
            ".git/config": text,
            ".git/hooks/post-index-change": f"#!/bin/sh\n{run}\n",
            "hooks/post-index-change": f"#!/bin/sh\n{run}\n",
            ".gitattributes": "* filter=a diff=a\n",
            _HOSTILE: RUNS,
        }
        yield Case("git", name, why, ("RUN001",), files, build=_executable_hooks)
    yield Case(
        "git", "file", "leads to another one", ("RUN001",), {".git": "gitdir: /", _HOSTILE: RUNS}
    )
    yield Case(
        "git", "head", "a name of megabytes", ("RUN001",), {".git/HEAD": "a" * _N, _HOSTILE: RUNS}
    )
    index: Files = {
        ".git/HEAD": "ref: refs/heads/main\n",
        ".git/index": b"DIRC\0\0\0\2\xff\xff\xff\xff",
    }
    whole: Files = {**index, ".git/objects/a": "", ".git/refs/a": "", _HOSTILE: RUNS}
    yield Case("git", "index", "4 billion entries", ("RUN001",), whole)
    yield Case(
        "git", "fifo", "waits for a writer", ("",), build=lambda root: os.mkfifo(f"{root}/.git")
    )


def _executable_hooks(root: str) -> None:
    for directory in (".git/hooks", "hooks"):
        os.chmod(os.path.join(root, directory, "post-index-change"), 0o755)


def _notebooks() -> Iterator[Case]:
    for name, expected, why, content in (
        ("good", "RUN001", "a notebook", _notebook(RUNS)),
        ("deep", "RUN903", "100,000 levels", f'["{_NAME}", {"[" * _N}'),
        ("deep-key", "RUN903", "100,000 levels", f'{{"{_NAME}":' + '{"cells":' * _N),
        ("number", "RUN001|RUN903", "a number of 300 KB", _notebook(RUNS, nbformat_minor="NUMBER")),
        ("list", "RUN903", "no object", f'["{_NAME}"]'),
        ("text", "RUN903", "no JSON", f"# {RUNS}"),
        ("empty", "", "no JSON, and nothing else", ""),
        ("no-cells", "RUN903", "no cells", f'{{"nbformat": 4, "a": {json.dumps(RUNS)}}}'),
        ("cells-number", "RUN903", "no list", _notebook(cells=1, name=_NAME)),
        ("cells-texts", "RUN903", "no objects", _notebook(RUNS, cells=[RUNS])),
        ("source-number", "RUN903", "no text", _notebook(1, name=_NAME)),
        ("source-mixed", "RUN903", "no texts", _notebook([RUNS, 1])),
        ("source-null", "RUN903", "no text", _notebook(None, name=_NAME)),
        ("metadata", "RUN903", "no object", _notebook(RUNS, metadata=1)),
        ("format", "RUN903", "no format", _notebook(RUNS, nbformat="4")),
        ("constants", "RUN903|RUN001", "no numbers", _notebook(RUNS, nbformat_minor=float("nan"))),
        ("surrogate", "RUN903", "half a character", _notebook(RUNS + "'\ud800'")),
        ("bom", "RUN001|RUN903", "a mark", "\ufeff" + _notebook(RUNS)),
        ("utf-16", "RUN902", "another encoding", _notebook(RUNS).encode("utf-16")),
        ("magics", "RUN001", "IPython's own", _notebook(f"%cd /\n!touch {MARKER}\na?\n{RUNS}")),
        ("cell-magic", "", "another language", _notebook(f"%%bash\ntouch {MARKER}\n{RUNS}")),
        (
            "magic-redos",
            "RUN001|RUN001+RUN901",
            "nearly a magic",
            _notebook(f"{RUNS}x = {'?' * _N}"),
        ),
        ("unclosed", "RUN001+RUN901", "a literal to the end", _notebook(f"{RUNS}x = '''a\n!b")),
        ("brackets", "RUN001+RUN904", "deep in a cell", _notebook(f"{RUNS}x = {'(' * _N}")),
        ("many-cells", "RUN001", "5,000 cells", _notebook(*["a\n"] * 5_000, RUNS)),
        ("twice", "RUN001", "a key two times", _notebook(RUNS)[:-1] + ', "nbformat": 4}'),
    ):
        text = content.replace('"NUMBER"', "9" * 300_000) if isinstance(content, str) else content
        files = {"hostile.ipynb": text}
        yield Case("notebook", name, why, tuple(expected.split("|")), files)


def _notebook(*sources: object, **changes: object) -> str:
    """Return the text of a notebook with some cells, and other changes."""
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return json.dumps({**content, **changes})


def _suppressions() -> Iterator[Case]:
    for name, expected, why, comment in (
        ("noqa", "", "suppresses all", "# noqa"),
        ("blanks", "RUN001", "blanks before nothing", f"#{' ' * _N}"),
        ("blanks-noqa", "", "blanks before a noqa", f"#{' ' * _N}noqa"),
        ("blanks-colon", "RUN001|", "blanks before the codes", f"# noqa{' ' * _N}: E501"),
        ("letters", "RUN001", "codes that never end", f"# noqa: {'A' * _N}"),
        ("digits", "RUN001", "codes that never end", f"# noqa: A{'1' * _N}"),
        ("codes", "RUN001", "many codes", f"# noqa: {'E501, ' * 20_000}"),
        ("codes-last", "", "many codes, and ours", f"# noqa: {'E501, ' * 20_000}RUN001"),
        ("commas", "RUN001|", "codes of nothing", f"# noqa: {',' * _N}"),
        ("commas-blanks", "RUN001|", "codes of nothing", f"# noqa:{' , ' * 40_000}"),
        ("hashes", "RUN001", "comments in comments", "#" * _N),
        ("noqas", "", "many of them", "# noqa " * 20_000),
        ("noqas-coded", "RUN001", "many of them", "# noqa:E1 " * 20_000),
        ("colons", "RUN001|", "no codes", f"# noqa{':' * _N}"),
        ("nearly", "RUN001", "never quite", "# noq" * 20_000),
        ("dots", "RUN001|", "dotted i's", "# n\u0131qa " * 10_000),
        ("ignore", "", "Ruff's own", "# ruff: ignore[RUN001]"),
        ("ignore-codes", "RUN001", "many codes", f"# ruff: ignore[{'E501, ' * 20_000}]"),
        ("ignore-open", "RUN001", "never closed", f"# ruff: ignore[{'A1,' * 30_000}"),
        ("ignore-brackets", "RUN001", "never closed", f"# ruff: ignore{'[' * _N}"),
        ("ignore-blanks", "RUN001", "blanks", f"# ruff:{' ' * _N}ignor"),
        ("ruffs", "RUN001", "many of them", "# ruff: " * 12_000),
        ("type", "", "behind others", f"{'# type: ignore ' * 6_000}# noqa"),
        ("cr", "RUN001", "a line end in it", "# a\rx = 1  # noqa"),
        ("odd", "", "codes for a terminal", "# noqa \x1b[31m\u202e"),
    ):
        source = f"{RUNS[:-1]}  {comment}\n"
        yield _source("noqa", name, expected.split("|"), why, source)
    for name, expected, text in (
        ("file", "", "# ruff: noqa\n"),
        ("file-flake8", "", "# flake8: noqa\n"),
        ("file-blanks", "RUN001", f"#{' ' * _N}ruff: noq\n"),
        ("file-many", "RUN001", "# ruff: noqa: E501\n" * 5_000),
        ("disable-many", "RUN001", "# ruff: disable[E501]\n" * 3_000),
        ("disable-pairs", "RUN001", _pairs(1_500)),
        ("disable-nested", "", "# ruff: disable[RUN001]\n" * 1_000),
    ):
        yield _source("noqa", name, expected, "comments of their own lines", text + RUNS)


def _pairs(count: int) -> str:
    opened = "".join(f"# ruff: disable[E{number}]\n" for number in range(count))
    return opened + "".join(f"# ruff: enable[E{number}]\n" for number in reversed(range(count)))


def _caches() -> Iterator[Case]:
    deep = '{"format": 1, "entries": ' + '{"a":' * _N
    for name, why, content in (
        ("binary", "no JSON", bytes(range(256))),
        ("deep", "100,000 levels", deep),
        ("list", "no object", "[]"),
        ("version", "of the future", '{"format": 99, "entries": {}}'),
        ("entries", "no table", '{"format": 1, "entries": 1}'),
        ("number", "a number of 300 KB", f'{{"format": {"9" * 300_000}}}'),
        ("pickle", "would run code", b"cposix\nsystem\n(S'touch EXECUTED'\ntR."),
        ("empty", "nothing", ""),
    ):
        files = {"runsdir.toml": "", ".runsdir_cache/findings.json": content, _HOSTILE: RUNS}
        yield Case("cache", name, why, ("RUN001",), files, build=_private)
    for name, why, build in (
        ("fifo", "waits for a writer", lambda root: _cached(root, os.mkfifo)),
        ("directory", "no file", lambda root: _cached(root, os.mkdir)),
        ("device", "never ends", lambda root: _cached(root, lambda p: os.symlink("/dev/zero", p))),
        ("link", "leads out", lambda root: os.symlink("../..", f"{root}/.runsdir_cache")),
        ("file", "no directory", lambda root: write(f"{root}/.runsdir_cache", "")),
    ):
        yield Case("cache", name, why, ("RUN001",), {"runsdir.toml": "", _HOSTILE: RUNS}, build)


def _private(root: str) -> None:
    os.chmod(os.path.join(root, ".runsdir_cache", "findings.json"), 0o600)


def _cached(root: str, build: Callable[[str], None]) -> None:
    os.mkdir(os.path.join(root, ".runsdir_cache"))
    build(os.path.join(root, ".runsdir_cache", "findings.json"))


def _shadows() -> Iterator[Case]:
    """Modules by the names of those that a linter, or its interpreter, imports."""
    for name in (
        *("conftest", "sitecustomize", "usercustomize", "setup", "__main__", "__init__"),
        *("multiprocessing", "importlib", "json", "ast", "re", "tokenize", "argparse", "typing"),
        *("tomllib", "tomli", "subprocess", "selectors", "struct", "hashlib", "tempfile", "heapq"),
        *("encodings", "codecs", "rich", "pathspec", "flake8", "flake8_runsdir", "resource"),
    ):
        files = {f"{name}.py": f"{_EXECUTE}{RUNS}"}
        yield Case("code", f"module-{name}", "would be imported", ("RUN001",), files)
    packages = ("flake8_runsdir", "rich", "pathspec", "json", "encodings")
    files = {f"{package}/__init__.py": _EXECUTE for package in packages}
    files["flake8_runsdir/cli.py"] = files["flake8_runsdir/pool.py"] = f"{_EXECUTE}{RUNS}"
    yield Case("code", "packages", "would be imported", ("RUN001",), files)
    files = {
        "evil.pth": f"import os; {_EXECUTE}",
        "setup.cfg": "[flake8:local-plugins]\nextension =\n  X = evil:run\n",
        "tox.ini": "[flake8]\nenable-extensions = X\n",
        "evil.py": _EXECUTE + RUNS,
        "encodings/evil.py": _EXECUTE,
        "hostile.py": f"# coding: evil\n{RUNS}",
        "pyvenv.cfg": "home = .\n",
        "python.py": f"#!/usr/bin/env python\n{_EXECUTE}",
    }
    yield Case("code", "plugins", "would be loaded", ("RUN001+RUN902",), files)


def remove(path: str) -> None:
    """Remove a tree of cases, whatever rights its directories have."""
    for directory, names, _ in os.walk(path):
        for name in names:
            below = os.path.join(directory, name)
            with suppress(OSError):  # a path that is too long
                if not os.path.islink(below):
                    os.chmod(below, 0o700)
    shutil.rmtree(path, ignore_errors=True)
