"""Diagnostics as JSON, for the pipe between processes and for the cache.

What comes out of a file is not trusted: every value is checked before it becomes a diagnostic.
"""

from __future__ import annotations

from flake8_runsdir.report import Edit, Excerpt, Fix, Located

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    #: A diagnostic without its path: all fields of :class:`Located` but the first.
    Packed = list[Any]


class MalformedError(ValueError):
    """A value that is no packed diagnostic."""


def pack(found: Located) -> Packed:
    """Return a diagnostic as nested lists of strings, numbers and ``None``."""
    values = (found.row, found.column, found.end_row, found.end_column)
    texts = (found.code, found.name, found.message)
    rest = (found.noqa_row, found.cell, _packed_excerpt(found.excerpt))
    fix = found.fix and _packed_fix(found.fix)
    return [*values, *texts, *rest, fix, found.obstacle, found.fingerprint]


def unpack(path: str, packed: object) -> Located:
    """Return the diagnostic of a path.  Raises :class:`MalformedError` for anything else."""
    values = _list(packed, 13)
    row, column, end_row, end_column = map(_number, values[:4])
    code, name, message = map(_string, values[4:7])
    noqa_row, cell, excerpt, fix, obstacle, fingerprint = values[7:]
    return Located(
        path,
        row,
        column,
        end_row,
        end_column,
        code,
        name,
        message,
        noqa_row=_number(noqa_row),
        cell=None if cell is None else _number(cell),
        excerpt=_excerpt(excerpt),
        fix=None if fix is None else _fix(fix),
        obstacle=_string(obstacle),
        fingerprint=_string(fingerprint),
    )


def _packed_excerpt(excerpt: Excerpt) -> Packed:
    return [excerpt.row, list(excerpt.lines), excerpt.skipped]


def _packed_fix(fix: Fix) -> Packed:
    edits = [list(edit) for edit in fix.edits]
    excerpts = [_packed_excerpt(excerpt) for excerpt in fix.excerpts]
    return [fix.applicability, fix.message, edits, excerpts]


def _excerpt(packed: object) -> Excerpt:
    row, lines, skipped = _list(packed, 3)
    return Excerpt(_number(row), tuple(map(_string, _list(lines))), _number(skipped, least=0))


def _fix(packed: object) -> Fix:
    applicability, message, edits, excerpts = _list(packed, 4)
    return Fix(
        _string(applicability),
        _string(message),
        tuple(map(_edit, _list(edits))),
        tuple(map(_excerpt, _list(excerpts))),
    )


def _edit(packed: object) -> Edit:
    content, *numbers = _list(packed, 5)
    return Edit(_string(content), *map(_number, numbers))


def _list(value: object, length: int | None = None) -> list[object]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise MalformedError
    return value


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise MalformedError
    return value


def _number(value: object, least: int = 1) -> int:
    if type(value) is not int or value < least:
        raise MalformedError
    return value
