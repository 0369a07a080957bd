"""Paths, neighbourhoods, rankings and communities as plain text for a terminal. :mod:`kg.plain` finds each by the type of its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .choices import MOST_LINKS
from .findings import Communities, LeftOut, NearestPaths, Neighbourhood, Path, Paths, Ranking, Step
from .telling import count
from .wrapping import wrap


def path_lines(found: Paths) -> Iterator[str]:
    """The few best paths, or why there is none."""
    for place, path in enumerate(found.paths, start=1):
        yield f"{place}. {count(path.length, 'link', 'links')}"
        yield from _path(path)
    if found.why:
        yield wrap(found.why, 0)
    if found.shortest and found.max_length < found.shortest <= MOST_LINKS:
        yield f"Try: --max-length {found.shortest}"
    if found.with_hubs:
        yield "Through items that only gather others, such as a theme or a topic (--hubs):"
        yield from _path(found.with_hubs)


def nearest_lines(found: NearestPaths) -> Iterator[str]:
    """From each start its nearest end."""
    for path in found.paths:
        start, end = path.steps[0].start, path.steps[-1].end
        yield f"{start.id} to {end.id}, {count(path.length, 'link', 'links')}"
        yield from _path(path)
    if found.without:
        most = count(found.max_length, "link", "links")
        yield wrap(f"Nothing is reached in {most} from: {', '.join(item.id for item in found.without)}", 0)


def _path(path: Path) -> Iterator[str]:
    for step in path.steps:
        yield from _step(step, 3)


def _step(step: Step, indent: int) -> Iterator[str]:
    yield wrap(f"{step.sentence}{_grades(step)}", indent)
    if step.because:
        yield wrap("because: " + step.because, indent + 4)
    if step.also:
        yield wrap("also linked by: " + ", ".join(f"“{phrase}”" for phrase in step.also), indent + 4)


def _grades(step: Step) -> str:
    return f" [{step.strength}, {step.basis}, {step.state}]" if step.strength else ""


def neighbourhood_lines(found: Neighbourhood) -> Iterator[str]:
    """Ring by ring, with what is left out."""
    yield f"{found.start.label} ({found.start.id})"
    for ring in found.rings:
        yield f"{count(ring.number, 'link', 'links')} away:"
        for near in ring.items:
            by = near.by
            walked = "" if by.start == found.start else f"{by.start.id} "
            yield f"  {walked}{by.phrase} {near.item.id}: {near.item.label}{_grades(by)}"
        if ring.left_out.items:
            yield wrap("not shown: " + _left_out(ring.left_out), 2)
        if not ring.items:
            yield "  nothing to show"


def _left_out(left: LeftOut) -> str:
    items = count(left.items, "item", "items")
    return f"{items} (of the kinds {_counts(left.kinds)}; by the relations {_counts(left.relations)})"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items())


def ranking_lines(found: Ranking) -> Iterator[str]:
    """Each figure with what it means."""
    yield f"{found.measure}: {found.what}"
    if found.estimated:
        yield wrap(found.estimated, 0)
    for figure in found.figures:
        firm = f"{figure.firm_rank} of {found.firm_of}" if figure.firm_rank else "none, no link is left"
        yield f"{figure.rank:4}. {figure.item.label} ({figure.item.id})"
        yield wrap(figure.meaning, 6)
        yield f"      rank {figure.rank} of {found.of}; without computed and editorial links {firm}"
    yield found.warning


def community_lines(found: Communities) -> Iterator[str]:
    """Each community with its central items."""
    parts = count(len(found.communities), "community", "communities")
    yield f"{parts}; modularity {found.modularity:.2f} (0: no better than chance, near 1: hardly any tie between them)"
    for one in found.communities:
        yield f"{one.id}: {one.name}"
        yield wrap(f"{one.size} items: {_counts(one.kinds)}; {one.inside:.0%} of their ties stay inside", 2)
        yield wrap("central: " + ", ".join(f"{item.label} ({item.id})" for item in one.central), 2)
    yield f"{count(found.alone, 'item has', 'items have')} no curated link and {'stands' if found.alone == 1 else 'stand'} in none."
    yield found.warning
