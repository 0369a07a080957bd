"""Real stores of triples to test against, each on a free port of loopback in a folder of its own, and one that answers as badly as it is told."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.endpoints import Store, read_endpoint

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")
VIRTUOSO_INI = Path("/etc/virtuoso-opensource-7/virtuoso.ini")


@dataclass(frozen=True)
class Running:
    """A server that was started here. :ivar query: where it answers queries. :ivar update: its Graph Store endpoint."""

    process: subprocess.Popen[bytes]
    query: str
    update: str

    def store(self, *others: Running, base: str) -> Store:
        """The settings that read it, and others that hold the same after it."""
        found = Store.from_settings(
            " ".join([self.query, *(each.query for each in others)]), self.update, "", base=base
        )
        assert found
        return found

    def kill(self) -> None:
        """As a machine that loses its power."""
        self.process.kill()
        self.process.wait()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes], seconds: float = 30.0) -> None:
    """Until somebody answers at an address, with whatever status."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nobody answers at {address}")


@contextlib.contextmanager
def oxigraph(folder: Path | None = None, *, read_only: bool = False) -> Iterator[Running]:
    """An Oxigraph server. :param folder: where it keeps its triples, else in memory."""
    port = free_port()
    words = ["serve-read-only" if read_only else "serve", "--bind", f"127.0.0.1:{port}", "--timeout-s", "20"]
    process = subprocess.Popen(
        [str(OXIGRAPH), *words, *(["--location", str(folder)] if folder else [])],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/query", process)
        yield Running(process, f"http://127.0.0.1:{port}/query", f"http://127.0.0.1:{port}/store")
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[Running]:
    """A Virtuoso server with its first password, and the limit of rows that it comes with."""
    assert VIRTUOSO
    sql, web = free_port(), free_port()
    text = VIRTUOSO_INI.read_text(encoding="utf-8").replace("/var/lib/virtuoso-opensource-7/db", str(folder))
    text = re.sub(r"(?m)^(ServerPort\s*=) 1111", rf"\1 127.0.0.1:{sql}", text)
    text = re.sub(r"(?m)^(ServerPort\s*=) 8890", rf"\1 127.0.0.1:{web}", text)
    (folder / "virtuoso.ini").write_text(text, encoding="utf-8")
    with (folder / "told.txt").open("wb") as told:
        process = subprocess.Popen(
            [VIRTUOSO, "+foreground", "+configfile", str(folder / "virtuoso.ini")],
            cwd=folder,
            stdout=told,
            stderr=told,
        )
    try:
        wait_for(f"http://127.0.0.1:{web}/sparql", process, 60)
        yield Running(
            process, f"http://127.0.0.1:{web}/sparql", f"http://dba:dba@127.0.0.1:{web}/sparql-graph-crud-auth"
        )
    finally:
        process.kill()
        process.wait()


class Bad:
    """A server that answers every request with the same bytes, or not at all. :ivar asked: how many requests it had."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self._answer, self.asked = answer, 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/query"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Bad:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            socket.create_connection(self._socket.getsockname(), 1).close()
        self._thread.join(5)
        self._socket.close()

    def store(self, base: str, *, after: str = "") -> Store:
        endpoints = tuple(read_endpoint("KG_SPARQL", each) for each in (*after.split(), self.address))
        return Store(endpoints, f"{base}graph/current")

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            if self._over.is_set():
                connection.close()
                return
            self.asked += 1
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            read_request(connection)
            self._answer(connection)

    def wait(self, seconds: float) -> None:
        """Say nothing for so long, or until the test is over."""
        self._over.wait(seconds)


def read_request(connection: socket.socket) -> bytes:
    """A whole request with its body."""
    told = b""
    while b"\r\n\r\n" not in told:
        part = connection.recv(65536)
        if not part:
            return told
        told += part
    head, _, body = told.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def http(
    body: bytes, *, status: str = "200 OK", kind: str = "application/sparql-results+json", length: int = -1
) -> bytes:
    """An answer in bytes. :param length: that it says that it has."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body) if length < 0 else length}\r\n\r\n"
    return head.encode() + body
