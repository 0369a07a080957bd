"""What stands around an item, read from a store ring by ring: only what the next ring starts from is fetched, never the whole graph."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .choices import check_range
from .explorer import MOST_RESULTS, Explorer
from .findings import Neighbourhood
from .model import Item, Link
from .neighbours import MOST_RINGS
from .network import build_network
from .reader import Reader
from .snapshot import Snapshot
from .store_snapshot import StoreSnapshot
from .ties import NetworkTies


def find_neighbourhood(
    reader: Reader, item: str, *, depth: int, kinds: Iterable[str], relations: Iterable[str], limit: int, hubs: bool
) -> Neighbourhood:
    """See :meth:`kg.queries.KnowledgeGraph.neighbours`. :param reader: over a graph of a store, for this one answer."""
    check_range("depth", depth, 1, MOST_RINGS)
    check_range("limit", limit, 1, MOST_RESULTS)
    snapshot = reader.snapshot
    assert isinstance(snapshot, StoreSnapshot)
    if item not in reader.sources:
        reader.item(item)  # which raises
    kinds, relations, shown = list(kinds), list(relations), [item]
    for rings in (
        *range(1, depth + 1),
        depth,
    ):  # the last once more, when what links its items to each other is there too
        snapshot.fetch_around(shown)
        near = Reader(_Fetched(snapshot))
        near.terms, near.sources = reader.terms, reader.sources
        ties = NetworkTies(build_network(near.model))
        found = Explorer(near, ties).neighbours(
            item, depth=rings, kinds=kinds, relations=relations, limit=limit, hubs=hubs
        )
        shown = [each.id for each in found.items]
    return found


class _Fetched(Snapshot):
    """What has been fetched so far, as if it were everything."""

    def __init__(self, store: StoreSnapshot) -> None:
        self._store = store
        self._known = store.fetched()

    def items(self, **_: Any) -> list[Item]:
        return self._known[0]

    def all_links(self, relation: str | None = None) -> list[Link]:
        return [link for link in self._known[1] if relation in (None, link.relation)]

    def find_item(self, item: str) -> Item | None:
        return self._store.find_item(item)

    def find_brief(self, item: str) -> tuple[str, str, str] | None:
        return self._store.find_brief(item)

    def ids(self, kind: str | None = None) -> list[str]:
        return self._store.ids(kind)

    def meta(self, key: str) -> Any:
        return self._store.meta(key)
