"""The fewest items that together address every difficulty of a selection: greedy always, exact where that is proved in few steps."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

from .axes import asked_of
from .errors import BadQuery, UnknownItem, WrongKind
from .gap_results import Chosen, Cover, Covered, Uncovered
from .model import Item, Link, Model
from .results import Brief
from .terms import Terms

STEPS = 2000  # of the exact search; then the best set that was found is given, and told as not proved
_AGREED = ("reviewed", "checked")


def find_cover(
    model: Model,
    terms: Terms,
    asked: str | Iterable[str],
    *,
    direct: bool = False,
    kinds: Iterable[str] = (),
    audience: str = "",
    steps: int = STEPS,
) -> Cover:
    """The fewest items that together address all that can be addressed of a selection.

    Of items that add the same, the one whose links more readers agree on comes first, then the one printed first.

    :param asked: ids of barriers, examples or types of harm (a type with its examples) and barrier groups, or the name of a kind for all of
        it. :param direct: only direct links count. :param kinds: kinds to choose from (none given: all that can address anything).
    :param audience: only items that ask this audience to act.
    :raises UnknownItem: for an id that is not there. :raises WrongKind: for an item or kind that the question does not fit.
    :raises BadQuery: for an unknown kind or audience, and where there is nothing to cover or to choose from.
    """
    asked = (asked,) if isinstance(asked, str) else tuple(asked)
    addresses = terms.relations["addresses"]
    allowed = _check_kinds(tuple(kinds), addresses.domain, terms)
    if audience:
        _check_name("audience", audience, list(terms.choices["audience"]))
    difficulties = _select(model, terms, asked, addresses.range)
    choice = {
        item.id: item
        for item in model.items
        if item.kind in allowed and (not audience or audience in asked_of(item, terms))
    }
    if not choice:
        raise BadQuery(
            f"No {' or '.join(allowed)} asks {audience.replace('-', ' ') or 'anybody'} to act.",
            "Leave out the audience or the kinds.",
        )
    wanted = {item.id for item in difficulties}
    all_links = [link for link in model.links if link.relation == "addresses" and link.end in wanted]
    links: dict[str, dict[str, Link]] = defaultdict(dict)
    for link in all_links:
        if link.start in choice and (link.strength == "direct" or not direct):
            links[link.start][link.end] = link
    order = sorted(links, key=list(choice).index)
    bits = {item.id: 1 << place for place, item in enumerate(difficulties)}
    sets = [sum(bits[end] for end in links[start]) for start in order]
    agreed = [sum(bits[end] for end, link in links[start].items() if link.state in _AGREED) for start in order]
    found, at_least = cover_exactly(sets, agreed, steps=steps)
    reached = {end for start in order for end in links[start]}
    return Cover(
        asked,
        len(difficulties),
        direct,
        allowed,
        audience,
        len(order),
        _explain([order[place] for place in found], links, choice, difficulties),
        tuple(
            Uncovered(_brief(item), _why_uncovered(item, all_links, direct))
            for item in difficulties
            if item.id not in reached
        ),
        len(found) == at_least,
        at_least,
    )


def _check_kinds(kinds: Sequence[str], able: tuple[str, ...], terms: Terms) -> tuple[str, ...]:
    for kind in kinds:
        _check_name("kind", kind, list(terms.kinds))
        if kind not in able:
            raise WrongKind(f"{terms.kinds[kind].plural.capitalize()} address nothing.", f"One of: {', '.join(able)}.")
    return tuple(dict.fromkeys(kinds)) or able


def _check_name(what: str, name: str, known: list[str]) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        raise BadQuery(
            f"There is no {what} {name[:100]!r}.",
            f"Did you mean {near[0]!r}?" if near else f"One of: {', '.join(known)}.",
        )


def _select(model: Model, terms: Terms, asked: Sequence[str], able: tuple[str, ...]) -> list[Item]:
    """The difficulties that ids and kinds come to, in reading order."""
    items = {item.id: item for item in model.items}
    wanted: set[str] = set()
    for name in asked:
        if name in terms.kinds and name in able:
            wanted |= {item.id for item in model.items if item.kind == name}
        elif name in items:
            found = {item.id for item in model.items if name in (item.id, item.parent) and item.kind in able}
            if not found:
                raise WrongKind(
                    f"{name} is of the kind {items[name].kind}, and nothing addresses that or what stands under it.",
                    f"Try: kg show {name}",
                )
            wanted |= found
        elif name in terms.kinds:
            raise WrongKind(f"Nothing addresses {terms.kinds[name].plural}.", f"One of: {', '.join(able)}.")
        else:
            near = difflib.get_close_matches(name[:100], [*items, *able], n=3)
            raise UnknownItem(f"No item {name[:100]!r}.", f"Near it: {', '.join(near)}." if near else "Try: kg stats")
    if not wanted:
        raise BadQuery("There is nothing to cover.", "Name a barrier group, barriers or harms. Try: kg cover barrier")
    return [item for item in model.items if item.id in wanted]


def _explain(
    chosen: list[str], links: Mapping[str, Mapping[str, Link]], choice: Mapping[str, Item], difficulties: list[Item]
) -> tuple[Chosen, ...]:
    told, seen = [], set[str]()
    for start in chosen:
        new = [item for item in difficulties if item.id in links[start] and item.id not in seen]
        seen |= {item.id for item in new}
        reasons = tuple(
            Covered(_brief(item), link.strength, link.because, link.state)
            for item, link in ((item, links[start][item.id]) for item in new)
        )
        told.append(Chosen(_brief(choice[start]), reasons, len(links[start])))
    return tuple(told)


def _why_uncovered(item: Item, links: list[Link], direct: bool) -> str:
    others = {link.start for link in links if link.end == item.id}
    squarely = {link.start for link in links if link.end == item.id and link.strength == "direct"}
    if direct and not squarely:
        return item.gap or f"Nothing addresses it directly; {len(others)} items contribute."
    if others:
        count = len(squarely if direct else others)
        return f"None of the items asked for addresses it; {count} other{'s' if count > 1 else ''} would."
    return item.gap or "Nothing in the sources that were read addresses it."


def _brief(item: Item) -> Brief:
    return Brief(item.id, item.kind, item.label)


#################################################################### Sets of bits


def cover_greedily(sets: Sequence[int], agreed: Sequence[int] = ()) -> list[int]:
    """Places of sets that together hold every bit that any set holds, each time the one that adds most.

    The greedy method of Chvatal (1979, A greedy heuristic for the set-covering problem): never more than H(d) times as many sets as the
    fewest possible, where d is the size of the largest set and H(d) = 1 + 1/2 + ... + 1/d <= 1 + ln d.

    :param agreed: of each set the bits that more readers agree on: of two sets that add as much, the one with more of them goes first.

    >>> cover_greedily([0b0011, 0b0110, 0b1100])
    [0, 2]
    """
    agreed = agreed or [0] * len(sets)
    left, chosen = _union(sets), list[int]()
    while left:
        best = max(
            range(len(sets)),
            key=lambda place: ((sets[place] & left).bit_count(), (agreed[place] & left).bit_count(), -place),
        )
        chosen.append(best)
        left &= ~sets[best]
    return chosen


def cover_exactly(sets: Sequence[int], agreed: Sequence[int] = (), *, steps: int = STEPS) -> tuple[list[int], int]:
    """Places of the fewest sets that together hold every bit that any set holds, and a number that no cover can be smaller than.

    Branch and bound (Land and Doig 1960) from the greedy cover downwards: each step tries every set that holds the rarest bit.
    The bound is a number of bits of which no set holds two. If the number given is the number of places, no smaller cover exists; else
    the steps ran out.

    >>> cover_exactly([0b001111, 0b010101, 0b101010])
    ([1, 2], 2)
    """
    best = cover_greedily(sets, agreed)
    agreed = agreed or [0] * len(sets)
    search = _Search(_without_dominated(sets, agreed), best, steps)
    search.run(_union(sets), [])
    at_least = search.at_least if search.steps < 0 else len(search.best)
    within = [sets[place] for place in search.best]
    order = cover_greedily(within, [agreed[place] for place in search.best])
    return [search.best[place] for place in order], at_least


class _Search:
    def __init__(self, sets: Mapping[int, int], best: list[int], steps: int) -> None:
        self.sets, self.best, self.steps = sets, best, steps
        self.holders = {bit: [place for place in sets if sets[place] & bit] for bit in _bits(_union(sets.values()))}
        self.at_least = self.bound(_union(sets.values()))
        self.seen: dict[int, int] = {}

    def bound(self, left: int) -> int:
        """How many bits of *left* can be found of which no set holds two: each of them needs a set of its own."""
        count, taken = 0, 0
        for bit in sorted(_bits(left), key=lambda bit: len(self.holders[bit])):
            if not bit & taken:
                count += 1
                for place in self.holders[bit]:
                    taken |= self.sets[place]
        return count

    def run(self, left: int, chosen: list[int]) -> None:
        if not left:
            self.best = list(chosen)  # it is smaller, or the bound would have stopped it
            return
        if self.seen.get(left, len(self.best)) <= len(chosen):
            return
        self.seen[left] = len(chosen)
        if self.steps < 0 or len(chosen) + self.bound(left) >= len(self.best):
            return
        self.steps -= 1
        rarest = min(_bits(left), key=lambda bit: len(self.holders[bit]))
        for place in sorted(self.holders[rarest], key=lambda place: -(self.sets[place] & left).bit_count()):
            self.run(left & ~self.sets[place], [*chosen, place])


def _without_dominated(sets: Sequence[int], agreed: Sequence[int]) -> dict[int, int]:
    """The sets that are not part of another; of equal ones that with more bits agreed on, then the first."""
    kept: dict[int, int] = {}
    for place in sorted(
        range(len(sets)), key=lambda place: (-sets[place].bit_count(), -agreed[place].bit_count(), place)
    ):
        if sets[place] and not any(sets[place] | other == other for other in kept.values()):
            kept[place] = sets[place]
    return dict(sorted(kept.items()))


def _union(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)


def _bits(of: int) -> list[int]:
    bits = []
    while of:
        bits.append(of & -of)
        of &= of - 1
    return bits
