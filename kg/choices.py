"""Closed lists and limits of what may be asked, and checks that name the nearest right choice. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable

from .errors import BadQuery

MEASURES = ("degree", "pagerank", "betweenness", "closeness", "coverage")
LEVELS = ("introductory", "practitioner", "advanced")  # of courses
LEAST_MINUTES, MOST_MINUTES = 30, 480  # of a course
MOST_SHOWN = 25  # of a closed list, in a message
MOST_LINKS = 6  # in a path: a longer chain explains nothing


def check_choice(name: str, value: str | None, allowed: Iterable[str]) -> None:
    """Nothing, if *value* is None or one of *allowed*. :raises BadQuery: otherwise, with the nearest that is allowed.

    >>> check_choice("kind", "barier", ["action", "barrier"])
    Traceback (most recent call last):
    kg.errors.BadQuery: There is no kind 'barier'. Did you mean 'barrier'?
    """
    import difflib

    known = list(allowed)
    if value is not None and value not in known:
        near = difflib.get_close_matches(value[:100], known, n=1)
        shown = ", ".join(known[:MOST_SHOWN]) + (", ..." if len(known) > MOST_SHOWN else "")
        raise BadQuery(
            f"There is no {name} {value[:100]!r}.", f"Did you mean {near[0]!r}?" if near else f"One of: {shown}."
        )


def check_range(name: str, value: int, least: int, most: int) -> None:
    """Nothing, if *value* lies between the two. :raises BadQuery: otherwise."""
    if not least <= value <= most:
        raise BadQuery(f"The {name} is {value}.", f"Give a number from {least} to {most}.")
