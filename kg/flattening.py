"""Items, links and sources as flat rows: one flattening for every table and graph format, each column with what it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .model import Item, Source
from .subgraph import Edge, Subgraph

Row = dict[str, "str | int"]

BETWEEN = "|"  # the parts of a list, as Kumu and many readers of tables split them

ITEM_COLUMNS = {
    "id": "Name of the item, which never changes",
    "iri": "Address of the item on the web of data",
    "kind": "What sort of thing it is",
    "label": "Short name",
    "summary": "What it says, in the project's own words",
    "role": "Why it is here: chosen, reached over links, or context that the others stand under or are about",
    "source": "The source that says it",
    "lines": "Lines of the source's text",
    "parent": "The item that it stands under",
    "position": "Place among its siblings, from 1",
    "about": f"Topics, with {BETWEEN} between them",
    "audiences": f"Whom it speaks to, with {BETWEEN} between them",
    "also": f"Other names, with {BETWEEN} between them",
    "notes": f"Notes of the editors, with {BETWEEN} between them",
    "gap": "Why nothing answers it",
    "resource_kind": "Of a resource: what it is",
    "publisher": "Of a resource: who published it",
    "issued": "Of a resource: when",
    "page": "Of a resource: its page on the web",
    "language": "Of a resource: its language",
    "status": "Of a resource: what became of it",
}
LINK_COLUMNS = {
    "id": "Name of the link",
    "start": "The item that it leads from",
    "relation": "What it says",
    "end": "The item that it leads to",
    "phrase": "Reads: start phrase end",
}
RECORD_COLUMNS = {
    "strength": "direct or contributing; empty for what belongs to what",
    "because": "Why, in one sentence",
    "basis": "What it rests on: stated, implied, editorial or computed",
    "state": "Who has agreed to it: proposed, checked by two readings, reviewed by people with lived experience, or disputed",
    "by": "Who made the link",
    "on": "When, as 2026-11-26",
    "lines": "Lines of the source's text that it rests on",
}
SOURCE_COLUMNS = {
    "id": "Name of the source",
    "iri": "Address of the source on the web of data",
    "label": "Short name",
    "title": "Full title",
    "summary": "What it is, in the project's own words",
    "publisher": "Who published it",
    "issued": "When",
    "language": "Its language",
    "rights": "Terms of use of the document",
    "credit": "Whom to credit",
    "citation": "How to cite it",
    "page": "Its page on the web",
    "notes": f"Notes of the editors, with {BETWEEN} between them",
}
NUMBERS = ("position",)


def flatten(value: Any) -> str | int:
    """One value as text or a whole number: nothing becomes "", a list becomes its parts with a bar between them.

    >>> flatten(None), flatten(("a", "b|c")), flatten(3), flatten({"k": "v"})
    ('', 'a|b¦c', 3, 'k: v')
    """
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        value = [f"{key}: {each}" for key, each in value.items()]
    if isinstance(value, (tuple, list)):
        return BETWEEN.join(str(each).replace(BETWEEN, "¦") for each in value)
    return str(value)


def to_item_row(part: Subgraph, item: Item) -> Row:
    """An item with a value in every column, and nothing that is only for finding it."""
    told = {name: getattr(item, name, item.details.get(name.replace("_", "-"))) for name in ITEM_COLUMNS}
    told |= {"iri": part.iri(item.id), "role": part.roles[item.id]}
    return {name: flatten(value) for name, value in told.items()}


def to_link_row(edge: Edge, records: bool) -> Row:
    """A link with a value in every column. :param records: with its reason and what the reason is worth."""
    told = {name: getattr(edge, name) for name in link_columns(records)}
    return {name: flatten(value) for name, value in told.items()} | {"id": name_of(edge)}


def to_source_row(part: Subgraph, source: Source) -> Row:
    """A source with a value in every column."""
    told = {name: getattr(source, name, "") for name in SOURCE_COLUMNS} | {"iri": part.iri(source.id)}
    return {name: flatten(value) for name, value in told.items()}


def link_columns(records: bool) -> dict[str, str]:
    """The columns of links, with or without their records."""
    return LINK_COLUMNS | RECORD_COLUMNS if records else dict(LINK_COLUMNS)


def name_of(edge: Edge) -> str:
    """The name of a link; nesting and topics, which have no record, are named in the same way."""
    return edge.id or f"{edge.start}--{edge.relation}--{edge.end}"
