"""What of each item is looked for, and what a word in it is worth, whatever engine keeps it. No engine here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .model import Item, Model
from .terms import Terms
from .words import to_plain_words, to_stems

# What a word is worth where it stands, most telling first: the label says what an item is, the other names how people ask for it.
# near: the labels of what it is linked to; context: of what it stands under.
FIELDS: Mapping[str, float] = {
    "label": 3.0,
    "also": 2.4,
    "hidden": 2.0,
    "summary": 1.0,
    "topics": 0.3,
    "near": 0.3,
    "context": 0.3,
}
CORE = ("label", "also", "hidden", "summary")  # what an item says of itself
SHORT = 0.6  # how much a word counts for more in a short field (b of BM25)

# What tells nothing of what an item is about: order, and words counted by a program.
NOT_NEAR = ("precedes", "usesTerm")

# What a word of each field tells of the meaning of an item, for `kg/senses.py`; because: the reasons of its links.
SENSE_FIELDS: Mapping[str, float] = {
    "label": 2.0,
    "also": 1.0,
    "summary": 1.0,
    "hidden": 0.5,
    "near": 0.5,
    "because": 0.5,
    "context": 0.3,
    "topics": 0.3,
}


@dataclass(frozen=True, slots=True)
class Posting:
    """A word in an item. :ivar weight: how often and where it stands, longer fields counting less.
    :ivar fields: where, most telling first. :ivar core: whether the item says it of itself, rather than its surroundings."""

    weight: float
    fields: tuple[str, ...]
    core: bool


@dataclass(frozen=True, slots=True)
class Document:
    """What filters and explanations need of an item. :ivar spoken: stems of its label, each other name and its summary."""

    id: str
    kind: str
    source: str
    themes: tuple[str, ...]
    topics: tuple[str, ...]
    audiences: tuple[str, ...]
    spoken: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Facet -> what the item is there."""
        return {
            "kind": (self.kind,),
            "source": (self.source,),
            "theme": self.themes,
            "topic": self.topics,
            "audience": self.audiences,
        }


def find_linked(model: Model) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Item -> the items that it is directly linked to, and item -> the reasons of all its links; what only orders does not count."""
    near: dict[str, list[str]] = defaultdict(list)
    because: dict[str, list[str]] = defaultdict(list)
    for link in model.links:
        if link.relation not in NOT_NEAR:
            for one, other in ((link.start, link.end), (link.end, link.start)):
                because[one].append(link.because)
                if link.strength == "direct":
                    near[one].append(other)
    return near, because


def to_texts(model: Model) -> dict[str, dict[str, str]]:
    """Item -> field -> what it says there."""
    items = {item.id: item for item in model.items}
    near, because = find_linked(model)
    return {
        item.id: {
            "label": item.label,
            "also": " . ".join(item.also),
            "hidden": " . ".join(item.hidden),
            "summary": item.summary,
            "topics": " . ".join(" . ".join((items[topic].label, *items[topic].also)) for topic in item.about),
            "near": " . ".join(items[other].label for other in near.get(item.id, ())),
            "context": " . ".join(above.label for above in find_above(item, items)),
            "because": " . ".join(because.get(item.id, ())),
        }
        for item in model.items
    }


def find_above(item: Item, items: Mapping[str, Item]) -> Iterator[Item]:
    """What an item stands under, the nearest first."""
    parent = items.get(item.parent)
    while parent:
        yield parent
        parent = items.get(parent.parent)


def to_sense(texts: Mapping[str, str]) -> dict[str, float]:
    """Stem -> what it tells of the meaning of an item."""
    told: Counter[str] = Counter()
    for name, weight in SENSE_FIELDS.items():
        for found in to_stems(texts[name]):
            told[found] += weight  # type: ignore[assignment]
    return dict(told)


def to_names(item: Item) -> dict[str, tuple[str, ...]]:
    """The whole names of an item, and the phrases that mean something else, under what they are looked up by."""
    return {"whole_label": (item.label,), "whole_also": item.also, "unlike": item.unlike}


def to_wholes(name: str) -> list[str]:
    """A whole name as single words: its stems, unless it is only one telling word among words of asking; and word by word as it stands."""
    stems, words = to_stems(name), to_plain_words(name)
    telling = ["_".join(stems)] if len(stems) > 1 or (stems and len(words) == 1) else []
    return [*telling, word_by_word(words)]


def word_by_word(words: Iterable[str]) -> str:
    """Folded words as the one word under which a whole name stands in the index."""
    return "=" + "_".join(words)


def to_document(item: Item, items: Mapping[str, Item], terms: Terms) -> Document:
    """What filters need of an item. :param items: every item by its id."""
    above = tuple(each.id for each in find_above(item, items) if each.kind == "theme")
    wider = (items[topic].parent for topic in item.about if topic in items)
    audience = terms.kinds[item.kind].audience
    return Document(
        id=item.id,
        kind=item.kind,
        source=item.source,
        themes=(*above, item.id) if item.kind == "theme" else above,
        topics=tuple(dict.fromkeys((*item.about, *filter(None, wider)))),
        audiences=item.audiences or ((audience,) if audience else ()),
    )


def to_spoken(item: Item) -> tuple[str, ...]:
    """The stems of each thing that an item says of itself: its label, each other name, its summary."""
    return tuple(" ".join(to_stems(each)) for each in (item.label, *item.also, *item.hidden, item.summary))
