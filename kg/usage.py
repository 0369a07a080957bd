"""Which items use a glossary term: computed from words and stems that people list, and marked as computed. No RDF here."""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path

from .errors import Problem
from .records import Record, link_id
from .words import to_plain_words

COLUMNS = ("term", "words", "passages", "except", "on")


def read_uses(path: Path, records: list[Record]) -> tuple[list[Record], list[Problem]]:
    """Link records for every use of a term that ``uses-term.tsv`` names.

    Each row holds a term, the words that count as using it (``|`` between them; a star stands for any ending), ids whose printed
    passage holds them though our words do not, ids that are excepted because the words mean something else there, and the day of the
    list. A term without a row is not looked for.

    :returns: the links, and what is wrong in the list. Without a list: nothing.
    """
    if not path.is_file():
        return [], []
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    items = {record.id: record for record in records if record.kind not in ("", "link", "source", "topic", "resource")}
    said = _Said(items.values())
    links: list[Record] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=2):
        ids = [row["term"], *row["passages"].split(), *row["except"].split()]
        for unknown in [item for item in ids if item not in items]:
            problems.append(
                Problem(
                    path.name,
                    number,
                    1,
                    "error",
                    row["term"],
                    f"names {unknown!r}, which does not exist",
                    "correct the id",
                )
            )
        if row["term"] in items:
            links += _uses(row, said, path.name, number)
    return links, problems


def find_phrase(text: str, phrases: str) -> str | None:
    """The first of the phrases that a text holds, or None.

    >>> find_phrase("Holding people accountable", "bias|accountab*")
    'accountab*'
    """
    return _find(_words_of(text), phrases)


def _words_of(text: str) -> str:
    return f" {' '.join(to_plain_words(text))} "


def _find(words: str, phrases: str) -> str | None:
    for phrase in (phrase.strip() for phrase in phrases.split("|")):
        wanted = " " + " ".join(to_plain_words(phrase)) + ("" if phrase.endswith("*") else " ")
        if wanted.strip() and wanted in words:
            return phrase
    return None


class _Said:
    """The words of items, and where each word stands: a phrase is looked for only in the items that hold its first word."""

    def __init__(self, items: Iterable[Record]) -> None:
        self.words = {
            item.id: _words_of(f"{item.fields.get('label', '')} . {item.fields.get('summary', '')}") for item in items
        }
        self.order = {item: place for place, item in enumerate(self.words)}
        self._items: defaultdict[str, list[str]] = defaultdict(list)
        for item, words in self.words.items():
            for word in set(words.split()):
                self._items[word].append(item)
        self._known = sorted(self._items)

    def may_hold(self, phrases: str) -> set[str]:
        """Every item that holds one of the phrases is among them."""
        found: set[str] = set()
        for phrase in (phrase.strip() for phrase in phrases.split("|")):
            wanted = to_plain_words(phrase)
            if len(wanted) == 1 and phrase.endswith("*"):
                found.update(*(self._items[word] for word in self._beginning(wanted[0])))
            elif wanted:
                found.update(self._items.get(wanted[0], ()))
        return found

    def _beginning(self, start: str) -> Iterable[str]:
        return takewhile(lambda word: word.startswith(start), self._known[bisect_left(self._known, start) :])


def _uses(row: dict[str, str], said: _Said, file: str, line: int) -> list[Record]:
    apart = {row["term"], *row["except"].split()}
    passages = {item for item in row["passages"].split() if item in said.words}
    found = []
    for item in sorted((said.may_hold(row["words"]) | passages) - apart, key=said.order.__getitem__):
        phrase = _find(said.words[item], row["words"])
        if phrase or item in passages:
            held = phrase.rstrip("*") if phrase else ""
            where = (
                f"Our words for the item hold {held!r}." if held else "The printed passage of the item holds the term."
            )
            found.append(_link(item, row, where, file, line))
    return found


def _link(start: str, row: dict[str, str], because: str, file: str, line: int) -> Record:
    fields = {"from": start, "relation": "usesTerm", "to": row["term"], "strength": "direct", "because": because}
    fields |= {"basis": "computed", "state": "proposed", "by": "project", "on": row["on"]}
    return Record(link_id(start, "usesTerm", row["term"]), "link", fields, file, line, 1)
