"""The same questions for programs: the JSON that `kg --json` prints, at `/api/v1/`."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from kg.errors import BadQuery
from kg.results import to_json

from .views import knowledge

api = Blueprint("api", __name__, url_prefix="/api/v1")
MOST = 100


@api.get("/search")
def search() -> Response:
    limit = request.args.get("limit", "20")
    if not limit.isdecimal() or not 1 <= int(limit) <= MOST:
        raise BadQuery(f"The limit {limit[:20]!r} is not one.", f"Ask for 1 to {MOST} results.")
    kind, source = request.args.get("kind") or None, request.args.get("source") or None
    return jsonify(
        to_json(
            knowledge().search(
                request.args.get("q", ""),
                limit=int(limit),
                kind=[kind] if kind else [],
                source=[source] if source else [],
            )
        )
    )


@api.get("/items/<item_id>")
def item(item_id: str) -> Response:
    return jsonify(to_json(knowledge().describe(item_id)))


@api.get("/answers")
def answers() -> Response:
    return jsonify(to_json(knowledge().answers(request.args.get("q", ""))))


@api.get("/barriers/<item_id>/answers")
def answers_to(item_id: str) -> Response:
    return jsonify(to_json(knowledge().answers_to(item_id)))


@api.get("/stats")
def stats() -> Response:
    return jsonify(to_json(knowledge().stats()))
