"""The verbs of the knowledge graph that ask what is missing and what would be enough. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from .model import Model

if TYPE_CHECKING:
    from .gap_results import Comparison, Cover, GapMap
    from .quality_results import Gaps
    from .reader import Reader


MAPS_KEPT = 4  # a large one takes tenths of a second to make and some megabytes to keep


class GapQuestions:
    """Part of :class:`kg.queries.KnowledgeGraph`, which gives the reader."""

    _reader: Reader

    @cached_property
    def _maps(self) -> dict[tuple[str, ...], GapMap]:
        """The last few maps: whoever looks at a large one asks for it part by part."""
        return {}

    def gaps(self) -> Gaps:
        """Barriers without a direct answer, and items without a link of each relation that their kind could have."""
        from .quality import find_gaps

        return self._reader.kept("gaps", lambda: find_gaps(self._reader.model, self._reader.terms))

    def gap_map(self, rows: str, columns: str, *, relations: Iterable[str] = ()) -> GapMap:
        """Two sorts of things crossed, each empty cell with why it is empty; see :func:`kg.gapmap.build_gap_map`."""
        from .gapmap import build_gap_map

        reader, asked = self._reader, (rows, columns, *relations)
        found = self._maps.get(asked)
        if found is None:
            found = build_gap_map(reader.model, reader.terms, reader.readings, rows, columns, relations=asked[2:])
            if len(self._maps) >= MAPS_KEPT:
                self._maps.clear()
            self._maps[asked] = found
        return found

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
        return compare_sources(
            self._about(first, second, topic), reader.terms, reader.readings, first, second, topic=topic
        )

    def _about(self, first: str, second: str, topic: str) -> Model:
        """What a comparison looks at: the sources that say anything, of their items those of two, and the topics."""
        snapshot, counts = self._reader.snapshot, self._reader.snapshot.count_by_source()
        named = snapshot.find_item(topic)
        items = [] if named is None or named.kind == "topic" or named.source in (first, second) else [named]
        for source, held in counts.items():
            if source in (first, second):
                items += snapshot.items(source=source)
            elif "topic" in held:
                items += snapshot.items(source=source, kind="topic")
        speaking = tuple(each for each in self._reader.sources.values() if counts.get(each.id, {}).keys() - {"topic"})
        return Model(speaking, tuple(items), tuple(snapshot.all_links("alignsWith")))
