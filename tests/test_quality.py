"""The quality of the data in the open, and what computes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.agreement import cohen_kappa, read_agreements
from kg.config import Config
from kg.model import Item, Link, Model
from kg.quality import find_faults
from kg.queries import KnowledgeGraph
from kg.records import Record
from kg.usage import find_phrase, read_uses

ROOT = Path(__file__).resolve().parent.parent


def item(name: str, **changes: object) -> Item:
    base = Item(name, "action", f"Do {name} well", "", ("x " + name,), (), (), (), "", "s", "1", "", 1)
    return replace(base, **changes)  # type: ignore[arg-type]


def link(start: str, end: str, relation: str = "supports") -> Link:
    return Link(
        f"{start}--{relation}--{end}", start, relation, end, "direct", "", "implied", "proposed", "project", "", ""
    )


def test_the_real_data_has_no_fault_of_structure(kg: KnowledgeGraph) -> None:
    faults = kg.quality().faults
    for name in ("cycles in the hierarchy", "related and broader at once"):
        assert faults[name] == (), name
    assert faults["duplicate labels"] == ("accountability: ap-term-accountability, hr-response-accountability",)


def test_counts_by_source_and_relation_add_up(kg: KnowledgeGraph) -> None:
    quality, stats = kg.quality(), kg.stats()
    assert sum(sum(kinds.values()) for kinds in quality.items.values()) == sum(stats.items.values())
    for relation, counts in quality.links.items():
        assert counts["links"] == stats.links[relation]
        assert counts.get("direct", 0) + counts.get("contributing", 0) == counts["links"]
        assert sum(counts.get(state, 0) for state in ("proposed", "checked", "reviewed", "disputed")) == counts["links"]


def test_the_shares_by_basis_and_state_are_those_of_the_links(kg: KnowledgeGraph) -> None:
    quality = kg.quality()
    total = sum(counts["links"] for counts in quality.links.values())
    for shares in quality.shares.values():
        assert sum(shares.values()) == pytest.approx(1, abs=0.01)
        for value, share in shares.items():
            assert share == pytest.approx(
                sum(counts.get(value, 0) for counts in quality.links.values()) / total, abs=0.001
            )


def test_what_is_odd_in_print_is_listed_with_its_lines(kg: KnowledgeGraph) -> None:
    odd = {each.id: each for each in kg.quality().anomalies}
    assert odd["ap-term-vicarious-trauma"].lines == "1109-1116"
    assert "ap" in odd and "hr" in odd


def test_gaps_list_what_has_no_link_that_its_kind_could_have(kg: KnowledgeGraph) -> None:
    gaps = {(gap.relation, gap.direction, gap.kind): gap for gap in kg.gaps().unlinked}
    built = gaps["builds", "in", "capacity"]
    assert "ap-capacity-2.4" in built.items
    for name in built.items:
        assert not [link for link in kg.describe(name).links if link.relation == "builds"]
    assert built.of == 40


def test_each_check_finds_its_fault() -> None:
    items = (
        item("a"),
        item("b", parent="c"),
        item("c", parent="b", label="Do A well"),
        item("d", label=" ".join(["word"] * 13), also=("x a",)),
    )
    faults = find_faults(Model((), items, (link("b", "c"),)))
    assert faults["orphans"] == ("a", "d")
    assert faults["cycles in the hierarchy"] == ("b", "c")
    assert faults["related and broader at once"] == ("b--supports--c",)
    assert faults["duplicate labels"] == ("do a well: a, c",)
    assert faults["labels over 12 words"] == ("d",)
    assert faults["other names shared within a kind"] == ("x a: a, d",)


def test_kappa_is_one_where_all_agree_and_nought_where_chance_would_do_as_well() -> None:
    assert cohen_kappa({("a", "a"): 5, ("b", "b"): 5}) == 1
    assert cohen_kappa({("a", "a"): 1, ("a", "b"): 1, ("b", "a"): 1, ("b", "b"): 1}) == 0


def test_agreement_looks_only_at_what_both_looked_at(tmp_path: Path) -> None:
    (tmp_path / "sets.tsv").write_text(
        "set\trelation\tpairs\tfrom\tto\tread twice\ns\taddresses\t4\t*\tb-1 b-1.*\thalf\n", encoding="utf-8"
    )
    (tmp_path / "s-first.tsv").write_text(
        "from\tto\tstrength\na\tb-1\tdirect\na\tb-1.e1\tdirect\na\tb-2\tdirect\n", encoding="utf-8"
    )
    (tmp_path / "s-second.tsv").write_text(
        "from\tto\tstrength\na\tb-1\tdirect\na\tb-1.e1\tcontributing\n", encoding="utf-8"
    )
    [found] = read_agreements(tmp_path)
    assert (found.both, found.strength_differs, found.one_only) == (1, 1, 0)
    assert found.kappa_link == 1
    assert read_agreements(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("text", "phrases", "found"),
    [
        ("Trauma-informed care", "trauma informed", "trauma informed"),
        ("They hold people accountable", "accountab*", "accountab*"),
        ("A bank account", "accountab*", None),
        ("biased", "bias", None),
        ("Anything", " | ", None),
    ],
)
def test_a_phrase_is_found_as_whole_words_or_by_its_stem(text: str, phrases: str, found: str | None) -> None:
    assert find_phrase(text, phrases) == found


def test_uses_of_a_term_are_marked_as_computed_and_corrected_by_hand(tmp_path: Path) -> None:
    def record(name: str, summary: str) -> Record:
        return Record(name, "action", {"label": "x", "summary": summary}, "f.yaml", 1, 1)

    records = [
        record("t", "stigma"),
        record("a", "Less stigma at work."),
        record("b", "A stigma of a flower."),
        record("c", "Nothing here."),
    ]
    path = tmp_path / "uses-term.tsv"
    path.write_text(
        "term\twords\tpassages\texcept\ton\nt\tstigma*\tc\tb\t2026-11-22\nt2\tx\t\tzz\t2026-11-22\n", encoding="utf-8"
    )
    links, problems = read_uses(path, records)
    assert [(each.fields["from"], each.fields["basis"], each.fields["state"]) for each in links] == [
        ("a", "computed", "proposed"),
        ("c", "computed", "proposed"),
    ]
    assert [problem.line for problem in problems] == [3, 3]
    assert read_uses(tmp_path / "none.tsv", records) == ([], [])


def test_bilateral_organizations_are_used_nowhere_and_that_is_told(kg: KnowledgeGraph, real_build: Config) -> None:
    assert "ap-term-bilateral-organizations" in kg.quality().faults["orphans"]
