"""The API described in OpenAPI 3.1, made from the table of its operations: parameters with their ranges and values, schemas of answers."""

from __future__ import annotations

import re
from typing import Any, get_args

from kg.queries import KnowledgeGraph

from .api_parts import FLAGS, Operation, Parameter
from .api_reading import choices_of
from .operations import OPERATIONS
from .problems import MIMETYPE, SORTS
from .schemas import Schema, Schemas, entries_of

BASE, FORM = "/api/v1", "application/x-www-form-urlencoded"
_TOLD = (
    "From a barrier to what can be done about it, with the reason and the source behind every step. The same JSON that the command `kg` "
    "prints with `--json`. Nothing has been reviewed by people with lived experience yet: `state` says who has agreed to a link."
)
_STRONG = {"description": "Names this very answer; send it back in If-None-Match.", "schema": {"type": "string"}}
_LINK = {"description": 'The next page, as <address>; rel="next".', "schema": {"type": "string"}}
_PROBLEM: Schema = {
    "type": "object",
    "description": "What went wrong, after RFC 9457.",
    "required": ["type", "title", "status", "detail", "hint", "near"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "enum": [f"/api#{sort.name}" for sort in SORTS]},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What happened, and where or why."},
        "hint": {"type": "string", "description": "What to do next."},
        "near": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Names that what was given may be a slip of.",
        },
    },
}


def describe(kg: KnowledgeGraph) -> dict[str, Any]:
    """The description, with the closed lists of this build."""
    schemas = Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        address = to_template(operation)
        paths[address] = {"get": _operation(kg, schemas, operation)}
        if operation.form:
            paths[address]["post"] = _by_post(kg, schemas, operation)
    fixed = {"type": "object"}
    paths[f"{BASE}/"] = {"get": _fixed("index", "Every address of the API, and the build that answers.", fixed)}
    paths[f"{BASE}/openapi.json"] = {"get": _fixed("openapi", "This description.", fixed)}
    problem = {MIMETYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Survivor Leadership Knowledge Graph",
            "version": kg.stats().version,
            "description": _TOLD,
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**schemas.components, "Problem": _PROBLEM},
            "responses": {
                "Problem": {"description": "What went wrong, and what to do next.", "content": problem},
                "TooMany": {
                    "description": "More than this site answers in a minute.",
                    "content": problem,
                    "headers": {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}},
                },
                "Unchanged": {"description": "What you hold is still right.", "headers": {"ETag": _STRONG}},
            },
        },
    }


def to_template(operation: Operation) -> str:
    """The address of an operation with its places in braces."""
    return BASE + re.sub(r"<(\w+)>", r"{\1}", operation.path)


def _operation(kg: KnowledgeGraph, schemas: Schemas, operation: Operation) -> dict[str, Any]:
    return {
        "operationId": operation.name,
        "summary": operation.told,
        "parameters": [_parameter(kg, operation, each) for each in operation.all_parameters],
        "responses": _responses(schemas, operation),
    }


def _by_post(kg: KnowledgeGraph, schemas: Schemas, operation: Operation) -> dict[str, Any]:
    form = {
        "type": "object",
        "properties": {each.name: _value(kg, operation, each) for each in operation.all_parameters},
        "required": [each.name for each in operation.all_parameters if each.required],
        "additionalProperties": False,
    }
    responses = _responses(schemas, operation)
    del responses["304"], responses["200"]["headers"]
    return {
        "operationId": f"{operation.name}_by_post",
        "summary": operation.told,
        "requestBody": {"required": True, "content": {FORM: {"schema": form}}},
        "responses": responses,
    }


def _fixed(name: str, told: str, schema: Schema) -> dict[str, Any]:
    given = {"description": told, "headers": {"ETag": _STRONG}, "content": {"application/json": {"schema": schema}}}
    return {"operationId": name, "summary": told, "responses": {"200": given, **_PROBLEMS}}


_PROBLEMS: dict[str, Any] = {
    "304": {"$ref": "#/components/responses/Unchanged"},
    "400": {"$ref": "#/components/responses/Problem"},
    "429": {"$ref": "#/components/responses/TooMany"},
    "default": {"$ref": "#/components/responses/Problem"},
}


def _responses(schemas: Schemas, operation: Operation) -> dict[str, Any]:
    headers = {"ETag": _STRONG, **({"Link": _LINK} if operation.pages else {})}
    content = {"application/json": {"schema": answer_schema(schemas, operation)}}
    told = {"description": operation.told, "headers": headers, "content": content}
    refused = {status: {"$ref": "#/components/responses/Problem"} for status in ("404", "422")}
    return {"200": told, **_PROBLEMS, **refused}


def answer_schema(schemas: Schemas, operation: Operation) -> Schema:
    """The schema of what an operation answers. Where `fields` may choose, no field is required."""
    gives, listed = operation.gives, operation.listed
    if operation.plain_list:
        made: Schema = {
            "type": "object",
            "required": ["items", "total"],
            "properties": {
                "items": _array(_some(schemas, operation, gives)),
                "total": {"type": "integer", "minimum": 0},
            },
        }
        return _with_next(made)
    if parts := [each for each in get_args(gives) if isinstance(each, type)] if not isinstance(gives, type) else []:
        if gives == list[parts[0]]:  # type: ignore[valid-type]
            return schemas.of(gives)
        return {"anyOf": [_answer_object(schemas, operation, part, listed) for part in parts]}
    return _answer_object(schemas, operation, gives, listed)


def _answer_object(schemas: Schemas, operation: Operation, gives: type, listed: str) -> Schema:
    if not listed:
        return _some(schemas, operation, gives)
    made = schemas.object_of(gives)
    made["properties"][listed] = _array(_some(schemas, operation, entries_of(gives, listed)))
    return _with_next(made) if operation.pages else made


def _some(schemas: Schemas, operation: Operation, kind: type) -> Schema:
    """A dataclass of which fields may be chosen."""
    made = schemas.object_of(kind)
    if operation.fields:
        del made["required"]
    return made


def _array(entry: Schema) -> Schema:
    return {"type": "array", "items": entry}


def _with_next(made: Schema) -> Schema:
    told = {"type": ["string", "null"], "description": "The address of the next page, or null on the last."}
    return {**made, "properties": {**made["properties"], "next": told}, "required": [*made["required"], "next"]}


def _parameter(kg: KnowledgeGraph, operation: Operation, parameter: Parameter) -> dict[str, Any]:
    schema = _value(kg, operation, parameter)
    made: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.told,
        "required": parameter.required,
        "schema": schema,
    }
    if parameter.many:
        made |= {"style": "form", "explode": not parameter.joined}
    if (example := operation.example.get(parameter.name)) is not None:
        many = example.split(",") if parameter.joined else [example]
        made["example"] = many if parameter.many else example
    return made


def _value(kg: KnowledgeGraph, operation: Operation, parameter: Parameter) -> Schema:
    """What a parameter may be."""
    if parameter.sort == "number":
        made: Schema = {"type": "integer", "minimum": parameter.least, "maximum": parameter.most}
    elif parameter.sort == "flag":
        made = {"type": "string", "enum": list(FLAGS)}
    elif parameter.sort in ("choice", "field"):
        made = {"type": "string", "enum": list(choices_of(kg, parameter, operation))}
    else:
        made = {"type": "string", "minLength": parameter.least, "maxLength": parameter.most}
        made |= {"pattern": parameter.pattern} if parameter.pattern else {}
    if parameter.many:
        return {"type": "array", "items": made, **({"minItems": 1} if parameter.required or parameter.joined else {})}
    if parameter.usual not in (None, ""):
        made["default"] = "1" if parameter.usual is True else "0" if parameter.usual is False else parameter.usual
    return made
