"""Pictures made on the server: where the boxes, arrows and bars of an SVG stand. Templates draw them, the stylesheet colours them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from kg.findings import Path
from kg.results import Brief

# A chain is drawn in units of a pixel, from the top down, so that it can be read on a phone.
WIDTH, PAD, LINE, KIND_LINE = 320, 10, 18, 18
WORDS_IN_BOX, WORDS_AT_ARROW, MOST_LINES = 39, 34, 3  # in letters, at 14 and 13 pixels
# Bars are drawn in em from the top and in percent from the side, so that they stretch and their words do not.
LONGEST_BAR, LABEL_EM, BAR_EM, GAP_EM = 78.0, 1.5, 1.15, 0.7
WORDS_AT_BAR = 44
HEATS = 4


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text in a picture."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """An item in a chain. :ivar y: its upper edge. :ivar kind_y: where its kind stands."""

    y: int
    height: int
    kind: str
    kind_y: int
    lines: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """What leads from one box to the next, with its words."""

    y: int
    end: int
    lines: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Boxes from the top down with arrows between them. :ivar names: what stands in them."""

    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    names: tuple[str, ...]


def draw_path(path: Path, say: Callable[[str], str] = str) -> Chain:
    """A path from its start down to its end. :param say: a phrase in the language of the reader."""
    items = [path.steps[0].start, *(step.end for step in path.steps)]
    return draw_chain(items, [say(step.phrase) for step in path.steps])


def draw_chain(items: Sequence[Brief], phrases: Sequence[str]) -> Chain:
    """Items under each other. :param phrases: what stands at each arrow; one fewer than items."""
    y, boxes, arrows = 1, [], []
    for item, phrase in zip(items, (*phrases, None), strict=True):
        words = _wrap(item.label, WORDS_IN_BOX)
        height = PAD + KIND_LINE + LINE * len(words) + PAD - 4
        lines = tuple(Text(y + PAD + KIND_LINE + LINE * place + 13, line) for place, line in enumerate(words))
        boxes.append(Box(y, height, item.kind, y + PAD + 11, lines))
        y += height
        if phrase is not None:
            told = _wrap(phrase, WORDS_AT_ARROW)
            end = y + 14 + 16 * len(told)
            arrows.append(Arrow(y, end, tuple(Text(y + 20 + 16 * place, line) for place, line in enumerate(told))))
            y = end
    return Chain(y + 1, tuple(boxes), tuple(arrows), tuple(item.label for item in items))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. :ivar y: its upper edge in em. :ivar width: in percent. :ivar side: 1 or 2, where two are compared."""

    y: float
    width: float
    text: str
    side: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Labelled rows of bars. :ivar height: in em."""

    height: float
    labels: tuple[Text, ...]
    bars: tuple[Bar, ...]


def draw_bars(rows: Iterable[tuple[str, Sequence[tuple[float, str]]]]) -> Bars:
    """Horizontal bars. :param rows: a label, and for each bar of the row its figure and how the figure is written."""
    kept = list(rows)
    most = max((figure for _, figures in kept for figure, _ in figures), default=0) or 1
    y, labels, bars = 0.0, [], []
    for label, figures in kept:
        labels.append(Text(round(y + 1.1, 2), textwrap.shorten(label, WORDS_AT_BAR, placeholder="…")))
        y += LABEL_EM
        for side, (figure, text) in enumerate(figures, start=1):
            bars.append(Bar(round(y, 2), round(LONGEST_BAR * max(figure, 0) / most, 2), text, side))
            y += BAR_EM
        y += GAP_EM
    return Bars(round(y, 2), tuple(labels), tuple(bars))


def heat(count: int, most: int) -> int:
    """How strongly a cell is shaded: 0 for nothing, then 1 to ``HEATS``; by the root, so that small counts differ.

    >>> [heat(count, 100) for count in (0, 1, 10, 50, 100)]
    [0, 1, 2, 3, 4]
    """
    return min(HEATS, 1 + int(HEATS * sqrt(count / most) * 0.999)) if count and most else 0


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, max_lines=MOST_LINES, placeholder=" …") or [""]
