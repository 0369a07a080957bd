"""Addresses of the API that ask by words or about one item: search, suggestions, an item, its likes and links, answers, passages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app

from kg.errors import MissingFolder, UnknownItem
from kg.findings import LinkRecord, Neighbourhood
from kg.queries import KnowledgeGraph
from kg.results import Alike, Answers, Passage, Suggestions

from . import api_choices as lists
from .api_parts import ITEM, Given, Operation, Parameter, Part, flag, number, place, several
from .api_shapes import ItemShown, Searched
from .asking import FACETS

MOST, MOST_START = 100, 100_000
FILTERS = (
    several("kind", "Only these kinds, or with a `-` before it all but this.", lists.or_not(lists.kinds)),
    several("source", "Only from these sources.", lists.or_not(lists.sources)),
    several("theme", "Only from these themes.", lists.or_not(lists.themes)),
    several("topic", "Only about these topics.", lists.or_not(lists.topics)),
    several("audience", "Only what speaks to these.", lists.or_not(lists.audiences)),
)


def _words(told: str, **more: Any) -> Parameter:
    return Parameter("q", told, **{"required": True, **more})


def _search(kg: KnowledgeGraph, given: Given) -> Part:
    found = kg.search(given["q"], limit=given.limit, start=given.start, infer=given["infer"], **given.options(*FACETS))
    return Part(found, found.total)


def _passage(kg: KnowledgeGraph, given: Given) -> Passage:
    [item] = kg.briefs([given["item_id"]])
    folder = current_app.config["SOURCES"]
    missing = UnknownItem(
        "This site holds no copy of the document.", "Its operator can attach one; or read the source itself."
    )
    if not folder:
        raise missing
    try:
        return kg.quote(item.id, Path(folder))
    except MissingFolder as error:
        raise missing from error


def _neighbours(kg: KnowledgeGraph, given: Given) -> Neighbourhood:
    return kg.neighbours(given["item_id"], **given.options("depth", "kinds", "relations", "limit", "hubs"))


OPERATIONS = (
    Operation(
        "search",
        "/search",
        "Items that answer words, best first, each with why; and what each filter would leave.",
        _search,
        Searched,
        (
            _words('Words, "quoted phrases", begin* and -without.', pattern=r"\S"),
            *FILTERS,
            flag("infer", 'Whether words such as "recommendations for funders about" set filters.', True),
            number("start", "How many results to pass over; `cursor` does this for you.", 0, MOST_START, 0),
        ),
        listed="results",
        pages=(20, MOST),
        command='kg search "holes in my CV" --limit 2',
        example={"q": "holes in my CV", "limit": 2, "fields": "id,kind,label,matched"},
    ),
    Operation(
        "suggest",
        "/suggest",
        "Names of which some word begins as the letters do. By POST the letters stand in no address.",
        lambda kg, given: kg.suggest(given["q"], limit=given["limit"]),
        Suggestions,
        (_words("The letters that were typed.", least=0), number("limit", "At most so many.", 8, MOST)),
        command='kg suggest "bank ac"',
        example={"q": "bank ac", "limit": 3},
        cost=lambda kg, given: 0.1,
        fields=False,
        form=True,
    ),
    Operation(
        "answers",
        "/answers",
        "What can be done about the barrier that words describe, or that an id names; direct answers first, each with its reason.",
        lambda kg, given: kg.answers(given["q"]),
        Answers,
        (_words("What gets in the way, in your own words; or an id.", pattern=r"\S"),),
        command='kg answers "can\'t open a bank account because of a conviction"',
        example={"q": "can't open a bank account because of a conviction"},
    ),
    Operation(
        "barrier_answers",
        "/barriers/<item_id>/answers",
        "What addresses one barrier, or each barrier of a group.",
        lambda kg, given: kg.answers_to(given["item_id"]),
        Answers,
        (ITEM,),
        command="kg answers ap-barrier-2.6",
        example={"item_id": "ap-barrier-2.6"},
    ),
    Operation(
        "harm_answers",
        "/harms/<item_id>/answers",
        "What addresses one type of harm and each of its examples, or one example.",
        lambda kg, given: kg.answers_to(given["item_id"]),
        Answers,
        (ITEM,),
        command="kg answers hr-harm-3",
        example={"item_id": "hr-harm-3"},
    ),
    Operation(
        "item",
        "/items/<item_id>",
        "One item with its place, its notes and its links, each with its reason.",
        lambda kg, given: kg.describe(given["item_id"]),
        ItemShown,
        (ITEM,),
        command="kg show ap-action-3.2.11",
        example={"item_id": "ap-action-3.2.11"},
    ),
    Operation(
        "like",
        "/items/<item_id>/like",
        "Items that are about the same, linked or not, the nearest in meaning first.",
        lambda kg, given: kg.like(given["item_id"], limit=given["limit"]),
        Alike,
        (ITEM, number("limit", "At most so many.", 10, MOST)),
        listed="results",
        command="kg like ap-barrier-2.6 --limit 2",
        example={"item_id": "ap-barrier-2.6", "limit": 2, "fields": "id,label"},
    ),
    Operation(
        "neighbours",
        "/items/<item_id>/neighbours",
        "What stands around an item, ring by ring, the most convincing links first, with counts of what is left out.",
        _neighbours,
        Neighbourhood,
        (
            ITEM,
            number("depth", "How many links away.", 2, 5),
            several("kinds", "Only items of these kinds.", lists.kinds),
            several("relations", "Only by these relations.", lists.walked_relations),
            number("limit", "At most so many items at each distance.", 10, MOST),
            flag("hubs", "Through themes, goals, topics and the like too."),
        ),
        command="kg neighbours ap-barrier-2.6 --depth 1 --limit 2",
        example={"item_id": "ap-barrier-2.6", "depth": 1, "limit": 2},
        cost=lambda kg, given: 2.0 if given["depth"] < 4 else 5.0,
    ),
    Operation(
        "passage",
        "/items/<item_id>/passage",
        "The printed words of an item with their credit, where the operator of the site has attached the document.",
        _passage,
        Passage,
        (ITEM,),
        command="kg quote ap-action-3.2.11 --sources my-documents",
        example={"item_id": "ap-action-3.2.11"},
        tagged=False,
    ),
    Operation(
        "link",
        "/links/<link_id>",
        "One link with its whole record: the reason, what it rests on, who has agreed, who made it and when.",
        lambda kg, given: kg.link(given["link_id"]),
        LinkRecord,
        (place("link_id", "The id of a link: the start, the relation and the end with two hyphens between them."),),
        command="kg link ap-action-3.2.11--addresses--ap-barrier-2.6",
        example={"link_id": "ap-action-3.2.11--addresses--ap-barrier-2.6"},
    ),
)
