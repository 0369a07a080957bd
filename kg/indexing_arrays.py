"""Write the index of a large model: every stem counted and weighed once, with numpy. `kg/index_arrays.py` reads it.

The same model gives the same bytes, and the same weights as `kg/index.py` computes from Whoosh.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .filters import FACETS
from .index import round_length
from .index_arrays import BITS, CORE_BITS, HIDDEN, WORDS, count_letters, to_key, write_numbers
from .indexing import FIELDS, SENSE_FIELDS, SHORT, find_above, find_linked, to_document, to_names, word_by_word
from .model import Model
from .senses_arrays import write_senses
from .suggestions_arrays import write_suggestions
from .terms import Terms
from .words import STOP_WORDS, stem, to_plain_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

_SCHEMA = """
CREATE TABLE stems (stem TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE surface (number INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, items INTEGER NOT NULL);
CREATE TABLE items (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, topics TEXT NOT NULL);
"""


def build_arrays(folder: Path, model: Model, terms: Terms, quiet: Collection[str]) -> None:
    """Write the index of a model, its senses and its suggestions into an empty folder.

    :param quiet: stems of words that nobody should meet unasked; a name that holds one is never suggested.
    """
    told = _Told(model)
    stems = sorted(told.stems)
    renumbered = np.empty(len(stems), np.int32)
    renumbered[[told.stems[each] for each in stems]] = np.arange(len(stems), dtype=np.int32)
    fields = {name: _Counted(field, renumbered, len(stems)) for name, field in told.fields.items()}
    _write_postings(folder, fields, len(model.items), len(stems))
    _write_spoken(folder, told, renumbered, len(stems))
    _write_wholes(folder, model)
    _write_facets(folder, model, terms)
    surface = _write_words(folder, model, terms, stems)
    write_numbers(folder, "letters", count_letters(surface), "<u1")
    is_topic = np.array([item.kind == "topic" for item in model.items], bool)
    write_numbers(folder, "topics", is_topic, "?")
    ids = sorted(range(len(model.items)), key=lambda place: model.items[place].id)
    order = np.empty(len(ids), np.int32)
    order[ids] = np.arange(len(ids), dtype=np.int32)
    write_numbers(folder, "order", order, "<i4")
    write_senses(folder, _sense_cells(fields, len(stems)), is_topic, len(stems))
    write_suggestions(folder, model.items, quiet)


class _Stems(dict[str, int]):
    """Word -> the number of its stem in the order of first sight, or -1 for a word of asking."""

    def __init__(self) -> None:
        self.stems: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        number = -1 if word in STOP_WORDS else self.stems.setdefault(stem(word), len(self.stems))
        self[word] = number
        return number


class _Field:
    """The stems of one field, item after item."""

    def __init__(self) -> None:
        self.stems, self.lengths = array("i"), array("i")

    def add(self, texts: Iterable[list[int]]) -> None:
        """Add what the next item says."""
        before = len(self.stems)
        for text in texts:
            self.stems.extend(text)
        self.lengths.append(len(self.stems) - before)


class _Told:
    """What every item says in every field, as numbers of stems. Each text is read once, however many items hold it."""

    def __init__(self, model: Model) -> None:
        words = _Stems()

        def read(text: str) -> list[int]:
            return [number for word in to_plain_words(text) if (number := words[word]) >= 0]

        items = {item.id: item for item in model.items}
        labels = {item.id: read(item.label) for item in model.items}
        also = {item.id: [read(each) for each in item.also] for item in model.items}
        near, because = find_linked(model)
        reasons: dict[str, list[int]] = {}
        self.fields = {name: _Field() for name in dict.fromkeys((*FIELDS, *SENSE_FIELDS))}
        self.spoken, self.positions, self.begins, position = array("i"), array("q"), array("q"), 0
        for item in model.items:
            hidden, summary = [read(each) for each in item.hidden], read(item.summary)
            texts = {
                "label": [labels[item.id]],
                "also": also[item.id],
                "hidden": hidden,
                "summary": [summary],
                "topics": [text for topic in item.about for text in (labels[topic], *also[topic])],
                "near": [labels[other] for other in near.get(item.id, ())],
                "context": [labels[above.id] for above in find_above(item, items)],
                "because": [
                    found if (found := reasons.get(why)) is not None else reasons.setdefault(why, read(why))
                    for why in because.get(item.id, ())
                ],
            }
            for name, field in self.fields.items():
                field.add(texts[name])
            self.begins.append(position)
            for text in (labels[item.id], *also[item.id], *hidden, summary):
                self.spoken.extend(text)
                self.positions.extend(range(position, position + len(text)))
                position += len(text) + 1  # so that nothing stands side by side across two texts
        self.stems = words.stems


class _Counted:
    """How often each stem stands in one field of each item. :ivar keys: stem and place as one number, rising."""

    def __init__(self, field: _Field, renumbered: Numbers, stems: int) -> None:
        self.lengths = np.frombuffer(field.lengths, np.int32)
        places = np.repeat(np.arange(len(self.lengths), dtype=np.int64), self.lengths)
        numbers = renumbered[np.frombuffer(field.stems, np.int32)].astype(np.int64)
        self.keys, self.counts = np.unique(numbers * max(len(self.lengths), 1) + places, return_counts=True)


def _write_postings(folder: Path, fields: Mapping[str, _Counted], items: int, stems: int) -> None:
    keys, weights, bits = [], [], []
    for name, worth in FIELDS.items():
        field = fields[name]
        mean = field.lengths.sum() / items if items else 0.0
        rounded = np.array([round_length(length) for length in range(int(field.lengths.max(initial=0)) + 1)])
        length = rounded[field.lengths[field.keys % max(items, 1)]]
        keys.append(field.keys)
        weights.append(worth * field.counts / (1 - SHORT + SHORT / (mean or 1.0) * length))
        bits.append(np.full(len(field.keys), BITS[name], np.uint8))
    order = np.argsort(np.concatenate(keys), kind="stable")
    every, starts = np.unique(np.concatenate(keys)[order], return_index=True)
    heavy = _gather(np.add, np.concatenate(weights)[order], starts)
    where = _gather(np.bitwise_or, np.concatenate(bits)[order], starts)
    numbers = every // max(items, 1)
    write_numbers(folder, "starts", np.searchsorted(numbers, np.arange(stems + 1)), "<i8")
    write_numbers(folder, "places", every % max(items, 1), "<i4")
    write_numbers(folder, "weights", heavy, "<f4")
    write_numbers(folder, "bits", where, "<u1")
    write_numbers(folder, "holding", np.bincount(numbers[(where & CORE_BITS) != 0], minlength=stems), "<i4")
    write_numbers(folder, "known", np.bincount(numbers[where != HIDDEN], minlength=stems) > 0, "?")


def _gather(how: np.ufunc, values: Numbers, starts: Numbers) -> Numbers:
    return how.reduceat(values, starts) if len(values) else values


def _write_spoken(folder: Path, told: _Told, renumbered: Numbers, stems: int) -> None:
    numbers = renumbered[np.frombuffer(told.spoken, np.int32)]
    order = np.argsort(numbers, kind="stable")
    write_numbers(folder, "spoken-starts", np.searchsorted(numbers[order], np.arange(stems + 1)), "<i8")
    write_numbers(folder, "spoken", np.frombuffer(told.positions, np.int64)[order], "<i4")
    write_numbers(folder, "begins", np.frombuffer(told.begins, np.int64), "<i4")


def _write_wholes(folder: Path, model: Model) -> None:
    keys, places = array("q"), array("i")
    for place, item in enumerate(model.items):
        for name, texts in to_names(item).items():
            for text in texts:
                words = to_plain_words(text)
                stems = [stem(word) for word in words if word not in STOP_WORDS]
                joined = [word_by_word(words)]
                if len(stems) > 1 or (stems and len(words) == 1):
                    joined.append("_".join(stems))
                keys.extend(to_key(name, each) for each in joined)
                places.extend([place] * len(joined))
    hashed, held = np.frombuffer(keys, np.int64), np.frombuffer(places, np.int32)
    order = np.lexsort((held, hashed))
    hashed, held = hashed[order], held[order]
    first = np.ones(len(order), bool)
    first[1:] = (hashed[1:] != hashed[:-1]) | (held[1:] != held[:-1])
    write_numbers(folder, "whole-keys", hashed[first], "<i8")
    write_numbers(folder, "whole-places", held[first], "<i4")


def _write_facets(folder: Path, model: Model, terms: Terms) -> None:
    by_id = {item.id: item for item in model.items}
    held: dict[str, tuple[array[int], list[str]]] = {name: (array("i"), []) for name in FACETS}
    for place, item in enumerate(model.items):
        for name, values in to_document(item, by_id, terms).values.items():
            held[name][0].extend([place] * len(values))
            held[name][1].extend(values)
    names = {name: sorted(set(values)) for name, (_, values) in held.items()}
    for name, (places, chosen) in held.items():
        number = {value: each for each, value in enumerate(names[name])}
        write_numbers(folder, f"facet-{name}-items", np.frombuffer(places, np.int32), "<i4")
        write_numbers(folder, f"facet-{name}-values", [number[value] for value in chosen], "<i4")
    text = json.dumps(names, ensure_ascii=False, sort_keys=True) + "\n"
    (folder / "facets.json").write_text(text, encoding="utf-8", newline="\n")


def _write_words(folder: Path, model: Model, terms: Terms, stems: list[str]) -> list[str]:
    """Write what is looked up by letters. :returns: every word as it is written, in alphabetical order."""
    by_id = {item.id: item for item in model.items}
    spread: Counter[str] = Counter()
    rows = []
    for place, item in enumerate(model.items):
        spread.update(set(to_plain_words(" ".join((item.label, *item.also, item.summary)))))
        topics = json.dumps(to_document(item, by_id, terms).topics, ensure_ascii=False)
        rows.append((place, item.id, item.kind, topics))
    surface = sorted(spread)
    connection = sqlite3.connect(folder / WORDS)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA page_size = 4096;" + _SCHEMA)
        connection.executemany("INSERT INTO stems VALUES (?, ?)", [(each, number) for number, each in enumerate(stems)])
        surfaces = [(number, word, spread[word]) for number, word in enumerate(surface)]
        connection.executemany("INSERT INTO surface VALUES (?, ?, ?)", surfaces)
        connection.executemany("INSERT INTO items VALUES (?, ?, ?, ?)", rows)
        connection.commit()
        connection.execute("VACUUM")
    finally:
        connection.close()
    return surface


def _sense_cells(fields: Mapping[str, _Counted], stems: int) -> tuple[Numbers, Numbers]:
    """What each stem tells of the meaning of each item: place and stem as one number, rising, and a weighted count."""
    keys = [fields[name].keys for name in SENSE_FIELDS]
    told = [weight * fields[name].counts for name, weight in SENSE_FIELDS.items()]
    items = max(len(fields["label"].lengths), 1)
    by_place = np.concatenate([key % items * max(stems, 1) + key // items for key in keys])
    order = np.argsort(by_place, kind="stable")
    every, starts = np.unique(by_place[order], return_index=True)
    return every, _gather(np.add, np.concatenate(told)[order], starts)
