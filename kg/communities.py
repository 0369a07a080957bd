"""Which items are tied more to each other than to the rest: communities, found once, when the build is made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

SEED = 2023  # any number will do, as long as it stays the same
NAMED_BY = 3


def find_communities(graph: nx.Graph) -> dict[str, Any]:
    """Louvain communities (Blondel, Guillaume, Lambiotte and Lefebvre 2008) of a measured graph, by how much its links tie.

    The method depends on the order in which it meets the items: here on a sorted graph with a fixed seed, so that the same data gives the
    same communities. Other seeds give others, nearly as good: borders between communities are soft.

    :returns: "modularity" (Newman and Girvan 2004), and "communities", the largest first, of equal ones that with the smallest id first:
        "id", "central" (the ids of those that are tied most to others inside, the most tied first), "inside" (the share of the ties of
        its items that stay inside) and "items" (all ids, in the order of the graph).
    """
    import networkx as nx

    if not graph:
        return to_communities([], [], [])
    numbers = dict(enumerate(graph))  # sets of numbers, unlike sets of words, come in the same order in every process
    plain = nx.Graph()
    plain.add_nodes_from(numbers)
    of = {item: number for number, item in numbers.items()}
    plain.add_weighted_edges_from(
        sorted((*sorted((of[a], of[b])), weight) for a, b, weight in graph.edges(data="weight"))
    )
    parts = nx.community.louvain_communities(plain, weight="weight", seed=SEED)
    return to_communities(parts, plain.edges(data="weight"), list(graph))


def to_communities(
    parts: Iterable[Collection[int]], edges: Iterable[tuple[int, int, float]], names: Sequence[str]
) -> dict[str, Any]:
    """Communities as a build keeps them; see :func:`find_communities`.

    :param parts: the numbers of the items of each. :param edges: two numbers and how much they tie. :param names: the id of each number.

    >>> found = to_communities([{0, 1}, {2, 3}], [(0, 1, 1.0), (2, 3, 1.0), (1, 2, 0.5)], ["a", "b", "c", "d"])
    >>> found["modularity"], found["communities"][0]
    (0.3, {'id': 'community-1', 'central': ['a', 'b'], 'inside': 0.8, 'items': ['a', 'b']})
    """
    ordered = sorted(map(sorted, parts), key=lambda part: (-len(part), part[0]))
    of = {number: place for place, part in enumerate(ordered) for number in part}
    inside, ties = [0.0] * len(names), [0.0] * len(names)
    for a, b, weight in edges:
        for number in (a, b):
            ties[number] += weight
            inside[number] += weight if of[a] == of[b] else 0.0
    whole, modularity, told = sum(ties), 0.0, []
    for place, part in enumerate(ordered, start=1):
        within, all_ties = (sum(each[number] for number in part) for each in (inside, ties))
        modularity += within / whole - (all_ties / whole) ** 2
        central = sorted(part, key=lambda number: (-round(inside[number], 9), names[number]))[:NAMED_BY]
        told.append(
            {
                "id": f"community-{place}",
                "central": [names[number] for number in central],
                "inside": round(within / all_ties, 6),
                "items": [names[number] for number in part],
            }
        )
    return {"modularity": round(modularity, 6), "communities": told}
