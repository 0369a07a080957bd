"""What a gap map can cross: every kind of item, and what items carry (topic, audience, kind, source). The one list of axes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .choices import check_choice
from .errors import BadQuery
from .model import Item, Model
from .terms import Terms

OWN = "topic"  # topics are the project's own, for overviews: nothing that a source says


@dataclass(frozen=True, slots=True)
class Group:
    """One row or column. :ivar members: ids of the items that it stands for."""

    id: str
    label: str
    members: frozenset[str]


def build_axis(model: Model, terms: Terms, name: str) -> list[Group]:
    """The groups of an axis, in reading order.

    An axis that is a kind has one group for each item of it, with all that stands under the item: a goal with its actions. The others are
    in ``FACETS``.

    :raises BadQuery: if there is no such axis, with the nearest name, or nothing on it.
    """
    allowed = [*FACETS, *(kind for kind in terms.kinds if kind != OWN)]
    check_choice("axis", name, allowed)
    groups = FACETS[name](model, terms) if name in FACETS else _items_of(model, name)
    if not groups:
        raise BadQuery(f"No item of this build stands on the axis {name!r}.", "Try: kg stats")
    return groups


def held(model: Model) -> list[Item]:
    """What the sources say, in reading order: every item but the topics."""
    return [item for item in model.items if item.kind != OWN]


def asked_of(item: Item, terms: Terms) -> tuple[str, ...]:
    """The audiences that an item asks to act: those that it names, else the one to whom its kind speaks, if any.

    So an ally recommendation is asked of allies and an action of survivor leaders, as answers tell it.
    """
    if item.audiences:
        return item.audiences
    actor = terms.kinds[item.kind].actor.lower().replace(" ", "-")
    return tuple(audience for audience in terms.choices["audience"] if actor.startswith(audience))


def items_by_topic(model: Model) -> dict[str, list[Item]]:
    """Topic id -> what is about it or about a narrower topic, in reading order."""
    parents = {item.id: item.parent for item in model.items if item.kind == OWN}
    found: dict[str, list[Item]] = {topic: [] for topic in parents}
    for item in held(model):
        about = set(item.about)
        about |= {parents[topic] for topic in item.about if parents.get(topic)}
        for topic in sorted(about & set(found)):
            found[topic].append(item)
    return found


def _items_of(model: Model, kind: str) -> list[Group]:
    children = defaultdict(list)
    for item in model.items:
        children[item.parent].append(item.id)
    groups = []
    for item in model.items:
        if item.kind == kind:
            members = [item.id]
            for member in members:
                members += children[member]
            groups.append(Group(item.id, item.label, frozenset(members)))
    return groups


def _topics(model: Model, terms: Terms) -> list[Group]:
    found = items_by_topic(model)
    labels = {item.id: item.label for item in model.items if item.kind == OWN}
    return [Group(topic, labels[topic], frozenset(item.id for item in items)) for topic, items in found.items()]


def _top_topics(model: Model, terms: Terms) -> list[Group]:
    top = {item.id for item in model.items if item.kind == OWN and not item.parent}
    return [group for group in _topics(model, terms) if group.id in top]


def _audiences(model: Model, terms: Terms) -> list[Group]:
    members: dict[str, list[str]] = {audience: [] for audience in terms.choices["audience"]}
    for item in held(model):
        for audience in asked_of(item, terms):
            members[audience].append(item.id)
    return [Group(audience, audience.replace("-", " "), frozenset(items)) for audience, items in members.items()]


def _kinds(model: Model, terms: Terms) -> list[Group]:
    members = defaultdict(list)
    for item in held(model):
        members[item.kind].append(item.id)
    return [Group(kind, terms.kinds[kind].plural, frozenset(items)) for kind, items in members.items()]


def _sources(model: Model, terms: Terms) -> list[Group]:
    members = defaultdict(list)
    for item in held(model):
        members[item.source].append(item.id)
    return [
        Group(source.id, source.label, frozenset(members[source.id])) for source in model.sources if members[source.id]
    ]


# What items carry, beside the kinds themselves. A topic has with it what is about a narrower one.
FACETS: Mapping[str, Callable[[Model, Terms], list[Group]]] = {
    "topic": _topics,
    "top-topic": _top_topics,
    "audience": _audiences,
    "kind": _kinds,
    "source": _sources,
}
TOPICS = ("topic", "top-topic")
