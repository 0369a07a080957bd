"""Addresses of the API that ask how things hang together and what is missing: paths, ranks, gaps, covers, comparisons, views."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict

from kg.findings import Communities, NearestPaths, Paths, Ranking
from kg.gap_results import Comparison, Cover, GapMap
from kg.quality_results import Gaps
from kg.queries import KnowledgeGraph

from . import api_choices as lists
from .api_parts import Given, Operation, Parameter, Part, choice, flag, number, several
from .api_shapes import ViewShown
from .explore_state import COLOURS, LONGEST, MOST_WORDS, SIZES, read_changes, read_state
from .exploring import explore, settle
from .problems import BadParameter

MOST_RANKED, MOST_CELLS = 1000, 5000
# From a kind some milliseconds a start are needed: a page answers for a few of its items, and no path is very long.
STARTS, MOST_STARTS, LONGEST_OF_KINDS, MOST_ENDS = 10, 20, 4, 3


def _paths(kg: KnowledgeGraph, given: Given) -> Part:
    start, end, kinds = given["from"], given["to"], kg.terms.kinds
    options = {**given.options("via", "max_length", "hubs", "relations", "without", "at_least"), "limit": given["most"]}
    if start not in kinds and end not in kinds:
        return Part(kg.paths(start, end, **options), 1)
    for name, most in (("max_length", LONGEST_OF_KINDS), ("most", MOST_ENDS)):
        if (given[name] or 1) > most:
            raise BadParameter(f"Where an end is a kind, {name} is at most {most}.", f"Give a number from 1 to {most}.")
    starts = [item.id for item in kg.items(kind=start) if item.id != end] if start in kinds else [start]
    if start in kinds and end not in kinds:
        kg.briefs([end])  # which raises if there is none
    found = [
        kg.paths(item, end, **{**options, "limit": given["most"] or 1}) for item in starts[given.start : given.end]
    ]
    without = kg.briefs(starts[given.start + place] for place, each in enumerate(found) if not each.paths)
    paths = tuple(path for each in found for path in each.paths)
    return Part(NearestPaths(start, end, given["max_length"], paths, without), len(starts))


def _rank(kg: KnowledgeGraph, given: Given) -> Part:
    asked = {name: given[name] for name in ("kind", "relation")}
    found = kg.rank(given["measure"], **asked, start=given.start, limit=given.end - given.start)
    return Part(found, found.of)


def _gap_map(kg: KnowledgeGraph, given: Given) -> Part:
    found = kg.gap_map(given["rows"], given["columns"], relations=given["relations"])
    return Part(replace(found, cells=found.cells[given.start : given.end]), len(found.cells))


def _cover(kg: KnowledgeGraph, given: Given) -> Cover:
    return kg.cover(given["asked"], **given.options("direct", "kinds", "audience"))


def _view(kg: KnowledgeGraph, given: Given) -> dict[str, Any]:
    asked: MultiDict[str, str] = MultiDict()
    for name, value in given.values.items():
        if name not in ("lean", "lang") and value not in (None, "", ()):
            asked.setlist(name, list(value) if isinstance(value, tuple) else [str(value)])
    if given["filter"] is not None:
        asked["filter"] = given["filter"]
    state = read_state(asked)
    changed = read_changes(state, asked)
    return explore(kg, settle(kg, changed) if changed else state).to_json(lean=given["lean"])


def _cost_of_view(kg: KnowledgeGraph, given: Given) -> float:
    wide = {"everything", *kg.terms.kinds, *kg.sources}
    return 10.0 if any(move.removeprefix("from.") in wide for move in (given["do"] or "").split("~")) else 2.0


def _cost_of_paths(kg: KnowledgeGraph, given: Given) -> float:
    return 10.0 if {given["from"], given["to"]} & set(kg.terms.kinds) else 2.0


def _open(name: str, told: str, most: int = 200) -> Parameter:
    """A parameter of a page that may be empty."""
    return Parameter(name, told, least=0, most=most)


_STATE = (
    _open("do", "The moves, with ~ between them: from.NAME, grow.ID, add.ID, drop.ID, pin.ID_X_Y.", LONGEST),
    _open("only", "Kinds, relations, sources and weakest grades that are let through, with ~ between them.", 2000),
    _open("path", "Two ids with ~ between them, to show how they hang together."),
    _open("at", "The chosen item."),
    choice("colour", "What colours tell.", lists.or_empty(lambda kg: COLOURS)),
    choice("size", "The measure by which items are drawn larger.", lambda kg: SIZES),
    _open("sort", "How the table of the page is sorted; nothing here."),
    _open("page", "Which page of the table; nothing here."),
    _open("q", "Words that are looked for on the page; nothing here.", MOST_WORDS),
    _open("lang", "The language of the page; nothing here, all is English."),
    _open("start", "Begin anew with this item and what is around it."),
    _open("act", "One more move: from.NAME, grow.ID, drop.ID, pin.ID_X_Y, at.ID, a.ID or b.ID (the ends of a path)."),
    _open("filter", "Given with any value: `only` is what the next six say."),
    *(
        several(name, "A value of the filter.", least=0)
        for name in ("kind", "relation", "source", "strength", "basis", "state")
    ),
    _open("lean", "Given with any value: only what is drawn."),
)

OPERATIONS = (
    Operation(
        "paths",
        "/paths",
        "How two items hang together: the few best paths, told link by link; or, given kinds, from each item to the nearest.",
        _paths,
        Paths | NearestPaths,
        (
            Parameter("from", "An id, or a kind to start from each of its items.", required=True, most=200),
            Parameter("to", "An id, or a kind to reach the nearest of its items.", required=True, most=200),
            several("via", "Kinds that a path must pass through.", lists.passable_kinds),
            number("max_length", "At most so many links; 4 where an end is a kind.", 4, 6),
            number("most", "At most so many paths (3), or ends for each start of a kind (1, at most 3).", None, 6),
            flag("hubs", "Through themes, goals, topics and the like too."),
            several("relations", "Only by these relations.", lists.walked_relations),
            several("without", "Not through these kinds nor by these relations.", lists.kinds_and_relations),
            several("at_least", "The weakest strength, basis and state that count.", lists.grades),
        ),
        listed="paths",
        pages=(STARTS, MOST_STARTS),
        command="kg path ap-barrier-2.6 ap-capacity-2.2",
        example={"from": "ap-barrier-2.6", "to": "ap-capacity-2.2", "most": 1, "fields": "length,told"},
        cost=_cost_of_paths,
    ),
    Operation(
        "rank",
        "/rank",
        "The items with the highest figures, what each means, and the rank without computed and editorial links.",
        _rank,
        Ranking,
        (
            choice("measure", "What is measured.", lists.measures, usual="degree"),
            choice("kind", "Only this kind.", lists.passable_kinds),
            choice("relation", "Only by this relation.", lists.relations),
        ),
        listed="figures",
        pages=(10, MOST_RANKED),
        command="kg rank --measure coverage --kind action --limit 2",
        example={"measure": "coverage", "kind": "action", "limit": 2},
        cost=lambda kg, given: 1.0 if given.end <= 100 else 3.0,
    ),
    Operation(
        "communities",
        "/communities",
        "Groups of items that are tied more to each other than to the rest, the largest first.",
        lambda kg, given: kg.communities(),
        Communities,
        listed="communities",
        pages=(50, 200),
        command="kg communities",
        example={"limit": 2, "fields": "id,name,size,inside"},
        cost=lambda kg, given: 2.0,
    ),
    Operation(
        "gaps",
        "/gaps",
        "What finds no partner: barriers without a direct answer, items without a link that their kind could have.",
        lambda kg, given: kg.gaps(),
        Gaps,
        command="kg gaps",
        example={"fields": "unanswered"},
    ),
    Operation(
        "gap_map",
        "/gap-map",
        "Two sorts of things crossed: what joins them, and which empty an empty cell is.",
        _gap_map,
        GapMap,
        (
            choice("rows", "What the rows are.", lists.axes, required=True),
            choice("columns", "What the columns are.", lists.axes, required=True),
            several("relations", "Only these relations.", lists.relations),
        ),
        listed="cells",
        pages=(MOST_CELLS, MOST_CELLS),
        command="kg gaps --rows barrier-group --columns goal",
        example={"rows": "barrier-group", "columns": "source", "limit": 2},
        cost=lambda kg, given: 5.0,
    ),
    Operation(
        "cover",
        "/cover",
        "The fewest items that together address every difficulty of a selection, and what stays uncovered.",
        _cover,
        Cover,
        (
            several("asked", "Ids of barriers, groups or harms, or a kind.", required=True, most=200),
            flag("direct", "Count only direct links."),
            several("kinds", "Choose only from these kinds.", lists.able_kinds),
            choice("audience", "Choose only what asks these to act.", lists.audiences, usual=""),
        ),
        command="kg cover ap-barrier-group-1 --direct --kinds action",
        example={"asked": "ap-barrier-group-2", "kinds": "action"},
        cost=lambda kg, given: 5.0,
    ),
    Operation(
        "compare",
        "/compare",
        "Two sources side by side: their topics, what says nearly the same, and what only one of them says.",
        lambda kg, given: kg.compare(given["first"], given["second"], topic=given["topic"]),
        Comparison,
        (
            choice("first", "A source.", lists.speaking_sources, required=True),
            choice("second", "Another one.", lists.speaking_sources, required=True),
            choice("topic", "Only what is about this topic or a narrower one.", lists.topics, usual=""),
        ),
        command="kg compare ap hr --topic topic-pay",
        example={"first": "ap", "second": "hr", "topic": "topic-pay", "fields": "aligned"},
        cost=lambda kg, given: 3.0,
    ),
    Operation(
        "view",
        "/view",
        "A part of the graph with places to draw it at: the state of the explore page that its address tells.",
        _view,
        ViewShown,
        _STATE,
        example={"do": "from.ap-barrier-2.7~grow.ap-barrier-2.7", "lean": "1"},
        cost=_cost_of_view,
        fields=False,
    ),
)
