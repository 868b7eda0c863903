"""Files read into a buffer."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

import pytest

from flake8_runsdir.reading import Reader, UnreadableError


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5_000_000])
def test_all_bytes_are_read(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(bytes(range(256)) * (size // 256) + b"x" * (size % 256))
    reader = Reader()
    assert reader.read(str(path), 1 << 24) == size
    assert bytes(reader.buffer[:size]) == path.read_bytes()


def test_buffer_holds_the_last_file(tmp_path: Path) -> None:
    reader = Reader()
    for content in (b"long content", b"short"):
        (tmp_path / "a.py").write_bytes(content)
        size = reader.read(str(tmp_path / "a.py"), 100)
        assert bytes(reader.buffer[:size]) == content


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="there is no /proc here")
def test_file_that_has_no_size() -> None:
    reader = Reader()
    size = reader.read("/proc/self/status", 1 << 20)
    assert reader.buffer[:size].startswith(b"Name:")


@pytest.mark.parametrize(("limit", "fits"), [(9, False), (10, True), (11, True)])
def test_limit(tmp_path: Path, limit: int, fits: bool) -> None:
    (tmp_path / "a.py").write_bytes(b"0123456789")
    if fits:
        assert Reader().read(str(tmp_path / "a.py"), limit) == 10
    else:
        with pytest.raises(UnreadableError, match=r"^larger than 9 bytes$"):
            Reader().read(str(tmp_path / "a.py"), limit)


def test_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.py").mkdir()
    os.mkfifo(tmp_path / "f.py")
    os.symlink(tmp_path / "l.py", tmp_path / "l.py")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.py")
    for name, reason in {
        "d.py": "not a regular file",
        "f.py": "not a regular file",
        "l.py": "Too many levels of symbolic links",
        "s.py": "No such device or address",
        "missing.py": "No such file or directory",
        "a\0.py": "embedded null",
        "/dev/zero": "not a regular file",
        "x" * 300: "File name too long",
    }.items():
        with pytest.raises(UnreadableError, match=re.escape(reason)):
            Reader().read(os.path.join(tmp_path, name), 100)
