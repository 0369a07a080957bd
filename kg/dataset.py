"""The data set described for machines, in VoID and DCAT: what it is, whose, how much of what, and where it can be taken from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .linked_results import DataSet
from .rdf_writing import Lines
from .terms import Terms

_IANA, _SHA256 = "https://www.iana.org/assignments/media-types/", "spdx:checksumAlgorithm_sha256"
_KEYWORDS = ("human trafficking", "survivor leadership", "lived experience", "knowledge graph")


def to_void(found: DataSet, terms: Terms) -> str:
    """The description as N-Triples. Nothing in it depends on the day on which it is asked for."""
    out, it = Lines(terms), found.iri
    out.add(it, "rdf:type", "void:Dataset", "dcat:Dataset")
    for prop, text in [("dcterms:title", found.title), ("dcterms:description", found.description)]:
        out.say(it, prop, text)
    for word in _KEYWORDS:
        out.say(it, "dcat:keyword", word)
    out.add(it, "dcterms:license", found.licence)
    out.add(it, "dcterms:creator", "kg:project")
    out.add(it, "dcterms:publisher", "kg:project")
    out.add(out.iri("kg:project"), "rdf:type", "foaf:Agent")
    out.say(out.iri("kg:project"), "foaf:name", "The Survivor Leadership Knowledge Graph project")
    out.say(it, "dcterms:language", "en", "-")
    out.say(it, "dcterms:issued", found.issued, "xsd:date")
    out.say(it, "dcterms:modified", found.modified, "xsd:date")
    out.say(it, "dcat:version", found.version, "-")
    out.say(it, "owl:versionInfo", found.version, "-")
    out.add(it, "dcat:hasCurrentVersion", f"{it}#build-{found.digest}")
    out.add(it, "dcterms:conformsTo", terms.vocabulary.removesuffix("#"))
    out.add(it, "void:vocabulary", *(out.iri(f"{name}:") for name in ("kg", "skos", "dcterms", "prov", "schema")))
    out.add(it, "foaf:homepage", it)
    out.add(it, "dcat:landingPage", it)
    out.add(it, "void:feature", "formats:Turtle", "formats:N-Triples", "formats:RDF_XML", "formats:JSON-LD")
    out.say(it, "void:uriSpace", terms.base, "-")
    out.add(it, "void:exampleResource", terms.item_iri(found.example))
    out.add(it, "void:sparqlEndpoint", f"{terms.base}sparql")
    _count(out, found)
    _distribute(out, found, terms)
    _document(out, found)
    return str(out)


def _count(out: Lines, found: DataSet) -> None:
    it, figures = found.iri, found.figures
    for prop, number in [
        ("void:triples", figures.triples),
        ("void:entities", figures.entities),
        ("void:distinctSubjects", figures.subjects),
        ("void:distinctObjects", figures.objects),
        ("void:classes", len(figures.by_class)),
        ("void:properties", len(figures.by_property)),
    ]:
        out.say(it, prop, number)
    for sort, counted, of, counts in [
        ("class", figures.by_class, "void:class", "void:entities"),
        ("property", figures.by_property, "void:property", "void:triples"),
    ]:
        for iri, count in sorted(counted.items()):
            part = f"{it}#{sort}-{_fragment(iri, out.prefixes)}"
            out.add(it, f"void:{sort}Partition", part)
            out.add(part, of, iri)
            out.say(part, counts, count)


def _fragment(iri: str, prefixes: Mapping[str, str]) -> str:
    """A name for a part of the data set: as ``kg-Barrier``; letters, digits and hyphens only."""
    known = next((f"{prefix}-{iri[len(start) :]}" for prefix, start in prefixes.items() if iri.startswith(start)), iri)
    return re.sub(r"[^A-Za-z0-9]+", "-", known)


def _distribute(out: Lines, found: DataSet, terms: Terms) -> None:
    for dump in found.dumps:
        file = f"{terms.base}dataset/{dump.name}"
        out.add(found.iri, "void:dataDump", file)
        out.add(found.iri, "dcat:distribution", file)
        out.add(file, "rdf:type", "dcat:Distribution")
        out.say(file, "dcterms:title", f"The whole graph as {dump.format.label}")
        out.add(file, "dcterms:license", found.licence)
        out.add(file, "dcat:downloadURL", file)
        out.add(file, "dcat:mediaType", _IANA + dump.format.media_type)
        out.add(file, "dcterms:format", dump.format.iri)
        out.say(file, "dcat:byteSize", str(dump.size), "xsd:nonNegativeInteger")
        out.add(file, "spdx:checksum", f"{file}#sha256")
        out.add(f"{file}#sha256", "rdf:type", "spdx:Checksum")
        out.add(f"{file}#sha256", "spdx:algorithm", _SHA256)
        out.say(f"{file}#sha256", "spdx:checksumValue", dump.sha256, "xsd:hexBinary")


def _document(out: Lines, found: DataSet) -> None:
    page = f"{found.iri}#document"
    out.add(page, "rdf:type", "void:DatasetDescription", "foaf:Document")
    out.say(page, "dcterms:title", f"Description of the data set: {found.title}")
    out.add(page, "foaf:primaryTopic", found.iri)
    out.add(page, "dcterms:creator", "kg:project")
