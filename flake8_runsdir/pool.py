"""Work on many files, spread over processes that may die without taking anything along.

A worker is a fork of this process: nothing is imported anew, so nothing that lies in the linted
tree can be imported by mistake.  Each takes the next chunk of files from a pipe that holds their
numbers, and answers through a pipe of its own in lines of JSON.  When one dies (old Pythons crash
on some sources), the file that it was at is reported, and a new worker goes on behind it.
"""

from __future__ import annotations

import os
import signal
import struct
from collections.abc import Generator, Iterator, Sequence
from functools import partial
from typing import Any, Callable, NamedTuple, NoReturn

#: Numbers of items that one worker takes at a time.
_CHUNK = 64
_NUMBER = struct.Struct("=i")
#: What fits into a pipe that nobody reads yet: 64 KiB on Linux, less elsewhere.
_MOST_CHUNKS = 4096 // _NUMBER.size
#: What an answer is about: a chunk that has been taken, an item that is begun, an item's value.
_CHUNK_TAKEN, _AT, _TOLD = range(3)


class Outcome(NamedTuple):
    """What came of one item: a JSON value, or ``died``, the way in which its worker ended."""

    number: int
    value: Any
    died: str = ""


#: Works on the item with a number.  ``announce`` must be called before anything dangerous begins;
#: ``None`` says that there is nothing to tell.
Work = Callable[[int, Callable[[], None]], object]


def spread(
    count: int, work: Work, jobs: int, progress: Callable[[int], None] = lambda _: None
) -> Generator[Outcome, None, None]:
    """Yield what ``work`` tells of the items 0 to ``count`` - 1, in the order in which it comes.

    Items of which there is nothing to tell are left out.  ``jobs`` is the number of processes;
    ``progress`` is told how many items are about to be worked on.
    """
    size = max(_CHUNK, -(-count // _MOST_CHUNKS))
    chunks = [range(start, min(start + size, count)) for start in range(0, count, size)]
    tickets, writer = os.pipe()
    os.write(writer, b"".join(_NUMBER.pack(number) for number in range(len(chunks))))
    os.close(writer)
    workers = [_Worker(work, chunks, tickets) for _ in range(max(1, min(jobs, len(chunks))))]
    try:
        yield from _collect(workers, progress)
        # Workers that die on their way from one chunk to the next may leave some behind.
        while ticket := os.read(tickets, _NUMBER.size):
            for number in chunks[_NUMBER.unpack(ticket)[0]]:
                yield Outcome(number, None, "no process left")
    finally:
        os.close(tickets)
        for worker in workers:
            worker.stop()


def alone(work: Work) -> Outcome:
    """Return what ``work`` tells of the one item 0, done in a process of its own."""
    found = list(spread(1, work, jobs=1))
    return found[0] if found else Outcome(0, None)


class _Worker:
    """One process, started again where it died."""

    def __init__(self, work: Work, chunks: Sequence[range], tickets: int) -> None:
        self._work = work
        self._chunks = chunks
        self._tickets = tickets
        #: What the process has taken and not yet passed, and the item that it is at.
        self._rest: Sequence[int] = ()
        self._current: int | None = None
        #: The beginning of an answer, in pieces: there may be megabytes of it.
        self._unread: list[bytes] = []
        self.taken = 0
        self._pid = 0
        self._start()

    def fileno(self) -> int:
        """Return the descriptor of the answers, for a selector."""
        return self._answers

    def outcomes(self) -> Iterator[Outcome]:
        """Yield the answers that have come.  Raises ``EOFError`` when there will be no more."""
        data = os.read(self._answers, 1 << 16)
        if not data:
            yield from self._end()
            return
        *lines, rest = data.split(b"\n")
        if lines:
            lines[0] = b"".join((*self._unread, lines[0]))
            self._unread.clear()
        self._unread.append(rest)
        for line in lines:
            yield from self._answer(line)

    def stop(self) -> None:
        """End the process, if it has not ended yet."""
        if self._pid:
            os.close(self._answers)
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0

    def _start(self) -> None:
        """Fork a process that first works on what is left of the last one's chunk."""
        self._answers, writer = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._answers)
            _serve(self._work, self._chunks, self._tickets, writer, self._rest)
        os.close(writer)

    def _answer(self, line: bytes) -> Iterator[Outcome]:
        import json

        kind, number, *values = json.loads(line)
        if kind == _CHUNK_TAKEN:
            self._rest = self._chunks[number]
            self.taken += len(self._rest)
            return
        self._rest = [other for other in self._rest if other > number]
        self._current = number if kind == _AT else None
        if kind == _TOLD:
            yield Outcome(number, values[0])

    def _end(self) -> Iterator[Outcome]:
        """Yield what the end of the process means; start another one after a death."""
        os.close(self._answers)
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        if status == 0:
            raise EOFError
        if self._current is None:
            # It died where nothing can happen: whatever it had taken is lost with it.
            lost, self._rest = self._rest, ()
        else:
            lost = [self._current]
        for number in lost:
            yield Outcome(number, None, _manner(status))
        if not lost:
            raise EOFError
        self._current = None
        self._unread.clear()
        self._start()


def _collect(workers: Sequence[_Worker], progress: Callable[[int], None]) -> Iterator[Outcome]:
    from selectors import EVENT_READ, DefaultSelector

    taken = 0
    with DefaultSelector() as selector:
        for worker in workers:
            selector.register(worker, EVENT_READ, worker)
        while selector.get_map():
            for key, _ in selector.select():
                worker = key.data
                selector.unregister(key.fd)
                try:
                    yield from worker.outcomes()
                except EOFError:
                    continue
                selector.register(worker, EVENT_READ, worker)
            total = sum(worker.taken for worker in workers)
            progress(total - taken)
            taken = total


def _serve(
    work: Work, chunks: Sequence[range], tickets: int, answers: int, first: Sequence[int]
) -> NoReturn:
    """Be a worker: work until there are no more tickets, then leave without a trace."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        # What the interpreter says when it dies is for nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        _work_on(work, first, answers)
        while ticket := os.read(tickets, _NUMBER.size):
            (number,) = _NUMBER.unpack(ticket)
            _tell(answers, _CHUNK_TAKEN, number)
            _work_on(work, chunks[number], answers)
        code = 0
    finally:
        os._exit(code)


def _work_on(work: Work, numbers: Sequence[int], answers: int) -> None:
    for number in numbers:
        value = work(number, partial(_tell, answers, _AT, number))
        if value is not None:
            _tell(answers, _TOLD, number, value)


def _tell(answers: int, *values: object) -> None:
    import json

    data = json.dumps(values, separators=(",", ":")).encode("ascii") + b"\n"
    while data:
        data = data[os.write(answers, data) :]


def _manner(status: int) -> str:
    """Return how a process ended, in words."""
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return f"exit code {os.WEXITSTATUS(status)}"
