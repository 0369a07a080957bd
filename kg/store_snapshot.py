"""One graph of a store read as a snapshot is: items and links by a few queries for each answer, whatever the number of links.

Of an item and of all that its answer names, everything is fetched at once and kept as long as the answer takes. What is no item or link
(the vocabulary, what was retired, ids that an unknown one is near to) is the build's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from .data_results import Cell
from .errors import StoreDown
from .model import DETAILS, SOURCE_TEXTS, Item, Link, Source
from .snapshot import Snapshot
from .store_client import Iri, fill
from .store_current import OneGraph
from .terms import Terms

AT_ONCE = 100  # things that one query names
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

_THINGS = "VALUES ?s { %(things)s }"
_BELOW = "?s %(part)s %(above)s"
_TOP = "?s %(type)s %(kind)s ; %(scheme)s ?in . FILTER NOT EXISTS { ?s %(part)s ?above }"
_ABOUT = "?s %(about)s %(topic)s"
_TOUCHING = "VALUES ?x { %(things)s } { ?s %(from)s ?x } UNION { ?s %(to)s ?x }"
_KIND = "?s %(type)s %(kind)s"
_AROUND = """VALUES ?x { %(things)s } { ?s %(part)s ?x } UNION { ?s %(about)s ?x }
    UNION { ?s %(scheme)s ?x . FILTER NOT EXISTS { ?s %(part)s ?above } }"""
_ADDRESSED = """SELECT ?x ?strength (COUNT(?link) AS ?n) { GRAPH %(graph)s { VALUES ?x { %(things)s }
    ?link %(from)s ?x ; %(relation)s %(addresses)s ; %(strength)s ?strength } } GROUP BY ?x ?strength"""

Said = dict[str, dict[Cell, None]]  # property -> values


class StoreSnapshot(Snapshot):
    """The part of a snapshot that one answer needs, from one graph of a store."""

    def __init__(self, one: OneGraph, local: Snapshot, terms: Terms, order: Sequence[str]) -> None:
        """:param local: of the build, for what is no item or link. :param order: properties of nesting, as documents are read."""
        self._one, self._local, self._terms = one, local, terms
        self._place_of = {name: place for place, name in enumerate(order)}
        self._kind_of = {terms.vocabulary + kind.name: kind.id for kind in terms.kinds.values() if kind.id != "source"}
        self._items: dict[str, Item | None] = {}
        self._coverage: dict[str, tuple[int, int]] = {}
        self._links: dict[str, list[Link]] = {}
        self._around: set[str] = set()

    def close(self) -> None:
        """Nothing is held."""

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        raise LookupError("a store has no tables")

    def meta(self, key: str) -> Any:
        """What the build keeps under this name, or None."""
        return self._local.meta(key)

    def ids(self, kind: str | None = None) -> list[str]:
        """Ids of the build, for what an unknown one may be a slip of."""
        return self._local.ids(kind)

    # ---- names ----

    @cached_property
    def _names(self) -> dict[str, Iri]:
        """Key of the context -> the property, and the few that have no key."""
        words = {
            "part": "kg:isPartOf",
            "scheme": "skos:inScheme",
            "addresses": "kg:addresses",
            "everything": "kg:Item",
        }
        context = self._terms.context
        keys = {
            key: rule["@id"]
            for key, rule in context.items()
            if isinstance(rule, dict) and str(rule.get("@id", ":")).find(":") > 0
        }
        return {"type": Iri(_TYPE), **{key: self._in_full(name) for key, name in {**keys, **words}.items()}}

    def _in_full(self, name: str) -> Iri:
        prefix, _, local = name.partition(":")
        return Iri(self._terms.context[prefix] + local)

    def _thing(self, name: str) -> Iri:
        return Iri(self._terms.item_iri(name))

    # ---- queries ----

    def _fill(self, pattern: str, **values: Iri | Iterable[Iri]) -> str:
        used = {name: self._names[name] for name in re.findall(r"%\((\w+)\)s", pattern) if name not in values}
        return fill(pattern, **{**used, **values})

    def _said(self, pattern: str) -> dict[str, Said]:
        """Everything that is said of what fits a pattern: subject -> property -> values."""
        graph = fill("%(graph)s", graph=self._one.graph)
        said: dict[str, Said] = {}
        for row in self._one.select(f"SELECT ?s ?p ?o {{ GRAPH {graph} {{ {pattern} . ?s ?p ?o }} }}"):
            said.setdefault(row["s"].text, {}).setdefault(row["p"].text, {})[row["o"]] = None
        return said

    def _text(self, said: Said, key: str) -> str:
        return next((cell.text for cell in said.get(self._names[key], ())), "")

    def _texts(self, said: Said, key: str) -> tuple[str, ...]:
        return tuple(sorted(cell.text for cell in said.get(self._names[key], ())))

    def _short(self, said: Said, key: str) -> str:
        return _short(self._text(said, key))

    # ---- items ----

    def find_item(self, item: str) -> Item | None:
        """The item with this id, or None."""
        if len(item) > 200 or not _ID.fullmatch(item):
            return None
        self._fetch([item])
        return self._items.get(item)

    def find_brief(self, item: str) -> tuple[str, str, str] | None:
        """Id, kind and label of the item with this id, or None."""
        found = self.find_item(item)
        return (found.id, found.kind, found.label) if found else None

    def siblings(self, item: Item) -> tuple[tuple[str, str, str] | None, tuple[str, str, str] | None]:
        """Id, kind and label of what stands before and after an item, among those of its kind, parent and source; None at an end."""
        row = [
            (each.id, each.kind, each.label)
            for each in self.items(kind=item.kind, parent=item.parent, source=item.source)
        ]
        place = [name for name, _, _ in row].index(item.id)
        return (row[place - 1] if place else None), (row[place + 1] if place + 1 < len(row) else None)

    def items(self, *, kind: str | None = None, parent: str | None = None, source: str | None = None) -> list[Item]:
        """Items in reading order: all, of one kind, directly under one parent, or of one source."""
        if parent:
            found = self._keep(self._said(self._fill(_BELOW, above=self._thing(parent))))
        elif kind:
            name = self._terms.kinds[kind].name
            top = _TOP if parent is not None else _KIND
            found = self._keep(self._said(self._fill(top, kind=Iri(self._terms.vocabulary + name))))
        else:
            found = self._keep(self._said(self._fill(_KIND, kind=self._names["everything"])))
        wanted = (("kind", kind), ("parent", parent), ("source", source))
        return self._sorted(item for item in found if all(value in (None, getattr(item, key)) for key, value in wanted))

    def items_about(self, topic: str) -> list[Item]:
        """Items with this topic, in reading order."""
        return self._sorted(
            self._keep(self._said(self._fill(_ABOUT, about=self._names["about"], topic=self._thing(topic))))
        )

    def _sorted(self, items: Iterable[Item]) -> list[Item]:
        return sorted(items, key=self._place)

    def _fetch(self, ids: Iterable[str]) -> None:
        """Items, with everything that they stand under."""
        wanted = list(dict.fromkeys(each for each in ids if each not in self._items))
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            self._items |= dict.fromkeys(part)
            self._keep(self._said(self._fill(_THINGS, things=[self._thing(each) for each in part])))

    def _keep(self, said: Mapping[str, Said]) -> list[Item]:
        items = [item for iri, about in said.items() if (item := self._to_item(iri, about))]
        self._items |= {item.id: item for item in items}
        self._fetch(item.parent for item in items if item.parent)
        return items

    def _to_item(self, iri: str, said: Said) -> Item | None:
        types = [cell.text for cell in said.get(_TYPE, ())]
        if self._names["everything"] not in types:
            return None
        kind = next((self._kind_of[each] for each in types if each in self._kind_of), "")
        if not kind:
            raise StoreDown(
                "The store holds a kind of item that this build does not know: it is newer than the build.",
                "Run: kg build, with the ontology of the newer one.",
            )
        details = {key: text for key in sorted(DETAILS) if (text := self._text(said, key))}
        if "resource-kind" in details:
            details["resource-kind"] = _short(details["resource-kind"])
        return Item(
            id=_short(iri),
            kind=kind,
            label=self._text(said, "label"),
            summary=self._text(said, "summary"),
            also=self._texts(said, "also"),
            hidden=self._texts(said, "hidden"),
            unlike=self._texts(said, "not"),
            notes=self._texts(said, "notes"),
            gap=self._text(said, "gap"),
            source=self._short(said, "source"),
            lines=self._text(said, "lines"),
            parent=self._short(said, "part"),
            position=int(self._text(said, "position") or 0),
            about=tuple(sorted(map(_short, self._texts(said, "about")))),
            audiences=tuple(sorted(map(_short, self._texts(said, "audiences")))),
            details=details,
        )

    def _place(self, item: Item) -> tuple[tuple[str, int, int], ...]:
        """What reading order sorts by: source, then step by step the property that holds it and its position."""
        parent = self._items.get(item.parent) if item.parent else None
        relation = self._terms.nesting(parent.kind if parent else "source", item.kind).name
        step = (item.source, self._place_of[relation], item.position)
        return (*(self._place(parent) if parent else ()), step)

    # ---- links ----

    def links(self, *, start: str | None = None, end: str | None = None) -> list[Link]:
        """Curated links from an item, or to an item, in order."""
        asked = list(dict.fromkeys(each for each in (start, end) if each))
        self.fetch_links(asked)
        self._fetch_coverage(link.start for each in asked for link in self._links[each])
        found = {
            link.id: link for each in asked for link in self._links[each] if start == link.start or end == link.end
        }
        return self._in_order(found.values())

    def fetch_links(self, ids: Iterable[str]) -> None:
        """Every link of some items, with the items at the other ends."""
        wanted = [each for each in dict.fromkeys(ids) if each not in self._links]
        for begin in range(0, len(wanted), AT_ONCE):
            part = wanted[begin : begin + AT_ONCE]
            self._links |= {each: [] for each in part}
            said = self._said(self._fill(_TOUCHING, things=[self._thing(each) for each in part]))
            links = [self._to_link(iri, about) for iri, about in said.items()]
            for link in links:
                for each in dict.fromkeys((link.start, link.end)):
                    if each in part:
                        self._links[each].append(link)
            self._fetch(each for link in links for each in (link.start, link.end))

    def fetch_around(self, ids: Iterable[str]) -> None:
        """Some items with everything that is linked to them: curated links, what they stand under and what under them, topics."""
        wanted = [each for each in dict.fromkeys(ids) if each not in self._around]
        self._around.update(wanted)
        self.fetch_links(wanted)
        self._fetch(wanted)
        self._fetch(topic for each in wanted if (item := self._items[each]) for topic in item.about)
        for start in range(0, len(wanted), AT_ONCE):
            things = [self._thing(each) for each in wanted[start : start + AT_ONCE]]
            self._keep(self._said(self._fill(_AROUND, things=things)))

    def fetched(self) -> tuple[list[Item], list[Link]]:
        """Every item and link that this answer has fetched, in order."""
        items = self._sorted(item for item in self._items.values() if item)
        return items, self._in_order({link.id: link for links in self._links.values() for link in links}.values())

    def _in_order(self, links: Iterable[Link]) -> list[Link]:
        return sorted(
            links, key=lambda link: (link.relation, self._place_by_id(link.end), self._place_by_id(link.start))
        )

    def _place_by_id(self, item_id: str) -> tuple[tuple[str, int, int], ...]:
        item = self._items.get(item_id)
        return self._place(item) if item else ()

    def _to_link(self, iri: str, said: Said) -> Link:
        return Link(
            id=_short(iri),
            start=self._short(said, "from"),
            relation=self._short(said, "relation"),
            end=self._short(said, "to"),
            strength=self._short(said, "strength"),
            because=self._text(said, "because"),
            basis=self._short(said, "basis"),
            state=self._short(said, "state"),
            by=self._short(said, "by"),
            on=self._text(said, "on"),
            lines=self._text(said, "lines"),
        )

    def all_links(self, relation: str | None = None) -> list[Link]:
        """Every curated link, or every one of a relation, by relation, in order."""
        said = self._said(self._fill(_KIND, kind=Iri(self._terms.vocabulary + "Link")))
        links = [self._to_link(iri, about) for iri, about in said.items()]
        self._fetch(each for link in links for each in (link.start, link.end))
        return self._in_order(link for link in links if relation in (None, link.relation))

    def pointed_to(self, item: str) -> tuple[int, int]:
        """How many curated links point to the item, and from how many sources."""
        starts = [self._items.get(link.start) for link in self.links(end=item)]
        sources = [each.source for each in starts if each]
        return len(sources), len(set(sources))

    def coverage(self, item: str) -> tuple[int, int]:
        """How many difficulties the item addresses directly, and in all."""
        self._fetch_coverage([item])
        return self._coverage[item]

    def _fetch_coverage(self, ids: Iterable[str]) -> None:
        wanted = [each for each in dict.fromkeys(ids) if each not in self._coverage]
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            self._coverage |= dict.fromkeys(part, (0, 0))
            things = [self._thing(each) for each in part]
            for row in self._one.select(self._fill(_ADDRESSED, graph=self._one.graph, things=things)):
                name, number = _short(row["x"].text), int(row["n"].text)
                direct, every = self._coverage[name]
                at_once = number if _short(row["strength"].text) == "direct" else 0
                self._coverage[name] = direct + at_once, every + number

    # ---- sources ----

    def sources(self) -> list[Source]:
        """Every source, in order."""
        said = self._said(self._fill(_KIND, kind=Iri(self._terms.vocabulary + "Source")))
        return [
            Source(
                id=_short(iri),
                **{key: self._text(about, key) for key in SOURCE_TEXTS},
                notes=self._texts(about, "notes"),
            )
            for iri, about in sorted(said.items())
        ]


def _short(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
