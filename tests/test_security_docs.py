"""What docs/security.md says can be looked up: every test and script that it names exists, no goal and no row of the standard is missing."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
GOALS = [f"G{number}" for number in range(1, 24)]
# The rows of level 1 and 2 in ten chapters of OWASP ASVS 5.0: section -> the last of its rows, which count from 1.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5,
    "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1,
    "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4,
    "16.4": 3, "16.5": 3,
}  # fmt: skip
ROWS = [f"{section}.{number}" for section, last in SECTIONS.items() for number in range(1, last + 1)]
# Scripts of work that is under way beside this one.
EXPECTED = {"benchmarks/faults.py", "benchmarks/fuzz.py", "benchmarks/mutation.py"}
REASON = re.compile(r"\b(does not apply|operator|by design|gap)\b[^:]*: \S.{8,}")


def names_of_tests() -> set[str]:
    """Every function of every file of tests that is a test."""
    return {
        node.name
        for path in (ROOT / "tests").glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def rows_of(text: str, first: str) -> dict[str, list[str]]:
    """The rows of tables whose first cell matches: first cell -> the others. :raises AssertionError: if one stands there twice."""
    found = [re.split(r"(?<!\\) \| ", line.strip("| \n")) for line in text.splitlines() if line.startswith("| ")]
    kept = [cells for cells in found if re.fullmatch(first, cells[0])]
    twice = [name for name, often in Counter(cells[0] for cells in kept).items() if often > 1]
    assert not twice, f"twice: {twice}"
    return {cells[0]: cells[1:] for cells in kept}


def named_in(text: str) -> set[str]:
    """Tests and files that a text names in code marks."""
    return set(re.findall(r"`(test_\w+|(?:tests|benchmarks|tools)/[\w/]+\.\w+)`", text))


def is_held(cells: list[str]) -> bool:
    """Whether the last cell names a test or script, or says why there is none."""
    return bool(named_in(cells[-1]) or REASON.search(cells[-1]))


def check_standard(text: str) -> None:
    """:raises AssertionError: if a row of the standard is missing, doubled, none of it, or has neither holder nor reason."""
    rows = rows_of(text, r"\d+\.\d+\.\d+")
    assert set(rows) == set(ROWS), f"missing or too many: {sorted(set(rows) ^ set(ROWS))}"
    assert all(len(cells) == 2 and len(cells[0]) > 4 for cells in rows.values())
    assert not [number for number, cells in rows.items() if not is_held(cells)]


def test_every_row_of_the_standard_stands_here_once_with_a_test_or_a_reason() -> None:
    assert len(ROWS) == 136
    check_standard(TEXT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n| 1.1.1 |", "\n| 1.1.7 |"),
        ("\n| 1.1.2 |", "\n| 1.1.1 |"),
        (re.search(r"\n\| 12\.1\.2 \|.*", TEXT)[0], "\n| 12.1.2 | only good ciphers | yes |"),  # type: ignore[index]
        (re.search(r"\n\| 1\.2\.6 \|.*", TEXT)[0], "\n| 1.2.6 | no LDAP made of input | does not apply |"),  # type: ignore[index]
    ],
    ids=["missing", "doubled", "empty", "without a reason"],
)
def test_negative_control_a_row_that_is_missing_doubled_or_empty_is_found(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(AssertionError):
        check_standard(TEXT.replace(old, new))


def test_every_goal_stands_here_once_with_its_holder_its_figure_and_its_control() -> None:
    goals = rows_of(TEXT, r"G\d+")
    assert list(goals) == GOALS
    for goal, cells in goals.items():
        assert len(cells) == 4, goal
        assert named_in(cells[1]), f"{goal} is held by nothing"
        assert len(cells[2]) > 15 and "@" not in cells[2], f"{goal} has no figure"
        assert named_in(cells[3]) or len(cells[3]) > 15, f"{goal} has no control"


def test_every_test_and_script_that_is_named_exists() -> None:
    named, tests = named_in(TEXT), names_of_tests()
    assert len(named) > 100
    files = {name for name in named if "/" in name}
    assert not {name for name in named - files if name not in tests}
    assert not {name for name in files - EXPECTED if not (ROOT / name).is_file()}


def test_negative_control_a_name_of_nothing_is_found() -> None:
    assert "test_of_nothing" in named_in("held by `test_of_nothing`") - names_of_tests()


def test_the_way_to_report_is_private_and_names_nobody() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "Report a vulnerability" in text and "docs/security.md" in text
    assert not re.search(r"[\w.]+@[\w.]+\.\w+|mailto:", text), "no address that nobody reads"
    for heading in ("If you are in danger", "How to report", "in scope", "Which versions", "What happens then"):
        assert heading in text
