"""Gap maps, smallest sets and comparisons as plain text for a terminal. :mod:`kg.plain` finds each by the type of its result."""

from __future__ import annotations

from collections.abc import Iterator

from .gap_results import NOT_APPLICABLE, SILENT, UNREAD, Aligned, Cell, Comparison, Cover, GapMap
from .quality_results import Unanswered
from .wrapping import wrap

MARKS = {SILENT: ".", UNREAD: "?", NOT_APPLICABLE: "x"}


def cover_lines(found: Cover) -> Iterator[str]:
    """A smallest set: each item with what it adds, then what stays uncovered."""
    reached = found.difficulties - len(found.uncovered)
    links = "directly" if found.direct else "directly or in part"
    told = "1 item addresses" if len(found.chosen) == 1 else f"{len(found.chosen)} items together address"
    yield wrap(f"{told} {reached} of {found.difficulties} difficulties {links}.", 0)
    asked = f" and ask {found.audience.replace('-', ' ')} to act" if found.audience else ""
    kinds = ", ".join(found.kinds)
    yield wrap(f"Items that address any of them{asked}: {found.candidates} ({kinds}).", 0)
    if found.smallest:
        yield wrap("Fewer cannot do: that is proved. Another set of the same size may.", 0)
    else:
        yield wrap(f"A smaller set is not ruled out, though none has fewer than {found.at_least}.", 0)
    for place, chosen in enumerate(found.chosen, start=1):
        yield ""
        yield f"{place}. {chosen.item.label} ({chosen.item.id}), adds {len(chosen.covers)}"
        for covered in chosen.covers:
            yield f"     {covered.item.id}  {covered.item.label} [{covered.strength}, {covered.state}]"
            yield wrap("because: " + covered.because, 9)
    if found.uncovered:
        yield ""
        yield f"{len(found.uncovered)} stay uncovered:"
    for uncovered in found.uncovered:
        yield f"     {uncovered.item.id}  {uncovered.item.label}"
        yield wrap(uncovered.reason, 9)


def map_lines(found: GapMap) -> Iterator[str]:
    """A map as a table: direct and contributing links, or items, and a mark in each empty cell; below, what the marks and columns mean."""
    cells = {(cell.row, cell.column): _mark(cell, found.holds) for cell in found.cells}
    heads = [str(place) for place in range(1, len(found.columns) + 1)]
    widths = [
        max(len(head), *(len(cells[row.id, column.id]) for row in found.rows))
        for head, column in zip(heads, found.columns, strict=True)
    ]
    first = max(len(line.id) for line in found.rows)
    yield f"{found.rows_are} by {found.columns_are}: " + (
        f"links ({', '.join(found.relations) or 'none possible'}) as direct+contributing"
        if found.holds == "links"
        else "items that belong to both"
    )
    yield " " * first + "".join(f"  {head:>{width}}" for head, width in zip(heads, widths, strict=True))
    for row in found.rows:
        marks = (f"  {cells[row.id, column.id]:>{width}}" for column, width in zip(found.columns, widths, strict=True))
        yield f"{row.id:<{first}}" + "".join(marks)
    yield ""
    for head, column in zip(heads, found.columns, strict=True):
        yield f"{head:>4}  {column.label}" + (f" ({column.id})" if column.id != column.label else "")
    yield ""
    total = len(found.cells)
    yield f"{sum(not cell.empty for cell in found.cells)} of {_counted(total, 'cell')} hold something."
    for empty, mark in MARKS.items():
        if why := [cell.why for cell in found.cells if cell.empty == empty]:
            yield wrap(f"{mark} {len(why)} {empty}. The first of them: {why[0]}", 0)


def _mark(cell: Cell, holds: str) -> str:
    if cell.empty:
        return MARKS[cell.empty]
    return f"{cell.direct}+{cell.contributing}" if holds == "links" else str(len(cell.holds))


def comparison_lines(found: Comparison) -> Iterator[str]:
    """Two sources by topic, then what they say alike, then what only one of them says."""
    first, second = found.first, found.second
    yield f"{first.label} ({first.id})"
    yield f"{second.label} ({second.id})"
    if found.topic:
        yield f"on: {found.topic.label} ({found.topic.id})"
    yield ""
    yield f"Items by topic, {first.id} and {second.id}:"
    for each in found.topics:
        indent = 2 if each.top else 4
        yield f"{' ' * indent}{len(each.first):4} {len(each.second):4}  {each.topic.label} ({each.topic.id})"
    for source, lone in (
        (first, [each.topic for each in found.topics if not each.second]),
        (second, [each.topic for each in found.topics if not each.first]),
    ):
        if lone:
            yield wrap(f"Only {source.id} speaks of: {'; '.join(topic.label for topic in lone)}.", 0)
    yield ""
    if found.read:
        yield from _aligned(found)
    else:
        yield "Nobody has read these two against each other for what says nearly the same yet."
    yield ""
    yield wrap(found.warning, 0)


def _aligned(found: Comparison) -> Iterator[str]:
    direct = [pair for pair in found.aligned if pair.strength == "direct"]
    others = [pair for pair in found.aligned if pair.strength != "direct"]
    yield f"{len(direct)} pairs say nearly the same, {len(others)} more come near."
    yield wrap(f"Read against each other: {'; '.join(found.read)}.", 0)
    for pair in found.aligned if found.topic else direct:
        yield from _pair(pair)
    if others and not found.topic:
        yield "  What comes near is told topic by topic: --topic ID (all of it: --json)."
    for source, lone in ((found.first, found.only_first), (found.second, found.only_second)):
        yield ""
        yield f"{_counted(len(lone), 'item')} of {source.id} without a partner in the other{':' if lone else '.'}"
        yield from (f"  {item.id}  {item.label}" for item in lone)


def _pair(pair: Aligned) -> Iterator[str]:
    yield f"  {pair.first.id}  {pair.first.label}"
    yield f"  {pair.second.id}  {pair.second.label} [{pair.strength}, {pair.basis}, {pair.state}]"
    yield wrap("because: " + pair.because, 6)


def unanswered_lines(found: tuple[Unanswered, ...]) -> Iterator[str]:
    """Barriers without a direct answer, each with its note."""
    if found:
        yield f"{_counted(len(found), 'barrier')} without a direct answer:"
    for barrier in found:
        yield f"    {barrier.id}  {barrier.label} ({barrier.contributing} contributing)"
        yield wrap(barrier.gap or "Nothing in the sources that were read addresses it directly.", 8)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
