"""An audit that has been written as JSON, read again for a comparison."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import NamedTuple

from flake8_runsdir.audit.inventory import Place, Priority, Status
from flake8_runsdir.options import quoted
from flake8_runsdir.reading import UnreadableError, chunks

#: The version of the document that can be read.
VERSION = 1
_LARGEST, _CHUNK = 1 << 30, 1 << 20
_NUMBERS = ("row", "column", "mentions")
_CHOICES = {"status": Status, "priority": Priority}


class ArchiveError(Exception):
    """A file that holds no audit; the message names it."""


class Archive(NamedTuple):
    """What an audit has found, and the name of the directory that it was about."""

    root: str
    places: list[Place]


def read(path: str) -> Archive:
    """Return an audit in JSON.  Raises :class:`ArchiveError`."""
    try:
        document = json.loads(_content(path))
        if not isinstance(document, dict) or document.get("version") != VERSION:
            raise ArchiveError(f"it is no audit in JSON of version {VERSION}")
        places = document.get("places")
        if not isinstance(places, list):
            raise ArchiveError("`places` is no list")
        return Archive(str(document.get("root", "")), list(_places(places)))
    except ArchiveError as error:
        raise ArchiveError(f"{quoted(path)}: {error}") from None
    except UnreadableError as error:
        raise ArchiveError(f"{quoted(path)}: {quoted(str(error))}") from None
    except (ValueError, RecursionError, MemoryError):
        raise ArchiveError(f"{quoted(path)}: it is no JSON") from None


def _content(path: str) -> bytes:
    data, size = [], 0
    for chunk in chunks(os.path.realpath(path), _CHUNK):
        data.append(chunk)
        size += len(chunk)
        if size > _LARGEST:
            raise ArchiveError(f"it is larger than {_LARGEST} bytes")
    return b"".join(data)


def _places(records: list[object]) -> Iterator[Place]:
    for number, record in enumerate(records):
        if not isinstance(record, dict):
            raise ArchiveError(f"`places[{number}]` is no object")
        for field in Place._fields:
            if not _is_sound(field, record.get(field)):
                raise ArchiveError(f"`places[{number}].{field}` is missing or wrong")
        values = {field: record[field] for field in Place._fields}
        values.update({field: kind(values[field]) for field, kind in _CHOICES.items()})
        yield Place(**values)


def _is_sound(field: str, value: object) -> bool:
    """Tell whether a field of a place can have a value."""
    if field in _NUMBERS:
        return type(value) is int and value >= 1
    if field == "cell":
        return value is None or (type(value) is int and value >= 1)
    if field in _CHOICES:
        return value in [choice.value for choice in _CHOICES[field]]
    return isinstance(value, str)
