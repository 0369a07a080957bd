"""The command and its JSON keep their contract; every fault is told once, in three beats, with its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.config import Config

ROOT = Path(__file__).resolve().parent.parent


def run(runner: CliRunner, *args: str) -> Any:
    done = runner.invoke(main, [*args, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_search_keeps_its_contract(runner: CliRunner) -> None:
    found = run(runner, "search", "bank record", "--limit", "3", "--kind", "barrier", "--source", "ap")
    assert set(found) == {
        "query", "results", "total", "filters", "facets", "corrected", "did_you_mean", "widened", "nearest", "notes",
    }  # fmt: skip
    assert found["query"] == "bank record"
    assert [set(hit) for hit in found["results"]] == [
        {"id", "kind", "source", "label", "summary", "score", "matched", "marked"}
    ] * len(found["results"])
    assert found["total"] == len(found["results"])
    assert {(each["facet"], each["value"], each["chosen"]) for each in found["filters"]} == {
        ("kind", "barrier", True), ("source", "ap", True),
    }  # fmt: skip
    assert set(found["facets"]) == {"kind", "source", "theme", "topic", "audience"}
    assert found["results"][0]["marked"]["label"][1] == ["bank", True]
    assert found["results"][0]["id"] == "ap-barrier-2.6"
    assert found["results"][0]["matched"][0] == {"field": "label", "words": ["bank", "record"]}


def test_show_keeps_its_contract(runner: CliRunner) -> None:
    found = run(runner, "show", "ap-term-stigmatization")
    assert {"id", "kind", "label", "summary", "also", "source", "notes", "links"} <= set(found)
    assert found["source"] == {
        "id": "ap",
        "title": "Action Plan for Survivor Leadership in the Next Decade 2023-2033",
        "lines": "16",
    }
    assert found["notes"]
    links = run(runner, "show", "ap-barrier-2.6")["links"]
    assert [set(link) for link in links] == [
        {"relation", "phrase", "direction", "other", "strength", "because", "basis", "state"}
    ] * 2
    assert links[0] == {
        "relation": "isBarrierOf",
        "phrase": "is a barrier of",
        "direction": "out",
        "other": {"id": "ap-barrier-group-2", "kind": "barrier-group", "label": "Barriers to health and recovery"},
        "strength": None,
        "because": None,
        "basis": None,
        "state": None,
    }
    assert links[1]["other"] == {
        "id": "ap-action-3.2.11",
        "kind": "action",
        "label": "Campaign to clear survivors' criminal records",
    }
    assert (links[1]["relation"], links[1]["direction"], links[1]["strength"]) == ("addresses", "in", "direct")


def test_answers_keeps_its_contract(runner: CliRunner) -> None:
    found = run(runner, "answers", "ap-barrier-group-2")
    assert set(found) == {"query", "barriers"}
    bank, food = found["barriers"]
    assert {"id", "label", "direct", "contributing", "gap"} <= set(bank)
    assert {"id", "kind", "label", "because"} <= set(bank["direct"][0])
    assert bank["gap"] is None
    assert food["direct"] == [] and "food" in food["gap"]
    assert food["contributing"][0]["id"] == "ap-ally-2.9"


def test_stats_keeps_its_contract(runner: CliRunner) -> None:
    found = run(runner, "stats")
    assert {"items", "links", "triples"} <= set(found)
    assert found["items"]["barrier"] == 2
    assert (found["links"]["addresses"], found["links"]["builds"]) == (3, 1)
    assert isinstance(found["triples"], int)


@pytest.mark.parametrize(
    ("args", "kind", "code"),
    [
        (["show", "ap-barrier-9.1"], "UnknownItem", 1),
        (["answers", "ap-barrier-9.1"], "UnknownItem", 1),
        (["answers", "ap-term-stigmatization"], "WrongKind", 1),
        (["search", ""], "BadQuery", 1),
        (["search", "a" * 10_000], "BadQuery", 1),
        (["search", "a", "--kind", "barier"], "BadQuery", 1),
        (["search", "a", "--limit", "0"], "BadQuery", 1),
        (["search", "a", "--limit", "many"], "BadUse", 2),
        (["show"], "BadUse", 2),
        (["shwo", "x"], "BadUse", 2),
        (["quote", "ap-term-stigmatization", "--sources", "/nowhere"], "MissingFolder", 2),
        (["verify", "--sources", "/nowhere"], "MissingFolder", 2),
    ],
)
def test_every_fault_is_told_as_a_line_and_as_json(runner: CliRunner, args: list[str], kind: str, code: int) -> None:
    done = runner.invoke(main, args)
    assert done.exit_code == code
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    done = runner.invoke(main, [*args, "--json"])
    assert done.exit_code == 1
    assert done.stdout == ""
    told = json.loads(done.stderr)
    assert set(told["error"]) == {"type", "message", "hint"}
    assert told["error"]["type"] == kind
    assert told["error"]["hint"]


def test_no_build_names_the_folder_and_the_cure(runner: CliRunner, tmp_path: Path) -> None:
    done = runner.invoke(main, ["--build", str(tmp_path), "show", "ap-barrier-2.6"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"kg: There is no build in {tmp_path}.\n    Run: kg build\n"


def test_a_damaged_build_names_the_file_and_the_cure(tiny: Config, runner: CliRunner) -> None:
    args = ["--data", str(tiny.data), "--build", str(tiny.build)]
    assert runner.invoke(main, [*args, "build"]).exit_code == 0
    [snapshot] = tiny.build.glob("*/snapshot.sqlite")
    snapshot.write_bytes(b"x")
    done = runner.invoke(main, [*args, "stats"])
    assert done.exit_code == 1
    assert f"{snapshot} is not the file that was written.\n    Run: kg build" in done.stderr


def test_check_tells_clean_data_problems_and_unreadable_data_apart(
    tiny: Config, runner: CliRunner, tmp_path: Path
) -> None:
    args = ["--data", str(tiny.data), "check"]
    assert runner.invoke(main, args).exit_code == 0
    (tiny.data / "links.yaml").write_text("links:\n  - form: a\n", encoding="utf-8")
    done = runner.invoke(main, args)
    assert done.exit_code == 1
    assert "links.yaml:2:5: error:" in done.stdout
    told = json.loads(runner.invoke(main, [*args, "--json"]).stdout)["problems"]
    assert {"file", "line", "column", "severity", "item", "what", "cure"} == set(told[0])
    (tmp_path / "none").mkdir()
    assert runner.invoke(main, ["--data", str(tmp_path / "none"), "check"]).exit_code == 2
    assert runner.invoke(main, ["--data", str(tmp_path / "nowhere"), "check"]).exit_code == 2


def test_build_prints_every_problem_before_it_refuses(tiny: Config, runner: CliRunner) -> None:
    (tiny.data / "links.yaml").write_text("links:\n  - form: a\n", encoding="utf-8")
    done = runner.invoke(main, ["--data", str(tiny.data), "--build", str(tiny.build), "build"])
    assert done.exit_code == 1
    assert "links.yaml:2:5" in done.stdout
    assert "the build in use stays as it is" in done.stderr


def test_what_people_read_says_why_and_where(runner: CliRunner) -> None:
    told = " ".join(runner.invoke(main, ["answers", "ap-barrier-group-2"]).stdout.split())
    for words in (
        "Direct:",
        "because: A cancelled record",
        "Survivor leaders;",
        "theme 1, goal 1, action 1",
        "No direct answer: The plan names food",
    ):
        assert words in told, words
    told = runner.invoke(main, ["show", "ap-ally-2.9"]).stdout
    for words in (
        "in Enhance survivors' access",
        "printed in:",
        "line 14",
        "also:",
        "[contributing, editorial, proposed]",
    ):
        assert words in told, words
    assert "note: The plan prints" in runner.invoke(main, ["show", "ap-term-stigmatization"]).stdout
    assert "matched: label (bank)" in runner.invoke(main, ["search", "bank"]).stdout
    assert "Nothing here answers" in runner.invoke(main, ["search", "zeppelin"]).stdout
    assert "No barrier fits" in runner.invoke(main, ["answers", "zeppelin"]).stdout


def test_every_command_ends_its_help_in_a_line_to_paste(runner: CliRunner) -> None:
    for name in main.commands:
        told = runner.invoke(main, [name, "--help"]).stdout
        assert f"Try: kg {name}" in told, name


def test_the_lines_to_paste_work_on_the_real_data(
    real_build: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shlex

    monkeypatch.setenv("KG_BUILD", str(real_build.build))
    monkeypatch.chdir(tmp_path)
    for name, command in main.commands.items():
        if name in ("serve", "verify", "quote", "build", "check", "evaluate", "mcp", "publish"):
            continue  # these need a port, a store or the documents, or are run elsewhere
        [line] = [line.strip() for line in (command.help or "").splitlines() if line.strip().startswith("Try: kg ")]
        done = CliRunner().invoke(main, shlex.split(line.removeprefix("Try: kg ")))
        assert done.exit_code == 0, f"{line}: {done.output}"


def test_a_picture_opens_offline_and_says_the_same_in_words(runner: CliRunner, tmp_path: Path) -> None:
    out = tmp_path / "picture.html"
    assert runner.invoke(main, ["picture", "ap-barrier-2.6", "--out", str(out)]).exit_code == 0
    html = out.read_text(encoding="utf-8")
    head = html.partition("<script>")[0]
    assert "http" not in head.replace("https://creativecommons.org", "")
    assert "A cancelled record leaves a bank" in head
    assert "Drafted by the project, not yet reviewed" in head
    again = tmp_path / "again.html"
    runner.invoke(main, ["picture", "ap-barrier-2.6", "--out", str(again)])
    assert again.read_bytes() == out.read_bytes()
    assert runner.invoke(main, ["picture", "ap-barrier-2.6", "--out", str(tmp_path / "no" / "x.html")]).exit_code == 2
