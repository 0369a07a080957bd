"""Every thing has an address that gives a page to people and data to programs; the vocabulary and the whole graph describe themselves."""

from __future__ import annotations

import gzip
import hashlib
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, VOID

from kg.build import write_build
from kg.cli import main
from kg.config import Config
from kg.errors import BadQuery, DataFault, UnknownItem
from kg.folders import open_build
from kg.queries import KnowledgeGraph
from kg.rdf_formats import RDF_FORMATS
from kg.records import Record
from kg.retired import read_retired
from webui import create_app

BASE = "https://w3id.org/survivor-leadership/"
KG, SPDX = Namespace(BASE + "ontology#"), Namespace("http://spdx.org/rdf/terms#")
ITEM, LINK = "ap-barrier-2.6", "ap-action-3.2.11--addresses--ap-barrier-2.6"
RDFLIB = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
THINGS = [f"/id/{ITEM}", "/id/hr", f"/link/{LINK}", "/ontology", "/dataset"]


@pytest.fixture(scope="module")
def real(kg: KnowledgeGraph) -> FlaskClient:
    return create_app(kg, TESTING=True).test_client()


def read(client: FlaskClient, address: str) -> Graph:
    """A document, parsed by another library than the one that wrote it."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Graph().parse(data=answer.data, format=RDFLIB[address.rpartition(".")[2]])


# ---- which form is sent ----

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ASKED = [
    (None, ""), ("", ""), ("*/*", ""), ("text/html", ""), ("text/*", ""), (BROWSER, ""), ("application/xhtml+xml", ""),
    ("text/html,text/turtle", ""), ("text/turtle;q=0.5,text/html", ""), ("text/turtle;q=0,*/*", ""),
    ("text/turtle", "ttl"), ("TEXT/Turtle", "ttl"), ("text/turtle;charset=utf-8", "ttl"), ("text/turtle; q=0.9, text/html; q=0.5", "ttl"),
    ("application/x-turtle", "ttl"), ("text/n3", "ttl"), ("application/*", "jsonld"),
    ("application/ld+json", "jsonld"), ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"), ("application/json", "jsonld"),
    ("application/n-triples", "nt"), ("text/plain", "nt"), ("application/rdf+xml", "rdf"), ("application/xml;q=0.9,image/png", "rdf"),
    # what rdflib itself asks with
    ("text/turtle, application/rdf+xml, application/xhtml+xml;q=0.5, */*;q=0.1", "ttl"),
    ("image/png", None), ("application/pdf;q=1", None), ("sausage", None), ("text/csv, text/html;q=0", None),
]  # fmt: skip


@pytest.mark.parametrize(("accept", "suffix"), ASKED, ids=[str(accept) for accept, _ in ASKED])
def test_people_get_the_page_and_programs_what_they_ask_for(
    client: FlaskClient, accept: str | None, suffix: str | None
) -> None:
    for thing in THINGS if suffix or accept == BROWSER else THINGS[1:2] + THINGS[-1:]:
        check_form(client, thing, accept, suffix)


def check_form(client: FlaskClient, thing: str, accept: str | None, suffix: str | None) -> None:
    answer = client.get(thing, headers={} if accept is None else {"Accept": accept})
    assert "Accept" in re.split(r",\s*", answer.headers["Vary"])
    if suffix is None:
        assert (answer.status_code, answer.mimetype) == (406, "text/plain")
        for form in RDF_FORMATS:
            assert f"{form.media_type} {thing}.{form.suffix}" in answer.text.splitlines()
            assert f'<{thing}.{form.suffix}>; rel="alternate"; type="{form.media_type}"' in answer.headers["Link"]
        assert f"text/html {thing}.html" in answer.text.splitlines()
    elif suffix:
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{thing}.{suffix}")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    elif thing == "/id/hr":
        assert (answer.status_code, answer.headers["Location"]) == (302, "/sources/hr")
    else:
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
        assert answer.headers["Content-Location"] == f"{thing}.html"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_an_ending_comes_before_a_parameter_and_a_parameter_before_accept(client: FlaskClient) -> None:
    turtle = {"Accept": "text/turtle"}
    assert client.get(f"/id/{ITEM}.html", headers=turtle).mimetype == "text/html"
    assert client.get(f"/id/{ITEM}.nt?format=html", headers=turtle).mimetype == "application/n-triples"
    assert client.get(f"/id/{ITEM}?format=html", headers=turtle).mimetype == "text/html"
    for name in ("json-ld", "jsonld", "application/ld%2Bjson"):
        answer = client.get(f"/id/{ITEM}?format={name}", headers=turtle)
        assert answer.headers["Location"] == f"/id/{ITEM}.jsonld"
    assert "Did you mean turtle" in client.get(f"/id/{ITEM}?format=turtel").text
    told = client.get(f"/id/{ITEM}?format=turtel", headers=turtle)
    assert (told.status_code, told.mimetype) == (400, "text/plain")
    assert "There are: turtle, json-ld, ntriples, rdfxml" in told.text


@pytest.mark.parametrize("thing", THINGS)
def test_every_ending_gives_its_type_and_all_of_them_the_same_graph(client: FlaskClient, thing: str) -> None:
    graphs = []
    for form in RDF_FORMATS:
        answer = client.get(f"{thing}.{form.suffix}")
        assert (answer.status_code, answer.mimetype) == (200, form.media_type)
        links = answer.headers["Link"]
        assert all(f'<{thing}.{other.suffix}>; rel="alternate"; type="{other.media_type}"' in links for other in RDF_FORMATS)  # fmt: skip
        assert f'<{thing}>; rel="canonical"' in links and 'rel="license"' in links and 'rel="describedby"' in links
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        graphs.append(read(client, f"{thing}.{form.suffix}"))
    assert len(graphs[0]) > 20 and not [node for node in graphs[0].all_nodes() if isinstance(node, BNode)]
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])


def test_a_document_is_kept_under_the_name_of_its_build_and_asked_for_again(client: FlaskClient) -> None:
    for address in (*(f"{thing}.ttl" for thing in THINGS), "/ontology/shapes.ttl", "/dataset/survivor-leadership.nt"):
        for encoding in ("identity", "gzip", "br"):
            with client.get(address, headers={"Accept-Encoding": encoding}) as answer:
                assert answer.headers["Cache-Control"] == "public, no-cache"
                etag = answer.headers["ETag"]
            kept = {"Accept-Encoding": encoding, "If-None-Match": etag}
            with client.get(address, headers=kept) as again, client.get(address, headers={**kept, "If-None-Match": '"other"'}) as other:  # fmt: skip
                assert (again.status_code, again.data, other.status_code) == (304, b"", 200), (address, encoding)
    assert client.get(f"/id/{ITEM}").headers["Cache-Control"] == "no-store", "pages that somebody reads are never kept"
    assert client.get("/id/nothing.ttl").headers["Cache-Control"] == "no-store"


def test_head_and_options_answer_without_a_body(client: FlaskClient) -> None:
    documents = [*(f"{thing}.jsonld" for thing in THINGS), "/dataset/survivor-leadership.ttl"]
    for address in (*THINGS, *documents):
        with client.head(address) as head, client.get(address) as got, client.options(address) as options:
            assert head.data == b"" and head.status_code == got.status_code
            assert head.headers.get("ETag") == got.headers.get("ETag")
            assert options.status_code == 200 and "GET" in options.headers["Allow"]
            opened = options.headers.get("Access-Control-Allow-Origin")
            assert opened == ("*" if address in documents else None), address
    answer = client.post(f"/id/{ITEM}.ttl")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (405, "no-store")


HOSTILE = [
    "a\r\nSet-Cookie: x=1", "a\nb", "a\0b", "..", ".", "...", "a.ttl", ".ttl", "a..ttl", "<script>alert(1)</script>", '"><b>', "> .\n<x> <y> <z",
    "a b", "%0d%0a", "%2e%2e%2f", "é", "\u202eabc", "x" * 5000, "ap-barrier-2.6#x", "ap-barrier-2.6?x", "--", "a--b--c", "http://x.example/", "dataset", "ontology",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_ids_that_nothing_has_are_told_and_reach_no_header(client: FlaskClient, hostile: str) -> None:
    for place in ("id", "link"):
        for address in (f"/{place}/{quote(hostile, safe='')}", f"/{place}/{quote(hostile, safe='')}.ttl"):
            for accept in ("text/html", "text/turtle"):
                answer = client.get(address, headers={"Accept": accept})
                assert answer.status_code == 404, (address, accept)
                assert "Set-Cookie" not in answer.headers and "Location" not in answer.headers
                assert "<script>alert" not in answer.text or answer.mimetype == "text/plain"
                assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_link_is_no_item_and_an_item_no_link(client: FlaskClient) -> None:
    for address in (f"/id/{LINK}.ttl", f"/link/{ITEM}.ttl", f"/id/{LINK}", f"/link/{ITEM}", "/ontology/9.9", "/dataset/x.ttl"):  # fmt: skip
        assert client.get(address, headers={"Accept": "text/turtle"}).status_code == 404, address


# ---- what a document says ----


def test_the_document_of_an_item_can_be_read_alone(kg: KnowledgeGraph) -> None:
    graph = Graph().parse(data=kg.describe_rdf(ITEM), format="turtle")
    item = URIRef(f"{BASE}id/{ITEM}")
    assert graph.value(item, SKOS.prefLabel) == Literal("No bank account because of a criminal record", lang="en")
    records = set(graph.subjects(KG["from"], item)) | set(graph.subjects(KG.to, item))
    assert len(records) == sum(link.basis is not None for link in kg.describe(ITEM).links)
    for record in records:
        assert all((record, KG[name], None) in graph for name in ("because", "basis", "state", "strength"))
        start, relation, end = (graph.value(record, KG[name]) for name in ("from", "relation", "to"))
        assert (start, relation, end) in graph, "the direct triple stands beside its record"
    documents = {node for node in graph.all_nodes() if "#document" in str(node) or str(node).endswith((".ttl", ".jsonld", ".nt", ".rdf", "/dataset"))}  # fmt: skip
    named = {node for triple in graph for node in triple if isinstance(node, URIRef) and str(node).startswith(BASE)}
    for node in named - documents:
        assert (node, SKOS.prefLabel, None) in graph or (node, RDFS.label, None) in graph or node in records, node
        assert (node, RDF.type, None) in graph, node
    [document] = graph.subjects(FOAF.primaryTopic, item)
    assert (document, DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")) in graph
    assert (document, VOID.inDataset, URIRef(f"{BASE}dataset")) in graph
    source = graph.value(document, DCTERMS.source)
    assert "Survivor Alliance" in str(graph.value(source, Namespace("https://schema.org/").creditText))


def test_words_that_are_only_for_finding_are_in_no_document_but_in_the_dump(kg: KnowledgeGraph) -> None:
    hidden = next(item for item in kg.items() if item.hidden)
    told = kg.describe_rdf(hidden.id, "ntriples")
    assert b"hiddenLabel" not in told and b"notLabel" not in told
    assert b"hiddenLabel" in kg.dump("ntriples").read_bytes(), "the check can fail"


def test_every_item_every_source_and_a_link_of_each_relation_has_a_document(kg: KnowledgeGraph) -> None:
    names = [*(item.id for item in kg.items()), *kg.sources]
    names += {link.relation: link.id for link in kg._reader.model.links}.values()
    for name in names:
        told = kg.describe_rdf(name, "ntriples").decode()
        assert f"> <{FOAF.primaryTopic}> <{kg.iri(name)}> ." in told, name


def test_the_command_writes_the_same_bytes(runner: CliRunner, client: FlaskClient) -> None:
    for name, address in ((ITEM, f"/id/{ITEM}"), (LINK, f"/link/{LINK}"), ("dataset", "/dataset"), ("ontology", "/ontology")):  # fmt: skip
        for form in RDF_FORMATS:
            done = runner.invoke(main, ["show", name, "--format", form.name])
            assert done.exit_code == 0 and done.stdout_bytes == client.get(f"{address}.{form.suffix}").data
    assert "Did you mean turtle" in runner.invoke(main, ["show", ITEM, "--format", "turtel"]).stderr


def test_the_page_of_a_link_tells_why_and_how_to_object(client: FlaskClient) -> None:
    text = client.get(f"/link/{LINK}").text
    for words in ("A cancelled record leaves a bank", "implied", "checked", "direct", "How to object", LINK, f"/id/{ITEM}"):  # fmt: skip
        assert words in text, words
    assert f'href="/link/{LINK}"' in client.get(f"/id/{ITEM}").text, "the item leads to it"


# ---- the vocabulary ----


def test_every_term_has_a_place_on_the_page_with_its_words(client: FlaskClient) -> None:
    graph, text = read(client, "/ontology.nt"), client.get("/ontology").text
    anchors = re.findall(r'\bid="([^"]+)"', text)
    assert len(anchors) == len(set(anchors))
    terms = {node for node in graph.subjects() if str(node).startswith(KG)}
    assert len(terms) > 100
    for term in terms:
        assert str(term).removeprefix(KG) in anchors, term
        for prop in (RDFS.label, RDFS.comment):
            [words] = graph.objects(term, prop)
            assert re.sub("[&<>'\"].*", "", str(words)) in text, (term, prop)
    header = URIRef(BASE + "ontology")
    version = str(graph.value(header, OWL.versionIRI)).removeprefix(BASE)
    assert client.get(f"/{version}").status_code == 200, "the address of the version leads somewhere"
    for other in [*graph.objects(header, DCTERMS.hasFormat), *graph.objects(header, RDFS.seeAlso)]:
        assert client.get(str(other).replace(BASE, "/")).status_code == 200, other


def test_what_goes_with_the_vocabulary_is_that_of_the_installation(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parent
    config = Config(root / "tiny", root.parent / "ontology", tmp_path, base="https://kg.example/")
    write_build(config)
    with KnowledgeGraph(open_build(tmp_path)) as kg:
        client = create_app(kg, TESTING=True).test_client()
        addresses = ["/ontology.ttl", "/ontology.rdf", "/ontology/shapes.ttl", "/ontology/context.jsonld", "/ontology", "/dataset.nt", f"/id/{ITEM}.ttl", "/dataset/survivor-leadership.jsonld"]  # fmt: skip
        for address in addresses:
            with client.get(address) as answer:
                assert "https://kg.example/" in answer.text and BASE not in answer.text, address
        kept = client.get("/ontology/context.jsonld").json
        with client.get("/dataset/survivor-leadership.jsonld") as answer:
            told = answer.json
    assert told is not None and kept is not None
    assert all(kept["@context"].get(key) == rule for key, rule in told["@context"].items() if isinstance(rule, dict))


# ---- the data set ----


def test_the_figures_of_the_description_are_those_of_the_graph(tiny_kg: KnowledgeGraph) -> None:
    told = Graph().parse(data=tiny_kg.describe_rdf("dataset"), format="turtle")
    graph = Graph().parse(tiny_kg.dump("turtle"), format="turtle")
    it = URIRef(BASE + "dataset")

    def figure(node: URIRef, name: str) -> int:
        return int(str(told.value(node, VOID[name])))

    assert figure(it, "triples") == len(graph) == tiny_kg.stats().triples
    assert figure(it, "distinctSubjects") == len(set(graph.subjects()))
    assert figure(it, "distinctObjects") == len(set(graph.objects()))
    assert figure(it, "entities") == len({node for node in graph.subjects() if str(node).startswith(BASE)})
    classes = {part: told.value(part, VOID["class"]) for part in told.objects(it, VOID.classPartition)}
    assert set(classes.values()) == set(graph.objects(None, RDF.type)) and figure(it, "classes") == len(classes)
    for part, kind in classes.items():
        assert figure(part, "entities") == len(set(graph.subjects(RDF.type, kind))), kind
    properties = {part: told.value(part, VOID["property"]) for part in told.objects(it, VOID.propertyPartition)}
    assert set(properties.values()) == set(graph.predicates()) and figure(it, "properties") == len(properties)
    for part, prop in properties.items():
        assert figure(part, "triples") == len(list(graph.subject_objects(prop))), prop
    assert (told.value(it, VOID.exampleResource), None, None) in graph
    days = sorted(str(day) for day in graph.objects(None, DCTERMS.created))
    assert (str(told.value(it, DCTERMS.issued)), str(told.value(it, DCTERMS.modified))) == (days[0], days[-1])
    for prop in (DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.creator, URIRef(f"{DCAT}version"), URIRef(f"{DCAT}hasCurrentVersion"), VOID.sparqlEndpoint):  # fmt: skip
        assert (it, prop, None) in told, prop


def test_every_dump_is_what_the_description_says_of_it(client: FlaskClient, tiny_kg: KnowledgeGraph) -> None:
    told, whole = read(client, "/dataset.ttl"), Graph().parse(tiny_kg.dump("nt"), format="nt")
    files = set(told.objects(URIRef(BASE + "dataset"), VOID.dataDump))
    assert len(files) == len(RDF_FORMATS)
    for file in files:
        address = str(file).replace(BASE, "/")
        with client.get(address) as plain, client.get(address, headers={"Accept-Encoding": "gzip"}) as packed:
            assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.headers["Vary"]
            assert gzip.decompress(packed.data) == plain.data
            assert int(plain.headers["Content-Length"]) == int(str(told.value(file, DCAT.byteSize))) == len(plain.data)
            assert str(told.value(file, DCAT.mediaType)).endswith(f"/{plain.mimetype}")
            checksum = told.value(told.value(file, SPDX.checksum), SPDX.checksumValue)
            assert hashlib.sha256(plain.data).hexdigest() == str(checksum).lower()
            same = Graph().parse(data=plain.data, format=RDFLIB[address.rpartition(".")[2]])
        assert isomorphic(same, whole)
    text = client.get("/dataset").text
    assert all(dump.sha256 in text for dump in tiny_kg.dataset().dumps)


def test_a_build_of_before_says_what_to_do(tiny_kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiny_kg._snapshot, "meta", lambda key: None)
    with pytest.raises(Exception, match="Run: kg build"):
        tiny_kg.dataset()


# ---- ids that are no longer used ----

RETIRED = "ap-barrier-9.1\tap-barrier-2.6\tTwo entries said the same.\t2026-11-25\nap-barrier-9.2\tap-barrier-2.6 ap-barrier-2.7\tIt said two things.\t2026-11-25\nap-barrier-9.3\t\tIt was in no source.\t2026-11-24\n"  # fmt: skip


def test_a_retired_id_leads_to_what_took_its_place(tiny: Config) -> None:
    (tiny.data / "retired.tsv").write_text(f"# told\nid\treplaced by\twhy\ton\n{RETIRED}", encoding="utf-8")
    write_build(tiny)
    with KnowledgeGraph(open_build(tiny.build)) as kg:
        client = create_app(kg, TESTING=True).test_client()
        moved = client.get("/id/ap-barrier-9.1")
        assert (moved.status_code, moved.headers["Location"]) == (301, f"/id/{ITEM}")
        gone = client.get("/id/ap-barrier-9.2")
        assert gone.status_code == 410 and "It said two things." in gone.text and f'href="/id/{ITEM}"' in gone.text
        assert "Nothing took its place" in client.get("/id/ap-barrier-9.3").text
        assert client.get("/id/ap-barrier-9.1", headers={"Accept": "text/turtle"}).headers["Location"] == "/id/ap-barrier-9.1.ttl"  # fmt: skip
        graph, old = read(client, "/id/ap-barrier-9.2.ttl"), URIRef(f"{BASE}id/ap-barrier-9.2")
        assert (old, OWL.deprecated, Literal(True)) in graph
        assert {str(node).rpartition("/")[2] for node in graph.objects(old, DCTERMS.isReplacedBy)} == {ITEM, "ap-barrier-2.7"}  # fmt: skip
        assert graph.value(old, SKOS.historyNote) == Literal("It said two things.", lang="en")
        with pytest.raises(UnknownItem, match="retired on 2026-11-25: Two entries said the same. In its place: ap-barrier-2.6") as told:  # fmt: skip
            kg.describe("ap-barrier-9.1")
        assert told.value.near == (ITEM,)
        assert "ap-barrier-9" not in client.get("/sitemap.xml").text


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("ap-barrier-2.6\t\tWhy.\t2026-11-25", "the id is retired and in use"),
        ("ap-old\tap-nothing\tWhy.\t2026-11-25", "replaced by 'ap-nothing', which is not there"),
        ("ap-old\t\t\t2026-11-25", "does not say why"),
        ("ap-old\t\tWhy.\tyesterday", "'yesterday' is not a day"),
        ("ap-old\t\tWhy.\t2026-13-01", "'2026-13-01' is not a day"),
        ("Ap Old\t\tWhy.\t2026-11-25", "is not one"),
        ("ap-old\tWhy.", "has 2 cells"),
        ("ap-old\t\tWhy.\t2026-11-25\nap-old\t\tWhy.\t2026-11-25", "retired twice"),
    ],
)
def test_what_is_wrong_with_a_retired_id_is_told_by_line(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "retired.tsv"
    path.write_text(f"{line}\n", encoding="utf-8")
    used = [Record("ap-barrier-2.6", "barrier", {}, "x.yaml", 1, 1)]
    problems = read_retired(path, used)[1]
    assert [problem for problem in problems if fault in problem.what and problem.line in (1, 2) and problem.cure]
    path.write_text("ap-old\tap-barrier-2.6\tWhy.\t2026-11-25\n", encoding="utf-8")
    assert read_retired(path, used)[1] == [], "the check can pass"


def test_a_fault_in_the_file_stops_a_build(tiny: Config) -> None:
    (tiny.data / "retired.tsv").write_text("ap-barrier-2.6\t\tWhy.\t2026-11-25\n", encoding="utf-8")
    with pytest.raises(DataFault) as told:
        write_build(tiny)
    assert [problem.file for problem in told.value.problems] == ["retired.tsv"]


# ---- crawlers ----


def allowed(robots: str, address: str) -> bool:
    """Whether a crawler that follows RFC 9309 may ask for an address (there are no Allow lines and no wildcards here)."""
    return not any(address.startswith(path) for path in re.findall(r"^Disallow: (.+)$", robots, re.MULTILINE))


def test_crawlers_may_read_pages_but_walk_no_search_and_no_states(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain" and answer.text.startswith("User-agent: *\n")
    assert "Sitemap: http://localhost/sitemap.xml\n" in answer.text
    for address in ("/", "/barriers", f"/id/{ITEM}", f"/id/{ITEM}.ttl", "/explore", "/gaps", "/dataset"):
        assert allowed(answer.text, address), address
    for address in ("/search?q=bank", "/api/v1/stats", "/sparql?query=x", "/explore?do=from.x", "/gaps?rows=topic"):
        assert not allowed(answer.text, address), address


def test_every_address_of_the_sitemap_opens_and_no_page_is_missing(real: FlaskClient, kg: KnowledgeGraph) -> None:
    answer = real.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    urls = ET.fromstring(answer.data).findall(f"{space}url")
    places = [str(url.findtext(f"{space}loc")) for url in urls]
    assert len(places) == len(set(places)) and all(place.startswith("http://localhost/") for place in places)
    days = [url.findtext(f"{space}lastmod") or "" for url in urls]
    assert all(re.fullmatch(r"(\d{4}-\d\d-\d\d)?", day) for day in days) and days.count("") < len(days) / 2
    paths = {place.removeprefix("http://localhost") for place in places}
    assert {f"/id/{item.id}" for item in kg.items()} < paths
    assert {"/", "/about", "/dataset", "/ontology", "/barriers", "/sources/ap", f"/barriers/{ITEM}"} < paths
    assert not {path for path in paths if re.search(r"^/(search|healthz|api/)|\.(html|svg|ttl)$", path)}
    for path in sorted(paths)[::25]:
        opened = real.get(path)
        assert (opened.status_code, opened.mimetype) == (200, "text/html"), path


def test_a_foreign_name_gets_no_map_that_carries_it(tiny_kg: KnowledgeGraph) -> None:
    client = create_app(tiny_kg).test_client()
    for path in ("/sitemap.xml", "/robots.txt"):
        answer = client.get(path, headers={"Host": "evil.example"})
        assert answer.status_code == 400 and "evil" not in answer.text


def test_formats_that_are_not_there_are_told(tiny_kg: KnowledgeGraph) -> None:
    for verb in (tiny_kg.describe_rdf, lambda _, form: tiny_kg.dump(form)):
        with pytest.raises(BadQuery, match="There are: turtle"):
            verb(ITEM, "docx")
    with pytest.raises(UnknownItem, match="One of: shapes.ttl"):
        tiny_kg.ontology_file("../MANIFEST.json")
