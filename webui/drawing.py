"""A view as a still picture: places, shapes, lines and words of an SVG that prints, that needs no script, and that can be taken away."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from textwrap import wrap

from .exploring import Explored, number_of
from .layout import family
from .radial import CORNERS

# As in the stylesheet, where a test compares them: a picture that is taken away has no stylesheet.
COLOURS = {
    "light": {
        "ink": "#20262e", "muted": "#565d66", "paper": "#fcfbf8", "edge": "#78736a", "focus": "#b35900",
        "barrier": "#96360f", "harm": "#982058", "action": "#1c5d3a", "ask": "#1d4f8f", "capacity": "#6b5000", "resource": "#0b5c63",
        "word": "#584880",
    },
    "dark": {
        "ink": "#e8e4dc", "muted": "#b0b3b8", "paper": "#15181c", "edge": "#8b919b", "focus": "#ffb454",
        "barrier": "#f2ab8a", "harm": "#f3a5c3", "action": "#8fd6ae", "ask": "#a0c6f5", "capacity": "#e0c467", "resource": "#84d2d8",
        "word": "#c8baf0",
    },
}  # fmt: skip
DASHES: dict[str | None, tuple[int, int] | tuple[()]] = {"direct": (), "contributing": (7, 4), None: (2, 4)}
# Pixels of width at which a picture is shown or printed, from so many items on: words and lines of a wider one are drawn larger.
READABLE = {0: 1000.0, 50: 1500.0}
FONT, LETTER, LINE, MARGIN = 13.0, 0.55, 1.15, 30.0
SHORTER = ((22, 3), (18, 2), (18, 1))  # letters in a line and lines, tried in turn until there is room
TELLING = 12  # a name is not cut to fewer letters
MANY_LINES = 250  # from here on links are drawn fainter


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text with their heights. :ivar anchor: "start", "middle" or "end" of the lines stands at *x*."""

    x: float
    anchor: str
    lines: tuple[tuple[float, str], ...]


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
        alike.setdefault(look, []).append(_line(where[a], where[b], size[a], size[b], scale))
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
            _corners(family(item.kind), item.x, item.y, size[item.id]),
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
        (name, palette[name] if found.state.colour == "kind" else palette["muted"], _corners(name, 0, 0, 7))
        for name in families
    )
    return Drawing(
        left, top, width, height, scale, font, nodes, lines, legend, 0.4 if len(found.view.links) > MANY_LINES else 0.8
    )


def _line(
    start: tuple[float, float], end: tuple[float, float], near: float, far: float, scale: float
) -> tuple[str, str]:
    """From the edge of one shape to the edge of the other, and the arrowhead, "" where there is no room for one."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    head = 8 * scale
    x, y = end[0] - ux * (far + 2 * scale), end[1] - uy * (far + 2 * scale)
    line = f"M{start[0] + ux * near:.0f} {start[1] + uy * near:.0f}L{x:.0f} {y:.0f}"
    if length < near + far + head:
        return line, ""
    back, side = (x - ux * head, y - uy * head), (uy * head * 0.4, ux * head * 0.4)
    return (
        line,
        f"M{x:.0f} {y:.0f}L{back[0] - side[0]:.0f} {back[1] + side[1]:.0f} {back[0] + side[0]:.0f} {back[1] - side[1]:.0f}z",
    )


def _corners(name: str, x: float, y: float, r: float) -> str:
    return " ".join(f"{x + dx * r:.1f},{y + dy * r:.1f}" for dx, dy in CORNERS.get(name, ()))


Box = tuple[float, float, float, float]


class _Room:
    """What is taken of a picture, in cells, so that asking is quick."""

    def __init__(self, cell: float) -> None:
        self._cell, self._taken = cell, dict[tuple[int, int], list[Box]]()

    def _cells(self, box: Box) -> list[tuple[int, int]]:
        low, high = (int(value // self._cell) for value in box[:2]), (int(value // self._cell) for value in box[2:])
        (left, top), (right, bottom) = low, high
        return [(column, row) for column in range(left, right + 1) for row in range(top, bottom + 1)]

    def take(self, box: Box) -> None:
        for each in self._cells(box):
            self._taken.setdefault(each, []).append(box)

    def free(self, box: Box) -> bool:
        return not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for each in self._cells(box)
            for other in self._taken.get(each, ())
        )


def _find_room_for_words(
    found: Explored, size: dict[str, float], font: float, sides: tuple[float, float]
) -> dict[str, Words]:
    """Item -> its words, below it or at another side, shortened if need be, so that they cover no other words and no shape; the most
    telling items come first, and some get none."""
    room = _Room(12 * font)
    for item in found.view.items:
        r = size[item.id] * 0.8
        room.take((item.x - r, item.y - r, item.x + r, item.y + r))
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
    words = {}
    for item in order:
        for letters, most in SHORTER:
            lines = wrap(item.label, letters, max_lines=most, placeholder=" …")
            if lines[-1].endswith("…") and sum(map(len, lines)) < TELLING + 2:
                continue
            wide, high, r = max(map(len, lines)) * LETTER * font, len(lines) * font * LINE, size[item.id] * 1.15 + 1
            for anchor, x, left, top in (
                ("middle", float(item.x), item.x - wide / 2, item.y + r),
                ("middle", float(item.x), item.x - wide / 2, item.y - r - high),
                ("start", item.x + r + 2, item.x + r + 2, item.y - high / 2),
                ("end", item.x - r - 2, item.x - r - 2 - wide, item.y - high / 2),
            ):
                box = (left, top, left + wide, top + high)
                if item.id not in words and sides[0] < left and left + wide < sides[1] and room.free(box):
                    room.take(box)
                    heights = (round(top + (place + 0.82) * font * LINE, 1) for place in range(len(lines)))
                    words[item.id] = Words(round(x, 1), anchor, tuple(zip(heights, lines, strict=True)))
            if item.id in words:
                break
    return words
