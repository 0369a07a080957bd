"""What a question costs from the build and from stores of triples: Oxigraph, and Virtuoso where it is installed, side by side.

Run: python benchmarks/stores.py [ROUNDS] [FOLDER]   (a folder with `data/`, as `benchmarks/generate.py` writes it; else the real data)
Each store is started on loopback, published to, and asked the forty questions of `tests/test_store_questions.py` and some sample queries
in SPARQL, each in turn, in rounds: medians in milliseconds. Ends with 1 if an answer differs from the one of the build, or a publish is
not whole. The machine tells the times, so compare them with each other. Control: a triple is taken from what was published, and the
comparison must see it.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from kg.build import write_build
from kg.config import Config
from kg.errors import KGError
from kg.folders import OpenBuild, open_build
from kg.queries import KnowledgeGraph
from kg.store_client import GraphStore
from kg.store_publishing import publish_build

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.stores import VIRTUOSO, Running, oxigraph, virtuoso  # noqa: E402
from tests.test_store_questions import SAMPLES, forty_questions, rows, told  # noqa: E402

Asked = tuple[str, str]


def questions_of(kg: KnowledgeGraph) -> dict[str, list[Asked]]:
    """Verb -> what it is asked."""
    found: dict[str, list[Asked]] = {}
    for verb, asked in forty_questions(kg):
        found.setdefault(verb, []).append((verb, asked))
    found["sparql"] = [("sparql", sample.query) for sample in kg.samples if sample.name in SAMPLES[:5]]
    return found


def ask(kg: KnowledgeGraph, verb: str, asked: str) -> object:
    if verb == "sparql":
        return rows(kg.sparql(asked, format=("json", "ntriples"), seconds=60))
    return told(kg, verb, asked)


def measure(kg: KnowledgeGraph, questions: dict[str, list[Asked]], rounds: int) -> dict[str, float]:
    """Verb -> median of milliseconds over all its questions, warm."""
    found = {}
    for verb, asked in questions.items():
        times = []
        for number in range(rounds + 1):
            for each in asked:
                begun = time.perf_counter()
                ask(kg, *each)
                if number:
                    times.append(1000 * (time.perf_counter() - begun))
        found[verb] = median(times)
    return found


@contextlib.contextmanager
def reading(build: OpenBuild, running: Running, base: str) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph(build, store=running.store(base=base)) as kg:
        assert kg._store
        kg._store.stores._seconds = 60.0
        yield kg


def differing(kg: KnowledgeGraph, other: KnowledgeGraph, questions: dict[str, list[Asked]]) -> int:
    """How many questions two answer differently, or one not at all."""
    wrong = 0
    for each in [each for asked in questions.values() for each in asked]:
        try:
            wrong += ask(kg, *each) != ask(other, *each)
        except KGError as error:
            print(f"  {each[0]} {each[1][:40]!r}: {error}")
            wrong += 1
    return wrong


def measure_store(
    name: str, start: Callable[[], contextlib.AbstractContextManager[Running]], build: OpenBuild, rounds: int
) -> tuple[dict[str, float], bool]:
    """What one store takes, and whether all was as it must be."""
    with KnowledgeGraph(build) as kg, start() as running:
        base, questions = kg.terms.base, questions_of(kg)
        store = running.store(base=base)
        target = GraphStore(store.update, seconds=600)  # type: ignore[arg-type]
        begun = time.perf_counter()
        with (build.folder / "graph.nt").open("rb") as file:
            target.put("urn:x-measured", file)
        put = time.perf_counter() - begun
        target.delete("urn:x-measured")
        done = publish_build(build, store, grace=0)
        with reading(build, running, base) as other:
            wrong = differing(kg, other, questions)
            times = measure(other, questions, rounds)
        # The control: half of the graph is put in place of the whole, and the same comparison must see it.
        lines = (build.folder / "graph.nt").read_bytes().splitlines(keepends=True)
        target.put(done.graph, b"".join(lines[::2]))
        with reading(build, running, base) as other:
            seen = differing_quietly(kg, other, questions)
        target.close()
    print(
        f"{name}: {done.triples} triples sent in {put:.1f} s ({done.triples / put:,.0f} a second); published in {done.seconds:.1f} s with "
        f"{done.compared} read back; {wrong} answers of {sum(map(len, questions.values()))} differ; control: {seen} differ",
        flush=True,
    )
    return {"publish s": done.seconds, **times}, wrong == 0 and seen > 0


def differing_quietly(kg: KnowledgeGraph, other: KnowledgeGraph, questions: dict[str, list[Asked]]) -> int:
    with contextlib.redirect_stdout(None):
        try:
            return differing(kg, other, questions)
        except Exception:  # a graph with holes breaks what reads it; that is seen too
            return 1


def compare(build: OpenBuild, rounds: int, *, with_virtuoso: bool) -> int:
    """Print the table. :returns: 1 if something was not as it must be."""
    with KnowledgeGraph(build) as kg:
        table = {"build": measure(kg, questions_of(kg), rounds)}
        print(f"{len(kg.items())} items, {kg.stats().triples} triples")
    well = True
    table["Oxigraph"], fine = measure_store("Oxigraph", oxigraph, build, rounds)
    well &= fine
    if with_virtuoso:
        with tempfile.TemporaryDirectory() as folder:
            table["Virtuoso"], fine = measure_store("Virtuoso", lambda: virtuoso(Path(folder)), build, rounds)
        well &= fine
    verbs = list(table["build"])
    print(f"{'median ms':12}" + "".join(f"{verb:>15}" for verb in verbs))
    for name, times in table.items():
        print(f"{name:12}" + "".join(f"{times[verb]:15.1f}" for verb in verbs))
    return int(not well)


def main(rounds: str = "5", folder: str = "") -> int:
    with tempfile.TemporaryDirectory() as place:
        data = Path(folder) / "data" if folder else ROOT / "data"
        config = Config(data=data, ontology=ROOT / "ontology", build=Path(place))
        if not folder and (Config.find().build / "CURRENT").is_file():
            config = Config.find()
        else:
            write_build(config)
        return compare(open_build(config.build), int(rounds), with_virtuoso=bool(VIRTUOSO))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
