"""Results kept between runs: what is written, and what of it is believed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from flake8_runsdir.cache import Cache
from flake8_runsdir.report import Edit, Excerpt, Fix, Located
from flake8_runsdir.wire import MalformedError, pack, unpack

FOUND = Located(
    "/p/a\udcff.py",
    *(3, 5, 4, 1, "RUN001", "hardcoded-runs-path", "text \ud800 'é'"),
    noqa_row=4,
    cell=2,
    excerpt=Excerpt(1, ("a", "", "b\t"), 7),
    fix=Fix("safe", "Use it", (Edit("x", 3, 5, 4, 1), Edit("", 1, 1, 1, 1)), (Excerpt(3, ("b",)),)),
    obstacle="\udcff",
    fingerprint="0123",
)
PLAIN = FOUND._replace(cell=None, fix=None, excerpt=Excerpt(1, ()))


@pytest.mark.parametrize("found", [FOUND, PLAIN], ids=["everything", "nothing optional"])
def test_diagnostics_come_back(found: Located) -> None:
    assert unpack(found.path, json.loads(json.dumps(pack(found)))) == found
    assert unpack(found.path, pack(found)) == found


def variants(packed: list[Any]) -> list[Any]:
    """Return values that are nearly a packed diagnostic."""
    wrong: list[Any] = [None, "x", 3, {}, [], packed[:-1], [*packed, 1], {"a": packed}]
    for number, value in enumerate(packed):
        for other in (None, "x", 0, -1, True, 1.5, [], {}, [value], {"x": value}):
            if other != value or type(other) is not type(value):
                wrong.append([*packed[:number], other, *packed[number + 1 :]])
    # A cell, a fix and texts may well be these.
    fine = {4: "x", 5: "x", 6: "x", 8: None, 10: None, 11: "x", 12: "x"}
    return [
        one
        for one in wrong
        if not any(one == [*packed[:n], v, *packed[n + 1 :]] for n, v in fine.items())
    ]


@pytest.mark.parametrize("wrong", variants(pack(FOUND)), ids=lambda value: repr(value)[:60])
def test_nothing_else_is_a_diagnostic(wrong: object) -> None:
    with pytest.raises(MalformedError):
        unpack("/p/a.py", wrong)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def filled(directory: Path) -> str:
    """Put a result into a new cache and return its key."""
    cache = Cache(str(directory))
    key = cache.key("stamp", FOUND.path, b"data")
    cache.put(key, [pack(FOUND)])
    cache.save()
    return key


def test_what_was_put_is_there_in_the_next_run(directory: Path) -> None:
    key = filled(directory)
    assert Cache(str(directory)).get(FOUND.path, key) == [pack(FOUND)]
    assert Cache(str(directory)).get(FOUND.path, "0" * 40) is None


def test_key_depends_on_everything() -> None:
    keys = {
        Cache.key(stamp, path, data)
        for stamp in ("s", "st")
        for path in ("tp", "p")
        for data in (b"", b"p")
    }
    assert len(keys) == 8


def test_directory_is_for_nobody_else(directory: Path) -> None:
    filled(directory)
    assert (directory / ".gitignore").read_text().endswith("*\n")
    assert (
        (directory / "CACHEDIR.TAG")
        .read_text()
        .startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )
    assert (directory / "findings.json").stat().st_mode & 0o777 == 0o600
    assert sorted(os.listdir(directory)) == [".gitignore", "CACHEDIR.TAG", "findings.json"]


def test_nothing_new_writes_nothing(directory: Path) -> None:
    Cache(str(directory)).save()
    assert not directory.exists()
    key = filled(directory)
    before = (directory / "findings.json").stat().st_ino
    cache = Cache(str(directory))
    cache.put(key, [pack(FOUND)])
    cache.save()
    assert (directory / "findings.json").stat().st_ino == before


def test_results_add_up(directory: Path) -> None:
    key = filled(directory)
    cache = Cache(str(directory))
    cache.put("1" * 40, [])
    cache.save()
    again = Cache(str(directory))
    assert again.get("/p", "1" * 40) == []
    assert again.get("/p", key) is not None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x80\x04K\x01.", id="a pickle"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"format": 1}', id="no entries"),
        pytest.param(b'{"format": 1, "entries": []}', id="entries are a list"),
        pytest.param(b'{"format": 0, "entries": {"KEY": []}}', id="another format"),
        pytest.param(b'{"format": 1, "entries": {"KEY": {}}}', id="an object"),
        pytest.param(b'{"format": 1, "entries": {"KEY": [[1]]}}', id="no diagnostic"),
        pytest.param(
            b'{"format": 1, "entries": {"KEY": [' + b"[" * 500 + b"]" * 500 + b"]}}", id="nested"
        ),
        pytest.param(b'{"format": 1, "entries": {"KEY": []}', id="cut off"),
        pytest.param(b'\xff{"format": 1}', id="not UTF-8"),
    ],
)
def test_hostile_content_is_no_result(directory: Path, content: bytes) -> None:
    key = filled(directory)
    path = directory / "findings.json"
    path.write_bytes(content.replace(b"KEY", key.encode()))
    cache = Cache(str(directory))
    assert cache.get(FOUND.path, key) is None
    cache.put(key, [])
    cache.save()
    assert Cache(str(directory)).get(FOUND.path, key) == []


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="there are no such modes here")
@pytest.mark.parametrize("mode", [0o644, 0o660, 0o606, 0o700])
def test_file_that_others_could_have_written_is_not_read(directory: Path, mode: int) -> None:
    key = filled(directory)
    (directory / "findings.json").chmod(mode)
    assert Cache(str(directory)).get(FOUND.path, key) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_links_and_pipes_are_not_followed(tmp_path: Path, directory: Path) -> None:
    key = filled(directory)
    link = tmp_path / "link"
    link.symlink_to(directory)
    cache = Cache(str(link))
    assert cache.get(FOUND.path, key) is None
    cache.put("2" * 40, [])
    cache.save()
    assert Cache(str(directory)).get("/p", "2" * 40) is None
    (directory / "findings.json").rename(directory / "other.json")
    (directory / "findings.json").symlink_to("other.json")
    assert Cache(str(directory)).get(FOUND.path, key) is None
    (directory / "findings.json").unlink()
    os.mkfifo(directory / "findings.json")
    assert Cache(str(directory)).get(FOUND.path, key) is None


def test_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(str(tmp_path / "file" / "cache"))
    cache.put("1" * 40, [])
    cache.save()
