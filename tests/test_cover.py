"""The smallest set: real answers, and greedy and exact search held against brute force."""

from __future__ import annotations

import json
from itertools import combinations

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cli import main
from kg.cover import cover_exactly, cover_greedily
from kg.errors import BadQuery, UnknownItem, WrongKind
from kg.plain import to_text
from kg.queries import KnowledgeGraph
from kg.results import to_json

SYSTEMS = st.lists(st.integers(min_value=0, max_value=2**9 - 1), max_size=9)


def union(sets: list[int]) -> int:
    whole = 0
    for each in sets:
        whole |= each
    return whole


def fewest(sets: list[int]) -> int:
    """By trying every choice, the smallest first."""
    return next(
        size
        for size in range(len(sets) + 1)
        if any(union(list(chosen)) == union(sets) for chosen in combinations(sets, size))
    )


@settings(max_examples=300, deadline=None)
@given(SYSTEMS)
def test_greedy_covers_all_that_can_be_and_keeps_its_bound(sets: list[int]) -> None:
    chosen = cover_greedily(sets)
    assert union([sets[place] for place in chosen]) == union(sets)
    assert len(set(chosen)) == len(chosen)
    largest = max((each.bit_count() for each in sets), default=0)
    assert len(chosen) <= sum(1 / size for size in range(1, largest + 1)) * fewest(sets)


@settings(max_examples=300, deadline=None)
@given(SYSTEMS)
def test_exact_is_what_brute_force_finds(sets: list[int]) -> None:
    chosen, at_least = cover_exactly(sets, steps=100_000)
    assert union([sets[place] for place in chosen]) == union(sets)
    assert len(chosen) == at_least == fewest(sets)


@settings(max_examples=200, deadline=None)
@given(SYSTEMS, st.integers(min_value=0, max_value=3))
def test_out_of_steps_it_still_covers_and_claims_no_more_than_is_true(sets: list[int], steps: int) -> None:
    chosen, at_least = cover_exactly(sets, steps=steps)
    assert union([sets[place] for place in chosen]) == union(sets)
    assert at_least <= fewest(sets) <= len(chosen) <= len(cover_greedily(sets))


def test_of_sets_that_add_the_same_the_one_more_readers_agree_on_goes_first_then_the_first_printed() -> None:
    assert cover_greedily([0b01, 0b01, 0b01], agreed=[0, 0b01, 0b01]) == [1]
    assert cover_exactly([0b01, 0b01, 0b01], agreed=[0, 0b01, 0b01]) == ([1], 1)
    assert cover_greedily([0b01, 0b01]) == [0]


def test_the_fewest_actions_for_basic_needs(kg: KnowledgeGraph) -> None:
    found = kg.cover("ap-barrier-group-1", direct=True, kinds=["action"])
    assert found.difficulties == 10 and found.smallest and found.at_least == len(found.chosen) == 6
    assert found.chosen[0].item.id == "ap-action-3.2.11"
    assert {each.item.id for each in found.chosen[0].covers} == {"ap-barrier-1.5", "ap-barrier-1.6"}
    for chosen in found.chosen:
        assert chosen.item.kind == "action"
        for covered in chosen.covers:
            [answer] = [a for b in kg.answers_to(covered.item.id).barriers for a in b.direct if a.id == chosen.item.id]
            assert answer.because == covered.because
    assert {each.item.id: each.reason for each in found.uncovered}["ap-barrier-1.10"] == (
        "None of the items asked for addresses it; 1 other would."
    )


@pytest.mark.parametrize("direct", [True, False])
def test_each_difficulty_is_covered_once_or_told_with_a_reason(kg: KnowledgeGraph, direct: bool) -> None:
    found = kg.cover(["barrier"], direct=direct)
    covered = [each.item.id for chosen in found.chosen for each in chosen.covers]
    assert len(covered) == len(set(covered))
    assert all(chosen.covers and len(chosen.covers) <= chosen.touches for chosen in found.chosen)
    assert sorted([*covered, *(each.item.id for each in found.uncovered)]) == sorted(
        item.id for item in kg.items(kind="barrier")
    )
    assert found.smallest


def test_what_nothing_answers_directly_stays_uncovered_with_its_note(kg: KnowledgeGraph) -> None:
    found = kg.cover("barrier", direct=True)
    notes = {item.id: item.gap for item in kg.items(kind="barrier") if item.gap}
    assert set(notes) == {"ap-barrier-1.7", "ap-barrier-1.9", "ap-barrier-2.7", "ap-barrier-7.1"}
    assert {each.item.id: each.reason for each in found.uncovered} == notes
    assert kg.cover("barrier").uncovered == ()


def test_a_type_of_harm_brings_its_examples_and_funders_are_asked_by_the_report_only(kg: KnowledgeGraph) -> None:
    found = kg.cover("hr-harm-3", audience="funders")
    assert found.difficulties == 8
    assert {chosen.item.kind for chosen in found.chosen} == {"recommendation"}
    assert all("funders" in kg.describe(chosen.item.id).item.audiences for chosen in found.chosen)
    allies = kg.cover("hr-harm-3", audience="allies")
    assert "ally-recommendation" in {chosen.item.kind for chosen in allies.chosen}, "they speak to allies by their kind"


def test_where_the_steps_run_out_the_answer_says_so(kg: KnowledgeGraph) -> None:
    found = kg.cover(["barrier", "harm-type", "harm-example"])
    assert not found.smallest and found.at_least < len(found.chosen)
    assert f"none has fewer than {found.at_least}" in to_text(found)
    assert found == kg.cover(["barrier", "harm-type", "harm-example"]), "the same each time"


def test_nothing_that_could_help_is_an_answer_not_an_error(tiny_kg: KnowledgeGraph) -> None:
    found = tiny_kg.cover("ap-barrier-2.7", direct=True)
    assert (found.chosen, found.candidates, found.smallest, found.at_least) == ((), 0, True, 0)
    assert found.uncovered[0].reason.startswith("The plan names food as a need")
    assert to_text(found).startswith("0 items together address 0 of 1 difficulties directly.")


@pytest.mark.parametrize(
    ("asked", "options", "error", "told"),
    [
        (["ap-barrier-9.1"], {}, UnknownItem, "ap-barrier-"),
        (["barriers"], {}, UnknownItem, "Near it: barrier"),
        (["ap-theme-1"], {}, WrongKind, "kind theme"),
        (["goal"], {}, WrongKind, "Nothing addresses goals."),
        (["barrier"], {"kinds": ["way"]}, WrongKind, "Ways address nothing."),
        (["barrier"], {"kinds": ["actoin"]}, BadQuery, "Did you mean 'action'?"),
        (["barrier"], {"audience": "funder"}, BadQuery, "Did you mean 'funders'?"),
        (["barrier"], {"audience": "media", "kinds": ["action"]}, BadQuery, "No action asks media to act."),
        ([], {}, BadQuery, "nothing to cover"),
    ],
)
def test_what_cannot_be_covered_is_told(
    kg: KnowledgeGraph, asked: list[str], options: dict[str, object], error: type[Exception], told: str
) -> None:
    with pytest.raises(error) as raised:
        kg.cover(asked, **options)  # type: ignore[arg-type]
    assert told in str(raised.value)


def test_the_command_prints_what_the_library_gives(runner: CliRunner, tiny_kg: KnowledgeGraph) -> None:
    args = ["cover", "ap-barrier-group-2", "--kinds", "action,ally-recommendation"]
    asked = tiny_kg.cover("ap-barrier-group-2", kinds=["action", "ally-recommendation"])
    assert json.loads(runner.invoke(main, [*args, "--json"]).stdout) == to_json(asked)
    text = runner.invoke(main, args).stdout
    assert text.startswith("2 items together address 2 of 2 difficulties directly or in part.")
    assert "because: Money for emergencies can buy food when there is none left." in text
