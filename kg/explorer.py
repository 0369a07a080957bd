"""The links of one build as a network: paths and neighbourhoods, told in words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

from .choices import MOST_LINKS, check_choice, check_range
from .errors import BadQuery, UnknownItem
from .findings import LeftOut, Near, NearestPaths, Neighbourhood, Path, Paths, Ring, Step
from .neighbours import MOST_RINGS, find_rings
from .network import COSTS, EVERYTHING, PairLink, Rules, find_cost
from .paths import find_length, find_nearest, find_paths
from .reader import Reader
from .results import Brief
from .telling import a_or_an, count, find_phrase, name_with_kind, to_sentence
from .terms import ABOUT, NESTING
from .ties import OfKinds, Ties
from .viewing import Viewer

MOST_RESULTS = 1000


class Explorer:
    """Finds and tells paths and neighbourhoods. Safe to share between threads: what it keeps is made twice at worst."""

    def __init__(self, reader: Reader, ties: Ties) -> None:
        """:param ties: the collapsed graph of everything."""
        self._reader, self._everything = reader, ties
        self._ties: dict[Rules, Ties] = {}

    @cached_property
    def viewer(self) -> Viewer:
        """Makes views of all of it."""
        return Viewer(self._reader, self._everything, self._step)

    def _under(self, rules: Rules) -> Ties:
        """The ties under some rules. The last few are kept, since making them may take longer than a path."""
        if rules == EVERYTHING:
            return self._everything
        ties = self._ties.get(rules)
        if ties is None:
            if len(self._ties) > 8:
                self._ties.clear()
            ties = self._ties[rules] = self._everything.under(rules)
        return ties

    def _brief(self, item: str) -> Brief:
        return self._reader.brief(item)

    def _rules(self, relations: Iterable[str], without: Iterable[str], at_least: Iterable[str]) -> Rules:
        """:raises BadQuery: if a name is not known."""
        apart = frozenset(without).difference(self._reader.terms.kinds)
        rules = Rules(frozenset(relations), apart, frozenset(at_least))
        known = (*self._reader.terms.curated, NESTING, ABOUT)
        for relation in sorted(rules.relations | rules.without):
            check_choice("relation", relation, known)
        for word in sorted(rules.at_least):
            check_choice("strength, basis or state", word, [word for grades in COSTS.values() for word in grades])
        if rules.relations and rules.relations <= rules.without:
            raise BadQuery("Every relation that was asked for is also left out.", "Name different ones.")
        return rules

    def _kinds(self, kinds: Iterable[str]) -> list[str]:
        """:raises BadQuery: if one is not known."""
        chosen = list(dict.fromkeys(kinds))
        for kind in chosen:
            check_choice("kind", kind, self._reader.terms.kinds)
        return chosen

    def _step(self, start: str, end: str, links: Sequence[PairLink]) -> Step:
        """The most convincing of the links between two items, as walked."""
        here, there, terms = self._brief(start), self._brief(end), self._reader.terms
        phrases = [
            find_phrase(terms, relation, here.kind, there.kind, forward=origin == start)
            for origin, _, relation, _ in links
        ]
        origin, _, relation, link = links[0]
        return Step(
            here,
            there,
            relation,
            "out" if origin == start else "in",
            phrases[0],
            to_sentence(terms, here, phrases[0], there),
            link.get("strength"),
            link.get("because"),
            link.get("basis"),
            link.get("state"),
            tuple(phrases[1:]),
        )

    def _path(self, ties: Ties, places: Sequence[object]) -> Path:
        items = [ties.name(place) for place in places]
        links = [(start, end, ties.between(start, end)) for start, end in pairwise(items)]
        steps = tuple(self._step(*each) for each in links)
        return Path(
            steps,
            len(steps),
            sum(find_cost(*between[0][2:]) for _, _, between in links),
            tuple(self._brief(item) for item in items[1:-1]),
            " ".join(step.sentence for step in steps),
        )

    def _ends(self, name: str) -> list[str]:
        """The item with this id, or every item of this kind. :raises UnknownItem: if it is neither."""
        if name in self._everything:
            return [name]
        kinds = self._reader.terms.kinds
        if name not in kinds:
            if near := difflib.get_close_matches(name, kinds, n=1, cutoff=0.8):
                raise UnknownItem(f"{name!r} is no item and no kind of item.", f"Did you mean the kind {near[0]!r}?")
            return [self._reader.item(name).id]  # which raises
        if not (items := self._reader.ids(name)):
            raise UnknownItem(f"This build holds no {kinds[name].plural}.", "Try: kg stats")
        return items

    def paths(
        self,
        start: str,
        end: str,
        *,
        via: Iterable[str],
        max_length: int,
        limit: int | None,
        hubs: bool,
        relations: Iterable[str],
        without: Iterable[str],
        at_least: Iterable[str],
    ) -> Paths | NearestPaths:
        """See :meth:`kg.queries.KnowledgeGraph.paths`."""
        check_range("longest path", max_length, 1, MOST_LINKS)
        check_range("limit", 1 if limit is None else limit, 1, MOST_RESULTS)
        starts, goals_named = self._ends(start), self._ends(end)
        relations, without, at_least = list(relations), list(without), list(at_least)
        apart = self._kinds(kind for kind in without if kind in self._reader.terms.kinds)
        vias = self._kinds(via)
        ties = self._under(self._rules(relations, without, at_least))
        if clash := [kind for kind in vias if kind in apart or (kind in self._reader.terms.gathering and not hubs)]:
            why = "is also left out" if clash[0] in apart else "only gathers other items, and paths skip those"
            raise BadQuery(
                f"No path can pass through {a_or_an(clash[0])}: the kind {why}.",
                "Leave one of the two out." if clash[0] in apart else "Add --hubs to pass through them.",
            )
        avoid = OfKinds(ties, [*apart, *(() if hubs else self._reader.terms.gathering)])
        needs = [OfKinds(ties, [kind]) for kind in vias]
        if start in self._everything and end in self._everything:
            if start == end:
                raise BadQuery(f"Both ends are {start}.", f"Name two items, or try: kg neighbours {start}")
            ends = ties.place(start), ties.place(end)
            found = find_paths(ties, *ends, via=needs, avoid=avoid, max_length=max_length, limit=limit or 3)
            paths = tuple(self._path(ties, places) for places in found)
            if paths:
                return Paths(self._brief(start), self._brief(end), max_length, paths)
            through = [f"through {a_or_an(self._reader.terms.kinds[kind].label)}" for kind in vias]
            asked = [*(["by the links that were asked for"] if relations or without or at_least else []), *through]
            why, shortest = self._explain(start, end, asked, max_length, hubs)
            apart_only = OfKinds(ties, apart)
            wider = [] if hubs else find_paths(ties, *ends, via=needs, avoid=apart_only, max_length=max_length, limit=1)
            with_hubs = self._path(ties, wider[0]) if wider else None
            return Paths(self._brief(start), self._brief(end), max_length, (), why, shortest, with_hubs)
        reached, unreached = [], []
        goals = {ties.place(item) for item in goals_named}
        for item in starts:
            near = find_nearest(
                ties, ties.place(item), goals, via=needs, avoid=avoid, max_length=max_length, limit=limit or 1
            )
            reached += [self._path(ties, places) for places in near]
            unreached += [] if near else [self._brief(item)]
        return NearestPaths(start, end, max_length, tuple(reached), tuple(unreached))

    def between(self, start: str, end: str) -> list[str]:
        """The items of the few best paths between two items, ends included; [] if there is no path. :raises BadQuery: if they are one."""
        found = self.paths(
            start, end, via=(), max_length=MOST_LINKS, limit=None, hubs=False, relations=(), without=(), at_least=()
        )
        briefs = [[path.steps[0].start, *(step.end for step in path.steps)] for path in found.paths]
        return list(dict.fromkeys(brief.id for path in briefs for brief in path))

    def _explain(self, start: str, end: str, asked: list[str], max_length: int, hubs: bool) -> tuple[str, int | None]:
        """Why there is no path, and how many links it would take if only hubs were avoided, or not even these."""
        ends = self._everything.place(start), self._everything.place(end)
        told = f"Nothing links {self._told(start)} with {self._told(end)}"
        most = count(max_length, "link", "links")
        closed = OfKinds(self._everything, () if hubs else self._reader.terms.gathering)
        length = find_length(self._everything, *ends, avoid=closed)
        if length is None and (hubs or find_length(self._everything, *ends) is None):
            return f"{told}: they stand in separate parts of the graph.", None
        if length is None:
            return f"{told} except through items that only gather others, such as a theme or a topic.", None
        if length > max_length:
            return f"{told} in {most} at most; it takes {length}.", length
        conditions = " and ".join(asked) or "without coming by the same item twice"
        return f"{told} {conditions}, in {most} at most; otherwise {count(length, 'link does', 'links do')}.", length

    def _told(self, item: str) -> str:
        return name_with_kind(self._reader.terms, self._brief(item))

    def neighbours(
        self, item: str, *, depth: int, kinds: Iterable[str], relations: Iterable[str], limit: int, hubs: bool
    ) -> Neighbourhood:
        """See :meth:`kg.queries.KnowledgeGraph.neighbours`."""
        check_range("depth", depth, 1, MOST_RINGS)
        check_range("limit", limit, 1, MOST_RESULTS)
        ties = self._everything
        if item not in ties:
            self._reader.item(item)  # which raises
        chosen, rules = self._kinds(kinds), self._rules(relations, (), ())
        hidden = set() if hubs else self._reader.terms.gathering - set(chosen)

        def show(place: object) -> bool:
            kind = ties.kind(place)
            return kind in chosen if chosen else kind not in hidden

        circles = find_rings(ties, item, depth=depth, limit=limit, rules=rules, show=show)
        allowed = self._under(rules)

        def walk(start: str, end: str) -> Step:
            return self._step(start, end, allowed.between(start, end))

        rings = tuple(
            Ring(
                number,
                tuple(Near(self._brief(other), walk(at, other)) for other, at in circle.shown),
                LeftOut(circle.left_out, circle.kinds, circle.relations),
            )
            for number, circle in enumerate(circles, start=1)
        )
        shown = [item, *(near.item.id for ring in rings for near in ring.items)]
        places = [allowed.place(each) for each in shown]
        linked = [{other for other, _ in allowed.near(each)} for each in places]
        links = tuple(
            walk(start, end)
            for number, start in enumerate(shown)
            for end, there in zip(shown[number + 1 :], places[number + 1 :], strict=True)
            if there in linked[number]
        )
        briefs = tuple(self._brief(other) for other in shown)
        return Neighbourhood(briefs[0], depth, rings, briefs, links, _total([ring.left_out for ring in rings]))


def _total(parts: list[LeftOut]) -> LeftOut:
    kinds: dict[str, int] = {}
    relations: dict[str, int] = {}
    for part in parts:
        for total, counts in ((kinds, part.kinds), (relations, part.relations)):
            for name, number in counts.items():
                total[name] = total.get(name, 0) + number
    return LeftOut(sum(part.items for part in parts), kinds, relations)
