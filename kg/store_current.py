"""Which of several endpoints is asked, and which graph of its store is in use: one of each for a whole answer, never a mixture."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from .endpoints import Store
from .errors import StoreDown, StoreTalks
from .store_client import Client, Iri, Row, fill

HAS_VERSION = Iri("http://purl.org/dc/terms/hasVersion")  # what the one triple of the pointing graph says
TYPE = Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SECONDS = 4.0  # that an answer may take at one endpoint, with all its queries
FRESH = 2.0  # seconds for which is believed which graph is in use
REST = 3.0  # seconds for which an endpoint that failed is asked last, and one that was slow not at all

_POINTED = "SELECT ?graph { GRAPH %(pointing)s { %(pointing)s %(says)s ?graph } } LIMIT 2"
_ANY = "ASK { GRAPH %(graph)s { ?s ?p ?o } }"
_DATA = "ASK { GRAPH %(graph)s { ?s %(type)s ?o } }"
T = TypeVar("T")


@dataclass(slots=True)
class _Held:
    """What several answers have in common. :ivar prefer: the graph that is read if there is one. :ivar graph: the one that is read."""

    prefer: str
    graph: str = ""


_held: ContextVar[_Held | None] = ContextVar("held", default=None)


@contextlib.contextmanager
def hold_graph(prefer: str) -> Iterator[None]:
    """All answers within are read from one graph: *prefer* if the store holds it, else the one in use when the first is asked."""
    token = _held.set(_Held(prefer))
    try:
        yield
    finally:
        _held.reset(token)


@dataclass(slots=True)
class _Endpoint:
    """What is known of one endpoint. :ivar graph: in use there, "" if that is not known. :ivar held: whether graphs
    were seen there, and until when that is believed."""

    client: Client
    rests_until: float = 0.0
    slow: bool = False
    graph: str = ""
    graph_until: float = 0.0
    held: dict[str, tuple[float, bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OneGraph:
    """One graph at one endpoint for one answer. :ivar until: when the answer must stand."""

    client: Client
    graph: Iri
    until: float

    def select(self, query: str) -> list[Row]:
        """The rows of a SELECT, in which ``GRAPH %(graph)s`` has been filled already."""
        return self.client.select(query, until=self.until)


class Stores:
    """The endpoints of a store. Safe to share between threads."""

    def __init__(self, store: Store, *, seconds: float = SECONDS) -> None:
        self.store, self._seconds = store, seconds
        self._endpoints = [_Endpoint(Client(endpoint)) for endpoint in store.query]

    def close(self) -> None:
        """Let go of the connections."""
        for endpoint in self._endpoints:
            endpoint.client.close()

    def answer(
        self, ask: Callable[[OneGraph], T], *, own: str = "", seconds: float | None = None, blame: bool = True
    ) -> T:
        """What *ask* makes of one graph; if the endpoint fails on the way, all of it once more at the next.

        :param own: read this graph and no other; else the one that is in use. :param seconds: that it may take at one endpoint.
        :param blame: whether an endpoint that is slow is at fault; not where somebody else wrote the query.
        :raises StoreDown: if no endpoint gives a whole answer.
        """
        failed: StoreDown | None = None
        held = None if own else _held.get()
        for endpoint in self._in_turn():
            until = time.monotonic() + (seconds or self._seconds)
            try:
                graph = self._choose(endpoint, own, held, until)
                found = ask(OneGraph(endpoint.client, Iri(graph), until))
            except StoreDown as error:
                failed = failed or error
                if not blame and ((error.slow and not error.gone) or isinstance(error, StoreTalks)):
                    raise
                if blame or error.gone:
                    self._let_rest(endpoint, error)
                continue
            endpoint.rests_until, endpoint.slow = 0.0, False
            if held:
                held.graph = graph
            return found
        raise failed or StoreDown("The store did not answer a moment ago.", "Try again in a moment.")

    def _in_turn(self) -> Iterator[_Endpoint]:
        """Those that are well, in order; then those that failed a moment ago, but not those that are known to be slow."""
        now = time.monotonic()
        yield from [endpoint for endpoint in self._endpoints if endpoint.rests_until <= now]
        yield from [endpoint for endpoint in self._endpoints if endpoint.rests_until > now and not endpoint.slow]

    def _let_rest(self, endpoint: _Endpoint, error: StoreDown) -> None:
        endpoint.rests_until, endpoint.slow = time.monotonic() + REST, error.slow

    def _current(self, endpoint: _Endpoint, until: float) -> str:
        """The graph in use at an endpoint. Some stores empty the pointing graph for a moment before they fill it anew: the last one that
        is known counts then, which is kept beside the new one."""
        if endpoint.graph and time.monotonic() < endpoint.graph_until:
            return endpoint.graph
        pointing = self.store.graph
        query = fill(_POINTED, pointing=Iri(pointing), says=HAS_VERSION)
        for pause in (0.0, 0.05, 0.2):
            time.sleep(pause)
            rows = endpoint.client.select(query, until=until)
            found = [row["graph"].text for row in rows if "graph" in row]
            if len(found) == 1:
                break
            if endpoint.graph:
                found = [endpoint.graph]
                break
        else:
            found = [pointing] if endpoint.client.ask(fill(_DATA, graph=Iri(pointing), type=TYPE), until=until) else []
        if len(found) != 1:
            raise StoreDown("The store holds no graph that is in use.", f"Run: kg publish ({endpoint.client.host})")
        endpoint.graph, endpoint.graph_until = found[0], time.monotonic() + FRESH
        return found[0]

    def _choose(self, endpoint: _Endpoint, own: str, held: _Held | None, until: float) -> str:
        wanted = own or (held.graph if held else "")
        if wanted and not self._holds(endpoint, wanted, until):
            raise StoreDown(
                "The store does not hold the graph that belongs to this build and its search.",
                "Run: kg publish, or take over the newer build.",
            )
        if not wanted and held and self._holds(endpoint, held.prefer, until):
            return held.prefer
        return wanted or self._current(endpoint, until)

    def _holds(self, endpoint: _Endpoint, graph: str, until: float) -> bool:
        """Whether an endpoint holds a graph; believed for a while."""
        moment, found = endpoint.held.get(graph, (0.0, False))
        if moment < time.monotonic():
            found = self._has(endpoint, graph, until)
            endpoint.held = {**endpoint.held, graph: (time.monotonic() + FRESH, found)}
            if len(endpoint.held) > 16:
                endpoint.held = {graph: endpoint.held[graph]}
        return found

    def _has(self, endpoint: _Endpoint, graph: str, until: float) -> bool:
        return endpoint.client.ask(fill(_ANY, graph=Iri(graph)), until=until)
