"""The collapsed graph as arrays in one file, walked where they lie: nothing is read but what a question passes by.

The file is a line of JSON (what the numbers of kinds and of sorts of links mean, and where each array begins) and then the arrays. Items
and sources are numbered in the order of their ids, pairs of linked ones by their two numbers, and the links of a pair stand together, the
most convincing first. For each item its neighbours stand together too, in the order of their numbers, so each pair is there twice.
"""

from __future__ import annotations

import json
import mmap
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from pathlib import Path
from struct import calcsize
from typing import Any, Literal

from .errors import BuildDamaged
from .model import Model
from .network import EVERYTHING, Grades, PairLink, Rules, find_cost, to_links

FORMAT = 1
# Array -> the letter of its numbers in struct. "names" are the ids one after the other, and "name" says where each begins.
ARRAYS: Mapping[str, Literal["q", "i", "H", "B"]] = {
    "name": "q", "row": "q", "other": "i", "pair": "i", "link": "i", "place": "i", "kind": "H", "sort": "H", "cost": "B", "names": "B",
}  # fmt: skip
GRADES = ("strength", "state", "basis")


def write_adjacency(path: Path, model: Model) -> None:
    """Write everything that a model links; the same model gives the same bytes on the same sort of machine."""
    places = {link.id: place for place, link in enumerate(model.links)}
    kinds = {source.id: "source" for source in model.sources} | {item.id: item.kind for item in model.items}
    links = ((link, places.get(f"{link[0]}--{link[2]}--{link[1]}", -1)) for link in to_links(model))
    path.write_bytes(build_adjacency(kinds, links))


def build_adjacency(kinds: Mapping[str, str], links: Iterable[tuple[PairLink, int]]) -> bytes:
    """The file as bytes.

    :param kinds: id -> kind of every item and source. :param links: each with its place among the links of the snapshot, or -1.
    """
    import numpy as np

    ids, named = sorted(kinds), sorted(set(kinds.values()))
    numbers = {item: number for number, item in enumerate(ids)}
    sorts: dict[tuple[str, ...], int] = {}
    rows = []
    for (start, end, relation, data), place in links:
        if start != end:
            grades = (relation, *(data[field] for field in GRADES if field in data))
            a, b = numbers[start], numbers[end]
            low, high, down = (a, b, 0) if a < b else (b, a, 1)
            rows.append((low, high, find_cost(relation, data), relation, down, grades, place))
            sorts[grades] = 0
    sorts = {grades: number for number, grades in enumerate(sorted(sorts))}
    rows.sort()
    ends = np.array([row[:2] for row in rows], dtype="i").reshape(-1, 2)
    first = np.flatnonzero(np.any(np.diff(ends, axis=0, prepend=-1), axis=1))  # of the links of each pair
    pairs, costs = ends[first], np.array([row[2] for row in rows], dtype="B")[first]
    at, other = np.concatenate([pairs, pairs[:, ::-1]]).T
    order = np.lexsort((other, at))
    written = [name.encode() for name in ids]
    arrays = {
        "names": np.frombuffer(b"".join(written), dtype="B"),
        "name": np.cumsum([0, *map(len, written)]),
        "kind": np.searchsorted(named, [kinds[item] for item in ids]),
        "row": np.searchsorted(at[order], np.arange(len(ids) + 1)),
        "other": other[order],
        "pair": np.tile(np.arange(len(pairs)), 2)[order],
        "cost": np.tile(costs, 2)[order],
        "link": np.r_[first, len(rows)],
        "sort": np.array([2 * sorts[row[5]] + row[4] for row in rows], dtype="H"),
        "place": np.array([row[6] for row in rows], dtype="i"),
    }
    head: dict[str, Any] = {
        "format": FORMAT,
        "order": sys.byteorder,
        "kinds": named,
        "sorts": [list(grades) for grades in sorts],
        "sizes": {name: len(arrays[name]) for name in ARRAYS},
    }
    line = json.dumps(head, sort_keys=True).encode()
    line += (
        b" " * (-(len(line) + 1) % 8) + b"\n"
    )  # so that arrays of long numbers, which come first, lie as processors like it
    return line + b"".join(arrays[name].astype(letter).tobytes() for name, letter in ARRAYS.items())


class Adjacency:
    """The ties of a large build. Safe to share between threads; close it when no one asks any more."""

    def __init__(self, memory: bytes | mmap.mmap, because: Callable[[int], str]) -> None:
        """:param because: tells the reason of a link by its place among the links of the snapshot.

        :raises BuildDamaged: if this version does not read the file, or this machine orders bytes otherwise.
        """
        self._memory, self._because = memory, because
        begin = memory.find(b"\n") + 1
        head = json.loads(memory[:begin])
        if (head["format"], head["order"]) != (FORMAT, sys.byteorder):
            raise BuildDamaged("The graph of this build was written for another version or machine.", "Run: kg build")
        self.arrays: dict[str, memoryview[int]] = {}
        for name, letter in ARRAYS.items():
            end = begin + head["sizes"][name] * calcsize(letter)
            self.arrays[name], begin = memoryview(memory)[begin:end].cast(letter), end
        self.kinds: list[str] = head["kinds"]
        # Each sort twice: the links of an odd one lead from the item with the higher number to that with the lower.
        self.sorts: list[Grades] = [
            (relation, dict(zip(GRADES, grades, strict=False))) for relation, *grades in head["sorts"] for _ in (0, 1)
        ]
        self._costs = self._ruled(EVERYTHING)

    @classmethod
    def open(cls, path: Path, because: Callable[[int], str]) -> Adjacency:
        """Map a file into memory, without reading it."""
        with path.open("rb") as file:
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), because)

    def close(self) -> None:
        """Let go of the file."""
        for array in self.arrays.values():
            array.release()
        if isinstance(self._memory, mmap.mmap):
            self._memory.close()

    def _ruled(self, rules: Rules) -> tuple[int, ...]:
        """What a link of each sort costs; 0 if it is not allowed."""
        return tuple(find_cost(*sort) if rules.allow(*sort) else 0 for sort in self.sorts)

    def under(self, rules: Rules) -> Adjacency:
        """The same items with the links that some rules allow."""
        ruled = copy(self)
        ruled._costs = self._ruled(rules)
        return ruled

    def __len__(self) -> int:
        return len(self.arrays["kind"])

    def __contains__(self, item: object) -> bool:
        return isinstance(item, str) and self._find(item) is not None

    def _find(self, item: str) -> int | None:
        number = bisect_left(range(len(self)), item, key=self.name)
        return number if number < len(self) and self.name(number) == item else None

    def place(self, item: str) -> int:
        """The number of an item. :raises KeyError: if there is none."""
        number = self._find(item)
        if number is None:
            raise KeyError(item)
        return number

    def name(self, place: int) -> str:
        """The id of a number."""
        names, begin = self.arrays["names"], self.arrays["name"]
        return str(names[begin[place] : begin[place + 1]], "utf-8")

    def kind(self, place: int) -> str:
        """The kind of what has this number."""
        return self.kinds[self.arrays["kind"][place]]

    def near(self, place: int) -> Iterable[tuple[int, int]]:
        """What is one allowed link away, with what the most convincing link costs."""
        row = self._row(place)
        others = self.arrays["other"][row].tolist()
        if all(self._costs):
            return zip(others, self.arrays["cost"][row].tolist(), strict=True)
        pairs = self.arrays["pair"][row].tolist()
        costs = ((other, next(self._allowed(pair), None)) for other, pair in zip(others, pairs, strict=True))
        return [(other, self._costs[self.arrays["sort"][at]]) for other, at in costs if at is not None]

    def _row(self, place: int) -> slice:
        rows = self.arrays["row"]
        return slice(rows[place], rows[place + 1])

    def _allowed(self, pair: int) -> Iterator[int]:
        """The allowed links of a pair, the most convincing first."""
        links, sorts = self.arrays["link"], self.arrays["sort"]
        return (at for at in range(links[pair], links[pair + 1]) if self._costs[sorts[at]])

    def around(self, place: int) -> Iterator[tuple[int, list[Grades]]]:
        """What is one allowed link away, with the grades of the links."""
        row, sort, sorts = self._row(place), self.arrays["sort"], self.sorts
        for other, pair in zip(self.arrays["other"][row].tolist(), self.arrays["pair"][row].tolist(), strict=True):
            if links := [sorts[sort[at]] for at in self._allowed(pair)]:
                yield other, links

    def between(self, start: str, end: str) -> list[PairLink]:
        """The links between two items with all their data, the most convincing first."""
        one, other = self.place(start), self.place(end)
        row = self._row(one)
        at = bisect_left(self.arrays["other"], other, row.start, row.stop)
        if at == row.stop or self.arrays["other"][at] != other:
            return []
        (_, low), (_, high) = sorted([(one, start), (other, end)])
        links = []
        for link in self._allowed(self.arrays["pair"][at]):
            sort, place = self.arrays["sort"][link], self.arrays["place"][link]
            relation, data = self.sorts[sort]
            told = data if place < 0 else {**data, "because": self._because(place)}
            links.append((high, low, relation, told) if sort % 2 else (low, high, relation, told))
        return links
