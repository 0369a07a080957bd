"""Records straight to plain items, links and sources: the model that the graph would give, without making a graph. No RDF here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from .model import DETAILS, SOURCE_TEXTS, Item, Link, Model, Source
from .records import Record, no_collecting
from .terms import Terms


def build_model(records: Iterable[Record], terms: Terms) -> Model:
    """The records, which must be without faults, in the order in which the sources print them."""
    found: dict[str, Record] = {}
    sources: list[Record] = []
    links: list[Record] = []
    below: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for record in records:
        if record.kind == "link":
            links.append(record)
            continue
        if record.kind == "source":
            sources.append(record)
        elif record.kind:
            found[record.id] = record
        for key in terms.keys:
            if key in record.fields:
                below[record.id].setdefault(key, []).extend(record.fields[key])

    def walk(parent: str) -> Iterator[Item]:
        children = below.get(parent, {})
        for key in terms.keys:
            for child in children.get(key, ()):
                yield _item(found[child])
                yield from walk(child)

    with no_collecting():
        sources.sort(key=lambda record: record.id)
        items = tuple(item for source in sources for item in walk(source.id))
        order = {item.id: place for place, item in enumerate(items)}
        links.sort(key=lambda record: record.id)
        told = sorted(
            (_link(record) for record in links),
            key=lambda link: (link.relation, order.get(link.end, 0), order.get(link.start, 0)),
        )
        return Model(tuple(_source(record) for record in sources), items, tuple(told))


def _texts(fields: dict[str, Any], key: str) -> tuple[str, ...]:
    return tuple(sorted(set(fields.get(key, ()))))


def _item(record: Record) -> Item:
    fields = record.fields
    return Item(
        id=record.id,
        kind=record.kind,
        label=fields.get("label", ""),
        summary=fields.get("summary", ""),
        also=_texts(fields, "also"),
        hidden=_texts(fields, "hidden"),
        unlike=_texts(fields, "not"),
        notes=_texts(fields, "notes"),
        gap=fields.get("gap", ""),
        source=record.source,
        lines=fields.get("lines", ""),
        parent=record.parent if record.parent != record.source else "",
        position=int(fields.get("position", 0)),
        about=_texts(fields, "about"),
        audiences=_texts(fields, "audiences"),
        details={key: fields[key] for key in DETAILS if key in fields},
    )


def _link(record: Record) -> Link:
    fields = record.fields
    names = {key: fields[key] for key in ("relation", "strength", "because", "basis", "state", "by", "on")}
    return Link(id=record.id, start=fields["from"], end=fields["to"], lines=fields.get("lines", ""), **names)


def _source(record: Record) -> Source:
    texts = {key: record.fields.get(key, "") for key in SOURCE_TEXTS}
    return Source(id=record.id, **texts, notes=_texts(record.fields, "notes"))
