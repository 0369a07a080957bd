"""Paths are the best that plain networkx finds: never longer than asked, never through what is avoided, never missing where one exists."""

from __future__ import annotations

import random
from itertools import pairwise

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.neighbours import find_rings
from kg.network import BASE, COSTS, NESTING, Rules, collapse, find_cost, of_kinds
from kg.paths import find_nearest, find_paths
from kg.terms import Terms
from kg.ties import NetworkTies

KINDS = ["action", "barrier", "term", "theme"]
RELATIONS = ["addresses", "supports", "usesTerm"]


@st.composite
def networks(draw: st.DrawFn) -> nx.MultiDiGraph:
    """Up to nine items of four kinds, with links of every sort between them, some parallel, some to themselves, some nested.

    Drawn by a seed: drawn link by link they would nearly always be too sparse for a second path.
    """
    chance = random.Random(draw(st.integers(0, 2**32)))
    network = nx.MultiDiGraph()
    items = [f"i{number}" for number in range(draw(st.integers(2, 9)))]
    for item in items:
        network.add_node(item, kind=chance.choice(KINDS), label=item)
    for _ in range(draw(st.integers(0, 24))):
        grades = {field: chance.choice(list(values)) for field, values in COSTS.items()}
        network.add_edge(*chance.choices(items, k=2), key=chance.choice(RELATIONS), **grades)
    for _ in range(draw(st.integers(0, 4))):
        network.add_edge(*chance.choices(items, k=2), key=NESTING)
    return network


def allowed_paths(
    graph: nx.Graph, start: str, end: str, via: list[set[str]], avoid: set[str], most: int
) -> list[list[str]]:
    """Every path that would be right, listed by networkx."""
    open_graph = graph.subgraph(set(graph) - (avoid - {start, end}))
    return [
        path
        for path in nx.all_simple_paths(open_graph, start, end, cutoff=most)
        if all(need & set(path[1:-1]) for need in via)
    ]


def tied(graph: nx.Graph) -> NetworkTies:
    return NetworkTies(nx.MultiDiGraph(), graph)


def cost(graph: nx.Graph, path: list[str]) -> int:
    return sum(graph[one][other]["cost"] for one, other in pairwise(path))


@settings(max_examples=400, deadline=None)
@given(
    network=networks(),
    avoided=st.sets(st.sampled_from(KINDS), max_size=2),
    via=st.lists(st.sampled_from(KINDS), max_size=2, unique=True),
    most=st.integers(1, 6),
    limit=st.integers(1, 4),
)
def test_paths_are_those_that_networkx_would_list(
    network: nx.MultiDiGraph, avoided: set[str], via: list[str], most: int, limit: int
) -> None:
    graph = collapse(network)
    start, end = "i0", "i1"
    avoid, needs = of_kinds(graph, avoided), [of_kinds(graph, [kind]) for kind in via]
    right = allowed_paths(graph, start, end, needs, avoid, most)
    found = find_paths(tied(graph), start, end, via=needs, avoid=avoid, max_length=most, limit=limit)
    assert bool(found) == bool(right), "missing where one exists, or there where none does"
    if found:
        assert cost(graph, found[0]) == min(cost(graph, path) for path in right)
    used: set[str] = set()
    for place, path in enumerate(found):
        assert path in right
        between = set(path[1:-1])
        assert not place or between - used, "a further path brings something new"
        if place:
            paid = {
                tuple(each): cost(graph, each) + BASE * len(set(each[1:-1]) & used)
                for each in right
                if set(each[1:-1]) - used
            }
            assert paid[tuple(path)] == min(paid.values()), "and is the best that does"
        used |= between
    if len(found) < limit:
        assert all(set(path[1:-1]) <= used for path in right) or not found


@settings(max_examples=200, deadline=None)
@given(network=networks(), avoided=st.sets(st.sampled_from(KINDS), max_size=2))
def test_the_best_path_of_any_length_costs_what_dijkstra_says(network: nx.MultiDiGraph, avoided: set[str]) -> None:
    graph = collapse(network)
    avoid = of_kinds(graph, avoided)
    open_graph = graph.subgraph(set(graph) - (avoid - {"i0", "i1"}))
    found = find_paths(tied(graph), "i0", "i1", avoid=avoid, max_length=len(graph), limit=1)
    if nx.has_path(open_graph, "i0", "i1"):
        assert cost(graph, found[0]) == nx.shortest_path_length(open_graph, "i0", "i1", weight="cost")
        links = nx.shortest_path_length(open_graph, "i0", "i1")
        assert find_paths(tied(graph), "i0", "i1", avoid=avoid, max_length=links)
        assert links == 1 or not find_paths(tied(graph), "i0", "i1", avoid=avoid, max_length=links - 1)
    else:
        assert not found


@settings(max_examples=200, deadline=None)
@given(network=networks(), kind=st.sampled_from(KINDS), via=st.lists(st.sampled_from(KINDS), max_size=1))
def test_the_nearest_of_a_kind_are_the_cheapest_to_reach(network: nx.MultiDiGraph, kind: str, via: list[str]) -> None:
    graph = collapse(network)
    ends, needs = of_kinds(graph, [kind]) - {"i0"}, [of_kinds(graph, [each]) for each in via]
    costs = {}
    for end in ends:
        if paths := allowed_paths(graph, "i0", end, needs, set(), 3):
            costs[end] = min(cost(graph, path) for path in paths)
    found = find_nearest(tied(graph), "i0", of_kinds(graph, [kind]), via=needs, max_length=3, limit=3)
    assert [cost(graph, path) for path in found] == sorted(costs.values())[:3]
    assert len({path[-1] for path in found}) == len(found)
    assert {path[-1] for path in found} <= set(costs)


@settings(max_examples=200, deadline=None)
@given(network=networks(), limit=st.integers(1, 4))
def test_every_item_is_shown_or_counted_in_the_ring_where_it_is_first_met(network: nx.MultiDiGraph, limit: int) -> None:
    graph = collapse(network)
    layers = list(nx.bfs_layers(graph, "i0"))[1:]
    everything = find_rings(tied(graph), "i0", depth=4, limit=100)
    assert [{item for item, _ in ring.shown} for ring in everything if ring.shown] == [
        set(layer) for layer in layers[:4]
    ]
    assert not any(ring.left_out for ring in everything)
    rings = find_rings(tied(graph), "i0", depth=4, limit=limit)
    distance = nx.single_source_shortest_path_length(graph, "i0")
    shown = [item for ring in rings for item, _ in ring.shown]
    assert len(shown) == len(set(shown)) and "i0" not in shown
    assert len(shown) + sum(ring.left_out for ring in rings) <= len(distance) - 1
    for number, ring in enumerate(rings[:2], start=1):
        assert {distance[item] for item, _ in ring.shown} <= {number}
    assert len(rings[0].shown) == min(limit, graph.degree["i0"])
    for ring in rings:
        assert sum(ring.kinds.values()) == sum(ring.relations.values()) == ring.left_out
        for item, reached_from in ring.shown:
            assert graph.has_edge(item, reached_from)


@settings(max_examples=200, deadline=None)
@given(
    network=networks(),
    relations=st.frozensets(st.sampled_from(RELATIONS)),
    without=st.frozensets(st.sampled_from([*RELATIONS, NESTING])),
    strength=st.sampled_from(["", *COSTS["strength"]]),
    basis=st.sampled_from(["", *COSTS["basis"]]),
)
def test_a_collapsed_edge_stands_for_every_link_that_the_rules_allow(
    network: nx.MultiDiGraph, relations: frozenset[str], without: frozenset[str], strength: str, basis: str
) -> None:
    rules = Rules(relations, without, frozenset(filter(None, [strength, basis])))
    bases = list(COSTS["basis"])
    right = {
        (start, end, relation)
        for start, end, relation, link in network.edges(keys=True, data=True)
        if start != end
        and relation not in without
        and (not relations or relation in relations)
        and not (strength == "direct" and link.get("strength") == "contributing")
        and not (basis and "basis" in link and bases.index(link["basis"]) > bases.index(basis))
    }
    graph = collapse(network, rules)
    kept = [link[:3] for _, _, links in graph.edges(data="links") for link in links]
    assert sorted(kept) == sorted(right)
    for _, _, edge in graph.edges(data=True):
        costs = [find_cost(relation, link) for _, _, relation, link in edge["links"]]
        assert costs == sorted(costs) and edge["cost"] == costs[0]
        assert edge["weight"] == sum(BASE / each for each in costs)


def test_the_costs_know_every_grade_of_the_ontology_in_its_order(terms: Terms) -> None:
    for field, grades in COSTS.items():
        assert set(grades) == set(terms.choices[field])
        assert list(grades.values()) == sorted(set(grades.values())), (
            f"{field}: each grade costs more than the one before"
        )


def test_three_good_links_are_not_taken_to_avoid_one_that_a_person_has_read() -> None:
    weak = find_cost("addresses", {"strength": "contributing", "basis": "editorial", "state": "proposed"})
    best = find_cost("addresses", {"strength": "direct", "basis": "stated", "state": "reviewed"})
    computed = find_cost("usesTerm", {"strength": "direct", "basis": "computed", "state": "proposed"})
    assert 2 * best <= weak < 3 * best <= computed
