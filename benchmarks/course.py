"""How long a learning pack takes: the course alone, each file of it, and the whole command, cold."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.pack import FORMATS
from kg.queries import KnowledgeGraph

WORDS = ("topic-storytelling", "search:consent")


def main() -> None:
    """Print what each takes, in seconds."""
    with KnowledgeGraph.open() as kg:
        start = time.perf_counter()
        course = kg.curriculum(WORDS, title="Storytelling and consent", minutes=120)
        print(f"course (first, with the search): {time.perf_counter() - start:.2f} s")
        start = time.perf_counter()
        kg.curriculum(WORDS, title="Storytelling and consent", minutes=120)
        print(f"course (again): {time.perf_counter() - start:.2f} s")
    for each in FORMATS.values():
        start = time.perf_counter()
        size = len(each.writer(course))
        print(f"{each.file}: {time.perf_counter() - start:.2f} s, {size / 1000:.0f} kB")
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "kg",
            "curriculum",
            *WORDS,
            "--minutes",
            "120",
            "--out",
            str(Path(folder) / "pack"),
        ]
        subprocess.run(command, check=True, capture_output=True)
        print(f"kg curriculum, all formats, cold: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
