"""Data of any size: made-up corpora are like the real data, large builds tell what small ones tell, and growth is fitted rightly."""

from __future__ import annotations

import io
import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from rdflib import Graph

from benchmarks.generate import generate
from benchmarks.growth import ALLOWED, find_too_fast, judge
from benchmarks.growth import main as measure
from kg.build import check_data
from kg.config import AUTO, DUMPS, GRAPH, LARGE, LARGE_FROM, SMALL, Config
from kg.errors import BadSetting
from kg.folders import open_build
from kg.graph import to_ntriples
from kg.model import Model
from kg.modelling import build_model
from kg.ntriples import Lines, to_lines
from kg.queries import KnowledgeGraph
from kg.rdf_formats import RDF_FORMATS
from kg.rdf_streaming import write_rdf
from kg.rdf_writing import to_rdf
from kg.records import Record
from kg.references import check_references
from kg.source import load_records
from kg.terms import Terms

from .referee import to_model

ROOT = Path(__file__).resolve().parent.parent
COUNT = 300


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "data"
    generate(COUNT, 1, folder)
    return folder


@pytest.fixture(scope="module")
def made(corpus: Path, terms: Terms) -> Model:
    records, problems = load_records(corpus, terms)
    assert not problems, "\n".join(map(str, problems))
    return build_model(records, terms)


@pytest.fixture(scope="module")
def real(records: list[Record], terms: Terms) -> Model:
    return build_model(records, terms)


def share(values: Iterable[str]) -> dict[str, float]:
    counts = Counter(values)
    return {value: count / counts.total() for value, count in counts.items()}


def test_made_up_data_is_clean_to_readers_and_to_shapes(corpus: Path, tmp_path: Path) -> None:
    config = Config(data=corpus, ontology=ROOT / "ontology", build=tmp_path)
    assert check_data(config) == []


def test_made_up_data_has_as_many_items_as_asked_and_kinds_in_the_real_shares(made: Model, real: Model) -> None:
    assert len(made.items) == COUNT
    found, wanted = share(item.kind for item in made.items), share(item.kind for item in real.items)
    assert found.keys() <= wanted.keys()
    for kind, part in wanted.items():
        assert found.get(kind, 0) == pytest.approx(part, rel=0.4, abs=0.03), kind


LENGTHS: dict[str, Callable[[Model], list[float]]] = {
    "words of a label": lambda model: [len(item.label.split()) for item in model.items],
    "words of a summary": lambda model: [len(item.summary.split()) for item in model.items],
    "other names": lambda model: [len(item.also) for item in model.items],
    "words of a name": lambda model: [len(name.split()) for item in model.items for name in item.also],
    "topics": lambda model: [len(item.about) for item in model.items if item.kind != "topic"],
    "words of a reason": lambda model: [len(link.because.split()) for link in model.links if link.basis != "computed"],
    "links": lambda model: [len(model.links) / len(model.items)],
}


@pytest.mark.parametrize("what", LENGTHS)
def test_made_up_items_are_as_long_and_as_linked_as_real_ones(made: Model, real: Model, what: str) -> None:
    found, wanted = (statistics.mean(LENGTHS[what](model)) for model in (made, real))
    assert found == pytest.approx(wanted, rel=0.2)


@pytest.mark.parametrize("field", ["relation", "strength", "basis", "state"])
def test_made_up_links_are_of_the_real_sorts(made: Model, real: Model, field: str) -> None:
    found, wanted = (share(getattr(link, field) for link in model.links) for model in (made, real))
    for value, part in wanted.items():
        assert found.get(value, 0) == pytest.approx(part, rel=0.4, abs=0.04), value


def test_the_same_seed_gives_the_same_bytes_another_does_not(corpus: Path, tmp_path: Path) -> None:
    def told(folder: Path) -> dict[str, bytes]:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    generate(COUNT, 1, tmp_path / "again")
    generate(COUNT, 2, tmp_path / "other")
    assert told(tmp_path / "again") == told(corpus)
    assert told(tmp_path / "other") != told(corpus)
    with pytest.raises(FileExistsError):
        generate(COUNT, 1, tmp_path / "again")


def test_records_tell_every_triple_of_the_graph_and_no_other(
    records: list[Record], terms: Terms, real_graph: Graph
) -> None:
    told = "".join(map(to_lines, Lines(records, terms, ROOT / "ontology")))
    ours, theirs = told.splitlines(), to_ntriples(real_graph).splitlines()
    assert not set(theirs) - set(ours), "lost"
    assert not set(ours) - set(theirs), "added"
    assert ours == theirs, "the order of the lines"


def test_what_is_retired_is_told_the_same_way(terms: Terms) -> None:
    from kg.graph import build_graph
    from kg.linked_results import Retired

    gone = Retired("old-id", ("ap-barrier-1.1",), 'It said "two" things\\at once.', "2026-11-22")
    told = "".join(map(to_lines, Lines([], terms, ROOT / "ontology", [gone])))
    assert told == to_ntriples(build_graph([], terms, ROOT / "ontology", [gone]))
    assert told.count("\n") == 4


def test_the_model_is_what_the_graph_says(real: Model, real_graph: Graph, terms: Terms) -> None:
    assert real == to_model(real_graph, terms)


def test_dumps_are_the_bytes_that_documents_are_written_with(real_build: Config, terms: Terms) -> None:
    build = open_build(real_build.build)
    ntriples = build.checked(GRAPH)
    for form in RDF_FORMATS:
        out = io.BytesIO()
        write_rdf(ntriples, form.name, terms, out)
        assert out.getvalue() == to_rdf(ntriples.read_text(encoding="utf-8"), form.name, terms), form.name
    assert len(list(build.checked(DUMPS).iterdir())) == len(RDF_FORMATS) - 1


def test_both_engines_tell_the_same_graph(real_build: Config, large_build: Config) -> None:
    small, large = (open_build(config.build).files for config in (real_build, large_build))
    same = [name for name in small if name == GRAPH or name.startswith((f"{DUMPS}/", "ontology/"))]
    assert len(same) > 5
    assert {name: small[name] for name in same} == {name: large.get(name) for name in same}


def test_steps_follow_one_another_among_siblings_and_not_from_document_to_document(terms: Terms) -> None:
    def stage(name: str, parent: str) -> Record:
        return Record(name, "cycle-stage", {}, "x.yaml", 1, 1, parent, parent)

    told = check_references([stage("a-1", "a"), stage("a-2", "a"), stage("b-1", "b"), stage("b-2", "b")], terms)
    assert [problem.item for problem in told] == ["a-1", "b-1"]


def test_an_exponent_that_is_too_high_is_found_and_others_are_not() -> None:
    sizes = (1_000, 10_000, 100_000)
    rows = {
        "even": {size: 3e-6 * size for size in sizes},
        "still": dict.fromkeys(sizes, 0.25),
        "square": {size: 1e-9 * size**2 for size in sizes},
        "once": {1_000: 4.0},
    }
    exponents = judge(rows)
    assert exponents == pytest.approx({"even": 1, "still": 0, "square": 2}, abs=0.01)
    assert find_too_fast(exponents) == ["square"]
    assert not ALLOWED.keys() & rows.keys()


def test_growth_is_measured_and_told_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The quick form: two small sizes, where fixed costs weigh most, so that no row may seem to explode."""
    measure(["200", "400", "--parts", "data", "--corpora", str(tmp_path), "--json", str(tmp_path / "told.json")])
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["200", "400", "exponent"]
    told = {row[:34].strip(): row[34:].split() for row in rows[:4]}
    assert told.keys() == {"data: read", "data: graph", "data: model", "data: memory, MB"}
    assert all(-0.5 < float(cells[-1]) < 1.9 for cells in told.values()), told
    assert (tmp_path / "told.json").is_file()


def test_a_part_that_passes_its_limit_is_told_as_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Negative control: with hardly any time nothing is measured, and that is a failure."""
    assert measure(["120", "--parts", "data", "--corpora", str(tmp_path), "--seconds", "0.05"]) == 1
    assert "data of 120 items stopped" in capsys.readouterr().err


def test_many_slips_in_large_data_are_all_told_but_not_each_with_a_hint(
    records: list[Record], terms: Terms, monkeypatch: pytest.MonkeyPatch
) -> None:
    slips = [
        Record(f"slip-{number}", "link", {**link.fields, "to": link.fields["to"] + "x"}, "x.yaml", number, 1)
        for number, link in enumerate([record for record in records if record.kind == "link"][:6])
    ]
    monkeypatch.setattr("kg.references.MOST_COMPARED", 3_000)
    told = [problem for problem in check_references([*records, *slips], terms) if problem.item.startswith("slip-")]
    assert len(told) == len(slips)
    assert 0 < sum(problem.cure.startswith("did you mean") for problem in told) < len(slips)
    monkeypatch.setattr("kg.references.MOST_COMPARED", 0)
    assert not [each for each in check_references([*records, *slips], terms) if "did you mean" in each.cure]


def test_one_setting_names_the_engines_or_leaves_it_to_the_number_of_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KG_ENGINES", raising=False)
    by_itself = Config.find()
    assert by_itself.engines == AUTO
    assert [by_itself.engines_for(items) for items in (1, LARGE_FROM - 1, LARGE_FROM)] == [SMALL, SMALL, LARGE]
    assert {Config.find(engines=named).engines_for(items) for named, items in ((SMALL, 10**6), (LARGE, 1))} == {
        SMALL,
        LARGE,
    }
    monkeypatch.setenv("KG_ENGINES", "huge")
    with pytest.raises(BadSetting, match="KG_ENGINES is 'huge'. It is one of: small, large, auto."):
        Config.find()


def test_a_build_says_by_which_engines_it_was_made(large_build: Config, tiny_build: Config) -> None:
    for config, engines in ((large_build, LARGE), (tiny_build, SMALL)):
        with KnowledgeGraph(open_build(config.build)) as kg:
            assert kg._snapshot.meta("engines") == engines
