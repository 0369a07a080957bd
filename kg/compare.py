"""Two sources side by side: by topic, and by items that say nearly the same. Answers from plain items and links."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from .axes import OWN, held, items_by_topic
from .errors import BadQuery, UnknownItem, WrongKind
from .gap_results import Aligned, Comparison, SharedTopic
from .model import Item, Link, Model
from .readings import Reading
from .results import Brief
from .terms import Terms

WARNING = (
    "Counts follow how thoroughly a source was read and into how many items its text was cut. "
    "Where there is no link, nobody may have seen one yet: it does not prove that a source is silent."
)
_STATES = ("reviewed", "checked", "proposed", "disputed")


def compare_sources(
    model: Model, terms: Terms, readings: Sequence[Reading], first: str, second: str, *, topic: str = ""
) -> Comparison:
    """What two sources say alike, and what only one of them says.

    :param model: the sources that can be compared, at least the items of these two, the topics, and the links between the two.
    :param readings: what was read in full; only items of kinds that were read against each other are called without a partner.
    :param topic: only what is about this topic or a narrower one.
    :raises BadQuery: for an unknown source, the same one twice, or one that holds nothing that a source says.
    :raises UnknownItem: for a topic that is not there. :raises WrongKind: if *topic* is something else.
    """
    one, other = (_check_source(model, name) for name in (first, second))
    if first == second:
        raise BadQuery(f"Both sources are {first}.", "Name two different ones. Try: kg compare ap hr")
    about = items_by_topic(model)
    chosen = _check_topic(model, topic) if topic else None
    kept = {item.id for item in (about[topic] if topic else held(model))}
    pairs = _pairs(model, first, second)
    partnered = {item.id for pair in pairs for item in pair[:2]}
    read = _read_kinds(readings, first, second)
    lone = [item for item in held(model) if item.id in kept and item.id not in partnered]
    return Comparison(
        one,
        other,
        _brief(chosen) if chosen else None,
        _shared_topics(model, about, first, second, chosen),
        tuple(
            Aligned(_brief(mine), _brief(theirs), link.strength, link.because, link.basis, link.state)
            for mine, theirs, link in pairs
            if {mine.id, theirs.id} & kept
        ),
        tuple(f"{terms.kinds[mine].label} with {terms.kinds[theirs].label}" for mine, theirs in read),
        _briefs(item for item in lone if item.source == first and item.kind in {mine for mine, _ in read}),
        _briefs(item for item in lone if item.source == second and item.kind in {theirs for _, theirs in read}),
        WARNING,
    )


def _check_source(model: Model, name: str) -> Brief:
    known = {source.id: source for source in model.sources}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        told = ", ".join(f"{source.id} ({source.label})" for source in known.values())
        raise BadQuery(
            f"There is no source {name[:100]!r} to compare.",
            f"Did you mean {near[0]!r}?" if near else f"One of: {told}.",
        )
    return Brief(name, "source", known[name].title)


def _check_topic(model: Model, name: str) -> Item:
    items = {item.id: item for item in model.items}
    if name not in items:
        topics = [item.id for item in model.items if item.kind == OWN]
        near = difflib.get_close_matches(name[:100], topics, n=3)
        raise UnknownItem(f"No topic {name[:100]!r}.", f"Near it: {', '.join(near)}." if near else "Try: kg stats")
    if items[name].kind != OWN:
        raise WrongKind(f"{name} is not a topic but of the kind {items[name].kind}.", f"Try: kg show {name}")
    return items[name]


def _pairs(model: Model, first: str, second: str) -> list[tuple[Item, Item, Link]]:
    """What says nearly the same in both, an item of the first source before its partner; direct and agreed on first."""
    items = {item.id: item for item in model.items}
    place = {item.id: place for place, item in enumerate(model.items)}
    pairs = []
    for link in model.links:
        ends = {items[end].source: items[end] for end in (link.start, link.end) if end in items}
        if link.relation == "alignsWith" and set(ends) == {first, second}:
            pairs.append((ends[first], ends[second], link))
    return sorted(
        pairs,
        key=lambda pair: (
            pair[2].strength != "direct",
            _STATES.index(pair[2].state),
            place[pair[0].id],
            place[pair[1].id],
        ),
    )


def _read_kinds(readings: Sequence[Reading], first: str, second: str) -> list[tuple[str, str]]:
    """Kinds of the two sources that were read in full for what says nearly the same, the kind of the first source before the other."""
    found = []
    for reading in readings:
        if reading.relation == "alignsWith":
            ends = [(start, end) for start in reading.starts for end in reading.ends]
            ends += [(end, start) for start, end in ends]
            found += [(mine[1], theirs[1]) for mine, theirs in ends if (mine[0], theirs[0]) == (first, second)]
    return list(dict.fromkeys(found))


def _shared_topics(
    model: Model, about: dict[str, list[Item]], first: str, second: str, chosen: Item | None
) -> tuple[SharedTopic, ...]:
    """Topics of which either source speaks, in reading order; only *chosen* and its narrower ones if there is one."""
    found = []
    for topic in (item for item in model.items if item.kind == OWN):
        if chosen and chosen.id not in (topic.id, topic.parent):
            continue
        mine, theirs = (_briefs(item for item in about[topic.id] if item.source == name) for name in (first, second))
        if mine or theirs:
            found.append(SharedTopic(_brief(topic), not topic.parent, mine, theirs))
    return tuple(found)


def _brief(item: Item) -> Brief:
    return Brief(item.id, item.kind, item.label)


def _briefs(items: Iterable[Item]) -> tuple[Brief, ...]:
    return tuple(map(_brief, items))
