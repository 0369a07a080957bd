"""Pages on what is missing and what would be enough: the gap map, the smallest set, two sources compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request
from flask_babel import lazy_gettext as _l

from kg.errors import BadQuery, UnknownItem
from kg.findings import Step
from kg.gap_results import Cell, Comparison, Cover, GapMap, Line
from kg.overview_results import Holding
from kg.results import Brief

from .charts import draw_bars, heat
from .languages import number
from .showing import Shown, cut, names_asked, show
from .views import knowledge, pages

T = TypeVar("T")

CELLS_A_PAGE, COLUMNS_A_PAGE, MOST_CELLS = 300, 18, 8000  # a larger map is one for a file, or for a program
LINKS_A_PAGE, PAIRS_A_PAGE, LONE_A_PAGE = 20, 20, 50
MOST_CHOICES = 100  # difficulties in a list
# What can be crossed beside the kinds: name -> words.
FACETS = {
    "top-topic": _l("wide topics"),
    "topic": _l("all topics"),
    "audience": _l("who is asked to act"),
    "source": _l("sources"),
    "kind": _l("kinds of items"),
}
MAPS = (
    ("barrier-group", "goal", _l("Groups of barriers by goals: where is the plan silent?")),
    ("harm-type", "audience", _l("Types of harm by who is asked to act: whom does nothing address?")),
    ("barrier", "source", _l("Barriers by source: which document speaks to which?")),
    ("capacity-area", "goal", _l("Areas of capacity by goals: what builds which ability?")),
    ("top-topic", "source", _l("Wide topics by source: who says how much about what?")),
    ("harm-type", "barrier-group", _l("Types of harm by groups of barriers: what worsens what?")),
)


@dataclass(frozen=True, slots=True)
class Block:
    """The part of a map that a page shows. :ivar rows: each with its cells. :ivar row_page: of :ivar row_pages: the same for columns."""

    columns: tuple[Line, ...]
    rows: tuple[tuple[Line, tuple[Cell, ...]], ...]
    row_page: int
    row_pages: int
    column_page: int
    column_pages: int
    most: int


def maps_held() -> list[tuple[str, str, Any]]:
    """The maps to begin with, of what this build holds."""
    return [each for each in MAPS if each[0] in _axes() and each[1] in _axes()]


def _axes() -> list[str]:
    return [*FACETS, *(kind for kind in knowledge().stats().items if kind != "topic")]


@pages.get("/gaps")
def gaps() -> Shown:
    maps = maps_held()
    asked = [request.args.get(name, "") for name in ("rows", "columns")]
    if not any(asked):  # the first that is not too large for a page, if there is one
        asked = next(
            ([rows, columns] for rows, columns, _ in maps if _size(rows) * _size(columns) <= MOST_CELLS), asked
        )
    state = {"rows": asked[0], "columns": asked[1], "relations": list(names_asked("relations"))}
    page: dict[str, Any] = {
        "axes": _axes(),
        "facets": FACETS,
        "maps": maps,
        "state": state,
        "unanswered": knowledge().gaps().unanswered,
        "most_unanswered": MOST_CHOICES,
        "relations": knowledge().terms.relations,
    }
    return show("gaps", lambda: _ask_map(*asked) if any(asked) else None, _dress_map, **page)


def _ask_map(rows: str, columns: str) -> GapMap:
    size = _size(rows) * _size(columns)
    if size > MOST_CELLS:
        raise BadQuery(
            f"A map of {rows} by {columns} has {size} cells; this site makes up to {MOST_CELLS}.",
            "Cross an axis that has fewer rows, such as groups, goals or sources.",
        )
    return knowledge().gap_map(rows, columns, relations=names_asked("relations"))


def _size(axis: str) -> int:
    """How many rows an axis has at most; 0 for what is none, of which the library tells."""
    kg, held = knowledge(), knowledge().stats().items
    facets = {"kind": held, "source": kg.sources, "audience": kg.terms.choices["audience"]}
    return len(facets[axis]) if axis in facets else held.get("topic" if axis == "top-topic" else axis, 0)


def _dress_map(found: GapMap) -> dict[str, Any]:
    wanted = {name: request.args.get(name, "") for name in ("row", "column")}
    row, column = (
        _find_line(lines, name) for lines, name in ((found.rows, wanted["row"]), (found.columns, wanted["column"]))
    )
    width = len(found.columns)
    cells = [found.cells[place : place + width] for place in range(0, len(found.cells), width)]
    counts = [len(cell.holds) for cell in found.cells]
    empties = {
        empty: sum(cell.empty == empty for cell in found.cells) for empty in ("silent", "unread", "does not apply")
    }
    dressed = {"filled": sum(map(bool, counts)), "empties": empties, "heat": heat, "row": row, "column": column}
    if row and column:
        cell = cells[found.rows.index(row)][found.columns.index(column)]
        return {**dressed, "cell": cell, **_dress_cell(found, cell)}
    if row:
        return {**dressed, "listed": [*zip(found.columns, cells[found.rows.index(row)], strict=True)]}
    if column:
        return {
            **dressed,
            "listed": [(line, each[found.columns.index(column)]) for line, each in zip(found.rows, cells, strict=True)],
        }
    return {**dressed, "block": _cut(found, cells, max(counts, default=0))}


def _find_line(lines: Sequence[Line], wanted: str) -> Line | None:
    found = next((line for line in lines if line.id == wanted), None)
    if wanted and not found:
        raise UnknownItem(f"This map has no row or column {wanted[:100]!r}.", "Choose one from the map.")
    return found


def _cut(found: GapMap, cells: list[tuple[Cell, ...]], most: int) -> Block:
    columns, column_page, column_pages = cut(found.columns, COLUMNS_A_PAGE, "columns_page")
    first = found.columns.index(columns[0])
    rows, row_page, row_pages = cut(found.rows, CELLS_A_PAGE // len(columns), "rows_page")
    start = found.rows.index(rows[0])
    shown = tuple((row, cells[start + place][first : first + len(columns)]) for place, row in enumerate(rows))
    return Block(columns, shown, row_page, row_pages, column_page, column_pages, most)


def _dress_cell(found: GapMap, cell: Cell) -> dict[str, Any]:
    ids, page, page_count = cut(cell.holds, LINKS_A_PAGE, "page")
    links: tuple[Step, ...] = knowledge().links(ids) if found.holds == "links" else ()
    items: tuple[Brief, ...] = () if links else knowledge().briefs(ids)
    return {"links": links, "items": items, "page": page, "pages": page_count}


@pages.get("/cover")
def cover() -> Shown:
    kg = knowledge()
    addresses = kg.terms.relations["addresses"]
    state: dict[str, Any] = {name: request.args.get(name, "") for name in ("direct", "audience")}
    state |= {name: list(names_asked(name)) for name in ("asked", "kinds")}
    return show(
        "cover",
        lambda: _ask_cover() if state["asked"] else None,
        groups=kg.items(kind="barrier-group"),
        harms=kg.items(kind="harm-type"),
        able=addresses.domain,
        most=MOST_CHOICES,
        state=state,
    )


def _ask_cover() -> Cover:
    direct, audience = request.args.get("direct") == "1", request.args.get("audience", "")
    return knowledge().cover(names_asked("asked"), direct=direct, kinds=names_asked("kinds"), audience=audience)


def comparable() -> list[Holding]:
    """The sources that say anything: topics are the project's own."""
    return [each for each in knowledge().holdings() if set(each.items) - {"topic"}]


@pages.get("/compare")
def compare() -> Shown:
    kg = knowledge()
    asked = {name: request.args.get(name, "") for name in ("first", "second", "topic", "show")}
    return show(
        "compare",
        lambda: (
            kg.compare(asked["first"], asked["second"], topic=asked["topic"])
            if asked["first"] or asked["second"]
            else None
        ),
        _dress_comparison,
        compared=[each.source for each in comparable()],
        names={source.id: source.label for source in kg.sources.values()},
        topics=kg.items(kind="topic"),
        state=asked,
    )


def _dress_comparison(found: Comparison) -> dict[str, Any]:
    shown = request.args.get("show", "")
    parts = {
        "": (),
        "alike": found.aligned,
        "first": found.only_first,
        "second": found.only_second,
        "topics": found.topics,
    }
    if shown not in parts:
        raise BadQuery(f"There is no part {shown[:100]!r}.", "Choose one from the page.")
    size = PAIRS_A_PAGE if shown == "alike" else LONE_A_PAGE
    part, page, page_count = cut(parts[shown], size, "page")
    charted = [each for each in found.topics if each.top] or list(found.topics)
    bars = draw_bars(
        (each.topic.label, [(len(side), number(len(side))) for side in (each.first, each.second)]) for each in charted
    )
    direct = sum(pair.strength == "direct" for pair in found.aligned)
    return {"part": part, "page": page, "pages": page_count, "bars_drawn": bars, "charted": charted, "direct": direct}
