"""What somebody may be about to type: labels and other names that begin, with any word, as the letters do. No index here."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable

from .model import Item
from .words import fold, stem, to_plain_words

# Kinds as people look for them, the most asked for first; the rest follow in reading order.
FIRST = ("barrier", "term", "action", "ally-recommendation", "recommendation", "harm-type", "goal", "topic", "resource")
LEAST_LETTERS = 2


def to_rank(kind: str) -> int:
    """How soon people look for this kind."""
    return FIRST.index(kind) if kind in FIRST else len(FIRST)


def is_quiet(folded: Iterable[str], quiet: Collection[str]) -> bool:
    """Whether a name holds a word that nobody should meet unasked. :param quiet: stems."""
    return any(stem(word) in quiet for word in folded)


def read_letters(typed: str) -> str:
    """What was typed as it is looked for; "" if that is too little to go by."""
    letters = " ".join(to_plain_words(typed[:100])) + (" " if typed[-1:].isspace() else "")
    return letters if len(letters.strip()) >= LEAST_LETTERS else ""


class Suggestions:
    """Everything that may be suggested, in order of its words. Never changed, so safe to share between threads."""

    def __init__(self, items: Iterable[Item], quiet: Collection[str]) -> None:
        """:param quiet: stems of words that nobody should meet unasked; a name that holds one is never suggested."""
        self._names: list[
            tuple[int, int, str, str, str]
        ] = []  # rank of kind, 0 label or 1 other name, name, item, kind
        words: list[tuple[str, int]] = []
        for item in items:
            rank = to_rank(item.kind)
            for place, name in enumerate((item.label, *item.also)):
                folded = to_plain_words(name)
                if not is_quiet(folded, quiet):
                    words += [(" ".join(folded[start:]), len(self._names)) for start in range(len(folded))]
                    self._names.append((rank, min(place, 1), name, item.id, item.kind))
        self._words = sorted(words)

    def find(self, typed: str, limit: int) -> list[tuple[str, str, str]]:
        """Names of which some word begins as *typed* does, each item once: (name, item, kind); what begins so itself first, then by kind.

        :returns: nothing for fewer than ``LEAST_LETTERS`` letters.
        """
        letters = read_letters(typed)
        if not letters:
            return []
        start = bisect_left(self._words, (letters,))
        end = bisect_left(self._words, (letters + "\U0010ffff",), start)
        places = {place for _, place in self._words[start:end]}
        found: dict[str, tuple[bool, int, int, int, str, str, str]] = {}
        for place in places:
            rank, other, name, item, kind = self._names[place]
            entry = (not fold(name).startswith(letters.strip()), other, rank, place, name, item, kind)
            if item not in found or entry < found[item]:
                found[item] = entry
        return [entry[4:] for entry in sorted(found.values())[:limit]]
