"""What a ranking gives, whichever engine ranks: matches with their reasons, narrowed by filters and counted. No engine here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from .filters import Filters
from .indexing import FIELDS, Posting


@dataclass(frozen=True, slots=True)
class Match:
    """One item found.

    :ivar words: how many words of the question it holds. :ivar share: the same as a part of the question, from 0 to 1, rare words counting
        more. :ivar sense: how near it is in sense, a cosine. :ivar where: the word asked for, the stem that stands for it, and where that
        stands; left out where nobody asks why.
    """

    id: str
    kind: str
    topics: tuple[str, ...]
    score: float
    words: int
    share: float
    sense: float
    where: tuple[tuple[str, str, Posting], ...] = ()


class Narrowed(ABC):
    """What is left of a ranking: what answers, and is let through by filters."""

    total: int

    @abstractmethod
    def page(self, start: int, stop: int) -> list[Match]:
        """Some of it, best first, each with where its words stand."""

    @abstractmethod
    def best_of(self, kinds: Collection[str], most: int, least: float) -> list[Match]:
        """What is at least so good, best first, of each kind at most so many."""

    @abstractmethod
    def counts(self) -> dict[str, Counter[str]]:
        """Facet -> value -> how many of what answers it would leave, the other facets as they are chosen."""


@dataclass(frozen=True, eq=False)
class Ranking(ABC):
    """Every item that has to do with the question.

    :ivar known: how much of the question is words that stand anywhere, from 0 to 1, rare words counting more.
    :ivar asked: stem -> the word that was typed, as it is read. :ivar words: the same, with every stem that stands for one.
    :ivar corrected: typed word -> the word that it is read as. :ivar widened: words of the same meaning that were looked for too.
    """

    known: float
    asked: Mapping[str, str]
    words: Mapping[str, str]
    corrected: Mapping[str, str]
    widened: tuple[str, ...]

    @property
    def told(self) -> tuple[object, ...]:
        """What it tells of the question."""
        return self.known, self.asked, self.words, self.corrected, self.widened

    @abstractmethod
    def head(self, most: int, *, topics: bool) -> Sequence[Match]:
        """The best few, best first. :param topics: whether topics are among them."""

    @abstractmethod
    def narrow(self, filters: Filters, least: float, *, topics: bool) -> Narrowed:
        """What has at least so high a score and is let through. :param topics: whether topics count."""

    def explain(self, match: Match) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """Field -> the asker's words that stand in it, most telling field first; and the same for words of the same meaning."""
        own: dict[str, list[str]] = {}
        wider: dict[str, list[str]] = {}
        for asked, each, posting in match.where:
            for name in posting.fields:
                side = own if each == asked or asked.endswith("*") or self.words[each] in self.corrected else wider
                side.setdefault(name, []).append(self.words[each])
        order = list(FIELDS)
        return (
            {name: tuple(dict.fromkeys(own[name])) for name in sorted(own, key=order.index)},
            {name: tuple(sorted(set(wider[name]))) for name in sorted(wider, key=order.index)},
        )
