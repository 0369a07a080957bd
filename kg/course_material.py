"""What of a selection can be taught: words, difficulties and what can be done, how much each matters, and groups that belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .model import Item, Link
from .ordering import Before
from .reader import Reader
from .subgraph import CHOSEN, CONTEXT, Subgraph

# What a kind is taught as; kinds that are not here are headings, or names of resources.
WHY = {
    "barrier": "barriers", "harm-type": "harms", "harm-example": "harms", "harm-belief": "beliefs", "harm-impact": "beliefs",
    "cycle-stage": "cycle", "severity": "cycle",
}  # fmt: skip
DO = {
    "action": "", "commitment": "", "ally-recommendation": "", "recommendation": "", "way": "", "capacity": "capacity",
    "response": "repair", "accountability-step": "repair", "value": "repair", "lesson": "lessons",
}  # fmt: skip
# Relations that say what is learned first, and whether the start of the link or its end is.
START_FIRST, END_FIRST = (
    ("precedes", "worsens", "underpins", "leadsTo"),
    ("addresses", "usesTerm", "builds", "disrupts"),
)
_FEW_WHY, _FEW_DO, _MOST_ADDED = 3, 4, 12
MOST_FOCUS, _OFTEN = 3, 0.3  # topics that a course is about, and the share of its items that makes one of them
_FIRM = {"direct": 2, "contributing": 1}


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a course differs from the others.

    :ivar items: at most so many in a unit. :ivar pace: minutes of a unit for each of them. :ivar terms: at most so many in a unit on words.
    :ivar reasons: at most so many told with an item. :ivar without: sorts of difficulty that are left out. :ivar direct: contributing
        links are told only where no direct one is. :ivar evidence: whether a unit asks how sure we are.
    """

    items: int
    pace: int
    terms: int
    reasons: int
    without: Collection[str]
    direct: bool
    evidence: bool


LEVEL = {
    "introductory": Level(5, 4, 6, 1, ("beliefs", "cycle"), True, False),
    "practitioner": Level(6, 3, 6, 2, (), False, False),
    "advanced": Level(8, 2, 8, 3, (), False, True),
}


@dataclass
class Material:
    """The teachable items of a selection. :ivar why, do: in reading order. :ivar added: those that the selection itself did not hold."""

    reader: Reader
    part: Subgraph
    level: Level
    audience: str
    why: list[Item] = field(default_factory=list)
    do: list[Item] = field(default_factory=list)
    added: list[Item] = field(default_factory=list)

    def __post_init__(self) -> None:
        chosen = [item for item in self.part.items if self.part.roles[item.id] != CONTEXT]
        self.why = [item for item in chosen if WHY.get(item.kind, "") not in ("", *self.level.without)]
        self.do = [item for item in chosen if item.kind in DO]
        fresh = [
            item for item in self.do if not item.label.endswith("repeated)")
        ]  # the print says it twice, a course once
        self.do = fresh or self.do
        self._complete()

    def _complete(self) -> None:
        """Bring in the other side of a selection that has only one: difficulties for measures, measures for difficulties."""
        if len(self.why) < _FEW_WHY:
            self._add(self.why, (link.end for item in self.do for link in self.answers_by(item.id)), WHY)
        if len(self.do) < _FEW_DO:
            self._add(self.do, (link.start for item in self.why for link in self.answers_to(item.id)), DO)

    def _add(self, pool: list[Item], found: Iterable[str], kinds: Collection[str]) -> None:
        counts = Counter(found)
        known = {item.id for item in pool}
        best = sorted((item for item in counts if item not in known), key=lambda item: (-counts[item], item))
        for item in (self.item(each) for each in best[:_MOST_ADDED]):
            if item.kind in kinds and WHY.get(item.kind) not in self.level.without:
                pool.append(item)
                self.added.append(item)

    def item(self, item_id: str) -> Item:
        """The item with this id."""
        return self.reader.by_id[item_id]

    @cached_property
    def _links(self) -> tuple[dict[str, list[Link]], dict[str, list[Link]]]:
        starts: dict[str, list[Link]] = {}
        ends: dict[str, list[Link]] = {}
        for link in self.reader.model.links:
            starts.setdefault(link.start, []).append(link)
            ends.setdefault(link.end, []).append(link)
        return starts, ends

    def links_from(self, item_id: str, *relations: str) -> list[Link]:
        """Links that start at an item, of these relations."""
        return [link for link in self._links[0].get(item_id, ()) if link.relation in relations]

    def links_to(self, item_id: str, *relations: str) -> list[Link]:
        """Links that end at an item, of these relations."""
        return [link for link in self._links[1].get(item_id, ()) if link.relation in relations]

    def answers_by(self, item_id: str) -> list[Link]:
        """Its links to what it addresses directly."""
        return [link for link in self.links_from(item_id, "addresses") if link.strength == "direct"]

    def answers_to(self, item_id: str) -> list[Link]:
        """Links from what addresses it directly."""
        return [link for link in self.links_to(item_id, "addresses") if link.strength == "direct"]

    def aligned(self, item_id: str) -> set[str]:
        """What says nearly the same in another source."""
        out = {link.end for link in self.links_from(item_id, "alignsWith")}
        return out | {link.start for link in self.links_to(item_id, "alignsWith")}

    def audiences(self, item: Item) -> tuple[str, ...]:
        """Whom an item speaks to."""
        return item.audiences or tuple(filter(None, [self.reader.terms.kinds[item.kind].audience]))

    def actor(self, item: Item) -> str:
        """What a unit on what can be done groups by: the kind of thing, or who is asked to act, first of all the course's audience."""
        if DO.get(item.kind):
            return DO[item.kind]
        told = self.audiences(item) or ("allies",)
        return self.audience if self.audience in told else told[0]

    def asked_to_act(self, enough: int) -> list[Item]:
        """What can be done by the audience of the course, if that is enough; else all that can be done."""
        theirs = [item for item in self.do if self.audience in self.audiences(item)]
        return theirs if len(theirs) >= enough else self.do

    @cached_property
    def focus(self) -> tuple[str, ...]:
        """What the course is about: the topics that the selection names, then others that a good part of it is about."""
        named = [word for word in self.part.words if word.startswith("topic-")]
        chosen = [item for item in (*self.why, *self.do) if self.part.roles.get(item.id) == CHOSEN]
        counts = Counter(topic for item in chosen for topic in item.about)
        often = [topic for topic, count in counts.most_common(MOST_FOCUS) if count >= max(4, len(chosen) * _OFTEN)]
        return tuple(dict.fromkeys([*named, *often]))[: max(MOST_FOCUS, len(named))]

    def relevance(self, item: Item) -> float:
        """How near an item is to what was asked for."""
        score = 6.0 if {item.id, f"item:{item.id}"} & set(self.part.words) else 0.0
        score += self.part.roles.get(item.id) == CHOSEN
        shared = [topic for topic in self.focus if topic in item.about]
        score += 2 * len(shared) + (bool(item.about) and item.about[0] in shared)
        return score + 3 * (bool(self.audience) and self.audience in self.audiences(item))

    def importance(self, item: Item) -> float:
        """How much a difficulty matters: relevance, how many of the selection answer it, and its links among the others."""
        measures, others = {each.id for each in self.do}, {each.id for each in self.why}
        answers = [link for link in self.links_to(item.id, "addresses") if link.start in measures]
        direct = sum(link.strength == "direct" for link in answers)
        among = {link.end for link in self.links_from(item.id, *START_FIRST)} | {
            link.start for link in self.links_to(item.id, *START_FIRST)
        }
        return (
            2 * self.relevance(item)
            + min(5, direct)
            + min(4, len(answers) - direct) / 2
            + min(5, len(among & others)) / 2
        )

    def pick_why(self, bucket: Sequence[Item], count: int) -> list[Item]:
        """The difficulties of a bucket that matter most."""
        found: list[Item] = []
        left = list(bucket)
        while left and len(found) < count:
            best = min(left, key=lambda item: (self._sameness(item, found, 0.5) - self.importance(item), item.id))
            left.remove(best)
            found.append(best)
        return found

    def _sameness(self, item: Item, found: Sequence[Item], parent: float) -> float:
        """How much like an item there is already: of the same topic asked for, and under the same parent, which counts for less."""
        topic = self.topic(item)
        return sum(
            parent * (each.parent == item.parent) + (bool(topic) and self.topic(each) == topic) for each in found
        )

    def topic(self, item: Item) -> str:
        """The first of the topics asked for that an item is about, or ""."""
        return next((topic for topic in item.about if topic in self.focus), "")

    def pick_do(self, bucket: Sequence[Item], count: int, covered: Counter[str], taken: Collection[str]) -> list[Item]:
        """What can be done, one by one: what answers a difficulty that has no answer yet before what repeats one, nothing said twice.

        :param covered: difficulty of the course -> how well it is answered already; counted on. :param taken: items of other units.
        """
        found: list[Item] = []
        said = {other for item in taken for other in self.aligned(item)}

        def gain(item: Item) -> float:
            links = [link for link in self.links_from(item.id, "addresses") if link.end in covered]
            fresh = min(8, sum((3 if link.strength == "direct" else 1) / (1 + covered[link.end]) for link in links))
            return (
                fresh
                + 2 * self.relevance(item)
                + self._reach[item.id]
                - 6 * (item.id in said)
                - self._sameness(item, found, 0)
            )

        left = list(bucket)
        while left and len(found) < count:
            best = min(left, key=lambda item: (-gain(item), item.id))
            left.remove(best)
            found.append(best)
            said |= self.aligned(best.id)
            for link in self.links_from(best.id, "addresses"):
                if link.end in covered:
                    covered[link.end] += _FIRM[link.strength]
        return found

    @cached_property
    def _reach(self) -> dict[str, float]:
        """How many difficulties a measure addresses directly, counted up to nine."""
        return {item.id: min(9, len(self.answers_by(item.id))) / 3 for item in self.do}

    def terms_of(self, items: Iterable[Item]) -> list[Item]:
        """The glossary terms that items use, those used by most first, and those that were selected."""
        used = Counter(link.end for item in items for link in self.links_from(item.id, "usesTerm"))
        named = {
            item.id
            for item in self.part.items
            if item.kind == "term" and {item.id, f"item:{item.id}", "term"} & set(self.part.words)
        }
        return [
            self.item(term) for term in sorted({*used, *named}, key=lambda term: (term not in named, -used[term], term))
        ]

    def rules(self, items: Collection[str]) -> list[Before]:
        """What is learned before what, among these: the links that say so. A direct one is kept rather than a contributing one."""
        found = []
        for link in self.reader.model.links:
            if link.start in items and link.end in items:
                weight = 2 if link.strength == "direct" or link.relation == "usesTerm" else 1
                if link.relation in START_FIRST:
                    found.append(Before(link.start, link.end, weight))
                elif link.relation in END_FIRST:
                    found.append(Before(link.end, link.start, weight))
        return found


def split(items: Sequence[Item], count: int, keys: Sequence[Callable[[Item], str]], least: int) -> list[list[Item]]:
    """Items in at most *count* groups that belong together, none with fewer than *least*.

    :param keys: what may hold a group together, the best first: the largest group is cut into its largest part and the rest.
    """
    groups = [list(items)]
    while len(groups) < count:
        whole, parts = next(
            (
                (group, parts)
                for key in keys
                for group in sorted(groups, key=len, reverse=True)
                if (parts := _cut(group, key, least))
            ),
            ([], None),
        )
        if parts is None:
            break
        place = groups.index(whole)
        groups[place : place + 1] = parts
    return groups


def _cut(items: list[Item], key: Callable[[Item], str], least: int) -> list[list[Item]] | None:
    counts = Counter(key(item) for item in items)
    name, size = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    if size < least or len(items) - size < least:
        return None
    return [[item for item in items if key(item) == name], [item for item in items if key(item) != name]]
