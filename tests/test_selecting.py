"""A part of the graph is what was asked for, closed, and says whose it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.config import Config
from kg.errors import BadQuery, KGError, UnknownItem
from kg.queries import KnowledgeGraph
from kg.subgraph import CHOSEN, CONTEXT, REACHED, Subgraph, to_slug
from kg.triples import Triples

SELECTIONS = [
    ["ap-barrier-2.6"],
    ["ap-barrier-group-2"],
    ["hr-harm-3"],
    ["ap-theme-3"],
    ["topic-storytelling"],
    ["audience:funders"],
    ["search:holes in my CV"],
    ["path:ap-barrier-2.6..ap-capacity-3.1"],
    ["barrier"],
    ["hr"],
    ["everything"],
    ["item:ap-action-3.2.11", "item:hr-harm-3"],
]


def chosen(part: Subgraph, role: str = CHOSEN) -> set[str]:
    return {item for item, of in part.roles.items() if of == role}


@pytest.mark.parametrize("words", SELECTIONS, ids=" ".join)
def test_every_part_is_closed_and_has_its_sources(kg: KnowledgeGraph, words: list[str]) -> None:
    part = kg.subgraph(words, depth=1)
    inside = set(part.by_id)
    assert inside == set(part.roles) and len(part.items) == len(inside)
    assert all(edge.start in inside and edge.end in inside for edge in part.edges)
    assert {item.source for item in part.items} == {source.id for source in part.sources}
    assert all(any(source.credit in line for line in part.credits) for source in part.sources)
    assert len({(edge.start, edge.relation, edge.end) for edge in part.edges}) == len(part.edges)


def test_a_barrier_comes_with_its_answers_and_nothing_else_is_chosen(kg: KnowledgeGraph) -> None:
    [found] = kg.answers_to("ap-barrier-2.6").barriers
    answers = {answer.id for answer in (*found.direct, *found.contributing)}
    part = kg.subgraph(["ap-barrier-2.6"])
    assert answers and chosen(part) == {"ap-barrier-2.6", *answers}
    assert {"ap-barrier-group-2", "ap-goal-3.2", "topic-basic-needs"} <= chosen(part, CONTEXT)
    assert chosen(kg.subgraph(["item:ap-barrier-2.6"])) == {"ap-barrier-2.6"}


def test_a_theme_comes_with_all_that_stands_under_it(kg: KnowledgeGraph) -> None:
    actions = {item.id for item in kg.items(kind="action") if item.id.startswith("ap-action-3.")}
    assert actions and actions <= chosen(kg.subgraph(["ap-theme-3"]))


def test_everything_is_everything(kg: KnowledgeGraph) -> None:
    part = kg.subgraph(["everything"])
    assert chosen(part) == {item.id for item in kg.items()}
    assert sum(bool(edge.id) for edge in part.edges) == sum(kg.stats().links.values())


def test_depth_reaches_further_over_allowed_links_alone(kg: KnowledgeGraph) -> None:
    near, far = (kg.subgraph(["item:ap-barrier-2.6"], depth=depth, only=["addresses"]) for depth in (0, 1))
    [found] = kg.answers_to("ap-barrier-2.6").barriers
    assert not chosen(near, REACHED)
    assert chosen(far, REACHED) == {answer.id for answer in (*found.direct, *found.contributing)}
    assert {edge.relation for edge in far.edges} == {"addresses"}


def test_a_filter_keeps_what_was_named(kg: KnowledgeGraph) -> None:
    part = kg.subgraph(["ap-barrier-2.6"], only=["recommendation"], context=False)
    assert "ap-barrier-2.6" in part.by_id
    assert {item.kind for item in part.items} <= {"barrier", "recommendation"}


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ([], BadQuery),
        (["  "], BadQuery),
        (["ap-barrier-9.1"], UnknownItem),
        (["item:"], UnknownItem),
        (["sausage:ap"], BadQuery),
        (["audience:nobody"], BadQuery),
        (["search:quantum chromodynamics"], BadQuery),
        (["path:ap-barrier-2.6"], BadQuery),
        (["path:ap-barrier-2.6..nowhere"], UnknownItem),
        (["ap"] * 1 + [f"item:{number}" for number in range(400)], BadQuery),
    ],
    ids=str,
)
def test_what_selects_nothing_says_so_and_what_to_do(
    kg: KnowledgeGraph, words: list[str], fault: type[KGError]
) -> None:
    with pytest.raises(fault) as told:
        kg.subgraph(words)
    assert told.value.hint


def test_names_of_files_are_safe() -> None:
    hostile = ["../../etc/passwd", "=1+1", "CON", "a\x00b", "名前", "<b>x</b>", "x" * 500, "\u202eabc", ""]
    for name in hostile:
        slug = to_slug(name)
        assert slug and len(slug) <= 60 and set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-"), name


def test_words_that_are_only_for_finding_leave_no_trace(kg: KnowledgeGraph) -> None:
    told = kg.subgraph(["everything"]).to_json()
    assert not {"hidden", "unlike"} & {key for item in told["items"] for key in item}


def test_the_lines_of_a_subject_are_found_by_halving(real_build: Config, tmp_path: Path) -> None:
    [file] = real_build.build.glob("*/graph.nt")
    lines, by_subject = file.read_text(encoding="utf-8").splitlines(keepends=True), dict[str, list[str]]()
    for line in lines:
        by_subject.setdefault(line.partition(" ")[0][1:-1], []).append(line)
    triples = Triples(file)
    for subject, own in by_subject.items():
        assert triples.about([subject]) == "".join(own)
    assert triples.about(list(by_subject)) == triples.all() == "".join(lines)
    assert triples.about(["", "a", "https://zzz.example/", next(iter(by_subject)) + "x"]) == ""
    triples.close()
