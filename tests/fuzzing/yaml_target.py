"""One YAML file of the data, by whoever edits it: read strictly, as items, as a thesaurus and as words for trainers."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from kg.errors import Problem
from kg.graph import build_graph
from kg.source import load_records
from kg.strict_yaml import Node, read_yaml
from kg.teaching import read_teaching
from kg.terms import read_terms
from kg.thesaurus import read_thesaurus

from . import Target, World

ROOT = Path(__file__).resolve().parent.parent.parent
TINY = (ROOT / "tests" / "tiny" / "tiny.yaml").read_text(encoding="utf-8").splitlines()
HEAD = b"id: ap\n"
OTHERS = ("sources", "topics", "links", "harm")  # of the tiny data, beside the file that is tried
SCALARS = (
    "", "no", "~", "012", "12:30:45", "1e3", "2024-02-30", "=", "<<", "a: b", "a #b", "- a", "? a", "! a", "&a x", "*a", "%TAG", "@a", "`a",
    "|", ">", "|+2", ">-", "'", '"', "'it''s'", '"\\0"', '"\\ud83d"', '"\\U0010ffff"', '"\\x85"', "\u2028", "\u00a0", "\u200b", "e\u0301",
    "\u202e", "\ufeff", "\ufffe", "[", "]", "{", "}", "[a, {b: c}]", "{a: [b], c}", "---", "...", "!!str x", "!!python/name:os.system",
    "ap-theme-3", "ap-action-3.2.11", "ap", "nobody", "en", "allies", "direct",
)  # fmt: skip


def open_target(world: World) -> Target:
    """Write each input into a folder of data, and read it in every way."""
    terms = read_terms(ROOT / "ontology")
    alone, whole = world.folder / "alone", world.folder / "whole"
    for folder in (alone, whole):
        folder.mkdir()
    for name in OTHERS:
        (whole / f"{name}.yaml").write_bytes((ROOT / "tests" / "tiny" / f"{name}.yaml").read_bytes())
    path = alone / "some.yaml"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        root, problems = read_yaml(path)
        _check_problems(problems, data)
        if root is not None and not problems:
            assert _plain(root) == _oracle(data.decode()), "two readers read two things"
        for told in (load_records(alone, terms)[1], read_thesaurus(path)[1], read_teaching(alone, {})[1]):
            _check_problems(told, data)

    def check_made(data: bytes) -> None:
        check(data)
        if data.startswith(HEAD) and not read_yaml(path)[1]:
            among_others(data)

    def among_others(data: bytes) -> None:
        (whole / "tiny.yaml").write_bytes(data)
        records, problems = load_records(whole, terms)
        _check_problems(problems, data)
        if not problems:
            assert len(build_graph(records, terms, ROOT / "ontology"))

    keys = tuple(f"{key}:" for key in (*terms.keys, *terms.context, "sources", "links", "thesaurus", "words", "texts"))
    return Target("yaml", check, _files([each[:-1] for each in keys]), check_made, (*keys, *filter(None, SCALARS)))


def _check_problems(problems: list[Problem], data: bytes) -> None:
    lines = 2 + max(data.count(b"\n"), len(data.decode(errors="replace").splitlines()))
    for each in problems:
        assert each.what and each.cure, each
        assert 0 <= each.line <= lines or not each.file.endswith(("some.yaml", "tiny.yaml")), each
        str(each).encode()  # it can be printed


def _plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: _plain(child) for key, child in node.value.items()}
    return [_plain(child) for child in node.value] if isinstance(node.value, list) else node.value


def _oracle(text: str) -> Any:
    """The same by the reader of PyYAML that leaves text as it is, which knows nothing of events."""
    return _composed(yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)))


def _composed(value: Any) -> Any:
    if isinstance(value, dict):
        return {_composed(key): _composed(each) for key, each in value.items()}
    return [_composed(each) for each in value] if isinstance(value, list) else unicodedata.normalize("NFC", value)


def _files(keys: list[str]) -> st.SearchStrategy[bytes]:
    """The tiny file with some lines spoilt; or a file made of known keys."""
    scalar = st.sampled_from(SCALARS) | st.text(max_size=12)
    key = st.sampled_from(keys) | scalar
    spoil = st.tuples(
        st.integers(0, len(TINY) - 1), st.sampled_from(("drop", "twice", "in", "out", "value", "key")), key, scalar
    )

    def spoilt(changes: list[tuple[int, str, str, str]]) -> str:
        lines = [[line] for line in TINY]
        for at, how, word, value in changes:
            line = TINY[at]
            before, colon, _ = line.partition(":")
            space = line[: len(line) - len(line.lstrip())]
            lines[at] = {
                "drop": [],
                "twice": [line, line],
                "in": [f"  {line}"],
                "out": [line[2:]],
                "value": [f"{before}{colon} {value}"],
                "key": [f"{space}{word}: {value}"],
            }[how]
        return "\n".join(line for each in lines for line in each) + "\n"

    tree = st.recursive(
        scalar,
        lambda inner: st.lists(inner, max_size=4) | st.lists(st.tuples(key, inner), max_size=5).map(_Mapping),
        max_leaves=12,
    )
    made = st.lists(st.tuples(key, tree), min_size=1, max_size=4).map(lambda pairs: _written(_Mapping(pairs), 0))
    text = st.lists(spoil, max_size=4).map(spoilt) | made
    return text.map(lambda each: each.encode("utf-8", "surrogatepass"))


class _Mapping(list):  # type: ignore[type-arg]
    """Pairs, of which some may have the same key."""


def _written(value: Any, depth: int) -> str:
    """A tree as YAML in blocks; texts as they are, so that they mean what they like."""
    space = "  " * depth
    if isinstance(value, _Mapping):
        return "".join(f"{space}{key}:{_below(each, depth)}" for key, each in value)
    if isinstance(value, list):
        return "".join(f"{space}-{_below(each, depth)}" for each in value)
    return f"{space}{value}\n"


def _below(value: Any, depth: int) -> str:
    return f"\n{_written(value, depth + 1)}" if isinstance(value, list) else f" {value}\n"
