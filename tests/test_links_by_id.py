"""Links and items by their ids, as pages that were given ids tell them."""

from __future__ import annotations

import pytest

from kg.errors import UnknownItem
from kg.queries import KnowledgeGraph


def test_a_link_is_told_as_it_points_with_its_reason(kg: KnowledgeGraph) -> None:
    [step] = kg.links(["ap-action-3.2.11--addresses--ap-barrier-2.6"])
    assert (step.start.id, step.end.id, step.direction) == ("ap-action-3.2.11", "ap-barrier-2.6", "out")
    assert step.sentence.startswith("The action “") and " addresses the barrier “" in step.sentence
    assert step.because and (step.strength, step.state) == ("direct", "checked")


def test_links_and_items_come_in_the_order_asked_for_and_unknown_ones_are_named(kg: KnowledgeGraph) -> None:
    ids = ["hr-rec-3.8", "ap-barrier-2.6"]
    assert [brief.id for brief in kg.briefs(ids)] == ids
    with pytest.raises(UnknownItem, match="Near it: ap-barrier-2.6"):
        kg.briefs(["ap-barrier-2.66"])
    with pytest.raises(UnknownItem, match="No link 'x'"):
        kg.links(["x"])


def test_a_map_that_was_just_made_is_given_again(kg: KnowledgeGraph) -> None:
    first = kg.gap_map("barrier-group", "goal")
    assert kg.gap_map("barrier-group", "goal", relations=[]) is first
    assert kg.gap_map("barrier-group", "goal", relations=["addresses"]) is not first
    for columns in ("audience", "source", "kind", "theme", "ally-call"):
        kg.gap_map("barrier-group", columns)
    assert kg.gap_map("barrier-group", "goal") == first
