"""Documents for programs: RDF about items, links, the vocabulary and the data set, the dumps, and what crawlers ask first."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, request, url_for

from kg.rdf_formats import get_format

from .formats import OPEN, SUFFIX, link_header
from .views import check_thing, knowledge
from .views_items import ANSWERED_AT

linked = Blueprint("linked", __name__)
DUMP = "survivor-leadership"
# Searches and states without end: nothing that a crawler should walk. A question mark lets the page itself be read.
_STATES = ("explore", "paths", "cover", "compare", "gaps", "rankings")
_NOT_WALKED = ("/search", "/api/", "/sparql", *(f"/{page}?" for page in _STATES))
_NOT_LISTED = ("pages.search", "pages.healthz")


@linked.get(f"/id/<item_id>.<{SUFFIX}:suffix>")
def item(item_id: str, suffix: str) -> Response:
    check_thing("item", item_id)
    return _document(item_id, suffix)


@linked.get(f"/link/<link_id>.<{SUFFIX}:suffix>")
def link(link_id: str, suffix: str) -> Response:
    check_thing("link", link_id)
    return _document(link_id, suffix)


@linked.get(f"/ontology.<{SUFFIX}:suffix>")
def ontology(suffix: str) -> Response:
    return _document("ontology", suffix)


@linked.get("/ontology/shapes.ttl")
def shapes() -> Response:
    return _send(knowledge().ontology_file("shapes.ttl").read_bytes(), get_format("turtle").content_type)


@linked.get("/ontology/context.jsonld")
def context() -> Response:
    return _send(knowledge().ontology_file("context.jsonld").read_bytes(), get_format("json-ld").content_type)


@linked.get(f"/dataset.<{SUFFIX}:suffix>")
def dataset(suffix: str) -> Response:
    return _document("dataset", suffix)


@linked.get(f"/dataset/{DUMP}.<{SUFFIX}:suffix>")
def dump(suffix: str) -> Response:
    path, kind = knowledge().dump(suffix), get_format(suffix).content_type
    packed = request.accept_encodings.quality("gzip") > 0
    answer = _send(_packed(path) if packed else path.read_bytes(), kind)
    if packed:
        answer.content_encoding = "gzip"
    answer.vary.add("Accept-Encoding")
    return answer


@linked.get("/robots.txt")
def robots() -> Response:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_WALKED)]
    lines.append(f"Sitemap: {url_for('linked.sitemap', _external=True)}")
    return _send(("\n".join(lines) + "\n").encode(), "text/plain; charset=utf-8")


@linked.get("/sitemap.xml")
def sitemap() -> Response:
    entries = (
        f"<url><loc>{escape(address)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>\n" for address, day in _addresses()
    )  # fmt: skip
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return _send(f"{head}{''.join(entries)}</urlset>\n".encode(), "application/xml; charset=utf-8")


@linked.after_request
def complete(response: Response) -> Response:
    """Open to scripts of every site; kept by whoever asks, and asked for again by the name of the build that it came from."""
    response.headers.update(OPEN)
    if response.status_code == 200 and request.method in ("GET", "HEAD"):
        coded = f":{response.content_encoding}" if response.content_encoding else ""
        response.set_etag(f"{knowledge().digest[:24]}{coded}")
        response.make_conditional(request)
    return response


def _document(name: str, suffix: str) -> Response:
    form = get_format(suffix)
    answer = _send(knowledge().describe_rdf(name, form.name), form.content_type)
    values = {key: value for key, value in (request.view_args or {}).items() if key != "suffix"}
    thing = (request.endpoint or "").removeprefix("linked.")
    answer.headers["Link"] = link_header(thing, values, described_by=url_for("pages.dataset"))
    return answer


def _send(told: bytes, kind: str) -> Response:
    return Response(told, content_type=kind)


@lru_cache(maxsize=4)
def _packed(path: Path) -> bytes:
    """A dump as gzip. Kept: a tenth of the size of the file, which never changes under its name."""
    return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)


def _addresses() -> Iterator[tuple[str, str]]:
    """Every page that stands on its own, with the day on which the data behind it last changed, as far as it is known."""
    days, newest = knowledge().last_changed(), knowledge().dataset().modified
    rules = [rule for rule in current_app.url_map.iter_rules() if not rule.arguments and "." not in rule.rule]
    alone = {rule.endpoint for rule in rules if rule.endpoint.startswith("pages.") and "GET" in (rule.methods or ())}
    for endpoint in sorted(alone - set(_NOT_LISTED)):
        yield url_for(endpoint, _external=True), newest
    for source in knowledge().sources:
        yield url_for("pages.source", source_id=source, _external=True), newest
    for each in knowledge().items():
        yield url_for("pages.item", item_id=each.id, _external=True), days.get(each.id, "")
        if each.kind in ANSWERED_AT:
            yield url_for(ANSWERED_AT[each.kind], item_id=each.id, _external=True), days.get(each.id, "")
