"""The verbs of the knowledge graph for those who read on: a difficulty in full, glossary, sources, topics. Standard library only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .overview_results import Dossier, Holding, Standing, TermEntry, TopicEntry
    from .reader import Reader
    from .results import Answers, Description


class OverviewQuestions:
    """Part of :class:`kg.queries.KnowledgeGraph`, which gives the reader and the two verbs that a dossier is made from."""

    _reader: Reader

    if TYPE_CHECKING:

        def answers_to(self, item_id: str) -> Answers: ...

        def describe(self, item_id: str) -> Description: ...

    def dossier(self, item_id: str) -> Dossier:
        """A barrier, a harm or a group of barriers in full: why it matters, its answers by who acts, resources, what stands in it.

        :raises UnknownItem: if there is no such item. :raises WrongKind: if it is something that nothing could address.
        """
        from .overview import build_dossier

        found = self.answers_to(item_id).barriers
        own = next((each for each in found if each.id == item_id), None)
        parts = [each for each in found if each.id != item_id]
        return build_dossier(self._reader, self.describe(item_id), own, parts)

    def glossary(self) -> tuple[TermEntry, ...]:
        """Every term by the alphabet, with how many items use it and the first of them."""
        from .overview import build_glossary

        return self._reader.kept("glossary", lambda: build_glossary(self._reader))

    def holdings(self) -> tuple[Holding, ...]:
        """What is held of each source, in counts."""
        from .overview import build_holding

        return tuple(build_holding(self._reader, source, outline=False) for source in self._reader.sources)

    def contents(self, source_id: str) -> Holding:
        """What is held of one source, with its table of contents. :raises UnknownItem: if there is no such source."""
        from .overview import build_holding

        return build_holding(self._reader, source_id, outline=True)

    def topics(self) -> tuple[TopicEntry, ...]:
        """The topics in two levels, with how many items are about each."""
        from .overview import build_topics

        return build_topics(self._reader)

    def standing(self, item_id: str) -> tuple[Standing, ...]:
        """Where an item stands among those of its kind, by how many items it is linked to and how much it addresses.

        Nothing for what only gathers other items or has no figure. :raises UnknownItem: if there is no such item.
        """
        from .importance import find_standing

        return find_standing(self._reader, item_id)
