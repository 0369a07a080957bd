"""The web server: waitress, tuned to outlive slow and greedy clients, with no access log and nothing of a visitor in any log."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import sys
from pathlib import Path
from typing import Any

from flask import Flask

from kg.queries import KnowledgeGraph

from . import DEFAULTS, create_app
from .renewing import Renewed
from .safety import HEADERS
from .stopping import run

# Measured against silent, slow and oversized requests (tests/test_web_safety.py holds the figures). Threads: an answer is some
# milliseconds of Python, which runs one at a time, so eight are for those who wait for the disk, not for speed; more cores take more
# processes (docs/serving.md). connection_limit: waitress takes no further connection beyond it, and silent ones count. waitress's own
# body limit stands above the application's, so that the application refuses first, with all its headers.
TUNING = {
    "threads": 8,
    "connection_limit": 1000,
    "channel_timeout": 15,
    "cleanup_interval": 5,
    "asyncore_use_poll": True,
    "max_request_header_size": 16_384,
    "max_request_body_size": 128 * 1024,
    "ident": None,
}


def harden_waitress() -> None:
    """Put our headers on what waitress itself refuses (no HTTP, too long a head or body), and keep it from logging addresses."""
    from waitress.channel import HTTPChannel
    from waitress.task import ErrorTask

    class Refusal(ErrorTask):  # type: ignore[misc]
        def execute(self) -> None:
            self.response_headers.extend([*HEADERS.items(), ("Cache-Control", "no-store")])
            super().execute()

    HTTPChannel.error_task_class = Refusal
    logging.getLogger("waitress").setLevel(logging.CRITICAL)  # of a fault it would log the address and a traceback


def share_heaps() -> None:
    """Let threads share two heaps. By itself glibc gives each thread its own, and each stays as large as the largest answer made there:
    20 to 30 MB after a thousand attacks (benchmarks/guards_heavy.py)."""
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX


def serve_forever(
    knowledge: KnowledgeGraph,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    names: tuple[str, ...] = (),
    sources: Path | None = None,
    leave: str | None = None,
    rate: int | None = None,
    client_header: str | None = None,
) -> None:
    """Serve until told to stop (SIGTERM, Ctrl+C): then finish what was begun. A new build is served as soon as it is there.

    :param names: host names under which visitors reach the site, beside those of this machine; others are refused.
    :param sources: the operator's own copies of the documents, to show printed passages.
    :param rate: how many requests of the API one client may make in a minute; None for as many as it likes.
    :param leave: where "Leave this page" goes, if not to the usual page: harmless, quick, and the same for everybody.
    :param client_header: the header in which a proxy tells the address of a visitor, of whom one SPARQL query runs at a time.
    """
    from waitress import create_server

    trusted = [*DEFAULTS["TRUSTED_HOSTS"], host, *names]  # type: ignore[misc]
    harden_waitress()
    share_heaps()
    settings = {"TRUSTED_HOSTS": trusted, "SOURCES": sources, "RATE": rate, "CLIENT_HEADER": client_header}

    def make(knowledge: KnowledgeGraph) -> Flask:
        knowledge.verify()
        knowledge.data_engine.start()
        knowledge.suggest("an", limit=1)  # opens the index, for which the first visitor should not wait
        return create_app(knowledge, LEAVE_URL=leave or DEFAULTS["LEAVE_URL"], **settings)

    site, sockets = Renewed(knowledge, make), dict[int, Any]()
    server = create_server(site, host=host, port=port, map=sockets, **TUNING)
    print(f"Serving on http://{host}:{port} (stop with Ctrl+C)", file=sys.stderr, flush=True)
    with site.watching():
        run(server, sockets)
