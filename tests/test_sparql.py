"""SPARQL: two engines agree, every format can be read back, what is cut says so, what ends is started again."""

from __future__ import annotations

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import rdflib
from click.testing import CliRunner
from rdflib.compare import isomorphic, to_isomorphic
from rdflib.query import Result

from kg.cli import main
from kg.config import Config
from kg.data_results import FORMATS, Cell, DataAnswer, Limits, prefixes_of
from kg.errors import BadQuery, EngineDown, FormatUnfit, KGError, QueryRefused, QueryTooCostly
from kg.folders import open_build
from kg.queries import KnowledgeGraph
from kg.sparql import SpawnedEngine, open_engine
from kg.sparql_guard import PARTS

from .sparql_queries import EMPTY, QUERIES

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://w3id.org/survivor-leadership/"
ALL = Limits(rows=100_000, size=1 << 26, seconds=20)
PARSERS = {"json": "json", "xml": "xml", "csv": "csv", "tsv": "tsv"}
GRAPHS = {"turtle": "turtle", "json-ld": "json-ld", "ntriples": "nt", "rdfxml": "xml"}


@pytest.fixture(scope="module")
def oracle(tiny_build: Config) -> rdflib.Graph:
    """The same graph in the other engine."""
    return rdflib.Graph().parse(open_build(tiny_build.build).checked("graph.nt"), format="nt")


# ---- two engines ----


def plain(cell: Any) -> Any:
    """A term, however an engine spells it: numbers by their value."""
    if cell is None:
        return None
    if isinstance(cell, Cell):
        kind, text, language, datatype = cell
    elif isinstance(cell, rdflib.Literal):
        kind, text, language, datatype = "literal", str(cell), cell.language or "", str(cell.datatype or "")
    else:
        kind, text, language, datatype = ("uri" if isinstance(cell, rdflib.URIRef) else "bnode"), str(cell), "", ""
    datatype = datatype.removeprefix(str(rdflib.XSD))
    if datatype in ("integer", "decimal", "double"):
        try:
            return "number", round(Decimal(text), 6)
        except InvalidOperation:
            pass
    return kind, text, language.lower(), "" if datatype == "string" else datatype


@pytest.mark.parametrize("name", QUERIES)
def test_two_engines_give_the_same(tiny_kg: KnowledgeGraph, oracle: rdflib.Graph, name: str) -> None:
    query = QUERIES[name]
    ours = tiny_kg.sparql(query, format=["json", "ntriples"], limits=ALL)
    theirs = oracle.query(query, initNs=prefixes_of(BASE))
    if ours.form == "truth":
        assert ours.table().rows[0][0].text == ("yes" if theirs.askAnswer else "no")  # type: ignore[union-attr]
        return
    if ours.form == "graph":
        assert theirs.graph is not None and len(theirs.graph) == ours.count > 0
        assert isomorphic(rdflib.Graph().parse(data=ours.body, format="nt"), theirs.graph)
        return
    names = ours.table().names
    assert set(names) == {str(each) for each in theirs.vars or ()}
    found = [tuple(map(plain, row)) for row in ours.table().rows]
    expected = [tuple(plain(row.get(each)) for each in names) for row in theirs.bindings]
    assert (found == expected) if " ORDER BY " in query.rpartition("}")[2] else (Counter(found) == Counter(expected))
    assert bool(found) == (name not in EMPTY)


def test_there_are_many_of_them() -> None:
    assert len(QUERIES) >= 40 and set(EMPTY) <= set(QUERIES)
    assert all(re.search(pattern, " ".join(QUERIES.values())) for pattern in ("MINUS", r"\+ \?", "HAVING", "OFFSET", "DESCRIBE", "CONSTRUCT", "REGEX", "xsd:date"))  # fmt: skip


# ---- sample queries ----

SAMPLES = sorted((ROOT / "ontology" / "queries").glob("*.rq"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_query_asks_one_question_and_gives_more_than_nothing(kg: KnowledgeGraph, path: Path) -> None:
    query = path.read_text(encoding="utf-8")
    assert re.match(r"# [A-Z][^\n]+\?\n", query)
    found = kg.sparql(query, seconds=20)
    assert found.count > 0 and not found.cut
    declared = set(re.findall(r"PREFIX (\w+):", query))
    used = set(re.findall(r"\b([a-z]+):(?!//)", re.sub(r"<[^>]*>|#.*", "", query)))
    assert declared == used, "it can be asked elsewhere too"


def test_there_are_twenty_samples_and_the_library_knows_them(kg: KnowledgeGraph) -> None:
    assert len(SAMPLES) == len(kg.samples) == 20
    assert kg.samples[0].question == "What kinds of items are there, and how many of each?"


def test_samples_follow_the_base_of_an_installation(tmp_path: Path) -> None:
    from kg.samples import read_samples

    assert "https://example.org/id/" in read_samples(ROOT / "ontology" / "queries", "https://example.org/")[3].query
    assert read_samples(tmp_path / "nowhere", BASE) == ()


# ---- formats ----

MIXED = """SELECT ?a ?b ?c ?d { VALUES (?a ?b ?c ?d) {
  (id:ap-barrier-2.6 'plain, "quoted"' 'casa'@es 5) (UNDEF 'two\\nlines\\tand a tab\\\\' '<&>日本語𝄞' 2.50) (kg:x '' true '2024-01-01'^^xsd:date) } }"""


@pytest.mark.parametrize("form", PARSERS)
def test_rows_can_be_read_back_from_every_format(tiny_kg: KnowledgeGraph, form: str) -> None:
    found = tiny_kg.sparql(MIXED, format=form)
    assert found.media_type == FORMATS[form].media_type
    read = Result.parse(BytesIO(found.body.encode()), format=form)
    rows = [tuple(plain(row.get(rdflib.Variable(name))) for name in "abcd") for row in read.bindings]
    expected = [tuple(map(plain, row)) for row in tiny_kg.sparql(MIXED).table().rows]
    assert [str(name) for name in read.vars or ()] == list("abcd")
    if form == "csv":  # the standard keeps the text alone
        texts = [[cell[1] if cell else "" for cell in row] for row in rows]
        assert (
            texts[1][1] == "two\nlines\tand a tab\\"
            and texts[0][1] == 'plain, "quoted"'
            and texts[1][2] == "<&>日本語𝄞"
        )
    else:
        assert rows == expected


@pytest.mark.parametrize("form", GRAPHS)
def test_graphs_can_be_read_back_from_every_format(tiny_kg: KnowledgeGraph, oracle: rdflib.Graph, form: str) -> None:
    found = tiny_kg.sparql("CONSTRUCT WHERE { ?s ?p ?o }", format=form, limits=ALL)
    assert found.media_type == FORMATS[form].media_type
    read = rdflib.Graph().parse(data=found.body, format=GRAPHS[form])
    assert found.count == len(read) == len(oracle)
    assert to_isomorphic(read) == to_isomorphic(oracle)


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_yes_and_no_have_a_form_in_every_format(tiny_kg: KnowledgeGraph, form: str) -> None:
    assert "true" in tiny_kg.sparql("ASK {}", format=form).body
    assert "false" in tiny_kg.sparql("ASK { kg:no kg:no kg:no }", format=form).body


def test_a_spreadsheet_finds_no_formula(tiny_kg: KnowledgeGraph) -> None:
    query = "SELECT ?x { VALUES ?x { '=1+1' '+1' '@SUM' '-1' -1 -1.5 } }"
    lines = tiny_kg.sparql(query, format="csv").body.split("\r\n")[1:]
    assert lines == ["'=1+1", "'+1", "'@SUM", "'-1", "-1", "-1.5", ""]


def test_control_characters_do_not_break_xml(tiny_kg: KnowledgeGraph) -> None:
    found = tiny_kg.sparql(r"SELECT ?x { BIND('a\u0007\uFFFEb' AS ?x) }", format="xml")
    read = Result.parse(BytesIO(found.body.encode()), format="xml")
    assert str(read.bindings[0][rdflib.Variable("x")]) == "a\ufffd\ufffdb"


def test_a_format_that_cannot_hold_the_result_is_told(tiny_kg: KnowledgeGraph) -> None:
    with pytest.raises(FormatUnfit, match="One of: turtle"):
        tiny_kg.sparql("DESCRIBE id:ap-barrier-2.6", format="csv")
    with pytest.raises(FormatUnfit, match="One of: json"):
        tiny_kg.sparql("ASK {}", format=["turtle", "rdfxml"])
    with pytest.raises(BadQuery, match="no format 'pdf'"):
        tiny_kg.sparql("ASK {}", format="pdf")
    assert tiny_kg.sparql("DESCRIBE id:ap-barrier-2.6", format=["csv", "rdfxml", "turtle"]).format == "rdfxml"


# ---- what is cut ----

FEW = Limits(rows=10)
SMALL = Limits(size=5000)
ROWS, TRIPLES = "SELECT ?s ?p ?o { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"


@pytest.mark.parametrize(("limits", "cut"), [(FEW, "rows"), (SMALL, "size")], ids=["rows", "size"])
@pytest.mark.parametrize("form", FORMATS)
def test_what_is_cut_says_so_in_its_body_and_can_still_be_read(
    tiny_kg: KnowledgeGraph, form: str, limits: Limits, cut: str
) -> None:
    graph = FORMATS[form].graph
    found = tiny_kg.sparql(TRIPLES if graph else ROWS, format=form, limits=limits)
    assert (found.cut, found.mark) == (cut, f"cut after {found.count} {'triples' if graph else 'rows'}: there are more")
    assert found.count == limits.rows if cut == "rows" else 0 < found.count < limits.rows
    assert len(found.body.encode()) <= limits.size
    assert (found.mark in found.body) == (form not in ("csv", "tsv")), "these two have no place for it"
    if graph:
        assert len(rdflib.Graph().parse(data=found.body, format=GRAPHS[form])) == found.count
    else:
        assert len(Result.parse(BytesIO(found.body.encode()), format=form).bindings) == found.count


@pytest.mark.parametrize("form", FORMATS)
def test_what_fits_exactly_is_not_marked(tiny_kg: KnowledgeGraph, form: str) -> None:
    graph = FORMATS[form].graph
    found = tiny_kg.sparql((TRIPLES if graph else ROWS) + " LIMIT 10", format=form, limits=FEW)
    assert (found.count, found.cut, found.mark) == (10, "", "") and "cut after" not in found.body


def test_the_mark_in_json_ld_is_no_statement_for_another_reader_either(tiny_kg: KnowledgeGraph) -> None:
    import json

    from pyld import jsonld

    found = tiny_kg.sparql(TRIPLES, format="json-ld", limits=FEW)
    assert "truncated" in json.loads(found.body)
    quads = jsonld.to_rdf(json.loads(found.body), {"format": "application/n-quads"})
    assert len(quads.splitlines()) == 10 and "truncated" not in quads


def test_there_is_one_graph_and_no_other(tiny_kg: KnowledgeGraph) -> None:
    assert tiny_kg.sparql("SELECT ?g { GRAPH ?g { ?s ?p ?o } }").count == 0


# ---- what goes wrong is told ----


@pytest.mark.parametrize(
    ("query", "error", "words"),
    [
        ("", BadQuery, "no query"),
        ("SELECT * { ?s ?p", BadQuery, "line 1 at column"),
        ("SELECT *\n{ ?s ?p ?o\n", BadQuery, "line 3"),
        ("SELECT ?x { ?x nosuch:p ?o }", BadQuery, "cannot be asked|can be asked"),
        ("SELECT ?x { ?x a-b ?o }", BadQuery, "'b' is no word"),
        (r"ASK { ?s ?p '\u005Cu0041' }", BadQuery, "escapes an escape"),
        (r"ASK { ?s ?p '\uD800' }", BadQuery, "no character"),
        ("ASK { ?s ?p '\ud800' }", BadQuery, "half a character"),
        ("SELECT (SUM(?x) AS ?y) ?z { ?x ?p ?z }", BadQuery, "query"),
    ],
)
def test_a_bad_query_is_told_with_its_place(
    tiny_kg: KnowledgeGraph, query: str, error: type[KGError], words: str
) -> None:
    with pytest.raises(error, match=words) as told:
        tiny_kg.sparql(query)
    assert told.value.hint


def test_every_part_that_rdflib_can_read_is_decided() -> None:
    """A part that a later rdflib adds is refused until somebody has looked at it; this test asks for that look."""
    from rdflib.plugins.sparql import parser

    known = set(re.findall(r'Comp\(\s*"([^"]+)"', Path(parser.__file__).read_text(encoding="utf-8")))
    changes = {"Add", "Clear", "Copy", "Create", "DeleteClause", "DeleteData", "DeleteWhere", "Drop", "InsertClause", "InsertData", "Load", "Modify", "Move", "Quads", "QuadsNotTriples", "Update", "UsingClause"}  # fmt: skip
    assert known - PARTS == changes | {"ServiceGraphPattern", "DatasetClause"}
    assert PARTS - known == set()


# ---- the process ----


def answers(kg_or_engine: Any) -> bool:
    ask = kg_or_engine.sparql if isinstance(kg_or_engine, KnowledgeGraph) else None
    found: DataAnswer = ask("ASK {}") if ask else kg_or_engine.ask("ASK {}", ["json"], Limits())
    return "true" in found.body


@pytest.fixture
def own(tiny_build: Config) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph(open_build(tiny_build.build)) as kg:
        yield kg


def worker_of(kg: KnowledgeGraph) -> int:
    kg.data_engine.start()
    return int(kg.data_engine._process.pid)  # type: ignore[attr-defined]


def test_a_process_that_was_killed_is_started_again_for_the_next_query(own: KnowledgeGraph) -> None:
    first = worker_of(own)
    assert answers(own) and worker_of(own) == first
    os.kill(first, signal.SIGKILL)
    assert answers(own)
    assert worker_of(own) != first


def test_a_process_that_hangs_is_ended_and_started_again(own: KnowledgeGraph) -> None:
    first = worker_of(own)
    os.kill(first, signal.SIGSTOP)
    with pytest.raises(QueryTooCostly):
        own.sparql("ASK {}", seconds=0.2)
    assert answers(own) and worker_of(own) != first


def test_closing_ends_the_process_and_a_closed_graph_may_ask_again(own: KnowledgeGraph) -> None:
    first = worker_of(own)
    own.data_engine.close()
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert answers(own)


def test_a_process_ends_when_whoever_started_it_is_killed(tiny_build: Config) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from kg.queries import KnowledgeGraph; from kg.folders import open_build; from pathlib import Path\n"
        "kg = KnowledgeGraph(open_build(Path(sys.argv[1]))); kg.data_engine.start()\n"
        "print(kg.data_engine._process.pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tiny_build.build)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as parent:  # fmt: skip
        assert parent.stdout
        worker = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 5
    while time.monotonic() < until and Path(f"/proc/{worker}").exists():
        time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_a_graph_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "graph.nt"
    broken.write_text("this is no triple\n", encoding="utf-8")
    for forks in (True, False):
        with pytest.raises(EngineDown, match="cannot be started"):
            open_engine(lambda: broken, BASE, forks=forks).start()


def test_where_nothing_can_fork_one_process_answers_in_turn_and_is_killed_when_late(tiny_build: Config) -> None:
    engine = open_engine(lambda: open_build(tiny_build.build).checked("graph.nt"), BASE, forks=False)
    assert isinstance(engine, SpawnedEngine)
    try:
        assert answers(engine)
        process = engine._process
        with pytest.raises(QueryTooCostly, match="after 0.5 seconds"):
            engine.ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", ["json"], Limits(seconds=0.5))
        assert process and process.returncode == -signal.SIGKILL
        with pytest.raises(QueryRefused):
            engine.ask("ASK { SERVICE <http://127.0.0.1:1/> {} }", ["json"], Limits())
        assert engine.ask(TRIPLES, ["turtle"], FEW).cut == "rows" and answers(engine)
        assert engine._process
        engine._process.kill()
        assert answers(engine), "started again"
    finally:
        engine.close()


# ---- the command ----


def run(runner: CliRunner, *args: str, **options: Any) -> Any:
    return runner.invoke(main, ["sparql", *args], **options)


def test_the_command_prints_a_table_for_people(runner: CliRunner, tmp_path: Path) -> None:
    done = run(runner, "SELECT ?b ?l { ?b a kg:Barrier ; skos:prefLabel ?l } ORDER BY ?b")
    assert done.stdout.splitlines()[:2] == ["b                  l", "id:ap-barrier-2.6  No bank account because of a record"]  # fmt: skip
    assert done.stdout.splitlines()[-1] == "2 rows"
    assert run(runner, "ASK {}").stdout == "yes\n"
    assert run(runner, "-", input="ASK { kg:no kg:no kg:no }").stdout == "no\n"
    (tmp_path / "q.rq").write_text(TRIPLES, encoding="utf-8")
    done = run(runner, "--file", str(tmp_path / "q.rq"), "--rows", "3")
    assert done.stdout.split()[:3] == ["subject", "predicate", "object"]
    assert done.stdout.splitlines()[-1] == "cut after 3 triples: there are more"


def test_the_command_prints_every_format_and_tells_a_cut_apart(runner: CliRunner) -> None:
    done = run(runner, ROWS, "--format", "csv", "--rows", "2")
    assert done.stdout.count("\n") == 3 and done.stderr == "kg: cut after 2 rows: there are more\n"
    assert run(runner, "ASK {}", "--json").stdout == '{"head":{},"boolean":true}\n'
    assert run(runner, "DESCRIBE id:ap-barrier-2.6", "--json").stdout.startswith('[{"@id"')
    assert "kg:isBarrierOf" in run(runner, "DESCRIBE id:ap-barrier-2.6", "--format", "turtle").stdout


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["ASK {"], 1, "kg: This is no SPARQL query"),
        (["ASK { SERVICE <http://127.0.0.1:1/> {} }"], 1, "kg: SERVICE asks another server"),
        ([], 2, "Give one query"),
        (["ASK {}", "--format", "turtle"], 1, "One of: json, xml, csv, tsv"),
        (["SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "--seconds", "0.3"], 1, "after 0.3 seconds"),
    ],
)
def test_the_command_tells_each_fault_in_a_line(runner: CliRunner, args: list[str], code: int, words: str) -> None:
    done = run(runner, *args)
    assert (done.exit_code, done.stdout) == (code, "") and words in done.stderr


def test_the_commands_of_the_document_run(real_build: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    import shlex

    monkeypatch.setenv("KG_BUILD", str(real_build.build))
    monkeypatch.chdir(ROOT)
    lines = re.findall(r"^\$ kg (.*)$", (ROOT / "docs" / "sparql.md").read_text(encoding="utf-8"), re.M)
    assert len(lines) == 3
    for line in lines:
        done = CliRunner().invoke(main, shlex.split(line))
        assert done.exit_code == 0, done.output
