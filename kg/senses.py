"""Which items are near in meaning to which words: latent semantic analysis of our own sentences. Built with scipy, asked with nothing.

Deerwester et al. (1990), "Indexing by Latent Semantic Analysis", JASIS 41(6): items x words, weighted and cut to its strongest directions,
puts words that stand in the same surroundings near each other, so that an item is found by words that it does not hold.
"""

from __future__ import annotations

import json
import math
import sys
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

DIMENSIONS = 64
EXACT = 5_000  # items up to which the directions are exact
_MORE, _TURNS = 16, 2  # directions looked for beside those kept, and how often the space of them is turned
NOTHING = 1e-6  # a direction that is shorter points nowhere
DIGITS = 4  # beyond them the figures of two processors may differ


def build_senses(path: Path, texts: Mapping[str, Mapping[str, float]]) -> None:
    """Write the directions of items and words.

    :param texts: item id -> stem -> how much the stem weighs in it (a weighted count); an item without stems points nowhere.
    """
    from scipy.sparse import csr_matrix

    stems = sorted({stem for weights in texts.values() for stem in weights})
    spread = Counter(stem for weights in texts.values() for stem in weights)
    place = {stem: number for number, stem in enumerate(stems)}
    told = sum(map(bool, texts.values()))
    idf = {stem: math.log(1 + told / spread[stem]) for stem in stems}
    rows, columns, values = [], [], []
    for row, weights in enumerate(filter(None, texts.values())):
        cells = {stem: math.log1p(weight) * idf[stem] for stem, weight in weights.items()}
        length = math.hypot(*cells.values()) or 1.0
        for stem, value in sorted(cells.items()):
            rows.append(row)
            columns.append(place[stem])
            values.append(value / length)
    matrix = csr_matrix((values, (rows, columns)), shape=(told, len(stems)))
    seen, directions = find_directions(matrix)
    each = iter(seen.tolist())
    nowhere = [0.0] * seen.shape[1]
    items = [next(each) if weights else nowhere for weights in texts.values()]
    _write(path, list(texts), stems, seen.shape[1], [idf[stem] for stem in stems], items, directions.tolist())


def find_directions(matrix: Any) -> tuple[Any, Any]:
    """The strongest directions of items x words: a vector of length 1 for each item, and one for each word.

    Exact singular vectors up to ``EXACT`` items; from there on those of a subspace that is turned towards them a few times (Halko,
    Martinsson and Tropp 2011, "Finding Structure with Randomness", SIAM Review 53(2), algorithm 4.4), at a cost that grows with the words.
    """
    import numpy as np
    from scipy.sparse.linalg import svds

    dimensions = min(DIMENSIONS, min(matrix.shape) - 1)
    if dimensions < 1:
        return np.zeros((matrix.shape[0], 0)), np.zeros((matrix.shape[1], 0))
    if matrix.shape[0] <= EXACT:
        _, _, directions = svds(matrix, k=dimensions, v0=[1.0] * min(matrix.shape))
    else:
        directions = _turn(matrix, dimensions)
    # A direction and its opposite are the same to the method; the same one is always written.
    signs = np.where(np.abs(directions.max(axis=1)) >= np.abs(directions.min(axis=1)), 1.0, -1.0)
    directions = directions * signs[:, None]
    seen = matrix @ directions.T
    lengths = np.sqrt((seen * seen).sum(axis=1, keepdims=True))
    return seen / np.where(lengths == 0, 1.0, lengths), directions.T


def _turn(matrix: Any, dimensions: int) -> Any:
    import numpy as np

    matrix = matrix.astype(np.float32)  # twice as fast, and far finer than what is written
    start = np.random.default_rng(0).standard_normal((matrix.shape[1], dimensions + _MORE), np.float32)
    space, _ = np.linalg.qr(matrix @ start)
    for _ in range(_TURNS):
        words, _ = np.linalg.qr(matrix.T @ space)
        space, _ = np.linalg.qr(matrix @ words)
    _, _, directions = np.linalg.svd((matrix.T @ space).T, full_matrices=False)
    return directions[:dimensions].astype(np.float64)


def _unit(row: Sequence[float]) -> list[float]:
    length = math.hypot(*row) or 1.0
    return [value / length for value in row]


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Of two vectors of length 1, from their distance: several times faster than a sum of products in Python."""
    distance = math.dist(one, other)
    return 1 - distance * distance / 2


def _write(
    path: Path,
    items: Sequence[str],
    stems: Sequence[str],
    dimensions: int,
    idf: Sequence[float],
    item_rows: Sequence[Sequence[float]],
    stem_rows: Sequence[Sequence[float]],
) -> None:
    head = {"items": items, "stems": stems, "dimensions": dimensions, "idf": [round(value, DIGITS) for value in idf]}
    numbers = array(
        "f", (round(value, DIGITS) + 0.0 for rows in (item_rows, stem_rows) for row in rows for value in row)
    )
    if sys.byteorder == "big":
        numbers.byteswap()
    path.write_bytes(json.dumps(head, ensure_ascii=False).encode() + b"\n" + numbers.tobytes())


class Senses:
    """The open directions. Never written, so safe to share between threads."""

    def __init__(self, path: Path) -> None:
        head, _, body = path.read_bytes().partition(b"\n")
        known = json.loads(head)
        self._size: int = known["dimensions"]
        self.items: list[str] = known["items"]
        self._stems = {stem: place for place, stem in enumerate(known["stems"])}
        self._idf: list[float] = known["idf"]
        numbers = array("f")
        numbers.frombytes(body)
        if sys.byteorder == "big":
            numbers.byteswap()
        self._rows = [
            tuple(numbers[start : start + self._size])
            for start in range(0, max(self._size, 1) * len(self.items), max(self._size, 1))
        ]
        self._seen = [any(row) for row in self._rows]
        self._words = numbers[self._size * len(self.items) :]
        self._unit_of = lru_cache(maxsize=50_000)(self._find_unit)

    def direction(self, weights: Mapping[str, float]) -> tuple[float, ...]:
        """Where words point to together, as a vector of length 1; () if none of them is known.

        :param weights: stem -> how much it counts.
        """
        total = [0.0] * self._size
        for stem, weight in weights.items():
            place = self._stems.get(stem)
            if place is not None and self._size:
                factor = weight * self._idf[place]
                total = [value + factor * part for value, part in zip(total, self._word(place), strict=True)]
        length = math.hypot(*total) if total else 0.0
        return tuple(value / length for value in total) if length > NOTHING else ()

    def between(self, weights: Mapping[int, float]) -> tuple[float, ...]:
        """The direction between some items. :param weights: place of the item in :attr:`items` -> how much it counts."""
        total = [0.0] * self._size
        for place, weight in weights.items():
            total = [value + weight * part for value, part in zip(total, self._rows[place], strict=True)]
        length = math.hypot(*total) if total else 0.0
        return tuple(value / length for value in total) if length > NOTHING else ()

    def near_items(self, direction: Sequence[float], places: Iterable[int] | None = None) -> list[float]:
        """How near items are to a direction: cosines from -1 to 1; 0 for those that point nowhere.

        :param places: of which items, by their places in :attr:`items`; of every item in their order if not given.
        """
        chosen = range(len(self.items)) if places is None else list(places)
        if not direction:
            return [0.0] * len(chosen)
        return [_cosine(direction, self._rows[place]) if self._seen[place] else 0.0 for place in chosen]

    def place_of(self, item: str) -> int:
        """The place of an item in :attr:`items`."""
        return self._places[item]

    def is_seen(self, place: int) -> bool:
        """Whether the item at this place points anywhere."""
        return self._seen[place]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {item: place for place, item in enumerate(self.items)}

    def near_item(self, item: int) -> list[float]:
        """How near each item is to the one at this place."""
        return self.near_items(self._rows[item])

    def nearest_stem(self, stem: str, others: Collection[str]) -> tuple[str, float]:
        """Which of the other stems is nearest to a stem, and how near (a cosine); ("", 0.0) if none is known."""
        row = self._unit_of(stem)
        units = [(unit, other) for other in others if (unit := self._unit_of(other))] if row else []
        score, found = max(((_cosine(row, unit), other) for unit, other in units), default=(0.0, ""))
        return found, score

    def _find_unit(self, stem: str) -> tuple[float, ...]:
        place = self._stems.get(stem)
        row = () if place is None else self._word(place)
        return tuple(_unit(row)) if any(row) else ()

    def _word(self, place: int) -> Sequence[float]:
        return self._words[place * self._size : (place + 1) * self._size]
