"""How far two independent readings of the same links agree, from the readings that lie beside the data. Standard library only."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path


@dataclass(frozen=True)
class Agreement:
    """Of one set of links.

    :ivar pairs: how many pairs both readers looked at. :ivar share: how much of all was read twice. :ivar kappa: Cohen's kappa over direct,
    contributing and no link. :ivar kappa_link: the same over link and no link. :ivar both: pairs that both link with the same strength.
    :ivar strength_differs: pairs that both link, with another strength. :ivar one_only: pairs that one links and the other does not.
    """

    name: str
    relation: str
    pairs: int
    share: str
    kappa: float
    kappa_link: float
    both: int
    strength_differs: int
    one_only: int


def cohen_kappa(counts: Mapping[tuple[Hashable, Hashable], int]) -> float:
    """Cohen's kappa of two readers (Cohen 1960): the agreement beyond what chance would give.

    :param counts: (what the first says, what the second says) -> how many pairs.

    >>> cohen_kappa({("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15})
    0.4
    """
    total = sum(counts.values())
    labels = {label for pair in counts for label in pair}
    observed = sum(counts.get((label, label), 0) for label in labels) / total
    first, second = Counter[Hashable](), Counter[Hashable]()
    for (one, other), count in counts.items():
        first[one] += count
        second[other] += count
    chance = sum(first[label] * second[label] for label in labels) / total**2
    return round((observed - chance) / (1 - chance), 10)


def read_agreements(folder: Path) -> list[Agreement]:
    """The agreement of the first and the second reading of each set that ``sets.tsv`` lists; empty where there is none."""
    if not (folder / "sets.tsv").is_file():
        return []
    return [_measure(folder, row) for row in _rows(folder / "sets.tsv")]


def _measure(folder: Path, row: Mapping[str, str]) -> Agreement:
    readings = []
    for order in ("first", "second"):
        readings.append(
            {
                (link["from"], link["to"]): link["strength"]
                for link in _rows(folder / f"{row['set']}-{order}.tsv")
                if _matches(link["from"], row["from"]) and _matches(link["to"], row["to"])
            }
        )
    first, second = readings
    counts = Counter[tuple[Hashable, Hashable]](
        (first.get(pair, "none"), second.get(pair, "none")) for pair in {*first, *second}
    )
    counts["none", "none"] += int(row["pairs"]) - sum(counts.values())
    linked = Counter[tuple[Hashable, Hashable]]()
    for (one, other), count in counts.items():
        linked[one != "none", other != "none"] += count
    both = sum(count for (one, other), count in counts.items() if one == other != "none")
    return Agreement(
        row["set"],
        row["relation"],
        int(row["pairs"]),
        row["read twice"],
        round(cohen_kappa(counts), 2),
        round(cohen_kappa(linked), 2),
        both,
        linked[True, True] - both,
        linked[True, False] + linked[False, True],
    )


def _matches(item: str, patterns: str) -> bool:
    return any(fnmatchcase(item, pattern) for pattern in patterns.split())


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
