"""Mutants of the shapes: a statement that constrains left out, or its word misspelt; a graph that breaks it must be judged otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.term import Node

from kg.shapes import find_violations
from tests import test_shapes as room

Statement = tuple[Node, Node, Node]
Judged = frozenset[tuple[Node | None, Node | None, Node | None]]


@dataclass(frozen=True)
class ShapeMutant:
    """One statement of the shapes changed. :ivar name: what was changed. :ivar other: the word in its place, None if it is left out."""

    name: str
    statement: Statement
    other: URIRef | None

    @property
    def shapes(self) -> Graph:
        """The shapes as they were changed."""
        shapes = Graph() + room.SHAPES_WITH_TARGET
        shapes.remove(self.statement)
        if self.other is not None:
            shapes.add((self.statement[0], self.other, self.statement[2]))
        return shapes


def make_shape_mutants() -> Iterator[ShapeMutant]:
    """Every mutant, in a steady order."""
    for case in room.cases():
        if room.SHAPES.value(case[1], SH.path) == RDF.type:
            room.broken(*case)  # which makes what loses its type a target, in the shapes that everything is judged by
    for statement in sorted(room.SHAPES):
        subject, word, value = statement
        if word == RDF.type or word in room.SAID_BESIDE:
            continue
        told = f"{room.name(subject)}.{room.name(word)} {room.name(value)}"
        yield ShapeMutant(f"{told}: left out", statement, None)
        yield ShapeMutant(f"{told}: misspelt", statement, URIRef(f"{word}s"))


def notices(mutant: ShapeMutant) -> bool:
    """Whether a graph that breaks what was changed is judged otherwise than by the shapes as they are."""
    graph = _broken(mutant.statement)
    return _judge(graph, mutant.shapes) != _judge(graph, room.SHAPES_WITH_TARGET)


def _broken(statement: Statement) -> Graph:
    subject, word, value = statement
    cases = {(prop, constraint): shape for shape, prop, constraint in room.cases()}
    first = {shape: (shape, prop, constraint) for (prop, constraint), shape in reversed(cases.items())}
    if (subject, word) in cases:
        return room.broken(cases[subject, word], subject, word)  # type: ignore[arg-type, index]
    if word in (SH.closed, SH.property):  # what a shape allows is said too: without that word it is a mistake
        graph, path = Graph() + room.GOOD, room.SHAPES.value(value, SH.path)
        graph.add((room.example(subject), path or room.KG.adresses, Literal("x")))  # type: ignore[arg-type]
        return graph
    if word == SH.targetClass and subject in first:
        return room.broken(*first[subject])  # type: ignore[index]
    return (
        room.GOOD
    )  # without a property, what has it is no longer closed; without a target, what it holds is not looked at


def _judge(graph: Graph, shapes: Graph) -> Judged:
    report = find_violations(graph, shapes)
    parts = SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent
    return frozenset(
        tuple(report.value(result, part) for part in parts)  # type: ignore[misc]
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )
