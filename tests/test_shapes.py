"""Every constraint of every shape can fail, and says so: a misspelt constraint conforms in silence, so each is broken on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import OWL, RDF, SH, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kg.errors import UnknownConstraint
from kg.graph import build_graph, to_ntriples
from kg.ntriples import About, Lines
from kg.shape_rules import Rules, check_lines
from kg.shapes import Violation, check_shapes, find_violations, read_report, read_shapes
from kg.source import load_records
from kg.terms import read_terms

from .conftest import TINY

ROOT = Path(__file__).resolve().parent.parent
KG = Namespace("https://w3id.org/survivor-leadership/ontology#")
TERMS = read_terms(ROOT / "ontology")
SHAPES = read_shapes(ROOT / "ontology", TERMS)
WRITTEN = set(SHAPES)  # before a validation, which adds a few statements of its own
GOOD = build_graph(load_records(TINY, TERMS)[0], TERMS, ROOT / "ontology")
CONSTRAINTS = {
    SH.minCount: SH.MinCountConstraintComponent,
    SH.maxCount: SH.MaxCountConstraintComponent,
    SH["class"]: SH.ClassConstraintComponent,
    SH.datatype: SH.DatatypeConstraintComponent,
    SH.nodeKind: SH.NodeKindConstraintComponent,
    SH.pattern: SH.PatternConstraintComponent,
    SH.minInclusive: SH.MinInclusiveConstraintComponent,
    SH.uniqueLang: SH.UniqueLangConstraintComponent,
}
SAID_BESIDE = {SH.path, SH.message, SH.severity}


def cases() -> Iterator[tuple[URIRef, URIRef, URIRef]]:
    """Each constraint of each property shape, on the first node shape that uses it and whose example in the tiny data has the property."""
    for prop in sorted(SHAPES.subjects(RDF.type, SH.PropertyShape)):
        path = SHAPES.value(prop, SH.path)
        users = sorted(
            SHAPES.subjects(SH.property, prop), key=lambda shape: ((example(shape), path, None) not in GOOD, shape)
        )
        for constraint in sorted(set(SHAPES.predicates(prop)) - SAID_BESIDE - {RDF.type}):
            yield users[0], prop, constraint  # type: ignore[misc]


def example(shape: Node) -> Node:
    """The thing in the tiny data on which a node shape is tried."""
    return sorted(GOOD.subjects(RDF.type, SHAPES.value(shape, SH.targetClass)))[0]


def name(node: Node) -> str:
    return str(node).rpartition("#")[2]


def broken(shape: URIRef, prop: URIRef, constraint: URIRef) -> Graph:
    """The good graph with one thing of this shape breaking this one constraint."""
    graph = Graph() + GOOD
    target = SHAPES.value(shape, SH.targetClass)
    path = SHAPES.value(prop, SH.path)
    assert path is not None
    focus = example(shape)
    value = graph.value(focus, path)
    limit = int(SHAPES.value(prop, constraint)) if constraint == SH.maxCount else 1  # type: ignore[call-overload]
    if constraint == SH.minCount:
        graph.remove((focus, path, None))
        if (
            path == RDF.type
        ):  # without any type it would no longer be looked at: the class stays a target, its name a text
            graph.add((focus, RDF.type, target))
            SHAPES_WITH_TARGET.add((shape, SH.targetNode, focus))
            graph.remove((focus, RDF.type, None))
    elif constraint == SH.maxCount:
        for number in range(limit + 1):
            graph.add(
                (
                    focus,
                    path,
                    URIRef(f"{value}-{number}")
                    if isinstance(value, URIRef)
                    else Literal(f"{value or 'x'} {number}", lang="en"),
                )
            )
    elif constraint == SH.uniqueLang:
        graph.add((focus, path, Literal("another label in English", lang="en")))
    elif constraint == SH.minInclusive:
        graph.set((focus, path, Literal(0)))
    elif constraint == SH.pattern:
        graph.set((focus, path, URIRef("urn:elsewhere") if isinstance(value, URIRef) else Literal("  ", lang="en")))
    elif constraint == SH.datatype:
        graph.set((focus, path, Literal("some text", lang="en")))
    elif constraint == SH.nodeKind:
        graph.set((focus, path, Literal("some text")))
    else:
        graph.set((focus, path, URIRef("urn:nothing")))
    return graph


SHAPES_WITH_TARGET = Graph() + SHAPES


def by_pyshacl(report: Graph) -> set[Violation]:
    return set(read_report(report))


class Gathered(Lines):
    """What a graph says, as the plain rules look at it."""

    def __init__(self, graph: Graph) -> None:
        self.things: dict[str, set[tuple[str, str]]] = {}
        for line in to_ntriples(graph).splitlines():
            subject, prop, node = line.removesuffix(" .").split(" ", 2)
            self.things.setdefault(subject, set()).add((prop, node))

    def __iter__(self) -> Iterator[About]:
        yield from self.things.items()

    def classes(self, node: str) -> tuple[str, ...]:
        return tuple(each for prop, each in self.things.get(node, ()) if prop == f"<{RDF.type}>")


def by_rules(graph: Graph, shapes: Graph) -> set[Violation]:
    things, rules = Gathered(graph), Rules(shapes)
    return {each for about in things for each in rules.check(about, things)}


def test_the_tiny_graph_conforms() -> None:
    assert not list(find_violations(GOOD, SHAPES).subjects(RDF.type, SH.ValidationResult))


def test_every_word_of_the_shapes_is_a_word_of_shacl() -> None:
    for predicate in set(SHAPES.predicates()):
        if str(predicate).startswith(str(SH)):
            assert predicate in {*CONSTRAINTS, *SAID_BESIDE, SH.targetClass, SH.closed, SH.property}, predicate


def test_every_shape_looks_at_a_class_and_at_properties_that_exist() -> None:
    ontology = Graph().parse(ROOT / "ontology" / "ontology.ttl")
    for target in SHAPES.objects(None, SH.targetClass):
        assert (target, RDF.type, OWL.Class) in ontology, target
        assert list(GOOD.subjects(RDF.type, target)), f"the tiny data has no {target}"
    for path in SHAPES.objects(None, SH.path):
        if str(path).startswith(str(KG)):
            assert (path, None, None) in ontology, path


def test_every_kind_in_the_data_has_a_shape(real_graph: Graph) -> None:
    looked_at = set(SHAPES.objects(None, SH.targetClass))
    for kind in TERMS.kinds.values():
        if list(real_graph.subjects(RDF.type, KG[kind.name])):
            assert KG[kind.name] in looked_at, kind.id


def test_the_shapes_promise_what_they_are_known_to_promise() -> None:
    """A constraint that is gone is no case of the tests below. Whoever changes the shapes changes `tests/shapes.tsv` and says so."""
    held = {
        "\t".join(map(name, (subject, word, value)))
        for subject, word, value in WRITTEN
        if word not in SAID_BESIDE - {SH.path, SH.severity}
        and (word != RDF.type or value in (SH.NodeShape, SH.PropertyShape))
    }
    known = set((ROOT / "tests" / "shapes.tsv").read_text(encoding="utf-8").splitlines())
    assert held == known, f"gone: {sorted(known - held)}; new: {sorted(held - known)}"


def test_every_property_shape_is_used_and_speaks() -> None:
    used = set(SHAPES.objects(None, SH.property))
    for shape in SHAPES.subjects(RDF.type, SH.PropertyShape):
        assert shape in used, f"nothing uses {shape}"
        assert str(SHAPES.value(shape, SH.message)).endswith("."), shape


@pytest.mark.parametrize("shape", sorted(SHAPES.subjects(RDF.type, SH.NodeShape)), ids=name)
def test_a_property_that_no_shape_names_is_a_mistake(shape: URIRef) -> None:
    graph = Graph() + GOOD
    focus = example(shape)
    graph.add((focus, KG.adresses, Literal("x")))
    report = find_violations(graph, SHAPES)
    assert by_rules(graph, SHAPES) == by_pyshacl(report)
    [result] = report.subjects(RDF.type, SH.ValidationResult)
    assert report.value(result, SH.sourceConstraintComponent) == SH.ClosedConstraintComponent
    assert report.value(result, SH.sourceShape) == shape


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: ".".join(map(name, case)))
def test_each_constraint_is_told_when_it_is_broken_and_only_because_it_is_there(
    case: tuple[URIRef, URIRef, URIRef],
) -> None:
    shape, prop, constraint = case
    graph = broken(*case)
    shapes = SHAPES_WITH_TARGET if SHAPES.value(prop, SH.path) == RDF.type else SHAPES

    def told(shapes: Graph, report: Graph) -> bool:
        return any(
            report.value(result, SH.sourceShape) == prop
            and report.value(result, SH.sourceConstraintComponent) == CONSTRAINTS[constraint]
            for result in report.subjects(RDF.type, SH.ValidationResult)
        )

    report = find_violations(graph, shapes)
    assert told(shapes, report), "broken, and nothing was said"
    mutant = Graph() + shapes
    mutant.remove((prop, constraint, None))
    without = find_violations(graph, mutant)
    assert not told(mutant, without), "told even without the constraint: this test shows nothing"
    if shapes is SHAPES:  # the plain rules of large builds find the same, and as little without the constraint
        assert by_rules(graph, SHAPES) == by_pyshacl(report)
        assert by_rules(graph, mutant) == by_pyshacl(without)


def test_the_plain_rules_tell_the_same_problems_at_the_same_places() -> None:
    """Faults that people make, in records, found by both engines; and a clean record by neither."""
    records, _ = load_records(TINY, TERMS)
    lines = Lines(records, TERMS, ROOT / "ontology")
    assert check_lines(lines, SHAPES, records, TERMS) == []
    spoilt = {
        "label": "Two words",
        "summary": "no sentence",
        "also": ["one"],
        "lines": "12-",
        "issued": "soon",
        "because": "so",
    }
    for record in records:
        for key, wrong in spoilt.items():
            if key in record.fields:
                record.fields[key] = wrong
    whole = check_shapes(build_graph(records, TERMS, ROOT / "ontology"), SHAPES, records, TERMS)
    found = check_lines(Lines(records, TERMS, ROOT / "ontology"), SHAPES, records, TERMS)
    assert found == whole
    assert {problem.what.split()[0] for problem in found} and len(found) > len(records), "too little was spoilt"


def test_a_constraint_that_the_plain_rules_do_not_know_is_refused() -> None:
    """Negative control: without the refusal a new constraint would hold for small builds only, in silence."""
    more = Graph() + SHAPES
    [prop, *_] = sorted(SHAPES.subjects(RDF.type, SH.PropertyShape))
    more.add((prop, SH.maxLength, Literal(3)))
    with pytest.raises(UnknownConstraint, match="maxLength"):
        Rules(more)
