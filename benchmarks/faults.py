"""What a build outlives: killed, no room on the disk, twelve builders at once, damage, a clock set back, a folder that may not be written.

Run: python benchmarks/faults.py [--quick] [kills] [full] [builders] [damage] [clock] [readonly]
Each campaign has a negative control: the same faults with the guard off, which must do harm, or the campaign shows nothing. Every build is
a fork of this one process, over the tiny data of the tests. Linux alone. Ends with 1 if anything is torn, mixed, or served damaged.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import kg.build  # noqa: E402
import kg.folders  # noqa: E402
from kg.build import write_build  # noqa: E402
from kg.config import Config  # noqa: E402
from kg.errors import BuildDamaged, KGError  # noqa: E402
from kg.folders import CURRENT, INDEX, MANIFEST, OpenBuild, open_build  # noqa: E402
from kg.queries import KnowledgeGraph  # noqa: E402

NOBODY, ALIVE = 65534, 70  # the exit code of a child that met what nobody expected
EVENTS = {
    "open",
    "os.rename",
    "os.mkdir",
    "os.remove",
    "os.rmdir",
    "os.chmod",
    "shutil.rmtree",
    "sqlite3.connect",
    "tempfile.mkdtemp",
}
Fault = Callable[[], None]


class Failed(Exception):
    """A campaign found what must not be."""


def check(holds: object, told: str) -> None:
    """:raises Failed: unless it holds."""
    if not holds:
        raise Failed(told)


# ---- two builds, and children that make them ----


class Pair:
    """A folder of builds with an old build in use, and data that gives a new one."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        shutil.copytree(ROOT / "tests" / "tiny", folder / "data")
        self.config = Config(data=folder / "data", ontology=ROOT / "ontology", build=folder / "build")
        self.build = self.config.build
        self.old = write_build(self.config).name
        change(self.config, "frontline services", "services at the front")
        spare = Config(self.config.data, self.config.ontology, folder / "spare")
        self.new = write_build(spare).name
        check(self.old != self.new, "the two builds are the same")
        self.size = sum(path.stat().st_size for path in (spare.build / self.new).rglob("*") if path.is_file())

    def reset(self) -> None:
        """The old build is in use; what a killed builder left stays where it is."""
        (self.build / CURRENT).write_text(f"{self.old}\n", encoding="utf-8")

    def restore(self, kept: Path) -> None:
        """Make the folder of builds what it was, from a copy."""
        shutil.rmtree(self.build)
        shutil.copytree(kept, self.build)


def change(config: Config, old: str, new: str) -> None:
    path = config.data / "tiny.yaml"
    text = path.read_text(encoding="utf-8")
    check(old in text, f"the tiny data no longer holds {old!r}")
    path.write_text(text.replace(old, new), encoding="utf-8")


def whole(build: Path) -> str:
    """The build in use, after every file was checked and questions answered from it. :raises KGError: if it is not whole."""
    opened = open_build(build)
    opened.verify()
    with KnowledgeGraph(opened) as graph:
        check(graph.describe("ap-barrier-2.6").links, "an item lost its links")
        check(graph.search("bank").results, "the words are gone")
        return graph.digest


def fork(do: Callable[[], object]) -> int:
    """A child of this process; its exit code tells how it ended."""
    if pid := os.fork():
        return pid
    code = ALIVE
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        do()
        code = 0
    except KGError as error:
        code = error.exit_code
    finally:
        os._exit(code)


def end(pid: int) -> int:
    """The exit code of a child, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run(do: Callable[[], object]) -> int:
    return end(fork(do))


def in_place(config: Config) -> None:
    """The careless builder: it writes where readers read."""

    @contextlib.contextmanager
    def the_one_in_use(build: Path) -> Iterator[Path]:
        folder = build / kg.folders._read_pointer(build)[0]
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        yield folder

    def name_it(build: Path, new: Path) -> Path:
        named = new.rename(build / kg.folders._digest(new / MANIFEST))
        (build / CURRENT).write_text(f"{named.name}\n", encoding="utf-8")
        return named

    with patch.multiple(kg.build, unfinished=the_one_in_use, put_in_use=name_it):
        write_build(config)


# ---- killed at any moment ----


def counting(do: Fault, at: int, told: int | None = None) -> None:
    """Run, and be killed just before the *at*-th thing that is done to a file once writing has begun; or tell how many there are."""
    done = -1

    def hook(event: str, given: tuple[Any, ...]) -> None:
        nonlocal done
        if event == "tempfile.mkdtemp" and "/.tmp-" in str(given):
            done = 0
        if event in EVENTS and done >= 0:
            done += 1
            if done == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    do()
    if told is not None:
        os.write(told, str(done).encode())


def count_events(do: Fault) -> int:
    reading, writing = os.pipe()
    check(run(lambda: counting(do, 0, writing)) == 0, "a build without a fault fails")
    os.close(writing)
    with os.fdopen(reading) as told:
        return int(told.read())


def kill_later(do: Fault, seconds: float) -> None:
    """Kill a child as soon as it has worked so long: its own clock, which goes on alike on a busy machine."""
    pid = fork(do)
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        used = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        if (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK") >= seconds:
            time.sleep(seconds % 0.01)  # that clock ticks only so often
            os.kill(pid, signal.SIGKILL)
            break
        time.sleep(0.002)
    end(pid)


def work_of(do: Fault) -> float:
    """Seconds of work that a child needs to do it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    check(run(do) == 0, "a build without a fault fails")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def kills(folder: Path, quick: bool) -> str:
    """Half of the builders are killed by the clock, half just before one of the things that they do to files, each in turn."""
    number = 8 if quick else 500
    pair, chance = Pair(folder / "kills"), random.Random(7)
    kept = folder / "kept"
    shutil.copytree(pair.build, kept)

    def build() -> object:
        return write_build(pair.config)

    loaded = kg.build._load(pair.config)

    def write() -> object:
        with patch.object(kg.build, "_load", lambda config: loaded):
            return write_build(pair.config)

    length = work_of(build)
    pair.restore(kept)
    events = count_events(write)
    by_clock = number // 2
    seen: Counter[str] = Counter()
    left = 0
    for each in range(number):
        pair.reset()
        if (each >= by_clock or each % 2) and (pair.build / pair.new).exists():
            shutil.rmtree(pair.build / pair.new)
        if each < by_clock:
            kill_later(build, chance.uniform(0.0, 1.05) * length)
        else:
            at = events - (each - by_clock) * events // (number - by_clock)
            check(run(lambda at=at: counting(write, at)) == -signal.SIGKILL, f"nothing was killed at {at} of {events}")  # type: ignore[misc]
        seen[whole(pair.build)] += 1
        left += bool(list(pair.build.glob(".tmp-*")))
        if each % 100 == 99:
            print(f"{each + 1} killed, all whole: {sorted(seen.values())} old and new", file=sys.stderr, flush=True)
    check(set(seen) == {pair.old, pair.new}, f"builds in use after the kills: {dict(seen)}")
    check(left, "no kill came while something was half written")
    check(run(build) == 0 and whole(pair.build) == pair.new, "what killed builders left is in the way")
    names = {path.name for path in pair.build.iterdir()} - {".lock", f".{CURRENT}"}
    check(names <= {CURRENT, pair.old, pair.new}, f"left behind: {names}")
    torn = control_kills(pair, kept, length, 3 if quick else 50, chance)
    return (
        f"{number} killed, half of them just before one of the {events} things that are done to files: every one leaves a whole build "
        f"({seen[pair.old]} old, {seen[pair.new]} new); {left} left something half written, which the next build removed. "
        f"Control, written in place: {torn[0]} of {torn[1]} torn"
    )


def control_kills(pair: Pair, kept: Path, length: float, number: int, chance: random.Random) -> tuple[int, int]:
    torn = 0
    for _ in range(number):
        pair.restore(kept)
        kill_later(lambda: in_place(pair.config), chance.uniform(0.5, 1.0) * length)
        try:
            whole(pair.build)
        except (KGError, Failed):
            torn += 1
    check(torn, "the control was not torn, so the kills show nothing")
    return torn, number


# ---- no room ----


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[int], None] | None]:
    """A disk of its own, and what gives it another size in bytes; None where that is not allowed."""
    folder.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(options, capture_output=True).returncode:
        yield None
        return

    def resize(size: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)

    try:
        yield resize
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def full(folder: Path, quick: bool) -> str:
    """The disk has room for a part of the build only; then no file may grow beyond a size."""
    points = 3 if quick else 50
    told = []
    with small_disk(folder / "disk") as resize:
        pair = Pair(folder / "disk" / "full")
        largest = max(
            path.stat().st_size
            for path in (pair.build / pair.old).rglob("*")
            if path.is_file() and path.parent.name != INDEX
        )

        def build() -> object:
            return write_build(pair.config)

        def limited(size: int, builder: Callable[[Config], object] = write_build) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            builder(pair.config)

        def try_all(kind: str, try_one: Callable[[float], int]) -> None:
            codes = Counter(try_whole(try_one, (each + 0.5) / points) for each in range(points))
            check(codes == {4: points}, f"{kind}: exit codes {dict(codes)}, expected 4")
            told.append(f"{points} times {kind}")

        def try_whole(try_one: Callable[[float], int], share: float) -> int:
            code = try_one(share)
            check(whole(pair.build) == pair.old, "the old build is not in use")
            check(not list(pair.build.glob(".tmp-*")), "something half written is left")
            return code

        try_all("no file may grow", lambda share: run(lambda: limited(int(share * largest))))
        if resize:

            def fill(share: float) -> int:
                disk = os.statvfs(pair.build)
                resize((disk.f_blocks - disk.f_bfree) * disk.f_frsize + int(share * pair.size))
                return run(build)

            try_all("no room on the disk", fill)
            resize(64 << 20)
        run(lambda: limited(largest // 2, in_place))
        harm = not is_whole(pair.build)
        check(harm, "the control did no harm, so a full disk shows nothing")
    return f"{', '.join(told)}: exit code 4, the old build whole, nothing left behind. Control, written in place: torn"


def is_whole(build: Path) -> bool:
    try:
        return bool(whole(build))
    except (KGError, Failed):
        return False


# ---- twelve builders at once ----

BUILDERS = 12


def builders(folder: Path, quick: bool) -> str:
    """All begin at the same moment; who may write waits until the others have ended."""
    pair, rounds = Pair(folder / "builders"), 1 if quick else 20
    for _ in range(rounds):
        pair.reset()
        codes = race(pair.config, BUILDERS)
        check(codes == {0: 1, 3: BUILDERS - 1}, f"exit codes {dict(codes)}")
        check(whole(pair.build) == pair.new, "the builder that wrote is not in use")
    pair.reset()
    careless = race(pair.config, 3, guarded=False)
    check(careless[3] == 0 and careless[0] != 1, f"without the lock: {dict(careless)}, so the race shows nothing")
    return f"{rounds} rounds of {BUILDERS}: one writes, {BUILDERS - 1} exit with 3. Control, no lock: nobody is refused"


def race(config: Config, number: int, *, guarded: bool = True) -> Counter[int]:
    start, go = os.pipe()
    hold, release = os.pipe()
    load = kg.build._load

    def compete() -> None:
        os.close(go), os.close(release)  # type: ignore[func-returns-value]
        os.read(start, 1)  # ends for all when the parent closes the other end

        def patient(config: Config) -> Any:
            os.read(hold, 1)
            return load(config)

        lock = (
            contextlib.nullcontext()
            if guarded
            else patch("filelock.FileLock", lambda *_, **__: contextlib.nullcontext())
        )
        with lock, patch.object(kg.build, "_load", patient):  # type: ignore[attr-defined]
            write_build(config)

    pids = [fork(compete) for _ in range(number)]
    os.close(start), os.close(hold), os.close(go)  # type: ignore[func-returns-value]
    codes, until = dict[int, int](), time.monotonic() + (60 if guarded else 1)
    while len(codes) < number - 1 and time.monotonic() < until:
        for pid in set(pids) - set(codes):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                codes[pid] = os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.close(release)
    return Counter([*codes.values(), *(end(pid) for pid in set(pids) - set(codes))])


# ---- damage ----


class Canary:
    """What a forged pickle does."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


class Damage:
    """Ways to spoil a build, each of which gives the names of which one must be told."""

    def __init__(self, build: Path, canary: Path, chance: random.Random) -> None:
        self.build, self.canary, self.chance = build, canary, chance
        self.folder = build / kg.folders._read_pointer(build)[0]
        self.files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        self.sizes = [path.stat().st_size for path in self.files]

    def one_bit(self) -> str:
        [path] = self.chance.choices(self.files, self.sizes)
        return self.flip(path)

    def flip(self, path: Path) -> str:
        raw = bytearray(path.read_bytes())
        raw[self.chance.randrange(len(raw))] ^= 1 << self.chance.randrange(8)
        path.write_bytes(raw)
        return path.name

    def cut_short(self) -> str:
        path = self.chance.choice(self.files)
        os.truncate(path, self.chance.randrange(path.stat().st_size))
        return path.name

    def missing(self) -> str:
        path = self.chance.choice(self.files)
        path.unlink()
        return path.name

    def added(self) -> str:
        where = self.chance.choice(["", "index/", "dataset/", "ontology/", "more/"])
        path = self.folder / f"{where}{self.chance.choice(['_MAIN_9.toc', 'snapshot.sqlite-wal', 'extra'])}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"forged")
        return path.name

    def forged_index(self) -> str:
        [path] = (self.folder / INDEX).glob("*.toc")
        code = pickle.dumps(Canary(self.canary), protocol=2)
        path.write_bytes(path.read_bytes()[:14] + bytes([len(code) & 0x7F | 0x80, len(code) >> 7]) + code)
        return path.name

    def forged_manifest(self) -> str:
        name = self.forged_index()
        raw = (self.folder / MANIFEST).read_text(encoding="utf-8")
        old = open_build(self.build).files[f"{INDEX}/{name}"]
        (self.folder / MANIFEST).write_text(
            raw.replace(old, kg.folders._digest(self.folder / INDEX / name)), encoding="utf-8"
        )
        return MANIFEST

    def pointed_elsewhere(self) -> str:
        """A forged build that is whole in itself, outside the folder of builds."""
        self.forged_manifest()
        outside = self.build.parent / "outside" / kg.folders._digest(self.folder / MANIFEST)
        shutil.copytree(self.folder, outside)
        way = self.chance.choice(
            ["../outside/{0}", "../../{1}/outside/{0}", "{2}", "./{0}", "..", "{3}/../../outside/{0}"]
        )
        name = way.format(outside.name, self.build.parent.name, outside, self.folder.name)
        (self.build / CURRENT).write_text(f"{name}\n", encoding="utf-8")
        return CURRENT


SHARES = {
    "one_bit": 310, "cut_short": 50, "missing": 40, "added": 40, "forged_index": 20, "forged_manifest": 20, "pointed_elsewhere": 20,
}  # fmt: skip


def damage(folder: Path, quick: bool) -> str:
    """Each damage is met by what a server does, which checks all, and by what a command does, which opens as it goes."""
    pair, chance = Pair(folder / "damage"), random.Random(11)
    kept, canary = folder / "sound", folder / "canary"
    shutil.copytree(pair.build, kept)
    unpickled: list[str] = []
    sys.addaudithook(lambda event, given: unpickled.append(str(given)) if event == "pickle.find_class" else None)
    check(
        is_whole(pair.build) and unpickled,
        "nothing is unpickled even where nothing is damaged, so the watch shows nothing",
    )
    done: Counter[str] = Counter()

    def spoil(way: str) -> Iterator[str]:
        pair.restore(kept)
        shutil.rmtree(pair.build.parent / "outside", ignore_errors=True)
        unpickled.clear()
        yield getattr(Damage(pair.build, canary, chance), way)()

    ways = [way for way, share in SHARES.items() for _ in range(max(2, share // 12) if quick else share)]
    for way in ways:
        for name in spoil(way):
            message = refuse(lambda: serve_it(pair.build), f"{way} of {name}")
            check(name in message, f"{way}: {name} is damaged, but told is: {message!r}")
            check(
                not unpickled, f"{way}: {unpickled[0] if unpickled else ''} was unpickled before the damage was found"
            )
            with contextlib.suppress(BuildDamaged):
                ask_it(pair.build)
            check(not canary.exists(), f"{way}: the code of the forged pickle ran")
            done[way] += 1
    pair.restore(kept)
    for path in Damage(pair.build, canary, chance).files:  # each file once, however small
        pair.restore(kept)
        Damage(pair.build, canary, chance).flip(path)
        check(path.name in refuse(lambda: serve_it(pair.build), f"a bit of {path.name}"), f"told is not {path.name}")
        done["each file"] += 1
    told = (
        f"{sum(done.values())} damaged builds refused, each by the name of its file, nothing unpickled ({tell(done)})"
    )
    return f"{told}. {control_damage(spoil, pair, canary)}"


def control_damage(spoil: Callable[[str], Iterator[str]], pair: Pair, canary: Path) -> str:
    for _ in spoil("forged_index"):
        with patch.object(OpenBuild, "checked", lambda self, name: self.folder / name), contextlib.suppress(Exception):
            ask_it(pair.build)
    check(canary.exists(), "the code of the forged pickle does not run even without checks, so it shows nothing")
    canary.rmdir()
    return "Control, checks off: the code of the forged pickle runs"


def tell(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items())


def serve_it(build: Path) -> None:
    with KnowledgeGraph(open_build(build)) as graph:
        graph.verify()


def ask_it(build: Path) -> None:
    with KnowledgeGraph(open_build(build)) as graph:
        graph.search("bank")


def refuse(do: Fault, told: str) -> str:
    try:
        do()
    except KGError as error:
        return error.message
    raise Failed(f"{told} was taken")


# ---- a clock set back ----


def clock(folder: Path, quick: bool) -> str:
    """Old folders are of the future, the newest is of 1970: `CURRENT` alone says which is in use and which was before."""
    pair = Pair(folder / "clock")
    future = time.time() + 80 * 365 * 86400

    def spoil_times() -> None:
        for path in pair.build.iterdir():
            os.utime(path, (0, 0) if path.name in (CURRENT, pair.new) else (future, future))

    write_build(pair.config)
    spoil_times()
    write_build(pair.config)  # the same again: what was before stays before
    check(folders(pair.build) == {pair.old, pair.new}, "building the same again removed the build before")
    change(pair.config, "services at the front", "care at the front")
    third = write_build(pair.config).name
    check(folders(pair.build) == {pair.new, third}, "the clock decided what was kept")
    check(whole(pair.build) == third, "the clock decided what is in use")

    def by_time(build: Path, keep: set[str]) -> None:
        for path in sorted((build / name for name in folders(build)), key=lambda path: -path.stat().st_mtime)[2:]:
            shutil.rmtree(path)

    other = Pair(folder / "by-time")
    os.utime(other.build / other.old, (0, 0))
    with patch.object(kg.folders, "_forget_others", by_time):
        before = write_build(other.config).name
        os.utime(other.build / other.old, (future, future))
        os.utime(other.build / before, (0, 0))
        change(other.config, "services at the front", "care at the front")
        write_build(other.config)
    check(before not in folders(other.build), "the control kept the right one, so the clock shows nothing")
    return "3 builds under a clock set back: the one in use and the one before are kept. Control, kept by time: the one before is removed"


def folders(build: Path) -> set[str]:
    return {path.name for path in build.iterdir() if path.is_dir()}


# ---- a folder that may not be written ----


def readonly(folder: Path, quick: bool) -> str:
    """Somebody who may only read asks, and tries to build."""
    pair = Pair(folder / "readonly")
    subprocess.run(["chmod", "-R", "a-w,a+rX", str(pair.build)], check=True)

    def as_nobody(do: Fault) -> int:
        def drop() -> None:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            do()

        return run(drop)

    def ask() -> None:
        check(whole(pair.build) == pair.old, "another build")
        with KnowledgeGraph(open_build(pair.build)) as graph:
            check(graph.describe_rdf("ap-barrier-2.6"), "no document")

    ask()  # here too, so that all is imported that somebody else may not be able to read
    before = sorted((str(path), path.stat().st_mtime_ns) for path in pair.build.rglob("*"))
    check(as_nobody(ask) == 0, "who may only read is not answered")
    check(as_nobody(lambda: write_build(pair.config)) == 4, "who may only read is not told so")
    check(
        before == sorted((str(path), path.stat().st_mtime_ns) for path in pair.build.rglob("*")),
        "something was written",
    )
    subprocess.run(["chmod", "-R", "u+w", str(pair.build)], check=True)
    check(run(lambda: write_build(pair.config)) == 0, "the control may not write either, so this shows nothing")
    return "who may only read is answered, and is told with exit code 4 that no build can be written. Control, as the owner: written"


CAMPAIGNS = {each.__name__: each for each in (kills, full, builders, damage, clock, readonly)}


def main(chosen: list[str], quick: bool) -> int:
    failed = False
    for name in chosen or CAMPAIGNS:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            Path(folder).chmod(0o755)  # others read it too
            try:
                told = CAMPAIGNS[name](Path(folder), quick)
            except Failed as error:
                failed, told = True, f"FAILED: {error}"
        print(f"{name}: {told} ({time.monotonic() - begun:.0f} s)", flush=True)
    return int(failed)


if __name__ == "__main__":
    asked = sys.argv[1:]
    sys.exit(main([each for each in asked if each != "--quick"], "--quick" in asked))
