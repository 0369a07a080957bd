"""A small picture of what stands around an item: places, shapes and lines of text for a ring, computed here and drawn by a template."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from textwrap import wrap

from kg.findings import Neighbourhood, Step
from kg.looks import CORNERS, family
from kg.results import Brief

WIDTH, HEIGHT = 760, 380
ACROSS, DOWN = 150, 150  # radii of the ring; narrow screens cut away the labels at both sides and keep the ring
SIZE, WIDE, LINE = 15, 26, 16  # of a node; of a label in letters; from line to line
SPREAD = 74  # degrees from the horizontal within which nodes stand, so that every label has room at its side


@dataclass(frozen=True, slots=True)
class Spot:
    """A node. :ivar number: its place in the list beside the picture, 0 for the item itself. :ivar points: corners, or "" for a circle.
    :ivar nudge: how far its number stands below its middle. :ivar side: where its label ends or begins: "start" or "end".
    :ivar by: the link that leads to it."""

    number: int
    item: Brief
    family: str
    x: float
    y: float
    points: str
    nudge: float
    side: str
    label_x: float
    lines: tuple[tuple[float, str], ...]
    by: Step | None


@dataclass(frozen=True, slots=True)
class Ring:
    """The picture. :ivar left_out: how many more items stand around the middle."""

    width: int
    height: int
    size: int
    middle: Spot
    spots: tuple[Spot, ...]
    left_out: int


def draw_ring(nearby: Neighbourhood) -> Ring:
    """Place the nearest items of a neighbourhood around it: the first half down the right side, the rest down the left."""
    near = nearby.rings[0].items
    right = (len(near) + 1) // 2
    spots = []
    for place, each in enumerate(near):
        in_side, on_side = (place, right) if place < right else (place - right, len(near) - right)
        angle = -SPREAD + 2 * SPREAD * (in_side / (on_side - 1) if on_side > 1 else 0.5)
        across = 1 if place < right else -1
        spots.append(_spot(place + 1, each.item, across * cos(radians(angle)), sin(radians(angle)), each.by))
    return Ring(WIDTH, HEIGHT, SIZE, _spot(0, nearby.start, 0, 0, None), tuple(spots), nearby.rings[0].left_out.items)


def _spot(number: int, item: Brief, across: float, down: float, by: Step | None) -> Spot:
    x, y = round(WIDTH / 2 + ACROSS * across, 1), round(HEIGHT / 2 + DOWN * down, 1)
    shape, side = family(item.kind), "start" if across >= 0 else "end"
    lines = wrap(item.label, WIDE, max_lines=2, placeholder="…")
    top = y - LINE * (len(lines) - 1) / 2 + LINE / 3
    return Spot(
        number=number,
        item=item,
        family=shape,
        x=x,
        y=y,
        points=" ".join(f"{x + SIZE * dx:.1f},{y + SIZE * dy:.1f}" for dx, dy in CORNERS.get(shape, ())),
        nudge=round(y + {"barrier": 8, "harm": 2}.get(shape, 4.5), 1),
        side=side,
        label_x=x + (26 if side == "start" else -26),
        lines=tuple((round(top + LINE * place, 1), line) for place, line in enumerate(lines)),
        by=by,
    )
