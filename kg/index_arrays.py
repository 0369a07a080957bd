"""Items to arrays of numbers beside a small SQLite file of words, for large builds: the second engine of the search, asked by memory map.

A word's postings lie side by side, weighed when they are built, so that asking for one reads nothing but its own stretch of three files
and copies nothing; several processes share them. What `kg/index.py` keeps in Whoosh is kept here to the same weights. No Whoosh here.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .filters import FACETS
from .indexing import CORE, FIELDS, Posting
from .spelling import Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

WORDS = "words.sqlite"
BITS = {name: 1 << number for number, name in enumerate(FIELDS)}
CORE_BITS, HIDDEN = sum(BITS[name] for name in CORE), BITS["hidden"]
_PHRASES = 2_000  # places of phrases that are kept: the sets of the thesaurus are asked for again and again


def read_numbers(folder: Path, name: str) -> Numbers:
    """An array of the build, mapped into memory: read as far as it is asked for, shared between processes, never written."""
    found: Numbers = np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)
    return found


def write_numbers(folder: Path, name: str, numbers: Any, kind: str) -> None:
    """Write an array. :param kind: its type as numpy names it, little-endian on every machine."""
    np.save(folder / f"{name}.npy", np.ascontiguousarray(numbers, dtype=kind))


def to_key(name: str, joined: str) -> int:
    """Under which number a whole name is found: 64 bits of BLAKE2b, so that two in a million names meet once in 40 million builds."""
    return int.from_bytes(hashlib.blake2b(f"{name}\n{joined}".encode(), digest_size=8).digest(), "little", signed=True)


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a stem stands. :ivar places: of the items, rising. :ivar weights: see :class:`kg.indexing.Posting`.
    :ivar bits: in which fields, as in ``BITS``."""

    places: Numbers
    weights: Numbers
    bits: Numbers

    @property
    def core(self) -> Numbers:
        """Whether each item says it of itself."""
        core: Numbers = (self.bits & CORE_BITS) != 0
        return core

    def at(self, places: Numbers) -> tuple[Numbers, Numbers]:
        """Which of some places are among them, and where each is, or would be."""
        found = np.searchsorted(self.places, places)
        inside = np.minimum(found, max(len(self.places) - 1, 0))
        held = self.places[inside] == places if len(self.places) else np.zeros(len(places), bool)
        return held, inside

    def to_posting(self, number: int) -> Posting:
        """One of them, told in words."""
        bits = int(self.bits[number])
        return Posting(
            float(self.weights[number]), tuple(name for name in FIELDS if bits & BITS[name]), bool(bits & CORE_BITS)
        )


_NONE = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.uint8))


class ArrayVocabulary(Vocabulary):
    """A vocabulary that stays on disk: words by their number in alphabetical order, with how often each letter stands in each."""

    def __init__(self, index: ArrayIndex, folder: Path) -> None:
        self._index, self._letters = index, read_numbers(folder, "letters")

    def count(self, words: Collection[str]) -> dict[str, int]:
        marks = ", ".join("?" * len(words))
        sql = f"SELECT word, items FROM surface WHERE word IN ({marks})"  # noqa: S608 - only marks
        return dict(self._index.rows(sql, *words)) if words else {}

    def beginning_with(self, letters: str, limit: int = 200) -> list[str]:
        sql = "SELECT word FROM surface WHERE word >= ? AND word < ? ORDER BY word LIMIT ?"
        return [row[0] for row in self._index.rows(sql, letters, letters + "\U0010ffff", limit)]

    def alike(self, word: str) -> Iterable[str]:
        """Words that begin with the same letter and of which at most two letters are others, in whatever order."""
        sql = "SELECT min(number), max(number) FROM surface WHERE word >= ? AND word < ?"
        [(first, last)] = self._index.rows(sql, word[:1], word[:1] + "\U0010ffff")
        if first is None:
            return []
        more = self._letters[first : last + 1].astype(np.int16) - count_letters([word])[0]
        near = (np.maximum(more, 0).sum(axis=1) <= 2) & (np.maximum(-more, 0).sum(axis=1) <= 2)
        numbers = (first + np.flatnonzero(near)).tolist()
        sql = f"SELECT word FROM surface WHERE number IN ({', '.join(map(str, numbers))})"  # noqa: S608 - only numbers
        return [row[0] for row in self._index.rows(sql)]


def count_letters(words: Sequence[str]) -> Numbers:
    """How often each letter from a to z, and anything else, stands in each word."""
    counts = np.zeros((len(words), 27), np.uint8)
    for row, word in enumerate(words):
        for letter in word[:200]:
            counts[row, ord(letter) - 97 if "a" <= letter <= "z" else 26] += 1
    return counts


class ArrayIndex:
    """An open index of arrays. Never written, so safe to share between threads; only SQLite is asked behind a lock."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            f"{(folder / WORDS).resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._folder = folder
        self._starts, self._places, self._weights, self._bits = (
            read_numbers(folder, name) for name in ("starts", "places", "weights", "bits")
        )
        self._holding, self._known = read_numbers(folder, "holding"), read_numbers(folder, "known")
        self._spoken_starts, self._spoken = read_numbers(folder, "spoken-starts"), read_numbers(folder, "spoken")
        self._begins = read_numbers(folder, "begins")
        self._whole_keys, self._whole_places = read_numbers(folder, "whole-keys"), read_numbers(folder, "whole-places")
        self.order = read_numbers(folder, "order")  # the place of each item when they are put in order of their ids
        self.is_topic = read_numbers(folder, "topics")
        self.size = len(self.order)
        self.number = lru_cache(maxsize=50_000)(self._number)
        self._phrase = lru_cache(maxsize=_PHRASES)(self._side_by_side)
        self.vocabulary = ArrayVocabulary(self, folder)

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What SQLite answers."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def _number(self, stem: str) -> int:
        """The number of a stem in alphabetical order, or -1."""
        found = self.rows("SELECT number FROM stems WHERE stem = ?", stem)
        return found[0][0] if found else -1

    def postings(self, stems: str) -> Postings:
        """Where a stem stands, or several side by side with a space between."""
        if " " in stems:
            return self._phrase(stems)
        number = self.number(stems)
        if number < 0:
            return _NONE
        start, end = self._starts[number : number + 2]
        return Postings(self._places[start:end], self._weights[start:end], self._bits[start:end])

    def _side_by_side(self, stems: str) -> Postings:
        """Items that say the stems of themselves in this order; each weighs what the least of them does."""
        places = self.saying(stems.split())
        weights, bits = np.full(len(places), np.inf, np.float32), np.zeros(len(places), np.uint8)
        for each in stems.split():
            postings = self.postings(each)
            _, at = postings.at(places)
            less = postings.weights[at] < weights if len(at) else np.zeros(0, bool)
            weights[less], bits[less] = postings.weights[at][less], postings.bits[at][less]
        return Postings(places, weights, bits)

    def saying(self, stems: Sequence[str]) -> Numbers:
        """Places of the items that say these stems of themselves, side by side."""
        if len(stems) == 1:
            postings = self.postings(stems[0])
            return postings.places[postings.core]
        numbers = [self.number(each) for each in stems]
        if not numbers or min(numbers) < 0:
            return _NONE.places
        told = [self._spoken[self._spoken_starts[each] : self._spoken_starts[each + 1]] for each in numbers]
        rarest = min(range(len(told)), key=lambda each: len(told[each]))
        at = told[rarest] - rarest
        for distance, other in enumerate(told):
            if distance != rarest and len(at):
                found = np.minimum(np.searchsorted(other, at + distance), len(other) - 1)
                at = at[other[found] == at + distance]
        places = (np.searchsorted(self._begins, at, side="right") - 1).astype(np.int32)
        first = np.ones(len(places), bool)
        first[1:] = places[1:] != places[:-1]
        return places[first]

    def holding(self, stems: str) -> int:
        """How many items say a stem of themselves, or several side by side."""
        if " " in stems:
            return len(self.postings(stems).places)
        number = self.number(stems)
        return int(self._holding[number]) if number >= 0 else 0

    def spread(self, stems: str) -> int:
        """How many items hold it anywhere."""
        return len(self.postings(stems).places)

    def is_known(self, stem: str) -> bool:
        """Whether it stands anywhere but among misspellings."""
        number = self.number(stem)
        return number >= 0 and bool(self._known[number])

    def whole(self, name: str, joined: str) -> list[int]:
        """Places of items of which these stems are the whole label, a whole other name, or a phrase that means something else."""
        key = to_key(name, joined)
        start, end = (int(np.searchsorted(self._whole_keys, key, side)) for side in ("left", "right"))
        return [int(place) for place in self._whole_places[start:end]]

    def items(self, places: Sequence[int]) -> list[tuple[str, str, tuple[str, ...]]]:
        """Id, kind and topics of items."""
        marks = ", ".join(map(str, places))
        found = self.rows(f"SELECT place, id, kind, topics FROM items WHERE place IN ({marks})")  # noqa: S608 - only numbers
        told = {row[0]: (row[1], row[2], tuple(json.loads(row[3]))) for row in found}
        return [told[place] for place in places]

    def place_of(self, item: str) -> int:
        """The place of an item."""
        place: int = self.rows("SELECT place FROM items WHERE id = ?", item)[0][0]
        return place

    @cached_property
    def facets(self) -> Mapping[str, Facet]:
        """Facet -> what each item is there."""
        names = json.loads((self._folder / "facets.json").read_text(encoding="utf-8"))
        return {
            name: Facet(
                names[name],
                read_numbers(self._folder, f"facet-{name}-items"),
                read_numbers(self._folder, f"facet-{name}-values"),
            )
            for name in FACETS
        }


@dataclass(frozen=True, slots=True, eq=False)
class Facet:
    """What each item is in one facet. :ivar names: the values. :ivar items: place of an item, rising. :ivar values: the number of a value
    that it has."""

    names: list[str]
    items: Numbers
    values: Numbers

    def having(self, wanted: Collection[str], size: int) -> Numbers:
        """Which of all items have one of some values."""
        chosen = np.array([name in wanted for name in self.names], bool)
        held = np.zeros(size, bool)
        if len(chosen):
            held[self.items[chosen[self.values]]] = True
        return held

    def count(self, among: Numbers) -> dict[str, int]:
        """How many of some items have each value; values that none has are left out."""
        counts = np.bincount(self.values[among[self.items]], minlength=len(self.names))
        return {self.names[value]: int(counts[value]) for value in np.flatnonzero(counts)}
