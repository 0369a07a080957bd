"""Kill `kg publish` at random moments, and see what people read: the graph that was in use, whole, or the new one, whole.

Run: python benchmarks/publish_kills.py [TIMES] [SEED]
A store (Oxigraph on loopback) holds a small build. Again and again `kg publish` of another build is started and gets SIGKILL after a random
part of the time that it takes; then everything is read. Ends with 1 if anything read is neither of the two. Control: the same kills while
the graph in use is replaced in place (taken away, then put again), which must leave something torn.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from kg.build import write_build
from kg.config import Config
from kg.errors import KGError
from kg.folders import OpenBuild, open_build
from kg.queries import KnowledgeGraph
from kg.store_client import GraphStore
from kg.store_publishing import publish_build
from kg.store_reading import graph_of

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.stores import Running, oxigraph  # noqa: E402

IN_PLACE = """
import sys, time
from pathlib import Path
from kg.endpoints import read_endpoint
from kg.store_client import GraphStore
target = GraphStore(read_endpoint("", sys.argv[1]), seconds=60)
target.delete(sys.argv[2])
time.sleep(0.2)  # the time that a larger graph takes
target.put(sys.argv[2], Path(sys.argv[3]).read_bytes())
"""


def make_builds(folder: Path) -> tuple[OpenBuild, OpenBuild]:
    """Two small builds, of which the second says a sentence more everywhere."""
    builds = []
    for name, more in (("old", ""), ("new", " It is newer.")):
        shutil.copytree(ROOT / "tests" / "tiny", folder / name / "data")
        for path in (folder / name / "data").glob("*.yaml"):
            lines = path.read_text(encoding="utf-8").splitlines()
            told = [line + more if line.strip().startswith("summary:") else line for line in lines]
            path.write_text("\n".join(told) + "\n", encoding="utf-8")
        write_build(Config(data=folder / name / "data", ontology=ROOT / "ontology", build=folder / name / "build"))
        builds.append(open_build(folder / name / "build"))
    return builds[0], builds[1]


def read_all(build: OpenBuild, running: Running | None, base: str) -> object:
    """Every description, from the store or from the build."""
    with KnowledgeGraph(build, store=running.store(base=base) if running else None) as kg:
        if kg._store:
            kg._store.stores._seconds = 30.0
        return [kg.describe(item) for item in kg._snapshot.ids()]


def kill(command: list[str], running: Running, after: float) -> bool:
    """Start, and kill after so many seconds. :returns: whether it was still at work."""
    env = {**os.environ, "KG_SPARQL": running.query, "KG_SPARQL_GSP": running.update, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() != 0


def kill_often(times: int, seed: int) -> int:
    """Kill and look, and print counts. :returns: 1 if something was torn, or if the control shows nothing."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as place, oxigraph() as running:
        old, new = make_builds(Path(place))
        with KnowledgeGraph(old) as kg:
            base = kg.terms.base
        store = running.store(base=base)
        whole = {"old": read_all(old, None, base), "new": read_all(new, None, base)}
        target = GraphStore(store.update, seconds=30)  # type: ignore[arg-type]
        publish_build(old, store, grace=0)
        command = [sys.executable, "-m", "kg", "--build", str(new.folder.parent), "publish"]
        in_place = [
            sys.executable,
            "-c",
            IN_PLACE,
            running.update,
            graph_of(base, old.folder.name),
            str(old.folder / "graph.nt"),
        ]
        counts = {}
        for name, words in (("publish", command), ("in place", in_place)):
            begun = time.perf_counter()
            kill(words, running, 60)
            length = time.perf_counter() - begun
            got: Counter[str] = Counter()
            for number in range(times if name == "publish" else max(times, 30)):
                if name != "publish" and got["torn"] and number >= times // 4:
                    break  # the control has shown what it had to show
                publish_build(old, store, grace=0)
                if name == "publish":
                    target.delete(graph_of(base, new.folder.name))
                # Most of the time goes into starting Python: the kills fall into what comes after.
                got["killed"] += kill(words, running, length * dice.uniform(0.3, 1.0))
                try:
                    seen = read_all(old, running, base)
                    got[next((each for each, told in whole.items() if told == seen), "torn")] += 1
                except KGError:
                    got["torn"] += 1
            counts[name] = got
            print(f"{name}: {got.total() - got['killed']} times, {dict(got)}")
        target.close()
    return int(counts["publish"]["torn"] > 0 or counts["publish"]["killed"] == 0 or counts["in place"]["torn"] == 0)


if __name__ == "__main__":
    sys.exit(kill_often(*([int(word) for word in sys.argv[1:]] + [100, 7][len(sys.argv) - 1 :])))
