"""The process that answers SPARQL queries, `python -m kg.sparql_worker`: loads the graph once, then one fork for each query, or none.

With forks: single-threaded; each query runs in a child of its own that can open no file and no socket, may take so much memory and
processor time, and is killed when its time is up. The child reads, guards, asks and writes; this process only starts, stops and buries.
Without forks (Windows): it answers one query after the other, and who started it kills it when the time is up.

Nothing is ever written to standard error but by Python itself before the first query, so that no word of a query can stand in a log.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .data_results import Limits
from .sparql_asking import Worker

ORDER = struct.Struct("!d")  # what comes with a connection: the seconds that the query has
DONE, LATE, FULL, LOST = b"DONE", b"LATE", b"FULL", b"LOST"  # how a child ended, the last bytes of every answer
READY = b"READY"

# ---- one fork for each query ----


@dataclass(slots=True)
class _Child:
    connection: socket.socket
    deadline: float
    late: bool = False


class ForkServer:
    """Takes connections, forks for each, kills what is late, buries what ended."""

    def __init__(self, worker: Worker, control: socket.socket) -> None:
        self._worker, self._control = worker, control
        self._children: dict[int, _Child] = {}
        self._wake, wakes = socket.socketpair()
        self._wake.setblocking(False)
        wakes.setblocking(False)
        self._wakes = wakes
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> None:
        """Until whoever started this process is gone."""
        gc.collect()
        gc.freeze()  # so that no child copies pages only to count references
        self._control.sendall(READY)
        try:
            while self._take_one():
                self._stop_late()
                self._bury()
        finally:
            for pid in self._children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _take_one(self) -> bool:
        waits = [child.deadline for child in self._children.values() if not child.late]
        patience = max(min(waits) - time.monotonic(), 0) if waits else None
        ready, _, _ = select.select([self._control, self._wake], [], [], patience)
        if self._wake in ready:
            with contextlib.suppress(BlockingIOError):
                self._wake.recv(4096)
        if self._control not in ready:
            return True
        order, handles, _, _ = socket.recv_fds(self._control, ORDER.size, 1)
        if len(order) != ORDER.size or not handles:
            return False
        self._start(socket.socket(fileno=handles[0]), ORDER.unpack(order)[0])
        return True

    def _start(self, connection: socket.socket, seconds: float) -> None:
        try:
            pid = os.fork()
        except OSError:  # no more processes
            _end(connection, LOST)
            return
        if pid == 0:
            try:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _run_child(self._worker, connection, seconds)
            finally:
                os._exit(0)
        self._children[pid] = _Child(connection, time.monotonic() + seconds)

    def _stop_late(self) -> None:
        for pid, child in self._children.items():
            if not child.late and time.monotonic() >= child.deadline:
                child.late = True
                os.kill(pid, signal.SIGKILL)  # not buried yet, so the number is still its own

    def _bury(self) -> None:
        for pid in list(self._children):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                child = self._children.pop(pid)
                _end(child.connection, LATE if child.late else _ending(status))


def _ending(status: int) -> bytes:
    if not os.WIFSIGNALED(status):
        return DONE
    by = os.WTERMSIG(status)
    if by == signal.SIGXCPU:
        return LATE
    return FULL if by in (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS) else LOST


def _end(connection: socket.socket, how: bytes) -> None:
    with contextlib.suppress(OSError):
        connection.send(how, getattr(socket, "MSG_DONTWAIT", 0))
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _run_child(worker: Worker, connection: socket.socket, seconds: float) -> None:
    kept = connection.fileno()
    os.closerange(3, kept)  # the connections of others are none of its business
    os.closerange(kept + 1, 1024)
    os.nice(5)  # pages for people come first
    gc.disable()  # it lives for moments, and collecting copies pages
    with connection.makefile("rb") as lines:
        request = json.loads(lines.readline())
    limit_process(Limits(**request["limits"]).memory, seconds)
    connection.sendall(worker.reply(request))


def limit_process(memory: int, seconds: float | None = None) -> None:
    """No new file or socket, no core dump, no more memory than this beyond what there is, and so much processor time."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_size_of_process() + memory,) * 2)
    if seconds is not None:
        most = int(seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))  # last: the size is read from a file


def _size_of_process() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 1 << 30  # no /proc, as on a Mac: room for what there is


# ---- one query after the other ----


def serve_in_turn(worker: Worker) -> None:
    """A request a line on standard input, an answer each on standard output, until the input ends."""
    out = sys.stdout.buffer
    limited = False
    out.write(READY + b"\n")
    out.flush()
    for request in _requests():
        if not limited:
            limit_process(Limits(**request["limits"]).memory)
            limited = True
        out.write(worker.reply(request))
        out.flush()


def _requests() -> Iterator[dict[str, Any]]:
    for line in sys.stdin.buffer:
        yield json.loads(line)


def main() -> None:
    """Load the graph that the first argument names; serve as the others say."""
    graph, base, how = sys.argv[1:4]
    worker = Worker(Path(graph), base)
    if how == "in-turn":
        serve_in_turn(worker)
    else:
        ForkServer(worker, socket.socket(fileno=int(how))).serve()


if __name__ == "__main__":
    main()
