"""What a SPARQL query gives: a body in one format, what it is, whether it is whole; formats and limits. Standard library only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from .rdf_formats import RDF_FORMATS


@dataclass(frozen=True, slots=True)
class DataFormat:
    """A form in which results are written. :ivar graph: it holds triples, not rows. :ivar also: other media types that ask for it."""

    name: str
    label: str
    media_type: str
    suffix: str
    graph: bool
    also: tuple[str, ...] = ()


# In the order in which they are chosen where somebody takes any.
FORMATS = {
    each.name: each
    for each in (
        DataFormat("json", "JSON", "application/sparql-results+json", "srj", False, ("application/json", "text/json")),
        DataFormat("xml", "XML", "application/sparql-results+xml", "srx", False, ("application/xml", "text/xml")),
        DataFormat("csv", "CSV", "text/csv", "csv", False),
        DataFormat("tsv", "TSV", "text/tab-separated-values", "tsv", False),
        *(DataFormat(each.name, each.label, each.media_type, each.suffix, True, each.asked_as) for each in RDF_FORMATS),
    )
}
UNIT = {"rows": "rows", "truth": "answers", "graph": "triples"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take.

    :ivar seconds: from its arrival until it is stopped. :ivar rows: rows or triples that are given. :ivar size: bytes of an answer.
    :ivar length: bytes of a query. :ivar memory: bytes beyond what the graph itself takes.
    """

    seconds: float = 2.0
    rows: int = 1000
    size: int = 1 << 20
    length: int = 4096
    memory: int = 256 << 20


class Cell(NamedTuple):
    """One term. :ivar kind: "uri", "literal" or "bnode". :ivar datatype: of a literal, "" for a plain one."""

    kind: str
    text: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """A query to begin with. :ivar question: what it asks, in plain words."""

    name: str
    question: str
    query: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to look at: of a SELECT its variables, of a graph its triples, of a question its answer."""

    names: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class DataAnswer:
    """What a query gives.

    :ivar form: "rows", "truth" (yes or no) or "graph". :ivar format: one of ``FORMATS``. :ivar count: rows or triples in the body.
    :ivar cut: "" if the answer is whole; else what it was cut at: "rows" or "size".
    """

    form: str
    format: str
    body: str
    count: int
    cut: str = ""

    @property
    def media_type(self) -> str:
        """The media type of the body."""
        return FORMATS[self.format].media_type

    @property
    def mark(self) -> str:
        """What is said of an answer that was cut, "" of a whole one.

        >>> DataAnswer("rows", "csv", "", 1000, "rows").mark
        'cut after 1000 rows: there are more'
        """
        return cut_mark(self.form, self.count) if self.cut else ""

    def table(self) -> Table:
        """The rows of a body in JSON or N-Triples.

        >>> DataAnswer("graph", "ntriples", '<a:a> <a:b> "c\\\\td"@en .\\n', 1).table().rows[0][2]
        Cell(kind='literal', text='c\\td', language='en', datatype='')
        """
        if self.format == "ntriples":
            triples = (_TRIPLE.findall(line) for line in self.body.splitlines() if not line.startswith("#"))
            return Table(TRIPLE, tuple(tuple(_from_ntriples(*term) for term in terms) for terms in triples))
        found = json.loads(self.body)
        if self.form == "truth":
            return Table(("answer",), ((Cell("literal", "yes" if found["boolean"] else "no"),),))
        names = tuple(found["head"]["vars"])
        return Table(
            names, tuple(tuple(_from_json(row.get(name)) for name in names) for row in found["results"]["bindings"])
        )

    def to_json(self) -> dict[str, Any]:
        """Field by field, with the mark."""
        return {**asdict(self), "mark": self.mark}


TRIPLE = ("subject", "predicate", "object")
_TRIPLE = re.compile(r'<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?')


def _from_ntriples(iri: str, blank: str, text: str, language: str, datatype: str) -> Cell:
    if iri or blank:
        return Cell("uri", iri) if iri else Cell("bnode", blank)
    plain = re.sub(r"\\(?:u(\w{4})|U(\w{8})|(.))", _unescaped, text)
    return Cell("literal", plain, language, datatype)


def _unescaped(found: re.Match[str]) -> str:
    code, sign = found[1] or found[2], found[3]
    return chr(int(code, 16)) if code else {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}.get(sign, sign)


def _from_json(cell: Mapping[str, str] | None) -> Cell | None:
    return cell and Cell(cell["type"], cell["value"], cell.get("xml:lang", ""), cell.get("datatype", ""))  # type: ignore[return-value]


def shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    """An IRI as a name with a prefix, where one fits.

    >>> shorten("http://www.w3.org/2004/02/skos/core#prefLabel", prefixes_of("https://example.org/"))
    'skos:prefLabel'
    """
    for prefix, start in prefixes.items():
        rest = iri.removeprefix(start)
        if rest != iri and "/" not in rest and "#" not in rest:
            return f"{prefix}:{rest}"
    return iri


def cut_mark(form: str, count: int) -> str:
    """The words that mark a cut answer, in its head and in its body."""
    return f"cut after {count} {UNIT[form]}: there are more"


def prefixes_of(base: str) -> dict[str, str]:
    """The prefixes that a query may use without saying what they are. :param base: the IRI under which everything is named.

    >>> prefixes_of("https://example.org/")["kg"]
    'https://example.org/ontology#'
    """
    return {
        "kg": f"{base}ontology#",
        "id": f"{base}id/",
        "link": f"{base}link/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "dcterms": "http://purl.org/dc/terms/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "schema": "https://schema.org/",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }


def formats_for(media_types: Iterable[str]) -> tuple[str, ...]:
    """The formats that media types ask for, in their order; parameters do not matter, and a star takes any.

    >>> formats_for(["text/csv; charset=utf-8", "application/rdf+xml"])
    ('csv', 'rdfxml')
    >>> formats_for(["image/png"])
    ()
    """
    found: dict[str, None] = {}
    for given in media_types:
        asked = given.partition(";")[0].strip().lower()
        for each in FORMATS.values():
            types = (each.media_type, *each.also)
            if asked in (*types, "*/*", "*") or (asked.endswith("/*") and each.media_type.startswith(asked[:-1])):
                found.setdefault(each.name)
    return tuple(found)
