"""What linked data gives back: the vocabulary as a page needs it, the data set with its figures and dumps, ids that are no longer used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .rdf_formats import RdfFormat

# What the terms of the vocabulary are sorted by, in the order of the page.
SORTS = ("classes", "curated", "structural", "inverses", "fields", "lists", "others")


@dataclass(frozen=True, slots=True)
class Retired:
    """An id that was used once and is never given to anything else. :ivar replaced_by: ids that took its place, if any did.
    :ivar on: the day, as 2026-11-22."""

    id: str
    replaced_by: tuple[str, ...]
    why: str
    on: str


@dataclass(frozen=True, slots=True)
class Named:
    """A term that another one refers to. :ivar name: as ``Barrier``, or ``skos:Concept`` where it is of another vocabulary."""

    name: str
    iri: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the vocabulary. :ivar label: of a relation, the words that stand between two items. :ivar notation: its name in data
    and commands, where it has one. :ivar members: of a closed list, its values."""

    name: str
    iri: str
    label: str
    meaning: str
    notation: str = ""
    wider: tuple[Named, ...] = ()
    domain: tuple[Named, ...] = ()
    range: tuple[Named, ...] = ()
    inverse: Named | None = None
    members: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ontology for people. :ivar groups: sort of term -> its terms, in the order of :data:`SORTS`."""

    title: str
    description: str
    iri: str
    namespace: str
    prefix: str
    version: str
    version_iri: str
    created: str
    modified: str
    rights: str
    citation: str
    groups: Mapping[str, tuple[Term, ...]]


@dataclass(frozen=True, slots=True)
class Dump:
    """The whole graph as one file. :ivar size: in bytes. :ivar sha256: in hexadecimal digits."""

    format: RdfFormat
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted in the graph. :ivar entities: things with an address of ours. :ivar by_class: class IRI -> how many things.
    :ivar by_property: property IRI -> how many triples."""

    triples: int
    entities: int
    subjects: int
    objects: int
    by_class: Mapping[str, int]
    by_property: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DataSet:
    """The whole graph as something to take away and to cite. :ivar version: of software and data. :ivar digest: names this very build.
    :ivar issued: day of the oldest link, :ivar modified: of the newest."""

    iri: str
    title: str
    description: str
    version: str
    digest: str
    issued: str
    modified: str
    licence: str
    figures: Figures
    dumps: tuple[Dump, ...]
    example: str


def to_vocabulary(data: Mapping[str, Any]) -> Vocabulary:
    """The vocabulary that a build carries, from plain data."""
    groups = {sort: tuple(_to_term(term) for term in data["groups"][sort]) for sort in SORTS}
    return Vocabulary(**{**data, "groups": groups})


def _to_term(data: Mapping[str, Any]) -> Term:
    named = {key: tuple(Named(**each) for each in data[key]) for key in ("wider", "domain", "range")}
    inverse = Named(**data["inverse"]) if data["inverse"] else None
    members = tuple(_to_term(each) for each in data["members"])
    return Term(**{**data, **named, "inverse": inverse, "members": members})


def to_retired(data: Mapping[str, Any]) -> Retired:
    """A retired id that a build carries, from plain data."""
    return Retired(**{**data, "replaced_by": tuple(data["replaced_by"])})
