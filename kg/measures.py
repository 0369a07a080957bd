"""How important an item is, measured in several ways on the collapsed graph; done once, when the build is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .network import Rules, collapse, measure_coverage, of_kinds

if TYPE_CHECKING:
    import networkx as nx

Figures = Mapping[str, float]
FIRM = frozenset({"implied"})  # stated and implied links count, editorial and computed ones do not


def measure_all(
    network: nx.MultiDiGraph, relations: Sequence[str], hubs: Sequence[str]
) -> Iterator[tuple[str, bool, str, Figures]]:
    """Every measure: on all curated links and on each relation, with and without computed and editorial links.

    :param relations: the curated ones. :param hubs: kinds that only gather other items.
    :returns: relation ("" for all), whether only firm links count, measure, item -> figure; see :func:`measure` for their names.
    """
    for relation in ("", *relations):
        for firm in (False, True):
            wanted = frozenset([relation] if relation else relations)
            graph = to_measured(network, Rules(relations=wanted, at_least=FIRM if firm else frozenset()), hubs)
            for name, figures in measure(graph).items():
                yield relation, firm, name, round_figures(figures)


def round_figures(figures: Figures) -> Figures:
    """Figures to twelve digits, which are the same however the last ones came out."""
    return {item: float(f"{value:.12g}") for item, value in figures.items()}


def to_measured(network: nx.MultiDiGraph, rules: Rules, hubs: Sequence[str]) -> nx.Graph:
    """The graph that is measured: collapsed; without items that only gather others, and so without nesting and topics, because a list
    would make all that stands in it seem near; and without items that have no link left, about which nothing can be said.
    """
    import networkx as nx

    graph = collapse(network, rules)
    graph.remove_nodes_from(of_kinds(graph, hubs))
    graph.remove_nodes_from(list(nx.isolates(graph)))
    return graph


def measure(graph: nx.Graph) -> dict[str, Figures]:
    """Every measure of one graph.

    - ``degree``: to how many other items an item is linked.
    - ``pagerank``: the share of time that a random walk spends there (Brin and Page 1998), links weighted by how much they tie, walked
      either way, since the relations point in ways that have no sense in common.
    - ``betweenness``: the share of shortest ways between two others that pass through it (Freeman 1977, computed after Brandes 2001).
    - ``closeness``: how near it is to all others (Freeman 1978), lowered where not all can be reached (Wasserman and Faust 1994).
    - ``closeness.reached``: how many others can be reached.
    - ``coverage``: how many barriers and harms it addresses; ``coverage.direct``: directly; ``coverage.barriers``: only barriers.

    Betweenness and closeness count links and not their weights.
    """
    import networkx as nx

    if not graph:
        return {}
    reached = {item: len(part) - 1 for part in nx.connected_components(graph) for item in part}
    return {
        "degree": dict(graph.degree),
        "pagerank": nx.pagerank(graph, weight="weight", tol=1e-10, max_iter=1000),
        "betweenness": nx.betweenness_centrality(graph),
        "closeness": nx.closeness_centrality(graph),
        "closeness.reached": {item: reached[item] for item in graph},
        **_cover(graph),
    }


def _cover(graph: nx.Graph) -> dict[str, Figures]:
    links = [link for _, _, between in graph.edges(data="links") for link in between]
    covered = measure_coverage(links)
    if not covered:
        return {}
    barriers = of_kinds(graph, ["barrier"])
    of_barriers = measure_coverage(link for link in links if link[1] in barriers)
    return {
        "coverage": {item: found.all for item, found in covered.items()},
        "coverage.direct": {item: found.direct for item, found in covered.items()},
        "coverage.barriers": {item: of_barriers[item].all if item in of_barriers else 0 for item in covered},
    }
