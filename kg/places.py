"""Where the items of a part stand in every picture of it: one layout, the same for the same part."""

from __future__ import annotations

from .positions import Place, find_places
from .subgraph import Subgraph


def place(part: Subgraph) -> dict[str, Place]:
    """A place for each item in whole pixels, x to the right and y down."""
    ties = {(min(edge.start, edge.end), max(edge.start, edge.end)) for edge in part.edges}
    return find_places([item.id for item in part.items], sorted(ties))
