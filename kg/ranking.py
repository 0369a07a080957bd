"""Which items answer a question best, and why: BM25F over fields, words of the same meaning, and nearness of sense. No Whoosh here.

A word counts by where it stands and by how rare it is (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and
Beyond"); a whole name that is asked for counts more; words of the thesaurus count less than the asker's own; to this is added how near the
item is in sense (`kg/senses.py`). Every item is scored, so that a shorter list is always the head of a longer one.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from .index import FIELDS, Document, Index, Posting, word_by_word
from .question import Question
from .senses import Senses
from .spelling import nearest_word
from .thesaurus import Thesaurus
from .words import STOP_WORDS, stem, weigh

# Chosen on graded questions of several hands; benchmarks/search.py tells what they give.
SATURATION = 1.2  # k1 of BM25: how soon more of the same word adds nothing
WIDER, CORRECTED = 0.4, 0.8  # what a word of the thesaurus, and a corrected one, is worth beside the asker's own
SENSE = 0.9  # what nearness of sense is worth beside words
BEST, AGAIN = 4, 0.5  # of how many of the best, and what it is worth, that others are near to them in sense
SENSE_WIDER = 0.3  # and how much words of the thesaurus point there
WHOLE: Mapping[str, float] = {"whole_label": 1.0, "whole_also": 0.7}  # that the question holds a whole name
EXACT = 1.0  # and nothing else
UNKNOWN = 5.0  # the rarity of a word that stands nowhere, as if a few items held it

LEAST_SHARE, LEAST_SENSE = 0.2, 0.3  # an item that has less of the question, and less to do with it, is not looked at
MOST_MENDED = 4  # words that are corrected: what is typed must not cost more than a search does


@dataclass(frozen=True, slots=True)
class Match:
    """One item found.

    :ivar words: how many words of the question it holds. :ivar share: the same as a part of the question, from 0 to 1, rare words counting
        more. :ivar sense: how near it is in sense, a cosine. :ivar where: the word asked for, the stem that stands for it, and where that
        stands.
    """

    document: Document
    score: float
    words: int
    share: float
    sense: float
    where: tuple[tuple[str, str, Posting], ...]

    @property
    def id(self) -> str:
        """The id of the item."""
        return self.document.id


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every item that has to do with the question, best first.

    :ivar asked: stem -> the word that was typed, as it is read. :ivar words: the same, with every stem that stands for one.
    :ivar corrected: typed word -> the word that it is read as. :ivar widened: words of the same meaning that were looked for too.
    :ivar known: how much of the question is words that stand anywhere, from 0 to 1, rare words counting more.
    """

    matches: tuple[Match, ...]
    known: float
    asked: Mapping[str, str]
    words: Mapping[str, str]
    corrected: Mapping[str, str]
    widened: tuple[str, ...]

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


@dataclass(slots=True)
class _Found:
    """What is known of an item while words are looked for."""

    score: float = 0.0
    gained: float = 0.0
    words: set[str] = field(default_factory=set)
    where: list[tuple[str, str, Posting]] = field(default_factory=list)  # asked stem, stem found, posting


class Ranker:
    """Ranks the items of one index. Safe to share between threads."""

    def __init__(self, index: Index, senses: Senses, thesaurus: Thesaurus) -> None:
        self._index, self._senses, self._thesaurus = index, senses, thesaurus
        self._sense_place = {item: place for place, item in enumerate(senses.items)}
        self._idf = lru_cache(maxsize=50_000)(self._measure_idf)

    def rank(self, question: Question) -> Ranking:
        """Rank every item that has to do with a question."""
        quoted = {found for phrase in question.phrases for found in phrase}  # as typed, or not at all
        corrected = self.correct({found: word for found, word in question.words.items() if found not in quoted})
        meant = {stem(other): word for word, other in corrected.items()}
        asked = {found: word for found, word in question.words.items() if word not in corrected} | meant
        wider = self._thesaurus.find_wider(asked)
        groups, words = self._groups(asked, corrected, wider, question.beginnings)
        rarity = {each: self._rarity(each, members) * weigh(words.get(each, "")) for each, members in groups.items()}
        total = sum(rarity.values())
        known = sum(each for found, each in rarity.items() if self._is_held(groups[found])) / total
        found = self._look(groups, rarity, self._unlike(question.stems), words)
        self._add_wholes(found, question, rarity)
        weights = {found: weigh(word) for found, word in asked.items()}
        weights |= {found: SENSE_WIDER for stems in wider for found in stems.split() if found not in asked}
        first = self._candidates(found, self._senses.near_items(self._senses.direction(weights)), total, question)
        matches = tuple(sorted(self._look_again(first), key=_order))
        also = tuple(dict.fromkeys(word for word, _ in wider.values()))
        return Ranking(matches, known, asked, words, corrected, also)

    @cached_property
    def everything(self) -> Ranking:
        """Every item, all alike, in reading order: what is left where filters are chosen and no words."""
        documents = [self._index.document(place) for place in range(self._index.size)]
        return Ranking(tuple(Match(each, 1.0, 0, 1.0, 0.0, ()) for each in documents), 1.0, {}, {}, {}, ())

    @cached_property
    def _sense_places(self) -> list[int | None]:
        """Place in the index -> place in the senses, which hold no topics."""
        return [self._sense_place.get(self._index.document(place).id) for place in range(self._index.size)]

    def like(self, item: str, limit: int) -> list[tuple[Document, float]]:
        """The items that are nearest in sense to one of them, the nearest first."""
        place = self._sense_place.get(item)
        if place is None:
            return []
        near = sorted(enumerate(self._senses.near_item(place)), key=lambda pair: (-pair[1], pair[0]))
        chosen = [(self._senses.items[other], score) for other, score in near if other != place][:limit]
        documents = {self._index.document(each).id: each for each in range(self._index.size)}
        return [(self._index.document(documents[other]), round(score, 4)) for other, score in chosen]

    def correct(self, words: Mapping[str, str]) -> dict[str, str]:
        """Which words are read as another one: those that stand nowhere, or only among misspellings."""
        unknown = [word for found, word in words.items() if word not in STOP_WORDS and not self._is_known(found)]
        near = {word: nearest_word(word, self._index.words) for word in unknown[:MOST_MENDED]}
        return {word: meant for word, meant in near.items() if meant and stem(meant) not in words}

    def _is_known(self, found: str) -> bool:
        postings = self._index.postings(found)
        return any(posting.fields != ("hidden",) for posting in postings.values()) or self._widens(found)

    def _widens(self, found: str) -> bool:
        return bool(self._thesaurus.find_wider([found]))

    def _groups(
        self,
        asked: Mapping[str, str],
        corrected: Mapping[str, str],
        wider: Mapping[str, tuple[str, str]],
        beginnings: Iterable[str],
    ) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
        """Each word asked for, with all the stems that stand for it and what they are worth; and each stem as it is told."""
        groups = {found: {found: CORRECTED if word in corrected else 1.0} for found, word in asked.items()}
        words = dict(asked)
        for found, word in asked.items():
            if word in corrected and self._index.postings(stem(word)):
                groups[found][stem(word)] = 1.0
                words[stem(word)] = word
        for found, (word, trigger) in wider.items():
            groups[trigger][found] = WIDER
            words[found] = word
        for letters in beginnings:
            begun = {stem(word): word for word in self._index.beginning_with(letters)}
            groups[f"{letters}*"] = dict.fromkeys(begun, 1.0)
            words |= {**begun, f"{letters}*": letters}
        return groups, words

    def _rarity(self, asked: str, members: Mapping[str, float]) -> float:
        """How rare a word is (the idf of BM25); of a word that stands nowhere, of the rarest that stands for it."""
        own = self._idf(asked) if asked in members else 0.0
        return own or max((self._idf(other) for other in members), default=0.0) or UNKNOWN

    def _measure_idf(self, found: str) -> float:
        holding = sum(posting.core for posting in self._index.postings(found).values())
        return math.log(1 + (self._index.size - holding + 0.5) / (holding + 0.5)) if holding else 0.0

    def _is_held(self, members: Mapping[str, float]) -> bool:
        return any(self._index.postings(each) for each in members)

    def _look(
        self,
        groups: Mapping[str, Mapping[str, float]],
        rarity: Mapping[str, float],
        unlike: Mapping[int, Collection[str]],
        words: Mapping[str, str],
    ) -> dict[int, _Found]:
        """Score every item that holds a word, or one of the same meaning; of several for one word only the best counts."""
        found: dict[int, _Found] = {}
        for asked, members in groups.items():
            best: dict[int, tuple[float, str, float, Posting]] = {}
            for each, worth in members.items():
                idf = self._idf(each) * weigh(words[asked])
                for place, posting in self._index.postings(each).items():
                    if asked in unlike.get(place, ()):
                        continue
                    value = worth * idf * posting.weight / (SATURATION + posting.weight)
                    if place not in best or value > best[place][0]:
                        best[place] = (value, each, worth, posting)
            for place, (value, each, worth, posting) in best.items():
                one = found.setdefault(place, _Found())
                one.score += value
                if posting.core:
                    one.gained += rarity[asked] * (1.0 if worth > WIDER else 0.8)
                    one.words.add(asked)
                one.where.append((asked, each, posting))
        return found

    def _unlike(self, stems: Sequence[str]) -> dict[int, set[str]]:
        """Items of which the question holds a phrase that sounds like them but means something else: the words that do not count."""
        unlike: dict[int, set[str]] = {}
        for run in _runs(stems):
            for place in self._index.whole("unlike", "_".join(run)):
                unlike.setdefault(place, set()).update(run)
        return unlike

    def _add_wholes(self, found: dict[int, _Found], question: Question, rarity: Mapping[str, float]) -> None:
        """Add what it is worth that the question holds the whole label of an item, or another name, the more the more of it that is."""
        total = sum(rarity.get(each, 0.0) for each in question.stems) or sum(rarity.values())
        wholes = {"_".join(run): sum(rarity.get(each, 0.0) for each in run) / total for run in _runs(question.stems)}
        exact = ("_".join(question.stems), word_by_word(question.plain))
        wholes[exact[1]] = 1.0
        for joined, part in wholes.items():
            for name, worth in WHOLE.items():
                for place in self._index.whole(name, joined):
                    one = found.setdefault(place, _Found())
                    one.score += worth * part * part * total
                    if joined in exact:
                        one.score += EXACT * worth * total
                        one.gained = total

    def _candidates(
        self, found: Mapping[int, _Found], sense: Sequence[float], total: float, question: Question
    ) -> list[Match]:
        """What has enough of the question, or is near enough to it in sense, in reading order."""
        nothing, candidates = _Found(), []
        near = [max(sense[number], 0.0) if number is not None else 0.0 for number in self._sense_places]
        for place in sorted({*found, *(place for place, score in enumerate(near) if score >= LEAST_SENSE)}):
            one = found.get(place, nothing)
            share = min(1.0, one.gained / total)
            if share < LEAST_SHARE and near[place] < LEAST_SENSE:
                continue
            document = self._index.document(place)
            if _obeys(document, question):
                score = one.score / total + SENSE * near[place]
                candidates.append(Match(document, score, len(one.words), share, near[place], tuple(one.where)))
        return candidates

    def _look_again(self, first: Sequence[Match]) -> Iterable[Match]:
        """Score once more by nearness to the best of the first look: what is relevant is like what is relevant (Rocchio 1971)."""
        best = sorted(
            (match for match in first if match.id in self._sense_place), key=lambda match: (-match.score, match.id)
        )[:BEST]
        towards = self._senses.between({self._sense_place[match.id]: match.score for match in best})
        near = [match for match in first if match.id in self._sense_place]
        again = self._senses.near_items(towards, [self._sense_place[match.id] for match in near])
        gained = {match.id: AGAIN * max(score, 0.0) for match, score in zip(near, again, strict=True)}
        for match in first:
            yield replace(match, score=round(match.score + gained.get(match.id, 0.0), 6))


def _order(match: Match) -> tuple[float, str]:
    return -match.score, match.id


def _runs(stems: Sequence[str], longest: int = 8) -> Iterable[tuple[str, ...]]:
    """Every run of stems side by side, each once: up to a length, and the whole."""
    whole = tuple(stems)
    runs = {whole[start : start + size] for size in range(1, longest + 1) for start in range(len(whole) - size + 1)}
    return sorted(runs | ({whole} if whole else set()))


def _obeys(document: Document, question: Question) -> bool:
    """Whether the item holds every quoted phrase, and nothing that is to be left out."""
    if not question.phrases and not question.without:
        return True
    said = [f" {each} " for each in document.spoken]

    def holds(stems: Sequence[str]) -> bool:
        return any(f" {' '.join(stems)} " in each for each in said)

    return all(map(holds, question.phrases)) and not any(map(holds, question.without))
