r"""From bytes to the text of a Python source and back, as PEP 263 has it.

A source is UTF-8, unless a comment in its first two lines names another encoding
(``# -*- coding: latin-1 -*-``); a UTF-8 byte order mark may stand before it.  Line ends are left as
they are.
"""

from __future__ import annotations

import re

from flake8_runsdir.record import Record

_MARK = b"\xef\xbb\xbf"
#: The longer marks first: that of UTF-32-LE begins like that of UTF-16-LE.
_FOREIGN_MARKS = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
# The patterns are compiled when they are first needed: for most files that is never.
_LINE = rb"[^\r\n]*(?:\r\n|\r|\n)?"
_COOKIE = rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)"
_BLANK = rb"[ \t\f]*(?:[#\r\n]|\Z)"
#: How the names of encodings begin in which each ASCII character is its byte, and each such byte
#: that character.
_PLAIN = ("utf-8", "utf8", "ascii", "us-ascii", "latin", "iso-8859", "iso8859", "cp125", "koi8-")
#: Encodings of domain names: their decoders take quadratic time.
_UNFIT = ("idna", "punycode")
_LONGEST_NAME = 40


class UndecodableError(Exception):
    """Bytes that are no text; the message says why, on one short line of printable ASCII."""


class Decoded(Record):
    """A text and how it is encoded.

    ``marked`` says whether a UTF-8 byte order mark, which is no part of the text, stood before it;
    ``faithful`` says whether encoding the text gives the same bytes back, without which a file
    must not be edited.
    """

    text: str
    codec: str
    marked: bool
    faithful: bool

    def encode(self, text: str) -> bytes:
        """Return a text in the encoding of this one, with the mark if this one has it.

        Raises what the codec raises: ``UnicodeError`` for characters that it does not know.
        """
        return (_MARK if self.marked else b"") + text.encode(self.codec)


def decode(data: bytes) -> Decoded:
    """Return the text of a source.  Raises :class:`UndecodableError` and nothing else."""
    for mark, name in _FOREIGN_MARKS:
        if data.startswith(mark):
            raise UndecodableError(f"it begins with the byte order mark of {name}")
    marked = data.startswith(_MARK)
    body = data[len(_MARK) :] if marked else data
    codec = _codec(_declared(body, 0, len(body)))
    if marked and codec != "utf-8":
        raise UndecodableError(f"its byte order mark says utf-8, its coding comment says {codec}")
    decoded = Decoded(decode_as(body, codec), codec, marked, faithful=True)
    return decoded if codec == "utf-8" else decoded._replace(faithful=_is_faithful(decoded, data))


def decode_as(data: bytes, codec: str) -> str:
    """Return the text of bytes in a known encoding.  Raises :class:`UndecodableError` only."""
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        row = len(re.findall(rb"\r\n|\n|\r", data[: error.start])) + 1
        raise UndecodableError(
            f"byte 0x{data[error.start]:02x} in line {row} is not {codec}"
        ) from None
    except LookupError:
        raise UndecodableError(f"{codec} is no encoding of texts") from None
    except Exception as error:  # a codec is a program of its own
        raise UndecodableError(f"{codec} fails with {type(error).__name__}") from None


def is_plain(data: bytes | bytearray, size: int | None = None) -> bool:
    """Tell whether a text of ASCII characters is in a source if and only if its bytes are.

    The source is the first ``size`` bytes, by default all.  Looks at their first two lines only,
    and for a NUL byte anywhere.
    """
    size = len(data) if size is None else size
    if data.find(b"\0", 0, size) >= 0 or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    end = data.find(b"\n", data.find(b"\n", 0, size) + 1, size)
    if data.find(b"coding", 0, end if end >= 0 else size) < 0:
        return True
    start = len(_MARK) if data.startswith(_MARK) else 0
    return _normal(_declared(data, start, size)).startswith(_PLAIN)


def _declared(data: bytes | bytearray, start: int, size: int) -> str:
    """Return the encoding that the first two lines of a source name, ``utf-8`` if they do not."""
    for _ in range(2):
        line = re.compile(_LINE).match(data, start, size)
        end = line.end() if line is not None else size
        cookie = re.compile(_COOKIE).match(data, start, end)
        if cookie is not None:
            return cookie[1].decode("ascii")
        if re.compile(_BLANK).match(data, start, end) is None:
            break
        start = end
    return "utf-8"


def _normal(name: str) -> str:
    """Return the name of an encoding in the spelling that PEP 263 compares."""
    return name.lower().replace("_", "-")


def _codec(name: str) -> str:
    """Return the codec that a coding comment names."""
    if _normal(name) == "utf-8" or _normal(name).startswith("utf-8-"):
        return "utf-8"
    if len(name) > _LONGEST_NAME:
        raise UndecodableError(f"no encoding is called {name[:_LONGEST_NAME]}...")
    import codecs

    try:
        codec = codecs.lookup(name).name
    except LookupError:
        raise UndecodableError(f"no encoding is called {name}") from None
    if codec in _UNFIT:
        raise UndecodableError(f"{name} is no encoding of files")
    if decode_as(name.encode("ascii"), codec) != name:
        raise UndecodableError(f"a coding comment that says {name} cannot itself be {name}")
    return codec


def _is_faithful(decoded: Decoded, data: bytes) -> bool:
    try:
        return decoded.encode(decoded.text) == data
    except Exception:  # a codec is a program of its own
        return False
