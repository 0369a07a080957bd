"""Time and memory of graph questions on the real graph and on larger ones of the same shape, beside igraph, and how both grow.

Run: python benchmarks/graph.py [COPIES ...]      (without COPIES: 1 13 131, which is about 1, 10 and 100 thousand items)

A larger graph is so many copies of the real one, with the ends of its links dealt anew among all items of the same kind: so it has the
same kinds, relations, grades and degrees, but hangs together as one. Each size runs in a process of its own. Measures that take a search
from every item are done from a few items where there are many, and the time for all is estimated from that, marked "~". Memory is what
the step adds to the peak of the process (Linux only). The table tells medians; "x" is how many times longer than igraph.
"""

from __future__ import annotations

import gc
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import igraph
import networkx as nx

from kg.communities import find_communities
from kg.measures import to_measured
from kg.neighbours import find_rings
from kg.network import Rules, build_network, collapse, measure_coverage, of_kinds
from kg.paths import find_paths
from kg.queries import KnowledgeGraph

COPIES = (1, 13, 131)
PAIRS = 200
FEW = 2_000  # items from which on a search from every item is sampled


def grow(network: nx.MultiDiGraph, copies: int, seed: int = 1) -> nx.MultiDiGraph:
    """So many copies of a network, with the ends of links of one sort dealt anew among them; nesting stays within a copy."""
    chance, kinds = random.Random(seed), dict(network.nodes(data="kind"))
    grown = nx.MultiDiGraph()
    for copy in range(copies):
        grown.add_nodes_from((f"{item}/{copy}", data) for item, data in network.nodes(data=True))
    sorts: dict[tuple[str, str, str], list[tuple[str, str, str, dict[str, Any]]]] = {}
    for start, end, relation, data in network.edges(keys=True, data=True):
        for copy in range(copies):
            link = (f"{start}/{copy}", f"{end}/{copy}", relation, data)
            sorts.setdefault((kinds[start], relation, kinds[end]), []).append(link)
    for (_, relation, _), links in sorts.items():
        ends = [link[1] for link in links]
        if relation != "isPartOf":
            chance.shuffle(ends)
        for (start, _, _, data), end in zip(links, ends, strict=True):
            grown.add_edge(start, end, key=relation, **data)
    return grown


def peak() -> float:
    """The most memory that the process has held since the last call, in MB; 0 where the system does not tell."""
    try:
        held = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return 0.0
    return int(held.split()[1]) / 1024


def run(call: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds, added MB, and what comes back."""
    gc.collect()
    peak()
    before = peak()
    started = time.perf_counter()
    result = call()
    return time.perf_counter() - started, max(0.0, peak() - before), result


def each(call: Callable[..., Any], many: list[Any]) -> tuple[float, float, float]:
    """Median seconds, most seconds, added MB of a call for each of many."""
    gc.collect()
    peak()
    before, times = peak(), []
    for one in many:
        started = time.perf_counter()
        call(*one)
        times.append(time.perf_counter() - started)
    return median(times), max(times), max(0.0, peak() - before)


def to_igraph(network: nx.MultiDiGraph) -> igraph.Graph:
    """The collapsed graph in igraph."""
    places = {item: place for place, item in enumerate(network)}
    graph = igraph.Graph(len(places), [(places[start], places[end]) for start, end in network.edges()])
    return graph.simplify()


def measure_size(copies: int) -> None:
    """Print the rows of one size."""
    with KnowledgeGraph.open() as kg:
        network, terms = build_network(kg._reader.model), kg.terms
    hubs = sorted(terms.gathering)
    if copies > 1:
        network = grow(network, copies)
    size = len(network)

    def row(step: str, seconds: float, memory: float, yardstick: float | None, note: str = "") -> None:
        second = f"{yardstick:11.4f} {seconds / yardstick:7.1f}" if yardstick else f"{'-':>11} {'-':>7}"
        print(f"{size:>7} {step:<22} {seconds:11.4f} {memory:8.0f} {second}  {note}", flush=True)

    seconds, memory, graph = run(lambda: collapse(network))
    other, _, second = run(lambda: to_igraph(network))
    row("collapse", seconds, memory, other, f"{graph.number_of_edges():,} edges")

    avoid = of_kinds(graph, hubs)
    chance, places = random.Random(2), {item: place for place, item in enumerate(network)}
    open_items = sorted(set(graph) - avoid)
    pairs = [chance.sample(open_items, 2) for _ in range(PAIRS)]
    middle, most, memory = each(lambda start, end: find_paths(graph, start, end, avoid=avoid), pairs)
    yardstick, _, _ = each(lambda start, end: second.get_k_shortest_paths(places[start], places[end], k=3), pairs[:20])
    row(
        "3 paths, a pair",
        middle,
        memory,
        yardstick,
        f"most {most * 1000:.1f} ms; igraph: 3 shortest of any length and kind",
    )
    starts = [(start,) for start, _ in pairs]
    middle, most, memory = each(lambda start: find_rings(graph, start), starts)
    yardstick, _, _ = each(lambda start: second.neighborhood(places[start], order=2), starts)
    row("neighbourhood", middle, memory, yardstick, f"most {most * 1000:.1f} ms; igraph: the bare ids within 2 links")

    seconds, memory, measured = run(lambda: to_measured(network, Rules(frozenset(terms.curated)), hubs))
    row("measured graph", seconds, memory, None, f"{len(measured):,} items, {measured.number_of_edges():,} edges")
    second = igraph.Graph.from_networkx(measured)
    for name, own, yard in (
        ("degree", lambda: dict(measured.degree), second.degree),
        ("pagerank", lambda: nx.pagerank(measured), lambda: second.pagerank(weights="weight")),
        ("coverage", lambda: measure_coverage(network), None),
    ):
        seconds, memory, _ = run(own)
        if yard:
            yard()  # the first call of igraph takes longer than all others
        row(name, seconds, memory, run(yard)[0] if yard else None)
    count = len(measured)
    sources = count if count < FEW else (100 if count < 20_000 else 10)
    whole, mark = count / sources, "" if sources == count else f"~ from {sources} of its items"
    some = chance.sample(range(count), sources)
    items = list(measured)
    for name, own, yard in (
        (
            "betweenness",
            lambda: nx.betweenness_centrality(measured, k=None if sources == count else sources, seed=3),
            lambda: second.betweenness(directed=False, sources=some),
        ),
        (
            "closeness",
            lambda: [nx.closeness_centrality(measured, items[place]) for place in some],
            lambda: second.closeness(some),
        ),
    ):
        seconds, memory, _ = run(own)
        row(name, seconds * whole, memory, run(yard)[0] * whole, mark)
    seconds, memory, found = run(lambda: find_communities(measured))
    other, _, parts = run(lambda: second.community_multilevel(weights="weight"))
    row("communities", seconds, memory, other, f"modularity {found['modularity']:.3f}, igraph {parts.modularity:.3f}")


def measure_real(rounds: int = 11) -> None:
    """Print what people wait for on the real graph: warm answers, and the cold command."""
    with KnowledgeGraph.open() as kg:
        items = [item.id for item in kg.items() if item.kind not in kg.terms.gathering]
        chance = random.Random(4)
        pairs = [chance.sample(items, 2) for _ in range(PAIRS)]
        kg.paths(*pairs[0])
        for name, call in (
            ("paths", lambda start, end: kg.paths(start, end)),
            ("neighbours", lambda start, _: kg.neighbours(start)),
        ):
            middle, most, _ = each(call, pairs)
            print(
                f"real graph, warm, {PAIRS} random pairs, {name}: median {middle * 1000:.1f} ms, most {most * 1000:.1f} ms"
            )
        none = sum(not kg.paths(*pair).paths for pair in pairs)  # type: ignore[union-attr]
        print(f"  {none} of these pairs have no path of at most 4 links (and are told why)")
    commands = {
        "python -c pass": ["-c", "pass"],
        "python -c 'import networkx'": ["-c", "import networkx"],
        "kg path": ["-m", "kg", "path", "ap-barrier-2.6", "ap-barrier-4.3", "--json"],
        "kg neighbours": ["-m", "kg", "neighbours", "ap-barrier-2.6", "--json"],
        "kg rank": ["-m", "kg", "rank", "--json"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, args in commands.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, *args], check=True, stdout=subprocess.DEVNULL)
            times[name].append(time.perf_counter() - started)
    bare = median(times["python -c pass"])
    for name, taken in times.items():
        print(f"cold {name}: median {median(taken) * 1000:.0f} ms, {median(taken) / bare:.1f} x a bare start")


def main() -> None:
    if os.environ.get("KG_BENCHMARK_COPIES"):
        measure_size(int(os.environ["KG_BENCHMARK_COPIES"]))
        return
    measure_real()
    print(f"\n{'items':>7} {'step':<22} {'seconds':>11} {'added MB':>8} {'igraph s':>11} {'x':>7}", flush=True)
    seconds: dict[str, dict[int, float]] = {}
    for copies in [int(word) for word in sys.argv[1:]] or COPIES:
        environment = {**os.environ, "KG_BENCHMARK_COPIES": str(copies)}
        child = subprocess.Popen([sys.executable, __file__], env=environment, stdout=subprocess.PIPE, text=True)
        for line in child.stdout or ():
            print(line, end="", flush=True)
            seconds.setdefault(line[8:30].strip(), {})[int(line[:7])] = float(line[31:42])
        if child.wait():
            sys.exit(f"{copies} copies: failed")
    print("\nhow time grows, from each size to the next:")
    for step, times in seconds.items():
        sizes = list(times)
        grown = [f"{b / a:.1f} x the items {times[b] / times[a]:.1f} x" for a, b in pairwise(sizes)]
        print(f"{step:<22} {'; '.join(grown)}")


if __name__ == "__main__":
    main()
