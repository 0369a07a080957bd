"""A part of the graph as a still picture: one SVG, drawn here, and the same as PNG. Nothing hangs on colour alone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from .figures import FONT, Spot, Words, find_room_for_words, line_between
from .looks import COLOURS, DASHES, corners, family
from .places import place
from .subgraph import CHOSEN, CREDIT, LICENCE, LICENCE_URL, Edge, Subgraph

FAMILY_NAMES = {
    "barrier": "Barriers",
    "harm": "Harms",
    "action": "Actions, goals",
    "ask": "Recommendations",
    "capacity": "Capacities",
    "resource": "Resources",
    "word": "Terms, topics",
}
# Pixels of width at which a picture is read or printed, from so many items on: words and lines of a wider one are drawn larger.
_READABLE = {0: 1000.0, 50: 1500.0}
_MARGIN, _LEGEND = 30.0, 150  # around the picture; between two entries of the legend
_MANY_LINES = 250  # from here on links are drawn fainter
_PNG_ZOOM, _PNG_MOST = 2.0, 6000  # sharp in print, and no side longer than that many pixels
# Scripts that the font which comes with us has: Latin, Greek, Cyrillic, and signs. Others need a font of the machine.
_OUR_FONT = re.compile("[\n -\u052f\u1e00-\u1fff\u2000-\u206f\u20a0-\u20bf\u2122\ufffd]*")


@dataclass(frozen=True, slots=True)
class _Shape:
    """An item in the picture. :ivar points: corners, or "" for a circle. :ivar words: None where there is no room."""

    x: float
    y: float
    r: float
    colour: str
    points: str
    title: str
    words: Words | None


@dataclass(frozen=True, slots=True)
class _Lines:
    """All links that look the same, as one path. :ivar heads: their arrowheads, as another."""

    dash: str
    lines: str
    heads: str


def to_svg(part: Subgraph, records: bool) -> bytes:
    """The picture as SVG with licence and credit in its metadata. :param records: links show their strength."""
    return draw_svg(part, records=records).encode()


def draw_svg(part: Subgraph, *, records: bool = True, alone: bool = True) -> str:
    """The picture as SVG. :param alone: as a file of its own; else as an element of a page."""
    from .templating import render

    places, palette = place(part), COLOURS["light"]
    degree = Counter(end for edge in part.edges for end in {edge.start, edge.end})
    xs, ys = [x for x, _ in places.values()], [y for _, y in places.values()]
    readable = max(width for least, width in _READABLE.items() if len(places) >= least)
    scale = max(1.0, (max(xs) - min(xs) + 200) / readable)
    room = ((max(xs) - min(xs)) * (max(ys) - min(ys)) / len(places)) ** 0.5
    larger = max(1.0, min(scale, room / 75))
    font, margin = FONT * scale, _MARGIN * scale
    families = list(dict.fromkeys(family(item.kind) for item in part.items))
    least = (_LEGEND * len(families) + 40) * scale
    width = max(max(xs) - min(xs) + 2 * margin + 120 * scale, least)
    left, top = (min(xs) + max(xs) - width) / 2, min(ys) - margin - 2.4 * font
    height = max(ys) - min(ys) + 2 * margin + 6 * font
    size = {item: (9 + 1.6 * min(degree[item], 16) ** 0.5) * larger for item in places}
    spots = [
        Spot(item.id, item.label, *places[item.id], size[item.id])
        for item in sorted(part.items, key=lambda item: (part.roles[item.id] != CHOSEN, -degree[item.id]))
    ]
    words = find_room_for_words(spots, font, (left, left + width))
    shapes = [
        _Shape(
            float(places[item.id][0]),
            float(places[item.id][1]),
            round(size[item.id], 1),
            palette[family(item.kind)],
            corners(family(item.kind), *places[item.id], size[item.id]),
            f"{item.label} ({item.id})",
            words.get(item.id),
        )
        for item in part.items
    ]
    return render(
        "part.svg",
        part=part,
        alone=alone,
        box=(round(left, 1), round(top, 1), round(width, 1), round(height + 6 * font, 1)),
        scale=scale,
        font=round(font, 1),
        palette=palette,
        lines=_draw_links(part, places, size, scale, records),
        opacity=0.4 if len(part.edges) > _MANY_LINES else 0.8,
        shapes=shapes,
        legend=[(FAMILY_NAMES[name], palette[name], corners(name, 0, 0, 7)) for name in families],
        below=round(top + height + 0.8 * font, 1),
        records=records,
        licence=(LICENCE, LICENCE_URL),
        credit=CREDIT,
        after=wrap("After: " + "; ".join(source.label for source in part.sources), int(width / scale / 6.5)),
    )


def _draw_links(
    part: Subgraph, places: dict[str, tuple[int, int]], size: dict[str, float], scale: float, records: bool
) -> list[_Lines]:
    alike: dict[str, list[tuple[str, str]]] = {}
    for edge in part.edges:
        if edge.start != edge.end:
            dash = " ".join(f"{length * scale:.1f}" for length in _dashes(edge, records))
            ends = places[edge.start], places[edge.end], size[edge.start], size[edge.end]
            alike.setdefault(dash, []).append(line_between(*ends, scale))
    return [
        _Lines(dash, "".join(line for line, _ in those), "".join(head for _, head in those))
        for dash, those in sorted(alike.items())
    ]


def _dashes(edge: Edge, records: bool) -> tuple[int, ...]:
    return DASHES.get(edge.strength, ()) if records or not edge.id else ()


def to_png(part: Subgraph, records: bool) -> bytes:
    """The picture as PNG, from the SVG, with a font that comes with us; licence and credit stand in it as text and in its metadata."""
    import resvg_py

    svg = draw_svg(part, records=records)
    wide, high = (int(number) for number in re.findall(r' (?:width|height)="(\d+)"', svg)[:2])
    known = all(_OUR_FONT.fullmatch(item.label) for item in part.items) and bool(_OUR_FONT.fullmatch(part.title))
    png = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=round(min(_PNG_ZOOM, _PNG_MOST / max(wide, high)), 3),
        skip_system_fonts=known,
        font_files=[
            str(Path(_folder_of_font()) / "Roboto-Regular.ttf"),
            str(Path(_folder_of_font()) / "Roboto-Bold.ttf"),
        ],
        font_family="Roboto",
        sans_serif_family="Roboto",
    )
    return _with_text(bytes(png), {"Title": part.title, "Copyright": "\n".join(part.credits), "Source": CREDIT})


def _folder_of_font() -> str:
    import font_roboto

    return str(Path(font_roboto.__file__).parent / "files")


def _with_text(png: bytes, told: dict[str, str]) -> bytes:
    """The PNG with texts in its metadata (iTXt chunks after its header)."""
    from struct import pack
    from zlib import crc32

    header = 8 + 25  # signature and IHDR
    chunks = b""
    for key, text in told.items():
        body = b"iTXt" + key.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
        chunks += pack(">I", len(body) - 4) + body + pack(">I", crc32(body))
    return png[:header] + chunks + png[header:]
