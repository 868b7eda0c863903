"""Writing over a file: real files, real faults."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Callable

import pytest

from flake8_runsdir.writing import WriteError, create, replace

OLD, NEW = b"x = 1\r\n\xff" * 1000, b"y = 2\n" * 3000
ROOT = getattr(os, "geteuid", lambda: 1)() == 0

pytestmark = pytest.mark.skipif(os.name != "posix", reason="faults are injected as on POSIX")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file with the old content."""
    (tmp_path / "project").mkdir()
    path = tmp_path / "project" / "a.py"
    path.write_bytes(OLD)
    return path


def names(path: Path) -> list[str]:
    """Return the names in the directory of a file."""
    return sorted(os.listdir(path.parent))


def refusal(path: Path, root: Path | None = None) -> str:
    """Return why a file is not written; nothing must have happened to it or beside it."""
    before, beside = os.lstat(path), names(path)
    with pytest.raises(WriteError) as error:
        replace(str(path), OLD, NEW, [str(root or path.parent)])
    after = os.lstat(path)
    assert names(path) == beside
    assert (after.st_ino, after.st_mtime_ns, after.st_mode) == (
        before.st_ino,
        before.st_mtime_ns,
        before.st_mode,
    )
    return str(error.value)


@pytest.mark.parametrize("new", [NEW, b"", b"\n", bytes(5_000_000)])
def test_content_is_replaced(path: Path, new: bytes) -> None:
    replace(str(path), OLD, new, [str(path.parent)])
    assert path.read_bytes() == new
    assert names(path) == ["a.py"]


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o666, 0o222, 0o640, 0o1644])
def test_mode_is_kept(path: Path, mode: int) -> None:
    if not ROOT and not mode & 0o400:
        pytest.skip("cannot be read")
    path.chmod(mode)
    mask = os.umask(0o077)
    try:
        replace(str(path), OLD, NEW, [str(path.parent)])
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(not ROOT, reason="only root can give files away")
def test_owner_is_kept(path: Path) -> None:
    os.chown(path, 12345, 23456)
    replace(str(path), OLD, NEW, [str(path.parent)])
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes")
def test_attributes_are_kept(path: Path) -> None:
    try:
        os.setxattr(path, "user.runsdir", b"\x00\xff")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    replace(str(path), OLD, NEW, [str(path.parent)])
    assert os.getxattr(path, "user.runsdir") == b"\x00\xff"


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes")
def test_attribute_that_cannot_be_copied(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "listxattr", lambda at: [] if isinstance(at, int) else ["user.acl"])
    monkeypatch.setattr(os, "getxattr", lambda *_: b"")
    monkeypatch.setattr(os, "setxattr", fail)
    assert refusal(path) == "cannot be written: Operation not permitted"


def test_symbolic_link_stays(path: Path) -> None:
    link = path.with_name("link.py")
    link.symlink_to("a.py")
    replace(str(link), OLD, NEW, [str(path.parent)])
    assert link.is_symlink()
    assert not path.is_symlink()
    assert path.read_bytes() == NEW


def test_root_may_be_a_link(path: Path) -> None:
    root = path.parent.with_name("root")
    root.symlink_to(path.parent)
    replace(str(root / "a.py"), OLD, NEW, ["/nowhere", str(root)])
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("through", ["the file", "a directory", "dots", "a longer name"])
def test_outside_of_the_roots(path: Path, through: str) -> None:
    outside = path.parent.with_name("project2")
    outside.mkdir()
    (outside / "a.py").write_bytes(OLD)
    spelled = {
        "the file": path.parent / "link.py",
        "a directory": path.parent / "sub" / "a.py",
        "dots": path.parent / ".." / "project2" / "a.py",
        "a longer name": outside / "a.py",
    }[through]
    (path.parent / "link.py").symlink_to(outside / "a.py")
    (path.parent / "sub").symlink_to(outside)
    assert refusal(spelled, path.parent) == "leads out of the project"
    assert (outside / "a.py").read_bytes() == OLD


def hard_link(path: Path) -> None:
    os.link(path, path.with_name("b.py"))


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def loop(path: Path) -> None:
    path.unlink()
    path.symlink_to("a.py")


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        pytest.param(hard_link, "has several names (hard links)", id="hard link"),
        pytest.param(fifo, "is not a regular file", id="fifo"),
        pytest.param(directory, "is not a regular file", id="directory"),
        pytest.param(loop, "is not a regular file", id="a link to itself"),
        pytest.param(lambda path: path.chmod(0o444), "is read-only", id="read-only"),
        pytest.param(
            lambda path: path.chmod(0o4755), "runs with the rights of its owner or group", id="suid"
        ),
        pytest.param(
            lambda path: path.chmod(0o2755), "runs with the rights of its owner or group", id="sgid"
        ),
        pytest.param(
            lambda path: path.write_bytes(OLD + b"\n"), "has been changed meanwhile", id="longer"
        ),
        pytest.param(
            lambda path: path.write_bytes(OLD[:-1]), "has been changed meanwhile", id="shorter"
        ),
    ],
)
def test_refusal(path: Path, prepare: Callable[[Path], None], message: str) -> None:
    prepare(path)
    assert refusal(path) == message


def test_missing_file(path: Path) -> None:
    with pytest.raises(WriteError, match="cannot be written: No such file or directory"):
        replace(str(path) + "x", OLD, NEW, [str(path.parent)])
    assert names(path) == ["a.py"]


def rewrite(path: Path) -> None:
    path.write_bytes(OLD[:-1] + b"!")


def touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def swap(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(OLD)
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


def link_out(path: Path) -> None:
    path.rename(path.parent.with_name("a.py"))
    path.symlink_to("../a.py")


@pytest.mark.parametrize("change", [rewrite, touch, swap, hard_link, link_out, Path.unlink])
def test_change_by_someone_else(
    path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    sync = os.fsync

    def change_meanwhile(descriptor: int) -> None:
        sync(descriptor)
        change(path)

    monkeypatch.setattr(os, "fsync", change_meanwhile)
    with pytest.raises(WriteError, match=r"changed meanwhile|Too many levels|No such file"):
        replace(str(path), OLD, NEW, [str(path.parent)])
    assert not any(name.endswith(".tmp") for name in names(path))
    if change is rewrite:
        assert path.read_bytes() == OLD[:-1] + b"!"


#: The functions of ``os`` that reach the disk.
CALLS = [
    *("access", "close", "fchmod", "fsync", "fstat", "getxattr", "listxattr", "lstat"),
    *("open", "replace", "setxattr", "unlink", "write"),
]


class Fault:
    """Makes the n-th call fail, before or after it is done."""

    def __init__(self, patch: pytest.MonkeyPatch, number: int, error: BaseException) -> None:
        self.left = number
        self._error = error
        self.failed = ""
        for name in CALLS:
            if hasattr(os, name):
                patch.setattr(os, name, self._faulty(name, getattr(os, name)))

    def _faulty(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            self.left -= 1
            if self.left == 0:
                self.failed = name
                if name == "close":
                    function(*arguments)
                raise self._error
            return function(*arguments, **options)

        return call


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    failed = set()
    for number in range(1, 100):
        path = tmp_path / f"{number}" / "a.py"
        path.parent.mkdir()
        path.write_bytes(OLD)
        with monkeypatch.context() as patch:
            fault = Fault(patch, number, error)
            try:
                replace(str(path), OLD, NEW, [str(tmp_path)])
                survived = True
            except (WriteError, KeyboardInterrupt):
                survived = False
        if not fault.failed:
            break
        failed.add(fault.failed)
        assert names(path) == ["a.py"], fault.failed
        is_new = path.read_bytes() == NEW
        assert is_new or path.read_bytes() == OLD, fault.failed
        assert is_new or not survived
    else:
        pytest.fail("the faults have no end")
    assert failed > {"open", "write", "fsync", "fchmod", "replace", "close"}


KILLED = """
import os, signal, sys
from flake8_runsdir.writing import replace

folder, functions = sys.argv[1], sys.argv[2].split()
OLD, NEW = b"old" * 1000, b"new" * 2000


def mortal(function):
    def call(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)

    return call


left = -1
for name in functions:
    if hasattr(os, name):
        setattr(os, name, mortal(getattr(os, name)))
outcomes = []
for number in range(1, 100):
    path = os.path.join(folder, f"{number}.py")
    with open(path, "wb") as file:
        file.write(OLD)
    child = os.fork()
    if not child:
        left = number
        replace(path, OLD, NEW, [folder])
        os._exit(0)
    _, status = os.waitpid(child, 0)
    with open(path, "rb") as file:
        outcomes.append({OLD: "old", NEW: "new"}.get(file.read(), "broken"))
    if status == 0:
        break
    assert os.WTERMSIG(status) == signal.SIGKILL
print(*outcomes)
"""


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own."""
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8")


def test_killed_at_every_call(tmp_path: Path) -> None:
    result = run(KILLED, str(tmp_path), " ".join(CALLS))
    outcomes = result.stdout.split()
    assert (result.returncode, result.stderr) == (0, "")
    assert set(outcomes) == {"old", "new"}
    assert outcomes == sorted(outcomes, reverse=True), "once it is new, it is new"
    assert outcomes.count("old") > 8


ENDED = """
import os, signal, sys
from flake8_runsdir.writing import replace

path, number = sys.argv[1], int(sys.argv[2])
sync = os.fsync


def end(descriptor):
    os.kill(os.getpid(), number)
    sync(descriptor)


os.fsync = end
signal.signal(number, signal.SIG_DFL)
replace(path, b"old", b"new", [os.path.dirname(path)])
print("not reached")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_wait(path: Path, number: signal.Signals) -> None:
    path.write_bytes(b"old")
    result = run(ENDED, str(path), str(int(number)))
    assert (result.returncode, result.stdout, result.stderr) == (-number, "", "")
    assert path.read_bytes() == b"new"
    assert names(path) == ["a.py"]


FULL = """
import resource, sys
from flake8_runsdir.writing import WriteError, create, replace

path = sys.argv[1]
with open(path, "rb") as file:
    old = file.read()
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    replace(path, old, old * 2, [path])
except WriteError as error:
    print(error)
"""


def test_full_disk(path: Path) -> None:
    result = run(FULL, str(path))
    assert (result.stdout, result.stderr) == ("cannot be written: File too large\n", "")
    assert path.read_bytes() == OLD
    assert names(path) == ["a.py"]


@pytest.mark.skipif(ROOT, reason="root may write everywhere")
def test_directory_without_permission(path: Path) -> None:
    path.parent.chmod(0o555)
    try:
        assert refusal(path) == "cannot be written: Permission denied"
    finally:
        path.parent.chmod(0o755)


def test_new_file_is_as_others_of_its_owner(path: Path) -> None:
    new = path.parent / "new" / "directory" / "b.txt"
    mask = os.umask(0o027)
    try:
        create(str(new), NEW)
    finally:
        os.umask(mask)
    assert (new.read_bytes(), names(new)) == (NEW, ["b.txt"])
    assert stat.S_IMODE(new.stat().st_mode) == 0o640


@pytest.mark.parametrize("is_link", [False, True], ids=["a file", "a link to nothing"])
def test_new_file_takes_no_place(path: Path, is_link: bool) -> None:
    if is_link:
        path.unlink()
        path.symlink_to("nothing")
    with pytest.raises(WriteError, match="exists already"):
        create(str(path), NEW)
    assert names(path) == ["a.py"]
    assert path.is_symlink() or path.read_bytes() == OLD
