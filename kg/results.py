"""What the questions give back: frozen data that carries its explanation, and its JSON. The contract of every door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .model import Item, Source, to_plain


@dataclass(frozen=True, slots=True)
class Brief:
    """An item by name."""

    id: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One item found by words.

    :ivar matched: why it is here: field and the asker's words that stand in it, most telling first, and under "widened" words of the
        same meaning, if any matched; the field "sense" gives words of the question to which the item is only near in meaning, and under
        "widened" the words of the item that are.
    :ivar marked: label and summary in pieces, each with whether it is a word that matched.
    """

    id: str
    kind: str
    source: str
    label: str
    summary: str
    score: float
    matched: tuple[Mapping[str, Any], ...]
    marked: Mapping[str, tuple[tuple[str, bool], ...]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter. :ivar count: how many results it leaves. :ivar chosen: True if wanted, False if not wanted, None if neither.
    :ivar asked: the words of the question set it."""

    facet: str
    value: str
    label: str
    count: int
    chosen: bool | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class SearchResults:
    """Best first; nothing that answers is an empty tuple.

    :ivar total: how many results there are in all. :ivar facets: filter -> its values, those that leave most first.
    :ivar corrected: typed word -> the word that it was read as. :ivar did_you_mean: another question, where little was found.
    :ivar widened: words of the same meaning that were looked for too. :ivar nearest: topics that are nearest, where nothing answers.
    :ivar notes: what was not read or not done, and why.
    """

    query: str
    results: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[Choice, ...]]
    corrected: Mapping[str, str]
    did_you_mean: str | None
    widened: tuple[str, ...]
    nearest: tuple[Brief, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The contract of ``kg search --json``."""
        return {name: to_plain(getattr(self, name)) for name in self.__dataclass_fields__} | {
            "filters": to_plain(self.filters)
        }

    @property
    def filters(self) -> tuple[Choice, ...]:
        """The filters in force, each of which can be taken away."""
        return tuple(choice for choices in self.facets.values() for choice in choices if choice.chosen is not None)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that begins as somebody types. :ivar text: the label or another name of the item."""

    text: str
    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What somebody may be about to type, the likeliest first."""

    query: str
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Items that are about the same as one of them, the nearest first. :ivar to: the item."""

    to: Brief
    results: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """A link seen from one of its ends. :ivar direction: "out" if it starts here. :ivar phrase: reads "this item <phrase> the other".
    Nesting has no strength, reason, basis or state."""

    relation: str
    phrase: str
    direction: str
    other: Brief
    strength: str | None = None
    because: str | None = None
    basis: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """One item with all that the graph knows of it. :ivar above: what it stands under, from the top of the source down.
    :ivar addresses: how many difficulties it addresses, directly and in all. :ivar pointed_to: how many links point to it, and from
    how many sources. :ivar about: its topics."""

    item: Item
    source: Source
    above: tuple[Brief, ...]
    previous: Brief | None
    next: Brief | None
    links: tuple[LinkSeen, ...]
    addresses: tuple[int, int]
    pointed_to: tuple[int, int]
    about: tuple[Brief, ...]

    def to_json(self) -> dict[str, Any]:
        """The contract of ``kg show --json``."""
        item = self.item
        return {
            "id": item.id,
            "kind": item.kind,
            "label": item.label,
            "summary": item.summary,
            "also": list(item.also),
            "source": {"id": self.source.id, "title": self.source.title, "lines": item.lines},
            "notes": list(item.notes),
            "links": to_plain(self.links),
            "audiences": list(item.audiences),
            "about": to_plain(self.about),
            "details": dict(item.details),
            "pointed_to": {"links": self.pointed_to[0], "sources": self.pointed_to[1]},
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that can be done about a barrier. :ivar actor: who is asked to act. :ivar within: what it stands under.
    :ivar audiences: the same as values of the closed list."""

    id: str
    kind: str
    label: str
    because: str
    summary: str
    actor: str
    strength: str
    basis: str
    state: str
    within: Brief | None
    source: Mapping[str, str]
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BarrierAnswers:
    """A barrier or harm and what addresses it. :ivar gap: why nothing does so directly, or None."""

    id: str
    kind: str
    label: str
    summary: str
    source: Mapping[str, str]
    group: Brief | None
    direct: tuple[Answer, ...]
    contributing: tuple[Answer, ...]
    gap: str | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The barriers that a question is about, the nearest first, each with its answers."""

    query: str
    barriers: tuple[BarrierAnswers, ...]


@dataclass(frozen=True, slots=True)
class BarrierCount:
    """A barrier in the list of barriers, with how many answers it has."""

    id: str
    label: str
    direct: int
    contributing: int


@dataclass(frozen=True, slots=True)
class BarrierList:
    """A group with its barriers, or a type of harm with its examples, in printed order. :ivar direct: answers to the type as a whole."""

    group: Brief
    summary: str
    barriers: tuple[BarrierCount, ...]
    direct: int = 0
    contributing: int = 0


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items in the order that their source gives them."""

    kind: str
    name: str
    items: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """The printed words of an item, from the asker's own copy of the document, with the credit that goes with them."""

    id: str
    label: str
    lines: str
    text: str
    credit: str
    rights: str


@dataclass(frozen=True, slots=True)
class Stats:
    """What a build holds: items by kind, links by relation, triples, and the version and sources that it was made from."""

    items: Mapping[str, int]
    links: Mapping[str, int]
    triples: int
    version: str
    sources: Mapping[str, str]
    unanswered: tuple[str, ...]


def to_json(value: Any) -> Any:
    """Any result as JSON-able data: its own ``to_json`` if it has one, else field by field."""
    return value.to_json() if hasattr(value, "to_json") else to_plain(value)
