"""Questions read from a store of triples instead of the build: each answer by a reader of its own over one graph of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TypeVar

from .config import ONTOLOGY
from .endpoints import Store
from .folders import OpenBuild
from .model import Source
from .reader import Reader
from .store_current import OneGraph, Stores, hold_graph
from .store_snapshot import StoreSnapshot

T = TypeVar("T")
_SOURCES_KEPT = 8


def graph_of(base: str, digest: str) -> str:
    """The name of the graph that holds a build."""
    return f"{base}graph/{digest}"


class StoreReader:
    """Answers from the store. Safe to share between threads."""

    def __init__(self, store: Store, build: OpenBuild, local: Reader) -> None:
        """:param local: a reader of the build, for the vocabulary and all that is no item or link."""
        self.stores = Stores(store)
        self._build, self._local = build, local
        self._own = graph_of(local.terms.base, build.folder.name)
        self._sources: dict[str, dict[str, Source]] = {}

    def close(self) -> None:
        """Let go of the connections."""
        self.stores.close()

    def answer(self, ask: Callable[[Reader], T], *, own: bool = False) -> T:
        """What *ask* gives over the graph in use. :param own: over the one that belongs to this build, to which its search leads.

        :raises StoreDown: if the store does not answer. :raises StoreRefused: if it may not be read.
        """
        return self.stores.answer(lambda one: ask(self._reader(one)), own=self._own if own else "")

    def one_graph(self) -> AbstractContextManager[None]:
        """All answers within are read from one graph: that of this build as long as the store holds it, else the one in use."""
        return hold_graph(self._own)

    @cached_property
    def _order(self) -> list[str]:
        """The properties of nesting in the order of the context, which is that of reading."""
        path = self._build.checked(f"{ONTOLOGY}/context.jsonld")
        context = json.loads(path.read_text(encoding="utf-8"))["@context"]
        keys = self._local.terms.keys
        return [keys[key] for key in context if key in keys]

    def _reader(self, one: OneGraph) -> Reader:
        reader = Reader(StoreSnapshot(one, self._local.snapshot, self._local.terms, self._order))
        reader.terms = self._local.terms
        if one.graph not in self._sources:
            if len(self._sources) >= _SOURCES_KEPT:
                self._sources.clear()
            self._sources[one.graph] = reader.sources
        reader.sources = self._sources[one.graph]  # a graph does not change, and every answer names its source
        return reader
