"""Which items of a small index answer a question best, and why: every item that holds a word is weighed, in plain Python.

Every item is scored, so that a shorter list is always the head of a longer one. `kg/ranking_arrays.py` does the same for a large index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from .filters import Filters
from .index import Index
from .indexing import Document, Posting
from .plans import (
    AGAIN,
    BEST,
    BY_WIDER,
    LEAST_SENSE,
    LEAST_SHARE,
    SATURATION,
    SENSE,
    WIDER,
    Plan,
    Planner,
)
from .question import Question
from .ranked import Match, Narrowed, Ranking
from .senses import Senses
from .thesaurus import Thesaurus

_Scored = tuple[Match, Document]


@dataclass(frozen=True, eq=False)
class ListRanking(Ranking):
    """A ranking as a list, best first."""

    scored: tuple[_Scored, ...]

    @property
    def matches(self) -> list[Match]:
        """Every match, best first."""
        return [match for match, _ in self.scored]

    def head(self, most: int, *, topics: bool) -> Sequence[Match]:
        return [match for match in self.matches if topics or match.kind != "topic"][:most]

    def narrow(self, filters: Filters, least: float, *, topics: bool) -> Narrowed:
        return ListNarrowed(
            filters, [each for each in self.scored if each[0].score >= least and (topics or each[0].kind != "topic")]
        )


class ListNarrowed(Narrowed):
    """What is left of a list."""

    def __init__(self, filters: Filters, answering: Sequence[_Scored]) -> None:
        self._filters, self._answering = filters, answering
        self._accepted = [match for match, document in answering if filters.accept(document.values)]
        self.total = len(self._accepted)

    def page(self, start: int, stop: int) -> list[Match]:
        return self._accepted[start:stop]

    def best_of(self, kinds: Collection[str], most: int, least: float) -> list[Match]:
        left = dict.fromkeys(kinds, most)
        found = []
        for match in self._accepted:
            if match.score >= least and left.get(match.kind):
                left[match.kind] -= 1
                found.append(match)
        return found

    def counts(self) -> dict[str, Counter[str]]:
        return self._filters.count(document.values for _, document in self._answering)


@dataclass(slots=True)
class _Found:
    """What is known of an item while words are looked for."""

    score: float = 0.0
    gained: float = 0.0
    words: set[str] = field(default_factory=set)
    where: list[tuple[str, str, Posting]] = field(default_factory=list)  # asked stem, stem found, posting


class Ranker:
    """Ranks the items of one small index. Safe to share between threads."""

    def __init__(self, index: Index, senses: Senses, thesaurus: Thesaurus) -> None:
        self._index, self._senses = index, senses
        self._planner = Planner(index, thesaurus)
        self.correct = self._planner.correct

    def rank(self, question: Question) -> ListRanking:
        """Rank every item that has to do with a question."""
        plan = self._planner.plan(question)
        near = self._senses.near_items(self._senses.direction(plan.pointing))
        first = self._candidates(plan, self._look(plan), near)
        return ListRanking(*plan.told, tuple(sorted(self._look_again(first), key=_order)))

    @cached_property
    def everything(self) -> ListRanking:
        """Every item, all alike, in reading order: what is left where filters are chosen and no words."""
        documents = [self._index.document(place) for place in range(self._index.size)]
        return ListRanking(1.0, {}, {}, {}, (), tuple((_match(each, 1.0), each) for each in documents))

    def like(self, item: str, limit: int) -> list[tuple[str, float]]:
        """The items that are nearest in sense to one of them, the nearest first."""
        place = self._senses.place_of(item)
        if not self._senses.is_seen(place):
            return []
        near = sorted(enumerate(self._senses.near_item(place)), key=lambda pair: (-pair[1], pair[0]))
        chosen = [pair for pair in near if pair[0] != place and self._senses.is_seen(pair[0])][:limit]
        return [(self._senses.items[other], round(score, 4)) for other, score in chosen]

    def _look(self, plan: Plan) -> dict[int, _Found]:
        """Score every item that holds a word, or one of the same meaning; of several for one word only the best counts."""
        found: dict[int, _Found] = {}
        for asked, members in plan.groups.items():
            best: dict[int, tuple[float, str, float, Posting]] = {}
            for each, worth in members.items():
                weight = plan.worth[asked][each]
                for place, posting in self._index.postings(each).items():
                    if asked in plan.unlike.get(place, ()):
                        continue
                    value = weight * posting.weight / (SATURATION + posting.weight)
                    if place not in best or value > best[place][0]:
                        best[place] = (value, each, worth, posting)
            for place, (value, each, worth, posting) in best.items():
                one = found.setdefault(place, _Found())
                one.score += value
                if posting.core:
                    one.gained += plan.rarity[asked] * (1.0 if worth > WIDER else BY_WIDER)
                    one.words.add(asked)
                one.where.append((asked, each, posting))
        for place, added in plan.wholes.items():
            one = found.setdefault(place, _Found())
            one.score += added
            if place in plan.exact:
                one.gained = plan.total
        return found

    def _candidates(self, plan: Plan, found: Mapping[int, _Found], near: Sequence[float]) -> list[tuple[int, _Scored]]:
        """What has enough of the question, or is near enough to it in sense, in reading order."""
        nothing, candidates = _Found(), []
        for place in sorted({*found, *(place for place, score in enumerate(near) if score >= LEAST_SENSE)}):
            one, sense = found.get(place, nothing), max(near[place], 0.0)
            share = min(1.0, one.gained / plan.total)
            if share < LEAST_SHARE and sense < LEAST_SENSE:
                continue
            document = self._index.document(place)
            if _obeys(document, plan.question):
                score = one.score / plan.total + SENSE * sense
                match = _match(document, score, len(one.words), share, sense, tuple(one.where))
                candidates.append((place, (match, document)))
        return candidates

    def _look_again(self, first: Sequence[tuple[int, _Scored]]) -> Iterable[_Scored]:
        """Score once more by nearness to the best of the first look: what is relevant is like what is relevant (Rocchio 1971)."""
        seen = [(match, place) for place, (match, _) in first if self._senses.is_seen(place)]
        best = sorted(seen, key=lambda pair: (-pair[0].score, pair[0].id))[:BEST]
        towards = self._senses.between({place: match.score for match, place in best})
        again = self._senses.near_items(towards, [place for place, _ in first])
        for (_, (match, document)), near in zip(first, again, strict=True):
            yield replace(match, score=round(match.score + AGAIN * max(near, 0.0), 6)), document


def _match(document: Document, score: float, *told: int | float | tuple[tuple[str, str, Posting], ...]) -> Match:
    words, share, sense, where = told or (0, 1.0, 0.0, ())
    return Match(document.id, document.kind, document.topics, score, words, share, sense, where)  # type: ignore[arg-type]


def _order(scored: _Scored) -> tuple[float, str]:
    return -scored[0].score, scored[0].id


def _obeys(document: Document, question: Question) -> bool:
    """Whether the item holds every quoted phrase, and nothing that is to be left out."""
    if not question.phrases and not question.without:
        return True
    said = [f" {each} " for each in document.spoken]

    def holds(stems: Sequence[str]) -> bool:
        return any(f" {' '.join(stems)} " in each for each in said)

    return all(map(holds, question.phrases)) and not any(map(holds, question.without))
