"""The rooms behind the search, each alone: spelling, questions, filters, senses, evaluation, and thousands of items by both engines."""

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
from kg.index_arrays import ArrayIndex
from kg.indexing_arrays import build_arrays
from kg.model import Item, Model
from kg.question import MOST_WORDS, read_question
from kg.ranking import Ranker
from kg.ranking_arrays import ArrayRanker
from kg.senses import Senses, build_senses
from kg.senses_arrays import ArraySenses
from kg.spelling import Vocabulary, nearest_word, one_letter_away
from kg.suggestions import Suggestions
from kg.suggestions_arrays import ArraySuggestions
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
    known = Vocabulary({word: count for word, count in sorted(KNOWN.items()) if word != typed})
    assert nearest_word(typed, known) == meant


@given(word=st.text(alphabet="abcde", min_size=6, max_size=9), slip=st.integers(0, 10**6))
def test_every_single_slip_after_the_first_letter_is_mended(word: str, slip: int) -> None:
    slips = sorted(each for each in one_letter_away(word) if each[0] == word[0] and len(each) > 5)
    typed = slips[slip % len(slips)]
    assert nearest_word(typed, Vocabulary({word: 1})) == word


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


MANY = 2_000
WORDS = [f"{first}{a}{b}{c}" for first in ("bor", "cal", "dem", "fos", "gar", "hil", "jun", "kem") for a in "aeiou" for b in "lmnrst" for c in ("a", "ek", "in", "os", "ud")]  # fmt: skip
Engines = tuple[tuple[Ranker, Index, Suggestions], tuple[ArrayRanker, ArrayIndex, ArraySuggestions]]


def draw_items() -> tuple[Item, ...]:
    """Items of words drawn as words are in texts: few common ones, many rare."""
    draw = random.Random(7)
    weights = [1 / (rank + 1) for rank in range(len(WORDS))]

    def text(low: int, high: int) -> str:
        return " ".join(draw.choices(WORDS, weights, k=draw.randint(low, high)))

    def item(n: int) -> Item:
        kind, also, unlike = draw.choice(["action", "barrier"]), (text(2, 5), f"X-{text(1, 2)}"), (text(2, 2),)
        return Item(f"x-{n}", kind, text(3, 8), text(8, 40) + ".", also, (text(1, 1),), unlike, (), "", "x", "1", "", 1)

    return tuple(map(item, range(MANY)))


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory, terms: Terms) -> Iterator[Engines]:
    """The same thousands of items by both engines."""
    model, thesaurus = (
        Model((), draw_items(), ()),
        Thesaurus(to_stemmed([{"words": [*WORDS[5:8], f"{WORDS[2]} {WORDS[3]}"], "hidden": []}])),
    )
    folder = tmp_path_factory.mktemp("engines")
    for name in ("small", "large"):
        (folder / name).mkdir()
    quiet = {stem(WORDS[9])}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.senses.EXACT", MANY // 2)  # so that the directions are those that more items get
        build_senses(folder / "senses.bin", build_index(folder / "small", model, terms))
        build_arrays(folder / "large", model, terms, quiet)
    small, large = Index(folder / "small"), ArrayIndex(folder / "large")
    yield (
        (Ranker(small, Senses(folder / "senses.bin"), thesaurus), small, Suggestions(model.items, quiet)),
        (
            ArrayRanker(large, ArraySenses(folder / "large", large.number), thesaurus),
            large,
            ArraySuggestions(folder / "large"),
        ),
    )
    small.close()
    large.close()


def questions() -> list[str]:
    draw = random.Random(3)
    asked = [" ".join(draw.sample(WORDS, draw.randint(1, 5))) for _ in range(25)]
    common = [f"{WORDS[3]} {WORDS[1]}", " ".join(WORDS[:8]), f"{WORDS[5]} {WORDS[300]}"]
    hard = [
        f"{WORDS[0][:4]}*",
        f'"{WORDS[3]} {WORDS[9]}"',
        f'{WORDS[4]} "{WORDS[0]} {WORDS[1]}"',
        f"{WORDS[2]} {WORDS[4]} -{WORDS[6]}",
        f'{WORDS[2]} -"{WORDS[0]} {WORDS[1]}"',
    ]
    return [*asked, *common, *hard, "kemauulk borrala", "borala", "nothing known here"]


def test_the_postings_of_both_engines_are_a_plain_count(engines: Engines) -> None:
    """What an index gives back is what stands in the items: against a count made without it."""
    (_, small, _), (_, large, _) = engines
    assert small.size == large.size == MANY
    said = [
        tuple(to_stems(each) for each in (item.label, *item.also, *item.hidden, item.summary)) for item in draw_items()
    ]
    for word in random.Random(5).sample(WORDS, 25):
        found = stem(word)
        held = [place for place, texts in enumerate(said) if any(found in text for text in texts)]
        assert sorted(small.postings(found)) == large.postings(found).places.tolist() == held, word
        labels = {place for place in held if found in said[place][0]}
        for at, place in enumerate(held):
            one, other = small.postings(found)[place], large.postings(found).to_posting(at)
            assert (one.fields, one.core) == (other.fields, other.core)
            assert one.weight == pytest.approx(other.weight, rel=1e-6)
            assert ("label" in one.fields) == (place in labels)


def test_both_engines_give_thousands_of_items_the_same_scores_and_reasons(engines: Engines) -> None:
    (small, *_), (large, *_) = engines
    filters = read_filters({"kind": ["action"]}, {"kind": ["action", "barrier"]}, {})
    for text in questions():
        question = read_question(text)
        one, other = small.rank(question), large.rank(question)
        assert one.told == other.told, text
        pairs = [
            (ranking.narrow(filters, 0.5, topics=False), ranking.head(10, topics=True)) for ranking in (one, other)
        ]
        (left, head), (right, best) = pairs
        assert left.total == right.total and left.counts() == right.counts(), text
        assert [match.id for match in head] == [match.id for match in best], text
        whole, every = left.page(0, 10**6), right.page(0, 10**6)
        assert right.page(0, 20) == every[:20] and right.page(5, 9) == every[5:9]
        assert [match.score for match in whole] == pytest.approx([match.score for match in every], abs=1e-5)
        by_id = {match.id: match for match in every}
        for match in whole:
            same = by_id[match.id]
            assert (match.score, match.sense) == pytest.approx((same.score, same.sense), abs=1e-5)
            assert (match.words, match.share) == (same.words, pytest.approx(same.share))
            assert one.explain(match) == other.explain(same), text
        assert [match.score for match in whole] == sorted((match.score for match in whole), reverse=True)
        assert [match.id for match in left.best_of(["action"], 3, 0.7)] == [
            match.id for match in right.best_of(["action"], 3, 0.7)
        ]


def test_both_engines_mend_suggest_and_liken_the_same(engines: Engines) -> None:
    (small, index, names), (large, arrays, suffixes) = engines
    slips = [word[:4] + word[5] + word[4] + word[6:] for word in WORDS[::17] if len(word) > 6] + [
        "borrala",
        "calamek",
        "kmeaulud",
        "gasorrin",
    ]
    assert {word: nearest_word(word, index.vocabulary) for word in slips} == {
        word: nearest_word(word, arrays.vocabulary) for word in slips
    }
    assert any(nearest_word(word, arrays.vocabulary) for word in slips)
    assert index.vocabulary.beginning_with("bor", 9) == arrays.vocabulary.beginning_with("bor", 9)
    for typed in ["bo", "x-", "x", "borala ", "borala bo", "cal", "CALA", "zz", "", "x b", WORDS[9], "\u00e9\u00e9"]:
        assert names.find(typed, 12) == suffixes.find(typed, 12), typed
    for item in ("x-0", "x-77", f"x-{MANY - 1}"):
        one, other = small.like(item, 15), large.like(item, 15)
        assert [each for each, _ in one] == [each for each, _ in other] and item not in dict(other)
        assert [score for _, score in one] == pytest.approx([score for _, score in other], abs=1e-4)


@pytest.mark.parametrize("which", [0, 1], ids=["small", "large"])
def test_eight_threads_on_one_index_get_what_one_gets(engines: Engines, which: int) -> None:
    ranker, index, _ = engines[which]
    asked = [read_question(text) for text in questions()[::4]]
    if isinstance(index, Index):
        index.postings.cache_clear()
        index.document.cache_clear()
    answers: dict[int, list[list[str]]] = {}
    faults: list[Exception] = []

    def ask(number: int) -> None:
        try:
            answers[number] = [[match.id for match in ranker.rank(each).head(10, topics=True)] for each in asked]
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    alone = [[match.id for match in ranker.rank(each).head(10, topics=True)] for each in asked]
    assert all(answers[number] == alone for number in range(8))


def test_an_array_index_of_nothing_answers_nothing(tmp_path: Path, terms: Terms) -> None:
    build_arrays(tmp_path, Model((), (), ()), terms, ())
    index = ArrayIndex(tmp_path)
    ranker = ArrayRanker(index, ArraySenses(tmp_path, index.number), Thesaurus([]))
    assert ranker.rank(read_question('bank "account here" loa* -x')).head(10, topics=True) == []
    assert ArraySuggestions(tmp_path).find("bank", 5) == [] and index.vocabulary.alike("bank") == []
    index.close()


def test_the_same_items_give_the_same_bytes(tmp_path: Path, terms: Terms) -> None:
    model = Model((), draw_items()[:200], ())
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        build_arrays(tmp_path / name, model, terms, ())
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "places.npy" in files and files == sorted(path.name for path in (tmp_path / "other").iterdir())
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes(), name


def test_plain_words_and_stems_agree_on_what_a_word_is() -> None:
    assert to_plain_words("It's O\u2019Neil\u2019s caf\u00e9") == ["it's", "o'neil's", "cafe"]
