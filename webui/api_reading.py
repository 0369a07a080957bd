"""Read the parameters of an address by its operation: each one checked, an unknown one refused with the nearest that is known; cursors."""

from __future__ import annotations

import difflib
import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app
from werkzeug.datastructures import MultiDict

from kg.errors import BadQuery
from kg.queries import KnowledgeGraph

from .api_parts import FLAGS, Given, Operation, Parameter
from .problems import BadParameter
from .schemas import entries_of, names_of

MOST_NAMED, LONGEST_NUMBER = 25, 9
_NOT_QUESTION = ("limit", "cursor", "fields")  # what may change from page to page


def choices_of(kg: KnowledgeGraph, parameter: Parameter, operation: Operation) -> tuple[str, ...]:
    """The values of a closed list, in this build; kept, since a build does not change."""
    kept: dict[Any, tuple[str, ...]] = current_app.extensions.setdefault("api-choices", {})
    key = operation.name, parameter.name
    if key not in kept:
        if parameter.sort == "field":
            kept[key] = tuple(fields_of(operation))
        else:
            kept[key] = tuple(parameter.choices(kg)) if parameter.choices else ()
    return kept[key]


def fields_of(operation: Operation) -> list[str]:
    """What `fields` may choose from."""
    listed = operation.listed and not operation.plain_list
    return names_of(entries_of(operation.gives, operation.listed) if listed else operation.gives)


def read_given(kg: KnowledgeGraph, operation: Operation, args: MultiDict[str, str], places: Mapping[str, str]) -> Given:
    """What an address asks for.

    :param places: the values of the places in the address.
    :raises BadParameter: for the first parameter that is unknown, missing, given twice or cannot be used.
    :raises BadQuery: if a cursor belongs to something else.
    """
    parameters = operation.all_parameters
    found = {each.name: args.getlist(each.name) for each in parameters if each.place == "query"}
    if strange := [name for name in args if name not in found]:
        raise _unknown("parameter", strange[0], found)
    values: dict[str, Any] = {}
    for each in parameters:
        given = [places[each.name]] if each.place == "path" else found[each.name]
        values[each.name] = _read(kg, operation, each, given)
    start = int(values.get("start") or 0) if operation.pages else 0
    if cursor := values.get("cursor"):
        start = _read_cursor(kg, operation, values, cursor)
    return Given(values, start)


def _read(kg: KnowledgeGraph, operation: Operation, parameter: Parameter, given: list[str]) -> Any:
    name = parameter.name
    if not given:
        if parameter.required:
            raise BadParameter(f"The parameter {name!r} is missing.", parameter.told)
        return parameter.usual
    if len(given) > 1 and (parameter.joined or not parameter.many):
        raise BadParameter(f"The parameter {name!r} is given {len(given)} times.", "Give it once.")
    if parameter.joined:
        given = given[0].split(",")
    values = tuple(dict.fromkeys(_check(kg, operation, parameter, value) for value in given))
    return values if parameter.many else values[0]


def _check(kg: KnowledgeGraph, operation: Operation, parameter: Parameter, value: str) -> Any:
    name, least, most = parameter.name, parameter.least, parameter.most
    if parameter.sort == "number":
        plain = value.isascii() and value.isdecimal() and len(value) <= LONGEST_NUMBER
        if not (plain and least <= int(value) <= most):
            raise BadParameter(f"The {name} {value[:20]!r} is not one.", f"Give a number from {least} to {most}.")
        return int(value)
    if parameter.sort == "flag":
        if value not in FLAGS:
            raise BadParameter(f"The {name} {value[:20]!r} is not one.", f"One of: {', '.join(FLAGS)}.")
        return value in ("1", "true")
    if parameter.sort in ("choice", "field"):
        if value not in (known := choices_of(kg, parameter, operation)):
            raise _unknown(name if parameter.sort == "choice" else "field", value, known)
        return value
    if not least <= len(value) <= most:
        raise BadParameter(f"The {name} has {len(value)} characters.", f"Give {least} to {most}.")
    if parameter.pattern and not re.search(parameter.pattern, value):
        raise BadParameter(f"The {name} {value[:40]!r} is not one.", parameter.told)
    return value


def _unknown(what: str, name: str, known: Iterable[str]) -> BadParameter:
    names = list(known)
    near = tuple(difflib.get_close_matches(name[:100], names, n=3))
    shown = ", ".join(names[:MOST_NAMED]) + (", ..." if len(names) > MOST_NAMED else "")
    hint = f"Did you mean {near[0]!r}?" if near else f"One of: {shown}." if shown else "It takes none."
    return BadParameter(f"There is no {what} {name[:100]!r} here.", hint, near)


def _question(kg: KnowledgeGraph, operation: Operation, values: Mapping[str, Any]) -> str:
    """A short name of a question, whatever page of it and fields are asked for."""
    asked = sorted((name, str(value)) for name, value in values.items() if name not in _NOT_QUESTION)
    return hashlib.sha256(repr((kg.digest, operation.name, asked)).encode()).hexdigest()[:12]


def write_cursor(kg: KnowledgeGraph, operation: Operation, given: Given, start: int) -> str:
    """Where a page begins, for this question and this build alone."""
    told = f"{start}.{_question(kg, operation, given.values)}"
    return urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _read_cursor(kg: KnowledgeGraph, operation: Operation, values: Mapping[str, Any], cursor: str) -> int:
    try:
        start, _, question = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(".")
    except ValueError:
        start, question = "", ""
    if not (start.isdecimal() and len(start) <= LONGEST_NUMBER and question == _question(kg, operation, values)):
        raise BadQuery("This cursor belongs to another question or to an older build.", "Begin with the first page.")
    return int(start)
