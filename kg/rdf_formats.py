"""The one table of RDF formats: name, media type, suffix and what else people call them. Everything that writes or serves RDF asks it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from .errors import BadQuery


@dataclass(frozen=True, slots=True)
class RdfFormat:
    """One way to write RDF.

    :ivar name: for options and parameters, as ``turtle``. :ivar label: for people. :ivar media_type: as it is sent.
    :ivar asked_as: other media types by which programs ask for it. :ivar suffix: of files and addresses, without a dot.
    :ivar called: other names that people and libraries give it. :ivar iri: its name in the list of formats of the W3C.
    """

    name: str
    label: str
    media_type: str
    asked_as: tuple[str, ...]
    suffix: str
    called: tuple[str, ...]
    iri: str

    @property
    def content_type(self) -> str:
        """The media type with the encoding, where the type does not settle it."""
        return self.media_type if self.name == "json-ld" else f"{self.media_type}; charset=utf-8"


_W3C = "http://www.w3.org/ns/formats/"
# In order of preference: what is sent to those who take several equally.
RDF_FORMATS = (
    RdfFormat(
        "turtle", "Turtle", "text/turtle", ("application/x-turtle", "application/turtle", "text/n3"), "ttl", ("n3",), _W3C + "Turtle",
    ),
    RdfFormat(
        "json-ld", "JSON-LD", "application/ld+json", ("application/json",), "jsonld", ("jsonld", "json"), _W3C + "JSON-LD"
    ),
    RdfFormat(
        "ntriples", "N-Triples", "application/n-triples", ("text/plain",), "nt", ("n-triples", "nt11"), _W3C + "N-Triples"
    ),
    RdfFormat(
        "rdfxml", "RDF/XML", "application/rdf+xml", ("application/xml", "text/xml"), "rdf", ("rdf-xml", "xml"), _W3C + "RDF_XML"
    ),
)  # fmt: skip


def find_format(name: str) -> RdfFormat | None:
    """The format that is called so: by name, suffix, media type or another name, whatever the case; or None.

    >>> find_format("ttl").name, find_format("application/ld+json").name, find_format("sausage")
    ('turtle', 'json-ld', None)
    """
    asked = name.strip().lower()
    for each in RDF_FORMATS:
        if asked in (each.name, each.suffix, each.media_type, *each.called):
            return each
    return None


def get_format(name: str) -> RdfFormat:
    """The format that is called so, as :func:`find_format` finds it. :raises BadQuery: if there is none, with the names that there are."""
    found = find_format(name)
    if found is None:
        names = [each.name for each in RDF_FORMATS]
        near = difflib.get_close_matches(name[:40], names, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise BadQuery(
            f"{name[:40]!r} is not an RDF format that is written here.", f"{hint}There are: {', '.join(names)}."
        )
    return found
