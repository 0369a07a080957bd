"""Difficulties in full, the glossary, the contents of sources, topics, and where an item stands."""

from __future__ import annotations

import pytest

from kg.errors import BadQuery, UnknownItem, WrongKind
from kg.overview import ACTORS
from kg.overview_results import Entry
from kg.queries import KnowledgeGraph

DIFFICULTIES = ("barrier", "harm-type", "harm-example")


def test_a_difficulty_in_full_has_each_answer_once_under_the_first_who_acts(kg: KnowledgeGraph) -> None:
    for kind in DIFFICULTIES:
        for item in kg.items(kind=kind):
            found = kg.dossier(item.id)
            asked = next(each for each in kg.answers_to(item.id).barriers if each.id == item.id)
            for groups, answers in ((found.direct, asked.direct), (found.contributing, asked.contributing)):
                told = [one for group in groups for one in group.answers]
                assert sorted(one.id for one in told) == sorted(one.id for one in answers)
                assert [group.actor for group in groups] == sorted(
                    {group.actor for group in groups}, key=ACTORS.index
                ), item.id
                for group in groups:
                    assert group.name == kg.terms.audiences[group.actor][0]
                    for one in group.answers:
                        assert group.actor == min(one.audiences, key=ACTORS.index)


def test_every_audience_has_a_place_among_those_who_act(kg: KnowledgeGraph) -> None:
    assert set(ACTORS) == set(kg.terms.audiences)


def test_a_barrier_in_full_says_why_it_matters_and_what_its_answers_name(kg: KnowledgeGraph) -> None:
    bank = kg.dossier("ap-barrier-2.6")
    assert [(group.key, [link.other.id for link in group.links]) for group in bank.context] == [
        ("worsens-in", ["hr-harm-8.e6"])
    ]
    assert bank.gap is None and list(bank.sources) == ["ap"]
    assert {"ap-action-3.2.11", "hr-harm-8.e6"} <= bank.linked
    education = kg.dossier("ap-barrier-4.2")
    [named] = education.resources
    assert named.resource.kind == "resource" and named.by[0].kind == "recommendation"
    assert {"ap", "hr"} == set(education.sources)


def test_a_type_of_harm_in_full_lists_its_examples_with_their_first_answer(kg: KnowledgeGraph) -> None:
    found = kg.dossier("hr-harm-4")
    assert [part.id for part in found.parts] == [
        item.id for item in kg.items(kind="harm-example") if item.parent == "hr-harm-4"
    ]
    assert {group.key for group in found.context} >= {"hasHarmBelief-out", "hasHarmImpact-out"}
    for part in found.parts:
        assert bool(part.first) == bool(part.direct)


def test_a_group_in_full_has_barriers_but_no_answers_of_its_own(kg: KnowledgeGraph) -> None:
    found = kg.dossier("ap-barrier-group-2")
    assert found.direct == found.contributing == () and found.gap is None
    counts = {each.id: (each.direct, each.contributing) for group in kg.barriers() for each in group.barriers}
    assert [(part.direct, part.contributing) for part in found.parts] == [counts[part.id] for part in found.parts]
    assert len(found.parts) == 7


def test_what_nothing_could_address_has_no_dossier(kg: KnowledgeGraph) -> None:
    with pytest.raises(WrongKind):
        kg.dossier("ap-term-bias")
    with pytest.raises(UnknownItem, match="Near it"):
        kg.dossier("ap-barrier-2.66")


def test_the_glossary_stands_in_the_order_of_the_alphabet_with_where_each_term_is_used(kg: KnowledgeGraph) -> None:
    entries = kg.glossary()
    assert len(entries) == 28
    labels = [entry.term.label.casefold() for entry in entries]
    assert labels == sorted(labels)
    for entry in entries:
        uses = [
            link.other.id
            for link in kg.describe(entry.term.id).links
            if link.relation == "usesTerm" and link.direction == "in"
        ]
        assert entry.uses == len(uses)
        assert {brief.id for brief in entry.first} <= set(uses)
        assert len(entry.first) == min(3, len(uses))
    assert sum(entry.uses for entry in entries) == kg.stats().links["usesTerm"]


def test_the_contents_of_the_sources_hold_every_item_once(kg: KnowledgeGraph) -> None:
    def ids(entries: tuple[Entry, ...]) -> list[str]:
        return [each for entry in entries for each in (entry.item.id, *ids(entry.within))]

    held = []
    for holding in kg.holdings():
        full = kg.contents(holding.source.id)
        assert full.items == holding.items and holding.outline == {}
        found = [each for tops in full.outline.values() for each in ids(tops)]
        assert (
            len(found)
            == sum(full.items.values())
            == sum(1 + top.size for tops in full.outline.values() for top in tops)
        )
        held += found
    assert sorted(held) == sorted(item.id for item in kg.items())


def test_a_source_that_is_not_held_names_those_that_are(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownItem, match="ap, .*topics"):
        kg.contents("plan-b")


def test_topics_count_what_is_about_them_and_about_narrower_ones(kg: KnowledgeGraph) -> None:
    tops = kg.topics()
    assert sum(1 + len(top.narrower) for top in tops) == 60
    items = kg.items()
    for top in tops:
        under = {each.topic.id for each in top.narrower} | {top.topic.id}
        assert top.within == sum(bool(under & set(item.about)) for item in items)
        for each in (top, *top.narrower):
            assert each.items == sum(each.topic.id in item.about for item in items)


def test_the_standing_of_an_item_is_its_rank_among_its_kind(kg: KnowledgeGraph) -> None:
    degree, coverage = kg.standing("ap-action-3.2.11")
    for standing, measure in ((degree, "degree"), (coverage, "coverage")):
        ranking = kg.rank(measure, kind="action", limit=1000)
        [figure] = [each for each in ranking.figures if each.item.id == "ap-action-3.2.11"]
        assert (standing.measure, standing.rank, standing.of) == (measure, figure.rank, ranking.of)
        assert standing.meaning == figure.meaning
    assert kg.standing("ap-theme-1") == (), "what only gathers is not ranked"
    assert [each.measure for each in kg.standing("ap-barrier-2.6")] == ["degree"]


@pytest.mark.parametrize("name", ["items", "links", "shares", "agreement", "unlinked", "oddities", "faults"])
def test_each_table_of_quality_is_as_wide_as_its_head(kg: KnowledgeGraph, name: str) -> None:
    head, rows = kg.quality().table(name)
    assert rows and all(len(row) == len(head) for row in rows)


def test_the_tables_of_quality_add_up(kg: KnowledgeGraph) -> None:
    found = kg.quality()
    assert sum(sum(int(str(cell)) for cell in row[1:]) for row in found.table("items")[1]) == len(kg.items())
    head, rows = found.table("links")
    assert sum(int(str(row[1])) for row in rows) == sum(kg.stats().links.values())
    for row in rows:
        told = dict(zip(head, row, strict=True))
        assert told["links"] == int(str(told["direct"])) + int(str(told["contributing"]))
    with pytest.raises(BadQuery, match="The tables are: items"):
        found.table("zeppelins")
