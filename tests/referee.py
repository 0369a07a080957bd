"""The RDF graph read back into plain items: the referee of `kg/modelling.py`, which makes the same from the records without a graph."""

from __future__ import annotations

from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.term import Node

from kg.model import DETAILS, SOURCE_TEXTS, Item, Link, Model, Source
from kg.terms import Terms


def to_model(graph: Graph, terms: Terms) -> Model:
    """The graph as plain items, links and sources, in the order in which the sources print them."""
    reader = _ModelReader(graph, terms)
    sources = tuple(reader.source(node) for node in reader.sorted_of("Source"))
    items: list[Item] = []
    for source in sources:
        reader.collect(URIRef(terms.item_iri(source.id)), "", source.id, items)
    order = {item.id: place for place, item in enumerate(items)}
    links = sorted(
        (reader.link(node) for node in reader.sorted_of("Link")),
        key=lambda link: (link.relation, order.get(link.end, 0), order.get(link.start, 0)),
    )
    return Model(sources, tuple(items), tuple(links))


class _ModelReader:
    def __init__(self, graph: Graph, terms: Terms) -> None:
        self.graph, self.terms = graph, terms
        self.vocabulary = Namespace(terms.vocabulary)
        self.kinds: dict[Node, str] = {URIRef(terms.vocabulary + kind.name): kind.id for kind in terms.kinds.values()}
        self.children = [self.vocabulary[name] for name in terms.keys.values()]

    def sorted_of(self, name: str) -> list[Node]:
        return sorted(self.graph.subjects(RDF.type, self.vocabulary[name]), key=str)

    def short(self, node: Node | None) -> str:
        return str(node or "").rsplit("#", 1)[-1].rsplit("/", 1)[-1]

    def text(self, node: Node, key: str) -> str:
        return str(self.graph.value(node, self.property(key)) or "")

    def texts(self, node: Node, key: str) -> tuple[str, ...]:
        return tuple(sorted(str(value) for value in self.graph.objects(node, self.property(key))))

    def property(self, key: str) -> URIRef:
        prefix, _, name = self.terms.context[key]["@id"].partition(":")
        return URIRef(self.terms.context[prefix] + name)

    def collect(self, node: Node, parent: str, source: str, items: list[Item]) -> None:
        children = [(prop, child) for prop in self.children for child in self.graph.objects(node, prop)]
        for _, child in sorted(
            children, key=lambda pair: (self.children.index(pair[0]), int(self.text(pair[1], "position") or 0))
        ):
            item = self.item(child, parent, source)
            items.append(item)
            self.collect(child, item.id, source, items)

    def item(self, node: Node, parent: str, source: str) -> Item:
        kind = next(self.kinds[kind] for kind in self.graph.objects(node, RDF.type) if kind in self.kinds)
        return Item(
            id=self.short(node),
            kind=kind,
            label=self.text(node, "label"),
            summary=self.text(node, "summary"),
            also=self.texts(node, "also"),
            hidden=self.texts(node, "hidden"),
            unlike=self.texts(node, "not"),
            notes=self.texts(node, "notes"),
            gap=self.text(node, "gap"),
            source=source,
            lines=self.text(node, "lines"),
            parent=parent,
            position=int(self.text(node, "position") or 0),
            about=tuple(sorted(self.short(topic) for topic in self.graph.objects(node, self.property("about")))),
            audiences=tuple(
                sorted(self.short(audience) for audience in self.graph.objects(node, self.property("audiences")))
            ),
            details={key: text for key in DETAILS if (text := self.detail(node, key))},
        )

    def detail(self, node: Node, key: str) -> str:
        text = self.text(node, key)
        return self.short(URIRef(text)) if key == "resource-kind" and text else text

    def link(self, node: Node) -> Link:
        names = {
            key: self.short(self.graph.value(node, self.property(key)))
            for key in ("from", "to", "relation", "strength", "basis", "state", "by")
        }
        return Link(
            id=self.short(node),
            start=names["from"],
            relation=names["relation"],
            end=names["to"],
            strength=names["strength"],
            because=self.text(node, "because"),
            basis=names["basis"],
            state=names["state"],
            by=names["by"],
            on=self.text(node, "on"),
            lines=self.text(node, "lines"),
        )

    def source(self, node: Node) -> Source:
        texts = {key: self.text(node, key) for key in SOURCE_TEXTS}
        return Source(id=self.short(node), **texts, notes=self.texts(node, "notes"))
