"""Records straight to sorted N-Triples, subject by subject, by the same JSON-LD context: the triples of the graph without a graph.

Everything that has a name of ours as its subject stands in its record, in the one that it stands under, or in a link that starts at it.
So the triples of one subject are gathered from a few records, and nothing but the records is held. A test compares every line with
what :func:`kg.graph.build_graph` gives.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from .linked_results import Retired
from .records import Record
from .terms import Terms

# A subject, and its (property, object) pairs as they stand in a line.
About = tuple[str, set[tuple[str, str]]]
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")  # an id: nothing in it is a prefix, a path or an escape
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


class Lines:
    """The triples of records, whole and in order, as often as they are asked for."""

    def __init__(
        self, records: Iterable[Record], terms: Terms, ontology: Path, retired: Iterable[Retired] = ()
    ) -> None:
        """:param ontology: the folder, for what follows from nesting. :param retired: see :mod:`kg.retired`."""
        self.records = list(records)
        self._terms, self._rules = terms, _Rules(terms, ontology)
        self._own: defaultdict[str, list[Record]] = defaultdict(list)  # subject -> records with something to say of it
        self._above: dict[str, tuple[str, str]] = {}  # subject -> what it stands under, and by which key
        self._from: defaultdict[str, list[Record]] = defaultdict(list)  # subject -> links that start there
        self._classes: dict[str, tuple[str, ...]] = {}
        for record in self.records:
            subject = self._rules.subject(record)
            self._own[subject].append(record)
            if record.kind:
                self._classes[subject] = self._rules.classes(record.kind)
            if record.kind == "link":
                self._from[self._rules.reference(record.fields["from"])].append(record)
            for key in terms.keys:
                for child in record.fields.get(key, ()):
                    self._above[self._rules.reference(child)] = (subject, key)
        self.retired = tuple(retired)
        self._retired = {f"<{terms.item_iri(each.id)}>": each for each in self.retired}

    def __iter__(self) -> Iterator[About]:
        """Each subject with all that is said of it, in the order of sorted N-Triples."""
        for subject in sorted({*self._own, *self._retired}, key=lambda subject: subject + " "):
            yield subject, self.about(subject)

    def classes(self, node: str) -> tuple[str, ...]:
        """The classes, wider ones too, of a thing written as ``<iri>``; none if it is not there."""
        return self._classes.get(node, ())

    def about(self, subject: str) -> set[tuple[str, str]]:
        """All that is said of a subject, each a property and an object as N-Triples write them."""
        said = {(TYPE, each) for each in self.classes(subject)}
        for record in self._own.get(subject, ()):
            for key, value in record.fields.items():
                if key == "id":
                    continue
                for each in value if isinstance(value, list) else (value,):
                    if key in self._terms.keys:
                        child = self._rules.reference(each)
                        said.update((prop, child) for prop in self._rules.down[key])
                    else:
                        said.add((self._rules.properties[key], self._rules.object(key, each)))
        if subject in self._above:
            parent, key = self._above[subject]
            said.update((prop, parent) for prop in self._rules.up[key])
        for link in self._from.get(subject, ()):
            relation = self._rules.object("relation", link.fields["relation"])
            said.add((relation, self._rules.reference(link.fields["to"])))
        if subject in self._retired:
            said |= self._rules.retirement(self._retired[subject])
        return said


def to_lines(about: About) -> str:
    """The sorted lines of one subject.

    >>> to_lines(("<a:x>", {("<a:q>", "<a:y>"), ("<a:p>", '"z"')}))
    '<a:x> <a:p> "z" .\\n<a:x> <a:q> <a:y> .\\n'
    """
    subject, said = about
    return "".join(sorted(f"{subject} {prop} {node} .\n" for prop, node in said))


class _Rules:
    """What the context and the ontology say of each key, worked out once."""

    def __init__(self, terms: Terms, ontology: Path) -> None:
        from rdflib import RDF, Graph, Namespace, URIRef
        from rdflib.plugins.shared.jsonld.context import Context

        from .graph import complete_graph
        from .terms import read_ontology

        self.terms = terms
        self._context = Context(terms.context)
        self._base = terms.context["@base"]
        self.properties = {
            key: f"<{self._context.expand(key)}>" for key, rule in terms.context.items() if isinstance(rule, dict)
        }
        self.reference, self.object = cache(self._reference), self._object
        self._cached = cache(self._object_of_few)
        wider, vocabulary = read_ontology(ontology, terms.base), Namespace(terms.vocabulary)

        def follows(*triple: Any) -> Graph:
            graph = Graph()
            graph.add(triple)
            complete_graph(graph, wider, vocabulary)
            return graph

        this, that = URIRef("urn:x:parent"), URIRef("urn:x:child")
        self.down: dict[str, tuple[str, ...]] = {}
        self.up: dict[str, tuple[str, ...]] = {}
        for key, name in terms.keys.items():
            graph = follows(this, vocabulary[name], that)
            self.down[key] = tuple(f"<{prop}>" for prop in graph.predicates(this, that))
            self.up[key] = tuple(f"<{prop}>" for prop in graph.predicates(that, this))

        @cache
        def classes(kind: str) -> tuple[str, ...]:
            name = "Link" if kind == "link" else terms.kinds[kind].name
            return tuple(f"<{each}>" for each in follows(this, RDF.type, vocabulary[name]).objects(this, RDF.type))

        self.classes = classes

    def subject(self, record: Record) -> str:
        return f"<{self.terms.context['link']}{record.id}>" if record.kind == "link" else self.reference(record.id)

    def _reference(self, value: str) -> str:
        return f"<{self._base}{value}>" if _PLAIN.fullmatch(value) else f"<{self._context.resolve(value)}>"

    def _object(self, key: str, value: str) -> str:
        rule = self.terms.context[key]
        if rule.get("@type") == "@id":
            return self.reference(value)
        if "@type" in rule:
            return self._cached(key, value)  # words of the vocabulary, days, years, positions: the same few everywhere
        language = rule.get("@language")
        return f"{_quote(value)}@{language}" if language else _quote(value)

    def _object_of_few(self, key: str, value: str) -> str:
        from rdflib import Literal, URIRef

        wanted = self.terms.context[key]["@type"]
        if wanted == "@vocab":
            return f"<{self._context.expand(value) or self._context.resolve_iri(value)}>"
        literal = Literal(value, datatype=URIRef(self._context.expand(wanted) or wanted))
        return f"{_quote(str(literal))}^^<{literal.datatype}>"

    def retirement(self, gone: Retired) -> set[tuple[str, str]]:
        from rdflib import Graph

        from .graph import retire, to_ntriples

        graph = Graph()
        retire(graph, gone, self.terms)
        lines = (line.removesuffix(" .").split(" ", 2) for line in to_ntriples(graph).splitlines())
        return {(prop, node) for _, prop, node in lines}


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"').replace("\r", "\\r")
    return f'"{escaped}"'
