"""Names of files, as reports give them."""

from __future__ import annotations

import os


def relative(path: str, base: str) -> str:
    """Return an absolute path relative to a directory that it is in; other paths as they are."""
    prefix = base.rstrip(os.sep) + os.sep
    return path[len(prefix) :] if path.startswith(prefix) else path


def slashed(path: str) -> str:
    """Return a path with ``/`` between its components."""
    return path.replace(os.sep, "/")


def file_uri(path: str) -> str:
    """Return the URI of an absolute path (RFC 8089), percent-encoded byte for byte."""
    name = slashed(path)
    return ("file://" if name.startswith("/") else "file:///") + _percent_encoded(name, "/:")


def relative_uri(path: str) -> str:
    """Return a relative path as a relative reference (RFC 3986), percent-encoded byte for byte."""
    return _percent_encoded(slashed(path), "/")


def _percent_encoded(path: str, safe: str) -> str:
    from urllib.parse import quote

    try:
        return quote(path.encode("utf-8", "surrogateescape"), safe)
    except UnicodeEncodeError:  # no name of a file here: a surrogate that stands for no byte
        return quote(path.encode("utf-8", "surrogatepass"), safe)
