"""How search grows: building, opening and asking at any size, beside SQLite FTS5 on the same words in the same run.

Run: python benchmarks/words.py [CORPUS...] [--asked N] [--small-to N] [--slow MS]
A corpus is a folder that benchmarks/generate.py wrote into; without one, the data of
the project is asked. Each is built by the large engine, and by the small one (Whoosh) up to ``--small-to`` items, and asked the same
questions, drawn with a fixed seed: one to eight words as often as they stand in the texts, so that common ones are among them; labels;
phrases; beginnings of words; words left out; slips of the keys; filters. Each is asked once before the clock runs. FTS5 has the same stems
in the same fields, every word with OR, the first ten by its bm25. Told are median and 99th percentile of processor time in milliseconds,
of all threads together: on a machine that others use too, time on the clock is theirs as well.

Exit code 1 if the two engines do not give the same; or if at 100 thousand items or more the 99th percentile of search is 50 ms or above,
or the median of answers 20 ms or above. ``--slow`` delays each search: the control that shows that the goal can be missed, at any size.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import generate
from kg.config import LARGE, SMALL, Config
from kg.folders import CURRENT, INDEX, MANIFEST, SENSES, SNAPSHOT
from kg.index import build_index
from kg.indexing import FIELDS, to_texts
from kg.indexing_arrays import build_arrays
from kg.model import Model
from kg.queries import KnowledgeGraph
from kg.senses import build_senses
from kg.snapshot import write_snapshot
from kg.terms import read_terms
from kg.thesaurus import read_quiet, read_thesaurus, to_stemmed
from kg.words import to_asked, to_plain_words, to_stems

GOAL_FROM, GOAL_SEARCH, GOAL_ANSWERS = 90_000, 50.0, 20.0  # items, 99th percentile and median in milliseconds


def read_model(corpus: Path | None) -> Model:
    """The content of a corpus, or of the build in use."""
    if corpus:
        return generate.read_model(corpus)
    with KnowledgeGraph.open() as kg:
        return kg._reader.model


def build(folder: Path, model: Model, engines: str) -> float:
    """Make a build that holds what is needed to answer questions of words. :returns: processor seconds of the text engine."""
    config = Config.find()
    terms = read_terms(config.ontology)
    quiet = sorted({stem for word in read_quiet(config.data / "quiet-words.txt") for stem in to_stems(word)})
    meta = {"engines": engines, "terms": terms.to_json(), "quiet": quiet, "retired": []}
    meta["thesaurus"] = to_stemmed(read_thesaurus(config.data / "thesaurus.yaml")[0])
    making = folder / "making"
    (making / INDEX).mkdir(parents=True)
    write_snapshot(making / SNAPSHOT, model, {}, [], meta)
    started = time.process_time()
    if engines == LARGE:
        build_arrays(making / INDEX, model, terms, frozenset(quiet))
    else:
        build_senses(making / SENSES, build_index(making / INDEX, model, terms))
    took = time.process_time() - started
    files = {path.relative_to(making).as_posix(): path for path in sorted(making.rglob("*")) if path.is_file()}
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    (making / MANIFEST).write_text(json.dumps({"files": digests}), encoding="utf-8")
    digest = hashlib.sha256((making / MANIFEST).read_bytes()).hexdigest()
    making.rename(folder / digest)
    (folder / CURRENT).write_text(digest, encoding="utf-8")
    return took


def draw_questions(model: Model, number: int) -> list[tuple[str, dict[str, list[str]]]]:
    """Questions as people and programs ask them, with the filters that are set."""
    draw = random.Random(11)
    words = [word for item in draw.choices(model.items, k=600) for word in to_plain_words(item.summary)]
    long = [word for word in words if len(word) > 7]
    kinds = sorted({item.kind for item in model.items})

    def ask() -> str:
        return " ".join(draw.choices(words, k=draw.randint(1, 8)))

    def slip() -> str:
        word = draw.choice(long)
        place = draw.randrange(2, len(word) - 1)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    def phrase() -> str:
        told = to_plain_words(draw.choice(model.items).summary)
        at = draw.randrange(max(1, len(told) - 2))
        return f'"{" ".join(told[at : at + 2])}"'

    makers: list[Callable[[], str]] = [
        *(ask, ask, ask, ask),
        lambda: draw.choice(model.items).label,
        lambda: f"{ask()} {phrase()}",
        lambda: f"{draw.choice(long)[:3]}* {ask()}",
        lambda: f"{ask()} {draw.choice(words)} -{draw.choice(long)}",
        lambda: f"{slip()} {ask()}",
    ]
    asked: list[tuple[str, dict[str, list[str]]]] = []
    for number_of in range(number):
        filters = {"kind": [draw.choice(kinds)]} if number_of % 7 == 6 else {}
        asked.append((makers[number_of % len(makers)](), filters))
    return asked


def build_fts(model: Model) -> Callable[[str], list[Any]]:
    """The yardstick: the same stems in the same fields in SQLite FTS5, ranked by its bm25 with the same weights."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE items USING fts5 (id UNINDEXED, {', '.join(FIELDS)})")
    rows = ([item, *(" ".join(to_stems(texts[name])) for name in FIELDS)] for item, texts in to_texts(model).items())
    connection.executemany(f"INSERT INTO items VALUES (?{', ?' * len(FIELDS)})", rows)
    weights = ", ".join(["0", *map(str, FIELDS.values())])

    def search(text: str) -> list[Any]:
        asked = " OR ".join(f'"{stem}"' for stem in to_asked(text)) or '"nothing"'
        sql = f"SELECT id FROM items WHERE items MATCH ? ORDER BY bm25(items, {weights}) LIMIT 10"
        return connection.execute(sql, [asked]).fetchall()

    return search


def time_of(ask: Callable[[Any], object], given: Iterable[Any]) -> list[float]:
    """Milliseconds of processor time that each answer takes, of all its threads, each asked once before, rising."""
    times = []
    for each in given:
        ask(each)
        started = time.process_time()
        ask(each)
        times.append((time.process_time() - started) * 1000)
    return sorted(times)


def late(times: list[float]) -> float:
    """The 99th percentile."""
    return times[min(len(times) - 1, int(len(times) * 0.99))]


def measure(model: Model, engines: str, folder: Path, number: int, slow: float) -> tuple[dict[str, list[float]], Any]:
    """Build, open and ask. :returns: what was asked -> times; and what the questions gave, to compare."""
    took = build(folder, model, engines)
    disk = sum(path.stat().st_size for path in folder.rglob("*") if INDEX in path.parts or path.name == SENSES)
    asked = draw_questions(model, number)
    started = time.perf_counter()
    with KnowledgeGraph.open(folder) as kg:
        kg.search("survivors")
        opened = time.perf_counter() - started

        def search(given: tuple[str, dict[str, list[str]]]) -> object:
            until = time.process_time() + slow / 1000
            while time.process_time() < until:
                pass
            return kg.search(given[0], **given[1])

        letters = [text[:length] for text, _ in asked[:60] for length in (2, 3, 5) if text[:length].isalpha()]
        times = {
            "search": time_of(search, asked),
            "answers": time_of(kg.answers, [text for text, _ in asked]),
            "suggest": time_of(kg.suggest, letters),
            "like": time_of(kg.like, [item.id for item in random.Random(3).sample(model.items, 40)]),
        }
        found = [kg.search(text, **filters) for text, filters in asked]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"  {engines}: built in {took:.1f} s of one core, {disk / 1e6:.0f} MB, opened and first asked in {opened * 1000:.0f} ms,"
    )
    print(f"    most memory of this process so far, with the model itself: {memory} MB")
    for name, told in times.items():
        print(f"    {name:<8} median {median(told):7.2f} ms   99 % {late(told):7.2f} ms   of {len(told)}")
    return times, found


def differences(small: Any, large: Any) -> int:
    """How many questions the two engines answer differently: other items, reasons, counts, or scores further apart than 0.00001."""
    wrong = 0
    for one, other in zip(small, large, strict=True):
        scores = [(a.score, b.score) for a, b in zip(one.results, other.results, strict=False)]
        told = [[(hit.id, hit.matched, hit.marked) for hit in found.results] for found in (one, other)]
        same = told[0] == told[1] and one.total == other.total and one.facets == other.facets
        wrong += not (same and all(abs(a - b) <= 1e-5 for a, b in scores))
    return wrong


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", nargs="*", type=Path)
    parser.add_argument("--asked", type=int, default=300)
    parser.add_argument("--small-to", type=int, default=2_000)
    parser.add_argument("--slow", type=float, default=0.0)
    given = parser.parse_args(arguments)
    missed = []
    for corpus in given.corpora or [None]:
        model = read_model(corpus)
        print(f"{corpus or 'the data'}: {len(model.items)} items, {len(model.links)} links")
        with tempfile.TemporaryDirectory() as folder:
            times, large = measure(model, LARGE, Path(folder) / LARGE, given.asked, given.slow)
            if len(model.items) <= given.small_to:
                _, small = measure(model, SMALL, Path(folder) / SMALL, given.asked, 0.0)
                wrong = differences(small, large)
                print(f"  questions that the engines answer differently: {wrong} of {len(small)}")
                missed += ["the engines differ"] if wrong else []
        fts = time_of(build_fts(model), [text for text, _ in draw_questions(model, given.asked)])
        print(f"  SQLite FTS5, in memory, ids only: median {median(fts):.2f} ms   99 % {late(fts):.2f} ms")
        if len(model.items) >= GOAL_FROM or given.slow:
            missed += [f"search {late(times['search']):.1f} ms"] if late(times["search"]) >= GOAL_SEARCH else []
            missed += [f"answers {median(times['answers']):.1f} ms"] if median(times["answers"]) >= GOAL_ANSWERS else []
    print(f"missed: {', '.join(missed)}" if missed else "every goal is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
