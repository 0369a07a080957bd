"""Where the items of a part stand in every picture of it: one layout, the same for the same part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .subgraph import Subgraph

if TYPE_CHECKING:
    from .positions import Place


def place(part: Subgraph) -> dict[str, Place]:
    """A place for each item in whole pixels, x to the right and y down."""
    from .positions import find_places  # numpy, which nothing else here needs

    ties = {(min(edge.start, edge.end), max(edge.start, edge.end)) for edge in part.edges}
    return find_places([item.id for item in part.items], sorted(ties))
