"""The SHACL shapes as plain rules on the triples of one thing at a time: the faults that pySHACL finds, without a graph of everything.

Our shapes look at one thing, its properties and the classes of what these lead to; so things can be looked at one by one, and nothing
of the others is needed but their classes. Whatever else SHACL can say is refused here rather than passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from rdflib import RDF, SH, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from .errors import Problem, UnknownConstraint
from .ntriples import About, Lines
from .records import Record
from .shapes import Violation, to_problems
from .terms import Terms

_NAMED = {SH.path, SH.message, SH.severity, RDF.type}
_KNOWN = {SH.minCount, SH.maxCount, SH["class"], SH.datatype, SH.nodeKind, SH.pattern, SH.minInclusive, SH.uniqueLang}
_OF_NODES = {RDF.type, SH.targetClass, SH.closed, SH.message, SH.property, SH.severity}
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r"}


@dataclass(frozen=True)
class _Property:
    path: str
    message: str
    severity: str
    least: int
    most: int | None
    of_class: str
    datatype: str
    kind: Node | None
    pattern: re.Pattern[str] | None
    at_least: Literal | None
    unique: bool


@dataclass
class _Shape:
    message: str
    severity: str
    closed: bool
    properties: list[_Property] = field(default_factory=list)


class Rules:
    """The shapes by the class that each is for."""

    def __init__(self, shapes: Graph) -> None:
        """:raises UnknownConstraint: if a shape says something that no rule here stands for."""
        self._shapes: dict[str, list[_Shape]] = {}
        for node in sorted(shapes.subjects(RDF.type, SH.NodeShape), key=str):
            _refuse_others(shapes, node, _OF_NODES)
            closed = str(shapes.value(node, SH.closed)) == "true"
            shape = _Shape(_text(shapes, node, SH.message), _severity(shapes, node), closed)
            shape.properties = [
                _read_property(shapes, each) for each in sorted(shapes.objects(node, SH.property), key=str)
            ]
            for target in shapes.objects(node, SH.targetClass):
                self._shapes.setdefault(f"<{target}>", []).append(shape)

    def check(self, about: About, lines: Lines) -> Iterator[Violation]:
        """What is wrong with one thing. :param lines: who knows the classes of the others."""
        subject, said = about
        values: dict[str, list[str]] = {}
        for prop, node in said:
            values.setdefault(prop, []).append(node)
        for of_class in values.get(f"<{RDF.type}>", ()):
            for shape in self._shapes.get(of_class, ()):
                if shape.closed:
                    allowed = {each.path for each in shape.properties}
                    for prop, node in said:
                        if prop not in allowed:
                            yield Violation(subject[1:-1], prop[1:-1], _value(node), shape.message, shape.severity)
                for rule in shape.properties:
                    for value in _faults(rule, values.get(rule.path, []), lines):
                        yield Violation(subject[1:-1], rule.path[1:-1], value, rule.message, rule.severity)


def check_lines(lines: Lines, shapes: Graph, records: list[Record], terms: Terms) -> list[Problem]:
    """Every violation as a Problem, as :func:`kg.shapes.check_shapes` gives them.

    :raises UnknownConstraint: if a shape says something that no rule here stands for.
    """
    rules = Rules(shapes)
    return to_problems([each for about in lines for each in rules.check(about, lines)], records, terms)


def _faults(rule: _Property, nodes: list[str], lines: Lines) -> Iterator[str | None]:
    """The value at fault of each fault, None where it is their number."""
    if len(nodes) < rule.least:
        yield None
    if rule.most is not None and len(nodes) > rule.most:
        yield None
    if rule.unique and any(count > 1 for count in Counter(filter(None, (_parse(node)[1] for node in nodes))).values()):
        yield None
    for node in nodes:
        literal = node.startswith('"')
        if (
            (rule.of_class and (literal or rule.of_class not in lines.classes(node)))
            or (rule.datatype and not (literal and _is_of(node, rule.datatype)))
            or (rule.kind is not None and literal == (rule.kind == SH.IRI))
            or (rule.at_least is not None and not _is_at_least(node, rule.at_least))
            or (rule.pattern is not None and not rule.pattern.search(_value(node)))
        ):
            yield _value(node)


def _parse(node: str) -> tuple[str, str, str]:
    """The text, the language and the datatype of a literal."""
    end = node.rindex('"')
    text = node[1:end]
    if "\\" in text:
        text = _ESCAPED.sub(lambda match: _ESCAPES.get(match[1], match[1]), text)
    rest = node[end + 1 :]
    return text, rest[1:] if rest.startswith("@") else "", rest[3:-1] if rest.startswith("^^") else ""


def _value(node: str) -> str:
    return _parse(node)[0] if node.startswith('"') else node[1:-1]


@lru_cache(maxsize=50_000)
def _is_of(node: str, datatype: str) -> bool:
    text, language, own = _parse(node)
    if language or (own or str(XSD.string)) != datatype:
        return False
    return not own or not Literal(text, datatype=URIRef(own)).ill_typed


@lru_cache(maxsize=50_000)
def _is_at_least(node: str, least: Literal) -> bool:
    if not node.startswith('"'):
        return False
    text, _, own = _parse(node)
    value = Literal(text, datatype=URIRef(own)).value if own else text
    return isinstance(value, (int, float, Decimal)) and bool(value >= least.value)


def _read_property(shapes: Graph, node: Node) -> _Property:
    _refuse_others(shapes, node, _KNOWN | _NAMED)
    path = shapes.value(node, SH.path)
    if not isinstance(path, URIRef):
        raise UnknownConstraint(f"The path of {node} is not one property.", "Use KG_ENGINES=small, or a plain path.")
    most, pattern, least = (shapes.value(node, part) for part in (SH.maxCount, SH.pattern, SH.minInclusive))
    of_class, datatype, kind = (shapes.value(node, part) for part in (SH["class"], SH.datatype, SH.nodeKind))
    if kind not in (None, SH.IRI, SH.Literal):
        raise UnknownConstraint(f"{node} asks for {kind}.", "Use KG_ENGINES=small, or ask for sh:IRI or sh:Literal.")
    return _Property(
        path=f"<{path}>",
        message=_text(shapes, node, SH.message),
        severity=_severity(shapes, node),
        least=int(_text(shapes, node, SH.minCount) or 0),
        most=None if most is None else int(str(most)),
        of_class=f"<{of_class}>" if of_class else "",
        datatype=str(datatype or ""),
        kind=kind,
        pattern=re.compile(str(pattern)) if pattern is not None else None,
        at_least=least if isinstance(least, Literal) else None,
        unique=_text(shapes, node, SH.uniqueLang) == "true",
    )


def _refuse_others(shapes: Graph, node: Node, known: set[Any]) -> None:
    for other in sorted(set(shapes.predicates(node)) - known, key=str):
        raise UnknownConstraint(
            f"The shape {node} says {other}, which large builds do not know.",
            "Use KG_ENGINES=small, or say it with the constraints that the other shapes use.",
        )


def _text(shapes: Graph, node: Node, prop: URIRef) -> str:
    return str(shapes.value(node, prop) or "")


def _severity(shapes: Graph, node: Node) -> str:
    return "warning" if shapes.value(node, SH.severity) == SH.Warning else "error"
