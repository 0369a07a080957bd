"""The ontology as people read it: its terms by sort, each with what it means, what it joins and what it is a case of."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, VANN
from rdflib.term import Node

from .linked_results import SORTS, Named, Term, Vocabulary
from .rdf_writing import bound
from .terms import Terms

_SCHEMA = Namespace("https://schema.org/")


def build_vocabulary(ontology: Graph, terms: Terms) -> Vocabulary:
    """Everything that the ontology says of its own terms; every term of it is in one group, and in one only."""
    return _Reader(ontology, terms).vocabulary()


class _Reader:
    def __init__(self, ontology: Graph, terms: Terms) -> None:
        self.graph, self.own = ontology, Namespace(terms.vocabulary)
        self.header = URIRef(terms.vocabulary.removesuffix("#"))
        self.prefixes = {iri: prefix for prefix, iri in bound(terms).items()}

    def vocabulary(self) -> Vocabulary:
        say = self.text
        return Vocabulary(
            title=say(self.header, DCTERMS.title),
            description=say(self.header, DCTERMS.description),
            iri=str(self.header),
            namespace=str(self.own),
            prefix=say(self.header, VANN.preferredNamespacePrefix),
            version=say(self.header, OWL.versionInfo),
            version_iri=say(self.header, OWL.versionIRI),
            created=say(self.header, DCTERMS.created),
            modified=say(self.header, DCTERMS.modified),
            rights=say(self.header, DCTERMS.rights),
            citation=say(self.header, DCTERMS.bibliographicCitation),
            groups=self.groups(),
        )

    def groups(self) -> dict[str, tuple[Term, ...]]:
        found: dict[str, list[Term]] = {sort: [] for sort in SORTS}
        values = {value for closed in self.lists() for value in self.members(closed)}
        own = {node for node in self.graph.subjects(RDFS.label) if str(node).startswith(self.own)}
        for node in sorted(own, key=str):
            if node not in values:
                found[self.sort(node)].append(self.term(node))
        return {sort: tuple(group) for sort, group in found.items()}

    def lists(self) -> set[Node]:
        """Classes whose members the ontology names: the closed lists."""
        individuals = self.graph.subjects(RDF.type, OWL.NamedIndividual)
        kinds = {kind for node in individuals for kind in self.graph.objects(node, RDF.type)}
        return {kind for kind in kinds if str(kind).startswith(self.own)}

    def members(self, node: Node) -> list[Node]:
        return sorted(set(self.graph.subjects(RDF.type, node)), key=str)

    def sort(self, node: Node) -> str:
        kinds = set(self.graph.objects(node, RDF.type))
        if OWL.Class in kinds:
            return "lists" if node in self.lists() else "classes"
        if self.own.CuratedRelation in kinds:
            return "curated"
        if self.own.StructuralRelation in kinds:
            return "structural"
        if OWL.NamedIndividual in kinds:
            return "others"
        return "inverses" if self.graph.value(node, OWL.inverseOf) is not None and self.is_inverse(node) else "fields"

    def is_inverse(self, node: Node) -> bool:
        """Whether it is the other direction of a relation."""
        of = {kind for other in self.graph.objects(node, OWL.inverseOf) for kind in self.graph.objects(other, RDF.type)}
        return bool(of & {self.own.CuratedRelation, self.own.StructuralRelation})

    def term(self, node: Node) -> Term:
        members = self.members(node) if node in self.lists() else []
        graph, inverse = self.graph, self.graph.value(node, OWL.inverseOf)
        return Term(
            name=str(node).removeprefix(self.own),
            iri=str(node),
            label=self.text(node, RDFS.label),
            meaning=self.text(node, RDFS.comment),
            notation=self.text(node, SKOS.notation),
            wider=self.named([*graph.objects(node, RDFS.subClassOf), *graph.objects(node, RDFS.subPropertyOf)]),
            domain=self.named(list(graph.objects(node, _SCHEMA.domainIncludes)) or graph.objects(node, RDFS.domain)),
            range=self.named(list(graph.objects(node, _SCHEMA.rangeIncludes)) or graph.objects(node, RDFS.range)),
            inverse=self.named([inverse])[0] if inverse is not None else None,
            members=tuple(self.term(member) for member in members),
        )

    def named(self, nodes: Iterable[Node]) -> tuple[Named, ...]:
        return tuple(self.name(str(node)) for node in sorted(set(nodes), key=str))

    def name(self, iri: str) -> Named:
        if iri.startswith(self.own):
            return Named(iri.removeprefix(self.own), iri, ours=True)
        start = next((start for start in self.prefixes if iri.startswith(start)), "")
        return Named(f"{self.prefixes[start]}:{iri.removeprefix(start)}" if start else iri, iri, ours=False)

    def text(self, node: Node, prop: Node) -> str:
        return str(self.graph.value(node, prop) or "")
