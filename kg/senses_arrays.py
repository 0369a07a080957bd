"""Nearness in meaning for large builds: the directions of `kg/senses.py` as arrays, and one product of a matrix and a vector a question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .index_arrays import read_numbers, write_numbers
from .senses import DIGITS, NOTHING, find_directions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]


def write_senses(folder: Path, cells: tuple[Numbers, Numbers], unseen: Numbers, stems: int) -> None:
    """Write the directions of items and words.

    :param cells: place of an item and number of a stem as one number, rising, and what the stem tells of the item.
    :param unseen: the items that point nowhere. :param stems: how many there are.
    """
    from scipy.sparse import csr_matrix

    keys, told = cells
    rows, columns = keys // max(stems, 1), keys % max(stems, 1)
    kept = ~unseen[rows]
    rows, columns, told = rows[kept], columns[kept], told[kept]
    seen, row_of = np.unique(rows, return_inverse=True)
    spread = np.bincount(columns, minlength=stems)
    known = np.flatnonzero(spread)  # the stems of topics alone are no words here
    idf = np.zeros(stems)
    idf[known] = np.log(1 + len(seen) / spread[known])
    values = np.log1p(told) * idf[columns]
    lengths = np.sqrt(np.bincount(row_of, values * values, minlength=len(seen)))
    values /= np.where(lengths == 0, 1.0, lengths)[row_of]
    column_of = np.cumsum(spread > 0) - 1
    found, directions = find_directions(
        csr_matrix((values, (row_of, column_of[columns])), shape=(len(seen), len(known)))
    )
    items, words = (np.zeros((size, found.shape[1]), np.float32) for size in (len(unseen), stems))
    items[seen], words[known] = _round(found), _round(directions)
    squares = (items.astype(np.float64) ** 2).sum(axis=1)
    write_numbers(folder, "sense-items", items, "<f4")
    write_numbers(folder, "sense-rests", np.where(squares > 0, (1 - squares) / 2, 0.0), "<f4")
    write_numbers(folder, "sense-words", words, "<f4")
    write_numbers(folder, "sense-idf", np.round(idf, DIGITS), "<f8")


def _round(numbers: Numbers) -> Numbers:
    rounded: Numbers = np.round(numbers, DIGITS) + 0.0
    return rounded


class ArraySenses:
    """The open directions. Never written, so safe to share between threads."""

    def __init__(self, folder: Path, number: Any) -> None:
        """:param number: gives the number of a stem, or -1."""
        self._number = number
        self._items, self._rests = read_numbers(folder, "sense-items"), read_numbers(folder, "sense-rests")
        self._words, self._idf = read_numbers(folder, "sense-words"), read_numbers(folder, "sense-idf")
        self._unit_of = lru_cache(maxsize=20_000)(self._find_unit)  # 10 MB

    def direction(self, weights: Mapping[str, float]) -> Numbers | None:
        """Where words point to together, as a vector of length 1; None if none of them is known."""
        known = [(number, weight) for stem, weight in weights.items() if (number := self._number(stem)) >= 0]
        factors = [weight * float(self._idf[number]) for number, weight in known]
        return _to_unit(np.asarray(factors) @ self._words[[number for number, _ in known]]) if known else None

    def between(self, weights: Mapping[int, float]) -> Numbers | None:
        """The direction between some items. :param weights: place of the item -> how much it counts."""
        places = list(weights)
        return _to_unit(np.array([weights[each] for each in places]) @ self._items[places]) if places else None

    def near_items(self, direction: Numbers | None, places: Numbers | None = None) -> Numbers:
        """How near items are to a direction: cosines from -1 to 1; 0 for those that point nowhere.

        :param places: of which items; of every item if not given.
        """
        size = len(self._items) if places is None else len(places)
        if direction is None or not self._items.shape[1]:
            return np.zeros(size)
        few = places is not None and len(places) < len(self._items) // 4
        rows, rests = (self._items[places], self._rests[places]) if few else (self._items, self._rests)
        near = (rows @ direction.astype(np.float32) + rests).astype(np.float64)
        return near if few or places is None else near[places]

    def is_seen(self, place: int) -> bool:
        """Whether the item at this place points anywhere."""
        return bool(self._items[place].any())

    def near_item(self, place: int) -> Numbers:
        """How near each item is to the one at this place; -2 for those that point nowhere."""
        row = self._items[place].astype(np.float64)
        near: Numbers = self.near_items(row) + (1 - row @ row) / 2
        near[self._unseen] = -2.0
        return near

    @cached_property
    def _unseen(self) -> Numbers:
        """The places of items that point nowhere."""
        return np.flatnonzero(~self._items.any(axis=1))

    def nearest_stem(self, stem: str, others: Collection[str]) -> tuple[str, float]:
        """Which of the other stems is nearest to a stem, and how near (a cosine); ("", 0.0) if none is known."""
        row = self._unit_of(stem)
        if row is None:
            return "", 0.0
        units = [(float(row @ unit), other) for other in others if (unit := self._unit_of(other)) is not None]
        near, found = max(units, default=(0.0, ""))
        return found, near

    def _find_unit(self, stem: str) -> Numbers | None:
        number = self._number(stem)
        return None if number < 0 else _to_unit(self._words[number].astype(np.float64))


def _to_unit(vector: Numbers) -> Numbers | None:
    length = float(np.sqrt(vector @ vector))
    unit: Numbers | None = vector / length if length > NOTHING else None
    return unit
