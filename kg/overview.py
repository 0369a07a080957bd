"""Stored items and links put together for reading: a difficulty in full, the glossary, the contents of a source, the topics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from .errors import UnknownItem
from .model import Item
from .overview_results import (
    ActorAnswers,
    Dossier,
    Entry,
    Holding,
    LinkGroup,
    NamedResource,
    Part,
    TermEntry,
    TopicEntry,
    group_links,
)
from .reader import Reader, to_brief
from .results import Answer, BarrierAnswers, Brief, Description

# Who acts, in the order that answers are told: those who lead first, the wide ones last.
ACTORS = ("survivor-leaders", "allies", "funders", "organizations", "researchers", "media", "sector")
# Why a difficulty matters: what makes it worse or follows from it, by the key of the links.
CONTEXT = (
    "worsens-in",
    "hasHarmBelief-out",
    "underpins-in",
    "hasHarmImpact-out",
    "leadsTo-out",
    "leadsTo-in",
    "worsens-out",
)
FIRST_USES = 3


def build_dossier(
    reader: Reader, found: Description, answers: BarrierAnswers | None, parts: Iterable[BarrierAnswers]
) -> Dossier:
    """A difficulty in full.

    :param answers: what addresses it, or None for a group of barriers, which nothing addresses as such.
    :param parts: the barriers of a group, or the examples of a type of harm, with what addresses each.
    """
    direct, others = (answers.direct, answers.contributing) if answers else ((), ())
    used = dict.fromkeys([found.item.source, *(answer.source["id"] for answer in (*direct, *others))])
    return Dossier(
        item=found.item,
        source=found.source,
        place=reader.place(found.item),
        group=answers.group if answers else None,
        previous=found.previous,
        next=found.next,
        direct=group_by_actor(reader, direct),
        contributing=group_by_actor(reader, others),
        gap=answers.gap if answers else None,
        context=_context(found),
        parts=tuple(_to_part(part) for part in parts),
        resources=_resources(reader, [to_brief(found.item), *(Brief(one.id, one.kind, one.label) for one in direct)]),
        about=found.about,
        sources={source: reader.sources[source] for source in used},
    )


def group_by_actor(reader: Reader, answers: Sequence[Answer]) -> tuple[ActorAnswers, ...]:
    """Answers under the first of those whom they ask to act, in the order of :data:`ACTORS`; whoever else is known comes after."""
    names = {audience: called[0] for audience, called in reader.terms.audiences.items()}
    order = [*ACTORS, *sorted(names.keys() - set(ACTORS)), ""]
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[min(answer.audiences, key=order.index, default="")].append(answer)
    return tuple(
        ActorAnswers(actor, names.get(actor, groups[actor][0].actor), tuple(groups[actor]))
        for actor in order
        if actor in groups
    )


def _context(found: Description) -> tuple[LinkGroup, ...]:
    groups = {group.key: group for group in group_links(found.links)}
    return tuple(groups[key] for key in CONTEXT if key in groups)


def _to_part(part: BarrierAnswers) -> Part:
    first = Brief(part.direct[0].id, part.direct[0].kind, part.direct[0].label) if part.direct else None
    return Part(part.id, part.kind, part.label, len(part.direct), len(part.contributing), first)


def _resources(reader: Reader, namers: Iterable[Brief]) -> tuple[NamedResource, ...]:
    named: dict[str, list[Brief]] = defaultdict(list)
    for brief in namers:
        for link in reader.snapshot.links(start=brief.id):
            if link.relation == "names":
                named[link.end].append(brief)
    return tuple(NamedResource(reader.item(resource), tuple(by)) for resource, by in named.items())


def build_glossary(reader: Reader) -> tuple[TermEntry, ...]:
    """Every term by the alphabet, with where it is used."""
    uses: dict[str, list[str]] = defaultdict(list)
    for link in reader.snapshot.all_links("usesTerm"):
        uses[link.end].append(link.start)
    return tuple(
        TermEntry(term, len(uses[term.id]), tuple(map(reader.brief, uses[term.id][:FIRST_USES])))
        for term in sorted(reader.snapshot.items(kind="term"), key=lambda term: term.label.casefold())
    )


def build_holding(reader: Reader, source_id: str, *, outline: bool) -> Holding:
    """What is held of one source. :raises UnknownItem: if there is no such source, with the ids that there are."""
    if source_id not in reader.sources:
        raise UnknownItem(f"No source {source_id[:100]!r}.", f"The sources are: {', '.join(reader.sources)}.")
    counts = reader.kept("held by source", reader.snapshot.count_by_source).get(source_id, {})
    noted = reader.kept("noted by source", reader.snapshot.count_noted).get(source_id, 0)
    if not outline:
        return Holding(reader.sources[source_id], counts, noted, {})
    below: dict[str, list[Item]] = defaultdict(list)
    for item in reader.snapshot.items(source=source_id):
        below[item.parent].append(item)

    def to_entry(item: Item) -> Entry:
        return Entry(to_brief(item), tuple(to_entry(child) for child in below[item.id]))

    tops: dict[str, list[Entry]] = defaultdict(list)
    for item in list(below[""]):
        tops[item.kind].append(to_entry(item))
    return Holding(reader.sources[source_id], counts, noted, {kind: tuple(each) for kind, each in tops.items()})


def build_topics(reader: Reader) -> tuple[TopicEntry, ...]:
    """The topics in two levels, with how many items are about each."""
    about = reader.snapshot.count_about()
    below: dict[str, list[Item]] = defaultdict(list)
    for each in reader.snapshot.items(kind="topic"):
        below[each.parent].append(each)

    def to_entry(topic: Item) -> TopicEntry:
        narrower = below[topic.id]
        within = reader.snapshot.count_about_any([topic.id, *(each.id for each in narrower)])
        return TopicEntry(topic, about.get(topic.id, 0), within, tuple(to_entry(each) for each in narrower))

    return tuple(to_entry(topic) for topic in list(below[""]))
