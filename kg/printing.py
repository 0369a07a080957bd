"""Any result as lines for people: collects the rooms that print them."""

from . import plain_graph  # noqa: F401 - importing it teaches plain the results of graph questions
from .plain import to_text

__all__ = ["to_text"]
