"""How long each format takes for the whole graph, and how large it is: python benchmarks/export.py"""

from __future__ import annotations

import resource
import time

from kg.export import FORMATS, to_bytes
from kg.queries import KnowledgeGraph

PARTS = {"a barrier": ["ap-barrier-2.6"], "a group": ["ap-barrier-group-2"], "everything": ["everything"]}


def main() -> None:
    """Each format for three parts: milliseconds of work of one core, best of two, and kilobytes."""
    with KnowledgeGraph.open() as kg:
        parts = {name: kg.subgraph(words) for name, words in PARTS.items()}
        heads = [f"{name} ({len(part.items)} items, {len(part.edges)} links)" for name, part in parts.items()]
        print("format".ljust(14), *(head.rjust(36) for head in heads))
        for format in FORMATS:
            told = [_measure(part, format) for part in parts.values()]
            print(format.ljust(14), *(f"{took * 1000:,.0f} ms, {size / 1024:,.0f} kB".rjust(36) for took, size in told))
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def _measure(part, format: str) -> tuple[float, int]:  # type: ignore[no-untyped-def]
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        size = len(to_bytes(part, format))
        best = min(best, time.process_time() - start)
    return best, size


if __name__ == "__main__":
    main()
