"""Files are whole or not there, small parts of any text survive, and every fault says what to do."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import networkx as nx
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg.export as export
from kg.cleaning import clean_part
from kg.cli import main
from kg.errors import BadQuery, BadUse, FileExists, MissingFolder
from kg.export import FORMATS, to_bytes, write_export, write_exports
from kg.queries import KnowledgeGraph
from kg.subgraph import Subgraph

from . import parts

texts = st.lists(st.text(max_size=40), min_size=1, max_size=4)
ends = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=texts, ends=ends)
def test_any_text_survives_in_every_format_for_machines(
    tiny_kg: KnowledgeGraph, texts: list[str], ends: list[tuple[int, int]]
) -> None:
    inside = [pair for pair in ends if max(pair) < len(texts)]
    part = parts.make_part(_any_part(tiny_kg), texts, inside)
    wanted = parts.expected(clean_part(part))
    assert parts.read_rdf(to_bytes(part, "turtle"), "turtle", part) == wanted
    assert parts.read_gexf(to_bytes(part, "gexf")) == wanted
    files = parts.unpack(to_bytes(part, "csv"))
    assert parts.read_tables(*(parts.read_csv(files[name]) for name in ("nodes.csv", "edges.csv"))) == parts.as_cells(
        wanted
    )
    graph = nx.read_graphml(io.BytesIO(to_bytes(part, "graphml")), force_multigraph=True)
    for _, data in graph.nodes(data=True):  # this reader leaves empty texts out
        data.update({name: data.get(name, "") for name in ("label", "summary")})
    assert parts.read_network(graph) == wanted


_KEPT: dict[int, Subgraph] = {}


def _any_part(kg: KnowledgeGraph) -> Subgraph:
    return _KEPT.setdefault(id(kg), kg.subgraph(["ap-barrier-2.6"]))


@pytest.fixture
def part(tiny_kg: KnowledgeGraph) -> Subgraph:
    return tiny_kg.subgraph(["ap-barrier-2.6"])


def test_a_file_is_named_after_its_part_and_holds_its_bytes(part: Subgraph, tmp_path: Path) -> None:
    file = write_export(part, "graphml", tmp_path)
    assert file.name == part.file_name("graphml") and file.read_bytes() == to_bytes(part, "graphml")
    assert write_export(part, "csv", tmp_path / "mine.zip", records=False) == tmp_path / "mine.zip"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([file.name, "mine.zip"])


def test_nothing_is_written_over_unless_asked_for(part: Subgraph, tmp_path: Path) -> None:
    file = tmp_path / "mine.svg"
    file.write_text("precious", encoding="utf-8")
    with pytest.raises(FileExists, match="already"):
        write_export(part, "svg", file)
    assert file.read_text(encoding="utf-8") == "precious"
    write_export(part, "svg", file, force=True)
    assert file.read_bytes() == to_bytes(part, "svg")


def test_several_formats_are_written_all_or_none(part: Subgraph, tmp_path: Path) -> None:
    (tmp_path / part.file_name("bib")).touch()
    with pytest.raises(FileExists):
        write_exports(part, ["svg", "bibtex"], tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(BadUse, match="one file"):
        write_exports(part, ["svg", "json"], tmp_path / "one")
    with pytest.raises(BadQuery, match="Did you mean"):
        write_exports(part, ["svg", "jsno"], tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    assert len(write_exports(part, ["svg", "json"], tmp_path)) == 2


def test_a_write_that_breaks_leaves_nothing(part: Subgraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export.os, "fsync", full)
    with pytest.raises(MissingFolder, match="No space left") as told:
        write_export(part, "json", tmp_path / "part.json")
    assert told.value.hint and list(tmp_path.iterdir()) == []
    with pytest.raises(MissingFolder, match="no folder"):
        write_export(part, "json", tmp_path / "none" / "part.json")


def run(runner: CliRunner, *args: str) -> tuple[int, str, str]:
    done = runner.invoke(main, ["export", *args])
    assert "Traceback" not in done.stderr
    return done.exit_code, done.stdout, done.stderr


def test_the_command_writes_prints_and_lists(
    runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, told, _ = run(runner, "ap-barrier-2.6", "--format", "turtle,bibtex", "--title", "My part")
    assert code == 0 and told.count("Written: slkg-my-part-") == 2
    assert len(list(tmp_path.iterdir())) == 2
    code, told, _ = run(runner, "ap-barrier-2.6", "--format", "graphml", "--out", "-", "--no-context", "--no-records")
    assert code == 0 and 'label="' not in told
    graph = nx.parse_graphml(told, force_multigraph=True)
    assert "ap-barrier-group-2" not in graph and not any("because" in data for *_, data in graph.edges(data=True))
    code, told, _ = run(runner, "--formats")
    assert code == 0 and [line.split()[0] for line in told.splitlines()] == list(FORMATS)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["ap-barrier-2.6", "--format", "grphml"], "Did you mean 'graphml'?"),
        (["ap-barrier-2.6"], "--format graphml"),
        (["--format", "json"], "Nothing is selected."),
        (["ap-barrier-9.9", "--format", "json"], "No item 'ap-barrier-9.9'."),
        (["ap-barrier-2.6", "--format", "json", "--only", "sausage"], "sausage"),
        (["ap-barrier-2.6", "--format", "png", "--out", "-"], "cannot be printed"),
        (["ap-barrier-2.6", "--format", "json", "--out", "none/part.json"], "There is no folder none."),
        (["ap-barrier-2.6", "--format", "all", "--out", "none"], "one file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_every_fault_is_told_and_nothing_is_written(
    runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, told, fault = run(runner, *args)
    assert code in (1, 2) and told == "" and words in fault
    assert list(tmp_path.iterdir()) == []


def test_every_digest_differs_where_the_part_does(part: Subgraph, tiny_kg: KnowledgeGraph) -> None:
    other = tiny_kg.subgraph(["ap-barrier-2.6"], title="Another name")
    for name in FORMATS:
        if name not in ("csl", "png"):
            one, two = (hashlib.sha256(to_bytes(each, name)).digest() for each in (part, other))
            assert one != two, name
