"""Two sorts of things crossed: what joins them, cell by cell, and which empty an empty cell is. Answers from plain items and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from .axes import FACETS, TOPICS, Group, build_axis
from .choices import check_choice
from .errors import BadQuery
from .gap_results import NOT_APPLICABLE, SILENT, UNREAD, Cell, GapMap, Line
from .model import Item, Link, Model
from .readings import Reading
from .terms import Terms

Sort = tuple[str, str]  # source and kind of an item
Sorted = Mapping[Sort, frozenset[str]]  # the items of a group by their sort
Counts = Mapping[str, tuple[int, int]]  # relation -> pairs that could be linked, and how many of them were read
NOBODY: frozenset[str] = frozenset()


def build_gap_map(
    model: Model,
    terms: Terms,
    readings: Sequence[Reading],
    rows: str,
    columns: str,
    *,
    relations: Iterable[str] = (),
) -> GapMap:
    """Cross two axes.

    Most maps hold links: those that join an item of the row to an item of the column, in either direction. A map with a topic on one side,
    or with two different things that items carry (kind, source, audience), holds the items that belong to both.

    An empty cell is ``silent`` where every pair that could be linked was read and nothing was found, ``unread`` where some were not, and
    ``does not apply`` where the ontology allows no link or one side has no items.

    :param readings: what was read in full. :param relations: only these relations (none given: all that can join the two axes).
    :raises BadQuery: for an unknown axis or relation, with the nearest name, and for relations where cells hold items.
    """
    asked = _check_relations(tuple(relations), terms)
    sides = build_axis(model, terms, rows), build_axis(model, terms, columns)
    of_items = bool({rows, columns} & set(TOPICS)) or (rows in FACETS and columns in FACETS and rows != columns)
    if of_items and asked:
        raise BadQuery(
            f"A map of {rows} by {columns} holds items, not links.", "Leave out the relations, or cross other axes."
        )
    items = {item.id: item for item in model.items}
    names: tuple[str, ...] = ()
    if of_items:
        cells = _cells_of_items(*sides, items, (rows, columns))
    else:
        crossing = _Crossing(items, terms, readings, *sides)
        found = crossing.find_links(link for link in model.links if not asked or link.relation in asked)
        names = asked or crossing.relations_between(found)
        cells = crossing.cells(found, names, explicit=bool(asked))
    row_lines, column_lines = map(_to_lines, sides)
    return GapMap(rows, columns, "items" if of_items else "links", names, row_lines, column_lines, tuple(cells))


def _to_lines(side: list[Group]) -> tuple[Line, ...]:
    return tuple(Line(group.id, group.label, len(group.members)) for group in side)


def _check_relations(asked: Sequence[str], terms: Terms) -> tuple[str, ...]:
    for name in asked:
        check_choice("relation", name, terms.curated)
    return tuple(dict.fromkeys(asked))


#################################################################### Cells that hold items


def _cells_of_items(
    rows: list[Group], columns: list[Group], items: Mapping[str, Item], axes: tuple[str, str]
) -> Iterator[Cell]:
    place = {item: place for place, item in enumerate(items)}
    for row in rows:
        for column in columns:
            both = tuple(sorted(row.members & column.members, key=place.__getitem__))
            empty, why = ("", "") if both else _why_no_items(row, column, items, axes)
            yield Cell(row.id, column.id, 0, 0, both, empty, why, 0, 0)


def _why_no_items(row: Group, column: Group, items: Mapping[str, Item], axes: tuple[str, str]) -> tuple[str, str]:
    for group in (row, column):
        if not group.members:
            return NOT_APPLICABLE, f"No item belongs to {group.label}."
    others = [
        items[member]
        for axis, group in zip(axes, (row, column), strict=True)
        if axis not in (*TOPICS, "audience")
        for member in group.members
    ]
    if set(axes) & set(TOPICS):
        if not all(item.about for item in others):
            return UNREAD, "Not every item here has been given its topics yet."
    elif "audience" in axes and not any(item.audiences for item in others):
        return NOT_APPLICABLE, "Items of this sort do not name whom they speak to."
    return SILENT, "The sources were read in full, and no item belongs to both."


#################################################################### Cells that hold links


class _Crossing:
    """Rows and columns whose items can be linked; knows which pairs could be, and which of them somebody has read."""

    def __init__(
        self,
        items: Mapping[str, Item],
        terms: Terms,
        readings: Sequence[Reading],
        rows: list[Group],
        columns: list[Group],
    ) -> None:
        self.items, self.terms = items, terms
        self.rows, self.columns = rows, columns
        self.met: dict[tuple[tuple[Sort, ...], tuple[Sort, ...], bool], list[tuple[str, Sort, Sort]]] = {}
        self.read: dict[tuple[str, Sort, Sort], Reading] = {}
        for reading in sorted(
            readings, key=lambda reading: not reading.siblings
        ):  # what was read in full has the last word
            for start in reading.starts:
                for end in reading.ends:
                    self.read[reading.relation, start, end] = reading
                    if self._symmetric(reading.relation):
                        self.read[reading.relation, end, start] = reading

    def _symmetric(self, name: str) -> bool:
        return self.terms.relations[name].inverse == name

    def find_links(self, links: Iterable[Link]) -> dict[tuple[int, int], list[Link]]:
        """(row, column) -> the links that join them in either direction, each once, in order."""
        rows, columns = _places(self.rows), _places(self.columns)
        found: dict[tuple[int, int], list[Link]] = defaultdict(list)
        for link in links:
            cells = set(product(rows[link.start], columns[link.end])) | set(
                product(rows[link.end], columns[link.start])
            )
            for cell in cells:
                found[cell].append(link)
        return found

    def relations_between(self, found: Mapping[tuple[int, int], list[Link]]) -> tuple[str, ...]:
        """The relations that can join the two sides: those that the ontology means for their kinds, that were read for them, or that do.

        A relation that is open to every kind counts only where it was read or used, or where there is no other.
        """
        rows, columns = (
            {sort for group in side for sort in self._by_sort(group)} for side in (self.rows, self.columns)
        )
        pairs = set(product(rows, columns)) | set(product(columns, rows))
        used = {link.relation for links in found.values() for link in links}
        names = [name for name in self.terms.curated if name in used or self._any(name, pairs, only_meant=True)]
        return tuple(names or [name for name in self.terms.curated if self._any(name, pairs, only_meant=False)])

    def _any(self, name: str, pairs: set[tuple[Sort, Sort]], *, only_meant: bool) -> bool:
        return any(self._allows(name, start, end, only_meant=only_meant) for start, end in pairs)

    def _allows(self, name: str, start: Sort, end: Sort, *, only_meant: bool) -> bool:
        """Whether a link may join the two sorts. :param only_meant: an open relation must have been read for them."""
        relation = self.terms.relations[name]
        if relation.domain and relation.range:
            return start[1] in relation.domain and end[1] in relation.range
        if only_meant and (name, start, end) not in self.read:
            return False
        if self._symmetric(name) and start[0] == end[0]:
            return False  # it says that two sources say nearly the same
        return (not relation.domain or start[1] in relation.domain) and (not relation.range or end[1] in relation.range)

    def cells(
        self, found: Mapping[tuple[int, int], list[Link]], names: Sequence[str], *, explicit: bool
    ) -> Iterator[Cell]:
        """Every cell, row by row. :param explicit: the asker named the relations, so that open ones count as any other."""
        only_meant = not explicit and any(
            self.terms.relations[name].domain and self.terms.relations[name].range for name in names
        )
        rows, columns = map(self._by_sort, self.rows), [self._by_sort(column) for column in self.columns]
        for place, (row, row_sorts) in enumerate(zip(self.rows, rows, strict=True)):
            for other, (column, column_sorts) in enumerate(zip(self.columns, columns, strict=True)):
                links = found.get((place, other), [])
                pairs = self._count_all(names, row_sorts, column_sorts, only_meant=only_meant)
                possible, read = sum(each[0] for each in pairs.values()), sum(each[1] for each in pairs.values())
                empty, why = ("", "") if links else self._why_no_links(row, column, pairs)
                direct = sum(link.strength == "direct" for link in links)
                holds = tuple(link.id for link in links)
                yield Cell(row.id, column.id, direct, len(links) - direct, holds, empty, why, possible, read)

    def _by_sort(self, group: Group) -> Sorted:
        sorts = defaultdict(set)
        for member in group.members:
            sorts[self.items[member].source, self.items[member].kind].add(member)
        return {sort: frozenset(sorts[sort]) for sort in sorted(sorts)}

    def _count_all(self, names: Sequence[str], row: Sorted, column: Sorted, *, only_meant: bool) -> Counts:
        """Relation -> how many pairs of different items it could join here, and how many of them were read.

        Where no relation that is meant for these kinds can join any, open relations count too.
        """
        counts = {name: [0, 0] for name in names}
        for name, start, end in self._meeting(tuple(names), tuple(row), tuple(column), only_meant):
            sides = [side.get(sort, NOBODY) for side in (row, column) for sort in (start, end)]
            possible = _count_pairs(*sides)
            counts[name][0] += possible
            if reading := self.read.get((name, start, end)):
                counts[name][1] += self._count_siblings(*sides) if reading.siblings else possible
        if only_meant and not any(possible for possible, _ in counts.values()):
            return self._count_all(names, row, column, only_meant=False)
        halves = {name: 2 if self._symmetric(name) else 1 for name in names}
        return {name: (possible // halves[name], read // halves[name]) for name, (possible, read) in counts.items()}

    def _meeting(
        self, names: tuple[str, ...], row: tuple[Sort, ...], column: tuple[Sort, ...], only_meant: bool
    ) -> list[tuple[str, Sort, Sort]]:
        """Which relation could join which sorts; kept, since many cells are alike."""
        asked = (row, column, only_meant)
        if asked not in self.met:
            pairs = sorted({*product(row, column), *product(column, row)})
            self.met[asked] = [
                (name, start, end)
                for name in names
                for start, end in pairs
                if self._allows(name, start, end, only_meant=only_meant)
            ]
        return self.met[asked]

    def _count_siblings(self, *sides: frozenset[str]) -> int:
        parents = {self.items[item].parent for side in sides for item in side}
        return sum(
            _count_pairs(*(frozenset(i for i in side if self.items[i].parent == parent) for side in sides))
            for parent in parents
        )

    def _why_no_links(self, row: Group, column: Group, pairs: Counts) -> tuple[str, str]:
        for group in (row, column):
            if not group.members:
                return NOT_APPLICABLE, f"No item belongs to {group.label}."
        possible = {name: counts for name, counts in pairs.items() if counts[0]}
        if not possible:
            return NOT_APPLICABLE, "The ontology allows no link between items of these kinds here."
        phrases = {name: f"'{self.terms.relations[name].phrase}'" for name in possible}
        whole = _listed(phrases[name] for name, (count, read) in possible.items() if count == read)
        part = _listed(phrases[name] for name, (count, read) in possible.items() if count != read)
        total, read = (sum(counts[place] for counts in possible.values()) for place in (0, 1))
        if not part:
            return SILENT, f"Each pair ({total} in all) was read for {whole}, and nothing was found."
        if not read:
            return UNREAD, f"No pair ({total} in all) has been read for {part} yet."
        return UNREAD, f"Of {total} pairs {read} were read; those for {part} not, or not all."


def _listed(phrases: Iterable[str]) -> str:
    """Phrases as a list in a sentence: the last one after an "and"."""
    *most, last = [*phrases] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _places(groups: list[Group]) -> Mapping[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        for member in group.members:
            places[member].append(place)
    return places


def _count_pairs(
    row_starts: frozenset[str], row_ends: frozenset[str], column_starts: frozenset[str], column_ends: frozenset[str]
) -> int:
    """How many (start, end) have one of them in the row and the other in the column, each pair once and no item with itself.

    >>> _count_pairs(frozenset("a"), frozenset("a"), frozenset("ab"), frozenset("ab"))
    2
    """
    starts, ends = row_starts & column_starts, row_ends & column_ends
    count = len(row_starts) * len(column_ends) + len(column_starts) * len(row_ends) - len(starts) * len(ends)
    same = len((row_starts & column_ends) | (column_starts & row_ends))
    return count - same
