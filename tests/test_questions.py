"""The questions of docs/questions.md have the answers that stand there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.config import Config

TEXT = (Path(__file__).resolve().parent.parent / "docs" / "questions.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ kg (.*)\n((?:.*\n)*?)```", TEXT)


def test_ten_questions_each_with_one_command() -> None:
    parts = re.split(r"^## ", TEXT, flags=re.M)[1:]
    assert [part.partition(".")[0] for part in parts] == [str(number) for number in range(1, 11)]
    for part in parts:
        assert len(re.findall(r"^\$ kg |: `kg ", part, re.M)) == 1, part


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[command for command, _ in SHOWN])
def test_what_is_shown_is_what_comes_out(
    command: str, shown: str, real_build: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts between lines of dots stand in the output in that order; the first and last part at its ends, unless dots come first or last."""
    monkeypatch.setenv("KG_BUILD", str(real_build.build))
    done = CliRunner().invoke(main, shlex.split(command))
    assert done.exit_code == 0, done.output
    parts = re.split(r"^\.\.\.\n", shown, flags=re.M)
    assert any(parts), "nothing is shown"
    assert done.stdout.startswith(parts[0])
    assert done.stdout.endswith(parts[-1])
    place = 0
    for part in parts:
        found = ("\n" + done.stdout).find("\n" + part, place)
        assert found >= 0, f"kg {command} does not print:\n{part}"
        place = found + len(part)
