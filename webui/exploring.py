"""What the explore view shows in a state: the view, the path told, the chosen item, what was found, an outline and a sorted table."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext

from kg.errors import BadQuery
from kg.findings import Path, Paths
from kg.queries import KnowledgeGraph
from kg.results import Description, Hit
from kg.view_results import Seen, View

from .explore_state import SIZES, State
from .layout import FAMILIES, family

LONGEST_PATH = 5
LISTED, ROWS, FOUND = 60, 25, 8  # items in the outline; rows of a page of the table; what a search offers
SMALL, LARGE = 8.0, 21.0  # radius of an item that has no figure, and of the one with the highest
COLOURED = len(FAMILIES)  # so many communities have a colour of their own, the largest; all have a number


@dataclass
class Branch:
    """An item of the outline with what it brought."""

    item: Seen
    under: list[Branch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Explored:
    """Everything that the page, the picture and the JSON of a state are made from.

    :ivar way: the best path between the two ends, if both are chosen and there is one. :ivar on_way: its items, from end to end.
    :ivar outline: what was asked for, with what each item brought below it. :ivar rows: one page of the sorted table.
    """

    state: State
    view: View
    paths: Paths | None
    chosen: Seen | None
    described: Description | None
    hits: tuple[Hit, ...]
    missed: str

    @property
    def way(self) -> Path | None:
        return self.paths.paths[0] if self.paths and self.paths.paths else None

    @property
    def on_way(self) -> tuple[str, ...]:
        return items_of(self.way) if self.way else ()

    @property
    def items(self) -> dict[str, Seen]:
        return {item.id: item for item in self.view.items}

    @property
    def outline(self) -> list[Branch]:
        branches = {item.id: Branch(item) for item in self.view.items[:LISTED]}
        roots: list[Branch] = []
        for item in self.view.items[:LISTED]:
            above = branches.get(item.by.start.id) if item.by else None
            (above.under if above else roots).append(branches[item.id])
        return roots

    @property
    def rows(self) -> tuple[Seen, ...]:
        first = (self.page - 1) * ROWS
        return self._sorted[first : first + ROWS]

    @property
    def pages(self) -> int:
        return -(-len(self.view.items) // ROWS)

    @property
    def page(self) -> int:
        return min(self.state.page, max(self.pages, 1))

    @property
    def _sorted(self) -> tuple[Seen, ...]:
        column, down = self.state.sort.removeprefix("-"), self.state.sort.startswith("-")
        if not column:
            return self.view.items
        if column in SIZES:
            key: Any = lambda item: item.measures.get(column, -1.0)  # noqa: E731
        elif column == "community":
            key = lambda item: number_of(item.community) or 10_000  # noqa: E731
        else:
            key = lambda item: value.casefold() if isinstance(value := getattr(item, column), str) else value  # noqa: E731
        return tuple(sorted(self.view.items, key=key, reverse=down))

    @property
    def radii(self) -> dict[str, float]:
        """Item -> how large it is drawn; the area follows the figure."""
        figures = {item.id: item.measures.get(self.state.size, 0.0) for item in self.view.items}
        most = max(figures.values(), default=0.0)
        return {
            item: round(SMALL + (LARGE - SMALL) * (value / most) ** 0.5, 1) if most else SMALL + 2
            for item, value in figures.items()
        }

    def colour(self, item: Seen) -> str:
        """The name of a colour: a family of kinds, or that of a community, or "rest"."""
        if self.state.colour == "kind":
            return family(item.kind)
        return colour_of(item.community)

    def to_json(self, *, lean: bool = False) -> dict[str, Any]:
        """For the picture: the view with what is drawn, and the path. :param lean: without what is only read."""
        found = self.view.to_json()
        if lean:
            found["links"] = [
                {name: link[name] for name in ("start", "end", "direction", "strength")} for link in found["links"]
            ]
            found["items"] = [
                {name: value for name, value in item.items() if name != "measures"} for item in found["items"]
            ]
            del found["choices"]
        radii = self.radii
        for told, item in zip(found["items"], self.view.items, strict=True):
            told |= {"size": radii[item.id], "family": family(item.kind), "colour": self.colour(item)}
        return {
            **found,
            "address": self.state.address(),
            "chosen": self.chosen.id if self.chosen else "",
            "path": list(self.on_way),
        }


def explore(kg: KnowledgeGraph, state: State) -> Explored:
    """Everything about a state.

    :raises UnknownItem: if it names an item that is not there. :raises BadQuery: if it cannot be understood.
    """
    paths = find_path(kg, state)
    keep = items_of(paths.paths[0]) if paths and paths.paths else ()
    view = kg.view(state.moves, only=state.only, keep=[*keep, state.at])
    chosen = next((item for item in view.items if item.id == state.at), None)
    hits, missed = _look_for(kg, state.words)
    return Explored(state, view, paths, chosen, kg.describe(chosen.id) if chosen else None, hits, missed)


def settle(kg: KnowledgeGraph, state: State) -> State:
    """The state with the items of its path added where they are missing, so that the path can be seen."""
    paths = find_path(kg, state)
    if not paths or not paths.paths:
        return state
    shown = {item.id for item in kg.view(state.moves).items}
    missing = [f"add.{item}" for item in items_of(paths.paths[0]) if item not in shown]
    return replace(state, moves=(*state.moves, *missing))


def find_path(kg: KnowledgeGraph, state: State) -> Paths | None:
    """The path between the two ends by the links that the filter lets through, or None if there are no two ends."""
    if not all(state.ends):
        return None
    terms = kg.terms
    relations = [word for word in state.only if word in (*terms.curated, "isPartOf", "subject")]
    grades = [
        word for word in state.only if any(word in terms.choices[name] for name in ("strength", "basis", "state"))
    ]
    found = kg.paths(*state.ends, max_length=LONGEST_PATH, limit=1, relations=relations, at_least=grades)
    if not isinstance(found, Paths):
        raise BadQuery("A path leads from one item to another, not to a kind.", "Choose two items of the picture.")
    return found


def items_of(path: Path) -> tuple[str, ...]:
    """The items of a path, from end to end."""
    return (path.steps[0].start.id, *(step.end.id for step in path.steps))


def number_of(community: str) -> int:
    """The number of a community, 0 for none."""
    return int(community.rpartition("-")[2] or 0)


def colour_of(community: str) -> str:
    """The colour of a community: that of a family, since either kinds or communities are coloured, never both.

    >>> colour_of("community-1"), colour_of("community-12"), colour_of("")
    ('barrier', 'rest', 'rest')
    """
    number = number_of(community)
    return list(FAMILIES)[number - 1] if 0 < number <= COLOURED else "rest"


def _look_for(kg: KnowledgeGraph, words: str) -> tuple[tuple[Hit, ...], str]:
    """What words find, and why they find nothing."""
    if not words:
        return (), ""
    try:
        hits = kg.search(words, limit=FOUND).results
    except BadQuery as error:
        return (), error.message
    return hits, "" if hits else gettext("Nothing here answers these words. Try fewer or other ones.")
