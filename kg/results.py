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
    """One item found by words. :ivar matched: where the asker's words stand: field and words, most telling first, and under "widened"
    words of the same meaning, if any matched."""

    id: str
    kind: str
    label: str
    summary: str
    score: float
    matched: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """Best first; nothing found is an empty tuple."""

    query: str
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
    """Something that can be done about a barrier. :ivar actor: who is asked to act. :ivar within: what it stands under."""

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
