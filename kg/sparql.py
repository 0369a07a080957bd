"""Ask the process that answers SPARQL queries: start it, send, wait no longer than allowed, start it again whatever happened to it.

The process and what it may do are in :mod:`kg.sparql_worker`. Nothing here reads a query or touches RDF.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from . import errors
from .data_results import DataAnswer, Limits
from .errors import EngineDown, KGError, QueryTooCostly
from .sparql_asking import too_much_memory
from .sparql_guard import check_length
from .sparql_worker import DONE, FULL, LATE, LOST, ORDER, READY

PATIENCE = 1.5  # seconds beyond those of the query after which the process counts as hung
_STARTING = 120.0  # seconds in which it must have read the graph, on the slowest machine


class Engine(Protocol):
    """Answers queries. Without formats it only reads one: the body is then the query as a store may be asked it. With *triples*, which a
    store gave for the query, it writes these."""

    def start(self) -> None: ...
    def ask(self, query: str, formats: Sequence[str], limits: Limits, *, triples: str | None = None) -> DataAnswer: ...
    def close(self) -> None: ...


def open_engine(graph: Callable[[], Path], base: str, *, forks: bool | None = None) -> Engine:
    """The engine for this system, not started yet.

    :param graph: gives the N-Triples file, checked anew at each start. :param base: the IRI under which everything is named.
    :param forks: a child for each query, as wherever the system has such; else one process that is killed and started again.
    """
    able = hasattr(os, "fork") and hasattr(socket, "send_fds")
    return ForkedEngine(graph, base) if (able if forks is None else forks) else SpawnedEngine(graph, base)


def _start_worker(graph: Path, base: str, how: str, **options: Any) -> subprocess.Popen[bytes]:
    """The worker in a process and session of its own: what interrupts this one does not reach it."""
    root = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "kg.sparql_worker", str(graph), base, how],
        env={**os.environ, "PYTHONPATH": path},
        stderr=subprocess.DEVNULL,  # an engine that breaks may print the query
        start_new_session=True,
        **options,
    )


def _to_line(query: str, formats: Sequence[str], limits: Limits, triples: str | None) -> bytes:
    asked = {"query": query, "formats": list(formats), "limits": asdict(limits), "triples": triples}
    return json.dumps(asked).encode() + b"\n"


def _from_reply(told: dict[str, Any], body: bytes) -> DataAnswer:
    """:raises KGError: the error that was told."""
    if error := told.get("error"):
        kind = getattr(errors, error["type"], KGError)
        raise kind(error["message"], error["hint"])
    return DataAnswer(told["form"], told["format"], body.decode(), told["count"], told["cut"])


def _too_late(seconds: float) -> QueryTooCostly:
    return QueryTooCostly(
        f"The query was stopped after {seconds:g} seconds.",
        "Join fewer patterns that share no variable, or look at a part: LIMIT alone does not help where everything must be sorted first.",
    )


class _Gone(Exception):
    """The process ended, or never answered."""


class ForkedEngine:
    """A process that forks for each query. Safe to share between threads; each process that uses it gets its own."""

    def __init__(self, graph: Callable[[], Path], base: str) -> None:
        self._graph, self._base = graph, base
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0

    def start(self) -> None:
        """Start the process, unless it runs. :raises EngineDown: if it cannot be started."""
        with self._lock:
            self._started()

    def _started(self) -> socket.socket:
        if self._control is not None and self._owner == os.getpid():
            return self._control
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = _start_worker(
                self._graph(),
                self._base,
                str(theirs.fileno()),
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._control, self._owner = ours, os.getpid()
        ours.settimeout(_STARTING)
        try:
            if ours.recv(len(READY)) == READY:
                return ours
        except OSError:
            pass
        self._stop()
        raise EngineDown("The process that answers queries cannot be started.", "Run: kg build, then try again.")

    def _stop(self) -> None:
        """End the process and whatever child it left."""
        process, control, self._process, self._control = self._process, self._control, None, None
        if control is not None:
            control.close()
        if process is not None and self._owner == os.getpid():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # not waited for yet, so the number is still its own
            process.wait()

    def _restart(self, failed: socket.socket) -> None:
        with self._lock:
            if self._control is failed:  # else another thread has done it
                self._stop()
            self._started()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    def ask(self, query: str, formats: Sequence[str], limits: Limits, *, triples: str | None = None) -> DataAnswer:
        """:raises KGError: what the query did wrong, or that it was stopped."""
        check_length(query, limits.length)
        for _ in range(2):  # once more if the process was gone before it was asked, or was killed while it answered
            with self._lock:
                control = self._started()
            with contextlib.suppress(_Gone):
                return self._exchange(control, _to_line(query, formats, limits, triples), limits)
            self._restart(control)
        raise EngineDown(
            "The process that answers queries ended twice.", "Ask in another way, or try again in a moment."
        )

    def _exchange(self, control: socket.socket, line: bytes, limits: Limits) -> DataAnswer:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, self._lock:
                try:
                    socket.send_fds(control, [ORDER.pack(limits.seconds)], [theirs.fileno()])
                except (OSError, ValueError) as error:
                    raise _Gone from error
            ours.settimeout(limits.seconds + PATIENCE)
            try:
                ours.sendall(line)
                received = _receive(ours, limits)
            except TimeoutError as error:
                self._restart(control)
                raise _too_late(limits.seconds) from error
            except OSError as error:
                raise _Gone from error
        return _read(received, limits)


def _receive(connection: socket.socket, limits: Limits) -> bytes:
    received = bytearray()
    while part := connection.recv(1 << 16):
        received += part
        if len(received) > limits.size + (1 << 16):
            raise EngineDown("The process that answers queries says too much.", "Try again.")
    return bytes(received)


def _read(received: bytes, limits: Limits) -> DataAnswer:
    """What a child wrote, judged by how it ended, which its parent wrote behind it.

    :raises QueryTooCostly: if it was stopped or broke. :raises _Gone: if nobody wrote how it ended: then its parent is gone too.
    """
    answer, ending = received[:-4], received[-4:]
    if ending not in (DONE, LATE, FULL, LOST):
        raise _Gone
    if ending == LATE:
        raise _too_late(limits.seconds)
    line, _, body = answer.partition(b"\n")
    try:
        told = json.loads(line)
        whole = ending == DONE and told["size"] == len(body)
    except ValueError:
        whole = False
    if not whole:
        raise too_much_memory()
    return _from_reply(told, body)


class SpawnedEngine:
    """One process that answers in turn, killed when a query is late and started again for the next."""

    def __init__(self, graph: Callable[[], Path], base: str) -> None:
        self._graph, self._base = graph, base
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process, unless it runs. :raises EngineDown: if it cannot be started."""
        with self._lock:
            self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            self._process = process = _start_worker(self._graph(), self._base, "in-turn", **pipes)
            assert process.stdout
            timer = threading.Timer(_STARTING, process.kill)
            timer.start()
            ready = process.stdout.readline()
            timer.cancel()
            if ready != READY + b"\n":
                self._stop()
                raise EngineDown(
                    "The process that answers queries cannot be started.", "Run: kg build, then try again."
                )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    pipe and pipe.close()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    def ask(self, query: str, formats: Sequence[str], limits: Limits, *, triples: str | None = None) -> DataAnswer:
        """:raises KGError: what the query did wrong, or that it was stopped."""
        check_length(query, limits.length)
        with self._lock:
            for _ in range(2):
                with contextlib.suppress(_Gone):
                    return self._exchange(_to_line(query, formats, limits, triples), limits)
                self._stop()
        raise EngineDown(
            "The process that answers queries ended twice.", "Ask in another way, or try again in a moment."
        )

    def _exchange(self, line: bytes, limits: Limits) -> DataAnswer:
        process = self._started()
        assert process.stdin and process.stdout
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(limits.seconds, stop)
        timer.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            told = json.loads(process.stdout.readline() or b"null")
            body = process.stdout.read(told["size"]) if told else b""
        except (OSError, ValueError):
            told = None
        finally:
            timer.cancel()
        if late.is_set():
            self._stop()
            raise _too_late(limits.seconds)
        if not told:
            raise _Gone
        if told.get("error", {}).get("type") == "QueryTooCostly":
            self._stop()  # memory that was taken is given back
        return _from_reply(told, body)
