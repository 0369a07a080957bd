"""The best few paths in a simple graph: never longer than asked, never through what is avoided, each with something new in it."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from math import inf

import networkx as nx

from .network import BASE


def find_paths(
    graph: nx.Graph,
    start: str,
    end: str,
    *,
    via: Sequence[Collection[str]] = (),
    avoid: Collection[str] = (),
    max_length: int = 4,
    limit: int = 3,
) -> list[list[str]]:
    """The best paths between two items, as lists of items from end to end; none is an empty list.

    The first is the cheapest. Each further one passes through at least one item that no earlier one passed through, and every item that
    an earlier one passed through costs as much as a link more (the penalty method for alternative routes, after Bader, Dees, Geisberger
    and Sanders 2011).

    Yen's algorithm (``networkx.shortest_simple_paths``) cannot bound the number of links: it would have to list every cheap long path
    before a dear short one. Here the cheapest rest of the way is known for every item and number of links left, as in the algorithm of
    Bellman and Ford, and an A* search (Hart, Nilsson and Raphael 1968) over simple paths follows it.

    :param graph: undirected, with ``cost`` on its edges. :param via: for each of these sets, one of its items must lie between the ends.
    :param avoid: items that no path passes through; the ends may be among them. :param max_length: at most so many links.

    >>> graph = nx.Graph()
    >>> graph.add_weighted_edges_from([("a", "b", 10), ("b", "c", 10), ("a", "c", 25), ("a", "d", 10), ("d", "c", 12)], "cost")
    >>> find_paths(graph, "a", "c"), find_paths(graph, "a", "c", max_length=1)
    ([['a', 'b', 'c'], ['a', 'd', 'c']], [['a', 'c']])
    """
    search = _Search(graph, {end}, avoid, max_length)
    found: list[list[str]] = []
    used: set[str] = set()
    while len(found) < limit:
        new = [set(graph) - used] if found else []
        path = search.cheapest(start, [*via, *new], used)
        if not path:
            break
        found.append(path)
        used |= set(path[1:-1])
    return found


def find_nearest(
    graph: nx.Graph,
    start: str,
    ends: Collection[str],
    *,
    via: Sequence[Collection[str]] = (),
    avoid: Collection[str] = (),
    max_length: int = 4,
    limit: int = 1,
) -> list[list[str]]:
    """The cheapest path to each of the *limit* nearest of *ends*, the nearest first; the parameters are those of :func:`find_paths`."""
    found: list[list[str]] = []
    left = set(ends) - {start}
    while left and len(found) < limit:
        path = _Search(graph, left, avoid, max_length).cheapest(start, via, ())
        if not path:
            break
        found.append(path)
        left.discard(path[-1])
    return found


class _Search:
    """Cheapest simple paths to one of some ends."""

    def __init__(self, graph: nx.Graph, ends: Collection[str], avoid: Collection[str], max_length: int) -> None:
        self._near, self._ends, self._max_length = dict(graph.adjacency()), ends, max_length
        self._closed = {*avoid, *(ends if len(ends) == 1 else ())}  # a path to the only end stops there
        self._far: dict[str, int] = {}  # links to the nearest end, as far as that matters
        for links, layer in enumerate(nx.bfs_layers(graph, list(ends))):
            if links >= max_length:
                break
            self._far.update(dict.fromkeys(layer, links))

    def cheapest(self, start: str, needs: Sequence[Collection[str]], used: Collection[str]) -> list[str]:
        """The cheapest path that passes through one item of each of *needs*, or an empty list."""
        near, ends, closed, far = self._near, self._ends, self._closed, self._far
        costs = cache(lambda at: [(other, edge["cost"]) for other, edge in near[at].items() if other != start])
        gain = cache(lambda item: sum(1 << place for place, need in enumerate(needs) if item in need))

        def ways(at: str, links: int, missing: int) -> Iterator[tuple[str, int, int, bool]]:
            """The next item, what the link costs, the needs that are then missing, and whether the path ends there."""
            for other, cost in costs(at):
                if other in ends and not missing:
                    yield other, cost, 0, True
                if links > 1 and other not in closed and far.get(other, links) < links:
                    yield other, cost + BASE * (other in used), missing & ~gain(other), False

        @cache
        def rest(at: str, links: int, missing: int) -> float:
            """What the rest of the way costs at least: exactly, if going in circles were allowed."""
            return min(
                (
                    cost + (0 if end else rest(other, links - 1, still))
                    for other, cost, still, end in ways(at, links, missing)
                ),
                default=inf,
            )

        missing = (1 << len(needs)) - 1
        heap: list[tuple[float, int, tuple[str, ...], int, int, bool]] = [
            (rest(start, self._max_length, missing), 0, (start,), 0, missing, False)
        ]
        while heap:
            estimate, depth, path, spent, missing, complete = heapq.heappop(heap)
            if complete:
                return list(path)
            links = self._max_length + depth
            for other, cost, still, end in ways(path[-1], links, missing) if estimate < inf else ():
                further = 0 if end else rest(other, links - 1, still)
                if other not in path and further < inf:
                    # Of equal ones the longest first: it is nearest to its end.
                    heapq.heappush(heap, (spent + cost + further, depth - 1, (*path, other), spent + cost, still, end))
        return []
