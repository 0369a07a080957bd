"""What a course is made of: units with readings, questions and times. Frozen data that every format of a pack is written from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .model import Item, to_plain
from .subgraph import Subgraph


@dataclass(frozen=True, slots=True)
class Points:
    """A short list under a heading, for the trainer or for the group."""

    title: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A link between two items of the course, seen from one of them. :ivar told: reads "this item <phrase> <label of the other>"."""

    id: str
    phrase: str
    other: str
    label: str
    because: str
    strength: str
    basis: str
    state: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One item as it is read. :ivar kind: its name for people. :ivar actor: who is asked to act, or "".
    :ivar place: where it is printed, in words, with lines. :ivar iri: its address. :ivar reasons: links to other items of the course."""

    id: str
    kind: str
    label: str
    summary: str
    actor: str
    place: str
    iri: str
    notes: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. :ivar told: what is said to somebody who chooses it."""

    id: str
    text: str
    right: bool
    told: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with one right answer among near ones. :ivar id: stable over versions of the data."""

    id: str
    ask: str
    options: tuple[Option, ...]

    @property
    def right(self) -> Option:
        """The right answer."""
        return next(option for option in self.options if option.right)


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair of a matching exercise. :ivar because: why they belong together."""

    left: str
    left_label: str
    right: str
    right_label: str
    because: str


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs to put together. :ivar rights: the right sides in another order, in which they are shown."""

    ask: str
    pairs: tuple[Pair, ...]
    rights: tuple[str, ...]

    @property
    def letters(self) -> dict[str, str]:
        """Right side -> its letter as shown."""
        return {right: "ABCDEFGH"[place] for place, right in enumerate(self.rights)}


@dataclass(frozen=True, slots=True)
class Sketch:
    """A part of the graph as a picture of two columns. :ivar left, right: (id, label). :ivar lines: (left id, right id, whether direct).
    :ivar phrase: reads "left <phrase> right"."""

    title: str
    left: tuple[tuple[str, str], ...]
    right: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str, bool], ...]
    phrase: str

    @property
    def told(self) -> tuple[str, ...]:
        """The picture in sentences, one a line of it."""
        names = {**dict(self.left), **dict(self.right)}
        return tuple(f"“{names[start]}” {self.phrase} “{names[end]}”." for start, end, _ in self.lines)


@dataclass(frozen=True, slots=True)
class Activity:
    """A piece of time. :ivar text: what happens in it."""

    minutes: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a course that answers one question.

    :ivar sort: words, why, do, evidence or practice. :ivar note: the content note that is said before, or "".
    :ivar task: what is planned or done on paper, or "". :ivar guide: for the trainer.
    """

    number: int
    sort: str
    question: str
    aims: tuple[str, ...]
    note: str
    minutes: int
    steps: tuple[Activity, ...]
    readings: tuple[Reading, ...]
    ask: tuple[str, ...]
    reflect: str
    guide: Points
    task: str = ""
    choices: tuple[Question, ...] = ()
    matching: Matching | None = None
    sketch: Sketch | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of the programme. :ivar start: minutes from the beginning. :ivar unit: its number, or 0 for welcome, break and closing."""

    start: int
    minutes: int
    name: str
    unit: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A card to learn with. :ivar id: stable over versions, so that a second import updates. :ivar lines: the back."""

    id: str
    sort: str
    front: str
    lines: tuple[str, ...]
    place: str
    iri: str


@dataclass(frozen=True)
class Course:
    """A course made of a part of the graph.

    :ivar words: the selection that it was made from. :ivar audience: whom it is for, or "". :ivar glossary: the terms that its items use.
    :ivar resources: what its items point to. :ivar left_out: what was selected and did not fit, what matters most first.
    :ivar notes: what whoever makes the course should know: what was added, left out, or could not be ordered.
    :ivar texts, lists: the words around the material, by name. :ivar part: the part of the graph that is taught.
    """

    title: str
    words: tuple[str, ...]
    minutes: int
    level: str
    audience: str
    units: tuple[Unit, ...]
    agenda: tuple[Slot, ...]
    glossary: tuple[Reading, ...]
    resources: tuple[Reading, ...]
    cards: tuple[Card, ...]
    left_out: tuple[Item, ...]
    notes: tuple[str, ...]
    texts: Mapping[str, str]
    lists: Mapping[str, Points]
    part: Subgraph
    language: str = field(default="en")

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Every reading in the order in which it is taught."""
        return tuple(reading for unit in self.units for reading in unit.readings)

    @property
    def choices(self) -> tuple[Question, ...]:
        """Every question with answers to choose."""
        return tuple(choice for unit in self.units for choice in unit.choices)

    @property
    def date(self) -> str:
        """The date of the data."""
        return self.part.date

    @property
    def credits(self) -> tuple[str, ...]:
        """What goes with every copy."""
        return self.part.credits

    @property
    def trust(self) -> tuple[str, ...]:
        """How far the links of the course may be relied on: how many there are in each state, and what that means."""
        counts = Counter(edge.state for edge in self.part.edges if edge.id)
        meanings = self.part.terms.choices["state"]
        told = [
            f"{state.capitalize()}, {counts[state]} of {counts.total()} links: {meanings[state]}"
            for state in meanings
            if counts[state]
        ]
        return (*told, *(() if counts["reviewed"] else (self.texts["unreviewed"],)))

    def to_json(self) -> dict[str, Any]:
        """The contract of ``kg curriculum --json``: everything but the words around the material."""
        plain = {
            name: to_plain(getattr(self, name))
            for name in self.__dataclass_fields__
            if name not in ("part", "left_out", "texts", "lists")
        }
        left_out = [{"id": item.id, "kind": item.kind, "label": item.label} for item in self.left_out]
        return {
            **plain,
            "left_out": left_out,
            "version": self.part.version,
            "date": self.date,
            "credits": list(self.credits),
        }
