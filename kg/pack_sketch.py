"""The picture of a unit: two columns of boxes and lines between them, as SVG, and as PNG from it. No graph here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from .course_results import Sketch

WIDTH, BOX, PAD, LINE, LETTERS, FONT = 1000, 410, 14, 25, 38, 18
_ZOOM = 2  # dots of a PNG for one unit
_INK, _EDGE, _LEFT, _RIGHT = "#20262e", "#5a5f66", "#f6e7dc", "#e1ecf7"


@dataclass(frozen=True, slots=True)
class Box:
    """A box with lines of text. :ivar x, y: its upper left corner."""

    id: str
    x: int
    y: int
    height: int
    lines: tuple[str, ...]
    fill: str


def shorten(label: str, most: int = 110) -> str:
    """A long official name up to its first comma.

    >>> shorten("A name that is long, including with what stands after a comma", 40)
    'A name that is long …'
    """
    if len(label) <= most:
        return label
    head = label.partition(",")[0]
    return f"{head if 15 < len(head) <= most else label[: most - 2].rpartition(' ')[0]} …"


def place_boxes(sketch: Sketch) -> tuple[list[Box], int]:
    """Where the boxes stand, and how high the picture is. Both columns are as high as the higher one."""
    columns = []
    for x, side, fill in ((0, sketch.left, _LEFT), (WIDTH - BOX, sketch.right, _RIGHT)):
        lines = [(item, tuple(wrap(shorten(label), LETTERS))) for item, label in side]
        columns.append((x, fill, [(item, told, len(told) * LINE + 2 * PAD) for item, told in lines]))
    needed = [sum(height for *_, height in column) + PAD * (len(column) - 1) for *_, column in columns]
    whole, boxes = max(needed), []
    for (x, fill, column), height in zip(columns, needed, strict=True):
        gap = (whole - height) / (len(column) + 1)
        y = gap
        for item, told, high in column:
            boxes.append(Box(item, x, round(y), high, told, fill))
            y += high + PAD + gap
    return boxes, max(box.y + box.height for box in boxes)


def to_svg(sketch: Sketch, name: str, *, paper: bool = False) -> str:
    """The picture as SVG that says in words what it shows.

    :param name: unlike that of any other picture of the page. :param paper: on white, as a picture of its own.
    """
    boxes, height = place_boxes(sketch)
    at = {box.id: box for box in boxes}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {WIDTH + 4} {height + 4}" font-family="Roboto, system-ui, sans-serif" '
        f'role="img" aria-labelledby="{name}-t {name}-d">',
        f'<title id="{name}-t">{escape(sketch.title)}</title><desc id="{name}-d">{escape(" ".join(sketch.told))}</desc>',
    ]
    if paper:
        parts.append(f'<rect x="-2" y="-2" width="{WIDTH + 4}" height="{height + 4}" fill="#ffffff"/>')
    for start, end, direct in sketch.lines:
        x1, y1, x2, y2 = _ends(at[start], at[end])
        dash = "" if direct else ' stroke-dasharray="9 6"'
        parts.append(f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{_EDGE}" stroke-width="2"{dash}/>')
    for box in boxes:
        size = f'width="{BOX}" height="{box.height}" rx="8"'
        parts.append(f'<rect x="{box.x}" y="{box.y}" {size} fill={quoteattr(box.fill)} stroke="{_EDGE}"/>')
        for place, line in enumerate(box.lines):
            y = box.y + PAD + place * LINE + FONT
            parts.append(f'<text x="{box.x + PAD}" y="{y}" font-size="{FONT}" fill="{_INK}">{escape(line)}</text>')
    return "".join([*parts, "</svg>"])


def _ends(start: Box, end: Box) -> tuple[int, int, int, int]:
    return start.x + BOX, start.y + start.height // 2, end.x, end.y + end.height // 2


def to_png(sketch: Sketch) -> bytes:
    """The picture as PNG, from the SVG, with a font that comes with us: the same bytes on every machine."""
    import font_roboto
    import resvg_py

    fonts = Path(font_roboto.__file__).parent / "files"
    png = resvg_py.svg_to_bytes(
        svg_string=to_svg(sketch, "p", paper=True),
        zoom=_ZOOM,
        skip_system_fonts=True,
        font_files=[str(fonts / "Roboto-Regular.ttf")],
        font_family="Roboto",
        sans_serif_family="Roboto",
    )
    return bytes(png)


def alt_text(sketch: Sketch) -> str:
    """What the picture shows, for those who do not see it."""
    return " ".join(sketch.told)
