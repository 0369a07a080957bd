"""A store of triples fails in every way that it can, or is published to while people read: an answer is whole or a clear error."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import publish_kills, stores
from kg import store_current, store_http, store_publishing
from kg.build import write_build
from kg.cli import main
from kg.config import Config
from kg.endpoints import Endpoint, Store, read_endpoint
from kg.errors import (
    BadQuery,
    BadSetting,
    EngineDown,
    QueryRefused,
    QueryTooCostly,
    StoreDown,
    StoreRefused,
    UnknownItem,
)
from kg.folders import OpenBuild, open_build
from kg.queries import KnowledgeGraph
from kg.results import to_json
from kg.store_client import Client, GraphStore
from kg.store_publishing import publish_build
from webui import create_app

from .stores import OXIGRAPH, Bad, Running, http, oxigraph, virtuoso

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://w3id.org/survivor-leadership/"
ITEM = "ap-barrier-2.6"
SOON, LONG = (
    0.6,
    30.0,
)  # seconds that an answer has where the store says nothing, and where it answers on a busy machine


@pytest.fixture(scope="session")
def newer_build(tmp_path_factory: pytest.TempPathFactory) -> OpenBuild:
    """The tiny build with a sentence more in everything that it says."""
    folder = tmp_path_factory.mktemp("newer")
    shutil.copytree(ROOT / "tests" / "tiny", folder / "data")
    for path in (folder / "data").glob("*.yaml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        told = [f"{line} It is newer." if line.strip().startswith(("summary:", "because:")) else line for line in lines]
        path.write_text("\n".join(told) + "\n", encoding="utf-8")
    write_build(Config(data=folder / "data", ontology=ROOT / "ontology", build=folder / "build"))
    return open_build(folder / "build")


@pytest.fixture(scope="session")
def tiny_open(tiny_build: Config) -> OpenBuild:
    return open_build(tiny_build.build)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with oxigraph() as running:
        yield running


@pytest.fixture
def store(running: Running, tiny_open: OpenBuild) -> Iterator[Store]:
    """A store that holds the tiny build and nothing else."""
    found = running.store(base=BASE)
    publish_build(tiny_open, found, grace=0)
    yield found
    client, target = Client(found.query[0]), GraphStore(read_endpoint("", running.update), seconds=5)
    for row in client.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", until=time.monotonic() + 5):
        target.delete(row["g"].text)
    client.close()
    target.close()


@contextlib.contextmanager
def reading(build: OpenBuild, store: Store, seconds: float = LONG) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph(build, store=store) as kg:
        assert kg._store
        kg._store.stores._seconds = seconds
        yield kg


def told(kg: KnowledgeGraph, item: str = ITEM) -> str:
    return json.dumps([to_json(kg.describe(item)), to_json(kg.answers(item)), to_json(kg.neighbours(item))])


# ---- settings ----


def test_a_password_is_taken_out_of_the_address_and_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_SPARQL", "https://one:s3cret@store.example/q http://127.0.0.1:1/q")
    monkeypatch.setenv("KG_SPARQL_GSP", "https://store.example/gsp")
    monkeypatch.setenv("KG_SPARQL_USER", "two")
    monkeypatch.setenv("KG_SPARQL_PASSWORD", "s3cret")
    store = Config.find().store
    assert store and store.update
    assert [each.url for each in store.query] == ["https://store.example/q", "http://127.0.0.1:1/q"]
    assert [each.login for each in (*store.query, store.update)] == [
        ("one", "s3cret"),
        ("two", "s3cret"),
        ("two", "s3cret"),
    ]
    assert "s3cret" not in repr(Config.find()) and "s3cret" not in str(store)
    assert store.graph == f"{BASE}graph/current"


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://u:s3cret@a/", "http://", "u:s3cret@a", "http://a:x/", "http://a/#b"])  # fmt: skip
def test_only_addresses_of_http_are_asked_and_a_bad_one_is_not_repeated(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_SPARQL", address)
    done = CliRunner().invoke(main, ["stats"])
    assert done.exit_code == 2
    assert "KG_SPARQL" in done.output and "s3cret" not in done.output


# ---- faults ----

LINES = b'{"head":{"vars":["graph"]},"results":{"bindings":[{"graph":{"type":"uri","value":"urn:x"}}]}}'


def hang(connection: socket.socket) -> None:
    connection.settimeout(5)
    with contextlib.suppress(TimeoutError):
        connection.recv(1)  # until the other side has had enough


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-More: 1\r\n")
        time.sleep(0.05)


def say(body: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(body)


FAULTS: dict[str, tuple[Callable[[socket.socket], None], type[Exception]]] = {
    "hangs": (hang, StoreDown),
    "drips": (drip, StoreDown),
    "answers 500": (say(http(b"secret trace", status="500 Internal Server Error")), StoreDown),
    "answers 503": (say(http(b"", status="503 Service Unavailable")), StoreDown),
    "refuses": (say(http(b"", status="403 Forbidden")), StoreRefused),
    "sends elsewhere": (say(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"), StoreRefused),
    "half an answer": (say(http(LINES[:40], length=len(LINES))), StoreDown),
    "half a JSON": (say(http(LINES[:40])), StoreDown),
    "no length": (say(b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n\r\n" + LINES), StoreDown),
    "another type": (say(http(b"<html>", kind="text/html")), StoreDown),
    "another JSON": (say(http(b'{"results": []}')), StoreDown),
    "only a part": (say(http(LINES).replace(b"\r\n\r\n", b"\r\nX-SPARQL-MaxRows: 1\r\n\r\n", 1)), StoreDown),
    "noise": (say(http(bytes(range(256)) * 40_000)), StoreDown),
    "no HTTP": (say(b"\x00\x01\x02 hello\r\n\r\n"), StoreDown),
    "gone at once": (lambda connection: None, StoreDown),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_store_that_fails_gives_a_clear_error_in_time(fault: str, tiny_open: OpenBuild) -> None:
    answer, expected = FAULTS[fault]
    seconds = SOON if fault in ("hangs", "drips") else LONG
    with Bad(answer) as bad, reading(tiny_open, bad.store(BASE), seconds) as kg:
        begun = time.monotonic()
        with pytest.raises(expected) as error:
            kg.describe(ITEM)
        assert time.monotonic() - begun < seconds + 1.5
        assert ("in time" in str(error.value)) == (fault in ("hangs", "drips"))
        assert "secret" not in str(error.value)
        assert bad.asked


def test_what_a_server_says_unasked_is_no_answer() -> None:
    """Oxigraph ends a connection that waited too long with a 500, which the next request must not take for its own."""

    def complain(connection: socket.socket) -> None:
        connection.sendall(http(LINES))
        time.sleep(0.02)
        connection.sendall(http(b"waited too long", status="500 Internal Server Error"))
        connection.settimeout(1)
        with contextlib.suppress(TimeoutError):
            connection.recv(1)

    with Bad(complain) as bad:
        client = Client(read_endpoint("", bad.address))
        for _ in range(3):
            assert len(client.select("SELECT", until=time.monotonic() + LONG)) == 1
            time.sleep(0.1)
        assert bad.asked == 3
        with pytest.MonkeyPatch.context() as patch, pytest.raises(StoreDown):
            patch.setattr(store_http, "wait", lambda *_: [])
            client.select("SELECT", until=time.monotonic() + LONG)  # the control: without the look it is taken
        client.close()


def test_nobody_there_is_told_at_once(tiny_open: OpenBuild) -> None:
    with Bad(hang) as bad:
        gone = bad.store(BASE)
    with reading(tiny_open, gone) as kg, pytest.raises(EngineDown, match="cannot be reached"):
        kg.neighbours(ITEM)


def test_more_than_is_read_is_not_read(running: Running) -> None:
    client = Client(read_endpoint("", running.query))
    query = "SELECT ?n { VALUES ?n { " + " ".join(map(str, range(2000))) + " } }"
    assert len(client.select(query, until=time.monotonic() + 5)) == 2000
    with pytest.raises(StoreDown, match="more than"):
        client.select(query, until=time.monotonic() + 5, most=1000)
    client.close()


def test_while_the_store_is_down_its_pages_say_so_and_the_others_answer(tiny_open: OpenBuild) -> None:
    with Bad(hang) as bad, reading(tiny_open, bad.store(BASE), SOON) as kg:
        client = create_app(kg, TESTING=True).test_client()
        for path in (f"/id/{ITEM}", f"/barriers/{ITEM}", f"/api/v1/items/{ITEM}", "/sparql?query=ASK{?s ?p ?o}"):
            found = client.get(path)
            assert (found.status_code, found.headers["Retry-After"]) == (503, "3"), path
            assert "store" in found.text and "127.0.0.1" not in found.text
        assert "still work" in client.get(f"/id/{ITEM}").text
        for path in (
            "/",
            "/barriers",
            "/search?q=bank",
            "/paths",
            "/gaps",
            "/glossary",
            "/healthz",
            "/api/v1/search?q=bank",
        ):
            assert client.get(path).status_code == 200, path
        found = client.get("/search?q=bank+account")
        assert ITEM in found.text and "cannot be told at the moment" in found.text
        assert bad.asked <= 3, "a store that is known to be slow is left alone for a while"


def test_another_endpoint_answers_for_one_that_fails_which_is_left_for_a_while(
    store: Store, tiny_open: OpenBuild, tiny_kg: KnowledgeGraph
) -> None:
    with Bad(say(http(b"", status="500 Internal Server Error"))) as bad:
        both = Store((bad.store(BASE).query[0], *store.query), store.graph)
        with reading(tiny_open, both) as kg:
            assert told(kg) == told(tiny_kg)
            assert bad.asked == 1
            kg._store.stores._endpoints[0].rests_until = 0.0  # type: ignore[union-attr]
            assert told(kg) == told(tiny_kg)
            assert bad.asked == 2


# ---- reading ----


@pytest.mark.parametrize("name", ["nope", ITEM + "> ?p ?o } #", 'a"b', "x" * 5000, "ap-barrier-2.6\n", "../ap", "é", "", "a b"])  # fmt: skip
def test_no_text_of_a_visitor_comes_into_a_query(name: str, store: Store, tiny_open: OpenBuild) -> None:
    with reading(tiny_open, store) as kg:
        asked: list[str] = []
        select = Client.select

        def note(client: Client, query: str, *, until: float, graph: str = "", most: int = 1 << 20) -> object:
            asked.append(query)
            return select(client, query, until=until, graph=graph, most=most)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Client, "select", note)
            for verb in (kg.describe, kg.answers_to, kg.neighbours):
                with pytest.raises(UnknownItem):
                    verb(name)
        sent = [query for query in asked if name and name in query]
        assert bool(sent) == (name == "nope"), "only what could be an id is asked for"


def test_sparql_is_guarded_before_the_store_sees_it(tiny_open: OpenBuild) -> None:
    refused = [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * FROM <urn:x> { ?s ?p ?o }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "DROP ALL",
    ]
    with Bad(say(http(LINES))) as bad, reading(tiny_open, bad.store(BASE)) as kg:
        for query in refused:
            with pytest.raises((QueryRefused, BadQuery)):
                kg.sparql(query)
        assert bad.asked == 0
        kg._store.stores._endpoints[0].graph_until = time.monotonic() + 9  # type: ignore[union-attr]
        kg._store.stores._endpoints[0].graph = "urn:x"  # type: ignore[union-attr]
        assert kg.sparql("SELECT ?graph { ?s ?p ?graph }").count == 1, "the control: what is no attack reaches it"
        assert bad.asked == 1


def test_sparql_of_a_store_is_cut_marked_and_stopped(
    store: Store, tiny_open: OpenBuild, tiny_kg: KnowledgeGraph
) -> None:
    from kg.data_results import Limits

    with reading(tiny_open, store) as kg:
        for query, formats in (
            ("SELECT ?s ?l { ?s skos:prefLabel ?l } ORDER BY ?s", ("json", "xml", "csv", "tsv")),
            ("ASK { id:ap-barrier-2.6 a kg:Barrier }", ("json",)),
            (
                "CONSTRUCT { ?s skos:prefLabel ?l } { ?s skos:prefLabel ?l }",
                ("turtle", "json-ld", "ntriples", "rdfxml"),
            ),
        ):
            for form in formats:
                mine, theirs = tiny_kg.sparql(query, format=form), kg.sparql(query, format=form)
                assert sorted(mine.body.split()) == sorted(theirs.body.split()), (query, form)
        cut = kg.sparql("SELECT * { ?s ?p ?o }", limits=Limits(rows=7))
        assert (cut.count, cut.cut) == (7, "rows") and "cut after 7 rows" in cut.body
        graph = kg.sparql("CONSTRUCT WHERE { ?s ?p ?o }", format="turtle", limits=Limits(rows=7))
        assert (graph.count, graph.cut) == (7, "rows") and graph.mark in graph.body
        with pytest.raises(QueryTooCostly):
            kg.sparql("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", seconds=0.3)
        assert kg.describe(ITEM).item.id == ITEM, "nobody's slow query takes the store from others"


# ---- publishing ----


def test_a_build_is_sent_once_and_read_back_whole(running: Running, store: Store, tiny_open: OpenBuild) -> None:
    again = publish_build(tiny_open, store, grace=0)
    assert not again.sent and again.compared == again.triples > 500
    assert again.before == again.graph == f"{BASE}graph/{tiny_open.folder.name}"


def test_looking_changes_nothing(store: Store, newer_build: OpenBuild, tiny_open: OpenBuild) -> None:
    seen = publish_build(newer_build, store, dry_run=True)
    assert seen.sent and seen.before.endswith(tiny_open.folder.name)
    again = publish_build(newer_build, store, dry_run=True)
    assert replace(seen, seconds=0) == replace(again, seconds=0)
    with reading(newer_build, store) as kg:
        assert "newer" not in kg.describe(ITEM).item.summary
        with pytest.raises(StoreDown, match="does not hold the graph that belongs"):
            kg.answers("bank account")  # its words lead into a graph that is not there


def test_the_last_two_graphs_are_kept(store: Store, newer_build: OpenBuild, tiny_open: OpenBuild) -> None:
    target, client = GraphStore(store.update, seconds=5), Client(store.query[0])  # type: ignore[arg-type]
    old, other = f"{BASE}graph/old", "urn:not-ours"
    triple = f"<{BASE}id/ap> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}ontology#Source> .\n".encode()
    for graph in (old, other):
        target.put(graph, triple)
    done = publish_build(newer_build, store, grace=0)
    assert done.removed == (old,) and done.before.endswith(tiny_open.folder.name)
    rows = client.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", until=time.monotonic() + 5)
    assert {row["g"].text for row in rows} == {done.graph, done.before, other, store.graph}
    client.close()
    target.close()


@pytest.mark.parametrize("step", ["sent", "half sent", "changed", "before the switch", "at the switch"])
def test_whatever_fails_on_the_way_leaves_the_old_graph_in_use(
    step: str,
    store: Store,
    newer_build: OpenBuild,
    tiny_open: OpenBuild,
    tiny_kg: KnowledgeGraph,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put = GraphStore.put

    def fail(target: GraphStore, graph: str, ntriples: object) -> None:
        switching = isinstance(ntriples, bytes)
        if step == "at the switch" and switching:
            raise StoreDown("The store cannot be reached.")
        if switching or step in ("at the switch", "before the switch"):
            return put(target, graph, ntriples)  # type: ignore[arg-type]
        lines = ntriples.read().splitlines(keepends=True)  # type: ignore[attr-defined]
        if step == "sent":
            raise StoreDown("The store cannot be reached.")
        half = lines[: len(lines) // 2]
        changed = [line.replace(b"It is newer", b"It is older") for line in lines]
        put(target, graph, b"".join(half if step == "half sent" else changed))
        return None

    monkeypatch.setattr(GraphStore, "put", fail)
    if step == "before the switch":
        monkeypatch.setattr(store_publishing._Publisher, "_check", lambda *_: (_ for _ in ()).throw(StoreDown("gone")))
    with pytest.raises(StoreDown):
        publish_build(newer_build, store, grace=0)
    with reading(tiny_open, store) as kg:
        assert told(kg) == told(tiny_kg)
        assert kg.answers("bank account") == tiny_kg.answers("bank account")


def switch_under_load(
    store: Store, builds: tuple[OpenBuild, OpenBuild], switch: Callable[[OpenBuild], object], times: int
) -> Counter[str]:
    """What readers got while one build took the place of the other: "old", "new", "mixed", "failed"."""
    wanted = {}
    for name, build in zip(("old", "new"), builds, strict=True):
        with KnowledgeGraph(build) as kg:
            wanted[told(kg)] = name
    got, over = Counter[str](), threading.Event()

    def read() -> None:
        with reading(builds[0], store) as kg:
            while not over.is_set():
                try:
                    one = [to_json(kg.describe(ITEM)), to_json(kg.answers(ITEM)), to_json(kg.neighbours(ITEM))]
                except Exception as error:
                    got["failed"] += 1
                    got[f"failed: {error}"] += 1
                    continue
                for place, part in enumerate(one):
                    fits = [
                        name for text, name in wanted.items() if json.loads(text)[place] == json.loads(json.dumps(part))
                    ]
                    got[fits[0] if fits else "mixed"] += 1

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(times):
        switch(builds[(number + 1) % 2])
    over.set()
    for reader in readers:
        reader.join()
    return got


def test_a_switch_under_load_gives_no_failed_and_no_mixed_answer(
    store: Store, newer_build: OpenBuild, tiny_open: OpenBuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_current, "FRESH", 0.02)
    got = switch_under_load(store, (tiny_open, newer_build), lambda build: publish_build(build, store, grace=0), 8)
    assert set(got) == {"old", "new"}, got
    assert min(got.values()) > 5, got


def test_the_control_a_graph_replaced_in_place_gives_failed_or_mixed_answers(
    store: Store, newer_build: OpenBuild, tiny_open: OpenBuild
) -> None:
    target = GraphStore(store.update, seconds=5)  # type: ignore[arg-type]
    graph = f"{BASE}graph/{tiny_open.folder.name}"

    def in_place(build: OpenBuild) -> None:
        target.delete(graph)
        time.sleep(0.02)
        target.put(graph, (build.folder / "graph.nt").read_bytes())
        time.sleep(0.02)

    got = switch_under_load(store, (tiny_open, newer_build), in_place, 8)
    assert got["failed"] + got["mixed"] > 0, got
    target.close()


def test_what_stands_in_the_pointing_graph_is_not_written_over(store: Store, tiny_open: OpenBuild) -> None:
    full = replace(store, graph=f"{BASE}graph/{tiny_open.folder.name}")
    with pytest.raises(BadSetting, match="holds data"):
        publish_build(tiny_open, full)
    with reading(tiny_open, full) as kg:
        assert kg.describe(ITEM).item.id == ITEM, "but it may be read: a graph that somebody loaded by hand"


def test_the_command_says_what_it_did_and_how_it_ended(
    running: Running, store: Store, tiny_build: Config, runner: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert runner.invoke(main, ["publish"]).exit_code == 2
    monkeypatch.setenv("KG_SPARQL", running.query)
    assert runner.invoke(main, ["publish"]).exit_code == 2
    monkeypatch.setenv("KG_SPARQL_GSP", running.update)
    done = runner.invoke(main, ["publish", "--json"])
    assert (done.exit_code, json.loads(done.stdout)["sent"]) == (0, False), done.output
    assert "would be in use" in runner.invoke(main, ["publish", "--dry-run"]).output
    shown = json.loads(runner.invoke(main, ["show", ITEM, "--json"]).stdout)
    assert shown["id"] == ITEM
    refused = Bad(say(http(b"", status="401 Unauthorized")))
    with refused as bad:
        monkeypatch.setenv("KG_SPARQL", bad.address.replace("http://", "http://me:s3cret@"))
        done = runner.invoke(main, ["publish"])
        assert done.exit_code == 1 and "KG_SPARQL_USER" in done.output and "s3cret" not in done.output
    monkeypatch.setenv("KG_SPARQL", "http://127.0.0.1:9/query")
    done = runner.invoke(main, ["show", ITEM])
    assert done.exit_code == 1 and "cannot be reached" in done.output


# ---- replicas ----


def test_one_of_two_replicas_is_killed_under_load_and_no_request_fails(
    tmp_path: Path, tiny_open: OpenBuild, tiny_kg: KnowledgeGraph
) -> None:
    subprocess.run(
        [
            OXIGRAPH,
            "load",
            "--location",
            tmp_path,
            "--file",
            tiny_open.folder / "graph.nt",
            "--graph",
            f"{BASE}graph/current",
        ],
        check=True,
        capture_output=True,
    )
    got, over = Counter[int](), threading.Event()
    with (
        oxigraph(tmp_path, read_only=True) as one,
        oxigraph(tmp_path, read_only=True) as two,
        KnowledgeGraph(tiny_open, store=one.store(two, base=BASE)) as kg,
    ):
        kg._store.stores._seconds = LONG  # type: ignore[union-attr]
        assert told(kg) == told(tiny_kg)
        app = create_app(kg, TESTING=True)

        def visit() -> None:
            client = app.test_client()
            while not over.is_set():
                found = client.get(f"/id/{ITEM}")
                got[found.status_code] += 1

        def wait_until(number: int) -> None:
            end = time.monotonic() + 30
            while got.total() < number and time.monotonic() < end:
                time.sleep(0.02)

        visitors = [threading.Thread(target=visit) for _ in range(3)]
        for visitor in visitors:
            visitor.start()
        wait_until(15)
        one.kill()
        wait_until(got.total() + 30)
        over.set()
        for visitor in visitors:
            visitor.join()
        assert set(got) == {200} and got.total() >= 45, got
        two.kill()
        found = app.test_client().get(f"/id/{ITEM}")
        assert found.status_code == 503, "the control: with both gone it cannot answer"


# ---- Virtuoso ----


@pytest.mark.store
def test_a_switch_under_load_of_virtuoso_gives_no_failed_and_no_mixed_answer(
    tmp_path: Path, newer_build: OpenBuild, tiny_open: OpenBuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It empties the pointing graph for a moment before it fills it anew; readers go on with the graph that they know."""
    monkeypatch.setattr(store_current, "FRESH", 0.02)
    with virtuoso(tmp_path) as running:
        store = running.store(base=BASE)
        publish_build(tiny_open, store, grace=0)
        got = switch_under_load(store, (tiny_open, newer_build), lambda build: publish_build(build, store, grace=0), 8)
    assert set(got) == {"old", "new"}, got


@pytest.mark.store
def test_the_graph_store_of_virtuoso_takes_the_right_password_only(tmp_path: Path, tiny_open: OpenBuild) -> None:
    with virtuoso(tmp_path) as running:
        store = running.store(base=BASE)
        assert store.update
        wrong = replace(store, update=Endpoint(store.update.url, ("dba", "wrong")))
        with pytest.raises(StoreRefused, match="does not allow"):
            publish_build(tiny_open, wrong, grace=0)
        assert publish_build(tiny_open, store, grace=0).sent


# ---- benchmarks, in small ----


def test_killed_at_any_moment_it_leaves_the_old_graph_or_the_new_one() -> None:
    assert publish_kills.kill_often(1, 7) == 0


def test_the_comparison_of_stores_runs_and_its_control_is_seen(
    tiny_open: OpenBuild, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stores, "forty_questions", lambda kg: [("describe", ITEM), ("answers_about", "bank account")])
    assert stores.compare(tiny_open, 1, with_virtuoso=False) == 0
    assert "0 answers of" in capsys.readouterr().out
