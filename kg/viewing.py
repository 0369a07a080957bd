"""Views of the graph: moves such as "grow around this" replayed into items, links among them, counts of the rest, and places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .choices import MEASURES, check_choice
from .errors import BadQuery
from .importance import find_members
from .neighbours import find_rings
from .network import COSTS, Grades, PairLink, Rules
from .reader import Reader
from .terms import ABOUT, NESTING
from .ties import Ties
from .view_results import Seen, View

if TYPE_CHECKING:
    from .findings import Step
    from .positions import Place

GROWS_BY, MOST_ITEMS, MOST_MOVES = 10, 1000, 400
EVERYTHING = "everything"
VERBS = ("from", "add", "grow", "drop", "pin")
_KEPT_LAYOUTS, _WORTH_KEEPING = 12, 60  # layouts of whole groups, which tell nothing about who asked


@dataclass(frozen=True, slots=True)
class Filter:
    """What is let through. Empty sets let everything through."""

    kinds: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    rules: Rules = field(default_factory=Rules)


@dataclass
class _Stage:
    """What stands at some point of the replay."""

    shown: dict[str, str | None] = field(default_factory=dict)  # item -> the one that brought it
    starts: set[str] = field(default_factory=set)
    places: dict[str, Place] = field(default_factory=dict)
    cut: int = 0


class Viewer:
    """Replays moves. Safe to share between threads: what it keeps is made twice at worst."""

    def __init__(
        self,
        reader: Reader,
        ties: Ties,
        step: Callable[[str, str, Sequence[PairLink]], Step],
    ) -> None:
        """:param ties: the collapsed graph of everything. :param step: tells the most convincing of some links between two items."""
        self._reader, self._ties, self._step = reader, ties, step
        self._layouts: dict[tuple[str, ...], dict[str, Place]] = {}

    @cached_property
    def _items(self) -> dict[str, tuple[str, str]]:
        """Item -> kind and source, in reading order. Sources are not items."""
        return self._reader.snapshot.sorts()

    @cached_property
    def _hubs(self) -> frozenset[str]:
        return self._reader.terms.gathering

    @cached_property
    def _communities(self) -> tuple[dict[str, str], dict[str, str]]:
        """Item -> community, and community -> name."""
        members, names = find_members(self._reader)
        return {item: one for one, items in members.items() for item in items}, names

    @cached_property
    def _figures(self) -> dict[str, Mapping[str, float]]:
        return {measure: self._reader.figures(measure) for measure in MEASURES}

    @cached_property
    def _errors(self) -> dict[str, Mapping[str, float]]:
        return {measure: self._reader.figures(f"{measure}.error") for measure in MEASURES}

    def read_filter(self, words: Iterable[str]) -> Filter:
        """Kinds, relations, sources and weakest grades, told apart by their names. :raises BadQuery: if a word is none of them."""
        terms = self._reader.terms
        known = {
            "kind": set(terms.kinds),
            "source": set(self._reader.sources),
            "relation": {*terms.curated, NESTING, ABOUT},
            "grade": {grade for grades in COSTS.values() for grade in grades},
        }
        sorts: dict[str, set[str]] = {sort: set() for sort in known}
        for word in words:
            sort = next((sort for sort, names in known.items() if word in names), None)
            if sort is None:
                check_choice(
                    "kind, relation, source, strength, basis or state", word, sorted(set().union(*known.values()))
                )
            else:
                sorts[sort].add(word)
        return Filter(
            frozenset(sorts["kind"]),
            frozenset(sorts["source"]),
            Rules(relations=frozenset(sorts["relation"]), at_least=frozenset(sorts["grade"])),
        )

    def view(
        self, moves: Iterable[str], *, only: Iterable[str], keep: Iterable[str], placed: Mapping[str, Place] | None
    ) -> View:
        """See :meth:`kg.queries.KnowledgeGraph.view`."""
        told = list(moves)
        if len(told) > MOST_MOVES:
            raise BadQuery(
                f"That is {len(told)} moves.", f"A view takes {MOST_MOVES}. Start anew from one of its items."
            )
        chosen, stage, asked = self.read_filter(only), _Stage(places=dict(placed or {})), []
        for move in told:
            verb, _, rest = move.partition(".")
            check_choice("move", verb, VERBS)
            if verb == "from" or verb == "add":
                asked.append((verb, rest))
                continue
            self._show(stage, asked)
            asked = []
            getattr(self, f"_{verb}")(stage, *rest.split("_"))
        self._show(stage, asked)
        return self._look(stage, chosen, set(keep))

    def named(self, name: str) -> list[str]:
        """The items that a name stands for: one, all of a kind, community or source, or all. :raises UnknownItem: for any other."""
        if name in self._items:
            return [name]
        if name in self._reader.terms.kinds:
            return [item for item, (kind, _) in self._items.items() if kind == name]
        if name == EVERYTHING or name in self._reader.sources:
            return [
                item
                for item, (kind, source) in self._items.items()
                if kind not in self._hubs and name in (source, EVERYTHING)
            ]
        of, names = self._communities
        if name in names:
            return [item for item in self._items if of.get(item) == name]
        return [self._reader.item(name).id]  # which raises

    def name_of(self, name: str) -> str:
        """How people call a kind, a source, a community or everything; see :meth:`named`."""
        if kind := self._reader.terms.kinds.get(name):
            return kind.plural[0].upper() + kind.plural[1:]
        if source := self._reader.sources.get(name):
            return source.title
        return self._communities[1].get(name, name.capitalize())

    def around(self, start: Iterable[str], depth: int, chosen: Filter) -> list[str]:
        """The items that at most *depth* allowed links lead to, in the order in which they are met, without those at the start."""
        met, frontier = dict.fromkeys(start), list(start)
        for _ in range(depth):
            frontier = [
                other
                for item in frontier
                for other, links in self._around(item)
                if other not in met
                and self._fits(other, chosen)
                and any(chosen.rules.allow(*link) for link in links)
                and met.setdefault(other) is None
            ]
        return list(met)[len(set(start)) :]

    def _show(self, stage: _Stage, asked: list[tuple[str, str]]) -> None:
        """Add what is named; together, so that it is laid out together."""
        for verb, name in asked:
            items = self.named(name)
            for item in items:
                if verb == "from" and len(items) == 1:
                    stage.starts.add(item)
                if item not in stage.shown and len(stage.shown) < MOST_ITEMS:
                    stage.shown[item] = self._nearest(stage, item) if verb == "add" else None
                elif item not in stage.shown:
                    stage.cut += 1
        self._lay_out(stage)

    def _nearest(self, stage: _Stage, item: str) -> str | None:
        """The shown item to which this one is linked most convincingly."""
        near = [(cost, other) for other, cost in self._near(item) if other in stage.shown]
        return min(near)[1] if near else None

    def _around(self, item: str) -> Iterable[tuple[str, Sequence[Grades]]]:
        return ((self._ties.name(other), links) for other, links in self._ties.around(self._ties.place(item)))

    def _near(self, item: str) -> Iterable[tuple[str, int]]:
        return ((self._ties.name(other), cost) for other, cost in self._ties.near(self._ties.place(item)))

    def _grow(self, stage: _Stage, item: str, *only: str) -> None:
        """The next few around an item: the most convincingly linked of those that are not shown yet."""
        chosen = self.read_filter(only)
        [centre] = [self._reader.item(item).id]
        self._show(stage, [("from", centre)] if centre not in stage.shown else [])
        [ring] = find_rings(
            self._ties,
            centre,
            depth=1,
            limit=GROWS_BY,
            rules=chosen.rules,
            show=lambda place: (other := self._ties.name(place)) not in stage.shown and self._fits(other, chosen),
        )
        room = MOST_ITEMS - len(stage.shown)
        stage.shown |= dict(ring.shown[:room])
        stage.cut += len(ring.shown[room:])
        self._lay_out(stage)

    def _drop(self, stage: _Stage, item: str) -> None:
        stage.shown.pop(self._reader.item(item).id, None)
        stage.starts.discard(item)
        stage.places.pop(item, None)

    def _pin(self, stage: _Stage, item: str, *place: str) -> None:
        """Put an item where somebody wants it. :raises BadQuery: if no place is given."""
        numbers = [int(number) for number in place if number.removeprefix("-").isdecimal() and len(number) < 7]
        if len(numbers) != 2 or len(place) != 2:
            raise BadQuery(f"'pin.{item[:60]}' names no place.", "Give two whole numbers: pin.ap-barrier-2.6_120_-40")
        if self._reader.item(item).id in stage.shown:
            stage.places[item] = (numbers[0], numbers[1])

    def _fits(self, item: str, chosen: Filter) -> bool:
        """Whether an item may be shown as a neighbour: items that only gather others are not, unless they are asked for."""
        if item not in self._items:
            return False
        kind, source = self._items[item]
        of_kind = kind in chosen.kinds if chosen.kinds else kind not in self._hubs
        return of_kind and (not chosen.sources or source in chosen.sources)

    def _lay_out(self, stage: _Stage) -> None:
        from .positions import find_places  # numpy and scipy, which nothing else here needs

        key = tuple(stage.shown)
        if not key or stage.places.keys() >= stage.shown.keys():
            return
        whole = not stage.places and len(key) >= _WORTH_KEEPING
        if not (whole and key in self._layouts):
            new = [item for item in key if item not in stage.places]
            ties = {
                (min(item, end), max(item, end)) for item in new for end, _ in self._near(item) if end in stage.shown
            }
            found = find_places(key, sorted(ties), placed=stage.places, groups=self._communities[0])
            if not whole:
                stage.places = found
                return
            if len(self._layouts) >= _KEPT_LAYOUTS:
                self._layouts.clear()
            self._layouts[key] = found
        stage.places = dict(self._layouts[key])

    def _look(self, stage: _Stage, chosen: Filter, keep: set[str]) -> View:
        always = stage.starts | keep
        order = {item: place for place, item in enumerate(stage.shown)}
        all_pairs = [
            (start, end, links)
            for start, place in order.items()
            for end, links in self._around(start)
            if order.get(end, -1) > place
        ]
        allowed = [
            (start, end, [link for link in links if chosen.rules.allow(*link)]) for start, end, links in all_pairs
        ]
        fits = {
            item
            for item, (kind, source) in ((item, self._items[item]) for item in stage.shown)
            if (not chosen.kinds or kind in chosen.kinds) and (not chosen.sources or source in chosen.sources)
        }
        standing = fits | always
        pairs = [
            (start, end, links) for start, end, links in allowed if links and start in standing and end in standing
        ]
        if chosen != Filter():  # what no shown link leads to any more goes too
            fits &= {end for start, end, _ in pairs} | {start for start, _, _ in pairs}
        visible = [item for item in stage.shown if item in fits | always]
        degree = Counter(end for start, other, _ in pairs for end in (start, other))
        steps = {(start, end): self._tell(start, end, chosen.rules) for start, end, _ in pairs}
        names = self._communities[1]
        items = tuple(self._seen(stage, item, chosen, degree[item], item in stage.starts) for item in visible)
        return View(
            items,
            tuple(steps.values()),
            len(stage.shown) - len(items),
            stage.cut,
            {name: names[name] for name in names if any(item.community == name for item in items)},
            self._count(stage, all_pairs),
        )

    def _tell(self, start: str, end: str, rules: Rules) -> Step:
        return self._step(start, end, [link for link in self._ties.between(start, end) if rules.allow(*link[2:])])

    def _seen(self, stage: _Stage, item: str, chosen: Filter, links: int, start: bool) -> Seen:
        kind, source = self._items[item]
        more = sum(
            other not in stage.shown and self._fits(other, chosen) and any(chosen.rules.allow(*link) for link in links)
            for other, links in self._around(item)
        )
        above = stage.shown[item]
        by = self._step(above, item, self._ties.between(above, item)) if above else None
        measures, errors = (
            {name: figures[item] for name, figures in of.items() if item in figures}
            for of in (self._figures, self._errors)
        )
        x, y = stage.places[item]
        label, community = self._reader.brief(item).label, self._communities[0].get(item, "")
        return Seen(item, kind, label, source, community, measures, x, y, links, more, start, by, errors)

    def _count(self, stage: _Stage, pairs: list[tuple[str, str, Sequence[Grades]]]) -> dict[str, dict[str, int]]:
        links = [link for _, _, between in pairs for link in between]
        counts = {
            "kind": Counter(self._items[item][0] for item in stage.shown),
            "relation": Counter(relation for relation, _ in links),
            "source": Counter(self._items[item][1] for item in stage.shown),
        }
        counts |= {
            name: Counter(data[name] for _, data in links if name in data) for name in ("strength", "basis", "state")
        }
        return {
            name: dict(sorted(found.items(), key=lambda each: (-each[1], each[0]))) for name, found in counts.items()
        }
