"""What the API describes is what it does: a machine that reads the description asks every address in every way that it can think of."""

from __future__ import annotations

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig

from kg.queries import KnowledgeGraph
from webui import create_app

# Every check is on. 422 stands beside the statuses that may answer what is well formed: each parameter is in order, but they cannot be
# met together (a source compared with itself), or the words hold none to look for.
CONFIG = {
    "generation": {"deterministic": True, "max-examples": 2, "no-shrink": True},
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "422"]}},
}


@pytest.fixture(scope="session")
def api_schema(tiny_kg: KnowledgeGraph) -> schemathesis.schemas.BaseSchema:
    app = create_app(tiny_kg)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=SchemathesisConfig.from_dict(CONFIG))


described = schemathesis.pytest.from_fixture("api_schema")


@described.parametrize()
def test_every_address_does_what_its_description_says(case: schemathesis.Case) -> None:
    case.call_and_validate()
