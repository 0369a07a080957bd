"""How time, memory and disk grow with the data, from a thousand items to a hundred thousand: each row with the exponent of its growth.

Made-up data in the shape of the real one (`generate.py`) is checked, built and asked in processes of their own. For each row the
exponent is fitted by least squares on the logarithms: 1 is in proportion, 2 quadratic. Ends with 1 where one is above 1.1, unless
the row is named below with its reason. Times are of the processor, so that a busy machine does not change them.

    python benchmarks/growth.py [SIZES...] [--parts data,check,build,ask] [--corpora DIR] [--json FILE]
                                [--engines large] [--seconds 3600] [--bytes 8e9]

A part that passes the limit of time or memory is told as stopped, and larger sizes of it are not tried.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from types import GeneratorType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.generate import generate  # noqa: E402
from kg.build import check_data, write_build  # noqa: E402
from kg.config import AUTO, LARGE, SMALL, Config  # noqa: E402
from kg.folders import open_build  # noqa: E402

SIZES = (1_000, 10_000, 100_000)
LIMIT = 1.1
PARTS = ("data", "check", "build", "ask")
# Rows that may grow faster, each with its reason.
_FIXED = "milliseconds at 1,000 items, where all of it lies in the caches of the processor; from 10,000 to 100,000 below 1.05"
ALLOWED: dict[str, str] = {
    "check: references": _FIXED,
    "build: references": _FIXED,
    "build: communities": _FIXED,
    "build: measures": "exact up to 1,024 items, from there on from 512 searches in each of 24 sets of links",
    "build: snapshot": "pages of indexes that no longer fit the cache of SQLite; a twenty-fifth of the build, which as a whole is at 1.01",
}
# Stages of check and build: what a row is called, and the verb whose time it is. What a version does not have is left out.
STAGES = (
    ("read", "kg.source", "load_records"),
    ("references", "kg.source", "check_references"),
    ("uses of terms", "kg.source", "read_uses"),
    ("shapes", "kg.build", "_find_misfits"),
    ("model", "kg.modelling", "build_model"),
    ("graph", "kg.publishing", "write_graph"),
    ("dumps", "kg.publishing", "write_dumps"),
    ("measures", "kg.measures", "measure_all"),
    ("measures", "kg.large_measures", "measure_all"),
    ("communities", "kg.communities", "find_communities"),
    ("communities", "kg.large_measures", "find_communities"),
    ("adjacency", "kg.adjacency", "write_adjacency"),
    ("snapshot", "kg.snapshot", "write_snapshot"),
    ("index", "kg.index", "build_index"),
    ("index", "kg.indexing_arrays", "build_arrays"),
    ("senses", "kg.senses", "build_senses"),
)
TIMES = 9  # of each question
Measured = dict[str, float]


def fit_exponent(sizes: list[float], values: list[float]) -> float:
    """The slope of the line through the logarithms by least squares.

    >>> round(fit_exponent([1, 10, 100], [3, 30, 300]), 6), round(fit_exponent([1, 10, 100], [1, 100, 10_000]), 6)
    (1.0, 2.0)
    """
    xs, ys = [math.log(size) for size in sizes], [math.log(max(value, 1e-9)) for value in values]
    middle, height = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - middle) * (y - height) for x, y in zip(xs, ys, strict=True)) / sum((x - middle) ** 2 for x in xs)


def judge(rows: dict[str, dict[int, float]]) -> dict[str, float]:
    """Row -> exponent, for rows of times that were measured at two sizes or more; a row of memory or disk is named so."""
    return {
        row: fit_exponent([float(size) for size in found], list(found.values()))
        for row, found in rows.items()
        if len(found) > 1
    }


def find_too_fast(exponents: dict[str, float]) -> list[str]:
    """The rows that grow faster than they may, without a reason."""
    return [row for row, exponent in exponents.items() if exponent > LIMIT and row not in ALLOWED]


@contextmanager
def _timed(rows: Measured) -> Iterator[None]:
    """While it lasts, the time of each stage is added to its row, without that of the stages within it."""
    patched: list[tuple[Any, str, Any]] = []
    within = [0.0]  # for each stage that has begun: the time of those that it asked for

    def count(row: str, run: Callable[[], Any]) -> Any:
        begun = time.process_time()
        within.append(0.0)
        try:
            return run()
        finally:
            spent, inner = time.process_time() - begun, within.pop()
            within[-1] += spent
            rows[row] = rows.get(row, 0.0) + spent - inner

    def step_by_step(row: str, found: Iterator[Any]) -> Iterator[Any]:
        end = object()
        while (each := count(row, lambda: next(found, end))) is not end:
            yield each

    def wrap(row: str, verb: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **options: Any) -> Any:
            found = count(row, lambda: verb(*arguments, **options))
            return step_by_step(row, found) if isinstance(found, GeneratorType) else found

        return timed

    for row, room, name in STAGES:
        try:
            module = importlib.import_module(room)
        except ModuleNotFoundError:
            continue
        if hasattr(module, name):
            patched.append((module, name, getattr(module, name)))
            setattr(module, name, wrap(row, getattr(module, name)))
    try:
        yield
    finally:
        for module, name, verb in reversed(patched):
            setattr(module, name, verb)


def measure_data(config: Config) -> Measured:
    """Reading, and telling the graph, without the shapes."""
    from kg.modelling import build_model
    from kg.ntriples import Lines
    from kg.publishing import write_graph
    from kg.source import load_records
    from kg.terms import read_terms

    rows: Measured = {}
    terms = read_terms(config.ontology, config.base)
    begun = time.process_time()
    records, problems = load_records(config.data, terms)
    assert not problems, problems[0]
    rows["read"] = time.process_time() - begun
    begun = time.process_time()
    lines = Lines(records, terms, config.ontology)
    with tempfile.TemporaryDirectory() as folder:
        write_graph(Path(folder) / "graph.nt", lines, terms.base)
    rows["graph"] = time.process_time() - begun
    begun = time.process_time()
    build_model(records, terms)
    rows["model"] = time.process_time() - begun
    return rows


def measure_check(config: Config) -> Measured:
    """All of ``kg check``, by stage."""
    rows: Measured = {}
    with _timed(rows):
        begun = time.process_time()
        assert not check_data(config)
    return {"whole": time.process_time() - begun, **rows}


def measure_build(config: Config) -> Measured:
    """All of ``kg build``, by stage, and what it leaves on the disk."""
    rows: Measured = {}
    with _timed(rows):
        begun = time.process_time()
        folder = write_build(config)
    rows = {"whole": time.process_time() - begun, **rows}
    rows["disk, MB"] = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    return rows


def measure_ask(config: Config) -> Measured:
    """Opening a build, and the middle time of questions to it, in the library and through the site."""
    from kg.queries import KnowledgeGraph
    from webui import create_app

    rows: Measured = {}
    begun = time.process_time()
    kg = KnowledgeGraph(open_build(config.build))
    kg.describe(kg.items(kind="barrier")[0].id)
    rows["open, first item"] = time.process_time() - begun
    rng = random.Random(1)
    barriers = rng.sample(kg.items(kind="barrier"), TIMES + 1)
    actions = rng.sample(kg.items(kind="action"), TIMES + 1)
    client = create_app(kg, TESTING=True).test_client()

    def page(address: str) -> None:
        assert client.get(address, follow_redirects=True).status_code == 200, address

    asked: dict[str, Callable[[int], Any]] = {
        "search": lambda turn: kg.search(barriers[turn].label),
        "answers to an id": lambda turn: kg.answers_to(barriers[turn].id),
        "answers in words": lambda turn: kg.answers_about(barriers[turn].summary[:150]),
        "describe": lambda turn: kg.describe(actions[turn].id),
        "neighbours": lambda turn: kg.neighbours(actions[turn].id),
        "paths": lambda turn: kg.paths(actions[turn].id, barriers[turn].id),
        "page /": lambda turn: page("/"),
        "page /id": lambda turn: page(f"/id/{barriers[turn].id}"),
        "page /search": lambda turn: page(f"/search?q={barriers[turn].label.replace(' ', '+')}"),
        "page /paths": lambda turn: page(f"/paths?from={actions[turn].id}&to={barriers[turn].id}"),
        "page /barriers": lambda turn: page("/barriers"),
        "page /explore": lambda turn: page(f"/explore?start={barriers[turn].id}"),
        "page /gaps": lambda turn: page("/gaps"),
        "page /insights": lambda turn: page("/insights"),
    }
    for row, ask in asked.items():
        begun = time.process_time()
        ask(0)  # what is only read once is read now
        rows[f"{row}, first"] = time.process_time() - begun
        times = []
        for turn in range(1, TIMES + 1):
            begun = time.process_time()
            ask(turn)
            times.append(time.process_time() - begun)
            if sum(times) > 20:
                break
        rows[row] = median(times)
    kg.close()
    return rows


MEASURES = {"data": measure_data, "check": measure_check, "build": measure_build, "ask": measure_ask}


def run_part(part: str, folder: Path, *, engines: str, seconds: float, most: float) -> Measured | str:
    """Measure a part in a process of its own. :returns: the rows with peak memory, or why it stopped."""
    command = [
        sys.executable,
        __file__,
        "--one",
        part,
        "--corpora",
        str(folder),
        "--bytes",
        str(most),
        "--engines",
        engines,
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, cwd=ROOT)
    except subprocess.TimeoutExpired:
        return f"stopped after {seconds:.0f} s"
    if done.returncode:
        last = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        return f"stopped: {last[-1][:200]}"
    rows: Measured = json.loads(done.stdout.splitlines()[-1])
    return rows


def run_one(part: str, folder: Path, most: float, engines: str) -> int:
    """One part, in this process: prints its rows as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (int(most), int(most)))
    config = Config.find(data=folder / "data", build=folder / "build", engines=engines)
    rows = MEASURES[part](config)
    rows["memory, MB"] = _peak_memory() / 1e6
    print(json.dumps(rows))
    return 0


def _peak_memory() -> float:
    """Bytes. What getrusage tells begins with the memory of the process that started this one."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return float(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


def show(rows: dict[str, dict[int, float]], exponents: dict[str, float], sizes: list[int]) -> str:
    """The table: a row each, a column for each size, and the exponent."""
    lines = [f"{'':34}" + "".join(f"{size:>12,}" for size in sizes) + "    exponent"]
    for row, found in rows.items():
        cells = "".join(f"{_number(row, found[size]):>12}" if size in found else f"{'-':>12}" for size in sizes)
        lines.append(f"{row:34}{cells}" + (f"{exponents[row]:>12.2f}" if row in exponents else ""))
    return "\n".join(lines)


def _number(row: str, value: float) -> str:
    if row.endswith("MB"):
        return f"{value:,.0f} MB"
    return f"{value:,.1f} s" if value >= 1 else f"{value * 1000:,.1f} ms"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="*", default=list(SIZES), help="numbers of items")
    parser.add_argument("--parts", default=",".join(PARTS), help="some of " + ", ".join(PARTS))
    parser.add_argument(
        "--corpora", type=Path, help="keep data and builds here, one folder a size, and use what is there"
    )
    parser.add_argument("--seconds", type=float, default=3600, help="the longest that one part may take")
    parser.add_argument("--bytes", type=float, default=8e9, help="the most memory that one part may have")
    parser.add_argument(
        "--engines",
        choices=[SMALL, LARGE, AUTO],
        default=LARGE,
        help="the same for all sizes, so that a row is one curve",
    )
    parser.add_argument("--json", type=Path, help="write the figures there too")
    parser.add_argument("--one", choices=PARTS, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.one:
        return run_one(asked.one, asked.corpora, asked.bytes, asked.engines)
    rows: dict[str, dict[int, float]] = {}
    stopped: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as spare:
        for size in asked.sizes:
            folder = (asked.corpora or Path(spare)) / str(size)
            if not (folder / "data").exists():
                generate(size, 1, folder / "data")
            for part in asked.parts.split(","):
                if part in stopped or ("build" in stopped and part == "ask"):
                    continue
                found = run_part(part, folder, engines=asked.engines, seconds=asked.seconds, most=asked.bytes)
                if isinstance(found, str):
                    stopped[part] = f"{part} of {size:,} items {found}"
                    print(stopped[part], file=sys.stderr)
                    continue
                for row, value in found.items():
                    rows.setdefault(f"{part}: {row}", {})[size] = value
    exponents = judge(rows)
    print(show(rows, exponents, asked.sizes))
    too_fast = find_too_fast(exponents)
    for row in exponents:
        if row in ALLOWED:
            print(f"{row}: {ALLOWED[row]}")
    for row in too_fast:
        print(f"{row} grows with an exponent of {exponents[row]:.2f}, more than {LIMIT}")
    if asked.json:
        asked.json.write_text(json.dumps({"rows": rows, "exponents": exponents, "stopped": stopped}, indent=1) + "\n")
    return 1 if too_fast or stopped else 0


if __name__ == "__main__":
    sys.exit(main())
