"""How kinds look in every picture: families with a colour and a shape each, and how the strength of a link shows. Standard library only."""

from __future__ import annotations

from math import cos, radians, sin

# Family -> its kinds. The stylesheet of the site gives each family the same colour (--k-FAMILY) and shape (.k-FAMILY).
FAMILIES = {
    "barrier": ("barrier", "barrier-group"),
    "harm": ("harm-type", "harm-example", "harm-belief", "harm-impact", "cycle-stage", "severity"),
    "action": ("action", "goal", "theme", "vision", "commitment", "way", "response", "accountability-step"),
    "ask": ("ally-recommendation", "ally-call", "recommendation", "recommendation-section"),
    "capacity": ("capacity", "capacity-area"),
    "resource": ("resource", "source"),
    "word": ("term", "topic", "value", "lesson"),
}
_FAMILY_OF = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}

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

# Family -> corners around the middle, for a shape of size 1; none: a circle. As in the stylesheet.
CORNERS: dict[str, tuple[tuple[float, float], ...]] = {
    "barrier": ((0, -1.15), (1.2, 0.9), (-1.2, 0.9)),
    "harm": ((0, 1.15), (1.2, -0.9), (-1.2, -0.9)),
    "action": ((-0.95, -0.95), (0.95, -0.95), (0.95, 0.95), (-0.95, 0.95)),
    "ask": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "capacity": ((-0.55, -1), (0.55, -1), (1.1, 0), (0.55, 1), (-0.55, 1), (-1.1, 0)),
    "resource": tuple(
        ((1.35, 0.75)[turn % 2] * sin(radians(36 * turn)), -(1.35, 0.75)[turn % 2] * cos(radians(36 * turn)))
        for turn in range(10)
    ),
}
# Strength -> dash and gap; None and "" for links without one, which say what belongs to what.
DASHES: dict[str | None, tuple[int, int] | tuple[()]] = {"direct": (), "contributing": (7, 4), None: (2, 4), "": (2, 4)}


def family(kind: str) -> str:
    """The family of a kind; `word` for one that is not known.

    >>> family("harm-example")
    'harm'
    >>> family("zeppelin")
    'word'
    """
    return _FAMILY_OF.get(kind, "word")


def corners(name: str, x: float, y: float, r: float) -> str:
    """The corners of a family's shape for an SVG, "" for a circle.

    >>> corners("ask", 0, 0, 10), corners("word", 0, 0, 10)
    ('0.0,-12.5 12.5,0.0 0.0,12.5 -12.5,0.0', '')
    """
    return " ".join(f"{x + dx * r:.1f},{y + dy * r:.1f}" for dx, dy in CORNERS.get(name, ()))
