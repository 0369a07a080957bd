"""What the API describes is what it does: a machine that reads the description asks every address in every way that it can think of."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from flask import Flask, Response

from kg.queries import KnowledgeGraph
from webui import create_app
from webui.operations import OPERATIONS
from webui.views_api import address_of

from .contract import try_contract

EVERY_CHECK = 13


@pytest.fixture(scope="module")
def app(kg: KnowledgeGraph) -> Flask:
    return create_app(kg, PROPAGATE_EXCEPTIONS=False)


def test_every_address_does_what_its_description_says(app: Flask) -> None:
    found = try_contract(app, examples=2, cursors=False)
    assert not found.failures, "\n".join(found.failures[:5])
    assert found.cases > 2000 and len(found.checks) >= EVERY_CHECK
    assert found.statuses[200] > 500 and found.statuses[400] > 500, (
        "neither what is right nor what is wrong was asked enough"
    )


def test_negative_control_an_answer_that_is_not_as_described_is_found(kg: KnowledgeGraph) -> None:
    app = create_app(kg, PROPAGATE_EXCEPTIONS=False)

    @app.after_request
    def spoil(answer: Response) -> Response:
        from flask import request

        if request.path == "/api/v1/stats" and answer.status_code == 200:
            answer.set_data(b'{"triples": "many"}')
        return answer

    described = app.test_client().get("/api/v1/openapi.json").get_json()
    described["paths"] = {"/api/v1/stats": described["paths"]["/api/v1/stats"]}
    app.extensions["openapi"] = described
    assert any("response_schema_conformance" in each for each in try_contract(app, examples=1, cursors=True).failures)


def strictly(schema: Any) -> Any:
    """A schema that lets nothing through that it does not name."""
    if isinstance(schema, list):
        return [strictly(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: strictly(each) for name, each in schema.items()}
    if "properties" in made and isinstance(made.get("type"), str):
        made |= {"additionalProperties": False, "required": made.get("required", list(made["properties"]))}
    return made


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_a_whole_answer_holds_every_field_that_is_described_and_no_other(app: Flask, operation: Any) -> None:
    described = app.test_client().get("/api/v1/openapi.json").get_json()
    address = address_of(operation).replace("&lean=1", "")
    whole = "&".join(part for part in address.split("&") if not part.startswith("fields="))
    if operation.name in ("quality", "gaps"):
        whole = address.partition("?")[0]
    answer = app.test_client().get(whole)
    if operation.name == "passage":  # no document is attached
        assert answer.status_code == 404
        return
    [path] = [each for each in described["paths"].values() if each["get"]["operationId"] == operation.name]
    schema = path["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator(strictly({**schema, "components": described["components"]})).validate(
        answer.get_json()
    )
