"""Items, links and sources as plain frozen data: what a build holds and what every question is answered from. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# What is told of a resource beside what every item has.
DETAILS = ("resource-kind", "publisher", "issued", "page", "language", "status")
SOURCE_TEXTS = (
    "label", "title", "summary", "publisher", "issued", "language", "rights", "credit", "citation", "page", "file",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a source says, in the project's words.

    :ivar also: other ways to say it. :ivar hidden: words to find it by that are never shown.
    :ivar unlike: phrases that sound like it but mean something else. :ivar gap: why nothing answers it.
    :ivar lines: line segments of its passage. :ivar parent: the item that it stands under, or "" at the top of its source.
    :ivar position: its place among its siblings, from 1. :ivar about: ids of topics. :ivar audiences: whom a recommendation speaks to.
    :ivar details: of a resource: resource-kind, publisher, issued, page, language, status, as far as known.
    """

    id: str
    kind: str
    label: str
    summary: str
    also: tuple[str, ...]
    hidden: tuple[str, ...]
    unlike: tuple[str, ...]
    notes: tuple[str, ...]
    gap: str
    source: str
    lines: str
    parent: str
    position: int
    about: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """One curated statement that two items belong together, with its reason; see the ontology for the words of each field."""

    id: str
    start: str
    relation: str
    end: str
    strength: str
    because: str
    basis: str
    state: str
    by: str
    on: str
    lines: str


@dataclass(frozen=True, slots=True)
class Source:
    """A published document: names and terms, never its text. :ivar file: name of its text file in a folder of sources."""

    id: str
    label: str
    title: str
    summary: str
    publisher: str
    issued: str
    language: str
    rights: str
    credit: str
    citation: str
    page: str
    file: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Everything of one build, in reading order: sources, then items source by source as nested, then links."""

    sources: tuple[Source, ...]
    items: tuple[Item, ...]
    links: tuple[Link, ...]


def to_plain(value: Any) -> Any:
    """A dataclass, tuple or dict as JSON-able data, field by field (without the copying of ``dataclasses.asdict``)."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: to_plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, (tuple, list)):
        return [to_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: to_plain(each) for key, each in value.items()}
    return value
