"""Lines to passages, and the words rule: what is missing, misplaced or taken over is told. On made-up texts: no document is held here."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataFault, MissingFolder
from kg.passages import (
    InventoryRow,
    find_shared_run,
    parse_lines,
    read_inventory,
    read_passage,
    to_fingerprint,
    to_runs,
    verify,
)
from kg.records import Record

TEXT = [
    "Heading",
    "",
    "- Survivors are met with **great care**",
    "and with time,",
    "every single day of the whole long year.",
    "End",
]


def record(**fields: str) -> Record:
    fields = {
        "label": "Care every day",
        "summary": "People take their time.",
        "lines": "3-5",
        "position": "1",
        **fields,
    }
    return Record("x-1", "action", fields, "data/x.yaml", 7, 3, "x", "x-goal", {"lines": (8, 5)})


def row(**changes: str) -> InventoryRow:
    values = {
        "id": "x-1",
        "kind": "action",
        "parent": "x-goal",
        "position": "1",
        "source": "x",
        "lines": "3-5",
        "fingerprint": to_fingerprint(read_passage(TEXT, "3-5")),
    }
    return InventoryRow(**{**values, **changes})


def problems(one: Record, wanted: InventoryRow, text: list[str] = TEXT, official: tuple[str, ...] = ()) -> list[str]:
    return [str(problem) for problem in verify([one], [wanted], {"x": text}, official).problems]


def test_what_stands_as_it_should_is_held() -> None:
    found = verify([record()], [row()], {"x": TEXT}, set())
    assert (found.held, found.expected, found.by_source, found.problems) == (1, 1, {"x": (1, 1)}, ())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lines": "3-4"}, "its lines is 3-5, the inventory says 3-4"),
        ({"kind": "goal"}, "its kind is action, the inventory says goal"),
        ({"parent": "x-other"}, "its parent is x-goal, the inventory says x-other"),
        ({"position": "2"}, "its position is 1, the inventory says 2"),
        ({"fingerprint": "0" * 12}, "do not hold the passage that was read"),
        ({"id": "x-2"}, "is in the inventory but not in the data"),
    ],
)
def test_what_does_not_stand_as_the_inventory_says_is_told(changes: dict[str, str], words: str) -> None:
    assert any(words in each for each in problems(record(), row(**changes)))


def test_an_item_that_the_inventory_does_not_list_is_told() -> None:
    assert "is in the data but not in the inventory" in str(verify([record()], [], {"x": TEXT}, set()).problems[0])


def test_another_extraction_of_the_document_is_told() -> None:
    [told] = problems(record(), row(), ["", *TEXT])
    assert told.startswith("data/x.yaml:8:5: error: x-1: lines 3-5 do not hold")
    assert "another edition or extraction" in told


@pytest.mark.parametrize("key", ["label", "summary", "because", "gap"])
def test_eight_words_in_a_row_count_as_taken_over_and_seven_do_not(key: str) -> None:
    [told] = problems(record(**{key: "Met with great care and, WITH time, every day"}), row())
    assert "takes over words of the document: 'met with great care and with time every'" in told
    assert not problems(record(**{key: "Met with great care and with time always"}), row())


def test_official_names_may_be_kept_but_no_summary() -> None:
    name = "met with great care and with time every single day"
    assert not problems(record(label=name), row(), official=("action",))
    assert problems(record(summary=name), row(), official=("action",))


def test_the_words_of_a_link_are_compared_with_every_document() -> None:
    link = Record("a--addresses--b", "link", {"because": "met with great care and with time every"}, "l.yaml", 1, 1)
    assert any(
        "its because takes over" in str(problem) for problem in verify([link], [], {"x": TEXT, "y": []}, ()).problems
    )


def test_what_comes_from_no_text_of_its_own_is_held_against_every_document() -> None:
    taken = "Met with great care and with time every day that comes."
    topic = Record("topic-care", "topic", {"label": "Care", "summary": taken}, "t.yaml", 1, 1, "topics", "topics")
    source = Record("x", "source", {"label": "The plan", "summary": taken, "rights": taken}, "s.yaml", 1, 1, "x")
    for record in (topic, source):
        [told] = [
            str(problem) for problem in verify([record], [], {"x": TEXT}, ()).problems if "takes over" in problem.what
        ]
        assert "its summary takes over words" in told, "terms and titles may be as printed, a summary may not"


@pytest.mark.parametrize("lines", ["", "0", "5-3", "a", "1-", "1;2", "1, 2", "-1"])
def test_lines_that_are_none_are_refused(lines: str) -> None:
    with pytest.raises(DataFault, match="are not line segments"):
        parse_lines(lines)


@given(st.lists(st.tuples(st.integers(1, 9999), st.integers(0, 50)), min_size=1, max_size=5))
def test_lines_are_read_as_they_are_written(pairs: list[tuple[int, int]]) -> None:
    text = ",".join(f"{start}-{start + more}" for start, more in pairs)
    assert parse_lines(text) == [(start, start + more) for start, more in pairs]


def test_a_passage_beyond_the_end_is_empty() -> None:
    assert read_passage(TEXT, "100-200") == ""


@given(st.text(max_size=300))
def test_a_text_shares_a_run_with_itself_if_it_has_one(text: str) -> None:
    runs = to_runs(text)
    assert (find_shared_run(text, runs) is not None) == bool(runs)


def test_an_inventory_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFolder, match="no inventory"):
        read_inventory(tmp_path / "inventory.tsv")
    (tmp_path / "inventory.tsv").write_text("id\tkind\nx\ty\n", encoding="utf-8")
    with pytest.raises(DataFault, match="does not have the columns"):
        read_inventory(tmp_path / "inventory.tsv")
