"""How often a question in people's own words finds its barrier, and which questions do not.

Run: python benchmarks/answers.py
benchmarks/questions.tsv holds two questions for each of the 54 barriers. They were written from the printed barriers alone, without
sight of labels, other names or this program; two numbers of the gate in kg/queries.py were then chosen on them.
"""

from __future__ import annotations

import csv
import time
from pathlib import Path
from statistics import median

from kg.queries import KnowledgeGraph


def main() -> None:
    with (Path(__file__).parent / "questions.tsv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    first = among = none = 0
    missed, times = [], []
    with KnowledgeGraph.open() as kg:
        kg.search("warm up")
        for row in rows:
            right = set(row["barriers"].split(","))
            started = time.perf_counter()
            shown = [barrier.id for barrier in kg.answers_about(row["question"]).barriers]
            times.append(time.perf_counter() - started)
            first += bool(shown) and shown[0] in right
            among += bool(right & set(shown))
            none += not shown
            if not right & set(shown):
                missed.append(
                    f"  {row['question']}  (right: {row['barriers']}; shown: {', '.join(shown) or 'nothing'})"
                )
    print(f"{len(rows)} questions: right barrier first {first}, among those shown {among}, nothing shown {none}")
    print(f"median {median(times) * 1000:.1f} ms, slowest {max(times) * 1000:.1f} ms, warm")
    print("not found:", *missed, sep="\n")


if __name__ == "__main__":
    main()
