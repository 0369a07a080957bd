"""What is said to have been read in full is held against the readings themselves and the items of today."""

from __future__ import annotations

import csv
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from kg.model import Item
from kg.queries import KnowledgeGraph
from kg.readings import Reading, read_coverage

FOLDER = Path(__file__).resolve().parent.parent / "data" / "links" / "readings"
COVERAGE = read_coverage(FOLDER)
# Which resources were read against which items cannot be told from the readings, so that no row claims it.
UNKNOWN = {"names"}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


def pairs_of(reading: Reading, items: list[Item]) -> set[tuple[str, str]]:
    starts, ends = (
        [item for item in items if (item.source, item.kind) in side] for side in (reading.starts, reading.ends)
    )
    return {
        (start.id, end.id)
        for start in starts
        for end in ends
        if start.id != end.id and (not reading.siblings or start.parent == end.parent)
    }


def pairs_of_set(name: str, kg: KnowledgeGraph) -> set[tuple[str, str]]:
    return {pair for reading in COVERAGE if reading.set == name for pair in pairs_of(reading, kg.items())}


@pytest.mark.parametrize("reading", COVERAGE, ids=lambda reading: f"{reading.set}-{reading.starts}-{reading.ends}")
def test_each_row_counts_the_pairs_that_are_there_today(reading: Reading, kg: KnowledgeGraph) -> None:
    found = len(pairs_of(reading, kg.items()))
    assert found == reading.pairs, (
        f"{reading.set}: the data has {found} such pairs, {reading.pairs} were read. Read the new ones against all others, "
        f"then change the number in coverage.tsv; or take their kind out of the row."
    )


@pytest.mark.parametrize("row", rows("sets.tsv"), ids=lambda row: row["set"])
def test_what_was_read_twice_is_as_many_pairs_of_what_was_read_in_full(row: dict[str, str], kg: KnowledgeGraph) -> None:
    """The second readers wrote down how many pairs they looked at; the rows give the very same number for their sample."""
    sample = [
        pair
        for pair in pairs_of_set(row["set"], kg)
        if all(
            any(map(lambda p, end=end: fnmatchcase(end, p), row[side].split()))
            for side, end in zip(("from", "to"), pair, strict=True)
        )
    ]
    assert len(sample) == (0 if row["set"] in UNKNOWN else int(row["pairs"]))
    assert {reading.relation for reading in COVERAGE if reading.set == row["set"]} <= {row["relation"]}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*-first.tsv")), ids=lambda path: path.stem)
def test_whatever_a_first_reading_found_lies_in_what_was_read(path: Path, kg: KnowledgeGraph) -> None:
    name = path.stem.removesuffix("-first")
    claimed = pairs_of_set(name, kg)
    outside = [(row["from"], row["to"]) for row in rows(path.name) if (row["from"], row["to"]) not in claimed]
    assert bool(outside) == (name in UNKNOWN), outside[:5]


def test_every_kind_in_a_row_may_stand_there(kg: KnowledgeGraph) -> None:
    for reading in COVERAGE:
        relation = kg.terms.relations[reading.relation]
        for sorts, allowed in ((reading.starts, relation.domain), (reading.ends, relation.range)):
            for source, kind in sorts:
                assert source in kg.sources and kind in kg.terms.kinds
                assert not allowed or kind in allowed, f"{kind} cannot stand there in {reading.relation}"


def test_a_folder_without_coverage_claims_nothing(tmp_path: Path) -> None:
    assert read_coverage(tmp_path) == []
