"""A part of the graph as a package for open-data portals (Frictionless Data Package) and research archives (RO-Crate)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .export_graph import to_graphml, to_json_bytes
from .export_rdf import to_turtle
from .export_tables import CREDITS, EDGES, NODES, SOURCES, build_csv_files, build_tables
from .flattening import NUMBERS
from .subgraph import CREDIT, LICENCE_URL, Subgraph, to_slug
from .zipping import to_zip

_PAGE_OF_LICENCE = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": LICENCE_URL}
_TITLES = {NODES: "Items", EDGES: "Links", SOURCES: "Sources"}
_KEYS = {EDGES: (("start", NODES), ("end", NODES)), NODES: (("source", SOURCES),), SOURCES: ()}


def to_data_package(part: Subgraph, records: bool) -> bytes:
    """A Frictionless Data Package (version 2): three tables, what each column means, how they refer to each other, and whose they are."""
    files = build_csv_files(part, records=records)
    told: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": to_slug(part.title),
        "title": part.title,
        "description": "\n\n".join(part.credits),
        "version": part.version,
        "created": f"{part.date}T00:00:00Z",
        "homepage": part.base,
        "keywords": list(part.words),
        "licenses": [_PAGE_OF_LICENCE],
        "contributors": [{"title": f"{CREDIT} project", "roles": ["creator"]}],
        "sources": [
            {"title": source.citation} | ({"path": source.page} if source.page else {}) for source in part.sources
        ],
        "resources": [
            {
                "name": name.removesuffix(".csv"),
                "title": _TITLES[name],
                "type": "table",
                "path": name,
                "scheme": "file",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": _schema(name, columns),
            }
            for name, (columns, _) in build_tables(part, records=records).items()
        ],
    }
    told = {name: value for name, value in told.items() if value}
    return to_zip(files | {"datapackage.json": to_json_bytes(told)})


def _schema(name: str, columns: Any) -> dict[str, Any]:
    fields = [
        {"name": column, "type": "integer" if column in NUMBERS else "string", "description": meaning}
        for column, meaning in columns.items()
    ]
    told: dict[str, Any] = {"fields": fields, "primaryKey": ["id"]}
    keys = [
        {"fields": [column], "reference": {"resource": other.removesuffix(".csv"), "fields": ["id"]}}
        for column, other in _KEYS[name]
    ]
    return told | ({"foreignKeys": keys} if keys else {})


def to_ro_crate(part: Subgraph, records: bool) -> bytes:
    """An RO-Crate 1.1: tables, Turtle and GraphML, with a description that archives and their search read."""
    files = build_csv_files(part, records=records)
    files |= {"graph.ttl": to_turtle(part, records), "graph.graphml": to_graphml(part, records)}
    about = {
        NODES: ("Items as a table", "text/csv"),
        EDGES: ("Links as a table", "text/csv"),
        SOURCES: ("Sources as a table", "text/csv"),
        CREDITS: ("Whose it is and under which terms", "text/plain"),
        "graph.ttl": ("The same as RDF", "text/turtle"),
        "graph.graphml": ("The same as a network", "application/xml"),
    }
    licence, project = {"@id": LICENCE_URL}, {"@id": f"{part.base}#project"}
    graph: list[dict[str, Any]] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": part.title,
            "description": "\n\n".join(part.credits),
            "datePublished": part.date,
            "version": part.version,
            "license": licence,
            "author": project,
            "publisher": project,
            "keywords": ", ".join(part.words),
            "hasPart": _named(files),
            "isBasedOn": [{"@id": part.iri(source.id)} for source in part.sources],
        },
        {"@id": LICENCE_URL, "@type": "CreativeWork", "name": _PAGE_OF_LICENCE["title"], "identifier": "CC-BY-4.0"},
        {**project, "@type": "Organization", "name": f"{CREDIT} project", "url": part.base},
        *(
            {
                "@id": name,
                "@type": "File",
                "name": about[name][0],
                "encodingFormat": about[name][1],
                "contentSize": str(len(data)),
            }
            for name, data in sorted(files.items())
        ),
        *(
            {
                "@id": part.iri(source.id),
                "@type": "CreativeWork",
                "name": source.title,
                "publisher": source.publisher,
                "creditText": source.credit,
                "copyrightNotice": source.rights,
            }
            for source in part.sources
        ),
    ]
    crate = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    return to_zip(files | {"ro-crate-metadata.json": to_json_bytes(crate)})


def _named(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": name} for name in sorted(names)]
