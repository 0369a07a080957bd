"""The loader keeps text as text and refuses what YAML would quietly turn into something else, by file, line and column."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import Problem
from kg.strict_yaml import Node, read_yaml


def read(tmp_path: Path, text: str | bytes) -> tuple[Node | None, list[Problem]]:
    path = tmp_path / "some.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return read_yaml(path, "some.yaml")


def plain(node: Node | None) -> object:
    if node is None:
        return None
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    return [plain(child) for child in node.value] if isinstance(node.value, list) else node.value


def test_what_looks_like_a_number_a_time_or_a_truth_stays_text(tmp_path: Path) -> None:
    root, problems = read(tmp_path, "no: no\non: yes\na: 012\nb: 12:30:45\nc: 1.10\nd: null\ne: 2024-02-30\nf: 0x1F\n")
    assert not problems
    assert plain(root) == {
        "no": "no",
        "on": "yes",
        "a": "012",
        "b": "12:30:45",
        "c": "1.10",
        "d": "null",
        "e": "2024-02-30",
        "f": "0x1F",
    }


def test_every_value_and_key_knows_its_place(tmp_path: Path) -> None:
    root, _ = read(tmp_path, "items:\n  - id: x\n    label: y\n")
    assert root is not None
    label = root.value["items"].value[0].value["label"]
    assert (label.line, label.column) == (3, 12)
    assert root.value["items"].value[0].keys["label"] == (3, 5)


REFUSED = {
    "not YAML": ("a: [1, 2\nb: 3\n", "is not YAML", 2),
    "tab indent": ("a:\n\t- b\n", "is not YAML", 2),
    "colon in plain text": ("label: this: that\n", "is not YAML", 1),
    "anchor": ("a: &x 1\n", "anchor", 1),
    "alias": ("a: &x 1\nb: *x\n", "anchor", 1),
    "merge key": ("a:\n  <<: {b: c}\n", "merge key", 2),
    "tag": ("a: !!python/object/apply:os.system [id]\n", "a tag", 1),
    "local tag": ("a: !thing b\n", "a tag", 1),
    "string tag": ("a: !!str 5\n", "a tag", 1),
    "key that is a list": ("? [a, b]\n: c\n", "a key is not a word", 1),
    "second document": ("a: b\n---\nc: d\n", "second document", 2),
    "nesting of 500": ("[" * 500 + "]" * 500, "nested more than 20", 1),
    "nesting of 100,000": ("{a: " * 100_000, "nested more than 20", 1),
    "block nesting of 500": ("\n".join("  " * depth + "a:" for depth in range(500)), "nested more than 20", 21),
    "duplicate key": ("consent: no\nb: c\nconsent: yes\n", "'consent' stands here a second time (first on line 1)", 3),
    "duplicate key in two forms of one letter": ("caf\u00e9: a\ncafe\u0301: b\n", "a second time", 2),
    "NUL": ('a: "b\\0c"\n', "U+0000", 1),
    "escape character": ('a: "\\x1b[31m"\n', "U+001B", 1),
    "text turned around": ("a: x\u202ey\n", "U+202E", 1),
    "zero width space": ("a: x\u200by\n", "U+200B", 1),
    "isolate": ("a: x\u2066y\n", "U+2066", 1),
    "lone surrogate": ('a: "\\ud83d"\n', "", 1),
    "raw control character": (b"a: b\x07c\n", "", 1),
    "unclosed quote": ('a: "b\n', "is not YAML", 2),
    "undefined alias": ("a: *nobody\n", "anchor", 1),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_what_is_refused_is_named_by_file_line_and_reason(tmp_path: Path, case: str) -> None:
    text, what, line = REFUSED[case]
    started = time.perf_counter()
    _, problems = read(tmp_path, text)
    assert time.perf_counter() - started < 5  # a guard against running away, not a measurement
    assert problems, "nothing was said"
    assert problems[0].file == "some.yaml"
    assert problems[0].line == line
    assert what in problems[0].what
    assert problems[0].cure


def test_a_file_that_is_not_utf_8_says_where(tmp_path: Path) -> None:
    root, problems = read(tmp_path, "a: b\nc: caf".encode() + b"\xe9\n")
    assert root is None
    assert (problems[0].line, problems[0].column) == (2, 7)
    assert "not UTF-8" in problems[0].what


def test_utf_16_is_refused(tmp_path: Path) -> None:
    assert read(tmp_path, "a: b\n".encode("utf-16"))[1]


def test_a_file_that_cannot_be_read_or_is_too_large_says_so(tmp_path: Path) -> None:
    assert "cannot be read" in read_yaml(tmp_path / "nowhere.yaml")[1][0].what
    assert "more than" in read(tmp_path, "a: " + "b" * (1024 * 1024))[1][0].what


def test_billion_laughs_is_refused_at_its_first_anchor(tmp_path: Path) -> None:
    text = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(9)
    )
    root, problems = read(tmp_path, text)
    assert root is None
    assert problems[0].line == 1


def test_joiners_that_persian_and_indic_names_need_are_kept(tmp_path: Path) -> None:
    root, problems = read(tmp_path, "a: \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\n")
    assert not problems
    assert plain(root) == {"a": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"}


def test_an_empty_file_is_no_root_and_no_problem(tmp_path: Path) -> None:
    assert read(tmp_path, "") == (None, [])


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=200) | st.text(alphabet="ab:-[]{}#&*!|>'\"%@ \n\t?,", max_size=120))
def test_whatever_a_file_holds_it_gives_data_or_problems_and_never_raises(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    root, problems = read(tmp_path_factory.mktemp("fuzz"), text)
    assert root is None or isinstance(root, Node)
    assert all(problem.what and problem.cure for problem in problems)
