"""Items to a Whoosh index, and questions of words. Nothing else knows Whoosh, so that another engine can take its place.

Whoosh 2.7.4 is used only where it is right: one segment, one searcher behind a lock, a flat OR of terms, ``filter=`` for kinds. Words
are folded and stemmed by `kg/words.py` before Whoosh sees them. Its files are pickles: `kg/build.py` checks them before they are opened.
"""

from __future__ import annotations

import random
import threading
import warnings
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from .errors import BadQuery
from .model import Item, Model
from .thesaurus import StemmedSets, find_wider
from .words import stem, to_asked, to_stems

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of 2016: some of its patterns are spelt in a way that Python now warns of
    from whoosh import fields, query, scoring
    from whoosh.analysis import SpaceSeparatedTokenizer
    from whoosh.filedb.filestore import FileStorage

MAX_QUERY, MOST_MENDED = 1000, 4  # characters; words
TOPICS = query.Term("kind", "topic")

# What a word is worth where it stands: the label says what an item is, the other names how people ask for it.
FIELDS: Mapping[str, float] = {"label": 3.0, "also": 2.4, "hidden": 2.0, "summary": 1.0, "context": 0.3}

# What it is worth that the whole question is the label of an item, or one of its other names.
WHOLE: Mapping[str, float] = {"whole_label": 6.0, "whole_also": 4.0}

# What a word of the thesaurus is worth beside the asker's own, in score and as a share of the question.
WIDER, WIDER_SHARE = 0.35, 0.8
WIDENED = {name: FIELDS[name] for name in ("label", "also", "summary")}


@dataclass(frozen=True, slots=True)
class Match:
    """One item found. :ivar matched: field -> the asker's words that stand in it, most telling field first. :ivar widened: the same for
    words of the thesaurus.
    :ivar words: how many words of the question it holds. :ivar share: the same as a part of the question, from 0 to 1, rare words
    counting more."""

    id: str
    score: float
    words: int
    share: float
    matched: Mapping[str, tuple[str, ...]]
    widened: Mapping[str, tuple[str, ...]]


def build_index(folder: Path, model: Model) -> None:
    """Write the index of a model into an empty folder; the same model gives the same bytes."""
    text = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False, stored=False)
    schema = fields.Schema(
        id=fields.ID(stored=True, unique=True),
        kind=fields.ID(),
        source=fields.ID(),
        **dict.fromkeys(sorted([*FIELDS, *WHOLE]), text),
    )
    labels = {item.id: item for item in model.items}
    with _same_names():
        writer = _SameStorage(str(folder)).create_index(schema).writer(limitmb=256)
        for item in model.items:
            writer.add_document(id=item.id, kind=item.kind, source=item.source, **_texts(item, labels))
        writer.commit(optimize=True)
    for left in folder.glob("*_WRITELOCK"):
        left.unlink()


def _texts(item: Item, items: Mapping[str, Item]) -> dict[str, str]:
    above, parent = [], items.get(item.parent)
    while parent:
        above.append(parent.label)
        parent = items.get(parent.parent)
    texts = {
        "label": item.label,
        "also": " ".join(item.also),
        "hidden": " ".join(item.hidden),
        "summary": item.summary,
        "context": " ".join(above),
    }
    whole = {"whole_label": [item.label], "whole_also": item.also}
    return {
        **{name: " ".join(to_stems(text)) for name, text in texts.items()},
        **{name: " ".join("_".join(to_stems(each)) for each in names) for name, names in whole.items()},
    }


class _SameStorage(FileStorage):  # type: ignore[misc]
    """A folder that always lists its files in the same order and knows no clock: Whoosh writes both into the index."""

    def list(self) -> list[str]:
        return sorted(super().list())

    def file_modified(self, name: str) -> float:
        return 0.0


@contextmanager
def _same_names() -> Iterator[None]:
    """Whoosh names its files at random; from a fixed seed the names, and so the bytes of the build, are the same each time."""
    state = random.getstate()
    random.seed(0)
    try:
        yield
    finally:
        random.setstate(state)


class Index:
    """An open index. One searcher behind a lock: a Whoosh searcher shared between threads gives wrong answers, a lock costs nothing."""

    def __init__(self, folder: Path, thesaurus: StemmedSets) -> None:
        """:param thesaurus: sets of words that mean the same; see :func:`kg.thesaurus.find_wider`."""
        self._thesaurus = thesaurus
        self._searcher = (
            FileStorage(str(folder), readonly=True).open_index().searcher(weighting=scoring.BM25F(B=0.6, K1=1.2))
        )
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()

    def search(
        self, text: str, *, limit: int = 20, kind: Collection[str] | None = None, source: str | None = None
    ) -> list[Match]:
        """Items that hold words of *text*, best first.

        A word counts by where it stands (``FIELDS``) and by how rare it is (BM25F); items that answer more of the question come first.
        A word that stands nowhere is read as the nearest one that does, one letter away. Words that mean the same are looked for too, at
        a lower weight. Topics are found only where they are asked for.

        :param kind: only these kinds.
        :raises BadQuery: if the text has no word, or more than ``MAX_QUERY`` characters.
        """
        typed = check_query(text)
        filters = {"kind": kind, "source": [source] if source else None}
        only = [query.Or([query.Term(name, each) for each in values]) for name, values in filters.items() if values]
        with self._lock:
            asked = self._spelt(typed)
            terms = [query.Term(name, each, boost=boost) for each in asked for name, boost in FIELDS.items()]
            wider = find_wider(asked, self._thesaurus)
            terms += [query.Term(name, each, boost=boost * WIDER) for each in wider for name, boost in WIDENED.items()]
            terms += [query.Term(name, "_".join(to_stems(text)), boost=boost) for name, boost in WHOLE.items()]
            hits = self._searcher.search(
                query.Or(terms),
                limit=max(100, 5 * limit),
                terms=True,
                filter=query.And(only) if only else None,
                mask=None if kind else TOPICS,
            )
            weights = {each: self._weight(each) for each in asked}
            found = [_to_match(hit, asked, wider, weights) for hit in hits]
        return sorted(found, key=lambda match: (-match.score, match.id))[:limit]

    def _spelt(self, asked: dict[str, str]) -> dict[str, str]:
        """The words asked for, each unknown one read as the commonest known one that is one letter away, if there is any.

        At most ``MOST_MENDED`` words are mended, none shorter than 5 or longer than 20 letters: what is typed must not cost more than a
        search does.
        """
        unknown = [
            word
            for found, word in asked.items()
            if not self._frequency(found) and word.isalpha() and 5 <= len(word) <= 20
        ]
        mended = {word: self._near(word) for word in unknown[:MOST_MENDED]}
        return {mended.get(word) or found: word for found, word in asked.items()}

    def _frequency(self, found: str) -> int:
        return sum(int(self._searcher.doc_frequency(name, found)) for name in FIELDS)

    def _near(self, word: str) -> str | None:
        near = {stem(each) for each in one_letter_away(word)} & self._lexicon
        return max(near, key=lambda each: (self._frequency(each), each), default=None)

    @cached_property
    def _lexicon(self) -> frozenset[str]:
        """Every word that stands somewhere; read only when somebody mistypes."""
        reader = self._searcher.reader()
        return frozenset(term.decode() for name in FIELDS for term in reader.lexicon(name))

    def _weight(self, found: str) -> float:
        return max(float(self._searcher.idf(name, found)) for name in FIELDS)


def one_letter_away(word: str) -> set[str]:
    """Every word that one slip of the keys makes of *word*: a letter too many, too few, another, or two swapped.

    >>> "fund" in one_letter_away("fnud") and "grant" in one_letter_away("grnt")
    True
    """
    splits = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    fewer = {left + right[1:] for left, right in splits if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    other = {left + letter + right[1:] for left, right in splits if right for letter in ascii_lowercase}
    more = {left + letter + right for left, right in splits for letter in ascii_lowercase}
    return (fewer | swapped | other | more) - {word}


def check_query(text: str) -> dict[str, str]:
    """The words of a question, or why it cannot be asked. :raises BadQuery: if it has none, or is too long."""
    if len(text) > MAX_QUERY:
        raise BadQuery(
            f"The question has {len(text)} characters; at most {MAX_QUERY} can be read.",
            "Ask with the few words that matter most.",
        )
    asked = to_asked(text)
    if not asked:
        raise BadQuery("The question holds no word.", 'Ask with a few words, such as: kg search "bank account"')
    return asked


def _to_match(
    hit: Any, asked: Mapping[str, str], wider: Mapping[str, tuple[str, str]], weights: Mapping[str, float]
) -> Match:
    where: dict[str, list[str]] = {name: [] for name in FIELDS}
    widened: dict[str, list[str]] = {name: [] for name in FIELDS}
    found, nearly = set(), set()
    for name, term in hit.matched_terms():
        each = term.decode()
        if name in WHOLE:
            continue
        if each in asked:
            where[name].append(asked[each])
            found.add(each)
        else:
            word, trigger = wider[each]
            widened[name].append(word)
            nearly.add(trigger)
    gained = sum(weights[each] for each in found) + WIDER_SHARE * sum(weights[each] for each in nearly - found)
    share = gained / sum(weights.values())
    order = list(asked.values())
    matched = {name: tuple(sorted(words, key=order.index)) for name, words in where.items() if words}
    more = {name: tuple(sorted(words)) for name, words in widened.items() if words}
    score = round(hit.score * (0.25 + 0.75 * share), 4)
    return Match(hit["id"], score, len(found | nearly), round(share, 4), matched, more)
