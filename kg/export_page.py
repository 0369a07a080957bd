"""A part of the graph as one web page: a picture to move about in, and the same as lists. It opens from disk and asks no host."""

from __future__ import annotations

from collections import Counter
from textwrap import fill
from typing import Any

from .export_picture import FAMILY_NAMES, draw_svg
from .looks import COLOURS, family
from .picture import read_vis
from .places import place
from .subgraph import LICENCE_URL, Subgraph
from .templating import render

# Family -> shape, so that nothing hangs on colour alone; as near to those of the still picture as the library has them.
_SHAPES = {
    "barrier": "triangle",
    "harm": "triangleDown",
    "action": "square",
    "ask": "diamond",
    "capacity": "hexagon",
    "resource": "star",
}
_CALLED = _SHAPES | {"harm": "triangle that points down"}
_LETTERS, _WORDS = 24, 90  # in a line of a name; in a name that stands in the picture
_APART = 1.3  # names are larger beside their shapes than in the still picture


def to_page(part: Subgraph, records: bool) -> bytes:
    """The page. :param records: links show strength and reason."""
    places, colours = place(part), COLOURS["light"]
    degree = Counter(end for edge in part.edges for end in {edge.start, edge.end})
    nodes: list[dict[str, Any]] = []
    for number, item in enumerate(part.items):
        name, (x, y) = family(item.kind), places[item.id]
        label = item.label if len(item.label) <= _WORDS else item.label[: _WORDS - 2] + " …"
        nodes.append(
            {
                "id": number,
                "label": fill(label, _LETTERS, break_long_words=True),
                "title": fill(f"{item.label} ({part.terms.kinds[item.kind].label})"[:400], 60),
                "shape": _SHAPES.get(name, "dot"),
                "color": colours[name],
                "size": 10 + min(degree[item.id], 20) // 2,
                "x": round(x * _APART),
                "y": round(y * _APART),
            }
        )
    at = {item.id: number for number, item in enumerate(part.items)}
    dashes: dict[str, Any] = {"direct": False, "contributing": [10, 6]}
    edges = [
        {
            "from": at[edge.start],
            "to": at[edge.end],
            "title": fill(f"{edge.phrase}: {edge.because}" if records and edge.because else edge.phrase, 60),
            "dashes": dashes.get(edge.strength, not edge.id and [2, 4]) if records else not edge.id and [2, 4],
        }
        for edge in part.edges
    ]
    script, sheet = read_vis()
    kinds = dict.fromkeys(item.kind for item in part.items)
    shown = [(part.terms.kinds[kind].plural, [item for item in part.items if item.kind == kind]) for kind in kinds]
    return render(
        "part.html",
        part=part,
        at=at,
        nodes=nodes,
        edges=edges,
        kinds=shown,
        families=[
            (FAMILY_NAMES[name], _CALLED.get(name, "circle"))
            for name in dict.fromkeys(family(item.kind) for item in part.items)
        ],
        svg=draw_svg(part, records=records, alone=False),
        vis_js=script,
        vis_css=sheet,
        records=records,
        licence=LICENCE_URL,
    ).encode()
