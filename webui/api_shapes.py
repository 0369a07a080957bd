"""The JSON of answers that are not their dataclass field by field: each shape says what stands there, and some are made here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.course_results import Card, Reading, Slot, Unit
from kg.model import Source
from kg.overview_results import TermEntry, TopicEntry
from kg.queries import KnowledgeGraph
from kg.results import Brief, Choice, Hit, LinkSeen, SearchResults
from kg.subgraph import Edge

OPTIONAL: dict[str, bool] = {"optional": True}  # metadata of a field that may be missing


@dataclass(frozen=True, slots=True)
class Printed:
    """Where an item is printed. :ivar title: of the source. :ivar lines: of one extraction of its text."""

    id: str
    title: str
    lines: str


@dataclass(frozen=True, slots=True)
class Pointed:
    """How many links point to an item, and from how many sources."""

    links: int
    sources: int


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One item with everything that the graph knows of it. :ivar also: other ways to say it. :ivar notes: what is odd in print.
    :ivar audiences: whom it speaks to. :ivar about: its topics. :ivar details: of a resource."""

    id: str
    kind: str
    label: str
    summary: str
    also: tuple[str, ...]
    source: Printed
    notes: tuple[str, ...]
    links: tuple[LinkSeen, ...]
    audiences: tuple[str, ...]
    about: tuple[Brief, ...]
    details: Mapping[str, str]
    pointed_to: Pointed


@dataclass(frozen=True, slots=True)
class ItemListed:
    """One item in a list. :ivar parent: what it stands under, or "". :ivar lines: where it is printed. :ivar gap: why nothing answers it,
    or "". :ivar about: ids of its topics."""

    id: str
    kind: str
    label: str
    summary: str
    also: tuple[str, ...]
    source: str
    lines: str
    parent: str
    about: tuple[str, ...]
    audiences: tuple[str, ...]
    notes: tuple[str, ...]
    gap: str


@dataclass(frozen=True, slots=True)
class TermListed:
    """A term of the glossary. :ivar uses: how many items use it. :ivar first: the first few of them."""

    id: str
    label: str
    summary: str
    also: tuple[str, ...]
    notes: tuple[str, ...]
    uses: int
    first: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class TopicListed:
    """A topic. :ivar items: how many items are about it. :ivar within: the same with those about a narrower one."""

    id: str
    label: str
    summary: str
    items: int
    within: int
    narrower: tuple[TopicListed, ...]


@dataclass(frozen=True, slots=True)
class KindListed:
    """A kind of item. :ivar items: how many there are. :ivar gathers: it only gathers others, so that paths do not pass through it.
    :ivar called: other names for it. :ivar audience: whom its items speak to, unless they say so themselves."""

    id: str
    label: str
    plural: str
    definition: str
    items: int
    gathers: bool
    actor: str
    audience: str
    called: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelationListed:
    """A relation. :ivar phrase: reads "the start <phrase> the end". :ivar domain: kinds that it may start from, :ivar range: and lead to;
    none named: any. :ivar structural: it is given by nesting, not by links of their own. :ivar links: how many there are."""

    id: str
    phrase: str
    inverse: str
    inverse_phrase: str
    definition: str
    domain: tuple[str, ...]
    range: tuple[str, ...]
    structural: bool
    links: int


@dataclass(frozen=True, slots=True)
class ChoiceListed:
    """A value of a closed list. :ivar list: strength, basis, state, audience or resourceKind. :ivar means: what it says."""

    list: str
    value: str
    means: str


@dataclass(frozen=True, slots=True)
class Searched(SearchResults):
    """What was found, best first. :ivar filters: those in force."""

    filters: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewItem:
    """An item of a view. :ivar x: pixels to the right, :ivar y: and down. :ivar links: to how many shown items it is linked.
    :ivar more: how many around it are not shown. :ivar by: the item that brought it. :ivar measures: measure -> figure.
    :ivar errors: measure -> what its figure may be off, where it is an estimate."""

    id: str
    kind: str
    label: str
    source: str
    community: str
    x: int
    y: int
    links: int
    more: int
    start: bool
    by: str | None
    size: float
    family: str
    colour: str
    measures: Mapping[str, float] = field(metadata=OPTIONAL)
    errors: Mapping[str, float] = field(metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A link of a view, between the ids of its ends."""

    start: str
    end: str
    direction: str
    strength: str | None
    relation: str = field(metadata=OPTIONAL)
    phrase: str = field(metadata=OPTIONAL)
    because: str | None = field(metadata=OPTIONAL)
    basis: str | None = field(metadata=OPTIONAL)
    state: str | None = field(metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class ViewShown:
    """A part of the graph with places. :ivar hidden: how many items the filter hides. :ivar cut: how many were asked for beyond what a view
    holds. :ivar address: the parameters of this very state. :ivar path: ids from end to end. :ivar choices: what could be chosen."""

    items: tuple[ViewItem, ...]
    links: tuple[ViewLink, ...]
    hidden: int
    cut: int
    communities: Mapping[str, str]
    address: Mapping[str, Any]
    chosen: str
    path: tuple[str, ...]
    choices: Mapping[str, Mapping[str, int]] = field(metadata=OPTIONAL)


SHOWN_AS: dict[str, type] = {"Description": ItemShown, "SearchResults": Searched, "Explored": ViewShown, "Hit": Hit}


def list_items(items: Iterable[Any]) -> list[ItemListed]:
    """Items with what may be shown of them."""
    names = ItemListed.__dataclass_fields__
    return [ItemListed(**{name: getattr(item, name) for name in names}) for item in items]


def list_term(entry: TermEntry) -> TermListed:
    """A term of the glossary."""
    term = entry.term
    return TermListed(term.id, term.label, term.summary, term.also, term.notes, entry.uses, entry.first)


def list_topic(entry: TopicEntry) -> TopicListed:
    """A topic with the narrower ones."""
    topic = entry.topic
    narrower = tuple(map(list_topic, entry.narrower))
    return TopicListed(topic.id, topic.label, topic.summary, entry.items, entry.within, narrower)


def list_kinds(kg: KnowledgeGraph) -> list[KindListed]:
    """The kinds of the ontology."""
    held = kg.stats().items
    return [
        KindListed(
            each.id,
            each.label,
            each.plural,
            each.definition,
            held.get(each.id, 0),
            each.gathers,
            each.actor,
            each.audience,
            each.called,
        )
        for each in kg.terms.kinds.values()
    ]


def list_relations(kg: KnowledgeGraph) -> list[RelationListed]:
    """The relations of the ontology."""
    held = kg.stats().links
    return [
        RelationListed(
            each.name,
            each.phrase,
            each.inverse,
            each.inverse_phrase,
            each.definition,
            each.domain,
            each.range,
            each.structural,
            held.get(each.name, 0),
        )
        for each in kg.terms.relations.values()
    ]


def list_choices(kg: KnowledgeGraph) -> list[ChoiceListed]:
    """The closed lists with what each value means."""
    return [
        ChoiceListed(name, value, means) for name, values in kg.terms.choices.items() for value, means in values.items()
    ]


@dataclass(frozen=True, slots=True)
class ItemTaken:
    """One item of a part, with its place among its siblings. :ivar role: "chosen", "reached" over links, or "context"."""

    id: str
    kind: str
    label: str
    summary: str
    also: tuple[str, ...]
    notes: tuple[str, ...]
    gap: str
    source: str
    lines: str
    parent: str
    position: int
    about: tuple[str, ...]
    audiences: tuple[str, ...]
    details: Mapping[str, str]
    role: str


@dataclass(frozen=True, slots=True)
class SubgraphShown:
    """A closed part of the graph. :ivar selection: the words that it is made from. :ivar credits: what goes with every copy."""

    title: str
    selection: tuple[str, ...]
    version: str
    date: str
    credits: tuple[str, ...]
    items: tuple[ItemTaken, ...]
    links: tuple[Edge, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class CourseShown:
    """A course. :ivar words: the selection. :ivar agenda: the programme. :ivar left_out: what did not fit, what matters most first."""

    title: str
    words: tuple[str, ...]
    minutes: int
    level: str
    audience: str
    units: tuple[Unit, ...]
    agenda: tuple[Slot, ...]
    glossary: tuple[Reading, ...]
    resources: tuple[Reading, ...]
    cards: tuple[Card, ...]
    notes: tuple[str, ...]
    language: str
    left_out: tuple[Brief, ...]
    version: str
    date: str
    credits: tuple[str, ...]
