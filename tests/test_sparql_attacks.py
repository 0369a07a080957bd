"""Attacks on the SPARQL endpoint: nothing leaves, nothing is read, nothing runs on, and everybody else is served meanwhile.

Every guard has its negative control: with the guard off, the same attack is seen to succeed.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
from waitress.server import create_server

import kg.sparql as sparql_room
from kg.config import Config
from kg.data_results import Limits, prefixes_of
from kg.errors import BadQuery, KGError, QueryTooCostly
from kg.folders import open_build
from kg.queries import KnowledgeGraph
from kg.sparql import ForkedEngine, open_engine
from kg.sparql_guard import check_query
from webui import create_app
from webui.turns import Turns

from .sparql_attacks import COSTLY, ESCAPES, HARMLESS
from .sparql_queries import QUERIES

BASE = "https://w3id.org/survivor-leadership/"
WAYS = ("GET", "form", "body")
SECONDS = 0.5  # the deadline of these tests
TOO_LONG = 6.0  # a busy machine is slow; what matters is that the query was stopped


class Canary:
    """A server that must see nobody, and a file that must stay shut."""

    def __init__(self, folder: Path) -> None:
        self.seen: Counter[str] = Counter()
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.seen[self.path.partition("?")[0]] += 1
                kind, body = "text/turtle", b"<a:a> <a:b> <a:c> ."
                if "query=" in self.path or self.command == "POST":
                    kind, body = "application/sparql-results+json", b'{"head":{"vars":[]},"results":{"bindings":[]}}'
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.secret = "hush-8253"
        self.file = folder / "secret.ttl"
        self.file.write_text(f'<a:a> <a:b> "{self.secret}" .\n', encoding="utf-8")

    def bait(self, name: str) -> str:
        """An attack that would come here, to an address of its own."""
        place = f"/{list(ESCAPES).index(name)}"
        address = f"http://127.0.0.1:{self.server.server_port}{place}"
        return ESCAPES[name].replace("CANARY", address).replace("SECRET", self.file.as_uri())

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canary]:
    canary = Canary(tmp_path_factory.mktemp("canary"))
    yield canary
    canary.close()


@pytest.fixture(scope="module")
def own(tiny_build: Config) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph(open_build(tiny_build.build)) as kg:
        kg.data_engine.start()
        yield kg


@contextlib.contextmanager
def serving(knowledge: KnowledgeGraph, seconds: float) -> Iterator[int]:
    """The site as it is served, with three turns for the one attacker."""
    app = create_app(knowledge, SPARQL_SECONDS=seconds)
    app.extensions["turns"] = Turns(each=3, in_all=3)
    server = create_server(app, host="127.0.0.1", port=0, threads=8, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield int(server.effective_port)
    server.close()
    thread.join(5)


@pytest.fixture(scope="module")
def port(own: KnowledgeGraph) -> Iterator[int]:
    """Where a query is stopped soon."""
    with serving(own, SECONDS) as port:
        yield port


@pytest.fixture(scope="module")
def patient(own: KnowledgeGraph) -> Iterator[int]:
    """Where it is not, so that on a busy machine too whatever is refused is refused for what it is."""
    with serving(own, 20.0) as port:
        yield port


def send(port: int, query: str, way: str = "GET") -> tuple[int, str]:
    """Ask in one of the three ways of the protocol; wait as long as it takes."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        encoded = urlencode({"query": query})
        if way == "GET":
            connection.request("GET", f"/sparql?{encoded}", headers={"Accept": "*/*"})
        elif way == "form":
            head = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "*/*"}
            connection.request("POST", "/sparql", encoded, head)
        else:
            head = {"Content-Type": "application/sparql-query", "Accept": "*/*"}
            connection.request("POST", "/sparql", query.encode(), head)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def worker_of(kg: KnowledgeGraph) -> int:
    assert isinstance(kg.data_engine, ForkedEngine) and kg.data_engine._process
    return kg.data_engine._process.pid


def children_of(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def memory_of(process: int) -> float:
    """Megabytes in use."""
    [kilobytes] = re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(kilobytes) / 1024


# ---- nothing reaches outside ----


def test_no_attack_reaches_outside_in_any_of_the_three_ways(patient: int, canary: Canary, own: KnowledgeGraph) -> None:
    assert len(ESCAPES) >= 60
    before = canary.seen.total()
    with ThreadPoolExecutor(3) as pool:
        sent = [(name, way) for name in ESCAPES for way in WAYS]
        answers = list(pool.map(lambda each: send(patient, canary.bait(each[0]), each[1]), sent))
    for (name, way), (status, body) in zip(sent, answers, strict=True):
        assert status in ((200, 400, 403) if name in HARMLESS else (400, 403)), f"{name} by {way}: {status} {body}"
        assert canary.secret not in body and "root:" not in body, name
    refused = sum(status == 403 for status, _ in answers)
    assert refused >= 0.9 * len(answers), "most are refused for what they are, not for being unreadable"
    assert canary.seen.total() == before
    assert answers_well(patient) and children_of(worker_of(own)) == []


def answers_well(port: int) -> bool:
    return send(port, "ASK { id:ap-barrier-2.6 a kg:Barrier }") == (200, '{"head":{},"boolean":true}\n')


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri", "update"])  # fmt: skip
def test_no_parameter_of_the_protocol_reaches_outside(port: int, canary: Canary, parameter: str) -> None:
    before = canary.seen.total()
    asked = urlencode({"query": "SELECT * { ?s ?p ?o }", parameter: f"http://127.0.0.1:{canary.server.server_port}/p"})
    for method, path, body in (("GET", f"/sparql?{asked}", None), ("POST", "/sparql", asked)):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            connection.request(
                method, path, body, {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            )
            assert connection.getresponse().status == 403
    assert canary.seen.total() == before


def test_the_guard_refuses_no_honest_query() -> None:
    folder = Path(__file__).resolve().parent.parent / "ontology"
    honest = [*QUERIES.values(), *(path.read_text(encoding="utf-8") for path in folder.rglob("*.rq"))]
    assert len(honest) >= 95
    for query in honest:
        check_query(query, length=4096)


def test_negative_control_an_unguarded_handler_is_seen_by_the_canary(canary: Canary) -> None:
    import rdflib
    from rdflib.plugins import sparql as settings

    assert settings.SPARQL_LOAD_GRAPHS, "as rdflib is delivered"
    before, shown = Counter(canary.seen), 0
    for name in ESCAPES:
        with contextlib.suppress(Exception), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # rdflib's own, of what it will drop
            data = rdflib.Dataset(default_union=True)
            data.add((rdflib.URIRef("a:x"), rdflib.RDF.type, rdflib.URIRef(BASE + "ontology#Barrier")))
            found = data.query(canary.bait(name), initNs=prefixes_of(BASE))
            shown += canary.secret in str(list(found))
    hit = [place for place in canary.seen if canary.seen[place] > before[place]]
    assert len(hit) >= 25, "the attacks must be real"
    assert shown >= 2, "and the file must be one that can be read"


# How a worker is started whose guard lets everything through; and one that has no limits either.
UNGUARDED = """
import kg.sparql_asking as asking
asking.check_query = lambda text, length: text
asking.check_words = lambda text: None
import kg.sparql_worker as worker
{more}
worker.main()
"""
UNLIMITED = "worker.limit_process = lambda memory, seconds=None: None"


@contextlib.contextmanager
def worker_with(monkeypatch: pytest.MonkeyPatch, build: Config, more: str) -> Iterator[ForkedEngine]:
    """An engine whose worker runs other code."""
    import subprocess
    import sys

    def start(graph: Path, base: str, how: str, **options: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", UNGUARDED.format(more=more), str(graph), base, how]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(sparql_room, "_start_worker", start)
    engine = open_engine(lambda: open_build(build.build).checked("graph.nt"), BASE, forks=True)
    try:
        yield engine  # type: ignore[misc]
    finally:
        engine.close()


SERVICES = [name for name in ESCAPES if re.match(r"service(, silent| to| in an| in a| in exists$|$)", name)]


def test_behind_the_guard_stands_a_process_that_can_open_nothing(
    monkeypatch: pytest.MonkeyPatch, tiny_build: Config, canary: Canary
) -> None:
    before = canary.seen.total()
    with worker_with(monkeypatch, tiny_build, "") as engine:
        for name in SERVICES:
            with contextlib.suppress(KGError):
                engine.ask(canary.bait(name), ["json", "turtle"], Limits())
    assert len(SERVICES) >= 8 and canary.seen.total() == before


def test_negative_control_without_either_the_engine_comes_to_the_canary(
    monkeypatch: pytest.MonkeyPatch, tiny_build: Config, canary: Canary
) -> None:
    before = canary.seen.total()
    with worker_with(monkeypatch, tiny_build, UNLIMITED) as engine:
        for name in SERVICES:
            with contextlib.suppress(KGError):
                engine.ask(canary.bait(name), ["json", "turtle"], Limits())
    assert canary.seen.total() >= before + 5


# ---- nothing runs on, and everybody else is served ----


def test_every_costly_query_ends_in_time_while_pages_are_answered_and_memory_returns(
    port: int, patient: int, own: KnowledgeGraph
) -> None:
    worker, statuses, stop = worker_of(own), list[int](), threading.Event()
    assert answers_well(patient)
    before = memory_of(worker)

    def visit() -> None:
        while not stop.is_set():
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                connection.request("GET", "/")
                statuses.append(connection.getresponse().status)
            time.sleep(0.05)

    def attack(name: str) -> tuple[int, str, float]:
        begun = time.monotonic()
        status, body = send(port, COSTLY[name][0], WAYS[list(COSTLY).index(name) % 3])
        return status, body, time.monotonic() - begun

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        with ThreadPoolExecutor(3) as pool:
            answers = dict(zip(COSTLY, pool.map(attack, COSTLY), strict=True))
    finally:
        stop.set()
        visitor.join()
    for name, (status, body, took) in answers.items():
        assert status in COSTLY[name][1], f"{name}: {status} {body[:200]}"
        assert took < TOO_LONG, f"{name} took {took:.1f} s"
        assert status != 504 or "was stopped" in body, name
    assert sum(status == 504 for status, _, _ in answers.values()) >= 12
    assert len(statuses) >= 10 and set(statuses) == {200}, "the first page was answered all the while"
    assert worker_of(own) == worker, "no attack ends the process that holds the graph"
    assert children_of(worker) == []
    assert memory_of(worker) < before + 20
    assert answers_well(patient)


def test_what_is_late_is_killed_and_what_takes_too_much_memory_is_told_so(own: KnowledgeGraph) -> None:
    engine, seen = own.data_engine, set[int]()
    assert isinstance(engine, ForkedEngine)
    worker = worker_of(own)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(engine.ask, COSTLY["a product of three, counted"][0], ["json"], Limits(seconds=0.6))
        while not asked.done():
            seen |= set(children_of(worker))
        with pytest.raises(QueryTooCostly, match=r"stopped after 0\.6 seconds"):
            asked.result()
    assert len(seen) == 1 and not Path(f"/proc/{seen.pop()}").exists()
    with pytest.raises(QueryTooCostly, match="more memory"):
        engine.ask(COSTLY["texts that double"][0], ["json"], Limits(seconds=20, memory=64 << 20))


def test_the_time_of_the_processor_is_limited_too_should_nobody_be_left_to_kill(
    monkeypatch: pytest.MonkeyPatch, tiny_build: Config
) -> None:
    lenient = "worker.ForkServer._stop_late = lambda self: None"
    with worker_with(monkeypatch, tiny_build, lenient) as engine:
        begun = time.monotonic()
        with pytest.raises(QueryTooCostly, match="stopped after"):
            engine.ask(COSTLY["a product of three, counted"][0], ["json"], Limits(seconds=0.3))
        assert time.monotonic() - begun < TOO_LONG


def test_negative_control_without_a_limit_the_same_query_runs_on(
    monkeypatch: pytest.MonkeyPatch, tiny_build: Config
) -> None:
    monkeypatch.setattr(sparql_room, "PATIENCE", 3.0)
    more = f"worker.ForkServer._stop_late = lambda self: None\n{UNLIMITED}"
    with worker_with(monkeypatch, tiny_build, more) as engine:
        engine.start()
        assert engine._process
        worker = engine._process.pid
        begun = time.monotonic()
        with pytest.raises(QueryTooCostly):  # whoever asked gives up, and ends it all
            engine.ask(COSTLY["a product of three, counted"][0], ["json"], Limits(seconds=0.3))
        assert time.monotonic() - begun > 3
        assert not Path(f"/proc/{worker}").exists() or children_of(worker) == []


def test_a_broken_engine_writes_nothing_anywhere(own: KnowledgeGraph, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises((BadQuery, QueryTooCostly)):
        own.sparql("ASK { FILTER(" + "!" * 3000 + "?unheardofword8253) }")
    out, err = capfd.readouterr()
    assert out == err == ""
