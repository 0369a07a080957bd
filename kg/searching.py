"""Questions of words, from what was typed to results that say why: reading, ranking, filtering, explaining. No Whoosh and no SQL here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

from .errors import BadQuery
from .filters import FACETS, Filters, read_filters
from .index import CORE, Document, Index
from .question import Names, Question, read_question, to_names
from .ranking import Match, Ranker, Ranking
from .reader import Reader, to_brief
from .results import Alike, Brief, Choice, Hit, SearchResults, Suggestion
from .results import Suggestions as Suggested
from .senses import Senses
from .spelling import one_letter_away
from .suggestions import Suggestions
from .thesaurus import Thesaurus
from .words import STOP_WORDS, mark_words, stem, to_words

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


class Searcher:
    """Answers questions of words over one build. Safe to share between threads."""

    def __init__(self, index: Index, senses: Senses, reader: Reader) -> None:
        self._index, self._senses, self._reader = index, senses, reader
        self._words_of = lru_cache(maxsize=10_000)(self._read_words)
        self._ranker = Ranker(index, senses, Thesaurus(reader.snapshot.meta("thesaurus")))

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
        found = _accepted(ranking, filters)
        if not found and question.kinds:
            again = self.search(text, limit=limit, start=start, chosen=chosen, infer=False)
            note = "Nothing of the kind that the question names answers it, so every kind is shown."
            return replace(again, notes=(*again.notes, note)) if again.results else again
        return SearchResults(
            query=text,
            results=tuple(self._hit(match, ranking) for match in found[start : start + limit]),
            total=len(found),
            facets=self._facets(ranking, filters, given),
            corrected=ranking.corrected,
            did_you_mean=self._did_you_mean(text, question, ranking, len(found)),
            widened=ranking.widened,
            nearest=() if found else self._nearest_topics(ranking),
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

    def rank(self, text: str, kinds: Sequence[str]) -> list[Match]:
        """What answers a question among some kinds, best first: nothing that is far behind the best of every kind."""
        found = _accepted(self._ranker.rank(read_question(text)), Filters({}, {}, {}))
        return [match for match in found if match.document.kind in kinds and match.score >= NEAR_BEST * found[0].score]

    def like(self, item_id: str, limit: int) -> Alike:
        """See :meth:`kg.queries.KnowledgeGraph.like`."""
        item = self._reader.item(item_id)
        own = self._words_of(item.id)
        hits = []
        for document, score in self._ranker.like(item.id, limit):
            other = self._reader.item(document.id)
            shared = [each for each in self._words_of(other.id) if each in own]
            why = {"field": "sense", "words": [own[each] for each in sorted(shared, key=self._spread)[:6]]}
            hits.append(_to_hit(other, score, (why,), shared))
        return Alike(to_brief(item), tuple(hits))

    def suggest(self, typed: str, limit: int) -> Suggested:
        """See :meth:`kg.queries.KnowledgeGraph.suggest`."""
        if limit < 1:
            raise BadQuery(f"The limit is {limit}.", "Ask for at least one suggestion.")
        return Suggested(typed, tuple(Suggestion(*each) for each in self._suggestions.find(typed, limit)))

    @cached_property
    def _suggestions(self) -> Suggestions:
        return Suggestions(self._reader.snapshot.items(), frozenset(self._reader.snapshot.meta("quiet")))

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

    def _facets(self, ranking: Ranking, filters: Filters, given: Filters) -> dict[str, tuple[Choice, ...]]:
        counts = filters.count(_values(match.document) for match in _answering(ranking, filters))
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
            known = self._index.words
            better = [each for each in one_letter_away(word) & known.keys() if known[each] > 3 * known.get(word, 0)]
            if len(word) > 3 and word not in STOP_WORDS and better:
                near[word] = max(better, key=lambda each: (known[each], each))
        return " ".join(near.get(word, word) for word in question.words.values()) if near else None

    def _nearest_topics(self, ranking: Ranking) -> tuple[Brief, ...]:
        """The topics of what is nearest, though it does not answer; of everything, if nothing is near."""
        counted = Counter(topic for match in ranking.matches[:20] for topic in match.document.topics)
        topics = [self._reader.item(topic) for topic, _ in counted.most_common(MOST_TOPICS)]
        if not topics:
            topics = [item for item in self._reader.snapshot.items(kind="topic") if not item.parent]
        return tuple(to_brief(topic) for topic in topics)

    def _read_words(self, item_id: str) -> dict[str, str]:
        """The words of an item's names: stem -> word."""
        item = self._reader.item(item_id)
        return to_words(" ".join((item.label, *item.also)))

    def _spread(self, found: str) -> int:
        return len(self._index.postings(found))

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


def _values(document: Document) -> dict[str, Sequence[str]]:
    return {
        "kind": (document.kind,),
        "source": (document.source,),
        "theme": document.themes,
        "topic": document.topics,
        "audience": document.audiences,
    }


def _accepted(ranking: Ranking, filters: Filters) -> list[Match]:
    """What answers, of what is let through; topics only where they are asked for."""
    return [match for match in _answering(ranking, filters) if filters.accept(_values(match.document))]


def _answering(ranking: Ranking, filters: Filters) -> list[Match]:
    """The matches without their weak tail: none at all if even the best do not answer.

    Nearness of sense counts as far as the words of the question are known: of "how to install software" only "how" would be.
    """
    topics = "topic" in filters.wanted.get("kind", ())
    matches = [match for match in ranking.matches if topics or match.document.kind != "topic"]
    enough = OF_LONG if len(ranking.asked) >= LONG else ANSWERING
    if not any(match.share + match.sense * ranking.known >= enough for match in matches[:MOST_LOOKED_AT]):
        return []
    least = LEAST_OF_BEST * min(matches[0].score, FULL)
    return [match for match in matches if match.score >= least]
