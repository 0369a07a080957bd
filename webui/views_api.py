"""The page of the API for people: every address with its parameters, and one of them tried, as it is pasted and as it answers."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from kg.errors import KGError, UnknownItem

from .api import answer
from .api_parts import Operation, Parameter
from .api_reading import choices_of, read_given
from .openapi import BASE, to_template
from .operations import OPERATIONS, find_operation
from .problems import SORTS
from .views import knowledge, pages

MOST_LINES, MOST_VALUES = 60, 40


@pages.get("/api")
def api() -> str:
    wanted = request.args.get("operation", "")
    chosen = find_operation(wanted)
    if wanted and not chosen:
        raise UnknownItem(f"The API has no operation {wanted[:100]!r}.", "Choose one from the list.")
    tried = _try(chosen) if chosen else {}
    return render_template(
        "api.html", operations=OPERATIONS, chosen=chosen, to_template=to_template, problems=SORTS, **tried
    )


def address_of(operation: Operation) -> str:
    """The address at which the example of an operation is asked."""
    path, rest = operation.path, dict(operation.example)
    for each in operation.all_parameters:
        if each.place == "path":
            path = path.replace(f"<{each.name}>", quote(str(rest.pop(each.name)), safe=""))
    query = urlencode(rest, safe=",~")
    return f"{BASE}{path}" + (f"?{query}" if query else "")


def _try(operation: Operation) -> dict[str, Any]:
    places = {each.name: operation.example[each.name] for each in operation.all_parameters if each.place == "path"}
    asked = MultiDict((name, str(value)) for name, value in operation.example.items() if name not in places)
    try:
        told: Any = answer(knowledge(), operation, read_given(knowledge(), operation, asked, places))
    except KGError as error:
        told = error.to_json()["error"]
    lines = json.dumps(told, ensure_ascii=False, indent=2).splitlines()
    return {
        "address": address_of(operation),
        "lines": lines[:MOST_LINES],
        "more": max(len(lines) - MOST_LINES, 0),
        "parameters": [(each, _values(operation, each)) for each in operation.all_parameters],
    }


def _values(operation: Operation, parameter: Parameter) -> tuple[list[str], int]:
    """The first of the values of a closed list, and how many more there are."""
    values = [each for each in choices_of(knowledge(), parameter, operation) if each and not each.startswith("-")]
    return values[:MOST_VALUES], max(len(values) - MOST_VALUES, 0)
