"""Records and the JSON-LD context to one rdflib graph. The context is the only mapping; no blank nodes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, SKOS
from rdflib.term import Node

from .linked_results import Retired
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
