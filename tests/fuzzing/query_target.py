"""What is typed into the search box, with filters: read, searched, suggested and answered. First line: words; others: facet=value."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from kg.filters import FACETS
from kg.question import MOST_READ, MOST_TYPED, MOST_WORDS, read_question
from kg.results import to_json

from . import Target, World

PIECES = (
    "NOT", "AND", "OR", "-", "--", "*", "**", "?", '"', '""', "\u201c", "\u201e", "(", ")", "^", "~", "~9", "[a TO b]", "kind:", "a:b",
    "ban*", "b*", "*an", "-bank", '-"bank account"', '"bank account"', "bank", "account", "criminal", "record", "what", "does", "mean",
    "define", "barriers", "to", "recommendations", "for", "funders", "about", "what can funders do about", "the", "of", "who", "can't",
    "don\u2019t", "e\u0301", "\u00e9", "\u0130", "\u00df", "\ufb01", "\u202e", "\u200d", "\x00", "\ud83d", "\U0001f469", "名前", "مرحبا",
    "ap-barrier-2.6", "a" * 60, "\u2028", "\t", "$(id)", "' OR 1=1 --", "<b>", "%s", "{}", "\\",
)  # fmt: skip


def open_target(world: World) -> Target:
    """Ask a small build."""
    kg = world.kg
    ids = [item.id for item in kg.items()]
    values = (*kg.terms.kinds, *kg.sources, *kg.terms.audiences, *ids[:6], "nothing", "")

    def check(data: bytes) -> None:
        text, _, rest = data.decode("utf-8", "surrogateescape").partition("\n")
        chosen: dict[str, list[str]] = {}
        for line in rest.split("\n")[:6]:
            facet, equals, value = line.partition("=")
            if equals and facet.isidentifier() and facet not in ("self", "text", "limit", "start", "infer"):
                chosen.setdefault(facet, []).append(value)
        if text.strip():
            assert len(kg.suggest(text).suggestions) <= 8
        found = kg.search(text, **chosen)
        json.dumps(to_json(found), ensure_ascii=False).encode("utf-8", "surrogatepass")
        few = kg.search(text, limit=2, **chosen)
        assert [hit.id for hit in few.results] == [hit.id for hit in found.results][:2], "the first of few are others"
        assert few.total == found.total
        if text.strip():
            question = read_question(text)
            assert len(text) <= MOST_TYPED and len(question.words) <= MOST_WORDS
            assert bool(question.notes) >= (len(text) > MOST_READ), "what was not read is told"
            json.dumps(to_json(kg.answers(text)), ensure_ascii=False).encode("utf-8", "surrogatepass")

    piece = st.sampled_from(PIECES) | st.text(max_size=8)
    text = st.lists(st.tuples(piece, st.sampled_from((" ", "", "  ", "\u00a0"))), max_size=24)
    known = [("kind", each) for each in kg.terms.kinds] + [("audience", each) for each in kg.terms.audiences]
    known += [("source", each) for each in kg.sources]
    facet = st.sampled_from((*FACETS, "kinds", "x"))
    strange = st.tuples(facet, st.sampled_from(("", "-", "--")), st.sampled_from(values))
    right = st.tuples(st.sampled_from(known), st.sampled_from(("", "", "-"))).map(
        lambda told: (told[0][0], told[1], told[0][1])
    )
    filters = st.lists(right, max_size=2) | st.lists(strange, max_size=2)

    def written(text: list[tuple[str, str]], filters: list[tuple[str, str, str]]) -> bytes:
        typed = "".join(word + space for word, space in text).replace("\n", " ")
        lines = [typed, *(f"{facet}={sign}{value}" for facet, sign, value in filters)]
        return "\n".join(lines).encode("utf-8", "surrogateescape" if "\ud83d" not in typed else "surrogatepass")

    made = st.builds(written, text, filters)
    words = (*(each for each in PIECES if each != "\ud83d"), *(f"{facet}=" for facet in FACETS), *values)
    return Target("query", check, made, check, words)
