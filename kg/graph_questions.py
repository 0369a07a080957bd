"""The questions of shape that KnowledgeGraph answers: links, paths, neighbourhoods, rankings, communities. One verb a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from .errors import UnknownItem
from .reader import Reader, to_brief
from .results import Brief

if TYPE_CHECKING:
    from .explorer import Explorer
    from .findings import Communities, LinkRecord, NearestPaths, Neighbourhood, Paths, Ranking, Step
    from .positions import Place
    from .store_reading import StoreReader
    from .ties import Ties
    from .view_results import View


class GraphQuestions:
    """Verbs over the links of one build."""

    _reader: Reader
    _store: StoreReader | None = None

    if TYPE_CHECKING:

        @property
        def _ties(self) -> Ties: ...

    @cached_property
    def _explorer(self) -> Explorer:
        from .explorer import Explorer  # networkx takes most of the time of a cold start

        return Explorer(self._reader, self._ties)

    def briefs(self, ids: Iterable[str]) -> tuple[Brief, ...]:
        """Items by name, in the order asked for. :raises UnknownItem: if one is not there, with ids that are near."""
        return tuple(to_brief(self._reader.item(item)) for item in ids)

    def links(self, ids: Iterable[str]) -> tuple[Step, ...]:
        """Curated links by their ids, each told as it points. :raises UnknownItem: if one is not there."""
        from .telling import to_step

        told = []
        for name in ids:
            if not (link := self._reader.snapshot.find_link(name)):
                raise UnknownItem(
                    f"No link {name[:100]!r}.",
                    "Links are listed with the items that they join: search for one of these.",
                )
            told.append(to_step(self._reader.terms, link, *self.briefs([link.start, link.end])))
        return tuple(told)

    def link(self, name: str) -> LinkRecord:
        """One curated link with its whole record. :raises UnknownItem: if there is none of this id, with ids that are near."""
        import difflib

        from .telling import to_record

        if not (link := self._reader.snapshot.find_link(name)):
            near = tuple(difflib.get_close_matches(name[:200], self._reader.snapshot.link_ids(), n=3))
            hint = (
                f"Near it: {', '.join(near)}." if near else "The id of a link is: ITEM--RELATION--ITEM. Try: kg show ID"
            )
            raise UnknownItem(f"No link {name[:200]!r}.", hint, near)
        return to_record(self._reader.terms, link, *self.briefs([link.start, link.end]))

    def paths(
        self,
        start: str,
        end: str,
        *,
        via: Iterable[str] = (),
        max_length: int = 4,
        limit: int | None = None,
        hubs: bool = False,
        relations: Iterable[str] = (),
        without: Iterable[str] = (),
        at_least: Iterable[str] = (),
    ) -> Paths | NearestPaths:
        """How two items hang together: the few best paths between them, each told; or from every item of a kind to what is nearest.

        Links are walked either way. No path passes through items that only gather others. Direct, stated and reviewed links are
        preferred, see :data:`kg.network.COSTS`; each further path passes through something new.

        :param start: an id, or a kind to start from each of its items. :param end: an id, or a kind to reach the nearest of its items.
        :param via: kinds that a path must pass through, one item of each. :param max_length: at most so many links, up to 6.
        :param limit: how many paths between two items (3), or how many ends for each start (1).
        :param hubs: pass through themes, goals, topics and the like too. :param relations: only these relations; ``isPartOf`` is nesting,
            ``subject`` a topic. :param without: kinds and relations to leave out; the ends may be of such a kind.
        :param at_least: the weakest strength, basis and state that count, such as ``["direct", "implied", "checked"]``.
        :returns: :class:`Paths` between two items, which says why if there is none; :class:`NearestPaths` if an end is a kind.
        :raises UnknownItem: if an end is neither an item nor a kind. :raises BadQuery: if the ends are equal or an option cannot be met.
        """
        options = {"relations": relations, "without": without, "at_least": at_least}
        return self._explorer.paths(start, end, via=via, max_length=max_length, limit=limit, hubs=hubs, **options)

    def neighbours(
        self,
        item_id: str,
        *,
        depth: int = 2,
        kinds: Iterable[str] = (),
        relations: Iterable[str] = (),
        limit: int = 10,
        hubs: bool = False,
    ) -> Neighbourhood:
        """What stands around an item, ring by ring, the most convincing links first, with counts of what is left out.

        :param depth: how many rings, up to 5. :param kinds: only items of these kinds. :param relations: only by these relations.
        :param limit: how many items of each ring are shown; the next ring starts from these. :param hubs: themes, topics and the like too.
        :raises UnknownItem: if there is no such item. :raises BadQuery: if a kind, relation or number cannot be used.
        """
        if self._store is not None:
            from .store_neighbours import find_neighbourhood

            chosen, followed = list(kinds), list(relations)  # an answer may be begun again at another endpoint
            return self._store.answer(
                lambda reader: find_neighbourhood(
                    reader, item_id, depth=depth, kinds=chosen, relations=followed, limit=limit, hubs=hubs
                )
            )
        return self._explorer.neighbours(item_id, depth=depth, kinds=kinds, relations=relations, limit=limit, hubs=hubs)

    def rank(
        self,
        measure: str = "degree",
        *,
        kind: str | None = None,
        relation: str | None = None,
        limit: int = 10,
        start: int = 0,
    ) -> Ranking:
        """The items with the highest figures, each with what it means and its rank without computed and editorial links.

        :param measure: degree, pagerank, betweenness, closeness or coverage, see :func:`kg.measures.measure`.
        :param start: how many of the highest to pass over.
        :raises BadQuery: if measure, kind or relation is not known, nothing could be ranked so, or *limit* is not positive.
        """
        from .importance import find_ranking

        return find_ranking(self._reader, measure, kind=kind, relation=relation, limit=limit, start=start)

    def communities(self) -> Communities:
        """Groups of items that are tied more to each other than to the rest, the largest first, named by their central items."""
        from .importance import find_communities

        return self._reader.kept("communities", lambda: find_communities(self._reader))

    def view(
        self,
        moves: Iterable[str],
        *,
        only: Iterable[str] = (),
        keep: Iterable[str] = (),
        placed: Mapping[str, Place] | None = None,
    ) -> View:
        """A part of the graph to draw and to read: its items with their places, the links among them, and how many more stand around each.

        The moves are replayed one by one, and what has a place keeps it. The same moves always give the same view.

        :param moves: ``from.NAME`` shows an item, or all of a kind, community or source, or ``everything``; ``add.ID`` an item
            beside what it is linked to; ``grow.ID`` the next ten around an item, ``grow.ID_action_addresses`` of such a kind and by such
            a relation only; ``drop.ID`` takes an item away; ``pin.ID_120_-40`` puts it there. At most 400 moves and 1,000 items.
        :param only: kinds, relations and sources, and the weakest strength, basis and state, that are let through. What has no link left
            is hidden too. What is hidden keeps its place. :param keep: items shown whatever the filter, as those asked for by name are.
        :param placed: item -> its place, for items that stood somewhere before.
        :raises UnknownItem: if there is no such item. :raises BadQuery: if a move or a word of the filter cannot be understood.
        """
        return self._explorer.viewer.view(moves, only=only, keep=keep, placed=placed)
