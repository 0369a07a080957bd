"""Run a server until it is told to stop; then no new connection is taken, what was begun is finished, and the process ends well."""

from __future__ import annotations

import contextlib
import select
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

PATIENCE = 5.0  # seconds for answers under way; a query has two
_LOOK, _STRAGGLERS, _SILENT = 0.05, 0.1, 1.0


def run(server: Any, sockets: dict[int, Any]) -> None:
    """Serve until SIGTERM or SIGINT; a second one ends at once.

    :param server: one of waitress. :param sockets: the map that it was made with.
    """
    with _told_to_stop(server) as stop:
        while not stop.is_set():
            _turn(server, sockets, server.adj.asyncore_loop_timeout)
        _finish(server, sockets)
    server.task_dispatcher.shutdown(timeout=1)
    server.asyncore.close_all(sockets)


@contextlib.contextmanager
def _told_to_stop(server: Any) -> Iterator[threading.Event]:
    stop = threading.Event()

    def tell(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        server.pull_trigger()

    before = {each: signal.signal(each, tell) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _turn(server: Any, sockets: dict[int, Any], patience: float) -> None:
    server.asyncore.loop(timeout=patience, map=sockets, use_poll=server.adj.asyncore_use_poll, count=1)


def _finish(server: Any, sockets: dict[int, Any]) -> None:
    until = time.monotonic() + PATIENCE
    while select.select([server.socket], [], [], 0)[0] and time.monotonic() < until:
        _turn(server, sockets, 0)  # whoever has connected by now is let in
    server.del_channel(sockets)
    server.socket.close()
    quiet_since = time.monotonic()
    while time.monotonic() < min(until, quiet_since + _STRAGGLERS):
        _turn(server, sockets, _LOOK)
        if any(_busy(channel) for channel in list(server.active_channels.values())):
            quiet_since = time.monotonic()


def _busy(channel: Any) -> bool:
    """Whether something is answered, or still being asked: who has said nothing for a second holds nobody up."""
    return bool(
        channel.requests
        or channel.total_outbufs_len
        or (channel.request and time.time() - channel.last_activity < _SILENT)
    )
