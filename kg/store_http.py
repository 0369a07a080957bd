"""One request to one endpoint of a store: in bounded time and size, to no other address, and whole or not at all.

Own code over ``http.client``: what clients of the field offer has no limit to the time of a whole answer. rdflib's ``SPARQLStore`` has no
time limit at all, reads an answer of any size, follows redirects to anywhere, and gives of an error a tuple that breaks elsewhere;
``requests``, ``httpx`` and ``urllib3`` limit each wait for bytes, so that a server that gives one byte a second holds them for ever. Here
a timer shuts the socket down when the time is up, whatever is going on.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import ssl
import threading
import time
import urllib.request
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import IO
from urllib.parse import urlsplit

from .endpoints import Endpoint
from .errors import StoreDown, StoreRefused, StoreTalks

CONNECT = 2.0  # seconds in which a connection must stand
MOST = 32 << 20  # bytes of an answer
_KEPT, _IDLE = 8, 10.0  # connections that stay open, and seconds for which they may wait
Body = bytes | IO[bytes]


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. :ivar heads: by names in small letters."""

    status: int
    heads: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """Its media type, without parameters."""
        return self.heads.get("content-type", "").partition(";")[0].strip().lower()


class _Stale(Exception):
    """A connection that had been kept was closed by the other side before it answered."""


class Channel:
    """Requests to one endpoint. Safe to share between threads; a few connections stay open."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._parts = urlsplit(endpoint.url)
        self._kept: deque[tuple[http.client.HTTPConnection, float]] = deque()
        self._challenge = ""  # how the endpoint wants to be told the password, once it asked

    def close(self) -> None:
        """Let go of the connections."""
        with contextlib.suppress(IndexError):
            while True:
                self._kept.pop()[0].close()

    def send(
        self,
        method: str,
        *,
        parameters: str = "",
        body: Body = b"",
        heads: Mapping[str, str] | None = None,
        until: float,
        most: int = MOST,
    ) -> Reply:
        """Send, and read the whole answer, of any status below 300.

        :param parameters: put into the address, encoded. :param body: bytes, or a file that is read as it is sent.
        :param until: the moment of ``time.monotonic()`` at which it is given up. :param most: bytes that are read.
        :raises StoreDown: if there is no whole answer by then, or one of 500 and above. :raises StoreRefused: for the rest.
        """
        target = self._target(parameters)
        wanted = {"User-Agent": "survivor-leadership-kg", **(heads or {})}
        if self.endpoint.login and not self._challenge and not isinstance(body, bytes):
            # Asked for its password without the body, so that a large one is not sent twice.
            self._remember(self._once("HEAD", target, b"", wanted, until, most))
        reply = self._once(method, target, body, wanted, until, most)
        if reply.status == 401 and self.endpoint.login and self._remember(reply):
            if not isinstance(body, bytes):
                body.seek(0)
            reply = self._once(method, target, body, wanted, until, most)
        return self._judged(reply)

    def _target(self, parameters: str) -> str:
        query = "&".join(filter(None, [self._parts.query, parameters]))
        return (self._parts.path or "/") + (f"?{query}" if query else "")

    def _judged(self, reply: Reply) -> Reply:
        host, status = self.endpoint.host, reply.status
        if status >= 500 or status == 429:
            raise StoreDown(f"The store answers with status {status}.", f"Try again in a moment, or look at {host}.")
        if 300 <= status < 400:
            raise StoreRefused(
                "The store sends on to another address, and only the one that was set is asked.",
                f"Set the address at which {host} answers itself.",
                status,
            )
        if status in (401, 403):
            raise StoreRefused(
                f"The store does not allow this (status {status}).",
                f"Check KG_SPARQL_USER and KG_SPARQL_PASSWORD, and what they may do at {host}.",
                status,
            )
        if status >= 400:
            raise StoreRefused(
                f"The store does not do this (status {status}).", f"Check KG_SPARQL and KG_SPARQL_GSP ({host}).", status
            )
        return reply

    # ---- who asks ----

    def _remember(self, reply: Reply) -> bool:
        """Keep how the endpoint wants to be told the password; whether it says something that was not tried."""
        found = reply.heads.get("www-authenticate", "")
        known, self._challenge = self._challenge, found
        return found.lower().startswith(("digest ", "basic")) and (found != known or "stale=" in found)

    def _authorization(self, method: str, target: str) -> dict[str, str]:
        login = self.endpoint.login
        if not login or not self._challenge:
            return {}
        scheme, _, rest = self._challenge.partition(" ")
        if scheme.lower() == "basic":
            return {"Authorization": "Basic " + base64.b64encode(":".join(login).encode()).decode()}
        address = f"{self._parts.scheme}://{self._parts.netloc}{target}"
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, address, *login)
        handler = urllib.request.HTTPDigestAuthHandler(passwords)
        asked = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
        told = handler.get_authorization(urllib.request.Request(address, method=method), asked)  # noqa: S310 - opens nothing
        return {"Authorization": f"Digest {told}"} if told else {}

    # ---- one exchange ----

    def _once(self, method: str, target: str, body: Body, heads: Mapping[str, str], until: float, most: int) -> Reply:
        every = {**heads, **self._authorization(method, target)}
        if not isinstance(body, bytes):
            place = body.seek(0, 2)
            body.seek(0)
            every["Content-Length"] = str(place)
        for fresh in (False, True):  # once more if a connection that was kept proves dead
            try:
                connection, kept = self._connection(until, fresh)
                return self._exchange(connection, kept, method, target, body, every, until, most)
            except _Stale:
                if not isinstance(body, bytes):
                    body.seek(0)
        raise AssertionError("a fresh connection is never stale")

    def _connection(self, until: float, fresh: bool) -> tuple[http.client.HTTPConnection, bool]:
        """A connection that stands, and whether it was kept."""
        with contextlib.suppress(IndexError):
            while not fresh:
                kept, since = self._kept.pop()
                # What can be read on a connection that waits is its end, or a complaint of the server that it waited too long, which
                # would pass for the answer to the next request.
                if time.monotonic() - since < _IDLE and not wait([kept.sock], 0):
                    return kept, True
                kept.close()
        host, port = self._parts.hostname or "", self._parts.port
        seconds = max(min(CONNECT, until - time.monotonic()), 0.01)
        connection: http.client.HTTPConnection
        if self._parts.scheme == "https":
            connection = http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
        else:
            connection = http.client.HTTPConnection(host, port, timeout=seconds)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            slow = isinstance(error, TimeoutError)
            raise StoreDown(
                "The store cannot be reached.", f"See whether it runs at {self.endpoint.host}.", slow=slow, gone=True
            ) from error
        return connection, False

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        was_kept: bool,
        method: str,
        target: str,
        body: Body,
        heads: Mapping[str, str],
        until: float,
        most: int,
    ) -> Reply:
        open_socket, late, keep, opened = connection.sock, threading.Event(), False, contextlib.ExitStack()

        def give_up() -> None:
            late.set()
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(max(until - time.monotonic(), 0), give_up)
        timer.daemon = True
        timer.start()
        try:
            open_socket.settimeout(None)  # the timer alone says when it is over
            sent = False
            with contextlib.suppress(
                BrokenPipeError, ConnectionResetError
            ):  # who refuses may say so before it has read all
                connection.request(method, target, body=body or None, headers=dict(heads))
                sent = True
            response = opened.enter_context(contextlib.closing(connection.getresponse()))
            sized = response.chunked or response.length is not None
            told = response.read(most + 1)
            whole = sized and not response.length and (sent or response.status >= 400)
            if late.is_set():
                raise TimeoutError
            if len(told) > most:
                raise StoreTalks(f"The store answers with more than {most >> 20} MB.", "Ask for less.")
            if not whole:
                raise http.client.IncompleteRead(told)
            if response.getheader("Content-Encoding", "identity") != "identity":
                raise http.client.HTTPException("packed")
            keep = not response.will_close
            return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, told)
        except (OSError, http.client.HTTPException) as error:
            early = isinstance(error, (http.client.RemoteDisconnected, ConnectionError))
            if early and was_kept and not late.is_set():
                raise _Stale from error
            raise self._broken(late.is_set(), early) from error
        finally:
            timer.cancel()
            opened.close()
            if keep and len(self._kept) < _KEPT and not late.is_set():
                self._kept.append((connection, time.monotonic()))
            else:
                connection.close()

    def _broken(self, late: bool, early: bool) -> StoreDown:
        hint = f"Try again in a moment, or look at {self.endpoint.host}."
        if late:
            return StoreDown("The store did not answer in time.", hint, slow=True)
        if early:
            return StoreDown("The store closed the connection and gave no answer.", hint, gone=True)
        return StoreDown("The store gave half an answer, or none that is HTTP.", hint)
