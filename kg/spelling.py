"""The word that was probably meant by one that stands nowhere: one or two slips of the keys away. No index here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from string import ascii_lowercase

SHORTEST, LONGEST = 5, 20  # letters of a word that is corrected at all
TWO_SLIPS = 8  # letters from which two slips are thought of: shorter words would become others


def nearest_word(word: str, known: Mapping[str, int]) -> str | None:
    """The commonest known word that one slip makes of *word*, else for long words that two slips make of it, or None.

    One slip is a letter too many, too few, another, or two swapped (Damerau 1964). What is meant begins with the same letter, since few
    people mistype the first one; and a word of five letters is only thought to lack a letter, or to have one doubled or two swapped,
    since so many other short words are right as they stand.

    >>> nearest_word("convicton", {"conviction": 3, "convict": 2}), nearest_word("zzz", {"conviction": 3})
    ('conviction', None)
    """
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return None
    near = {each for each in one_letter_away(word) & known.keys() if each[0] == word[0] and _likely(word, each)}
    if not near and len(word) >= TWO_SLIPS:
        near = {each for each in known if each[0] == word[0] and _two_slips(word, each)}
    return max(near, key=lambda each: (known[each], each), default=None)


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
