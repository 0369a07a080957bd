"""Stored items and links, put together as people ask for them: an item with its place and links, a difficulty with its answers."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Hashable, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import UnknownItem
from .model import Item, Link, Model, Source
from .readings import Reading
from .results import Answer, BarrierAnswers, BarrierCount, BarrierList, Brief, LinkSeen, Sequence
from .snapshot import Snapshot
from .terms import ABOUT, ABOUT_PHRASES, Terms

if TYPE_CHECKING:
    from .linked_results import Retired

T = TypeVar("T")
NO_ANSWER = "Nothing in the sources that were read addresses it directly."

KEPT = 20_000  # names of items, which are asked for again and again
KEPT_FIGURES = 12  # measures

_BASIS = ("stated", "implied", "editorial", "computed")
_STATE = ("reviewed", "checked", "proposed", "disputed")


class Reader:
    """Reads one snapshot in the words of the ontology."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.brief = lru_cache(maxsize=KEPT)(self._brief)
        self.figures = lru_cache(maxsize=KEPT_FIGURES)(self._figures)
        self.ranks = lru_cache(maxsize=KEPT_FIGURES)(self._ranks)
        self._kept: dict[Any, Any] = {}

    @cached_property
    def terms(self) -> Terms:
        """Kinds, relations and their phrases."""
        return Terms.from_json(self.snapshot.meta("terms"))

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The documents, by id."""
        return {source.id: source for source in self.snapshot.sources()}

    @cached_property
    def model(self) -> Model:
        """Everything at once, for questions that look at all of it; kept, since reading it takes longer than asking it."""
        return Model(tuple(self.sources.values()), tuple(self.snapshot.items()), tuple(self.snapshot.all_links()))

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """Every item by its id, in reading order."""
        return {item.id: item for item in self.model.items}

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """Which pairs of items were read in full, and for which relation."""
        return tuple(Reading.from_json(reading) for reading in self.snapshot.meta("readings"))

    @cached_property
    def retired(self) -> dict[str, Retired]:
        """Ids that are no longer used, with what took their place."""
        from .linked_results import to_retired

        return {each["id"]: to_retired(each) for each in self.snapshot.meta("retired") or ()}

    def ids(self, kind: str) -> list[str]:
        """Every item of a kind, in reading order."""
        return list(self.sources) if kind == "source" else self.snapshot.ids(kind)

    def _brief(self, item_id: str) -> Brief:
        """An item or source by name. :raises UnknownItem: if there is none."""
        if found := self.snapshot.find_brief(item_id):
            return Brief(*found)
        source = self.sources.get(item_id)
        return Brief(source.id, "source", source.label) if source else to_brief(self.item(item_id))

    def _figures(self, measure: str, relation: str = "", *, firm: bool = False) -> Mapping[str, float]:
        """Item -> its figure; see :meth:`kg.snapshot.Snapshot.figures`."""
        return self.snapshot.figures(measure, relation, firm=firm)

    def _ranks(self, measure: str, relation: str, kind: str | None, *, firm: bool = False) -> Mapping[str, int]:
        """Item -> rank among all or those of a kind, the highest figure first; equal figures share a rank."""
        figures = self.figures(measure, relation, firm=firm)
        ordered = sorted((item for item in self.snapshot.ids(kind) if item in figures), key=lambda item: -figures[item])
        ranks: dict[str, int] = {}
        last, rank = 0.0, 0
        for place, item in enumerate(ordered, start=1):
            if place == 1 or figures[item] != last:
                last, rank = figures[item], place
            ranks[item] = rank
        return ranks

    def kept(self, name: Hashable, make: Callable[[], T]) -> T:
        """What was made once under a name, made if it was not; for what takes a look at everything. Threads make it twice at worst."""
        if name not in self._kept:
            self._kept[name] = make()
        found: T = self._kept[name]
        return found

    def item(self, item_id: str) -> Item:
        """The item with this id. :raises UnknownItem: if there is none, with what replaced it or ids that are near."""
        item = self.snapshot.find_item(item_id)
        if item is None and (gone := self.retired.get(item_id)):
            instead = f"In its place: {', '.join(gone.replaced_by)}." if gone.replaced_by else "Nothing took its place."
            raise UnknownItem(f"{gone.id} was retired on {gone.on}: {gone.why}", instead, gone.replaced_by)
        if item is None:
            near = difflib.get_close_matches(item_id[:100], self.snapshot.ids(), n=3)
            hint = f"Near it: {', '.join(near)}." if near else 'Try: kg search "bank account"'
            raise UnknownItem(f"No item {item_id[:100]!r}.", hint, tuple(near))
        return item

    def above(self, item: Item) -> tuple[Brief, ...]:
        """What an item stands under, from the top of its source down."""
        above: list[Brief] = []
        while item.parent:
            item = self.item(item.parent)
            above.insert(0, to_brief(item))
        return tuple(above)

    def links_of(self, item: Item) -> tuple[LinkSeen, ...]:
        """Everything that is linked to an item: what it belongs to, what belongs to it, then its curated links, strongest first."""
        return (*self._nesting(item), *self._curated(item))

    def _nesting(self, item: Item) -> list[LinkSeen]:
        links = []
        if item.parent:
            parent = self.item(item.parent)
            relation = self.terms.nesting(parent.kind, item.kind)
            links.append(LinkSeen(relation.inverse, relation.inverse_phrase, "out", to_brief(parent)))
        for child in self.snapshot.items(parent=item.id):
            relation = self.terms.nesting(item.kind, child.kind)
            links.append(LinkSeen(relation.name, relation.phrase, "out", to_brief(child)))
        if item.kind == "topic":
            links += [
                LinkSeen(ABOUT, ABOUT_PHRASES[1], "in", to_brief(each)) for each in self.snapshot.items_about(item.id)
            ]
        return links

    def _curated(self, item: Item) -> list[LinkSeen]:
        links = []
        for link in sorted(self.snapshot.links(start=item.id, end=item.id), key=self._weight):
            relation = self.terms.relations[link.relation]
            out = link.start == item.id
            phrase = relation.phrase if out else relation.inverse_phrase
            other = to_brief(self.item(link.end if out else link.start))
            links.append(
                LinkSeen(
                    link.relation,
                    phrase,
                    "out" if out else "in",
                    other,
                    link.strength,
                    link.because,
                    link.basis,
                    link.state,
                )
            )
        return links

    def _weight(self, link: Link) -> tuple[bool, int, int, int]:
        """Order of links: direct first; then by who agreed and what they rest on; then what is aimed most narrowly at this one thing."""
        touched = self.snapshot.coverage(link.start)[1]
        return link.strength != "direct", _STATE.index(link.state), _BASIS.index(link.basis), touched

    def answers_to(self, barrier: Item) -> BarrierAnswers:
        """A barrier or harm with what addresses it, strongest first."""
        links = sorted(
            (link for link in self.snapshot.links(end=barrier.id) if link.relation == "addresses"), key=self._weight
        )
        answers = [self._answer(link) for link in links]
        return BarrierAnswers(
            id=barrier.id,
            kind=barrier.kind,
            label=barrier.label,
            summary=barrier.summary,
            source=self.place(barrier),
            group=to_brief(self.item(barrier.parent)) if barrier.parent else None,
            direct=tuple(answer for answer in answers if answer.strength == "direct"),
            contributing=tuple(answer for answer in answers if answer.strength != "direct"),
            gap=barrier.gap or (None if any(answer.strength == "direct" for answer in answers) else NO_ANSWER),
        )

    def _answer(self, link: Link) -> Answer:
        item = self.item(link.start)
        within = to_brief(self.item(item.parent)) if item.parent else None
        audiences = ", ".join(audience.replace("-", " ") for audience in item.audiences)
        actor = audiences.capitalize() or self.terms.kinds[item.kind].actor
        return Answer(
            item.id,
            item.kind,
            item.label,
            link.because,
            item.summary,
            actor,
            link.strength,
            link.basis,
            link.state,
            within,
            self.place(item),
            item.audiences or tuple(filter(None, [self.terms.kinds[item.kind].audience])),
        )

    def place(self, item: Item) -> dict[str, str]:
        """Where an item is printed: the id and the title of its source, what it is there, and its lines."""
        chain = [self.item(above.id) for above in self.above(item)] + [item]
        place = ", ".join(f"{self.terms.kinds[each.kind].label} {each.position}" for each in chain)
        return {"id": item.source, "title": self.sources[item.source].title, "place": place, "lines": item.lines}

    def lists(self, group_kind: str, kind: str) -> tuple[BarrierList, ...]:
        """Each group with what stands in it, in printed order, and how many answers each has."""
        counts, below = self.snapshot.answer_counts(), self.snapshot.briefs_below(kind)
        return tuple(
            BarrierList(
                to_brief(group),
                group.summary,
                tuple(
                    BarrierCount(item, label, *counts.get(item, (0, 0))) for item, _, label in below.get(group.id, ())
                ),
                *counts.get(group.id, (0, 0)),
            )
            for group in self.snapshot.items(kind=group_kind)
        )

    def sequences(self) -> tuple[Sequence, ...]:
        """What the sources give an order: the cycle, the scale of severity, the steps of accountability."""
        following = {link.start: link.end for link in self.snapshot.all_links("precedes")}
        sequences, later = [], set(following.values())
        for start in [item for item in following if item not in later]:
            chain = [start]
            while chain[-1] in following:
                chain.append(following[chain[-1]])
            items = tuple(map(self.brief, chain))
            kind = self.terms.kinds[items[0].kind]
            sequences.append(Sequence(kind.id, kind.plural, items))
        return tuple(sequences)


def to_brief(item: Item) -> Brief:
    """An item by name."""
    return Brief(item.id, item.kind, item.label)
