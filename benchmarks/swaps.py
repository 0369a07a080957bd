"""What visitors meet while builds change and servers end: `kg serve` under load from threads, and every answer held against what it may be.

Run: python benchmarks/swaps.py [--quick] [swaps] [stopped] [killed]
swaps: new builds are put in use, a damaged one among them. stopped: SIGTERM. killed: SIGKILL, and started again on the same port.
An answer is right if it is, byte by byte, what one build gives; so nothing can be mixed. Each campaign has a negative control: a server
without what is tried, in which the same load must find faults. Linux alone. Ends with 1 if a campaign finds a fault, or its control none.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.faults import Failed, change, check, whole  # noqa: E402
from kg.build import write_build  # noqa: E402
from kg.config import Config  # noqa: E402
from kg.folders import CURRENT, open_build, put_in_use, unfinished  # noqa: E402
from kg.queries import KnowledgeGraph  # noqa: E402
from webui import create_app  # noqa: E402

FRESH = 3.0  # seconds after which a new build must be served
STOPPED = 6.0  # seconds in which a server that is told to must have ended
WORDS = ("record", "docket", "transcript", "certificate")
SLOW = "SELECT (COUNT(?c) AS ?all) (MIN(STR(?l)) AS ?least) { ?a ?b ?c . ?d skos:prefLabel ?l . ?x ?y ?l FILTER(STRLEN(STR(?c)) >= 0) }"
PATHS = (
    "/", "/barriers", "/barriers/ap-barrier-2.6", "/search?q=bank", "/id/ap-action-3.2.11", "/api/v1/items/ap-action-3.2.11",
    "/api/v1/barriers/ap-barrier-2.6/answers", "/api/v1/search?q=bank", "/api/v1/", "/api/v1/openapi.json", "/dataset.ttl",
)  # fmt: skip
QUERY = f"/sparql?{urlencode({'query': SLOW})}"

SERVE = "from kg.cli import main; main()"
CARELESS = """
import time
from webui import renewing, serving
class Careless(renewing.Renewed):
    "Closes the old build, then opens the new one where it was."
    def look(self):
        newer = self._site.knowledge.find_newer()
        if newer:
            self._site.knowledge.close()
            time.sleep(0.2)  # as long as opening a larger one takes
            self.app.extensions["knowledge"] = self._site.knowledge = newer
serving.Renewed = Careless
from kg.cli import main; main()
"""
AT_ONCE = """
import signal
from webui import serving
serving.run = lambda server, sockets: (signal.signal(signal.SIGTERM, signal.SIG_DFL), server.run())
from kg.cli import main; main()
"""


# ---- a server ----


class Server:
    """`kg serve` in a process of its own."""

    def __init__(self, build: Path, folder: Path, code: str = SERVE) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.build, self.log, self.code = build, folder / f"log-{self.port}", code
        self.start()

    def start(self) -> None:
        """Start, or start again on the same port."""
        command = [sys.executable, "-c", self.code, "--build", str(self.build), "serve", "--port", str(self.port)]
        with self.log.open("a") as out:
            env = {**os.environ, "PYTHONPATH": str(ROOT)}
            self.process = subprocess.Popen(command, stdout=out, stderr=out, env=env)
        said = self.log.read_text().count("Serving on")
        while self.log.read_text().count("Serving on") == said:
            check(self.process.poll() is None, f"the server did not start: {self.log.read_text()}")
            time.sleep(0.05)

    def engines(self) -> list[int]:
        """The processes that answer queries over this folder of builds."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                told = entry.read_bytes()
                if b"kg.sparql_worker" in told and os.fsencode(f"{self.build}/") in told:
                    found.append(int(entry.parent.name))
        return found

    def handles(self) -> int:
        """How many files and sockets it has open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory(self) -> int:
        """MB that it holds."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") >> 20

    def end(self) -> None:
        """End it, if it has not ended."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def serving(build: Path, folder: Path, code: str = SERVE) -> Iterator[Server]:
    server = Server(build, folder, code)
    try:
        yield server
    finally:
        server.end()


# ---- what may be answered ----


def ask_app(build: Path) -> dict[str, tuple[str | None, bytes]]:
    """What one build answers to each address: the name of the answer, and the answer."""
    with KnowledgeGraph(open_build(build)) as graph:
        client = create_app(graph).test_client()
        answers = {}
        for path in (*PATHS, QUERY):
            told = client.get(path, base_url="http://127.0.0.1")
            check(told.status_code == 200, f"{path} gives {told.status_code}")
            answers[path] = told.headers.get("ETag"), told.data
    return answers


class Builds:
    """Builds that differ in a word. :ivar names: word -> build. :ivar answers: build -> what it answers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, folder / "made"
        shutil.copytree(ROOT / "tests" / "tiny", folder / "data")
        self.config = Config(data=folder / "data", ontology=ROOT / "ontology", build=folder / "build")
        self.word, self.names, self.seconds = WORDS[0], dict[str, str](), list[float]()
        self.answers: dict[str, dict[str, tuple[str | None, bytes]]] = {}
        for word in WORDS:
            begun = time.monotonic()
            self.build(word)
            self.seconds.append(time.monotonic() - begun)
            self.answers[self.names[word]] = ask_app(self.config.build)
        self.fresh = max(
            FRESH, 2 * sorted(self.seconds)[1]
        )  # a machine on which a tiny build takes so long is busy with other things

    def build(self, word: str) -> str:
        """Change the word in the data, and build."""
        if word != self.word:
            change(self.config, self.word, word)
            self.word = word
        made = write_build(self.config)
        self.names[word] = made.name
        if not (self.made / word).exists():
            shutil.copytree(made, self.made / word)
        return made.name

    def swap(self, word: str) -> str:
        """Put a build in use that was made before."""
        with unfinished(self.config.build) as new:
            shutil.copytree(self.made / word, new, dirs_exist_ok=True)
            return put_in_use(self.config.build, new).name

    def who_says(self, path: str, tag: str | None, body: bytes) -> set[str]:
        """The builds whose answer this is."""
        return {name for name, told in self.answers.items() if told[path] == (tag, body)}


# ---- load ----


@dataclass
class Answer:
    path: str
    begun: float
    ended: float
    builds: set[str] = field(default_factory=set)
    fault: str = ""


class Load:
    """Threads that ask one address after the other, each by a connection of its own; one of them asks slow queries."""

    def __init__(self, port: int, builds: Builds, threads: int = 2) -> None:
        self.answers: list[Answer] = []
        self._port, self._builds, self._done = port, builds, threading.Event()
        turns = [PATHS[at:] + PATHS[:at] for at in range(0, len(PATHS), -(-len(PATHS) // threads))]
        self._threads = [threading.Thread(target=self._ask, args=(paths,)) for paths in (*turns, (QUERY,))]

    def __enter__(self) -> Load:
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for each in self._threads:
            each.join()

    def _ask(self, paths: tuple[str, ...]) -> None:
        while not self._done.is_set():
            for path in paths:
                answer = Answer(path, time.monotonic(), 0.0)
                connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
                try:
                    connection.connect()
                    answer.begun = time.monotonic()
                    connection.request("GET", path)
                    told = connection.getresponse()
                    body = told.read()
                    answer.builds = self._builds.who_says(path, told.headers.get("ETag"), body)
                    if told.status != 200:
                        answer.fault = f"{path}: {told.status}"
                    elif not answer.builds:
                        answer.fault = f"{path}: an answer that no build gives"
                except ConnectionRefusedError:
                    time.sleep(0.05)
                    continue  # nobody is there: not a request that failed
                except (OSError, http.client.HTTPException) as error:
                    answer.fault = f"{path}: {type(error).__name__}"
                finally:
                    connection.close()
                answer.ended = time.monotonic()
                self.answers.append(answer)
                time.sleep(0.01)

    def wait_for(self, build: str, patience: float) -> float | None:
        """Seconds until a build is the only one that can have given an answer; None if that takes too long."""
        begun, seen = time.monotonic(), len(self.answers)
        while time.monotonic() < begun + patience:
            for answer in self.answers[seen:]:
                seen += 1
                if answer.builds == {build}:
                    return answer.ended - begun
            time.sleep(0.01)
        return None

    def faults(self, *, before: float = float("inf")) -> Counter[str]:
        """What went wrong with requests that had begun before a moment."""
        return Counter(each.fault for each in self.answers if each.fault and each.begun < before)

    def turned_back(self, build: str, since: float) -> int:
        """How many answers came from another build though they were asked for after this one had answered."""
        after = [each for each in self.answers if each.begun > since and each.builds]
        return sum(build not in each.builds for each in after)


def middle(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


# ---- builds change ----


def swaps(builds: Builds, folder: Path, quick: bool) -> str:
    """New builds, a damaged one among them."""
    times = list[float]()
    words = WORDS[:3] if quick else WORDS * 5
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(serving(builds.config.build, folder))
        others = [] if quick else [stack.enter_context(serving(builds.config.build, folder))]
        loads = [stack.enter_context(Load(each.port, builds)) for each in (server, *others)]
        memory = handles = 0
        for number, word in enumerate(words):
            if number == 1:
                refuse_damaged(builds, server, loads[0])
            name = builds.swap(word) if quick else builds.build(word)
            for load in loads:
                took = load.wait_for(name, 20)
                check(took is not None, f"{word}: the new build is not served after 20 s: {server.log.read_text()}")
                assert took is not None
                times.append(took)
            since = time.monotonic()
            time.sleep(0.3)
            for load in loads:
                check(
                    not load.turned_back(name, since), f"{word}: answers of an older build after answers of the new one"
                )
            if number == len(words) // 2:
                memory, handles = server.memory(), server.handles()
        deadline = time.monotonic() + 10
        # One that answered too late is started anew, so for a moment there may be none.
        while (found := len(server.engines())) != 1 + len(others) and time.monotonic() < deadline:
            time.sleep(0.1)
        check(
            found == 1 + len(others), f"{found} processes answer queries for {1 + len(others)} builds that are served"
        )
        grown = server.memory() - memory, server.handles() - handles
    faults = sum((load.faults() for load in loads), Counter[str]())
    asked = sum(len(load.answers) for load in loads)
    check(not faults, f"faults: {dict(faults)}")
    check(max(times) <= builds.fresh, f"a new build was served after {max(times):.1f} s")
    check(quick or (grown[1] < 20 and grown[0] < 40), f"half of the swaps cost {grown[0]} MB and {grown[1]} open files")
    careless = control_swaps(builds, folder)
    more = (
        ""
        if quick
        else f", {1 + len(others)} servers; the second half of the swaps cost {grown[0]} MB and {grown[1]} handles"
    )
    return (
        f"{len(words)} builds swapped and a damaged one refused under {asked} requests{more}: no answer but 200, none mixed, none of an "
        f"older build after a newer; served after {middle(times):.1f} s (most {max(times):.1f} s). Control, reopened in place: {careless}"
    )


def refuse_damaged(builds: Builds, server: Server, load: Load) -> None:
    """Put a damaged build in use: the server says so once, and goes on with the one before."""
    build, now = builds.config.build, whole(builds.config.build)
    bad = next(name for name in builds.answers if name != now)
    shutil.rmtree(build / bad, ignore_errors=True)
    shutil.copytree(next(path for path in builds.made.iterdir() if builds.names[path.name] == bad), build / bad)
    with (build / bad / "senses.bin").open("r+b") as file:
        file.write(b"\xff\xff")
    pointer = build / ".spoilt"
    pointer.write_text(f"{bad}\n{now}\n", encoding="utf-8")
    pointer.replace(build / CURRENT)
    deadline = time.monotonic() + 20
    while "senses.bin is not the file" not in server.log.read_text():
        check(time.monotonic() < deadline, "nobody says that the build is damaged")
        time.sleep(0.05)
    since = time.monotonic()
    time.sleep(1.5)
    check(not load.turned_back(now, since), "the damaged build answers")
    check(server.log.read_text().count("senses.bin") == 1, f"said more than once: {server.log.read_text()}")


def control_swaps(builds: Builds, folder: Path) -> str:
    with serving(builds.config.build, folder, CARELESS) as server, Load(server.port, builds) as load:
        time.sleep(0.5)
        for word in WORDS * 3:
            builds.swap(word)
            time.sleep(1.5)
            if load.faults():
                break
    faults = load.faults()
    check(faults, "the careless server made no fault, so the load shows nothing")
    kinds = Counter(fault.partition(": ")[2] for fault in faults.elements())
    return ", ".join(f"{number} times {kind}" for kind, number in kinds.most_common(4))


# ---- servers end ----


def stop_under_load(builds: Builds, folder: Path, code: str) -> tuple[int, float, Counter[str], int]:
    """SIGTERM: the exit code, how long it took, what went wrong with requests that had begun, how many went on."""
    with serving(builds.config.build, folder, code) as server, Load(server.port, builds) as load:
        idle = http.client.HTTPConnection("127.0.0.1", server.port)
        idle.request("GET", "/healthz")
        idle.getresponse().read()  # a connection that is kept, and says no more, holds nothing up
        time.sleep(1.5)
        told = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.process.wait(60)
        took = time.monotonic() - told
        idle.close()
        code_ = server.process.returncode
        check(code_ is not None, "it does not stop")
        time.sleep(0.2)
        check(not server.engines(), "the process that answers queries goes on without its server")
    under_way = sum(each.begun < told < each.ended for each in load.answers)
    return code_ or 0, took, load.faults(before=told), under_way


def stopped(builds: Builds, folder: Path, quick: bool) -> str:
    """SIGTERM under load."""
    rounds, longest, finished = 0, 0.0, 0
    while rounds < 10 and not (quick and finished):  # in short: until one round met a request under way
        rounds += 1
        code, took, faults, under_way = stop_under_load(builds, folder, SERVE)
        check(code == 0 and not faults, f"exit code {code}, faults: {dict(faults)}")
        check(took <= STOPPED, f"it took {took:.1f} s")
        longest, finished = max(longest, took), finished + under_way
    check(finished, "no request was under way, so this shows nothing")
    for _ in range(5):
        code, _, faults, _ = stop_under_load(builds, folder, AT_ONCE)
        if faults:
            break
    check(code and faults, "a server that ends at once broke no answer, so this shows nothing")
    return (
        f"{rounds} times SIGTERM under load: exit code 0, all {finished} requests under way answered, at most {longest:.1f} s. "
        f"Control, ending at once: exit code {code}, {sum(faults.values())} answers broken"
    )


def killed(builds: Builds, folder: Path, quick: bool) -> str:
    """SIGKILL under load; started again on the same port, it answers wholly at once."""
    rounds, times = 1 if quick else 10, list[float]()
    name = builds.swap(WORDS[0])
    with serving(builds.config.build, folder) as server, Load(server.port, builds) as load:
        for _ in range(rounds):
            time.sleep(1)
            before = server.engines()
            check(before, "no process answers queries, so this shows nothing")
            server.process.kill()
            server.process.wait()
            deadline = time.monotonic() + 5
            while set(before) & set(server.engines()) and time.monotonic() < deadline:
                time.sleep(0.02)
            check(
                not set(before) & set(server.engines()), "the process that answers queries outlives its server by 5 s"
            )
            check(whole(builds.config.build), "the build was harmed")
            begun = time.monotonic()
            server.start()
            took = load.wait_for(name, 20)
            check(took is not None, "it does not answer after it was started again")
            times.append(time.monotonic() - begun)
    wrong = {
        fault: number for fault, number in load.faults().items() if "no build gives" in fault or fault[-3:].isdigit()
    }
    check(not wrong, f"faults: {wrong}")
    cut = sum(load.faults().values())
    check(cut, "no answer was cut off by a kill, so the load was too light")
    return (
        f"{rounds} times SIGKILL under {len(load.answers)} requests: no process left, the port free, whole answers {middle(times):.1f} s "
        f"after the start, no answer half or mixed ({cut} cut off, as they must be)"
    )


CAMPAIGNS = {each.__name__: each for each in (swaps, stopped, killed)}


def main(chosen: list[str], quick: bool) -> int:
    failed = False
    with tempfile.TemporaryDirectory(prefix="swaps-") as place:
        builds = Builds(Path(place))
        for name in chosen or CAMPAIGNS:
            begun = time.monotonic()
            try:
                told = CAMPAIGNS[name](builds, Path(place), quick)
            except Failed as error:
                failed, told = True, f"FAILED: {error}"
            print(f"{name}: {told} ({time.monotonic() - begun:.0f} s)", flush=True)
    return int(failed)


if __name__ == "__main__":
    asked = sys.argv[1:]
    sys.exit(main([each for each in asked if each != "--quick"], "--quick" in asked))
