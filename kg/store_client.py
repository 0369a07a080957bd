"""What is said to a store of triples: queries by the SPARQL 1.1 Protocol, whole graphs by the Graph Store Protocol. It knows no items.

Every query goes as a form by POST (Virtuoso never answers a bare query), asks for one type of result (SPARQL JSON, or N-Triples for a
graph; it may send another than the first of several), and uses no path of open length (Virtuoso counts some of these wrongly).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from typing import IO, Any
from urllib.parse import urlencode

from .data_results import Cell
from .endpoints import Endpoint
from .errors import StoreDown, StoreRefused
from .store_http import MOST, Channel, Reply

JSON, NTRIPLES = "application/sparql-results+json", "application/n-triples"
_IRI = re.compile(r"""[^<>"{}|^`\\\x00-\x20]+""")
Row = dict[str, Cell]


class Iri(str):
    """An IRI that may stand in a query: it holds nothing that could end it. :raises ValueError: if it does."""

    __slots__ = ()

    def __new__(cls, iri: str) -> Iri:
        if not _IRI.fullmatch(iri):
            raise ValueError("no IRI")
        return super().__new__(cls, iri)


def fill(query: str, **values: Iri | Iterable[Iri]) -> str:
    """A query with values in the places that ``%(name)s`` marks; nothing but IRIs can be put into one.

    >>> fill("ASK { VALUES ?s { %(things)s } ?s ?p %(one)s }", things=[Iri("a:b"), Iri("a:c")], one=Iri("a:d"))
    'ASK { VALUES ?s { <a:b> <a:c> } ?s ?p <a:d> }'
    >>> fill("ASK { %(one)s ?p ?o }", one=Iri("a:b> ?p ?o } #"))
    Traceback (most recent call last):
    ...
    ValueError: no IRI
    """
    told = {}
    for name, value in values.items():
        iris = [value] if isinstance(value, Iri) else list(value)
        if not all(isinstance(iri, Iri) for iri in iris):
            raise TypeError("only IRIs are put into a query")
        told[name] = " ".join(f"<{iri}>" for iri in iris)
    return query % told


class Client:
    """One endpoint of a store. Safe to share between threads."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._channel = Channel(endpoint)
        self.host = endpoint.host

    def close(self) -> None:
        """Let go of the connections."""
        self._channel.close()

    def select(self, query: str, *, until: float, graph: str = "", most: int = MOST) -> list[Row]:
        """The rows of a SELECT. :param graph: the default graph. :param until: see :meth:`Channel.send`.

        :raises StoreDown: if there is no whole answer. :raises StoreRefused: if the store does not take the query.
        """
        _, rows = self.table(query, until=until, graph=graph, most=most)
        return rows

    def table(self, query: str, *, until: float, graph: str = "", most: int = MOST) -> tuple[list[str], list[Row]]:
        """The variables and the rows of a SELECT."""
        told = self._json(query, until, graph, most)
        try:
            names = [str(name) for name in told["head"].get("vars", ())]
            return names, [{name: _to_cell(cell) for name, cell in row.items()} for row in told["results"]["bindings"]]
        except (KeyError, TypeError, AttributeError) as error:
            raise self._unread() from error

    def ask(self, query: str, *, until: float, graph: str = "") -> bool:
        """Yes or no."""
        told = self._json(query, until, graph, MOST).get("boolean")
        if not isinstance(told, bool):
            raise self._unread()
        return told

    def construct(self, query: str, *, until: float, graph: str = "", most: int = MOST) -> list[str]:
        """The lines of N-Triples that a CONSTRUCT or DESCRIBE gives."""
        reply = self._query(query, NTRIPLES, until, graph, most)
        if reply.media_type not in (NTRIPLES, "text/plain", "text/ntriples"):
            raise self._unread()
        try:
            lines = reply.body.decode().splitlines()
        except UnicodeDecodeError as error:
            raise self._unread() from error
        lines = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        if not all(line.endswith(".") for line in lines):
            raise self._unread()
        return lines

    def _json(self, query: str, until: float, graph: str, most: int) -> dict[str, Any]:
        reply = self._query(query, JSON, until, graph, most)
        if reply.media_type not in (JSON, "application/json"):
            raise self._unread()
        try:
            told = json.loads(reply.body)
        except (ValueError, RecursionError) as error:
            raise self._unread() from error
        if not isinstance(told, dict):
            raise self._unread()
        return told

    def _query(self, query: str, wanted: str, until: float, graph: str, most: int) -> Reply:
        form = urlencode({"query": query, **({"default-graph-uri": graph} if graph else {})}).encode()
        heads = {"Accept": wanted, "Content-Type": "application/x-www-form-urlencoded"}
        reply = self._channel.send("POST", body=form, heads=heads, until=until, most=most)
        # Virtuoso says so in a head when it stops before the end, and only there.
        if {"x-sparql-maxrows", "x-sql-state", "x-sql-message"} & reply.heads.keys():
            raise StoreDown(
                "The store gives only a part of the answer.",
                f"The limits of {self.host} are too low: in Virtuoso, ResultSetMaxRows and MaxQueryExecutionTime.",
            )
        return reply

    def _unread(self) -> StoreDown:
        return StoreDown(
            "The store answers with something that is no result of a query.",
            f"See whether {self.host} is a SPARQL endpoint.",
        )


class GraphStore:
    """The endpoint at which whole graphs are put and taken away."""

    def __init__(self, endpoint: Endpoint, *, seconds: float) -> None:
        self._channel, self._seconds = Channel(endpoint), seconds

    def close(self) -> None:
        """Let go of the connections."""
        self._channel.close()

    def put(self, graph: str, ntriples: bytes | IO[bytes]) -> None:
        """Make a graph of these triples, in place of what it held. :raises StoreDown: if that is not said to be done.

        :raises StoreRefused: if it is not allowed.
        """
        self._send("PUT", graph, ntriples, {"Content-Type": NTRIPLES})

    def delete(self, graph: str) -> None:
        """Take a graph away, if it is there."""
        try:
            self._send("DELETE", graph, b"", {})
        except StoreRefused as refused:
            if refused.status_given != 404:
                raise

    def _send(self, method: str, graph: str, body: bytes | IO[bytes], heads: dict[str, str]) -> None:
        until = time.monotonic() + self._seconds
        self._channel.send(method, parameters=urlencode({"graph": graph}), body=body, heads=heads, until=until)


def _to_cell(told: dict[str, str]) -> Cell:
    kind = told["type"]
    if kind not in ("uri", "literal", "typed-literal", "bnode") or not isinstance(told["value"], str):
        raise TypeError(kind)
    return Cell(
        "literal" if kind == "typed-literal" else kind,
        told["value"],
        told.get("xml:lang", ""),
        told.get("datatype", ""),
    )
