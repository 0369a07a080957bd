"""What the quality of the data and its gaps give back, and each part of it as a table. Standard library only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import BadQuery

VALUES = (
    *("direct", "contributing", "stated", "implied", "editorial", "computed"),
    *("reviewed", "checked", "proposed", "disputed"),
)


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Items of one kind without a link that their kind could have. :ivar direction: "out" if the link would start there."""

    relation: str
    phrase: str
    direction: str
    kind: str
    of: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A barrier that nothing addresses directly. :ivar contributing: how many items help. :ivar gap: why nothing does more, or ""."""

    id: str
    label: str
    contributing: int
    gap: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """What finds no partner: barriers without a direct answer, and items without a link that their kind could have."""

    unanswered: tuple[Unanswered, ...]
    unlinked: tuple[Unlinked, ...]


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something odd in print, as the data tells it to the reader."""

    id: str
    source: str
    lines: str
    note: str


@dataclass(frozen=True, slots=True)
class Quality:
    """:ivar items: source -> kind -> count. :ivar links: relation -> count by strength, basis and state.
    :ivar shares: "basis" and "state" -> value -> its share of all links, from 0 to 1.
    :ivar faults: name of a check (after qSKOS, Mader et al. 2012, where it has one) -> what it found; all should be empty but the last two.
    """

    items: Mapping[str, Mapping[str, int]]
    links: Mapping[str, Mapping[str, int]]
    shares: Mapping[str, Mapping[str, float]]
    agreements: tuple[Mapping[str, Any], ...]
    anomalies: tuple[Anomaly, ...]
    unlinked: tuple[Unlinked, ...]
    faults: Mapping[str, tuple[str, ...]]

    def table(self, name: str) -> tuple[list[str], list[list[object]]]:
        """One part of it as head and rows: items, links, shares, agreement, unlinked, oddities or faults.

        :raises BadQuery: for another name.
        """
        if name not in _TABLES:
            raise BadQuery(f"No table {name[:100]!r}.", f"The tables are: {', '.join(_TABLES)}.")
        return _TABLES[name](self)


def _items_table(found: Quality) -> _Table:
    kinds = dict.fromkeys(kind for counts in found.items.values() for kind in counts)
    rows: list[list[object]] = [[kind, *(counts.get(kind, 0) for counts in found.items.values())] for kind in kinds]
    return ["kind", *found.items], rows


def _links_table(found: Quality) -> _Table:
    return ["relation", "links", *VALUES], [
        [relation, counts["links"], *(counts.get(value, 0) for value in VALUES)]
        for relation, counts in found.links.items()
    ]


def _agreement_table(found: Quality) -> _Table:
    head = ["name", "relation", "pairs", "share", "kappa", "kappa_link", "both", "strength_differs", "one_only"]
    return head, [[one[key] for key in head] for one in found.agreements]


_Table = tuple[list[str], list[list[object]]]
_TABLES: dict[str, Callable[[Quality], _Table]] = {
    "items": _items_table,
    "links": _links_table,
    "shares": lambda found: (
        ["of", "value", "share"],
        [[of, value, share] for of, each in found.shares.items() for value, share in each.items()],
    ),
    "agreement": _agreement_table,
    "unlinked": lambda found: (
        ["item", "kind", "relation", "direction", "phrase"],
        [
            [item, each.kind, each.relation, each.direction, each.phrase]
            for each in found.unlinked
            for item in each.items
        ],
    ),
    "oddities": lambda found: (
        ["item", "source", "lines", "note"],
        [[one.id, one.source, one.lines, one.note] for one in found.anomalies],
    ),
    "faults": lambda found: (
        ["check", "found"],
        [[check, each] for check, all_found in found.faults.items() for each in all_found],
    ),
}
