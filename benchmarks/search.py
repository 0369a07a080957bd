"""How good and how fast the search is: graded questions, questions without an answer, and time beside SQLite FTS5 on the same texts.

Run: python benchmarks/search.py [QUERIES.tsv QRELS.tsv]
Quality is told for tests/search, and for the tables that are named. For time, each question is asked of the search and of FTS5 in turn
(the same fields and weights, every word with OR, the first ten), each warm; medians and 99th percentiles, and the ratio of medians. What
FTS5 does not do (sense, correction, reasons, facets) the search does within its time.
"""

from __future__ import annotations

import csv
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from kg.evaluation import evaluate
from kg.indexing import FIELDS, to_texts
from kg.queries import KnowledgeGraph
from kg.words import to_asked, to_stems

HERE = Path(__file__).parent
OWN = HERE.parent / "tests" / "search"

# Nothing here answers these, though some use words of the field.
WITHOUT_ANSWER = [
    "best pizza recipe",
    "weather in Nairobi tomorrow",
    "cheap flights to Bangkok",
    "how to install python on windows",
    "football results yesterday",
    "train timetable Berlin Munich",
    "Excel template for a grant budget",
    "how many calories in an avocado",
    "phone number of the national hotline in Kenya",
    "maximum prison sentence for traffickers in France",
    "DNA test kit price",
    "symptoms of the flu in toddlers",
    "stock price of Amazon",
    "how to fix a leaking tap",
    "change oil in a Toyota Corolla",
    "who won the world cup in 1998",
    "translate good morning into Japanese",
    "kosher catering menu",
    "tax return deadline 2025",
    "parking permit application city hall",
    "logo download vector",
    "how to train a puppy",
    "mortgage calculator",
    "visa requirements for tourists to Brazil",
    "bluetooth headphones not connecting",
    "organ donor card registration",
    "cotton imports from Uzbekistan customs ban",
    "fishing vessel inspection crew wages",
    "blood diamond certification scheme",
    "annual number of convictions per country",
]


def read_questions(paths: list[Path]) -> list[str]:
    """The questions of the tables, and those of benchmarks/questions.tsv."""
    columns = [(path, "query") for path in paths] + [(HERE / "questions.tsv", "question")]
    found = []
    for path, column in columns:
        with path.open(encoding="utf-8", newline="") as handle:
            found += [row[column] for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return found


def build_fts(kg: KnowledgeGraph) -> Callable[[str], list[str]]:
    """The yardstick: the same stems in the same fields in SQLite FTS5, ranked by its bm25 with the same weights."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE items USING fts5 (id UNINDEXED, {', '.join(FIELDS)})")
    for item, texts in to_texts(kg._reader.model).items():
        values = [" ".join(to_stems(texts[name])) for name in FIELDS]
        connection.execute(f"INSERT INTO items VALUES (?{', ?' * len(FIELDS)})", [item, *values])
    weights = ", ".join(["0", *map(str, FIELDS.values())])

    def search(text: str) -> list[str]:
        asked = " OR ".join(f'"{stem}"' for stem in to_asked(text))
        rows = connection.execute(
            f"SELECT id FROM items WHERE items MATCH ? ORDER BY bm25(items, {weights}) LIMIT 10", [asked]
        )
        return [row[0] for row in rows]

    return search


def time_of(ask: Callable[[str], object], text: str) -> float:
    """Milliseconds that one answer takes."""
    started = time.perf_counter()
    ask(text)
    return (time.perf_counter() - started) * 1000


def tell(name: str, times: list[float], yardstick: list[float]) -> None:
    """One line: median, 99th percentile, and how many times the median of the yardstick."""
    times.sort()
    late = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(
        f"{name:<24} median {median(times):6.2f} ms   99 % {late:6.2f} ms   x FTS5 {median(times) / median(yardstick):5.1f}"
    )


def main(tables: list[Path]) -> None:
    with KnowledgeGraph.open() as kg:
        fts = build_fts(kg)

        def search(text: str) -> list[str]:
            return [hit.id for hit in kg.search(text, limit=10).results]

        pairs = [(OWN / "queries.tsv", OWN / "qrels.tsv"), *([tuple(tables)] if tables else [])]
        for queries, qrels in pairs:
            for name, ask in (("search", search), ("FTS5", fts)):
                found = evaluate(ask, queries, qrels)
                told = "; ".join(f"{score.group} {score.ndcg:.3f}" for score in found.scores)
                print(
                    f"{queries.parent.name} {name}: nDCG@10 {told}; hit@3 {found.scores[0].hit:.3f}, MRR {found.scores[0].mrr:.3f}"
                )
                print(
                    f"  without answer: {sum(count == 0 for count in found.unanswerable.values())} of {len(found.unanswerable)} get none"
                )
        silent = [text for text in WITHOUT_ANSWER if not search(text)]
        print(f"30 more questions that nothing answers: {len(silent)} get none")

        questions = read_questions([queries for queries, _ in pairs])
        suggestions = [word[:length] for text in questions[:60] for word in text.split()[:1] for length in (2, 3, 5)]
        for text in questions:
            search(text), fts(text)
        kg.suggest("warm")
        ours, theirs, typed = [], [], []
        for _ in range(3):
            for text in questions:
                ours.append(time_of(search, text))
                theirs.append(time_of(fts, text))
            typed += [time_of(kg.suggest, letters) for letters in suggestions]
        yardstick = list(theirs)
        print(f"{len(questions)} questions, each three times, warm")
        tell("search", ours, yardstick)
        tell("SQLite FTS5", theirs, yardstick)
        tell("suggest", typed, yardstick)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:3]])
