"""The rooms behind the search, each alone: spelling, questions, filters, senses, evaluation, and an index of ten thousand items."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import BadQuery, DataFault, MissingFolder
from kg.evaluation import discounted_gain, evaluate
from kg.filters import read_filters
from kg.index import Index, build_index
from kg.model import Item, Model
from kg.question import MOST_WORDS, read_question
from kg.ranking import Ranker
from kg.senses import Senses, build_senses
from kg.spelling import nearest_word, one_letter_away
from kg.terms import Terms
from kg.thesaurus import Thesaurus, to_stemmed
from kg.words import STOP_WORDS, mark_words, stem, to_plain_words, to_stems

ROOT = Path(__file__).resolve().parent.parent
KNOWN = {
    "conviction": 9,
    "housing": 5,
    "consent": 7,
    "intersectionality": 3,
    "plan": 40,
    "trauma": 30,
    "bank": 20,
    "negotiate": 2,
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("convicton", "conviction"), ("housng", "housing"), ("concent", "consent"), ("intersectionalty", "intersectionality"),
        ("truma", "trauma"), ("bankk", "bank"), ("negociate", "negotiate"), ("intersetionalty", "intersectionality"),
        ("plane", None), ("clan", None), ("xylophone", None), ("ausing", None), ("conviction", None), ("c0nviction", None), ("a" * 30, None),
    ],
)  # fmt: skip
def test_a_word_is_read_as_another_only_where_that_is_likely(typed: str, meant: str | None) -> None:
    assert nearest_word(typed, {word: count for word, count in KNOWN.items() if word != typed}) == meant


@given(word=st.text(alphabet="abcde", min_size=6, max_size=9), slip=st.integers(0, 10**6))
def test_every_single_slip_after_the_first_letter_is_mended(word: str, slip: int) -> None:
    slips = sorted(each for each in one_letter_away(word) if each[0] == word[0] and len(each) > 5)
    typed = slips[slip % len(slips)]
    assert nearest_word(typed, {word: 1}) == word


def test_stems_that_mean_different_things_stay_apart() -> None:
    for one, other in (
        ("account", "accountability"),
        ("minor", "minority"),
        ("office", "officer"),
        ("positions", "positive"),
    ):
        assert stem(one) != stem(other), (one, other)
    for one, other in (
        ("advise", "advised"),
        ("organise", "organizations"),
        ("supervise", "supervised"),
        ("survivors", "survivor"),
    ):
        assert stem(one) == stem(other), (one, other)


def test_no_word_of_asking_is_also_a_weak_word() -> None:
    from kg.words import WEAK_WORDS

    assert not STOP_WORDS & WEAK_WORDS


@settings(max_examples=300)
@given(text=st.text(max_size=80), words=st.text(max_size=30))
def test_marked_pieces_are_the_text_whatever_it_is(text: str, words: str) -> None:
    pieces = mark_words(text, set(to_stems(words)))
    assert "".join(piece for piece, _ in pieces) == text
    assert all(set(to_stems(piece)) <= set(to_stems(words)) for piece, marked in pieces if marked)


@settings(max_examples=500)
@given(text=st.text(max_size=300) | st.text(alphabet='ab *-"NOT\u201c\u201d', max_size=300))
def test_every_question_is_read_or_refused_in_three_beats(text: str) -> None:
    try:
        question = read_question(text)
    except BadQuery as refused:
        assert refused.message and refused.hint
        return
    assert question.words or question.beginnings
    assert (
        len(question.words) <= MOST_WORDS
        and len(question.beginnings) <= MOST_WORDS
        and len(question.without) <= MOST_WORDS
    )
    assert all(len(letters) >= 3 for letters in question.beginnings)


def test_quotes_stars_and_dashes_are_read_and_nothing_else_is() -> None:
    question = read_question(
        'pay \u201cbank account\u201d convict* pa* -loan NOT debt -"credit card" self-care label:x ~2 ^5'
    )
    assert question.phrases == (("bank", "account"),)
    assert question.beginnings == ("convict",)
    assert question.without == (("loan",), ("debt",), ("credit", "card"))
    assert set(question.words.values()) >= {"pay", "bank", "account", "pa", "care", "label"}


def test_filters_name_the_nearest_of_what_is_not_known() -> None:
    known = {"kind": ["action", "barrier"], "topic": ["topic-pay"]}
    with pytest.raises(BadQuery, match="Did you mean 'barrier'"):
        read_filters({"kind": ["-barier"]}, known, {})
    filters = read_filters({"kind": ["action", "action"], "topic": ["-topic-pay"]}, known, {})
    assert (filters.wanted, filters.unwanted) == ({"kind": ("action",)}, {"topic": ("topic-pay",)})
    values = {"kind": ["action"], "topic": ["topic-pay"]}
    assert not filters.accept(values) and filters.accept({**values, "topic": []})


def test_words_of_the_same_surroundings_are_near_in_meaning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.senses.DIMENSIONS", 2)
    texts = {
        "a": {"bank": 1.0, "money": 1.0}, "b": {"money": 1.0, "loan": 1.0}, "c": {"loan": 1.0, "bank": 1.0},
        "d": {"school": 1.0, "teacher": 1.0}, "e": {"teacher": 1.0, "pupil": 1.0}, "f": {"pupil": 2.0, "school": 1.0}, "g": {"school": 1.0},
    }  # fmt: skip
    build_senses(tmp_path / "senses.bin", texts)
    senses = Senses(tmp_path / "senses.bin")
    near = dict(zip(senses.items, senses.near_items(senses.direction({"money": 1.0})), strict=True))
    assert near["c"] > near["e"], "c holds not the word, but its company"
    assert senses.nearest_stem("money", ["school", "loan"])[0] == "loan"
    assert senses.direction({"nowhere": 1.0}) == () and senses.near_items(()) == [0.0] * 7
    build_senses(tmp_path / "again.bin", texts)
    assert (tmp_path / "again.bin").read_bytes() == (tmp_path / "senses.bin").read_bytes()


def test_senses_of_nothing_and_of_one_item_answer_nothing(tmp_path: Path) -> None:
    for texts, near in (({}, []), ({"a": {"bank": 1.0}}, [0.0])):
        build_senses(tmp_path / "senses.bin", texts)
        senses = Senses(tmp_path / "senses.bin")
        assert senses.near_items(senses.direction({"bank": 1.0})) == near


def write(folder: Path, queries: str, qrels: str) -> tuple[Path, Path]:
    (folder / "q.tsv").write_text(queries, encoding="utf-8")
    (folder / "r.tsv").write_text(qrels, encoding="utf-8")
    return folder / "q.tsv", folder / "r.tsv"


def test_scores_are_those_of_the_textbook(tmp_path: Path) -> None:
    queries = "qid\tpersona\tkind\tquery\n1\tally\tkeyword\tone\n2\tally\tquestion\ttwo\n3\tally\tno-answer\tthree\n"
    qrels = "qid\tid\tgrade\n1\ta\t2\n1\tb\t1\n2\tc\t2\n"
    run = {"one": ["b", "a"], "two": ["x", "y", "z", "c"], "three": ["a"]}
    found = evaluate(lambda text: run[text], *write(tmp_path, queries, qrels))
    scores = {score.group: score for score in found.scores}
    assert scores["keyword"].ndcg == pytest.approx((1 + 3 / 1.58496) / (3 + 1 / 1.58496), abs=1e-4)
    assert (scores["keyword"].mrr, scores["keyword"].hit) == (0.5, 1.0)
    assert (scores["question"].mrr, scores["question"].hit) == (0.25, 0.0)
    assert scores["all"].questions == 2 and found.unanswerable == {"three": 1}
    assert discounted_gain([]) == 0.0


@pytest.mark.parametrize(
    ("queries", "qrels", "error", "words"),
    [
        ("qid\tkind\tquery\n", "qid\tid\tgrade\n", DataFault, "no column 'persona'"),
        ("qid\tpersona\tkind\tquery\n", "qid\tid\tgrade\n1\ta\t3\n", DataFault, "r.tsv:2: the grade is '3'"),
    ],
)
def test_a_table_that_cannot_be_used_says_where(
    tmp_path: Path, queries: str, qrels: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        evaluate(lambda text: [], *write(tmp_path, queries, qrels))
    with pytest.raises(MissingFolder):
        evaluate(lambda text: [], tmp_path / "q.tsv", tmp_path / "nowhere.tsv")


TEN_THOUSAND = 10_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, terms: Terms) -> Iterator[tuple[Ranker, Index]]:
    """Ten thousand items of words drawn as words are in texts: few common ones, many rare."""
    draw = random.Random(7)
    words = [
        f"{first}{second}"
        for first in ("bor", "cal", "dem", "fos", "gar", "hil", "jun", "kem")
        for second in map(str.lower, _ENDS)
    ]
    weights = [1 / (rank + 1) for rank in range(len(words))]

    def text(low: int, high: int) -> str:
        return " ".join(draw.choices(words, weights, k=draw.randint(low, high)))

    items = tuple(
        Item(
            f"x-{n}",
            draw.choice(["action", "barrier"]),
            text(3, 8),
            text(8, 40) + ".",
            (text(2, 5),),
            (),
            (),
            (),
            "",
            "x",
            "1",
            "",
            1,
        )
        for n in range(TEN_THOUSAND)
    )
    folder = tmp_path_factory.mktemp("large")
    (folder / "index").mkdir()
    told = build_index(folder / "index", Model((), items, ()), terms)
    build_senses(folder / "senses.bin", told)
    index = Index(folder / "index")
    yield (
        Ranker(index, Senses(folder / "senses.bin"), Thesaurus(to_stemmed([{"words": words[5:8], "hidden": []}]))),
        index,
    )
    index.close()


_ENDS = [a + b + c for a in "aeiou" for b in "lmnrst" for c in ("a", "ek", "in", "os", "ud")]


def questions(large: tuple[Ranker, Index]) -> list[str]:
    draw = random.Random(3)
    words = list(large[1].words)
    asked = [" ".join(draw.sample(words, draw.randint(1, 5))) for _ in range(25)]
    return [
        f"{words[0][:4]}*",
        *asked[:12],
        f'"{words[3]} {words[9]}"',
        *asked[12:],
        f"{words[2]} {words[4]} -{words[6]}",
    ]


def test_the_scores_of_ten_thousand_items_are_those_of_a_plain_count(large: tuple[Ranker, Index]) -> None:
    """What the index gives back is what stands in the items: its postings against a count made without it."""
    index = large[1]
    said = {place: index.document(place) for place in range(index.size)}
    assert index.size == TEN_THOUSAND and len({document.id for document in said.values()}) == TEN_THOUSAND
    draw = random.Random(5)
    for word in draw.sample(list(index.words), 20):
        found = stem(word)
        held = {place for place, document in said.items() if any(found in each.split() for each in document.spoken)}
        assert set(index.postings(found)) == held, word
        label = {place for place, posting in index.postings(found).items() if "label" in posting.fields}
        assert label == {place for place, document in said.items() if found in document.spoken[0].split()}, word


def test_the_first_ten_are_the_head_of_everything_on_ten_thousand_items(large: tuple[Ranker, Index]) -> None:
    ranker, _ = large
    for text in questions(large):
        matches = ranker.rank(read_question(text)).matches
        assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)
        assert len({match.id for match in matches}) == len(matches)
        assert [match.id for match in ranker.rank(read_question(text)).matches[:10]] == [
            match.id for match in matches[:10]
        ]


def test_eight_threads_on_one_index_get_what_one_gets(large: tuple[Ranker, Index]) -> None:
    ranker, index = large
    asked = questions(large)[::3]
    index.postings.cache_clear()
    index.document.cache_clear()
    answers: dict[int, list[list[str]]] = {}
    faults: list[Exception] = []

    def ask(number: int) -> None:
        try:
            answers[number] = [[match.id for match in ranker.rank(read_question(text)).matches[:10]] for text in asked]
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    index.postings.cache_clear()
    alone = [[match.id for match in ranker.rank(read_question(text)).matches[:10]] for text in asked]
    assert all(answers[number] == alone for number in range(8))


def test_plain_words_and_stems_agree_on_what_a_word_is() -> None:
    assert to_plain_words("It's O\u2019Neil\u2019s caf\u00e9") == ["it's", "o'neil's", "cafe"]
