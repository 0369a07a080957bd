"""A graph and the SHACL shapes to Problems, each at the file and line of the record that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Violation:
    """One fault that a shape tells. :ivar path: property IRI. :ivar value: the value at fault, None where it is their number."""

    focus: str
    path: str
    value: str | None
    message: str
    severity: str


def check_shapes(graph: Graph, shapes: Graph, records: Iterable[Record], terms: Terms) -> list[Problem]:
    """Every violation as a Problem at the place of its record, in the order of files and lines."""
    return to_problems(read_report(find_violations(graph, shapes)), records, terms)


def read_report(report: Graph) -> list[Violation]:
    """What a SHACL validation report tells, in no order."""
    found = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus, path, value = (report.value(result, part) for part in (SH.focusNode, SH.resultPath, SH.value))
        message = str(report.value(result, SH.resultMessage) or "")
        severity = "warning" if report.value(result, SH.resultSeverity) == SH.Warning else "error"
        found.append(Violation(str(focus), str(path), None if value is None else str(value), message, severity))
    return found


def to_problems(violations: Iterable[Violation], records: Iterable[Record], terms: Terms) -> list[Problem]:
    """Each violation as a Problem at the place of its record, in the order of files and lines."""
    violations = list(violations)
    wanted = {each.focus for each in violations}
    by_iri = {iri: record for record in records if record.kind and (iri := _iri(record, terms)) in wanted}
    keys = _keys_by_iri(terms)
    problems = set()
    for each in violations:
        key = keys.get(each.path, each.path.removeprefix(terms.vocabulary))
        message = (each.message or "it does not fit its shape").rstrip(".")
        shown = f" (it is {each.value.removeprefix(terms.item_iri(''))!r})" if each.value is not None else ""
        record = by_iri.get(each.focus)
        if record is None:
            problems.add(Problem("ontology/shapes.ttl", 0, 0, each.severity, each.focus, message, f"look at {key!r}"))
        else:
            problems.add(record.problem(message, f"correct {key!r}{shown}", key=key, severity=each.severity))
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
