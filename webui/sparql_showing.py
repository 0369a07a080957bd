"""A SPARQL result as people look at it: a table whose items are links with their names, and a picture where it joins items."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from kg.data_results import Cell, DataAnswer, Table, prefixes_of, shorten
from kg.errors import UnknownItem
from kg.queries import KnowledgeGraph
from kg.results import Brief

from .drawing import Drawing, Node, draw
from .explore_state import State
from .exploring import Explored
from .layout import FAMILIES

ROWS, DRAWN = 50, 60  # rows that a page shows; items that a picture holds
_COLOURS = {name: name for name in (*FAMILIES, "muted")}  # the stylesheet gives each its colour


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell. :ivar item: what of ours it names. :ivar note: its language or its type."""

    text: str
    item: Brief | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """The items that a result joins. :ivar nodes: each with its item. :ivar left_out: how many pairs have no room."""

    drawing: Drawing
    nodes: tuple[tuple[Node, Brief], ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Result:
    """A result to look at."""

    answer: DataAnswer
    names: tuple[str, ...]
    rows: tuple[tuple[Shown, ...], ...]
    picture: Picture | None


def show_result(knowledge: KnowledgeGraph, answer: DataAnswer) -> Result:
    """What a page shows of an answer in JSON or N-Triples."""
    table, names = answer.table(), _Names(knowledge)
    rows = tuple(tuple(names.show(cell) for cell in row) for row in table.rows[:ROWS])
    return Result(answer, table.names, rows, _draw(knowledge, names, table))


class _Names:
    """Finds what terms are called, each once."""

    def __init__(self, knowledge: KnowledgeGraph) -> None:
        self._knowledge, self._prefixes = knowledge, prefixes_of(knowledge.terms.base)
        self._found: dict[str, Brief | None] = {}

    def item(self, cell: Cell | None) -> Brief | None:
        start = self._prefixes["id"]
        if cell is None or cell.kind != "uri" or not cell.text.startswith(start):
            return None
        name = cell.text.removeprefix(start)
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> Brief | None:
        if source := self._knowledge.sources.get(name):
            return Brief(source.id, "source", source.label)
        try:
            return self._knowledge.briefs([name])[0]
        except UnknownItem:
            return None

    def show(self, cell: Cell | None) -> Shown:
        if cell is None:
            return Shown("")
        if cell.kind == "literal":
            return Shown(cell.text, note=cell.language or shorten(cell.datatype, self._prefixes))
        text = shorten(cell.text, self._prefixes) if cell.kind == "uri" else f"_:{cell.text}"
        return Shown(text, self.item(cell))


def _draw(knowledge: KnowledgeGraph, names: _Names, table: Table) -> Picture | None:
    """The pairs of different items that stand side by side in a row, as far as there is room."""
    pairs: dict[tuple[str, str], None] = {}
    items: dict[str, Brief] = {}
    left_out = 0
    for row in table.rows:
        here = [item for item in map(names.item, row) if item and item.kind != "source"]
        for start, end in pairwise(here):
            if start == end or (start.id, end.id) in pairs:
                continue
            if len(items.keys() | {start.id, end.id}) > DRAWN:
                left_out += 1
                continue
            items |= {start.id: start, end.id: end}
            pairs[start.id, end.id] = None
    if not pairs:
        return None
    drawing = draw(Explored(State(), knowledge.picture_of(pairs), None, None, None, (), ""), _COLOURS)
    return Picture(drawing, tuple(zip(drawing.nodes, items.values(), strict=True)), left_out)
