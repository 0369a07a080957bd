"""Measures and communities agree with a second engine, parallel links and all, and do not change from build to build."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import igraph
import networkx as nx
import pytest
from hypothesis import given, settings

from kg.communities import find_communities
from kg.config import Config
from kg.folders import SNAPSHOT, open_build
from kg.measures import FIRM, measure, measure_all, to_measured
from kg.model import Model
from kg.network import BASE, Rules, build_network, find_cost
from kg.queries import KnowledgeGraph
from kg.snapshot import Snapshot

from .test_paths import RELATIONS, networks

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def snapshot(real_build: Config) -> Snapshot:
    return Snapshot(open_build(real_build.build).folder / SNAPSHOT)


@pytest.fixture(scope="module")
def network(snapshot: Snapshot) -> nx.MultiDiGraph:
    return build_network(Model(tuple(snapshot.sources()), tuple(snapshot.items()), tuple(snapshot.all_links())))


def in_igraph(network: nx.MultiDiGraph, relations: list[str], hubs: list[str], bases: set[str]) -> igraph.Graph:
    """The same links as a multigraph of igraph, which joins the parallel ones in its own way."""
    kinds = dict(network.nodes(data="kind"))
    links = [
        (start, end, BASE / find_cost(relation, link))
        for start, end, relation, link in network.edges(keys=True, data=True)
        if relation in relations
        and link["basis"] in bases
        and not {kinds[start], kinds[end]} & set(hubs)
        and start != end
    ]
    graph = igraph.Graph.TupleList(links, weights=True)
    return graph.simplify(combine_edges="sum")


def assert_same(network: nx.MultiDiGraph, relations: list[str], hubs: list[str], firm: bool) -> None:
    rules = Rules(frozenset(relations), at_least=FIRM if firm else frozenset())
    found = measure(to_measured(network, rules, hubs))
    bases = {"stated", "implied"} | (set() if firm else {"editorial", "computed"})
    second = in_igraph(network, relations, hubs, bases)
    names, size = second.vs["name"] if second.vcount() else [], second.vcount()
    if not size:
        assert found == {}
        return
    reached = [len(second.subcomponent(vertex)) - 1 for vertex in range(size)]
    right = {
        "degree": second.degree(),
        "pagerank": second.pagerank(weights="weight"),
        # igraph counts pairs; the share is of all pairs of other items.
        "betweenness": [value / max((size - 1) * (size - 2) / 2, 1) for value in second.betweenness(directed=False)],
        # igraph looks at the items that can be reached only; Wasserman and Faust lower it by the share of these.
        "closeness": [value * near / (size - 1) for value, near in zip(second.closeness(), reached, strict=True)],
        "closeness.reached": reached,
    }
    for name, figures in right.items():
        assert found[name] == pytest.approx(dict(zip(names, figures, strict=True)), abs=1e-7), name


@settings(max_examples=100, deadline=None)
@given(network=networks())
def test_every_measure_of_any_graph_is_what_igraph_says(network: nx.MultiDiGraph) -> None:
    for firm in (False, True):
        assert_same(network, RELATIONS, ["theme"], firm)


@pytest.mark.parametrize("firm", [False, True], ids=["all links", "firm links"])
def test_every_measure_of_the_real_graph_is_what_igraph_says(
    kg: KnowledgeGraph, network: nx.MultiDiGraph, firm: bool
) -> None:
    hubs = sorted(kg.terms.gathering)
    assert_same(network, list(kg.terms.curated), hubs, firm)
    assert_same(network, ["addresses"], hubs, firm)


def test_the_real_graph_has_parallel_links_to_be_joined(kg: KnowledgeGraph, network: nx.MultiDiGraph) -> None:
    graph = to_measured(network, Rules(frozenset(kg.terms.curated)), sorted(kg.terms.gathering))
    assert sum(len(links) > 1 for _, _, links in graph.edges(data="links")) > 5


def test_coverage_counts_barriers_and_harms_by_hand(snapshot: Snapshot) -> None:
    kinds = {item.id: item.kind for item in snapshot.items()}
    for item in ("ap-action-3.2.11", "hr-rec-2.19", "ap-action-4.3.2"):
        links = [link for link in snapshot.links(start=item) if link.relation == "addresses" and link.start == item]
        assert links
        assert snapshot.figures("coverage")[item] == len(links)
        assert snapshot.figures("coverage.direct")[item] == sum(link.strength == "direct" for link in links)
        assert snapshot.figures("coverage.barriers")[item] == sum(kinds[link.end] == "barrier" for link in links)
        firm = sum(link.basis in ("stated", "implied") for link in links)
        assert snapshot.figures("coverage", firm=True).get(item, 0) == firm


def test_modularity_is_what_igraph_says_and_no_worse_than_its_own_louvain(
    kg: KnowledgeGraph, snapshot: Snapshot, network: nx.MultiDiGraph
) -> None:
    kept = snapshot.meta("communities")
    second = in_igraph(
        network, list(kg.terms.curated), sorted(kg.terms.gathering), {"stated", "implied", "editorial", "computed"}
    )
    of = {item: place for place, one in enumerate(kept["communities"]) for item in one["items"]}
    membership = [of[name] for name in second.vs["name"]]
    assert kept["modularity"] == pytest.approx(second.modularity(membership, weights="weight"), abs=1e-6)
    own = second.community_multilevel(weights="weight").modularity
    assert kept["modularity"] == pytest.approx(own, abs=0.03)


def test_communities_and_measures_are_the_same_in_every_process(real_build: Config, snapshot: Snapshot) -> None:
    code = """
import json, sys
from pathlib import Path
from kg.communities import find_communities
from kg.measures import measure_all, to_measured
from kg.model import Model
from kg.network import Rules, build_network
from kg.snapshot import Snapshot
from kg.terms import Terms
snapshot = Snapshot(Path(sys.argv[1]))
terms = Terms.from_json(snapshot.meta("terms"))
network = build_network(Model(tuple(snapshot.sources()), tuple(snapshot.items()), tuple(snapshot.all_links())))
hubs = sorted(terms.gathering)
found = find_communities(to_measured(network, Rules(frozenset(terms.curated)), hubs))
print(json.dumps([found, list(measure_all(network, terms.curated, hubs))]))
"""
    path = open_build(real_build.build).folder / SNAPSHOT
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env={**os.environ, "PYTHONHASHSEED": "4242"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    communities, measures = json.loads(done.stdout)
    assert communities == snapshot.meta("communities")
    assert len(measures) > 100
    for relation, firm, name, figures in measures:
        assert figures == snapshot.figures(name, relation, firm=firm), (relation, firm, name)


def test_communities_hold_every_linked_item_once_and_are_ordered(snapshot: Snapshot) -> None:
    communities = snapshot.meta("communities")["communities"]
    items = [item for one in communities for item in one["items"]]
    assert sorted(items) == sorted(snapshot.figures("degree"))
    order = [(-len(one["items"]), min(one["items"])) for one in communities]
    assert order == sorted(order)
    assert [one["id"] for one in communities] == [f"community-{place}" for place in range(1, len(communities) + 1)]


def test_two_groups_tied_within_themselves_are_two_communities() -> None:
    graph = nx.Graph()
    for group in ("abcd", "wxyz"):
        graph.add_weighted_edges_from((one, other, 1.0) for one in group for other in group if one < other)
    graph.add_edge("a", "w", weight=0.3)
    found = find_communities(graph)
    assert [one["items"] for one in found["communities"]] == [list("abcd"), list("wxyz")]
    assert found["communities"][0]["central"] == ["a", "b", "c"]
    assert found["communities"][0]["inside"] == pytest.approx(12 / 12.3)


def test_nothing_linked_has_no_measure_and_no_community() -> None:
    assert measure(nx.Graph()) == {}
    assert find_communities(nx.Graph()) == {"modularity": 0.0, "communities": []}
    assert not list(measure_all(nx.MultiDiGraph(), ["addresses"], []))
