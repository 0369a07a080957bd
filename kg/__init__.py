"""The names that this package offers. Importing it costs nothing: each name is fetched when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .build import write_build
    from .config import Config
    from .errors import KGError, Problem
    from .queries import KnowledgeGraph

__all__ = ["Config", "KGError", "KnowledgeGraph", "Problem", "__version__", "write_build"]
__version__ = "0.1.0"

_ROOMS = {
    "Config": "config",
    "KGError": "errors",
    "KnowledgeGraph": "queries",
    "Problem": "errors",
    "write_build": "build",
}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(f".{_ROOMS[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
