"""Read what the search knows of words: sets that mean the same, and words that are never suggested. No index here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import Problem
from .words import to_stems

if TYPE_CHECKING:
    from .strict_yaml import Node

MOST_SETS = 3  # a word in more sets than this means too much to widen by


# Each with "words", and "hidden" words that only ask and are never looked for or shown.
Sets = list[dict[str, list[str]]]
# What asks, and what is looked for then: word and stem.
StemmedSets = list[tuple[list[list[str]], list[list[str]]]]


def read_thesaurus(path: Path) -> tuple[Sets, list[Problem]]:
    """The sets of words and phrases, and what is wrong in the file; nothing where there is no file.

    >>> read_thesaurus(Path("nowhere.yaml"))
    ([], [])
    """
    from .strict_yaml import read_yaml  # a search, which only widens, needs no YAML

    if not path.is_file():
        return [], []
    root, problems = read_yaml(path)
    if root is None:
        return [], problems
    entries = root.value.get("thesaurus") if isinstance(root.value, dict) else None
    if entries is None or not isinstance(entries.value, list):
        what, cure = (
            "the file does not hold a list 'thesaurus'",
            "begin with 'thesaurus:' and put a dash before each set",
        )
        return [], [*problems, Problem(str(path), root.line, root.column, "error", "", what, cure)]
    sets: Sets = []
    for entry in entries.value:
        found, told = _read_set(entry, str(path))
        problems += told
        sets.append(found)
    counts = Counter(word for found in sets for words in found.values() for word in set(words))
    often = [word for word, count in counts.items() if count > MOST_SETS]
    for word in often:
        what, cure = f"{word!r} stands in more than {MOST_SETS} sets", "keep it where its sense is plainest"
        problems.append(Problem(str(path), 0, 0, "error", "", what, cure))
    return sets, problems


def read_quiet(path: Path) -> list[str]:
    """Words that nobody should meet unasked, one a line, ``#`` before a remark; none where there is no file.

    >>> read_quiet(Path("nowhere.txt"))
    []
    """
    if not path.is_file():
        return []
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def _read_set(entry: Node, file: str) -> tuple[dict[str, list[str]], list[Problem]]:
    lists = entry.value if isinstance(entry.value, dict) else {}
    found = {}
    for key in ("words", "hidden"):
        values = lists[key].value if key in lists and isinstance(lists[key].value, list) else []
        found[key] = [each.value for each in values if isinstance(each.value, str) and to_stems(each.value)]
    wrong = [key for key in lists if key not in found]
    if wrong or not found["words"] or len(found["words"]) + len(found["hidden"]) < 2:
        what = f"the key {wrong[0]!r} is not known" if wrong else "a set has fewer than two words that can be searched"
        cure = "give 'words:' (and 'hidden:') as lists, two words or more in all"
        return found, [Problem(file, entry.line, entry.column, "error", "", what, cure)]
    return found, []


def to_stemmed(sets: Sets) -> StemmedSets:
    """The sets as the search uses them: the stems of each member that asks, and each word or phrase that is looked for with its stems.

    >>> to_stemmed([{"words": ["pay", "fair reward"], "hidden": ["hire money"]}])
    [([['pay'], ['fair', 'reward'], ['hire', 'money']], [['pay', 'pay'], ['fair reward', 'fair reward']])]
    """
    stemmed = []
    for found in sets:
        asks = [to_stems(word) for word in [*found["words"], *found["hidden"]]]
        widens = [[word, " ".join(stems)] for word, stems in zip(found["words"], asks, strict=False)]
        stemmed.append((asks, widens))
    return stemmed


class Thesaurus:
    """The sets of a build, found by the words that ask for them. Never changed, so safe to share between threads."""

    def __init__(self, sets: StemmedSets) -> None:
        self._sets = sets
        self._by_first: dict[str, list[tuple[int, int]]] = {}  # first stem -> number of the set, of the member
        for number, (asks, _) in enumerate(sets):
            for place, stems in enumerate(asks):
                self._by_first.setdefault(stems[0], []).append((number, place))

    def find_wider(self, asked: Collection[str]) -> dict[str, tuple[str, str]]:
        """Words and phrases to look for beside those asked for: stems, side by side -> (the word, the stem that was asked for).

        A set counts if all words of one of its members are asked for.

        >>> Thesaurus(to_stemmed([{"words": ["pay", "salary", "fair reward"], "hidden": []}])).find_wider(["salari"])
        {'pay': ('pay', 'salari'), 'fair reward': ('fair reward', 'salari')}
        """
        triggers: dict[int, tuple[int, str]] = {}
        for found in asked:
            for number, place in self._by_first.get(found, ()):
                if all(stem in asked for stem in self._sets[number][0][place]):
                    triggers[number] = min((place, found), triggers.get(number, (place, found)))
        wider: dict[str, tuple[str, str]] = {}
        for number in sorted(triggers):
            for word, stems in self._sets[number][1]:
                if any(stem not in asked for stem in stems.split()):
                    wider.setdefault(stems, (word, triggers[number][1]))
        return wider
