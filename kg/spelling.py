"""The word that was probably meant by one that stands nowhere: one or two slips of the keys away. No index here."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from string import ascii_lowercase

SHORTEST, LONGEST = 5, 20  # letters of a word that is corrected at all
TWO_SLIPS = 8  # letters from which two slips are thought of: shorter words would become others


class Vocabulary:
    """The words of an index as they are written, each with the number of items that hold it. Never changed."""

    def __init__(self, words: Mapping[str, int]) -> None:
        """:param words: in alphabetical order."""
        self._words = words

    def count(self, words: Collection[str]) -> dict[str, int]:
        """Those of some words that are known, with the number of items that hold each."""
        return {word: self._words[word] for word in words if word in self._words}

    def beginning_with(self, letters: str, limit: int = 200) -> list[str]:
        """Words that begin with some letters, in alphabetical order, at most *limit*."""
        start = bisect_left(self._alphabet, letters)
        end = bisect_left(self._alphabet, letters + "\U0010ffff", start)
        return list(self._alphabet[start : min(end, start + limit)])

    def alike(self, word: str) -> Iterable[str]:
        """Every word that begins with the same letter; a large vocabulary leaves out those that cannot be two slips away."""
        start = bisect_left(self._alphabet, word[:1])
        return self._alphabet[start : bisect_left(self._alphabet, word[:1] + "\U0010ffff", start)]

    @cached_property
    def _alphabet(self) -> Sequence[str]:
        return list(self._words)


def nearest_word(word: str, known: Vocabulary) -> str | None:
    """The commonest known word that one slip makes of *word*, else for long words that two slips make of it, or None.

    One slip is a letter too many, too few, another, or two swapped (Damerau 1964). What is meant begins with the same letter, since few
    people mistype the first one; and a word of five letters is only thought to lack a letter, or to have one doubled or two swapped,
    since so many other short words are right as they stand.

    >>> known = Vocabulary({"convict": 2, "conviction": 3})
    >>> nearest_word("convicton", known), nearest_word("zzz", known)
    ('conviction', None)
    """
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return None
    near = known.count([each for each in one_letter_away(word) if each[0] == word[0] and _likely(word, each)])
    if not near and len(word) >= TWO_SLIPS:
        near = known.count([each for each in known.alike(word) if _two_slips(word, each)])
    return max(near, key=lambda each: (near[each], each), default=None)


def one_letter_away(word: str) -> set[str]:
    """Every word that one slip of the keys makes of *word*: a letter too many, too few, another, or two swapped.

    >>> "fund" in one_letter_away("fnud") and "grant" in one_letter_away("grnt")
    True
    """
    splits = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    fewer = {left + right[1:] for left, right in splits if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    other = {left + letter + right[1:] for left, right in splits if right for letter in ascii_lowercase}
    more = {left + letter + right for left, right in splits for letter in ascii_lowercase}
    return (fewer | swapped | other | more) - {word}


def _likely(word: str, other: str) -> bool:
    doubled = any(left == right for left, right in pairwise(word)) and len(other) < len(word)
    return len(word) > SHORTEST or len(other) > len(word) or doubled or sorted(other) == sorted(word)


def _two_slips(word: str, other: str) -> bool:
    if abs(len(word) - len(other)) > 2 or len(other) < TWO_SLIPS - 1:
        return False
    left, right = Counter(word), Counter(other)
    if max(sum((left - right).values()), sum((right - left).values())) > 2:
        return False  # too many letters differ, in whatever order
    return _slips(word, other) <= 2


def _slips(one: str, other: str) -> int:
    """The fewest slips that make one word of the other (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        now = [i]
        for j, against in enumerate(other, start=1):
            best = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                best = min(best, before[j - 2] + 1)
            now.append(best)
        before, row = row, now
    return row[-1]
