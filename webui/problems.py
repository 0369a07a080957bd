"""Errors for programs, after RFC 9457: what kind of problem, its status, what happened and what to do next, as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Response

from kg.errors import BadQuery, KGError, StoreDown, StoreRefused, UnknownItem, WrongKind

MIMETYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of problem. :ivar name: ends its address. :ivar told: when it happens."""

    name: str
    status: int
    title: str
    told: str


SORTS = (
    Sort("bad-parameter", 400, "Bad parameter", "A parameter is unknown, missing, given twice, out of range or not one of its values."),
    Sort("unknown-item", 404, "No such thing", "Nothing in this build has the id; ids that it may be a slip of stand under near."),
    Sort("wrong-kind", 404, "Wrong kind of thing", "The item is there, but nothing of its kind can be asked this."),
    Sort("not-found", 404, "No such address", "The API has no such address."),
    Sort("method-not-allowed", 405, "Method not allowed", "Reading needs no other method than GET; Allow names those that are taken."),
    Sort("too-large", 413, "Too large", "The body is larger than any question needs."),
    Sort("media-type", 415, "Body of another type", "A body is read as a form (application/x-www-form-urlencoded) and as nothing else."),
    Sort("cannot-answer", 422, "Cannot be answered", "Each parameter is in order, but not all can be met together."),
    Sort("too-many-requests", 429, "Too many requests", "More than this site answers in a minute; Retry-After says how long to wait."),
    Sort("fault", 500, "Fault", "The fault is on the side of the site."),
    Sort("unavailable", 503, "Not available", "The build, or the store of triples, cannot be read."),
)  # fmt: skip
_NAMED = {sort.name: sort for sort in SORTS}
_BY_STATUS = {sort.status: sort for sort in reversed(SORTS) if sort.name not in ("unknown-item", "wrong-kind")}


class BadParameter(BadQuery):
    """A parameter of an address cannot be used. :ivar near: what it may be a slip of."""

    def __init__(self, message: str, hint: str = "", near: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.near = near


class BadBody(KGError):
    """A body is of a type that is not read."""


class TooMany(KGError):
    """Somebody asks more often than the operator allows. :ivar wait: seconds until there is room."""

    def __init__(self, wait: int) -> None:
        super().__init__("That is more than this site answers in a minute.", f"Ask again in {wait} seconds.")
        self.wait = wait


_WITHOUT_STORE = "Search, barriers, harms, paths, rankings, gaps and exports still answer. Ask again in a moment."
_SORT_OF: dict[type[KGError], str] = {
    BadParameter: "bad-parameter",
    UnknownItem: "unknown-item",
    WrongKind: "wrong-kind",
    BadQuery: "cannot-answer",
    BadBody: "media-type",
    TooMany: "too-many-requests",
}


def from_error(error: KGError) -> Response:
    """An error of ours as an answer."""
    sort = _NAMED[_SORT_OF.get(type(error), "unavailable")]
    if isinstance(error, (StoreDown, StoreRefused)):  # neither where it is nor what it said
        error = StoreDown("The store that holds this part of the graph does not answer.", _WITHOUT_STORE)
    hint = "" if " --" in error.hint or "kg " in error.hint else error.hint  # a command to type is no help to a program
    near = tuple(getattr(error, "near", ()))
    answer = _to_response(sort, sort.status, error.message, hint or "What each address takes stands at /api.", near)
    if isinstance(error, (TooMany, StoreDown)):
        answer.headers["Retry-After"] = str(error.wait)
    return answer


def from_status(status: int) -> Response:
    """What the web server itself refuses, as an answer."""
    sort = _BY_STATUS.get(status, _NAMED["bad-parameter"])
    hint = "Try again in a moment." if status >= 500 else "Every address stands at /api/v1/, what it takes at /api."
    return _to_response(sort, status, sort.told, hint, ())


def _to_response(sort: Sort, status: int, detail: str, hint: str, near: tuple[str, ...]) -> Response:
    told = {
        "type": f"/api#{sort.name}",
        "title": sort.title,
        "status": status,
        "detail": detail,
        "hint": hint,
        "near": list(near),
    }
    return Response(json.dumps(told, ensure_ascii=False), status, mimetype=MIMETYPE)
