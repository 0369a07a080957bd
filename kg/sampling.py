"""Betweenness and closeness of a large graph from searches that start at some of its items, with how far each figure may be off.

A search from an item tells of all shortest ways that begin there. From every item that is exact, and takes time in the square of their
number; from a sample it is an estimate. Closeness is estimated after Eppstein and Wang (2004). Betweenness is estimated after Brandes and
Pich (2007) and, since their estimate is far off for what lies next to an item that was not drawn, with the weights of Geisberger, Sanders
and Schultes (2008): what lies between s and t counts for a search from s the more, the nearer it is to t. Their weight is the share x of
the way that lies before it; any f with f(x) + f(1 - x) = 1 will do, and a steeper one is more even from search to search. Here f is the
polynomial of degree 7 that is flattest at both ends; its powers are summed apart, since each can be carried back along the ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

    Array = np.ndarray[Any, np.dtype[Any]]

EXACT, PIVOTS = 1024, 512  # a part of the graph that has more than EXACT items is judged by so many of them
SEED = 2023
AT_ONCE = 16  # searches: as many as processors like
STEEP = {4: 35, 5: -84, 6: 70, 7: -20}  # power -> factor: 35 x^4 - 84 x^5 + 70 x^6 - 20 x^7
# Half the width of what is told, in standard errors. Two would hold 95 figures of 100 if searches were spread evenly, but for most items
# a few searches tell nearly all: in trials 3 held 94 to 96 of 100, and 4 held 96 to 98.
MARGIN = 4.0


@dataclass(frozen=True)
class Centrality:
    """Figures by number of the item. :ivar sampled: which of them are estimates. :ivar reached: how many others can be reached.
    The errors are what an estimate may be off, for 95 items of 100; 0 for what is exact."""

    betweenness: Array
    betweenness_error: Array
    closeness: Array
    closeness_error: Array
    reached: Array
    sampled: Array


def measure_centrality(graph: csr_matrix, *, exact: int = EXACT, pivots: int = PIVOTS) -> Centrality:
    """Shares of shortest ways (as ``networkx.betweenness_centrality``) and nearness (as ``networkx.closeness_centrality``).

    :param graph: ones where two items are linked, both ways, and no item with itself.
    :param exact: parts with up to so many items are measured exactly. :param pivots: searches in each larger part.
    """
    import numpy as np
    from scipy.sparse.csgraph import connected_components

    count = graph.shape[0]
    _, part = connected_components(graph, directed=False)
    sizes = np.bincount(part)
    drawn = np.where(sizes <= exact, sizes, np.minimum(sizes, pivots))
    sums = {name: np.zeros(count) for name in ("far", "far squared", "share", "share squared")}
    for starts in _draw(part, drawn):
        distance, share = _search(graph, starts)
        for name, found in (("far", distance), ("share", share)):
            sums[name] += found.sum(axis=1)
            sums[f"{name} squared"] += (found**2).sum(axis=1)
    size, searches = sizes[part], drawn[part]
    others, left = size - 1, np.maximum((count - 1) * (count - 2), 1)
    unseen = np.sqrt(np.maximum(1 - searches / size, 0) / np.maximum(searches - 1, 1))

    def spread(name: str) -> Array:
        """The standard error of the mean over the searches."""
        mean: Array = sums[name] / searches
        deviation: Array = np.sqrt(np.maximum(sums[f"{name} squared"] / searches - mean**2, 0))
        error: Array = deviation * unseen
        return error

    far = sums["far"] / searches
    closeness = np.divide(others**2, far * size * max(count - 1, 1), out=np.zeros(count), where=far > 0)
    off = np.divide(spread("far"), far, out=np.zeros(count), where=far > 0)
    scale = size / left
    return Centrality(
        sums["share"] / searches * scale,
        MARGIN * spread("share") * scale,
        closeness,
        MARGIN * closeness * off,
        others,
        searches < size,
    )


def _draw(part: Array, drawn: Array) -> Iterator[Array]:
    """Where to start, a few searches at once: (item, search) pairs. One search begins in every part, since parts do not meet."""
    import numpy as np

    mixed = np.random.default_rng(SEED).permutation(len(part))
    members = mixed[np.argsort(part[mixed], kind="stable")]  # part by part, mixed within each
    begin = np.r_[0, np.cumsum(np.bincount(part))[:-1]]
    place = np.arange(len(part)) - begin[part[members]]
    chosen = place < drawn[part[members]]
    members, place = members[chosen], place[chosen]
    order = np.argsort(place, kind="stable")
    members, place = members[order], place[order]
    for first in range(0, int(drawn.max(initial=0)), AT_ONCE):
        lot = slice(*np.searchsorted(place, [first, first + AT_ONCE]))
        yield np.stack([members[lot], place[lot] - first])


def _search(graph: csr_matrix, starts: Array) -> tuple[Array, Array]:
    """Brandes (2001), a few searches at once: for each item and search the distance, and the weighted share of ways through it."""
    import numpy as np

    items, searches = starts
    shape = graph.shape[0], int(searches.max()) + 1
    distance = np.full(shape, -1, dtype=np.int16)
    ways = np.zeros(shape)
    distance[items, searches], ways[items, searches] = 0, 1
    ring, most = ways.copy(), 0
    while True:
        ring = graph @ ring
        ring[distance >= 0] = 0
        if not (new := ring > 0).any():
            break
        most += 1
        distance[new] = most
        ways += ring
    share = np.zeros(shape)
    far = np.maximum(distance, 0).astype(float)
    for power, factor in STEEP.items():
        carried = np.zeros(shape)
        for links in range(most, 1, -1):
            back = np.divide(links**-power + carried, ways, out=np.zeros(shape), where=distance == links)
            carried += np.where(distance == links - 1, (graph @ back) * ways, 0)
        share += 2 * factor * carried * far**power
    return far, share
