"""Items to a Whoosh index, and its postings read back. Nothing else knows Whoosh, so that another engine can take its place.

Whoosh 2.7.4 keeps words, postings, lengths and stored fields, one segment, read behind a lock; what it does wrongly or slowly (its
query parser, its pruning, its matchers under threads: none is used) is done by `kg/ranking.py`. Its files are pickles: `kg/build.py`
checks them before they are opened.
"""

from __future__ import annotations

import random
import threading
import warnings
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from .model import Item, Model
from .terms import Terms
from .words import to_plain_words, to_stems

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of 2016: some of its patterns are spelt in a way that Python now warns of
    from whoosh import fields
    from whoosh.analysis import SpaceSeparatedTokenizer
    from whoosh.filedb.filestore import FileStorage

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
_SHORT = 0.6  # how much a word counts for more in a short field (b of BM25)

# Whole names, and phrases that mean something else, each as one word; and every word as it is written, to begin or correct one by.
_WHOLES = ("whole_label", "whole_also", "unlike")
_SURFACE = "surface"

# What tells nothing of what an item is about: order, and words counted by a program.
_NOT_NEAR = ("precedes", "usesTerm")

# What a word of each field tells of the meaning of an item, for `kg/senses.py`; because: the reasons of its links.
_SENSE: Mapping[str, float] = {
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
    spoken: tuple[str, ...]


def build_index(folder: Path, model: Model, terms: Terms) -> dict[str, dict[str, float]]:
    """Write the index of a model into an empty folder; the same model gives the same bytes.

    :returns: item -> stem -> what it tells of the meaning of the item, for `kg/senses.py`.
    """
    text = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False, stored=False)
    names = dict.fromkeys(sorted([*FIELDS, *_WHOLES, _SURFACE]), text)
    texts = _texts(model)
    with _same_names():
        writer = _SameStorage(str(folder)).create_index(fields.Schema(about=fields.STORED, **names)).writer(limitmb=256)
        for item in model.items:
            written = {name: " ".join(to_stems(each)) for name, each in texts[item.id].items() if name in FIELDS}
            writer.add_document(**written, **_wholes(item), about=_stored(item, model, terms))
        writer.commit(optimize=True)
    for left in folder.glob("*_WRITELOCK"):
        left.unlink()
    return {item.id: _sense(texts[item.id]) for item in model.items if item.kind != "topic"}


def _texts(model: Model) -> dict[str, dict[str, str]]:
    items = {item.id: item for item in model.items}
    near: dict[str, list[str]] = defaultdict(list)
    because: dict[str, list[str]] = defaultdict(list)
    for link in model.links:
        if link.relation not in _NOT_NEAR:
            for one, other in ((link.start, link.end), (link.end, link.start)):
                because[one].append(link.because)
                if link.strength == "direct":
                    near[one].append(items[other].label)
    return {
        item.id: {
            "label": item.label,
            "also": " . ".join(item.also),
            "hidden": " . ".join(item.hidden),
            "summary": item.summary,
            "topics": " . ".join(" . ".join((items[topic].label, *items[topic].also)) for topic in item.about),
            "near": " . ".join(near[item.id]),
            "context": " . ".join(above.label for above in _above(item, items)),
            "because": " . ".join(because[item.id]),
        }
        for item in model.items
    }


def _above(item: Item, items: Mapping[str, Item]) -> Iterator[Item]:
    parent = items.get(item.parent)
    while parent:
        yield parent
        parent = items.get(parent.parent)


def _sense(texts: Mapping[str, str]) -> dict[str, float]:
    told: Counter[str] = Counter()
    for name, weight in _SENSE.items():
        for found in to_stems(texts[name]):
            told[found] += weight  # type: ignore[assignment]
    return dict(told)


def _wholes(item: Item) -> dict[str, str]:
    spoken = " ".join((item.label, *item.also, item.summary))
    wholes = {"whole_label": [item.label], "whole_also": item.also, "unlike": item.unlike}
    joined = {name: " ".join(word for each in names for word in _whole(each)) for name, names in wholes.items()}
    return {**joined, _SURFACE: " ".join(to_plain_words(spoken))}


def _whole(name: str) -> list[str]:
    """A whole name as single words: its stems, unless it is only one telling word among words of asking; and word by word as it stands."""
    stems, words = to_stems(name), to_plain_words(name)
    telling = ["_".join(stems)] if len(stems) > 1 or (stems and len(words) == 1) else []
    return [*telling, word_by_word(words)]


def word_by_word(words: Iterable[str]) -> str:
    """Folded words as the one word under which a whole name stands in the index."""
    return "=" + "_".join(words)


def _stored(item: Item, model: Model, terms: Terms) -> tuple[object, ...]:
    items = {each.id: each for each in model.items} if item.parent else {}
    above = [each.id for each in _above(item, items) if each.kind == "theme"]
    wider = [each.parent for topic in item.about for each in model.items if each.id == topic and each.parent]
    audience = terms.kinds[item.kind].audience
    audiences = item.audiences or ((audience,) if audience else ())
    spoken = tuple(" ".join(to_stems(each)) for each in (item.label, *item.also, *item.hidden, item.summary))
    themes = (*above, item.id) if item.kind == "theme" else tuple(above)
    topics = tuple(dict.fromkeys((*item.about, *wider)))
    return item.id, item.kind, item.source, themes, topics, audiences, spoken


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
    """An open index. What was read once is kept, so that threads meet at the lock only for words that nobody asked for before."""

    def __init__(self, folder: Path) -> None:
        self._searcher = FileStorage(str(folder), readonly=True).open_index().searcher()
        self._reader = self._searcher.reader()
        self._lock = threading.Lock()
        self.size: int = self._reader.doc_count()
        lengths = {name: self._searcher.avg_field_length(name, 1.0) or 1.0 for name in FIELDS}
        self._per_length = {name: _SHORT / length for name, length in lengths.items()}
        self.postings = lru_cache(maxsize=50_000)(self._postings)
        self.whole = lru_cache(maxsize=50_000)(self._whole)
        self.document = lru_cache(maxsize=50_000)(self._document)

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()

    def _postings(self, stems: str) -> Mapping[int, Posting]:
        """Where a stem stands, or several side by side with a space between: place of the item in the index -> its posting."""
        first, *others = stems.split()
        if others:
            return self._side_by_side(stems, self.postings(first), [self.postings(other) for other in others])
        weights: dict[int, float] = {}
        where: dict[int, list[str]] = {}
        with self._lock:
            for name, worth in FIELDS.items():
                for place, count in self._read(name, first):
                    length = self._reader.doc_field_length(place, name, 1)
                    weight = worth * count / (1 - _SHORT + self._per_length[name] * length)
                    weights[place] = weights.get(place, 0.0) + weight
                    where.setdefault(place, []).append(name)
        return {
            place: Posting(weight, tuple(where[place]), where[place][0] in CORE) for place, weight in weights.items()
        }

    def _side_by_side(
        self, stems: str, first: Mapping[int, Posting], others: Sequence[Mapping[int, Posting]]
    ) -> dict[int, Posting]:
        """Items that say the stems of themselves in this order; what their surroundings say does not count."""
        places = [place for place, posting in first.items() if posting.core and all(place in other for other in others)]
        holding = [
            place for place in places if any(f" {stems} " in f" {said} " for said in self.document(place).spoken)
        ]
        return {
            place: min((each[place] for each in (first, *others)), key=lambda each: each.weight) for place in holding
        }

    def _whole(self, name: str, joined: str) -> tuple[int, ...]:
        """Items of which these stems are the whole label, a whole other name, or a phrase that means something else.

        :param name: ``whole_label``, ``whole_also`` or ``unlike``. :param joined: stems joined by ``_``, or words by :func:`word_by_word`.
        """
        with self._lock:
            return tuple(place for place, _ in self._read(name, joined))

    def _read(self, name: str, term: str) -> list[tuple[int, float]]:
        if (name, term) not in self._reader:
            return []
        matcher, found = self._reader.postings(name, term), []
        while matcher.is_active():
            found.append((matcher.id(), matcher.weight()))
            matcher.next()
        return found

    def _document(self, place: int) -> Document:
        with self._lock:
            return Document(*self._reader.stored_fields(place)["about"])

    @cached_property
    def words(self) -> Mapping[str, int]:
        """Every word as it is written, with the number of items that hold it, in alphabetical order."""
        with self._lock:
            found = [(term.decode(), info.doc_frequency()) for term, info in self._reader.iter_field(_SURFACE)]
        return dict(found)

    @cached_property
    def _alphabet(self) -> Sequence[str]:
        return list(self.words)

    def beginning_with(self, letters: str, limit: int = 200) -> list[str]:
        """Words that begin with some letters, in alphabetical order, at most *limit*."""
        start = bisect_left(self._alphabet, letters)
        end = bisect_left(self._alphabet, letters + "\U0010ffff", start)
        return list(self._alphabet[start : min(end, start + limit)])
