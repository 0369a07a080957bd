"""What is delivered: the dependencies that the project declares, with all that they bring along, as installed here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent


def to_name(name: str) -> str:
    """The one spelling of a package's name.

    >>> to_name("Flask_Babel")
    'flask-babel'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def read_project() -> dict[str, Any]:
    """The table ``[project]`` of pyproject.toml."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def read_declared(*, extras: bool) -> list[str]:
    """The requirements that the project declares. :param extras: those of its extras too."""
    project = read_project()
    declared: list[str] = list(project["dependencies"])
    if extras:
        declared += [each for one in project["optional-dependencies"].values() for each in one]
    return declared


def _needed(found: Distribution, extras: Iterable[str]) -> Iterator[Requirement]:
    for line in found.requires or ():
        needed = Requirement(line)
        if not needed.marker or any(needed.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield needed


def find_delivered(*, extras: bool = False) -> dict[str, Distribution]:
    """Name -> what is installed under it, of everything that is delivered. What is declared for an extra may be missing; nothing else may.

    :raises LookupError: if something that is needed is not installed.
    """
    waiting = [Requirement(each) for each in read_declared(extras=extras)]
    optional = {to_name(Requirement(each).name) for each in read_declared(extras=True)} - {
        to_name(Requirement(each).name) for each in read_declared(extras=False)
    }
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        needed = waiting.pop()
        name = to_name(needed.name)
        if (name, frozenset(needed.extras)) in seen or (needed.marker and not needed.marker.evaluate({"extra": ""})):
            continue
        seen.add((name, frozenset(needed.extras)))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError as error:
            if name in optional:
                continue
            raise LookupError(f"{name} is needed and not installed. Run: make install") from error
        waiting += _needed(found[name], needed.extras)
    return dict(sorted(found.items()))
