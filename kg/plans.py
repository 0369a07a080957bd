"""What a question looks for: the stems that stand for each of its words, and what each is worth. No engine here.

A word counts by where it stands and by how rare it is (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and
Beyond"); a whole name that is asked for counts more; words of the thesaurus count less than the asker's own; to this is added how near the
item is in sense (`kg/senses.py`). `kg/ranking.py` weighs small indexes by a plan, `kg/ranking_arrays.py` large ones, to the same scores.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from .indexing import word_by_word
from .question import Question
from .spelling import Vocabulary, nearest_word
from .thesaurus import Thesaurus
from .words import STOP_WORDS, stem, weigh

# Chosen on graded questions of several hands; benchmarks/search.py tells what they give.
SATURATION = 1.2  # k1 of BM25: how soon more of the same word adds nothing
WIDER, CORRECTED = 0.4, 0.8  # what a word of the thesaurus, and a corrected one, is worth beside the asker's own
BY_WIDER = 0.8  # how much of a word an item has that holds only one of the same meaning
SENSE = 0.9  # what nearness of sense is worth beside words
BEST, AGAIN = 4, 0.5  # of how many of the best, and what it is worth, that others are near to them in sense
SENSE_WIDER = 0.3  # and how much words of the thesaurus point there
WHOLE: Mapping[str, float] = {"whole_label": 1.0, "whole_also": 0.7}  # that the question holds a whole name
EXACT = 1.0  # and nothing else
UNKNOWN = 5.0  # the rarity of a word that stands nowhere, as if a few items held it

LEAST_SHARE, LEAST_SENSE = 0.2, 0.3  # an item that has less of the question, and less to do with it, is not looked at
MOST_MENDED = 4  # words that are corrected: what is typed must not cost more than a search does


class Words(Protocol):
    """What is asked of an index, whichever engine keeps it."""

    size: int

    @property
    def vocabulary(self) -> Vocabulary:
        """Every word as it is written."""

    def holding(self, stems: str) -> int:
        """How many items say a stem of themselves, or several side by side."""

    def spread(self, stems: str) -> int:
        """How many items hold it anywhere."""

    def is_known(self, stem: str) -> bool:
        """Whether it stands anywhere but among misspellings."""

    def whole(self, name: str, joined: str) -> Sequence[int]:
        """Places of items of which this is a whole name."""

    def close(self) -> None:
        """Let go of the files."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a question looks for.

    :ivar groups: each word asked for, with all the stems that stand for it and what they are worth. :ivar worth: the same with rarity.
    :ivar rarity: word asked for -> how much of the question it is. :ivar total: the sum of that.
    :ivar unlike: place of an item -> the words that do not count there. :ivar wholes: place of an item -> what its whole names add.
    :ivar exact: places of items of which the question is a whole name. :ivar pointing: stem -> how much it points to a sense.
    """

    question: Question
    asked: Mapping[str, str]
    words: Mapping[str, str]
    corrected: Mapping[str, str]
    widened: tuple[str, ...]
    groups: Mapping[str, Mapping[str, float]]
    worth: Mapping[str, Mapping[str, float]]
    rarity: Mapping[str, float]
    total: float
    known: float
    unlike: Mapping[int, set[str]]
    wholes: Mapping[int, float]
    exact: frozenset[int]
    pointing: Mapping[str, float]

    @property
    def told(self) -> tuple[float, Mapping[str, str], Mapping[str, str], Mapping[str, str], tuple[str, ...]]:
        """What a ranking tells of the question."""
        return self.known, self.asked, self.words, self.corrected, self.widened


class Planner:
    """Plans what to look for in one index. Safe to share between threads."""

    def __init__(self, index: Words, thesaurus: Thesaurus) -> None:
        self._index, self._thesaurus = index, thesaurus
        self._idf = lru_cache(maxsize=20_000)(self._measure_idf)

    def plan(self, question: Question) -> Plan:
        """Plan what to look for."""
        quoted = {found for phrase in question.phrases for found in phrase}  # as typed, or not at all
        corrected = self.correct({found: word for found, word in question.words.items() if found not in quoted})
        meant = {stem(other): word for word, other in corrected.items()}
        asked = {found: word for found, word in question.words.items() if word not in corrected} | meant
        wider = self._thesaurus.find_wider(asked)
        groups, words = self._groups(asked, corrected, wider, question.beginnings)
        rarity = {each: self._rarity(each, members) * weigh(words.get(each, "")) for each, members in groups.items()}
        total = sum(rarity.values())
        wholes, exact = self._wholes(question, rarity, total)
        pointing = {found: weigh(word) for found, word in asked.items()}
        pointing |= {found: SENSE_WIDER for stems in wider for found in stems.split() if found not in asked}
        return Plan(
            question=question,
            asked=asked,
            words=words,
            corrected=corrected,
            widened=tuple(dict.fromkeys(word for word, _ in wider.values())),
            groups=groups,
            worth={
                asked: {each: worth * (self._idf(each) * weigh(words[asked])) for each, worth in members.items()}
                for asked, members in groups.items()
            },
            rarity=rarity,
            total=total,
            known=sum(each for found, each in rarity.items() if any(map(self._index.spread, groups[found]))) / total,
            unlike=self._unlike(question.stems),
            wholes=wholes,
            exact=exact,
            pointing=pointing,
        )

    def correct(self, words: Mapping[str, str]) -> dict[str, str]:
        """Which words are read as another one: those that stand nowhere, or only among misspellings."""
        unknown = [word for found, word in words.items() if word not in STOP_WORDS and not self._is_known(found)]
        near = {word: nearest_word(word, self._index.vocabulary) for word in unknown[:MOST_MENDED]}
        return {word: meant for word, meant in near.items() if meant and stem(meant) not in words}

    def _is_known(self, found: str) -> bool:
        return self._index.is_known(found) or bool(self._thesaurus.find_wider([found]))

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
            if word in corrected and self._index.spread(stem(word)):
                groups[found][stem(word)] = 1.0
                words[stem(word)] = word
        for found, (word, trigger) in wider.items():
            groups[trigger][found] = WIDER
            words[found] = word
        for letters in beginnings:
            begun = {stem(word): word for word in self._index.vocabulary.beginning_with(letters)}
            groups[f"{letters}*"] = dict.fromkeys(begun, 1.0)
            words |= {**begun, f"{letters}*": letters}
        return groups, words

    def _rarity(self, asked: str, members: Mapping[str, float]) -> float:
        """How rare a word is (the idf of BM25); of a word that stands nowhere, of the rarest that stands for it."""
        own = self._idf(asked) if asked in members else 0.0
        return own or max((self._idf(other) for other in members), default=0.0) or UNKNOWN

    def _measure_idf(self, found: str) -> float:
        holding = self._index.holding(found)
        return math.log(1 + (self._index.size - holding + 0.5) / (holding + 0.5)) if holding else 0.0

    def _unlike(self, stems: Sequence[str]) -> dict[int, set[str]]:
        """Items of which the question holds a phrase that sounds like them but means something else: the words that do not count."""
        unlike: dict[int, set[str]] = {}
        for run in _runs(stems):
            for place in self._index.whole("unlike", "_".join(run)):
                unlike.setdefault(place, set()).update(run)
        return unlike

    def _wholes(
        self, question: Question, rarity: Mapping[str, float], all_words: float
    ) -> tuple[dict[int, float], frozenset[int]]:
        """What it is worth that the question holds the whole label of an item, or another name, the more the more of it that is."""
        total = sum(rarity.get(each, 0.0) for each in question.stems) or all_words
        wholes = {"_".join(run): sum(rarity.get(each, 0.0) for each in run) / total for run in _runs(question.stems)}
        alone = ("_".join(question.stems), word_by_word(question.plain))
        wholes[alone[1]] = 1.0
        added: dict[int, float] = {}
        exact: dict[int, float] = {}
        for joined, part in wholes.items():
            for name, worth in WHOLE.items():
                for place in self._index.whole(name, joined):
                    added[place] = added.get(place, 0.0) + worth * part * part * total
                    if joined in alone:
                        added[place] += EXACT * worth * total
                        exact[place] = total
        return added, frozenset(exact)


def _runs(stems: Sequence[str], longest: int = 8) -> Iterable[tuple[str, ...]]:
    """Every run of stems side by side, each once: up to a length, and the whole."""
    whole = tuple(stems)
    runs = {whole[start : start + size] for size in range(1, longest + 1) for start in range(len(whole) - size + 1)}
    return sorted(runs | ({whole} if whole else set()))
