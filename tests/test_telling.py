"""Every sentence that the ontology can make is grammatical, either way round."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.results import Brief
from kg.telling import a_or_an, find_phrase, name_with_kind, to_sentence
from kg.terms import ABOUT, NESTING, Terms


def every_pair(terms: Terms) -> Iterator[tuple[str, str, str, bool]]:
    """Relation, kind walked from, kind walked to, and whether the link itself points that way: all that the ontology allows."""
    items = [kind for kind in terms.kinds if kind != "source"]
    for relation in terms.relations.values():
        for start in relation.domain or items:
            for end in relation.range or items:
                if relation.structural:  # the nesting points from the child to what it stands under
                    yield NESTING, end, start, True
                    yield NESTING, start, end, False
                else:
                    yield relation.name, start, end, True
                    yield relation.name, end, start, False
    for kind in items:
        yield ABOUT, kind, "topic", True
        yield ABOUT, "topic", kind, False


def test_every_sentence_is_grammatical_both_ways_round(terms: Terms) -> None:
    label = "Campaign to abolish records"  # an order, as labels of actions are: the hardest to fit in
    told = set()
    for relation, start, end, forward in every_pair(terms):
        phrase = find_phrase(terms, relation, start, end, forward=forward)
        sentence = to_sentence(terms, Brief("a", start, label), phrase, Brief("b", end, label))
        told.add(sentence)
        named = re.escape(terms.kinds[start].label)
        pattern = rf"The {named} “{label}” (?P<verb>[a-z]+s) [a-z ]*(?P<noun>the [a-z ]+) “{label}”\."
        found = re.fullmatch(pattern, sentence)
        assert found, sentence
        assert found["verb"] in {
            "is", "has", "shows", "rests", "addresses", "aligns", "builds", "disrupts", "follows", "leads", "names",
            "precedes", "supports", "underpins", "uses", "worsens",
        }, sentence  # fmt: skip
        assert not re.search(r"  |\b(\w+) \1\b|\bthe the\b", sentence), sentence
        assert sentence.count(" the ") == 1, f"{sentence} names the kind of its object twice"
        # A passive has its agent, and what belongs somewhere says where.
        assert not re.search(r"\bis [a-z]+ed (?!by|in\b)", sentence), sentence
        assert not re.search(r"\bis an? [a-z ]*(?<!of)(?<!behind) the ", sentence), sentence
        assert find_phrase(terms, relation, end, start, forward=not forward), "the way back has its phrase"
    assert len(told) > 900
    assert "The theme “Campaign to abolish records” has the goal “Campaign to abolish records”." in told


def test_each_way_round_has_its_own_phrase_unless_the_relation_goes_both_ways(terms: Terms) -> None:
    for relation in terms.relations.values():
        assert (relation.phrase != relation.inverse_phrase) == (relation.name != relation.inverse), relation.name


def test_articles_are_right_for_every_kind(terms: Terms) -> None:
    told = {a_or_an(kind.label) for kind in terms.kinds.values()}
    assert {
        "an action", "an ally recommendation", "an example of harm", "an impact of harm", "a barrier", "a belief behind harm",
        "a call to allies", "a way", "a value", "a glossary term", "a type of harm", "a source",
    } <= told  # fmt: skip
    assert not [noun for noun in told if re.match(r"a [aeiou]|an [^aeiou]|an? (uni|use|eu|one|hour|honest|heir)", noun)]


def test_a_name_is_quoted_as_it_is(terms: Terms) -> None:
    item = Brief("x", "harm-belief", 'Engagement that comes from a savior complex (the "rescue industry")')
    assert name_with_kind(terms, item) == f"the belief behind harm “{item.label}”"
