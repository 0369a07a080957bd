"""How text becomes words to search by: folded, stemmed, without the words of mere asking. The same for data and for questions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

# Words that every question holds and that tell nothing of what is asked. Negations are among them, since barriers are
# all about what is lacking: "can't", "no" and "without" fit each of them.
STOP_WORDS = frozenset(
    """
    a about after again all also always am among an and any anybody anyone anything are aren't as at be because been
    before being between both but by can can't cannot common could couldn't did didn't do does doesn't doing don't
    down each etc few for from further get gets getting give given go goes going got had hadn't has hasn't have
    haven't having he her here hers him his how i i'd i'll i'm i've if in into is isn't it it's its itself just keep
    keeps key let like main make makes making many may me might more most much must my myself need needs no nobody nor
    not nothing of off on once one only or other others our ours out over own please put same say says she should
    shouldn't so some somebody someone something such take takes tell than thank that that's the their theirs them
    themselves then there there's these they they're thing things this those through to too under until up upon us use
    very want wants was wasn't way we we'd we'll we're we've were weren't what what's when where where's which while
    who who's whom whose why will with within without won't would wouldn't yes yet you you'd you'll you're you've your
    yours yourself
    """.split()  # noqa: SIM905
)

# Words that say little of what is asked, though they are rare in our sentences: they count half. So do those for the form of a thing.
WEAK_WORDS = frozenset(
    """
    anymore anyway arrive ask asked asking asks away back bad believe best better big bring bringing brings call
    called calling calls came change changed changes clipart come comes coming day days deal dealing download
    downloadable end ended ending ends ever everybody everyone everything explain feel feeling feels felt find finding
    finds first forever former found full gave gone good great guy handle happen happened happening happens hear heard
    inside involve involved kept kind know knowing known knows last later less little live long look looking looks lot
    made man matter mean means meant men met month months move near never new next nice now often old open outside
    past pdf people per person personally place point ppt prepare pretty printable problem properly puts question
    questions quite rather real really right run running runs said saying seem seems seen sees sit small somewhere
    start started starting starts stay staying still stop stopped stopping stops suddenly sure talk talked talking
    talks telling tells think thinking thinks thought time times today together told tomorrow took tried tries true
    try trying turn turned used useful using usually wait waiting wanted watch week weeks well went whole woman wonder
    work worked working works wrong year years yesterday
    """.split()  # noqa: SIM905
)
WEAK = 0.5

# What Snowball makes one though it means different things to those who search, by how the words begin.
_APART = {
    "accountab": "accountab",
    "accountan": "accountan",
    "authorit": "authorit",
    "capitalis": "capitalis",
    "collective": "collectiv",
    "competen": "competen",
    "complicit": "complicit",
    "conversion": "conversion",
    "diversion": "diversion",
    "doctorat": "doctorat",
    "minorit": "minorit",
    "officer": "officer",
    "positive": "positiv",
    "presentation": "presentat",
    "publication": "publicat",
    "publicity": "publicit",
    "responsib": "responsib",
    "succession": "succession",
    "witness": "witness",
}


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
    for beginning, apart in _APART.items():
        if word.startswith(beginning):
            return apart
    if len(word) > 6 and not word.startswith(("advis", "devis", "revis")):
        word = re.sub(r"is(e|ed|er|es|ing|ation|ations|ational)$", r"iz\1", word)
    return str(_stemmer().stemWord(word))  # type: ignore[attr-defined]


def fold(text: str) -> str:
    """Lower case, without accents, straight apostrophes.

    >>> fold("Résumé")
    'resume'
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'").replace("\u2018", "'"))
    return "".join(character for character in text if not unicodedata.combining(character))


def to_stems(text: str) -> list[str]:
    """The stems of a text in its order, for the index: every word counts but the stop words.

    >>> to_stems("They can't open bank accounts")
    ['open', 'bank', 'account']
    """
    return [stem(word) for word in _WORD.findall(fold(text)) if word not in STOP_WORDS]


def to_words(text: str) -> dict[str, str]:
    """The telling words of a text: stem -> the first word with it, folded.

    >>> to_words("Banks and a bank account")
    {'bank': 'banks', 'account': 'account'}
    """
    found: dict[str, str] = {}
    for word in _WORD.findall(fold(text)):
        if word not in STOP_WORDS:
            found.setdefault(stem(word), word)
    return found


def weigh(word: str) -> float:
    """How much a word of a question counts: half if it says little of what is asked.

    >>> weigh("called"), weigh("bank")
    (0.5, 1.0)
    """
    return WEAK if word in WEAK_WORDS else 1.0


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
    return to_words(text) or dict(zip(map(stem, words), words, strict=True))


def mark_words(text: str, stems: Collection[str]) -> tuple[tuple[str, bool], ...]:
    """A text in pieces, each with whether it is a word of one of the stems; the pieces together are the text.

    >>> mark_words("Open bank accounts.", {"account"})
    (('Open bank ', False), ('accounts', True), ('.', False))
    """
    pieces: list[tuple[str, bool]] = []
    done = 0
    for start, end, found in _places(text):
        if found in stems:
            pieces += [(text[done:start], False), (text[start:end], True)]
            done = end
    return tuple(piece for piece in [*pieces, (text[done:], False)] if piece[0])


@lru_cache(maxsize=10_000)
def _places(text: str) -> list[tuple[int, int, str]]:
    """Where the telling words of a text begin and end, and their stems."""
    words = [(found.start(), found.end(), fold(found.group())) for found in _WORD.finditer(text)]
    return [(start, end, stem(word)) for start, end, word in words if word not in STOP_WORDS]
