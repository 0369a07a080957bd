"""Items and links to a networkx graph, and questions of shape: what an item touches, what nothing answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from .model import Model


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many difficulties an item addresses: directly, and in all."""

    direct: int
    all: int


def build_network(model: Model) -> nx.MultiDiGraph:
    """A directed graph: a node an item, an edge a curated link (key: its relation) or a nesting (key: ``isPartOf``)."""
    network = nx.MultiDiGraph()
    for item in model.items:
        network.add_node(item.id, kind=item.kind, label=item.label)
    for item in model.items:
        if item.parent:
            network.add_edge(item.id, item.parent, key="isPartOf")
    for link in model.links:
        network.add_edge(
            link.start, link.end, key=link.relation, strength=link.strength, state=link.state, basis=link.basis
        )
    return network


def measure_coverage(network: nx.MultiDiGraph) -> Mapping[str, Coverage]:
    """What each item that addresses anything touches.

    >>> network = nx.MultiDiGraph()
    >>> _ = network.add_edge("pay fairly", "no money", key="addresses", strength="direct")
    >>> measure_coverage(network)["pay fairly"]
    Coverage(direct=1, all=1)
    """
    counts: dict[str, list[int]] = {}
    for start, _, relation, strength in network.edges(keys=True, data="strength"):
        if relation == "addresses":
            found = counts.setdefault(start, [0, 0])
            found[0] += strength == "direct"
            found[1] += 1
    return {item: Coverage(direct, total) for item, (direct, total) in counts.items()}


def find_unanswered(network: nx.MultiDiGraph, kind: str = "barrier") -> list[str]:
    """The items of a kind that nothing addresses directly, in the order of the graph."""
    return [
        item
        for item, of in network.nodes(data="kind")
        if of == kind
        and not any(
            relation == "addresses" and strength == "direct"
            for _, _, relation, strength in network.in_edges(item, keys=True, data="strength")
        )
    ]
