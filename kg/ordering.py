"""In which order to learn things: what later ones need comes first. A circle is broken at its weakest link, and that is told."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Before:
    """That one thing is learned before another. :ivar weight: how firmly; of a circle, the link with the least is given up."""

    first: str
    then: str
    weight: int = 1


def order(
    things: Iterable[str], rules: Iterable[Before], rank: Mapping[str, tuple[int, ...]]
) -> tuple[list[str], list[Before]]:
    """The things so that each rule holds, those of lower rank earlier where the rules leave it open.

    :param rank: of each thing, of one length. Rules about other things are passed over.
    :returns: the order, and the rules that were given up because they went round in a circle.

    >>> order("abc", [Before("c", "a"), Before("a", "b")], {"a": (1,), "b": (2,), "c": (3,)})
    (['c', 'a', 'b'], [])
    >>> order("ab", [Before("a", "b", 1), Before("b", "a", 2)], {"a": (1,), "b": (2,)})
    (['b', 'a'], [Before(first='a', then='b', weight=1)])
    """
    left = dict.fromkeys(things)
    kept = {
        (rule.first, rule.then): rule
        for rule in sorted(rules, key=lambda rule: (rule.weight, rule.first, rule.then))
        if rule.first in left and rule.then in left and rule.first != rule.then
    }
    found: list[str] = []
    given_up: list[Before] = []
    while len(found) < len(left):
        _take_free(left, kept, rank, found)
        if len(found) < len(left):
            circle = _find_circle({pair for pair in kept if not set(pair) & set(found)})
            weakest = min(circle, key=lambda pair: (kept[pair].weight, pair))
            given_up.append(kept.pop(weakest))
    return found, given_up


def _take_free(
    left: Mapping[str, None],
    rules: Mapping[tuple[str, str], Before],
    rank: Mapping[str, tuple[int, ...]],
    found: list[str],
) -> None:
    """Append to *found* whatever waits for nothing that is not yet there."""
    done = set(found)
    waits: dict[str, set[str]] = {thing: set() for thing in left if thing not in done}
    leads: dict[str, list[str]] = {thing: [] for thing in left}
    for first, then in rules:
        if first not in done and then in waits:
            waits[then].add(first)
            leads[first].append(then)
    free = [(rank[thing], thing) for thing, others in waits.items() if not others]
    heapq.heapify(free)
    while free:
        _, thing = heapq.heappop(free)
        found.append(thing)
        for then in leads[thing]:
            waits[then].discard(thing)
            if not waits[then]:
                heapq.heappush(free, (rank[then], then))


def _find_circle(pairs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Some circle: walking backwards from a thing that waits must come round, once nothing is free."""
    before: dict[str, str] = {}
    for first, then in sorted(pairs, reverse=True):
        before[then] = first
    # A thing that only waits for a circle is not on one: go back until a thing comes twice.
    walk = [min(then for then in before if before[then] in before)]
    while walk[-1] not in walk[:-1]:
        walk.append(before[walk[-1]])
    circle = walk[walk.index(walk[-1]) :]
    return [(first, then) for then, first in pairwise(circle)]
