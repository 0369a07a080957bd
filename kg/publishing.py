"""What a build carries for those who take it away: the whole graph and the ontology in every format, and what is counted in them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from .config import DUMPS, GRAPH, NAME, ONTOLOGY
from .graph import to_ntriples
from .linked_results import Figures
from .rdf_formats import RDF_FORMATS
from .rdf_writing import to_rdf
from .terms import Terms, read_ontology, read_text

TEXTS = ("shapes.ttl", "context.jsonld")  # of the ontology, beside it
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def write_dumps(folder: Path, ntriples: str, terms: Terms) -> None:
    """The whole graph: N-Triples as ``graph.nt``, sorted, so that lines can be found by halving; the other formats in ``dataset/``."""
    (folder / GRAPH).write_text(ntriples, encoding="utf-8", newline="\n")
    (folder / DUMPS).mkdir()
    for form in RDF_FORMATS:
        if form.name != "ntriples":
            (folder / DUMPS / f"{NAME}.{form.suffix}").write_bytes(to_rdf(ntriples, form.name, terms))


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


def count_triples(ntriples: str, base: str) -> Figures:
    """Count what a description of a data set tells. :param ntriples: one triple a line. :param base: what our addresses begin with."""
    classes, properties = Counter[str](), Counter[str]()
    subjects, objects, triples = set(), set(), 0
    for line in ntriples.splitlines():
        subject, predicate, rest = line.split(" ", 2)
        triples += 1
        subjects.add(subject)
        objects.add(rest)
        properties[predicate[1:-1]] += 1
        if predicate == _TYPE:
            classes[rest[1:-3]] += 1
    entities = sum(subject.startswith(f"<{base}") for subject in subjects)
    return Figures(
        triples, entities, len(subjects), len(objects), dict(sorted(classes.items())), dict(sorted(properties.items()))
    )
