"""A part of the graph as RDF: what the build says of its items, links and sources, closed, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .rdf_writing import to_rdf
from .subgraph import CREDIT, LICENCE_URL, Subgraph
from .terms import ABOUT, NESTING

_TRIPLE = re.compile(r"<([^>]*)> <([^>]*)> (.*) \.")
_SKOS, _DCTERMS = "http://www.w3.org/2004/02/skos/core#", "http://purl.org/dc/terms/"
_RDF, _XSD = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2001/XMLSchema#"
_DCAT, _OWL = "http://www.w3.org/ns/dcat#", "http://www.w3.org/2002/07/owl#"
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r"})


def build_triples(part: Subgraph, *, records: bool) -> list[str]:
    """The triples of a part as sorted lines of N-Triples.

    What is only for finding (``skos:hiddenLabel``, ``kg:notLabel``) stays in the dump of the whole dataset. What leads to an item outside
    the part is left out, and so is what says a link that the selection left out.
    """
    iris = [*(part.iri(item.id) for item in part.items), *(part.iri(source.id) for source in part.sources)]
    if records:
        iris += [f"{part.base}link/{edge.id}" for edge in part.edges if edge.id]
    kept = filter(_Closed(part).holds, part.triples_about(iris).split("\n")[:-1])
    return sorted({*kept, *_about(part)})


class _Closed:
    """Which triples of the build belong to a part."""

    def __init__(self, part: Subgraph) -> None:
        self._things, self._items = f"{part.base}id/", {part.iri(item.id) for item in part.items}
        self._sources = {part.iri(source.id) for source in part.sources}
        vocabulary = part.terms.vocabulary
        self._finding = {f"{_SKOS}hiddenLabel", f"{vocabulary}notLabel"}
        self._curated = {vocabulary + name: name for name in part.terms.curated} | {f"{_DCTERMS}subject": ABOUT}
        self._joined = {(part.iri(edge.start), edge.relation, part.iri(edge.end)) for edge in part.edges}

    def holds(self, line: str) -> bool:
        """Whether a line of N-Triples stays."""
        found = _TRIPLE.fullmatch(line)
        assert found, line
        subject, predicate, value = found.groups()
        if predicate in self._finding:
            return False
        thing = value[1:-1]
        if not value.startswith("<" + self._things):
            return True
        if thing in self._sources or subject in self._sources or subject not in self._items:
            return thing in self._sources or thing in self._items
        if relation := self._curated.get(predicate):
            return (subject, relation, thing) in self._joined
        return (subject, NESTING, thing) in self._joined or (thing, NESTING, subject) in self._joined


def _about(part: Subgraph) -> Iterator[str]:
    """What the part is and what goes with every copy, said of a dataset that is named by its content."""
    this = f"<{part.base}part/{part.file_name('').rstrip('.')}>"

    def text(value: str, tail: str = "@en") -> str:
        return f'"{value.translate(_ESCAPES)}"{tail}'

    yield f"{this} <{_RDF}type> <{_DCAT}Dataset> ."
    yield f"{this} <{_DCTERMS}title> {text(part.title)} ."
    yield f"{this} <{_DCTERMS}creator> {text(CREDIT)} ."
    yield f"{this} <{_DCTERMS}license> <{LICENCE_URL}> ."
    yield f"{this} <{_OWL}versionInfo> {text(part.version, '')} ."
    if part.date:
        yield f"{this} <{_DCTERMS}modified> {text(part.date, f'^^<{_XSD}date>')} ."
    for line in part.credits:
        yield f"{this} <{_DCTERMS}rights> {text(line)} ."
    for source in part.sources:
        yield f"{this} <{_DCTERMS}source> <{part.iri(source.id)}> ."


def to_ntriples(part: Subgraph, records: bool) -> bytes:
    """N-Triples, sorted."""
    return to_rdf(build_triples(part, records=records), "ntriples", part.terms)


def to_turtle(part: Subgraph, records: bool) -> bytes:
    """Turtle."""
    return to_rdf(build_triples(part, records=records), "turtle", part.terms)


def to_json_ld(part: Subgraph, records: bool) -> bytes:
    """JSON-LD."""
    return to_rdf(build_triples(part, records=records), "json-ld", part.terms)


def to_rdf_xml(part: Subgraph, records: bool) -> bytes:
    """RDF/XML."""
    return to_rdf(build_triples(part, records=records), "rdfxml", part.terms)
