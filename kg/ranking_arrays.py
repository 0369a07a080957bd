"""Which items of a large index answer a question best, and why: whole postings weighed at once, with numpy.

Every item is scored, to the scores that `kg/ranking.py` gives; only for those that are shown is it looked up what stands where.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .filters import FACETS, Filters
from .index_arrays import ArrayIndex
from .indexing import Posting
from .plans import AGAIN, BEST, BY_WIDER, LEAST_SENSE, LEAST_SHARE, SATURATION, SENSE, WIDER, Plan, Planner
from .question import Question
from .ranked import Match, Narrowed, Ranking
from .senses_arrays import ArraySenses
from .thesaurus import Thesaurus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class _Scores:
    """What is known of every item of the index, by its place. :ivar found: the places of those that have to do with the question.
    :ivar order: what decides between equal scores."""

    score: Numbers
    share: Numbers
    sense: Numbers
    words: Numbers
    found: Numbers
    order: Numbers

    def best(self, places: Numbers, most: int) -> Numbers:
        """The best few of some places, best first."""
        if most < len(places):
            least = -np.partition(-self.score[places], most)[most]
            places = places[self.score[places] >= least]
        return places[np.lexsort((self.order[places], -self.score[places]))][:most]


@dataclass(frozen=True, eq=False)
class ArrayRanking(Ranking):
    """A ranking as arrays."""

    index: ArrayIndex
    plan: Plan | None
    scores: _Scores

    def head(self, most: int, *, topics: bool) -> Sequence[Match]:
        return self.to_matches(self.scores.best(self.among(topics=topics), most), explained=False)

    def narrow(self, filters: Filters, least: float, *, topics: bool) -> Narrowed:
        places = self.among(topics=topics)
        return ArrayNarrowed(self, filters, places[self.scores.score[places] >= least])

    def among(self, *, topics: bool) -> Numbers:
        """The places of what has to do with the question."""
        found = self.scores.found
        return found if topics else found[~self.index.is_topic[found]]

    def to_matches(self, places: Numbers, *, explained: bool) -> list[Match]:
        """Some of the items as matches. :param explained: whether each is to tell where its words stand."""
        where = self._where(places) if explained and self.plan else [()] * len(places)
        items, scores = self.index.items(places.tolist()), self.scores
        return [
            Match(
                id=item,
                kind=kind,
                topics=topics,
                score=float(scores.score[place]),
                words=int(scores.words[place]),
                share=float(scores.share[place]),
                sense=float(scores.sense[place]),
                where=found,
            )
            for place, (item, kind, topics), found in zip(places.tolist(), items, where, strict=True)
        ]

    def _where(self, places: Numbers) -> list[tuple[tuple[str, str, Posting], ...]]:
        """For each word asked for, which stem stands for it best in each item, and where that stands."""
        where: list[list[tuple[str, str, Posting]]] = [[] for _ in places]
        assert self.plan
        for asked, members in self.plan.worth.items():
            best = np.full(len(places), -1.0)
            told: list[tuple[str, Posting] | None] = [None] * len(places)
            for each, worth in members.items():
                postings = self.index.postings(each)
                held, at = postings.at(places)
                for row in np.flatnonzero(held).tolist():
                    value = _saturate(worth, postings.weights[at[row]])
                    if value > best[row] and asked not in self.plan.unlike.get(int(places[row]), ()):
                        best[row], told[row] = value, (each, postings.to_posting(int(at[row])))
            for row, found in enumerate(told):
                if found:
                    where[row].append((asked, *found))
        return [tuple(each) for each in where]


class ArrayNarrowed(Narrowed):
    """What is left of a ranking, as places."""

    def __init__(self, ranking: ArrayRanking, filters: Filters, answering: Numbers) -> None:
        self._ranking, self._filters = ranking, filters
        size, facets = ranking.index.size, ranking.index.facets
        self._allowed = np.zeros(size, bool)
        self._allowed[answering] = True
        for name, unwanted in filters.unwanted.items():
            self._allowed &= ~facets[name].having(unwanted, size)
        self._having = {
            name: facets[name].having(filters.widen(name, wanted), size) for name, wanted in filters.wanted.items()
        }
        self._accepted = np.flatnonzero(self._accept())
        self.total = len(self._accepted)

    def _accept(self, but: str = "") -> Numbers:
        accepted = self._allowed
        for name, having in self._having.items():
            if name != but:
                accepted = accepted & having
        return accepted

    def page(self, start: int, stop: int) -> list[Match]:
        places = self._ranking.scores.best(self._accepted, stop)[start:]
        return self._ranking.to_matches(places, explained=True)

    def best_of(self, kinds: Collection[str], most: int, least: float) -> list[Match]:
        index, scores = self._ranking.index, self._ranking.scores
        good = self._accepted[scores.score[self._accepted] >= least]
        best = [scores.best(good[index.facets["kind"].having([kind], index.size)[good]], most) for kind in kinds]
        places = np.concatenate(best)
        return self._ranking.to_matches(scores.best(places, len(places)), explained=False)

    def counts(self) -> dict[str, Counter[str]]:
        facets = self._ranking.index.facets
        return {
            name: Counter(facets[name].count(self._accept(but=name if name in self._having else ""))) for name in FACETS
        }


class ArrayRanker:
    """Ranks the items of one large index. Safe to share between threads."""

    def __init__(self, index: ArrayIndex, senses: ArraySenses, thesaurus: Thesaurus) -> None:
        self._index, self._senses = index, senses
        self._planner = Planner(index, thesaurus)
        self.correct = self._planner.correct

    def rank(self, question: Question) -> ArrayRanking:
        """Rank every item that has to do with a question."""
        plan = self._planner.plan(question)
        score, gained, words = self._look(plan)
        sense = np.maximum(self._senses.near_items(self._senses.direction(plan.pointing)), 0.0)
        share = np.minimum(1.0, gained / plan.total)
        found = np.flatnonzero(((share >= LEAST_SHARE) | (sense >= LEAST_SENSE)) & self._obeying(question))
        score = score / plan.total + SENSE * sense
        first = _Scores(score, share, sense, words, found, self._index.order)
        self._look_again(first)
        return ArrayRanking(*plan.told, index=self._index, plan=plan, scores=first)

    @cached_property
    def everything(self) -> ArrayRanking:
        """Every item, all alike, in reading order: what is left where filters are chosen and no words."""
        places = np.arange(self._index.size)
        ones, nothing = np.ones(len(places)), np.zeros(len(places), np.uint8)
        scores = _Scores(ones, ones, nothing, nothing, places, places)
        return ArrayRanking(1.0, {}, {}, {}, (), index=self._index, plan=None, scores=scores)

    def like(self, item: str, limit: int) -> list[tuple[str, float]]:
        """The items that are nearest in sense to one of them, the nearest first."""
        place = self._index.place_of(item)
        if not self._senses.is_seen(place):
            return []
        near = self._senses.near_item(place)
        near[place] = -2.0
        places = np.flatnonzero(near > -2.0)
        if limit < len(places):
            least = -np.partition(-near[places], limit)[limit]
            places = places[near[places] >= least]
        best = places[np.lexsort((places, -near[places]))][:limit].tolist()
        return [(told[0], round(float(near[at]), 4)) for at, told in zip(best, self._index.items(best), strict=True)]

    def _look(self, plan: Plan) -> tuple[Numbers, Numbers, Numbers]:
        """Score every item that holds a word, or one of the same meaning; of several for one word only the best counts.

        :returns: the score of each item, how much of the question it has, and how many of its words.
        """
        size = self._index.size
        score, gained, words = np.zeros(size), np.zeros(size), np.zeros(size, np.uint8)
        for asked, members in plan.worth.items():
            best, gain = np.full(size, -1.0), np.zeros(size)
            apart = [place for place, unlike in plan.unlike.items() if asked in unlike]
            for each, worth in members.items():
                postings = self._index.postings(each)
                value = _saturate(worth, postings.weights)
                better = value > best[postings.places]
                places = postings.places[better]
                best[places] = value[better]
                part = plan.rarity[asked] * (1.0 if plan.groups[asked][each] > WIDER else BY_WIDER)
                gain[places] = np.where(postings.core[better], part, 0.0)
            best[apart], gain[apart] = -1.0, 0.0
            score += np.maximum(best, 0.0)
            gained += gain
            words += gain > 0
        for place, added in plan.wholes.items():
            score[place] += added
        gained[list(plan.exact)] = plan.total
        return score, gained, words

    def _obeying(self, question: Question) -> Numbers | bool:
        """Which items hold every quoted phrase, and nothing that is to be left out."""
        if not question.phrases and not question.without:
            return True
        obeying = np.ones(self._index.size, bool)
        for phrase in question.phrases:
            held = np.zeros(self._index.size, bool)
            held[self._index.saying(phrase)] = True
            obeying &= held
        for without in question.without:
            obeying[self._index.saying(without)] = False
        return obeying

    def _look_again(self, first: _Scores) -> None:
        """Score once more by nearness to the best of the first look: what is relevant is like what is relevant (Rocchio 1971)."""
        best = [place for place in first.best(first.found, 4 * BEST).tolist() if self._senses.is_seen(place)][:BEST]
        towards = self._senses.between({place: float(first.score[place]) for place in best})
        again = self._senses.near_items(towards, first.found)
        first.score[first.found] = np.round(first.score[first.found] + AGAIN * np.maximum(again, 0.0), 6)


def _saturate(worth: float, weights: Any) -> Any:
    weights = np.asarray(weights, np.float64)
    return worth * weights / (SATURATION + weights)
