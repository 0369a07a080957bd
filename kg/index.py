"""Items to a Whoosh index, and its postings read back. Nothing else knows Whoosh, so that another engine can take its place.

Whoosh 2.7.4 keeps words, postings, lengths and stored fields, one segment, read behind a lock; what it does wrongly or slowly (its
query parser, its pruning, its matchers under threads: none is used) is done by `kg/ranking.py`. Its files are pickles: `kg/build.py`
checks them before they are opened.
"""

from __future__ import annotations

import random
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import ModuleType

from .indexing import (
    CORE,
    FIELDS,
    SHORT,
    Document,
    Posting,
    to_document,
    to_names,
    to_sense,
    to_spoken,
    to_texts,
    to_wholes,
)
from .model import Item, Model
from .spelling import Vocabulary
from .terms import Terms
from .words import to_plain_words, to_stems


@contextmanager
def _without_the_net() -> Iterator[None]:
    """Whoosh imports urllib.request, and with it http, e-mail and TLS, for a function that nobody calls: a third of its start."""
    name = "urllib.request"
    if name in sys.modules:
        yield
        return
    stand_in = ModuleType(name)
    stand_in.urlretrieve = None  # type: ignore[attr-defined]
    sys.modules[name] = stand_in
    try:
        yield
    finally:
        del sys.modules[name]


with warnings.catch_warnings(), _without_the_net():
    warnings.simplefilter("ignore")  # of 2016: some of its patterns are spelt in a way that Python now warns of
    from whoosh import fields
    from whoosh.analysis import SpaceSeparatedTokenizer
    from whoosh.filedb.filestore import FileStorage
    from whoosh.util.numeric import byte_to_length, length_to_byte

# Whole names, and phrases that mean something else, each as one word; and every word as it is written, to begin or correct one by.
_WHOLES = ("whole_label", "whole_also", "unlike")
_SURFACE = "surface"


def build_index(folder: Path, model: Model, terms: Terms) -> dict[str, dict[str, float]]:
    """Write the index of a model into an empty folder; the same model gives the same bytes.

    :returns: item -> stem -> what it tells of the meaning of the item, for `kg/senses.py`; of topics nothing.
    """
    text = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False, stored=False)
    names = dict.fromkeys(sorted([*FIELDS, *_WHOLES, _SURFACE]), text)
    texts, items = to_texts(model), {item.id: item for item in model.items}
    with _same_names():
        writer = _SameStorage(str(folder)).create_index(fields.Schema(about=fields.STORED, **names)).writer(limitmb=256)
        for item in model.items:
            written = {name: " ".join(to_stems(each)) for name, each in texts[item.id].items() if name in FIELDS}
            writer.add_document(**written, **_wholes(item), about=_stored(item, items, terms))
        writer.commit(optimize=True)
    for left in folder.glob("*_WRITELOCK"):
        left.unlink()
    return {item.id: to_sense(texts[item.id]) if item.kind != "topic" else {} for item in model.items}


def _stored(item: Item, items: Mapping[str, Item], terms: Terms) -> tuple[object, ...]:
    return astuple(replace(to_document(item, items, terms), spoken=to_spoken(item)))


def _wholes(item: Item) -> dict[str, str]:
    spoken = " ".join((item.label, *item.also, item.summary))
    joined = {
        name: " ".join(word for each in names for word in to_wholes(each)) for name, names in to_names(item).items()
    }
    return {**joined, _SURFACE: " ".join(to_plain_words(spoken))}


def round_length(length: int) -> int:
    """The length of a field as Whoosh keeps it, in one byte; every engine weighs by it, so that they give the same scores."""
    found: int = byte_to_length(length_to_byte(length))
    return found


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
        self._per_length = {name: SHORT / length for name, length in lengths.items()}
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
                    weight = worth * count / (1 - SHORT + self._per_length[name] * length)
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

    def holding(self, stems: str) -> int:
        """How many items say a stem of themselves, or several side by side."""
        return sum(posting.core for posting in self.postings(stems).values())

    def spread(self, stems: str) -> int:
        """How many items hold it anywhere."""
        return len(self.postings(stems))

    def is_known(self, stem: str) -> bool:
        """Whether it stands anywhere but among misspellings."""
        return any(posting.fields != ("hidden",) for posting in self.postings(stem).values())

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every word as it is written, with the number of items that hold it."""
        with self._lock:
            found = [(term.decode(), info.doc_frequency()) for term, info in self._reader.iter_field(_SURFACE)]
        return Vocabulary(dict(found))
