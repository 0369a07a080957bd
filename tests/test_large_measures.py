"""The figures of a large build: exact where its parts are small, as networkx has them; else within what they say of themselves."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from scipy.sparse import csr_matrix

from kg.adjacency import Adjacency, build_adjacency
from kg.config import Config
from kg.errors import MissingExtra
from kg.folders import ADJACENCY, open_build
from kg.large_measures import check_igraph, find_communities, measure, to_measured
from kg.network import Rules
from kg.queries import KnowledgeGraph
from kg.sampling import Centrality, measure_centrality

TOLD = 0.95  # of the figures are within what is told of them


@pytest.fixture(scope="module")
def arrays(large_build: Config) -> Adjacency:
    return Adjacency((open_build(large_build.build).folder / ADJACENCY).read_bytes(), str)


def test_every_figure_is_that_of_networkx(kg: KnowledgeGraph, large_kg: KnowledgeGraph) -> None:
    small, large = (each._snapshot for each in (kg, large_kg))
    keys = small._rows("SELECT relation, firm, measure FROM measures ORDER BY 1, 2, 3")
    assert keys == large._rows("SELECT relation, firm, measure FROM measures ORDER BY 1, 2, 3") and len(keys) > 100
    for relation, firm, name in keys:
        told = small.figures(name, relation, firm=firm)
        near = {"abs": 1e-6} if name == "pagerank" else {"rel": 1e-9}
        assert large.figures(name, relation, firm=firm) == pytest.approx(told, **near), (relation, firm, name)


def test_communities_keep_as_much_inside_as_those_of_the_small_engine(
    kg: KnowledgeGraph, large_kg: KnowledgeGraph
) -> None:
    small, large = kg.communities(), large_kg.communities()
    assert large.modularity >= small.modularity - 0.01 and large.alone == small.alone
    assert sorted(item.id for one in large.communities for item in one.items) == sorted(
        item.id for one in small.communities for item in one.items
    )


def test_communities_are_the_same_again(large_kg: KnowledgeGraph, arrays: Adjacency) -> None:
    terms = large_kg.terms
    measured = to_measured(arrays, Rules(frozenset(terms.curated)), sorted(terms.gathering))
    order = [item.id for item in large_kg.items()]
    random.random()  # whatever else was drawn before
    assert find_communities(arrays, measured, order) == large_kg._snapshot.meta("communities")


@pytest.fixture(scope="module")
def uneven() -> nx.Graph:
    """Groups with thin bridges between them and loose ends: hard for a sample."""
    chance = random.Random(5)
    graph = nx.disjoint_union_all(nx.barabasi_albert_graph(100, 2 + group % 3, seed=group) for group in range(6))
    for group in range(5):
        graph.add_edge(100 * group + chance.randrange(100), 100 * (group + 1) + chance.randrange(100))
    for end in range(60):
        graph.add_edge(600 + end, chance.randrange(600))
    return graph


def within(found: Centrality, right: dict[str, dict[int, float]]) -> dict[str, float]:
    """Measure -> the share of figures that are within what is told of them."""
    told: dict[str, Any] = {
        "betweenness": (found.betweenness, found.betweenness_error),
        "closeness": (found.closeness, found.closeness_error),
    }
    return {
        name: sum(abs(figures[item] - value) <= errors[item] + 1e-12 for item, value in right[name].items())
        / len(figures)
        for name, (figures, errors) in told.items()
    }


def test_estimates_are_within_what_they_say_of_themselves_and_too_few_searches_show(uneven: nx.Graph) -> None:
    import igraph

    matrix = csr_matrix(nx.to_scipy_sparse_array(uneven, format="csr", dtype=float))
    count, second = len(uneven), igraph.Graph(len(uneven), list(uneven.edges))
    ways = (count - 1) * (count - 2) / 2
    right = {
        "betweenness": {item: value / ways for item, value in enumerate(second.betweenness(directed=False))},
        "closeness": dict(enumerate(second.closeness())),
    }
    exact = measure_centrality(matrix, exact=count)
    assert not exact.sampled.any() and within(exact, right) == {"betweenness": 1, "closeness": 1}
    found = measure_centrality(matrix, exact=count - 1, pivots=count // 5)
    assert found.sampled.all() and min(within(found, right).values()) >= TOLD
    # The control: the same estimates with the errors of a hundred times as many searches do not hold, nor do those of five searches.
    proud = replace(found, betweenness_error=found.betweenness_error / 10, closeness_error=found.closeness_error / 10)
    assert max(within(proud, right).values()) < TOLD
    assert within(measure_centrality(matrix, exact=count - 1, pivots=5), right)["betweenness"] < TOLD


def test_an_estimate_tells_its_error_wherever_it_is_shown() -> None:
    kinds = {f"i{number}": "action" for number in range(30)}
    data = {"strength": "direct", "state": "checked", "basis": "stated"}
    links = [
        ((f"i{a}", f"i{b}", "supports", data), -1)
        for a, b in nx.connected_watts_strogatz_graph(30, 4, 0.3, seed=1).edges
    ]
    ties = Adjacency(build_adjacency(kinds, links), str)
    figures = measure(ties, to_measured(ties, Rules(), ()), exact=10, pivots=10)
    assert figures["betweenness.error"].keys() == figures["closeness.error"].keys() == kinds.keys()
    assert "betweenness.error" not in measure(ties, to_measured(ties, Rules(), ()))


def test_without_igraph_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "igraph", None)
    with pytest.raises(MissingExtra, match="KG_ENGINES=small"):
        check_igraph()


def test_nothing_linked_has_no_figure_and_no_community(tmp_path: Path) -> None:
    path = tmp_path / "graph.bin"
    path.write_bytes(build_adjacency({"a": "action"}, []))
    ties = Adjacency.open(path, str)
    measured = to_measured(ties, Rules(), ())
    assert measure(ties, measured) == {} and find_communities(ties, measured, ["a"])["communities"] == []
    assert list(ties.near(ties.place("a"))) == [] and "b" not in ties
    ties.close()
