"""A view as a still picture: places, shapes, lines and words of an SVG that prints, that needs no script, and that can be taken away."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from kg.figures import FONT, Spot, Words, find_room_for_words, line_between
from kg.looks import COLOURS, DASHES, corners, family

from .exploring import Explored, number_of

__all__ = ["COLOURS", "Drawing", "draw"]

# Pixels of width at which a picture is shown or printed, from so many items on: words and lines of a wider one are drawn larger.
READABLE = {0: 1000.0, 50: 1500.0}
MARGIN = 30.0
MANY_LINES = 250  # from here on links are drawn fainter


@dataclass(frozen=True, slots=True)
class Node:
    """A shape with its words. :ivar points: corners, or "" for a circle. :ivar words: None where there is no room. :ivar inside: the number
    of its community, or its place on the path. :ivar ring: "start", "chosen", "path" or ""."""

    x: float
    y: float
    r: float
    colour: str
    points: str
    title: str
    words: Words | None
    inside: str
    more: int
    ring: str
    faint: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """All links that look the same, as one path. :ivar heads: their arrowheads, as another. :ivar lit: they are on the path told in words.
    :ivar faint: others are."""

    dash: str
    lit: bool
    faint: bool
    lines: str
    heads: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture. :ivar scale: how much larger words and lines are drawn than at full size. :ivar legend: families that occur."""

    left: float
    top: float
    width: float
    height: float
    scale: float
    font: float
    nodes: tuple[Node, ...]
    lines: tuple[Lines, ...]
    legend: tuple[tuple[str, str, str], ...]
    opacity: float


def draw(found: Explored, palette: dict[str, str]) -> Drawing:
    """The picture of a state in some colours."""
    items, radii, on_way = found.view.items, found.radii, found.on_way
    xs, ys = [item.x for item in items] or [0], [item.y for item in items] or [0]
    readable = max(width for least, width in READABLE.items() if len(items) >= least)
    scale = max(1.0, (max(xs) - min(xs) + 200) / readable)
    room = ((max(xs) - min(xs)) * (max(ys) - min(ys)) / max(len(items), 1)) ** 0.5
    larger = max(1.0, min(scale, room / 75))
    font, margin = FONT * scale, MARGIN * scale
    left, top = min(xs) - margin - 60 * scale, min(ys) - margin
    width = max(xs) - min(xs) + 2 * margin + 120 * scale
    height = max(ys) - min(ys) + 2 * margin + 3.4 * font
    size = {item.id: radii[item.id] * larger for item in items}
    where = {item.id: (float(item.x), float(item.y)) for item in items}
    steps = set(pairwise(on_way))
    alike: dict[tuple[bool, bool, str], list[tuple[str, str]]] = {}
    for link in found.view.links:
        a, b = link.start.id, link.end.id
        lit = (a, b) in steps or (b, a) in steps
        if link.direction == "in":
            a, b = b, a
        dash = "" if lit else " ".join(f"{part * scale:.1f}" for part in DASHES[link.strength])
        look = lit, bool(on_way) and not lit, dash
        alike.setdefault(look, []).append(line_between(where[a], where[b], size[a], size[b], scale))
    lines = tuple(
        Lines(dash, lit, faint, "".join(line for line, _ in those), "".join(head for _, head in those))
        for (lit, faint, dash), those in sorted(alike.items())
    )
    words = _find_room_for_words(found, size, font, (left, left + width))
    nodes = tuple(
        Node(
            float(item.x),
            float(item.y),
            round(size[item.id], 1),
            palette.get(found.colour(item), palette["muted"]),
            corners(family(item.kind), item.x, item.y, size[item.id]),
            item.label,
            words.get(item.id),
            str(on_way.index(item.id) + 1)
            if item.id in on_way
            else str(number_of(item.community) or "")
            if found.state.colour == "community"
            else "",
            item.more,
            "path" if item.id in on_way else "chosen" if item.id == found.state.at else "start" if item.start else "",
            bool(on_way) and item.id not in on_way,
        )
        for item in items
    )
    families = dict.fromkeys(family(item.kind) for item in items)
    legend = tuple(
        (name, palette[name] if found.state.colour == "kind" else palette["muted"], corners(name, 0, 0, 7))
        for name in families
    )
    return Drawing(
        left, top, width, height, scale, font, nodes, lines, legend, 0.4 if len(found.view.links) > MANY_LINES else 0.8
    )


def _find_room_for_words(
    found: Explored, size: dict[str, float], font: float, sides: tuple[float, float]
) -> dict[str, Words]:
    """Item -> its words; what is on the path, chosen, a start, large and much linked gets room first."""
    on_way = set(found.on_way)
    order = sorted(
        found.view.items,
        key=lambda item: (
            item.id not in on_way,
            item.id != found.state.at,
            not item.start,
            -size[item.id],
            -item.links,
        ),
    )
    return find_room_for_words(
        (Spot(item.id, item.label, item.x, item.y, size[item.id]) for item in order), font, sides
    )
