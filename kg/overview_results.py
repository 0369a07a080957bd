"""What the questions of reading give back: a difficulty in full, the glossary, what a source holds, the topics, where an item stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .model import Item, Source
from .results import Answer, Brief, LinkSeen

# Of the links of an item: what it belongs to and holds first, then as people ask for them; what a program found comes last.
ORDER = (
    "addresses",
    "worsens",
    "underpins",
    "leadsTo",
    "supports",
    "builds",
    "disrupts",
    "precedes",
    "alignsWith",
    "names",
    "usesTerm",
)


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Links of an item that read the same. :ivar key: relation and direction in one word, as `worsens-in`."""

    key: str
    phrase: str
    links: tuple[LinkSeen, ...]


def group_links(links: Iterable[LinkSeen]) -> tuple[LinkGroup, ...]:
    """Links by relation and direction: nesting first, then in :data:`ORDER`, within a group as given.

    >>> from kg.results import Brief, LinkSeen
    >>> near = [LinkSeen(name, name, "in", Brief("x", "action", "X")) for name in ("usesTerm", "addresses", "usesTerm", "isPartOf")]
    >>> [(group.key, len(group.links)) for group in group_links(near)]
    [('isPartOf-in', 1), ('addresses-in', 1), ('usesTerm-in', 2)]
    """
    groups: dict[tuple[str, str], list[LinkSeen]] = {}
    for link in links:
        groups.setdefault((link.relation, link.direction), []).append(link)
    place = {relation: number for number, relation in enumerate(ORDER, start=1)}
    ordered = sorted(groups, key=lambda each: place.get(each[0], 0))
    return tuple(LinkGroup("-".join(key), groups[key][0].phrase, tuple(groups[key])) for key in ordered)


@dataclass(frozen=True, slots=True)
class ActorAnswers:
    """Answers that ask one sort of people to act, strongest first; what asks several stands under the first of them alone.

    :ivar actor: an audience, or "" where the source does not say. :ivar name: as people call them.
    """

    actor: str
    name: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A barrier of a group, or an example of a type of harm, with how many answers it has. :ivar first: the strongest direct one."""

    id: str
    kind: str
    label: str
    direct: int
    contributing: int
    first: Brief | None


@dataclass(frozen=True, slots=True)
class NamedResource:
    """A resource, with the items that name it."""

    resource: Item
    by: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A barrier, a harm or a group of barriers with all that a reader needs who wants to act.

    :ivar place: where it is printed. :ivar direct: answers by who acts. :ivar gap: why nothing answers it directly, or None.
    :ivar context: why it matters: what makes it worse, what it rests on, what it leads to. :ivar parts: what stands in it.
    :ivar resources: named by it or by its answers. :ivar sources: all that it and its answers come from.
    """

    item: Item
    source: Source
    place: Mapping[str, str]
    group: Brief | None
    previous: Brief | None
    next: Brief | None
    direct: tuple[ActorAnswers, ...]
    contributing: tuple[ActorAnswers, ...]
    gap: str | None
    context: tuple[LinkGroup, ...]
    parts: tuple[Part, ...]
    resources: tuple[NamedResource, ...]
    about: tuple[Brief, ...]
    sources: Mapping[str, Source]

    @property
    def linked(self) -> frozenset[str]:
        """The ids of everything that is told here."""
        answers = [one.id for group in (*self.direct, *self.contributing) for one in group.answers]
        context = [link.other.id for group in self.context for link in group.links]
        return frozenset([self.item.id, *answers, *context, *(part.id for part in self.parts)])


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term of the glossary. :ivar uses: how many items use it. :ivar first: the first few of them in reading order."""

    term: Item
    uses: int
    first: tuple[Brief, ...]

    @property
    def letter(self) -> str:
        """Under which it stands in the alphabet."""
        return self.term.label[0].upper()


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a table of contents with what stands in it."""

    item: Brief
    within: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """How many items stand in it, at any depth."""
        return len(self.within) + sum(entry.size for entry in self.within)


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held of a source. :ivar items: kind -> count. :ivar noted: how many items tell of something odd in print.
    :ivar outline: kind -> what stands at the top of the source, with what stands in it; empty where only counts were asked for."""

    source: Source
    items: Mapping[str, int]
    noted: int
    outline: Mapping[str, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A topic. :ivar items: how many items are about it. :ivar within: the same with those about a narrower one."""

    topic: Item
    items: int
    within: int
    narrower: tuple[TopicEntry, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item stands among those of its kind by one measure. :ivar rank: from 1. :ivar of: how many are ranked.
    :ivar meaning: what its figure says, in a sentence."""

    measure: str
    kind: str
    rank: int
    of: int
    meaning: str
