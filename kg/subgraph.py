"""A part of the graph to be taken away: its items, every link among them, and what its sources ask to be said of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from .model import Item, Source, to_plain
from .terms import Terms

LICENCE, LICENCE_URL = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
CREDIT = "Survivor Leadership Knowledge Graph"
DRAFT = (
    "A draft to be owned by people: every sentence is the project's own and none is copied from a source. Each link says what it rests on "
    "and who has agreed to it. Nothing has been reviewed by people with lived experience yet unless a link says so."
)
_MOST_OF_NAME = 60

CHOSEN, REACHED, CONTEXT = "chosen", "reached", "context"


@dataclass(frozen=True, slots=True)
class Edge:
    """One link with both ends in the part. :ivar id: of its link record, or "" for nesting and topics, which have no record.
    :ivar phrase: reads "start <phrase> end". Nesting and topics have no strength, reason, basis or state."""

    id: str
    start: str
    relation: str
    end: str
    phrase: str
    strength: str = ""
    because: str = ""
    basis: str = ""
    state: str = ""
    by: str = ""
    on: str = ""
    lines: str = ""


@dataclass(frozen=True)
class Subgraph:
    """A closed part of the graph: both ends of each edge are in, and the source of each item.

    :ivar title: what it is, for people. :ivar words: the selection, from which the same part is made again. :ivar items: in reading order.
    :ivar roles: item -> "chosen", "reached" over links from those, or "context": what the others stand under and what they are about.
    :ivar version: of the software and its data. :ivar date: of the newest link of the data, as 2026-11-26.
    :ivar terms: what kinds and relations are called. :ivar triples_about: addresses -> their triples in the build, as sorted N-Triples.
    """

    title: str
    words: tuple[str, ...]
    items: tuple[Item, ...]
    roles: Mapping[str, str]
    edges: tuple[Edge, ...]
    sources: tuple[Source, ...]
    version: str
    date: str
    base: str
    terms: Terms = field(repr=False, compare=False)
    triples_about: Callable[[Iterable[str]], str] = field(repr=False, compare=False)

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """Item id -> item."""
        return {item.id: item for item in self.items}

    @property
    def credits(self) -> tuple[str, ...]:
        """What goes with every copy: our licence, then the credit and terms of each source."""
        ours = (
            f"{CREDIT}, version {self.version}, {self.date}. Sentences, links and reasons: {LICENCE} ({LICENCE_URL})."
        )
        return (ours, *(f"{source.credit} {source.rights}".strip() for source in self.sources), DRAFT)

    def iri(self, item_id: str) -> str:
        """The address of an item."""
        return f"{self.base}id/{quote(item_id, safe='')}"

    def file_name(self, suffix: str) -> str:
        """What it is, version and date: ``slkg-no-bank-account-0.1.0-2026-11-26.ttl``. Only letters, digits, dots and hyphens."""
        return f"slkg-{to_slug(self.title)}-{self.version}-{self.date}.{suffix}"

    def to_json(self) -> dict[str, Any]:
        """The part as plain data."""
        return {
            "title": self.title,
            "selection": list(self.words),
            "version": self.version,
            "date": self.date,
            "credits": list(self.credits),
            "items": [{**to_public(item), "role": self.roles[item.id]} for item in self.items],
            "links": to_plain(self.edges),
            "sources": to_plain(self.sources),
        }


def to_public(item: Item) -> dict[str, Any]:
    """An item as plain data, without the words that are only for finding it and never shown."""
    return {name: value for name, value in to_plain(item).items() if name not in ("hidden", "unlike")}


def to_slug(text: str) -> str:
    """A piece of a file name: small ASCII letters, digits and hyphens, at most 60; "selection" if none is left.

    >>> to_slug("Résumé gaps: /etc/passwd =1+1"), to_slug("名前")
    ('resume-gaps-etc-passwd-1-1', 'selection')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return slug[:_MOST_OF_NAME].rstrip("-") or "selection"
