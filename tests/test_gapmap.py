"""The gap map: what joins a row and a column, which empty an empty cell is, and the same in JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest
from click.testing import CliRunner

from kg.axes import FACETS, build_axis
from kg.cli import main
from kg.errors import BadQuery
from kg.gap_results import Cell, GapMap, Line
from kg.gapmap import build_gap_map
from kg.model import Model
from kg.plain import to_text
from kg.queries import KnowledgeGraph
from kg.results import to_json
from kg.terms import Terms

MAPS = [
    ("barrier-group", "goal"),
    ("barrier", "ally-call"),
    ("barrier", "recommendation-section"),
    ("harm-type", "audience"),
    ("harm-type", "barrier-group"),
    ("harm-type", "harm-type"),
    ("cycle-stage", "barrier-group"),
    ("capacity-area", "goal"),
    ("theme", "way"),
    ("kind", "kind"),
    ("source", "source"),
    ("goal", "goal"),
]


@pytest.fixture(scope="module")
def model(kg: KnowledgeGraph) -> Model:
    return kg._reader.model


def members(model: Model, kg: KnowledgeGraph, axis: str) -> dict[str, frozenset[str]]:
    return {group.id: group.members for group in build_axis(model, kg.terms, axis)}


@pytest.mark.parametrize(("rows", "columns"), MAPS)
def test_each_cell_holds_the_links_that_join_its_row_and_column(
    kg: KnowledgeGraph, model: Model, rows: str, columns: str
) -> None:
    found = kg.gap_map(rows, columns)
    assert found.holds == "links" and len(found.cells) == len(found.rows) * len(found.columns)
    left, right = members(model, kg, rows), members(model, kg, columns)
    for cell in found.cells:
        row, column = left[cell.row], right[cell.column]
        links = [
            link
            for link in model.links
            if (link.start in row and link.end in column) or (link.start in column and link.end in row)
        ]
        assert cell.holds == tuple(link.id for link in links)
        assert cell.direct == sum(link.strength == "direct" for link in links)
        assert cell.direct + cell.contributing == len(links)


@pytest.mark.parametrize(
    ("rows", "columns", "relation", "kinds"),
    [
        ("barrier-group", "goal", "addresses", {"action", "commitment"}),
        ("barrier", "ally-call", "addresses", {"ally-recommendation"}),
        ("barrier-group", "recommendation-section", "addresses", {"recommendation"}),
    ],
)
def test_where_rows_and_columns_do_not_overlap_the_cells_add_up_to_the_links_of_the_build(
    kg: KnowledgeGraph, model: Model, rows: str, columns: str, relation: str, kinds: set[str]
) -> None:
    items = {item.id: item for item in model.items}
    total = sum(
        link.relation == relation and items[link.start].kind in kinds and items[link.end].kind == "barrier"
        for link in model.links
    )
    cells = kg.gap_map(rows, columns).cells
    assert total == sum(len(cell.holds) for cell in cells) > 150


@pytest.mark.parametrize(("rows", "columns"), MAPS)
def test_every_empty_cell_says_which_empty_it_is_and_counts_only_what_was_read(
    kg: KnowledgeGraph, rows: str, columns: str
) -> None:
    for cell in kg.gap_map(rows, columns).cells:
        assert 0 <= cell.read <= cell.pairs
        assert bool(cell.empty) == (not cell.holds) == bool(cell.why)
        expected = "does not apply" if not cell.pairs else "silent" if cell.read == cell.pairs else "unread"
        assert cell.empty in ("", expected)


def cell_of(found: GapMap, row: str, column: str) -> Cell:
    return next(cell for cell in found.cells if (cell.row, cell.column) == (row, column))


def test_the_plan_is_silent_where_all_was_read_and_nothing_found(kg: KnowledgeGraph) -> None:
    """The goal of survivor-led organizations has nothing for research barriers: 6 barriers by 1 goal with its 8 actions."""
    found = kg.gap_map("barrier-group", "goal")
    cell = cell_of(found, "ap-barrier-group-7", "ap-goal-1.4")
    actions = len(members(kg._reader.model, kg, "goal")["ap-goal-1.4"]) - 1
    assert (cell.empty, cell.pairs, cell.read) == ("silent", 6 * actions, 6 * actions)
    assert cell.why == f"Each pair ({6 * actions} in all) was read for 'addresses', and nothing was found."


def test_what_nobody_has_read_is_not_called_silent(kg: KnowledgeGraph) -> None:
    """The ontology lets a stage of the cycle worsen a barrier; the readings looked at types, examples and beliefs only."""
    found = kg.gap_map("cycle-stage", "barrier-group")
    assert found.relations == ("worsens",)
    assert {cell.empty for cell in found.cells} == {"unread"}
    between = cell_of(kg.gap_map("harm-type", "harm-type"), "hr-harm-1", "hr-harm-2")
    assert between.empty == "unread" and between.read == 0


def test_where_no_link_can_be_it_does_not_apply(kg: KnowledgeGraph) -> None:
    federal = cell_of(kg.gap_map("barrier-group", "goal"), "ap-barrier-group-1", "fsap-goal-3")
    assert (federal.empty, federal.pairs) == ("does not apply", 0)
    apart = kg.gap_map("capacity-area", "barrier-group")
    assert apart.relations == () and {cell.empty for cell in apart.cells} == {"does not apply"}
    assert "none possible" in to_text(apart)


def test_sources_that_could_say_the_same_but_were_not_read_for_it_are_unread(kg: KnowledgeGraph) -> None:
    cell = cell_of(kg.gap_map("way", "recommendation-section"), "blog-way-1", "hr-section-3")
    assert cell.empty == "unread" and "'aligns with'" in cell.why


def test_partly_read_is_unread_and_says_how_far(kg: KnowledgeGraph) -> None:
    found = kg.gap_map("harm-type", "barrier", relations=["worsens", "alignsWith"])
    cell = next(cell for cell in found.cells if cell.empty)
    assert cell.empty == "unread" and 0 < cell.read < cell.pairs
    assert str(cell.read) in cell.why and "'aligns with'" in cell.why
    assert {cell.empty for cell in kg.gap_map("harm-type", "barrier", relations=["worsens"]).cells} == {"", "silent"}


def test_without_readings_nothing_is_silent(tiny_kg: KnowledgeGraph) -> None:
    found = tiny_kg.gap_map("barrier", "goal")
    assert [(cell.row, cell.direct, cell.contributing, cell.empty) for cell in found.cells] == [
        ("ap-barrier-2.6", 1, 0, ""),
        ("ap-barrier-2.6", 0, 0, "does not apply"),  # the goal of the other source has no actions
        ("ap-barrier-2.7", 0, 0, "unread"),
        ("ap-barrier-2.7", 0, 0, "does not apply"),
    ]


@pytest.mark.parametrize(
    ("rows", "columns"), [("top-topic", "kind"), ("topic", "barrier-group"), ("source", "kind"), ("audience", "kind")]
)
def test_a_map_of_items_holds_what_belongs_to_both(kg: KnowledgeGraph, model: Model, rows: str, columns: str) -> None:
    found = kg.gap_map(rows, columns)
    left, right = members(model, kg, rows), members(model, kg, columns)
    assert found.holds == "items" and found.relations == ()
    for cell in found.cells:
        assert set(cell.holds) == left[cell.row] & right[cell.column]
        assert bool(cell.empty) == (not cell.holds) == bool(cell.why)


def test_items_about_a_topic_by_kind(kg: KnowledgeGraph) -> None:
    found = kg.gap_map("topic", "kind")
    assert sum(len(cell.holds) for cell in found.cells if cell.column == "barrier") >= 54
    assert Counter(cell.empty for cell in found.cells).keys() == {"", "silent"}
    by_source = kg.gap_map("source", "kind")
    assert sum(len(cell.holds) for cell in by_source.cells) == len([i for i in kg.items() if i.kind != "topic"])
    asked = kg.gap_map("audience", "kind")
    assert cell_of(asked, "funders", "barrier").empty == "does not apply"
    assert cell_of(asked, "allies", "ally-recommendation").holds, "a kind speaks to its actor"


def test_items_without_topics_are_unread(tiny_kg: KnowledgeGraph) -> None:
    found = tiny_kg.gap_map("topic", "kind")
    assert {cell.empty for cell in found.cells if cell.column == "action"} == {"unread"}


@pytest.mark.parametrize("axis", [*FACETS, "barrier-group", "harm-example", "ally-call", "cycle-stage"])
def test_every_axis_has_groups_with_what_they_stand_for(kg: KnowledgeGraph, model: Model, axis: str) -> None:
    groups = build_axis(model, kg.terms, axis)
    assert len({group.id for group in groups}) == len(groups) > 1
    assert all(group.members for group in groups)


@pytest.mark.parametrize(
    ("rows", "columns", "relations", "told"),
    [
        ("bariers", "goal", (), "Did you mean 'barrier'?"),
        ("barrier", "zzz", (), "One of: topic, top-topic, audience, kind, source, "),
        ("barrier", "goal", ("adresses",), "Did you mean 'addresses'?"),
        ("barrier", "goal", ("hasGoal",), "There is no relation 'hasGoal'."),
        ("topic", "kind", ("addresses",), "holds items, not links"),
    ],
)
def test_what_cannot_be_crossed_is_told(
    kg: KnowledgeGraph, rows: str, columns: str, relations: tuple[str, ...], told: str
) -> None:
    with pytest.raises(BadQuery) as raised:
        kg.gap_map(rows, columns, relations=relations)
    assert told in str(raised.value)


def test_an_axis_without_items_is_told(terms: Terms) -> None:
    with pytest.raises(BadQuery, match="No item of this build stands on the axis 'way'"):
        build_gap_map(Model((), (), ()), terms, (), "way", "kind")


@pytest.mark.parametrize(("rows", "columns"), [("barrier-group", "goal"), ("top-topic", "kind")])
def test_json_and_csv_say_the_same(kg: KnowledgeGraph, rows: str, columns: str) -> None:
    found = kg.gap_map(rows, columns)
    data, lines = json.loads(json.dumps(to_json(found))), list(csv.DictReader(io.StringIO(found.to_csv())))
    assert len(lines) == len(data["cells"])
    labels = {line["id"]: line["label"] for line in [*data["rows"], *data["columns"]]}
    for line, cell in zip(lines, data["cells"], strict=True):
        assert (line["row_label"], line["column_label"]) == (labels[cell["row"]], labels[cell["column"]])
        assert line["holds"].split() == cell["holds"] and int(line["count"]) == len(cell["holds"])
        for key in ("row", "column", "empty", "why"):
            assert line[key] == cell[key]
        for key in ("direct", "contributing", "pairs", "read"):
            assert int(line[key]) == cell[key]


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", 'say "hi", =x'])
def test_no_label_becomes_a_formula_in_a_spreadsheet(label: str) -> None:
    lines = (Line("a", label, 1),)
    cell = Cell("a", "a", 0, 0, (), "silent", label, 1, 1)
    [found] = csv.DictReader(io.StringIO(GapMap("x", "y", "links", (), lines, lines, (cell,)).to_csv()))
    for key in ("row_label", "column_label", "why"):
        assert found[key].endswith(label)
        assert found[key][0] not in "=+-@\t\r"


def test_the_map_as_a_table_for_people(kg: KnowledgeGraph) -> None:
    text = to_text(kg.gap_map("barrier-group", "goal"))
    [line] = [line for line in text.splitlines() if line.startswith("ap-barrier-group-7")]
    assert line.split()[12] == "12+20", "research barriers meet the goal of academic work"
    assert "73 of 126 cells hold something." in text
    assert ". 25 silent." in text and "x 28 does not apply." in text


def test_gaps_tell_the_four_barriers_without_a_direct_answer_with_their_notes(kg: KnowledgeGraph) -> None:
    found = kg.gaps()
    assert [barrier.id for barrier in found.unanswered] == [
        "ap-barrier-1.7",
        "ap-barrier-1.9",
        "ap-barrier-2.7",
        "ap-barrier-7.1",
    ]
    assert [barrier.id for barrier in found.unanswered] == list(kg.stats().unanswered)
    food = found.unanswered[2]
    assert "speaks of food" in food.gap and food.contributing == 1
    assert to_text(found).startswith("4 barriers without a direct answer:\n    ap-barrier-1.7  ")


def test_the_command_tells_gaps_or_a_map(runner: CliRunner, tiny_kg: KnowledgeGraph) -> None:
    plain = json.loads(runner.invoke(main, ["gaps", "--json"]).stdout)
    assert plain == to_json(tiny_kg.gaps()) and set(plain) == {"unanswered", "unlinked"}
    args = ["gaps", "--rows", "barrier", "--columns", "goal"]
    found = tiny_kg.gap_map("barrier", "goal")
    assert json.loads(runner.invoke(main, [*args, "--json"]).stdout) == to_json(found)
    assert runner.invoke(main, [*args, "--csv"]).stdout == found.to_csv()
    assert runner.invoke(main, args).stdout == to_text(found) + "\n"


@pytest.mark.parametrize(
    "args",
    [
        ["--rows", "barrier"],
        ["--csv"],
        ["--relations", "addresses"],
        ["--rows", "kind", "--columns", "kind", "--csv", "--json"],
    ],
)
def test_half_a_map_is_refused(runner: CliRunner, args: list[str]) -> None:
    done = runner.invoke(main, ["gaps", *args])
    assert done.exit_code != 0 and "Traceback" not in done.output
    assert "both" in done.stderr


def test_a_build_carries_what_was_read(kg: KnowledgeGraph) -> None:
    assert {reading.relation for reading in kg._reader.readings} == {
        "addresses", "supports", "builds", "worsens", "alignsWith", "disrupts", "underpins", "leadsTo", "precedes",
    }  # fmt: skip
