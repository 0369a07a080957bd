"""Whatever comes in ends in a result or in an error that says what to do: targets that hostile input is thrown at, and their harness.

A target is a check of one input, given as bytes, and a grammar that makes inputs. `benchmarks/fuzz.py` throws inputs for minutes, led by
the coverage that they reach; `tests/test_fuzz.py` replays those that are kept in `tests/fuzz/` and makes some fresh ones. A finding is
an error that is none of :class:`kg.errors.KGError`, a promise that does not hold, or an input that takes longer than a second.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from kg.errors import KGError

if TYPE_CHECKING:
    from kg.queries import KnowledgeGraph

NAMES = ("yaml", "query", "sparql", "exports", "parameters")
MOST_SECONDS = 1.0  # of this thread's own time, so that a busy machine changes nothing
KEPT = Path(__file__).resolve().parent.parent / "fuzz"


@dataclass(frozen=True)
class World:
    """What targets stand on. :ivar open: gives a small graph to those that need one. :ivar folder: where they may write."""

    open: Callable[[], KnowledgeGraph]
    folder: Path

    @property
    def kg(self) -> KnowledgeGraph:
        """The small graph."""
        return self.open()


@dataclass(frozen=True)
class Target:
    """Something that input is thrown at.

    :ivar check: tries one input of any origin. :ivar made: a grammar. :ivar check_made: tries an input that the grammar made, of which
        more can be promised. :ivar words: pieces that an input of bytes may be made of.
    """

    name: str
    check: Callable[[bytes], None]
    made: st.SearchStrategy[bytes]
    check_made: Callable[[bytes], None]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What went wrong. :ivar where: the same for the same fault. :ivar told: of people. :ivar data: the input."""

    where: str
    told: str
    data: bytes = field(repr=False)


def open_target(name: str, world: World) -> Target:
    """The target of this name, ready to be thrown at."""
    target: Target = import_module(f"{__name__}.{name}_target").open_target(world)
    return target


def try_input(check: Callable[[bytes], None], data: bytes) -> Finding | None:
    """None if an input ends as it should, else what went wrong."""
    begun = time.thread_time()
    try:
        check(data)
    except KGError as error:
        if not error.message:
            return Finding("an error without words", type(error).__name__, data)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # what a library in another language calls a panic is no Exception
        return Finding(_where(error), "".join(traceback.format_exception(error)), data)
    took = time.thread_time() - begun
    if took > MOST_SECONDS:
        return Finding("slow", f"It took {took:.1f} s.", data)
    return None


def kept(name: str) -> list[Path]:
    """The inputs of a target that are kept."""
    return sorted(path for path in (KEPT / name).iterdir() if path.is_file())


def _where(error: BaseException) -> str:
    """The kind of an error and the last line of this project that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename and "/lib/python" not in frame.filename]
    last = ours[-1] if ours else frames[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}"
