"""Ask the API in every way that its own description allows and forbids, with schemathesis, and gather what does not hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

# Every check of schemathesis is on, as it comes. 422 stands beside the statuses that may answer what is well formed: each parameter is in
# order, but they cannot be met together (a source compared with itself), or the words hold none to look for.
ACCEPTED = ["2xx", "404", "422"]


@dataclass
class Found:
    """What a run gave. :ivar cases: how many requests were made. :ivar failures: one line each. :ivar statuses: how often each was given.
    :ivar checks: how often each check was made."""

    cases: int = 0
    failures: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)


PHASES = ("examples", "coverage", "fuzzing")


def try_contract(app: Flask, *, examples: int, cursors: bool, phases: tuple[str, ...] = PHASES) -> Found:
    """Run schemathesis against an application in this process.

    :param examples: random cases for each operation, beside the systematic ones. :param cursors: make up cursors too; each is refused, so
        that what else stands in the question is then not looked at.
    """
    settings: dict[str, Any] = {
        "generation": {"deterministic": True, "max-examples": examples},
        "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
        "phases": {name: {"enabled": name in phases} for name in ("examples", "coverage", "fuzzing", "stateful")},
    }
    config = SchemathesisConfig.from_dict(settings)
    found = Found()
    described = app.test_client().get("/api/v1/openapi.json").get_json()
    for operation in [] if cursors else described["paths"].values():
        asked = operation["get"]
        asked["parameters"] = [each for each in asked.get("parameters", []) if each["name"] != "cursor"]
    schema = schemathesis.openapi.from_dict(described, config=config)
    schema.app = _plainly(app)
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _count(found, event)
        elif isinstance(event, (events.NonFatalError, events.FatalError)):
            found.failures.append(repr(getattr(event, "value", None) or getattr(event, "exception", event)))
    return found


def _plainly(app: Flask) -> Any:
    """The application as one sees it who takes nothing compressed, which schemathesis would not read."""

    def ask(environ: dict[str, Any], start: Any) -> Any:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        return app(environ, start)

    return ask


def _count(found: Found, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    found.cases += len(recorder.interactions)
    found.statuses.update(each.response.status_code for each in recorder.interactions.values() if each.response)
    for name, checks in recorder.checks.items():
        for check in checks:
            found.checks[check.name] += 1
            if check.failure_info:
                case = recorder.cases[name].value
                told = " ".join(str(check.failure_info.failure).split())[:600]
                found.failures.append(f"{check.name}: {case.as_curl_command()[:400]} -> {told}")
