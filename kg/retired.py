"""Read data/retired.tsv: ids no longer used, what took their place and why. An address given out once never leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from .errors import Problem
from .linked_results import Retired
from .records import Record

FILE = "retired.tsv"
_COLUMNS = ["id", "replaced by", "why", "on"]
_ID = re.compile(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*")


def read_retired(path: Path, records: Iterable[Record]) -> tuple[tuple[Retired, ...], list[Problem]]:
    """Every retired id, and what is wrong with the file. No file: nothing was retired.

    :param records: what is in use: a retired id must not be, what replaces it must.
    """
    if not path.is_file():
        return (), []
    used = {record.id for record in records if record.kind not in ("", "link")}
    found: dict[str, Retired] = {}
    problems: list[Problem] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip() or line.startswith("#") or cells == _COLUMNS:
            continue
        padded = [*cells, "", "", ""]
        retired = Retired(padded[0], tuple(padded[1].replace(",", " ").split()), padded[2], padded[3])
        for what, cure in [*_faults(retired, cells, used), *_again(retired, found)]:
            problems.append(Problem(path.name, number, 1, "error", retired.id, what, cure))
        found[retired.id] = retired
    return tuple(found[name] for name in sorted(found)), problems


def _again(retired: Retired, found: dict[str, Retired]) -> Iterable[tuple[str, str]]:
    if retired.id in found:
        yield "it is retired twice", "keep one line"


def _faults(retired: Retired, cells: list[str], used: set[str]) -> Iterable[tuple[str, str]]:
    if len(cells) != len(_COLUMNS):
        yield f"the line has {len(cells)} cells", f"write {', '.join(_COLUMNS)} with a tab between them"
    if not _ID.fullmatch(retired.id):
        yield f"the id {retired.id!r} is not one", "ids are lower-case letters, digits, dots and dashes"
    if retired.id in used:
        yield "the id is retired and in use", "an id that was retired is never used again: give the item another"
    for other in retired.replaced_by:
        if other not in used:
            yield f"it is replaced by {other!r}, which is not there", "name an id in use, or nothing"
    if not retired.why:
        yield "it does not say why", "write one plain sentence in the third column"
    if not _is_day(retired.on):
        yield f"{retired.on!r} is not a day", "write it as 2026-11-22"


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False
