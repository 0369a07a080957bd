"""Whatever comes in ends in a result or in an error that says what to do: inputs that are kept, and fresh ones of each grammar.

`benchmarks/fuzz.py` does the same for minutes, led by coverage. What it found stands in `tests/fuzz/` since it was mended.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from kg.errors import KGError
from kg.queries import KnowledgeGraph

from . import fuzzing
from .fuzzing import Finding, Target, World, kept, open_target, try_input

FRESH = 200


@pytest.fixture(scope="module", params=fuzzing.NAMES)
def target(request: pytest.FixtureRequest, tiny_kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Target:
    return open_target(request.param, World(lambda: tiny_kg, tmp_path_factory.mktemp(request.param)))


def throw(
    target: Target, check: Callable[[bytes], None], examples: int = FRESH
) -> tuple[dict[str, Finding], Counter[str]]:
    """What fresh inputs of a grammar find, and how they ended; always the same ones."""
    found: dict[str, Finding] = {}
    ends: Counter[str] = Counter()

    def counted(data: bytes) -> None:
        try:
            check(data)
        except KGError as error:
            ends[type(error).__name__] += 1
            raise
        ends["a result"] += 1

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(target.made)
    def run(data: bytes) -> None:
        if finding := try_input(counted, data):
            found.setdefault(finding.where, finding)

    run()
    return found, ends


def told(findings: list[Finding]) -> str:
    return "\n\n".join(f"{each.told}\n{each.data!r}" for each in findings)


def test_what_was_found_once_stays_mended(target: Target) -> None:
    paths = kept(target.name)
    assert len(paths) >= 3, "begin with some inputs"
    findings = [finding for path in paths if (finding := try_input(target.check_made, path.read_bytes()))]
    assert not findings, told(findings)


def test_fresh_inputs_end_in_a_result_or_in_an_error_that_says_what_to_do(target: Target) -> None:
    found, ends = throw(target, target.check_made)
    assert not found, told(list(found.values()))
    assert ends.total() >= 0.9 * FRESH and ends["a result"] >= 0.3 * FRESH, "a grammar that makes nothing shows nothing"


@pytest.fixture(scope="module")
def query(tiny_kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Target:
    return open_target("query", World(lambda: tiny_kg, tmp_path_factory.mktemp("planted")))


def test_negative_control_a_planted_fault_is_found_and_told_by_its_place(query: Target) -> None:
    def planted(data: bytes) -> None:
        """A parser of the year 2016."""
        words = data.decode("utf-8", "replace").split()
        for at, word in enumerate(words):
            if word == "NOT" and words[at + 1] == "NOT":
                raise KGError("NOT NOT", "")

    found, _ = throw(query, planted)
    assert [each for each in found if each.startswith("IndexError in test_fuzz.py")], "NOT at the end of a question"
    assert try_input(planted, b"a NOT NOT b") is None, "an error that says what to do is none"


def test_negative_control_what_takes_long_or_breaks_a_promise_is_found() -> None:
    def slow(data: bytes) -> None:
        if data:
            sum(range(2_000_000))

    def panic(data: bytes) -> None:
        raise BaseException("from another language")

    assert try_input(slow, b"") is None
    before, fuzzing.MOST_SECONDS = fuzzing.MOST_SECONDS, 0.01
    try:
        assert (found := try_input(slow, b"x")) is not None and found.where == "slow"
    finally:
        fuzzing.MOST_SECONDS = before
    assert (found := try_input(panic, b"")) is not None and found.where.startswith("BaseException in test_fuzz.py")


def test_negative_control_without_the_guard_the_canary_sees_somebody(
    tiny_kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from .fuzzing import sparql_target

    target = open_target("sparql", World(lambda: tiny_kg, tmp_path_factory.mktemp("unguarded")))
    service = b"SELECT * { SERVICE SILENT <CANARY> { ?s ?p ?o } }"
    assert try_input(target.check, service) is None
    monkeypatch.setattr(sparql_target, "check_query", lambda text, length: text)
    found = try_input(target.check, service)
    assert found is not None and "the canary" in found.told
    for text in (b"SELECT * FROM <CANARY> { ?s ?p ?o }", b"CLEAR ALL"):
        found = try_input(target.check, text)
        assert found is not None and ("reaches outside" in found.told or "a change" in found.told)


def test_the_long_campaign_runs(tmp_path_factory: pytest.TempPathFactory) -> None:
    command = [sys.executable, "benchmarks/fuzz.py", "sparql", "--seconds", "1"]
    done = subprocess.run(command, cwd=fuzzing.KEPT.parent.parent, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "executions in 1 s; coverage from" in done.stdout, done.stdout + done.stderr
