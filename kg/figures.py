"""What every still picture is made of: lines with arrowheads, and words that cover no other words and no shape. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot
from textwrap import wrap

FONT, LETTER, LINE = 13.0, 0.55, 1.15
SHORTER = ((22, 3), (18, 2), (18, 1))  # letters in a line and lines, tried in turn until there is room
TELLING = 12  # a name is not cut to fewer letters

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A shape that may get words. :ivar r: its radius."""

    id: str
    label: str
    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text with their heights. :ivar anchor: "start", "middle" or "end" of the lines stands at *x*."""

    x: float
    anchor: str
    lines: tuple[tuple[float, str], ...]


def line_between(
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


def find_room_for_words(spots: Iterable[Spot], font: float, sides: tuple[float, float]) -> dict[str, Words]:
    """Item -> its words, below its shape or at another side, shortened if need be, so that they cover no other words and no shape.

    :param spots: the most telling first; some of the others get no words. :param sides: left and right edge of the picture.
    """
    spots = list(spots)
    room = _Room(12 * font)
    for spot in spots:
        r = spot.r * 0.8
        room.take((spot.x - r, spot.y - r, spot.x + r, spot.y + r))
    words: dict[str, Words] = {}
    for spot in spots:
        for letters, most in SHORTER:
            lines = wrap(spot.label, letters, max_lines=most, placeholder=" …") or [""]
            if lines[-1].endswith("…") and sum(map(len, lines)) < TELLING + 2:
                continue
            wide, high, r = max(map(len, lines)) * LETTER * font, len(lines) * font * LINE, spot.r * 1.15 + 1
            for anchor, x, left, top in (
                ("middle", float(spot.x), spot.x - wide / 2, spot.y + r),
                ("middle", float(spot.x), spot.x - wide / 2, spot.y - r - high),
                ("start", spot.x + r + 2, spot.x + r + 2, spot.y - high / 2),
                ("end", spot.x - r - 2, spot.x - r - 2 - wide, spot.y - high / 2),
            ):
                box = (left, top, left + wide, top + high)
                if spot.id not in words and sides[0] < left and left + wide < sides[1] and room.free(box):
                    room.take(box)
                    heights = (round(top + (place + 0.82) * font * LINE, 1) for place in range(len(lines)))
                    words[spot.id] = Words(round(x, 1), anchor, tuple(zip(heights, lines, strict=True)))
            if spot.id in words:
                break
    return words
