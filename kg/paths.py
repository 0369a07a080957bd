"""The best few paths along ties: never longer than asked, never through what is avoided, each with something new in it."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Container, Iterator, Sequence
from functools import cache
from math import inf
from typing import Any

from .network import BASE
from .ties import Ties

FEW = 100  # ends from which on it is quicker to search from the start alone


def find_paths(
    ties: Ties,
    start: Any,
    end: Any,
    *,
    via: Sequence[Container[Any]] = (),
    avoid: Container[Any] = (),
    max_length: int = 4,
    limit: int = 3,
) -> list[list[Any]]:
    """The best paths between two places, as lists of places from end to end; none is an empty list.

    The first is the cheapest. Each further one passes through at least one place that no earlier one passed through, and every place that
    an earlier one passed through costs as much as a link more (the penalty method for alternative routes, after Bader, Dees, Geisberger
    and Sanders 2011).

    Yen's algorithm (``networkx.shortest_simple_paths``) cannot bound the number of links: it would have to list every cheap long path
    before a dear short one. Here the cheapest rest of the way is known for every place and number of links left, as in the algorithm of
    Bellman and Ford, and an A* search (Hart, Nilsson and Raphael 1968) over simple paths follows it. Whether a place is near enough to
    the end is looked up where a search from the end has been, halfway: so each side looks at few, however large the graph is.

    :param ties: what links places, and at what cost. :param via: one of each of these must lie between the ends.
    :param avoid: what no path passes through; the ends may be among it. :param max_length: at most so many links.

    >>> import networkx as nx
    >>> from kg.ties import NetworkTies
    >>> graph = nx.Graph()
    >>> graph.add_weighted_edges_from([("a", "b", 10), ("b", "c", 10), ("a", "c", 25), ("a", "d", 10), ("d", "c", 12)], "cost")
    >>> ties = NetworkTies(nx.MultiDiGraph(), graph)
    >>> find_paths(ties, "a", "c"), find_paths(ties, "a", "c", max_length=1)
    ([['a', 'b', 'c'], ['a', 'd', 'c']], [['a', 'c']])
    """
    search = _Search(ties, {end}, avoid, max_length)
    found: list[list[Any]] = []
    used: set[Any] = set()
    while len(found) < limit:
        new = [_Unused(used)] if found else []
        path, _ = search.cheapest(start, [*via, *new], used)
        if not path:
            break
        found.append(path)
        used |= set(path[1:-1])
    return found


def find_nearest(
    ties: Ties,
    start: Any,
    ends: Collection[Any],
    *,
    via: Sequence[Container[Any]] = (),
    avoid: Container[Any] = (),
    max_length: int = 4,
    limit: int = 1,
) -> list[list[Any]]:
    """The cheapest path to each of the *limit* nearest of *ends*, the nearest first; the parameters are those of :func:`find_paths`."""
    found: list[list[Any]] = []
    left = set(ends) - {start}
    while left and len(found) < limit:
        path: list[Any] = []
        for length in range(1, max_length + 1):
            path, cost = _Search(ties, left, avoid, length).cheapest(start, via, ())
            if cost < BASE * (length + 1):  # no longer path could be cheaper
                break
        if not path:
            break
        found.append(path)
        left.discard(path[-1])
    return found


def find_length(ties: Ties, start: Any, end: Any, *, avoid: Container[Any] = ()) -> int | None:
    """How many links the shortest way between two places has, or None; searched from both ends, from the smaller side first."""
    sides: list[tuple[set[Any], set[Any]]] = [
        ({start}, {start}),
        ({end}, {end}),
    ]  # what was met, and the last ring of it
    length = 0
    while all(ring for _, ring in sides):
        sides.sort(key=lambda side: len(side[1]))
        (seen, ring), (others, _) = sides
        if seen & others:
            return length
        ring = {other for at in ring for other, _ in ties.near(at) if other in others or other not in avoid} - seen
        seen |= ring
        sides[0] = seen, ring
        length += 1
    return None


class _Unused:
    """All that is not used yet. To be asked whether it holds a place."""

    def __init__(self, used: Container[Any]) -> None:
        self._used = used

    def __contains__(self, place: object) -> bool:
        return place not in self._used


class _Search:
    """Cheapest simple paths to one of some ends."""

    def __init__(self, ties: Ties, ends: Collection[Any], avoid: Container[Any], max_length: int) -> None:
        self._ends, self._avoid, self._max_length = ends, avoid, max_length
        self._stop = ends if len(ends) == 1 else ()  # a path to the only end stops there
        self._near = cache(lambda at: list(ties.near(at)))
        self._far: dict[Any, int] = {}  # links to the nearest end, for all that are not more than halfway
        self._half = max_length // 2 if len(ends) <= FEW else 0
        ring = set(ends)
        for links in range(self._half + 1):
            self._far |= dict.fromkeys(ring, links)
            if links < self._half:
                met = {other for at in ring for other, _ in self._near(at)} - self._far.keys()
                ring = {other for other in met if other not in avoid}

    def cheapest(self, start: Any, needs: Sequence[Container[Any]], used: Container[Any]) -> tuple[list[Any], float]:
        """The cheapest path that passes through one place of each of *needs*, with its cost; or an empty list and infinity."""
        ends, stop, avoid, far, half = self._ends, self._stop, self._avoid, self._far, self._half
        costs = cache(lambda at: [each for each in self._near(at) if each[0] != start])
        closed = cache(lambda at: at in avoid or at in stop)
        gain = cache(lambda at: sum(1 << number for number, need in enumerate(needs) if at in need))

        def ways(at: Any, links: int, missing: int) -> Iterator[tuple[Any, int, int, bool]]:
            """The next place, what the link costs, the needs that are then missing, and whether the path ends there."""
            for other, cost in costs(at):
                if other in ends and not missing:
                    yield other, cost, 0, True
                if links > 1 and far.get(other, half + 1) < links and not closed(other):
                    yield other, cost + BASE * (other in used), missing & ~gain(other), False

        @cache
        def rest(at: Any, links: int, missing: int) -> float:
            """What the rest of the way costs at least: exactly, if going in circles were allowed."""
            return min(
                (
                    cost + (0 if end else rest(other, links - 1, still))
                    for other, cost, still, end in ways(at, links, missing)
                ),
                default=inf,
            )

        missing = (1 << len(needs)) - 1
        heap: list[tuple[float, int, tuple[Any, ...], int, int, bool]] = [
            (rest(start, self._max_length, missing), 0, (start,), 0, missing, False)
        ]
        while heap:
            estimate, depth, path, spent, missing, complete = heapq.heappop(heap)
            if complete:
                return list(path), spent
            links = self._max_length + depth
            for other, cost, still, end in ways(path[-1], links, missing) if estimate < inf else ():
                further = 0 if end else rest(other, links - 1, still)
                if other not in path and further < inf:
                    # Of equal ones the longest first: it is nearest to its end.
                    heapq.heappush(heap, (spent + cost + further, depth - 1, (*path, other), spent + cost, still, end))
        return [], inf
