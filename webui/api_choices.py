"""The closed lists of the API, read from the build that is served: kinds, relations, sources, audiences and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kg.queries import KnowledgeGraph

from .explore_state import SIZES

MEASURES = SIZES[1:]
FACETS = ("top-topic", "topic", "audience", "source", "kind")  # what a gap map can cross beside the kinds
Choices = Callable[[KnowledgeGraph], Iterable[str]]


def kinds(kg: KnowledgeGraph) -> Iterable[str]:
    return kg.terms.kinds


def held_kinds(kg: KnowledgeGraph) -> Iterable[str]:
    """Kinds of which this build has an item."""
    return kg.stats().items


def passable_kinds(kg: KnowledgeGraph) -> Iterable[str]:
    """Kinds that do more than gather others."""
    return [kind for kind in kg.terms.kinds if kind not in kg.terms.gathering]


def able_kinds(kg: KnowledgeGraph) -> Iterable[str]:
    """Kinds that address difficulties."""
    return kg.terms.relations["addresses"].domain


def sources(kg: KnowledgeGraph) -> Iterable[str]:
    return kg.sources


def speaking_sources(kg: KnowledgeGraph) -> Iterable[str]:
    """Sources that say anything: topics are the project's own."""
    return [each.source.id for each in kg.holdings() if set(each.items) - {"topic"}]


def themes(kg: KnowledgeGraph) -> Iterable[str]:
    return [item.id for item in kg.items(kind="theme")]


def topics(kg: KnowledgeGraph) -> Iterable[str]:
    return [item.id for item in kg.items(kind="topic")]


def audiences(kg: KnowledgeGraph) -> Iterable[str]:
    return kg.terms.audiences


def relations(kg: KnowledgeGraph) -> Iterable[str]:
    """Relations of curated links."""
    return kg.terms.curated


def walked_relations(kg: KnowledgeGraph) -> Iterable[str]:
    """The same with nesting and topics, by which paths may walk too."""
    return (*kg.terms.curated, "isPartOf", "subject")


def kinds_and_relations(kg: KnowledgeGraph) -> Iterable[str]:
    return (*kinds(kg), *walked_relations(kg))


def grades(kg: KnowledgeGraph) -> Iterable[str]:
    """Strengths, bases and states."""
    return [value for name in ("strength", "basis", "state") for value in kg.terms.choices[name]]


def axes(kg: KnowledgeGraph) -> Iterable[str]:
    """What a gap map can cross."""
    return (*FACETS, *(kind for kind in held_kinds(kg) if kind != "topic"))


def measures(kg: KnowledgeGraph) -> Iterable[str]:
    return MEASURES


def or_not(choices: Choices) -> Choices:
    """The same values, and each with a ``-`` before it: all but this."""

    def both(kg: KnowledgeGraph) -> Iterable[str]:
        values = list(choices(kg))
        return [*values, *(f"-{value}" for value in values)]

    return both


def or_empty(choices: Choices) -> Choices:
    """The same values and nothing, as the fields of a form send it."""
    return lambda kg: ("", *choices(kg))


def let_through(kg: KnowledgeGraph) -> Iterable[str]:
    """What a selection can be narrowed to."""
    return (*kinds_and_relations(kg), *sources(kg), *grades(kg))
