"""A part of the graph in the formats of researchers: one table of formats, bytes in memory, files that are whole or not there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from . import export_graph, export_picture, export_rdf
from .choices import check_choice
from .cleaning import clean_part
from .errors import FileExists, MissingFolder
from .subgraph import Subgraph

Writer = Callable[[Subgraph, bool], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to take a part away.

    :ivar name: for options and parameters. :ivar suffix: of its files. :ivar media_type: as it is sent. :ivar text: it is UTF-8 text.
    :ivar writer: a cleaned part, and whether links come with their records -> bytes. :ivar label: what people call it.
    :ivar purpose: what it is for, in one sentence.
    """

    name: str
    suffix: str
    media_type: str
    text: bool
    writer: Writer
    label: str
    purpose: str


_XML, _JSON = "application/xml", "application/json"
_TABLE = (
    Format("turtle", "ttl", "text/turtle", True, export_rdf.to_turtle,
           "Turtle", "RDF that people can read, for Protégé and triple stores."),
    Format("json-ld", "jsonld", "application/ld+json", True, export_rdf.to_json_ld,
           "JSON-LD", "RDF as JSON, for web developers."),
    Format("ntriples", "nt", "application/n-triples", True, export_rdf.to_ntriples,
           "N-Triples", "RDF one statement a line, for large tools and for comparing."),
    Format("rdfxml", "rdf", "application/rdf+xml", True, export_rdf.to_rdf_xml,
           "RDF/XML", "RDF for older tools."),
    Format("graphml", "graphml", _XML, True, export_graph.to_graphml,
           "GraphML", "A network for yEd, Cytoscape, igraph and R."),
    Format("gexf", "gexf", _XML, True, export_graph.to_gexf,
           "GEXF", "A network for Gephi, with colours, sizes and places."),
    Format("cytoscape", "cyjs", _JSON, True, export_graph.to_cytoscape,
           "Cytoscape JSON", "A network for Cytoscape and Cytoscape.js, with places."),
    Format("node-link", "node-link.json", _JSON, True, export_graph.to_node_link,
           "Node-link JSON", "A network for notebooks: networkx and D3."),
    Format("json", "json", _JSON, True, export_graph.to_plain_json,
           "JSON", "All that is held of the part, for programs."),
    Format("svg", "svg", "image/svg+xml", True, export_picture.to_svg,
           "Picture (SVG)", "A picture for print and slides that stays sharp at every size."),
    Format("png", "png", "image/png", False, export_picture.to_png,
           "Picture (PNG)", "A picture that opens everywhere."),
)  # fmt: skip
FORMATS: Mapping[str, Format] = {each.name: each for each in _TABLE}


def get_format(name: str) -> Format:
    """The format of this name. :raises BadQuery: if there is none, with the nearest."""
    check_choice("format", name, FORMATS)
    return FORMATS[name]


def to_bytes(part: Subgraph, format: str, *, records: bool = True) -> bytes:
    """A part in one format, in memory. The same part gives the same bytes.

    :param records: links with strength, reason, basis, state, author and date; else only what leads where.
    :raises BadQuery: if there is no such format.
    """
    return get_format(format).writer(clean_part(part), records)


def write_export(
    part: Subgraph, format: str, path: Path | None = None, *, records: bool = True, force: bool = False
) -> Path:
    """Write a part into a file, which is whole or not there: it is written beside it, synced, and renamed.

    :param path: of the file, or a folder for a file that is named after the part (else the current one). :param force: over a file that
        is there.
    :returns: the path of the file. :raises BadQuery: if there is no such format. :raises FileExists: if the file is there.
    :raises MissingFolder: if its folder is not, or may not be written.
    """
    suffix = get_format(format).suffix
    path = path or Path()
    file = path / part.file_name(suffix) if path.is_dir() else path
    if file.exists() and not force:
        raise FileExists(f"{file} is there already.", "Give another name, or write over it with --force.")
    if not file.parent.is_dir():
        raise MissingFolder(f"There is no folder {file.parent}.", "Make it first, or name another.")
    write_whole(file, to_bytes(part, format, records=records))
    return file


def write_whole(path: Path, data: bytes) -> None:
    """Put data into a file by one rename, so that nobody ever sees half of it. :raises MissingFolder: if that cannot be."""
    try:
        handle, name = tempfile.mkstemp(prefix=".kg-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise MissingFolder(
            f"{path} cannot be written: {error.strerror}.", "Name a folder that you may write to."
        ) from error


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
