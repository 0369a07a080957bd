"""The same answers from the build and from a store that it was published to: forty questions over the real graph, as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.config import Config
from kg.data_results import DataAnswer
from kg.endpoints import Store
from kg.folders import open_build
from kg.queries import ANSWERED, GROUPS, KnowledgeGraph
from kg.results import to_json
from kg.store_publishing import publish_build

from .stores import oxigraph, virtuoso

ROOT = Path(__file__).resolve().parent.parent


def forty_questions(kg: KnowledgeGraph) -> Iterator[tuple[str, Any]]:
    """Ten descriptions and ten neighbourhoods of ids spread over everything, ten answers to ids, ten in words: verb and what is asked."""
    ids = [item.id for item in kg.items()]
    answered = [item.id for item in kg.items() if item.kind in (*ANSWERED, *GROUPS)]
    with (ROOT / "tests" / "search" / "queries.tsv").open(encoding="utf-8") as table:
        words = [row["query"] for row in csv.DictReader(table, delimiter="\t")]
    yield from (("describe", item) for item in ids[3 :: len(ids) // 10][:10])
    yield from (("neighbours", item) for item in ids[5 :: len(ids) // 10][:10])
    yield from (("answers_to", item) for item in answered[1 :: len(answered) // 10][:10])
    yield from (("answers_about", text) for text in words[:: len(words) // 10][:10])


def told(kg: KnowledgeGraph, verb: str, asked: str) -> str:
    return json.dumps(to_json(getattr(kg, verb)(asked)), ensure_ascii=False)


def different(kg: KnowledgeGraph, other: KnowledgeGraph) -> list[tuple[str, str]]:
    """The questions that two answer differently."""
    questions = list(forty_questions(kg))
    assert len(questions) == len(set(questions)) == 40
    return [each for each in questions if told(kg, *each) != told(other, *each)]


def rows(answer: DataAnswer) -> Any:
    """What an answer holds, in no order: stores differ in that, where a query asks for none."""
    table = answer.table()
    return answer.form, answer.cut, set(table.rows)


# Samples that say in full which rows they want: a LIMIT over an order with equals leaves engines a choice.
SAMPLES = ("01-kinds", "02-one-item", "04-answers", "05-answers-of-a-group", "08-way-up", "14-about-a-topic", "18-the-cycle", "20-reviewed-yet")  # fmt: skip


def different_samples(kg: KnowledgeGraph, other: KnowledgeGraph) -> list[str]:
    samples = [sample for sample in kg.samples if sample.name in SAMPLES]
    assert len(samples) == len(SAMPLES)
    wanted = ("json", "ntriples")
    return [
        sample.name
        for sample in samples
        if rows(kg.sparql(sample.query, format=wanted, seconds=20))
        != rows(other.sparql(sample.query, format=wanted, seconds=20))
    ]


def check_store(kg: KnowledgeGraph, config: Config, store: Store) -> None:
    build = open_build(config.build)
    done = publish_build(build, store)
    assert done.sent and done.compared == done.triples == kg.stats().triples
    with KnowledgeGraph(build, store=store) as other:
        assert other._store
        other._store.stores._seconds = (
            30.0  # the machine may be busy; how long answers take is told by benchmarks/stores.py
        )
        assert different(kg, other) == []
        assert different_samples(kg, other) == []
        items = [item.id for item in kg.items()]
        held = other._read(lambda reader: [reader.snapshot.find_item(item) for item in items])
        assert held == kg.items(), "an item came back otherwise than it was published"


def test_forty_questions_and_every_item_are_the_same_from_oxigraph(kg: KnowledgeGraph, real_build: Config) -> None:
    with oxigraph() as running:
        check_store(kg, real_build, running.store(base=kg.terms.base))


@pytest.mark.store
def test_forty_questions_and_every_item_are_the_same_from_virtuoso(
    kg: KnowledgeGraph, real_build: Config, tmp_path: Path
) -> None:
    with virtuoso(tmp_path) as running:
        check_store(kg, real_build, running.store(base=kg.terms.base))
