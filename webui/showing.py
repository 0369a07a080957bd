"""A question of a form and what becomes of it: an answer as a page or a file, or what was wrong with the question, on the same page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from flask import Response, render_template, request

from kg.errors import BadQuery, KGError, UnknownItem, WrongKind

from .safety import page_hint, status_of
from .tables import to_file, wanted_file

T = TypeVar("T")
Shown = Response | str | tuple[str, int]


def number_asked(name: str, told: str, *, least: int, most: int, default: int) -> int:
    """A number from the address. :param told: what it is. :raises BadQuery: if it is none, or too small or large."""
    text = request.args.get(name, "").strip()
    if text and not (text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
        raise BadQuery(f"The {told} {text[:20]!r} cannot be used.", f"Give a number from {least} to {most}.")
    return int(text) if text else default


def names_asked(name: str) -> tuple[str, ...]:
    """Every value of a name in the address, each once, without empty ones."""
    return tuple(dict.fromkeys(filter(None, request.args.getlist(name))))


def cut(whole: Sequence[T], size: int, name: str = "page") -> tuple[tuple[T, ...], int, int]:
    """The part of something long that the address asks for, with its number and how many parts there are."""
    page_count = max(-(-len(whole) // size), 1)
    page = number_asked(name, "page", least=1, most=page_count, default=1)
    return tuple(whole[(page - 1) * size : page * size]), page, page_count


def cut_groups(groups: Iterable[T], weigh: Callable[[T], int], most: int) -> dict[str, Any]:
    """The groups of the part that the address asks for: whole groups, as many as have *most* entries together.

    :returns: "groups", "page" and "pages", as a template needs them.
    """
    parts: list[list[T]] = [[]]
    held = 0
    for group in groups:
        held += weigh(group)
        if parts[-1] and held > most:
            parts.append([])
            held = weigh(group)
        parts[-1].append(group)
    page = number_asked("page", "page", least=1, most=len(parts), default=1)
    return {"groups": parts[page - 1], "page": page, "pages": len(parts)}


def try_to(ask: Callable[[], T]) -> tuple[T | None, KGError | None]:
    """The answer, or what was wrong with the question."""
    try:
        return ask(), None
    except (BadQuery, UnknownItem, WrongKind) as problem:
        return None, problem


def show(
    name: str,
    ask: Callable[[], Any],
    dress: Callable[[Any], dict[str, Any]] = lambda found: {},
    *,
    whole: Callable[[], Any] | None = None,
    **page: Any,
) -> Shown:
    """An answer as the page NAME.html, or as a file if the address asks for one.

    :param ask: the question; None is no answer, since nothing was asked yet. :param dress: what the page needs beside the answer.
    :param whole: the question without the limits of a page, for files. :param page: what the page needs in any case.
    """

    def answer() -> Response | str:
        if (form := wanted_file()) and (file := (whole or ask)()) is not None:
            return to_file(form, name, file)
        found = ask()
        return render_template(f"{name}.html", **page, found=found, **({} if found is None else dress(found)))

    done, problem = try_to(answer)
    if problem is None:
        return done or ""
    shown = {"problem": problem, "hint": page_hint(problem), "found": None}
    return render_template(f"{name}.html", **page, **shown), status_of(problem)
