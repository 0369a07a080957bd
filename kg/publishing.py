"""What a build carries for those who take it away: the whole graph and the ontology in every format, and what is counted in them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from .config import DUMPS, GRAPH, NAME, ONTOLOGY
from .graph import to_ntriples
from .linked_results import Figures
from .ntriples import TYPE, Lines, to_lines
from .rdf_formats import RDF_FORMATS
from .rdf_streaming import write_rdf
from .rdf_writing import to_rdf
from .terms import Terms, read_ontology, read_text

TEXTS = ("shapes.ttl", "context.jsonld")  # of the ontology, beside it


def write_graph(path: Path, lines: Lines, base: str) -> Figures:
    """The whole graph as N-Triples, sorted, so that lines can be found by halving.

    :param base: what our addresses begin with. :returns: what a description of a data set tells of it.
    """
    classes, properties = Counter[str](), Counter[str]()
    objects: set[int] = set()  # by their hash: the texts of millions would not fit
    entities = subjects = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for about in lines:
            subject, said = about
            file.write(to_lines(about))
            subjects += 1
            entities += subject.startswith(f"<{base}")
            for prop, node in said:
                properties[prop[1:-1]] += 1
                objects.add(hash(node))
                if prop == TYPE:
                    classes[node[1:-1]] += 1
    return Figures(
        properties.total(),
        entities,
        subjects,
        len(objects),
        dict(sorted(classes.items())),
        dict(sorted(properties.items())),
    )


def write_dumps(folder: Path, terms: Terms) -> None:
    """The whole graph, which stands in the folder as ``graph.nt``, in the other formats in ``dataset/``."""
    (folder / DUMPS).mkdir()
    for form in RDF_FORMATS:
        if form.name != "ntriples":
            with (folder / DUMPS / f"{NAME}.{form.suffix}").open("wb") as out:
                write_rdf(folder / GRAPH, form.name, terms, out)


def write_ontology(folder: Path, ontology: Path, terms: Terms) -> None:
    """The ontology of this installation in every format, Turtle as its authors wrote it; with its shapes and the JSON-LD context."""
    (folder / ONTOLOGY).mkdir()
    ntriples = to_ntriples(read_ontology(ontology, terms.base))
    for form in RDF_FORMATS:
        told = to_rdf(ntriples, form.name, terms)
        if form.name == "turtle":
            told = read_text(ontology / "ontology.ttl", terms.base).encode()
        (folder / ONTOLOGY / f"ontology.{form.suffix}").write_bytes(told)
    for name in TEXTS:
        (folder / ONTOLOGY / name).write_bytes(read_text(ontology / name, terms.base).encode())
