"""What a view gives back: items with a place, the links among them, what is left out, and what could be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .findings import Step
from .model import to_plain

_OF_LINKS = ("relation", "direction", "phrase", "strength", "because", "basis", "state")


@dataclass(frozen=True, slots=True)
class Seen:
    """One item of a view.

    :ivar community: the group of items that it is tied to most, or "" if it has no curated link. :ivar measures: measure -> figure, as far
        as it has one. :ivar x: pixels to the right, :ivar y: and down, at full size. :ivar links: to how many shown items it is linked.
    :ivar more: how many items around it are not shown, of those that the filter lets through. :ivar start: it was asked for by name and is
        shown whatever the filter. :ivar by: the link by which it came, from the item that brought it; None if none did.
    :ivar errors: measure -> what its figure may be off, for 95 figures of 100, where it is an estimate.
    """

    id: str
    kind: str
    label: str
    source: str
    community: str
    measures: Mapping[str, float]
    x: int
    y: int
    links: int
    more: int
    start: bool
    by: Step | None = None
    errors: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """A part of the graph, to be drawn and to be read.

    :ivar items: in the order in which they came. :ivar links: each pair of shown items that is linked, by its most convincing link that
        the filter lets through. :ivar hidden: how many items the filter hides. :ivar cut: how many were asked for beyond what a view can
        hold. :ivar communities: community -> its name, of those shown. :ivar choices: "kind", "relation", "source", "strength", "basis"
        and "state" -> value -> how many items or links have it, before the filter.
    """

    items: tuple[Seen, ...]
    links: tuple[Step, ...]
    hidden: int
    cut: int
    communities: Mapping[str, str]
    choices: Mapping[str, Mapping[str, int]]

    def to_json(self) -> dict[str, Any]:
        """The same for programs, each item told once: a link names its ends by their ids."""
        return {
            "items": [
                {
                    **{
                        name: getattr(item, name)
                        for name in item.__dataclass_fields__
                        if name not in ("measures", "errors", "by")
                    },
                    **{
                        figures: {name: float(f"{value:.6g}") for name, value in getattr(item, figures).items()}
                        for figures in ("measures", "errors")
                    },
                    "by": item.by.start.id if item.by else None,
                }
                for item in self.items
            ],
            "links": [
                {"start": link.start.id, "end": link.end.id, **{name: getattr(link, name) for name in _OF_LINKS}}
                for link in self.links
            ],
            **{name: to_plain(getattr(self, name)) for name in ("hidden", "cut", "communities", "choices")},
        }
