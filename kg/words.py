"""How text becomes words to search by: folded, stemmed, without the words of mere asking. The same for data and for questions."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

# Words that every question holds and that tell nothing of what is asked. Negations are among them, since barriers are
# all about what is lacking: "can't", "no" and "without" fit each of them.
STOP_WORDS = frozenset(
    """
    a about after again all also am an and any anybody anyone anything are aren't as at be because been before
    being both but by can can't cannot could couldn't did didn't do does doesn't doing don't down each etc few
    for from further get gets getting give given go goes going got had hadn't has hasn't have haven't having
    he her here hers him his how i i'd i'll i'm i've if in into is isn't it it's its itself just keep keeps
    let like make makes making many may me might more most much must my myself need needs no nobody nor not
    nothing of off on once one only or other others our ours out over own please put same say says she should
    shouldn't so some somebody someone something such take takes tell than thank that that's the their theirs
    them themselves then there there's these they they're thing things this those through to too under until
    up upon us use very want wants was wasn't way we we'd we'll we're we've were weren't what what's when
    where where's which while who who's whom whose why will with within without won't would wouldn't yes yet
    you you'd you'll you're you've your yours yourself
    """.split()  # noqa: SIM905
)


@lru_cache(maxsize=1)
def _stemmer() -> object:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a folded word (Snowball English), the spellings -isation and -ization made one.

    >>> stem("organisations") == stem("organization")
    True
    """
    word = word.removesuffix("'s").replace("'", "")
    word = re.sub(r"is(e|ed|er|es|ing|ation|ations|ational)$", r"iz\1", word) if len(word) > 6 else word
    return str(_stemmer().stemWord(word))  # type: ignore[attr-defined]


def fold(text: str) -> str:
    """Lower case, without accents, straight apostrophes.

    >>> fold("Résumé")
    'resume'
    """
    text = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'").replace("\u2018", "'"))
    return "".join(character for character in text if not unicodedata.combining(character))


def to_stems(text: str) -> list[str]:
    """The stems of a text in its order, for the index: every word counts but the stop words.

    >>> to_stems("They can't open bank accounts")
    ['open', 'bank', 'account']
    """
    return [stem(word) for word in _WORD.findall(fold(text)) if word not in STOP_WORDS]


def to_plain_words(text: str) -> list[str]:
    """The folded words of a text in its order, stop words too, to look for phrases.

    >>> to_plain_words("Trauma-informed care")
    ['trauma', 'informed', 'care']
    """
    return _WORD.findall(fold(text))


def to_asked(text: str) -> dict[str, str]:
    """The words of a question, each once: stem -> the word as it was asked. If it has stop words only, these count after all.

    >>> to_asked("What about banks?")
    {'bank': 'banks'}
    """
    words = _WORD.findall(fold(text))
    telling = [word for word in words if word not in STOP_WORDS] or words
    asked: dict[str, str] = {}
    for word in telling:
        asked.setdefault(stem(word), word)
    return asked
