"""From the words of a selection to a closed part of the graph: ids, kinds, sources, audiences, communities, searches and paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from .choices import check_choice, check_range
from .errors import BadQuery
from .model import Item
from .neighbours import MOST_RINGS
from .reader import Reader
from .subgraph import CHOSEN, CONTEXT, REACHED, Edge, Subgraph
from .terms import ABOUT, ABOUT_PHRASES, NESTING

if TYPE_CHECKING:
    from .explorer import Explorer
    from .viewing import Filter

EVERYTHING = "everything"
MOST_WORDS, MOST_FOUND = 400, 50


class Selector:
    """Makes parts of one build. Safe to share between threads."""

    def __init__(
        self,
        reader: Reader,
        explorer: Explorer,
        search: Callable[[str, int], Iterable[str]],
        triples: Callable[[Iterable[str]], str],
    ) -> None:
        """:param search: words and how many at most -> ids of items that answer them, best first.
        :param triples: addresses -> what the build says of them, as N-Triples."""
        self._reader, self._explorer, self._ask, self._triples = reader, explorer, search, triples

    def select(
        self, words: Iterable[str], *, depth: int = 0, only: Iterable[str] = (), context: bool = True, title: str = ""
    ) -> Subgraph:
        """See :meth:`kg.queries.KnowledgeGraph.subgraph`."""
        asked = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
        if not asked:
            raise BadQuery("Nothing is selected.", "Name an item, such as ap-barrier-2.6, or: everything")
        if len(asked) > MOST_WORDS:
            raise BadQuery(
                f"That is {len(asked)} selections.", f"At most {MOST_WORDS} fit; take a whole theme or topic."
            )
        check_range("depth", depth, 0, MOST_RINGS)
        chosen = self._explorer.viewer.read_filter(only)
        named, brought = self._find(asked)
        roles = dict.fromkeys([*named, *(item for item in brought if self._fits(item, chosen))], CHOSEN)
        if not roles:
            raise BadQuery("Nothing fits this selection.", "Choose more kinds and sources, or other words.")
        for item in self._around(set(roles), depth, chosen):
            roles.setdefault(item, REACHED)
        if context:
            for item in self._context(roles):
                roles.setdefault(item, CONTEXT)
        items = tuple(item for item in self._items.values() if item.id in roles)
        used = {item.source for item in items}
        snapshot = self._reader.snapshot
        return Subgraph(
            title=title.strip() or self._title(asked),
            words=asked,
            items=items,
            roles=roles,
            edges=self._edges(items, roles, chosen),
            sources=tuple(source for source in self._reader.sources.values() if source.id in used),
            version=snapshot.meta("version"),
            date=max((link.on for link in self._reader.model.links), default=""),
            base=self._reader.terms.base,
            terms=self._reader.terms,
            triples_about=self._triples,
        )

    @property
    def _items(self) -> Mapping[str, Item]:
        return self._reader.by_id

    def _fits(self, item_id: str, chosen: Filter) -> bool:
        item = self._items[item_id]
        return (not chosen.kinds or item.kind in chosen.kinds) and (not chosen.sources or item.source in chosen.sources)

    def _find(self, asked: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """Items that are named one by one, which stay whatever the filter, and items that come with a name.

        :raises UnknownItem: for a name of nothing. :raises BadQuery: if a search finds nothing or two items are on no path.
        """
        named: list[str] = []
        brought: list[str] = []
        for word in asked:
            verb, colon, rest = word.partition(":")
            if colon:
                check_choice("selection", verb, self._verbs)
                (named if verb == "item" else brought).extend(self._verbs[verb](rest.strip()))
            elif word in self._items:
                named.append(word)
                brought.extend(self._with(self._items[word]))
            else:
                brought.extend(self._group(word))
        return named, brought

    @property
    def _verbs(self) -> Mapping[str, Callable[[str], list[str]]]:
        return {"item": self._item, "audience": self._audience, "search": self._answering, "path": self._path}

    def _item(self, item_id: str) -> list[str]:
        return [self._reader.item(item_id).id]

    def _audience(self, audience: str) -> list[str]:
        terms = self._reader.terms
        check_choice("audience", audience, terms.audiences)
        return [
            item.id
            for item in self._items.values()
            if audience in (item.audiences or (terms.kinds[item.kind].audience,))
        ]

    def _answering(self, text: str) -> list[str]:
        if not (found := list(self._ask(text, MOST_FOUND))):
            raise BadQuery(f"Nothing answers {text[:60]!r}.", "Use other words, or name items by their ids.")
        return found

    def _path(self, ends: str) -> list[str]:
        start, dots, end = ends.partition("..")
        if not dots:
            raise BadQuery(f"'path:{ends[:60]}' has no two ends.", "Write path:ap-barrier-2.6..ap-capacity-3.1")
        first, last = (self._reader.item(each.strip()).id for each in (start, end))
        if not (found := self._explorer.between(first, last)):
            raise BadQuery(f"No path joins {first} with {last}.", "Select the two by their ids instead.")
        return found

    def _group(self, name: str) -> list[str]:
        """All of a kind, a source or a community, or everything. :raises UnknownItem: for any other name."""
        if name == EVERYTHING or name in self._reader.sources:
            return [item.id for item in self._items.values() if name in (item.source, EVERYTHING)]
        return self._explorer.viewer.named(name)

    def _with(self, item: Item) -> Iterable[str]:
        """What comes with an item: what answers a difficulty, what a topic is the topic of, what stands under anything else."""
        below = [each.id for each in self._items.values() if self._stands_under(each, item.id)]
        if item.kind == "topic":
            topics = {item.id, *below}
            return [*below, *(each.id for each in self._items.values() if topics & set(each.about))]
        difficulties = {item.id, *below}
        answers = [
            link.start for link in self._reader.model.links if link.relation == "addresses" and link.end in difficulties
        ]
        return [*below, *answers]

    def _stands_under(self, item: Item, above: str) -> bool:
        while item.parent and item.parent != above:
            item = self._items[item.parent]
        return item.parent == above

    def _around(self, start: set[str], depth: int, chosen: Filter) -> list[str]:
        return self._explorer.viewer.around(start, depth, chosen)

    def _context(self, roles: Iterable[str]) -> list[str]:
        """What the items stand under and what they are about, and what these stand under."""
        found: list[str] = []
        for item_id in roles:
            for each in (item_id, *self._items[item_id].about):
                found += [each, *(brief.id for brief in self._reader.above(self._items[each]))]
        return found

    def _edges(self, items: tuple[Item, ...], inside: Mapping[str, str], chosen: Filter) -> tuple[Edge, ...]:
        terms, allow = self._reader.terms, chosen.rules.allow
        edges = []
        for item in items:
            if item.parent in inside and allow(NESTING, {}):
                relation = terms.nesting(self._items[item.parent].kind, item.kind)
                edges.append(Edge("", item.id, NESTING, item.parent, relation.inverse_phrase))
            if allow(ABOUT, {}):
                edges += [Edge("", item.id, ABOUT, topic, ABOUT_PHRASES[0]) for topic in item.about if topic in inside]
        for link in self._reader.model.links:
            grades = {"strength": link.strength, "basis": link.basis, "state": link.state}
            if link.start in inside and link.end in inside and allow(link.relation, grades):
                phrase = terms.relations[link.relation].phrase
                told = (link.because, link.basis, link.state, link.by, link.on, link.lines)
                edges.append(Edge(link.id, link.start, link.relation, link.end, phrase, link.strength, *told))
        return tuple(edges)

    def _title(self, asked: tuple[str, ...]) -> str:
        if len(asked) > 1:
            return f"{len(asked)} selections" if any(":" not in word for word in asked) else f"{len(asked)} items"
        [word] = asked
        verb, colon, rest = word.partition(":")
        if not colon and word in self._items:
            return self._items[word].label
        if not colon:
            return self._explorer.viewer.name_of(word)
        if verb == "item":
            return self._items[rest.strip()].label
        return {"audience": "For ", "search": "", "path": "From "}[verb] + rest.strip().replace("..", " to ")
