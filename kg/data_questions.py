"""The verb of the knowledge graph that asks its RDF: SPARQL, read-only, in a process of its own. Standard library only."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from .data_results import FORMATS, DataAnswer, Limits
from .errors import BadQuery

if TYPE_CHECKING:
    from .build import OpenBuild
    from .reader import Reader
    from .sparql import Engine

GRAPH = "graph.nt"


class DataQuestions:
    """Part of :class:`kg.queries.KnowledgeGraph`, which gives the build."""

    _build: OpenBuild
    _reader: Reader
    _engine: Engine | None = None
    _engine_lock = threading.Lock()  # one for all graphs: it is held only to make an object

    def sparql(
        self,
        query: str,
        *,
        format: str | Iterable[str] = (),
        limits: Limits | None = None,
        seconds: float | None = None,
    ) -> DataAnswer:
        """What a SPARQL 1.1 query gives: SELECT, ASK, CONSTRUCT or DESCRIBE over the graph, and nothing that reaches outside it.

        It runs in a process that can open no file and no connection. An answer that was cut says so.

        :param query: up to 4 kB; the prefixes of :func:`kg.data_results.prefixes_of` need not be declared.
        :param format: of the body, one of ``kg.data_results.FORMATS``, or several, of which the first that can hold the result is
            taken; JSON or Turtle if nothing is asked for. :param limits: what it may take. :param seconds: the same for its time alone.
        :raises BadQuery: if it is no query. :raises QueryRefused: if it reaches outside. :raises QueryTooLong: if it is too long.
        :raises QueryTooCostly: if it was stopped. :raises FormatUnfit: if no format fits. :raises EngineDown: if nothing answers.
        """
        formats = (format,) if isinstance(format, str) else tuple(format)
        for form in formats:
            if form not in FORMATS:
                raise BadQuery(f"There is no format {form[:100]!r}.", f"One of: {', '.join(FORMATS)}.")
        limits = limits or Limits()
        return self.data_engine.ask(
            query, formats or tuple(FORMATS), replace(limits, seconds=seconds) if seconds else limits
        )

    @property
    def data_engine(self) -> Engine:
        """What answers :meth:`sparql`. It starts when it is first asked, or by its ``start()``."""
        from .sparql import open_engine

        with DataQuestions._engine_lock:
            if self._engine is None:
                self._engine = open_engine(lambda: self._build.checked(GRAPH), self._reader.terms.base)
            return self._engine

    def _close_engine(self) -> None:
        if self._engine is not None:
            self._engine.close()
