"""The collapsed graph as it is walked: who is near at what cost, and by which links. Here by networkx; on disk: kg.adjacency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from .network import Grades, PairLink, Rules, collapse

if TYPE_CHECKING:
    import networkx as nx


class Ties(Protocol):
    """What a walk asks. It knows places: ids, or numbers that stand for ids and are in the same order."""

    def __contains__(self, item: object) -> bool:
        """Whether there is such an item or source."""

    def place(self, item: str) -> Any:
        """The place of an item that is there."""

    def name(self, place: Any) -> str:
        """The id of what stands at a place."""

    def kind(self, place: Any) -> str:
        """The kind of what stands at a place."""

    def near(self, place: Any) -> Iterable[tuple[Any, int]]:
        """What is one allowed link away, in the order of ids, with what the most convincing link costs."""

    def around(self, place: Any) -> Iterable[tuple[Any, Sequence[Grades]]]:
        """The same with the grades of the links, the most convincing first."""

    def between(self, start: str, end: str) -> Sequence[PairLink]:
        """The links between two items with all their data, the most convincing first; none is an empty list."""

    def under(self, rules: Rules) -> Ties:
        """The same items with the links that some rules allow."""

    def close(self) -> None:
        """Let go of what is held open."""


class NetworkTies:
    """The ties of a network that is held in memory."""

    def __init__(self, network: nx.MultiDiGraph, graph: nx.Graph | None = None) -> None:
        """:param graph: the network collapsed, if that is done."""
        self._network, self._graph = network, collapse(network) if graph is None else graph
        self._near: Mapping[str, Mapping[str, Any]] = self._graph.adj
        self._around: dict[str, list[tuple[str, list[Grades]]]] = {}

    def __contains__(self, item: object) -> bool:
        return item in self._graph

    def place(self, item: str) -> str:
        return item

    def name(self, place: str) -> str:
        return place

    def kind(self, place: str) -> str:
        kind: str = self._graph.nodes[place]["kind"]
        return kind

    def near(self, place: str) -> list[tuple[str, int]]:
        return [(other, edge["cost"]) for other, edge in self._near[place].items()]

    def around(self, place: str) -> list[tuple[str, list[Grades]]]:
        if place not in self._around:
            links = ((other, edge["links"]) for other, edge in self._near[place].items())
            self._around[place] = [(other, [link[2:] for link in between]) for other, between in links]
        return self._around[place]

    def between(self, start: str, end: str) -> list[PairLink]:
        edge = self._near[start].get(end)
        return edge["links"] if edge else []

    def under(self, rules: Rules) -> NetworkTies:
        return NetworkTies(self._network, collapse(self._network, rules))

    def close(self) -> None:
        pass


class OfKinds:
    """Everything of some kinds, without a list of it. To be asked whether it holds a place."""

    def __init__(self, ties: Ties, kinds: Iterable[str]) -> None:
        self._ties, self._kinds = ties, frozenset(kinds)

    def __contains__(self, place: object) -> bool:
        return bool(self._kinds) and self._ties.kind(place) in self._kinds
