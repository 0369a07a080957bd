"""The quality of the data in the open: counts, agreement, what is odd in print, what has no link, what could mislead."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .model import Item, Model
from .quality_results import Anomaly, Gaps, Quality, Unanswered, Unlinked
from .terms import Terms

LONG_LABEL = 12  # words


def measure_quality(model: Model, terms: Terms, agreements: Sequence[Mapping[str, Any]]) -> Quality:
    """Everything that can be said of the quality of a build without reading it for sense."""
    items: dict[str, Counter[str]] = defaultdict(Counter)
    for item in model.items:
        items[item.source][item.kind] += 1
    links: dict[str, Counter[str]] = defaultdict(Counter)
    for link in model.links:
        links[link.relation].update(["links", link.strength, link.basis, link.state])
    told = [Anomaly(source.id, source.id, "", note) for source in model.sources for note in source.notes]
    told += [Anomaly(item.id, item.source, item.lines, note) for item in model.items for note in item.notes]
    return Quality(
        {source: dict(counts) for source, counts in items.items()},
        {relation: dict(counts) for relation, counts in links.items()},
        {
            "basis": _share(link.basis for link in model.links),
            "state": _share(link.state for link in model.links),
        },
        tuple(agreements),
        tuple(told),
        find_unlinked(model, terms),
        find_faults(model),
    )


def _share(values: Iterable[str]) -> dict[str, float]:
    counts = Counter(values)
    return {value: round(count / counts.total(), 3) for value, count in counts.most_common()}


def find_gaps(model: Model, terms: Terms) -> Gaps:
    """Barriers that nothing addresses directly, in printed order, and :func:`find_unlinked`."""
    direct, others = (
        Counter(
            link.end for link in model.links if link.relation == "addresses" and (link.strength == "direct") == squarely
        )
        for squarely in (True, False)
    )
    return Gaps(
        tuple(
            Unanswered(item.id, item.label, others[item.id], item.gap)
            for item in model.items
            if item.kind == "barrier" and not direct[item.id]
        ),
        find_unlinked(model, terms),
    )


def find_unlinked(model: Model, terms: Terms) -> tuple[Unlinked, ...]:
    """Items without an outgoing or incoming link of each relation that their kind could have.

    Where a relation is open to every kind, only the kinds that take part in it at all are looked at.
    """
    kinds = {item.id: item.kind for item in model.items}
    found = []
    for relation in terms.relations.values():
        links = [link for link in model.links if link.relation == relation.name]
        if relation.structural or not links:
            continue
        for direction, ends, allowed, phrase in (
            ("out", {link.start for link in links}, relation.domain, relation.phrase),
            ("in", {link.end for link in links}, relation.range, relation.inverse_phrase),
        ):
            for kind in allowed or sorted({kinds[end] for end in ends}):
                of = [item.id for item in model.items if item.kind == kind]
                without = tuple(item for item in of if item not in ends)
                if of and without:
                    found.append(Unlinked(relation.name, phrase, direction, kind, len(of), without))
    return tuple(found)


def find_faults(model: Model) -> dict[str, tuple[str, ...]]:
    """Checks in the spirit of qSKOS, and names that could mislead."""
    parents = {item.id: item.parent for item in model.items}
    near = {(item.id, item.parent) for item in model.items if item.parent}
    linked = {end for link in model.links for end in (link.start, link.end)} | {end for pair in near for end in pair}
    return {
        "orphans": tuple(
            item.id for item in model.items if item.id not in linked and item.kind not in ("value", "resource", "topic")
        ),
        "cycles in the hierarchy": tuple(item for item in parents if _comes_back(item, parents)),
        "related and broader at once": tuple(
            link.id
            for link in model.links
            if {(link.start, link.end), (link.end, link.start)} & near and link.relation != "usesTerm"
        ),
        "duplicate labels": _shared({item.id: [item.label] for item in model.items}),
        "labels over 12 words": tuple(item.id for item in model.items if len(item.label.split()) > LONG_LABEL),
        "other names shared within a kind": _shared_by_kind(model.items),
    }


def _comes_back(item: str, parents: Mapping[str, str]) -> bool:
    seen, at = {item}, parents.get(item, "")
    while at:
        if at in seen:
            return True
        seen.add(at)
        at = parents.get(at, "")
    return False


def _shared(names: Mapping[str, list[str]]) -> tuple[str, ...]:
    owners: dict[str, list[str]] = defaultdict(list)
    for item, each in names.items():
        for name in each:
            owners[name.casefold()].append(item)
    return tuple(f"{name}: {', '.join(items)}" for name, items in owners.items() if len(items) > 1)


def _shared_by_kind(items: tuple[Item, ...]) -> tuple[str, ...]:
    kinds: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for item in items:
        kinds[item.kind][item.id] = list(item.also)
    return tuple(told for names in kinds.values() for told in _shared(names))
