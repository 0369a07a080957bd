"""Who wants to be alone is alone, and the others run beside each other."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from .turns import shared, turn


def run(folder: Path, number: int = 3, often: int = 6) -> list[tuple[bool, set[str]]]:
    """Let some workers take turns, every third alone; for each turn whether it was alone, and who else was seen at it."""
    running: set[str] = set()
    seen: list[tuple[bool, set[str]]] = []

    def work(worker: str, place: int) -> None:
        for each in range(often):
            alone = (each + place) % 3 == 0
            with turn(folder, alone=alone, worker=worker):
                running.add(worker)
                others = running - {worker}
                for _ in range(10):
                    time.sleep(0.003)
                    others |= running - {worker}
                running.discard(worker)
            seen.append((alone, others))

    threads = [threading.Thread(target=work, args=(f"gw{place}", place)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return seen


def test_who_is_alone_sees_nobody_and_the_others_see_each_other(tmp_path: Path) -> None:
    seen = run(tmp_path)
    assert len(seen) == 18
    assert [others for alone, others in seen if alone] == [set()] * 6
    assert any(others for alone, others in seen if not alone), "turns that are taken one after another show nothing"


def test_one_process_takes_no_turns(tmp_path: Path) -> None:
    with turn(tmp_path, alone=True, worker=""), turn(tmp_path, alone=True, worker=""):
        assert list(tmp_path.iterdir()) == []


def test_what_is_shared_lies_in_one_folder(tmp_path: Path) -> None:
    assert shared(tmp_path / "popen-gw0", "gw0") == shared(tmp_path / "popen-gw1", "gw1") == tmp_path
    assert shared(tmp_path, "") == tmp_path
