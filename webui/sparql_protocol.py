"""The SPARQL 1.1 Protocol: what a request asks, in which formats, and how a result or a fault goes back to a program."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Request, Response, request, url_for

from kg.data_results import FORMATS, DataAnswer, formats_for
from kg.errors import BadQuery, EngineDown, FormatUnfit, KGError, QueryRefused

from .safety import page_hint, page_message, status_of

HTML = ("text/html", "application/xhtml+xml")
QUERY_TYPE = "application/sparql-query"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# Parameters of the protocol that name other data, or change it.
DATA_NAMED = ("default-graph-uri", "named-graph-uri")
CHANGES = ("update", "using-graph-uri", "using-named-graph-uri")
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Expose-Headers": "Link, Retry-After, X-Truncated",
    "Access-Control-Max-Age": "86400",
}
WAIT = 3  # seconds after which it is worth asking again, if the engine does not answer


class NotTaken(KGError):
    """A body is of a type that is not read here."""

    status = 415


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks. :ivar query: None if there is none. :ivar formats: as wanted, in order. :ivar chosen: the one named
    by ``format=``, or ""."""

    query: str | None
    formats: tuple[str, ...]
    chosen: str = ""


def wants_page(given: Request) -> bool:
    """Whether the answer is for people: they want HTML more than anything, and chose no format; or say nothing of either."""
    if given.values.get("format") in FORMATS:
        return False
    wanted = _wanted(given)
    return wanted[0] in HTML if wanted else given.method != "POST" and "query" not in given.values


def read_request(given: Request) -> Asked:
    """What a request asks.

    :raises QueryRefused: if it names other data, or wants a change. :raises BadQuery: if there are two queries, an unknown format,
        or a body that holds none or is not UTF-8. :raises NotTaken: if a body is neither a form nor a query.
    """
    query = _read_query(given)
    for name in DATA_NAMED:
        if name in given.values:
            raise QueryRefused(f"{name} names other data, which is not done here.", "Leave it out: there is one graph.")
    chosen = given.values.get("format", "")
    if chosen and chosen not in FORMATS and chosen != "html":
        raise BadQuery(f"There is no format {chosen[:100]!r} here.", f"One of: {', '.join(FORMATS)}.")
    if chosen in FORMATS:
        return Asked(query, (chosen,), chosen)
    formats = formats_for(_wanted(given) or ["*/*"])
    if not formats and not wants_page(given):
        raise FormatUnfit("No format that is accepted can be written here.", f"One of: {', '.join(FORMATS)}.")
    return Asked(query, formats)


def check_query_given(asked: Asked) -> str:
    """The query. :raises BadQuery: if there is none."""
    if asked.query is None:
        raise BadQuery("There is no query.", "Send query=SELECT ... in the address or as a form.")
    return asked.query


def _read_query(given: Request) -> str | None:
    if given.method == "POST":
        if given.mimetype == QUERY_TYPE:
            try:
                query = given.get_data().decode()
            except UnicodeDecodeError as error:
                raise BadQuery("The query is not UTF-8.", "Send it in UTF-8.") from error
            if "query" in given.args:
                raise BadQuery("There are two queries, one in the address and one in the body.", "Send one.")
            return query
        if given.mimetype == "application/sparql-update":
            raise QueryRefused("Nothing can be changed here.", "Ask with SELECT, ASK, CONSTRUCT or DESCRIBE.")
        if given.mimetype not in FORMS:
            raise NotTaken("A body of this type is not read here.", f"Send a form with query=, or {QUERY_TYPE}.")
    if any(name in given.values for name in CHANGES):
        raise QueryRefused("Nothing can be changed here.", "Ask with SELECT, ASK, CONSTRUCT or DESCRIBE.")
    queries = given.values.getlist("query")
    if len(queries) > 1:
        raise BadQuery("There are two queries.", "Send one.")
    if not queries and given.method == "POST":
        raise BadQuery("There is no query in the form.", "Send query=SELECT ...")
    return queries[0] if queries else None


def _wanted(given: Request) -> list[str]:
    """Media types that are accepted, what is wanted most first, without parameters."""
    ranked = sorted(given.accept_mimetypes, key=lambda each: -each[1])
    return [kind.partition(";")[0].strip().lower() for kind, quality in ranked if quality > 0]


def wants_description(given: Request) -> bool:
    """Whether a request without a query asks in RDF what the endpoint can do."""
    return not given.values.get("format") and any(FORMATS[name].graph for name in formats_for(_wanted(given)))


def describe_service(triples: int) -> str:
    """A query that gives the service description, since whoever writes results can write this too.

    :param triples: how many the graph holds.
    """
    address = url_for("pages.sparql", _external=True, lang=None)
    formats = " ".join(f"sd:resultFormat <{_FORMAT_IRI}{name}> ;" for name in _FORMAT_NAMES)
    return f"""PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX void: <http://rdfs.org/ns/void#>
    CONSTRUCT {{
      <{address}> a sd:Service ; sd:endpoint <{address}> ; sd:supportedLanguage sd:SPARQL11Query ; {formats}
        sd:defaultDataset <{address}#dataset> .
      <{address}#dataset> a sd:Dataset ; sd:defaultGraph <{address}#graph> .
      <{address}#graph> a sd:Graph ; void:triples {triples} .
    }} WHERE {{}}"""


_FORMAT_IRI = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "JSON-LD",
    "N-Triples",
    "RDF_XML",
)


def to_response(answer: DataAnswer, asked: Asked) -> Response:
    """A result for a program; what was cut says so in its head and, for a file, in its name."""
    form = FORMATS[answer.format]
    text = form.media_type.startswith("text/") or form.media_type.endswith("xml")
    found = Response(answer.body, content_type=form.media_type + ("; charset=utf-8" if text else ""))
    found.vary.add("Accept")
    if answer.mark:
        found.headers["X-Truncated"] = answer.mark
        found.headers["Link"] = f'<{url_for("pages.sparql", lang=None)}#limits>; rel="help"'
    if asked.chosen:
        name = f"result-first-{answer.count}" if answer.mark else "result"
        found.headers["Content-Disposition"] = f'attachment; filename="{name}.{form.suffix}"'
    return found


def to_problem(error: KGError) -> Response:
    """What went wrong, for a program (RFC 9457)."""
    told = {
        "title": type(error).__name__,
        "status": status_of(error),
        "detail": page_message(error),
        "hint": page_hint(error),
    }
    found = Response(json.dumps(told, ensure_ascii=False), status_of(error), content_type="application/problem+json")
    found.headers.update(retry(error))
    found.vary.add("Accept")
    return found


def retry(error: KGError) -> dict[str, str]:
    """The head that says when to ask again, where that helps."""
    wait = WAIT if isinstance(error, EngineDown) else getattr(error, "wait", 0)
    return {"Retry-After": str(wait)} if wait else {}


def open_to_others(response: Response) -> Response:
    """Let pages of other sites read what the endpoint says. Without credentials: there are none."""
    if request.endpoint == "pages.sparql":
        response.headers.update(CORS)
    return response
