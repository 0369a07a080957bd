"""Records and the JSON-LD context to one rdflib graph, and that graph to plain items. The context is the only mapping; no blank nodes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, SKOS
from rdflib.term import Node

from .linked_results import Retired
from .model import DETAILS, Item, Link, Model, Source
from .records import Record, no_collecting
from .terms import Terms, read_ontology


def to_json_ld(records: Iterable[Record], terms: Terms) -> dict[str, Any]:
    """The records as one JSON-LD document (without the context, which is ``terms.context``)."""
    nodes = []
    for record in records:
        node = {**record.fields, "id": f"link:{record.id}" if record.kind == "link" else record.id}
        if record.kind:
            node["type"] = "Link" if record.kind == "link" else terms.kinds[record.kind].name
        nodes.append(node)
    return {"@graph": nodes}


def build_graph(records: Iterable[Record], terms: Terms, ontology: Path, retired: Iterable[Retired] = ()) -> Graph:
    """One graph of everything: what the records say, and what the ontology makes follow for structure.

    Beside each link record stands its direct triple. Nesting is given in both directions and also in plain SKOS, and every thing has
    its wider classes, so that a tool that knows only SKOS sees a whole concept scheme. What is retired says what took its place.
    """
    graph = Graph()
    with no_collecting():
        graph.parse(data=to_json_ld(records, terms), format="json-ld", context=terms.context)  # type: ignore[arg-type]
        _bind(graph, terms)
        vocabulary = Namespace(terms.vocabulary)
        for link in list(graph.subjects(RDF.type, vocabulary.Link)):
            start, relation, end = (graph.value(link, vocabulary[key]) for key in ("from", "relation", "to"))
            if start and relation and end:
                graph.add((start, relation, end))
        complete_graph(graph, read_ontology(ontology, terms.base), vocabulary)
        for each in retired:
            retire(graph, each, terms)
    return graph


def retire(graph: Graph, gone: Retired, terms: Terms) -> None:
    thing = URIRef(terms.item_iri(gone.id))
    graph.add((thing, OWL.deprecated, Literal(True)))
    graph.add((thing, SKOS.historyNote, Literal(gone.why, lang="en")))
    graph.add((thing, PROV.invalidatedAtTime, Literal(f"{gone.on}T00:00:00Z", datatype=XSD.dateTime, normalize=False)))
    for other in gone.replaced_by:
        graph.add((thing, DCTERMS.isReplacedBy, URIRef(terms.item_iri(other))))


def _bind(graph: Graph, terms: Terms) -> None:
    for prefix, iri in terms.context.items():
        if isinstance(iri, str) and not prefix.startswith("@") and iri.endswith(("/", "#")):
            graph.bind(prefix, iri, replace=True)
    graph.bind("id", terms.item_iri(""), replace=True)


def complete_graph(graph: Graph, ontology: Graph, vocabulary: Namespace) -> None:
    """Add inverses and wider properties of the structural relations, and the wider classes of everything."""
    for prop in ontology.subjects(RDF.type, vocabulary.StructuralRelation):
        wider = _upwards(ontology, prop, RDFS.subPropertyOf)
        inverses = [
            _upwards(ontology, inverse, RDFS.subPropertyOf) for inverse in ontology.objects(prop, OWL.inverseOf)
        ]
        for parent, child in list(graph.subject_objects(prop)):
            _add_all(graph, parent, wider, child)
            for inverse in inverses:
                _add_all(graph, child, inverse, parent)
    for thing, kind in list(graph.subject_objects(RDF.type)):
        for superclass in _upwards(ontology, kind, RDFS.subClassOf):
            graph.add((thing, RDF.type, superclass))


def _upwards(ontology: Graph, start: Node, step: URIRef) -> list[Node]:
    return [node for node in ontology.transitive_objects(start, step) if node is not None]


def _add_all(graph: Graph, subject: Node, properties: Iterable[Node], target: Node) -> None:
    for prop in properties:
        graph.add((subject, prop, target))


def to_ntriples(graph: Graph) -> str:
    """The graph as sorted N-Triples: the same bytes for the same triples, whatever the order in which they came."""
    lines = graph.serialize(format="nt").splitlines()
    return "\n".join(sorted(line for line in lines if line)) + "\n"


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
        keys = (
            "label",
            "title",
            "summary",
            "publisher",
            "issued",
            "language",
            "rights",
            "credit",
            "citation",
            "page",
            "file",
        )
        return Source(
            id=self.short(node), **{key: self.text(node, key) for key in keys}, notes=self.texts(node, "notes")
        )
