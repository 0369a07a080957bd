"""A graph and the SHACL shapes to Problems, each at the file and line of the record that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rdflib import RDF, SH, Graph, URIRef

from .errors import Problem
from .records import Record
from .terms import Terms, read_text


def read_shapes(ontology: Path, terms: Terms) -> Graph:
    """The shapes of the ontology folder."""
    return Graph().parse(data=read_text(ontology / "shapes.ttl", terms.base), format="turtle")


def find_violations(graph: Graph, shapes: Graph) -> Graph:
    """The SHACL validation report on *graph*, without inference, without imports and without the network."""
    from pyshacl import validate

    _, report, _ = validate(graph, shacl_graph=shapes, inference="none", advanced=False, do_owl_imports=False)
    assert isinstance(report, Graph)
    return report


def check_shapes(graph: Graph, shapes: Graph, records: Iterable[Record], terms: Terms) -> list[Problem]:
    """Every violation as a Problem at the place of its record, in the order of files and lines."""
    report = find_violations(graph, shapes)
    by_iri = {_iri(record, terms): record for record in records if record.kind}
    keys = _keys_by_iri(terms)
    problems = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus, path, value = (report.value(result, part) for part in (SH.focusNode, SH.resultPath, SH.value))
        key = keys.get(str(path), str(path).removeprefix(terms.vocabulary))
        message = str(report.value(result, SH.resultMessage) or "it does not fit its shape").rstrip(".")
        shown = f" (it is {str(value).removeprefix(terms.item_iri(''))!r})" if value is not None else ""
        record = by_iri.get(str(focus))
        severity = "warning" if report.value(result, SH.resultSeverity) == SH.Warning else "error"
        if record is None:
            problems.add(Problem("ontology/shapes.ttl", 0, 0, severity, str(focus), message, f"look at {key!r}"))
        else:
            problems.add(record.problem(message, f"correct {key!r}{shown}", key=key, severity=severity))
    return sorted(problems)


def _iri(record: Record, terms: Terms) -> str:
    return str(URIRef(terms.context["link"] + record.id)) if record.kind == "link" else terms.item_iri(record.id)


def _keys_by_iri(terms: Terms) -> dict[str, str]:
    """Property IRI -> the key that a YAML file uses for it."""
    keys = {}
    for key, value in terms.context.items():
        target = value.get("@id") if isinstance(value, dict) else None
        if target:
            prefix, _, name = target.partition(":")
            keys[terms.context[prefix] + name] = key
    return keys
