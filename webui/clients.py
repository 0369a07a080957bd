"""How often each client may ask, without knowing who it is: keys that nobody can undo, changed hourly and kept in memory alone."""

from __future__ import annotations

import hmac
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from werkzeug.wrappers import Request

from kg.errors import BadUse

HOUR, MOST_CLIENTS = 3600.0, 20_000
_RATE = re.compile(r"([1-9][0-9]{0,5})(?:/(?:min|minute))?")


def read_rate(text: str) -> int:
    """Requests a minute.

    >>> read_rate("60/minute"), read_rate("60")
    (60, 60)

    :raises BadUse: if it is nothing of the kind.
    """
    if not (found := _RATE.fullmatch(text.strip())):
        raise BadUse(f"The rate {text[:40]!r} cannot be used.", "Write it as 60/minute.")
    return int(found[1])


class Clients:
    """Names for network addresses: the HMAC under a random key that lives for an hour. Nothing is stored, nothing can be looked up."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._secret, self._since = clock, secrets.token_bytes(32), clock()

    def key(self, address: str) -> str:
        """The name of an address for this hour. Of IPv6 the first half counts, which is what one household gets."""
        if self._clock() - self._since >= HOUR:
            self._secret, self._since = secrets.token_bytes(32), self._clock()
        return hmac.digest(self._secret, _network(address).encode(), "sha256").hex()


class Buckets:
    """A token bucket for each key: so many tokens a minute, and no more than a minute's worth saved. Safe to share between threads."""

    def __init__(self, a_minute: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock, self._lock = float(a_minute), clock, threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key -> tokens left, and when that was

    def take(self, key: str, cost: float = 1.0) -> float:
        """Take tokens: 0.0 if there were enough, else the seconds until there are. What costs more than a whole bucket costs all of it."""
        now, cost = self._clock(), min(cost, self._most)
        with self._lock:
            left, when = self._left.pop(key, (self._most, now))
            left = min(self._most, left + (now - when) * self._most / 60)
            enough = left >= cost
            self._left[key] = (left - cost if enough else left, now)
            while len(self._left) > MOST_CLIENTS:
                self._left.popitem(last=False)  # who asked longest ago
        return 0.0 if enough else (cost - left) * 60 / self._most


def address_of(request: Request, header: str | None) -> str:
    """Where a request comes from: the network address, or what a trusted proxy says of it in *header*: its last word counts."""
    told = request.headers.get(header, "") if header else ""
    return told.rpartition(",")[2].strip() or request.remote_addr or ""


def is_loopback(address: str) -> bool:
    """Whether somebody asks from this very machine, as a proxy does that stands before the site.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("192.0.2.1"), is_loopback("")
    (True, True, False, False)
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped) if found.ipv4_mapped else found.exploded[:19]
    return str(found)
