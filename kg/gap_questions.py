"""The verbs of the knowledge graph that ask what is missing and what would be enough. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .gap_results import Comparison, Cover, GapMap
    from .quality import Gaps
    from .reader import Reader


class GapQuestions:
    """Part of :class:`kg.queries.KnowledgeGraph`, which gives the reader."""

    _reader: Reader

    def gaps(self) -> Gaps:
        """Barriers without a direct answer, and items without a link of each relation that their kind could have."""
        from .quality import find_gaps

        return find_gaps(self._reader.model, self._reader.terms)

    def gap_map(self, rows: str, columns: str, *, relations: Iterable[str] = ()) -> GapMap:
        """Two sorts of things crossed, each empty cell with why it is empty; see :func:`kg.gapmap.build_gap_map`."""
        from .gapmap import build_gap_map

        reader = self._reader
        return build_gap_map(reader.model, reader.terms, reader.readings, rows, columns, relations=relations)

    def cover(
        self, asked: str | Iterable[str], *, direct: bool = False, kinds: Iterable[str] = (), audience: str = ""
    ) -> Cover:
        """The fewest items that together address every difficulty of a selection; see :func:`kg.cover.find_cover`."""
        from .cover import find_cover

        reader = self._reader
        return find_cover(reader.model, reader.terms, asked, direct=direct, kinds=kinds, audience=audience)

    def compare(self, first: str, second: str, *, topic: str = "") -> Comparison:
        """What two sources say alike, and what only one of them says; see :func:`kg.compare.compare_sources`."""
        from .compare import compare_sources

        reader = self._reader
        return compare_sources(reader.model, reader.terms, reader.readings, first, second, topic=topic)
