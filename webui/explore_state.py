"""The state of the explore view as an address tells it: moves, filter, path, look. Every next state is one act away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from kg.errors import BadQuery

LONGEST, MOST_WORDS = 12_000, 1000  # characters of the moves; of the words that are looked for
COLOURS = ("kind", "community")
SIZES = ("", "degree", "pagerank", "betweenness", "closeness", "coverage")
SORTS = ("", "label", "kind", "source", "community", "links", "more", *SIZES[1:])
FILTERS = ("kind", "relation", "source", "strength", "basis", "state")  # names of fields in the form


@dataclass(frozen=True, slots=True)
class State:
    """Where somebody is in the explore view.

    :ivar moves: see :meth:`kg.queries.KnowledgeGraph.view`. :ivar only: words of the filter. :ivar ends: where the path starts and ends,
        "" if not chosen yet. :ivar at: the chosen item. :ivar sort: a column of the table, with ``-`` the highest first.
    :ivar words: what is looked for, to be shown too.
    """

    moves: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    ends: tuple[str, str] = ("", "")
    at: str = ""
    colour: str = "kind"
    size: str = ""
    sort: str = ""
    page: int = 1
    words: str = ""

    def address(self) -> dict[str, Any]:
        """The parameters of its address; what is as it is by default is left out."""
        found = {
            "do": "~".join(self.moves),
            "only": "~".join(self.only),
            "path": "~".join(self.ends) if any(self.ends) else "",
            "at": self.at,
            "colour": self.colour if self.colour != "kind" else "",
            "size": self.size,
            "sort": self.sort,
            "page": self.page if self.page > 1 else "",
            "q": self.words,
        }
        return {name: value for name, value in found.items() if value}

    def but(self, **changes: Any) -> dict[str, Any]:
        """The address of the same state with some parts changed."""
        return replace(self, **changes).address()

    def after(self, act: str) -> State:
        """The state after one act: ``start.``, ``from.``, ``grow.``, ``drop.``, ``pin.``, ``at.``, ``a.`` or ``b.`` (the ends of a path)
        with what it is done to. :raises BadQuery: if it is none of these."""
        verb, _, name = act.partition(".")
        if verb == "start":
            return State(moves=(f"from.{name}", f"grow.{name}"), at=name, colour=self.colour, size=self.size)
        if verb == "from":
            return replace(self, moves=(*self.moves, act), at=name, words="")
        if verb == "grow":
            return replace(self, moves=(*self.moves, "_".join([act, *self.only])), at=name, words="")
        a, b = self.ends
        if verb == "drop":
            ends = ("" if a == name else a, "" if b == name else b)
            return replace(self, moves=(*self.moves, act), at="" if self.at == name else self.at, ends=ends)
        if verb == "pin":
            item = name.partition("_")[0]
            again = bool(self.moves) and self.moves[-1].startswith(f"pin.{item}_")
            return replace(self, moves=(*(self.moves[:-1] if again else self.moves), act), at=item)
        if verb == "at":
            return replace(self, at=name, words="")
        if verb == "a":
            return replace(self, ends=(name, "" if b == name else b), at=name)
        if verb == "b":
            return replace(self, ends=("" if a == name else a, name), at=name)
        raise BadQuery(f"There is no act {verb[:40]!r}.", "Use the buttons of the page.")

    def before(self) -> State | None:
        """The state before the last move, or None if there is none. What a path added goes at once."""
        if not self.moves:
            return None
        moves = list(self.moves[:-1])
        if self.moves[-1].startswith("add."):
            while moves and moves[-1].startswith("add."):
                moves.pop()
            return replace(self, moves=tuple(moves), ends=("", ""))
        return replace(self, moves=tuple(moves), page=1)


def read_state(args: MultiDict[str, str]) -> State:
    """What an address says; a look or page that is not known is the usual one. :raises BadQuery: if it is longer than any view needs."""
    moves = args.get("do", "")
    if len(moves) > LONGEST:
        raise BadQuery(f"The address holds {len(moves)} characters of moves.", "Start anew from one of the items.")
    ends = [*args.get("path", "").split("~"), ""][:2]
    return State(
        moves=_split(moves),
        only=tuple(dict.fromkeys(_split(args.get("only", ""))))[:60],
        ends=(ends[0], ends[1]),
        at=args.get("at", ""),
        colour=_one_of(args.get("colour", ""), COLOURS),
        size=_one_of(args.get("size", ""), SIZES),
        sort=args.get("sort", "") if args.get("sort", "").removeprefix("-") in SORTS else "",
        page=min(max(args.get("page", 1, type=int), 1), 1000),
        words=args.get("q", "").strip()[:MOST_WORDS],
    )


def read_changes(state: State, args: MultiDict[str, str]) -> State | None:
    """The state after what a form or button asks for, or None if nothing is asked for but the state itself."""
    if start := args.get("start"):
        return state.after(f"start.{start}")
    if "filter" in args:
        only = [value for name in FILTERS for value in args.getlist(name) if value]
        return replace(state, only=tuple(dict.fromkeys(only))[:60], page=1)
    if act := args.get("act"):
        return state.after(act)
    return None


def sort_links(state: State, columns: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Column -> how it is sorted (as ``aria-sort``), and the address that sorts by it: figures the highest first, then the other way."""
    links = {}
    for column in columns:
        up, down = column, f"-{column}"
        first, second = (down, up) if column in ("links", "more", *SIZES) else (up, down)
        now = {up: "ascending", down: "descending"}.get(state.sort, "none")
        links[column] = now, state.but(sort=second if state.sort == first else first, page=1)
    return links


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("~") if part)


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else allowed[0]
