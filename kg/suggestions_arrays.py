"""Suggestions for large builds: every word of every name in alphabetical order, as a suffix array over one text, asked by memory map.

Manber and Myers (1990), "Suffix arrays: a new method for on-line string searches": what begins with some letters lies side by side, and is
found by halving. The same names in the same order as `kg/suggestions.py` gives.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .index_arrays import read_numbers, write_numbers
from .model import Item
from .suggestions import is_quiet, read_letters, to_rank
from .words import fold, to_plain_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

_AT_ONCE = 8  # names looked at for each one that is wanted, since an item may have several
_LAST = b"\xf4\x8f\xbf\xbf"  # after every letter


def write_suggestions(folder: Path, items: Iterable[Item], quiet: Collection[str]) -> None:
    """Write every name that may be suggested. :param quiet: as in :class:`kg.suggestions.Suggestions`."""
    lines, shown = bytearray(), bytearray()
    starts, line_starts, shown_starts = array("q"), array("q"), array("q")
    owners, orders, same = array("i"), array("i"), array("i")
    words: list[bytes] = []  # the text from each word on
    numbers = array("i")  # the number of its name
    ids: list[bytes] = []
    for item in items:
        ids.append(f"{item.id}\t{item.kind}".encode())
        for place, name in enumerate((item.label, *item.also)):
            folded = to_plain_words(name)
            if is_quiet(folded, quiet):
                continue
            number, line = len(owners), " ".join(folded)
            line_starts.append(len(lines))
            at = len(lines)
            for start, word in enumerate(folded):
                words.append(" ".join(folded[start:]).encode())
                numbers.append(number)
                starts.append(at)
                at += len(word.encode()) + 1
            lines += line.encode() + b"\n"
            shown_starts.append(len(shown))
            shown += name.encode()
            owners.append(len(ids) - 1)
            orders.append(min(place, 1) * 100 + to_rank(item.kind))
            same.append(_same_letters(fold(name), line))
    order = np.array(sorted(range(len(words)), key=words.__getitem__), np.int64)
    places, of_words = np.frombuffer(starts, np.int64)[order], np.frombuffer(numbers, np.int32)[order]
    write_numbers(folder, "names-text", np.frombuffer(lines, np.uint8), "<u1")
    write_numbers(folder, "names-words", places, "<i8")
    write_numbers(folder, "names-of-words", of_words, "<i4")
    write_numbers(folder, "names-first", places == np.frombuffer(line_starts, np.int64)[of_words], "?")
    write_numbers(folder, "names-shown", np.frombuffer(shown, np.uint8), "<u1")
    write_numbers(folder, "names-shown-starts", [*shown_starts, len(shown)], "<i8")
    write_numbers(folder, "names-items", np.frombuffer(owners, np.int32), "<i4")
    write_numbers(folder, "names-orders", _to_places(orders), "<i4")
    write_numbers(folder, "names-same", np.frombuffer(same, np.int32), "<i4")
    (folder / "names-ids.txt").write_bytes(b"\n".join(ids))


def _same_letters(one: str, other: str) -> int:
    """With how many letters both begin."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _to_places(orders: array[int]) -> Numbers:
    """The place of each name when label or other name, kind and reading order are all that counts."""
    numbers = np.frombuffer(orders, np.int32)
    places = np.empty(len(numbers), np.int32)
    places[np.argsort(numbers, kind="stable")] = np.arange(len(numbers), dtype=np.int32)
    return places


class ArraySuggestions:
    """Everything that may be suggested. Never changed, so safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._text, self._shown = read_numbers(folder, "names-text"), read_numbers(folder, "names-shown")
        self._words, self._names = read_numbers(folder, "names-words"), read_numbers(folder, "names-of-words")
        self._first, self._orders = read_numbers(folder, "names-first"), read_numbers(folder, "names-orders")
        self._same, self._items = read_numbers(folder, "names-same"), read_numbers(folder, "names-items")
        self._shown_starts = read_numbers(folder, "names-shown-starts")
        self._ids = (folder / "names-ids.txt").read_text(encoding="utf-8").split("\n")

    def find(self, typed: str, limit: int) -> list[tuple[str, str, str]]:
        """See :meth:`kg.suggestions.Suggestions.find`."""
        letters = read_letters(typed)
        if not letters:
            return []
        start, end = self._find(letters.encode()), self._find(letters.encode() + _LAST)
        names, stripped = self._names[start:end], letters.strip()
        begins = self._first[start:end] & (self._same[names] >= len(stripped))
        order = self._orders[names] + np.where(begins, 0, len(self._orders))
        found: dict[int, int] = {}
        wanted = limit * _AT_ONCE
        while True:
            best = np.argpartition(order, wanted)[:wanted] if wanted < len(order) else np.arange(len(order))
            for at in best[np.argsort(order[best])]:
                found.setdefault(int(self._items[names[at]]), int(names[at]))
            if len(found) >= limit or wanted >= len(order):
                return [self._tell(item, name) for item, name in list(found.items())[:limit]]
            wanted *= _AT_ONCE

    def _find(self, letters: bytes) -> int:
        """The first word that does not come before some letters, by halving."""
        low, high, size = 0, len(self._words), len(letters)
        while low < high:
            middle = (low + high) // 2
            at = int(self._words[middle])
            if self._text[at : at + size].tobytes().partition(b"\n")[0] < letters:
                low = middle + 1
            else:
                high = middle
        return low

    def _tell(self, item: int, name: int) -> tuple[str, str, str]:
        start, end = self._shown_starts[name : name + 2]
        item_id, _, kind = self._ids[item].partition("\t")
        return self._shown[start:end].tobytes().decode(), item_id, kind
