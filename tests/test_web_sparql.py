"""The SPARQL endpoint keeps the SPARQL 1.1 Protocol for programs, and is a page for people that works without scripts."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.query import Result
from werkzeug.test import TestResponse

from kg.data_results import FORMATS
from kg.queries import KnowledgeGraph
from webui import create_app
from webui.clients import HOUR, Clients
from webui.safety import HEADERS
from webui.turns import ClientBusy, SiteBusy, Turns

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ANY = {"Accept": "*/*"}
ROWS = "SELECT ?s ?l { ?s a kg:Barrier ; skos:prefLabel ?l }"
GRAPH = "CONSTRUCT WHERE { ?s a kg:Barrier ; skos:prefLabel ?l }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GRAPHS = {"turtle": "turtle", "json-ld": "json-ld", "ntriples": "nt", "rdfxml": "xml"}


@pytest.fixture(scope="module")
def site(tiny_kg: KnowledgeGraph) -> FlaskClient:
    """With time enough for a busy machine."""
    return create_app(tiny_kg, PROPAGATE_EXCEPTIONS=False, SPARQL_SECONDS=20.0).test_client()


def ask(site: FlaskClient, query: str | None = ROWS, accept: str = "*/*", **given: Any) -> TestResponse:
    asked = {**({"query": query} if query is not None else {}), **given}
    return site.get("/sparql", query_string=asked, headers={"Accept": accept} if accept else {})


def rows_of(answer: TestResponse, form: str = "json") -> int:
    return len(Result.parse(BytesIO(answer.data), format=form).bindings)


# ---- the protocol suite of the W3C (sparql11/protocol), its 20 tests of queries ----

FORM = "application/x-www-form-urlencoded"


def test_the_queries_of_the_protocol_suite_that_name_no_other_data(site: FlaskClient) -> None:
    """query_get, query_post_form, query_post_direct, and the four content types."""
    encoded = urlencode({"query": "ASK {}"})
    assert ask(site, "ASK {}").json == {"head": {}, "boolean": True}
    assert site.post("/sparql", data=encoded, content_type=FORM, headers=ANY).json["boolean"] is True  # type: ignore[index]
    direct = site.post("/sparql", data="ASK {}", content_type="application/sparql-query", headers=ANY)
    assert direct.json["boolean"] is True  # type: ignore[index]
    json_or_xml = "application/sparql-results+xml, application/sparql-results+json"
    rdf = "text/turtle, application/rdf+xml"
    assert ask(site, "SELECT (1 AS ?value) {}", json_or_xml).mimetype in json_or_xml
    assert ask(site, "ASK {}", json_or_xml).mimetype in json_or_xml
    assert ask(site, "DESCRIBE id:ap-barrier-2.6", rdf).mimetype in rdf
    assert ask(site, "CONSTRUCT { <a:s> <a:p> 1 } WHERE {}", rdf).mimetype in rdf


@pytest.mark.parametrize(
    "name",
    ["default-graph-uri", "named-graph-uri"],
)
@pytest.mark.parametrize("way", ["get", "post form", "post direct"])
def test_the_queries_of_the_suite_that_name_other_data_are_refused_by_policy(
    site: FlaskClient, name: str, way: str
) -> None:
    """query_dataset_*: there is one graph, and an address of another one is not followed."""
    other = {name: "http://example.org/data.ttl"}
    if way == "get":
        answer = ask(site, "ASK {}", **other)
    elif way == "post form":
        answer = site.post("/sparql", data={"query": "ASK {}", **other}, headers=ANY)
    else:
        answer = site.post(
            "/sparql", data="ASK {}", content_type="application/sparql-query", query_string=other, headers=ANY
        )
    assert answer.status_code == 403 and name in answer.json["detail"]  # type: ignore[index]


def test_the_bad_queries_of_the_suite_are_refused(site: FlaskClient) -> None:
    """bad_query_method, _wrong_media_type, _missing_form_type, _missing_direct_type, _non_utf8, _syntax, bad_multiple_queries."""
    encoded = urlencode({"query": "ASK {}"})
    assert site.put(f"/sparql?{encoded}").status_code == 405
    assert site.post("/sparql", data=encoded, content_type="text/plain", headers=ANY).status_code == 415
    assert site.post("/sparql", data=encoded, headers=ANY).status_code == 415
    assert site.post("/sparql", data="ASK {}", headers=ANY).status_code == 415
    utf16 = site.post("/sparql", data="ASK {}".encode("utf-16"), content_type="application/sparql-query", headers=ANY)
    assert utf16.status_code == 400 and "UTF-8" in utf16.text
    assert ask(site, "ASK {").status_code == 400
    assert site.get("/sparql?query=ASK+%7B%7D&query=SELECT+%2A+%7B%7D", headers=ANY).status_code == 400
    direct = site.post(
        "/sparql?" + encoded, data="ASK {}", content_type="application/sparql-query; charset=utf-8", headers=ANY
    )
    assert direct.status_code == 400


def test_changes_are_refused_however_they_come(site: FlaskClient) -> None:
    assert site.post("/sparql", data={"update": "CLEAR ALL"}, headers=ANY).status_code == 403
    assert site.post("/sparql", data="CLEAR ALL", content_type="application/sparql-update", headers=ANY).status_code == 403  # fmt: skip
    assert ask(site, "INSERT DATA { <a:a> <a:b> <a:c> }").status_code == 403
    assert ask(site, None, update="CLEAR ALL").status_code == 403


# ---- formats ----


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_comes_by_its_type_and_by_its_name(site: FlaskClient, form: str) -> None:
    query, kind = GRAPH if FORMATS[form].graph else ROWS, FORMATS[form].media_type
    for answer in (ask(site, query, f"{kind};charset=utf-8;profile=x"), ask(site, query, "", format=form)):
        assert (answer.status_code, answer.mimetype) == (200, kind)
        if FORMATS[form].graph:
            assert len(rdflib.Graph().parse(data=answer.text, format=GRAPHS[form])) == 4
        else:
            assert rows_of(answer, form) == 2
        assert answer.headers["Cache-Control"] == "no-store" and "Accept" in answer.headers["Vary"]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="result.{FORMATS[form].suffix}"'


@pytest.mark.parametrize(
    ("accept", "query", "form"),
    [
        ("*/*", ROWS, "json"),
        ("*/*", GRAPH, "turtle"),
        ("application/json", ROWS, "json"),
        ("application/json", GRAPH, "json-ld"),
        ("text/csv;q=0.5, application/sparql-results+xml", ROWS, "xml"),
        ("text/turtle, application/sparql-results+json;q=0.1", ROWS, "json"),
        ("text/*", ROWS, "csv"),
        ("text/*", GRAPH, "turtle"),
        ("application/xml", GRAPH, "rdfxml"),
        ("text/plain", GRAPH, "ntriples"),
        ("application/sparql-results+json, text/html;q=0.1", ROWS, "json"),
        ("text/csv;q=0, */*", ROWS, "json"),
    ],
)
def test_what_is_accepted_most_and_fits_is_what_comes(site: FlaskClient, accept: str, query: str, form: str) -> None:
    assert ask(site, query, accept).mimetype == FORMATS[form].media_type


@pytest.mark.parametrize(("query", "accept"), [(ROWS, "image/png"), (ROWS, "text/turtle"), (GRAPH, "text/csv")])
def test_what_fits_nothing_that_is_accepted_is_told(site: FlaskClient, query: str, accept: str) -> None:
    answer = ask(site, query, accept)
    assert answer.status_code == 406 and "One of: " in answer.json["hint"]  # type: ignore[index]


def test_head_and_options_are_answered_and_other_sites_may_read(site: FlaskClient) -> None:
    head = site.head("/sparql", query_string={"query": ROWS}, headers=ANY)
    assert (head.status_code, head.data, head.mimetype) == (200, b"", FORMATS["json"].media_type)
    options = site.options(
        "/sparql", headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    )
    assert options.status_code == 200 and {"GET", "HEAD", "POST", "OPTIONS"} <= set(
        options.headers["Allow"].split(", ")
    )
    for answer in (head, options, ask(site), ask(site, "ASK {")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert {"X-Truncated", "Retry-After"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
    assert "Access-Control-Allow-Origin" not in site.get("/about").headers


def test_without_a_query_programs_get_the_service_description(site: FlaskClient, tiny_kg: KnowledgeGraph) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    for accept, form in (("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("application/ld+json", "json-ld"), ("application/n-triples", "nt"), ("*/*", "turtle")):  # fmt: skip
        graph = rdflib.Graph().parse(data=ask(site, None, accept).text, format=form)
        [service] = graph.subjects(rdflib.RDF.type, sd.Service)
        assert graph.value(service, sd.endpoint) == rdflib.URIRef("http://localhost/sparql")
        assert (service, sd.supportedLanguage, sd.SPARQL11Query) in graph
        assert len(list(graph.objects(service, sd.resultFormat))) == len(FORMATS)
        triples = graph.value(None, rdflib.URIRef("http://rdfs.org/ns/void#triples"), any=False) or graph.value(
            rdflib.URIRef("http://localhost/sparql#graph"), rdflib.URIRef("http://rdfs.org/ns/void#triples")
        )
        assert int(str(triples)) == tiny_kg.stats().triples
    assert ask(site, None, "application/sparql-results+json").status_code == 400


# ---- what is cut, and what goes wrong ----


@pytest.mark.parametrize("form", FORMATS)
def test_a_cut_answer_says_so_in_its_head_and_in_the_name_of_its_file(site: FlaskClient, form: str) -> None:
    query = "{ ?s ?p ?o . ?a ?b ?c }"
    query = ("CONSTRUCT { ?s ?p ?c }" if FORMATS[form].graph else "SELECT ?s ?p ?c") + query
    answer = ask(site, query, format=form)
    what = "triples" if FORMATS[form].graph else "rows"
    assert answer.headers["X-Truncated"] == f"cut after 1000 {what}: there are more"
    assert answer.headers["Link"] == '</sparql#limits>; rel="help"'
    assert f'filename="result-first-1000.{FORMATS[form].suffix}"' in answer.headers["Content-Disposition"]
    assert (answer.headers["X-Truncated"] in answer.text) == (form not in ("csv", "tsv"))
    whole = ask(site, query + " LIMIT 1000", format=form)
    assert not {"X-Truncated", "Link"} & set(whole.headers.keys())


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("ASK {", 400, "line 1 at column"),
        ("ASK { SERVICE <http://127.0.0.1:1/> {} }", 403, "SERVICE asks another server"),
        ("SELECT * FROM <http://127.0.0.1:1/> {}", 403, "FROM names other data"),
        ("ASK {} #" + "x" * 5000, 413, "of 4096 that are read"),
    ],
)
def test_a_fault_is_told_to_programs_and_to_people_who_keep_their_query(
    site: FlaskClient, query: str, status: int, words: str
) -> None:
    told = ask(site, query)
    assert (told.status_code, told.mimetype) == (status, "application/problem+json")
    assert (
        set(json.loads(told.text)) == {"title", "status", "detail", "hint"} and words in json.loads(told.text)["detail"]
    )
    page = site.post("/sparql", data={"query": query}, headers=HTML)
    assert (page.status_code, page.mimetype) == (status, "text/html")
    alert = re.search(r'role="alert".*?</div>', page.text, re.S)
    assert alert and words in alert[0]
    assert query.replace("<", "&lt;").replace(">", "&gt;") in page.text
    assert query[:40] not in re.findall(r"<title>(.*?)</title>", page.text)[0]


def test_a_query_that_is_stopped_is_told_with_504(tiny_kg: KnowledgeGraph) -> None:
    hasty = create_app(tiny_kg, SPARQL_SECONDS=0.3).test_client()
    told = ask(hasty, SLOW)
    assert told.status_code == 504 and "stopped after 0.3 seconds" in told.text
    page = hasty.get("/sparql", query_string={"query": SLOW}, headers=HTML)
    assert page.status_code == 504 and SLOW in page.text


# ---- turns ----


def test_turns_are_one_for_a_client_and_three_in_all_and_come_back() -> None:
    some = Turns()
    with some.take("192.0.2.1"):
        with pytest.raises(ClientBusy), some.take("192.0.2.1"):
            pass
        with some.take("192.0.2.2"), some.take("2001:db8::1"):
            with pytest.raises(ClientBusy), some.take("2001:db8::ffff"):
                pass  # the same network
            with pytest.raises(SiteBusy), some.take("192.0.2.3"):
                pass
        with some.take("192.0.2.3"):
            pass
    with pytest.raises(ZeroDivisionError), some.take("192.0.2.1"):
        1 / 0  # noqa: B018
    with some.take("192.0.2.1"):
        assert len(some._running) == 1
    assert not some._running, "nobody is remembered"


def test_a_turn_holds_no_address_and_its_key_changes_every_hour() -> None:
    now = time.monotonic()
    some = Turns(Clients(clock=lambda: now))
    with some.take("192.0.2.1"):
        [first] = some._running
        assert len(first) == 64 and "192.0.2.1" not in first
        now += HOUR + 1
        with some.take("192.0.2.1"):
            assert len(some._running) == 2, "under the new key it is nobody that is known"
    assert not some._running


@pytest.fixture
def slow(tiny_kg: KnowledgeGraph) -> Iterator[FlaskClient]:
    """A site on which the visitor 192.0.2.1 has a query running."""
    app = create_app(tiny_kg, SPARQL_SECONDS=4.0, CLIENT_HEADER="X-Real-IP")
    first = threading.Thread(
        target=lambda: app.test_client().get(
            "/sparql", query_string={"query": SLOW}, headers={"X-Real-IP": "192.0.2.1"}
        )
    )
    first.start()
    held: Turns = app.extensions["turns"]
    while not held._running:
        time.sleep(0.005)
    yield app.test_client()
    first.join()


def test_whoever_has_a_query_running_waits_and_others_do_not(slow: FlaskClient) -> None:
    mine = slow.get("/sparql", query_string={"query": ROWS}, headers={**ANY, "X-Real-IP": "192.0.2.1"})
    assert (mine.status_code, mine.headers["Retry-After"], mine.mimetype) == (429, "1", "application/problem+json")
    page = slow.get("/sparql", query_string={"query": ROWS}, headers={**HTML, "X-Real-IP": "10.0.0.9, 192.0.2.1"})
    assert (page.status_code, page.headers["Retry-After"]) == (429, "1") and "still being answered" in page.text
    others = slow.get("/sparql", query_string={"query": ROWS}, headers={**ANY, "X-Real-IP": "192.0.2.2"})
    assert others.status_code == 200
    held: Turns = slow.application.extensions["turns"]
    with held.take("192.0.2.3"), held.take("192.0.2.4"):
        full = slow.get("/sparql", query_string={"query": ROWS}, headers={**ANY, "X-Real-IP": "192.0.2.2"})
        assert (full.status_code, full.headers["Retry-After"]) == (503, "3")
        assert slow.get("/sparql", headers=HTML).status_code == 200, "the form itself costs nothing"


# ---- the page ----


@pytest.fixture(scope="module")
def real(kg: KnowledgeGraph) -> FlaskClient:
    return create_app(kg, TESTING=True, SPARQL_SECONDS=20.0).test_client()


def test_the_page_has_a_labelled_field_twenty_questions_and_nothing_to_load(real: FlaskClient) -> None:
    page = real.get("/sparql").text
    assert re.search(r'<label for="query">', page) and re.search(r'<textarea id="query" name="query"', page)
    assert len(re.findall(r'href="/sparql\?sample=', page)) == 20
    assert "codemirror" not in page and 'href="/sparql?editor=1"' in page


def test_a_result_is_a_table_with_names_and_links_a_picture_and_files(real: FlaskClient) -> None:
    page = real.get("/sparql?sample=05-answers-of-a-group").text
    assert re.search(r'<td><a href="/id/([^"]+)">[^<]+</a> <code class="small">id:\1</code>', page)
    assert 'class="data-picture"' in page and page.count('class="node"') <= 60
    assert re.search(r'<a href="/id/ap-barrier-2.1" class="k-barrier" aria-label="[A-Z]', page)
    assert [name for name in FORMATS if re.search(rf"format={name}(?![\w-])", page)] == ["json", "xml", "csv", "tsv"]
    assert "The first 50 are shown" in page and "more pairs have no room" in page
    graph = real.get("/sparql?sample=18-the-cycle").text
    assert 'class="data-picture"' in graph and "<code>kg:precedes</code>" in graph
    assert [name for name in FORMATS if re.search(rf"format={name}(?![\w-])", graph)] == list(GRAPHS)
    assert 'class="data-picture"' not in real.get("/sparql?sample=01-kinds").text
    assert '<p class="lead">No</p>' in real.get("/sparql?sample=20-reviewed-yet").text


def test_a_query_by_post_stands_in_no_address(real: FlaskClient) -> None:
    page = real.post("/sparql", data={"query": ROWS}, headers=HTML).text
    assert "id:ap-barrier-2.6" in page
    assert not [address for address in re.findall(r'(?:href|action)="([^"]*)"', page) if "SELECT" in address]
    assert page.count('<input type="hidden" name="query"') >= 5, "files, editor and languages go by POST too"


def test_nothing_found_and_what_was_cut_are_told(real: FlaskClient) -> None:
    assert "Nothing in the graph fits" in real.get("/sparql", query_string={"query": "SELECT ?x { ?x kg:no ?y }"}, headers=HTML).text  # fmt: skip
    page = real.get("/sparql", query_string={"query": "SELECT ?s ?p ?o { ?s ?p ?o }"}, headers=HTML).text
    assert "There are more than these." in page and "after 1,000 lines" in page


def test_what_a_query_makes_is_shown_as_text_and_no_address_of_others_becomes_a_link(site: FlaskClient) -> None:
    query = "SELECT ?x ?y ?z { BIND('<script>alert(1)</script>' AS ?x) BIND(<javascript:alert(1)> AS ?y) BIND(IRI('https://example.org/') AS ?z) }"
    page = site.get("/sparql", query_string={"query": query}, headers=HTML).text
    assert "<script>alert" not in page
    assert not [address for address in re.findall(r'href="([^"]*)"', page) if re.match("javascript|https://example", address)]  # fmt: skip
    hostile = site.get("/sparql", query_string={"query": "SELECT ?x { BIND(id:nothing AS ?x) }"}, headers=HTML).text
    assert "<code>id:nothing</code>" in hostile


def test_the_editor_comes_only_for_those_who_ask(site: FlaskClient) -> None:
    page = site.get("/sparql?editor=1&sample=20-reviewed-yet").text
    for name in ("vendor/codemirror/codemirror.js", "vendor/codemirror/sparql.js", "vendor/codemirror/codemirror.css", "/static/sparql.js"):  # fmt: skip
        assert name in page
    assert '<input type="hidden" name="editor" value="1">' in page


def test_an_unknown_sample_is_told(site: FlaskClient) -> None:
    assert site.get("/sparql?sample=nothing").status_code == 404
