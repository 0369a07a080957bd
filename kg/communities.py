"""Which items are tied more to each other than to the rest: communities, found once, when the build is made."""

from __future__ import annotations

from typing import Any

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
    if not graph:
        return {"modularity": 0.0, "communities": []}
    numbers = dict(enumerate(graph))  # sets of numbers, unlike sets of words, come in the same order in every process
    plain = nx.Graph()
    plain.add_nodes_from(numbers)
    of = {item: number for number, item in numbers.items()}
    plain.add_weighted_edges_from(
        sorted((*sorted((of[a], of[b])), weight) for a, b, weight in graph.edges(data="weight"))
    )
    parts = nx.community.louvain_communities(plain, weight="weight", seed=SEED)
    ordered = sorted(parts, key=lambda part: (-len(part), min(numbers[number] for number in part)))
    return {
        "modularity": round(nx.community.modularity(plain, ordered, weight="weight"), 6),
        "communities": [
            {"id": f"community-{place}", **_describe(plain, sorted(part), numbers)}
            for place, part in enumerate(ordered, start=1)
        ],
    }


def _describe(graph: nx.Graph, part: list[int], numbers: dict[int, str]) -> dict[str, Any]:
    inside = dict(graph.subgraph(part).degree(weight="weight"))
    ties = sum(weight for _, weight in graph.degree(part, weight="weight"))
    central = sorted(part, key=lambda number: (-round(inside[number], 9), numbers[number]))[:NAMED_BY]
    return {
        "central": [numbers[number] for number in central],
        "inside": round(sum(inside[number] for number in part) / ties, 6),
        "items": [numbers[number] for number in part],
    }
