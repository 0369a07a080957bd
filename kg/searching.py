"""Questions of words, from what was typed to results that say why: reading, ranking, filtering, explaining. No Whoosh and no SQL here."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from .config import LARGE
from .errors import BadQuery
from .filters import FACETS, Filters, read_filters
from .indexing import CORE
from .question import Names, Question, read_question, to_names
from .ranked import Match, Narrowed, Ranking
from .reader import Reader, to_brief
from .results import Alike, Brief, Choice, Hit, SearchResults, Suggestion
from .results import Suggestions as Suggested
from .spelling import one_letter_away
from .words import STOP_WORDS, mark_words, stem, to_words

if TYPE_CHECKING:
    from .folders import OpenBuild
    from .plans import Words

Chosen = Mapping[str, Iterable[str]]

# Nothing answers a question of which no item has so much, in words and in sense together (at most 2); chosen on questions of which some
# have no answer, see benchmarks/search.py.
# Of a long one it needs less: who describes a situation names more than any item holds.
ANSWERING, OF_LONG, LONG = 1.0, 0.88, 5  # telling words
MOST_LOOKED_AT = 10  # of the best, when it is asked whether anything answers
EXPLAINED = 0.55  # the share of the question from which its words alone explain a result
LEAST_OF_BEST, FULL = (
    0.3,
    1.5,
)  # what is so far behind the best is a tail, not an answer; more than this the best need not have
NEAR_BEST = 0.6  # what is so far behind the best of any kind is no barrier or harm that the question is about
FEW = 3  # results, below which another question is thought of
MOST_TOPICS = 5
MOST_EXPLAINED, MOST_COMPARED = (
    4,
    24,
)  # words of the question of which is told what they are near to; words of an item, its label first
NEAR_SENSE = 0.45  # how near two words are that are told to be near in meaning


class Ranks(Protocol):
    """What is asked of a ranker, whichever engine it ranks by."""

    def rank(self, question: Question) -> Ranking:
        """Rank every item that has to do with a question."""

    @property
    def everything(self) -> Ranking:
        """Every item, all alike, in reading order."""

    def like(self, item: str, limit: int) -> list[tuple[str, float]]:
        """The items that are nearest in sense to one of them, the nearest first."""

    def correct(self, words: Mapping[str, str]) -> dict[str, str]:
        """Which words are read as another one."""


class Nearness(Protocol):
    """What is asked of the senses to explain a result."""

    def nearest_stem(self, stem: str, others: Collection[str]) -> tuple[str, float]:
        """Which of the other stems is nearest to a stem, and how near."""


class Suggests(Protocol):
    """What is asked of the suggestions."""

    def find(self, typed: str, limit: int) -> list[tuple[str, str, str]]:
        """Names of which some word begins as *typed* does."""


def open_searcher(build: OpenBuild, reader: Reader) -> Searcher:
    """A searcher by the engines that the build was made with."""
    from .folders import INDEX, SENSES
    from .thesaurus import Thesaurus

    thesaurus = Thesaurus(reader.snapshot.meta("thesaurus"))
    if reader.snapshot.meta("engines") == LARGE:
        from .index_arrays import ArrayIndex
        from .ranking_arrays import ArrayRanker
        from .senses_arrays import ArraySenses
        from .suggestions_arrays import ArraySuggestions

        folder = build.checked(INDEX)
        arrays = ArrayIndex(folder)
        seen = ArraySenses(folder, arrays.number)
        return Searcher(arrays, ArrayRanker(arrays, seen, thesaurus), seen, lambda: ArraySuggestions(folder), reader)
    from .index import Index  # Whoosh takes most of the time of a cold start
    from .ranking import Ranker
    from .senses import Senses
    from .suggestions import Suggestions

    index, senses = Index(build.checked(INDEX)), Senses(build.checked(SENSES))

    def suggestions() -> Suggests:
        return Suggestions(reader.snapshot.items(), frozenset(reader.snapshot.meta("quiet")))

    return Searcher(index, Ranker(index, senses, thesaurus), senses, suggestions, reader)


class Searcher:
    """Answers questions of words over one build. Safe to share between threads."""

    def __init__(
        self, index: Words, ranker: Ranks, senses: Nearness, suggestions: Callable[[], Suggests], reader: Reader
    ) -> None:
        self._index, self._ranker, self._senses, self._reader = index, ranker, senses, reader
        self._open_suggestions = suggestions
        self._words_of = lru_cache(maxsize=10_000)(self._read_words)

    def close(self) -> None:
        """Let go of the files."""
        self._index.close()

    def search(
        self, text: str, *, limit: int, start: int = 0, chosen: Chosen | None = None, infer: bool = True
    ) -> SearchResults:
        """See :meth:`kg.queries.KnowledgeGraph.search`."""
        if limit < 1 or start < 0:
            raise BadQuery(f"The limit is {limit}, the start {start}.", "Ask for at least one result, from 0 on.")
        given = read_filters(chosen or {}, self._known, self._reader.terms.wider)
        wordless = not text.strip() and bool(given.wanted or given.unwanted)
        question = (
            Question({})
            if wordless
            else self._read(text, self._names if infer and "kind" not in given.wanted else None)
        )
        asked = {"kind": question.kinds, "audience": question.audiences}
        filters = replace(given, wanted={**{facet: each for facet, each in asked.items() if each}, **given.wanted})
        ranking = self._ranker.everything if wordless else self._ranker.rank(question)
        found = _narrow(ranking, filters)
        if not found.total and question.kinds:
            again = self.search(text, limit=limit, start=start, chosen=chosen, infer=False)
            note = "Nothing of the kind that the question names answers it, so every kind is shown."
            return replace(again, notes=(*again.notes, note)) if again.results else again
        return SearchResults(
            query=text,
            results=tuple(self._hit(match, ranking) for match in found.page(start, start + limit)),
            total=found.total,
            facets=self._facets(found, filters, given),
            corrected=ranking.corrected,
            did_you_mean=self._did_you_mean(text, question, ranking, found.total),
            widened=ranking.widened,
            nearest=() if found.total else self._nearest_topics(ranking),
            notes=question.notes,
        )

    def _read(self, text: str, names: Names | None) -> Question:
        """The question; if its words ask for no kind, but would if they were spelt right, as if they were."""
        typed = read_question(text)
        if names and self._index.whole("whole_label", "_".join(typed.stems)):
            return typed  # the name of an item, such as "Barriers to healing", asks for that item
        question = read_question(text, names)
        if names and not question.kinds:
            meant = self._ranker.correct(question.words)
            again = (
                read_question(" ".join(meant.get(piece.lower(), piece) for piece in text.split()), names)
                if meant
                else question
            )
            return again if again.kinds else question
        return question

    def rank(self, text: str, kinds: Sequence[str], most: int) -> list[Match]:
        """What answers a question among some kinds, best first, of each kind at most so many: nothing far behind the best of every kind."""
        ranking = self._ranker.rank(read_question(text))
        best = ranking.head(1, topics=False)
        found = _narrow(ranking, Filters({}, {}, {}))
        return found.best_of(kinds, most, NEAR_BEST * best[0].score) if best else []

    def like(self, item_id: str, limit: int) -> Alike:
        """See :meth:`kg.queries.KnowledgeGraph.like`."""
        item = self._reader.item(item_id)
        own = self._words_of(item.id)
        hits = []
        for near, score in self._ranker.like(item.id, limit):
            other = self._reader.item(near)
            shared = [each for each in self._words_of(other.id) if each in own]
            why = {"field": "sense", "words": [own[each] for each in sorted(shared, key=self._index.spread)[:6]]}
            hits.append(_to_hit(other, score, (why,), shared))
        return Alike(to_brief(item), tuple(hits))

    def suggest(self, typed: str, limit: int) -> Suggested:
        """See :meth:`kg.queries.KnowledgeGraph.suggest`."""
        if limit < 1:
            raise BadQuery(f"The limit is {limit}.", "Ask for at least one suggestion.")
        return Suggested(typed, tuple(Suggestion(*each) for each in self._suggestions.find(typed, limit)))

    @cached_property
    def _suggestions(self) -> Suggests:
        return self._open_suggestions()

    @cached_property
    def _names(self) -> Names:
        terms = self._reader.terms
        called = {kind.id: (kind.plural, *kind.called) for kind in terms.kinds.values()}
        audiences = {name: ids[0] for name, ids in to_names(terms.audiences).items()}
        # Who asks what somebody can do wants advice; who asks what a word means, a definition: the ontology says which kinds these are.
        advice = tuple(kind for kind, names in called.items() if "advice" in names)
        defined = tuple(kind for kind, names in called.items() if "definition" in names)
        return Names(to_names(called), audiences, advice, defined)

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        """Facet -> value -> what it is called."""
        reader, terms = self._reader, self._reader.terms
        return {
            "kind": {kind.id: kind.plural for kind in terms.kinds.values()},
            "source": {source.id: source.label for source in reader.sources.values()},
            "theme": {item.id: item.label for item in reader.snapshot.items(kind="theme")},
            "topic": {item.id: item.label for item in reader.snapshot.items(kind="topic")},
            "audience": {audience: names[0] for audience, names in terms.audiences.items()},
        }

    @property
    def _known(self) -> dict[str, Iterable[str]]:
        return {facet: labels.keys() for facet, labels in self._labels.items()}

    def _facets(self, found: Narrowed, filters: Filters, given: Filters) -> dict[str, tuple[Choice, ...]]:
        counts = found.counts()
        facets = {}
        for facet in FACETS:
            wanted, unwanted = filters.wanted.get(facet, ()), filters.unwanted.get(facet, ())
            for value in (*wanted, *unwanted):
                counts[facet].setdefault(value, 0)
            facets[facet] = tuple(
                Choice(
                    facet=facet,
                    value=value,
                    label=self._labels[facet][value],
                    count=count,
                    chosen=True if value in wanted else False if value in unwanted else None,
                    asked=value in wanted and value not in given.wanted.get(facet, ()),
                )
                for value, count in sorted(counts[facet].items(), key=lambda pair: (-pair[1], pair[0]))
            )
        return facets

    def _did_you_mean(self, text: str, question: Question, ranking: Ranking, found: int) -> str | None:
        """Where little was found: the question with each rare word as the common one that is a slip of the keys away."""
        if found > FEW or ranking.corrected:
            return None
        near = {}
        for word in question.words.values():
            if len(word) <= 3 or word in STOP_WORDS:
                continue
            known = self._index.vocabulary.count([word, *one_letter_away(word)])
            better = [each for each in known if known[each] > 3 * known.get(word, 0)]
            if better:
                near[word] = max(better, key=lambda each: (known[each], each))
        return " ".join(near.get(word, word) for word in question.words.values()) if near else None

    def _nearest_topics(self, ranking: Ranking) -> tuple[Brief, ...]:
        """The topics of what is nearest, though it does not answer; of everything, if nothing is near."""
        counted = Counter(topic for match in ranking.head(20, topics=True) for topic in match.topics)
        topics = [self._reader.item(topic) for topic, _ in counted.most_common(MOST_TOPICS)]
        if not topics:
            topics = [item for item in self._reader.snapshot.items(kind="topic") if not item.parent]
        return tuple(to_brief(topic) for topic in topics)

    def _read_words(self, item_id: str) -> dict[str, str]:
        """The words of an item's names: stem -> word."""
        item = self._reader.item(item_id)
        return to_words(" ".join((item.label, *item.also)))

    def _hit(self, match: Match, ranking: Ranking) -> Hit:
        item = self._reader.item(match.id)
        stems = {found for _, each, _ in match.where for found in each.split()}
        stems |= {stem(meant) for meant in ranking.corrected.values()}
        return _to_hit(item, match.score, self._why(match, ranking), stems)

    def _why(self, match: Match, ranking: Ranking) -> tuple[dict[str, Any], ...]:
        """Field by field: the asker's words, and the words of the same meaning, that stand there; then what is only near in meaning."""
        if not ranking.words:
            return ()
        why = []
        matched, widened = ranking.explain(match)
        for name in dict.fromkeys([*matched, *widened]):
            told: dict[str, Any] = {"field": name, "words": list(matched.get(name, ()))}
            if name in widened:
                told["widened"] = list(widened[name])
            why.append(told)
        if not any(each["field"] in CORE for each in why) or match.share < EXPLAINED:
            why += self._near_in_meaning(match, ranking)
        return tuple(why)

    def _near_in_meaning(self, match: Match, ranking: Ranking) -> list[dict[str, Any]]:
        held = {asked for asked, _, posting in match.where if posting.core}
        missing = [found for found in ranking.asked if found not in held][:MOST_EXPLAINED]
        own = dict(islice(self._words_of(match.id).items(), MOST_COMPARED))
        near: dict[str, str] = {}
        for found in missing:
            other, how_near = self._senses.nearest_stem(found, own)
            if how_near >= NEAR_SENSE:
                near[ranking.asked[found]] = own[other]
        if near:
            return [{"field": "sense", "words": list(near), "widened": sorted(set(near.values()))}]
        return [] if match.where else [{"field": "sense", "words": list(ranking.asked.values())}]


def _to_hit(item: Any, score: float, why: tuple[Mapping[str, Any], ...], stems: Iterable[str]) -> Hit:
    held = frozenset(stems)
    marked = {"label": mark_words(item.label, held), "summary": mark_words(item.summary, held)}
    return Hit(item.id, item.kind, item.source, item.label, item.summary, score, why, marked)


def _narrow(ranking: Ranking, filters: Filters) -> Narrowed:
    """What answers, without its weak tail, of what is let through; topics only where they are asked for.

    Nothing at all if even the best do not answer. Nearness of sense counts as far as the words of the question are known: of "how to
    install software" only "how" would be.
    """
    topics = "topic" in filters.wanted.get("kind", ())
    enough = OF_LONG if len(ranking.asked) >= LONG else ANSWERING
    best = ranking.head(MOST_LOOKED_AT, topics=topics)
    answered = any(match.share + match.sense * ranking.known >= enough for match in best)
    least = LEAST_OF_BEST * min(best[0].score, FULL) if answered else math.inf
    return ranking.narrow(filters, least, topics=topics)
