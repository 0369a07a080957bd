"""The benchmark of growing searches runs, holds both engines to the same answers, and fails when a search is slow."""

from __future__ import annotations

import pytest

from benchmarks.words import main
from kg.config import Config


def test_the_benchmark_of_words_runs_and_can_fail(
    real_build: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KG_BUILD", str(real_build.build))
    assert main(["--asked", "18"]) == 0
    told = capsys.readouterr().out
    assert "answer differently: 0 of 18" in told and "every goal is met" in told
    assert main(["--asked", "9", "--small-to", "0", "--slow", "60"]) == 1
    assert "missed: search" in capsys.readouterr().out
