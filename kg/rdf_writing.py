"""Triples to the bytes of a document: Turtle, JSON-LD, N-Triples or RDF/XML. The same triples give the same bytes; no blank nodes."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from .rdf_formats import get_format
from .terms import Terms

if TYPE_CHECKING:
    import pyoxigraph

# Beside those of the context: what descriptions of documents, data sets and vocabularies use.
PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "bibo": "http://purl.org/ontology/bibo/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "formats": "http://www.w3.org/ns/formats/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
}
_TYPE, _STRING = PREFIXES["rdf"] + "type", "http://www.w3.org/2001/XMLSchema#string"
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")  # a name that every format may shorten


def to_rdf(ntriples: str | Iterable[str], format: str, terms: Terms, *, first: str = "") -> bytes:
    """Write triples in one of the formats of :data:`kg.rdf_formats.RDF_FORMATS`, with the prefixes of the vocabulary bound.

    :param ntriples: N-Triples, as a text or as lines, in any order, also with repetitions; no blank nodes.
    :param format: ``turtle``, ``json-ld`` (compacted with the part of our context that is used), ``ntriples`` or ``rdfxml``; also by
        suffix or media type.
    :param terms: of the installation, for base IRI and context: ``KnowledgeGraph.terms``.
    :param first: IRI of the thing that the document is about: it comes first, the rest by name (N-Triples are sorted in any case).
    :returns: UTF-8 bytes, the same for the same triples.
    :raises BadQuery: if there is no such format. :raises ValueError: if a line is not a triple, or holds a blank node.
    """
    wanted = get_format(format).name
    lines = ntriples.splitlines() if isinstance(ntriples, str) else (line.rstrip("\n") for line in ntriples)
    kept = sorted(set(filter(None, lines)))
    if wanted == "ntriples":
        return "".join(f"{line}\n" for line in kept).encode()
    if first:
        kept.sort(key=lambda line: not line.startswith(f"<{first}> "))
    if wanted == "json-ld":
        return _to_json_ld(read_triples("\n".join(kept)), terms)
    text = "\n".join(types_first(kept))
    return _serialize(text, wanted, {name: iri for name, iri in bound(terms).items() if f"<{iri}" in text})


def bound(terms: Terms) -> dict[str, str]:
    """Prefix -> IRI: those of the context, items, and the vocabularies that data sets are described with."""
    own = {name: iri for name, iri in terms.context.items() if isinstance(iri, str) and _is_prefix(name, iri)}
    return {**PREFIXES, **own, "id": terms.item_iri("")}


def _is_prefix(name: str, iri: str) -> bool:
    return not name.startswith("@") and iri.endswith(("/", "#"))


def read_triples(text: str) -> list[pyoxigraph.Triple]:
    """Triples in the order of the text."""
    import pyoxigraph

    try:
        triples = [quad.triple for quad in pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.N_TRIPLES)]
    except SyntaxError as error:
        raise ValueError(f"not N-Triples: {error}") from error
    if "_:" in text and any(isinstance(node, pyoxigraph.BlankNode) for triple in triples for node in triple):
        raise ValueError("a blank node: things without a name cannot be told apart from one document to the next")
    return triples


class Lines:
    """N-Triples under way: subjects and objects as IRIs, properties with a prefix that :func:`bound` knows."""

    def __init__(self, terms: Terms) -> None:
        self.prefixes = bound(terms)
        self.lines: list[str] = []

    def iri(self, name: str) -> str:
        """``dcterms:title`` in full; an IRI as it is."""
        prefix, _, local = name.partition(":")
        return self.prefixes[prefix] + local if prefix in self.prefixes else name

    def add(self, subject: str, predicate: str, *names: str) -> None:
        """A triple for each of the *names*: IRIs, in full or with a prefix."""
        self.lines += [f"<{subject}> <{self.iri(predicate)}> <{self.iri(name)}> .\n" for name in names if name]

    def say(self, subject: str, predicate: str, value: str | int, datatype: str = "") -> None:
        """A triple with a text, unless that is empty: in English, or of a datatype such as ``xsd:date``, or plain (``-``)."""
        if value == "":
            return
        datatype = datatype or ("xsd:integer" if isinstance(value, int) else "")
        told = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
        kind = "" if datatype == "-" else f"^^<{self.iri(datatype)}>" if datatype else "@en"
        self.lines.append(f'<{subject}> <{self.iri(predicate)}> "{told}"{kind} .\n')

    def __str__(self) -> str:
        return "".join(self.lines)


def types_first(lines: Iterable[str]) -> Iterable[str]:
    """Lines that stand by subject, in the same order, but the types of each subject before its other properties."""
    for _, own in groupby(lines, key=lambda line: line[: line.find(" ")]):
        of_one = list(own)
        types = [line for line in of_one if f"> <{_TYPE}> " in line]
        yield from types
        yield from (line for line in of_one if line not in types)


def serialize_to(out: Any, blocks: Iterable[str], name: str, prefixes: Mapping[str, str]) -> None:
    """Write the triples of texts, in their order, as Turtle or RDF/XML. :param out: takes bytes from front to back."""
    import pyoxigraph

    form = pyoxigraph.RdfFormat.TURTLE if name == "turtle" else pyoxigraph.RdfFormat.RDF_XML
    triples = (triple for block in blocks for triple in read_triples(block))
    pyoxigraph.serialize(triples, output=out, format=form, prefixes=dict(prefixes))


def _serialize(text: str, name: str, prefixes: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    serialize_to(out, [text], name, prefixes)
    told = out.getvalue()
    if name == "rdfxml":
        return told
    # Every line break of this Turtle ends a statement or a part of one, since those in texts are escaped.
    lines = told.decode().splitlines(keepends=True)
    head = sorted(line for line in lines if line.startswith("@prefix "))
    body = "".join(lines[len(head) :]).replace(" .\n", " .\n\n").replace("\t", "    ").rstrip("\n")
    return f"{''.join(head)}\n{body}\n".encode()


class Compactor:
    """Shortens expanded triples by the context, and remembers which of its lines it used."""

    def __init__(self, terms: Terms) -> None:
        self.context = terms.context
        self.base, self.vocabulary = terms.context["@base"], terms.context["@vocab"]
        self.prefixes = bound(terms)
        self.used: dict[str, Any] = {}
        self.keys: dict[str, list[str]] = {}
        for key, rule in self.context.items():
            if isinstance(rule, dict):
                self.keys.setdefault(self.in_full(rule["@id"]), []).append(key)
        self.name, self.reference, self.term = cache(self._name), cache(self._reference), cache(self._term)

    def in_full(self, name: str) -> str:
        """A compact IRI of the context in full."""
        prefix, _, local = name.partition(":")
        return str(self.prefixes[prefix]) + local

    def _name(self, iri: str) -> str:
        """An IRI as a compact one, if some prefix fits, else as it is."""
        for prefix, start in self.prefixes.items():
            if iri.startswith(start) and _LOCAL.fullmatch(iri[len(start) :]):
                self.used[prefix] = start
                return f"{prefix}:{iri[len(start) :]}"
        return iri

    def _reference(self, iri: str) -> str:
        """An IRI where an item is expected: relative to the base."""
        local = iri.removeprefix(self.base)
        return local if local != iri and _LOCAL.fullmatch(local) else self.name(iri)

    def _term(self, iri: str) -> str:
        """An IRI where a word of the vocabulary is expected."""
        local = iri.removeprefix(self.vocabulary)
        known = local in self.context or local in self.prefixes  # would be read as that line of the context
        return local if local != iri and _LOCAL.fullmatch(local) and not known else self.name(iri)

    def entry(self, predicate: str, node: Any) -> tuple[str, Any, bool]:
        """Key, value and whether the values stand in a list even if there is but one."""
        if predicate == _TYPE:
            return "type", self.term(node.value), True
        for key in self.keys.get(predicate, ()):
            rule = self.context[key]
            value = self._by_rule(node, rule)
            if value is not None:
                self.used[key] = rule
                return key, value, rule.get("@container") == "@set"
        return self.name(predicate), self._as_object(node), False

    def _by_rule(self, node: Any, rule: Mapping[str, Any]) -> Any:
        """The value as the rule of a key lets it be written, or None if it would be read as another."""
        wanted, value = rule.get("@type"), node.value
        if not hasattr(node, "datatype"):
            return self.reference(value) if wanted == "@id" else self.term(value) if wanted == "@vocab" else None
        if node.language or "@language" in rule:
            return value if node.language == rule.get("@language") else None
        if node.datatype.value != (self.in_full(wanted) if wanted and wanted[0] != "@" else _STRING):
            return None
        return int(value) if wanted == "xsd:integer" and str(int(value)) == value else value

    def _as_object(self, node: Any) -> Any:
        if not hasattr(node, "datatype"):
            return {"@id": self.reference(node.value)}
        if node.language:
            return {"@value": node.value, "@language": node.language}
        return (
            node.value
            if node.datatype.value == _STRING
            else {"@value": node.value, "@type": self.name(node.datatype.value)}
        )

    def lines(self) -> dict[str, Any]:
        """The part of the context that was used, with the prefixes that it is written with."""
        rules = [rule for rule in self.used.values() if isinstance(rule, dict)]
        names = {
            name.partition(":")[0] for rule in rules for name in (rule["@id"], rule.get("@type", "")) if ":" in name
        }
        always = {key: self.context[key] for key in ("@version", "@base", "@vocab", "id", "type")}
        return always | dict(sorted({**self.used, **{name: self.prefixes[name] for name in names}}.items()))


def to_node(triples: Iterable[pyoxigraph.Triple], compact: Compactor) -> dict[str, Any]:
    """All that is said of one thing as a node of JSON-LD."""
    about: dict[str, Any] = {}
    for subject, predicate, node in triples:
        if not about:
            about = {"id": compact.reference(subject.value), "type": []}
        key, value, many = compact.entry(predicate.value, node)
        if key in about:
            about[key] = [*about[key], value] if isinstance(about[key], list) else [about[key], value]
        else:
            about[key] = [value] if many else value
    return {key: value for key, value in about.items() if value != []}


def _to_json_ld(triples: list[pyoxigraph.Triple], terms: Terms) -> bytes:
    compact = Compactor(terms)
    graph = [to_node(own, compact) for _, own in groupby(triples, key=lambda triple: triple.subject)]
    document = {"@context": compact.lines(), "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
