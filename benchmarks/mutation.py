"""Is every line of a guard held by a test? Each room is changed in one small way after another; its tests must notice.

Run: python benchmarks/mutation.py [ROOM ...] [--most 60] [--seconds 0]
ROOM: a name of `ROOMS`, or `shapes`; all if none is named. Of a room with more mutants than `--most` a sample is tried (the same at every
run; 0: all). A mutant is made in the memory of a process of its own, forked for it: no file is ever changed. A mutant is killed if a test
fails or takes more than 20 seconds of the processor. Those that mean the same as what they were are named in `EQUIVALENT`, with the reason.
Of the shapes, every statement that constrains is left out, and every such word misspelt: a graph that breaks it must be judged otherwise.
Ends with 1 if a room has a score below its goal. Negative control: with `--blind` the tests of a room are those of another; the score must
then be low, and it ends with 1.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.equivalent import EQUIVALENT  # noqa: E402
from benchmarks.mutants import Mutant, make_mutants  # noqa: E402

GOAL, GOAL_OF_SHAPES = 0.85, 0.95
CPU_SECONDS, WALL_SECONDS, SEED = 20, 300, 8253
# Room -> its tests; the examples in its own text are always among them.
ROOMS = {
    "kg/sparql_guard.py": ["tests/test_refusals.py::TestSparqlGuard"],
    "kg/strict_yaml.py": ["tests/test_refusals.py::TestStrictYaml", "tests/test_strict_yaml.py"],
    "kg/cleaning.py": ["tests/test_refusals.py::TestCleaning"],
    "kg/question.py": ["tests/test_refusals.py::TestQuestion"],
    "kg/references.py": ["tests/test_refusals.py::TestReferences"],
    "webui/safety.py": ["tests/test_refusals.py::TestSafety"],
    "webui/clients.py": ["tests/test_refusals.py::TestClients"],
    "webui/turns.py": ["tests/test_refusals.py::TestTurns"],
}
BLIND = ["tests/test_refusals.py::TestTurns::test_a_turn_is_given_back"]


@dataclass
class Score:
    """:ivar made: how many mutants there are. :ivar tried: how many were run. :ivar survivors: names of those that no test noticed.
    :ivar equivalent: how many of the sample mean what they were, and were not run. :ivar took: seconds."""

    room: str
    made: int
    tried: int
    survivors: list[str]
    equivalent: int
    took: float

    @property
    def share(self) -> float:
        return 1 - len(self.survivors) / self.tried if self.tried else 1.0


def main() -> int:
    """Try the rooms that are named and tell their scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="*", help="all if none is named")
    parser.add_argument("--most", type=int, default=0, help="mutants of each room; 0: all")
    parser.add_argument("--blind", action="store_true", help="negative control")
    options = parser.parse_args()
    missed = 0
    for room in options.rooms or [*ROOMS, "shapes"]:
        goal = GOAL_OF_SHAPES if room == "shapes" else GOAL
        score = try_shapes(options.most) if room == "shapes" else try_room(room, options.most, blind=options.blind)
        missed += score.share < goal
        print(
            f"{score.room}: {score.share:.1%} of {score.tried} mutants (of {score.made}) killed in {score.took:.0f} s; "
            f"{score.equivalent} mean the same; goal {goal:.0%}{'' if score.share >= goal else '  MISSED'}",
            flush=True,
        )
        for name in score.survivors:
            print(f"    survived: {name}", flush=True)
    return int(missed > 0)


def try_room(room: str, most: int, *, blind: bool = False) -> Score:
    """The score of a room. :raises SystemExit: if its tests fail on the room as it is."""
    source = (ROOT / room).read_text(encoding="utf-8")
    mutants, same = make_mutants(source), EQUIVALENT.get(room, {})
    if strange := same.keys() - {each.name for each in mutants}:
        raise SystemExit(f"{room}: EQUIVALENT names mutants that are not made: {sorted(strange)}")
    preload()
    tests = BLIND if blind else [room, *ROOMS[room]]
    begun = time.monotonic()
    if not passes(room, Mutant("as it is", ast.parse(source)), tests):
        raise SystemExit(f"{room}: its tests fail on the room as it is.")
    sample = _sample(mutants, most)
    chosen = [each for each in sample if each.name not in same]
    survivors = [each.name for each in chosen if passes(room, each, tests)]
    return Score(room, len(mutants), len(chosen), survivors, len(sample) - len(chosen), time.monotonic() - begun)


def _sample(all_of_them: list[Mutant], most: int) -> list[Mutant]:
    if not most or len(all_of_them) <= most:
        return all_of_them
    chosen = random.Random(SEED).sample(range(len(all_of_them)), most)
    return [all_of_them[at] for at in sorted(chosen)]


def passes(room: str, mutant: Mutant, tests: list[str]) -> bool:
    """Whether all tests pass with the mutant in the place of the room, in a process of its own."""

    def run() -> int:
        import pytest

        put_in_place(room, mutant)
        return int(pytest.main(["-x", "-q", "--noconftest", *tests]))

    return in_a_process(run) == 0


def preload() -> None:
    """Load the whole house, so that a fork has nothing left to load but the tests."""
    for name in (
        "pytest",
        "hypothesis",
        "rdflib.plugins.sparql.parser",
        "snowballstemmer",
        "werkzeug.test",
        "flask_babel",
        "pyoxigraph",
    ):
        importlib.import_module(name)
    for path in sorted([*ROOT.glob("kg/*.py"), *ROOT.glob("webui/*.py")]):
        if path.stem not in ("__main__", "mcp_server"):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))


def put_in_place(room: str, mutant: Mutant) -> None:
    """Let a room be the mutant for everybody who imported something from it."""
    module = sys.modules[room.removesuffix(".py").replace("/", ".")]
    old = {
        id(value): name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__
    }
    kept = [vars(module)[name] for name in old.values()]  # alive, so that no new thing gets an id of theirs
    exec(compile(ast.fix_missing_locations(mutant.tree), str(ROOT / room), "exec"), vars(module))
    for other in [each for name, each in sys.modules.items() if name.partition(".")[0] in ("kg", "webui")]:
        for name, value in list(vars(other).items()):
            if id(value) in old:
                setattr(other, name, vars(module)[old[id(value)]])
    del kept


def in_a_process(run: Callable[[], int]) -> int:
    """What a function gives in a forked process: its exit code, or 99 if it had to be stopped."""
    child = os.fork()
    if child:
        deadline = time.monotonic() + WALL_SECONDS
        while time.monotonic() < deadline:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.005)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return 99
    code = 98
    try:
        from hypothesis import settings

        with tempfile.TemporaryDirectory() as folder:
            os.environ |= {"HYPOTHESIS_STORAGE_DIRECTORY": folder, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
            os.chdir(ROOT)
            sys.dont_write_bytecode = True
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nothing, stream)
            settings.register_profile("same", derandomize=True, database=None)
            settings.load_profile("same")
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
            code = run()
    except BaseException:  # whatever a mutant does, it was noticed
        code = 98
    finally:
        os._exit(code)


def try_shapes(most: int) -> Score:
    """The score of the shapes: each statement that constrains is left out, and each of its words misspelt."""
    begun = time.monotonic()
    from benchmarks.mutation_shapes import make_shape_mutants, notices

    mutants = list(make_shape_mutants())
    chosen = mutants if not most or len(mutants) <= most else random.Random(SEED).sample(mutants, most)
    survivors = [each.name for each in chosen if not notices(each)]
    return Score("shapes", len(mutants), len(chosen), survivors, 0, time.monotonic() - begun)


if __name__ == "__main__":
    sys.exit(main())
