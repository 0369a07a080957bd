"""How items hang together, asked of the real graph by library and command: paths, neighbourhoods, rankings, communities."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, cast

import networkx as nx
import pytest
from click.testing import CliRunner, Result

from kg.choices import MEASURES
from kg.cli import main
from kg.config import Config
from kg.errors import BadQuery, UnknownItem
from kg.explorer import Explorer
from kg.findings import NearestPaths, Paths
from kg.queries import KnowledgeGraph
from kg.reader import Reader
from kg.results import Brief
from kg.terms import Terms
from kg.ties import NetworkTies

BANK, RECORDS, WELLNESS = "ap-barrier-2.6", "ap-action-3.2.11", "ap-capacity-3.1"


@pytest.fixture
def ask(real_build: Config, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `kg` over the real build."""
    monkeypatch.setenv("KG_BUILD", str(real_build.build))

    def ask(*args: str) -> Result:
        return CliRunner().invoke(main, list(args))

    return ask


def words(done: Result) -> str:
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def paths(kg: KnowledgeGraph, start: str, end: str, **options: Any) -> Paths:
    found = kg.paths(start, end, **options)
    assert isinstance(found, Paths)
    return found


# Paths


def test_a_path_tells_each_step_with_its_reason(kg: KnowledgeGraph, ask: Any) -> None:
    found = paths(kg, BANK, "ap-barrier-4.3")
    best = found.paths[0]
    assert [step.end.id for step in best.steps] == [RECORDS, "ap-barrier-4.3"]
    assert best.told == (
        "The barrier “No bank account because of a criminal record” is addressed by the action “Campaign to abolish or cancel survivors' "
        "criminal records”. The action “Campaign to abolish or cancel survivors' criminal records” addresses the barrier “Background "
        "checks shut out survivors with criminal records”."
    )
    because = {link.other.id: link.because for link in kg.describe(RECORDS).links if link.relation == "addresses"}
    assert [step.because for step in best.steps] == [because[BANK], because["ap-barrier-4.3"]]
    assert [step.direction for step in best.steps] == ["in", "out"]
    told = words(ask("path", BANK, "ap-barrier-4.3"))
    assert told.startswith("1. 2 links The barrier “No bank account")
    assert f"because: {because[BANK]}" in told


def test_the_way_back_is_the_same_path_in_the_other_words(kg: KnowledgeGraph) -> None:
    there, back = paths(kg, BANK, "ap-barrier-4.3").paths[0], paths(kg, "ap-barrier-4.3", BANK).paths[0]
    assert there.cost == back.cost
    assert [step.start.id for step in reversed(back.steps)] == [step.end.id for step in there.steps]
    assert [step.phrase for step in back.steps] == ["is addressed by", "addresses"]


def test_further_paths_pass_through_something_new(kg: KnowledgeGraph) -> None:
    found = paths(kg, "ap-barrier-4.1", "ap-capacity-2.2", limit=3)
    assert len(found.paths) == 3
    seen: set[str] = set()
    for path in found.paths:
        through = {item.id for item in path.through}
        assert path.length <= 4 and through - seen
        seen |= through


def test_no_path_passes_through_what_only_gathers_unless_asked(kg: KnowledgeGraph) -> None:
    for start, end in [("hr-harm-5", "ap-action-4.3.2"), (BANK, WELLNESS), ("ap-ally-2.9", "hr-rec-3.8")]:
        for path in paths(kg, start, end).paths:
            assert not {item.kind for item in path.through} & kg.terms.gathering
    [first, second] = [action.id for action in kg.items(kind="action") if action.parent == "ap-goal-1.1"][:2]
    within = kg.paths(first, second, hubs=True, without=kg.terms.curated, max_length=2)
    assert [path.told.split(".")[0] for path in within.paths]
    assert "ap-goal-1.1" in {item.id for path in within.paths for item in path.through}


def test_a_group_may_be_an_end_though_no_path_passes_through_one(kg: KnowledgeGraph) -> None:
    best = paths(kg, "ap-barrier-group-2", RECORDS).paths[0]
    assert [step.phrase for step in best.steps] == ["has the barrier", "is addressed by"]
    assert best.steps[0].because is None and best.steps[0].strength is None


def test_via_without_and_at_least_are_kept(kg: KnowledgeGraph) -> None:
    for path in paths(kg, BANK, "ap-barrier-4.3", via=["harm-example"], max_length=5).paths:
        assert "harm-example" in {item.kind for item in path.through}
    found = paths(kg, "ap-barrier-4.1", "ap-capacity-2.2", without=["action", "usesTerm"])
    assert found.paths
    for path in found.paths:
        assert "action" not in {item.kind for item in path.through}
        assert "usesTerm" not in {step.relation for step in path.steps}
    for path in paths(kg, "ap-barrier-4.1", "hr-harm-1", at_least=["direct", "implied"], max_length=6).paths:
        for step in path.steps:
            assert step.strength in ("direct", None) and step.basis in ("stated", "implied", None)


def test_every_type_of_harm_has_its_nearest_action(kg: KnowledgeGraph, ask: Any) -> None:
    found = kg.paths("harm-type", "action")
    assert isinstance(found, NearestPaths)
    assert [path.steps[0].start.id for path in found.paths] == [f"hr-harm-{number}" for number in range(1, 10)]
    assert not found.without
    nearest = {path.steps[0].start.id: path for path in found.paths}
    assert nearest["hr-harm-3"].steps[-1].end.id == "ap-action-1.4.1"
    assert nearest["hr-harm-3"].steps[0].strength == "direct"
    assert nearest["hr-harm-6"].length == 2, "nothing addresses it directly, but a barrier that it worsens"
    told = words(ask("path", "harm-type", "action"))
    assert "hr-harm-3 to ap-action-1.4.1, 1 link" in told


def test_an_item_and_a_kind_give_its_nearest_few(kg: KnowledgeGraph) -> None:
    found = kg.paths(BANK, "action", limit=3)
    ends = [path.steps[-1].end for path in found.paths]
    assert ends[0].id == RECORDS and len({end.id for end in ends}) == 3
    assert {end.kind for end in ends} == {"action"}
    assert [path.cost for path in found.paths] == sorted(path.cost for path in found.paths)


def test_what_reaches_nothing_is_named(kg: KnowledgeGraph, ask: Any) -> None:
    found = kg.paths("value", "barrier")
    without = {item.id for item in found.without}
    assert without | {path.steps[0].start.id for path in found.paths} == {item.id for item in kg.items(kind="value")}
    assert "hr-value-1" in without
    assert "Nothing is reached in 4 links from: hr-value-1" in words(ask("path", "value", "barrier"))


def test_no_path_says_why_and_what_hubs_would_reach(kg: KnowledgeGraph, ask: Any) -> None:
    found = paths(kg, "hr-value-1", BANK)
    assert not found.paths
    assert found.why == (
        "Nothing links the value “Everyone causes harm and nobody is disposable” with the barrier “No bank account because of a criminal "
        "record” except through items that only gather others, such as a theme or a topic."
    )
    assert found.with_hubs and {item.kind for item in found.with_hubs.through} & kg.terms.gathering
    assert "(--hubs): The value “Everyone causes harm" in words(ask("path", "hr-value-1", BANK))


def test_too_far_says_how_far(kg: KnowledgeGraph, ask: Any) -> None:
    found = paths(kg, BANK, "ap-barrier-4.3", max_length=1)
    assert not found.paths and found.shortest == 2
    assert found.why.endswith("in 1 link at most; it takes 2.")
    assert "Try: --max-length 2" in words(ask("path", BANK, "ap-barrier-4.3", "--max-length", "1"))
    assert paths(kg, BANK, "ap-barrier-4.3", max_length=2).paths


def test_a_condition_that_cannot_be_met_is_told_as_the_reason(kg: KnowledgeGraph) -> None:
    found = paths(kg, BANK, "ap-barrier-4.3", via=["resource"])
    assert found.why.endswith("through a resource, in 4 links at most; otherwise 2 links do.")
    found = paths(kg, BANK, "ap-barrier-4.3", relations=["precedes"])
    assert "by the links that were asked for, in 4 links at most" in found.why


@pytest.mark.parametrize(
    ("start", "end", "options", "error", "told"),
    [
        (BANK, BANK, {}, BadQuery, f"Both ends are {BANK}"),
        ("ap-barrier-99", BANK, {}, UnknownItem, "No item 'ap-barrier-99'. Near it: ap-barrier-"),
        (BANK, "harm-typ", {}, UnknownItem, "Did you mean the kind 'harm-type'"),
        (BANK, RECORDS, {"via": ["acton"]}, BadQuery, "no kind 'acton'. Did you mean 'action'"),
        (BANK, RECORDS, {"via": ["theme"]}, BadQuery, "the kind only gathers other items, and paths skip those"),
        (BANK, RECORDS, {"via": ["term"], "without": ["term"]}, BadQuery, "the kind is also left out"),
        (BANK, RECORDS, {"relations": ["adresses"]}, BadQuery, "no relation 'adresses'. Did you mean 'addresses'"),
        (BANK, RECORDS, {"relations": ["builds"], "without": ["builds"]}, BadQuery, "also left out"),
        (BANK, RECORDS, {"at_least": ["strong"]}, BadQuery, "no strength, basis or state 'strong'"),
        (BANK, RECORDS, {"max_length": 0}, BadQuery, "The longest path is 0. Give a number from 1 to 6"),
        (BANK, RECORDS, {"max_length": 7}, BadQuery, "The longest path is 7"),
        (BANK, RECORDS, {"limit": 0}, BadQuery, "The limit is 0"),
    ],
)
def test_what_cannot_be_asked_says_so(
    kg: KnowledgeGraph, start: str, end: str, options: dict[str, Any], error: type[Exception], told: str
) -> None:
    with pytest.raises(error) as raised:
        kg.paths(start, end, **options)
    assert told in str(raised.value)


@pytest.fixture
def apart(terms: Terms) -> Explorer:
    """Two pairs of items with no link between the pairs, under the vocabulary of the ontology."""
    network = nx.MultiDiGraph()
    for item, kind in [("a", "action"), ("b", "barrier"), ("c", "action"), ("d", "barrier")]:
        network.add_node(item, kind=kind, label=item.upper())
    for start, end in ("ab", "cd"):
        network.add_edge(
            start, end, key="addresses", strength="direct", basis="stated", state="checked", because="It does."
        )
    briefs = {item: Brief(item, data["kind"], data["label"]) for item, data in network.nodes(data=True)}
    reader = SimpleNamespace(
        terms=terms,
        brief=briefs.__getitem__,
        ids=lambda kind: [item for item, brief in briefs.items() if brief.kind == kind],
    )
    return Explorer(cast(Reader, reader), NetworkTies(network))


NO_OPTIONS: dict[str, Any] = {
    "via": (), "max_length": 4, "limit": None, "hubs": False, "relations": (), "without": (), "at_least": (),
}  # fmt: skip


def test_ends_in_separate_parts_say_so(apart: Explorer) -> None:
    found = apart.paths("a", "d", **NO_OPTIONS)
    assert isinstance(found, Paths) and not found.paths and found.shortest is None and found.with_hubs is None
    assert found.why == "Nothing links the action “A” with the barrier “D”: they stand in separate parts of the graph."
    nearest = apart.paths("a", "barrier", **NO_OPTIONS | {"limit": 5})
    assert [path.told for path in nearest.paths] == ["The action “A” addresses the barrier “B”."]


def test_a_kind_that_the_build_does_not_hold_says_so(apart: Explorer) -> None:
    with pytest.raises(UnknownItem, match="This build holds no glossary terms"):
        apart.paths("term", "action", **NO_OPTIONS)


# Neighbourhoods


def test_a_neighbourhood_counts_everything_once(kg: KnowledgeGraph) -> None:
    found = kg.neighbours("ap-barrier-4.1", depth=3, limit=5)
    assert [len(ring.items) for ring in found.rings] == [5, 5, 5]
    shown = [item.id for item in found.items]
    assert shown[0] == "ap-barrier-4.1" and len(shown) == len(set(shown)) == 16
    description = kg.describe("ap-barrier-4.1")
    around = {link.other.id for link in description.links} | {topic.id for topic in description.about}
    first = found.rings[0]
    assert {near.item.id for near in first.items} <= around
    assert first.left_out.items == len(around) - 5
    for ring in found.rings:
        assert sum(ring.left_out.kinds.values()) == sum(ring.left_out.relations.values()) == ring.left_out.items
    assert found.left_out.items == sum(ring.left_out.items for ring in found.rings)


def test_the_most_convincing_come_first_and_a_view_grows_in_small_steps(kg: KnowledgeGraph) -> None:
    few, more = kg.neighbours("ap-barrier-4.1", depth=1, limit=3), kg.neighbours("ap-barrier-4.1", depth=1, limit=8)
    assert more.rings[0].items[:3] == few.rings[0].items
    assert more.left_out.items == few.left_out.items - 5
    strengths = [near.by.strength for near in more.rings[0].items]
    assert strengths == sorted(strengths, key=["direct", "contributing"].index)


def test_links_between_all_that_is_shown_are_given_for_drawing(kg: KnowledgeGraph) -> None:
    found = kg.neighbours(RECORDS, depth=2, limit=6)
    shown = {item.id for item in found.items}
    right = {
        frozenset((item, link.other.id)) for item in shown for link in kg.describe(item).links if link.other.id in shown
    }
    assert {frozenset((link.start.id, link.end.id)) for link in found.links} == right
    assert len(found.links) >= len(shown) - 1


def test_kinds_and_relations_narrow_it_and_what_they_hide_is_counted(kg: KnowledgeGraph) -> None:
    found = kg.neighbours(BANK, kinds=["action"], relations=["addresses"], depth=1)
    assert [near.item.id for near in found.rings[0].items] == [RECORDS]
    assert found.left_out.kinds == {"topic": 2, "barrier-group": 1, "harm-example": 1}
    assert found.left_out.relations["worsens"] == 1


def test_hubs_are_shown_when_asked_for_and_around_themselves(kg: KnowledgeGraph) -> None:
    assert "barrier-group" not in {item.kind for item in kg.neighbours(BANK, depth=1).items}
    assert "barrier-group" in {item.kind for item in kg.neighbours(BANK, depth=1, hubs=True).items}
    assert "barrier-group" in {item.kind for item in kg.neighbours(BANK, depth=1, kinds=["barrier-group"]).items}
    group = kg.neighbours("ap-barrier-group-2", depth=1)
    assert {near.by.phrase for near in group.rings[0].items} == {"has the barrier"}


@pytest.mark.parametrize(
    ("item", "options", "error"),
    [
        ("ap-barrier-99", {}, UnknownItem),
        (BANK, {"kinds": ["bareer"]}, BadQuery),
        (BANK, {"relations": ["adresses"]}, BadQuery),
        (BANK, {"depth": 0}, BadQuery),
        (BANK, {"depth": 6}, BadQuery),
        (BANK, {"limit": 0}, BadQuery),
    ],
)
def test_a_neighbourhood_that_cannot_be_says_so(
    kg: KnowledgeGraph, item: str, options: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        kg.neighbours(item, **options)


def test_neighbours_are_printed_with_what_is_left_out(ask: Any) -> None:
    told = words(ask("neighbours", BANK, "--depth", "1", "--kinds", "action, recommendation"))
    assert "1 link away: is addressed by ap-action-3.2.11: Campaign to abolish" in told
    assert (
        "not shown: 4 items (of the kinds topic 2, barrier-group 1, harm-example 1; by the relations subject 2" in told
    )
    assert "nothing to show" in words(ask("neighbours", "hr-value-1", "--depth", "1"))


# Rankings and communities


def test_coverage_says_what_carrying_out_an_action_would_touch(kg: KnowledgeGraph, ask: Any) -> None:
    found = kg.rank("coverage", kind="action", limit=1)
    [top] = found.figures
    direct, all_ = kg.describe(top.item.id).addresses
    assert top.value == all_ == max(kg.describe(item.id).addresses[1] for item in kg.items(kind="action"))
    links = [link for link in kg.describe(top.item.id).links if link.relation == "addresses"]
    barriers = sum(link.other.kind == "barrier" for link in links)
    assert top.meaning == (
        f"Carrying out this action would touch {barriers} barriers and {all_ - barriers} harms, {direct} of them directly."
    )
    told = words(ask("rank", "--measure", "coverage", "--kind", "action", "--limit", "1"))
    assert top.meaning in told
    assert "Counts follow how thoroughly a source was read" in told
    assert "without computed and editorial links 1 of" in told


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_says_in_a_sentence_what_each_figure_means(kg: KnowledgeGraph, measure: str) -> None:
    found = kg.rank(measure, limit=1000)
    assert found.of == len(found.figures) and found.warning
    ranks = [figure.rank for figure in found.figures]
    assert ranks == sorted(ranks) and ranks[0] == 1
    values = [figure.value for figure in found.figures]
    assert values == sorted(values, reverse=True)
    for figure in found.figures:
        assert figure.meaning[0].isupper() and figure.meaning.endswith(".") and "  " not in figure.meaning
        assert " 1 barriers" not in figure.meaning and " 1 other items" not in figure.meaning
        assert (figure.firm_rank is None) == (figure.firm_value is None)
        assert figure.firm_rank is None or 1 <= figure.firm_rank <= found.firm_of
    assert len({figure.item.id for figure in found.figures}) == found.of


def test_one_addressed_thing_is_told_in_the_singular(kg: KnowledgeGraph) -> None:
    told = {figure.meaning for figure in kg.rank("coverage", limit=1000).figures if figure.value == 1}
    assert "Carrying out this action would touch 1 barrier, though not directly." in told
    assert "Carrying out this action would touch 1 barrier, directly." in told


def test_a_rank_on_sand_shows(kg: KnowledgeGraph) -> None:
    terms = kg.rank("degree", kind="term", limit=1000)
    assert {figure.firm_rank for figure in terms.figures[:3]} <= {None, *range(1, terms.firm_of + 1)}
    computed = kg.rank("degree", relation="usesTerm")
    assert computed.firm_of == 0 and {figure.firm_rank for figure in computed.figures} == {None}


def test_a_rank_by_one_relation_counts_only_that(kg: KnowledgeGraph) -> None:
    found = kg.rank("degree", kind="barrier", relation="worsens", limit=1)
    [top] = found.figures
    assert top.value == sum(link.relation == "worsens" for link in kg.describe(top.item.id).links)


@pytest.mark.parametrize(
    ("measure", "options", "told"),
    [
        ("centrality", {}, "There is no measure 'centrality'"),
        ("degree", {"kind": "bareer"}, "There is no kind 'bareer'"),
        ("degree", {"kind": "theme"}, "Themes only gather other items and are not ranked"),
        ("degree", {"relation": "isPartOf"}, "There is no relation 'isPartOf'"),
        ("degree", {"kind": "value", "relation": "builds"}, "no value has a figure for degree by the relation builds"),
        ("coverage", {"kind": "barrier"}, "no barrier has a figure for coverage"),
        ("coverage", {"relation": "builds"}, "no item has a figure for coverage by the relation builds"),
        ("degree", {"limit": 0}, "The limit is 0"),
    ],
)
def test_what_cannot_be_ranked_says_so(kg: KnowledgeGraph, measure: str, options: dict[str, Any], told: str) -> None:
    with pytest.raises(BadQuery) as raised:
        kg.rank(measure, **options)
    assert told in str(raised.value) and raised.value.hint


def test_communities_are_named_by_their_central_items(kg: KnowledgeGraph, ask: Any) -> None:
    found = kg.communities()
    assert 0.4 < found.modularity < 0.7
    assert [one.size for one in found.communities] == sorted((one.size for one in found.communities), reverse=True)
    for one in found.communities:
        assert one.name == " / ".join(item.label for item in one.central[:2])
        assert {item.id for item in one.central} <= {item.id for item in one.items}
        assert one.size == len(one.items) == sum(one.kinds.values())
        assert 0 < one.inside <= 1
    assert found.alone == len([item for item in kg.items() if item.kind not in kg.terms.gathering]) - sum(
        one.size for one in found.communities
    )
    told = words(ask("communities"))
    assert f"modularity {found.modularity:.2f}" in told and f"community-1: {found.communities[0].name}" in told


# The commands as programs read them


def test_graph_commands_keep_their_contract(ask: Any) -> None:
    found = json.loads(ask("path", BANK, RECORDS, "--json").stdout)
    assert set(found) == {"start", "end", "max_length", "paths", "why", "shortest", "with_hubs"}
    assert set(found["paths"][0]) == {"steps", "length", "cost", "through", "told"}
    assert set(found["paths"][0]["steps"][0]) == {
        "start", "end", "relation", "direction", "phrase", "sentence", "strength", "because", "basis", "state", "also",
    }  # fmt: skip
    found = json.loads(ask("path", "harm-type", "action", "--json").stdout)
    assert set(found) == {"start", "end", "max_length", "paths", "without"}
    found = json.loads(ask("neighbours", BANK, "--json").stdout)
    assert set(found) == {"start", "depth", "rings", "items", "links", "left_out"}
    found = json.loads(ask("rank", "--json").stdout)
    assert set(found) == {"measure", "kind", "relation", "what", "of", "firm_of", "figures", "warning", "estimated"}
    found = json.loads(ask("communities", "--json").stdout)
    assert set(found) == {"modularity", "communities", "alone", "warning"}


@pytest.mark.parametrize(
    ("args", "kind"),
    [
        (["path", BANK, BANK], "BadQuery"),
        (["path", BANK, "nowhere"], "UnknownItem"),
        (["path", BANK, RECORDS, "--via", "acton"], "BadQuery"),
        (["neighbours", "nowhere"], "UnknownItem"),
        (["rank", "--measure", "size"], "BadQuery"),
    ],
)
def test_faults_of_graph_commands_are_told_once(ask: Any, args: list[str], kind: str) -> None:
    done = ask(*args, "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    told = json.loads(done.stderr)["error"]
    assert told["type"] == kind and told["message"] and told["hint"]
