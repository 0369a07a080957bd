"""The addresses of the API: one table, from which the routes, their checks, the OpenAPI description and the page for people are made."""

from __future__ import annotations

from . import operations_ask, operations_graph, operations_lists, operations_take
from .api_parts import Operation

OPERATIONS: tuple[Operation, ...] = (
    *operations_ask.OPERATIONS,
    *operations_lists.OPERATIONS,
    *operations_graph.OPERATIONS,
    *operations_take.OPERATIONS,
)


def find_operation(name: str) -> Operation | None:
    """The operation of this name, or None."""
    return next((each for each in OPERATIONS if each.name == name), None)
