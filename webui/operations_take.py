"""Addresses of the API by which a part of the graph is taken away, as it is or as a course. Files stand at /export and /curriculum."""

from __future__ import annotations

from kg.choices import LEAST_MINUTES, LEVELS, MOST_MINUTES
from kg.queries import KnowledgeGraph
from kg.subgraph import Subgraph

from . import api_choices as lists
from .api_parts import Given, Operation, choice, flag, number, several
from .api_shapes import CourseShown, SubgraphShown
from .taking import DEPTHS

_SELECTION = (
    several(
        "words",
        "What is selected: ids, item:ID, kinds, sources, communities, everything, audience:NAME, search:WORDS, path:ID..ID.",
        required=True,
        most=300,
    ),
    number("depth", "How many links further.", 0, DEPTHS[-1], 0),
    several("only", "Kinds, relations and sources, and the weakest grades, that are let through.", lists.let_through),
)


def _subgraph(kg: KnowledgeGraph, given: Given) -> Subgraph:
    return kg.subgraph(given["words"], **given.options("depth", "only", "context"))


OPERATIONS = (
    Operation(
        "subgraph",
        "/subgraph",
        "A closed part of the graph: the items selected, every link among them, their sources and credit.",
        _subgraph,
        SubgraphShown,
        (*_SELECTION, flag("context", "With what the items stand under and the topics that they are about.", True)),
        command="kg export ap-barrier-2.6 --format json --out -",
        example={"words": "ap-barrier-2.6", "fields": "title,items"},
        cost=lambda kg, given: 3.0,
    ),
    Operation(
        "curriculum",
        "/curriculum",
        "A course made of a part of the graph: programme, units with readings and questions, cards, what did not fit.",
        lambda kg, given: kg.curriculum(
            given["words"], **given.options("depth", "only", "minutes", "level", "audience")
        ),
        CourseShown,
        (
            *_SELECTION,
            number("minutes", "How long it takes.", 90, MOST_MINUTES, LEAST_MINUTES),
            choice("level", "For whom it is.", lambda kg: LEVELS, usual="practitioner"),
            choice("audience", "Whose tasks come first.", lists.audiences, usual=""),
        ),
        command="kg curriculum topic-storytelling --minutes 60 --json",
        example={"words": "topic-storytelling", "minutes": 60, "fields": "title,agenda"},
        cost=lambda kg, given: 5.0,
    ),
)
