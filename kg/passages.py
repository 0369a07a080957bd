"""Line segments of a source text to a passage; what of the inventory is missing or misplaced; words that were taken over. No RDF here."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from .errors import DataFault, MissingFolder, Problem
from .records import Record

SHARED_RUN = 8  # so many words in a row count as taken over

_SEGMENTS = re.compile(r"[1-9][0-9]*(-[1-9][0-9]*)?(,[1-9][0-9]*(-[1-9][0-9]*)?)*")


def parse_lines(lines: str) -> list[tuple[int, int]]:
    """Line segments, from 1, inclusive, in the order given.

    :raises DataFault: if they are not written like ``268`` or ``372-378,401``.

    >>> parse_lines("372-378,401")
    [(372, 378), (401, 401)]
    """
    pairs = [part.partition("-") for part in lines.split(",")] if _SEGMENTS.fullmatch(lines) else []
    segments = [(int(start), int(end or start)) for start, _, end in pairs]
    if not segments or any(start > end for start, end in segments):
        raise DataFault(f"{lines!r} are not line segments.", "Write them like 268 or 372-378,401.")
    return segments


def read_passage(text: list[str], lines: str) -> str:
    """The passage that stands on these lines, or "" where the text is shorter.

    >>> read_passage(["a", "", "b", "c"], "1-3")
    'a\\n\\nb'
    """
    return "\n".join("\n".join(text[start - 1 : end]) for start, end in parse_lines(lines)).strip()


def to_words(text: str) -> list[str]:
    """The words of a text, without case, marks of emphasis and punctuation; apostrophes vanish."""
    folded = unicodedata.normalize("NFKD", text.lower()).replace("’", "'").replace("'", "")
    return re.findall(r"[^\W_]+", "".join(c for c in folded if not unicodedata.combining(c)))


def to_fingerprint(passage: str) -> str:
    """Twelve hex digits that tell whether a passage has the words that were read, without holding any of them."""
    return hashlib.sha256(" ".join(to_words(passage)).encode()).hexdigest()[:12]


def find_shared_run(text: str, runs: set[tuple[str, ...]], length: int = SHARED_RUN) -> str | None:
    """The first run of *length* words of *text* that is in *runs*, or None."""
    words = to_words(text)
    for start in range(len(words) - length + 1):
        if tuple(words[start : start + length]) in runs:
            return " ".join(words[start : start + length])
    return None


def to_runs(text: str, length: int = SHARED_RUN) -> set[tuple[str, ...]]:
    """Every run of *length* words of a text."""
    words = to_words(text)
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


@dataclass(frozen=True)
class InventoryRow:
    """What must be held: an item, its kind, its parent, its place among its siblings, its lines, the fingerprint of its passage."""

    id: str
    kind: str
    parent: str
    position: str
    source: str
    lines: str
    fingerprint: str


def read_inventory(path: Path) -> list[InventoryRow]:
    """Read ``inventory.tsv``.

    :raises MissingFolder: if it is not there. :raises DataFault: if its columns are not the expected ones.
    """
    if not path.is_file():
        raise MissingFolder(f"There is no inventory at {path}.", "It belongs to the data folder.")
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    try:
        return [InventoryRow(**row) for row in rows]
    except TypeError as error:
        raise DataFault(
            f"{path} does not have the columns of an inventory.", "They are: " + ", ".join(InventoryRow.__annotations__)
        ) from error


@dataclass(frozen=True)
class Verification:
    """What ``kg verify`` found: how many rows of the inventory stand as they should, and every problem."""

    held: int
    expected: int
    by_source: dict[str, tuple[int, int]]
    problems: tuple[Problem, ...]


def verify(
    records: Iterable[Record], inventory: list[InventoryRow], texts: dict[str, list[str]], official: Collection[str]
) -> Verification:
    """Compare the records with the inventory and with the source texts.

    Each row is held once, under its parent, at its place, with its lines, and the lines hold the passage that was read. No label,
    summary, other name or note shares a run of eight words with the source; names that are official (the labels and other names of
    the kinds in *official*) may.

    :param texts: source id -> lines of its text.
    """
    records = [record for record in records if record.kind]
    items = {record.id: record for record in records if record.kind not in ("link", "source")}
    runs = {source: to_runs("\n".join(text)) for source, text in texts.items()}
    problems: list[Problem] = []
    held: Counter[str] = Counter()
    for row in inventory:
        record = items.get(row.id)
        if record is None:
            problems.append(
                Problem(
                    "inventory.tsv", 0, 0, "error", row.id, "is in the inventory but not in the data", "add the item"
                )
            )
            continue
        found = _compare(record, row, texts)
        held[row.source] += not found
        problems += found
    for record in records:
        # What comes from no text of its own (links, topics) is held against every text.
        against = [record.source] if record.source in runs else list(runs)
        for source in against:
            problems += _taken_over(record, runs[source], record.kind in (*official, "source"))
    listed = {row.id for row in inventory}
    problems += [
        record.problem("is in the data but not in the inventory", "add a row to inventory.tsv, or correct the id")
        for record in items.values()
        if record.id not in listed and record.kind != "topic"  # topics are our own, nothing prints them
    ]
    expected = Counter(row.source for row in inventory)
    by_source = {source: (held[source], count) for source, count in expected.items()}
    return Verification(held.total(), len(inventory), by_source, tuple(problems))


def _compare(record: Record, row: InventoryRow, texts: dict[str, list[str]]) -> list[Problem]:
    problems = []
    parent = "" if record.parent == record.source else record.parent
    for key, given, expected in (
        ("kind", record.kind, row.kind),
        ("parent", parent, row.parent),
        ("position", record.fields.get("position", ""), row.position),
        ("source", record.source, row.source),
        ("lines", record.fields.get("lines", ""), row.lines),
    ):
        if given != expected:
            cure = "correct the data, or the inventory if it is wrong"
            problems.append(
                record.problem(
                    f"its {key} is {given or 'not given'}, the inventory says {expected or 'none'}", cure, key=key
                )
            )
    if row.source not in texts:
        problems.append(
            record.problem(f"the text of source {row.source} was not found", "put its file into the sources folder")
        )
    elif not problems and to_fingerprint(read_passage(texts[row.source], row.lines)) != row.fingerprint:
        cure = "your copy may be another edition or extraction of the document"
        problems.append(record.problem(f"lines {row.lines} do not hold the passage that was read", cure, key="lines"))
    return problems


def _taken_over(record: Record, runs: set[tuple[str, ...]], official: bool) -> list[Problem]:
    problems = []
    for key in ("label", "summary", "also", "hidden", "not", "notes", "gap", "because"):
        if official and key in ("label", "also"):
            continue
        value = record.fields.get(key, [])
        for text in [value] if isinstance(value, str) else value:
            if run := find_shared_run(text, runs):
                problems.append(
                    record.problem(
                        f"its {key} takes over words of the document: {run!r}", "say it in other words", key=key
                    )
                )
    return problems
