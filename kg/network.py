"""Items and links to a networkx graph, and openly to a simple one, for all questions of shape; what nothing answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .model import Model
from .terms import ABOUT, NESTING

if TYPE_CHECKING:
    import networkx as nx  # imported where it is used: answers about a large build do without

# How little a link convinces, the best first in each list. A link of the best sort costs 10. The weakest that a person has read and
# nobody disputes (contributing, editorial, proposed) costs 20, so that it is as good as two of the best and no detour of three good links
# is taken to avoid it; a link that only a program found, or that is disputed, is worth a longer way round. Standing in the same list
# says less than a link with a reason, and sharing a topic hardly anything. Whole numbers, so that equal paths are equal to the last digit.
BASE = 10
COSTS: Mapping[str, Mapping[str, int]] = {
    "strength": {"direct": 0, "contributing": 5},
    "basis": {"stated": 0, "implied": 1, "editorial": 2, "computed": 20},
    "state": {"reviewed": 0, "checked": 1, "proposed": 3, "disputed": 15},
}
UNREAD_COSTS = {NESTING: 5, ABOUT: 20}

Grades = tuple[str, Mapping[str, Any]]  # relation, and what is known of the link, at least how much it convinces
PairLink = tuple[str, str, str, Mapping[str, Any]]  # start, end, relation, and what is known of the link


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many difficulties an item addresses: directly, and in all."""

    direct: int
    all: int


@dataclass(frozen=True, slots=True)
class Rules:
    """Which links count. :ivar relations: only these, if any are named. :ivar without: not these.
    :ivar at_least: the weakest strength, basis or state that counts; links without (nesting, topics) always do."""

    relations: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    at_least: frozenset[str] = frozenset()

    def allow(self, relation: str, link: Mapping[str, Any]) -> bool:
        """Whether a link counts."""
        if relation in self.without or (self.relations and relation not in self.relations):
            return False
        return not self.at_least or all(
            grades[link[field]] <= grades[word]
            for field, grades in COSTS.items()
            if field in link
            for word in self.at_least & grades.keys()
        )


EVERYTHING = Rules()


def build_network(model: Model) -> nx.MultiDiGraph:
    """A directed graph: a node an item or source; an edge a curated link (key: its relation), a nesting (key: ``isPartOf``) or a topic
    (key: ``subject``)."""
    import networkx as nx

    network = nx.MultiDiGraph()
    for source in model.sources:
        network.add_node(source.id, kind="source", label=source.label)
    for item in model.items:
        network.add_node(item.id, kind=item.kind, label=item.label)
    for start, end, relation, data in to_links(model):
        network.add_edge(start, end, key=relation, **data)
    return network


def to_links(model: Model) -> Iterator[PairLink]:
    """Nesting, topics and curated links, all alike."""
    for item in model.items:
        yield item.id, item.parent or item.source, NESTING, {}
        for topic in item.about:
            yield item.id, topic, ABOUT, {}
    for link in model.links:
        data = {"strength": link.strength, "state": link.state, "basis": link.basis, "because": link.because}
        yield link.start, link.end, link.relation, data


def find_cost(relation: str, link: Mapping[str, Any]) -> int:
    """How little a link convinces; see :data:`COSTS`."""
    if relation in UNREAD_COSTS:
        return BASE + UNREAD_COSTS[relation]
    return BASE + sum(grades[link[field]] for field, grades in COSTS.items() if field in link)


def collapse(network: nx.MultiDiGraph, rules: Rules = EVERYTHING) -> nx.Graph:
    """A simple graph: all links between two items become one edge, walked either way. Every path, measure and community rests on it.

    Engines disagree on parallel edges (some count each, some none), so they are joined here, once, where it can be seen. Lost are the
    direction of links, and which of several links a measure counts. Kept on each edge:

    - ``links``: the links that it stands for, the most convincing first, each as (start, end, relation, its data);
    - ``cost``: of the most convincing of them, for paths;
    - ``weight``: how much ties the two, the sum of 10 / cost over the links, for measures: 1 for a link of the best sort.

    A link from an item to itself is left out.

    >>> import networkx as nx
    >>> network = nx.MultiDiGraph()
    >>> _ = network.add_edge("pay fairly", "no money", key="addresses", strength="direct", basis="stated", state="reviewed")
    >>> _ = network.add_edge("no money", "pay fairly", key="worsens", strength="contributing", basis="implied", state="proposed")
    >>> edge = collapse(network)["pay fairly"]["no money"]
    >>> [relation for _, _, relation, _ in edge["links"]], edge["cost"], round(edge["weight"], 2)
    (['addresses', 'worsens'], 10, 1.53)
    """
    import networkx as nx

    between: dict[tuple[str, str], list[tuple[int, str, str, str, Mapping[str, Any]]]] = {}
    for start, end, relation, link in network.edges(keys=True, data=True):
        if start != end and rules.allow(relation, link):
            pair = (start, end) if start < end else (end, start)
            between.setdefault(pair, []).append((find_cost(relation, link), relation, start, end, link))
    graph = nx.Graph()
    graph.add_nodes_from(network.nodes(data=True))
    graph.add_edges_from((*pair, _join(between[pair])) for pair in sorted(between))
    return graph


def _join(links: list[tuple[int, str, str, str, Mapping[str, Any]]]) -> dict[str, Any]:
    links.sort(key=lambda link: link[:4])
    return {
        "links": [(start, end, relation, link) for _, relation, start, end, link in links],
        "cost": links[0][0],
        "weight": sum([BASE / link[0] for link in links]),
    }


def of_kinds(network: nx.Graph, kinds: Collection[str]) -> set[str]:
    """The items of some kinds."""
    return {item for item, kind in network.nodes(data="kind") if kind in kinds}


def measure_coverage(links: Iterable[PairLink]) -> Mapping[str, Coverage]:
    """What each item that addresses anything touches.

    >>> measure_coverage([("pay fairly", "no money", "addresses", {"strength": "direct"})])["pay fairly"]
    Coverage(direct=1, all=1)
    """
    counts: dict[str, list[int]] = {}
    for start, _, relation, data in links:
        if relation == "addresses":
            found = counts.setdefault(start, [0, 0])
            found[0] += data["strength"] == "direct"
            found[1] += 1
    return {item: Coverage(direct, total) for item, (direct, total) in counts.items()}


def find_unanswered(model: Model, kind: str = "barrier") -> list[str]:
    """The items of a kind that nothing addresses directly, in reading order."""
    answered = {link.end for link in model.links if link.relation == "addresses" and link.strength == "direct"}
    return [item.id for item in model.items if item.kind == kind and item.id not in answered]
