"""Names of places that last while the code around them moves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from flake8_runsdir.audit.inventory import Place

_BLANKS = re.compile(r"\s+")


def stamped(places: Iterable[Place]) -> Iterator[Place]:
    """Yield places, in order, with fingerprints, each of them another one.

    A fingerprint is ``content.path.number``: a hash of what stands there and in which function, a
    hash of the path, and how many equal ones there are in the file up to there.  What stands there
    is what the place has for a fingerprint so far, or else its line.  None of it depends
    on rows, indentation, white space or the kind of quotes; where a file has been renamed, the
    first part and the last are still the same.
    """
    earlier: Counter[tuple[str, str]] = Counter()
    for place in places:
        stands = place.fingerprint or condensed(place.source)
        content = _digest(f"{place.kind}\0{place.context}\0{stands}", 8)
        earlier[place.path, content] += 1
        number = earlier[place.path, content]
        yield place._replace(fingerprint=f"{content}.{_digest(place.path, 4)}.{number}")


def condensed(source: str) -> str:
    """Return a source line without what formatters change in a line that they keep."""
    return _BLANKS.sub("", source).replace("'", '"').rstrip(",")


def _digest(text: str, size: int) -> str:
    """Return a hash of so many bytes as a hexadecimal number."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
