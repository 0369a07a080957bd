"""Addresses of the API that list: items, barriers, harms, glossary, topics, sources, the vocabulary, counts and quality."""

from __future__ import annotations

from typing import Any

from kg.overview_results import Holding
from kg.quality_results import Quality
from kg.queries import KnowledgeGraph
from kg.results import BarrierList, Sequence, Stats

from . import api_choices as lists
from . import api_shapes as shapes
from .api_parts import Given, Operation, Part, place, several

PAGE = (100, 1000)


def _items(kg: KnowledgeGraph, given: Given) -> Part:
    found = kg.items(kinds=given["kind"], **given.options("source", "theme", "topic", "audience"))
    return Part(shapes.list_items(found[given.start : given.end]), len(found))


def _list(name: str, told: str, gives: type, ask: Any, **more: Any) -> Operation:
    """An address that gives a whole list, page by page."""
    return Operation(name, f"/{name}", told, ask, gives, listed="items", pages=PAGE, example={"limit": 2}, **more)


OPERATIONS = (
    Operation(
        "items",
        "/items",
        "Every item in reading order, or those that filters let through.",
        _items,
        shapes.ItemListed,
        (
            several("kind", "Only these kinds, or with a `-` before it all but this.", lists.or_not(lists.kinds)),
            several("source", "Only from these sources.", lists.or_not(lists.sources)),
            several("theme", "Only from these themes.", lists.or_not(lists.themes)),
            several("topic", "Only about these topics or narrower ones.", lists.or_not(lists.topics)),
            several("audience", "Only what speaks to these.", lists.or_not(lists.audiences)),
        ),
        listed="items",
        pages=PAGE,
        example={"kind": "barrier", "limit": 2, "fields": "id,label"},
    ),
    _list(
        "barriers",
        "Every barrier by group, in printed order, with how many answers it has.",
        BarrierList,
        lambda kg, given: kg.barriers(),
    ),
    _list(
        "harms",
        "Every type of harm with its examples, in printed order, with how many answers each has.",
        BarrierList,
        lambda kg, given: kg.harms(),
    ),
    _list(
        "glossary",
        "Every term by the alphabet, with how many items use it.",
        shapes.TermListed,
        lambda kg, given: [shapes.list_term(each) for each in kg.glossary()],
    ),
    _list(
        "topics",
        "The topics in two levels, with how many items are about each.",
        shapes.TopicListed,
        lambda kg, given: [shapes.list_topic(each) for each in kg.topics()],
    ),
    _list(
        "sources",
        "The documents, with what is held of each, in counts.",
        Holding,
        lambda kg, given: kg.holdings(),
    ),
    Operation(
        "source",
        "/sources/<source_id>",
        "One document, with its table of contents.",
        lambda kg, given: kg.contents(given["source_id"]),
        Holding,
        (place("source_id", "The id of a source, such as ap."),),
        example={"source_id": "fsap"},
    ),
    _list(
        "kinds",
        "The kinds of items: what each is, and how many there are.",
        shapes.KindListed,
        lambda kg, given: shapes.list_kinds(kg),
    ),
    _list(
        "relations",
        "The relations between items, with their sentence in both directions and the kinds that they may join.",
        shapes.RelationListed,
        lambda kg, given: shapes.list_relations(kg),
    ),
    _list(
        "choices",
        "The closed lists (strength, basis, state, audience, kinds of resources), and what each value means.",
        shapes.ChoiceListed,
        lambda kg, given: shapes.list_choices(kg),
    ),
    Operation(
        "sequences",
        "/sequences",
        "What the sources give an order: the cycle, the scale of severity, the steps of accountability.",
        lambda kg, given: list(kg.sequences()),
        list[Sequence],
        command="kg sequences",
        fields=False,
    ),
    Operation(
        "stats",
        "/stats",
        "What the build holds.",
        lambda kg, given: kg.stats(),
        Stats,
        command="kg stats",
    ),
    Operation(
        "quality",
        "/quality",
        "The quality of the data in the open: counts, agreement of readers, oddities of print, items without links, faults.",
        lambda kg, given: kg.quality(),
        Quality,
        command="kg quality",
        example={"fields": "shares,faults"},
        cost=lambda kg, given: 2.0,
    ),
)
