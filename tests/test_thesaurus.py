"""Words that mean the same to those who search: read strictly, looked for at a lower weight, told as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.queries import KnowledgeGraph
from kg.thesaurus import MOST_SETS, Thesaurus, read_quiet, read_thesaurus, to_stemmed
from kg.words import stem, to_stems

ROOT = Path(__file__).resolve().parent.parent


def test_the_real_thesaurus_has_no_fault() -> None:
    sets, problems = read_thesaurus(ROOT / "data" / "thesaurus.yaml")
    assert problems == []
    assert len(sets) > 200


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("sets:\n  - words: [a]\n", 1, "does not hold a list 'thesaurus'"),
        ("thesaurus: pay\n", 1, "does not hold a list 'thesaurus'"),
        ("thesaurus:\n  - words:\n      - pay\n", 2, "fewer than two words"),
        ("thesaurus:\n  - words:\n      - pay\n      - the\n", 2, "fewer than two words"),
        ("thesaurus:\n  - hidden:\n      - pay\n      - wage\n", 2, "fewer than two words"),
        ("thesaurus:\n  - pay\n", 2, "fewer than two words"),
        ("thesaurus:\n  - wrods:\n      - pay\n      - wage\n", 2, "the key 'wrods' is not known"),
        (
            "thesaurus:\n" + "  - words:\n      - pay\n      - wage\n" * (MOST_SETS + 1),
            0,
            "'pay' stands in more than 3 sets",
        ),
        ("thesaurus: [", 2, "is not YAML"),
    ],
)
def test_a_fault_in_the_file_is_told_by_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = tmp_path / "thesaurus.yaml"
    path.write_text(text, encoding="utf-8")
    problems = read_thesaurus(path)[1]
    assert any(problem.line == line and words in problem.what for problem in problems), problems


def test_a_phrase_asks_only_as_a_whole_and_hidden_words_ask_but_are_never_looked_for() -> None:
    thesaurus = Thesaurus(to_stemmed([{"words": ["hr", "human resources", "personnel"], "hidden": ["staffers"]}]))
    assert thesaurus.find_wider(["human"]) == {}
    assert set(thesaurus.find_wider(["human", "resourc"])) == {"hr", "personnel"}
    assert set(thesaurus.find_wider(["staffer"])) == {"hr", "human resourc", "personnel"}
    assert "staffer" not in thesaurus.find_wider(["hr"])


def test_an_acronym_finds_its_long_form_and_only_side_by_side(kg: KnowledgeGraph) -> None:
    found = {hit.id: hit for hit in kg.search("EAP", limit=100).results}
    told = [match for match in found["ap-action-3.2.3"].matched if match["field"] == "also"]
    assert told and "EAP".lower() in told[0]["words"]
    assert "employee assistance program" in kg.search("EAP").widened


def test_words_of_violence_are_listed_and_never_suggested(kg: KnowledgeGraph) -> None:
    quiet = read_quiet(ROOT / "data" / "quiet-words.txt")
    assert {"rape", "torture", "violence"} <= set(quiet)
    for letters in (*quiet, "sex", "tra", "chi", "pol", "har", "sur"):
        for suggestion in kg.suggest(letters, limit=200).suggestions:
            assert not set(to_stems(suggestion.text)) & {stem(word) for word in quiet}, suggestion


def test_a_word_finds_what_says_the_same_in_another_and_says_so(kg: KnowledgeGraph) -> None:
    found = {hit.id: hit for hit in kg.search("remuneration", limit=50).results}
    assert "ap-ally-1.2" in found, "pay survivors for their work"
    assert any(match.get("widened") for match in found["ap-ally-1.2"].matched)


def test_the_askers_own_word_counts_more(kg: KnowledgeGraph) -> None:
    scores = {
        word: {hit.id: hit.score for hit in kg.search(word, limit=200).results} for word in ("housing", "accommodation")
    }
    assert scores["housing"]["ap-action-3.2.12"] > scores["accommodation"]["ap-action-3.2.12"]


def test_no_hurtful_word_is_shown_as_a_reason(kg: KnowledgeGraph) -> None:
    sets, _ = read_thesaurus(ROOT / "data" / "thesaurus.yaml")
    hidden = {word for found in sets for word in found["hidden"]}
    shown = {
        word
        for question in ("survivor", "sex work", "trafficking", "undocumented")
        for hit in kg.search(question, limit=100).results
        for match in hit.matched
        if match["field"] != "sense"  # there stand words of the item itself, which pages show
        for word in match.get("widened", [])
    }
    assert not shown & hidden
