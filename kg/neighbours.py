"""What stands around an item, ring by ring, a few at a time, with counts of what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from .network import EVERYTHING, Rules, find_cost

PairLink = tuple[str, str, str, Mapping[str, Any]]  # as on the edges of a collapsed graph
MOST_RINGS = 5


@dataclass(frozen=True, slots=True)
class Circle:
    """One ring: the items shown, each with the item that it was reached from, and what is not shown by kind and by relation."""

    shown: tuple[tuple[str, str], ...]
    left_out: int
    kinds: Mapping[str, int]
    relations: Mapping[str, int]


def find_rings(
    graph: nx.Graph,
    start: str,
    *,
    depth: int = 2,
    limit: int = 10,
    rules: Rules = EVERYTHING,
    show: Callable[[str], bool] = lambda item: True,
) -> list[Circle]:
    """Breadth first: the *limit* items of each ring that are linked most convincingly; the next ring starts from these only.

    Every item is shown or counted in the ring in which it is first met, and in no other.

    :param graph: a collapsed graph, see :func:`kg.network.collapse`. :param rules: which links are followed.
    :param show: whether an item may be shown; one that may not is counted and not walked through.
    """
    seen, spent, rings = {start}, {start: 0}, []
    frontier: Collection[str] = [start]
    for _ in range(depth):
        # For each item met: whether it may be shown, what the way there costs at least, its place, from where, by which relation.
        met: dict[str, tuple[bool, int, int, str, str]] = {}
        for place, at in enumerate(frontier):
            for other, edge in graph[at].items():
                if other not in seen:
                    links = [link for link in edge["links"] if rules.allow(*link[2:])]
                    _, _, relation, data = (links or edge["links"])[0]
                    way = not (links and show(other)), spent[at] + find_cost(relation, data), place, at, relation
                    met[other] = min(met.get(other, way), way)
        order = sorted(met, key=lambda other: (met[other], other))
        shown = [other for other in order if not met[other][0]][:limit]
        rest = [other for other in order if other not in set(shown)]
        rings.append(
            Circle(
                tuple((other, met[other][3]) for other in shown),
                len(rest),
                _count(graph.nodes[other]["kind"] for other in rest),
                _count(met[other][4] for other in rest),
            )
        )
        seen |= met.keys()
        spent |= {other: met[other][1] for other in shown}
        frontier = shown
    return rings


def _count(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda each: (-each[1], each[0])))
