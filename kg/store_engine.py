"""SPARQL queries of visitors, asked of a store: guarded here, in bounded time and size, over the one graph in use.

What reads and what writes is the process that answers queries from a build (:mod:`kg.sparql_worker`), whose children may open no file and
no socket: it gives back the query as it may run, and turns the triples that the store gave into what was asked for. Only the question
itself goes to the store. How long that works on it after it was given up is the store's to limit (docs/scaling.md).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from .data_results import Cell, DataAnswer, Limits
from .errors import BadQuery, QueryTooCostly, StoreDown, StoreRefused, StoreTalks
from .sparql import Engine, open_engine
from .sparql_asking import fitting
from .sparql_results import write_rows, write_truth
from .store_current import OneGraph, Stores

_ROOM = 8  # a store writes its results at more length than they are given out here
_STRING = "http://www.w3.org/2001/XMLSchema#string"


class StoreEngine:
    """Answers queries from a store. Safe to share between threads."""

    def __init__(self, stores: Stores, base: str) -> None:
        self._stores = stores
        self._reader: Engine = open_engine(lambda: Path(os.devnull), base)

    def start(self) -> None:
        """Start the process that reads and writes. :raises EngineDown: if it cannot be started."""
        self._reader.start()

    def close(self) -> None:
        """End it."""
        self._reader.close()

    def ask(self, query: str, formats: Sequence[str], limits: Limits, *, triples: str | None = None) -> DataAnswer:
        """:raises KGError: what the query did wrong, that it was stopped, or that the store does not answer."""
        read = self._reader.ask(query, (), limits)
        form, most = fitting(list(formats), graph=read.form == "graph"), limits.size * _ROOM

        def ask(one: OneGraph) -> DataAnswer | list[str]:
            client, until, graph = one.client, one.until, str(one.graph)
            if read.form == "truth":
                return write_truth(client.ask(read.body, until=until, graph=graph), form)
            if read.form == "graph":
                return client.construct(read.body, most=most, until=until, graph=graph)
            names, rows = client.table(read.body, most=most, until=until, graph=graph)
            cells = ([_to_plain(row.get(name)) for name in names] for row in rows)
            return write_rows(names, cells, form, most=limits.rows, size=limits.size)

        try:
            found = self._stores.answer(ask, seconds=limits.seconds, blame=False)
        except StoreTalks as talks:
            raise QueryTooCostly("The answer is larger than is read.", "Add LIMIT, or ask for less.") from talks
        except StoreDown as down:
            if not down.slow or down.gone:
                raise
            raise QueryTooCostly(
                f"The query was stopped after {limits.seconds:g} seconds.",
                "Join fewer patterns that share no variable, or look at a part.",
            ) from down
        except StoreRefused as refused:
            if refused.status_given != 400:
                raise
            raise BadQuery("The store does not take this query.", "Ask in another way.") from refused
        if isinstance(found, DataAnswer):
            return found
        return self._reader.ask(query, [form], limits, triples="".join(f"{line}\n" for line in found))


def _to_plain(cell: Cell | None) -> Cell | None:
    """A term as our own engine tells it: a plain text without its datatype."""
    return cell._replace(datatype="") if cell and cell.datatype == _STRING else cell
