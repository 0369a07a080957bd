"""The verbs of the knowledge graph by which a part of it is taken away."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from .config import GRAPH

if TYPE_CHECKING:
    from .explorer import Explorer
    from .folders import OpenBuild
    from .reader import Reader
    from .searching import Searcher
    from .selecting import Selector
    from .subgraph import Subgraph


class TakeQuestions:
    """Part of :class:`kg.queries.KnowledgeGraph`, which gives build, reader, explorer and searcher."""

    _build: OpenBuild
    _reader: Reader

    if TYPE_CHECKING:

        @property
        def _explorer(self) -> Explorer: ...

        @property
        def _searcher(self) -> Searcher: ...

    @cached_property
    def _selector(self) -> Selector:
        from .selecting import Selector

        def search(text: str, limit: int) -> list[str]:
            found = self._searcher.search(text, limit=limit, start=0, chosen={}, infer=True)
            return [hit.id for hit in found.results]

        return Selector(self._reader, self._explorer, search, self._triples_about)

    def _triples_about(self, iris: Iterable[str]) -> str:
        """What the build says of some things, as sorted N-Triples; opened for the moment, so that a part outlives its graph."""
        from .triples import Triples

        triples = Triples(self._build.checked(GRAPH))
        try:
            return triples.about(iris)
        finally:
            triples.close()

    def subgraph(
        self,
        words: Iterable[str],
        *,
        depth: int = 0,
        only: Iterable[str] = (),
        context: bool = True,
        title: str = "",
    ) -> Subgraph:
        """A closed part of the graph: the items that are named, and every link among them, with the sources they come from.

        :param words: any of these. An id: a barrier or harm (or a group of them) with what addresses it, a topic with what is about it,
            anything else with what stands under it. ``item:ID``: that item alone. A kind, a source, a community, or ``everything``.
            ``audience:NAME``: what speaks to these people. ``search:WORDS``: what answers these words. ``path:ID..ID``: the best paths.
        :param depth: how many links further, up to 5. :param only: kinds, relations, sources, and the weakest strength, basis and state
            that are let through; items that are named one by one stay whatever the kinds.
        :param context: with what the items stand under and the topics that they are about. :param title: what people shall call it.
        :raises UnknownItem: if a name is not known. :raises BadQuery: if nothing is selected, or a word or number cannot be used.
        """
        return self._selector.select(words, depth=depth, only=only, context=context, title=title)
