"""The SPARQL endpoint: one address for programs, and for people, who get a form, a table, a picture and sample queries."""

from __future__ import annotations

from flask import current_app, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from kg.data_results import FORMATS, DataAnswer, Limits, prefixes_of
from kg.errors import KGError, UnknownItem

from .clients import address_of
from .safety import page_hint, status_of
from .sparql_protocol import (
    Asked,
    check_query_given,
    describe_service,
    open_to_others,
    read_request,
    retry,
    to_problem,
    to_response,
    wants_description,
    wants_page,
)
from .sparql_showing import ROWS, show_result
from .turns import Turns
from .views import knowledge, pages

pages.after_app_request(open_to_others)


@pages.route("/sparql", methods=["GET", "POST"])
def sparql() -> BaseResponse | tuple[str, int, dict[str, str]]:
    """For people the page, for programs the protocol; without a query, what the endpoint can do."""
    if wants_page(request):
        return _page()
    try:
        asked = read_request(request)
        if asked.query is None and wants_description(request):
            return to_response(_ask(asked, describe_service(knowledge().stats().triples)), asked)
        return to_response(_ask(asked, check_query_given(asked)), asked)
    except KGError as error:
        return to_problem(error)


def _page() -> tuple[str, int, dict[str, str]]:
    """The form; with a query its result, or what is wrong with it."""
    query, result, problem = request.values.get("query"), None, None
    try:
        query = read_request(request).query
        if sample := request.args.get("sample"):
            query = _sample(sample)
        if query is not None:
            result = show_result(knowledge(), _ask(Asked(query, ("json", "ntriples")), query))
    except KGError as error:
        problem = error
    page = render_template(
        "sparql.html",
        query=query or "",
        result=result,
        problem=problem,
        hint=problem and page_hint(problem),
        samples=knowledge().samples,
        formats=[each for each in FORMATS.values() if result and each.graph == (result.answer.form == "graph")],
        editor=request.values.get("editor") == "1",
        prefixes=prefixes_of(knowledge().terms.base),
        limits=_limits(),
        shown=ROWS,
    )
    return page, status_of(problem) if problem else 200, retry(problem) if problem else {}


def _sample(name: str) -> str:
    for sample in knowledge().samples:
        if sample.name == name:
            return sample.query
    raise UnknownItem(f"There is no sample {name[:100]!r}.", "Choose one from the list.")


def _limits() -> Limits:
    return Limits(seconds=current_app.config["SPARQL_SECONDS"])


def _ask(asked: Asked, query: str) -> DataAnswer:
    turns: Turns = current_app.extensions["turns"]
    with turns.take(address_of(request, current_app.config["CLIENT_HEADER"])):
        return knowledge().sparql(query, format=asked.formats, limits=_limits())
