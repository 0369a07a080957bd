"""What an editor can get wrong in the data is told at once, by file, line and column, with the next move."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from kg.build import check_data
from kg.config import Config
from kg.errors import MissingFolder
from kg.records import link_id
from kg.source import load_records
from kg.terms import Terms

from .conftest import TINY

Spoil = Callable[[str, str, str], Config]

# name: file, what stands there, what is put in its place; at which text the problem is told; its words
FAULTS = {
    "unknown key": ("tiny.yaml", "    summary: Survivors hold", "    sumary: Survivors hold", "sumary", "'sumary' is not known; did you mean 'summary'?"),
    "unknown key of a link": ("links.yaml", "    because: A", "    becase: A", "becase", "'becase' is not known; did you mean 'because'?"),
    "unknown key at the top": ("tiny.yaml", "themes:", "themse:", "themse:", "'themse' is not known; did you mean 'themes'?"),
    "duplicate key": ("tiny.yaml", "lines: 9", "lines: 9\n        lines: 9", "        lines: 9", "'lines' stands here a second time (first on line 52)"),
    "duplicate id": ("tiny.yaml", "id: ap-barrier-2.7", "id: ap-barrier-2.6", "id: ap-barrier-2.6", "ap-barrier-2.6 stands here a second time"),
    "id of a wrong form": ("tiny.yaml", "id: ap-barrier-2.7", "id: AP barrier", "id: AP barrier", "'AP barrier' is not one"),
    "entry without id": ("tiny.yaml", "- id: ap-term-stigmatization\n    label", "- label", "- label", "an entry has no id"),
    "dangling link": ("links.yaml", "to: ap-barrier-2.7", "to: ap-barrier-2.8", "to: ap-barrier-2.8", "to names 'ap-barrier-2.8', which does not exist; did you mean"),
    "dangling start": ("links.yaml", "from: ap-ally-2.9", "from: ap-elly-2.9", "from: ap-elly", "from names 'ap-elly-2.9', which does not exist"),
    "wrong relation for the kinds": ("links.yaml", "relation: builds", "relation: addresses", "to: ap-capacity-3.1", "'addresses' does not go to a capacity"),
    "relation that only nesting gives": ("links.yaml", "relation: builds", "relation: hasAction", "relation: hasAction", "relation is 'hasAction'; it is one of:"),
    "unknown relation": ("links.yaml", "relation: builds", "relation: helps", "relation: helps", "relation is 'helps'"),
    "link to itself": ("links.yaml", "to: ap-barrier-2.7", "to: ap-ally-2.9", "to: ap-ally-2.9", "an item is linked to itself"),
    "link twice": (
        "links.yaml",
        "    on: 2026-11-22\n  - from: ap-ally-2.9\n    relation: addresses\n    to: ap-barrier-2.7",
        "    on: 2026-11-22\n  - from: ap-action-3.2.11\n    relation: addresses\n    to: ap-barrier-2.6",
        "- from: ap-action",
        "stands here a second time",
    ),
    "link without a reason": ("links.yaml", "    because: Money for emergencies can buy food when there is none left.\n", "", "- from: ap-ally-2.9", "the link has no because"),
    "unknown strength": ("links.yaml", "strength: direct", "strength: strong", "strength: strong", "strength is 'strong'; it is one of:"),
    "unknown state": ("links.yaml", "state: proposed", "state: rewieved", "state: rewieved", "state is 'rewieved'"),
    "a person's name": ("links.yaml", "by: project", "by: Somebody", "by: Somebody", "by is 'Somebody'; it is one of: project"),
    "child where it may not be": ("tiny.yaml", "commitments:", "barriers:", "barriers:", "a goal cannot hold 'barriers'; only these can: barrier-group"),
    "list that is text": ("tiny.yaml", "also:\n      - frontline services", "also: frontline services", "also: frontline", "'also' is not a list of texts"),
    "text that is a list": ("tiny.yaml", "label: Stigmatization", "label: [Stigmatization]", "label: [Stig", "'label' is not one text"),
    "empty field": ("tiny.yaml", "label: Stigmatization", "label:", "label:", "'label' is empty"),
    "children that are no list": ("tiny.yaml", "terms:\n  - id", "terms:\n    id", "id: ap-term-stig", "'terms' is not a list"),
    "entry that is text": ("tiny.yaml", "terms:\n", "terms:\n  - just words\n", "just words", "an entry of 'terms' has no keys"),
    "unknown source": ("tiny.yaml", "id: ap\n", "id: xx\n", "id: xx", "there is no source 'xx'"),
    "file without a source": ("tiny.yaml", "id: ap\nthemes", "themes", "themes", "does not say which source"),
    "gap that nobody explains": ("tiny.yaml", "        gap: The plan names food as a need, yet nobody is asked to do anything about it.\n", "", "id: ap-barrier-2.7", "no gap note says so"),
    "gap note although answered": ("tiny.yaml", "and banking\n", "and banking\n        gap: Nobody is asked to do anything at all.\n", "gap: Nobody", "has a gap note although something addresses it directly"),
    "field of another kind": ("tiny.yaml", "lines: 9", "lines: 9\n        publisher: X", "publisher: X", "A capacity need holds a field that it may not hold"),
    "label of one word": ("tiny.yaml", "label: Not enough good food", "label: Food", "label: Food", "It needs one label of 3 to 12 words"),
    "lines that are none": ("tiny.yaml", "lines: 5,7", "lines: 5 to 7", "lines: 5 to 7", "It needs the lines of its passage"),
    "too few other names": ("tiny.yaml", "          - unbanked\n", "", "also:\n          - bank turned", "It needs 3 to 12 other names"),
    "reason that is no sentence": ("links.yaml", "because: A cancelled record leaves", "because: cancelled record leaves", "because: cancelled", "A link says why"),
    "day that is none": ("links.yaml", "on: 2026-11-22", "on: 2026-02-30", "on: 2026-02-30", "A link has one day"),
    "resource without a way to find it": ("harm.yaml", "    publisher: Somebody Who Publishes\n    issued: 2020\n    page: https://example.org/toolkit\n", "", "- id: resource-toolkit", "nobody could find this resource"),
    "address that is not of the web": ("harm.yaml", "page: https://example.org/toolkit", "page: javascript:alert(1)", "page: javascript", "A page is a web address that begins with http or https"),
    "unknown kind of resource": ("harm.yaml", "resource-kind: toolkit", "resource-kind: tolkit", "resource-kind: tolkit", "resource-kind names 'tolkit', which does not exist; did you mean 'toolkit'?"),
    "unknown audience": ("harm.yaml", "          - funders", "          - founders", "audiences:\n          - founders", "audiences names 'founders', which does not exist; did you mean 'funders'?"),
    "unknown topic": ("harm.yaml", "          - topic-food", "          - topic-foot", "about:\n          - topic-foot", "about names 'topic-foot', which does not exist; did you mean 'topic-food'?"),
    "sequence with a hole": ("links.yaml", "to: hr-cycle-2\n    strength: direct", "to: hr-cycle-1\n    strength: direct", "to: hr-cycle-1\n    strength: direct", "an item is linked to itself"),
    "recommendation to nobody": ("harm.yaml", "        audiences:\n          - funders\n", "", "- id: hr-rec-3.8", "A recommendation says whom it speaks to"),
    "YAML that does not parse": ("links.yaml", "because: A cancelled", "because: a: cancelled", "because: a: cancelled", "is not YAML"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_told_by_file_line_and_cure(fault: str, spoil: Spoil) -> None:
    file, old, new, at, words = FAULTS[fault]
    config = spoil(file, old, new)
    text = (config.data / file).read_text(encoding="utf-8")
    place = text.find(at, (TINY / file).read_text(encoding="utf-8").find(old) if at in new else 0)
    assert place >= 0
    line = text.count("\n", 0, place) + 1
    problems = check_data(config)
    told = [str(problem) for problem in problems]
    assert any(f"{file}:{line}:" in each and words in each for each in told), "\n".join(told)
    assert all(re.fullmatch(r".+:\d+:\d+: (error|warning): .+: .+; .+", each, re.DOTALL) for each in told)


def test_a_sequence_with_a_hole_is_told_where_it_breaks(tiny: Config) -> None:
    path = tiny.data / "links.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("  - from: hr-cycle-1")
    path.write_text(text[:start] + text[text.index("  - from: hr-accountability-1") :], encoding="utf-8")
    [told] = [str(problem) for problem in check_data(tiny)]
    assert "harm.yaml:" in told and "hr-cycle-1: the sequence has a hole after it" in told
    assert "add a link: from hr-cycle-1, relation precedes, to hr-cycle-2" in told


def test_the_tiny_data_has_no_fault(tiny: Config) -> None:
    assert check_data(tiny) == []


def test_all_problems_are_told_at_once_in_the_order_of_files_and_lines(spoil: Spoil) -> None:
    spoil("links.yaml", "state: proposed", "state: certain")
    spoil("tiny.yaml", "label: Stigmatization", "label:")
    problems = check_data(spoil("tiny.yaml", "lines: 9", "line: 9"))
    assert len(problems) == 3
    assert problems == sorted(problems)


def test_a_folder_without_data_says_so(tiny: Config, terms: Terms) -> None:
    (tiny.data / "empty").mkdir()
    with pytest.raises(MissingFolder, match="no YAML file"):
        load_records(tiny.data / "empty", terms)


def test_positions_count_on_from_file_to_file(tiny: Config, terms: Terms) -> None:
    more = "id: ap\nterms:\n  - id: ap-term-zest\n    label: Zest\n    lines: 1\n    summary: x\n    also: [a]\n"
    (tiny.data / "zz.yaml").write_text(more, encoding="utf-8")
    records, _ = load_records(tiny.data, terms)
    assert {record.id: record.fields["position"] for record in records if record.kind == "term"} == {
        "ap-term-stigmatization": "1",
        "ap-term-zest": "2",
    }


def test_the_id_of_a_link_is_made_from_what_it_joins(tiny: Config, terms: Terms) -> None:
    records, _ = load_records(tiny.data, terms)
    assert link_id("ap-action-3.2.11", "addresses", "ap-barrier-2.6") in {record.id for record in records}
