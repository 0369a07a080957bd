"""Goals of safety that span rooms, held in short; `benchmarks/guards_*.py` hold them at length. Each has its negative control."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rdflib
import yaml
from flask import Flask, Response
from flask.testing import FlaskClient

from benchmarks import guards_bytes, guards_engines, guards_heavy, guards_offline, guards_search, guards_trips
from kg.config import Config
from kg.folders import open_build
from kg.queries import KnowledgeGraph
from webui import create_app
from webui.clients import is_loopback
from webui.safety import HEADERS

from . import hostile_yaml
from .sparql_attacks import COSTLY

ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "tests" / "tiny"

# ---- headers on every status ----


def not_found_again(client: FlaskClient) -> Response:
    tag = client.get("/api/v1/stats").headers["ETag"]
    return client.get("/api/v1/stats", headers={"If-None-Match": tag})  # type: ignore[return-value]


FORM = {"content_type": "application/x-www-form-urlencoded"}
STATUSES: dict[int, list[Callable[[FlaskClient], object]]] = {
    200: [lambda c: c.get("/"), lambda c: c.get("/healthz"), lambda c: c.get("/static/style.css"), lambda c: c.get("/sparql?query=ASK{}"), lambda c: c.get("/api/v1/stats")],
    302: [lambda c: c.get("/barriers/hr-harm-3")],
    304: [not_found_again],
    400: [lambda c: c.get("/", headers={"Host": "evil.example"}), lambda c: c.get("/sparql?query=ASK{"), lambda c: c.get("/api/v1/search?q=bank&kind=none"), lambda c: c.get("/paths?from=%00")],
    403: [lambda c: c.get("/sparql?query=LOAD<http://127.0.0.1:9/>")],
    404: [lambda c: c.get("/nowhere"), lambda c: c.get("/id/nothing"), lambda c: c.get("/api/v1/nowhere"), lambda c: c.get("/static/none.css")],
    405: [lambda c: c.delete("/"), lambda c: c.put("/api/v1/stats"), lambda c: c.open("/", method="TRACE")],
    406: [lambda c: c.get("/sparql?query=ASK{}", headers={"Accept": "image/png"})],
    413: [lambda c: c.post("/search", data=b"q=" + b"x" * 70_000, **FORM), lambda c: c.post("/sparql", data=b"query=" + b"x" * 70_000, **FORM)],
    415: [lambda c: c.post("/sparql", data=b"{}", content_type="application/json")],
    422: [lambda c: c.get("/api/v1/compare?first=ap&second=ap")],
    500: [lambda c: c.get("/fault"), lambda c: c.get("/api/fault")],
    503: [lambda c: c.get("/unwell")],
    504: [lambda c: c.get("/sparql?query=SELECT(COUNT(*)AS%20?n){?a%20?b%20?c.?d%20?e%20?f.?g%20?h%20?i}")],
}  # fmt: skip


@pytest.fixture(scope="module")
def client(tiny_kg: KnowledgeGraph) -> FlaskClient:
    from kg.errors import BuildDamaged

    app = create_app(tiny_kg, PROPAGATE_EXCEPTIONS=False, SPARQL_SECONDS=0.3)

    def unwell() -> str:
        raise BuildDamaged("The build is damaged.", "Run: kg build")

    app.add_url_rule("/fault", "fault", lambda: str(1 // 0))
    app.add_url_rule("/api/fault", "api_fault", lambda: str(1 // 0))
    app.add_url_rule("/unwell", "unwell", unwell)
    return app.test_client()


def lacking(answer: Response) -> set[str]:
    """Headers that an answer should have and has not, or should not have."""
    told = {name for name, value in HEADERS.items() if answer.headers.get(name) != value}
    told |= {"Cache-Control"} if "Cache-Control" not in answer.headers else set()
    return told | {name for name in ("Set-Cookie", "Server", "X-Powered-By") if name in answer.headers}


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_carries_every_header(client: FlaskClient, status: int) -> None:
    for ask in STATUSES[status]:
        answer = ask(client)
        assert answer.status_code == status  # type: ignore[attr-defined]
        assert lacking(answer) == set()  # type: ignore[arg-type]
        assert status == 200 or status == 304 or answer.headers["Cache-Control"] == "no-store"  # type: ignore[attr-defined]
        answer.close()  # type: ignore[attr-defined]


def test_a_client_that_is_told_to_wait_gets_every_header_too(tiny_kg: KnowledgeGraph) -> None:
    client = create_app(tiny_kg, RATE=1).test_client()
    other = {"REMOTE_ADDR": "192.0.2.1"}
    assert not is_loopback(other["REMOTE_ADDR"])
    answers = [client.get("/api/v1/search?q=bank", environ_overrides=other) for _ in range(3)]
    assert answers[-1].status_code == 429 and answers[-1].headers["Retry-After"]
    assert lacking(answers[-1]) == set()  # type: ignore[arg-type]


def test_negative_control_an_application_without_its_guard_lacks_them(tiny_kg: KnowledgeGraph) -> None:
    app = Flask("bare")
    app.add_url_rule("/", "home", lambda: "home")
    assert len(lacking(app.test_client().get("/"))) == len(HEADERS) + 1  # type: ignore[arg-type]


# ---- queries that are heavy ----

FEW = ["a product of three, counted", "texts that double", "a product behind an offset", "not of not"]


def test_heavy_queries_end_in_time_and_leave_no_process(tiny_build: Config) -> None:
    assert len(COSTLY) >= 40
    assert guards_heavy.run_each(tiny_build.build, FEW, seconds=0.3).faults == []


def test_negative_control_a_worker_that_kills_nothing_is_found(tiny_build: Config) -> None:
    found = guards_heavy.run_each(tiny_build.build, FEW[:1], more=guards_heavy.LENIENT, seconds=1.2)
    assert found.faults and found.slowest > guards_heavy.MOST_SECONDS


# ---- words in the search box ----


def test_fuzzed_words_are_answered_without_a_fault(kg: KnowledgeGraph) -> None:
    client = create_app(kg, PROPAGATE_EXCEPTIONS=False).test_client()
    found = guards_search.fuzz(client, guards_search.words_of(kg), 90, seed=11)
    assert not [status for status in found.statuses if status >= 500], found.faults
    assert found.statuses[200] > 60


@pytest.mark.parametrize("harm", [guards_search.fail, guards_search.dawdle])
def test_negative_control_a_search_that_harms_is_found(
    tiny_kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, harm: Callable[[], object]
) -> None:
    monkeypatch.setattr(guards_search, "MOST_MS", 100.0)
    monkeypatch.setattr(tiny_kg, "search", guards_search.spoilt(tiny_kg, harm))
    client = create_app(tiny_kg, PROPAGATE_EXCEPTIONS=False).test_client()
    found = guards_search.fuzz(client, ["bank"], 20)
    assert found.faults and found.misses()


# ---- files of data ----

READ = """
import json, re, sys, time
from pathlib import Path
from kg.strict_yaml import read_yaml
for path in sorted(Path(sys.argv[1]).iterdir()):
    begun = time.process_time()
    _, problems = read_yaml(path, path.name)
    told = [(each.file, each.line, each.what, bool(each.cure)) for each in problems]
    most = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
    print(json.dumps([path.stem, told, time.process_time() - begun, most]))
"""


def test_every_hostile_file_is_refused_by_line_and_reason_soon_and_in_little_memory(tmp_path: Path) -> None:
    names = list(hostile_yaml.FILES)
    assert len(names) >= 40
    for number, name in enumerate(names):
        (tmp_path / f"{number:03}.yaml").write_bytes(hostile_yaml.FILES[name][0].encode("utf-8", "surrogatepass"))
    done = subprocess.run([sys.executable, "-c", READ, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(names), done.stderr[-500:]
    for (stem, told, seconds, memory), name in zip(lines, names, strict=True):
        _, line, reason = hostile_yaml.FILES[name]
        assert told, f"{name} is not refused"
        file, at, what, cured = told[0]
        assert (file, cured) == (f"{stem}.yaml", True) and reason in what, f"{name}: {what}"
        assert at == line or not line, f"{name}: line {at}"
        assert seconds < 1 and memory < 200, f"{name}: {seconds:.2f} s, {memory:.0f} MB"


def test_negative_control_the_usual_reader_takes_many_of_them_and_changes_a_consent() -> None:
    taken = {}
    for name, (text, _, _) in hostile_yaml.FILES.items():
        if len(text) < 1000 and "double" not in name:
            try:
                taken[name] = yaml.safe_load(text)
            except (yaml.YAMLError, ValueError):
                continue
    assert len(taken) >= 15
    assert taken["consent twice"]["consent"] is True and taken["consent of somebody who comes twice"]["alice"]["consent"] is True  # fmt: skip


# ---- without the net, and the same bytes ----


def test_a_build_and_every_export_reach_for_no_network() -> None:
    assert guards_offline.reach_out(TINY, "everything", apart=guards_offline.can_be_apart()) == []


def test_negative_control_every_way_of_reaching_out_is_noted() -> None:
    assert guards_offline.control() == guards_offline.WAYS


def test_another_seed_folder_and_date_give_the_same_bytes_of_a_build_and_every_export() -> None:
    found = guards_bytes.compare(TINY, "everything", [(0, "one", False), (4242, "two/deeper", True)])
    assert found.made > 30 and found.differ == []
    assert found.alike == [], "seed, folder and date must have been others, or this proves nothing"


# ---- round trips, and two engines ----


def test_random_graphs_come_back_from_every_format(tiny_kg: KnowledgeGraph) -> None:
    assert len(guards_trips.READ_BACK) == 13
    faults = guards_trips.run(tiny_kg, 8, guards_trips.READ_BACK, seed=3)
    assert {name: each for name, each in faults.items() if each} == {}


def test_negative_control_a_careless_writer_is_found(tiny_kg: KnowledgeGraph) -> None:
    faults = guards_trips.run(tiny_kg, 20, ["csv", "graphml"], write=guards_trips.write_carelessly)
    assert all(len(each) >= 5 for each in faults.values())


@pytest.fixture(scope="module")
def oracle(tiny_build: Config) -> Iterator[rdflib.Graph]:
    yield rdflib.Graph().parse(open_build(tiny_build.build).checked("graph.nt"), format="nt")


def test_two_engines_agree_on_generated_queries(tiny_kg: KnowledgeGraph, oracle: rdflib.Graph) -> None:
    told, explained, full = guards_engines.compare(tiny_kg, oracle, 14, seed=5)
    assert told == [] and explained < 4 and full >= 4


def test_negative_control_a_triple_that_one_engine_lacks_is_seen(tiny_kg: KnowledgeGraph, oracle: rdflib.Graph) -> None:
    spoilt = rdflib.Graph()
    spoilt += oracle
    for text in (rdflib.SKOS.prefLabel, rdflib.SKOS.altLabel, rdflib.SKOS.definition):
        spoilt.remove((None, text, None))
    assert guards_engines.compare(tiny_kg, spoilt, 8, seed=5)[0]
