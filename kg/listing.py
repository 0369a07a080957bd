"""Items by what they are, where they stand and what they are about: the filters of search without its words. No index here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .filters import read_filters
from .model import Item
from .reader import Reader


def find_items(reader: Reader, kind: str | None, chosen: Mapping[str, Iterable[str]]) -> list[Item]:
    """The items that filters let through, in reading order.

    :param kind: only this kind. :param chosen: filter -> values, a ``-`` before those that are not wanted; ``kinds`` are those of kind.
    :raises BadQuery: if a filter or value is not known.
    """
    terms = reader.terms
    items = {item.id: item for item in reader.model.items}
    known: dict[str, Iterable[str]] = {
        "kind": terms.kinds,
        "source": reader.sources,
        "theme": [item.id for item in items.values() if item.kind == "theme"],
        "topic": [item.id for item in items.values() if item.kind == "topic"],
        "audience": terms.audiences,
    }
    given = {"kind" if name == "kinds" else name: list(values) for name, values in chosen.items()}
    filters = read_filters(given, known, terms.wider)
    values = ((item, _values(reader, items, item)) for item in items.values() if kind in (None, item.kind))
    return [item for item, each in values if filters.accept(each)]


def _values(reader: Reader, items: Mapping[str, Item], item: Item) -> dict[str, tuple[str, ...]]:
    """What the filters look at, as the index of the search holds it."""
    chain = [item]
    while chain[-1].parent:
        chain.append(items[chain[-1].parent])
    own = tuple(filter(None, [reader.terms.kinds[item.kind].audience]))
    wider = [items[topic].parent for topic in item.about if items[topic].parent]
    return {
        "kind": (item.kind,),
        "source": (item.source,),
        "theme": tuple(each.id for each in chain if each.kind == "theme"),
        "topic": tuple(dict.fromkeys((*item.about, *wider))),
        "audience": item.audiences or own,
    }
