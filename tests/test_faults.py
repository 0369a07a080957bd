"""What a build and a server outlive, tried in small: `benchmarks/faults.py` and `benchmarks/swaps.py` try it at length."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.alone
@pytest.mark.parametrize(
    ("script", "campaigns"),
    [
        ("faults.py", ["kills", "full", "builders", "damage", "clock", "readonly"]),
        ("swaps.py", ["swaps", "stopped", "killed"]),
    ],
)
def test_no_fault_tears_mixes_or_harms_anything(script: str, campaigns: list[str]) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / script), "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == campaigns
