"""What a build's N-Triples say of a thing: the file is sorted, so that halving finds its lines and no RDF is parsed."""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from pathlib import Path


class Triples:
    """The triples of one build by subject. Safe to share between threads: nothing is written, no position is kept."""

    def __init__(self, path: Path) -> None:
        """:param path: N-Triples, one a line, sorted by bytes, as :func:`kg.graph.to_ntriples` gives them."""
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()

    def about(self, iris: Iterable[str]) -> str:
        """Every triple whose subject is one of the *iris*, as sorted N-Triples; "" if there is none."""
        return "".join(self._lines(start) for start in sorted(f"<{iri}> ".encode() for iri in set(iris)))

    def all(self) -> str:
        """The whole graph as sorted N-Triples."""
        return self._map[:].decode()

    def _lines(self, start: bytes) -> str:
        first = self._find(start)
        end = first
        while self._map[end : end + len(start)] == start:
            end = self._map.find(b"\n", end) + 1
        return self._map[first:end].decode()

    def _find(self, key: bytes) -> int:
        """Where the first line stands that is not before *key*."""
        low, high = 0, len(self._map)
        while low < high:
            at = self._map.rfind(b"\n", low, (low + high) // 2) + 1 or low  # the beginning of the line in the middle
            if self._map[at : at + len(key)] < key:
                low = self._map.find(b"\n", at) + 1
            else:
                high = at
        return low
