"""The same questions for programs, at `/api/v1/`: the JSON that `kg --json` prints, with pages, fields, tags, limits and clear problems."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from math import ceil
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, request, url_for
from werkzeug.datastructures import MultiDict

from kg.errors import KGError
from kg.queries import KnowledgeGraph
from kg.results import to_json

from .api_parts import Given, Operation, Part
from .api_reading import read_given, write_cursor
from .clients import Buckets, address_of, is_loopback
from .openapi import describe, to_template
from .operations import OPERATIONS
from .problems import BadBody, TooMany
from .views import knowledge

api = Blueprint("api", __name__, url_prefix="/api/v1")
FORM = "application/x-www-form-urlencoded"
READABLE = {  # what a page of another site may ask and see; nothing here depends on who asks, and there are no cookies
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def open_api(app: Flask) -> None:
    """Put the API into the application, with its limits: ``RATE`` requests a client and minute, none if it is None."""
    app.register_blueprint(api)
    app.after_request(_allow_reading)
    app.extensions["buckets"] = Buckets(app.config["RATE"]) if app.config["RATE"] else None


def charge(cost: float) -> None:
    """Count a request against whoever asks. :raises TooMany: if it is more than the operator allows. From this machine nothing counts."""
    buckets: Buckets | None = current_app.extensions["buckets"]
    address = address_of(request, current_app.config["CLIENT_HEADER"])
    if buckets and not is_loopback(address):
        wait = buckets.take(current_app.extensions["clients"].key(address), cost)
        if wait:
            raise TooMany(ceil(wait))


def serve(operation: Operation, **places: str) -> Response:
    """Answer one address: read, count, ask, tell."""
    kg = knowledge()
    try:
        given = read_given(kg, operation, _asked(operation), places)
    except KGError:
        charge(1.0)
        raise
    charge(operation.cost(kg, given))
    tag = make_tag(kg) if operation.tagged and request.method != "POST" else ""
    if tag and (held := _find_held(tag)):
        return _unchanged(held)
    body = answer(kg, operation, given)
    told = Response(json.dumps(body, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
    if tag:
        told.set_etag(tag)
    if isinstance(body, dict) and operation.pages and body["next"]:
        told.headers["Link"] = f'<{body["next"]}>; rel="next"'
    return told


def answer(kg: KnowledgeGraph, operation: Operation, given: Given) -> Any:
    """The answer as JSON-able data, cut to the page and the fields that are asked for."""
    found = operation.ask(kg, given)
    total = found.total if isinstance(found, Part) else 0
    if operation.plain_list:
        part = found if isinstance(found, Part) else Part(found[given.start : given.end], len(found))
        total = part.total
        body: Any = {"items": to_json(tuple(part.found)), "total": total}
    else:
        body = to_json(found.found if isinstance(found, Part) else found)
        if operation.pages and not isinstance(found, Part):
            total = len(body[operation.listed])
            body[operation.listed] = body[operation.listed][given.start : given.end]
    if chosen := given.values.get("fields"):
        body = _cut_fields(body, operation, chosen)
    if operation.pages:
        body["next"] = _next_page(kg, operation, given) if given.end < total else None
    return body


def _cut_fields(body: Any, operation: Operation, chosen: tuple[str, ...]) -> Any:
    def cut(entry: dict[str, Any]) -> dict[str, Any]:
        return {name: entry[name] for name in chosen if name in entry}

    if operation.listed:
        return {**body, operation.listed: [cut(entry) for entry in body[operation.listed]]}
    return cut(body)


def _next_page(kg: KnowledgeGraph, operation: Operation, given: Given) -> str:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("cursor", "start")]
    if operation.name == "search":
        given = Given({**given.values, "start": 0}, given.start)
    cursor = write_cursor(kg, operation, given, given.end)
    return f"{request.script_root}{request.path}?{urlencode([*kept, ('cursor', cursor)])}"


def make_tag(kg: KnowledgeGraph) -> str:
    """A name of this answer: of the build, the program, and the address with its parameters in any order."""
    asked = sorted(request.args.items(multi=True))
    return hashlib.sha256(repr((kg.digest, _program(), request.path, asked)).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _program() -> str:
    """The version of what answers, which need not be that of the build."""
    try:
        return version("survivor-leadership-kg")
    except PackageNotFoundError:  # run from a folder, not installed
        return ""


def _find_held(tag: str) -> str | None:
    """The tag under which who asks holds this answer already, plain or compressed (`TAG:br`), or None."""
    return next((held for held in request.if_none_match.as_set() if held.partition(":")[0] == tag), None)


def _unchanged(tag: str) -> Response:
    return Response(status=304, headers={"ETag": f'"{tag}"'})


def _asked(operation: Operation) -> MultiDict[str, str]:
    """The parameters: of the address, and by POST of a form too."""
    if request.method != "POST":
        return request.args
    if request.mimetype != FORM and (request.mimetype or request.content_length):
        raise BadBody(f"A body of the type {request.mimetype[:60]!r} is not read.", f"Send a form: {FORM}.")
    return MultiDict([*request.args.items(multi=True), *request.form.items(multi=True)])


def _allow_reading(response: Response) -> Response:
    """Let pages of other sites read, what is wrong too."""
    if request.path.startswith("/api/"):
        response.headers.update(READABLE)
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
    return response


@api.get("/")
def index() -> Response:
    charge(1.0)
    addresses = {each.name: to_template(each) for each in OPERATIONS}
    return _fixed({"openapi": url_for("api.openapi"), "build": knowledge().digest, "addresses": addresses})


@api.get("/openapi.json")
def openapi() -> Response:
    charge(1.0)
    kept = current_app.extensions
    if "openapi" not in kept:
        kept["openapi"] = describe(knowledge())
    return _fixed(kept["openapi"])


def _fixed(body: Mapping[str, Any]) -> Response:
    """An answer that has no parameters."""
    read_given(knowledge(), Operation("fixed", "", "", lambda kg, given: None, dict, fields=False), request.args, {})
    tag = make_tag(knowledge())
    if held := _find_held(tag):
        return _unchanged(held)
    told = Response(json.dumps(body, ensure_ascii=False), mimetype="application/json")
    told.set_etag(tag)
    return told


for _operation in OPERATIONS:
    api.add_url_rule(
        _operation.path,
        _operation.name,
        partial(serve, _operation),
        methods=["GET", "POST"] if _operation.form else ["GET"],
    )
