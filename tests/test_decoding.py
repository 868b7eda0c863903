"""Decoding: what Python would read, the same bytes back, and nothing but one exception."""

from __future__ import annotations

import ast
import codecs
import io
import subprocess
import sys
import tokenize
from contextlib import suppress
from encodings.aliases import aliases

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_runsdir.decoding import UndecodableError, decode, is_plain

QUICK = settings(max_examples=400, deadline=None, derandomize=True, database=None)
MARK = codecs.BOM_UTF8
ENCODINGS = sorted({*aliases, *aliases.values()})
HEADS = ["", "\n", "# x\n", "x\n", '"""\n', " \f\t# x\n", "\\\n", "# \u00e9\n"]
COOKIES = [
    "# coding: latin-1\n",
    "# -*- coding: cp1252 -*-\n",
    "  # vim: set fileencoding=UTF_8 :\n",
    "\f#coding=iso-8859-15\n",
    "# encoding:koi8-r\n",
    "x = 1  # coding: latin-1\n",
    "# coding : latin-1\n",
    "# Coding: latin-1\n",
    "# coding:\t cp1250\n",
]


def reason(data: bytes) -> str:
    """Return why bytes cannot be decoded."""
    with pytest.raises(UndecodableError) as caught:
        decode(data)
    text = str(caught.value)
    assert text.isascii()
    assert text.isprintable()
    assert len(text) < 100
    assert str(caught.value) == text
    return text


@pytest.mark.parametrize(
    ("data", "text", "codec", "faithful"),
    [
        pytest.param(b"", "", "utf-8", True, id="nothing"),
        pytest.param(b"a\r\nb\rc\n\x0c", "a\r\nb\rc\n\x0c", "utf-8", True, id="line ends are kept"),
        pytest.param("é\u2028".encode(), "é\u2028", "utf-8", True, id="UTF-8 is the default"),
        pytest.param(b"#coding:latin-1\n\xe9", "#coding:latin-1\né", "iso8859-1", True, id="named"),
        pytest.param(b"\n#coding:cp1252\n\x80", "\n#coding:cp1252\n€", "cp1252", True, id="row 2"),
        pytest.param(b"\n\n#coding:ascii\n\xc3\xa9", "\n\n#coding:ascii\né", "utf-8", True, id="3"),
        pytest.param(b"x\n#coding:ascii\n", "x\n#coding:ascii\n", "utf-8", True, id="behind code"),
        pytest.param(b"#\r#coding:ascii\r", "#\r#coding:ascii\r", "ascii", True, id="row 2, \\r"),
        pytest.param(b"#coding:utf8", "#coding:utf8", "utf-8", True, id="an alias"),
        pytest.param(
            b"#coding:UTF_8-sig", "#coding:UTF_8-sig", "utf-8", True, id="as PEP 263 has it"
        ),
        pytest.param(
            b"#\xe9 coding:latin-1", "#é coding:latin-1", "iso8859-1", True, id="in row 1"
        ),
        pytest.param(b"a\0b", "a\0b", "utf-8", True, id="NUL is for the parser to refuse"),
        pytest.param(b"#coding:utf-7\n+AGE-", "#coding:utf-7\na", "utf-7", False, id="utf-7"),
        pytest.param(
            b"#coding:hz\n~{~}", "#coding:hz\n", "hz", False, id="a shift that nothing needed"
        ),
        pytest.param(
            b"#coding:iso2022_jp\n\x1b\x80",
            "#coding:iso2022_jp\n\x1b\x80",
            "iso2022_jp",
            False,
            id="a character that the codec reads and does not know",
        ),
        pytest.param(
            b"#coding:unicode_escape\n\\x61",
            "#coding:unicode_escape\na",
            "unicode-escape",
            False,
            id="escapes",
        ),
    ],
)
def test_decode(data: bytes, text: str, codec: str, faithful: bool) -> None:
    decoded = decode(data)
    assert decoded == (text, codec, False, faithful)
    encoded = None
    with suppress(UnicodeError):
        encoded = decoded.encode(decoded.text)
    assert (encoded == data) is faithful


def test_mark_is_no_part_of_the_text() -> None:
    decoded = decode(MARK + b"#coding:utf8\n" + MARK)
    assert decoded == ("#coding:utf8\n\ufeff", "utf-8", True, True)
    assert decoded.encode("é") == MARK + b"\xc3\xa9"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a".encode("utf-16"), "it begins with the byte order mark of UTF-16"),
        (codecs.BOM_UTF16_BE + b"\0a", "it begins with the byte order mark of UTF-16"),
        ("a".encode("utf-32"), "it begins with the byte order mark of UTF-32"),
        (codecs.BOM_UTF32_BE, "it begins with the byte order mark of UTF-32"),
        (b"#\r\n#\r#\xff", "byte 0xff in line 3 is not utf-8"),
        (b"# \xe9\n", "byte 0xe9 in line 1 is not utf-8"),
        (b"\xed\xa0\x80", "byte 0xed in line 1 is not utf-8"),
        (b"#coding:ascii\n\n\x80", "byte 0x80 in line 3 is not ascii"),
        (b"#coding:nope", "no encoding is called nope"),
        (b"#coding:" + b"x" * 100_000, "no encoding is called " + "x" * 40 + "..."),
        (b"#coding:...", "no encoding is called ..."),
        (b"#coding:__init__", "no encoding is called __init__"),
        (b"#coding:aliases", "no encoding is called aliases"),
        (b"#coding:rot13", "rot-13 is no encoding of texts"),
        (b"#coding:hex", "hex is no encoding of texts"),
        (b"#coding:zlib", "zlib is no encoding of texts"),
        (b"#coding:punycode", "punycode is no encoding of files"),
        (b"#coding:idna", "idna is no encoding of files"),
        (b"#coding:undefined", "undefined fails with UnicodeError"),
        (b"#coding:utf-16", "a coding comment that says utf-16 cannot itself be utf-16"),
        (b"#coding:utf-16-le", "byte 0x65 in line 1 is not utf-16-le"),
        (b"#coding:utf-32", "byte 0x75 in line 1 is not utf-32"),
        (b"#coding:cp037", "a coding comment that says cp037 cannot itself be cp037"),
        (MARK + b"#coding:ascii", "its byte order mark says utf-8, its coding comment says ascii"),
        (MARK + b"\n#coding:nope", "no encoding is called nope"),
    ],
)
def test_reason(data: bytes, expected: str) -> None:
    assert reason(data) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("cookie", COOKIES)
@pytest.mark.parametrize("head", HEADS[:-1])
def test_python_reads_the_same(head: str, cookie: str, end: str) -> None:
    text = (head + cookie).replace('"""\n', '"""\n"""\n') + "y = '\u00c3\u00a9'\n"
    data = text.replace("\n", end).encode("latin-1")
    assert ast.dump(ast.parse(decode(data).text)) == ast.dump(ast.parse(data))


@pytest.mark.parametrize("cookie", COOKIES)
@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("head", HEADS)
def test_tokenize_finds_the_same_encoding(head: str, second: bool, cookie: str) -> None:
    data = (f"{head}{cookie}" if second else f"{cookie}{head}").encode()
    expected, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    try:
        found = decode(data).codec
    except UndecodableError as error:
        found = str(error).rpartition(" ")[2]
    assert codecs.lookup(found).name == codecs.lookup(expected).name


@QUICK
@given(
    text=st.text(alphabet="é€жa1#:\\+~{ \r\n\x0c\0\x85\u2028\ufeff\U0001f600"),
    name=st.sampled_from(ENCODINGS),
    marked=st.booleans(),
)
def test_round_trip(text: str, name: str, marked: bool) -> None:
    head = f"# coding: {name}\n".encode()
    try:
        data = (MARK if marked else b"") + head + text.encode(name)
        decoded = decode(data)
    except (UnicodeError, LookupError, UndecodableError):
        return
    assert (decoded.encode(decoded.text) == data) is decoded.faithful
    assert decoded.marked is marked
    if decoded.codec == "utf-8":
        assert decoded.faithful
        assert decoded.text == head.decode() + text


@QUICK
@given(
    head=st.sampled_from(
        [b"", MARK, b"#coding:", b"\n#coding=", b"# coding: utf-7\n", b"\xff\xfe"]
    ),
    name=st.sampled_from([b"", *(name.encode() for name in ENCODINGS)]),
    rest=st.binary(),
)
def test_bytes_of_any_kind(head: bytes, name: bytes, rest: bytes) -> None:
    data = head + name + rest
    try:
        decoded = decode(data)
    except UndecodableError:
        assert reason(data)
    else:
        assert not decoded.faithful or decoded.encode(decoded.text) == data


@pytest.mark.parametrize("unit", [b"a", b"-", b"\\", b"\xe9", b"~{", b"+A", b"\x1b$B", b".\n"])
def test_large_source(unit: bytes) -> None:
    reasons = []
    for name in set(aliases.values()):
        head = f"# coding: {name}\n"
        try:
            assert decode(head.encode() + unit * 100_000).text.startswith(head)
        except UndecodableError as error:
            reasons.append(str(error))
    assert max(map(len, reasons)) < 100


@pytest.mark.parametrize("name", ENCODINGS)
def test_plain_encoding_is_ascii_and_more(name: str) -> None:
    if not is_plain(f"# coding: {name}\n".encode()):
        return
    for byte in range(256):
        try:
            text = bytes([byte]).decode(name)
        except UnicodeDecodeError:
            continue
        assert text == chr(byte) if byte < 128 else not any(map(str.isascii, text))


@pytest.mark.parametrize(
    ("data", "plain"),
    [
        pytest.param(b"", True, id="nothing"),
        pytest.param(b"x = 1", True, id="one line"),
        pytest.param(MARK + b"x", True, id="UTF-8 mark"),
        pytest.param(b"# coding: utf-8\n", True, id="UTF-8"),
        pytest.param(b"#!x\n# vim: fileencoding=Latin_1\n", True, id="Latin-1 in row 2"),
        pytest.param(MARK + b"#coding:utf-8", True, id="UTF-8 twice"),
        pytest.param(b"x\n# coding: utf-7\n", True, id="behind code it is no cookie"),
        pytest.param(b"\n\n# coding: utf-7\n", True, id="in row 3 it is no cookie"),
        pytest.param(b"\r\r# coding: utf-7\n", True, id="in row 3 it is no cookie, CR"),
        pytest.param(b"coding = 1\n", True, id="the word"),
        pytest.param(b"# coding: utf-7\n", False, id="UTF-7 hides a dot"),
        pytest.param(b"\r# coding: utf-7\r", False, id="row 2, CR"),
        pytest.param(b"\n# coding: utf-7", False, id="row 2, no newline"),
        pytest.param(MARK + b"# coding: utf-7", False, id="mark and cookie"),
        pytest.param(b"# coding: nope\n", False, id="unknown"),
        pytest.param(b"# coding: shift_jis\n", False, id="a yen is a backslash"),
        pytest.param("é".encode("utf-16"), False, id="UTF-16"),
        pytest.param("\u4e01\u4e8c".encode("utf-16-le"), True, id="no ASCII in it"),
        pytest.param(b"x\n" * 1000 + b"\0", False, id="NUL far down"),
    ],
)
def test_is_plain(data: bytes, plain: bool) -> None:
    assert is_plain(data) is plain
    assert is_plain(bytearray(data + b"\0\n#coding:hex"), len(data)) is plain


@QUICK
@given(
    text=st.text(alphabet="abx.é \n\r"),
    cookie=st.sampled_from(["", "# coding: latin-1\n", "#\r#coding=utf-7\n", "# coding: utf-8\n"]),
    codec=st.sampled_from(["utf-8", "latin-1", "utf-7", "utf-16", "utf-16-le"]),
)
def test_plain_bytes_can_be_searched(text: str, cookie: str, codec: str) -> None:
    data = (cookie + text).encode(codec)
    if not is_plain(data):
        return
    try:
        found = "a.b" in decode(data).text
    except UndecodableError:
        return
    assert (b"a.b" in data) is found


def test_start_is_cheap() -> None:
    code = (
        "import sys; old = set(sys.modules); import flake8_runsdir.decoding as d; d.is_plain(b'')"
    )
    command = [sys.executable, "-I", "-c", f"{code}; print(*set(sys.modules) - old)"]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "flake8_runsdir.decoding" in loaded
    assert {"ast", "dataclasses", "json", "tokenize"}.isdisjoint(loaded)
