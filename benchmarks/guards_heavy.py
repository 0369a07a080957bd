"""Whether the deadline of a SPARQL query always holds: every heavy query in time, nothing left running, the memory given back.

Run: python benchmarks/guards_heavy.py [ROUNDS]     (ten attacks a round; 100 rounds are 1,000 attacks)
`kg serve` in a process of its own. First every heavy query of `tests/sparql_attacks.py` once, with the deadline that visitors have; then
the rounds, with a short one, from three addresses at once: a round passes if each of its ten ended in time with a status that is planned
for it and no process is left. Then the same with a worker that kills nothing, which has to be found out. Ends with 1 if a goal is missed.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote, urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.load import serving  # noqa: E402
from kg.build import write_build  # noqa: E402
from kg.config import Config  # noqa: E402
from tests.sparql_attacks import COSTLY  # noqa: E402

MOST_SECONDS, MOST_GROWTH = 2.5, 20.0  # a query with a deadline of two seconds; megabytes over all attacks
SITE = """
import sys, webui
webui.DEFAULTS["SPARQL_SECONDS"] = float(sys.argv[2])
{more}
from kg.cli import main
main(["--build", sys.argv[1], "serve", "--port", sys.argv[3]])
"""
# A worker that kills nothing and limits nothing: whoever asked gives up after a while, long after the deadline.
LENIENT = '''
import kg.sparql as room, subprocess
worker = "import kg.sparql_worker as w; w.ForkServer._stop_late = w.limit_process = lambda *given: None; w.main()"
def start(graph, base, how, **options):
    command = [sys.executable, "-c", worker, str(graph), base, how]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True, **options)
room._start_worker = start
'''  # fmt: skip


@dataclass
class Found:
    """What a run gave.

    :ivar slowest: seconds. :ivar growth: megabytes, of the server and of its worker.
    :ivar restarts: how often the worker was taken for hung and another started: where a machine has no time even to kill what is late.
    :ivar faults: one line each.
    """

    attacks: int = 0
    slowest: float = 0.0
    growth: tuple[float, float] = (0.0, 0.0)
    rounds_passed: int = 0
    restarts: int = 0
    faults: list[str] = field(default_factory=list)


def children_of(process: int) -> list[int]:
    """Its child processes, whichever of its threads began them."""
    return [
        int(each)
        for tasks in Path(f"/proc/{process}/task").glob("*/children")
        for each in tasks.read_text(encoding="ascii").split()
    ]


def memory_of(process: int) -> float:
    """Megabytes in use."""
    told = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+)", told)[0]) / 1024


def attack(port: int, name: str, way: int, source: int) -> tuple[int, float]:
    """Send a heavy query in one of the three ways of the protocol: status (0 for none), seconds."""
    query, begun = COSTLY[name][0], time.monotonic()
    body, kind = (None, ""), ""
    path = "/sparql"
    if way == 0:
        path, body = f"/sparql?query={quote(query)}", (None, "")
    elif way == 1:
        body = (urlencode({"query": query}), "application/x-www-form-urlencoded")
    else:
        body = (query, "application/sparql-query")
    sent, kind = body
    head = {"Accept": "*/*", **({"Content-Type": kind} if kind else {})}
    address = (f"127.0.0.{2 + source}", 0)
    try:
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=address)
        ) as one:
            one.request("POST" if sent else "GET", path, sent.encode() if sent else None, head)
            answer = one.getresponse()
            answer.read()
            return answer.status, time.monotonic() - begun
    except OSError:
        return 0, time.monotonic() - begun


def judge(found: Found, name: str, status: int, seconds: float, *, short: bool = False) -> bool:
    """Note what is wrong with one answer; whether nothing is. :param short: the deadline is so short that any query may be stopped."""
    found.attacks += 1
    found.slowest = max(found.slowest, seconds)
    wrong = []
    if status not in COSTLY[name][1] and not (short and status == 504):
        wrong.append(f"status {status}")
    if seconds > MOST_SECONDS:
        wrong.append(f"{seconds:.2f} s")
    if wrong:
        found.faults.append(f"{name}: {', '.join(wrong)}")
    return not wrong


def server_of(port: int) -> tuple[int, int]:
    """The processes of the server that answers at a port, and of its worker, found among our own children."""
    import os

    for process in children_of(os.getpid()):
        command = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        if str(port).encode() in command:
            for _ in range(50):  # between one worker and the next there is none
                if len(found := children_of(process)) == 1:
                    return process, found[0]
                time.sleep(0.1)
    raise LookupError(f"no server at {port}")


def left_over(worker: int) -> list[int]:
    """What still runs a moment after the last answer."""
    for _ in range(20):
        if not children_of(worker):
            return []
        time.sleep(0.1)
    return children_of(worker)


def run_each(build: Path, names: Iterable[str], *, more: str = "", seconds: float = 2.0) -> Found:
    """Every heavy query once, one after the other, the ways of sending them in turn."""
    found = Found()
    with serving("-c", SITE.format(more=more), str(build), str(seconds)) as port:
        for at, name in enumerate(names):
            judge(found, name, *attack(port, name, at % 3, 0))
        if left := left_over(server_of(port)[1]):
            found.faults.append(f"still running: {left}")
    return found


def run_rounds(build: Path, rounds: int, *, seconds: float = 0.2) -> Found:
    """Ten attacks a round, from three addresses at once."""
    found, names = Found(), cycle(COSTLY)
    with serving("-c", SITE.format(more=""), str(build), str(seconds)) as port, ThreadPoolExecutor(3) as pool:
        server, worker = server_of(port)
        before = None
        for number in range(-3, rounds):  # the first three are to grow warm
            batch = list(islice(names, 10))
            lanes = [[(at, name) for at, name in enumerate(batch) if at % 3 == lane] for lane in range(3)]

            def walk(lane: int, lanes: list[list[tuple[int, str]]] = lanes) -> list[tuple[str, int, float]]:
                return [(name, *attack(port, name, at % 3, lane)) for at, name in lanes[lane]]

            told = [each for lane in pool.map(walk, range(3)) for each in lane]
            if number < 0:
                continue
            now = server_of(port)
            found.restarts += before is not None and now[1] != worker
            if now[0] != server:
                found.faults.append(f"round {number}: the server ended")
            server, worker = now
            if before is None:
                before = memory_of(server), memory_of(worker)
            good = sum(judge(found, *each, short=True) for each in told) == len(told)
            if left := left_over(worker):
                found.faults.append(f"round {number}: still running {left}")
                good = False
            found.rounds_passed += good
        assert before
        server, worker = server_of(port)
        found.growth = memory_of(server) - before[0], memory_of(worker) - before[1]
    if max(found.growth) >= MOST_GROWTH:
        found.faults.append(f"memory grew by {found.growth}")
    return found


def main(rounds: int = 100) -> int:
    """Measure and print. :returns: 1 if a goal is missed or the control finds nothing."""
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        build = Path(folder)
        write_build(Config(data=ROOT / "data", ontology=ROOT / "ontology", build=build))
        each = run_each(build, COSTLY)
        print(
            f"{len(COSTLY)} heavy queries, deadline 2 s: slowest answer {each.slowest:.2f} s; {len(each.faults)} faults"
        )
        many = run_rounds(build, rounds)
        print(f"{many.attacks} attacks in {rounds} rounds, deadline 0.2 s: {many.rounds_passed} rounds pass")
        print(f"slowest answer {many.slowest:.2f} s, {many.restarts} restarts of the worker")
        print(f"memory of the server {many.growth[0]:+.1f} MB, of the worker {many.growth[1]:+.1f} MB")
        control = run_each(build, ["a product of three, counted"], more=LENIENT)
        print(f"control, a worker that kills nothing: {control.faults or 'NOT FOUND'}")
        faults = [*each.faults, *many.faults, *([] if control.faults else ["the control was not found"])]
    if len(COSTLY) < 40:
        faults.append(f"only {len(COSTLY)} heavy queries")
    print("\n".join(faults[:20]) or "all goals reached")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
