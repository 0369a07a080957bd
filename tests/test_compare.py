"""Two sources side by side, on the real data and on a tiny one."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.errors import BadQuery, UnknownItem, WrongKind
from kg.plain import to_text
from kg.queries import KnowledgeGraph
from kg.results import to_json


def test_every_item_of_both_is_counted_under_its_topics(kg: KnowledgeGraph) -> None:
    found = kg.compare("ap", "hr")
    wider = {item.id: item.parent for item in kg.items(kind="topic")}
    for each in found.topics:
        for source, items in (("ap", each.first), ("hr", each.second)):
            about = {
                item.id
                for item in kg.items()
                if item.source == source and each.topic.id in {*item.about, *(wider.get(topic) for topic in item.about)}
            }
            assert {item.id for item in items} == about, each.topic.id
    only = {each.topic.id for each in kg.compare("blog", "ap").topics if not each.first}
    assert "topic-disability" in only


def test_pairs_that_say_nearly_the_same_are_the_links_between_the_two(kg: KnowledgeGraph) -> None:
    found = kg.compare("ap", "hr")
    pairs = {(pair.first.id, pair.second.id): pair for pair in found.aligned}
    assert len(pairs) == len(found.aligned) == 178
    pair = pairs["ap-ally-6.9", "hr-rec-7.9"]
    assert pair.strength == "direct" and "take consent back" in pair.because
    assert [pair.strength for pair in found.aligned] == sorted((pair.strength for pair in found.aligned), reverse=True)
    turned = kg.compare("hr", "ap")
    assert {(pair.second.id, pair.first.id) for pair in turned.aligned} == set(pairs)
    assert turned.only_second == found.only_first and turned.only_first == found.only_second


def test_what_one_says_and_the_other_does_not_is_of_kinds_that_were_read(kg: KnowledgeGraph) -> None:
    found = kg.compare("ap", "hr")
    assert found.read == ("action with recommendation", "ally recommendation with recommendation")
    partnered = {item.id for pair in found.aligned for item in (pair.first, pair.second)}
    for kinds, lone in (
        (("action", "ally-recommendation"), found.only_first),
        (("recommendation",), found.only_second),
    ):
        everything = [item.id for kind in kinds for item in kg.items(kind=kind)]
        assert {item.id for item in lone} == set(everything) - partnered
    assert "hr-rec-6.2" in {item.id for item in found.only_second}


def test_a_topic_narrows_everything_but_not_who_has_a_partner(kg: KnowledgeGraph) -> None:
    whole, found = kg.compare("ap", "hr"), kg.compare("ap", "hr", topic="topic-pay")
    about = {item.id for item in kg.items() if "topic-pay" in item.about}
    assert [each.topic.id for each in found.topics] == ["topic-pay"]
    assert found.aligned == tuple(pair for pair in whole.aligned if {pair.first.id, pair.second.id} & about)
    assert found.only_first == tuple(item for item in whole.only_first if item.id in about)


def test_sources_that_nobody_has_read_against_each_other_say_so(kg: KnowledgeGraph) -> None:
    found = kg.compare("blog", "hr")
    assert (found.aligned, found.read, found.only_first, found.only_second) == ((), (), (), ())
    text = to_text(found)
    assert "Nobody has read these two against each other" in text
    assert "does not prove that a source is silent" in " ".join(text.split())


@pytest.mark.parametrize(
    ("first", "second", "topic", "error", "told"),
    [
        ("ap", "ap", "", BadQuery, "Both sources are ap."),
        ("ap", "hrr", "", BadQuery, "Did you mean 'hr'?"),
        ("ap", "topics", "", BadQuery, "One of: ap (Action Plan for Survivor Leadership)"),
        ("ap", "hr", "topic-pai", UnknownItem, "topic-pay"),
        ("ap", "hr", "ap-goal-1.1", WrongKind, "not a topic but of the kind goal"),
    ],
)
def test_what_cannot_be_compared_is_told(
    kg: KnowledgeGraph, first: str, second: str, topic: str, error: type[Exception], told: str
) -> None:
    with pytest.raises(error) as raised:
        kg.compare(first, second, topic=topic)
    assert told in str(raised.value)


def test_the_command_prints_what_the_library_gives(runner: CliRunner, tiny_kg: KnowledgeGraph) -> None:
    found = tiny_kg.compare("ap", "hr")
    assert json.loads(runner.invoke(main, ["compare", "ap", "hr", "--json"]).stdout) == to_json(found)
    assert [(pair.first.id, pair.second.id) for pair in found.aligned] == [("ap-ally-2.9", "hr-rec-3.8")]
    assert "Action Plan for Survivor Leadership" in runner.invoke(main, ["compare", "ap", "hr"]).stdout
