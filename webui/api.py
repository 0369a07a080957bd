"""The same questions for programs: the JSON that `kg --json` prints, at `/api/v1/`."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from kg.errors import BadQuery
from kg.results import to_json

from .asking import read_asked
from .views import asked_for, knowledge

api = Blueprint("api", __name__, url_prefix="/api/v1")
MOST, MOST_START = 100, 100_000


def read_number(name: str, usual: int, least: int = 1, most: int = MOST) -> int:
    """A whole number of the address. :raises BadQuery: if it is none, or out of range."""
    given = request.args.get(name, str(usual))
    if not (given.isascii() and given.isdecimal() and len(given) < 10 and least <= int(given) <= most):
        raise BadQuery(f"The {name} {given[:20]!r} is not one.", f"Give a number from {least} to {most}.")
    return int(given)


@api.get("/search")
def search() -> Response:
    asked, limit, start = read_asked(request.args), read_number("limit", 20), read_number("start", 0, 0, MOST_START)
    return jsonify(to_json(knowledge().search(asked.text, limit=limit, start=start, infer=asked.infer, **asked.chosen)))


@api.route("/suggest", methods=["GET", "POST"])
def suggest() -> Response:
    """By POST too, as the search box asks: letters that are typed then stand in no address."""
    return jsonify(to_json(knowledge().suggest(asked_for().get("q", ""), limit=read_number("limit", 8))))


@api.get("/items/<item_id>/like")
def like(item_id: str) -> Response:
    return jsonify(to_json(knowledge().like(item_id, limit=read_number("limit", 10))))


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
