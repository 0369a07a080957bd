"""Time and memory of graph questions on corpora of 1, 10 and 100 thousand items, by both engines, and how both grow.

Run: python benchmarks/graph.py [--quick] [CORPUS ...]

A corpus is a folder that benchmarks/generate.py wrote into; without any, the real graph is taken, and copies of it of
which the ends of links are dealt anew among all items of one kind, so that each hangs together as one. Each size runs in a process of its
own. Small is networkx in memory, large the arrays on disk, igraph and samples. What takes a search from every item is left out by
networkx where there are many. Seconds are of the processor, so that other work on the machine counts less; memory is what a step adds to
the peak of the process (Linux only).

Ends with 1 if the large engine walks more than GOAL times as long as the small one, if a build of it grows faster than items to the power
of 1.3, or if the exact figures of the two differ.
"""

from __future__ import annotations

import gc
import itertools
import math
import os
import pickle
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import generate
from kg.adjacency import Adjacency, write_adjacency
from kg.communities import find_communities
from kg.large_measures import find_communities as find_large_communities
from kg.large_measures import measure as measure_large
from kg.large_measures import to_measured as to_large_measured
from kg.measures import measure, to_measured
from kg.model import Model
from kg.neighbours import find_rings
from kg.network import Rules, build_network
from kg.paths import find_paths
from kg.queries import KnowledgeGraph
from kg.ties import NetworkTies, OfKinds, Ties

COPIES = (1, 13, 131)
PAIRS, QUICK_PAIRS = 200, 20
FEW = 2_000  # items beyond which networkx does not measure and finds no communities
GOAL, STEEPEST = 5.0, 1.3


def grow(model: Model, copies: int, seed: int = 1) -> Model:
    """So many copies of a graph, with the ends of links of one sort dealt anew among them; nesting stays within a copy."""
    chance, kinds = random.Random(seed), {item.id: item.kind for item in model.items}
    sources = tuple(replace(each, id=f"{each.id}/{copy}") for copy in range(copies) for each in model.sources)
    items = tuple(
        replace(
            each,
            id=f"{each.id}/{copy}",
            source=f"{each.source}/{copy}",
            parent=each.parent and f"{each.parent}/{copy}",
            about=tuple(f"{topic}/{copy}" for topic in each.about),
        )
        for copy in range(copies)
        for each in model.items
    )
    sorts: dict[tuple[str, str, str], list[Any]] = {}
    for link in model.links:
        sorts.setdefault((kinds[link.start], link.relation, kinds[link.end]), []).append(link)
    links = {}
    for _, each in sorted(sorts.items()):
        ends = [f"{link.end}/{copy}" for copy in range(copies) for link in each]
        chance.shuffle(ends)
        starts = [(link, f"{link.start}/{copy}") for copy in range(copies) for link in each]
        for (link, start), end in zip(starts, ends, strict=True):
            name = f"{start}--{link.relation}--{end}"
            links[name] = replace(link, id=name, start=start, end=end)
    return Model(sources, items, tuple(links.values()))


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
    before, started = peak(), time.process_time()
    result = call()
    return time.process_time() - started, max(0.0, peak() - before), result


def each(call: Callable[..., Any], many: list[Any]) -> list[float]:
    """Seconds of a call for each of many, sorted."""
    times = []
    for one in many:
        started = time.perf_counter()
        call(*one)
        times.append(time.perf_counter() - started)
    return sorted(times)


def walk(ties: Ties, gathering: list[str], pairs: list[list[str]]) -> Iterator[tuple[str, list[float]]]:
    """Paths between pairs and rings around their first, cold where this is the first that is asked."""
    avoid = OfKinds(ties, gathering)
    yield "3 paths, a pair", each(lambda a, b: find_paths(ties, ties.place(a), ties.place(b), avoid=avoid), pairs)
    yield "neighbourhood", each(lambda a, _: find_rings(ties, a), pairs)


def measure_size(model: Model, count: int) -> None:
    """Print the rows of one size: step, engine, seconds (of walks the median), the same for the slowest of a hundred, MB, note."""
    with KnowledgeGraph.open() as kg:
        terms = kg.terms
    size, gathering = len(model.items), sorted(terms.gathering)
    rules = Rules(frozenset(terms.curated))
    chance = random.Random(2)
    open_items = [item.id for item in model.items if item.kind not in gathering]
    pairs = [chance.sample(open_items, 2) for _ in range(count)]

    def row(step: str, engine: str, seconds: float, most: float = math.nan, memory: float = 0, note: str = "") -> None:
        told = f"{size:>7} {step:<18} {engine:<6} {seconds:11.5f} {most:9.5f} {memory:7.0f}  {note}"
        print(told.replace("nan", "  -"), flush=True)

    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "adjacency.bin"
        seconds, memory, _ = run(lambda: write_adjacency(path, model))
        row("build", "large", seconds, memory=memory, note=f"{path.stat().st_size / 1e6:.1f} MB on disk")
        seconds, memory, ties = run(lambda: Adjacency.open(path, str))
        row("open", "large", seconds, memory=memory)
        for step, times in walk(ties, gathering, pairs):
            row(step, "large", median(times), times[int(len(times) * 0.99)])
        seconds, memory, measured = run(lambda: to_large_measured(ties, rules, gathering))
        row("measured graph", "large", seconds, memory=memory, note=f"{len(measured.items):,} items")
        seconds, memory, figures["large"] = run(lambda: measure_large(ties, measured))
        sampled = "sampled" if "betweenness.error" in figures["large"] else "exact"
        row("measures", "large", seconds, memory=memory, note=sampled)
        order = [item.id for item in model.items]
        seconds, memory, found = run(lambda: find_large_communities(ties, measured, order))
        row("communities", "large", seconds, memory=memory, note=f"modularity {found['modularity']:.3f}")
        ties.close()
    seconds, memory, network = run(lambda: build_network(model))
    row("build", "small", seconds, memory=memory)
    seconds, memory, known = run(lambda: NetworkTies(network))
    row("open", "small", seconds, memory=memory, note="collapse, after the build")
    for step, times in walk(known, gathering, pairs):
        row(step, "small", median(times), times[int(len(times) * 0.99)])
    if size > FEW:
        return
    seconds, memory, graph = run(lambda: to_measured(network, rules, gathering))
    row("measured graph", "small", seconds, memory=memory)
    seconds, memory, figures["small"] = run(lambda: measure(graph))
    same = sampled == "exact" and all(
        abs(figures["large"][name][item] - figure) <= max(1e-9 * abs(figure), 1e-6 if name == "pagerank" else 1e-12)
        for name, told in figures["small"].items()
        for item, figure in told.items()
    )
    row("measures", "small", seconds, memory=memory, note="" if sampled != "exact" else "same" if same else "DIFFERENT")
    seconds, memory, found = run(lambda: find_communities(graph))
    row("communities", "small", seconds, memory=memory, note=f"modularity {found['modularity']:.3f}")


def judge(lines: list[str]) -> list[str]:
    """What is not as it should be in the rows."""
    times = {(line[8:26].strip(), line[27:33].strip(), int(line[:7])): float(line[34:45]) for line in lines}
    faults = [line for line in lines if "DIFFERENT" in line]
    for (step, engine, size), seconds in times.items():
        if engine == "large" and step in ("3 paths, a pair", "neighbourhood"):
            ratio = seconds / times[step, "small", size]
            faults += [f"{step} at {size}: {ratio:.1f} x the small engine, goal {GOAL}"] if ratio > GOAL else []
    for step in ("build", "measures", "communities", "3 paths, a pair"):
        grown = sorted(
            (size, seconds) for (each, engine, size), seconds in times.items() if (each, engine) == (step, "large")
        )
        for (small, before), (large, after) in itertools.pairwise(grown):
            power = math.log(after / before) / math.log(large / small)
            print(f"{step:<18} from {small} to {large} items: time grows as items to the power of {power:.2f}")
            # From exact to sampled figures the measures of course grow faster than either does.
            if power > STEEPEST and small > FEW:
                faults.append(f"{step} from {small} to {large}: power {power:.2f}, goal {STEEPEST}")
    return faults


def read_corpora(words: list[str], quick: bool) -> Iterator[Model]:
    """The graphs that are named, or the real one and its copies."""
    for word in words:
        yield generate.read_model(Path(word))
    if not words:
        with KnowledgeGraph.open() as kg:
            model = kg._reader.model
        for copies in COPIES[:1] if quick else COPIES:
            yield grow(model, copies) if copies > 1 else model


def main() -> None:
    if path := os.environ.get("KG_BENCHMARK_MODEL"):
        measure_size(pickle.loads(Path(path).read_bytes()), int(os.environ["KG_BENCHMARK_PAIRS"]))
        return
    quick, lines = "--quick" in sys.argv, []
    print(f"{'items':>7} {'step':<18} {'engine':<6} {'seconds':>11} {'p99':>9} {'MB':>7}", flush=True)
    for model in read_corpora([word for word in sys.argv[1:] if word != "--quick"], quick):
        with tempfile.NamedTemporaryFile(suffix=".pickle") as kept:
            Path(kept.name).write_bytes(pickle.dumps(model))
            told = {"KG_BENCHMARK_MODEL": kept.name, "KG_BENCHMARK_PAIRS": str(QUICK_PAIRS if quick else PAIRS)}
            child = subprocess.Popen(
                [sys.executable, __file__], env={**os.environ, **told}, stdout=subprocess.PIPE, text=True
            )
            for line in child.stdout or ():
                print(line, end="", flush=True)
                lines.append(line)
            if child.wait():
                sys.exit(f"{len(model.items)} items: failed")
    if faults := judge(lines):
        sys.exit("\n".join(["Not as it should be:", *faults]))


if __name__ == "__main__":
    main()
