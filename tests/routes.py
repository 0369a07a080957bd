"""Every address of the site, walked from its own table of routes: for each a sample that opens, and every parameter that it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, Request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

import webui
from kg.queries import KnowledgeGraph

# What fills the places in an address so that it opens, in the tiny graph and in the real one: by endpoint, else by name.
SAMPLES: dict[str, dict[str, str]] = {
    "static": {"filename": "style.css"},
    "pages.harm": {"item_id": "hr-harm-3"},
    "pages.take_file": {"format": "csv"},
    "pages.pack": {"form": "quiz"},
    "api.harm_answers": {"item_id": "hr-harm-3"},
    "api.link": {"link_id": "ap-action-3.2.11--addresses--ap-barrier-2.6"},
}
USUAL = {
    "item_id": "ap-barrier-2.6",
    "source_id": "ap",
    "link_id": "ap-action-3.2.11--addresses--ap-barrier-2.6",
    "suffix": "ttl",
    "version": "0.1.0",
}
# Parameters without which an address has nothing to answer.
NEEDED: dict[str, dict[str, str]] = {
    "api.search": {"q": "bank"},
    "api.suggest": {"q": "ba"},
    "api.answers": {"q": "bank account"},
    "api.paths": {"from": "ap-barrier-2.6", "to": "ap-action-3.2.11"},
    "api.gap_map": {"rows": "barrier-group", "columns": "goal"},
    "api.cover": {"asked": "ap-barrier-group-2"},
    "api.subgraph": {"words": "ap-barrier-2.6"},
    "api.curriculum": {"words": "ap-barrier-group-2"},
    "api.compare": {"first": "ap", "second": "hr"},
    "pages.take_file": {"w": "ap-barrier-2.6"},
    "pages.pack": {"w": "ap-barrier-group-2"},
}
# What an address answers, if not 200: the documents are not attached, the tiny graph has no texts for trainers, nothing was posted.
STATUS = {"api.passage": 404, "api.curriculum": 422, "pages.pack": 400, "pages.sparql POST": 415}
# Two states in which pages read further parameters than when nothing is asked.
FULL = [
    {"q": "bank", "from": "ap-barrier-2.6", "to": "ap-action-3.2.11", "item": "ap-barrier-2.6", "rows": "barrier-group", "columns": "goal",
     "first": "ap", "second": "hr", "of": "ap-barrier-group-2", "start": "ap-barrier-2.6", "do": "a.ap-barrier-2.6"},
    {"q": "bank", "from": "harm-type", "to": "action", "row": "ap-barrier-group-2", "column": "ap-goal-1.1"},
]  # fmt: skip


def rules(app: Flask) -> list[Rule]:
    """Every rule, in a steady order."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


CLOSED = {"suffix"}  # places that take one of a few words only: never filled with anything else


def fill(rule: Rule, every: str | None = None) -> str:
    """The address of a rule; its places filled with the sample, or all that take any word with *every*, escaped."""
    usual = {**USUAL, **SAMPLES.get(rule.endpoint, {})}
    address = rule.rule
    for name in rule.arguments:
        value = quote(every, safe="") if every is not None and name not in CLOSED else usual[name]
        address = re.sub(rf"<(?:[^<>:]+:)?{name}>", lambda _, value=value: value, address)
    return address


def methods(rule: Rule) -> list[str]:
    """The methods that the rule takes, of those that ask for something."""
    return [method for method in ("GET", "POST") if method in (rule.methods or ())]


class _Read(MultiDict[str, str]):
    """Parameters that note which of them are read."""

    names: set[str] = set()  # noqa: RUF012 - shared on purpose

    def __getitem__(self, key: str) -> str:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, type: Any = None) -> list[Any]:
        self.names.add(key)
        return super().getlist(key, type) if type else super().getlist(key)


class _Noting(Request):
    parameter_storage_class = _Read


@lru_cache(maxsize=4)
def parameters(knowledge: KnowledgeGraph) -> Mapping[str, list[str]]:
    """Endpoint -> the parameters that it reads, found by asking it; those of every form on its page count too."""
    app = webui.create_app(knowledge)
    app.request_class = _Noting
    client, found = app.test_client(), {}
    for rule in rules(app):
        _Read.names = names = set()
        for asked in ({}, NEEDED.get(rule.endpoint, {}), *FULL):
            for method in methods(rule):
                answer = client.open(
                    fill(rule), method=method, **{"query_string" if method == "GET" else "data": asked}
                )
                if answer.mimetype == "text/html":
                    names |= set(re.findall(r'<(?:input|select|button)\b[^>]*\sname="([\w-]+)"', answer.text))
                answer.close()
        found[rule.endpoint] = sorted(names)
    return found


def every_parameter(knowledge: KnowledgeGraph) -> list[str]:
    """All parameters of the site."""
    return sorted({name for names in parameters(knowledge).values() for name in names})


def pages(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule that gives a page for people by GET, with an address that opens it."""
    for rule in rules(app):
        if "GET" in (rule.methods or ()) and rule.endpoint.startswith("pages.") and rule.endpoint != "pages.healthz":
            yield rule, fill(rule)


def written_below(*folders: Path) -> Iterator[Path]:
    """Every file below some folders."""
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file())
