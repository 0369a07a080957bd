"""Whose turn it is where an answer costs much: one at a time for each client, a few in all. Nobody's address is kept."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from kg.errors import KGError

from .clients import Clients


class ClientBusy(KGError):
    """This client has a question running. :ivar wait: seconds after which it is worth asking again."""

    status, wait = 429, 1


class SiteBusy(KGError):
    """As many questions are running as may. :ivar wait: seconds after which it is worth asking again."""

    status, wait = 503, 3


class Turns:
    """Counts what runs, by the names that clients have for an hour; see :class:`webui.clients.Clients`."""

    def __init__(self, clients: Clients | None = None, *, each: int = 1, in_all: int = 3) -> None:
        self._clients, self._each, self._in_all = clients or Clients(), each, in_all
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()

    @contextmanager
    def take(self, address: str) -> Iterator[None]:
        """A turn for as long as the block runs. :raises ClientBusy, SiteBusy: if it has to be waited for."""
        with self._lock:
            client = self._clients.key(address)
            if self._running[client] >= self._each:
                raise ClientBusy("Another question of yours is still being answered.", "Wait for it, then ask again.")
            if self._running.total() >= self._in_all:
                raise SiteBusy("As many questions as may be are being answered.", "Ask again in a few seconds.")
            self._running[client] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[client] -= 1
                self._running += Counter()  # forgets whoever has nothing running
