"""The triples of a document about one thing: what is said of it and of its links, names for all that it names, and whose words they are."""

from __future__ import annotations

from collections.abc import Iterable

from .rdf_formats import RDF_FORMATS
from .rdf_writing import Lines
from .reader import Reader
from .subgraph import LICENCE_URL
from .triples import Triples

_SKOS = "http://www.w3.org/2004/02/skos/core#"
# For finding alone: misspellings and words that hurt are never shown, so they are in the dump of the whole graph and in no document.
_ONLY_FOR_FINDING = ("#hiddenLabel>", "#notLabel>")
_TYPE, _NAME, _TITLE = (
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
    f"<{_SKOS}prefLabel>",
    "<http://purl.org/dc/terms/title>",
)
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_NAMING = (_TYPE, _NAME, _TITLE, _LABEL)
_OWING = (
    *_NAMING,
    "<http://purl.org/dc/elements/1.1/rights>",
    "<http://purl.org/dc/elements/1.1/publisher>",
    "<http://purl.org/dc/terms/bibliographicCitation>",
    "<https://schema.org/creditText>",
    "<https://schema.org/url>",
)


class Describer:
    """Writes the triples of documents from one build."""

    def __init__(self, reader: Reader, graph: Triples, ontology: Triples, links: Iterable[str]) -> None:
        """:param ontology: the triples of the vocabulary, for the names of relations and values. :param links: ids of all links."""
        self.reader, self.graph, self.ontology = reader, graph, ontology
        self.terms, self.links = reader.terms, frozenset(links)

    def close(self) -> None:
        """Let go of the files."""
        self.graph.close()
        self.ontology.close()

    def iri(self, name: str) -> str:
        """The address of an item, a source, a link or a retired item. :raises UnknownItem: if there is no such thing."""
        if name in self.links:
            return self.link_iri(name)
        if name not in self.reader.retired and name not in self.reader.sources:
            self.reader.item(name)
        return self.terms.item_iri(name)

    def describe(self, name: str) -> str:
        """The document about an item, a source or a link, by its id, as N-Triples.

        :raises UnknownItem: if there is no such thing, with ids that are near.
        """
        thing = self.iri(name)
        if name in self.links:
            said, sources = self.graph.about([thing]), self._link_sources(name)
        elif name in self.reader.retired:
            said, sources = self.graph.about([thing]), ()
        elif name in self.reader.sources:
            said, sources = self._own([thing]), (name,)
        else:
            said = self._own([thing]) + self._links_of(name) + self._about_topic(name)
            sources = (self.reader.item(name).source,)
        return self._finish(thing, said, sources)

    def link_iri(self, link: str) -> str:
        """The address of a link."""
        return f"{self.terms.base}link/{link}"

    def _own(self, iris: Iterable[str]) -> str:
        lines = self.graph.about(iris).splitlines(keepends=True)
        return "".join(line for line in lines if not line.split(" ", 2)[1].endswith(_ONLY_FOR_FINDING))

    def _link_sources(self, link: str) -> tuple[str, ...]:
        start, _, end = link.split("--")
        return tuple(dict.fromkeys(self.reader.item(each).source for each in (start, end)))

    def _links_of(self, item: str) -> str:
        """The records of its links, and the direct triples of those that point to it."""
        links = self.reader.snapshot.links(start=item, end=item)
        out = Lines(self.terms)
        for link in links:
            out.add(self.terms.item_iri(link.start), f"kg:{link.relation}", self.terms.item_iri(link.end))
        return self.graph.about(self.link_iri(link.id) for link in links) + str(out)

    def _about_topic(self, topic: str) -> str:
        out = Lines(self.terms)
        for item in self.reader.snapshot.items_about(topic):
            out.add(self.terms.item_iri(item.id), "dcterms:subject", self.terms.item_iri(topic))
        return str(out)

    def _finish(self, thing: str, said: str, sources: Iterable[str]) -> str:
        """Add names and kinds of everything that is named, the terms of the sources, and a statement about the document."""
        named = self._named(said) - {thing}
        things = {iri for iri in named if not iri.startswith(self.terms.vocabulary)}
        owed = {self.terms.item_iri(source) for source in sources} - {thing}
        names = _only(self.graph.about(things), _NAMING) + _only(self.graph.about(owed), _OWING)
        words = (named - things) | self._named(names)
        told = _only(self.ontology.about(words), (_LABEL, _TYPE))
        told += _only(self.ontology.about(self._named(told) - words), (_LABEL, _TYPE))  # what sort of words these are
        return said + names + told + self._document(thing, owed)

    def _named(self, ntriples: str) -> set[str]:
        """Everything of ours that is named, as subject, property or object."""
        nodes = {node for line in ntriples.splitlines() for node in line[:-2].split(" ", 2)}
        return {node[1:-1] for node in nodes if node.startswith(f"<{self.terms.base}")}

    def _document(self, thing: str, owed: Iterable[str]) -> str:
        out, page = Lines(self.terms), f"{thing}#document"
        out.add(page, "rdf:type", "foaf:Document")
        out.add(page, "foaf:primaryTopic", thing)
        out.add(page, "void:inDataset", f"{self.terms.base}dataset")
        out.add(page, "dcterms:license", LICENCE_URL)
        out.add(page, "dcterms:source", *sorted(owed))
        out.add(page, "dcterms:hasFormat", *(f"{thing}.{form.suffix}" for form in RDF_FORMATS))
        out.say(page, "dcterms:rights", _OURS)
        return str(out)


_OURS = (
    "The sentences, links and reasons are the project's own, CC BY 4.0. The documents that they are about stay under the terms of their "
    "publishers. Nothing has been reviewed by people with lived experience yet unless a link says so."
)


def _only(ntriples: str, properties: tuple[str, ...]) -> str:
    return "".join(line for line in ntriples.splitlines(keepends=True) if line.split(" ", 2)[1] in properties)
