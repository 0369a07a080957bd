"""How far two independent readings of the same links agree: Cohen's kappa, from the readings that lie beside the data.

Run: python benchmarks/agreement.py
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path

READINGS = Path(__file__).resolve().parent.parent / "data" / "links" / "readings"

# relation: the column that names its target, how many targets and how many items were read against each other
READ = {"addresses": ("barrier", 54, 227), "builds": ("capacity", 40, 145)}


@dataclass(frozen=True)
class Agreement:
    """:ivar kappa: over direct, contributing and no link. :ivar kappa_link: over link and no link. :ivar counts: pairs by both readings."""

    kappa: float
    kappa_link: float
    observed: float
    counts: Mapping[tuple[str, str], int]


def cohen_kappa(counts: Mapping[tuple[Hashable, Hashable], int]) -> float:
    """Cohen's kappa of two readers (Cohen 1960): the agreement beyond what chance would give.

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


def read(path: Path, target: str) -> dict[tuple[str, str], str]:
    """A reading: (target, item) -> strength."""
    with path.open(encoding="utf-8", newline="") as handle:
        return {(row[target], row["item"]): row["strength"] for row in csv.DictReader(handle, delimiter="\t")}


def measure(folder: Path) -> dict[str, Agreement]:
    """The agreement of the first and the second reading of each relation."""
    found = {}
    for relation, (target, targets, items) in READ.items():
        first, second = (read(folder / f"{relation}-{order}.tsv", target) for order in ("first", "second"))
        counts = Counter((first.get(pair, "none"), second.get(pair, "none")) for pair in {*first, *second})
        counts["none", "none"] = targets * items - sum(counts.values())
        linked = Counter[tuple[Hashable, Hashable]]()
        for (one, other), count in counts.items():
            linked[one != "none", other != "none"] += count
        observed = sum(count for (one, other), count in counts.items() if one == other) / sum(counts.values())
        found[relation] = Agreement(cohen_kappa(counts), cohen_kappa(linked), observed, counts)
    return found


def main() -> None:
    for relation, found in measure(READINGS).items():
        print(
            f"{relation}: kappa {found.kappa:.2f} (direct, contributing, none), {found.kappa_link:.2f} (link or none)"
        )
        for (one, other), count in sorted(found.counts.items()):
            print(f"  {count:6} first {one}, second {other}")


if __name__ == "__main__":
    main()
