"""The measure of the tests of guards measures: mutants are made, tests that look notice them, tests that look elsewhere do not."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.mutants import make_mutants

from .test_shapes import ROOT

SOURCE = '''
"""A room."""
ALLOWED = frozenset("a b c d e f g h i j k l m".split())
PATTERN = re.compile(r"[a-z]+\\\\d*")


@decorated
def check(text: str, most: int = 3) -> str:
    """Refuse."""
    if len(text) > most or text not in ALLOWED:
        raise BadQuery("Too long.", "Be short.")
    return text
'''


def test_mutants_are_of_everything_but_what_only_people_read() -> None:
    names = [mutant.name for mutant in make_mutants(SOURCE)]
    assert len(names) == len(set(names))
    for wanted in (
        "ALLOWED: 'a b c d e f g h i j k l m' -> 'b c d e f g h i j k l m'", "check: len(text) > most -> len(text) >= most",
        "check: text not in ALLOWED -> text in ALLOWED", "check: 3 -> 4", "check: return text -> return None",
        "check: len(text) > most or text not in ALLOWED -> len(text) > most and text not in ALLOWED",
        "check: raise BadQuery('Too long.', 'Be short.') -> pass",
    ):  # fmt: skip
        assert wanted in names, names
    assert sum(name.startswith("PATTERN") for name in names) == 2
    assert not any("Refuse" in name or "Too long.X" in name or "A room" in name for name in names)


def test_tests_of_a_room_notice_and_tests_of_another_do_not() -> None:
    """The quick form of the campaign, and its negative control, in a process that may be forked."""
    code = """
from benchmarks.mutation import try_room
room = "kg/cleaning.py"
good, blind = try_room(room, 3), try_room(room, 3, blind=True)
print(good.share, good.tried, blind.share, blind.tried)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.stdout.split()[-4:] == ["1.0", "3", "0.0", "3"], done.stdout + done.stderr
