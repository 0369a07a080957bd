"""What graph questions give back: paths, neighbourhoods, rankings and communities, each told in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .results import Brief

READ_UNEVENLY = (
    "Counts follow how thoroughly a source was read: more links may mean a closer reading, not a more important item."
)


@dataclass(frozen=True, slots=True)
class Step:
    """One link, walked from *start* to *end*. :ivar direction: "out" if the link itself points that way.
    :ivar phrase: from the ontology, in the direction walked. :ivar sentence: the whole of it told.
    :ivar also: phrases of further links between the two. Nesting and topics have no strength, reason, basis or state."""

    start: Brief
    end: Brief
    relation: str
    direction: str
    phrase: str
    sentence: str
    strength: str | None = None
    because: str | None = None
    basis: str | None = None
    state: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """The whole record of one link. :ivar sentence: told as it points. :ivar inverse_phrase: read from its end.
    :ivar because: why the two belong together. :ivar basis: what it rests on. :ivar state: who has agreed. :ivar by: who made it.
    :ivar on: the day. :ivar lines: of the source that states it, or ""."""

    id: str
    start: Brief
    relation: str
    end: Brief
    phrase: str
    inverse_phrase: str
    sentence: str
    strength: str
    because: str
    basis: str
    state: str
    by: str
    on: str
    lines: str


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of links. :ivar length: how many links. :ivar cost: how little it convinces, see :data:`kg.network.COSTS`.
    :ivar through: the items between its ends. :ivar told: all its sentences."""

    steps: tuple[Step, ...]
    length: int
    cost: int
    through: tuple[Brief, ...]
    told: str


@dataclass(frozen=True, slots=True)
class Paths:
    """The few best paths between two items. :ivar why: why there is none; "" if there is one.
    :ivar shortest: where there is none: how many links it takes if nothing else is asked for, or None if no number of them does.
    :ivar with_hubs: where there is none: the best path that also passes through items that only gather others, if there is one."""

    start: Brief
    end: Brief
    max_length: int
    paths: tuple[Path, ...]
    why: str = ""
    shortest: int | None = None
    with_hubs: Path | None = None


@dataclass(frozen=True, slots=True)
class NearestPaths:
    """From each start to what of a kind is nearest. :ivar start: an id or a kind. :ivar end: an id or a kind.
    :ivar without: starts from which nothing is reached in so many links."""

    start: str
    end: str
    max_length: int
    paths: tuple[Path, ...]
    without: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """An item of a neighbourhood, with the link by which it was reached."""

    item: Brief
    by: Step


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many items of a ring are not shown, by their kind, and by the relation that would lead to them."""

    items: int
    kinds: Mapping[str, int]
    relations: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ring:
    """Items that are *number* links away, the most convincing first."""

    number: int
    items: tuple[Near, ...]
    left_out: LeftOut


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What stands around an item. :ivar items: everything shown, the item itself first.
    :ivar links: each pair of shown items that is linked, for drawing."""

    start: Brief
    depth: int
    rings: tuple[Ring, ...]
    items: tuple[Brief, ...]
    links: tuple[Step, ...]
    left_out: LeftOut


@dataclass(frozen=True, slots=True)
class Figure:
    """One item in a ranking. :ivar meaning: what the figure says of it. :ivar firm_rank: its rank without computed and editorial links;
    None if it then has no link at all. :ivar error: what the value may be off, for 95 figures of 100; None where it is exact."""

    item: Brief
    rank: int
    value: float
    meaning: str
    firm_rank: int | None
    firm_value: float | None
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The items with the highest figures. :ivar what: what is measured. :ivar of: how many items were ranked, and :ivar firm_of:
    how many without computed and editorial links. :ivar warning: what the figures cannot say. :ivar estimated: how far they may be
    believed where they are estimates, else ""."""

    measure: str
    kind: str | None
    relation: str | None
    what: str
    of: int
    firm_of: int
    figures: tuple[Figure, ...]
    warning: str = READ_UNEVENLY
    estimated: str = ""


@dataclass(frozen=True, slots=True)
class Community:
    """Items that are tied more to each other than to the rest. :ivar name: its most central items. :ivar inside: the share of the ties
    of its items that stay inside, from 0 to 1."""

    id: str
    name: str
    size: int
    inside: float
    central: tuple[Brief, ...]
    kinds: Mapping[str, int]
    items: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class Communities:
    """All communities, the largest first. :ivar modularity: how far ties stay inside beyond chance, from 0 (not at all) towards 1.
    :ivar alone: how many items have no curated link and stand in none."""

    modularity: float
    communities: tuple[Community, ...]
    alone: int
    warning: str = READ_UNEVENLY
