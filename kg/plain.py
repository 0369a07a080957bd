"""Results as plain text for a terminal: one function a result, found by its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import singledispatch
from typing import Any

from .gap_results import Comparison, Cover, GapMap
from .plain_gaps import comparison_lines, cover_lines, map_lines, unanswered_lines
from .quality import Gaps, Quality, Unlinked
from .results import Answer, Answers, Description, LinkSeen, Passage, SearchResults, Stats
from .wrapping import wrap as _wrap


def to_text(result: Any) -> str:
    """A result as lines for people.

    :raises TypeError: for something that is not a result.
    """
    return "\n".join(_lines(result))


@singledispatch
def _lines(result: object) -> Iterator[str]:
    raise TypeError(f"{type(result).__name__} is not a result")


@_lines.register
def _(found: SearchResults) -> Iterator[str]:
    for hit in found.results:
        yield f"{hit.id}  {hit.label}"
        yield _wrap(hit.summary, 4)
        yield _wrap("matched: " + "; ".join(map(_matched, hit.matched)), 4)
    if not found.results:
        yield "Nothing matches these words. Try others, or see what there is: kg stats"


def _matched(match: Mapping[str, Any]) -> str:
    same = f"the same as {', '.join(match['widened'])}" if match.get("widened") else ""
    return f"{match['field']} ({'; '.join(filter(None, [', '.join(match['words']), same]))})"


@_lines.register
def _(found: Description) -> Iterator[str]:
    item = found.item
    yield item.label
    yield f"{item.id}, {item.kind}"
    for above in reversed(found.above):
        yield f"  in {above.label} ({above.id})"
    yield _wrap(item.summary, 2)
    if item.lines:
        yield _wrap(f"printed in: {found.source.title}, {_lines_of(item.lines)}", 2)
    yield _wrap("also: " + "; ".join(item.also), 2)
    if item.audiences:
        yield "  speaks to: " + ", ".join(item.audiences)
    if found.about:
        yield "  about: " + ", ".join(topic.label for topic in found.about)
    for key, value in item.details.items():
        yield f"  {key}: {value}"
    for note in item.notes:
        yield _wrap("note: " + note, 2)
    if item.gap:
        yield _wrap("No direct answer: " + item.gap, 2)
    for link in found.links:
        yield from _link(link)


def _link(link: LinkSeen) -> Iterator[str]:
    told = f" [{link.strength}, {link.basis}, {link.state}]" if link.strength else ""
    yield f"  {link.phrase} {link.other.id}: {link.other.label}{told}"
    if link.because:
        yield _wrap("because: " + link.because, 6)


@_lines.register
def _(found: Answers) -> Iterator[str]:
    for barrier in found.barriers:
        yield f"{barrier.label} ({barrier.id})"
        yield _wrap(barrier.summary, 2)
        if barrier.gap:
            yield _wrap("No direct answer: " + barrier.gap, 2)
        for name, group in (("Direct", barrier.direct), ("Contributing", barrier.contributing)):
            if group:
                yield f"  {name}:"
            for answer in group:
                yield from _answer(answer)
        yield ""
    if not found.barriers:
        yield "No barrier fits these words. Try fewer or other words, or: kg search TEXT --kind barrier"


def _answer(answer: Answer) -> Iterator[str]:
    yield f"    {answer.id}  {answer.label}"
    yield _wrap("because: " + answer.because, 8)
    source = answer.source
    place = f"{source['title']}, {source['place']}, {_lines_of(source['lines'])}"
    yield _wrap(f"{answer.actor}; {place}; {answer.basis}, {answer.state}", 8)


@_lines.register
def _(found: Passage) -> Iterator[str]:
    yield found.text
    yield ""
    yield found.credit
    yield f"{_lines_of(found.lines).capitalize()}. {found.rights}"


@_lines.register
def _(found: Quality) -> Iterator[str]:
    for source, kinds in found.items.items():
        yield f"{source}: {sum(kinds.values())} items"
        yield _wrap(", ".join(f"{count} {kind}" for kind, count in kinds.items()), 2)
    for relation, counts in found.links.items():
        yield f"{relation}: " + ", ".join(f"{count} {name}" for name, count in counts.items())
    for name, shares in found.shares.items():
        yield f"links by {name}: " + ", ".join(f"{share:.0%} {value}" for value, share in shares.items())
    for one in found.agreements:
        told = f"kappa {one['kappa']:.2f} (direct, contributing, none), {one['kappa_link']:.2f} (link or none)"
        yield f"agreement on {one['name']}: {told}; {one['pairs']} pairs, {one['share']} read twice"
    for name, faults in found.faults.items():
        yield f"{name}: {len(faults)}"
        yield from (_wrap(fault, 2) for fault in faults)
    yield f"{len(found.anomalies)} oddities of print are told:"
    for odd in found.anomalies:
        yield _wrap(f"{odd.id}{f' (lines {odd.lines})' if odd.lines else ''}: {odd.note}", 2)
    yield from _unlinked(found.unlinked)


@_lines.register
def _(found: tuple) -> Iterator[str]:  # type: ignore[type-arg]
    for sequence in found:
        yield f"{sequence.name}:"
        yield from (f"  {place}. {item.label} ({item.id})" for place, item in enumerate(sequence.items, start=1))


@_lines.register
def _(found: Gaps) -> Iterator[str]:
    yield from unanswered_lines(found.unanswered)
    yield from _unlinked(found.unlinked)


_lines.register(Cover, cover_lines)
_lines.register(GapMap, map_lines)
_lines.register(Comparison, comparison_lines)


def _unlinked(found: tuple[Unlinked, ...]) -> Iterator[str]:
    for gap in found:
        what = f"that '{gap.phrase}' nothing" if gap.direction == "out" else f"of which nothing says '{gap.phrase}'"
        yield f"{len(gap.items)} of {gap.of} {gap.kind} {what}:"
        yield _wrap(", ".join(gap.items), 4)


@_lines.register
def _(found: Stats) -> Iterator[str]:
    for title, counts in (("items", found.items), ("links", found.links)):
        yield f"{sum(counts.values())} {title}"
        yield from (f"  {count:5} {name}" for name, count in counts.items())
    yield f"{found.triples} triples"
    yield f"barriers without a direct answer: {', '.join(found.unanswered) or 'none'}"


def _lines_of(lines: str) -> str:
    return f"line{'s' if '-' in lines or ',' in lines else ''} {lines}"
