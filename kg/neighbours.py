"""What stands around an item, ring by ring, a few at a time, with counts of what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .network import EVERYTHING, Rules, find_cost
from .ties import Ties

MOST_RINGS = 5


@dataclass(frozen=True, slots=True)
class Circle:
    """One ring: the items shown, each with the item that it was reached from, and what is not shown by kind and by relation."""

    shown: tuple[tuple[str, str], ...]
    left_out: int
    kinds: Mapping[str, int]
    relations: Mapping[str, int]


def find_rings(
    ties: Ties,
    start: str,
    *,
    depth: int = 2,
    limit: int = 10,
    rules: Rules = EVERYTHING,
    show: Callable[[Any], bool] = lambda place: True,
) -> list[Circle]:
    """Breadth first: the *limit* items of each ring that are linked most convincingly; the next ring starts from these only.

    Every item is shown or counted in the ring in which it is first met, and in no other.

    :param ties: the collapsed graph. :param rules: which links are followed.
    :param show: whether what stands at a place may be shown; what that may not is counted and not walked through.
    """
    begin = ties.place(start)
    seen, spent, rings = {begin}, {begin: 0}, []
    frontier: Collection[Any] = [begin]
    for _ in range(depth):
        # For each item met: whether it may be shown, what the way there costs at least, its place, from where, by which relation.
        met: dict[Any, tuple[bool, int, int, Any, str]] = {}
        for place, at in enumerate(frontier):
            for other, links in ties.around(at):
                if other not in seen:
                    allowed = [link for link in links if rules.allow(*link)] if rules != EVERYTHING else links
                    relation, data = (allowed or links)[0]
                    way = not (allowed and show(other)), spent[at] + find_cost(relation, data), place, at, relation
                    met[other] = min(met.get(other, way), way)
        order = sorted(met, key=lambda other: (met[other], other))
        shown = list(islice((other for other in order if not met[other][0]), limit))
        rest = met.keys() - set(shown)
        rings.append(
            Circle(
                tuple((ties.name(other), ties.name(met[other][3])) for other in shown),
                len(rest),
                _count(map(ties.kind, rest)),
                _count(met[other][4] for other in rest),
            )
        )
        seen |= met.keys()
        spent |= {other: met[other][1] for other in shown}
        frontier = shown
    return rings


def _count(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda each: (-each[1], each[0])))
