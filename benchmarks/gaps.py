"""Gap maps, smallest sets and comparisons on the real build, as multiples of one `kg answers ID` in the same process.

Run: python benchmarks/gaps.py [ROUNDS]
The questions take turns with the yardstick on an open build that has answered each of them once; medians are told.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from kg.build import write_build
from kg.config import Config
from kg.folders import open_build
from kg.queries import KnowledgeGraph


def main(rounds: int = 15) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_build(Config.find(build=Path(folder)))
        with KnowledgeGraph(open_build(Path(folder))) as kg:
            questions: dict[str, Callable[[], object]] = {
                "answers ap-barrier-2.6": lambda: kg.answers_to("ap-barrier-2.6"),
                "barrier-group by goal (126 cells)": lambda: kg.gap_map("barrier-group", "goal"),
                "harm-type by audience (63)": lambda: kg.gap_map("harm-type", "audience"),
                "topic by kind (1,560)": lambda: kg.gap_map("topic", "kind"),
                "kind by kind (676)": lambda: kg.gap_map("kind", "kind"),
                "action by barrier (7,182)": lambda: kg.gap_map("action", "barrier"),
                "cover a barrier group": lambda: kg.cover("ap-barrier-group-1"),
                "cover all 54 barriers": lambda: kg.cover("barrier"),
                "cover barriers and harms (steps run out)": lambda: kg.cover(["barrier", "harm-type", "harm-example"]),
                "compare ap hr": lambda: kg.compare("ap", "hr"),
            }
            started = time.perf_counter()
            questions["compare ap hr"]()
            print(f"first question, reading all items and links: {(time.perf_counter() - started) * 1000:.0f} ms")
            times: dict[str, list[float]] = {name: [] for name in questions}
            for _ in range(rounds + 1):
                for name, ask in questions.items():
                    started = time.perf_counter()
                    ask()
                    times[name].append(time.perf_counter() - started)
    yardstick = median(times["answers ap-barrier-2.6"][1:])
    print(f"{'question':<42} {'median ms':>9} {'x answers':>9}")
    for name, taken in times.items():
        middle = median(taken[1:])
        print(f"{name:<42} {middle * 1000:9.1f} {middle / yardstick:9.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
