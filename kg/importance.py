"""Measures and communities that a build keeps, told in words: what each figure means for the item, and how far it may be believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property, partial
from itertools import islice
from statistics import median

from .choices import MEASURES, check_choice, check_range
from .errors import BadQuery
from .findings import Communities, Community, Figure, Ranking
from .model import Item
from .overview_results import Standing
from .reader import Reader, to_brief
from .results import Brief
from .telling import count

WHAT = {
    "degree": "to how many other items an item is linked.",
    "pagerank": "how often somebody comes by who follows links at random, either way.",
    "betweenness": "how many of the shortest ways between two other items pass through it.",
    "closeness": "how few links away the other items are.",
    "coverage": "how many barriers and harms it addresses, directly and in all.",
}
# How the figures of a build are told whose parts are too large to search from every item; see kg.sampling.
ESTIMATED = (
    "Estimated from searches that start at a sample of the items: what a figure may be off is told beside it, and holds for about 95 of "
    "100 figures. Where it is more than the distance between two figures, their order is open."
)
NAMES = 2  # how many central items name a community


def find_ranking(
    reader: Reader, measure: str, *, kind: str | None, relation: str | None, limit: int, start: int = 0
) -> Ranking:
    """The items with the highest figures; equal figures share a rank, the first printed first.

    :param start: how many to pass over.

    :raises BadQuery: if measure, kind or relation is not known, nothing could be ranked so, or *limit* is not positive.
    """
    terms = reader.terms
    check_choice("measure", measure, MEASURES)
    check_choice("kind", kind, terms.kinds)
    check_choice("relation", relation, terms.curated)
    check_range("limit", limit, 1, 10_000)
    check_range("start", start, 0, 10_000_000)
    if kind in terms.gathering:
        raise BadQuery(
            f"{terms.kinds[kind].plural.capitalize()} only gather other items and are not ranked.",
            "Rank what they gather. Try: kg rank --kind action",
        )
    everything = reader.figures(measure, relation or "")
    ranked = reader.ranks(measure, relation or "", kind)
    if not ranked:
        raise BadQuery(
            f"Nothing to rank: no {terms.kinds[kind].label if kind else 'item'} has a figure for {measure}"
            + (f" by the relation {relation}." if relation else "."),
            "Coverage is for what addresses barriers or harms. Try: kg rank --measure coverage --kind action"
            if measure == "coverage"
            else "Leave out the kind or the relation. Try: kg rank",
        )
    firm = reader.figures(measure, relation or "", firm=True)
    firm_ranked = reader.ranks(measure, relation or "", kind, firm=True)
    tell = _Teller(reader, measure, relation or "", everything, [everything[item] for item in ranked])
    figures = []
    for item_id, rank in islice(ranked.items(), start, start + limit):
        item = reader.item(item_id)
        meaning = tell.meaning(item)
        firm_rank = firm_ranked.get(item_id)
        error = tell.errors.get(item_id)
        figures.append(Figure(to_brief(item), rank, everything[item_id], meaning, firm_rank, firm.get(item_id), error))
    told = tuple(figures)
    estimated = ESTIMATED if tell.errors else ""
    return Ranking(measure, kind, relation, WHAT[measure], len(ranked), len(firm_ranked), told, estimated=estimated)


def find_standing(reader: Reader, item_id: str) -> tuple[Standing, ...]:
    """The rank of one item among those of its kind by degree and coverage, as far as it has a figure."""
    item = reader.item(item_id)
    standings = []
    for measure in () if item.kind in reader.terms.gathering else ("degree", "coverage"):
        everything = reader.figures(measure)
        ranks, tell = reader.kept(("standing", measure, item.kind), partial(_compare, reader, measure, item.kind))
        if ranks.get(item.id) and everything[item.id]:
            standings.append(Standing(measure, item.kind, ranks[item.id], len(ranks), tell.meaning(item)))
    return tuple(standings)


def _compare(reader: Reader, measure: str, kind: str) -> tuple[Mapping[str, int], _Teller]:
    """The items of a kind ranked by a measure, with what tells of their figures."""
    everything, ranks = reader.figures(measure), reader.ranks(measure, "", kind)
    return ranks, _Teller(reader, measure, "", everything, [everything[each] for each in ranks])


class _Teller:
    """Says what a figure means."""

    def __init__(
        self, reader: Reader, measure: str, relation: str, figures: Mapping[str, float], compared: list[float]
    ) -> None:
        self._reader, self._measure, self._figures, self._compared = reader, measure, figures, compared
        parts = {"closeness": ("reached",), "coverage": ("direct", "barriers")}.get(measure, ())
        self._parts = {part: reader.figures(f"{measure}.{part}", relation) for part in parts}
        self.errors = reader.figures(f"{measure}.error", relation)  # of what is estimated

    @cached_property
    def _middle(self) -> float:
        return median(self._compared)

    def meaning(self, item: Item) -> str:
        """One plain sentence."""
        value, this = self._figures[item.id], f"this {self._reader.terms.kinds[item.kind].label}"
        told: str = getattr(self, f"_{self._measure}")(item.id, value, this)
        return told[0].upper() + told[1:]

    def _degree(self, _: str, value: float, this: str) -> str:
        middle = f"{self._middle:g}"
        return f"{this} is linked to {count(int(value), 'other item', 'other items')}; half of those ranked have {middle} or fewer."

    def _pagerank(self, _: str, value: float, this: str) -> str:
        times = value * len(self._figures)
        return f"somebody who follows links at random comes by {this} {times:.1f} times as often as by an average item."

    def _betweenness(self, item: str, value: float, this: str) -> str:
        share = f"{value * 100:.2g} percent" if value else "none"
        if error := self.errors.get(item):
            share += f", give or take {error * 100:.2g},"
        return f"of the shortest ways between two other items, {share} pass through {this}."

    def _closeness(self, item: str, value: float, this: str) -> str:
        reached, others = int(self._parts["reached"][item]), len(self._figures) - 1
        not_all = "" if reached == others else f"; {others - reached} of {others} cannot be reached"
        links = reached / others / value
        off = f", give or take {links * self.errors[item] / value:.2g}," if item in self.errors else ""
        return f"from {this} it takes {links:.1f} links on average{off} to come to another item{not_all}."

    def _coverage(self, item: str, value: float, this: str) -> str:
        barriers, direct = int(self._parts["barriers"][item]), int(self._parts["direct"][item])
        harms = int(value) - barriers
        told = [count(barriers, "barrier", "barriers")] if barriers else []
        told += [count(harms, "harm", "harms")] if harms else []
        if value == 1:
            how = "directly" if direct else "though not directly"
        else:
            how = f"{direct or 'none'} of them directly"
        return f"carrying out {this} would touch {' and '.join(told)}, {how}."


def find_members(reader: Reader) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The communities that the build keeps: the ids of the items of each, and how each is called, by its most central items."""
    kept = reader.snapshot.meta("communities")["communities"]
    names = {one["id"]: " / ".join(reader.brief(item).label for item in one["central"][:NAMES]) for one in kept}
    return {one["id"]: one["items"] for one in kept}, names


def find_communities(reader: Reader) -> Communities:
    """The communities that the build keeps, with their items."""
    kept = reader.snapshot.meta("communities")
    _, names = find_members(reader)
    items = {row[0]: Brief(*row) for row in reader.snapshot.briefs()}
    told = []
    for one in kept["communities"]:
        kinds = Counter(items[item].kind for item in one["items"])
        told.append(
            Community(
                one["id"],
                names[one["id"]],
                len(one["items"]),
                one["inside"],
                tuple(items[item] for item in one["central"]),
                dict(kinds.most_common()),
                tuple(items[item] for item in one["items"]),
            )
        )
    hubs = reader.terms.gathering
    alone = sum(item.kind not in hubs for item in items.values()) - sum(one.size for one in told)
    return Communities(kept["modularity"], tuple(told), alone)
