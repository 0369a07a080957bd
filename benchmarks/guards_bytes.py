"""Whether the same data gives the same bytes: a build, every export and a learning pack, whatever the hash seed, the folder and the date.

Run: python benchmarks/guards_bytes.py [all]
Three seeds, two folders, two dates: twelve runs on the tiny data (with "all" on the real data too), and on the real the two that differ
most. Each run is a process of its own, which prints the SHA-256 of everything that it made, and of three things that must not be the
same: the order of a set, the name of the folder and the date. Those are the control: they show that the runs differed. Ends
with 1 if anything else differs, or if one of those does not.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CONTROLS = {"order of a set", "folder", "date"}
RUN = """
import hashlib, sys, datetime, time
from pathlib import Path
from kg.build import write_build
from kg.folders import open_build
from kg.config import Config
from kg.export import FORMATS, to_bytes
from kg.pack import build_pack
from kg.queries import KnowledgeGraph
data, ontology, build, asked = sys.argv[1:5]
def tell(name, data):
    print(f"{hashlib.sha256(data).hexdigest()} {name}")
write_build(Config(data=Path(data), ontology=Path(ontology), build=Path(build)))
opened = open_build(Path(build))
for path in sorted(opened.folder.rglob("*")):
    if path.is_file():
        tell(f"build: {path.relative_to(opened.folder)}", path.read_bytes())
tell("build: its name", opened.folder.name.encode())
with KnowledgeGraph(opened) as kg:
    part = kg.subgraph([asked])
    for name in FORMATS:
        tell(f"export: {name}", to_bytes(part, name))
    if asked != "everything":
        files, _ = build_pack(kg.curriculum([asked], minutes=60))
        for name, made in files.items():
            tell(f"pack: {name}", made)
tell("order of a set", repr({f"word {number}" for number in range(40)}).encode())
tell("folder", build.encode())
tell("date", f"{datetime.datetime.now():%Y-%m} {time.strftime('%Y')}".encode())
"""
LATER = """
import datetime, time
class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2031, 5, 6, 7, 8, 9, tzinfo=tz)
class Day(datetime.date):
    @classmethod
    def today(cls):
        return cls(2031, 5, 6)
datetime.datetime, datetime.date = Later, Day
time.time = lambda: 1935817689.0
real = time.localtime
time.localtime = lambda seconds=None: real(1935817689.0 if seconds is None else seconds)
form = time.strftime
time.strftime = lambda pattern, when=None: form(pattern, when or time.localtime())
"""


@dataclass(frozen=True)
class Compared:
    """:ivar made: how many things each run made. :ivar differ: those that are not the same in all. :ivar alike: controls that are."""

    made: int
    differ: list[str]
    alike: list[str]


def make(data: Path, asked: str, seed: int, folder: Path, later: bool) -> dict[str, str]:
    """What one run made: name -> SHA-256. :raises CalledProcessError: if it failed."""
    command = [
        sys.executable,
        "-c",
        (LATER if later else "") + RUN,
        str(data),
        str(ROOT / "ontology"),
        str(folder),
        asked,
    ]
    env = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name: digest for digest, _, name in (line.partition(" ") for line in done.stdout.splitlines())}


def compare(data: Path, asked: str, ways: list[tuple[int, str, bool]]) -> Compared:
    """Make everything in some ways and say what is not the same in all. :param ways: hash seed, folder, whether at a later date."""
    with tempfile.TemporaryDirectory() as base:
        runs = []
        for number, (seed, folder, later) in enumerate(ways):
            place = Path(base) / str(number) / folder
            place.mkdir(parents=True)
            runs.append(make(data, asked, seed, place, later))
    names = set().union(*runs)
    differ = {name for name in names if len({run.get(name) for run in runs}) > 1}
    return Compared(len(names - CONTROLS), sorted(differ - CONTROLS), sorted(CONTROLS - differ))


def main(how: str = "") -> int:
    """Compare and print. :returns: 1 if anything differs that must not, or a control does not."""
    every = list(itertools.product((0, 1, 4242), ("one", "two/deeper and longer"), (False, True)))
    missed = False
    for data, asked, ways in (
        (ROOT / "tests" / "tiny", "everything", every),
        (ROOT / "data", "ap-barrier-group-2", every if how == "all" else [every[0], every[-1]]),
    ):
        begun = time.perf_counter()
        found = compare(data, asked, ways)
        print(
            f"{data.name}: {len(ways)} runs, {found.made} things each, {len(found.differ)} differ ({time.perf_counter() - begun:.0f} s)"
        )
        print("\n".join(found.differ[:20]) or "the same bytes")
        print(f"control: {', '.join(sorted(CONTROLS - set(found.alike)))} differ", flush=True)
        missed |= bool(found.differ or found.alike)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
