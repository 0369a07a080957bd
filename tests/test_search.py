"""Words find items, say why, and nothing that is typed breaks the search."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import BadQuery
from kg.queries import KnowledgeGraph
from kg.words import to_asked, to_stems


def test_a_word_of_the_asker_finds_what_carries_it_as_another_name(kg: KnowledgeGraph) -> None:
    first = kg.search("holes in my CV", kind="barrier").results[0]
    assert first.id == "ap-barrier-1.3"
    assert "also" in {match["field"] for match in first.matched}


def test_the_exact_label_comes_first_whatever_the_kind(kg: KnowledgeGraph) -> None:
    for item in (
        "ap-action-3.2.11",
        "ap-goal-2.3",
        "ap-term-tokenism",
        "ap-barrier-7.6",
        "ap-ally-5.3",
        "ap-capacity-4.6",
        "ap-commitment-11",
    ):
        label = kg.describe(item).item.label
        assert kg.search(label).results[0].id == item, label


def test_almost_every_label_finds_its_own_item_first(kg: KnowledgeGraph) -> None:
    items = [item for item in kg.items() if item.kind != "topic"]
    missed = [item.id for item in items if kg.search(item.label, limit=1).results[0].id != item.id]
    assert len(missed) <= 0.01 * len(items), missed


def test_each_match_is_a_word_of_the_question_and_stands_in_the_field(kg: KnowledgeGraph) -> None:
    for hit in kg.search("Résumé gaps and criminal convictions").results:
        item = kg.describe(hit.id).item
        for match in hit.matched:
            assert set(match["words"]) <= {"resume", "gaps", "criminal", "convictions"}
            if match["field"] in ("label", "summary"):
                assert {to_stems(word)[0] for word in match["words"]} <= set(to_stems(getattr(item, match["field"])))


def test_results_come_best_first_and_no_more_than_asked(kg: KnowledgeGraph) -> None:
    results = kg.search("funding for survivor-led organizations", limit=7).results
    assert len(results) == 7
    assert [hit.score for hit in results] == sorted((hit.score for hit in results), reverse=True)


def test_a_shorter_list_is_the_head_of_a_longer_one(kg: KnowledgeGraph) -> None:
    for text in ("funding", "trauma informed training for police", "pay", "research led by survivors and universities"):
        assert kg.search(text, limit=5).results == kg.search(text, limit=300).results[:5]


def test_a_kind_or_source_narrows_and_an_unknown_one_says_what_there_is(kg: KnowledgeGraph) -> None:
    assert {hit.kind for hit in kg.search("pay", kind="ally-recommendation").results} == {"ally-recommendation"}
    assert kg.search("pay", source="ap").results
    with pytest.raises(BadQuery, match="There is no kind 'barier'. Did you mean 'barrier'?"):
        kg.search("pay", kind="barier")
    with pytest.raises(BadQuery, match="There is no source"):
        kg.search("pay", source="xx")


def test_words_that_stand_nowhere_find_nothing(kg: KnowledgeGraph) -> None:
    assert kg.search("xylophone zeppelin").results == ()


@pytest.mark.parametrize("text", ["", "   ", "?!", "\x00", "\u202e", "'''"])
def test_an_empty_question_says_what_to_do(kg: KnowledgeGraph, text: str) -> None:
    with pytest.raises(BadQuery, match="holds no word"):
        kg.search(text)


def test_a_question_of_ten_thousand_characters_says_what_to_do(kg: KnowledgeGraph) -> None:
    with pytest.raises(BadQuery, match="10000 characters; at most 1000"):
        kg.search("a" * 10_000)
    with pytest.raises(BadQuery, match="10000 characters"):
        kg.answers("why me " * 1428 + "now?")


def test_a_limit_that_is_none_says_so(kg: KnowledgeGraph) -> None:
    with pytest.raises(BadQuery, match="The limit is 0"):
        kg.search("pay", limit=0)


def test_a_question_of_stop_words_alone_is_still_asked() -> None:
    assert list(to_asked("What should we do?").values()) == ["what", "should", "we", "do"]


def test_both_spellings_and_accents_are_one_word() -> None:
    assert to_stems("organisations résumé") == to_stems("organization Resume")


@settings(max_examples=400, deadline=None)
@given(
    text=st.text(min_size=1, max_size=200) | st.text(alphabet="abk *?~:^()[]{}\"'+-/\\ANDORT", min_size=1, max_size=80)
)
def test_whatever_is_typed_gives_results_or_a_reason(kg: KnowledgeGraph, text: str) -> None:
    try:
        found = kg.search(text)
    except BadQuery as refused:
        assert refused.hint
    else:
        assert all(hit.matched for hit in found.results)


def test_many_threads_get_the_answers_that_one_gets(kg: KnowledgeGraph) -> None:
    questions = [
        "bank account",
        "funding",
        "trauma informed care",
        "same few people",
        "research ethics",
        "housing",
        "media stories",
    ]
    expected = {question: kg.search(question).results for question in questions}
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(20):
            for question in questions:
                try:
                    if kg.search(question).results != expected[question]:
                        wrong.append(question)
                except Exception as error:
                    wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_slip_of_the_keys_is_read_as_the_word_that_was_meant(kg: KnowledgeGraph) -> None:
    assert kg.search("intersectionalty").results[0].id == "ap-term-intersectionality"
    assert kg.search("bankk acount", kind="barrier").results[0].id == "ap-barrier-2.6"
    [match] = [match for match in kg.search("intersectionalty").results[0].matched if match["field"] == "label"]
    assert match["words"] == ["intersectionalty"], "what matched is told in the asker's own letters"


def test_a_word_that_is_known_is_never_read_as_another(kg: KnowledgeGraph) -> None:
    for text, near in (("peer", "pee"), ("media", "medic"), ("trust", "rust")):
        for hit in kg.search(text, limit=100).results:
            words = {word for match in hit.matched for word in [*match["words"], *match.get("widened", [])]}
            assert near not in words
            held = to_stems(" ".join([hit.label, hit.summary, *kg.describe(hit.id).item.also]))
            above = to_stems(" ".join(brief.label for brief in kg.describe(hit.id).above))
            assert to_stems(text)[0] in held + above or any(match.get("widened") for match in hit.matched), hit.id


def test_topics_are_found_only_where_they_are_asked_for(kg: KnowledgeGraph) -> None:
    assert {hit.kind for hit in kg.search("hiring and careers", kind="topic").results} == {"topic"}
    assert "topic" not in {hit.kind for hit in kg.search("hiring and careers", limit=100).results}


@pytest.mark.parametrize("text", ["a" * 999, "abcdefgh " * 110, " ".join(f"qwert{chr(97 + n) * 3}" for n in range(26))])
def test_words_that_nobody_types_cost_no_more_than_a_search(kg: KnowledgeGraph, text: str) -> None:
    import time

    started = time.perf_counter()
    kg.search(text)
    assert time.perf_counter() - started < 5  # a guard against running away, not a measurement


def test_one_letter_away_is_one_slip_and_no_more() -> None:
    from kg.index import one_letter_away

    slips = one_letter_away("fund")
    for word, slip in {"fun": "too few", "funds": "too many", "fond": "another", "fnud": "swapped"}.items():
        assert word in slips, slip
    for word in ("fund", "fonds", "fu", "dnuf"):
        assert word not in slips, word
