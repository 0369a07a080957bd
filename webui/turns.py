"""Whose turn it is where an answer costs much: one at a time for each client, a few in all. Nobody's address is kept."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from kg.errors import KGError

HOUR = 3600.0


class ClientBusy(KGError):
    """This client has a question running."""

    status = 429


class SiteBusy(KGError):
    """As many questions are running as may."""

    status = 503


class Turns:
    """Counts what runs. A client is a keyed hash of its network address; the key is random, changed every hour and never leaves memory."""

    def __init__(self, *, each: int = 1, in_all: int = 3) -> None:
        self._each, self._in_all = each, in_all
        self._lock = threading.Lock()
        self._running: Counter[bytes] = Counter()
        self._key, self._changed = secrets.token_bytes(32), time.monotonic()

    @contextmanager
    def take(self, address: str) -> Iterator[None]:
        """A turn for as long as the block runs. :raises ClientBusy, SiteBusy: if it has to be waited for."""
        with self._lock:
            client = self._name_of(address)
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

    def _name_of(self, address: str) -> bytes:
        if time.monotonic() - self._changed > HOUR:
            self._key, self._changed = secrets.token_bytes(32), time.monotonic()
        return hmac.digest(self._key, network_of(address).encode(), "sha256")


def network_of(address: str) -> str:
    """What counts as one client: an IPv4 address, or the network of an IPv6 one, of which everybody has very many.

    >>> network_of("2001:db8:1:2:3:4:5:6"), network_of("192.0.2.7"), network_of("::ffff:192.0.2.7"), network_of("unix:")
    ('2001:db8:1:2::/64', '192.0.2.7', '192.0.2.7', '')
    """
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
