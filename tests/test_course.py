"""A course teaches in an order that can be followed, in the minutes it was given, and none of its wrong answers is right."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from kg.choices import LEVELS
from kg.course import clean_title
from kg.course_plan import count_units, plan_day, share_minutes
from kg.course_results import Course, Question
from kg.errors import BadQuery, UnknownItem
from kg.ordering import Before, order
from kg.queries import KnowledgeGraph

from .packs import STORY, TITLE

SELECTIONS = [
    (STORY, 120, "introductory", "organizations"),
    (("topic-hiring", "topic-pay"), 90, "practitioner", ""),
    (("ap-barrier-group-5",), 60, "practitioner", "funders"),
    (("hr-harm-2", "hr-harm-9"), 200, "advanced", ""),
    (("ap-theme-3",), 180, "introductory", ""),
    (("hr",), 480, "advanced", "researchers"),
    (("search:burned out",), 30, "introductory", ""),
    (("ap-barrier-2.6", "ap-barrier-1.3"), 60, "advanced", ""),
]


@pytest.fixture(scope="module", params=SELECTIONS, ids=lambda each: " ".join(each[0]))
def course(request: pytest.FixtureRequest, kg: KnowledgeGraph) -> Course:
    words, minutes, level, audience = request.param
    return kg.curriculum(words, minutes=minutes, level=level, audience=audience)


def test_the_minutes_add_up_to_what_was_asked(course: Course) -> None:
    now = 0
    for slot in course.agenda:
        assert slot.start == now and slot.minutes > 0
        now += slot.minutes
    assert now == course.minutes
    assert [slot.unit for slot in course.agenda if slot.unit] == [unit.number for unit in course.units]
    for unit in course.units:
        assert sum(step.minutes for step in unit.steps) == unit.minutes and all(step.minutes > 0 for step in unit.steps)


def test_nobody_sits_longer_than_ninety_minutes(course: Course) -> None:
    stretch = 0
    for slot in course.agenda:
        stretch = 0 if slot.name in ("Break", "Lunch") else stretch + slot.minutes
        assert stretch <= 100, course.agenda  # the closing may follow the last stretch
    if course.minutes > 90:
        assert any(slot.name in ("Break", "Lunch") for slot in course.agenda)


def test_words_then_why_then_what_can_be_done_then_practice(course: Course) -> None:
    order = ["words", "why", "do", "evidence", "practice"]
    sorts = [order.index(unit.sort) for unit in course.units]
    assert sorts == sorted(sorts) and {1, 2} <= set(sorts)


def test_what_later_items_need_comes_first_or_is_told(kg: KnowledgeGraph, course: Course) -> None:
    seat = {reading.id: place for place, reading in enumerate(course.readings)}
    first = {"precedes": "start", "worsens": "start", "underpins": "start", "leadsTo": "start"}
    links = [link for link in kg._reader.model.links if {link.start, link.end} <= set(seat) and link.start != link.end]
    looked = 0
    for link in links:
        if link.relation in (*first, "addresses", "usesTerm"):
            early, late = (link.start, link.end) if link.relation in first else (link.end, link.start)
            labels = [kg.describe(item).item.label for item in (early, late)]
            told = any(all(f"“{label}”" in note for label in labels) for note in course.notes)
            assert seat[early] < seat[late] or told, link.id
            looked += 1
    assert looked


def test_every_item_is_taught_once_and_comes_from_the_data(kg: KnowledgeGraph, course: Course) -> None:
    counts = Counter(reading.id for reading in course.readings)
    assert max(counts.values()) == 1
    for reading in course.readings:
        item = kg.describe(reading.id).item
        assert (reading.label, reading.summary) == (item.label, item.summary) and item.lines.split("-")[
            0
        ] in reading.place
    inside = {item.id for item in course.part.items}
    assert set(counts) <= inside and {term.id for term in course.glossary} <= inside


class Judge:
    """Says which answers are right, written apart from the examiner: direct and contributing links, both directions of near-sameness,
    types of harm and their examples."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        links = kg._reader.model.links
        self.items = {item.id: item for item in kg.items()}
        self.joined = {(link.start, link.relation, link.end) for link in links}
        self.same: dict[str, set[str]] = {item: {item} for item in self.items}
        pairs = [(link.start, link.end) for link in links if link.relation == "alignsWith"]
        pairs += [(item.id, item.parent) for item in self.items.values() if item.kind == "harm-example"]
        for one, other in pairs:
            self.same[one].add(other)
            self.same[other].add(one)

    def right(self, one: str, relation: str, other: str) -> bool:
        return any((start, relation, end) in self.joined for start in self.same[one] for end in self.same[other])

    def faults(self, choice: Question) -> list[str]:
        """Options of which the question says what no link says, or the opposite of it."""
        start, relation, end = (link := choice.id.rpartition("--")[0]).split("--")
        assert (start, relation, end) in self.joined, link
        forward = choice.id.endswith("--end")
        pairs = {
            each.id: (start, relation, each.id) if forward else (each.id, relation, end) for each in choice.options
        }
        return [each.text for each in choice.options if self.right(*pairs[each.id]) != each.right]


def test_no_wrong_answer_is_right_by_any_link_of_the_build(kg: KnowledgeGraph, course: Course) -> None:
    judge = Judge(kg)
    asked = [choice for choice in course.choices if not choice.id.startswith("term--")]
    for choice in course.choices:
        kinds = {judge.items[option.id].kind for option in choice.options}
        assert len({option.text for option in choice.options}) == 4 and len(kinds) == 1
        assert sum(option.right for option in choice.options) == 1
    assert asked and not [fault for choice in asked for fault in judge.faults(choice)]
    for pairs in (unit.matching.pairs for unit in course.units if unit.matching):
        for one in pairs:
            assert [judge.right(one.right, "addresses", other.left) for other in pairs] == [
                one is other for other in pairs
            ]


def test_the_judge_of_wrong_answers_finds_one_that_is_right(kg: KnowledgeGraph) -> None:
    """The negative control: something else that addresses the same difficulty, put in the place of a wrong answer."""
    judge = Judge(kg)
    choices = kg.curriculum(STORY, minutes=120).choices
    choice = next(each for each in choices if "--addresses--" in each.id)
    end = choice.id.split("--")[2]
    other = next(
        start
        for start, relation, to in judge.joined
        if (relation, to) == ("addresses", end) and start != choice.right.id
    )
    wrong = next(option for option in choice.options if not option.right)
    spoilt = replace(
        choice,
        options=tuple(replace(each, id=other, text="spoilt") if each is wrong else each for each in choice.options),
    )
    assert judge.faults(choice) == [] and judge.faults(spoilt) == ["spoilt"]


def test_nothing_is_said_twice(course: Course) -> None:
    said = Counter(
        text for unit in course.units for text in (unit.question, *unit.ask, *unit.aims, unit.reflect) if text
    )
    assert max(said.values()) == 1, said.most_common(2)
    reasons = Counter(reason.id for reading in course.readings for reason in reading.reasons)
    assert max(reasons.values(), default=1) == 1


def test_what_describes_harm_has_a_content_note_before_it(course: Course) -> None:
    for unit in course.units:
        if unit.sort == "why":
            assert unit.note.startswith("This part names ") and "…" not in unit.note
        if any(reading.kind.endswith("of harm") for reading in unit.readings):
            assert unit.note
            assert "content note" in unit.steps[0].text


def test_every_unit_has_something_to_talk_about_and_words_for_its_leader(course: Course) -> None:
    for unit in course.units:
        assert unit.question.endswith("?") and unit.ask and unit.steps
        assert all(question.rstrip("”").endswith(("?", ".")) for question in unit.ask)
        assert unit.guide.points or unit.sort == "evidence"


def test_levels_differ_as_the_documents_say(kg: KnowledgeGraph) -> None:
    courses = {level: kg.curriculum(["hr-harm-4", "topic-pay"], minutes=180, level=level) for level in LEVELS}
    largest = [max(len(unit.readings) for unit in courses[level].units if unit.sort != "words") for level in LEVELS]
    told = [max(len(reading.reasons) for reading in courses[level].readings) for level in LEVELS]
    assert largest == sorted(set(largest)) and told == sorted(set(told)) == [1, 2, 3]
    kinds = {reading.kind for reading in courses["introductory"].readings}
    assert not kinds & {"belief behind harm", "impact of harm", "cycle stage"}
    assert [any(unit.sort == "evidence" for unit in courses[level].units) for level in LEVELS] == [False, False, True]


def test_an_audience_comes_first_and_gets_its_own_task(kg: KnowledgeGraph) -> None:
    plain = kg.curriculum(["hr-harm-3"], minutes=90)
    funders = kg.curriculum(["hr-harm-3"], minutes=90, audience="funders")

    def share(course: Course) -> float:
        acting = [reading.actor.lower() for unit in course.units if unit.sort == "do" for reading in unit.readings]
        return sum("funders" in actor for actor in acting) / len(acting)

    assert share(funders) == 1 > share(plain)
    assert "call, application, contract or report" in funders.units[-1].task != plain.units[-1].task


def test_what_did_not_fit_and_what_was_added_is_told(kg: KnowledgeGraph) -> None:
    course = kg.curriculum(STORY, minutes=60, title=TITLE)
    taught = {reading.id for reading in course.readings}
    assert course.left_out and not taught & {item.id for item in course.left_out}
    assert any(note.startswith(f"{len(course.left_out)} items of the selection did not fit") for note in course.notes)
    added = kg.curriculum(["item:ap-barrier-2.6", "item:ap-barrier-2.3"], minutes=30)
    assert any("needed to show both difficulty and answer" in note for note in added.notes)


@pytest.mark.parametrize(
    ("words", "options", "fault"),
    [
        ([], {}, BadQuery),
        (["ap-barrier-9.9"], {}, UnknownItem),
        (["resource"], {}, BadQuery),
        (["ap-barrier-2.6"], {"minutes": 480}, BadQuery),
        (list(STORY), {"minutes": 10}, BadQuery),
        (list(STORY), {"minutes": 481}, BadQuery),
        (list(STORY), {"level": "expert"}, BadQuery),
        (list(STORY), {"audience": "nobody"}, BadQuery),
        (list(STORY), {"title": "x" * 200}, BadQuery),
    ],
    ids=str,
)
def test_what_cannot_be_taught_says_so_and_what_to_do(
    kg: KnowledgeGraph, words: list[str], options: dict, fault: type
) -> None:
    with pytest.raises(fault) as told:
        kg.curriculum(words, **options)
    assert told.value.hint


def test_a_build_without_texts_for_trainers_says_so(tiny_kg: KnowledgeGraph) -> None:
    with pytest.raises(BadQuery, match="no texts for trainers"):
        tiny_kg.curriculum(["barrier"])


def test_circles_are_broken_at_the_weakest_link_and_everything_else_holds() -> None:
    chance = random.Random(7)
    for _ in range(200):
        things = [str(number) for number in range(8)]
        rules = [Before(*chance.sample(things, 2), chance.randint(1, 3)) for _ in range(chance.randint(0, 16))]
        found, given_up = order(things, rules, {thing: (int(thing),) for thing in things})
        seat = {thing: place for place, thing in enumerate(found)}
        assert sorted(found) == things
        lost = {(rule.first, rule.then) for rule in given_up}
        assert all(seat[rule.first] < seat[rule.then] or (rule.first, rule.then) in lost for rule in rules)
    assert order(
        "abc", [Before("a", "b", 3), Before("b", "c", 1), Before("c", "a", 2)], {"a": (0,), "b": (1,), "c": (2,)}
    ) == (
        ["c", "a", "b"],
        [Before("b", "c", 1)],
    )


def test_any_minutes_are_shared_out_exactly() -> None:
    for minutes in range(30, 481):
        sorts = [*["words", "why", *["do"] * 20][: count_units(minutes) - 1], "practice"]
        shares = share_minutes(minutes, sorts)
        day = plan_day(minutes, [(sort, share) for sort, share in zip(sorts, shares, strict=True)])
        assert sum(slot.minutes for slot in day) == minutes and all(slot.minutes >= 5 for slot in day)


def test_titles_are_one_line_that_can_be_seen() -> None:
    assert clean_title(" a\u202e\x00\nb ") == "a b"
