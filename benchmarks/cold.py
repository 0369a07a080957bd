"""Cold start of each command, as multiples of a bare Python start measured in the same rounds.

Run: python benchmarks/cold.py [ROUNDS]
The commands take turns with the yardstick, each in a process of its own, on a warm page cache; medians are told. Times on a shared
machine vary by a factor of two, the ratios much less.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from kg.build import write_build
from kg.config import Config

QUESTION = "can't open a bank account because of a conviction"
# command: how many bare starts it may take
COMMANDS: dict[str, tuple[list[str], float | None]] = {
    "python -c pass": (["-c", "pass"], None),
    "kg --help": (["-m", "kg", "--help"], 8),
    "kg show ID": (["-m", "kg", "show", "ap-action-3.2.11", "--json"], 10),
    "kg answers ID": (["-m", "kg", "answers", "ap-barrier-2.6", "--json"], 10),
    "kg search TEXT": (["-m", "kg", "search", QUESTION, "--json"], 20),
    "kg answers TEXT": (["-m", "kg", "answers", QUESTION, "--json"], None),
}


def start(args: list[str], environment: dict[str, str]) -> float:
    """Seconds from the start of a process to its end."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *args], env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main(rounds: int = 15) -> None:
    import os

    with tempfile.TemporaryDirectory() as folder:
        config = Config.find(build=Path(folder))
        started = time.perf_counter()
        write_build(config)
        print(f"full build, imports included: {time.perf_counter() - started:.1f} s")
        environment = {**os.environ, "KG_BUILD": folder}
        for args, _ in COMMANDS.values():
            start(args, environment)  # warm the page cache and the bytecode
        times: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for _ in range(rounds):
            for name, (args, _limit) in COMMANDS.items():
                times[name].append(start(args, environment))
    bare = median(times["python -c pass"])
    print(f"{'command':<16} {'median ms':>9} {'x bare':>7} {'goal':>5}")
    for name, (_, limit) in COMMANDS.items():
        middle = median(times[name])
        print(f"{name:<16} {middle * 1000:9.0f} {middle / bare:7.1f} {f'{limit:.0f}' if limit else '-':>5}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
