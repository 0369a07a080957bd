"""Mutants of the shapes: a statement that constrains left out, or its word misspelt; a graph that breaks it must be judged otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.term import Node

from kg.shapes import find_violations
from tests import test_shapes as room

Statement = tuple[Node, Node, Node]
Judged = frozenset[tuple[Node | None, Node | None, Node | None]]


def make_shape_mutants() -> Iterator[tuple[str, tuple[Graph, Graph]]]:
    """Name -> the shapes as they were changed, and a graph that breaks what was changed."""
    cases = {(prop, constraint): shape for shape, prop, constraint in room.cases()}
    first = {shape: (shape, prop, constraint) for (prop, constraint), shape in reversed(cases.items())}
    for statement in sorted(room.SHAPES):
        subject, word, value = statement
        if word == RDF.type or word in room.SAID_BESIDE:
            continue
        if (subject, word) in cases:
            graph = room.broken(cases[subject, word], subject, word)  # type: ignore[arg-type]
        elif word == SH.closed:
            graph = Graph() + room.GOOD
            graph.add((room.example(subject), room.KG.adresses, Literal("x")))
        elif word == SH.targetClass and subject in first:
            graph = room.broken(*first[subject])  # type: ignore[arg-type]
        else:
            graph = (
                room.GOOD
            )  # without a property, what has it is no longer closed; without a target, what it holds is not looked at
        told = f"{room.name(subject)}.{room.name(word)} {room.name(value)}"
        for how, other in (("left out", None), ("misspelt", URIRef(f"{word}s"))):
            shapes = Graph() + room.SHAPES_WITH_TARGET
            shapes.remove(statement)
            if other is not None:
                shapes.add((subject, other, value))
            yield f"{told}: {how}", (shapes, graph)


def notices(mutant: tuple[Graph, Graph]) -> bool:
    """Whether the graph is judged otherwise than by the shapes as they are."""
    shapes, graph = mutant
    return _judge(graph, shapes) != _judge(graph, room.SHAPES_WITH_TARGET)


def _judge(graph: Graph, shapes: Graph) -> Judged:
    report = find_violations(graph, shapes)
    parts = SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent
    return frozenset(
        tuple(report.value(result, part) for part in parts)  # type: ignore[misc]
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )
