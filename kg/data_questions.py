"""The verb of the knowledge graph that asks its RDF: SPARQL, read-only, in a process of its own. Standard library only."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from .config import GRAPH, Config
from .errors import BadQuery
from .reader import Reader, to_brief

if TYPE_CHECKING:
    from .data_results import DataAnswer, Limits, Sample
    from .folders import OpenBuild
    from .sparql import Engine
    from .store_reading import StoreReader
    from .view_results import View


class DataQuestions:
    """Part of :class:`kg.queries.KnowledgeGraph`, which gives the build."""

    _build: OpenBuild
    _reader: Reader
    _store: StoreReader | None = None
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

        It runs in a process that can open no file and no connection; with a store set, that process guards it and the store answers. An
        answer that was cut says so.

        :param query: up to 4 kB; the prefixes of :func:`kg.data_results.prefixes_of` need not be declared.
        :param format: of the body, one of ``kg.data_results.FORMATS``, or several, of which the first that can hold the result is
            taken; JSON or Turtle if nothing is asked for. :param limits: what it may take. :param seconds: the same for its time alone.
        :raises BadQuery: if it is no query. :raises QueryRefused: if it reaches outside. :raises QueryTooLong: if it is too long.
        :raises QueryTooCostly: if it was stopped. :raises FormatUnfit: if no format fits. :raises EngineDown: if nothing answers.
        """
        from .data_results import FORMATS, Limits

        formats = (format,) if isinstance(format, str) else tuple(format)
        for form in formats:
            if form not in FORMATS:
                raise BadQuery(f"There is no format {form[:100]!r}.", f"One of: {', '.join(FORMATS)}.")
        limits = limits or Limits()
        return self.data_engine.ask(
            query, formats or tuple(FORMATS), replace(limits, seconds=seconds) if seconds else limits
        )

    @cached_property
    def samples(self) -> tuple[Sample, ...]:
        """Queries to begin with, each with the question that it asks; none if this installation has none."""
        from .samples import read_samples

        return read_samples(Config.find().ontology / "queries", self._reader.terms.base)

    def picture_of(self, pairs: Iterable[tuple[str, str]]) -> View:
        """Items that some pairs join, with places, to be drawn as :meth:`view` is: what joins them are the pairs and nothing else.

        :raises UnknownItem: if one is not there.
        """
        from .findings import Step
        from .positions import find_places
        from .view_results import Seen, View

        ties = list(pairs)
        items = [to_brief(self._reader.item(name)) for name in dict.fromkeys(name for pair in ties for name in pair)]
        named, places = {item.id: item for item in items}, find_places([item.id for item in items], ties)
        degree = Counter(name for pair in ties for name in pair)
        return View(
            tuple(
                Seen(each.id, each.kind, each.label, "", "", {}, *places[each.id], degree[each.id], 0, False)
                for each in items
            ),
            tuple(Step(named[a], named[b], "", "out", "", "", strength="direct") for a, b in ties),
            0,
            0,
            {},
            {},
        )

    @property
    def data_engine(self) -> Engine:
        """What answers :meth:`sparql`. It starts when it is first asked, or by its ``start()``."""
        from .sparql import open_engine

        with DataQuestions._engine_lock:
            if self._engine is None and self._store is not None:
                from .store_engine import StoreEngine

                self._engine = StoreEngine(self._store.stores, self._reader.terms.base)
            elif self._engine is None:
                self._engine = open_engine(lambda: self._build.checked(GRAPH), self._reader.terms.base)
            return self._engine

    def _close_engine(self) -> None:
        if self._engine is not None:
            self._engine.close()
