r"""The places of one text that is no Python: every mention, and reads of the environment.

Mentions are found in the decoded text, whatever a lexer makes of it, so each is one place.  Texts
of up to :data:`languages.LARGEST_LEXED` characters are held as a whole, and Pygments tells comments
and strings.  Longer ones are read in pieces, of which no mention is cut, and judged by their lines:
time is linear and memory bounded, also where a line has megabytes.

What is no text is told as git tells it: there is a NUL in its first 8000 bytes, and it does not
begin with the mark of UTF-16 or UTF-32.  Bytes that are not UTF-8 become surrogates, each of them
one character.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from flake8_runsdir.audit import languages, notebooks, survey
from flake8_runsdir.audit.inventory import MUST_FIX, Place
from flake8_runsdir.audit.subject import Subject
from flake8_runsdir.audit.survey import ALIKE, Piece, Survey, maker_of, text_places
from flake8_runsdir.notebook import SUFFIX
from flake8_runsdir.reading import chunks as read_chunks

#: How much of a file is best given at a time, in bytes.
CHUNK = 1 << 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: How much of a file git looks at to tell whether it is a text.
_TELLING = 8000
#: A stretch that long without any character that ends a name is cut wherever it is.
_LONGEST_PIECE = 1 << 24


def places(subject: Subject, chunks: Iterable[bytes] | None = None) -> list[Place] | None:
    """Return the places of a file in order; ``None`` if it is no text.

    ``chunks`` are its bytes, if they are not to be read from the file; no more of them are kept
    than is needed.  Of more than :data:`~flake8_runsdir.audit.survey.MOST_PLACES` places that must
    be fixed, or that are safe, the last one stands for all that are left.  Raises
    :class:`~flake8_runsdir.reading.UnreadableError`.
    """
    stream = iter(read_chunks(subject.path, CHUNK) if chunks is None else chunks)
    head = b""
    while len(head) < _TELLING and (chunk := next(stream, b"")):
        head += chunk
    codec, mark = encoding(head)
    if not mark and b"\0" in head[:_TELLING]:
        return None
    decoded = _decoded(chain((head[mark:],), stream), codec)
    return bounded(_found(subject, decoded))


def encoding(head: bytes) -> tuple[str, int]:
    """Return how a text is encoded, by how it begins, and how many bytes of that are a mark."""
    marks = ((name, len(mark)) for mark, name in _MARKS if head.startswith(mark))
    return next(marks, ("utf-8", 0))


def bounded(places: Iterable[Place]) -> list[Place]:
    """Return places, and let one mention stand for those that are too many.

    What must be fixed is counted by itself: it is never behind what is safe.
    """
    found: list[Place] = []
    counts = {True: 0, False: 0}
    #: By whether they must be fixed: the last mention, and how many it stands for besides itself.
    last: dict[bool, int] = {}
    left = {True: 0, False: 0}
    for place in places:
        is_urgent, is_mention = place.status in MUST_FIX, place.kind == "mention"
        if counts[is_urgent] < survey.MOST_PLACES or (is_mention and is_urgent not in last):
            if is_mention:
                last[is_urgent] = len(found)
            counts[is_urgent] += 1
            found.append(place)
        elif is_mention:
            left[is_urgent] += place.mentions
    for is_urgent, number in last.items():
        if left[is_urgent]:
            place, more = found[number], left[is_urgent]
            reason = f"{place.reason}; {more} more mentions are in the lines below"
            found[number] = place._replace(mentions=place.mentions + more, reason=reason)
    return found


def _found(subject: Subject, parts: Iterator[str]) -> Iterable[Place]:
    """Return the places of a text that comes in parts."""
    is_notebook = subject.name.endswith(SUFFIX)
    most = subject.settings.max_file_size if is_notebook else languages.LARGEST_LEXED
    beginning, size = [], 0
    while size <= most and (part := next(parts, "")):
        beginning.append(part)
        size += len(part)
    if size > most:
        return _in_pieces(subject, chain(beginning, parts))
    text = "".join(beginning)
    config = subject.settings.config
    found = None
    if is_notebook:
        found = notebooks.places(subject, text)
    elif not any(telling in text for telling in (*config.env_vars, *_cores(config.names))):
        return ()
    return text_places(subject, text) if found is None else found


def _in_pieces(subject: Subject, parts: Iterator[str]) -> Iterator[Place]:
    """Yield the places of a text that is too large to be held as a whole."""
    language, maker, count = languages.find(subject.name), "", 0
    for number, piece in enumerate(_pieces(parts, subject.settings.config.names)):
        if not number:
            language = languages.find(subject.name, piece.text)
            maker = maker_of(language, piece.text)
        look = None
        for match in (found := subject.needles.find_all(piece.text)):
            look = look or Survey(subject, language, piece, maker=maker)
            place = look.mention(*match.span(), None)
            count += 1
            if count > survey.MOST_PLACES and (maker or language.kind in ALIKE):
                place = place._replace(mentions=1 + sum(1 for _ in found))
            yield place


def _decoded(chunks: Iterable[bytes], codec: str) -> Iterator[str]:
    """Yield a text in parts, none of which is empty."""
    errors = "surrogateescape" if codec == "utf-8" else "replace"
    decoder = codecs.getincrementaldecoder(codec)(errors)
    for chunk in chunks:
        if part := decoder.decode(chunk):
            yield part
    if part := decoder.decode(b"", final=True):
        yield part


def _pieces(parts: Iterable[str], names: Sequence[str]) -> Iterator[Piece]:
    """Yield a text in pieces that cut no mention and nothing that tells where one ends.

    Each begins with the last character of the one before, which is in no mention.
    """
    inner = "".join(dict.fromkeys("/\\." + "".join(names)))
    row, column, rest = 1, 0, ""
    for part in parts:
        rest += part
        last = len(rest.rstrip(inner)) - 1
        if last < 1 and len(rest) > _LONGEST_PIECE:
            last = len(rest) - 1
        elif rest.startswith("\r\n", last - 1):
            last -= 1
        if last < 1:
            continue
        yield Piece(rest[: last + 1], row, column)
        ended = rest.count("\n", 0, last) + rest.count("\r", 0, last) - rest.count("\r\n", 0, last)
        row += ended
        line = max(rest.rfind("\n", 0, last), rest.rfind("\r", 0, last)) + 1
        column = last - line if ended else column + last
        rest = rest[last:]
    if rest:
        yield Piece(rest, row, column)


def _cores(names: Iterable[str]) -> list[str]:
    """Return what every spelling of a name holds, also that in a regular expression."""
    return [max(re.split(r"[/.]", name), key=len) for name in names]
