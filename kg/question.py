"""Read what somebody typed: words, "quoted phrases", begin*, -without, and the kind of thing that is asked for. No index here.

A small language of our own: Whoosh's parser takes seconds on a hundred wildcards and fails on one input in a hundred.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .errors import BadQuery
from .words import STOP_WORDS, fold, to_asked, to_plain_words, to_stems

MOST_TYPED, MOST_READ, MOST_WORDS = 2000, 200, 16  # characters taken, characters read, words looked for
LEAST_PREFIX = 3  # letters before a star

_Found = TypeVar("_Found")
_PIECE = re.compile(r'(?:(?<=\s)|^)(-?)"([^"]*)"|(\S+)')
_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"'})

# Words before the kind of thing that is asked for, and between it and its matter: "what are the main barriers to ...".
_BEFORE = frozenset(
    """
    a all an any are common do exist find for give i is key list looking main me need of search show some the there to what which
    """.split()  # noqa: SIM905
)
_BETWEEN = frozenset(
    """
    about against are around at behind by concerning do does for from in is of on regarding that the to when which who with
    """.split()  # noqa: SIM905
)
_JOINS = _BETWEEN - {"the", "do", "does", "are", "is"}


@dataclass(frozen=True, slots=True)
class Names:
    """How people call kinds of items and audiences: folded words -> ids. :ivar terms: the kinds that a definition is asked of."""

    kinds: Mapping[tuple[str, ...], tuple[str, ...]]
    audiences: Mapping[tuple[str, ...], str]
    advice: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, as it is read.

    :ivar words: stem -> the word as it was typed, in order; those of phrases too. :ivar phrases: stems that must stand side by side.
    :ivar beginnings: letters with which some word must begin. :ivar without: stems, side by side, that must not stand there.
    :ivar kinds: kinds that the words ask for. :ivar audiences: whom they want to hear spoken to.
    :ivar notes: what was not read, and why. :ivar stems: every stem in order, as often as it was typed.
    :ivar plain: every folded word in order, those of asking too.
    """

    words: Mapping[str, str]
    phrases: tuple[tuple[str, ...], ...] = ()
    beginnings: tuple[str, ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    kinds: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


def read_question(text: str, names: Names | None = None) -> Question:
    """Read a question.

    >>> question = read_question('"bank account" convict* -loan')
    >>> question.phrases, question.beginnings, question.without
    ((('bank', 'account'),), ('convict',), (('loan',),))

    :param names: how people call kinds and audiences; without it the question sets no filter.
    :returns: the question; of more than ``MOST_READ`` characters or ``MOST_WORDS`` telling words the first are read, and a note says so.
    :raises BadQuery: if it has no word, only says what to leave out, or has more than ``MOST_TYPED`` characters.
    """
    if len(text) > MOST_TYPED:
        raise BadQuery(
            f"The question has {len(text)} characters; at most {MOST_TYPED} can be read.",
            "Ask with the few words that matter most.",
        )
    notes = []
    if len(text) > MOST_READ:
        text = re.sub(r"\s\S*\Z", "", text[: MOST_READ + 1])[:MOST_READ]  # no half word, unless it is the only one
        notes.append(f"Only the first {MOST_READ} characters were read.")
    phrases, beginnings, without, plain = _pieces(text.translate(_QUOTES))
    rest, kinds, audiences = _asked_for(to_plain_words(" ".join(plain)), names) if names else (plain, (), ())
    told = " ".join([*rest, *(" ".join(phrase) for phrase in phrases)])
    asked = to_asked(told)
    if not asked and not beginnings:
        if without:
            raise BadQuery("The question only says what to leave out.", "Say also what you look for.")
        raise BadQuery("The question holds no word.", 'Ask with a few words, such as: kg search "bank account"')
    if len(asked) > MOST_WORDS:
        asked = dict(list(asked.items())[:MOST_WORDS])
        notes.append(f"Only the first {MOST_WORDS} telling words were read.")
    return Question(
        words=asked,
        phrases=tuple(stems for phrase in phrases if (stems := tuple(to_stems(" ".join(phrase))))),
        beginnings=tuple(dict.fromkeys(beginnings))[:MOST_WORDS],
        without=tuple(without)[:MOST_WORDS],
        kinds=kinds,
        audiences=audiences,
        notes=tuple(notes),
        stems=tuple(to_stems(told)),
        plain=tuple(to_plain_words(told)),
    )


def _pieces(text: str) -> tuple[list[list[str]], list[str], list[tuple[str, ...]], list[str]]:
    """Phrases, beginnings of words, what to leave out, and all other words."""
    phrases: list[list[str]] = []
    beginnings: list[str] = []
    without: list[tuple[str, ...]] = []
    plain: list[str] = []
    leave_out = False
    for minus, quoted, word in _PIECE.findall(text):
        words = to_plain_words(quoted or word)
        stems = tuple(to_stems(quoted or word)) or tuple(to_asked(quoted or word))
        if not words:
            continue
        if word == "NOT":
            leave_out = True
        elif minus or leave_out or (word.startswith("-") and len(word) > 2 and word[1] != "-"):
            if stems:
                without.append(stems)
            leave_out = False
        elif quoted:
            phrases.append(words)
        elif word.endswith("*") and len(words) == 1 and len(words[0]) >= LEAST_PREFIX:
            beginnings.append(words[0])
        else:
            plain.append(word)
    return phrases, beginnings, without, plain


def _asked_for(words: list[str], names: Names) -> tuple[list[str], tuple[str, ...], tuple[str, ...]]:
    """The words that tell the matter, and the kinds and audiences that the words before them ask for.

    Nothing is taken as a kind unless a word that joins and a telling word follow: "harm reduction" asks for no harm.
    """
    for read in (_definition, _what_they_can_do, _kind_first):
        rest, kinds, audiences = read(words, names)
        if kinds and any(word not in STOP_WORDS for word in rest):
            return rest, kinds, audiences
    return words, (), ()


_Read = tuple[list[str], tuple[str, ...], tuple[str, ...]]


def _definition(words: list[str], names: Names) -> _Read:
    if words[:2] == ["what", "does"] and words[-1:] == ["mean"]:
        return words[2:-1], names.terms, ()
    if words[:1] in (["define"], ["defining"]):
        return words[1:], names.terms, ()
    return words, (), ()


def _what_they_can_do(words: list[str], names: Names) -> _Read:
    """What can funders do about ..."""
    if len(words) > 4 and words[0] == "what" and words[1] in ("can", "should", "could", "must", "might", "do"):
        size, audience = _longest(words[2:], names.audiences)
        after = words[2 + size :]
        if audience and after[:1] in (["do"], ["change"], ["offer"], ["stop"]):
            return _drop(after[1:], _BETWEEN), names.advice, (audience,)
    return words, (), ()


def _kind_first(words: list[str], names: Names) -> _Read:
    """Recommendations for funders about ..., barriers to ..., resources on ..."""
    start = _drop(words, _BEFORE)
    size, kinds = _longest(start, names.kinds)
    after = start[size:]
    if not kinds or not after or after[0] not in _JOINS:
        return words, (), ()
    audiences: tuple[str, ...] = ()
    if after[0] in ("for", "to") and set(kinds) & set(names.advice):
        size, audience = _longest(after[1:], names.audiences)
        left = after[1 + size :]
        if audience and left and left[0] in _JOINS:
            audiences, after = (audience,), left
    return _drop(after, _BETWEEN), kinds, audiences


def _drop(words: list[str], some: Iterable[str]) -> list[str]:
    place = next((place for place, word in enumerate(words) if word not in some), len(words))
    return words[place:]


def _longest(words: Sequence[str], names: Mapping[tuple[str, ...], _Found]) -> tuple[int, _Found | None]:
    """The longest name with which the words begin: how many words it has, and what it names."""
    for size in range(min(4, len(words)), 0, -1):
        if found := names.get(tuple(words[:size])):
            return size, found
    return 0, None


def to_names(called: Mapping[str, Iterable[str]]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Ids by what they are called: folded words of each name -> every id that is called so.

    >>> to_names({"action": ["actions", "things to do"], "goal": ["goals"]})[("things", "to", "do")]
    ('action',)
    """
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for name, words in called.items():
        for each in words:
            key = tuple(to_plain_words(fold(each)))
            found[key] = (*found.get(key, ()), name)
    return found
