"""The texts for trainers: there are some for whatever a course can be about, they keep the rules of the house, and faults are told."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kg.queries import KnowledgeGraph
from kg.teaching import Teaching, read_teaching

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def teaching(kg: KnowledgeGraph) -> Teaching:
    return Teaching.from_json(kg._reader.snapshot.meta("teaching"))


def texts_of(teaching: Teaching) -> list[str]:
    prompts = [prompt for section in teaching.prompts.values() for prompt in section.values()]
    told = [
        text
        for each in prompts
        for text in (each.question, each.aim, each.reflect, each.names, each.care, each.practice, *each.ask)
    ]
    points = [point for each in (*teaching.lists.values(), *teaching.guides.values()) for point in each.points]
    return [text for text in (*told, *points, *teaching.texts.values()) if text]


def test_whatever_a_course_can_be_about_has_its_texts(kg: KnowledgeGraph, teaching: Teaching) -> None:
    assert set(teaching.prompts["topics"]) == {item.id for item in kg.items(kind="topic")}
    groups = {item.id for kind in ("barrier-group", "harm-type") for item in kg.items(kind=kind)}
    assert set(teaching.prompts["groups"]) == groups
    assert set(teaching.prompts["actors"]) == set(kg.terms.audiences)
    assert all(prompt.names for section in ("groups", "mixed") for prompt in teaching.prompts[section].values())
    assert all(prompt.practice for prompt in teaching.prompts["actors"].values())


def test_each_text_was_written_for_its_place(teaching: Teaching) -> None:
    counts = Counter(text for text in texts_of(teaching) if text.endswith("?"))
    assert max(counts.values()) == 1, counts.most_common(3)
    for section in teaching.prompts.values():
        for prompt in section.values():
            assert prompt.question.endswith("?") and 1 <= len(prompt.ask) <= 3, prompt.id
            assert prompt.aim[0].islower() and not prompt.aim.endswith("."), prompt.id


def test_nobody_is_asked_for_their_story_and_nobody_is_rescued(teaching: Teaching) -> None:
    story = re.compile(
        r"\b(tell|share|describe) (us |the group )?(your|my) (own )?(story|experience|trauma|past)\b", re.I
    )
    spoken = re.compile(r"\bvictims?\b|\brescued?\b(?! do)|\bprostitut", re.I)
    assert story.search("Please share your story") and spoken.search("a rescued victim")  # both can fail
    for text in texts_of(teaching):
        assert not story.search(text) and not spoken.search(text), text


def test_faults_in_the_texts_are_told_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        "topics:\n  - id: topic-nowhere\n    question: Why?\n    aim: say why\n    ask:\n      - How?\n    reflect: When?\n    colour: red\n"
        "  - id: topic-pay\n    question: Why?\nsongs:\n  - id: x\nlists: no\ntexts:\n  - text: y\n",
        encoding="utf-8",
    )
    _, problems = read_teaching(tmp_path, {"topics": {"topic-pay"}})
    told = [(problem.line, problem.what) for problem in problems]
    for line, words in [(2, "nothing has the id 'topic-nowhere'"), (8, "'colour'"), (9, "'aim' is missing"), (9, "'ask' is missing"), (12, "'songs'"), (13, "holds no list"), (15, "no id")]:  # fmt: skip
        assert any(line == at and words in what for at, what in told), (line, words, told)
    assert read_teaching(tmp_path / "nowhere", {})[1] == []


def test_the_checkout_reads_clean() -> None:
    data, problems = read_teaching(ROOT / "data" / "teaching", {})
    assert not problems and len(data["prompts"]["topics"]) == 60
