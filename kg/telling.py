"""Links told as sentences: the two phrases of a relation, and items by kind and name, so that each sentence is grammatical either way."""

from __future__ import annotations

from .findings import LinkRecord, Step
from .model import Link
from .results import Brief
from .terms import ABOUT, ABOUT_PHRASES, NESTING, Terms


def find_phrase(terms: Terms, relation: str, start: str, end: str, *, forward: bool) -> str:
    """What stands between two items in the direction walked, from the ontology.

    :param start: kind of the item that the walk comes from. :param end: kind of the item that it goes to.
    :param forward: whether the link itself points that way.
    """
    if relation == ABOUT:
        return ABOUT_PHRASES[not forward]
    if relation == NESTING:
        return terms.nesting(end, start).inverse_phrase if forward else terms.nesting(start, end).phrase
    return terms.relations[relation].phrase if forward else terms.relations[relation].inverse_phrase


def to_sentence(terms: Terms, start: Brief, phrase: str, end: Brief) -> str:
    """One sentence. Names are quoted after their kind, because the label of an action is an order and that of a barrier is a name.

    A phrase that ends in the kind of its object ("has the goal") is followed by the name alone.
    """
    other = f"“{end.label}”" if " the " in phrase else name_with_kind(terms, end)
    told = f"{name_with_kind(terms, start)} {phrase} {other}."
    return told[0].upper() + told[1:]


def to_step(terms: Terms, link: Link, start: Brief, end: Brief) -> Step:
    """A curated link told as it points, from one of its ends to the other."""
    phrase = terms.relations[link.relation].phrase
    sentence = to_sentence(terms, start, phrase, end)
    grades = (link.strength, link.because, link.basis, link.state)
    return Step(start, end, link.relation, "out", phrase, sentence, *grades)


def to_record(terms: Terms, link: Link, start: Brief, end: Brief) -> LinkRecord:
    """A curated link with everything that its record says, between the two items that it joins."""
    relation = terms.relations[link.relation]
    return LinkRecord(
        link.id,
        start,
        link.relation,
        end,
        relation.phrase,
        relation.inverse_phrase,
        to_sentence(terms, start, relation.phrase, end),
        link.strength,
        link.because,
        link.basis,
        link.state,
        link.by,
        link.on,
        link.lines,
    )


def name_with_kind(terms: Terms, item: Brief) -> str:
    """As: the barrier “No bank account”."""
    return f"the {terms.kinds[item.kind].label} “{item.label}”"


def a_or_an(noun: str) -> str:
    """The noun with its article.

    >>> a_or_an("action"), a_or_an("barrier")
    ('an action', 'a barrier')
    """
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def count(number: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> count(1, "link", "links"), count(0, "link", "links")
    ('1 link', 'no links')
    """
    return f"{number or 'no'} {one if number == 1 else many}"
