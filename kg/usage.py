"""Which items use a glossary term: computed from words and stems that people list, and marked as computed. No RDF here."""

from __future__ import annotations

import csv
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
    words = {
        item.id: _words_of(f"{item.fields.get('label', '')} . {item.fields.get('summary', '')}")
        for item in items.values()
    }
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
            links += _uses(row, words, path.name, number)
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


def _uses(row: dict[str, str], words: dict[str, str], file: str, line: int) -> list[Record]:
    apart = {row["term"], *row["except"].split()}
    found = []
    for item, said in words.items():
        if item in apart:
            continue
        phrase = _find(said, row["words"])
        if phrase or item in row["passages"].split():
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
