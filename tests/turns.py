"""Tests that run at the same time in several processes: what is made once for all of them, and who has the machine to itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # empty where one process runs everything


def shared(base: Path, worker: str = WORKER) -> Path:
    """The folder that all processes of a run share. :param base: pytest's folder for this process."""
    return base.parent if worker else base


@contextmanager
def turn(folder: Path, *, alone: bool, worker: str = WORKER) -> Iterator[None]:
    """Run one test beside others, or, if *alone*, while no other process runs one.

    Every process holds a lock of its own while it runs a test. Who wants to be alone keeps the gate shut, through which
    all must go to begin, and waits for the locks of the others.
    """
    if not worker:
        yield
        return
    with ExitStack() as held:
        gate, own = FileLock(folder / "gate.lock"), folder / f"turn-{worker}.lock"
        with gate:
            held.enter_context(FileLock(own))
            if alone:
                for other in sorted(folder.glob("turn-*.lock")):
                    if other != own:
                        held.enter_context(FileLock(other))
                held.enter_context(gate)
        yield
