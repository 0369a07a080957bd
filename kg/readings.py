"""What was read in full: which kinds of items of which source were held against which others, for which relation. No links here."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COVERAGE = "coverage.tsv"


@dataclass(frozen=True, slots=True)
class Reading:
    """One row of ``coverage.tsv``: every pair of these items was looked at by at least one reader.

    :ivar set: the set of readings that it belongs to. :ivar starts: (source, kind) of where a link would start.
    :ivar ends: the same of where it would end. :ivar siblings: only pairs that stand under the same item were looked at.
    :ivar pairs: how many pairs there were.
    """

    set: str
    relation: str
    starts: tuple[tuple[str, str], ...]
    ends: tuple[tuple[str, str], ...]
    siblings: bool
    pairs: int

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reading:
        """A reading as a build carries it."""
        ends = {key: tuple((source, kind) for source, kind in data[key]) for key in ("starts", "ends")}
        return cls(**{**data, **ends})


def read_coverage(folder: Path) -> list[Reading]:
    """The readings that ``coverage.tsv`` in *folder* lists; empty where there is no such file."""
    path = folder / COVERAGE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Reading(
            row["set"],
            row["relation"],
            _sorts(row["from"]),
            _sorts(row["to"]),
            row["which"] == "siblings",
            int(row["pairs"]),
        )
        for row in rows
    ]


def _sorts(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((source, kind) for source, _, kind in (sort.partition(":") for sort in text.split()))
